from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    ZONE,
    Calendar,
    add_months,
    add_working_days,
    closing_day_of,
    in_week,
    is_quiet,
    is_working_day,
    iso_week,
    last_day_of_month,
    letter_time,
    working_days_between,
)

TET_2026 = frozenset(date(2026, 2, 16) + timedelta(days=n) for n in range(5))
CALENDAR = Calendar(
    holidays=TET_2026 | {date(2026, 11, 24), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)},
    working_saturdays=frozenset({date(2026, 8, 22)}),
)
MINUTES_OF_2026 = 365 * 24 * 60


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a10_the_ceremony_is_due_thirty_working_days_after_the_decision() -> None:
    assert add_working_days(CALENDAR, date(2026, 11, 16), 30) == date(2026, 12, 29)
    assert add_working_days(CALENDAR, date(2026, 11, 2), 30) == date(2026, 12, 15)
    assert add_working_days(Calendar(), date(2026, 11, 16), 30) == date(2026, 12, 28)


def test_a_worked_saturday_counts_as_a_working_day() -> None:
    assert is_working_day(CALENDAR, date(2026, 8, 22))
    assert not is_working_day(CALENDAR, date(2026, 8, 29))
    assert add_working_days(CALENDAR, date(2026, 8, 21), 1) == date(2026, 8, 22)


def test_no_working_days_on_is_the_day_itself_and_backwards_is_refused() -> None:
    assert add_working_days(CALENDAR, date(2026, 11, 21), 0) == date(2026, 11, 21)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(CALENDAR, date(2026, 11, 21), -1)


@given(day=st.dates(date(2026, 1, 1), date(2026, 12, 31)), n=st.integers(1, 90))
def test_adding_and_counting_working_days_are_inverse(day: date, n: int) -> None:
    until = add_working_days(CALENDAR, day, n)
    assert is_working_day(CALENDAR, until)
    assert working_days_between(CALENDAR, day, until) == n


@pytest.mark.parametrize(
    ("due", "goes"),
    [
        ("2026-11-23T07:00", "2026-11-23T07:00"),
        ("2026-11-23T06:59", "2026-11-23T07:30"),
        ("2026-11-23T19:59", "2026-11-23T19:59"),
        ("2026-11-23T20:00", "2026-11-25T07:30"),
        ("2026-11-24T09:00", "2026-11-25T07:30"),
        ("2026-11-20T20:30", "2026-11-23T07:30"),
        ("2026-11-21T12:00", "2026-11-23T07:30"),
        ("2026-08-22T09:00", "2026-08-22T09:00"),
        ("2026-08-21T22:00", "2026-08-22T07:30"),
        ("2026-02-13T20:00", "2026-02-23T07:30"),
        ("2026-02-16T07:30", "2026-02-23T07:30"),
        ("2026-12-31T23:59", "2027-01-01T07:30"),
    ],
)
def test_a_letter_due_when_none_may_go_waits_for_the_next_working_morning(due: str, goes: str) -> None:
    assert letter_time(CALENDAR, moment(due)) == moment(goes)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Honolulu", "Pacific/Kiritimati", "Europe/Berlin"])
def test_the_zone_of_the_machine_does_not_matter(zone: str) -> None:
    due = moment("2026-11-21T12:00").astimezone(ZoneInfo(zone))
    assert letter_time(CALENDAR, due).isoformat() == "2026-11-23T07:30:00+07:00"


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 7, 1), date(2045, 12, 31)])
def test_the_office_is_seven_hours_ahead_and_never_on_a_local_mean_time(day: date) -> None:
    """An older zone library gives 7:06:30 where a zone is attached to a time; `zoneinfo` knows the day."""
    assert isinstance(ZONE, ZoneInfo)
    assert datetime.combine(day, time(7, 30), tzinfo=ZONE).utcoffset() == timedelta(hours=7)
    assert datetime.combine(day, time(7, 30)).replace(tzinfo=ZONE).isoformat().endswith("T07:30:00+07:00")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        letter_time(CALENDAR, datetime(2026, 11, 21, 12))  # noqa: DTZ001 - what is refused


def test_no_letter_of_a_whole_year_lands_in_quiet_hours_or_on_a_day_off() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for minute in range(0, MINUTES_OF_2026, 7):
        due = start + timedelta(minutes=minute)
        goes = letter_time(CALENDAR, due)
        assert goes >= due
        assert is_working_day(CALENDAR, goes.date())
        assert time(7) <= goes.time() < time(20)
        assert letter_time(CALENDAR, goes) == goes


@given(minute=st.integers(0, MINUTES_OF_2026), quiet_from=st.times(), quiet_until=st.times())
def test_whatever_the_quiet_hours_a_letter_keeps_out_of_them(minute: int, quiet_from: time, quiet_until: time) -> None:
    """The morning lies outside the quiet hours: that is checked where the settings are read."""
    calendar = Calendar(CALENDAR.holidays, CALENDAR.working_saturdays, quiet_from, quiet_until, morning=quiet_until)
    due = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=minute)
    goes = letter_time(calendar, due)
    assert goes >= due
    assert is_working_day(calendar, goes.date())
    assert not is_quiet(calendar, goes.time())


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2024-09-15", 12, "2025-09-15"),
        ("2020-01-15", 60, "2025-01-15"),
    ],
)
def test_months_end_where_the_shorter_month_ends(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)), months=st.integers(-600, 600))
def test_months_there_and_back_lose_only_days_that_the_other_month_lacks(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day
    back = add_months(then, -months)
    assert back == day if then.day == day.day else back < day
    assert add_months(day, months + 1) > then


def test_a_month_without_the_closing_day_closes_at_its_end() -> None:
    assert closing_day_of(date(2026, 2, 1), 31) == date(2026, 2, 28)
    assert closing_day_of(date(2028, 2, 1), 30) == date(2028, 2, 29)
    assert last_day_of_month(date(2026, 12, 5)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-11-16", "2026-W47"),
        ("2026-11-22", "2026-W47"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-01", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2024-12-30", "2025-W01"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day: str, week: str) -> None:
    assert iso_week(date.fromisoformat(day)) == week


@pytest.mark.parametrize(
    ("day", "monday", "wednesday"),
    [
        ("2026-11-22", "2026-11-16T07:30", "2026-11-18T17:00"),
        ("2026-11-23", "2026-11-23T07:30", "2026-11-25T17:00"),
        ("2027-01-01", "2026-12-28T07:30", "2026-12-30T17:00"),
        ("2026-03-01", "2026-02-23T07:30", "2026-02-25T17:00"),
    ],
)
def test_the_week_of_a_day_runs_from_monday_to_sunday(day: str, monday: str, wednesday: str) -> None:
    of = date.fromisoformat(day)
    assert in_week(of, 0, time(7, 30)) == moment(monday)
    assert in_week(of, 2, time(17)) == moment(wednesday)


@pytest.mark.parametrize(
    ("first_monday", "goes"),
    [
        ("2026-06-01", "2026-06-01T07:30"),
        ("2026-08-31", "2026-09-03T07:30"),
        ("2026-09-07", "2026-09-07T07:30"),
        ("2026-02-16", "2026-02-23T07:30"),
        ("2026-11-02", "2026-11-02T07:30"),
    ],
)
def test_a_monday_digest_moves_past_the_days_off(first_monday: str, goes: str) -> None:
    due = in_week(date.fromisoformat(first_monday), 0, time(7, 30))
    assert letter_time(CALENDAR, due) == moment(goes)
