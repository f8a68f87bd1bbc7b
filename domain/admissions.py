"""What the rules say to an admission before it is recorded: its days, the same person again, and moves of a stage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.calendar import add_months
from domain.records import OPEN_STAGES, Candidate, Entry, EntryKind, EntryState, Fact, Stage

TWO_THIRDS = Fraction(2, 3)

PROBATION_STAGES: tuple[Stage, ...] = (
    Stage.ADMITTED,
    Stage.PROBATION,
    Stage.NEW_MEMBER_CLASS,
    Stage.OFFICIAL_PROPOSED,
)
"""Admitted, not yet official, in the order in which they follow each other."""

RECORDED_STAGES: tuple[Stage, ...] = (Stage.DECIDED, Stage.ADMITTED)
"""Stages that only an entry brings about: they are figures."""


@dataclass(frozen=True, slots=True)
class NoDay:
    """Neither a ceremony nor a decision is dated."""


@dataclass(frozen=True, slots=True)
class Future:
    """Dated after today. A ceremony to come is a plan, not an admission."""

    fact: Fact
    on: date


@dataclass(frozen=True, slots=True)
class OverAYearBack:
    fact: Fact
    on: date


@dataclass(frozen=True, slots=True)
class BeforeDecision:
    """The ceremony is dated before the decision that it rests on."""

    ceremony_on: date
    decision_on: date


DayProblem = NoDay | Future | OverAYearBack | BeforeDecision


@dataclass(frozen=True, slots=True)
class Fine:
    """Nothing speaks against it. `candidate` is the one on the list who is meant, None for somebody new.

    Somebody new who shares the name of others in the branch gets the `distinguisher`.
    """

    candidate: Candidate | None = None
    distinguisher: int = 0


@dataclass(frozen=True, slots=True)
class WrongDays:
    """All that is wrong with the days, at once."""

    problems: tuple[DayProblem, ...]


@dataclass(frozen=True, slots=True)
class Completes:
    """The other fact of an admission on record: its ceremony after its decision, or the decision afterwards."""

    candidate: Candidate
    entry: Entry


@dataclass(frozen=True, slots=True)
class AlreadyAdmitted:
    """The very person is on record; what is to change there is a correction. No entry when only the stage says so."""

    candidate: Candidate
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class SameName:
    """Of that name in the branch there are these; only a person can say whether it is one of them.

    `entries` are the admissions on record among them.
    """

    candidates: tuple[Candidate, ...]
    entries: tuple[Entry, ...] = ()


Judgement = Fine | WrongDays | Completes | AlreadyAdmitted | SameName


def judge_admission(
    *,
    ceremony_on: date | None,
    decision_on: date | None,
    namesakes: Sequence[Candidate],
    admissions: Mapping[int, Entry],
    today: date,
    chosen: Candidate | None = None,
    is_somebody_else: bool = False,
    birth_year: int | None = None,
) -> Judgement:
    """What stands against admitting one person of a branch.

    `namesakes` are the branch's live people of that folded name, `admissions` their live entries by candidate id.
    `chosen` was picked by a person from the list; `is_somebody_else` says that none of the namesakes is meant.
    """
    if problems := judge_days(ceremony_on=ceremony_on, decision_on=decision_on, today=today):
        return WrongDays(problems)
    if chosen is not None:
        return _judge_chosen(chosen, admissions.get(chosen.id), ceremony_on, decision_on)
    return judge_namesakes(
        ceremony_on=ceremony_on,
        decision_on=decision_on,
        namesakes=namesakes,
        admissions=admissions,
        is_somebody_else=is_somebody_else,
        birth_year=birth_year,
    )


def judge_namesakes(
    *,
    ceremony_on: date | None,
    decision_on: date | None,
    namesakes: Sequence[Candidate],
    admissions: Mapping[int, Entry],
    is_somebody_else: bool = False,
    birth_year: int | None = None,
) -> Fine | Completes | SameName:
    """The same for days already judged and nobody picked: what those of that name on record have to say."""
    if is_somebody_else:
        return Fine(distinguisher=next_distinguisher(namesakes))
    entries = tuple(admissions[one.id] for one in namesakes if one.id in admissions)
    match namesakes:
        case []:
            return Fine()
        case [only] if only.id in admissions and completes(admissions[only.id], ceremony_on, decision_on):
            return Completes(only, admissions[only.id])
        case [only] if not entries and only.stage in OPEN_STAGES and not _differ(only.birth_year, birth_year):
            return Fine(candidate=only)
        case _:
            return SameName(tuple(namesakes), entries)


def _judge_chosen(
    chosen: Candidate, entry: Entry | None, ceremony_on: date | None, decision_on: date | None
) -> Judgement:
    if entry is not None and completes(entry, ceremony_on, decision_on):
        return Completes(chosen, entry)
    if entry is not None or is_admitted(chosen.stage):
        return AlreadyAdmitted(chosen, entry)
    return Fine(candidate=chosen)


def _differ(known: int | None, said: int | None) -> bool:
    return known is not None and said is not None and known != said


def judge_days(*, ceremony_on: date | None, decision_on: date | None, today: date) -> tuple[DayProblem, ...]:
    """Every problem of the days. A year back to the day is still taken."""
    dated = [(fact, on) for fact, on in ((Fact.DECISION, decision_on), (Fact.CEREMONY, ceremony_on)) if on is not None]
    if not dated:
        return (NoDay(),)
    oldest = add_months(today, -12)
    problems: list[DayProblem] = [Future(fact, on) for fact, on in dated if on > today]
    problems += [OverAYearBack(fact, on) for fact, on in dated if on < oldest]
    if ceremony_on is not None and decision_on is not None and ceremony_on < decision_on:
        problems.append(BeforeDecision(ceremony_on, decision_on))
    return tuple(problems)


def judge_correction(
    entry: Entry, *, ceremony_on: date | None, decision_on: date | None, today: date
) -> tuple[DayProblem, ...]:
    """Every problem of days that put an entry right: the new ones alone, and the order of what then stands there.

    What is on record was judged when it was entered; a name is put right however long ago that was.
    """
    if ceremony_on is None and decision_on is None:
        return ()
    problems: list[DayProblem] = [
        problem
        for problem in judge_days(ceremony_on=ceremony_on, decision_on=decision_on, today=today)
        if not isinstance(problem, BeforeDecision)
    ]
    ceremony, decision = ceremony_on or entry.ceremony_on, decision_on or entry.decision_on
    if ceremony is not None and decision is not None and ceremony < decision:
        problems.append(BeforeDecision(ceremony, decision))
    return tuple(problems)


def completes(entry: Entry, ceremony_on: date | None, decision_on: date | None) -> bool:
    """Whether these days add a fact that the entry has not, and contradict none that it has."""
    if _contradicts(entry.ceremony_on, ceremony_on) or _contradicts(entry.decision_on, decision_on):
        return False
    ceremony, decision = entry.ceremony_on or ceremony_on, entry.decision_on or decision_on
    if ceremony is not None and decision is not None and ceremony < decision:
        return False
    return (ceremony, decision) != (entry.ceremony_on, entry.decision_on)


def _contradicts(known: date | None, said: date | None) -> bool:
    return known is not None and said is not None and known != said


def next_distinguisher(namesakes: Collection[Candidate]) -> int:
    """0 for the first of a name in a branch, then the next free number."""
    return max((one.distinguisher for one in namesakes), default=-1) + 1


def counted_on(entry: Entry, counts_by: Fact) -> date | None:
    """The day by which an entry counts towards the quota; None while it does not count.

    Only an admission counts, by the one fact that the office chose: neither a recognition nor a report of nothing.
    """
    if entry.kind is not EntryKind.ADMISSION or entry.state is not EntryState.LIVE:
        return None
    return entry.decision_on if counts_by is Fact.DECISION else entry.ceremony_on


def stage_after(*, ceremony_on: date | None) -> Stage:
    """The stage that an admission on record brings about."""
    return Stage.DECIDED if ceremony_on is None else Stage.ADMITTED


def stage_corrected(stage: Stage, *, ceremony_on: date | None) -> Stage:
    """The stage once an entry on record was put right. Who went on after the ceremony stays there."""
    if stage in RECORDED_STAGES or (ceremony_on is None and is_admitted(stage)):
        return stage_after(ceremony_on=ceremony_on)
    return stage


def admitted_by(person: Candidate, ceremony_on: date | None, decision_on: date | None) -> Candidate:
    """The person in the stage that these days of the entry on record bring about."""
    stage = stage_corrected(person.stage, ceremony_on=ceremony_on)
    is_told = stage in RECORDED_STAGES
    return replace(person, stage=stage, stage_on=(ceremony_on or decision_on) if is_told else person.stage_on)


def is_on_probation(stage: Stage) -> bool:
    return stage in PROBATION_STAGES


def is_admitted(stage: Stage) -> bool:
    """On probation or official."""
    return is_on_probation(stage) or stage is Stage.OFFICIAL


def needs_entry(stage: Stage) -> bool:
    """Whether the stage comes with an entry only, never by a mere word."""
    return stage in RECORDED_STAGES


def may_move(from_: Stage, to: Stage) -> bool:
    """Whether a person may go from one stage to another.

    Candidates go anywhere among their stages, back too: word of a step often comes late or was mistaken. After the
    ceremony the way leads forward only. Who was dropped may come back, who was removed begins anew.
    """
    if from_ is to:
        return False
    if from_ in PROBATION_STAGES:
        later = PROBATION_STAGES[PROBATION_STAGES.index(from_) + 1 :]
        return to in (*later, Stage.OFFICIAL, Stage.REMOVED, Stage.MOVED)
    match from_:
        case Stage.OFFICIAL:
            return to in (Stage.REMOVED, Stage.MOVED)
        case Stage.DROPPED:
            return to in OPEN_STAGES
        case Stage.REMOVED | Stage.MOVED:
            return to is Stage.LISTED
        case _:
            return to in OPEN_STAGES or to in (Stage.ADMITTED, Stage.DROPPED, Stage.MOVED)


def carries(*, in_favour: int, official_members: int, excused: int = 0) -> bool:
    """Whether a branch vote is valid: two thirds of all official members, not of those present.

    Excused are only members on temporary transfer elsewhere and exempt members who are absent.
    """
    base = official_members - excused
    return base > 0 and Fraction(in_favour, base) >= TWO_THIRDS
