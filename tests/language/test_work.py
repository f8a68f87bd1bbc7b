"""Work grows with the length of a message and not with its square, up to the longest: counted in steps, never timed."""

import re
import sys
from collections.abc import Iterator
from datetime import date

import pytest

from language.plain import LONGEST, clean, typed
from language.understand import understand
from tests.language.work import calls, finds, has_no_bound, moves, patterns

TODAY = date(2026, 11, 21)
PIECES = (
    "a ", "A", "1 ", "12 ", "0", "1/2 ", "15/10 ", "ngày 15/10 ", "1. Lò Văn A 12/10\n", "Nguyễn ", "Nguyễn Văn An, ",
    "kết nạp ", "kết nạp Nguyễn Văn A, ", "không ", "chưa ", "thôn 3 ", "chi bộ ", "chi bộ thôn ", "QĐ ", "số ", "đ/c ",
    "bố đi ", "bố mẹ ", "hồ sơ ", "là ", "mấy ", "ai ", "từ ", "sửa ", "nhầm ", "x,", ", ", "\n", " ", "🙂", "keets ",
    "H'", "giao cho ", "chỉ tiêu Chi bộ 1: 2, ", "tháng ", "0 9 ", "theo đạo ", "[", "?",
)  # fmt: skip
ROOM = 1.25
"""Twice the length may make so much more than twice the work: what is done once weighs less in the longer text."""

ANCHORED = frozenset(
    {
        "talk._CHOICE", "sentence._CEREMONY_AFTER", "sentence._RECEIVED_AFTER", "admission._INTRODUCER_AFTER",
        "commands._CODE_AND_YEAR",
    }
)  # fmt: skip
"""Asked of one place only, never looked for along a text."""


@pytest.fixture(autouse=True)
def deep_enough_for_the_walker() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    yield
    sys.setrecursionlimit(before)


def read(text: str) -> None:
    understand(text, today=TODAY)


def long_of(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def is_linear(shorter: int, longer: int) -> bool:
    return longer <= 2 * ROOM * shorter + 1000


@pytest.mark.campaign
@pytest.mark.parametrize("piece", PIECES)
def test_calls_grow_with_the_length_up_to_the_longest(piece: str) -> None:
    counts = [calls(lambda size=size: read(long_of(piece, size))) for size in (LONGEST // 2, LONGEST)]

    assert is_linear(*counts), counts


@pytest.mark.parametrize("piece", PIECES)
def test_calls_grow_with_the_length(piece: str) -> None:
    counts = [calls(lambda size=size: read(long_of(piece, size))) for size in (LONGEST // 8, LONGEST // 4)]

    assert is_linear(*counts), counts


def uneven(pieces: tuple[str, ...], length: int) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    for name, pattern in patterns().items():
        if not has_no_bound(pattern) or name.removeprefix("language.").removeprefix("senses.") in ANCHORED:
            continue
        for piece in pieces:
            flat = typed(clean(piece)).flat or piece
            counts = [moves(pattern, long_of(flat, size)) for size in (length, 2 * length)]
            if not is_linear(*counts):
                found[name] = (piece, counts[0], counts[1])
    return found


@pytest.mark.campaign
def test_moves_of_every_pattern_grow_with_the_length_of_every_text() -> None:
    assert uneven(PIECES, 256) == {}


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        (r"a+b", "a" * 40, False),
        (r"a{1,5}b", "a" * 40, True),
        (r"(?<!a)a+b", "a" * 40, True),
        (r"x[^;]*y", "x" * 40, False),
    ],
)
def test_the_walker_sees_a_square(pattern: str, text: str, *, wanted: bool) -> None:
    compiled = re.compile(pattern)

    assert (moves(compiled, text * 4) <= 2 * ROOM * moves(compiled, text * 2)) is wanted


@pytest.mark.parametrize(
    "pattern", [r"(?P<n>\d+)/(?P=n)", r"^\w+?\b(?:,|$)", r"(?:ab|a)(?!c)\s*[^\d,]", r"(?<=x )y{2,}"]
)
def test_the_walker_finds_what_the_real_engine_finds(pattern: str) -> None:
    """Its counts mean nothing if it walked another way."""
    compiled = re.compile(pattern)
    for text in ("12/12 x yyy, ab abc a1", "1/2", "", "x y x yyabc", "a, b"):
        assert finds(compiled, text) == [found.end() for found in compiled.finditer(text)]
