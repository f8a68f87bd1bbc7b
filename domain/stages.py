"""The way of a person as data: which stages follow, what each needs before it, and what speaks against a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from domain.admissions import is_admitted, may_move
from domain.calendar import Calendar
from domain.cases import Case
from domain.law import Age, Birth, Regulation, Rule, in_force, judge_age, last_day, rule_for
from domain.records import OPEN_STAGES, Because, Stage, progress

MILESTONES: tuple[Stage, ...] = (
    Stage.CLASS_DONE,
    Stage.APPLICATION,
    Stage.DOSSIER_OPEN,
    Stage.CV_DECLARED,
    Stage.CV_VERIFIED,
    Stage.OPINIONS,
    Stage.BRANCH_RESOLVED,
)
"""What has to be told on the way to the decision. The other stages help to follow it."""

NEEDS: dict[Stage, tuple[Stage, ...]] = {
    Stage.CV_DECLARED: (Stage.APPLICATION,),
    Stage.CV_VERIFIED: (Stage.CV_DECLARED,),
    Stage.BRANCH_RESOLVED: MILESTONES[:-1],
    Stage.COMMITTEE_REVIEW: MILESTONES,
    Stage.OFFICIAL_PROPOSED: (Stage.NEW_MEMBER_CLASS,),
    Stage.OFFICIAL: (Stage.NEW_MEMBER_CLASS, Stage.OFFICIAL_PROPOSED),
}
"""What the law wants to be done before a stage: left out only with a reason. Other gaps are told with the receipt."""

NEXT: dict[Stage, tuple[Stage, ...]] = {
    Stage.LISTED: (Stage.CLASS_REGISTERED, Stage.CLASS_DONE),
    Stage.UNION_INTRODUCED: (Stage.CLASS_REGISTERED, Stage.CLASS_DONE),
    Stage.HELPER_ASSIGNED: (Stage.CLASS_REGISTERED, Stage.CLASS_DONE),
    Stage.CLASS_REGISTERED: (Stage.CLASS_DONE,),
    Stage.CLASS_DONE: (Stage.APPLICATION,),
    Stage.APPLICATION: (Stage.DOSSIER_OPEN,),
    Stage.DOSSIER_OPEN: (Stage.CV_DECLARED,),
    Stage.CV_DECLARED: (Stage.CV_VERIFYING, Stage.CV_VERIFIED),
    Stage.CV_VERIFYING: (Stage.CV_VERIFIED,),
    Stage.CV_VERIFIED: (Stage.OPINIONS,),
    Stage.OPINIONS: (Stage.BRANCH_RESOLVED,),
    Stage.BRANCH_RESOLVED: (Stage.COMMITTEE_REVIEW,),
    Stage.COMMITTEE_REVIEW: (Stage.RETURNED,),
    Stage.ADMITTED: (Stage.NEW_MEMBER_CLASS,),
    Stage.PROBATION: (Stage.NEW_MEMBER_CLASS,),
    Stage.NEW_MEMBER_CLASS: (Stage.OFFICIAL_PROPOSED,),
    Stage.BRANCH_REJECTED: (Stage.BRANCH_RESOLVED,),
    Stage.RETURNED: (Stage.CV_VERIFIED, Stage.OPINIONS, Stage.COMMITTEE_REVIEW),
    Stage.PAUSED: (Stage.CLASS_DONE, Stage.APPLICATION),
}
"""The likeliest news of somebody in a stage. Decisions, ceremonies and recognitions come as entries."""

VOTED: tuple[Stage, ...] = (Stage.BRANCH_RESOLVED, Stage.BRANCH_REJECTED, Stage.OFFICIAL_PROPOSED)
"""Stages that a vote of the branch brings about."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move that somebody wishes; `because` says why it goes on although something speaks against it."""

    to: Stage
    on: date
    certificate_on: date | None = None
    votes_for: int | None = None
    votes_all: int | None = None
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """The same step a second time."""

    on: date | None


@dataclass(frozen=True, slots=True)
class IsMember:
    """Admitted or official by now: no stage of a candidate any more."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class NotFromHere:
    """No way leads there from where the person is."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class InFuture:
    on: date


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Dated before an earlier stage was reached."""

    stage: Stage
    on: date


@dataclass(frozen=True, slots=True)
class TooManyVotes:
    """More in favour than there are official members."""

    votes_for: int
    votes_all: int


@dataclass(frozen=True, slots=True)
class NeedsVotes:
    """A resolution holds by its votes; nobody said how many."""


@dataclass(frozen=True, slots=True)
class CertificateExpired:
    """The class must be taken anew before the branch may consider the person."""

    certificate_on: date
    last: date
    rule: Regulation


@dataclass(frozen=True, slots=True)
class TooYoung:
    rule: Regulation


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Recognition may not be considered before the probation ends."""

    ends_on: date
    rule: Regulation


@dataclass(frozen=True, slots=True)
class AgeUnclear:
    """Over the age limit, or of age by the month but not by the day: the level above must have said yes."""

    is_too_old: bool
    rule: Regulation


@dataclass(frozen=True, slots=True)
class DossierStale:
    """So old without a vote that parts of it must be made anew."""

    dossier_on: date
    rule: Regulation


@dataclass(frozen=True, slots=True)
class Backwards:
    stage: Stage


@dataclass(frozen=True, slots=True)
class Skips:
    """Milestones that nobody told of."""

    stages: tuple[Stage, ...]


Refused = (
    AlreadyThere
    | IsMember
    | NotFromHere
    | InFuture
    | OutOfOrder
    | TooManyVotes
    | CertificateExpired
    | TooYoung
    | TooEarly
)
"""Nothing is written, whatever is said."""

Doubt = NeedsVotes | AgeUnclear | DossierStale | Backwards | Skips
"""Goes on once a reason is given."""

LIFTS: dict[type[Doubt], tuple[Because, ...]] = {
    NeedsVotes: (Because.VOTES_UNKNOWN,),
    AgeUnclear: (Because.APPROVED,),
    DossierStale: (Because.RENEWED,),
    Backwards: (Because.MISTAKEN,),
    Skips: (Because.UNREPORTED, Because.NOT_NEEDED),
}
"""The reasons that lift each doubt, the likeliest first."""


def judge_move(
    case: Case, step: Step, *, today: date, law: Sequence[Regulation], calendar: Calendar
) -> Refused | Doubt | None:
    """What speaks against a move, the weightiest first; None when nothing does, or a reason lifts all of it."""
    refused = _refused(case, step, today) or _by_law(case, step, law, calendar)
    if refused is not None:
        return refused
    doubts = _doubts(case, step, law, calendar)
    return next((one for one in doubts if not set(LIFTS[type(one)]) & set(step.because)), None)


def lacking(case: Case, to: Stage) -> tuple[Stage, ...]:
    """What the law wants before a stage and nobody told of."""
    return tuple(stage for stage in NEEDS.get(to, ()) if stage not in case.passed)


def unheard(case: Case, to: Stage) -> tuple[Stage, ...]:
    """The milestones before a stage that nobody told of."""
    return tuple(stage for stage in MILESTONES if progress(stage) < progress(to) and stage not in case.passed)


def votes_needed(votes_all: int, share: Fraction) -> int:
    """How many must be in favour: the share of all official members, not of those present."""
    return ceil(votes_all * share)


def carried_stage(step: Step, law: Sequence[Regulation]) -> Stage:
    """Where the branch's vote leads: a vote below the share is no resolution."""
    if step.to not in VOTED or step.votes_for is None or step.votes_all is None:
        return step.to
    needed = votes_needed(step.votes_all, vote_share(law, step.on))
    if step.to is Stage.OFFICIAL_PROPOSED:
        return step.to
    return Stage.BRANCH_RESOLVED if step.votes_for >= needed else Stage.BRANCH_REJECTED


def vote_share(law: Sequence[Regulation], on: date) -> Fraction:
    rule = rule_for(law, Rule.BRANCH_VOTE, began=on, today=on)
    return rule.share if rule is not None and rule.share is not None else Fraction(2, 3)


def _refused(case: Case, step: Step, today: date) -> Refused | None:
    stage = case.stage
    if step.on > today:
        return InFuture(step.on)
    if is_admitted(stage) and step.to in OPEN_STAGES:
        return IsMember(stage)
    if stage is step.to and not _says_more(case, step):
        return AlreadyThere(case.day_of(stage))
    if stage is not step.to and not may_move(stage, step.to):
        return NotFromHere(stage)
    if step.votes_for is not None and step.votes_all is not None and step.votes_for > step.votes_all:
        return TooManyVotes(step.votes_for, step.votes_all)
    return _out_of_order(case, step)


def _says_more(case: Case, step: Step) -> bool:
    """The same step again is news where it brings a new certificate, or a vote after one that failed."""
    if step.to is Stage.BRANCH_REJECTED and step.votes_for is not None:
        return step.on != case.day_of(step.to)
    return step.certificate_on is not None and step.certificate_on != case.person.certificate_on


def _out_of_order(case: Case, step: Step) -> OutOfOrder | None:
    """A day before that of an earlier stage. Only the vote has to come after the class: papers may be begun before."""
    day = step.certificate_on or step.on
    earlier = [
        (on, stage)
        for stage in (*MILESTONES, Stage.DECIDED, Stage.ADMITTED, Stage.NEW_MEMBER_CLASS, Stage.OFFICIAL_PROPOSED)
        if 0 <= progress(stage) < progress(step.to)
        and (stage is not Stage.CLASS_DONE or progress(step.to) >= progress(Stage.BRANCH_RESOLVED))
        and progress(stage) <= progress(case.furthest)
        and (on := case.day_of(stage)) is not None
    ]
    latest = max(earlier, default=None)
    return OutOfOrder(latest[1], latest[0]) if latest is not None and day < latest[0] else None


def _by_law(case: Case, step: Step, law: Sequence[Regulation], calendar: Calendar) -> Refused | None:
    if step.to is Stage.BRANCH_RESOLVED:
        return _certificate(case, step, law, calendar) or _too_young(case, step, law)
    if step.to in (Stage.OFFICIAL_PROPOSED, Stage.OFFICIAL):
        began = case.day_of(Stage.ADMITTED)
        rule = rule_for(law, Rule.PROBATION, began=began, today=step.on) if began else None
        ends = last_day(rule, began, calendar) if began and rule else None
        return TooEarly(ends, rule) if rule and ends and step.on < ends else None
    return None


def _certificate(case: Case, step: Step, law: Sequence[Regulation], calendar: Calendar) -> CertificateExpired | None:
    issued = case.person.certificate_on
    rule = rule_for(law, Rule.CERTIFICATE_VALID, began=issued, today=step.on) if issued else None
    last = last_day(rule, issued, calendar) if issued and rule else None
    return CertificateExpired(issued, last, rule) if issued and rule and last and step.on > last else None


def _age(case: Case, step: Step, law: Sequence[Regulation]) -> tuple[Age, Regulation, Regulation] | None:
    person = case.person
    youngest, oldest = (in_force(law, code, on=step.on) for code in (Rule.AGE_AT_LEAST, Rule.AGE_AT_MOST))
    if person.birth_year is None or not (youngest and youngest.months and oldest and oldest.months):
        return None
    birth = Birth(person.birth_year, person.birth_month)
    age = judge_age(birth, on=step.on, at_least_months=youngest.months, at_most_months=oldest.months)
    return age, youngest, oldest


def _too_young(case: Case, step: Step, law: Sequence[Regulation]) -> TooYoung | None:
    found = _age(case, step, law)
    return TooYoung(found[1]) if found is not None and found[0] is Age.TOO_YOUNG else None


def _doubts(case: Case, step: Step, law: Sequence[Regulation], calendar: Calendar) -> list[Doubt]:
    doubts: list[Doubt] = []
    if step.to is Stage.BRANCH_RESOLVED:
        if step.votes_for is None:
            doubts.append(NeedsVotes())
        doubts += _of_age(case, step, law)
        doubts += _of_dossier(case, step, law, calendar)
    if 0 <= progress(step.to) < progress(case.stage):
        doubts.append(Backwards(case.stage))
    if left_out := lacking(case, step.to):
        doubts.append(Skips(left_out))
    return doubts


def _of_age(case: Case, step: Step, law: Sequence[Regulation]) -> list[Doubt]:
    match _age(case, step, law):
        case (Age.TOO_OLD, _, oldest):
            return [AgeUnclear(is_too_old=True, rule=oldest)]
        case (Age.UNSURE, youngest, oldest):
            born = case.person.birth_year or 0
            return [AgeUnclear(is_too_old=False, rule=youngest if step.on.year - born < _MIDDLE_AGE else oldest)]
        case _:
            return []


_MIDDLE_AGE = 40
"""Which of the two limits an unclear age is near."""


def _of_dossier(case: Case, step: Step, law: Sequence[Regulation], calendar: Calendar) -> list[Doubt]:
    opened = case.day_of(Stage.DOSSIER_OPEN)
    rule = rule_for(law, Rule.DOSSIER_FRESH, began=opened, today=step.on) if opened else None
    last = last_day(rule, opened, calendar) if opened and rule else None
    return [DossierStale(opened, rule)] if opened and rule and last and step.on > last else []
