"""The office's workbook is read whole, or every problem in it is told at once."""

from datetime import date
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit, Problem
from domain.people import Role
from domain.problems import ProblemCode
from domain.quotas import Target, TargetShape
from domain.units import MemberCount, Sector, UnitKind
from files.workbook import read_office
from language.problems import sentence
from tests.files.sheets import (
    BRANCH,
    COMMUNE,
    PEOPLE_HEADINGS,
    QUOTA_HEADINGS,
    UNIT_HEADINGS,
    Rows,
    codes_of,
    office,
    plan_of,
    problems_of,
    rewritten,
    written,
)


def test_a_workbook_becomes_a_plan() -> None:
    content = office(
        units=(
            (*COMMUNE, "", "", "27.790", "31/12/2025"),
            (*BRANCH, "Khu dân cư", 23, date(2025, 12, 31), "thôn 1; thôn Một", "Có"),
        ),
        quotas=(("X1", 2026, "≥852", 900, "12-QĐ/ĐU", date(2026, 1, 15)), ("X1-1", "2026", "6-8")),
        people=(
            ("Hà Văn Ví", "Bí thư chi bộ", "X1-1"),
            ("Lò Thị Dụ", "Cấp ủy viên phụ trách", "X1; X1-1"),
        ),
    )
    assert plan_of(content) == OfficePlan(
        units=(
            PlannedUnit("X1", COMMUNE[1], UnitKind.GRASSROOTS, members=MemberCount(27790, date(2025, 12, 31))),
            PlannedUnit(
                "X1-1",
                BRANCH[1],
                UnitKind.BRANCH,
                parent_code="X1",
                sector=Sector.RESIDENTIAL,
                members=MemberCount(23, date(2025, 12, 31)),
                nobody_left=True,
                aliases=("thôn 1", "thôn Một"),
            ),
        ),
        quotas=(
            PlannedQuota("X1", "2026", Target(852, TargetShape.AT_LEAST), 900, "12-QĐ/ĐU", date(2026, 1, 15)),
            PlannedQuota("X1-1", "2026", Target(6, TargetShape.RANGE, 8)),
        ),
        people=(
            PlannedPerson("ha van vi", "Hà Văn Ví", Role.SECRETARY, "X1-1"),
            PlannedPerson("lo thi du", "Lò Thị Dụ", Role.MONITOR, "X1"),
            PlannedPerson("lo thi du", "Lò Thị Dụ", Role.MONITOR, "X1-1"),
        ),
    )


def test_headings_sheets_and_lists_are_read_whatever_their_accents_case_spaces_and_order() -> None:
    content = written(
        {
            "Ghi chú của tôi": (("không đọc trang này",),),
            " NGUOI PHU TRACH": (("ma don vi", "HỌ VÀ TÊN", "Chức vụ"), ("x1-1", "Lò Thị Dụ", "BI THU CHI BO")),
            "don vi": (
                ("DANH SÁCH ĐƠN VỊ",),
                (),
                ("Trực thuộc", "Tên\nđơn vị", "MA *", "loại  đơn vị"),
                ("", "Đảng bộ xã An Hòa", "X1", "đảng bộ  cơ sở"),
                ("x1", "Chi bộ thôn 1", "X1-1", "CHI BO"),
            ),
            "Chi tieu": (("Năm", "Chỉ tiêu", "Mã đơn vị"), (2026, 2, "X1-1")),
        }
    )
    plan = plan_of(content)
    assert [(unit.code, unit.parent_code, unit.kind) for unit in plan.units] == [
        ("X1", "", UnitKind.GRASSROOTS),
        ("X1-1", "X1", UnitKind.BRANCH),
    ]
    assert plan.quotas == (PlannedQuota("X1-1", "2026", Target(2)),)
    assert plan.people == (PlannedPerson("lo thi du", "Lò Thị Dụ", Role.SECRETARY, "X1-1"),)


def test_units_come_with_those_above_them_first() -> None:
    assert [unit.code for unit in plan_of(office(units=(BRANCH, COMMUNE))).units] == ["X1", "X1-1"]


def test_empty_rows_and_extra_columns_do_no_harm() -> None:
    units = (("",), COMMUNE, (None, "  "), (*BRANCH, *[""] * 5, "ghi chú của văn phòng"), ())
    assert len(plan_of(office(units=units)).units) == 2


def test_examples_left_in_are_not_read() -> None:
    content = office(
        units=(("Ví dụ: X09", "", "lạ"), ("VÍ DỤ", "x"), COMMUNE),
        quotas=(("vi du: X09", "?", "?"),),
        people=(("Ví dụ: Nguyễn Văn Mẫu", "?", "?"),),
    )
    assert [unit.code for unit in plan_of(content).units] == ["X1"]


def test_every_problem_is_told_with_its_place_and_nothing_is_taken() -> None:
    content = office(
        units=(
            COMMUNE,
            ("X1", "Chi bộ thôn 1", "chi đoàn", "X9", "rừng", "hai ba", "30/2/2026", "", "có lẽ"),
            ("", "Chi bộ thôn 2", "Chi bộ", "X1"),
            ("X1-3", "", "", "X1"),
        ),
        quotas=(("X8", 26, "8-6", -1, "", "hôm qua"), ("X1", 2026, "13", 12)),
        people=(("", "trưởng thôn", "X7; X1"), ("Lò Thị Dụ", "Quản trị kỹ thuật", "X1")),
    )
    found = [(each.sheet, each.row, each.column, ProblemCode(each.code)) for each in problems_of(content)]
    assert found == [
        ("Đơn vị", 3, "A (Mã)", ProblemCode.CODE_TWICE),
        ("Đơn vị", 3, "C (Loại)", ProblemCode.UNKNOWN_CHOICE),
        ("Đơn vị", 3, "D (Mã cấp trên)", ProblemCode.PARENT_UNKNOWN),
        ("Đơn vị", 3, "E (Lĩnh vực)", ProblemCode.UNKNOWN_CHOICE),
        ("Đơn vị", 3, "F (Số đảng viên)", ProblemCode.NOT_WHOLE),
        ("Đơn vị", 3, "G (Tính đến ngày)", ProblemCode.IMPOSSIBLE_DATE),
        ("Đơn vị", 3, "I (Không còn quần chúng)", ProblemCode.UNKNOWN_CHOICE),
        ("Đơn vị", 4, "A (Mã)", ProblemCode.MISSING),
        ("Đơn vị", 5, "B (Tên)", ProblemCode.MISSING),
        ("Đơn vị", 5, "C (Loại)", ProblemCode.MISSING),
        ("Chỉ tiêu", 2, "A (Mã đơn vị)", ProblemCode.UNIT_UNKNOWN),
        ("Chỉ tiêu", 2, "B (Năm)", ProblemCode.NOT_A_YEAR),
        ("Chỉ tiêu", 2, "C (Chỉ tiêu)", ProblemCode.RANGE_REVERSED),
        ("Chỉ tiêu", 2, "D (Phấn đấu)", ProblemCode.NEGATIVE),
        ("Chỉ tiêu", 2, "F (Ngày hiệu lực)", ProblemCode.NOT_A_DATE),
        ("Chỉ tiêu", 3, "D (Phấn đấu)", ProblemCode.STRETCH_TOO_LOW),
        ("Người phụ trách", 2, "A (Họ và tên)", ProblemCode.MISSING),
        ("Người phụ trách", 2, "B (Vai trò)", ProblemCode.UNKNOWN_CHOICE),
        ("Người phụ trách", 2, "C (Mã đơn vị)", ProblemCode.UNIT_UNKNOWN),
        ("Người phụ trách", 3, "B (Vai trò)", ProblemCode.ROLE_ELSEWHERE),
    ]


@pytest.mark.parametrize(
    ("units", "problem"),
    [
        ((COMMUNE, ("X1", "Chi bộ", "Chi bộ", "X1")), (3, "A", ProblemCode.CODE_TWICE)),
        ((COMMUNE, ("x1 ", "Chi bộ", "Chi bộ", "X1")), (3, "A", ProblemCode.CODE_TWICE)),
        ((COMMUNE, BRANCH, ("X1-2", "chi bo THON 1", "Chi bộ", "X1")), (4, "B", ProblemCode.NAME_TWICE)),
        ((COMMUNE, ("X1-1", "Chi bộ thôn 1", "Chi bộ", "X2")), (3, "D", ProblemCode.PARENT_UNKNOWN)),
        ((COMMUNE, ("X1-1", "Chi bộ thôn 1", "Chi bộ", "")), (3, "D", ProblemCode.SECOND_ROOT)),
        ((COMMUNE, ("X2", "Đảng bộ xã B", "Đảng bộ cơ sở", "X1")), (3, "D", ProblemCode.PARENT_LEVEL)),
        ((("X2", "Đảng bộ bộ phận B", "Đảng bộ bộ phận"),), (2, "D", ProblemCode.PARENT_NEEDED)),
        (((*COMMUNE, "X1"),), (2, "D", ProblemCode.PARENT_CIRCLE)),
        (((*COMMUNE, "", "", 23),), (2, "G", ProblemCode.COUNT_WITHOUT_DATE)),
        (((*COMMUNE, "", "", "", "1/1/2026"),), (2, "F", ProblemCode.DATE_WITHOUT_COUNT)),
        (((1.5, *COMMUNE[1:]),), (2, "A", ProblemCode.CODE_IS_A_NUMBER)),
        ((("X;1", *COMMUNE[1:]),), (2, "A", ProblemCode.CODE_HAS_SEPARATOR)),
        ((("X" * 4096, *COMMUNE[1:]),), (2, "A", ProblemCode.TOO_LONG)),
        ((), (0, "", ProblemCode.NO_UNITS)),
    ],
    ids=repr,
)
def test_units_that_make_no_tree_are_refused(units: Rows, problem: tuple[int, str, ProblemCode]) -> None:
    assert codes_of(office(units=units)) == [problem]


def test_a_circle_is_told_once_with_the_way_round() -> None:
    units = (
        ("T", "Đảng bộ tỉnh", "Đảng bộ cấp trên"),
        ("A", "Vùng A", "Đảng bộ cấp trên", "C"),
        ("B", "Vùng B", "Đảng bộ cấp trên", "A"),
        ("C", "Vùng C", "Đảng bộ cấp trên", "B"),
        ("D", "Vùng D", "Đảng bộ cấp trên", "C"),
    )
    (problem,) = problems_of(office(units=units))
    assert (problem.code, problem.facts) == (ProblemCode.PARENT_CIRCLE, ("A → C → B → A",))


def test_a_name_where_a_code_belongs_is_answered_with_the_code() -> None:
    content = office(units=(COMMUNE, (*BRANCH[:3], "đảng bộ xã an hòa")), quotas=(("chi bộ thôn 1", 2026, 2),))
    assert [each.facts[1] for each in problems_of(content)] == ["X1", "X1-1"]


def test_an_unread_kind_draws_no_further_complaint_about_levels() -> None:
    assert codes_of(office(units=((*COMMUNE[:2], "xã"), BRANCH))) == [(2, "C", ProblemCode.UNKNOWN_CHOICE)]


def test_the_same_unit_and_year_twice_is_refused() -> None:
    content = office(quotas=(("X1-1", 2026, 2), ("X1-1", 2027, 2), ("x1-1", "2026", 3)))
    assert codes_of(content) == [(4, "A", ProblemCode.QUOTA_TWICE)]


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ((("An", "Bí thư chi bộ", "X1"),), (2, "B", ProblemCode.ROLE_NEEDS_BRANCH)),
        (
            (("An", "Bí thư chi bộ", "X1-1"), ("an", "Đảng ủy cơ sở", "X1")),
            (3, "A", ProblemCode.SAME_NAME),
        ),
        (
            (("An", "Bí thư chi bộ", "X1-1", "1"), ("An", "Đảng ủy cơ sở", "X1")),
            (3, "A", ProblemCode.SAME_NAME),
        ),
        (
            (("An", "Bí thư chi bộ", "X1-1", "1"), ("Bình", "Đảng ủy cơ sở", "X1", 1)),
            (3, "D", ProblemCode.KEY_OF_TWO),
        ),
        (
            (("An", "Bí thư chi bộ", "X1-1", "1"), ("An", "Bí thư chi bộ", "X1-1", "1")),
            (3, "C", ProblemCode.POST_TWICE),
        ),
        ((("An", "Bí thư chi bộ", ""),), (2, "C", ProblemCode.MISSING)),
        ((("An", "", "X1-1"),), (2, "B", ProblemCode.MISSING)),
        ((("", "Bí thư chi bộ", "X1-1"),), (2, "A", ProblemCode.MISSING)),
    ],
    ids=repr,
)
def test_people_who_cannot_be_told_apart_or_placed_are_refused(
    people: Rows, problem: tuple[int, str, ProblemCode]
) -> None:
    assert codes_of(office(people=people)) == [problem]


def test_keys_tell_two_people_of_one_name_apart_and_join_the_posts_of_one() -> None:
    content = office(
        people=(("An", "Bí thư chi bộ", "X1-1", 1), ("An", "Đảng ủy cơ sở", "X1", 2), ("An", "Ban tổ chức", "X1", "2"))
    )
    assert [(person.key, person.role) for person in plan_of(content).people] == [
        ("1", Role.SECRETARY),
        ("2", Role.COMMITTEE),
        ("2", Role.ORGANISER),
    ]


def test_a_missing_sheet_is_named_beside_the_sheets_that_are_there() -> None:
    content = written({"Đơn vị": (UNIT_HEADINGS, COMMUNE), "Sheet1": ((),)})
    assert [(each.sheet, each.code, each.facts) for each in problems_of(content)] == [
        ("Chỉ tiêu", ProblemCode.SHEET_MISSING, ("Đơn vị, Sheet1",)),
        ("Người phụ trách", ProblemCode.SHEET_MISSING, ("Đơn vị, Sheet1",)),
    ]


def test_a_sheet_that_stands_there_twice_is_refused() -> None:
    content = written(
        {
            "Đơn vị": (UNIT_HEADINGS, COMMUNE),
            "DON VI": (UNIT_HEADINGS,),
            "Chỉ tiêu": (QUOTA_HEADINGS,),
            "Người phụ trách": (PEOPLE_HEADINGS,),
        }
    )
    assert codes_of(content) == [(0, "", ProblemCode.SHEET_TWICE)]


def with_unit_headings(*headings: str) -> bytes:
    return written(
        {
            "Đơn vị": (headings, COMMUNE) if headings else (),
            "Chỉ tiêu": (QUOTA_HEADINGS,),
            "Người phụ trách": (PEOPLE_HEADINGS,),
        }
    )


def test_sheets_without_headings_are_refused() -> None:
    assert codes_of(with_unit_headings()) == [(0, "", ProblemCode.HEADINGS_MISSING)]
    assert codes_of(with_unit_headings("a", "b", "c")) == [(0, "", ProblemCode.HEADINGS_MISSING)]


def test_a_missing_heading_is_named() -> None:
    (problem,) = problems_of(with_unit_headings("Mã", "Tên", "Mã cấp trên"))
    assert (problem.row, problem.code, problem.facts) == (1, ProblemCode.HEADING_MISSING, ("Loại", ""))


def test_a_misspelt_optional_heading_is_not_passed_over_in_silence() -> None:
    found = problems_of(with_unit_headings("Mã", "Tên", "Loại", "Mã cấp trên", "Sô đang viênn"))
    assert ("Số đảng viên", "Sô đang viênn") in [each.facts for each in found]


def test_a_heading_that_stands_there_twice_is_refused() -> None:
    found = codes_of(with_unit_headings(*UNIT_HEADINGS, "MÃ"))
    assert found == [(1, "J", ProblemCode.HEADING_TWICE)]


def test_merged_cells_are_refused_among_the_rows_and_allowed_in_a_title() -> None:
    def merge(book: Workbook, sheets: dict[str, Worksheet]) -> None:
        sheets["Đơn vị"].merge_range("D2:D3", "")
        sheets["Chỉ tiêu"].merge_range("A20:B21", "")

    (problem,) = problems_of(office(then=merge))
    assert (problem.sheet, problem.row, problem.code, problem.facts) == (
        "Đơn vị",
        2,
        ProblemCode.MERGED_CELLS,
        ("D2:D3",),
    )

    def title(book: Workbook, sheets: dict[str, Worksheet]) -> None:
        sheets["Đơn vị"].merge_range("A1:D1", "DANH SÁCH ĐƠN VỊ")

    content = written(
        {
            "Đơn vị": ((), UNIT_HEADINGS, COMMUNE),
            "Chỉ tiêu": (QUOTA_HEADINGS,),
            "Người phụ trách": (PEOPLE_HEADINGS,),
        },
        title,
    )
    assert len(plan_of(content).units) == 1


def put_formula(sheet: Worksheet, place: str, formula: str, value: Any) -> None:
    """With the value that Excel would have kept; XlsxWriter's own hints know of numbers only."""
    sheet.write_formula(place, formula, None, value)


def test_formulas_count_by_their_value_and_are_refused_without_one_or_with_an_error() -> None:
    def calculated(book: Workbook, sheets: dict[str, Worksheet]) -> None:
        put_formula(sheets["Đơn vị"], "B2", '="Đảng bộ xã "&"An Hòa"', "Đảng bộ xã An Hòa")

    assert plan_of(office(then=calculated)).units[0].name == "Đảng bộ xã An Hòa"

    def spoilt(book: Workbook, sheets: dict[str, Worksheet]) -> None:
        put_formula(sheets["Đơn vị"], "B2", "=1/0", "#DIV/0!")
        put_formula(sheets["Chỉ tiêu"], "C2", "=A9", "")

    content = office(quotas=(("X1", 2026, 5),), then=spoilt)
    # As programs write formulas that nothing has calculated yet.
    content = rewritten(content, {b"<f>A9</f><v></v>": b"<f>A9</f>"})
    assert codes_of(content) == [
        (2, "B", ProblemCode.CELL_ERROR),
        (2, "C", ProblemCode.FORMULA_WITHOUT_VALUE),
    ]


def test_hostile_text_comes_through_as_text() -> None:
    names = (
        '=HYPERLINK("http://x","bấm")',
        "+84 912",
        "-2+3",
        "@SUM(1)",
        "<script>alert(1)</script>",
        "_*~`[x](y)",
        "Tra\u0302\u0300n",
    )
    units = (COMMUNE, *((f"B{number}", name, "Chi bộ", "X1") for number, name in enumerate(names)))
    plan = plan_of(office(units=units))
    assert [unit.name for unit in plan.units[1:]] == [*names[:-1], "Trần"]


def test_the_same_file_read_twice_gives_the_same_plan() -> None:
    content = office(quotas=(("X1", 2026, 5),))
    assert read_office(content) == read_office(content)


def test_units_with_a_comma_between_are_told_what_separates_them() -> None:
    said = sentence(Problem("Người phụ trách", 2, "C (Mã đơn vị)", ProblemCode.UNIT_UNKNOWN, ("X1, X2", "")))
    assert "ngăn bằng dấu chấm phẩy: X1; X2" in said
