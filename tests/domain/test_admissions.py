from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.admissions import (
    AlreadyAdmitted,
    BeforeDecision,
    Completes,
    Fine,
    Future,
    Judgement,
    NoDay,
    OverAYearBack,
    SameName,
    WrongDays,
    carries,
    counted_on,
    is_admitted,
    is_on_probation,
    judge_admission,
    judge_correction,
    judge_days,
    may_move,
    needs_entry,
    next_distinguisher,
    stage_after,
    stage_corrected,
)
from domain.records import OPEN_STAGES, Candidate, Entry, EntryKind, EntryState, Fact, Stage

TODAY = date(2026, 11, 21)
LISTED = Candidate(id=7, unit_id=1, name="Trần Thị Na", folded="tran thi na", stage=Stage.CLASS_DONE, birth_year=1997)
ADMITTED = replace(LISTED, id=8, stage=Stage.ADMITTED)
DECIDED = replace(LISTED, id=9, stage=Stage.DECIDED)


def admission(
    candidate: Candidate, *, ceremony_on: date | None = None, decision_on: date | None = None, number: int = 31
) -> Entry:
    return Entry(
        number=number,
        kind=EntryKind.ADMISSION,
        unit_id=1,
        author_id=1,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        candidate_id=candidate.id,
        ceremony_on=ceremony_on,
        decision_on=decision_on,
    )


FIRST = admission(ADMITTED, ceremony_on=date(2026, 10, 15))
WAITING = admission(DECIDED, decision_on=date(2026, 10, 1))


def judge(
    *namesakes: Candidate,
    entries: tuple[Entry, ...] = (),
    ceremony_on: date | None = date(2026, 10, 15),
    decision_on: date | None = None,
    chosen: Candidate | None = None,
    is_somebody_else: bool = False,
    birth_year: int | None = None,
) -> Judgement:
    return judge_admission(
        ceremony_on=ceremony_on,
        decision_on=decision_on,
        namesakes=namesakes,
        admissions={entry.candidate_id: entry for entry in entries if entry.candidate_id is not None},
        today=TODAY,
        chosen=chosen,
        is_somebody_else=is_somebody_else,
        birth_year=birth_year,
    )


def test_somebody_new_is_fine() -> None:
    assert judge() == Fine()


def test_the_one_of_that_name_on_the_list_is_meant() -> None:
    assert judge(LISTED) == Fine(candidate=LISTED)
    assert judge(LISTED, birth_year=1997) == Fine(candidate=LISTED)


def test_another_year_of_birth_is_asked_about() -> None:
    assert judge(LISTED, birth_year=1988) == SameName((LISTED,))


def test_two_of_a_name_on_the_list_are_asked_about() -> None:
    twin = replace(LISTED, id=70, distinguisher=1)
    assert judge(LISTED, twin) == SameName((LISTED, twin))
    assert judge(LISTED, twin, chosen=twin) == Fine(candidate=twin)


def test_a18_the_second_report_of_a_person_is_shown_the_first() -> None:
    assert judge(ADMITTED, entries=(FIRST,)) == SameName((ADMITTED,), (FIRST,))


def test_the_same_person_is_not_admitted_twice_on_whatever_day() -> None:
    assert judge(ADMITTED, entries=(FIRST,), chosen=ADMITTED) == AlreadyAdmitted(ADMITTED, FIRST)
    other_day = date(2026, 11, 2)
    assert judge(ADMITTED, entries=(FIRST,), chosen=ADMITTED, ceremony_on=other_day) == AlreadyAdmitted(ADMITTED, FIRST)
    imported = replace(ADMITTED, stage=Stage.OFFICIAL)
    assert judge(imported, chosen=imported) == AlreadyAdmitted(imported, None)


def test_another_person_of_the_name_gets_a_number_to_tell_them_apart() -> None:
    assert judge(ADMITTED, entries=(FIRST,), is_somebody_else=True) == Fine(distinguisher=1)
    assert next_distinguisher([]) == 0
    assert next_distinguisher([replace(ADMITTED, distinguisher=3), ADMITTED]) == 4


def test_the_ceremony_completes_the_decision_on_record() -> None:
    assert judge(DECIDED, entries=(WAITING,)) == Completes(DECIDED, WAITING)
    assert judge(DECIDED, entries=(WAITING,), chosen=DECIDED) == Completes(DECIDED, WAITING)
    assert judge(ADMITTED, entries=(FIRST,), decision_on=date(2026, 10, 1)) == Completes(ADMITTED, FIRST)


def test_days_that_contradict_the_record_complete_nothing() -> None:
    another_decision = judge(DECIDED, entries=(WAITING,), decision_on=date(2026, 10, 2))
    assert another_decision == SameName((DECIDED,), (WAITING,))
    too_early = judge(DECIDED, entries=(WAITING,), ceremony_on=date(2026, 9, 30))
    assert too_early == SameName((DECIDED,), (WAITING,))


def test_who_once_left_the_list_is_asked_about() -> None:
    gone = replace(LISTED, stage=Stage.REMOVED)
    assert judge(gone) == SameName((gone,))


def test_all_that_is_wrong_with_the_days_is_said_at_once() -> None:
    early, late = date(2025, 11, 20), date(2026, 11, 22)
    assert judge(LISTED, ceremony_on=early, decision_on=late) == WrongDays(
        (Future(Fact.DECISION, late), OverAYearBack(Fact.CEREMONY, early), BeforeDecision(early, late))
    )


@pytest.mark.parametrize(
    ("ceremony_on", "decision_on", "problems"),
    [
        (None, None, (NoDay(),)),
        (TODAY, None, ()),
        (None, TODAY, ()),
        (TODAY, TODAY, ()),
        (date(2026, 11, 22), None, (Future(Fact.CEREMONY, date(2026, 11, 22)),)),
        (None, date(2026, 12, 1), (Future(Fact.DECISION, date(2026, 12, 1)),)),
        (date(2025, 11, 21), None, ()),
        (date(2025, 11, 20), None, (OverAYearBack(Fact.CEREMONY, date(2025, 11, 20)),)),
        (date(1926, 10, 15), None, (OverAYearBack(Fact.CEREMONY, date(1926, 10, 15)),)),
        (date(2026, 10, 1), date(2026, 10, 2), (BeforeDecision(date(2026, 10, 1), date(2026, 10, 2)),)),
    ],
)
def test_days_are_checked(ceremony_on: date | None, decision_on: date | None, problems: tuple[object, ...]) -> None:
    assert judge_days(ceremony_on=ceremony_on, decision_on=decision_on, today=TODAY) == problems


def test_a_leap_day_is_a_year_back_until_the_28th_has_passed() -> None:
    assert judge_days(ceremony_on=date(2028, 2, 29), decision_on=None, today=date(2029, 2, 28)) == ()
    assert judge_days(ceremony_on=date(2028, 2, 29), decision_on=None, today=date(2029, 3, 1)) != ()


@given(ceremony_on=st.none() | st.dates(), decision_on=st.none() | st.dates(), today=st.dates(date(1900, 1, 1)))
def test_whatever_days_pass_lie_in_the_last_year_in_order(
    ceremony_on: date | None, decision_on: date | None, today: date
) -> None:
    if judge_days(ceremony_on=ceremony_on, decision_on=decision_on, today=today):
        return
    days = [day for day in (decision_on, ceremony_on) if day is not None]
    assert days
    assert days == sorted(days)
    assert all(0 <= (today - day).days <= 366 for day in days)


@pytest.mark.parametrize(
    ("from_", "to", "allowed"),
    [
        (Stage.LISTED, Stage.CLASS_DONE, True),
        (Stage.CLASS_DONE, Stage.LISTED, True),
        (Stage.LISTED, Stage.ADMITTED, True),
        (Stage.LISTED, Stage.OFFICIAL, False),
        (Stage.LISTED, Stage.DROPPED, True),
        (Stage.LISTED, Stage.LISTED, False),
        (Stage.LISTED, Stage.REMOVED, False),
        (Stage.PAUSED, Stage.LISTED, True),
        (Stage.DROPPED, Stage.LISTED, True),
        (Stage.DROPPED, Stage.ADMITTED, False),
        (Stage.ADMITTED, Stage.LISTED, False),
        (Stage.ADMITTED, Stage.NEW_MEMBER_CLASS, True),
        (Stage.NEW_MEMBER_CLASS, Stage.PROBATION, False),
        (Stage.ADMITTED, Stage.DROPPED, False),
        (Stage.PROBATION, Stage.REMOVED, True),
        (Stage.REMOVED, Stage.LISTED, True),
        (Stage.REMOVED, Stage.OFFICIAL, False),
        (Stage.OFFICIAL, Stage.LISTED, False),
    ],
)
def test_moves_between_stages(from_: Stage, to: Stage, allowed: bool) -> None:
    assert may_move(from_, to) is allowed


@given(from_=st.sampled_from(Stage), to=st.sampled_from(Stage))
def test_nobody_returns_to_the_list_once_admitted(from_: Stage, to: Stage) -> None:
    if is_admitted(from_) and may_move(from_, to):
        assert to not in OPEN_STAGES
    assert not (is_on_probation(from_) and from_ in OPEN_STAGES)


def test_a_correction_is_judged_by_its_new_days_alone() -> None:
    old = admission(ADMITTED, decision_on=date(2024, 1, 1))

    assert judge_correction(old, ceremony_on=None, decision_on=None, today=TODAY) == ()
    assert judge_correction(old, ceremony_on=date(2026, 10, 1), decision_on=None, today=TODAY) == ()
    assert judge_correction(old, ceremony_on=None, decision_on=date(2024, 2, 1), today=TODAY) == (
        OverAYearBack(Fact.DECISION, date(2024, 2, 1)),
    )


def test_a_correction_keeps_the_ceremony_behind_the_decision() -> None:
    wrong = (BeforeDecision(date(2026, 10, 15), date(2026, 10, 20)),)

    assert judge_correction(FIRST, ceremony_on=None, decision_on=date(2026, 10, 20), today=TODAY) == wrong
    assert judge_correction(FIRST, ceremony_on=date(2026, 10, 21), decision_on=date(2026, 10, 20), today=TODAY) == ()


@pytest.mark.parametrize(
    ("stage", "ceremony_on", "then"),
    [
        (Stage.DECIDED, date(2026, 10, 15), Stage.ADMITTED),
        (Stage.ADMITTED, None, Stage.DECIDED),
        (Stage.OFFICIAL, date(2026, 10, 15), Stage.OFFICIAL),
        (Stage.OFFICIAL, None, Stage.DECIDED),
        (Stage.DROPPED, None, Stage.DROPPED),
    ],
)
def test_a_corrected_entry_moves_the_stage_unless_the_person_went_on(
    stage: Stage, ceremony_on: date | None, then: Stage
) -> None:
    assert stage_corrected(stage, ceremony_on=ceremony_on) is then


def test_a13_a_vote_needs_two_thirds_of_all_official_members() -> None:
    assert not carries(in_favour=13, official_members=20)
    assert carries(in_favour=14, official_members=20)
    assert carries(in_favour=12, official_members=20, excused=2)
    assert not carries(in_favour=0, official_members=0)


@pytest.mark.parametrize("counts_by", [Fact.CEREMONY, Fact.DECISION])
def test_a17_a_recognition_leaves_the_count_unchanged(counts_by: Fact) -> None:
    both = replace(FIRST, decision_on=date(2026, 10, 1))
    before = counted_on(both, counts_by)
    recognised = replace(ADMITTED, stage=Stage.OFFICIAL)
    assert may_move(ADMITTED.stage, recognised.stage)
    assert not needs_entry(recognised.stage)
    assert counted_on(both, counts_by) == before is not None


def test_only_the_fact_that_the_office_chose_counts() -> None:
    both = replace(FIRST, decision_on=date(2026, 10, 1))
    assert counted_on(both, Fact.CEREMONY) == date(2026, 10, 15)
    assert counted_on(both, Fact.DECISION) == date(2026, 10, 1)
    assert counted_on(WAITING, Fact.CEREMONY) is None
    assert counted_on(replace(FIRST, state=EntryState.UNDONE), Fact.CEREMONY) is None
    assert counted_on(replace(FIRST, kind=EntryKind.NOTHING), Fact.CEREMONY) is None


def test_only_a_ceremony_makes_somebody_admitted() -> None:
    assert stage_after(ceremony_on=None) is Stage.DECIDED
    assert stage_after(ceremony_on=TODAY) is Stage.ADMITTED
