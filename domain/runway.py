"""The runway to the end of the year: who can still be admitted in time, how many are to be found, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from domain.calendar import Calendar, add_working_days, is_working_day
from domain.law import Regulation, Rule, last_day, rule_for
from domain.quotas import Standing, missing
from domain.records import OPEN_STAGES, Candidate, Fact, Stage, progress

STEPS: tuple[Stage, ...] = (
    Stage.CLASS_DONE,
    Stage.APPLICATION,
    Stage.DOSSIER_OPEN,
    Stage.CV_DECLARED,
    Stage.CV_VERIFIED,
    Stage.OPINIONS,
    Stage.BRANCH_RESOLVED,
    Stage.DECIDED,
    Stage.ADMITTED,
)
"""The steps that take their time, in order."""

STANDS_AT: dict[Stage, Stage] = {Stage.RETURNED: Stage.CV_DECLARED, Stage.BRANCH_REJECTED: Stage.OPINIONS}
"""From where somebody goes on whose dossier came back, or whom the branch did not vote for."""

SHORTEST: dict[Stage, int] = {
    Stage.CLASS_DONE: 20,
    Stage.APPLICATION: 1,
    Stage.DOSSIER_OPEN: 2,
    Stage.CV_DECLARED: 3,
    Stage.CV_VERIFIED: 15,
    Stage.OPINIONS: 5,
    Stage.BRANCH_RESOLVED: 5,
    Stage.DECIDED: 15,
    Stage.ADMITTED: 5,
}


@dataclass(frozen=True, slots=True)
class Pathway:
    """How many working days each step takes at the least after the one before, as the office set it.

    `trained_share` is how many of those who took the class come to be admitted.
    """

    shortest: Mapping[Stage, int] = field(default_factory=SHORTEST.copy)
    trained_share: Fraction = Fraction(7, 10)

    def days(self, steps: Iterable[Stage]) -> int:
        return sum(self.shortest[step] for step in steps)


class OutOfTime(StrEnum):
    """Why somebody on the list cannot make it any more."""

    TOO_FAR = "too_far"
    CERTIFICATE = "certificate"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Way:
    """What is still ahead of somebody: the steps, and the first day on which all may be done."""

    person: Candidate
    steps: tuple[Stage, ...]
    days: int
    ready_on: date
    why_not: OutOfTime | None = None


@dataclass(frozen=True, slots=True)
class Runway:
    """How a unit may come out at the end of the year.

    `decided` wait for their ceremony and can have it in time. `send_by` is the last day on which a dossier must be with
    the committee, `begin_by` the last on which somebody new can be put on the list; None when even that is over.
    `newcomer_days` is what a new person needs at the least, `days_left` the working days that are left.
    """

    year: int
    target: int
    done: int
    decided: int
    in_time: tuple[Way, ...]
    late: tuple[Way, ...]
    send_by: date | None
    begin_by: date | None
    newcomer_days: int
    days_left: int
    trained: int
    trained_needed: int

    @property
    def left(self) -> int:
        """What of the quota is not admitted yet."""
        return max(0, self.target - self.done)

    @property
    def to_find(self) -> int:
        """How many are missing although all on the runway arrive."""
        return max(0, self.left - self.decided - len(self.in_time))

    @property
    def is_out_of_reach(self) -> bool:
        """Whether people are missing and nobody new can make it any more."""
        return self.to_find > 0 and self.begin_by is None

    @property
    def trained_short(self) -> int:
        return max(0, self.trained_needed - self.trained)


def runway(
    standing: Standing,
    people: Sequence[Candidate],
    *,
    today: date,
    calendar: Calendar,
    pathway: Pathway,
    law: Sequence[Regulation],
    counts_by: Fact = Fact.CEREMONY,
) -> Runway | None:
    """The runway of a unit with these people on its lists; None without a quota, or for a year that is not this one."""
    if standing.quota is None or standing.year != today.year:
        return None
    end = date(today.year, 12, 31)
    steps = STEPS if counts_by is Fact.CEREMONY else STEPS[:-1]
    asked = [one for one in people if one.stage in OPEN_STAGES and one.stage is not Stage.DECIDED]
    ways = [_way(one, steps, today=today, end=end, calendar=calendar, pathway=pathway, law=law) for one in asked]
    ways.sort(key=lambda way: (way.ready_on, way.person.id))
    trained_ahead = [way for way in ways if Stage.CLASS_DONE not in way.steps]
    left = missing(standing.quota.target, standing.done)
    can_hold = add_working_days(calendar, today, pathway.shortest[Stage.ADMITTED]) <= end
    decided = standing.pending if can_hold and counts_by is Fact.CEREMONY else 0
    after = [step for step in steps if progress(step) > progress(Stage.BRANCH_RESOLVED)]
    return Runway(
        year=today.year,
        target=standing.quota.target.low,
        done=standing.done,
        decided=decided,
        in_time=tuple(way for way in ways if way.why_not is None),
        late=tuple(way for way in ways if way.why_not is not None),
        send_by=last_start(calendar, end, pathway.days(after), today=today),
        begin_by=last_start(calendar, end, pathway.days(steps), today=today),
        newcomer_days=pathway.days(steps),
        days_left=working_days_left(calendar, today, end),
        trained=len(trained_ahead) + decided,
        trained_needed=trained_needed(left, pathway.trained_share),
    )


def trained_needed(left: int, share: Fraction) -> int:
    """How many must have taken the class so that this many are admitted: a remaining 10 at 70 % takes 15."""
    return ceil(left / share)


def steps_ahead(person: Candidate, steps: Sequence[Stage] = STEPS) -> tuple[Stage, ...]:
    """The steps that somebody has still to take."""
    stands = progress(STANDS_AT.get(person.stage, person.stage))
    is_trained = person.certificate_on is not None
    return tuple(step for step in steps if progress(step) > stands and not (step is Stage.CLASS_DONE and is_trained))


def last_start(calendar: Calendar, end: date, days: int, *, today: date) -> date | None:
    """The last working day, or today, after which so many working days end by `end`; None when it is too late."""
    day = end
    while not is_working_day(calendar, day):
        day -= timedelta(days=1)
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(calendar, day):
            day -= timedelta(days=1)
    # Whoever begins on a day off has as much time as on the working day before it.
    return max(day, today) if add_working_days(calendar, today, days) <= end else None


def working_days_left(calendar: Calendar, today: date, end: date) -> int:
    days = (date.fromordinal(number) for number in range(today.toordinal() + 1, end.toordinal() + 1))
    return sum(is_working_day(calendar, day) for day in days)


def _way(
    person: Candidate,
    steps: Sequence[Stage],
    *,
    today: date,
    end: date,
    calendar: Calendar,
    pathway: Pathway,
    law: Sequence[Regulation],
) -> Way:
    ahead = steps_ahead(person, steps)
    is_renewed = _runs_out(person, ahead, today, calendar, pathway, law)
    if is_renewed:
        ahead = tuple(step for step in steps if step is Stage.CLASS_DONE or step in ahead)
    days = pathway.days(ahead)
    ready_on = add_working_days(calendar, today, days)
    why_not = None
    if person.stage is Stage.PAUSED:
        why_not = OutOfTime.PAUSED
    elif ready_on > end:
        why_not = OutOfTime.CERTIFICATE if is_renewed else OutOfTime.TOO_FAR
    return Way(person, ahead, days, ready_on, why_not)


def _runs_out(
    person: Candidate,
    ahead: Sequence[Stage],
    today: date,
    calendar: Calendar,
    pathway: Pathway,
    law: Sequence[Regulation],
) -> bool:
    """Whether the certificate is no longer valid on the first day on which the branch could vote."""
    if person.certificate_on is None or Stage.BRANCH_RESOLVED not in ahead:
        return False
    rule = rule_for(law, Rule.CERTIFICATE_VALID, began=person.certificate_on, today=today)
    last = last_day(rule, person.certificate_on, calendar) if rule is not None else None
    to_vote = ahead[: ahead.index(Stage.BRANCH_RESOLVED) + 1]
    return last is not None and add_working_days(calendar, today, pathway.days(to_vote)) > last
