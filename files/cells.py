"""Reads one cell of the office's workbook: what a person may have meant, or why it cannot be taken."""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from domain.intents import Month
from domain.office import Problem
from domain.problems import ProblemCode
from domain.quotas import Target, TargetShape
from language.headings import AT_LEAST_AFTER, AT_LEAST_BEFORE, RANGE_BEFORE, RANGE_BETWEEN, YEAR_BEFORE
from language.plain import fold

LIMIT_CODE = 64
LIMIT_NAME = 200
LIMIT_COUNT = 10_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_BIRTH = 1900
SEPARATOR = ";"

Value = int | float | str | bool | time | date | datetime | timedelta
Chosen = TypeVar("Chosen")
Read = TypeVar("Read")
Default = TypeVar("Default")

_LARGEST_EXACT = 10**15
_GROUPED = re.compile(r"[0-9]{1,3}([., ])[0-9]{3}(\1[0-9]{3})*")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_MONTH_FIRST = re.compile(r"(?:thang )?([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})")
_AT_LEAST_FIRST = re.compile(rf"(?:>=|=>|≥|⩾|{'|'.join(AT_LEAST_BEFORE)})\s*([0-9.,]+)(?:\s*{AT_LEAST_AFTER})?")
_AT_LEAST_LAST = re.compile(rf"([0-9.,]+)\s*(?:\+|{AT_LEAST_AFTER})")
_RANGE = re.compile(rf"(?:{RANGE_BEFORE}\s+)?([0-9.,]+)\s*(?:-|–|—|~|{'|'.join(RANGE_BETWEEN)})\s*([0-9.,]+)")
_YEAR = re.compile(rf"(?:{YEAR_BEFORE}\s+)?([0-9]{{4}})")
_OLD_FONT = frozenset("¨©ª«¬®µ¶·¸¹»¼½¾¿¡¢£¤¥¦§")
"""Signs that stand for Vietnamese letters in fonts of the TCVN3 age and in no Vietnamese name."""


class Unreadable(Exception):
    """A cell that cannot be taken: a code and its facts."""

    def __init__(self, code: ProblemCode, *facts: str) -> None:
        super().__init__(code, *facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place, as the person sees it. `mark` is set where Excel has no honest value to show."""

    sheet: str
    row: int
    column: str
    value: Value = ""
    mark: str | None = None

    def problem(self, code: ProblemCode, *facts: str) -> Problem:
        return Problem(self.sheet, self.row, self.column, code, facts)

    @property
    def is_empty(self) -> bool:
        return self.mark is None and isinstance(self.value, str) and not clean(self.value)

    def honest(self) -> Value:
        """The value, unless it is an error or a formula that was never calculated."""
        match self.mark:
            case None:
                return self.value
            case "":
                raise Unreadable(ProblemCode.FORMULA_WITHOUT_VALUE)
            case shown:
                raise Unreadable(ProblemCode.CELL_ERROR, shown)


def taken(found: list[Problem], read: Callable[[Cell], Read], cell: Cell, default: Default) -> Read | Default:
    """What the cell says; where it cannot be read, the reason is kept and reading goes on with the default."""
    try:
        return read(cell)
    except Unreadable as error:
        found.append(cell.problem(error.code, *error.facts))
        return default


def optional(found: list[Problem], read: Callable[[Cell], Read], cell: Cell, default: Default) -> Read | Default:
    """The same for a cell that may be empty."""
    return default if cell.is_empty else taken(found, read, cell, default)


def clean(text: str) -> str:
    """Composed accents, no control or invisible characters, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = unicodedata.normalize("NFC", "".join(map(_visible, composed)))
    return " ".join(composed.split())


def _visible(letter: str) -> str:
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter


def shown(value: Value) -> str:
    """A value as the person sees it in the sheet, near enough to find it."""
    match value:
        case str():
            return clean(value)
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < _LARGEST_EXACT:
            return str(int(value))
        case datetime() | date():
            return f"{value.day:02}/{value.month:02}/{value.year}"
        case _:
            return str(value)


def words(cell: Cell, *, limit: int = LIMIT_NAME) -> str:
    """A name or other free text."""
    text = shown(cell.honest())
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    if len(text) > limit:
        raise Unreadable(ProblemCode.TOO_LONG, str(len(text)), str(limit))
    if not _OLD_FONT.isdisjoint(text):
        raise Unreadable(ProblemCode.OLD_FONT, text)
    return text


def separated(cell: Cell, *, limit: int = LIMIT_NAME) -> tuple[str, ...]:
    """Several texts in one cell, each once, whatever its case and accents."""
    value = cell.honest()
    parts = re.split(r"[;\n]", value) if isinstance(value, str) else [shown(value)]
    seen: dict[str, str] = {}
    for part in parts:
        if clean(part):
            text = words(Cell(cell.sheet, cell.row, cell.column, part), limit=limit)
            seen.setdefault(fold(text), text)
    return tuple(seen.values())


def code(cell: Cell, *, limit: int = LIMIT_CODE) -> str:
    """A unit's code. A number that Excel may have shortened is refused: 38.160 would come as 38.16."""
    value = cell.honest()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value) or value != int(value) or abs(value) >= _LARGEST_EXACT:
            raise Unreadable(ProblemCode.CODE_IS_A_NUMBER, shown(value))
    elif not isinstance(value, str):
        raise Unreadable(ProblemCode.CODE_IS_A_NUMBER, shown(value))
    text = words(cell, limit=limit)
    if SEPARATOR in text:
        raise Unreadable(ProblemCode.CODE_HAS_SEPARATOR, text)
    return text


def codes(cell: Cell) -> tuple[str, ...]:
    """One or several codes of units."""
    value = cell.honest()
    if isinstance(value, str):
        found = separated(cell, limit=LIMIT_CODE)
        if not found:
            raise Unreadable(ProblemCode.MISSING)
        return found
    return (code(cell),)


def choice(cell: Cell, among: Mapping[Chosen, Collection[str]]) -> Chosen:
    """One of a list, whatever its case, accents and spaces. The first word of each is the one on the list."""
    text = shown(cell.honest())
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    folded = fold(text)
    for chosen, names in among.items():
        if any(_folded_word(name) == folded for name in names):
            return chosen
    listed = ", ".join(next(iter(names)) for names in among.values())
    raise Unreadable(ProblemCode.UNKNOWN_CHOICE, text, listed)


@lru_cache(maxsize=256)
def _folded_word(word: str) -> str:
    """A word of our own lists, asked for again with every row."""
    return fold(word)


def whole_number(cell: Cell) -> int:
    """A count: 27790, or typed as 27.790."""
    value = cell.honest()
    text = shown(value)
    match value:
        case bool() | date() | time() | timedelta():
            raise Unreadable(ProblemCode.NOT_WHOLE, text)
        case int() | float():
            if not math.isfinite(value) or value != int(value):
                raise Unreadable(ProblemCode.NOT_WHOLE, text)
            number = int(value)
        case str():
            number = _typed_number(text)
    if number < 0:
        raise Unreadable(ProblemCode.NEGATIVE, text)
    if number > LIMIT_COUNT:
        raise Unreadable(ProblemCode.TOO_GREAT, text, str(LIMIT_COUNT))
    return number


def _typed_number(text: str) -> int:
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    sign, digits = (-1, text[1:].strip()) if text[0] in "-−" else (1, text)
    if _GROUPED.fullmatch(digits):
        digits = re.sub(r"[^0-9]", "", digits)
    if not re.fullmatch(r"[0-9]{1,15}", digits):
        raise Unreadable(ProblemCode.NOT_WHOLE, text)
    return sign * int(digits)


def day(cell: Cell) -> date:
    """A date, or one typed as d/m/yyyy."""
    value = cell.honest()
    match value:
        case datetime():
            found = value.date()
        case date():
            found = value
        case str():
            found = _typed_day(clean(value))
        case _:
            raise Unreadable(ProblemCode.NOT_A_DATE, shown(value))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(ProblemCode.IMPOSSIBLE_DATE, shown(found))
    return found


def _typed_day(text: str) -> date:
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    if found := _DAY_FIRST.fullmatch(text):
        day_text, month_text, year_text = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year_text, month_text, day_text = found.groups()
    else:
        raise Unreadable(ProblemCode.NOT_A_DATE, text)
    try:
        return date(int(year_text), int(month_text), int(day_text))
    except ValueError as error:
        raise Unreadable(ProblemCode.IMPOSSIBLE_DATE, text) from error


def day_or_month(cell: Cell) -> date | Month:
    """A date, or where no more is known its month: 10/2025."""
    value = cell.honest()
    found = _MONTH_FIRST.fullmatch(fold(value)) if isinstance(value, str) else None
    if found is None:
        try:
            return day(cell)
        except Unreadable as error:
            if error.code is ProblemCode.NOT_A_DATE:
                raise Unreadable(ProblemCode.NOT_A_MONTH, *error.facts) from error
            raise
    month = Month(int(found[2]), int(found[1]))
    if not 1 <= month.month <= 12 or not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise Unreadable(ProblemCode.IMPOSSIBLE_DATE, shown(value))
    return month


def year_and_month(cell: Cell) -> tuple[int, int | None]:
    """When somebody was born: 1997, 05/1997, or a whole date, of which the day is not taken."""
    value = cell.honest()
    text = shown(value)
    folded = fold(text)
    if isinstance(value, date):
        born, month = value.year, value.month
    elif found := _DAY_FIRST.fullmatch(folded):
        born, month = int(found[3]), int(found[2])
    elif found := _YEAR_FIRST.fullmatch(folded):
        born, month = int(found[1]), int(found[2])
    elif found := _MONTH_FIRST.fullmatch(folded):
        born, month = int(found[2]), int(found[1])
    elif found := _YEAR.fullmatch(folded):
        born, month = int(found[1]), None
    else:
        raise Unreadable(ProblemCode.NOT_A_BIRTH, text)
    if not FIRST_BIRTH <= born <= LAST_YEAR or (month is not None and not 1 <= month <= 12):
        raise Unreadable(ProblemCode.NOT_A_BIRTH, text)
    return born, month


def year(cell: Cell) -> int:
    """A year: 2026, "2026" or "Năm 2026"."""
    text = shown(cell.honest())
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    found = _YEAR.fullmatch(fold(text))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Unreadable(ProblemCode.NOT_A_YEAR, text)
    return int(found[1])


def target(cell: Cell) -> Target:
    """13, at least so many ("≥13", "13 trở lên"), or a range ("6-8")."""
    value = cell.honest()
    if isinstance(value, date):
        raise Unreadable(ProblemCode.TARGET_IS_A_DATE)
    if not isinstance(value, str):
        return Target(whole_number(cell))
    text = clean(value)
    if not text:
        raise Unreadable(ProblemCode.MISSING)
    folded = fold(text)
    if text[0] in "-−" and re.fullmatch(r"[-−]\s*[0-9.,]+", text):
        raise Unreadable(ProblemCode.NEGATIVE, text)
    if found := _RANGE.fullmatch(folded):
        return _range(_part(cell, found[1], text), _part(cell, found[2], text))
    if found := _AT_LEAST_FIRST.fullmatch(folded) or _AT_LEAST_LAST.fullmatch(folded):
        return Target(_part(cell, found[1], text), TargetShape.AT_LEAST)
    return Target(_part(cell, text, text))


def _part(cell: Cell, digits: str, text: str) -> int:
    try:
        return whole_number(Cell(cell.sheet, cell.row, cell.column, digits))
    except Unreadable as error:
        if error.code is ProblemCode.NOT_WHOLE:
            raise Unreadable(ProblemCode.NOT_A_TARGET, text) from error
        raise


def _range(low: int, high: int) -> Target:
    if low > high:
        raise Unreadable(ProblemCode.RANGE_REVERSED, str(low), str(high))
    return Target(low, TargetShape.RANGE, high)


def written(target: Target) -> str:
    """A target as it stands in a cell."""
    match target.shape:
        case TargetShape.NUMBER:
            return str(target.low)
        case TargetShape.AT_LEAST:
            return f"≥{target.low}"
        case TargetShape.RANGE:
            return f"{target.low}-{target.high}"
