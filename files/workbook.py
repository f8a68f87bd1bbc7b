"""The office's workbook, in and out: rows become an `OfficePlan`, or every problem of the file is told."""

from hashlib import sha256

from domain.office import OfficePlan, PlannedPerson, PlannedQuota, Problem
from domain.people import Role
from domain.problems import ProblemCode
from domain.quotas import Target
from domain.units import UnitKind
from files import cells
from files.cells import LIMIT_NAME, Cell, Unreadable, optional, taken
from files.past import count_unnamed, read_admissions, read_candidates
from files.reading import Row, read_rows
from files.template import write_office, write_template
from files.units import Units, read_units
from language.headings import ADMIN_WORDS, KIND_WORDS, ROLE_WORDS, SHEET_NAMES, Column, Sheet
from language.plain import fold

__all__ = ["read_office", "write_office", "write_template"]


def read_office(content: bytes) -> tuple[OfficePlan | None, tuple[Problem, ...]]:
    """The plan, or all that is wrong with the file and no plan. Units come with those above them first."""
    found: list[Problem] = []
    notes: list[Problem] = []
    rows = read_rows(content, found, notes)
    if not rows:
        return None, tuple(found)
    units = read_units(rows.get(Sheet.UNITS), found)
    candidates = read_candidates(rows.get(Sheet.CANDIDATES, ()), found)
    admissions = read_admissions(rows.get(Sheet.ADMISSIONS, ()), found)
    if units.is_known and not rows[Sheet.UNITS] and not candidates and not admissions:
        found.append(Problem(SHEET_NAMES[Sheet.UNITS], 0, "", ProblemCode.NO_UNITS))
    quotas = _read_quotas(rows.get(Sheet.QUOTAS, ()), units, found)
    people = _read_people(rows.get(Sheet.PEOPLE, ()), units, found)
    if found:
        return None, tuple(sorted(found, key=_place))
    notes += count_unnamed(candidates, admissions)
    digest = sha256(content).hexdigest()
    return OfficePlan(units.in_order(), quotas, people, candidates, admissions, tuple(notes), digest), ()


def _place(problem: Problem) -> tuple[int, int, int, str]:
    names = tuple(SHEET_NAMES.values())
    sheet = names.index(problem.sheet) if problem.sheet in names else -1
    letters = problem.column.partition(" ")[0]
    return sheet, problem.row, len(letters), letters


def _read_quotas(rows: tuple[Row, ...], units: Units, found: list[Problem]) -> tuple[PlannedQuota, ...]:
    first: dict[tuple[str, int], int] = {}
    quotas: list[PlannedQuota] = []
    for row in rows:
        code = _known_unit(row[Column.UNIT], units, found)
        year = taken(found, cells.year, row[Column.YEAR], 0)
        target = taken(found, cells.target, row[Column.TARGET], None)
        stretch = optional(found, cells.whole_number, row[Column.STRETCH], None)
        decision_no = optional(found, cells.words, row[Column.DECISION_NO], "")
        effective_on = optional(found, cells.day, row[Column.EFFECTIVE_ON], None)
        if target is not None and stretch is not None and stretch < (target.high or target.low):
            facts = (str(stretch), cells.written(target))
            found.append(row[Column.STRETCH].problem(ProblemCode.STRETCH_TOO_LOW, *facts))
        if not code or not year:
            continue
        if (line := first.setdefault((code, year), row.number)) != row.number:
            found.append(row[Column.UNIT].problem(ProblemCode.QUOTA_TWICE, code, str(year), str(line)))
        quotas.append(PlannedQuota(code, str(year), target or Target(0), stretch, decision_no, effective_on))
    return tuple(quotas)


def _known_unit(cell: Cell, units: Units, found: list[Problem]) -> str:
    """The unit's code as the sheet of units writes it; empty if there is none."""
    typed = taken(found, cells.code, cell, "")
    return _found_unit(typed, cell, units, found) if typed else ""


def _found_unit(typed: str, cell: Cell, units: Units, found: list[Problem]) -> str:
    if not units.is_known:
        return typed
    unit = units.find(typed)
    if unit is None:
        found.append(cell.problem(ProblemCode.UNIT_UNKNOWN, typed, units.hint(typed)))
        return ""
    return unit.unit.code


def _read_people(rows: tuple[Row, ...], units: Units, found: list[Problem]) -> tuple[PlannedPerson, ...]:
    keys = _Keys()
    posts: dict[tuple[str, Role, str], int] = {}
    people: list[PlannedPerson] = []
    for row in rows:
        name = taken(found, cells.words, row[Column.PERSON], "")
        role = taken(found, _role, row[Column.ROLE], None)
        codes = taken(found, cells.codes, row[Column.UNITS], ())
        key = optional(found, _key, row[Column.PERSON_KEY], "")
        if name:
            key = keys.keep(name, key, row, found)
        for typed in codes:
            code = _found_unit(typed, row[Column.UNITS], units, found)
            if not name or not role or not code:
                continue
            _check_role(role, code, row[Column.ROLE], units, found)
            if (line := posts.setdefault((key, role, code), row.number)) != row.number:
                found.append(row[Column.UNITS].problem(ProblemCode.POST_TWICE, str(line)))
            people.append(PlannedPerson(key, name, role, code))
    return tuple(people)


def _role(cell: Cell) -> Role:
    text = cells.shown(cell.honest())
    if fold(text) in {fold(word) for word in ADMIN_WORDS}:
        raise Unreadable(ProblemCode.ROLE_ELSEWHERE, text)
    return cells.choice(cell, ROLE_WORDS)


def _key(cell: Cell) -> str:
    return cells.code(cell, limit=LIMIT_NAME)


def _check_role(role: Role, code: str, cell: Cell, units: Units, found: list[Problem]) -> None:
    unit = units.find(code)
    if role is Role.SECRETARY and unit and unit.kind not in (UnitKind.BRANCH, None):
        facts = (ROLE_WORDS[role][0], KIND_WORDS[unit.kind][0])
        found.append(cell.problem(ProblemCode.ROLE_NEEDS_BRANCH, *facts))


class _Keys:
    """Who is who: a key stands for one person, and a name in several rows must say by keys whose it is."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, str]] = {}
        self._names: dict[str, tuple[int, bool]] = {}

    def keep(self, name: str, key: str, row: Row, found: list[Problem]) -> str:
        folded = fold(name)
        first_row, had_key = self._names.setdefault(folded, (row.number, bool(key)))
        if first_row != row.number and not (had_key and key):
            found.append(row[Column.PERSON].problem(ProblemCode.SAME_NAME, name, str(first_row)))
        key = key or folded
        key_row, key_name = self._rows.setdefault(key, (row.number, name))
        if fold(key_name) != folded:
            found.append(row[Column.PERSON_KEY].problem(ProblemCode.KEY_OF_TWO, key, str(key_row), key_name))
        return key
