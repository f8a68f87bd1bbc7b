"""Writes workbooks as people fill them in, right and wrong, with XlsxWriter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.office import OfficePlan, Problem
from domain.problems import ProblemCode
from files.workbook import read_office

UNIT_HEADINGS = (
    "Mã",
    "Tên",
    "Loại",
    "Mã cấp trên",
    "Lĩnh vực",
    "Số đảng viên",
    "Tính đến ngày",
    "Tên gọi khác",
    "Không còn quần chúng",
)
QUOTA_HEADINGS = ("Mã đơn vị", "Năm", "Chỉ tiêu", "Phấn đấu", "Số quyết định", "Ngày hiệu lực")
PEOPLE_HEADINGS = ("Họ và tên", "Vai trò", "Mã đơn vị", "Mã người")
CANDIDATE_HEADINGS = (
    *("Mã đơn vị", "Họ và tên", "Đồng ý (ngày)", "Bước", "Ngày của bước", "Ngày cấp giấy chứng nhận"),
    *("Tháng, năm sinh", "Giới tính", "Dân tộc", "Nghề nghiệp", "Đoàn viên", "Người khác"),
)
ADMISSION_HEADINGS = (
    *("Số", "Mã đơn vị", "Họ và tên", "Đồng ý (ngày)", "Ngày kết nạp", "Ngày quyết định", "Số quyết định", "Số người"),
    *("Tháng, năm sinh", "Giới tính", "Dân tộc", "Nghề nghiệp", "Người khác"),
)

Rows = Sequence[Sequence[Any]]

COMMUNE = ("X1", "Đảng bộ xã An Hòa", "Đảng bộ cơ sở")
BRANCH = ("X1-1", "Chi bộ thôn 1", "Chi bộ", "X1")


def written(sheets: Mapping[str, Rows], then: Callable[[Workbook, dict[str, Worksheet]], None] | None = None) -> bytes:
    """A workbook with these sheets; `then` may spoil it."""
    packed = BytesIO()
    with Workbook(packed, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        made: dict[str, Worksheet] = {}
        for name, rows in sheets.items():
            made[name] = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    match value:
                        case None:
                            pass
                        case datetime():
                            made[name].write_datetime(number, place, value, day)
                        case date():
                            made[name].write_datetime(number, place, datetime.combine(value, time.min), day)
                        case str():
                            made[name].write_string(number, place, value)
                        case _:
                            made[name].write(number, place, value)
        if then:
            then(book, made)
    return packed.getvalue()


def office(
    units: Rows = (COMMUNE, BRANCH),
    quotas: Rows = (),
    people: Rows = (),
    then: Callable[[Workbook, dict[str, Worksheet]], None] | None = None,
) -> bytes:
    """A workbook with the right sheets and headings, and these rows below them."""
    sheets = {
        "Đơn vị": (UNIT_HEADINGS, *units),
        "Chỉ tiêu": (QUOTA_HEADINGS, *quotas),
        "Người phụ trách": (PEOPLE_HEADINGS, *people),
    }
    return written(sheets, then)


def past(
    admissions: Rows = (),
    candidates: Rows = (),
    *,
    admission_headings: Sequence[str] = ADMISSION_HEADINGS,
    then: Callable[[Workbook, dict[str, Worksheet]], None] | None = None,
) -> bytes:
    """A workbook of past years alone: the units are known already."""
    sheets = {"Nguồn": (CANDIDATE_HEADINGS, *candidates), "Kết nạp": (admission_headings, *admissions)}
    return written(sheets, then)


def plan_of(content: bytes) -> OfficePlan:
    plan, problems = read_office(content)
    assert problems == ()
    assert plan is not None
    return plan


def problems_of(content: bytes) -> tuple[Problem, ...]:
    plan, problems = read_office(content)
    assert plan is None, "all or nothing"
    assert problems
    return problems


def codes_of(content: bytes) -> list[tuple[int, str, ProblemCode]]:
    """Row, column letter and code of each problem."""
    return [(each.row, each.column.partition(" ")[0], ProblemCode(each.code)) for each in problems_of(content)]


def rewritten(content: bytes, changes: Mapping[bytes, bytes], extra: Mapping[str, bytes] | None = None) -> bytes:
    """The same package with some of its XML changed, and with `extra` parts."""
    packed = BytesIO()
    changed = 0
    with ZipFile(BytesIO(content)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in changes.items():
                changed += part.count(before)
                part = part.replace(before, after)
            new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    assert changed or not changes, "nothing was changed"
    return packed.getvalue()
