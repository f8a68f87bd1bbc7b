"""Past years in a workbook: people, admissions, figures of a month, and what the rules say to each row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.admissions import BeforeDecision, DayProblem, Future, NoDay, judge_days
from domain.calendar import add_months, last_day_of_month
from domain.intents import Month
from domain.records import Stage

ADULT_MONTHS = 18 * 12
"""The law counts by months; it looks at the day of the branch's vote, which no later ceremony makes any younger."""

CONSENT_BY_WORKBOOK = "workbook-2026-11"
"""The version of the heading under which an office attests consent; kept with each consent."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the workbook: its sheet and number, and the shown column of each field."""

    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class PlannedCandidate:
    """Somebody for a branch's list. Without a day of consent the name is not kept: `label` stands for it."""

    unit_code: str
    name: str
    consent_on: date | None = None
    stage: Stage = Stage.LISTED
    stage_on: date | None = None
    certificate_on: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    gender: str | None = None
    ethnicity: str | None = None
    job: str | None = None
    youth_union: bool | None = None
    is_other: bool = False
    label: str = field(default="", compare=False)
    at: Place = field(default=Place(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PlannedAdmission:
    """Somebody admitted, or with `count` that many people of a unit without any name.

    With a `number` it puts the entry of that number right: what is None or empty stays as it is. A ceremony of which
    only the month is known counts by the month's last day. `is_other` says that somebody of that name and branch on
    record is somebody else.
    """

    unit_code: str
    name: str = ""
    consent_on: date | None = None
    ceremony_on: date | Month | None = None
    decision_on: date | None = None
    decision_no: str = ""
    count: int | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    gender: str | None = None
    ethnicity: str | None = None
    job: str | None = None
    is_other: bool = False
    number: int | None = None
    label: str = field(default="", compare=False)
    at: Place = field(default=Place(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TooYoung:
    """Not yet of age on the day of the ceremony, or of the decision."""

    on: date


class RowKind(StrEnum):
    """What an import did: an entry or a person that came with it, facts of somebody known, or what is said of them.

    What was said of somebody before is not kept, so that of the last only an entry's days and figures are taken back.
    """

    NEW = "new"
    KNOWN = "known"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One thing that an import wrote: an entry, a person, or both."""

    kind: RowKind
    entry: int | None
    candidate_id: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """An import of past years. `entries` and `people` can be undone; `left` are numbers that somebody touched since.

    `described` counts people of whom something was put right, which stays. `unit_ids` are those it wrote to.
    """

    number: int
    person_id: int | None
    made_at: datetime
    undone_at: datetime | None
    entries: tuple[int, ...]
    people: tuple[int, ...]
    left: tuple[int, ...]
    left_people: int
    described: int
    unit_ids: frozenset[int]


PastProblem = DayProblem | TooYoung


def judge_past(
    *, ceremony_on: date | None, decision_on: date | None, born: tuple[int | None, int | None], today: date
) -> tuple[PastProblem, ...]:
    """Every problem of an admission of the past, however long ago it was. Without a month of birth it is January."""
    problems: list[PastProblem] = [
        problem
        for problem in judge_days(ceremony_on=ceremony_on, decision_on=decision_on, today=today)
        if isinstance(problem, (NoDay, Future, BeforeDecision))
    ]
    year, month = born
    day = decision_on or ceremony_on
    if year is not None and day is not None and months_old(year, month or 1, day) < ADULT_MONTHS:
        problems.append(TooYoung(day))
    return tuple(problems)


def months_old(birth_year: int, birth_month: int, on: date) -> int:
    return (on.year - birth_year) * 12 + on.month - birth_month


def counted_from(day: date | Month | None, *, today: date) -> tuple[date | None, date | None]:
    """The day by which it counts, and the first of the month where no more is known. The present month ends today."""
    if not isinstance(day, Month):
        return day, None
    first = date(day.year, day.month, 1)
    last = last_day_of_month(first)
    return (min(last, today) if first <= today else last), first


def same_day_of(year: int, day: date) -> date:
    """The same calendar day in another year; the last of February where there is no 29th."""
    return add_months(day, 12 * (year - day.year))
