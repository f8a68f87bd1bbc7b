"""Names of people in a sentence: those that are marked, less whoever is only greeted, called or speaks."""

import re
from dataclasses import dataclass

from language.marks import Span
from language.plain import Typed, fits, fold
from language.spelling import proper
from language.telex import is_syllable
from language.vocabulary import ADDRESS, SURNAMES

SURE = 0.7
"""How likely a mark must be to be taken without asking."""

_GREETED_BEFORE = re.compile(
    r"\b(?:chao|gui|bao cao|thua|kinh|nho|cam on|cam on|alo|bao|bc|da)\s+(?:voi )?(?:anh|chi|co|chu|bac|thay|ong|ba|dong chi|d/c|dc|a|c|em|sep)?\s?$"
)
_SELF_BEFORE = re.compile(
    r"\b(?:em|toi|minh|chau)\s+(?:ten\s+)?la\s(?:dong chi |d/c |dc )?$|\b(?:em|toi|minh|chau) (?:ten )$"
)
_HELPS_AFTER = re.compile(r" (?:giup do|kem cap|theo doi|huong dan|phu trach|va (?:dong chi|d/c|dc|anh|chi)\b)")
_CALLED_AFTER = re.compile(r"\s?(?:oi\b|a,|a\.)")
_KIN_BEFORE = re.compile(r"\b(?P<child>con) (?:trai |gai |cua )*(?P<whose>anh|chi|ong|ba|co|chu|bac|d/c|dc|dong chi) $")
_ADDRESS_BEFORE = re.compile(rf"(?:^|[^\w'/])(?P<word>{'|'.join(sorted(map(fold, ADDRESS), key=len, reverse=True))}) $")


_BODIES = frozenset("doan hoi doi dang tin".split())
"""`được kết nạp Đoàn`: bodies, where the word stands alone."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name where it stands; `sex` if a word of address states it."""

    start: int
    end: int
    name: str
    sex: str = ""
    is_sure: bool = True

    @property
    def is_full(self) -> bool:
        return is_full(self.name)


def is_full(name: str) -> bool:
    """Whether this can be a whole name and not a given name alone."""
    parts = fold(name).split()
    if len(parts) < 2:
        return False
    return len(parts) > 2 or parts[0] in SURNAMES or any("'" in part or not is_syllable(part) for part in parts)


def found_names(marked: tuple[Span, ...], laid: Typed) -> tuple[FoundName, ...]:
    """The people among the marks, in order."""
    return tuple(
        FoundName(
            span.start, span.end, proper(laid.original(span.start, span.end)), _sex(laid, span.start), span.sure >= SURE
        )
        for span in marked
        if not _is_nobody(laid, span)
    )


def _is_nobody(laid: Typed, span: Span) -> bool:
    flat = laid.flat
    if span.end - span.start == 1 or flat[span.start : span.end] in _BODIES:
        return True
    if flat.startswith("ly do", span.start) or flat.endswith("ly do ", 0, span.start):
        return True
    typed = laid.original(span.start, span.end)
    if typed.isupper() and " " not in typed and (typed == laid.text.strip() or not laid.text.isupper()):
        # "XA" is the code of a unit.
        return True
    before = flat[max(0, span.start - 40) : span.start]
    if _is_child_of(laid, span.start) or _SELF_BEFORE.search(before):
        return True
    if _GREETED_BEFORE.search(before) and not _HELPS_AFTER.match(flat, span.end):
        return True
    called = _CALLED_AFTER.match(flat, span.end)
    return called is not None and called[0].strip() == "oi" and _ADDRESS_BEFORE.search(before) is not None


def _is_child_of(laid: Typed, start: int) -> bool:
    """ "Con anh Dế" is not Dế; "còn đ/c Dế" is, and without accents "con d/c" is rather "còn"."""
    found = _KIN_BEFORE.search(laid.flat, max(0, start - 40), start)
    if found is None or laid.original(*found.span("child")).lower() != "con":
        return False
    is_title = found["whose"] in ("d/c", "dc", "dong chi")
    return not (is_title and laid.original(max(0, start - 40), start).isascii())


def _sex(laid: Typed, start: int) -> str:
    """What a word of address right before the name states; a bare "co" or "chi" states nothing before small letters."""
    found = _ADDRESS_BEFORE.search(laid.flat, max(0, start - 12), start)
    if found is None or laid.flat.endswith("dong chi ", 0, start):
        return ""
    original = laid.original(*found.span("word"))
    is_bare = original.isascii() and found["word"] in ("co", "chi")
    if is_bare and laid.original(start, start + 1).islower():
        return ""
    return next((sex for word, sex in ADDRESS.items() if fits(original, word)), "")
