"""The branches that a sentence names, as typed."""

import re
from dataclasses import dataclass

from language.marks import Span
from language.plain import Typed

_HEAD = re.compile(r"(?:chi bo|chibo|cb|c/b)(?: ?:)? $")


@dataclass(frozen=True, slots=True)
class Place:
    """A branch where it stands in a sentence, the words "chi bộ" included; `name` is what to look it up by."""

    start: int
    end: int
    name: str


def found_branches(marked: tuple[Span, ...], laid: Typed) -> tuple[Place, ...]:
    """The branches among the marks, in order."""
    return tuple(_place(span, laid) for span in marked)


def _place(span: Span, laid: Typed) -> Place:
    head = _HEAD.search(laid.flat, max(0, span.start - 10), span.start)
    name = " ".join(laid.original(span.start, span.end).split())
    if name[:1].isdigit():
        # "cb 5" is called "chi bộ 5".
        name = f"chi bộ {name}"
    return Place(head.start() if head else span.start, span.end, name)
