"""Words left in Telex keystrokes because the phone's keyboard was not switched on (`keets najp`)."""

import re
from functools import lru_cache

from language.plain import fold, nfc, typed
from language.vocabulary import ACCENTED_STOPS, ANCHORS, SEPARATORS, STOPS, SURNAMES, TITLES

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|"
    "im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oat|oay|oc|oe|oen|oet|oi|om|on|ong|op|ot|u|ua|uan|uang|uat|"
    "uay|uc|ue|uech|uenh|ui|um|un|ung|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|uy|uya|uych|uyen|uyet|uynh|uyt|y|yem|"
    "yen|yet|yeu"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})(?:{_RIMES})")
_WORD = re.compile(r"[^\W\d_]+")
_TONE_MARKS = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_ANSWERS = (
    "chọn cái số thứ người mục câu phương án đầu cuối đúng rồi chuẩn chính xác lưu ghi hủy bỏ đừng khỏi thôi chưa phải sai",
    "nhầm dùng sao vậy thế nào trợ giúp hướng dẫn trắng buổi tối nhắc nhắn hạn tới khi còn toàn đảng bộ mật tài liệu",
)
_VOWELS = "aăâeêioôơuưy"
_SURE = frozenset(
    word
    for table in (STOPS, ACCENTED_STOPS, ANCHORS, TITLES, SEPARATORS, _ANSWERS)
    for phrase in table
    for word in fold(phrase).split()
)
"""Bare words that are likelier than whatever their keystrokes may spell otherwise."""


def is_syllable(bare: str) -> bool:
    """Whether a bare word could be a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(bare) is not None


def _put_tone(word: str, tone: str) -> str:
    places = [index for index, letter in enumerate(word) if letter in _VOWELS]
    if not places:
        return word
    marked = [index for index in places if word[index] in "ăâêôơư"]
    last = places[-1]
    if marked:
        place = marked[-1]
    elif len(places) > 1 and last == len(word) - 1 and not (word.startswith(("qu", "gi")) and len(places) == 2):
        place = places[-2]
    else:
        place = last
    return word[: place + 1] + _TONE_MARKS[tone] + word[place + 1 :]


@lru_cache(maxsize=16_384)
def decode(word: str) -> str | None:
    """The word behind the keystrokes, or None where there are none or they make no syllable."""
    bare = word.lower()
    if not bare.isascii() or not 3 <= len(bare) <= 10 or is_syllable(bare) or bare in SURNAMES:
        return None
    if bare.endswith("oong") and word[:1].isupper():
        # "Thoong" and "Loong" are spelled so.
        return None
    out = ""
    tone = ""
    for key in bare:
        if key in _TONE_MARKS and any(letter in _VOWELS for letter in out) and not tone:
            tone = key
        elif key == "w":
            if out.endswith("uo"):
                out = out[:-2] + "ươ"
            elif out and out[-1] in "aou":
                out = out[:-1] + {"a": "ă", "o": "ơ", "u": "ư"}[out[-1]]
            else:
                out += "ư"
        elif key == "d" and out.startswith("d"):
            out = "đ" + out[1:]
        elif key in "aeo" and out.endswith(key):
            out = out[:-1] + {"a": "â", "e": "ê", "o": "ô"}[key]
        else:
            out += key
    decoded = typed(out).flat
    if decoded == bare or not is_syllable(decoded):
        return None
    return _like(word, nfc(_put_tone(out, tone)) if tone else out)


_SHAPES = {"dd": "đ", "aw": "ă", "aa": "â", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư"}
_SHAPE = re.compile("|".join(_SHAPES))


@lru_cache(maxsize=16_384)
def _shaped(word: str) -> str | None:
    """Where other words are in keystrokes, those of a name that is no Vietnamese syllable: `Niee`, `Byaw`, `ddc`."""
    bare = word.lower()
    if not bare.isascii() or is_syllable(bare) or bare in SURNAMES or not _SHAPE.search(bare):
        return None
    return _like(word, _SHAPE.sub(lambda found: _SHAPES[found[0]], bare))


@lru_cache(maxsize=16_384)
def _trimmed(word: str) -> str | None:
    """`nạpj` is `nạp`: the accent came, and its key as well."""
    if word.isascii() or word[-1] not in _TONE_MARKS or not word.islower():
        return None
    bare = typed(word).flat
    return word[:-1] if not is_syllable(bare) and bare[:-1] in _SURE else None


def _like(word: str, decoded: str) -> str:
    if word.isupper():
        return decoded.upper()
    return decoded[:1].upper() + decoded[1:] if word[:1].isupper() else decoded


def undo(text: str) -> str:
    """The text with Telex keystrokes decoded, if enough of it is in them to be sure."""
    words = _WORD.findall(text)
    decoded = {word: found for word in set(words) if (found := decode(word)) is not None}
    if len(decoded) < 2 and not any(typed(found).flat in _SURE for found in decoded.values()):
        decoded = {}
    elif len(decoded) > 1:
        decoded |= {word: found for word in set(words) - set(decoded) if (found := _shaped(word)) is not None}
    decoded |= {word: found for word in set(words) if (found := _trimmed(word)) is not None}
    if not decoded:
        return text
    return _WORD.sub(lambda found: decoded.get(found[0], found[0]), text)
