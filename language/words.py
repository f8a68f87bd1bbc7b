"""A sentence cut into words, with the phrases known to stand around names marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from language.plain import Typed, fits, fold
from language.vocabulary import ACCENTED_STOPS, ADDRESS, ANCHORS, SEPARATORS, STOPS, SURNAMES, TITLES

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]*)*|\d+|[^\s\w]|_")


class Mark(StrEnum):
    """What a word is to a name."""

    STOP = "stop"
    ANCHOR = "anchor"
    TITLE = "title"
    ADDRESS = "address"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `is_free` where no known phrase covers it, `sex` of a word of address."""

    start: int
    end: int
    typed: str
    bare: str
    is_letters: bool
    mark: Mark | None = None
    sex: str = ""
    is_single: bool = True
    is_exact: bool = True
    """Whether it is spelled as the phrase that covers it, or without any accents."""

    @property
    def is_capital(self) -> bool:
        return self.typed[:1].isupper()


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    mark: Mark
    sex: str = ""


def _table() -> dict[str, tuple[_Phrase, ...]]:
    found: dict[str, dict[tuple[str, ...], _Phrase]] = {}

    def put(phrases: Iterable[str], mark: Mark) -> None:
        for phrase in phrases:
            words = tuple(_WORD.findall(phrase))
            found.setdefault(fold(words[0]), {})[words] = _Phrase(words, mark, ADDRESS.get(phrase, ""))

    put(ACCENTED_STOPS, Mark.STOP)
    put(STOPS, Mark.STOP)
    put(SEPARATORS, Mark.SEPARATOR)
    put(ANCHORS, Mark.ANCHOR)
    put(TITLES, Mark.TITLE)
    put(ADDRESS, Mark.ADDRESS)
    put(("và", "với", "cùng", "còn"), Mark.SEPARATOR)
    return {
        first: tuple(sorted(phrases.values(), key=lambda phrase: -len(phrase.words)))
        for first, phrases in found.items()
    }


_PHRASES = _table()
_AS_TYPED = (
    frozenset(ACCENTED_STOPS) - frozenset(STOPS) - frozenset(ADDRESS) - frozenset(ANCHORS) - frozenset(SEPARATORS)
)


def split(laid: Typed, covered: Iterable[tuple[int, int]]) -> list[Word]:
    """The words of a sentence; what other readers have taken is covered and left out."""
    taken = {at for start, end in covered for at in range(start, end)}
    words: list[Word] = []
    for found in _WORD.finditer(laid.flat):
        start, end = found.span()
        if not taken.isdisjoint(range(start, end)):
            continue
        original = laid.original(start, end)
        words.append(Word(start, end, original, found[0], found[0][0].isalpha()))
    return _marked(words)


def _marked(words: list[Word]) -> list[Word]:
    out = list(words)
    at = 0
    while at < len(words):
        phrase = _phrase_at(words, at)
        if phrase is None:
            at += 1
            continue
        size = len(phrase.words)
        for offset in range(size):
            word = words[at + offset]
            out[at + offset] = Word(
                word.start, word.end, word.typed, word.bare, word.is_letters, phrase.mark, phrase.sex, size == 1,
                word.typed.isascii() or word.typed.lower() == phrase.words[offset],
            )  # fmt: skip
        at += size
    return out


def _phrase_at(words: list[Word], at: int) -> _Phrase | None:
    found: _Phrase | None = None
    for phrase in _PHRASES.get(words[at].bare, ()):
        if found is not None and len(phrase.words) < len(found.words):
            break
        size = len(phrase.words)
        if at + size > len(words) or not _fits_all(words, at, phrase.words) or _is_somebody(words, at, size):
            continue
        if size == 1 and phrase.words[0] in _AS_TYPED and not _is_as_typed(words[at], phrase.words[0]):
            continue
        last = words[at + size - 1]
        is_surname = last.bare in SURNAMES and (size > 1 or last.typed.isascii() or last.is_capital)
        follower = words[at + size].bare if at + size < len(words) else ""
        beyond = words[at + size + 1].bare if at + size + 1 < len(words) else ""
        if is_surname and follower in ("thi", "van") and beyond not in AFTER_THEN:
            # "ket nap dang thi mai": here Đặng is a surname, not the Party.
            continue
        if is_surname and size > 1 and last.is_capital and not words[at].is_capital and _capital_at(words, at + size):
            # "kết nạp Lại Hoàng Đông": a capital that goes on is a name.
            continue
        if all(words[at + offset].typed.lower() == part for offset, part in enumerate(phrase.words)):
            return phrase
        found = found or phrase
    return found


AFTER_THEN = frozenset("phai la moi duoc dc co khong ko chua da se lam can nen cu con de xet chuyen sao".split())
"""Behind these "thi" is "thì": `co quyet dinh thi phai lam le`."""


def _is_as_typed(word: Word, phrase: str) -> bool:
    return word.typed.lower() == phrase and (not word.is_capital or word.typed.isupper())


def _capital_at(words: list[Word], at: int) -> bool:
    return at < len(words) and words[at].is_capital


_PROPER = frozenset("chi dang d dong doan hoi ban bi truong cong mat quan co dan thanh vao viet".split())
"""First words of phrases that are written with capitals inside a sentence (Chi Bộ, Đảng Ủy)."""


def _is_somebody(words: list[Word], at: int, size: int) -> bool:
    """ "Phan Công Năm" in a sentence with small letters is no "phân công"."""
    if at == 0 or size < 2 or words[at].bare in _PROPER:
        return False
    run = words[at : at + size]
    is_capital = all(word.is_capital and not (word.typed.isupper() and len(word.typed) > 1) for word in run)
    return is_capital and any(word.is_letters and word.typed[0].islower() for word in words)


def _fits_all(words: list[Word], at: int, wanted: tuple[str, ...]) -> bool:
    for offset, word in enumerate(wanted):
        typed_word = words[at + offset]
        if offset and words[at + offset - 1].end + 1 < typed_word.start:
            return False
        if not fits(typed_word.typed, word):
            return False
    return True
