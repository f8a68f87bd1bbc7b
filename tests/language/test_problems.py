"""Each problem of a workbook is one Vietnamese line: where, what, and what to write instead."""

import re

import pytest

from domain.office import Problem
from domain.problems import ProblemCode
from language.problems import sentence, sentences

NOTES = frozenset({ProblemCode.PRIVATE_COLUMNS, ProblemCode.UNNAMED})
"""What was left out on purpose: there is nothing to mend."""

HOSTILE = "{0} <b>%s</b> " + "a" * 5000


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_sentence_that_says_what_to_do(code: ProblemCode) -> None:
    said = sentence(Problem("Đơn vị", 7, "C (Loại)", code, ("một", "hai", "ba")))
    assert said.startswith("Trang “Đơn vị”, dòng 7, cột C (Loại): ")
    assert code in NOTES or re.search(r"(?i)hãy|phải", said), "what to write instead"
    assert said[-1] in ".?"
    assert not re.search(r"[{}]", said)


def test_a_problem_of_the_whole_file_names_no_place() -> None:
    assert sentence(Problem("", 0, "", ProblemCode.PASSWORD)).startswith("Tệp đang đặt mật khẩu")


def test_a_problem_of_a_sheet_names_the_sheet_alone() -> None:
    said = sentence(Problem("Chỉ tiêu", 0, "", ProblemCode.SHEET_MISSING, ("Sheet1",)))
    assert said.startswith("Trang “Chỉ tiêu”: không có trang này trong tệp. Các trang đang có: Sheet1.")


def test_what_somebody_typed_is_cut_short_and_never_read_as_a_pattern() -> None:
    said = sentence(Problem("Đơn vị", 7, "D (Mã cấp trên)", ProblemCode.PARENT_UNKNOWN, (HOSTILE, "")))
    assert "{0} <b>%s</b>" in said
    assert len(said) < 250


def test_a_name_where_a_code_belongs_is_answered_with_the_code() -> None:
    said = sentence(Problem("Chỉ tiêu", 2, "A (Mã đơn vị)", ProblemCode.UNIT_UNKNOWN, ("chi bộ thôn 1", "X1-1")))
    assert said.endswith("Nếu là đơn vị tên như vậy thì mã là “X1-1”.")


def test_all_problems_are_listed_under_their_number() -> None:
    problem = Problem("Đơn vị", 7, "A (Mã)", ProblemCode.MISSING)
    assert sentences((problem, problem)).splitlines()[0] == "Tệp có 2 chỗ cần sửa:"
    assert len(sentences((problem, problem)).splitlines()) == 3
