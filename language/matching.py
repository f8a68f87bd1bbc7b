"""Which of the known names was meant: one clear winner, the near ties, or nobody."""

from collections.abc import Sequence
from typing import TypeVar

from rapidfuzz.distance import DamerauLevenshtein

from language.plain import fold

T = TypeVar("T")

ENOUGH = 82.0
CLEAR = 8.0

_GENERIC = frozenset({"chi", "bo", "cb", "thon", "ban", "xom", "khu", "to", "truong", "dang", "dc", "dong"})

_SHORT = {
    "tdp": "to dan pho", "kp": "khu pho", "tk": "tieu khu", "kdc": "khu dan cu", "th": "tieu hoc", "mn": "mam non", "ubnd": "uy ban nhan dan",
    "qs": "quan su", "ca": "cong an", "cax": "cong an xa", "cq": "co quan", "htx": "hop tac xa", "cty": "cong ty", "yt": "y te", "tyt": "tram y te",
}  # fmt: skip
"""Short forms of kinds of units, spelled out before they are compared; behind "truong", "chi bo" or at the head only."""
_BEFORE_SHORT = frozenset({"chi", "bo", "cb", "truong", "tram", "khoi"})


def _spelled_out(folded: str) -> str:
    words = folded.replace(".", " ").split() if len(folded) > 3 else folded.split()
    out: list[str] = []
    for at, word in enumerate(words):
        is_kind = (at == 0 and len(words) > 1) or (at > 0 and words[at - 1] in _BEFORE_SHORT)
        out += _SHORT[word].split() if word in _SHORT and is_kind else [word]
    return " ".join(out)


_HEADS = frozenset({"chi", "bo", "cb", "dang"})


def best(query: str, among: Sequence[tuple[str, T]]) -> tuple[T, ...]:
    """The one meant, several if they cannot be told apart, or () if nothing is near.

    The whole name wins over a part of it, a part over a slip of the finger. Numbers must agree: thôn 3 is not
    thôn 13, whatever the letters say.
    """
    wanted = _spelled_out(fold(query))
    if not wanted:
        return ()
    scored = [(_score(wanted, _spelled_out(fold(name))), value) for name, value in among]
    top = max((score for score, _ in scored), default=0.0)
    if top < ENOUGH:
        return ()
    margin = 0.0 if top >= 95.0 else CLEAR
    found: list[T] = []
    for score, value in scored:
        if score >= top - margin and score >= ENOUGH and value not in found:
            found.append(value)
    return tuple(found)


def _score(wanted: str, name: str) -> float:
    if wanted == name:
        return 100.0
    mine, theirs = _words(wanted), _words(name)
    if _numbers(mine) != _numbers(theirs):
        return 0.0
    if all(word in _GENERIC for word in mine):
        # "chi bộ trường": the kind alone names every unit of that kind.
        kind = [word for word in mine if word not in _HEADS]
        return 95.0 if kind and [word for word in theirs if word not in _HEADS][: len(kind)] == kind else 0.0
    plain_mine = [word for word in mine if word not in _GENERIC]
    plain_theirs = [word for word in theirs if word not in _GENERIC] or theirs
    if plain_mine == plain_theirs:
        return 99.0 if _kinds(mine) <= _kinds(theirs) or _kinds(theirs) <= _kinds(mine) else 96.0
    if len(plain_mine) < len(plain_theirs) and plain_theirs[-len(plain_mine) :] == plain_mine:
        return 97.0
    if len(plain_mine) < len(plain_theirs) and _within(plain_mine, plain_theirs):
        return 95.0
    if _is_initials(mine, theirs):
        return 93.0
    return _likeness(plain_mine, plain_theirs)


def _is_initials(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """`n v an`, `ng van an`: all but the last word may be cut down to their first letters."""
    if len(mine) != len(theirs) or len(mine) < 2 or mine[-1] != theirs[-1] or mine == theirs:
        return False
    pairs = list(zip(mine[:-1], theirs[:-1], strict=True))
    return all(one == other or (len(one) <= 2 and other.startswith(one)) for one, other in pairs)


def _likeness(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """Slips of one or two letters in a name of as many words; a different short word is a different name."""
    if len(mine) != len(theirs):
        return 0.0
    slips = [DamerauLevenshtein.distance(one, other) for one, other in zip(mine, theirs, strict=True)]
    total, longest = sum(slips), max(len(word) for word in mine)
    if total > 2 or any(slip and (len(word) < 3 or slip > 1) for slip, word in zip(slips, mine, strict=True)):
        return 0.0
    return 94.0 - 5.0 * total if longest > 2 else 0.0


def _words(folded: str) -> list[str]:
    """The words, with 03 as 3."""
    return [word.lstrip("0") or "0" for word in folded.split()]


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(character.isdigit() for character in word)]


def _kinds(words: Sequence[str]) -> set[str]:
    return {word for word in words if word in _GENERIC} - {"chi", "bo", "cb"}


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    size = len(part)
    return any(list(whole[at : at + size]) == list(part) for at in range(len(whole) - size + 1))
