"""The sheets of past years: people on the lists, and admissions one by one or as the figure of a month."""

from datetime import date
from functools import lru_cache

from domain.intents import Month
from domain.office import Problem
from domain.past import Place, PlannedAdmission, PlannedCandidate
from domain.problems import ProblemCode
from domain.records import Stage
from files import cells
from files.cells import Cell, optional, taken
from files.reading import Row
from language import sensitive
from language.headings import (
    ETHNICITY_WORDS,
    GENDER_WORDS,
    LABEL_OF_ADMITTED,
    LABEL_OF_LISTED,
    NO_WORDS,
    SHEET_NAMES,
    STAGE_WORDS,
    YES_WORDS,
    Column,
    Sheet,
)
from language.names import is_full
from language.spelling import proper

FIELDS: dict[Column, str] = {
    Column.NUMBER: "number",
    Column.UNIT: "unit_code",
    Column.PERSON: "name",
    Column.CONSENT_ON: "consent_on",
    Column.STAGE: "stage",
    Column.STAGE_ON: "stage_on",
    Column.CERTIFICATE_ON: "certificate_on",
    Column.CEREMONY_ON: "ceremony_on",
    Column.DECISION_ON: "decision_on",
    Column.DECISION_NO: "decision_no",
    Column.COUNT: "count",
    Column.BORN: "birth_year",
    Column.GENDER: "gender",
    Column.ETHNICITY: "ethnicity",
    Column.JOB: "job",
    Column.IS_OTHER: "is_other",
}
"""What a column fills in a planned row, so that a problem with it can say where it stands."""

_YES_NO = {True: YES_WORDS, False: NO_WORDS}


def read_candidates(rows: tuple[Row, ...], found: list[Problem]) -> tuple[PlannedCandidate, ...]:
    return tuple(_candidate(row, found) for row in rows)


def read_admissions(rows: tuple[Row, ...], found: list[Problem]) -> tuple[PlannedAdmission, ...]:
    return tuple(_admission(row, found) for row in rows)


def count_unnamed(candidates: tuple[PlannedCandidate, ...], admissions: tuple[PlannedAdmission, ...]) -> list[Problem]:
    """A note for each sheet with people whose names will not be kept."""
    new = [each for each in admissions if each.number is None]
    told = ((Sheet.CANDIDATES, candidates), (Sheet.ADMISSIONS, new))
    counts = [(sheet, sum(bool(each.name) and each.consent_on is None for each in rows)) for sheet, rows in told]
    return [Problem(SHEET_NAMES[sheet], 0, "", ProblemCode.UNNAMED, (str(count),)) for sheet, count in counts if count]


def _candidate(row: Row, found: list[Problem]) -> PlannedCandidate:
    year, month = optional(found, _born, row[Column.BORN], (None, None))
    return PlannedCandidate(
        unit_code=taken(found, cells.code, row[Column.UNIT], ""),
        name=taken(found, _name, row[Column.PERSON], ""),
        consent_on=optional(found, cells.day, row[Column.CONSENT_ON], None),
        stage=optional(found, _stage, row[Column.STAGE], Stage.LISTED),
        stage_on=optional(found, cells.day, row[Column.STAGE_ON], None),
        certificate_on=optional(found, cells.day, row[Column.CERTIFICATE_ON], None),
        birth_year=year,
        birth_month=month,
        gender=optional(found, _gender, row[Column.GENDER], None),
        ethnicity=optional(found, _ethnicity, row[Column.ETHNICITY], None),
        job=optional(found, _kept_words, row[Column.JOB], None),
        youth_union=optional(found, _yes, row[Column.YOUTH_UNION], None),
        is_other=optional(found, _yes, row[Column.IS_OTHER], False),
        label=LABEL_OF_LISTED,
        at=_place(row),
    )


def _admission(row: Row, found: list[Problem]) -> PlannedAdmission:
    """With a number any cell may be blank; otherwise it is somebody, or so many of a month."""
    number = optional(found, _number, row[Column.NUMBER], None)
    year, month = optional(found, _born, row[Column.BORN], (None, None))
    read_unit = taken if row[Column.NUMBER].is_empty else optional
    name_cell, count_cell = row[Column.PERSON], row[Column.COUNT]
    count = optional(found, _count, count_cell, None)
    if row[Column.NUMBER].is_empty and not name_cell.is_empty and not count_cell.is_empty:
        found.append(count_cell.problem(ProblemCode.COUNT_WITH_NAME))
    if row[Column.NUMBER].is_empty and name_cell.is_empty and count_cell.is_empty:
        found.append(name_cell.problem(ProblemCode.NO_COUNT))
    return PlannedAdmission(
        unit_code=read_unit(found, cells.code, row[Column.UNIT], ""),
        name=optional(found, _name, name_cell, ""),
        consent_on=optional(found, cells.day, row[Column.CONSENT_ON], None),
        ceremony_on=optional(found, _day_or_month, row[Column.CEREMONY_ON], None),
        decision_on=optional(found, cells.day, row[Column.DECISION_ON], None),
        decision_no=optional(found, _kept_words, row[Column.DECISION_NO], ""),
        count=count,
        birth_year=year,
        birth_month=month,
        gender=optional(found, _gender, row[Column.GENDER], None),
        ethnicity=optional(found, _ethnicity, row[Column.ETHNICITY], None),
        job=optional(found, _kept_words, row[Column.JOB], None),
        is_other=optional(found, _yes, row[Column.IS_OTHER], False),
        number=number,
        label=LABEL_OF_ADMITTED,
        at=_place(row),
    )


def _place(row: Row) -> Place:
    columns = {FIELDS[column]: cell.column for column, cell in row.cells.items() if column in FIELDS}
    first = next(iter(row.cells.values()))
    return Place(first.sheet, row.number, _shared(tuple(columns.items())))


@lru_cache(maxsize=64)
def _shared(columns: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """One mapping for all rows of a sheet."""
    return dict(columns)


def _number(cell: Cell) -> int:
    return cells.whole_number(cell)


def _count(cell: Cell) -> int:
    count = cells.whole_number(cell)
    if count == 0:
        raise cells.Unreadable(ProblemCode.NO_COUNT)
    return count


def _name(cell: Cell) -> str:
    """A whole name. What is wrong with one is told by its place alone: names stand nowhere but in the records."""
    try:
        name = proper(_kept_words(cell))
    except cells.Unreadable as error:
        if error.code is ProblemCode.OLD_FONT:
            raise cells.Unreadable(ProblemCode.NAME_IN_OLD_FONT) from None
        raise
    if not is_full(name) or not all(_is_of_name(letter) for letter in name):
        raise cells.Unreadable(ProblemCode.NOT_A_NAME)
    return name


def _is_of_name(letter: str) -> bool:
    return letter.isalpha() or letter in " '.-"


def _kept_words(cell: Cell) -> str:
    """Words that are kept: what must never be kept is refused, not cut, so that a person takes it out of the file."""
    text = cells.words(cell)
    if sensitive.cut(text).marks:
        raise cells.Unreadable(ProblemCode.PRIVATE_VALUE)
    return text


def _born(cell: Cell) -> tuple[int, int | None]:
    """Year and month; a day of birth is not kept."""
    return cells.year_and_month(cell)


def _day_or_month(cell: Cell) -> date | Month:
    return cells.day_or_month(cell)


def _stage(cell: Cell) -> Stage:
    return cells.choice(cell, STAGE_WORDS)


def _gender(cell: Cell) -> str:
    return cells.choice(cell, GENDER_WORDS)


def _ethnicity(cell: Cell) -> str:
    return cells.choice(cell, ETHNICITY_WORDS)


def _yes(cell: Cell) -> bool:
    return cells.choice(cell, _YES_NO)
