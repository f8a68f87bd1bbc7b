"""Numbers in digits and in words, and targets as people type them."""

import re

from domain.quotas import Target, TargetShape
from language.plain import fold

_DIGITS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}  # fmt: skip
_TENS = r"(?:hai|ba|bon|nam|sau|bay|tam|chin) (?:muoi|chuc)(?: (?:mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin))?"
_TEENS = r"muoi(?: (?:mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin))?"

WORDS = rf"(?:{_TENS}|{_TEENS}|mot|hai|ba|bon|nam|sau|bay|tam|chin)"
"""Numbers from one to ninety-nine in bare words."""
DAY_WORDS = rf"(?:(?:ham|hai|ba) (?:mot|hai|ba|tu|bon|lam|nham|sau|bay|tam|chin)|{WORDS})"
"""Days of a month in bare words, with "hăm mốt" and "hai lăm" for 21 and 25."""
NUMBER = rf"(?:\d{{1,4}}|{WORDS})"

_RANGE = re.compile(rf"(?:tu )?({NUMBER}) ?(?:-|den|toi) ?({NUMBER})")
_AT_LEAST = re.compile(
    rf"(?:>=|≥|>|it nhat|toi thieu|tu) ?({NUMBER})(?: (?:tro len|nguoi|dong chi|d/c|dc))*|({NUMBER})(?: nguoi| dong chi)? tro len|({NUMBER}) ?\+"
)
_PLAIN = re.compile(rf"(?:la |: ?)?({NUMBER})(?: (?:nguoi|dong chi|d/c|dc|dang vien|dv|chi tieu))?")


def value(typed: str) -> int:
    """The number behind bare digits or words, as `NUMBER` finds them."""
    if typed.isdigit():
        return int(typed)
    words = typed.split()
    if len(words) == 2 and words[0] in ("ham", "hai", "ba") and words[1] in _DIGITS:
        return (3 if words[0] == "ba" else 2) * 10 + _DIGITS[words[1]]
    total = 0
    for word in words:
        if word in ("muoi", "chuc"):
            total = total * 10 if total else 10
        else:
            total += _DIGITS.get(word, 0)
    return total


def read_target(typed: str) -> Target | None:
    """`6-8`, `>=13`, `từ 852 trở lên` or `13`; None for anything else."""
    bare = fold(typed.replace("–", "-").replace("—", "-")).replace("−", "-").strip(" .")
    if found := _AT_LEAST.fullmatch(bare):
        return Target(value(next(part for part in found.groups() if part)), TargetShape.AT_LEAST)
    if found := _RANGE.fullmatch(bare):
        low, high = value(found[1]), value(found[2])
        return Target(low, TargetShape.RANGE, high) if low < high else None
    if found := _PLAIN.fullmatch(bare):
        return Target(value(found[1]))
    return None
