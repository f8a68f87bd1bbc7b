"""Text as phones send it, made comparable: one composition, one kind of space, accents folded away."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 4096

_TONES = {"\u0300": "huyen", "\u0301": "sac", "\u0309": "hoi", "\u0303": "hoi", "\u0323": "nang"}
_SAME = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\t": " ", "\r": " ", "…": "."})  # fmt: skip


class _Cleaner(dict[int, str | None]):
    """Fills itself with what each character becomes in clean text."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _cleaned(chr(code))
        return found


class _Flattener(dict[int, str]):
    """Fills itself with the bare lower-case letter of each character."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _bare(chr(code))
        return found


def _cleaned(character: str) -> str | None:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Co", "Cn"):
        return None
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character


def _bare(character: str) -> str:
    if character in "đĐ":
        return "d"
    parts = unicodedata.normalize("NFD", character)
    if unicodedata.category(parts[0]) == "Mn":
        return ""
    if len(parts) > 1 and all(unicodedata.category(part) == "Mn" for part in parts[1:]):
        character = parts[0]
    lowered = unicodedata.normalize("NFD", character.lower())
    return lowered if len(lowered) == 1 else character


_CLEAN = _Cleaner()
_FLAT = _Flattener()


def nfc(text: str) -> str:
    """The one composition that names are kept and compared in."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Composed text with plain quotes, dashes, digits and spaces; line breaks stay."""
    return nfc(nfc(text[:LONGEST]).translate(_SAME).translate(_CLEAN))


def fold(text: str) -> str:
    """The key by which names are compared: composed, lower case, without accents, single spaces."""
    bare = nfc(text).translate(_FLAT)
    return " ".join(nfc(bare).split())


@dataclass(frozen=True, slots=True)
class Typed:
    """Clean text beside its bare form; patterns run on `flat`, and `original` gives back what was typed."""

    text: str
    flat: str
    at: tuple[int, ...] | None

    def original(self, start: int, end: int) -> str:
        if self.at is None:
            return self.text[start:end]
        return self.text[self.at[start] : self.at[end]]


def typed(text: str) -> Typed:
    """Lay the bare form beside the clean text."""
    flat = text.translate(_FLAT)
    if len(flat) == len(text):
        return Typed(text, flat, None)
    at = [index for index, character in enumerate(text) if _FLAT[ord(character)]]
    return Typed(text, flat, (*at, len(text)))


@lru_cache(maxsize=16_384)
def _shape(word: str) -> tuple[str, tuple[str, ...], str]:
    bases: list[str] = []
    shapes: list[str] = []
    tone = ""
    for part in unicodedata.normalize("NFD", word.lower()):
        if part in _TONES:
            tone = _TONES[part]
        elif unicodedata.category(part) == "Mn":
            if shapes:
                shapes[-1] += part
        elif part == "đ":
            bases.append("d")
            shapes.append("đ")
        else:
            bases.append(part)
            shapes.append("")
    return "".join(bases), tuple(shapes), tone


@lru_cache(maxsize=65_536)
def fits(typed_word: str, word: str) -> bool:
    """Whether what was typed may stand for the word: no accent is wrong, all or some may be missing.

    The tone counts wherever it is placed (hoà, hòa), and hỏi and ngã are one, as in the South.
    """
    bases, shapes, tone = _shape(typed_word)
    wanted_bases, wanted_shapes, wanted_tone = _shape(word)
    if bases != wanted_bases:
        return False
    is_bare = not tone and all(shape in ("", "đ") for shape in shapes)
    if not is_bare and tone != wanted_tone:
        return False
    return all(shape in ("", wanted) for shape, wanted in zip(shapes, wanted_shapes, strict=True))
