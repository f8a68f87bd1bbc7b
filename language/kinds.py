"""What kind of thing a sentence says, as a whole: a second opinion beside the senses, with how sure it is.

A model of maximum entropy (CRFsuite, one label a sentence) over the words and their sequences, with people, branches and
days put in their places. It was taught by `tests/language/teach.py` from the project's own messages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.intents import DateTrouble, Intent
from language.days import Spoken, past
from language.field import asked
from language.sentence import Sentence

MODEL = "kinds"

_WORD = re.compile(r"\d+(?:[./\-]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*'?|\n|[^\s\w]|_")
_DIGITS = re.compile(r"\d+")
_LONGEST = 60
"""So many words are enough to tell what a sentence is about."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a sentence most likely says; `detail` is a stage, a topic or the like; `sure` is between 0 and 1."""

    intent: str
    detail: str
    sure: float

    @property
    def is_several(self) -> bool:
        return self.intent == SEVERAL

    @property
    def as_intent(self) -> Intent | None:
        return None if self.is_several else Intent(self.intent)


SEVERAL = "multi"


def kind_of(sentence: Sentence) -> Kind:
    """The likeliest kind of a sentence that holds anything at all."""
    (label,), (sure,) = asked(MODEL, [features(sentence)])
    intent, _, detail = label.partition(":")
    return Kind(intent, detail, sure)


def features(sentence: Sentence) -> list[str]:
    """What the model is shown: words, two and three in a row, how it begins, and how words are spelled."""
    words = list(_words(sentence))[:_LONGEST]
    row = ["^", *words, "$"]
    twos = [f"{first} {second}" for first, second in pairwise(row)]
    found = [
        *row,
        *twos,
        *(f"{two} {third}" for two, third in zip(twos, row[2:], strict=False)),
        *(f"{first} * {third}" for first, third in zip(row, row[2:], strict=False)),
        *(f"first {word}" for word in words[:2]),
        f"length {min(len(words), 4)}",
    ]
    if not sentence.text.isascii():
        found += [f"spelled {word.lower()}" for word in sentence.text.split() if not word.isascii()]
    return list(dict.fromkeys(found))


def _words(sentence: Sentence) -> Iterator[str]:
    spans = [(name.start, name.end, "<person>") for name in sentence.names]
    spans += [(place.start, place.end, "<branch>") for place in sentence.branches]
    spans += [(day.start, day.end, _sort_of(day, sentence.today)) for day in sentence.days]
    at = 0
    for start, end, kind in sorted(spans):
        if start < at:
            continue
        yield from map(_shape, _WORD.findall(sentence.flat[at:start]))
        yield kind
        at = end
    yield from map(_shape, _WORD.findall(sentence.flat[at:]))


def _sort_of(day: Spoken, today: date) -> str:
    """A day that has passed tells of what was done, one to come of a plan."""
    if day.is_month:
        return "<month>"
    return "<ahead>" if past(day, today).trouble is DateTrouble.FUTURE else "<day>"


def _shape(word: str) -> str:
    if not word[0].isdigit():
        return word
    return _DIGITS.sub(lambda number: "nnnn" if len(number[0]) == 4 else "n", word)
