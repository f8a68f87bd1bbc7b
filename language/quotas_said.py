"""What stands around a unit in a sentence that assigns quotas, and may make it another unit."""

import re

from language.plain import fold

_COMMITTEE = re.compile(r"(?:dang bo|dang uy|xa|phuong|thi tran)\b")
_KINDS = frozenset("thon ban xom khu truong tram".split())


def is_committee(named: str) -> bool:
    """Whether the words name a committee's organisation, not a branch."""
    return _COMMITTEE.match(fold(named)) is not None


def kinds(named: str) -> frozenset[str]:
    """The kinds of units that the words name; `thôn 1 trường` has two, and is no one unit of either kind."""
    return _KINDS.intersection(fold(named).split())


def left_over(text: str, named: str) -> str:
    """Words between the unit and its number that are part of no such sentence: `thôn 1 trường: 20`."""
    found = re.search(
        rf"(?<!\w){re.escape(fold(named))}(?P<rest>[^\d:=,;\n+≥>-]{{0,60}})(?=[:=]|\s*[≥>]?\s*\d)", fold(text)
    )
    if found is None:
        return ""
    words = re.findall(r"[^\W\d_]+", found["rest"])
    return " ".join(words) if _KINDS.intersection(words) else ""
