"""The branches that a sentence names, as typed."""

import re
from dataclasses import dataclass

from language.marks import Span
from language.plain import Typed

_HEAD = re.compile(r"(?:chi bo|chibo|cb|c/b)(?: ?:)? $")
_NUMBERED = re.compile(
    r"\b(?:chi bo|chibo|(?<=\d )o|(?<=\d )tai) (?P<name>(?:thon|ban|ap|khu|khu pho|kp|to|to dan pho|tdp|buon|lang|khom|xom|doi|phum|soc)"
    r" \d{1,3})(?![\d/.\-]| ?%| (?:dong chi|d/c|dc|nguoi|dv|dang vien|qc|quan chung)\b)"
)
"""A branch for certain, whatever the field marks."""


@dataclass(frozen=True, slots=True)
class Place:
    """A branch where it stands in a sentence, the words "chi bộ" included; `name` is what to look it up by."""

    start: int
    end: int
    name: str


def found_branches(marked: tuple[Span, ...], laid: Typed) -> tuple[Place, ...]:
    """The branches among the marks, and those that are told by number, in order."""
    certain = (Span(*found.span("name"), 1.0) for found in _NUMBERED.finditer(laid.flat))
    missed = [each for each in certain if all(each.end <= span.start or span.end <= each.start for span in marked)]
    return tuple(_place(span, laid) for span in sorted((*marked, *missed), key=lambda span: span.start))


def _place(span: Span, laid: Typed) -> Place:
    head = _HEAD.search(laid.flat, max(0, span.start - 10), span.start)
    name = " ".join(laid.original(span.start, span.end).split())
    if name[:1].isdigit():
        # "cb 5" is called "chi bộ 5".
        name = f"chi bộ {name}"
    return Place(head.start() if head else span.start, span.end, name)
