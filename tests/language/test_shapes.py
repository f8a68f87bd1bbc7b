"""A shape tells how something was said, and never of whom, when or how many."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.shapes import MARKS, VOCABULARY, shape
from language.vocabulary import GIVEN, SURNAMES
from tests.language.measure import actions, rows

NAMES = sorted(
    {
        person["name"]
        for part in ("development", "test")
        for row in rows(part)
        for one in actions(row.expected)
        for person in one.get("people", ())
    }
)
ALLOWED = {word for phrase in VOCABULARY for word in phrase.split()} | MARKS
SENTENCES = st.lists(
    st.one_of(st.sampled_from(sorted(VOCABULARY)), st.sampled_from(NAMES), st.text(max_size=12), st.dates().map(str))
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "shaped"),
    [
        ("mai đưa hồ sơ Lò Văn Thận ra xem nhé", "<words> ho so <name>"),
        ("Chi bộ thôn 3 họp bất thường ngày 15/10", "chi bo <words> <number> <words> <day>"),
        ("bao giờ kết nạp được 12 đ/c?", "bao gio ket nap duoc <number> d/c ?"),
        ("hôm 5 tháng 11 năm 2026", "<day>"),
        ("Nguyễn Văn Được nộp đơn", "<name> nop don"),
        ("", ""),
        ("🌹🙏", "<words>"),
    ],
)
def test_what_is_not_of_the_vocabulary_is_a_mark(text: str, shaped: str) -> None:
    assert shape(text) == shaped


@pytest.mark.hypothesis
@given(st.one_of(st.text(max_size=200), SENTENCES))
def test_nothing_outside_the_vocabulary_gets_into_a_shape(text: str) -> None:
    words = shape(text).split()

    assert set(words) <= ALLOWED
    assert not any(re.search(r"\d", word) for word in words)
    assert len(words) < 120


@pytest.mark.parametrize("written", [str, str.lower, str.upper, str.title])
def test_no_part_of_anybodys_name_gets_into_a_shape(written: type[str]) -> None:
    left = {name: shape(written(name)) for name in NAMES}

    assert len(NAMES) > 200
    assert {name: found for name, found in left.items() if not set(found.split()) <= {"<name>", "<words>"}} == {}


@pytest.mark.hypothesis
@given(st.text(max_size=400))
def test_a_shape_is_short_and_the_same_each_time(text: str) -> None:
    assert shape(text) == shape(text)
    assert len(shape(text)) < 1000


def test_no_surname_is_a_word_of_the_vocabulary_by_itself() -> None:
    assert {phrase for phrase in VOCABULARY if " " not in phrase} & (SURNAMES | GIVEN) == set()


def test_the_same_said_of_others_has_the_same_shape() -> None:
    assert shape("Điểm danh giúp em Hà Thị Xuân 12/11") == shape("điểm danh giúp em Vừ A Dơ ngày 3/10/2026")
