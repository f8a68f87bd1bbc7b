"""What each row of past years is checked by: its unit found, its days judged, what is wrong with it noted."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import select

from domain.admissions import BeforeDecision, Future
from domain.calendar import ZONE
from domain.office import Problem
from domain.past import (
    CONSENT_BY_WORKBOOK,
    BatchRow,
    Place,
    PlannedAdmission,
    TooYoung,
    judge_past,
)
from domain.problems import ProblemCode
from domain.records import Candidate
from domain.units import UnitKind
from storage.tables import units
from storage.turns import Turn

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
TRAITS = ("birth_year", "birth_month", "gender", "ethnicity", "job")


class Example(NamedTuple):
    """Something that a row puts right, before and after; a name is neither kept nor shown here."""

    number: int
    field: str
    before: str
    after: str


@dataclass(slots=True)
class PastReport:
    """What the rows of past years came to. `without_name` are among those added.

    `nothing_undone` are reports of nothing for a month that now has an admission.
    """

    candidates_added: int = 0
    entries_added: int = 0
    entries_completed: int = 0
    entries_corrected: int = 0
    people_changed: int = 0
    without_name: int = 0
    nothing_undone: int = 0
    unchanged: int = 0
    examples: list[Example] = field(default_factory=list[Example])
    written: list[BatchRow] = field(default_factory=list[BatchRow])


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    kind: UnitKind


@dataclass(slots=True)
class Row:
    """An admission of the workbook with its unit found and its days settled."""

    planned: PlannedAdmission
    unit: Unit
    ceremony_on: date | None
    month: date | None
    folded: str

    @property
    def day(self) -> date:
        day = self.ceremony_on or self.planned.decision_on
        assert day is not None
        return day

    @property
    def keeps_name(self) -> bool:
        return bool(self.folded) and self.planned.consent_on is not None


@dataclass(slots=True)
class Checking:
    """All rows of one workbook. `reach` are the units that they may be about; None: any."""

    turn: Turn
    folded: Callable[[str], str]
    today: date
    reach: Collection[int] | None
    report: PastReport = field(default_factory=PastReport)
    problems: list[Problem] = field(default_factory=list[Problem])
    _codes: dict[str, Unit] = field(init=False)
    _units: dict[str, Unit] = field(init=False)
    _hints: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.turn.tx.execute(select(units.c.id, units.c.code, units.c.folded, units.c.kind)).all()
        mine = [row for row in rows if self.reach is None or row.id in self.reach]
        self._codes = {row.code: Unit(row.id, UnitKind(row.kind)) for row in mine}
        self._units = {self.folded(code): unit for code, unit in self._codes.items()}
        self._hints = {row.folded: row.code for row in mine}

    def consented(self, person: Candidate, consent_on: date | None, label: str) -> Candidate:
        """With a day of consent the name stays; without one a label stands for it."""
        if consent_on is None:
            code = "".join(secrets.choice(CODE_LETTERS) for _ in range(4))
            unlike_any = secrets.randbelow(10**9)
            return replace(person, name="", folded="", label=f"{label} {code}".strip(), distinguisher=unlike_any)
        return replace(
            person,
            consent_by=self.turn.person_id,
            consent_at=datetime.combine(consent_on, time(), ZONE),
            consent_wording=CONSENT_BY_WORKBOOK,
        )

    def check_days(
        self,
        each: PlannedAdmission,
        ceremony_on: date | None,
        decision_on: date | None,
        born: tuple[int | None, int | None],
    ) -> bool:
        before = len(self.problems)
        self.check_day(each.consent_on, "consent_on", each.at)
        for problem in judge_past(ceremony_on=ceremony_on, decision_on=decision_on, born=born, today=self.today):
            match problem:
                case Future(fact, on):
                    self.problem(each.at, f"{fact}_on", ProblemCode.FUTURE_DAY, shown(on))
                case BeforeDecision(ceremony, decision):
                    self.problem(each.at, "ceremony_on", ProblemCode.BEFORE_DECISION, shown(ceremony), shown(decision))
                case TooYoung(on):
                    self.problem(each.at, "birth_year", ProblemCode.TOO_YOUNG, shown(on))
                case _:
                    self.problem(each.at, "ceremony_on", ProblemCode.NO_DAY)
        return len(self.problems) == before

    def check_day(self, on: date | None, where: str, at: Place) -> None:
        if on is not None and on > self.today:
            self.problem(at, where, ProblemCode.FUTURE_DAY, shown(on))

    def branch(self, code: str, at: Place) -> Unit | None:
        unit = self._unit(code, at)
        if unit is not None and unit.kind is not UnitKind.BRANCH:
            self.problem(at, "unit_code", ProblemCode.PEOPLE_NEED_BRANCH)
            return None
        return unit

    def figure_unit(self, each: PlannedAdmission) -> Unit | None:
        unit = self._unit(each.unit_code, each.at)
        if unit is not None and unit.kind is UnitKind.SUPERIOR:
            self.problem(each.at, "unit_code", ProblemCode.FIGURE_OF_SUPERIOR)
            return None
        return unit

    def _unit(self, code: str, at: Place) -> Unit | None:
        unit = self.called(code)
        if unit is None:
            self.problem(at, "unit_code", ProblemCode.UNIT_UNKNOWN, code, self._hints.get(self.folded(code), ""))
        return unit

    def called(self, code: str) -> Unit | None:
        """The unit of just this code, or of one that differs only in how it is written."""
        return self._codes.get(code) or self._units.get(self.folded(code))

    def problem(self, at: Place, where: str, code: ProblemCode, *facts: str) -> None:
        self.problems.append(Problem(at.sheet, at.row, at.columns.get(where, ""), code, facts))


def shown(day: date | None, month: date | None = None) -> str:
    """As it stands in a cell: facts of problems and examples are shown as they are."""
    if month is not None:
        return f"{month:%m/%Y}"
    return f"{day:%d/%m/%Y}" if day is not None else ""
