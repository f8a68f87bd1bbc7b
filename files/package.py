"""Opens an .xlsx without trusting it: bounded in size, counted before it is read, and only its checked parts kept.

What is wrong with a file as a whole is found here; `files.reading` sees only packages that are small and sound.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from domain.problems import ProblemCode

MEGABYTE = 2**20
LIMIT_FILE = 10 * MEGABYTE
LIMIT_UNPACKED = 64 * MEGABYTE
LIMIT_PARTS = 2_000
LIMIT_ROWS = 20_000
LIMIT_COLUMNS = 60
LIMIT_TEXT = 16_000_000
"""Characters in one sheet: one long shared text named by every cell would otherwise fill the memory."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|styles|sharedStrings)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[^/]+\.xml"
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Attributes = dict[str, str]


class Unopenable(Exception):
    """The file or the sheet cannot be read at all: a code and its facts."""

    def __init__(self, code: ProblemCode, *facts: str) -> None:
        super().__init__(code, *facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that are read, unpacked, and the part of each sheet by the sheet's name."""

    parts: dict[str, bytes]
    sheets: dict[str, str]
    text_lengths: tuple[int, ...]

    def stored(self) -> bytes:
        """The same parts packed again: what was checked is what is read, whatever else the file held."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
        return packed.getvalue()


def open_package(content: bytes) -> Package:
    """Unpack and check; raises `Unopenable`."""
    if not content:
        raise Unopenable(ProblemCode.EMPTY_FILE)
    if len(content) > LIMIT_FILE:
        raise Unopenable(ProblemCode.TOO_BIG, str(LIMIT_FILE // MEGABYTE))
    if content.startswith(_OLE):
        raise Unopenable(ProblemCode.PASSWORD if _ENCRYPTED in content else ProblemCode.OLD_XLS)
    if not content.startswith(b"PK"):
        raise Unopenable(ProblemCode.NOT_A_WORKBOOK)
    parts = _unpacked(content)
    if "xl/workbook.xml" not in parts:
        raise Unopenable(ProblemCode.NOT_A_WORKBOOK)
    return Package(parts, _sheets(parts), _text_lengths(parts.get("xl/sharedStrings.xml", b"")))


def _unpacked(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    room = LIMIT_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > LIMIT_PARTS:
                raise Unopenable(ProblemCode.DAMAGED)
            for entry in entries:
                name = entry.filename.replace("\\", "/").lstrip("/")
                if not _NEEDED.fullmatch(name):
                    continue
                if entry.flag_bits & 0x1:
                    raise Unopenable(ProblemCode.PASSWORD)
                with archive.open(entry) as packed:
                    part = packed.read(room + 1)
                room -= len(part)
                if room < 0:
                    raise Unopenable(ProblemCode.TOO_BIG, str(LIMIT_UNPACKED // MEGABYTE))
                parts[name] = part
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unopenable(ProblemCode.DAMAGED) from error
    return parts


def _parse(
    xml: bytes,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through an XML part; names come without their namespace. Anything unsound is `Unopenable`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unopenable(ProblemCode.DAMAGED)

    def started(name: str, attributes: Attributes) -> None:
        start(name.rpartition(" ")[2], attributes)

    def ended(name: str) -> None:
        if end:
            end(name.rpartition(" ")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unopenable(ProblemCode.DAMAGED) from error


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    def sheet(name: str, attributes: Attributes) -> None:
        if name != "sheet":
            return
        key = next((value for label, value in attributes.items() if label.endswith(" id")), "")
        part = targets.get(key, "")
        if part in parts:
            sheets[attributes.get("name", "")] = part

    _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), start=relation)
    _parse(parts["xl/workbook.xml"], start=sheet)
    return sheets


def _text_lengths(xml: bytes) -> tuple[int, ...]:
    lengths: list[int] = []
    if not xml:
        return ()

    def start(name: str, _: Attributes) -> None:
        if name == "si":
            lengths.append(0)

    def text(words: str) -> None:
        if lengths:
            lengths[-1] += len(words)

    _parse(xml, start=start, text=text)
    return tuple(lengths)


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    kind: str
    has_formula: bool = False
    has_value: bool = False
    pieces: list[str] = field(default_factory=list[str])

    @property
    def value(self) -> str:
        return "".join(self.pieces)


class SheetScan:
    """One pass over a sheet before it is read: how far it reaches, and the cells that have no honest value.

    `marks` gives such cells by (row, column), counted from 1: what Excel shows for an error, or an empty text for
    a formula that was never calculated.
    """

    def __init__(self, package: Package, name: str) -> None:
        self.marks: dict[tuple[int, int], str] = {}
        self._lengths = package.text_lengths
        self._row = 0
        self._column = 0
        self._cell: _Cell | None = None
        self._is_value = False
        self._text_length = 0
        _parse(package.parts[package.sheets[name]], start=self._start, end=self._end, text=self._text)

    def _start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case "c":
                self._begin_cell(attributes)
            case "f" if self._cell:
                self._cell.has_formula = True
            case "v" | "t" if self._cell:
                self._cell.has_value = True
                self._is_value = True
            case _:
                pass

    def _begin_cell(self, attributes: Attributes) -> None:
        row, column = self._row, self._column + 1
        reference = attributes.get("r")
        if reference is not None:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise Unopenable(ProblemCode.DAMAGED)
            row, column = int(found[2]), column_number(found[1])
        self._row, self._column = row, column
        self._cell = _Cell(row, column, attributes.get("t", "n"))

    def _text(self, words: str) -> None:
        if self._is_value and self._cell:
            self._cell.pieces.append(words)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_value = False
        if name != "c" or self._cell is None:
            return
        self._look_at(self._cell)
        self._cell = None

    def _look_at(self, cell: _Cell) -> None:
        value = cell.value
        if not cell.has_value and not cell.has_formula:
            return
        if cell.row > LIMIT_ROWS:
            raise Unopenable(ProblemCode.TOO_MANY_ROWS, str(LIMIT_ROWS))
        if cell.column > LIMIT_COLUMNS:
            raise Unopenable(ProblemCode.TOO_MANY_COLUMNS, str(LIMIT_COLUMNS))
        self._text_length += self._length(cell.kind, value)
        if self._text_length > LIMIT_TEXT:
            raise Unopenable(ProblemCode.TOO_MUCH_TEXT)
        if cell.kind == "e":
            self.marks[cell.row, cell.column] = value or "#N/A"
        elif cell.has_formula and not value and (cell.kind != "str" or not cell.has_value):
            self.marks[cell.row, cell.column] = ""

    def _length(self, kind: str, value: str) -> int:
        if kind != "s" or not value:
            return len(value)
        index = int(value)
        if not 0 <= index < len(self._lengths):
            raise Unopenable(ProblemCode.DAMAGED)
        return self._lengths[index]


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
