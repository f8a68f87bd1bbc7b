"""The monthly session of the deciding committee: who is ready for it, who lacks which paper, whose papers went back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar, add_months, closing_day_of
from domain.cases import Case
from domain.clocks import Clock, clocks
from domain.law import Regulation, Rule
from domain.records import ReturnReason, Stage, progress
from domain.stages import MILESTONES

BEFORE_THE_COMMITTEE: tuple[Stage, ...] = (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW)
"""Stages of those whose branch has resolved and on whom nothing is decided yet."""

WITH_DOSSIER: tuple[Stage, ...] = (
    Stage.DOSSIER_OPEN,
    Stage.CV_DECLARED,
    Stage.CV_VERIFYING,
    Stage.CV_VERIFIED,
    Stage.OPINIONS,
    *BEFORE_THE_COMMITTEE,
    Stage.BRANCH_REJECTED,
    Stage.RETURNED,
)
"""Everybody of whom a session has something to say."""


@dataclass(frozen=True, slots=True)
class Ready:
    """On the agenda. `clock` is that of the committee, which has to decide in time; None without such a regulation."""

    case: Case
    resolved_on: date | None
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Lacking:
    """Not on the agenda; `papers` are what nobody told of, none where the returned papers are being put right."""

    case: Case
    papers: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    case: Case
    on: date | None
    reason: ReturnReason | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The session for which papers are taken up to `closes_on`; those in `later` came after that day."""

    closes_on: date
    ready: tuple[Ready, ...] = ()
    later: tuple[Ready, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    returned: tuple[Returned, ...] = ()


def next_closing(closing_day: int, today: date) -> date:
    """The closing day of the session to come, this month's or the next one's."""
    closes = closing_day_of(today.replace(day=1), closing_day)
    return closes if today <= closes else closing_day_of(add_months(today.replace(day=1), 1), closing_day)


def agenda(
    cases: Iterable[Case], *, closes_on: date, today: date, law: Sequence[Regulation], calendar: Calendar
) -> Agenda:
    """How each case stands before the session."""
    ready: list[Ready] = []
    later: list[Ready] = []
    lacking: list[Lacking] = []
    returned: list[Returned] = []
    for case in cases:
        if case.stage not in WITH_DOSSIER or case.entry is not None:
            continue
        if case.stage is Stage.RETURNED:
            returned.append(Returned(case, case.day_of(Stage.RETURNED), _reason(case)))
        elif (papers := _papers(case)) or case.stage not in BEFORE_THE_COMMITTEE:
            lacking.append(Lacking(case, papers))
        else:
            one = Ready(case, case.day_of(Stage.BRANCH_RESOLVED), _clock(case, today, law, calendar))
            is_late = one.resolved_on is not None and one.resolved_on > closes_on
            (later if is_late else ready).append(one)
    return Agenda(closes_on, tuple(ready), tuple(later), tuple(lacking), tuple(returned))


def _papers(case: Case) -> tuple[Stage, ...]:
    """Milestones that nobody told of. Whoever was set back has to tell of them again, but not after a return."""
    is_back = not any(move.stage is Stage.RETURNED for move in case.moves) and progress(case.stage) >= 0
    return tuple(
        stage
        for stage in MILESTONES
        if stage not in case.passed or (is_back and progress(stage) > progress(case.stage))
    )


def _reason(case: Case) -> ReturnReason | None:
    told = next((move.reason for move in reversed(case.moves) if move.stage is Stage.RETURNED), None)
    return told if isinstance(told, ReturnReason) else None


def _clock(case: Case, today: date, law: Sequence[Regulation], calendar: Calendar) -> Clock | None:
    running = clocks([case], today=today, law=law, calendar=calendar)
    return next((clock for clock in running if clock.kind.rule is Rule.DECISION_WITHIN), None)
