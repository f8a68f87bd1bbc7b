"""The clocks of the law as tables: who has which, until when, and on which days somebody is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import Case
from domain.clocks import CLOCKED_STAGES, KINDS, Clock, clock_named, clocks, party_age_from, probation_ends
from domain.law import Rule
from domain.records import Candidate, Entry, EntryKind, Move, Stage
from domain.reminders import Rung
from tests.cast import shipped_office

OFFICE = shipped_office()
NA = Candidate(7, 1, "Trần Thị Na", "tran thi na")


def case(stage: Stage, *told: tuple[Stage, str], decision: str = "", ceremony: str = "", **person: Any) -> Case:
    moves = tuple(Move(NA.id, Stage.LISTED, to, date.fromisoformat(on)) for to, on in told)
    entry = None
    if decision or ceremony:
        held, decided = (date.fromisoformat(day) if day else None for day in (ceremony, decision))
        made_at = datetime(2024, 9, 15, tzinfo=UTC)
        entry = Entry(1, EntryKind.ADMISSION, 1, 1, made_at, NA.id, ceremony_on=held, decision_on=decided)
    return Case(replace(NA, stage=stage, **person), moves, entry)


def running(one: Case, today: str) -> list[Clock]:
    return list(clocks([one], today=date.fromisoformat(today), law=OFFICE.law, calendar=OFFICE.calendar))


@pytest.mark.parametrize(
    ("one", "today", "rule", "last"),
    [
        (case(Stage.CLASS_DONE, certificate_on=date(2026, 8, 12)), "2026-11-21", Rule.CERTIFICATE_VALID, "2031-08-12"),
        (case(Stage.CLASS_DONE, certificate_on=date(2020, 1, 15)), "2024-11-21", Rule.CERTIFICATE_VALID, "2025-01-15"),
        (case(Stage.OPINIONS, (Stage.DOSSIER_OPEN, "2026-02-28")), "2026-11-21", Rule.DOSSIER_FRESH, "2027-02-28"),
        (case(Stage.DOSSIER_OPEN, stage_on=date(2028, 2, 29)), "2028-11-21", Rule.DOSSIER_FRESH, "2029-02-28"),
        (
            case(Stage.COMMITTEE_REVIEW, (Stage.BRANCH_RESOLVED, "2026-09-04")),
            "2026-11-21",
            Rule.DECISION_WITHIN,
            "2026-11-30",
        ),
        (case(Stage.DECIDED, decision="2026-11-16"), "2026-11-21", Rule.CEREMONY_WITHIN, "2026-12-29"),
        (
            case(Stage.ADMITTED, decision="2024-08-25", ceremony="2024-09-15"),
            "2025-06-20",
            Rule.PROBATION,
            "2025-09-15",
        ),
        (
            case(Stage.PROBATION, ceremony="2025-09-15"),
            "2026-09-20",
            Rule.RECOGNITION_CONSIDERED_WITHIN,
            "2026-10-27",
        ),
        (
            case(Stage.OFFICIAL_PROPOSED, (Stage.OFFICIAL_PROPOSED, "2026-10-05"), ceremony="2025-09-15"),
            "2026-10-20",
            Rule.RECOGNITION_DECIDED_WITHIN,
            "2026-11-16",
        ),
        (case(Stage.LISTED, birth_year=1967, birth_month=3), "2026-11-21", Rule.AGE_AT_MOST, "2027-03-01"),
    ],
    ids=["c1", "c1-a12", "c2", "c2-29-2", "c3", "c4-a10", "c5-a11", "c6", "c7", "c8"],
)
def test_each_clock_has_its_last_day_by_the_law_of_its_start(one: Case, today: str, rule: Rule, last: str) -> None:
    found = [clock for clock in running(one, today) if clock.kind.rule is rule]
    assert [clock.last for clock in found] == [date.fromisoformat(last)]
    assert found[0].rule.citation


@pytest.mark.parametrize(
    ("one", "today", "rules"),
    [
        (case(Stage.BRANCH_RESOLVED, (Stage.BRANCH_RESOLVED, "2026-09-01")), "2026-11-21", [Rule.DECISION_WITHIN]),
        (case(Stage.ADMITTED, decision="2026-11-16", ceremony="2026-11-20"), "2026-11-21", [Rule.PROBATION]),
        (case(Stage.PROBATION, ceremony="2025-09-15"), "2026-09-15", [Rule.PROBATION]),
        (case(Stage.PROBATION, ceremony="2025-09-15"), "2026-09-16", [Rule.RECOGNITION_CONSIDERED_WITHIN]),
        (case(Stage.OFFICIAL, ceremony="2025-09-15"), "2026-11-21", []),
        (case(Stage.PAUSED, certificate_on=date(2022, 1, 15)), "2026-11-21", []),
        (case(Stage.DROPPED, certificate_on=date(2022, 1, 15)), "2026-11-21", []),
    ],
)
def test_a_clock_ends_when_its_fact_is_logged(one: Case, today: str, rules: list[Rule]) -> None:
    assert [clock.kind.rule for clock in running(one, today)] == rules


def test_a11_party_age_runs_from_the_decision_and_probation_from_the_ceremony() -> None:
    one = case(Stage.ADMITTED, decision="2024-08-25", ceremony="2024-09-15")
    assert party_age_from(one) == date(2024, 8, 25)
    ends = probation_ends(one, today=date(2025, 1, 1), law=OFFICE.law, calendar=OFFICE.calendar)
    assert ends == date(2025, 9, 15)


def test_two_cases_run_under_the_regulation_of_their_own_day() -> None:
    old, new = case(Stage.DECIDED, decision="2026-07-24"), case(Stage.DECIDED, decision="2026-07-27")
    [first], [second] = running(old, "2026-08-01"), running(new, "2026-08-01")
    assert (first.rule.citation, second.rule.citation) == (
        "Quy định 20-QĐ/TW ngày 8/4/2026",
        "Quy định 208-QĐ/TW ngày 26/7/2026",
    )
    assert first.last < second.last


def test_probation_is_told_90_60_30_15_and_7_days_before_and_never_after() -> None:
    one = case(Stage.PROBATION, ceremony="2025-09-15")
    [clock] = running(one, "2026-06-01")
    assert [(clock.last - day).days for day in clock.days_on] == [90, 60, 30, 15, 7, -1]
    assert clock.step(date(2026, 6, 16)) is None
    assert clock.step(date(2026, 6, 17)) == 0
    assert clock.step(date(2026, 9, 15)) == 4


def test_the_ladder_goes_from_the_holder_to_the_deputy_and_above() -> None:
    [ceremony] = running(case(Stage.DECIDED, decision="2026-11-16"), "2026-11-21")
    assert [ceremony.rungs(step) for step in range(4)] == [
        (Rung.HOLDER,),
        (Rung.HOLDER,),
        (Rung.HOLDER, Rung.DEPUTY),
        (Rung.HOLDER, Rung.DEPUTY, Rung.ABOVE),
    ]
    [decision] = running(case(Stage.BRANCH_RESOLVED, stage_on=date(2026, 9, 4)), "2026-11-21")
    assert decision.rungs(0) == (Rung.ABOVE,), "the committee decides"


def test_a_clock_is_the_same_one_only_from_the_same_start() -> None:
    [first] = running(case(Stage.DECIDED, decision="2026-11-16"), "2026-11-21")
    [corrected] = running(case(Stage.DECIDED, decision="2026-11-17"), "2026-11-21")
    assert first.period != corrected.period
    assert clock_named(first.period) == ("ceremony_within", NA.id)


@given(
    stage=st.sampled_from(CLOCKED_STAGES),
    start=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    later=st.integers(0, 900),
)
def test_steps_only_go_on_and_the_last_day_never_lies_before_the_start(stage: Stage, start: date, later: int) -> None:
    day = start.isoformat()
    entry = {"decision": day} if stage is Stage.DECIDED else {"ceremony": day}
    one = case(stage, (stage, day), certificate_on=start, **entry)
    before: dict[str, int | None] = {}
    for days in range(0, later, 13):
        today = start + timedelta(days=days)
        for clock in clocks([one], today=today, law=OFFICE.law, calendar=OFFICE.calendar):
            assert clock.start < clock.last
            step = clock.step(today)
            assert (step or 0) >= (before.get(clock.period) or 0)
            assert clock.is_overdue(today) == (step == len(clock.days_on) - 1)
            before[clock.period] = step
    assert len(KINDS) == len({kind.rule for kind in KINDS})
