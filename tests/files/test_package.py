"""Files that are no workbook, or a dangerous one, are refused in bounded time and memory."""

import random
import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from domain.problems import ProblemCode
from files import package
from files.package import column_letters, column_number
from files.workbook import read_office
from tests.files.sheets import BRANCH, COMMUNE, codes_of, office, plan_of, problems_of, rewritten

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DATA = b"<sheetData>"


def only_problem(content: bytes) -> ProblemCode:
    (problem,) = problems_of(content)
    assert (problem.sheet, problem.row, problem.column) == ("", 0, "")
    return ProblemCode(problem.code)


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ProblemCode.EMPTY_FILE),
        (b"Ma;Ten;Loai\n", ProblemCode.NOT_A_WORKBOOK),
        (b"%PDF-1.7", ProblemCode.NOT_A_WORKBOOK),
        (b"PK\x03\x04", ProblemCode.DAMAGED),
        (OLE + bytes(4096), ProblemCode.OLD_XLS),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), ProblemCode.PASSWORD),
        (bytes(package.LIMIT_FILE + 1), ProblemCode.TOO_BIG),
        (zipped({"word/document.xml": b"<w/>"}), ProblemCode.NOT_A_WORKBOOK),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), ProblemCode.NOT_A_WORKBOOK),
        (zipped({"xl/workbook.xml": b"<workbook"}), ProblemCode.DAMAGED),
        (zipped({f"x{number}": b"" for number in range(package.LIMIT_PARTS + 1)}), ProblemCode.DAMAGED),
    ],
    ids=["empty", "csv", "pdf", "cut zip", "xls", "password", "big", "docx", "ods", "cut xml", "many parts"],
)
def test_what_is_no_workbook_is_named(content: bytes, code: ProblemCode) -> None:
    assert only_problem(content) is code


def test_a_file_cut_anywhere_is_refused() -> None:
    content = office()
    for length in range(1, len(content), 97):
        assert read_office(content[:length])[0] is None


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    bomb = rewritten(office(), {}, extra={"xl/worksheets/sheet99.xml": bytes(package.LIMIT_UNPACKED + 1)})
    assert len(bomb) < package.MEGABYTE
    assert only_problem(bomb) is ProblemCode.TOO_BIG


def test_a_part_that_is_larger_than_it_says_is_not_unfolded() -> None:
    honest = zipped({"xl/workbook.xml": bytes(200_000)})
    lying = honest.replace(struct.pack("<I", 200_000), struct.pack("<I", 10))
    assert only_problem(lying) is ProblemCode.DAMAGED


def test_a_part_with_entities_is_refused() -> None:
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = rewritten(office(), {head + b"<workbook": head + entities + b"<workbook"})
    assert only_problem(content) is ProblemCode.DAMAGED


def test_more_rows_than_the_limit_are_refused_with_it() -> None:
    rows = [(f"X1-{number}", f"Chi bộ thôn {number}", "Chi bộ", "X1") for number in range(20_001)]
    (problem,) = problems_of(office(units=(COMMUNE, *rows), quotas=(("X1", 2026, 5),)))
    assert (problem.sheet, problem.code, problem.facts) == ("Đơn vị", ProblemCode.TOO_MANY_ROWS, ("20000",))


def test_a_province_of_six_thousand_branches_is_read() -> None:
    rows = [(f"X1-{number}", f"Chi bộ thôn {number}", "Chi bộ", "X1") for number in range(6_000)]
    assert len(plan_of(office(units=(COMMUNE, *rows))).units) == 6_001


def test_one_cell_far_away_does_not_make_a_giant_grid() -> None:
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    wide = DATA + b'<row r="1"><c r="XFD1"><v>1</v></c></row>'
    assert {each.code for each in problems_of(rewritten(office(), {b"</sheetData>": far}))} == {
        ProblemCode.TOO_MANY_ROWS
    }
    assert {each.code for each in problems_of(rewritten(office(), {DATA: wide}))} == {ProblemCode.TOO_MANY_COLUMNS}


def test_styled_but_empty_cells_far_below_do_no_harm() -> None:
    empty = b'<row r="900000" s="1"><c r="A900000" s="1"/></row></sheetData>'
    assert len(plan_of(rewritten(office(), {b"</sheetData>": empty})).units) == 2


def test_one_long_text_named_by_every_cell_is_refused() -> None:
    rows = [("X1", "a" * 30_000)] * 1_000
    found = problems_of(office(units=rows))
    assert ProblemCode.TOO_MUCH_TEXT in {each.code for each in found}


@pytest.mark.parametrize("reference", [b"A0", b"a2", b"A99999999999", b"\xc3\x84\x31", b"2A"])
def test_a_cell_with_an_impossible_place_is_refused(reference: bytes) -> None:
    content = rewritten(office(), {b'<c r="A2"': b'<c r="' + reference + b'"'})
    assert ProblemCode.DAMAGED in {code for _, _, code in codes_of(content)}


def test_a_text_that_is_not_in_the_list_of_texts_is_refused() -> None:
    content = rewritten(office(), {b"<v>0</v>": b"<v>999</v>"})
    assert ProblemCode.DAMAGED in {code for _, _, code in codes_of(content)}


def test_only_what_was_checked_is_read_when_a_name_stands_twice_in_the_package() -> None:
    content = BytesIO(office())
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(content, "a", ZIP_STORED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"<worksheet><nothing/></worksheet>")
    assert read_office(content.getvalue())[0] is None


def test_spoilt_files_never_raise() -> None:
    """A small seeded storm."""
    content = office(units=(COMMUNE, BRANCH), quotas=(("X1", 2026, 5),))
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(20261121)
    for _ in range(300):
        name = chance.choice(sorted(parts))
        spoilt = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        read_office(zipped(parts | {name: bytes(spoilt)}))


def test_columns_have_letters() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_letters(number)) == number for number in range(1, 2_000))
