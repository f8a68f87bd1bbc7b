"""Clocks of the law that run for a person: since when, until when, by which rule, and on which days to tell whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import Calendar, add_months
from domain.cases import Case
from domain.law import Regulation, Rule, is_foreseen_only, last_day, rule_for
from domain.records import OPEN_STAGES, Stage
from domain.reminders import Rung


class Owner(StrEnum):
    """Whose move stops the clock."""

    BRANCH = "branch"
    COMMITTEE = "committee"


BEFORE_THE_VOTE = tuple(
    stage
    for stage in OPEN_STAGES
    if stage not in (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW, Stage.DECIDED, Stage.PAUSED)
)
ON_PROBATION = (Stage.ADMITTED, Stage.PROBATION, Stage.NEW_MEMBER_CLASS)


@dataclass(frozen=True, slots=True)
class Kind:
    """A clock: what it counts from, the stages in which it runs, whose move stops it, and the likeliest such move."""

    rule: Rule
    since: Stage | None
    runs_in: tuple[Stage, ...]
    owner: Owner
    ends_with: Stage


KINDS: tuple[Kind, ...] = (
    Kind(Rule.CERTIFICATE_VALID, Stage.CLASS_DONE, BEFORE_THE_VOTE, Owner.BRANCH, Stage.BRANCH_RESOLVED),
    Kind(Rule.DOSSIER_FRESH, Stage.DOSSIER_OPEN, BEFORE_THE_VOTE, Owner.BRANCH, Stage.BRANCH_RESOLVED),
    Kind(
        Rule.DECISION_WITHIN,
        Stage.BRANCH_RESOLVED,
        (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW),
        Owner.COMMITTEE,
        Stage.DECIDED,
    ),
    Kind(Rule.CEREMONY_WITHIN, Stage.DECIDED, (Stage.DECIDED,), Owner.BRANCH, Stage.ADMITTED),
    Kind(Rule.PROBATION, Stage.ADMITTED, ON_PROBATION, Owner.BRANCH, Stage.OFFICIAL_PROPOSED),
    Kind(Rule.RECOGNITION_CONSIDERED_WITHIN, None, ON_PROBATION, Owner.BRANCH, Stage.OFFICIAL_PROPOSED),
    Kind(
        Rule.RECOGNITION_DECIDED_WITHIN,
        Stage.OFFICIAL_PROPOSED,
        (Stage.OFFICIAL_PROPOSED,),
        Owner.COMMITTEE,
        Stage.OFFICIAL,
    ),
    Kind(Rule.AGE_AT_MOST, None, BEFORE_THE_VOTE, Owner.BRANCH, Stage.BRANCH_RESOLVED),
)
CLOCKED_STAGES: tuple[Stage, ...] = tuple(dict.fromkeys(stage for kind in KINDS for stage in kind.runs_in))
"""Stages in which any clock may run."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One that runs: `last` is the last day on which all is in time. `is_foreseen`: its holidays are not announced."""

    kind: Kind
    case: Case
    rule: Regulation
    start: date
    last: date
    is_foreseen: bool = False

    @property
    def period(self) -> str:
        """What makes it this very clock: another start is another clock."""
        return f"{self.kind.rule}:{self.case.person.id}:{self.start.isoformat()}"

    @property
    def days_on(self) -> tuple[date, ...]:
        """The days on which somebody is told, the last of them the day after the end."""
        before = {self.last - timedelta(days=days) for days in self.rule.warn_days}
        before |= {add_months(self.last, -months) for months in self.rule.warn_months}
        return (*sorted(day for day in before if day > self.start), self.last + timedelta(days=1))

    def days_left(self, today: date) -> int:
        return (self.last - today).days

    def is_overdue(self, today: date) -> bool:
        return today > self.last

    def step(self, today: date) -> int | None:
        """The latest step of the ladder that was reached; None before the first."""
        reached = [step for step, day in enumerate(self.days_on) if day <= today]
        return reached[-1] if reached else None

    def is_near(self, today: date) -> bool:
        """Whether it belongs among the things to do now: those of months only once the first warning came."""
        return self.rule.months is None or self.step(today) is not None

    def rungs(self, step: int) -> tuple[Rung, ...]:
        """Who is told: the owner; before the end also the deputy; when it is over the level above, and everybody."""
        if step >= len(self.days_on) - 1:
            return (Rung.HOLDER, Rung.DEPUTY, Rung.ABOVE)
        if self.kind.owner is Owner.COMMITTEE:
            return (Rung.ABOVE,)
        return (Rung.HOLDER, Rung.DEPUTY) if step == len(self.days_on) - 2 else (Rung.HOLDER,)


def clock_named(period: str) -> tuple[str, int]:
    """The rule and the person of a clock, from its period."""
    rule, candidate_id, _ = period.split(":", 2)
    return rule, int(candidate_id)


def clocks(cases: Iterable[Case], *, today: date, law: Sequence[Regulation], calendar: Calendar) -> tuple[Clock, ...]:
    """Every clock that runs today, the nearest end first."""
    found = [
        clock
        for case in cases
        for kind in KINDS
        if case.stage in kind.runs_in and (clock := _clock(kind, case, today, law, calendar)) is not None
    ]
    return tuple(sorted(found, key=lambda clock: (clock.last, clock.kind.rule, clock.case.person.id)))


def _clock(kind: Kind, case: Case, today: date, law: Sequence[Regulation], calendar: Calendar) -> Clock | None:
    start = _start(kind, case, today, law, calendar)
    if start is None:
        return None
    rule = rule_for(law, kind.rule, began=today if kind.rule is Rule.AGE_AT_MOST else start, today=today)
    last = last_day(rule, start, calendar) if rule is not None else None
    if rule is None or last is None or (kind.rule is Rule.PROBATION and today > last):
        # Once the probation is over, what counts is the time in which the branch has to consider it.
        return None
    return Clock(kind, case, rule, start, last, is_foreseen_only(rule, last, calendar))


def _start(kind: Kind, case: Case, today: date, law: Sequence[Regulation], calendar: Calendar) -> date | None:
    match kind.rule:
        case Rule.AGE_AT_MOST:
            person = case.person
            return date(person.birth_year, person.birth_month, 1) if person.birth_year and person.birth_month else None
        case Rule.RECOGNITION_CONSIDERED_WITHIN:
            ends = probation_ends(case, today=today, law=law, calendar=calendar)
            return ends if ends is not None and ends < today else None
        case _:
            return case.day_of(kind.since) if kind.since is not None else None


def probation_ends(case: Case, *, today: date, law: Sequence[Regulation], calendar: Calendar) -> date | None:
    """The last day of the probation, counted from the ceremony."""
    began = case.day_of(Stage.ADMITTED)
    rule = rule_for(law, Rule.PROBATION, began=began, today=today) if began is not None else None
    return last_day(rule, began, calendar) if began is not None and rule is not None else None


def party_age_from(case: Case) -> date | None:
    """Party age counts from the day of the admission decision; where that is not known, from the ceremony."""
    return case.day_of(Stage.DECIDED) or case.day_of(Stage.ADMITTED)
