"""Classes: who has a seat and who waits, what speaks against a class or a certificate, and what came of the trained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.admissions import is_admitted
from domain.records import OPEN_STAGES, Candidate, Stage, Standing, is_trained, progress

MOST_SEATS = 1000
LONGEST_DAYS = 60

CAME_BACK: tuple[Stage, ...] = (Stage.RETURNED, Stage.BRANCH_REJECTED)
"""Whose dossier came back is further than a class: the stage stays."""


@dataclass(frozen=True, slots=True)
class TrainingClass:
    """An awareness class that a unit holds.

    It is over once `certificate_on` is known, the one day for all; of a cancelled class it is the day of that.
    """

    id: int
    unit_id: int
    place: str
    begins_on: date
    ends_on: date
    seats: int
    certificate_on: date | None = None
    version: int = 0


class Result(StrEnum):
    """What came of a registration; whoever `MOVED` was registered in another class since."""

    CERTIFIED = "certified"
    ABSENT = "absent"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Learner:
    """One registration, in the order in which they came; without a result it is still open."""

    id: int
    class_id: int
    candidate_id: int
    unit_id: int
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Roll:
    """A class with those who have a seat and those who wait for one. Whoever drops out makes room for the next."""

    of: TrainingClass
    seated: tuple[Learner, ...] = ()
    waiting: tuple[Learner, ...] = ()

    @property
    def free(self) -> int:
        return max(0, self.of.seats - len(self.seated))


class Unfit(StrEnum):
    """What speaks against a class."""

    PAST = "past"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    SEATS = "seats"


class Untimely(StrEnum):
    """What speaks against a certificate's day."""

    FUTURE = "future"
    TOO_EARLY = "too_early"


def judge_class(begins_on: date, ends_on: date, seats: int, *, today: date) -> Unfit | None:
    if begins_on < today:
        return Unfit.PAST
    if ends_on < begins_on:
        return Unfit.BACKWARDS
    if (ends_on - begins_on).days >= LONGEST_DAYS:
        return Unfit.TOO_LONG
    return None if 1 <= seats <= MOST_SEATS else Unfit.SEATS


def judge_certificate(held: TrainingClass, on: date, *, today: date) -> Untimely | None:
    """Certificates are given when the class is over, and have been given."""
    if on > today:
        return Untimely.FUTURE
    return Untimely.TOO_EARLY if on < held.ends_on else None


def roll_of(held: TrainingClass, learners: Sequence[Learner], people: Mapping[int, Candidate]) -> Roll:
    """Seats go in the order of registration, to those who are still candidates. After its end nobody takes a seat."""
    kept = [
        one
        for one in learners
        if one.result is None and (found := people.get(one.candidate_id)) is not None and _still_comes(found)
    ]
    seats = held.seats if held.certificate_on is None else 0
    return Roll(held, tuple(kept[:seats]), tuple(kept[seats:]))


def _still_comes(person: Candidate) -> bool:
    return person.standing is Standing.LIVE and person.stage in OPEN_STAGES


def may_begin(person: Candidate) -> bool:
    """Whether a whole list may be registered with this person among them: on the way, and not trained yet."""
    is_on_the_way = progress(person.stage) >= 0 and not is_trained(person.stage)
    return _still_comes(person) and is_on_the_way and person.certificate_on is None


def next_open(rolls: Iterable[Roll], *, today: date) -> Roll | None:
    """The class that a registration without a number means: the next to begin that has a seat, or just the next."""
    ahead = sorted((one for one in rolls if takes(one.of, today=today)), key=lambda one: (one.of.begins_on, one.of.id))
    return next((one for one in ahead if one.free), ahead[0] if ahead else None)


def takes(held: TrainingClass, *, today: date) -> bool:
    """Whether a class still takes people: until the day on which it begins."""
    return held.certificate_on is None and held.begins_on >= today


@dataclass(frozen=True, slots=True)
class Yield:
    """How many of the trained were admitted."""

    admitted: int = 0
    trained: int = 0

    def meets(self, wanted: Fraction) -> bool:
        return self.trained == 0 or Fraction(self.admitted, self.trained) >= wanted


def yield_of(people: Iterable[Candidate]) -> Yield:
    """Counted by certificates: whoever has one was trained."""
    trained = [one for one in people if one.certificate_on is not None]
    return Yield(sum(is_admitted(one.stage) for one in trained), len(trained))
