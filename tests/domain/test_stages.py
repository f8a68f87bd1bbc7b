"""What speaks against a step, and the reasons that let it through."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import Case
from domain.records import OPEN_STAGES, Because, Candidate, Move, Stage, progress
from domain.stages import (
    MILESTONES,
    NEEDS,
    NEXT,
    AgeUnclear,
    AlreadyThere,
    Backwards,
    CertificateExpired,
    DossierStale,
    Doubt,
    InFuture,
    IsMember,
    NeedsVotes,
    NotFromHere,
    OutOfOrder,
    Refused,
    Skips,
    Step,
    TooEarly,
    TooManyVotes,
    TooYoung,
    carried_stage,
    judge_move,
    lacking,
)
from tests.cast import shipped_office

OFFICE = shipped_office()
TODAY = date(2026, 11, 21)
NA = Candidate(7, 1, "Trần Thị Na", "tran thi na", Stage.OPINIONS, date(2026, 9, 1), date(2026, 8, 12), 1997, 3)


def judge(person: Candidate, step: Step, *moves: Move, today: date = TODAY) -> Refused | Doubt | None:
    return judge_move(Case(person, moves), step, today=today, law=OFFICE.law, calendar=OFFICE.calendar)


def moved(before: Stage, stage: Stage, on: date, *skipped: Stage) -> Move:
    return Move(NA.id, before, stage, on, skipped=skipped)


def vote(votes_for: int = 14, votes_all: int = 20, on: date = TODAY, *because: Because) -> Step:
    return Step(Stage.BRANCH_RESOLVED, on, votes_for=votes_for, votes_all=votes_all, because=because)


def test_a12_a_vote_on_an_expired_certificate_is_refused() -> None:
    person = replace(NA, certificate_on=date(2020, 1, 15), stage_on=None)
    refused = judge(person, vote(on=date(2025, 2, 3)), today=date(2025, 2, 3))
    assert isinstance(refused, CertificateExpired)
    assert refused.last == date(2025, 1, 15)
    assert judge(person, vote(on=date(2025, 1, 15)), today=date(2025, 2, 3)) is None


@pytest.mark.parametrize(("votes_for", "leads_to"), [(13, Stage.BRANCH_REJECTED), (14, Stage.BRANCH_RESOLVED)])
def test_a13_two_thirds_of_all_official_members_carry(votes_for: int, leads_to: Stage) -> None:
    """20 official, 2 probationary, 3 of the official absent: those present do not matter."""
    assert carried_stage(vote(votes_for), OFFICE.law) is leads_to


def test_a14_of_age_by_the_month_alone_is_left_to_the_level_above() -> None:
    person = replace(NA, birth_year=2008, birth_month=11)
    on = date(2026, 11, 15)
    doubt = judge(person, vote(on=on))
    assert isinstance(doubt, AgeUnclear)
    assert doubt.rule.code == "age_at_least"
    assert judge(person, vote(14, 20, on, Because.APPROVED)) is None


@pytest.mark.parametrize(
    ("person", "step", "refused"),
    [
        (NA, Step(Stage.OPINIONS, TODAY), AlreadyThere),
        (NA, Step(Stage.BRANCH_RESOLVED, date(2026, 11, 22), votes_for=9, votes_all=9), InFuture),
        (NA, vote(15, 14), TooManyVotes),
        (NA, vote(on=date(2026, 8, 1)), OutOfOrder),
        (NA, Step(Stage.NEW_MEMBER_CLASS, TODAY), NotFromHere),
        (replace(NA, stage=Stage.OFFICIAL), Step(Stage.OPINIONS, TODAY), IsMember),
        (replace(NA, stage=Stage.ADMITTED), Step(Stage.CV_VERIFIED, TODAY), IsMember),
        (replace(NA, stage=Stage.ADMITTED), Step(Stage.OFFICIAL_PROPOSED, TODAY), TooEarly),
        (replace(NA, birth_year=2009), vote(), TooYoung),
    ],
)
def test_nothing_is_written_of_what_cannot_be(person: Candidate, step: Step, refused: type) -> None:
    assert isinstance(judge(person, step), refused)


@pytest.mark.parametrize(
    ("person", "step", "doubt", "because"),
    [
        (NA, Step(Stage.BRANCH_RESOLVED, TODAY), NeedsVotes, Because.VOTES_UNKNOWN),
        (NA, Step(Stage.APPLICATION, TODAY), Backwards, Because.MISTAKEN),
        (replace(NA, birth_year=1960), vote(), AgeUnclear, Because.APPROVED),
        (replace(NA, stage=Stage.LISTED), vote(), Skips, Because.UNREPORTED),
        (replace(NA, stage=Stage.CLASS_DONE), Step(Stage.COMMITTEE_REVIEW, TODAY), Skips, Because.NOT_NEEDED),
    ],
)
def test_what_speaks_against_a_step_is_lifted_by_its_reason(
    person: Candidate, step: Step, doubt: type, because: Because
) -> None:
    assert isinstance(judge(person, step), doubt)
    assert judge(person, replace(step, because=(because,))) is None


def test_a_dossier_of_over_a_year_is_renewed_before_the_vote() -> None:
    opened = moved(Stage.CLASS_DONE, Stage.DOSSIER_OPEN, date(2025, 11, 20))
    later = moved(Stage.DOSSIER_OPEN, Stage.OPINIONS, date(2026, 9, 1), *MILESTONES[:5])
    assert isinstance(judge(NA, vote(), opened, later), DossierStale)
    assert judge(NA, vote(14, 20, TODAY, Because.RENEWED), opened, later) is None
    undated = replace(NA, stage_on=None, certificate_on=date(2025, 5, 1))
    assert judge(undated, vote(on=date(2025, 11, 20)), opened, replace(later, on=date(2025, 11, 20))) is None


def test_dates_in_the_wrong_order_over_several_messages_are_seen() -> None:
    told = moved(Stage.CLASS_DONE, Stage.APPLICATION, date(2026, 10, 5))
    person = replace(NA, stage=Stage.APPLICATION, stage_on=date(2026, 10, 5))
    refused = judge(person, Step(Stage.DOSSIER_OPEN, date(2026, 10, 1)), told)
    assert refused == OutOfOrder(Stage.APPLICATION, date(2026, 10, 5))


def test_a_vote_that_failed_may_be_held_again_but_not_told_twice() -> None:
    failed = moved(Stage.OPINIONS, Stage.BRANCH_REJECTED, date(2026, 11, 2))
    person = replace(NA, stage=Stage.BRANCH_REJECTED, stage_on=date(2026, 11, 2))
    again = Step(Stage.BRANCH_REJECTED, TODAY, votes_for=13, votes_all=20)
    assert judge(person, again, failed) is None
    assert isinstance(judge(person, replace(again, on=date(2026, 11, 2)), failed), AlreadyThere)
    assert judge(person, vote(), failed) is None


@given(stage=st.sampled_from(OPEN_STAGES), to=st.sampled_from(OPEN_STAGES), day=st.dates(date(2026, 9, 2), TODAY))
def test_no_path_skips_what_the_law_wants_first_without_a_reason(stage: Stage, to: Stage, day: date) -> None:
    case = Case(replace(NA, stage=stage, certificate_on=None))
    step = Step(to, day, votes_for=20, votes_all=20)
    judged = judge_move(case, step, today=TODAY, law=OFFICE.law, calendar=OFFICE.calendar)
    if lacking(case, to):
        assert judged is not None
    if 0 <= progress(to) < progress(stage):
        assert judged is not None


def test_every_next_step_is_allowed_and_every_need_lies_before() -> None:
    for stage, following in NEXT.items():
        case = Case(replace(NA, stage=stage))
        for to in following:
            judged = judge_move(case, Step(to, TODAY), today=TODAY, law=OFFICE.law, calendar=OFFICE.calendar)
            assert not isinstance(judged, NotFromHere | IsMember | AlreadyThere), (stage, to)
    for stage, needs in NEEDS.items():
        assert all(progress(need) < progress(stage) for need in needs)
