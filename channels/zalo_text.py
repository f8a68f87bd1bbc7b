"""A message as Zalo wants it: plain words with numbered lines, in parts that fit."""

import re
import unicodedata
from collections.abc import Iterator

from domain.messages import Outgoing, plain

LONGEST = 1900
"""Zalo refuses more than 2,000 and does not say of what: these are UTF-16 units, the most that anybody would count."""

MOST_PARTS = 6
"""Each part counts against the month. What the bot says by itself is shorter: lists have pages."""

WORD = re.compile(r"\s+")
ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[.!?…]\s+"), WORD)
"""Where a part may end: paragraph, line, sentence, word."""

LINK = re.compile(r"https?://\S+")
ZWJ = "\u200d"
JOINS_ON = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


def written(message: Outgoing) -> str:
    """The words, then one line for each choice."""
    return _paragraphs(plain(message.lines).strip("\n"), _numbered(message))


def parts_of(message: Outgoing) -> list[str]:
    """The message in parts, at most so many: where there is more to say the end of its words is left out, no choice."""
    parts = split(written(message))
    if len(parts) <= MOST_PARTS:
        return parts
    end = split(_paragraphs(message.if_cut, _numbered(message)))
    return [*split(plain(message.lines))[: max(1, MOST_PARTS - len(end))], *end]


def _numbered(message: Outgoing) -> str:
    return "\n".join(f"{choice.number}. {choice.label}" for choice in message.choices)


def _paragraphs(*paragraphs: str) -> str:
    return "\n\n".join(filter(None, paragraphs))


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Parts of at most so many UTF-16 units; nothing but white space between them is left out."""
    return [part for part in map(str.strip, _pieces(text, longest)) if part]


def units(text: str) -> int:
    """The length as UTF-16 counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _pieces(text: str, longest: int) -> Iterator[str]:
    links = [found.span() for found in LINK.finditer(text)]
    start = 0
    while units(text[start:]) > longest:
        end = _end(text, start, _fitting(text, start, longest), links)
        yield text[start:end]
        start = end
    yield text[start:]


def _fitting(text: str, start: int, longest: int) -> int:
    """How far one can go without the part being too long."""
    end = start + longest
    while units(text[start:end]) > longest:
        end -= max(1, (units(text[start:end]) - longest) // 2)
    return end


def _end(text: str, start: int, fitting: int, links: list[tuple[int, int]]) -> int:
    """The best place in the latter half of what fits, or behind any word; in an endless one between two letters."""
    half = start + (fitting - start) // 2
    for pattern in ENDS:
        last = max((found.end() for found in pattern.finditer(text, start, fitting)), default=start)
        if last > (start if pattern is WORD else half):
            return last
    for link_start, link_end in links:
        if start < link_start < fitting < link_end:
            return link_start
    end = fitting
    while end > start + 1 and not _is_between_letters(text, end):
        end -= 1
    return end if end > start + 1 else fitting


def _is_between_letters(text: str, at: int) -> bool:
    """Whether nothing that is seen as one sign is cut there: an accent, a family of faces, a flag."""
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after) or JOINS_ON.match(after) or before == ZWJ:
        return False
    if not FLAG.match(after):
        return True
    flags = at
    while flags > 0 and FLAG.match(text[flags - 1]):
        flags -= 1
    return (at - flags) % 2 == 0
