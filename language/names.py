"""Names of people in a sentence: where they begin and end among words that are no names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language.plain import Typed, fits, fold
from language.telex import is_syllable
from language.vocabulary import (
    ACCENTED_SURNAMES,
    COMMON_SURNAMES,
    GIVEN,
    HIDDEN_SURNAMES,
    NAMES_TOO,
    NEVER_NAMES,
    PLACES,
    SOFT,
    SURNAMES,
)
from language.words import AFTER_THEN, Mark, Word

LONGEST_NAME = 6

_VAN_THI = frozenset({"van", "thi"})
_LEADING = frozenset({"a", "y", "seo"})
"""Middle words after a surname behind which one more word must come."""
_SPOKEN_OF = frozenset("ket kn duoc dc da sinh sn vua moi la va hoc co nop viet xin".split())
_MAYBE = frozenset({"sang", "chi", "dang", "bo", "tham"})
_AFTER_NAMES = frozenset(
    "được lên còn sang mới tới đến báo dự lại hiện đạt nhận học thôi xong trước sau ngay chính thức đảng hai ba bốn trình".split()
)
_DAY_WORDS = frozenset({"ngay", "hom", "luc", "thang", "nam", "vao"})
_SECOND_GIVEN = frozenset("lan mai anh linh huong hoa hien dung ha luu vinh sinh".split())
"""What may be the last word of four after văn or thị though it is a common word too."""
_MAY_GO_ON = frozenset(
    "tu tra quen thu dat tien dinh hanh loi nhan tinh thao long binh quyen chien cuc dieu minh cam bao truc hieu sang".split()
)
_KIN_SURNAMES = frozenset({"chau", "chu", "co", "ba", "ong"})
_STARTS = frozenset("ket kn cb dang qd da duoc dc vao tai o".split())
"""What may begin with a capital right behind a name without belonging to it."""
_OPENERS = frozenset(
    "chu ban lam cao ma ho lo ta luu ca truong thai lai hau doan tan mai to do vang dong tong be ha lieu giao".split()
)
_DOES = frozenset(
    "co da di hoc xin xong khong ko chua vua nop viet bi duoc dc muon thoi qua lam khai dang sap het lay bo chuyen nghi hoan gui ve la tham".split()
)
_TO_PLACES = {
    "o": "ở", "tai": "tại", "di": "đi", "ve": "về", "tu": "từ", "toi": "tới", "den": "đến", "ra": "ra", "vao": "vào", "sang": "sang",
    "tinh": "tỉnh", "huyen": "huyện", "xa": "xã", "phuong": "phường", "thon": "thôn", "ban": "bản", "xom": "xóm", "tren": "trên",
    "duoi": "dưới", "que": "quê", "quan": "quán",
}  # fmt: skip
_PLACE_BEFORE = re.compile(rf"(?:^|\W)(?P<word>{'|'.join(_TO_PLACES)})\s$")
_GREETED_BEFORE = re.compile(
    r"\b(?:chao|gui|bao cao|thua|kinh|nho|cam on|cam on|alo|bao|bc|da)\s+(?:voi )?(?:anh|chi|co|chu|bac|thay|ong|ba|dong chi|d/c|dc|a|c|em|sep)?\s?$"
)
_SELF_BEFORE = re.compile(
    r"\b(?:em|toi|minh|chau)\s+(?:ten\s+)?la\s(?:dong chi |d/c |dc )?$|\b(?:em|toi|minh|chau) (?:ten )$"
)
_HELPS_AFTER = re.compile(r" (?:giup do|kem cap|theo doi|huong dan|phu trach|va (?:dong chi|d/c|dc|anh|chi)\b)")
_CALLED_AFTER = re.compile(r"\s?(?:oi\b|a,|a\.)")
_KIN_BEFORE = re.compile(r"\b(?P<child>con) (?:trai |gai |cua )*(?P<whose>anh|chi|ong|ba|co|chu|bac|d/c|dc|dong chi) $")
_EMPTY_BETWEEN = re.compile(r"[\s:\-.()*•\"“#]*(?:\d{1,2} ?[./)\-]\s*)?[\s:\-(\"*]*")


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


def find_names(words: Sequence[Word], laid: Typed) -> tuple[FoundName, ...]:
    """The names among the words, in order."""
    if _has_case(words):
        found = _scan(words, laid, is_cased=True)
        if found:
            return found
    return _scan(words, laid, is_cased=False)


def _has_case(words: Sequence[Word]) -> bool:
    letters = [word for word in words if word.is_letters]
    if not any(character.islower() for word in letters for character in word.typed):
        return False
    capitals = [word for word in letters[1:] if word.is_capital and (len(word.typed) == 1 or not word.typed.isupper())]
    if len(letters) > 1 and all(word.is_capital for word in letters):
        return bool(capitals)
    return bool(capitals) or (len(letters) == 1 and letters[0].is_capital)


def _scan(words: Sequence[Word], laid: Typed, *, is_cased: bool) -> tuple[FoundName, ...]:
    found: list[FoundName] = []
    at = 0
    while at < len(words):
        end = _run(words, laid, at, is_cased=is_cased, last=found[-1].end if found else -1)
        if end == at:
            at += 1
            continue
        first, last = words[at], words[end - 1]
        if not _is_place(words[at:end]) and not _is_nobody(
            laid, _addressed_from(words, laid, at), last.end, _has_van(words[at:end])
        ):
            is_sure = _is_closed(words, laid, at, end, is_cased=is_cased)
            found.append(
                FoundName(first.start, last.end, _spelled(words[at:end], is_cased), _sex(words, laid, at), is_sure)
            )
        at = end
    return tuple(found)


def _is_place(run: Sequence[Word]) -> bool:
    return " ".join(word.bare for word in run) in PLACES


def _is_middle(word: Word) -> bool:
    return word.typed.lower() in ("văn", "van", "thị", "thi")


def _is_closed(words: Sequence[Word], laid: Typed, at: int, end: int, *, is_cased: bool) -> bool:
    """Whether the name surely begins and ends here; else it is asked for."""
    run = words[at:end]
    if (
        is_cased
        and len(run) == 1
        and at
        and words[at - 1].typed in ("A", "Y")
        and _next_to(laid, words[at - 1], run[0])
    ):
        # "A Thút" may be somebody's whole name, or anh Thút.
        return False
    is_ended = is_cased and len(run) > 2 and end < len(words) and words[end].typed.islower() and all(word.is_capital for word in run)  # fmt: skip
    if end < len(words) and _next_to(laid, words[end - 1], words[end]) and words[end].is_letters and not is_ended:
        after = words[end]
        if after.mark is None or (is_cased and after.is_capital and after.is_single):
            return False
        if not is_cased and after.is_single and after.typed.isascii() and after.bare in _MAY_GO_ON and _has_van(run):
            return False
        if (
            not is_cased
            and after.is_single
            and (after.bare not in NEVER_NAMES or after.bare in _MAYBE)
            and len(run) == 2
            and not _has_van(run)
        ):
            return False
    if not is_cased and end < len(words) and words[end].bare == "sang" and _next_to(laid, words[end - 1], words[end]):
        return False
    before = words[at - 1] if at and _next_to(laid, words[at - 1], run[0]) else None
    if (
        before is not None
        and run[0].bare in _VAN_THI
        and before.is_letters
        and before.mark not in (Mark.TITLE, Mark.ANCHOR)
        and (before.is_capital or not is_cased)
    ):
        # "Ba Thi Kim Ngan": what stands before thị is rather a surname than a word.
        return False
    if run[0].typed.isascii() and run[0].bare in _KIN_SURNAMES and len(run) > 2 and run[1].bare in COMMON_SURNAMES:
        # "Chau Le Bao Ngoc" may be cháu Lê Bảo Ngọc.
        return False
    if at and words[at - 1].bare in ("chau", "vo") and words[at - 1].typed.isascii() and not _has_van(run):
        return False
    if at and words[at - 1].is_letters and _next_to(laid, words[at - 1], run[0]):
        before = words[at - 1]
        is_opening = (
            before.is_single
            and before.mark is not Mark.ANCHOR
            and before.bare in SURNAMES
            and before.bare not in NEVER_NAMES
        )
        if (
            is_opening
            and (before.is_capital if is_cased else run[0].bare not in SURNAMES)
            and before.mark is not Mark.ADDRESS
        ):
            return False
    return True


def _has_van(run: Sequence[Word]) -> bool:
    return any(_is_middle(word) for word in run[1:])


def _addressed_from(words: Sequence[Word], laid: Typed, at: int) -> int:
    if at and words[at - 1].mark is Mark.ADDRESS and _next_to(laid, words[at - 1], words[at]):
        return words[at - 1].start
    return words[at].start


def _is_nobody(laid: Typed, start: int, end: int, has_van: bool) -> bool:
    flat = laid.flat
    before = flat[max(0, start - 40) : start]
    if _is_child_of(laid, start):
        return True
    if _SELF_BEFORE.search(before) or (_GREETED_BEFORE.search(before) and not _HELPS_AFTER.match(flat, end)):
        return True
    if _CALLED_AFTER.match(flat, end) and re.search(r"\b(?:anh|chi|co|chu|bac|thay|em|a|c|dc|d/c) [\w ]*$", flat[:end]):
        return flat[end : end + 4].strip().startswith("oi")
    led = _PLACE_BEFORE.search(flat, max(0, start - 8), start)
    return not has_van and led is not None and _leads_to_place(laid, led)


def _is_child_of(laid: Typed, start: int) -> bool:
    """ "Con anh Dế" is not Dế; "còn đ/c Dế" is, and without accents "con d/c" is rather "còn"."""
    for end in (start, laid.flat.find(" ", start) + 1):
        found = _KIN_BEFORE.search(laid.flat, max(0, start - 40), end) if end > 0 else None
        if found is None:
            continue
        child = laid.original(*found.span("child"))
        is_title = found["whose"] in ("d/c", "dc", "dong chi")
        if child.lower() == "con" and not (
            is_title and laid.original(start - 40 if start > 40 else 0, start).isascii()
        ):
            return True
    return False


def _leads_to_place(laid: Typed, led: re.Match[str]) -> bool:
    """ "Ưu tú Hoàng Minh" is no "từ Hoàng Minh"."""
    bare, original = led["word"], laid.original(*led.span("word"))
    if bare == "tu" and laid.flat[: led.start("word")].endswith("uu "):
        return False
    return fits(original, _TO_PLACES[bare])


def _next_to(laid: Typed, first: Word, second: Word) -> bool:
    return laid.flat[first.end : second.start] == " "


def _leads(words: Sequence[Word], laid: Typed, at: int) -> Mark | None:
    """The mark of what stands just before, list marks and colons aside."""
    back = at - 1
    while back >= 0 and not words[back].is_letters:
        back -= 1
    if back < 0 or not _EMPTY_BETWEEN.fullmatch(laid.flat, words[back].end, words[at].start):
        return None
    return words[back].mark


def _follows_name(laid: Typed, last: int, start: int) -> bool:
    """Whether only list marks or an "and" stand between the name before and this word."""
    if last < 0:
        return False
    between = laid.flat[last:start]
    return re.fullmatch(
        r"[\s,;&+/\-.\d)*•]*(?:va|voi|cung|dong chi|d/c|dc|vs)?[\s:.\d)\-]*", between
    ) is not None and bool(between.strip())


def _run(words: Sequence[Word], laid: Typed, at: int, *, is_cased: bool, last: int) -> int:
    first = words[at]
    if not first.is_letters or not _may_start(words, laid, at, is_cased=is_cased, last=last):
        return at
    end = at + 1
    while end < len(words) and end - at < LONGEST_NAME and _next_to(laid, words[end - 1], words[end]):
        if not _extends(words, laid, at, end, is_cased=is_cased):
            break
        end += 1
    return end if _is_name(words, laid, at, end, is_cased=is_cased, last=last) else at


def _starts_surname(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """A surname with văn or thị behind it begins a name whatever else the word may mean."""
    return (
        words[at].bare in SURNAMES
        and at + 2 < len(words)
        and words[at].is_capital == words[at + 1].is_capital
        and words[at + 1].bare in _VAN_THI
        and not (
            words[at + 1].typed == "thi"
            and words[at + 2].bare in AFTER_THEN - {"la", "lam", "sao", "con", "cu", "moi", "can", "da"}
        )
        and fits(words[at + 1].typed, "văn" if words[at + 1].bare == "van" else "thị")
        and words[at + 2].is_letters
        and _next_to(laid, words[at], words[at + 1])
        and _next_to(laid, words[at + 1], words[at + 2])
    )


def _starts_named(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """ "Báo Thị Mỹ Hằng": capitals around văn or thị make a name of whatever word."""
    return (
        0 < at < len(words) - 2
        and words[at].is_capital
        and words[at].is_single
        and words[at].mark not in (Mark.ADDRESS, Mark.TITLE)
        and words[at + 1].typed in ("Thị", "Văn")
        and words[at + 2].is_capital
        and _next_to(laid, words[at], words[at + 1])
        and _next_to(laid, words[at + 1], words[at + 2])
    )


def _has_particle(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """`hờ a chỉnh`, `bo bo thi yen`, `a viet thi nhi`: what stands around such a particle is a name."""
    if at + 2 >= len(words) or words[at].is_letters is False or not _next_to(laid, words[at], words[at + 1]):
        return False
    word, second, third = words[at : at + 3]
    if not (second.is_letters and third.is_letters and _next_to(laid, second, third)):
        return False
    if word.bare == "a" and word.mark is Mark.ADDRESS:
        return second.mark is None and third.bare == "thi" and (third.typed in ("thi", "thị"))
    is_unknown = word.mark is None and word.bare not in NEVER_NAMES
    if second.bare == "a" and second.typed == "a":
        return (
            is_unknown
            and (third.mark is None or third.is_single)
            and third.bare not in NEVER_NAMES
            and len(word.bare) > 1
        )
    return is_unknown and second.typed in ("thi", "thị") and third.mark is None


def _is_doubled(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """`Bo Bo Thị Yến`."""
    return (
        at + 3 < len(words)
        and words[at].bare == words[at + 1].bare
        and words[at].is_letters
        and words[at + 2].typed.lower() in ("thi", "thị")
        and _next_to(laid, words[at], words[at + 1])
        and _next_to(laid, words[at + 1], words[at + 2])
    )


def _is_spelled_apart(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """`nay h'win`, `ko sa k'chuong`: a surname before words with an apostrophe inside."""
    word = words[at]
    if not word.is_single or word.bare not in SURNAMES or (word.mark is not None and not _is_hidden_surname(word)):
        return False
    if word.mark is Mark.SEPARATOR:
        return False
    for step in (1, 2):
        if at + step >= len(words) or not _next_to(laid, words[at + step - 1], words[at + step]):
            return False
        if "'" in words[at + step].bare[1:-1]:
            return True
        if words[at + step].mark is not None:
            return False
    return False


def _may_start(words: Sequence[Word], laid: Typed, at: int, *, is_cased: bool, last: int) -> bool:
    word = words[at]
    if _starts_surname(words, laid, at) and (
        word.mark is None or word.typed.isascii() or word.is_capital or _is_hidden_surname(word)
    ):
        return word.is_single or word.mark is None
    if not is_cased and _has_particle(words, laid, at):
        return True
    if _is_doubled(words, laid, at):
        return True
    if _is_spelled_apart(words, laid, at):
        return True
    is_free = word.mark is None
    is_letter = word.mark is Mark.ADDRESS and len(word.bare) == 1 and at + 1 < len(words)
    if (
        is_letter
        and _leads(words, laid, at) is Mark.TITLE
        and words[at + 1].mark is None
        and _next_to(laid, word, words[at + 1])
    ):
        return True
    if is_cased:
        if not word.is_capital:
            return False
        follows = (
            at + 1 < len(words)
            and words[at + 1].is_capital
            and words[at + 1].is_single
            and _next_to(laid, word, words[at + 1])
        )
        is_hidden = word.is_single and _is_hidden_surname(word) and follows
        if _starts_named(words, laid, at):
            return True
        is_called = (
            word.is_single
            and (word.bare in SOFT or not word.typed.isupper())
            and _leads(words, laid, at) in (Mark.TITLE, Mark.ADDRESS)
        )
        is_address = word.mark is Mark.ADDRESS and len(word.typed) == 1 and at > 0 and follows
        return (is_free or is_hidden or is_address or is_called) and len(word.bare) > 0
    if not is_free:
        if _fills_slot(words, laid, at):
            return True
        if _opens(words, laid, at, last):
            return True
        if word.bare in GIVEN and words[at - 1].bare == "cho" and _is_admitted_alone(words, laid, at):
            return True
        if _is_titled_surname(words, laid, at):
            return True
        is_hmong = (
            at + 2 < len(words) and words[at + 1].bare == "a" and words[at + 2].is_letters and words[at + 2].is_single
        )
        is_led = _leads(words, laid, at) in (Mark.TITLE, Mark.ANCHOR) or _follows_name(laid, last, word.start)
        return (
            is_hmong and is_led and word.is_single and _is_hidden_surname(word) and _next_to(laid, word, words[at + 1])
        )
    leads = _leads(words, laid, at)
    if leads is Mark.ANCHOR and _is_admitted_alone(words, laid, at):
        return True
    if _fills_slot(words, laid, at):
        return True
    if leads in (Mark.TITLE, Mark.ADDRESS) or _follows_name(laid, last, word.start) or _acts(words, laid, at):
        return True
    return word.bare in SURNAMES or "'" in word.bare or not is_syllable(word.bare)


_MOSTLY_WORDS = frozenset(
    "xin tai toan nhan xa luc bang cung va ban to co ta nay la y a be sa lai vo do dong thanh quan".split()
)
_SLOTS = frozenset("nap kn cho la cua gom ten nguon them voi va dang ve lich".split())


def _free_run(words: Sequence[Word], laid: Typed, at: int) -> int:
    """How many unknown words stand here side by side, as far as it matters."""
    end = at
    while end < len(words) and end - at <= LONGEST_NAME and words[end].is_letters and words[end].mark is None and (end == at or _next_to(laid, words[end - 1], words[end])):  # fmt: skip
        end += 1
    return end - at


def _fills_slot(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """Two to five words that mean nothing else, where a name is expected: `kn ky go de`, `neang soc kha len chinh thuc`."""
    if not words[at].typed.isascii() and words[at].typed.lower() not in ACCENTED_SURNAMES:
        return False
    is_hidden = (
        words[at].mark is not None
        and words[at].is_single
        and words[at].bare not in _MOSTLY_WORDS
        and _is_hidden_surname(words[at])
    )
    size = 1 + _free_run(words, laid, at + 1) if is_hidden else _free_run(words, laid, at)
    if not (3 if is_hidden else 2) <= size <= 5:
        return False
    before = words[at - 1] if at else None
    is_led = before is not None and before.mark in (Mark.ANCHOR, Mark.SEPARATOR) and before.bare in _SLOTS and _next_to(laid, before, words[at])  # fmt: skip
    opening = laid.flat[max(0, words[at].start - 8) : words[at].start].rstrip(" -*")
    is_first = not opening or opening[-1] in ".;,:\n"
    after = words[at + size] if at + size < len(words) else None
    does = after is not None and (
        after.bare in _DOES or after.bare in ("kn", "ket", "len", "duoc", "cung", "deu", "nhe", "-")
    )
    return is_led or (is_first and does)


def _is_titled_surname(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """`dong chi vang seo lu`: right behind a title a surname that is a common word too, with more of a name behind."""
    word = words[at]
    return (
        word.is_single
        and _is_hidden_surname(word)
        and word.bare not in NEVER_NAMES
        and _leads(words, laid, at) is Mark.TITLE
        and at + 1 < len(words)
        and words[at + 1].mark is None
        and words[at + 1].is_letters
        and is_syllable(words[at + 1].bare)
        and _next_to(laid, word, words[at + 1])
    )


def _is_admitted_alone(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """A lone given name right behind the word of admission, with nothing but a day after it: `ket nap an 15/10`."""
    before = [word.bare for word in words[max(0, at - 2) : at]]
    if words[at].bare in ("thanh", "la", "sang", "lai", "ngay", "hom"):
        return False
    is_led = before[-1:] in (["nap"], ["kn"]) or before in (["nap", "cho"], ["kn", "cho"], ["le", "cho"])
    return is_led and len(words[at].bare) > 1 and _ends_phrase(words, laid, at) and is_syllable(words[at].bare)


def _acts(words: Sequence[Word], laid: Typed, at: int) -> bool:
    """A lone given name that begins a clause and does something: `Na có giấy lớp cảm tình`."""
    before = laid.flat[: words[at].start].rstrip(" -")
    is_first = not before or before[-1] in ".;,\n"
    follows = at + 1 < len(words) and words[at + 1].bare in _DOES and words[at + 1].mark is not None
    return is_first and follows and len(words[at].bare) > 1 and _next_to(laid, words[at], words[at + 1])


def _opens(words: Sequence[Word], laid: Typed, at: int, last: int) -> bool:
    """`ket nap chu quang thu`: a surname that is also a common word, led by what leads to names."""
    word = words[at]
    is_listed = _follows_name(laid, last, word.start)
    is_led = is_listed or (_leads(words, laid, at) in (Mark.TITLE, Mark.ANCHOR) and word.bare in _OPENERS)
    if not (is_led and word.is_single and _is_hidden_surname(word)) or at + 1 >= len(words):
        return False
    following = words[at + 1]
    is_next_free = following.mark is None or (following.is_single and following.bare not in NEVER_NAMES)
    return (
        following.is_letters
        and _next_to(laid, word, following)
        and is_next_free
        and not _starts_surname(words, laid, at + 1)
    )


def _is_free_to_end(words: Sequence[Word], laid: Typed, at: int) -> bool:
    return (
        at < len(words)
        and words[at].mark is None
        and words[at].is_letters
        and _next_to(laid, words[at - 1], words[at])
        and _ends_phrase(words, laid, at)
    )


def _ends_phrase(words: Sequence[Word], laid: Typed, at: int) -> bool:
    after = at + 1
    return (
        after >= len(words)
        or not _next_to(laid, words[at], words[after])
        or words[after].bare in NEVER_NAMES
        or not words[after].is_letters
    )


def _is_hidden_surname(word: Word) -> bool:
    return any(fits(word.typed, spelled) for spelled in HIDDEN_SURNAMES.get(word.bare, ()))


def _extends(words: Sequence[Word], laid: Typed, at: int, end: int, *, is_cased: bool) -> bool:
    word, previous = words[end], words[end - 1]
    if not word.is_letters:
        return False
    size = end - at
    if word.mark is not None and not word.typed.isascii() and (not is_cased or word.typed.islower()):
        if not word.is_exact and word.is_single:
            # "máy" is no "mấy".
            return True
        if word.typed.lower() not in NAMES_TOO:
            return False
        if (
            not is_cased
            and word.is_single
            and size == 2
            and not _is_middle(previous)
            and word.typed.lower() not in _AFTER_NAMES
            and words[at].typed.lower() in ACCENTED_SURNAMES
            and _ends_phrase(words, laid, end)
            and not (end + 1 < len(words) and words[end + 1].bare.isdigit())
            and laid.flat[word.end : word.end + 2].strip()[:1] not in tuple("0123456789")
        ):
            return True
    if (
        is_cased
        and size > 1
        and not _is_middle(previous)
        and word.bare in _DAY_WORDS
        and re.match(r" \d{4}" if word.bare == "nam" else r" \d", laid.flat[word.end : word.end + 5])
    ):
        return False
    if size >= 2 and previous.bare not in _VAN_THI and _starts_surname(words, laid, end):
        return False
    if words[at].bare == "a" and size == 2 and word.typed in ("thi", "thị"):
        return True
    if word.bare == "thanh" and size >= 3 and laid.flat.startswith(("sua", "doi", "chinh", "dinh chinh")):
        return False
    if (
        word.bare == "thanh"
        and size == 3
        and _has_van(words[at:end])
        and end + 1 < len(words)
        and words[end + 1].bare.isdigit()
    ):
        return False
    if (_is_middle(previous) and (size == 2 or (size == 3 and words[at].bare == "a"))) or (
        previous.bare in _LEADING and size == 2
    ):
        return word.is_single or word.mark is None or word.is_capital
    if word.bare in _VAN_THI and (size == 1 or (size == 2 and words[at].bare == previous.bare)):
        return True
    if size == 1 and _is_doubled(words, laid, at):
        return True
    if is_cased and words[at].is_capital and (not words[at].typed.isupper() or len(words[at].typed) == 1):
        if word.mark is None:
            return word.is_capital
        follows = end + 1 < len(words) and words[end + 1].is_capital and words[end + 1].mark is None
        is_title = all(other.is_capital for other in words if other.is_letters)
        if word.is_single and not is_title:
            is_last = end + 1 >= len(words) or words[end + 1].typed in (",", ".", ";")
            return word.is_capital and (word.bare not in _STARTS or word.bare in SOFT or follows or is_last)
        if word.is_single:
            return word.is_capital and (word.bare in SOFT or follows)
        # "Nam sinh" is no "năm sinh" where only the first is a capital.
        return word.is_capital and word.bare in SOFT and end + 1 < len(words) and not words[end + 1].is_capital
    if size >= 4 or (
        size >= 3
        and words[at + 1].bare not in _VAN_THI
        and words[at].bare in SURNAMES
        and is_syllable(words[at].bare)
        and len(words[at].bare) > 2
    ):
        return word.mark is None and word.is_capital
    if word.mark is None:
        return True
    if not word.is_single:
        return False
    if word.bare not in NEVER_NAMES and (
        size == 1 or (size == 2 and not _has_van(words[at:end])) or (size == 3 and _has_van(words[at:end]))
    ):
        # Between a surname and the end of the phrase a common word is part of the name: nguyen tien dat 1/11.
        if size == 1 and (words[at].bare in SURNAMES or not is_syllable(words[at].bare)):
            return True
        if size > 1 and _ends_phrase(words, laid, end) and (size < 3 or word.bare in _SECOND_GIVEN):
            return True
    if word.bare == "dang" and size == 1 and words[at].bare in SURNAMES and _is_free_to_end(words, laid, end + 1):
        # "tran dang khoa 12/11"
        return True
    if word.bare not in SOFT:
        return False
    follows_free = end + 1 < len(words) and words[end + 1].mark is None and words[end + 1].is_letters
    if size == 1 and words[at].bare in SURNAMES:
        return word.typed.isascii() or word.bare != "a" or follows_free
    before_number = end + 1 < len(words) and words[end + 1].bare.isdigit()
    if size == 2 and previous.mark is None and word.bare in GIVEN and words[at].bare in SURNAMES and not before_number:
        return True
    return word.bare == "anh" and not follows_free


def _is_name(words: Sequence[Word], laid: Typed, at: int, end: int, *, is_cased: bool, last: int) -> bool:
    run = words[at:end]
    leads = _leads(words, laid, at)
    if len(run) == 1:
        if run[0].bare in ("van", "thi", "le", "dang"):
            return False
        if "'" in run[0].bare[1:-1]:
            return True
        if leads is Mark.ADDRESS and at == 1 and not run[0].is_capital:
            # "em muốn …": who begins with em speaks of himself.
            return False
        if is_cased and at and words[at - 1].typed == "thành" and run[0].is_capital:
            return True
        if leads in (Mark.TITLE, Mark.ADDRESS) or (run[0].mark is None and _acts(words, laid, at)):
            return True
        if (
            leads is Mark.ANCHOR
            and (run[0].mark is None or words[at - 1].bare == "cho")
            and _is_admitted_alone(words, laid, at)
        ):
            return True
        return (is_cased and (leads in (Mark.ANCHOR, Mark.SEPARATOR) or _follows_name(laid, last, run[0].start))) or (
            is_cased and len(words) <= 6 and run[0].mark is None and len(run[0].bare) > 1 and at == 0
        )
    if len(run) == 2 and _is_middle(run[-1]):
        return False
    is_common = len(run) > 2 and (
        (run[0].bare in COMMON_SURNAMES and all(word.typed.isascii() for word in run))
        or run[0].typed.lower() in ACCENTED_SURNAMES
    )
    is_common = is_common or (not is_cased and (_has_particle(words, laid, at) or _fills_slot(words, laid, at)))
    is_first = laid.flat[max(0, run[0].start - 8) : run[0].start].rstrip(" -*")[-1:] in ("", ".", ",", ";", ":", "\n")
    if (
        len(run) > 1
        and is_first
        and any(
            not is_syllable(word.bare) and len(set(word.bare) & set("aeiouy")) > 0 and len(word.bare) > 2
            for word in run
        )
    ):
        is_common = True
    is_common = is_common or (len(run) > 1 and any("'" in word.bare[1:-1] for word in run))
    is_placed = len(words) == len(run)
    if is_cased and run[0].bare not in SURNAMES and not _has_van(run) and all(is_syllable(word.bare) for word in run):
        # "nhà văn hóa Đồng Tâm": capitals alone make nobody.
        is_spoken_of = (
            at == 0 or (end < len(words) and words[end].bare in _SPOKEN_OF) or laid.flat[words[at].start - 1] == "\n"
        )
        return (
            leads in (Mark.TITLE, Mark.ADDRESS, Mark.ANCHOR, Mark.SEPARATOR)
            or is_spoken_of
            or _follows_name(laid, last, run[0].start)
            or is_placed
        )
    return (
        is_cased
        or leads in (Mark.TITLE, Mark.ADDRESS, Mark.ANCHOR)
        or is_common
        or is_placed
        or _has_van(run)
        or _follows_name(laid, last, run[0].start)
    )


def _spelled(run: Sequence[Word], is_cased: bool) -> str:
    typed = [word.typed for word in run]
    is_shouted = all(part.isupper() for part in typed) and any(len(part) > 1 for part in typed)
    if is_cased and not is_shouted and all(part[0].isupper() for part in typed):
        return " ".join(typed)
    return " ".join(_titled(part) for part in typed)


def _titled(word: str) -> str:
    return "'".join(part[:1].upper() + part[1:].lower() for part in word.split("'"))


def _sex(words: Sequence[Word], laid: Typed, at: int) -> str:
    if not at or words[at - 1].mark is not Mark.ADDRESS or not _next_to(laid, words[at - 1], words[at]):
        return ""
    word = words[at - 1]
    return (
        word.sex if not word.typed.isascii() or word.bare not in ("co", "chi") or not words[at].typed.islower() else ""
    )


def leave_nobody_out(words: Sequence[Word], found: Sequence[FoundName]) -> bool:
    """Whether no part of a list of names was passed over: what stands beside a comma or an "and" is known."""
    if not found:
        return True
    inside = [any(name.start <= word.start < name.end for name in found) for word in words]
    is_cased = all(word.is_capital for word, within in zip(words, inside, strict=True) if within)
    for at, word in enumerate(words):
        if word.typed not in (",", ";") and word.mark is not Mark.SEPARATOR:
            continue
        is_near = any(inside[max(0, at - 1) : at + 2])
        if is_near and (
            _may_be_somebody(words, at + 1, inside, step=1)
            # "Sau bao cố gắng, Lùng Thị Phới": small letters before a name in capitals begin no list.
            or (not (is_cased and words[at - 1].typed.islower()) and _may_be_somebody(words, at - 1, inside, step=-1))
        ):
            return False
    return True


def _may_be_somebody(words: Sequence[Word], at: int, inside: Sequence[bool], *, step: int) -> bool:
    if not 0 <= at < len(words) or inside[at] or not words[at].is_letters:
        return False
    word = words[at]
    if word.mark is None:
        return True
    if not word.is_single or word.bare in NEVER_NAMES:
        return False
    if step > 0:
        return word.bare in SURNAMES and (word.bare not in HIDDEN_SURNAMES or _is_hidden_surname(word))
    return word.bare in SOFT | GIVEN
