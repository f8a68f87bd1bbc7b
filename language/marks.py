"""Who and where: the people and the branches of a sentence, marked word by word, each with how sure that is.

The marks come from a conditional random field (CRFsuite) over words, their neighbours and what the words may be: part of
a name, a word of our language, a number. It was taught by `tests/language/teach.py` from the project's own messages
with invented names; it runs on this machine alone, and the same sentence is marked the same way for ever.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from language.field import asked
from language.peoples import PEOPLES
from language.plain import Typed, fold
from language.telex import is_syllable
from language.vocabulary import ACCENTED_STOPS, ACCENTED_SURNAMES, ADDRESS, ANCHORS, SEPARATORS, STOPS, SURNAMES, TITLES

MODEL = "marks"

NOTHING = "O"
PERSON = ("P1", "P2", "P3", "P4")
"""The first word of a name, the second, the third, and any after it."""
BRANCH = ("B1", "B2")

_WORD = re.compile(r"\d+(?:[./\-]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*'?|\n|[^\s\w]|_")
_DIGITS = re.compile(r"\d+")
_EDGE = "<>"


def _in(*tables: Sequence[str]) -> frozenset[str]:
    return frozenset(word.lower() for table in tables for phrase in table for word in phrase.split())


_PEOPLES = tuple(PEOPLES.values())
_PARTS: dict[str, frozenset[str]] = {
    "s": _in(*(one.surnames for one in _PEOPLES), tuple(ACCENTED_SURNAMES)),
    "m": _in(*(one.middles for one in _PEOPLES)),
    "g": _in(*(one.givens for one in _PEOPLES)),
}
"""What a word may be in a name, as it is spelled."""
_BARE_PARTS = {part: frozenset(map(fold, words)) for part, words in _PARTS.items()} | {"S": SURNAMES}
_KNOWN = _in(STOPS, ACCENTED_STOPS, ANCHORS, TITLES, SEPARATORS, tuple(ADDRESS))
_BARE_KNOWN = frozenset(map(fold, _KNOWN))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign of a sentence, where it stands in the bare text."""

    start: int
    end: int
    typed: str
    bare: str


@dataclass(frozen=True, slots=True)
class Span:
    """A name or a branch where it stands in the bare text; `sure` is between 0 and 1."""

    start: int
    end: int
    sure: float


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sentence names, in order; `unnamed` is how likely it is at least that no name was passed over."""

    people: tuple[Span, ...]
    branches: tuple[Span, ...]
    unnamed: float


def tokens(laid: Typed) -> list[Token]:
    """The sentence cut where its words meet."""
    return [
        Token(found.start(), found.end(), laid.original(*found.span()), found[0]) for found in _WORD.finditer(laid.flat)
    ]


def mark(laid: Typed) -> Marks:
    """The people and branches of a sentence."""
    found = tokens(laid)
    if not found:
        return Marks((), (), 1.0)
    labels, sure = asked(MODEL, features(found))
    nobody = min((each for each, label in zip(sure, labels, strict=True) if label not in PERSON), default=1.0)
    people = tuple(_spans(found, labels, sure, PERSON))
    branches = tuple(_spans(found, labels, sure, BRANCH))
    return Marks(people, branches, nobody)


def _spans(found: list[Token], labels: list[str], sure: list[float], kind: tuple[str, ...]) -> Iterator[Span]:
    at = 0
    while at < len(labels):
        if labels[at] != kind[0]:
            at += 1
            continue
        end = at + 1
        while end < len(labels) and labels[end] in kind[1:] and (kind is BRANCH or found[end].bare[0].isalpha()):
            end += 1
        # Whether it begins and ends here is also a question of its neighbours.
        yield Span(found[at].start, found[end - 1].end, min(sure[max(0, at - 1) : end + 1]))
        at = end


def features(found: Sequence[Token]) -> list[list[str]]:
    """What the field is shown of each token: itself, its neighbours, and what each may be."""
    style = _style(found)
    edge = (_EDGE, _EDGE, _EDGE, _EDGE)
    seen = [edge, edge, *(_seen(token.typed, token.bare, style) for token in found), edge, edge]
    words, looks, known, spelled = zip(*seen, strict=True)
    is_accented = style[0] == "a"
    rows: list[list[str]] = []
    for at in range(2, len(found) + 2):
        w2, w1, w, v1, v2 = words[at - 2 : at + 3]
        l2, l1, look, m1, m2 = looks[at - 2 : at + 3]
        k2, k1, k, n1, n2 = known[at - 2 : at + 3]
        row = [
            f"w {w}", f"w- {w1}", f"w+ {v1}", f"w-- {w2}", f"w++ {v2}", f"w-0 {w1} {w}", f"w0+ {w} {v1}", f"w-+ {w1} {v1}",
            f"l {look} {style}", f"l-0 {l1} {look}", f"l0+ {look} {m1}", f"l-0+ {l1} {look} {m1}", f"l0++ {look} {m1} {m2}", f"l--0 {l2} {l1} {look}",
            f"k-0+ {k1}{k}{n1}", f"k0++ {k}{n1}{n2}", f"k--0 {k2}{k1}{k}",
            f"wl {w1} {look}", f"lw {look} {v1}", f"wlm {w1} {look} {m1}",
        ]  # fmt: skip
        if is_accented:
            s1, s, t1 = spelled[at - 1 : at + 2]
            row += (f"s {s}", f"s- {s1}", f"s+ {t1}", f"s-0 {s1} {s}", f"s0+ {s} {t1}")
        rows.append(row)
    return rows


def _style(found: Sequence[Token]) -> str:
    """Whether accents are typed, and whether capitals tell anything."""
    letters = [token.typed for token in found if token.typed[0].isalpha()]
    accents = "b" if all(word.isascii() for word in letters) else "a"
    capitals = [word for word in letters if word[0].isupper()]
    if len(capitals) * 4 > len(letters) * 3 and all(word.isupper() for word in capitals):
        return f"{accents} shouted"
    is_cased = any(word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in letters[1:])
    return f"{accents} cased" if is_cased or (len(letters) == 1 and capitals) else f"{accents} small"


@lru_cache(maxsize=16_384)
def _seen(typed: str, bare: str, style: str) -> tuple[str, str, str, str]:
    """A token as the field sees it: its shape, its look, whether it is a word around names, and its letters."""
    is_word = typed[0].isalpha()
    if not is_word:
        sign = "#" if bare[0].isdigit() else bare
        shape = _DIGITS.sub(_size, bare) if bare[0].isdigit() else bare
        return shape, sign, sign, typed.lower()
    is_known = bare in _BARE_KNOWN if typed.isascii() else typed.lower() in _KNOWN
    return bare, _look(typed, bare, style), "y" if is_known else "n", typed.lower()


def _size(number: re.Match[str]) -> str:
    return "nn" if len(number[0]) <= 2 else "nnnn" if len(number[0]) == 4 else "nnn"


def _look(typed: str, bare: str, style: str) -> str:
    """What the word may be in a name, and its capital where capitals tell."""
    is_bare = typed.isascii()
    parts = _BARE_PARTS if is_bare else _PARTS
    word = bare if is_bare else typed.lower()
    look = "".join(part for part, words in parts.items() if word in words) + (
        "" if is_bare and style[0] == "b" else "~" if is_bare else "^"
    )
    look += "" if is_syllable(bare) else "x"
    look += "'" if "'" in bare else ""
    look += "1" if len(bare) == 1 else ""
    return look + ("C" if style.endswith("cased") and typed[0].isupper() else "")
