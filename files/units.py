"""The sheet of units: each row on its own, then the tree that the rows make together."""

from dataclasses import dataclass, replace

from domain.office import PlannedUnit, Problem
from domain.problems import ProblemCode
from domain.units import MemberCount, Sector, UnitKind
from files import cells
from files.cells import Cell, optional, taken
from files.reading import Row
from language.headings import KIND_WORDS, NO_WORDS, SECTOR_WORDS, YES_WORDS, Column
from language.plain import fold

UNDER: dict[UnitKind, tuple[UnitKind, ...]] = {
    UnitKind.SUPERIOR: (UnitKind.SUPERIOR,),
    UnitKind.GRASSROOTS: (UnitKind.SUPERIOR,),
    UnitKind.COMMITTEE: (UnitKind.GRASSROOTS,),
    UnitKind.BRANCH: (UnitKind.GRASSROOTS, UnitKind.COMMITTEE, UnitKind.SUPERIOR),
}
"""What a unit of a kind may stand under."""

_YES_NO = {True: YES_WORDS, False: NO_WORDS}


@dataclass(slots=True)
class UnitRow:
    """A unit with the row it came from. `kind` is None where the cell could not be read."""

    row: Row
    unit: PlannedUnit
    kind: UnitKind | None

    @property
    def parent_cell(self) -> Cell:
        return self.row[Column.PARENT]


@dataclass(frozen=True, slots=True)
class Units:
    """The units of the sheet, found by code, whatever its case and accents.

    Where the sheet could not be read (`is_known` is false), no code is called unknown.
    """

    rows: dict[str, UnitRow]
    names: dict[str, str]
    is_known: bool = True

    def find(self, code: str) -> UnitRow | None:
        return self.rows.get(fold(code))

    def hint(self, typed: str) -> str:
        """The code of a unit with that name: a name was typed where a code belongs."""
        return self.names.get(fold(typed), "")

    def in_order(self) -> tuple[PlannedUnit, ...]:
        """Those above first, otherwise as in the sheet."""
        depth: dict[str, int] = {"": -1}
        for unit in (row.unit for row in self.rows.values()):
            way: list[str] = []
            code = unit.code
            while code not in depth:
                way.append(code)
                code = self.rows[fold(code)].unit.parent_code
            for step in reversed(way):
                depth[step] = depth[code] + 1
                code = step
        return tuple(sorted((row.unit for row in self.rows.values()), key=lambda unit: depth[unit.code]))


def read_units(rows: tuple[Row, ...] | None, found: list[Problem]) -> Units:
    units = Units({}, {}, is_known=rows is not None)
    apart: list[UnitRow] = []
    for row in rows or ():
        read = _unit_row(row, found)
        code = read.unit.code
        first = units.find(code) if code else None
        if first:
            found.append(row[Column.CODE].problem(ProblemCode.CODE_TWICE, code, str(first.row.number)))
        if first or not code:
            apart.append(read)
            continue
        units.rows[fold(code)] = read
        if read.unit.name:
            units.names.setdefault(fold(read.unit.name), code)
    for read in apart:
        _find_parent(read, units, found)
    _link_parents(units, found)
    _report_namesakes(units, found)
    _report_circles(units, found)
    return units


def _unit_row(row: Row, found: list[Problem]) -> UnitRow:
    kind = taken(found, _kind, row[Column.KIND], None)
    name = taken(found, cells.words, row[Column.NAME], "")
    aliases = optional(found, cells.separated, row[Column.ALIASES], ())
    unit = PlannedUnit(
        code=taken(found, cells.code, row[Column.CODE], ""),
        name=name,
        kind=kind or UnitKind.BRANCH,
        parent_code=optional(found, cells.code, row[Column.PARENT], ""),
        sector=optional(found, _sector, row[Column.SECTOR], Sector.OTHER),
        members=_members(row, found),
        nobody_left=optional(found, _yes, row[Column.NOBODY_LEFT], False),
        aliases=tuple(alias for alias in aliases if fold(alias) != fold(name)),
    )
    return UnitRow(row, unit, kind)


def _kind(cell: Cell) -> UnitKind:
    return cells.choice(cell, KIND_WORDS)


def _sector(cell: Cell) -> Sector:
    return cells.choice(cell, SECTOR_WORDS)


def _yes(cell: Cell) -> bool:
    return cells.choice(cell, _YES_NO)


def _members(row: Row, found: list[Problem]) -> MemberCount | None:
    count_cell, day_cell = row[Column.MEMBERS], row[Column.COUNTED_ON]
    count = optional(found, cells.whole_number, count_cell, None)
    on = optional(found, cells.day, day_cell, None)
    if count_cell.is_empty and not day_cell.is_empty:
        found.append(count_cell.problem(ProblemCode.DATE_WITHOUT_COUNT))
    if day_cell.is_empty and not count_cell.is_empty:
        found.append(day_cell.problem(ProblemCode.COUNT_WITHOUT_DATE))
    return MemberCount(count, on) if count is not None and on is not None else None


def _link_parents(units: Units, found: list[Problem]) -> None:
    """Each unit gets its parent's code as the parent writes it; one root only, and levels that fit."""
    root: UnitRow | None = None
    for read in units.rows.values():
        cell = read.parent_cell
        parent = _find_parent(read, units, found)
        if parent:
            read.unit = replace(read.unit, parent_code=parent.unit.code)
            _check_level(read, parent, found)
        elif not cell.is_empty:
            continue
        elif root:
            found.append(cell.problem(ProblemCode.SECOND_ROOT, root.unit.code, str(root.row.number)))
        else:
            root = read
            if read.kind is UnitKind.COMMITTEE:
                found.append(cell.problem(ProblemCode.PARENT_NEEDED, _word(read.kind)))


def _find_parent(read: UnitRow, units: Units, found: list[Problem]) -> UnitRow | None:
    typed = read.unit.parent_code
    parent = units.find(typed) if typed else None
    if typed and parent is None:
        found.append(read.parent_cell.problem(ProblemCode.PARENT_UNKNOWN, typed, units.hint(typed)))
    return parent


def _check_level(read: UnitRow, parent: UnitRow, found: list[Problem]) -> None:
    if read.kind is None or parent.kind is None or read is parent or parent.kind in UNDER[read.kind]:
        return
    allowed = ", ".join(_word(kind) for kind in UNDER[read.kind])
    facts = (_word(read.kind), _word(parent.kind), allowed)
    found.append(read.parent_cell.problem(ProblemCode.PARENT_LEVEL, *facts))


def _word(kind: UnitKind) -> str:
    return KIND_WORDS[kind][0]


def _report_namesakes(units: Units, found: list[Problem]) -> None:
    """Two of one name under one parent could not be told apart in a chat, and mostly are one row twice."""
    first: dict[tuple[str, str], int] = {}
    for read in units.rows.values():
        unit = read.unit
        row = first.setdefault((unit.parent_code, fold(unit.name)), read.row.number)
        if unit.name and unit.parent_code and row != read.row.number:
            found.append(read.row[Column.NAME].problem(ProblemCode.NAME_TWICE, unit.name, str(row)))


def _report_circles(units: Units, found: list[Problem]) -> None:
    cleared: set[str] = {""}
    for read in units.rows.values():
        way: list[str] = []
        steps: set[str] = set()
        here: UnitRow | None = read
        while here and here.unit.code not in cleared and here.unit.code not in steps:
            way.append(here.unit.code)
            steps.add(here.unit.code)
            here = units.find(here.unit.parent_code)
        if here and here.unit.code in steps:
            circle = way[way.index(here.unit.code) :]
            named = " → ".join([*circle[:8], *(["…"] if len(circle) > 8 else []), circle[0]])
            found.append(here.parent_cell.problem(ProblemCode.PARENT_CIRCLE, named))
        cleared |= steps
