"""Which of the known names was meant."""

import pytest

from domain.quotas import Target, TargetShape
from language.matching import best
from language.numbers import read_target
from language.plain import fits
from language.telex import undo

BRANCHES = [
    (name, name)
    for name in (
        "Chi bộ thôn 3",
        "Chi bộ thôn 13",
        "Chi bộ thôn Nà Lùng",
        "Chi bộ thôn Nà Lùm",
        "Chi bộ trường THCS",
        "Chi bộ trường TH",
    )
]
PEOPLE = [(name, name) for name in ("Trần Thị Na", "Nguyễn Thị Na", "Lò Văn Thận", "Vừ A Chống")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("thôn 3", ("Chi bộ thôn 3",)),
        ("thon 03", ("Chi bộ thôn 3",)),
        ("thôn 33", ()),
        ("nà lùng", ("Chi bộ thôn Nà Lùng",)),
        ("na lum", ("Chi bộ thôn Nà Lùm",)),
        ("trường THCS", ("Chi bộ trường THCS",)),
        ("truong th", ("Chi bộ trường TH",)),
        ("quân sự", ()),
        ("trường tiểu học", ("Chi bộ trường TH",)),
    ],
)
def test_a_branch_is_matched_by_its_own_words_and_its_number(query: str, found: tuple[str, ...]) -> None:
    assert best(query, BRANCHES) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Na", ("Trần Thị Na", "Nguyễn Thị Na")),
        ("tran thi na", ("Trần Thị Na",)),
        ("Lò Văn Thậm", ("Lò Văn Thận",)),
        ("a chống", ("Vừ A Chống",)),
        ("Lò Văn Hặc", ()),
        ("", ()),
    ],
)
def test_a_person_is_matched_whole_in_part_or_with_a_slip(query: str, found: tuple[str, ...]) -> None:
    assert best(query, PEOPLE) == found


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("13", Target(13)),
        ("6-8", Target(6, TargetShape.RANGE, 8)),
        ("6–8", Target(6, TargetShape.RANGE, 8)),
        (">=13", Target(13, TargetShape.AT_LEAST)),
        ("≥13", Target(13, TargetShape.AT_LEAST)),
        ("từ 852 trở lên", Target(852, TargetShape.AT_LEAST)),
        ("ít nhất 3", Target(3, TargetShape.AT_LEAST)),
        ("từ 6 đến 8", Target(6, TargetShape.RANGE, 8)),
        ("hai", Target(2)),
        ("8-6", None),
        ("nhiều", None),
        ("", None),
    ],
)
def test_a_target_is_read_as_number_minimum_or_range(typed: str, target: Target | None) -> None:
    assert read_target(typed) == target


@pytest.mark.parametrize(
    ("typed", "word", "same"),
    [
        ("hoà", "hòa", True),
        ("dang", "đảng", True),
        ("đang", "đảng", True),
        ("Lê", "lễ", False),
        ("Đặng", "đảng", False),
        ("lể", "lễ", True),
        ("Trương", "trường", False),
    ],
)
def test_a_word_may_lack_accents_but_not_have_others(typed: str, word: str, same: bool) -> None:
    assert fits(typed, word) is same


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("keets najp nguyeenx vawn toanf", "kết nạp nguyễn văn toàn"),
        ("kết nạpj đc Hùng", "kết nạp đc Hùng"),
        ("Pơloong Thị Blưn", "Pơloong Thị Blưn"),
        ("Y Bhiu Nie", "Y Bhiu Nie"),
    ],
)
def test_keystrokes_left_of_telex_are_undone_and_ethnic_names_are_not(typed: str, meant: str) -> None:
    assert undo(typed) == meant
