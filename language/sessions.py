"""The words of a session: its agenda as it is printed, and its results as they are told in one go."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.intents import DateTrouble, Intent, Wish
from domain.records import ReturnReason, Stage
from language.days import show
from language.plain import typed
from language.sentence import Sentence, settle

PAPERS: dict[Stage, str] = {
    Stage.CLASS_DONE: "giấy chứng nhận lớp nhận thức",
    Stage.APPLICATION: "đơn xin vào Đảng",
    Stage.DOSSIER_OPEN: "hồ sơ",
    Stage.CV_DECLARED: "lý lịch tự khai",
    Stage.CV_VERIFIED: "kết quả thẩm tra lý lịch",
    Stage.OPINIONS: "ý kiến đoàn thể, nơi cư trú",
    Stage.BRANCH_RESOLVED: "nghị quyết chi bộ",
}
BEING_PUT_RIGHT = "đang bổ sung sau khi bị trả lại"

RETURN_REASONS: dict[ReturnReason, str] = {
    ReturnReason.PAPERS: "thiếu giấy tờ, chữ ký hoặc dấu",
    ReturnReason.CV: "lý lịch khai chưa đủ, chưa đúng",
    ReturnReason.VERIFICATION: "thẩm tra lý lịch chưa xong",
    ReturnReason.OPINIONS: "thiếu ý kiến đoàn thể, nơi cư trú",
    ReturnReason.VOTE: "nghị quyết chi bộ chưa đúng",
    ReturnReason.CERTIFICATE: "giấy chứng nhận lớp nhận thức",
    ReturnReason.OTHER: "lý do khác",
}
HOLD = "để lại kỳ sau"
NO_REASON = "chưa rõ lý do"

AGENDA_SHEETS = ("Đủ điều kiện", "Còn thiếu", "Bị trả lại")
READY_HEADINGS = (
    "STT",
    "Họ và tên",
    "Chi bộ",
    "Ngày chi bộ ra nghị quyết",
    "Hạn ra quyết định",
    "Kết quả tại kỳ họp",
)
LACKING_HEADINGS = ("STT", "Họ và tên", "Chi bộ", "Còn thiếu")
RETURNED_HEADINGS = ("STT", "Họ và tên", "Chi bộ", "Ngày trả lại", "Lý do")


def papers(lacking: Sequence[Stage]) -> str:
    """What somebody still lacks, in a row."""
    return "; ".join(PAPERS[stage] for stage in lacking) or BEING_PUT_RIGHT


def returned_because(reason: ReturnReason | None) -> str:
    return RETURN_REASONS[reason] if reason is not None else NO_REASON


def agenda_title(unit_name: str, closes_on: date) -> str:
    return f"Chương trình kỳ họp xét kết nạp · {unit_name} · nhận hồ sơ đến hết {show(closes_on)}"


_MONTH = re.compile(r"^(?:thang )?(?P<month>1[0-2]|0?[1-9])(?:/(?P<year>20\d\d))?\b(?!/)|^thang nay\b")
_FILE = re.compile(r"^(?:tai |gui |xem )?(?:tep|file|excel|in)\b")
_RESULT = re.compile(r"\b(?:ket qua|kq|duyet|thong qua|dong y|nhat tri|tra lai|de lai)\b")
_RESULT_WORD = re.compile(r"^(?P<unit>(?:(?!duyet|thong qua|dong y|tra lai|de lai)[^;,:])*?)\b(?:ket qua|kq)\b[ :]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind `/kyhop`: which month, whose, the file or the results, and the words of the results."""

    unit: str = ""
    month: date | None = None
    wants_file: bool = False
    is_result: bool = False
    words: str = ""


def asked(rest: str, *, today: date) -> Asked:
    """`tháng 11 kết quả …`, `tệp XA`, `XA`, or nothing."""
    laid = typed(" ".join(rest.split()))
    month: date | None = None
    start = 0
    if found := _MONTH.match(laid.flat):
        number = int(found["month"] or today.month)
        month = date(int(found["year"] or today.year), number, 1)
        start = found.end()
    words = laid.original(start, len(laid.flat)).strip()
    flat = laid.flat[start:].strip()
    if _RESULT.search(flat):
        behind = typed(words)
        head = _RESULT_WORD.match(behind.flat)
        if head is None:
            return Asked(month=month, is_result=True, words=words)
        told = behind.original(head.end(), len(behind.flat))
        return Asked(behind.original(*head.span("unit")).strip(), month, is_result=True, words=told.strip())
    if found := _FILE.match(flat):
        return Asked(" ".join(words.split()[len(found[0].split()) :]), month, wants_file=True)
    return Asked(words, month)


_SPOKEN = re.compile(
    r"(?P<head>(?:(?:xem |chuong trinh |danh sach )*(?:cua )?(?:ky hop|phien hop)(?: xet ket nap| ket nap)?|ket qua (?:cua )?ky hop)\b[ :,]*)(?P<rest>.*)"
)
_SESSION_ONLY = re.compile(r"(?:toi|nay|sap toi|thang (?:nay|\d{1,2}(?:/20\d\d)?))?[ .?]*")
_APPROVED_FIRST = re.compile(
    r"(?:duyet|thong qua) (?:het|tat ca|toan bo|ca \d|(?:so )?\d{1,3}\b(?! ?[/%])).*\b(?:tra lai|de lai|tru|quyet dinh|qd)\b.*"
)


def spoken(text: str, *, today: date) -> Wish | None:
    """`kỳ họp`, `chương trình kỳ họp tháng 11`, `kết quả kỳ họp: duyệt hết …`, `duyệt hết, trừ số 2 …`."""
    said = " ".join(text.replace("\n", "; ").split())
    laid = typed(said)
    if _APPROVED_FIRST.fullmatch(laid.flat):
        return wished(f"kết quả {said}", today=today)
    found = _SPOKEN.fullmatch(laid.flat)
    if found is None:
        return None
    rest = laid.original(*found.span("rest"))
    if "ket qua" in found["head"]:
        return wished(f"kết quả {rest}", today=today)
    if _SESSION_ONLY.fullmatch(found["rest"]):
        return wished(re.sub(r"^(?:tới|nay|này|sắp tới|toi|sap toi)\b", "", rest).strip(" .?"), today=today)
    return wished(rest, today=today) if _RESULT.search(found["rest"]) else None


def wished(rest: str, *, today: date) -> Wish:
    """The wish behind `/kyhop`."""
    is_result = asked(rest, today=today).is_result
    return Wish(Intent.LOG_SESSION if is_result else Intent.SHOW_SESSION, argument=rest, is_command=True)


_APPROVED = r"(?:duyet|thong qua|dong y|nhat tri|quyet dinh ket nap)"
_RETURNED = r"(?:tra lai|tra ve|tra ho so|bo sung)"
_HELD = r"(?:de lai|hoan lai|tam hoan|chua xet|xet sau|ky sau)"
_EXCEPT = r"(?:(?:khong|chua) (?:duyet|thong qua|dong y|nhat tri)|ngoai tru|(?<!cu )(?<!thuong )(?<!tam )tru)"
_PIECE = re.compile(
    rf"\b(?:(?P<but>{_EXCEPT})|(?P<approved>{_APPROVED})|(?P<returned>{_RETURNED})|(?P<held>{_HELD}))\b"
)
_ALL = re.compile(r"[ :]*(?:het|tat ca|toan bo|ca)\b[^,;:]*")
_DECISION = re.compile(r"\b(?:theo |kem )?(?:quyet dinh|qd)\b(?! ket nap)[^;\n]*")
_NUMBER = re.compile(
    r"(?<![\w/.\-])(?:so )?(\d{1,3})(?![\w/%\-]|\.\d| (?:dong chi|d/c|dc|nguoi|ho so|truong hop|quan chung)\b)"
)
"""A number on the agenda; `3 hồ sơ` is how many."""
_SPAN = re.compile(r"(?<![\w/.\-])(\d{1,3}) ?(?:-|den) ?(\d{1,3})(?![\w/%\-])")
_WHY: tuple[tuple[ReturnReason, str], ...] = (
    (ReturnReason.VERIFICATION, r"tham tra|xac minh"),
    (ReturnReason.CERTIFICATE, r"chung nhan|lop (?:nhan thuc|cam tinh|boi duong)"),
    (ReturnReason.OPINIONS, r"y kien|noi cu tru|gioi thieu"),
    (ReturnReason.VOTE, r"nghi quyet|bieu quyet|phieu"),
    (ReturnReason.CV, r"ly lich|khai"),
    (ReturnReason.PAPERS, r"giay to|ho so|chu ky|dong dau|dau giap lai|thieu dau|thieu giay"),
    (ReturnReason.OTHER, r"ly do khac|khac"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The results as they were told, of people by their ids.

    `approved` are those named as such; `all_others` says that everybody else is. `strangers` counts those who are not
    on the agenda, `numbers` are those that it has not. `elsewhere` are people of the list who stand somewhere else,
    `twice` those with two results, `namesakes` those who can only be told apart by number. `is_unclear` says that
    nobody can tell whose a result is, or which one somebody has.
    """

    approved: tuple[int, ...] = ()
    all_others: bool = False
    returned: Mapping[int, ReturnReason | None] = field(default_factory=dict[int, ReturnReason | None])
    held: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()
    strangers: int = 0
    numbers: tuple[int, ...] = ()
    twice: tuple[int, ...] = ()
    namesakes: tuple[int, ...] = ()
    is_unclear: bool = False
    decision_no: str = ""
    decision_on: date | None = None
    trouble: DateTrouble | None = None

    @property
    def tells_of_people(self) -> bool:
        people = self.approved or self.returned or self.held or self.elsewhere or self.strangers or self.numbers
        return bool(people or self.all_others)

    @property
    def is_wrong(self) -> bool:
        whose = self.elsewhere or self.strangers or self.numbers or self.twice or self.namesakes
        return bool(whose or self.is_unclear)


def told(text: str, *, on_agenda: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]], today: date) -> Told:
    """`Duyệt hết, trừ số 2 trả lại vì thiếu ý kiến; quyết định 45-QĐ/ĐU ngày 20/11`.

    People are told by their number on the agenda or by name; both lists give ids with folded names.
    """
    laid = typed(" ".join(text.replace("\n", "; ").split()))
    flat = laid.flat
    # A name may sound like a result: Duyệt, Hoàn.
    masked = _masked(flat, [name for _, name in (*on_agenda, *others)])
    no, on, trouble = "", None, None
    if (found := _DECISION.search(masked)) is not None:
        stop = _PIECE.search(masked, found.start())
        end = min(found.end(), stop.start() if stop is not None else len(flat))
        no, on, trouble = decided(laid.original(found.start(), end).strip(" ,.;"), today)
        flat, masked = (each[: found.start()] + " " * (end - found.start()) + each[end:] for each in (flat, masked))
    pieces = list(_PIECE.finditer(masked))
    first = _people(flat[: pieces[0].start()] if pieces else "", on_agenda, others)
    is_unclear = not first.is_nobody
    results: dict[int, str] = {}
    reasons: dict[int, ReturnReason | None] = {}
    elsewhere: list[int] = []
    twice: list[int] = []
    numbers: list[int] = []
    namesakes: list[int] = []
    strangers, all_others = 0, False
    before: list[int] = []
    is_carried_on = False
    for index, piece in enumerate(pieces):
        end = pieces[index + 1].start() if index + 1 < len(pieces) else len(flat)
        words = flat[piece.end() : end]
        kind = piece.lastgroup or ""
        if kind == "approved" and (everybody := _ALL.match(words)):
            # "duyệt cả 3 hồ sơ" tells of no number 3.
            all_others = True
            words = " " * everybody.end() + words[everybody.end() :]
        meant = _people(words, on_agenda, others)
        numbers += meant.numbers
        elsewhere += meant.elsewhere
        strangers += _strangers(laid.original(piece.end(), end), meant, today)
        namesakes += meant.namesakes
        all_others = all_others or (kind == "approved" and meant.is_nobody)
        # "trừ số 2 trả lại vì …": what is said after the exception is said of it.
        of = meant.at or ([(0, one) for one in before] if kind in ("returned", "held") else [])
        is_unclear = is_unclear or (kind != "approved" and meant.is_nobody and not (of or is_carried_on))
        for _, one in of:
            if results.get(one, kind) not in (kind, "but"):
                twice.append(one)
            results[one] = kind
            if kind in ("returned", "but"):
                reasons[one] = _why_of(words, of, one) or reasons.get(one)
        before = [] if kind == "approved" else [one for _, one in meant.at] or before
        is_carried_on = kind != "approved" and (is_carried_on or not meant.is_nobody)
    return Told(
        approved=tuple(one for one, kind in results.items() if kind == "approved"),
        all_others=all_others,
        returned={one: reasons.get(one) for one, kind in results.items() if kind in ("returned", "but")},
        held=tuple(one for one, kind in results.items() if kind == "held"),
        elsewhere=tuple(dict.fromkeys(elsewhere)),
        strangers=strangers,
        numbers=tuple(dict.fromkeys(numbers)),
        twice=tuple(dict.fromkeys(twice)),
        namesakes=tuple(dict.fromkeys(namesakes)),
        is_unclear=is_unclear,
        decision_no=no,
        decision_on=on,
        trouble=trouble,
    )


def _masked(flat: str, names: Iterable[str]) -> str:
    """The same words, as long, with known names made unreadable."""
    for name in sorted({name for name in names if name}, key=len, reverse=True):
        flat = re.sub(rf"\b{re.escape(name)}\b", lambda found: "x" * len(found[0]), flat)
    return flat


def decided(text: str, today: date) -> tuple[str, date | None, DateTrouble | None]:
    """The number and the day of a decision: `45-QĐ/ĐU ngày 20/11/2026`, with or without the word in front."""
    words = text if re.match(r"(?:theo |kem )?(?:quyet dinh|qd)\b", typed(text).flat) else f"quyết định {text}"
    sentence = Sentence(words, today=today)
    day, trouble, _ = settle(sentence.days, today)
    return sentence.decision_no, day if isinstance(day, date) else None, trouble


def why(text: str) -> ReturnReason | None:
    """The reason in such words."""
    flat = typed(text).flat
    return next((reason for reason, pattern in _WHY if re.search(rf"\b(?:{pattern})\b", flat)), None)


def is_held(text: str) -> bool:
    """Whether the person waits for the next session instead."""
    return re.search(rf"\b{_HELD}\b", typed(text).flat) is not None


@dataclass(frozen=True, slots=True)
class _Meant:
    """People of the agenda with the place where each is named, those of other stages, and numbers it has not.

    `names` are all that were found, `namesakes` people whose name is not enough.
    """

    at: list[tuple[int, int]]
    elsewhere: list[int]
    numbers: list[int]
    names: list[str]
    namesakes: list[int]

    @property
    def is_nobody(self) -> bool:
        return not (self.at or self.elsewhere or self.numbers or self.namesakes)


def _people(words: str, on_agenda: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]) -> _Meant:
    at: list[tuple[int, int]] = []
    names: list[str] = []
    numbers: list[int] = []
    namesakes: list[int] = []
    count = Counter(name for _, name in on_agenda)
    for one, name in on_agenda:
        if not name or (found := re.search(rf"\b{re.escape(name)}\b", words)) is None:
            continue
        names.append(name)
        if count[name] > 1:
            namesakes.append(one)
        else:
            at.append((found.start(), one))
    # Whoever has the same name on the agenda is meant there.
    elsewhere = [
        one for one, name in others if name and name not in count and re.search(rf"\b{re.escape(name)}\b", words)
    ]
    names += [name for one, name in others if one in elsewhere]
    listed = _SPAN.sub(lambda found: ", ".join(map(str, range(int(found[1]), int(found[2]) + 1)[:200])), words)
    for found in _NUMBER.finditer(listed):
        number = int(found[1])
        if 1 <= number <= len(on_agenda):
            at.append((found.start(), on_agenda[number - 1][0]))
        else:
            numbers.append(number)
    return _Meant(sorted(at), elsewhere, numbers, names, namesakes)


def _strangers(words: str, meant: _Meant, today: date) -> int:
    """How many people are named who stand on no list."""
    known = " ; ".join(meant.names)
    found = [typed(one.name).flat for one in Sentence(words, today=today).people()]
    return sum(name not in known for name in found if " " in name)


def _why_of(words: str, of: Sequence[tuple[int, int]], one: int) -> ReturnReason | None:
    """The reason said behind somebody and before the next; the last one said stands for all before it."""
    places = [place for place, other in of if other == one]
    later = [place for place, other in of if places and place > places[0] and other != one]
    return why(words[places[0] : min(later, default=len(words))]) or why(words[places[0] :]) if places else None


def as_of(moment: date) -> str:
    """When the file was drawn."""
    return f"Theo số liệu lúc {moment:%H:%M} ngày {show(moment)}"
