"""Finds the sheets, headings and rows of the office's workbook; what the rows mean is read in `files.workbook`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from domain.office import Problem
from domain.problems import ProblemCode
from files.cells import Cell, Value, clean, shown
from files.package import Package, SheetScan, Unopenable, column_letters, open_package
from language.headings import (
    EXAMPLE_WORD,
    HEADINGS,
    PAST_SHEETS,
    PRIVATE_HEADINGS,
    SHEET_NAMES,
    Column,
    Heading,
    Sheet,
)
from language.plain import fold

HEADING_ROWS = 10
"""Headings are looked for this far down, so that a title above them does no harm."""

KEY_COLUMNS = {
    Sheet.UNITS: Column.CODE,
    Sheet.QUOTAS: Column.UNIT,
    Sheet.PEOPLE: Column.PERSON,
    Sheet.CANDIDATES: Column.UNIT,
    Sheet.ADMISSIONS: Column.UNIT,
}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column; a column that the sheet does not have gives an empty cell."""

    number: int
    cells: dict[Column, Cell]

    def __getitem__(self, column: Column) -> Cell:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the headings stand: their row, and the column of each, from 1; 0 for one that is absent."""

    row: int
    columns: dict[Column, int]


def read_rows(content: bytes, found: list[Problem], notes: list[Problem]) -> dict[Sheet, tuple[Row, ...]]:
    """The rows of each sheet that can be read, without examples and empty ones; what is wrong goes to `found`.

    What is left unread on purpose goes to `notes`.
    """
    try:
        package = open_package(content)
        workbook = CalamineWorkbook.from_filelike(BytesIO(package.stored()))
    except Unopenable as error:
        found.append(Problem("", 0, "", error.code, error.facts))
        return {}
    except CalamineError:
        found.append(Problem("", 0, "", ProblemCode.DAMAGED))
        return {}
    rows: dict[Sheet, tuple[Row, ...]] = {}
    there = [sheet for sheet in Sheet if _names(sheet, package)]
    is_past = any(sheet in PAST_SHEETS for sheet in there) and Sheet.UNITS not in there
    for sheet in Sheet:
        if sheet not in there and (is_past or sheet in PAST_SHEETS):
            continue
        name = _sheet_name(sheet, package, found)
        read = _read_sheet(sheet, name, package, workbook, found, notes) if name else None
        if read is not None:
            rows[sheet] = read
    return rows


def _names(sheet: Sheet, package: Package) -> list[str]:
    return [name for name in package.sheets if fold(clean(name)) == fold(SHEET_NAMES[sheet])]


def _sheet_name(sheet: Sheet, package: Package, found: list[Problem]) -> str:
    wanted = SHEET_NAMES[sheet]
    names = _names(sheet, package)
    if not names:
        found.append(Problem(wanted, 0, "", ProblemCode.SHEET_MISSING, (", ".join(map(clean, package.sheets)),)))
        return ""
    if len(names) > 1:
        found.append(Problem(wanted, 0, "", ProblemCode.SHEET_TWICE, (clean(names[1]),)))
    return names[0]


def _read_sheet(
    sheet: Sheet,
    name: str,
    package: Package,
    workbook: CalamineWorkbook,
    found: list[Problem],
    notes: list[Problem],
) -> tuple[Row, ...] | None:
    title = SHEET_NAMES[sheet]
    try:
        marks = SheetScan(package, name).marks
        content = workbook.get_sheet_by_name(name)
        grid = content.to_python(skip_empty_area=False)
    except Unopenable as error:
        found.append(Problem(title, 0, "", error.code, error.facts))
        return None
    except (CalamineError, WorksheetNotFound):
        found.append(Problem(title, 0, "", ProblemCode.DAMAGED))
        return None
    layout = _layout(sheet, grid, found, notes)
    if layout is None:
        return None
    _report_merged(title, content, layout, last_row=len(grid), found=found)
    return tuple(_rows(sheet, grid, layout, marks))


def _layout(
    sheet: Sheet, grid: Sequence[Sequence[Value]], found: list[Problem], notes: list[Problem]
) -> _Layout | None:
    title = SHEET_NAMES[sheet]
    headings = HEADINGS[sheet]
    candidates = [(_recognised(headings, cells), -index) for index, cells in enumerate(grid[:HEADING_ROWS])]
    count, minus_index = max(candidates, default=(0, 0))
    if count < 2:
        wanted = ", ".join(heading.title for heading in headings)
        found.append(Problem(title, 0, "", ProblemCode.HEADINGS_MISSING, (wanted,)))
        return None
    row = 1 - minus_index
    columns = _columns(title, row, headings, grid[row - 1], found)
    private = [clean(str(value)) for value in grid[row - 1] if _is_private(_heading_text(value))]
    if private:
        notes.append(Problem(title, row, "", ProblemCode.PRIVATE_COLUMNS, (", ".join(private),)))
    return _Layout(row, columns) if columns else None


def _heading_text(value: object) -> str:
    return fold(clean(value)).rstrip(" *:") if isinstance(value, str) else ""


def _is_private(text: str) -> bool:
    """Columns of offices' own files that no sheet of ours has, and that are never read."""
    return re.sub(r"^so ", "", text).startswith(PRIVATE_HEADINGS) or text.startswith(PRIVATE_HEADINGS)


def _titles(heading: Heading) -> frozenset[str]:
    return frozenset(fold(title) for title in (heading.title, *heading.also))


def _recognised(headings: tuple[Heading, ...], cells: Sequence[Value]) -> int:
    texts = {_heading_text(value) for value in cells}
    return sum(not _titles(heading).isdisjoint(texts) for heading in headings)


def _columns(
    title: str, row: int, headings: tuple[Heading, ...], cells: Sequence[Value], found: list[Problem]
) -> dict[Column, int] | None:
    """The column of each heading. Its own title comes before the other names, which two headings may share."""
    texts = [_heading_text(value) for value in cells]
    columns: dict[Column, int] = {}
    taken: set[int] = set()
    is_sound = True
    for exact in (True, False):
        for heading in headings:
            if heading.column in columns:
                continue
            names = {fold(heading.title)} if exact else _titles(heading)
            places = [index for index, text in enumerate(texts, start=1) if text in names and index not in taken]
            if not places:
                continue
            if len(places) > 1:
                label = f"{column_letters(places[1])} ({heading.title})"
                found.append(Problem(title, row, label, ProblemCode.HEADING_TWICE, (heading.title,)))
                is_sound = False
            columns[heading.column] = places[0]
            taken.update(places)
    unread = [(index, text) for index, text in enumerate(texts) if text and index + 1 not in taken]
    strange = [clean(str(cells[index])) for index, text in unread if not _is_private(text)]
    for heading in headings:
        if heading.column in columns:
            continue
        columns[heading.column] = 0
        # An optional column may be left out; beside a strange heading it is more likely misspelt.
        if heading.is_required or strange:
            facts = (heading.title, ", ".join(strange))
            found.append(Problem(title, row, "", ProblemCode.HEADING_MISSING, facts))
            is_sound = False
    return columns if is_sound else None


def _report_merged(title: str, content: CalamineSheet, layout: _Layout, *, last_row: int, found: list[Problem]) -> None:
    used = [column for column in layout.columns.values() if column]
    for (top, left), (bottom, right) in content.merged_cell_ranges or []:
        is_below = bottom + 1 >= layout.row and top + 1 <= last_row
        is_beside = left + 1 <= max(used) and right + 1 >= min(used)
        if is_below and is_beside:
            cells = f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
            found.append(Problem(title, top + 1, column_letters(left + 1), ProblemCode.MERGED_CELLS, (cells,)))


def _rows(
    sheet: Sheet, grid: Sequence[Sequence[Value]], layout: _Layout, marks: dict[tuple[int, int], str]
) -> Iterator[Row]:
    title = SHEET_NAMES[sheet]
    titles = {heading.column: heading.title for heading in HEADINGS[sheet]}
    last = max([len(grid), *(row for row, _ in marks)])
    for number in range(layout.row + 1, last + 1):
        values: Sequence[Value] = grid[number - 1] if number <= len(grid) else ()
        cells: dict[Column, Cell] = {}
        for column, place in layout.columns.items():
            value: Value = values[place - 1] if 0 < place <= len(values) else ""
            label = f"{column_letters(place)} ({titles[column]})" if place else titles[column]
            cells[column] = Cell(title, number, label, value, marks.get((number, place)))
        row = Row(number, cells)
        if not all(cell.is_empty for cell in cells.values()) and not _is_example(row[KEY_COLUMNS[sheet]]):
            yield row


def _is_example(cell: Cell) -> bool:
    word = fold(EXAMPLE_WORD)
    text = fold(shown(cell.value))
    return text.startswith(word) and not text[len(word) : len(word) + 1].isalnum()
