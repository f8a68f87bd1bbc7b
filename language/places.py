"""The branch that a sentence names, as typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language.plain import Typed, fits, fold
from language.vocabulary import SURNAMES
from language.words import Mark, Word

_HEADS: tuple[tuple[str, ...], ...] = (("chi", "bo"), ("cb",), ("chibo",), ("c", "/", "b"), ("chi", "bo", ":"))
_KIND_WORDS = (
    "tổ dân phố|tổ nhân dân|tiểu khu|khu dân cư|khu phố|khối phố|khu vực|thôn|bản|xóm|khu|tdp|tổ|ấp|buôn|làng|khóm|khối|kp|tk|plei|phum|sóc|bon"
    "|trường tiểu học|trường mầm non|trường học|trường thcs|trường thpt|trường th|trường mn|trường ptdtbt|trường|tiểu học|mầm non|thcs|thpt|mn|th|ptdtbt"
    "|trạm y tế|y tế|bệnh viện|công an|quân sự|cơ quan|hợp tác xã|htx|công ty|cty|doanh nghiệp|văn phòng|ubnd|ủy ban|hđnd|khối đảng|khối đoàn thể|dân quân|xã|phường|thị trấn|chợ"
).split("|")
_KINDS: tuple[tuple[str, ...], ...] = tuple(tuple(kind.split()) for kind in _KIND_WORDS)
_KINDS_BY_FIRST: dict[str, tuple[tuple[str, ...], ...]] = {
    fold(kind[0]): tuple(sorted((other for other in _KINDS if fold(other[0]) == fold(kind[0])), key=len, reverse=True))
    for kind in _KINDS
}
_HEADS_BY_FIRST = {head[0]: tuple(other for other in _HEADS if other[0] == head[0]) for head in _HEADS}
_STANDING = frozenset({"co quan", "quan su", "cong an", "cong an xa", "cong an phuong", "mam non", "tieu hoc", "thcs", "thpt", "y te", "tram y te", "truong hoc", "ubnd", "truong mam non", "truong tieu hoc", "truong thcs", "truong thpt", "quan su xa", "co quan xa", "van phong", "hop tac xa", "htx", "khoi dang", "khoi doan the", "uy ban", "truong mn", "truong th", "quan su phuong"})  # fmt: skip
_ALONE = frozenset({"thon", "ban", "xom", "khu", "tdp", "to", "ap", "buon", "lang", "khom", "khu pho", "khoi pho", "khoi", "kp", "tieu khu", "to dan pho", "plei", "truong", "thcs", "truong thcs", "truong thpt", "truong tieu hoc", "truong mam non", "mam non", "tieu hoc", "khu dan cu"})  # fmt: skip
_NEVER = frozenset("ngay thang hom sang chieu toi da kn ket nap dang vien voi va cung dc".split())
_PLACED = re.compile(r"(?:^|\W)(?:o|tai|thuoc|ben|cua)\s$")
_AFTER_NUMBER = re.compile(
    r" ?(?:[/.\-] ?\d|: ?\d+(?![\d/.\-])|dong chi|d/c|dc\b|dang vien|dv\b|nguoi|quan chung|%|tuoi|(?:chi tieu|ctieu)(?!(?: nam \w+)? ?(?:la |:|=)? ?\d))"
)
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A branch where it stands in a sentence; `name` is what to look it up by."""

    start: int
    end: int
    name: str


def find_branches(words: Sequence[Word], laid: Typed) -> tuple[Place, ...]:
    """Every branch named, in order."""
    found: list[Place] = []
    at = 0
    while at < len(words):
        place, after = _place(words, laid, at)
        if place is None:
            at += 1
            continue
        found.append(place)
        at = after
    return tuple(found)


def _place(words: Sequence[Word], laid: Typed, at: int) -> tuple[Place | None, int]:
    for head in _HEADS_BY_FIRST.get(words[at].bare, ()):
        if _reads(words, at, head):
            if head == ("cb",) and at and words[at - 1].bare in ("la", "lam"):
                return None, at
            start = at + len(head)
            end = _extent(words, laid, start, is_headed=True)
            if end == start:
                return None, at
            is_number = words[start].bare.isdigit()
            typed_name = laid.original(words[start].start, words[end - 1].end)
            name = f"chi bộ {typed_name}" if is_number else typed_name
            return Place(words[at].start, words[end - 1].end, " ".join(name.split())), end
    kind = _kind(words, at)
    if kind == 0 or " ".join(word.bare for word in words[at : at + kind]) not in _ALONE:
        return None, at
    end = _extent(words, laid, at, is_headed=False)
    if end <= at + kind:
        return None, at
    is_placed = _PLACED.search(laid.flat[max(0, words[at].start - 8) : words[at].start]) is not None
    is_number = words[at + kind].bare.isdigit()
    if (
        not (is_placed or is_number)
        and words[at].is_capital
        and words[at].bare in SURNAMES
        and words[at].typed.isascii()
    ):
        # "Truong Hoang Dat" without accents is rather somebody than a school.
        return None, at
    is_sure = words[at + kind].bare.isdigit() or words[at + kind].is_capital
    if not is_sure and not is_placed:
        return None, at
    return Place(words[at].start, words[end - 1].end, " ".join(laid.original(words[at].start, words[end - 1].end).split())), end  # fmt: skip


def _reads(words: Sequence[Word], at: int, wanted: tuple[str, ...]) -> bool:
    if at + len(wanted) > len(words):
        return False
    return all(
        words[at + offset].bare == part and (not offset or words[at + offset].start - words[at + offset - 1].end <= 1)
        for offset, part in enumerate(wanted)
    )


def _kind(words: Sequence[Word], at: int) -> int:
    for kind in _KINDS_BY_FIRST.get(words[at].bare, ()):
        if _fits_kind(words, at, kind):
            return len(kind)
    return 0


def _fits_kind(words: Sequence[Word], at: int, kind: tuple[str, ...]) -> bool:
    """Accents count where they are typed: Trương is no school; a bare `truong van ca` is somebody too."""
    if not _reads(words, at, tuple(fold(part) for part in kind)):
        return False
    after = at + len(kind)
    if after < len(words) and _is_middle(words[after]) and words[at].bare in SURNAMES:
        return False
    return all(fits(words[at + offset].typed, part) for offset, part in enumerate(kind))


def _is_middle(word: Word) -> bool:
    return fits(word.typed, "văn") or fits(word.typed, "thị")


def _touches(words: Sequence[Word], laid: Typed, at: int) -> bool:
    return at < len(words) and at > 0 and laid.flat[words[at - 1].end : words[at].start] in ("", " ")


def _extent(words: Sequence[Word], laid: Typed, start: int, *, is_headed: bool) -> int:
    """Where the branch's name that begins at `start` ends; `start` itself if there is none."""
    end = start
    while end < len(words) and (end == start or _touches(words, laid, end)) and (size := _kind(words, end)):
        end += size
    kinds = " ".join(word.bare for word in words[start:end])
    if end > start and end + 1 < len(words) and words[end].bare == "so" and words[end + 1].bare.isdigit():
        # "trường tiểu học số 2"
        return _numbered(words, laid, end + 1, end)
    if end < len(words) and (end > start or is_headed) and words[end].bare.isdigit() and _touches(words, laid, end):
        return _numbered(words, laid, end, start)
    first = end
    while (
        end < len(words) and end - first < _LONGEST and _touches(words, laid, end) and _belongs(words, laid, end, first)
    ):
        end += 1
    if end == first:
        return end if kinds in _STANDING and is_headed else start
    if end < len(words) and words[end].bare.isdigit() and _touches(words, laid, end):
        return _numbered(words, laid, end, end)
    return end


def _numbered(words: Sequence[Word], laid: Typed, at: int, otherwise: int) -> int:
    if len(words[at].bare) > 3 or _AFTER_NUMBER.match(laid.flat, words[at].end):
        return otherwise
    after = at + 1
    if (
        after < len(words)
        and words[after].start == words[at].end
        and len(words[after].bare) == 1
        and words[after].is_letters
    ):
        return after + 1
    return after


def _belongs(words: Sequence[Word], laid: Typed, at: int, first: int) -> bool:
    word = words[at]
    if not word.is_letters or word.typed.lower() in (
        "em",
        "tôi",
        "toi",
        "mình",
        "minh",
        "nào",
        "nao",
        "này",
        "nay",
        "ta",
        "chúng",
    ):
        return False
    if at + 1 < len(words) and _is_middle(words[at + 1]) and word.bare in SURNAMES:
        return False
    if not word.is_capital and at + 1 < len(words) and words[at + 1].mark is Mark.TITLE:
        # "chi bộ cử đ/c …": what stands before a title does something.
        return False
    if word.is_capital != words[first].is_capital:
        return False
    if word.is_capital:
        return word.mark is None or (word.is_single and word.bare not in _NEVER)
    return word.mark is None and at - first < 3
