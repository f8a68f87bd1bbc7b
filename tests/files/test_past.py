"""The sheets of past years as offices fill them in: read whole, or every problem told; what is private is not read."""

from datetime import date
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.intents import Month
from domain.past import PlannedAdmission, PlannedCandidate
from domain.problems import ProblemCode
from domain.records import Stage
from files.workbook import read_office
from language import problems
from tests.files.sheets import ADMISSION_HEADINGS, codes_of, office, past, plan_of, problems_of, written

AGREED = date(2026, 10, 1)


def row(**cells: Any) -> tuple[Any, ...]:
    """A row of admissions: cells by the beginning of their heading, without accents and spaces."""
    names = (
        "so",
        "ma",
        "ten",
        "dong_y",
        "ngay",
        "ngay_qd",
        "so_qd",
        "nguoi",
        "sinh",
        "gioi",
        "dan_toc",
        "nghe",
        "khac",
    )
    filled = {"ma": "X1-1", "ten": "Lò Thị Dụ", "ngay": "15/10/2025"} | cells
    return tuple(filled.get(name) for name in names)


def test_people_and_figures_become_rows_of_the_plan() -> None:
    plan = plan_of(
        past(
            admissions=(
                row(
                    dong_y=AGREED, ngay_qd=date(2025, 9, 20), so_qd="12-QĐ/ĐU", sinh="05/1997", gioi="nu", dan_toc="tày"
                ),
                row(ten=None, ngay="10/2025", nguoi=3),
            ),
            candidates=(("X1-1", "GIÀNG A SỬ", "1/10/2026", "Đã học lớp cảm tình", None, None, 1999, "Nam"),),
        )
    )
    assert plan.admissions == (
        PlannedAdmission(
            "X1-1",
            "Lò Thị Dụ",
            AGREED,
            date(2025, 10, 15),
            date(2025, 9, 20),
            "12-QĐ/ĐU",
            birth_year=1997,
            birth_month=5,
            gender="nữ",
            ethnicity="Tày",
        ),
        PlannedAdmission("X1-1", ceremony_on=Month(2025, 10), count=3),
    )
    assert plan.candidates == (
        PlannedCandidate("X1-1", "Giàng A Sử", AGREED, Stage.CLASS_DONE, birth_year=1999, gender="nam"),
    )
    assert plan.notes == ()
    assert len(plan.digest) == 64


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("15/10/2025", date(2025, 10, 15)),
        (" 15.10.2025", date(2025, 10, 15)),
        ("2025-10-15", date(2025, 10, 15)),
        (date(2025, 10, 15), date(2025, 10, 15)),
        ("10/2025", Month(2025, 10)),
        ("Tháng 10/2025", Month(2025, 10)),
    ],
)
def test_a_day_is_read_as_typed_and_a_month_stays_a_month(typed: object, read: object) -> None:
    assert plan_of(past((row(ngay=typed),))).admissions[0].ceremony_on == read


@pytest.mark.parametrize("typed", ["05/1997", date(1997, 5, 21), "21/5/1997"])
def test_a_day_of_birth_is_not_kept(typed: object) -> None:
    (one,) = plan_of(past((row(sinh=typed),))).admissions
    assert (one.birth_year, one.birth_month) == (1997, 5)


def test_every_problem_is_told_with_its_place() -> None:
    content = past(
        admissions=(
            row(ten="Dụ", ngay="hôm qua"),
            row(ngay="13/2025", sinh="chín bảy", gioi="khác", dan_toc="Hobbit"),
            row(ten="Lò Thị Dụ 0912345678", so_qd="CCCD 012345678901"),
            row(nguoi=2),
            row(ten=None),
            row(ten=None, nguoi=0),
            row(ma=None, so="x"),
            row(khac="chắc thế", dong_y="rồi"),
        ),
        candidates=(("X1-1", None, None, "Đã kết nạp"),),
    )
    assert codes_of(content) == [
        (2, "B", ProblemCode.MISSING),
        (2, "D", ProblemCode.UNKNOWN_CHOICE),
        (2, "C", ProblemCode.NOT_A_NAME),
        (2, "E", ProblemCode.NOT_A_MONTH),
        (3, "E", ProblemCode.IMPOSSIBLE_DATE),
        (3, "I", ProblemCode.NOT_A_BIRTH),
        (3, "J", ProblemCode.UNKNOWN_CHOICE),
        (3, "K", ProblemCode.UNKNOWN_CHOICE),
        (4, "C", ProblemCode.PRIVATE_VALUE),
        (4, "G", ProblemCode.PRIVATE_VALUE),
        (5, "H", ProblemCode.COUNT_WITH_NAME),
        (6, "C", ProblemCode.NO_COUNT),
        (7, "H", ProblemCode.NO_COUNT),
        (8, "A", ProblemCode.NOT_WHOLE),
        (9, "D", ProblemCode.NOT_A_DATE),
        (9, "M", ProblemCode.UNKNOWN_CHOICE),
    ]
    for problem in problems_of(content):
        assert problems.sentence(problem).startswith(f"Trang “{problem.sheet}”, dòng {problem.row}, cột ")


def test_what_is_private_is_never_shown_back() -> None:
    (problem,) = problems_of(past((row(nghe="giáo viên, đt 0912 345 678"),)))
    assert "0912" not in problems.sentence(problem)


def test_a_name_that_is_wrong_is_told_by_its_place_alone() -> None:
    found = problems_of(past((row(ten="Dụ"), row(ten="Tr¨n Thi B"), row(ten="Lò Thị 3"))))
    assert [(each.code, each.facts) for each in found] == [
        (ProblemCode.NOT_A_NAME, ()),
        (ProblemCode.NAME_IN_OLD_FONT, ()),
        (ProblemCode.NOT_A_NAME, ()),
    ]


def test_columns_of_an_offices_own_file_that_are_private_are_not_read_and_that_is_said() -> None:
    headings = ("STT", *ADMISSION_HEADINGS, "Số CCCD", "Số điện thoại", "Quê quán", "Nơi ở hiện nay", "Tôn giáo")
    private = ("012345678901", "0912345678", "Nậm Vân", "bản Lùng", "Không")
    plan = plan_of(past((("1", *row(), *private),), admission_headings=headings))
    (note, unnamed) = plan.notes
    assert note.code == ProblemCode.PRIVATE_COLUMNS
    said = problems.notes(plan.notes)
    assert "không đọc, không lưu: Số CCCD, Số điện thoại, Quê quán, Nơi ở hiện nay, Tôn giáo" in said
    assert unnamed.code == ProblemCode.UNNAMED
    assert not any(value in repr(plan) for value in private[:4])


def test_private_columns_do_not_make_optional_ones_needed() -> None:
    content = written(
        {
            "Kết nạp": (
                ("Mã", "Họ tên", "Ngày kết nạp", "SĐT", "Căn cước"),
                ("X1-1", "Lò Thị Dụ", "15/10/2025", "09", "1"),
            )
        }
    )
    assert [one.name for one in plan_of(content).admissions] == ["Lò Thị Dụ"]


def test_people_without_a_day_of_consent_are_announced_as_figures() -> None:
    plan = plan_of(past((row(), row(ten="Giàng A Sử", dong_y=AGREED), row(ten=None, nguoi=2), row(so=4, ten="Lò A"))))
    assert [(note.code, note.facts) for note in plan.notes] == [(ProblemCode.UNNAMED, ("1",))]
    assert "không giữ họ tên" in problems.notes(plan.notes)


def test_a_correction_may_leave_every_other_cell_blank() -> None:
    content = past((row(so=31, ma=None, ten=None, ngay="16/10/2025"),))
    assert plan_of(content).admissions == (PlannedAdmission("", ceremony_on=date(2025, 10, 16), number=31),)


def test_past_years_may_come_with_the_whole_office_or_alone() -> None:
    assert plan_of(past((row(),))).units == ()
    both = written(
        {
            "Đơn vị": (("Mã", "Tên", "Loại", "Mã cấp trên"), ("X1", "Đảng bộ xã", "Đảng bộ cơ sở", None)),
            "Chỉ tiêu": (("Mã đơn vị", "Năm", "Chỉ tiêu"),),
            "Người phụ trách": (("Họ và tên", "Vai trò", "Mã đơn vị"),),
            "Kết nạp": (ADMISSION_HEADINGS, row(ma="X1")),
        }
    )
    assert len(plan_of(both).admissions) == 1
    assert plan_of(office()).admissions == ()


def test_text_that_looks_like_a_formula_stays_text() -> None:
    (one,) = plan_of(past((row(nghe="=cmd|' /C calc'!A0", so_qd="=1+1"),))).admissions
    assert (one.job, one.decision_no) == ("=cmd|' /C calc'!A0", "=1+1")
    assert codes_of(past((row(ten='=HYPERLINK("http://x")'),))) == [(2, "C", ProblemCode.NOT_A_NAME)]


def test_a_formula_without_a_value_is_told() -> None:
    def spoil(_: Workbook, sheets: dict[str, Worksheet]) -> None:
        value: Any = ""
        sheets["Kết nạp"].write_formula(1, 4, "=TODAY()", None, value)

    assert codes_of(past((row(ngay=None),), then=spoil)) == [(2, "E", ProblemCode.FORMULA_WITHOUT_VALUE)]


def test_a_thousand_columns_are_refused() -> None:
    wide = past((row(),), admission_headings=(*ADMISSION_HEADINGS, *(f"Cột {n}" for n in range(1000))))
    plan, (problem,) = read_office(wide)
    assert plan is None
    assert problem.code == ProblemCode.TOO_MANY_COLUMNS


def test_examples_are_never_read() -> None:
    assert plan_of(past((row(ma="Ví dụ: X1-1", ten="?", ngay="?"), row()))).admissions[0].name == "Lò Thị Dụ"
