"""The agenda of a session: who is ready for it, who lacks which paper, whose papers went back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.cases import Case
from domain.records import Because, Candidate, DropReason, Entry, EntryKind, Move, ReturnReason, Stage
from domain.sessions import Agenda, agenda, next_closing
from domain.stages import MILESTONES
from tests.cast import shipped_office

OFFICE = shipped_office()
NA = Candidate(7, 1, "Trần Thị Na", "tran thi na")
TODAY = date(2026, 11, 21)


def case(*told: Stage, resolved: str = "2026-11-10", reason: ReturnReason | None = None) -> Case:
    """Somebody of whom these stages were told, from the list on."""
    moves: list[Move] = []
    before = Stage.LISTED
    for stage in told:
        on = date.fromisoformat(resolved) if stage is Stage.BRANCH_RESOLVED else date(2026, 11, 1)
        moves.append(Move(NA.id, before, stage, on, reason=reason if stage is Stage.RETURNED else None))
        before = stage
    return Case(replace(NA, stage=told[-1]), tuple(moves))


def before_session(*cases: Case) -> Agenda:
    return agenda(cases, closes_on=date(2026, 11, 25), today=TODAY, law=OFFICE.law, calendar=OFFICE.calendar)


@pytest.mark.parametrize(
    ("today", "closes"),
    [
        ("2026-11-21", "2026-11-25"),
        ("2026-11-25", "2026-11-25"),
        ("2026-11-26", "2026-12-25"),
        ("2026-12-31", "2027-01-25"),
    ],
)
def test_the_session_to_come_takes_papers_up_to_its_closing_day(today: str, closes: str) -> None:
    assert next_closing(25, date.fromisoformat(today)) == date.fromisoformat(closes)


def test_a_month_without_the_closing_day_closes_at_its_end() -> None:
    assert next_closing(31, date(2027, 2, 3)) == date(2027, 2, 28)


def test_a_resolution_with_all_papers_is_ready_with_the_clock_of_the_committee() -> None:
    for stages in (MILESTONES, (*MILESTONES, Stage.COMMITTEE_REVIEW)):
        [one] = before_session(case(*stages)).ready
        assert one.resolved_on == date(2026, 11, 10)
        assert one.clock is not None and one.clock.last == date(2027, 2, 11)


def test_what_was_left_out_with_a_reason_is_no_lack() -> None:
    move = Move(NA.id, Stage.LISTED, Stage.BRANCH_RESOLVED, TODAY, MILESTONES[:-1], (Because.UNREPORTED,))
    found = before_session(Case(replace(NA, stage=Stage.BRANCH_RESOLVED), (move,)))
    assert len(found.ready) == 1 and not found.lacking


def test_a_resolution_without_its_papers_lacks_them_by_name() -> None:
    told = [stage for stage in MILESTONES if stage is not Stage.OPINIONS]
    found = before_session(case(*told))
    assert not found.ready
    assert found.lacking[0].papers == (Stage.OPINIONS,)


def test_an_open_dossier_lacks_all_that_is_still_to_come() -> None:
    [one] = before_session(case(Stage.CLASS_DONE, Stage.APPLICATION, Stage.DOSSIER_OPEN)).lacking
    assert one.papers == (Stage.CV_DECLARED, Stage.CV_VERIFIED, Stage.OPINIONS, Stage.BRANCH_RESOLVED)


def test_who_was_set_back_by_mistake_lacks_the_later_papers_again() -> None:
    [one] = before_session(case(*MILESTONES, Stage.CV_DECLARED)).lacking
    assert one.papers == (Stage.CV_VERIFIED, Stage.OPINIONS, Stage.BRANCH_RESOLVED)


def test_a_resolution_after_the_closing_day_waits_for_the_next_session() -> None:
    found = before_session(case(*MILESTONES, resolved="2026-11-26"))
    assert not found.ready and len(found.later) == 1


def test_returned_papers_stand_apart_with_their_reason_and_come_again() -> None:
    returned = (*MILESTONES, Stage.RETURNED)
    [one] = before_session(case(*returned, reason=ReturnReason.OPINIONS)).returned
    assert (one.on, one.reason) == (date(2026, 11, 1), ReturnReason.OPINIONS)
    [mending] = before_session(case(*returned, Stage.OPINIONS)).lacking
    assert mending.papers == ()
    assert len(before_session(case(*returned, Stage.COMMITTEE_REVIEW)).ready) == 1


def test_nobody_else_stands_on_it() -> None:
    decided = Entry(1, EntryKind.ADMISSION, 1, 1, datetime(2026, 11, 20, tzinfo=UTC), NA.id, decision_on=TODAY)
    others = [
        case(Stage.CLASS_DONE),
        case(*MILESTONES, Stage.PAUSED),
        case(*MILESTONES, Stage.DROPPED),
        replace(case(*MILESTONES), entry=decided),
    ]
    assert before_session(*others) == Agenda(date(2026, 11, 25))


def test_a_code_says_which_kind_of_reason_it_is() -> None:
    assert not set(DropReason) & set(ReturnReason)
