"""Names met with who and what the sender may see, and the way a reading is explained."""

from datetime import date

import pytest

from language.explain import explain
from language.known import Known, matched, meet
from language.understand import understand

TODAY = date(2026, 11, 21)
KNOWN = Known(
    ("Trần Thị Na", "Nguyễn Thị Na", "Lò Văn Thận", "Nguyễn Văn An"),
    (
        ("Chi bộ tổ dân phố 4", "Chi bộ tổ dân phố 4"),
        ("Chi bộ trường TH", "Chi bộ trường TH"),
        ("nà lùng", "Chi bộ thôn Nà Lùng"),
    ),
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("thận", "Lò Văn Thận"),
        ("lo van than", "Lò Văn Thận"),
        ("Lò Văn Thậm", "Lò Văn Thận"),
        ("N V An", "Nguyễn Văn An"),
    ],
)
def test_a_clear_winner_is_taken(typed: str, name: str) -> None:
    wishes, choices = meet(understand(f"đ/c {typed} đã nộp đơn xin vào Đảng", today=TODAY), KNOWN)

    assert [person.name for person in wishes[0].people] == [name]
    assert not wishes[0].needs
    assert not choices


def test_a_near_tie_is_asked_with_its_choices() -> None:
    read = matched("cô Na đã nộp đơn xin vào Đảng", today=TODAY, known=KNOWN)

    assert read["needs"] == ["name"]
    assert read["choices"] == {"Na": ["Trần Thị Na", "Nguyễn Thị Na"]}


def test_somebody_unknown_is_asked_for_and_nobody_is_suggested() -> None:
    read = matched("Vừ A Chống đã nộp đơn xin vào Đảng", today=TODAY, known=KNOWN)

    assert read["needs"] == ["name"]
    assert "choices" not in read


def test_a_new_member_need_not_be_known() -> None:
    wishes, choices = meet(understand("kết nạp Vừ A Chống 15/10", today=TODAY), KNOWN)

    assert not wishes[0].needs
    assert not choices


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tdp 4", "Chi bộ tổ dân phố 4"),
        ("trường tiểu học", "Chi bộ trường TH"),
        ("thôn Nà Lùng", "Chi bộ thôn Nà Lùng"),
    ],
)
def test_a_branch_is_found_by_its_short_form_or_alias(typed: str, name: str) -> None:
    wishes, _ = meet(understand(f"chi bộ {typed} kết nạp Vừ A Chống 15/10", today=TODAY), KNOWN)

    assert wishes[0].branch == name


def test_a_reading_is_explained_with_rule_and_runner_up() -> None:
    told = explain("em Na đã nộp đơn, kết nạp Lò Văn Thận 15/10", today=TODAY)
    rules = [clause["rule"] for clause in told["clauses"]]

    assert rules == ["candidate.update", "admission.read"]
    assert {"at": [3, 5], "kind": "name", "typed": "Na"} in told["clauses"][0]["found"]
    assert told["read"]["intent"] == "multi"


def test_what_is_cut_is_cut_in_the_explanation_too() -> None:
    told = explain("Trần Văn Hậu cccd 001099000000 đã nộp đơn", today=TODAY)

    assert "001099000000" not in str(told)
    assert told["cut"] == ["national_id"]
