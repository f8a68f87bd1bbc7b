import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.zalo_text import LONGEST, MOST_PARTS, parts_of, split, units, written
from domain.messages import NumberedChoice, Outgoing, Text

PIECES = st.sampled_from(
    ["Chi bộ thôn Nà Ngược", " ", "\n", "\n\n", ". ", "! ", "👩‍👩‍👧‍👦", "🇻🇳", "e\u0302\u0323", "👍🏽", "x" * 40]
    + ["https://ketnap.example.vn/file/abcdefghijklmnop.0123456789abcdef"]
)


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(st.lists(PIECES, max_size=120).map("".join), st.integers(120, 400))
def test_parts_fit_and_together_they_are_the_whole(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert without_blanks("".join(parts)) == without_blanks(text)
    assert all(0 < units(part) <= longest for part in parts)


@given(st.lists(PIECES, max_size=120).map(" ".join), st.integers(120, 400))
def test_no_link_and_no_sign_is_cut_in_two(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert [link for part in parts for link in re.findall(r"https?://\S+", part)] == re.findall(r"https?://\S+", text)
    assert not any(unicodedata.combining(part[0]) or part[0] in "\u200d\ufe0f🏽" for part in parts)
    assert sum(part.count("🇻🇳") for part in parts) == text.count("🇻🇳")
    assert sum(part.count("👩‍👩‍👧‍👦") for part in parts) == text.count("👩‍👩‍👧‍👦")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a" * 60 + "\n\n" + "b" * 20 + "\n" + "c" * 60, "a" * 60),
        ("a" * 20 + "\n\n" + "b" * 50 + "\n" + "c" * 60, "a" * 20 + "\n\n" + "b" * 50),
        ("a" * 60 + ". " + "b" * 20 + " " + "c" * 60, "a" * 60 + "."),
        ("a" * 30 + " " + "b" * 90, "a" * 30),
        ("a" * 150, "a" * 100),
        ("a" * 90 + "https://x.vn/" + "b" * 60, "a" * 90),
    ],
    ids=["paragraph", "line", "sentence", "word", "letters", "link"],
)
def test_a_part_ends_where_it_reads_best(text: str, first: str) -> None:
    assert split(text, 100)[0] == first


def test_forty_branches_with_the_longest_names_go_whole_line_by_line() -> None:
    name = "Chi bộ Trường Phổ thông Dân tộc bán trú Trung học cơ sở và Tiểu học xã Thượng Sơn Thành phố Hồ Chí Minh"
    choices = tuple(NumberedChoice(number, f"{name} {number}") for number in range(1, 41))
    parts = split(written(Outgoing(((Text("Chi bộ nào?"),),), choices, question_id=1)))
    assert len(parts) <= 4
    assert [row for part in parts for row in part.split("\n") if row][1:] == [
        f"{number}. {name} {number}" for number in range(1, 41)
    ]
    assert all(units(part) <= LONGEST for part in parts)


def test_what_would_take_too_many_parts_is_cut_and_says_so_and_keeps_its_choices() -> None:
    rows = tuple((Text(f"Chi bộ thôn {number}: 0/2" + " chữ" * 100),) for number in range(40))
    choices = tuple(NumberedChoice(number, f"Xem thôn {number}") for number in range(4, 10))
    message = Outgoing(rows, choices, if_cut="(Còn nữa.)")
    parts = parts_of(message)

    assert len(split(written(message))) > MOST_PARTS == len(parts)
    assert all(units(part) <= LONGEST for part in parts)
    assert parts[-1] == "(Còn nữa.)\n\n" + "\n".join(f"{each.number}. {each.label}" for each in choices)
    assert parts[0].startswith("Chi bộ thôn 0: 0/2")
