"""A message as eight other phones and thumbs would have sent it, and whether it is still read as the same."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.language.measure import Reading, Row, actions, comparable, is_saving, reader

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ ]*[.,;:!?…()\-–][ ]*(?=\d)")
_LIST_MARK = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)/](?=\s)")
_PUNCTUATION = re.compile(r"[.,;:!?…()“”\"–]|(?<=\s)-(?=\s)|^-(?=\s)", re.MULTILINE)
_MOVED = {"oa": "òóỏõọ", "oe": "òóỏõọ", "uy": "ùúủũụ"}
_TELEX_MARKS = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TELEX_SHAPES = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_WORD = re.compile(r"[^\W\d_]+")


def accents_off(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def taken_apart(text: str) -> str:
    """As some iPhones send it."""
    return unicodedata.normalize("NFD", text)


def tone_marks_moved(text: str) -> str:
    """hòa and hoà, ủy and uỷ: each into the other."""
    return _WORD.sub(lambda found: _moved(found[0]), text)


def _moved(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tone = next((mark for mark in parts if mark in _TELEX_MARKS), "")
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TELEX_MARKS))
    ending = bare[-2:].lower()
    if not tone or ending not in _MOVED or bare.lower().startswith("qu"):
        return word
    first, second = bare[-2], bare[-1]
    is_first = unicodedata.normalize("NFC", first + tone) in unicodedata.normalize("NFC", word)
    moved = first + second + tone if is_first else first + tone + second
    return unicodedata.normalize("NFC", bare[:-2] + moved)


def no_punctuation(text: str) -> str:
    """Nothing is taken out of a number or a day, nor the mark of a list."""
    kept: list[tuple[int, int]] = [found.span() for found in _BETWEEN_DIGITS.finditer(text)]
    kept += [found.span() for found in _LIST_MARK.finditer(text)]
    out = _PUNCTUATION.sub(lambda found: found[0] if _is_kept(found.start(), kept) else " ", text)
    return re.sub(r"[ ]+", " ", out).strip()


def _is_kept(at: int, kept: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in kept)


def spaces_and_emoji(text: str) -> str:
    return "🌹 " + text.replace(" ", "  ") + " 🙏🙏"


def telex_slips(text: str) -> str:
    """Every third accented word or so as its keys were struck; chosen by the text, so that it is the same each time."""
    chance = Random(hashlib.sha256(text.encode()).digest())
    places = [found for found in _WORD.finditer(text) if not found[0].isascii() and not found[0].isupper()]
    slipped = {found.start() for found in places if chance.random() < 0.35} or {found.start() for found in places[:1]}
    return _WORD.sub(lambda found: _struck(found[0]) if found.start() in slipped else found[0], text)


def _struck(word: str) -> str:
    tone, out = "", ""
    for letter in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", letter)
        mark = next((part for part in parts if part in _TELEX_MARKS), "")
        tone = tone or _TELEX_MARKS.get(mark, "")
        plain = unicodedata.normalize("NFC", "".join(part for part in parts if part != mark))
        keys = _TELEX_SHAPES.get(plain.lower(), plain.lower())
        out += keys.capitalize() if plain.isupper() else keys
    return out + tone


VARIANTS: dict[str, Callable[[str], str]] = {
    "accents off": accents_off,
    "NFD": taken_apart,
    "upper case": str.upper,
    "lower case": str.lower,
    "tone marks moved": tone_marks_moved,
    "no punctuation": no_punctuation,
    "doubled spaces and emoji": spaces_and_emoji,
    "telex slips": telex_slips,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A message whose variant was read otherwise."""

    variant: str
    text: str
    before: Reading
    after: Reading

    @property
    def is_another_event(self) -> bool:
        """Something is saved that the message itself does not ask for."""
        meant = {one["intent"] for one in actions(self.before)}
        return any(is_saving(one) and one["intent"] not in meant for one in actions(self.after))


@dataclass(frozen=True, slots=True)
class Robustness:
    """What became of all variants of some messages."""

    tried: Counter[str]
    changes: tuple[Change, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.changes) / self.tried.total()

    def events_of(self, variant: str) -> int:
        return sum(change.is_another_event for change in self.changes if change.variant == variant)

    def share_of(self, variant: str) -> float:
        return 1 - sum(change.variant == variant for change in self.changes) / self.tried[variant]


def robustness(of: Iterable[Row]) -> Robustness:
    tried: Counter[str] = Counter()
    changes: list[Change] = []
    for row in of:
        before = reader(row.text, row.today)
        for name, vary in VARIANTS.items():
            text = vary(row.text)
            tried[name] += 1
            if text == row.text:
                continue
            after = reader(text, row.today)
            if _compared(before) != _compared(after):
                changes.append(Change(name, text, before, after))
    return Robustness(tried, tuple(changes))


def _compared(reading: Reading) -> Any:
    """As it is judged, without the sex: a bare "chi Na" no longer says it."""
    return comparable(_without_gender(reading))


def _without_gender(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gender(part) for key, part in value.items() if key != "gender"}
    return [_without_gender(part) for part in value] if isinstance(value, list) else value
