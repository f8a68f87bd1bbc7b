"""Dates by the law as tables and as properties, and what age says on the day of the vote."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, is_working_day, working_days_between
from domain.law import Age, Birth, Regulation, RunningCases, judge_age, last_day, rule_for
from tests.cast import shipped_office

CALENDAR = shipped_office().calendar
DAYS = st.dates(date(2021, 1, 1), date(2040, 1, 1))


def rule(**amount: int) -> Regulation:
    return Regulation("thu", "Thử", "Thử", date(2020, 1, 1), **amount)  # pyright: ignore[reportArgumentType] - one amount


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2020-01-15", 60, "2025-01-15"),
        ("2024-09-15", 12, "2025-09-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", 12, "2027-03-31"),
        ("2025-12-31", 12, "2026-12-31"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_short_month(start: str, months: int, last: str) -> None:
    assert last_day(rule(months=months), date.fromisoformat(start), CALENDAR) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-11-16", 30, "2026-12-29"),
        ("2026-11-02", 30, "2026-12-15"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2027-02-03", 1, "2027-02-11"),
        ("2027-01-25", 10, "2027-02-15"),
        ("2026-02-13", 1, "2026-02-23"),
        ("2029-11-23", 1, "2029-11-27"),
    ],
    ids=["a10", "over-24-11", "eve-of-24-11", "on-24-11", "swapped", "2-9", "tet-2027", "over-tet", "tet-2026", "lieu"],
)
def test_working_days_skip_holidays_and_count_swapped_saturdays(start: str, days: int, last: str) -> None:
    assert last_day(rule(working_days=days), date.fromisoformat(start), CALENDAR) == date.fromisoformat(last)


def test_plain_days_count_every_day_and_a_condition_has_no_last_day() -> None:
    assert last_day(rule(days=30), date(2026, 2, 1), CALENDAR) == date(2026, 3, 3)
    assert last_day(rule(members=3), date(2026, 2, 1), CALENDAR) is None


@given(start=DAYS, days=st.integers(1, 90))
def test_the_last_working_day_is_worked_and_so_many_after_the_first(start: date, days: int) -> None:
    last = last_day(rule(working_days=days), start, CALENDAR)
    assert last is not None
    assert is_working_day(CALENDAR, last)
    assert working_days_between(CALENDAR, start, last) == days


@given(start=DAYS, months=st.integers(1, 720))
def test_months_are_never_more_than_the_days_of_the_calendar(start: date, months: int) -> None:
    last = last_day(rule(months=months), start, Calendar())
    assert last is not None
    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == months
    assert last.day == start.day or (last + timedelta(days=1)).day == 1


@given(start=DAYS, later=st.integers(0, 400), days=st.integers(1, 90))
def test_whoever_begins_later_never_ends_earlier(start: date, later: int, days: int) -> None:
    for one in (rule(working_days=days), rule(months=days), rule(days=days)):
        first, second = last_day(one, start, CALENDAR), last_day(one, start + timedelta(days=later), CALENDAR)
        assert first is not None
        assert second is not None
        assert first <= second


OLD = Regulation("thu", "Cũ", "Văn bản cũ", date(2025, 1, 1), date(2026, 12, 31), working_days=30)
NEW = Regulation("thu", "Mới", "Văn bản mới", date(2027, 1, 1), working_days=20)
MOVING = Regulation("thu", "Mới", "Văn bản mới", date(2027, 1, 1), working_days=20, running_cases=RunningCases.MOVE)


@pytest.mark.parametrize(
    ("new", "began", "today", "cites"),
    [
        (NEW, "2026-12-31", "2027-03-01", "Văn bản cũ"),
        (NEW, "2027-01-01", "2027-03-01", "Văn bản mới"),
        (MOVING, "2026-12-31", "2027-03-01", "Văn bản mới"),
        (MOVING, "2026-12-31", "2026-12-31", "Văn bản cũ"),
        (NEW, "2020-01-15", "2025-02-03", "Văn bản cũ"),
    ],
    ids=["stays", "new", "moves", "not-yet", "older-than-all"],
)
def test_a_running_case_stays_under_its_row_until_one_takes_it_along(
    new: Regulation, began: str, today: str, cites: str
) -> None:
    found = rule_for([OLD, new], "thu", began=date.fromisoformat(began), today=date.fromisoformat(today))
    assert found is not None
    assert found.citation == cites


def test_a_rule_that_is_not_there_judges_nothing() -> None:
    assert rule_for([OLD], "khac", began=date(2026, 1, 1), today=date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("birth", "on", "says"),
    [
        (Birth(2008, 11, 20), "2026-11-15", Age.UNSURE),
        (Birth(2008, 11, 20), "2026-11-20", Age.RIGHT),
        (Birth(2008, 11, 20), "2026-10-31", Age.TOO_YOUNG),
        (Birth(2008, 11), "2026-11-30", Age.RIGHT),
        (Birth(2008, 11), "2026-11-29", Age.UNSURE),
        (Birth(2008), "2026-12-30", Age.UNSURE),
        (Birth(2008), "2025-12-31", Age.TOO_YOUNG),
        (Birth(1966, 11, 20), "2026-11-20", Age.RIGHT),
        (Birth(1966, 11, 20), "2026-11-25", Age.UNSURE),
        (Birth(1966, 11, 20), "2026-12-01", Age.TOO_OLD),
        (Birth(1966), "2026-06-01", Age.UNSURE),
        (Birth(1965), "2026-01-01", Age.TOO_OLD),
        (Birth(2008, 2, 29), "2026-02-28", Age.RIGHT),
    ],
)
def test_a14_age_by_the_month_alone_decides_nothing(birth: Birth, on: str, says: Age) -> None:
    assert judge_age(birth, on=date.fromisoformat(on), at_least_months=216, at_most_months=720) is says
