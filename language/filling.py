"""Short answers to what was asked: a name, a day, a branch, somebody picked from a list."""

import re
from datetime import date

from domain.intents import DateTrouble, Wish
from domain.records import Because, Stage
from domain.snags import Settling, SnagKind
from language.numbers import WORDS, value
from language.plain import fold
from language.senses import amend, candidate
from language.sentence import Sentence, settle
from language.snags import snag_kind
from language.stages import STAGES
from language.understand import understand

LONGEST_ANSWER = 200

_AROUND = frozenset(
    "a ah u o da vang em anh chi oi nhe nha roi la thi chu moi dung lai lay sua doi thanh sang ghi cho dong chi d c dc ho va ten so ngay hom vao luc"
    " ky quyet dinh qd lam le to chuc buoi ket nap kn cong bo cua tai sinh nam nu dan toc nghe thang trong chieu qua nay cb thon ban xom nguoi gom co"
    " chi uy bi thu vien".split()
)
_REMARKS = frozenset(
    "bi om met ban hop nghi mua nang bao lut chua khong ko duoc mat benh vien ve que phai nen toi minh biet hoi sao the gi nao".split()
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_ADMITS = "/ketnap "
_DECIDES = "/ketnap quyết định "
_PICKED = re.compile(r"người (\d{1,17})")


def of_admission(text: str, today: date) -> Wish:
    """The answer read as what stands behind "kết nạp": people, a day, a branch, a decision."""
    return understand(f"/ketnap {text}", today=today)[0]


def is_an_answer(text: str, read: Wish, today: date) -> bool:
    """Whether the words are little more than the answer found in them.

    `hôm qua tôi bận họp ở xã` holds a day and `Páo bị ốm rồi` a name, and neither says anything of an admission.
    """
    flat = fold(text)
    for day in sorted(Sentence(text, today=today).days, key=lambda day: -day.start):
        flat = flat[: day.start] + " " * (day.end - day.start) + flat[day.end :] if len(flat) == len(text) else flat
    left = re.findall(r"\w+", flat)
    known = _words_of(read)
    answers = len(re.findall(r"\w+", fold(text))) - len(left) + sum(word in known for word in left)
    others = [word for word in left if word not in known and word not in _AROUND and not word.isdigit()]
    is_remark = any(word in _REMARKS for word in others)
    return len(others) <= (0 if is_remark else answers)


def _words_of(read: Wish) -> frozenset[str]:
    """The words of everything that was understood."""
    said = [read.branch, read.decision_no, read.typed_date]
    for one in read.people:
        said += [one.name, one.job or "", one.group or "", one.ethnicity or ""]
    return frozenset(word for part in said for word in re.findall(r"\w+", fold(part)))


def of_list(text: str, today: date) -> Wish:
    """The answer read as people for the list of candidates."""
    return understand(f"/nguon thêm {text}", today=today)[0]


def of_correction(text: str, today: date) -> Wish | None:
    """The answer read as the right day, name or decision number; None if it is more than just that."""
    return amend.answered(Sentence(text, today=today)) if len(text) <= LONGEST_ANSWER else None


_AWAY = re.compile(r"(huy|xoa|bo)( (di|no|cai|so|nay|ban ghi|giup|ho|cho|toi|minh|em|a|nhe|voi))*")


def takes_away(text: str) -> bool:
    """Whether a short answer to what was recorded wants it gone: `xóa đi ạ`."""
    return len(text) <= LONGEST_ANSWER and bool(_AWAY.fullmatch(" ".join(re.findall(r"\w+", fold(text)))))


def pick(candidate_id: int) -> str:
    """What the button of a person says."""
    return f"người {candidate_id}"


def picked(text: str) -> int | None:
    """Whose button was pressed."""
    found = _PICKED.fullmatch(text)
    return int(found[1]) if found else None


def admits(candidate_id: int) -> str:
    """What the button of somebody likely to have been admitted says."""
    return f"{_ADMITS}{pick(candidate_id)}"


def decides(candidate_id: int) -> str:
    """What the button of somebody on whom it may have been decided says."""
    return f"{_DECIDES}{pick(candidate_id)}"


def admitted(text: str) -> int | None:
    """Whose admission, or decision, such a button reports."""
    said = next((prefix for prefix in (_DECIDES, _ADMITS) if text.startswith(prefix)), None)
    return picked(text.removeprefix(said)) if said else None


_STEPPED = re.compile(r"/nguon người (\d{1,17})(?: (?P<words>.+))?", re.DOTALL)


def steps(candidate_id: int, words: str = "") -> str:
    """What the button of somebody's next step says; without a step it asks which."""
    return f"/nguon {pick(candidate_id)} {words}".strip()


def stepped(text: str) -> tuple[int, Stage | None] | None:
    """Whose step such a button tells, and which one."""
    found = _STEPPED.fullmatch(text.strip())
    if found is None:
        return None
    words = fold(found["words"] or "")
    stage = next((stage for stage, said in STAGES.items() if fold(said) == words), None)
    return int(found[1]), stage or (candidate.stage_said(words) if words else None)


_SNAG_OF = re.compile(r"/nguon vướng người (\d{1,17})(?: (?P<words>.+))?", re.DOTALL)
_SNAG_SETTLED = re.compile(r"/nguon vướng số (\d{1,12}) (?P<how>nhận|xong)")


def snags(candidate_id: int, words: str = "") -> str:
    """What the button of a snag of somebody says; without words it asks which kind."""
    return f"/nguon vướng {pick(candidate_id)} {words}".strip()


def snagged(text: str) -> tuple[int, SnagKind | None] | None:
    """Whose snag such a button tells, and of which kind."""
    found = _SNAG_OF.fullmatch(text.strip())
    return (int(found[1]), snag_kind(found["words"] or "")) if found else None


def settles_snag(snag_id: int, settling: Settling) -> str:
    """What the button says with which somebody takes a snag over, or reports it gone."""
    return f"/nguon vướng số {snag_id} {'nhận' if settling is Settling.TAKEN else 'xong'}"


def snag_settled(text: str) -> tuple[int, Settling] | None:
    found = _SNAG_SETTLED.fullmatch(text.strip())
    return (int(found[1]), Settling.TAKEN if found["how"] == "nhận" else Settling.GONE) if found else None


_VOTES = re.compile(r"(\d{1,3}) ?(?:/|tren|trong(?: tong)?(?: so)?) ?(\d{1,3})\b")


def votes(text: str) -> tuple[int, int] | None:
    """Votes in favour and all official members: `14/20`, `14 phiếu trên 20`."""
    found = _VOTES.search(re.sub(r"\b(?:phieu|dong chi|dang vien|tan thanh|dong y|chinh thuc|so)\b ?", "", fold(text)))
    return (int(found[1]), int(found[2])) if found and len(text) <= LONGEST_ANSWER else None


_BECAUSE: dict[Because, str] = {
    Because.UNREPORTED: "đã làm, nay mới báo",
    Because.NOT_NEEDED: "trường hợp này không cần",
    Because.MISTAKEN: "ghi lùi lại",
    Because.RENEWED: "đã bổ sung lại hồ sơ",
    Because.APPROVED: "cấp trên đã đồng ý",
    Because.VOTES_UNKNOWN: "chưa rõ số phiếu",
}


def says_because(because: Because) -> str:
    """What the button of a reason says."""
    return _BECAUSE[because]


def because(text: str) -> Because | None:
    """The reason that such words give."""
    return next((each for each, words in _BECAUSE.items() if fold(words) == fold(text).strip(" .!")), None)


_GOING_ON = re.compile(r"việc (\d{1,3}) của tin (\d{1,17})")


def going_on(item: int, at: int) -> str:
    """What the button for the next wish of a message says: where the words stand, never the words."""
    return f"việc {at + 1} của tin {item}"


def gone_on(text: str) -> tuple[int, int] | None:
    """The message meant by such a button, and from which of its wishes on."""
    found = _GOING_ON.fullmatch(text)
    return (int(found[2]), int(found[1]) - 1) if found else None


_NOTHING_SAID = re.compile(
    r"(?:(?:da|thua|bao cao|dong chi|d/c|anh|chi|bac|chu|em|toi|minh|chi bo|cb|ben|thang nay|hien|van|hien tai|nay)[ ,.]+)*"
    r"(?:khong|ko|k|kg|hong|hok|chua)(?: (?:con|he|co|thay|phat sinh|bao cao|gi|ai|nao|het|ca|moi|them|dau|dong chi|d/c|dc|nguoi|quan chung|truong hop|tin))*"
    r"(?: (?:a|ah|nhe|nha|dau|oi|dong chi|d/c|anh|chi|bac|ban))*[ .!]*"
)
_NOTHING_SAYS = re.compile(r"(?P<month>tháng \d{1,2}/\d{4} không có gì mới) ở .+")


def is_nothing(text: str) -> bool:
    """The short answers to "what is new": `không có`, `k co gi`, `ko có ai cả`, `chưa có gì ạ`."""
    return len(text) <= LONGEST_ANSWER and _NOTHING_SAID.fullmatch(fold(text)) is not None


def reports_nothing(says: str) -> bool:
    """Whether a choice reports nothing for a month and a branch."""
    return _NOTHING_SAYS.fullmatch(says) is not None


def month_of_nothing(says: str) -> str:
    """What such a choice says, without its branch."""
    found = _NOTHING_SAYS.fullmatch(says)
    return found["month"] if found is not None else says


_SOMEBODY = re.compile(
    r"(?:(?P<unit>.{1,60}?) )?(?:(?:van|da|lai|nay|thi) )*(?:con|co)(?: lai| them)?(?: nguon| quan chung| doi tuong)"
    r"(?: (?:de|uu tu|ket nap|kn|phat trien|gioi thieu|dang|moi|roi|a|lai|nhe|day))*(?: (?:o|tai|ben) (?P<place>.{1,60}))?[ .!]*"
)
_OWN = re.compile(r"(?:chi bo|cb|don vi|ben|chung)?(?: ?(?:toi|em|minh|chung toi|chung em|ta))?")
SOMEBODY_AGAIN = "còn quần chúng"


def somebody_again(text: str) -> str | None:
    """The branch of which it is said that it has people to admit after all ("" for one's own); None otherwise."""
    if len(text) > LONGEST_ANSWER or "?" in text or "\n" in text:
        return None
    flat = fold(text)
    found = _SOMEBODY.fullmatch(flat)
    if found is None or re.search(r"\d+ (?:quan chung|nguon)|\b(?:may|bao nhieu|khong|chua|nao|ai|het|them)\b", flat):
        return None
    words, said = text.split(), found["place"] or found["unit"] or ""
    if _OWN.fullmatch(said):
        return ""
    count = len(said.split())
    if found["place"]:
        return " ".join(words[-count:]).strip(" .!")
    return " ".join(words[:count]) if re.match(r"(?:chi bo|cb|thon|ban|xom|khu|to|truong|tram)\b", said) else None


ONE_MORE = "thêm người"

_MORE = re.compile(
    r"(?:them|va|ca|con|voi)(?: ca| co| nguoi| mot nguoi| 1 nguoi| dong chi| d/c| dc)*[ :]+(?!nguon\b|vao nguon|danh sach)\S"
)
_MORE_BEHIND = re.compile(r"(?:[ ,]+(?:nua|nua a|nua nhe))$")


def drops(text: str) -> bool:
    """Whether the card is to go, where a bare no would answer whether it is the same person."""
    return fold(text) in ("bo", "bo di", "thoi", "huy")


def is_one_more(text: str) -> bool:
    """The button that says: one more on the card."""
    return fold(text) in (fold(ONE_MORE), "them", "them vao", "them nguoi nua")


def one_more(text: str) -> str:
    """The words of somebody said to be one more on the card: `thêm Trần Thị B`, `Trần Thị B nữa`; or nothing."""
    words, flat = text.split(), fold(text)
    if found := _MORE.match(flat):
        return " ".join(words[len(found[0][:-1].split()) :]) if "nguon" not in flat else ""
    if found := _MORE_BEHIND.search(flat):
        return " ".join(words[: -len(found[0].replace(",", " ").split())])
    return ""


DONE = "xong"
LATER = "trang sau"


def is_done(text: str) -> bool:
    """Whether nobody more is to be marked: "xong", "hết rồi", "đủ cả"."""
    return fold(text).strip(" .!") in ("xong", "xong roi", "het", "het roi", "du", "du ca", "tat ca", "khong ai", "ok")


def is_next_page(text: str) -> bool:
    return fold(text) in (fold(LATER), "tiep", "xem tiep")


def day_gone(text: str, today: date) -> tuple[date | None, bool]:
    """The one day in an answer about what has happened, and whether that day is still to come."""
    day, trouble, _ = settle(Sentence(text, today=today).days, today)
    return (day if isinstance(day, date) else None), trouble is DateTrouble.FUTURE


ONLY_FOUND = "chỉ ghi người đã tìm thấy"


def only_found(text: str) -> bool:
    """Whether those who were found nowhere shall be left out."""
    return fold(text) == fold(ONLY_FOUND)


def year(text: str) -> int | None:
    """A year in the answer: "1990", "sinh năm 1990"."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def asks_for_template(text: str) -> bool:
    """Whether the empty workbook is wanted: "mẫu", "mẫu excel"."""
    return fold(text) in ("mau", "mau excel", "file mau", "tep mau")


def unbinds(text: str) -> bool:
    """Whether a group is to be bound to nothing any more: "bỏ", "thôi", "bỏ gắn"."""
    return fold(text) in ("bo", "thoi", "huy", "bo gan", "thoi gan", "go")


_LINE = re.compile(rf"(?P<number>\d{{1,3}}|{WORDS})\b[ .,)/:;-]*(?P<words>.*)")


def line_typed(text: str) -> tuple[int, str]:
    """A numbered line as it was typed or copied, `1. Lưu`: its number and its words; or a number alone, in words too. 0: none."""
    found = _LINE.fullmatch(fold(text).strip(" .!"))
    return (value(found["number"]), found["words"]) if found else (0, "")
