"""What a cell may hold and how it is understood."""

from datetime import date, datetime

import pytest

from domain.problems import ProblemCode
from domain.quotas import Target, TargetShape
from files import cells
from files.cells import Cell, Unreadable, Value


def cell(value: Value, mark: str | None = None) -> Cell:
    return Cell("Đơn vị", 2, "A (Mã)", value, mark)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        (13.0, Target(13)),
        ("13", Target(13)),
        (" 1.700 ", Target(1700)),
        ("0", Target(0)),
        ("≥13", Target(13, TargetShape.AT_LEAST)),
        (">= 13", Target(13, TargetShape.AT_LEAST)),
        ("≥ 1.000", Target(1000, TargetShape.AT_LEAST)),
        ("Ít nhất 13", Target(13, TargetShape.AT_LEAST)),
        ("TỐI THIỂU 13", Target(13, TargetShape.AT_LEAST)),
        ("từ 13 trở lên", Target(13, TargetShape.AT_LEAST)),
        ("13 trở lên", Target(13, TargetShape.AT_LEAST)),
        ("13+", Target(13, TargetShape.AT_LEAST)),
        ("6-8", Target(6, TargetShape.RANGE, 8)),
        ("6 – 8", Target(6, TargetShape.RANGE, 8)),
        ("6 đến 8", Target(6, TargetShape.RANGE, 8)),
        ("từ 6 tới 8", Target(6, TargetShape.RANGE, 8)),
        ("8-8", Target(8, TargetShape.RANGE, 8)),
    ],
    ids=repr,
)
def test_a_target_is_read_in_every_usual_spelling(typed: Value, target: Target) -> None:
    assert cells.target(cell(typed)) == target


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8-6", ProblemCode.RANGE_REVERSED),
        ("-3", ProblemCode.NEGATIVE),
        (-3.0, ProblemCode.NEGATIVE),
        (2.5, ProblemCode.NOT_WHOLE),
        ("2,5", ProblemCode.NOT_A_TARGET),
        ("2,5%", ProblemCode.NOT_A_TARGET),
        ("> 13", ProblemCode.NOT_A_TARGET),
        ("<13", ProblemCode.NOT_A_TARGET),
        ("mười ba", ProblemCode.NOT_A_TARGET),
        ("6-8-10", ProblemCode.NOT_A_TARGET),
        ("6-", ProblemCode.NOT_A_TARGET),
        ("99999999999", ProblemCode.TOO_GREAT),
        (date(2026, 8, 6), ProblemCode.TARGET_IS_A_DATE),
        (datetime(2026, 8, 6), ProblemCode.TARGET_IS_A_DATE),  # noqa: DTZ001 - as a sheet gives it
        (True, ProblemCode.NOT_WHOLE),
        ("", ProblemCode.MISSING),
    ],
    ids=repr,
)
def test_a_doubtful_target_is_refused_and_never_guessed(typed: Value, code: ProblemCode) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.target(cell(typed))
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (27790.0, 27790),
        (0.0, 0),
        ("27790", 27790),
        ("27.790", 27790),
        ("27,790", 27790),
        ("27 790", 27790),
        ("27\u00a0790", 27790),
        ("1.234.567", 1234567),
        (" 23 ", 23),
    ],
    ids=repr,
)
def test_numbers_are_read_with_and_without_their_dots(typed: Value, number: int) -> None:
    assert cells.whole_number(cell(typed)) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (27.79, ProblemCode.NOT_WHOLE),
        ("27.79", ProblemCode.NOT_WHOLE),
        ("1.234,567", ProblemCode.NOT_WHOLE),
        ("hơn 1.700", ProblemCode.NOT_WHOLE),
        ("một", ProblemCode.NOT_WHOLE),
        (float("nan"), ProblemCode.NOT_WHOLE),
        (float("inf"), ProblemCode.NOT_WHOLE),
        (date(2026, 1, 1), ProblemCode.NOT_WHOLE),
        ("-1", ProblemCode.NEGATIVE),
        (1e15, ProblemCode.TOO_GREAT),
        ("٣", ProblemCode.NOT_WHOLE),
    ],
    ids=repr,
)
def test_what_is_no_count_is_refused(typed: Value, code: ProblemCode) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.whole_number(cell(typed))
    assert refused.value.code is code


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 2, 3),
        datetime(2026, 2, 3, 23, 59),  # noqa: DTZ001 - as a sheet gives it
        "3/2/2026",
        "03/02/2026",
        "3-2-2026",
        "3.2.2026",
        " 3 / 2 / 2026 ",
        "2026-02-03",
        "2026-02-03 00:00:00",
    ],
    ids=repr,
)
def test_dates_are_read_as_dates_and_as_text_with_the_day_first(typed: Value) -> None:
    assert cells.day(cell(typed)) == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30/2/2026", ProblemCode.IMPOSSIBLE_DATE),
        ("3/13/2026", ProblemCode.IMPOSSIBLE_DATE),
        ("3/2/1026", ProblemCode.IMPOSSIBLE_DATE),
        (date(1926, 2, 3), ProblemCode.IMPOSSIBLE_DATE),
        ("3/2/26", ProblemCode.NOT_A_DATE),
        ("3/2", ProblemCode.NOT_A_DATE),
        ("tháng 2", ProblemCode.NOT_A_DATE),
        (46056.0, ProblemCode.NOT_A_DATE),
        (True, ProblemCode.NOT_A_DATE),
    ],
    ids=repr,
)
def test_what_is_no_day_is_refused(typed: Value, code: ProblemCode) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.day(cell(typed))
    assert refused.value.code is code


@pytest.mark.parametrize("typed", [2026.0, "2026", " Năm 2026 ", "NAM 2026"])
def test_a_year_is_read_as_number_and_as_text(typed: Value) -> None:
    assert cells.year(cell(typed)) == 2026


@pytest.mark.parametrize("typed", ["26", "2025-2030", 20.26, 1926.0, 2101.0, date(2026, 1, 1), "năm nay"])
def test_what_is_no_year_is_refused(typed: Value) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.year(cell(typed))
    assert refused.value.code is ProblemCode.NOT_A_YEAR


@pytest.mark.parametrize(
    ("typed", "code"),
    [("X01", "X01"), (" X  01 ", "X 01"), (1.0, "1"), ("001", "001"), ("38.168.053.000.001", "38.168.053.000.001")],
)
def test_a_code_is_any_text(typed: Value, code: str) -> None:
    assert cells.code(cell(typed)) == code


@pytest.mark.parametrize("typed", [38.168, 1e20, float("nan"), True, date(2026, 1, 1)])
def test_a_code_that_excel_may_have_changed_is_refused(typed: Value) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.code(cell(typed))
    assert refused.value.code is ProblemCode.CODE_IS_A_NUMBER


def test_names_come_composed_and_without_control_or_invisible_signs() -> None:
    assert cells.words(cell("  Tra\u0302\u0300n\u200b Thi\u0323\x01 \u202eHoa\u0300\n A ")) == "Trần Thị Hoà A"


def test_a_name_in_a_font_of_old_is_named_as_such() -> None:
    with pytest.raises(Unreadable) as refused:
        cells.words(cell("NguyÔn V¨n Hïng"))
    assert refused.value.code is ProblemCode.OLD_FONT


def test_a_name_of_four_thousand_letters_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        cells.words(cell("a" * 4096))
    assert (refused.value.code, refused.value.facts) == (ProblemCode.TOO_LONG, ("4096", "200"))


def test_html_and_formula_signs_are_plain_text() -> None:
    for text in ("<b>An</b>", "=1+1", "+84", "@SUM(A1)", "_An_ *Bình*", '=HYPERLINK("http://x","y")'):
        assert cells.words(cell(text)) == text


def test_several_names_in_a_cell_are_each_taken_once() -> None:
    assert cells.separated(cell(" thôn 1; Thôn Một ;THON 1;;\nTổ 3 ")) == ("thôn 1", "Thôn Một", "Tổ 3")


def test_cells_without_an_honest_value_say_why() -> None:
    with pytest.raises(Unreadable) as refused:
        cells.words(cell("", mark=""))
    assert refused.value.code is ProblemCode.FORMULA_WITHOUT_VALUE
    with pytest.raises(Unreadable) as refused:
        cells.words(cell("", mark="#REF!"))
    assert (refused.value.code, refused.value.facts) == (ProblemCode.CELL_ERROR, ("#REF!",))
