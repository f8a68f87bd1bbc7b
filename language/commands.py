"""Commands of the chat, with whatever stands behind them understood like any sentence."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from domain.intents import Intent, Need, Wish
from language import sessions
from language.plain import fits, fold, typed
from language.senses import amend, candidate, classes, office, posts, quota, reminders
from language.sensitive import INVITE, invite_code
from language.sentence import NOT, Sentence

Read = Callable[[str], tuple[Wish, ...]]

_COMMAND = re.compile(r"^/(?P<name>[^\W\d]\w*)(?:@\w+)?(?:\s+(?P<rest>.*))?$", re.DOTALL)
_NUMBER = re.compile(r"^(?:so |số |#)?(?P<number>-?\d{1,40})\b[\s:.,]*(?P<rest>.*)$", re.DOTALL | re.IGNORECASE)
_BATCH = re.compile(r"^(?:ca )?lo (?:so )?(?P<number>\d{1,15})\b")
_SHEET = re.compile(r"^[A-Za-z0-9]{3,8}(?:\.\d{1,2})?$")
_PAGE = re.compile(r"^(?P<rest>.*?)\s{0,3}\btrang (?P<page>\d{1,3})$", re.IGNORECASE)
_CODE_AND_YEAR = re.compile(r"(?P<code>[A-Z0-9][A-Z0-9._\-]*) năm (?P<year>20\d\d)")

# What the button of a person on a reminder says; a long number may have been taken for a personal one and cut out.
_PICKED = re.compile(r"(?P<decided>quyết định )?người (?:\d+|\[[^\]]*\])")

# The same, of somebody's next step; the id is read from the words as they were said.
_STEP = re.compile(r"người (?:\d+|\[[^\]]*\])(?: |$)")

_SNAG = re.compile(r"(?:bao )?vuong(?: mac)?\b")

_NAMES = {
    "ketnap": "ketnap", "kn": "ketnap", "nguon": "nguon", "tiendo": "tiendo", "chitieu": "chitieu", "donvi": "donvi",
    "moi": "moi", "sua": "sua", "huy": "huy", "xem": "xem", "trogiup": "trogiup", "help": "trogiup", "quyen": "quyen",
    "start": "start", "menu": "menu", "viec": "viec", "baocao": "baocao", "chuabao": "chuabao", "cancu": "cancu",
    "bangiao": "bangiao", "khoa": "khoa", "lop": "lop", "cancel": "huy_bo", "thoi": "huy_bo", "nhac": "nhac", "visao": "visao",
    "kyhop": "kyhop", "khoiphuc": "khoiphuc", "hoantac": "hoantac", "chandoan": "chandoan", "lienket": "lienket",
}  # fmt: skip


_TITLE = re.compile(
    r"\b(?:(?P<post>(?:pho )?bi thu(?: dang uy)?|(?:cap uy vien |dang uy vien )?phu trach|cap uy vien|dang uy vien)"
    r"|(?:bi thu doan|doan the(?: gioi thieu)?|doan thanh nien|van phong dang uy|ban to chuc(?: dang uy)?|ban xay dung dang|thuong truc dang uy|dang uy|quan tri(?: ky thuat)?)\b)(?= |$)"
)
_JOINTS = re.compile(r"\b(?:cho|là|la|tên|ten|làm|lam|đồng chí|dong chi|đ/c|ở|tại|vào)(?= |$)", re.IGNORECASE)

_ROLE_SAID = r"(?:dong chi |d/c |dc )?(?:pho )?(?:bi thu|dang uy|phu trach|cap uy|ban to chuc|doan the|quan tri)\b.*"
_UNIT_SAID = r"(?:bi thu )?(?:chi bo|cb|thon|ban|xom|to|khu|xa|phuong|thi tran|dang bo|truong|tram)\b(?!.*\b(?:chua|ngay|thang|tuan|luc)\b).{1,60}"
_SPOKEN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("nguon vướng", "vướng mắc", re.compile(r"vuong mac\b.*")),
    ("chandoan", "chẩn đoán", re.compile(r"chan doan(?: he thong| may)?")),
    ("chandoan", "tình trạng hệ thống", re.compile(r"tinh trang (?:he thong|may)")),
    ("moi", "mời", re.compile(rf"moi {_ROLE_SAID}")),
    ("donvi", "đơn vị", re.compile(rf"don vi(?: {_UNIT_SAID})?")),
    ("donvi", "xem đơn vị", re.compile(rf"xem don vi(?: {_UNIT_SAID})?")),
    ("donvi", "danh sách đơn vị", re.compile(r"danh sach don vi")),
    ("huy", "hủy", re.compile(r"huy (?:ca )?lo (?:so )?\d{1,9}")),
    ("nhac", "nhắc", re.compile(rf"nhac {_UNIT_SAID}")),
)


def read(text: str, *, today: date, sentences: Read) -> tuple[Wish, ...] | None:
    """The wishes of a command; None if the text is no command. `sentences` understands what stands behind."""
    called = (posts.spoken, classes.spoken, sessions.spoken)
    if (said := next(filter(None, (spoken(text.strip(), today=today) for spoken in called)), None)) is not None:
        return (said,)
    found = _COMMAND.match(text.strip()) or _spoken(text.strip())
    if found is None:
        return None
    name = _NAMES.get(fold(found["name"]))
    rest = (found["rest"] or "").strip()
    if name is None:
        return sentences(rest) if rest else (Wish(Intent.HELP, argument=found["name"], is_command=True),)
    wishes = _wishes(name, rest, today, sentences)
    return tuple(replace(wish, is_command=True, argument=wish.argument or rest) for wish in wishes)


def _spoken(text: str) -> re.Match[str] | None:
    """A command said in words: `mời bí thư chi bộ thôn 3`, `đơn vị`, `nhắc thôn 2`."""
    if len(text) > 120 or "\n" in text:
        return None
    words = text.split()
    for name, verb, pattern in _SPOKEN:
        if pattern.fullmatch(fold(text)) and all(fits(*pair) for pair in zip(words, verb.split(), strict=False)):
            command, *first = name.split()
            return _COMMAND.match(" ".join((f"/{command}", *first, *words[len(verb.split()) :])))
    return None


def _wishes(name: str, rest: str, today: date, sentences: Read) -> tuple[Wish, ...]:
    match name:
        case "start":
            code = invite_code(rest)
            return (Wish(Intent.JOIN, code=code, argument=rest),)
        case "menu":
            return (Wish(Intent.MENU),)
        case "trogiup":
            return (Wish(Intent.HELP),)
        case "lop":
            return (classes.asked(rest, today=today),)
        case "cancu":
            return _only(sentences(rest), {Intent.QUERY_RULE}) or (Wish(Intent.QUERY_RULE),)
        case "kyhop":
            return (sessions.wished(rest, today=today),)
        case "chandoan":
            return (Wish(Intent.SHOW_SYSTEM),)
        case "huy_bo":
            return (Wish(Intent.CANCEL),)
        case "quyen":
            return _only(sentences(rest), {Intent.PRIVACY_REQUEST, Intent.REMINDER_SETTINGS}) or (Wish(Intent.MY_DATA),)
        case "ketnap":
            return _admission(rest, sentences)
        case "nguon":
            return _source(rest, today, sentences)
        case "tiendo":
            return _progress(rest, today)
        case "chitieu":
            return _quota(rest, today)
        case "sua" | "huy" | "hoantac" | "xem" | "khoiphuc":
            return (_numbered(name, rest, today),)
        case "moi":
            return (_listed(rest, today) or _invite(rest, today),)
        case "donvi":
            return _only(sentences(rest), {Intent.ORG_CHANGE, Intent.QUERY_QUOTA}) or (
                Wish(Intent.SHOW_UNITS, branch=_branch(rest, today)),
            )
        case "viec":
            return (Wish(Intent.QUERY_DEADLINE, scope="own"),)
        case "nhac":
            if fold(rest) in ("chua bao", "chua bao cao"):
                return (Wish(Intent.SEND_REMINDER, scope="all", extra=(("target", "not_reported"),)),)
            period = Sentence(rest, today=today).period
            return (Wish(Intent.SEND_REMINDER, branch=_branch(rest, today), period=period.value if period else ""),)
        case "chuabao":
            return (Wish(Intent.SEND_REMINDER, extra=(("target", "not_reported"),)),)
        case "visao":
            return (_why(rest, today),)
        case "bangiao":
            return (posts.handed(rest, today=today),)
        case "khoa":
            return (posts.locked(rest, today=today),)
        case "lienket":
            return (posts.linked(rest),)
        case _:
            kinds = {Intent.REPORT_NIL, Intent.REPORT_AGGREGATE, Intent.REQUEST_REPORT}
            if re.match(rf"{NOT} (?:co|phat sinh|ai|gi)\b", fold(rest)):
                rest = f"tháng này {rest}"
            return _only(sentences(rest), kinds) or (Wish(Intent.REQUEST_REPORT),)


def _why(rest: str, today: date) -> Wish:
    asked = reminders.read(Sentence(f"vì sao chi bộ {rest} không được nhắc", today=today)) if rest else None
    if asked is None:
        return Wish(Intent.WHY_LETTER)
    return asked if asked.period else replace(asked, branch=_branch(rest, today))


def _only(wishes: tuple[Wish, ...], kinds: set[Intent]) -> tuple[Wish, ...]:
    return wishes if wishes and all(wish.intent in kinds for wish in wishes) else ()


def _admission(rest: str, sentences: Read) -> tuple[Wish, ...]:
    if not rest:
        return (Wish(Intent.LOG_ADMISSION, needs=(Need.NAME, Need.DATE)),)
    if picked := _PICKED.fullmatch(rest):
        is_decided = picked["decided"] is not None
        needs = Need.DECISION_DATE if is_decided else Need.DATE
        return (Wish(Intent.LOG_DECISION if is_decided else Intent.LOG_ADMISSION, needs=(needs,)),)
    kinds = {Intent.LOG_ADMISSION, Intent.LOG_DECISION, Intent.PLAN_CEREMONY}
    typed_wishes = sentences(rest)
    own = [wish for wish in typed_wishes if not (wish.intent is Intent.OUT_OF_SCOPE and wish.is_doubtful)]
    if own:
        # What the sentence itself says wins: `/ketnap chưa có ai` is no admission.
        return tuple(own)
    if any(re.search(r"ket ?nap|\bkn\b|chua|khong", fold(rest)) for _ in typed_wishes):
        return typed_wishes
    return _only(sentences(f"kết nạp {rest}"), kinds) or typed_wishes


def _source(rest: str, today: date, sentences: Read) -> tuple[Wish, ...]:
    if not rest:
        return (Wish(Intent.QUERY_CANDIDATES, scope="own"),)
    if paged := _PAGE.match(rest):
        wishes = _source(paged["rest"], today, sentences)
        if all(wish.intent is Intent.QUERY_CANDIDATES for wish in wishes):
            return tuple(replace(wish, number=int(paged["page"])) for wish in wishes)
    if _SNAG.match(fold(rest)):
        return (Wish(Intent.SNAG, people=Sentence(rest, today=today).people()),)
    if _STEP.match(rest):
        return (Wish(Intent.UPDATE_CANDIDATE),)
    adding = re.match(r"(?:bo sung|them|moi|gioi thieu|ghi)\b[\s:]*(?:nguon\b)?[\s:]*", fold(rest))
    if adding:
        words = len(fold(rest)[: adding.end()].split())
        return (candidate.added(Sentence(" ".join(rest.split()[words:]), today=today)),)
    wishes = sentences(rest)
    known = _only(wishes, set(Intent) - {Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.CONFIRM_YES, Intent.CONFIRM_NO})
    if known:
        return known
    sentence = Sentence(rest, today=today)
    if sentence.names:
        return (Wish(Intent.QUERY_CANDIDATES, people=sentence.people(), is_doubtful=True),)
    return (Wish(Intent.QUERY_CANDIDATES, scope="branch", branch=_branch(rest, today)),)


def _progress(rest: str, today: date) -> tuple[Wish, ...]:
    if paged := _PAGE.match(rest):
        return tuple(replace(wish, number=int(paged["page"])) for wish in _progress(paged["rest"], today))
    if coded := _CODE_AND_YEAR.fullmatch(rest):
        # What a button says: the code stays as it is, whatever it may look like.
        branch, period = coded["code"], coded["year"]
        return (Wish(Intent.QUERY_QUOTA, scope="branch", metric="progress", period=period, branch=branch),)
    sentence = Sentence(rest, today=today)
    asked = quota.ask(Sentence(f"tiến độ {rest}", today=today)) if rest else None
    if asked is not None and (asked.branch or asked.scope not in ("own", "")):
        return (asked,)
    period = sentence.period.value if rest and sentence.period else str(today.year)
    branch = _branch(rest, today) if rest and not sentence.period else sentence.branch
    scope = "branch" if branch else "own"
    return (Wish(Intent.QUERY_QUOTA, scope=scope, metric="progress", period=period, branch=branch),)


def _quota(rest: str, today: date) -> tuple[Wish, ...]:
    if not rest:
        return (Wish(Intent.QUERY_QUOTA, scope="own", metric="target", period=str(today.year)),)
    lead = "chỉ tiêu: " if fold(rest)[:1].isalpha() and not fold(rest).startswith("nam ") else "chỉ tiêu "
    whole = Sentence(rest if "chi tieu" in fold(rest) else lead + rest, today=today)
    if not whole.is_question and (wish := quota.assigned(whole)):
        return (wish,)
    asked = quota.ask(whole)
    if asked is not None and (asked.branch or asked.scope != "own"):
        return (asked,)
    period = whole.period.value if whole.period else str(today.year)
    branch = _branch(rest, today) if whole.period is None else whole.branch
    return (Wish(Intent.QUERY_QUOTA, scope="branch" if branch else "own", metric="target", period=period, branch=branch),)  # fmt: skip


def _branch(rest: str, today: date) -> str:
    """The unit named behind a command; where no branch is recognised, the words themselves."""
    sentence = Sentence(rest, today=today)
    return sentence.branch or " ".join(rest.split())


def _numbered(name: str, rest: str, today: date) -> Wish:
    found = _NUMBER.match(rest)
    number = int(found["number"]) if found else None
    match name:
        case "huy" if batch := _BATCH.match(fold(rest)):
            return Wish(Intent.UNDO_BATCH, number=int(batch["number"]))
        case "huy":
            return Wish(Intent.UNDO_RECORD if number is not None else Intent.UNDO_LAST, number=number)
        case "hoantac":
            return Wish(Intent.UNDO_LAST, number=number)
        case "khoiphuc":
            return Wish(Intent.RESTORE_RECORD, number=number)
        case "xem":
            is_sheet = _SHEET.match(rest) is not None and (number is None or not rest.isdigit())
            return Wish(Intent.SHOW_RECORD, number=None if is_sheet else number, code=rest.upper() if is_sheet else "")
        case _:
            if found is None:
                corrected = amend.corrected(Sentence(f"sửa {rest}", today=today)) if rest else None
                return corrected or Wish(Intent.CORRECT_LAST)
            sentence = Sentence(found["rest"], today=today)
            return amend.corrected(sentence, number=number) or Wish(Intent.CORRECT_RECORD, number=number)


def _invite(rest: str, today: date) -> Wish:
    """`/moi bí thư chi bộ thôn 1 Nguyễn Văn A`, `/moi B1 đảng ủy`: a role, a unit and a name, each if it is said.

    What is left beside title and name is the unit as typed: a code has hyphens and dots that a sentence would end at.
    """
    role, head, said = _without_role(rest)
    name = posts.own_name(_JOINTS.sub(" ", head)) if said else ""
    whole = said if name else " ".join(f"{head} {said}".split())
    sentence = Sentence(whole, today=today)
    if not name and sentence.names and not fold(whole).endswith(fold(sentence.branch or "-")):
        name = sentence.names[-1].name
    unit = " ".join(_JOINTS.sub(" ", _left_of(whole, name)).split()).strip(" ,.:;")
    if sentence.branch and fold(unit) == f"chi bo {fold(sentence.branch)}":
        unit = sentence.branch
    extra = (("role", role), ("bare_role", "bi thu" if _is_bare(rest) else ""), ("name", name))
    return Wish(Intent.INVITE, branch=unit, argument=whole, extra=tuple(pair for pair in extra if pair[1]))


def _without_role(rest: str) -> tuple[str, str, str]:
    """The role said, and the words before and behind its title. Within the name of a unit there is no title."""
    laid = typed(rest)
    title = _TITLE.search(laid.flat) if laid.at is None else None
    head = laid.flat[: title.start()] if title is not None else ""
    if title is None or (re.match(r"(?:chi bo|cb|dang bo|dang uy)\b", head) and title["post"] is None):
        return "", "", rest
    behind = rest[title.end() :].strip()
    return office.role_of(title[0]), rest[: title.start()], "" if fold(behind) == "chi bo" else behind


def _is_bare(rest: str) -> bool:
    """Whether only "bí thư" is said, which may be a branch's or a committee's."""
    return re.search(r"\bbi thu\b(?! (?:chi bo|cb|dang uy|doan|thon|ban|xom|khu)\b)", fold(rest)) is not None


def _left_of(said: str, name: str) -> str:
    """The words without the name."""
    words, count = said.split(), len(name.split())
    bare = [fold(word).strip(",.:;") for word in words]
    for at in range(len(words) - count, -1, -1):
        if count and " ".join(bare[at : at + count]) == fold(name):
            return " ".join([*words[:at], *words[at + count :]])
    return said


def _listed(rest: str, today: date) -> Wish | None:
    """`/moi danh sách`, `/moi chưa tham gia`, `/moi đề nghị 12`: those who are there, not there yet, or ask."""
    if asked := re.fullmatch(r"de nghi(?: so)?(?: (\d{1,9}))?", fold(rest)):
        return Wish(Intent.SHOW_REQUEST, number=int(asked[1]) if asked[1] else None)
    for words, scope in (("danh sach", "all"), ("chua tham gia", "missing")):
        if fold(rest) == words or fold(rest).startswith(f"{words} "):
            return posts.people_asked(" ".join(rest.split()[len(words.split()) :]), scope=scope, today=today)
    return None


def is_invite_mark(text: str) -> bool:
    """Whether a message is nothing but the mark of a code that was cut out."""
    return text.strip() == INVITE
