"""The runway against a plain walk through the calendar, the acceptance case, and the printed office."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, is_working_day
from domain.quotas import Quota, Standing, Target
from domain.records import OPEN_STAGES, Candidate, Fact, Stage
from domain.runway import STEPS, OutOfTime, Runway, last_start, runway, steps_ahead, trained_needed
from tests.cast import shipped_office
from tests.domain.runway_office import document

OFFICE = shipped_office()
END = date(2026, 12, 31)
DAYS = st.dates(date(2026, 1, 1), END)
DOCUMENT = Path(__file__).parents[2] / "docs" / "runway.md"


def look(
    *people: Candidate,
    today: date,
    target: int = 3,
    done: int = 0,
    pending: int = 0,
    counts_by: Fact = Fact.CEREMONY,
) -> Runway:
    standing = Standing(1, 2026, done, pending, Quota(1, "2026", Target(target)))
    found = runway(
        standing,
        people,
        today=today,
        calendar=OFFICE.calendar,
        pathway=OFFICE.pathway,
        law=OFFICE.law,
        counts_by=counts_by,
    )
    assert found is not None
    return found


def walk(start: date, waits: list[int], calendar: Calendar) -> date:
    """Day after day through the calendar, one step after the other."""
    day = start
    for wait in waits:
        worked = 0
        while worked < wait:
            day += timedelta(days=1)
            worked += is_working_day(calendar, day)
    return day


@given(stage=st.sampled_from(OPEN_STAGES), today=DAYS, is_trained=st.booleans())
def test_the_runway_says_what_a_walk_through_the_calendar_says(stage: Stage, today: date, is_trained: bool) -> None:
    certificate = today - timedelta(days=100) if is_trained else None
    person = Candidate(7, 1, "", "", stage, certificate_on=certificate)
    ahead = look(person, today=today)
    if stage is Stage.DECIDED:
        assert not ahead.in_time + ahead.late, "counted among those who wait for their ceremony"
        return
    waits = [OFFICE.pathway.shortest[step] for step in steps_ahead(person)]
    arrives = walk(today, waits, OFFICE.calendar)
    [way] = (*ahead.in_time, *ahead.late)
    assert way.ready_on == arrives
    assert (way.why_not is None) == (arrives <= END and stage is not Stage.PAUSED)


@given(today=DAYS, days=st.integers(0, 120))
def test_the_last_day_to_begin_is_the_last_one_that_a_walk_finds(today: date, days: int) -> None:
    in_time = [
        day
        for number in range(today.toordinal(), END.toordinal() + 1)
        if walk(day := date.fromordinal(number), [days], OFFICE.calendar) <= END
    ]
    found = last_start(OFFICE.calendar, END, days, today=today)
    if not in_time:
        assert found is None
        return
    assert found is not None
    assert found in in_time
    later = [day for day in in_time if day > found]
    assert not any(is_working_day(OFFICE.calendar, day) for day in later), "only days off follow"


@given(today=DAYS, later=st.integers(1, 60))
def test_who_is_late_today_is_late_tomorrow(today: date, later: int) -> None:
    people = [Candidate(number, 1, "", "", stage) for number, stage in enumerate(OPEN_STAGES)]
    after = min(today + timedelta(days=later), END)
    assert len(look(*people, today=after).in_time) <= len(look(*people, today=today).in_time)


def test_a9_a_remaining_ten_at_seventy_percent_takes_fifteen_trained() -> None:
    assert trained_needed(10, Fraction(7, 10)) == 15
    trained = [Candidate(number, 1, "", "", Stage.CLASS_DONE, certificate_on=date(2026, 1, 5)) for number in range(12)]
    ahead = look(*trained, today=date(2026, 3, 2), target=10)
    assert (ahead.trained, ahead.trained_needed, ahead.trained_short) == (12, 15, 3)


def test_admitted_decided_and_in_time_are_what_may_still_come() -> None:
    ready = Candidate(7, 1, "", "", Stage.COMMITTEE_REVIEW)
    ahead = look(ready, today=date(2026, 11, 23), target=5, done=1, pending=1)
    assert (ahead.left, ahead.decided, len(ahead.in_time), ahead.to_find) == (4, 1, 1, 2)
    assert ahead.is_out_of_reach
    assert look(ready, today=date(2026, 3, 2), target=5).begin_by is not None


def test_a_ceremony_that_cannot_be_held_this_year_counts_for_nothing() -> None:
    assert look(today=date(2026, 12, 24), pending=1).decided == 1
    assert look(today=date(2026, 12, 25), pending=1).decided == 0


def test_a_certificate_that_runs_out_before_the_vote_means_the_class_anew() -> None:
    person = Candidate(7, 1, "", "", Stage.DOSSIER_OPEN, certificate_on=date(2021, 9, 20))
    [way] = look(person, today=date(2026, 9, 1)).in_time
    assert way.steps[0] is Stage.CLASS_DONE
    [late] = look(person, today=date(2026, 10, 12)).late
    assert late.why_not is OutOfTime.CERTIFICATE


def test_counted_by_decision_the_ceremony_takes_no_time() -> None:
    person = Candidate(7, 1, "", "", Stage.COMMITTEE_REVIEW)
    today = date(2026, 12, 9)
    assert look(person, today=today).late
    assert look(person, today=today, counts_by=Fact.DECISION).in_time


@pytest.mark.parametrize(
    ("stage", "first"), [(Stage.RETURNED, Stage.CV_VERIFIED), (Stage.BRANCH_REJECTED, Stage.BRANCH_RESOLVED)]
)
def test_what_came_back_goes_on_from_where_it_must_be_redone(stage: Stage, first: Stage) -> None:
    assert steps_ahead(Candidate(7, 1, "", "", stage), STEPS)[0] is first


@pytest.mark.parametrize(
    "standing", [Standing(1, 2026, 0, 0), Standing(1, 2025, 0, 0, Quota(1, "2025", Target(3)))], ids=["none", "2025"]
)
def test_no_quota_or_another_year_has_no_runway(standing: Standing) -> None:
    found = runway(
        standing, [], today=date(2026, 5, 4), calendar=OFFICE.calendar, pathway=OFFICE.pathway, law=OFFICE.law
    )
    assert found is None


def test_the_printed_office_is_the_computed_one() -> None:
    printed = DOCUMENT.read_text(encoding="utf-8")
    assert printed.endswith(document()), "docs/runway.md: print it anew with python -m tests.domain.runway_office"
