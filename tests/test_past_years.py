"""Past years by the operator's hand: checked, imported, imported again, put right and undone, from real .xlsx files."""

from pathlib import Path

from storage.tables import batches, candidates, entries
from tests.desk import Desk
from tests.files.sheets import past

HEAD = (None, "B1")


def workbook(desk: Desk, *rows: tuple[object, ...], name: str = "past.xlsx") -> str:
    path = Path(desk.place / name)
    path.write_bytes(past(rows))
    return str(path)


def test_last_year_is_checked_imported_once_and_undone_as_a_whole(desk: Desk) -> None:
    desk.with_office()
    rows = (
        (*HEAD, "Lò Thị Dụ", "1/10/2026", "15/10/2025", "20/9/2025", "12-QĐ/ĐU"),
        (*HEAD, "Giàng A Sử", None, "16/10/2025"),
        (*HEAD, None, None, "9/2025", None, None, 3),
    )
    file = workbook(desk, *rows)
    checked = desk("import", file, "--check")
    assert checked.exit_code == 0
    assert "1 người chưa có ngày đồng ý" in checked.output
    assert "Would be: entries added 3, without name 1" in checked.output
    assert desk.count(entries) == desk.count(batches) == 0

    done = desk("import", file)
    assert "Done: entries added 3, without name 1" in done.output
    assert "Batch 1. To undo it: python bot.py import --undo 1" in done.output
    again = desk("import", file)
    assert "Done: unchanged 3" in again.output
    assert "as batch 1" in again.output
    assert desk.count(entries) == 3

    corrected = workbook(desk, (1, None, None, None, "17/10/2025"), name="again.xlsx")
    assert "entry 1: ceremony_on 15/10/2025 -> 17/10/2025" in desk("import", corrected, "--check").output
    assert "entries corrected 1" in desk("import", corrected).output

    would = desk("import", "--undo", "1", "--check")
    assert "Would be undone: entries 2, people 1" in would.output
    assert "entries 1" in would.output.splitlines()[1]
    assert "Undone: entries 1, people 0" in desk("import", "--undo", "2").output
    undone = desk("import", "--undo", "1")
    assert undone.exit_code == 0
    assert "Undone: entries 2, people 1" in undone.output
    for number in ("1", "77"):
        assert desk("import", "--undo", number).exit_code == 1
    assert desk.count(candidates) == 2


def test_what_does_not_go_together_with_the_records_is_told_by_sheet_row_and_column(desk: Desk) -> None:
    desk.with_office()
    twice = (*HEAD, "Lò Thị Dụ", "1/10/2026", "15/10/2025")
    unknown = (None, "B77", "Giàng A Sử", None, "15/10/2027")
    refused = desk("import", workbook(desk, twice, twice, unknown))
    assert refused.exit_code == 1
    assert "Tệp có 3 chỗ cần sửa:" in refused.output
    assert "Trang “Kết nạp”, dòng 3, cột C (Họ và tên): người này đã ghi ở dòng 2." in refused.output
    assert "Trang “Kết nạp”, dòng 4, cột B (Mã đơn vị): không có đơn vị nào mang mã “B77”." in refused.output
    assert "Trang “Kết nạp”, dòng 4, cột E (Ngày kết nạp): ngày 15/10/2027 chưa tới." in refused.output
    assert desk.count(entries) == 0


def test_one_thing_at_a_time_is_asked_of_an_import(desk: Desk) -> None:
    assert desk("import").exit_code == 2
    assert desk("import", "past.xlsx", "--undo", "1").exit_code == 2
