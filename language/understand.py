"""What a message asks for: the one door through which handlers read text."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from domain.intents import DateTrouble, Intent, Need, Wish
from language import commands, telex
from language.days import past
from language.kinds import Kind, kind_of
from language.plain import clean, typed
from language.senses import admission, amend, candidate, member, office, quota, reminders, talk, totals
from language.senses.told import as_kind
from language.sensitive import KINDS, cut
from language.sentence import KN, Sentence, settle

SENSES = (
    talk.menu_word,
    reminders.read,
    amend.undo,
    office.personal,
    amend.correct,
    totals.nothing,
    office.nobody_left,
    office.affairs,
    quota.rule,
    quota.deadline,
    quota.named_list,
    quota.candidates,
    quota.ask,
    quota.assign,
    candidate.drop,
    member.read,
    candidate.helpers,
    candidate.add_plainly,
    totals.by_period,
    admission.read,
    admission.votes,
    candidate.update,
    candidate.add,
    totals.stated,
)
"""Asked in this order; the first that claims a sentence has it."""

MISSED = 0.6
"""How likely a kind must be where no sense claims the sentence."""
UNNAMED = 0.9
"""The same of a few words that name nobody in full: they may as well answer a question that is open."""
_FRAGMENT = 4
_ANSWER = 7
"""A given name with so few words may answer a question as well."""
OVERRULED = 0.8
"""How likely another kind must be than the one claimed."""
NEVER = 2.0
"""What only sounds like an admission is not made one, however likely."""
SECONDED = 0.35
"""How likely a kind must be at least: where a sense claims it too, and the first only denies that anything was done."""
DENIED = 0.85
"""How likely it must be that nothing is to be recorded where a sense would."""
PLANNED = 0.4
"""How likely a plan must be where the day of an admission is still to come."""
WHOLE = 0.9
"""How likely one kind must be for a message of several clauses to be read as a whole."""
SEVERAL_SURE = 0.6
"""How likely it must be that a message tells of several things for its clauses to be read one by one."""
_WEIGHED = frozenset(Intent(intent) for intent in list(Intent)[: list(Intent).index(Intent.JOIN)])
"""Wishes that sentences are taught by; the others are those of commands and buttons."""

_ADMISSIONS = frozenset({Intent.LOG_ADMISSION, Intent.LOG_DECISION, Intent.PLAN_CEREMONY})
_OF_PEOPLE = frozenset({Intent.LOG_DECISION, Intent.LOG_OFFICIAL, Intent.LOG_REMOVAL, Intent.LOG_TRANSFER, Intent.PLAN_CEREMONY, Intent.DROP_CANDIDATE, Intent.UPDATE_CANDIDATE, Intent.UPDATE_PROBATION, Intent.ADD_CANDIDATE, Intent.ASSIGN_HELPER})  # fmt: skip
_WHOLE = frozenset({Intent.SET_QUOTA, Intent.CORRECT_LAST, Intent.CORRECT_RECORD, Intent.UNDO_LAST, Intent.PRIVACY_REQUEST, Intent.REQUEST_REPORT})  # fmt: skip
_COUNTED = frozenset({Intent.DROP_CANDIDATE, Intent.ASSIGN_HELPER, Intent.CONSENT_RECORD})
_TOPICS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{KN}|lam le|phat sinh",
        r"nguon|quan chung|qcut",
        r"chi tieu|con thieu",
        r"\blop\b|giay chung nhan|gcn|cam tinh",
        r"ho so|\bhs\b",
        r"khai (?:ly|li) lich|khai ll|khai xong",
        r"\bdon\b",
        r"tham tra|xac minh",
        r"y kien|nhan xet",
        r"\brut\b|\bthoi\b|khoi nguon|qua tuoi",
        r"chinh thuc|\bct\b|du bi",
        r"chuyen (?:sinh hoat (?:dang )?)?(?:di|ra|sang)\b|chuyen di",
        r"chuyen (?!(?:sinh hoat (?:dang )?)?(?:di|ra|sang)\b)|tiep nhan",
        r"giup do|phan cong",
        r"\?|bao nhieu|\bmay\b",
        r"qd|quyet dinh",
        r"\bxet\b|phieu",
    )
)
_BORDER = re.compile(
    rf"[,;\n]+|[.!?]+(?=\s|$)|(?<=\d/\d)\s(?=(?:d/c|dc|dong chi|con|them|bo sung|chi bo|cb) )|(?<=/\d\d)\s(?=(?:d/c|dc|dong chi|con|them|bo sung|chi bo|cb) )|\s(?=con (?:d/c|dc|dong chi|em|anh|chi|chau|quan chung|qc) )|\s(?=(?:them|bo sung) (?:vao )?nguon\b)|\s(?=(?:va|con|ngoai ra|dong thoi|voi lai|roi) (?:bo sung|dua|them|gioi thieu|{KN}|da |chi bo|phan cong|rut|nguon|chi tieu|co |xin |thang (?:nay|\d)|quy |chua |khong |xuat |nhac |gui |xem |giao |sua |doi |cho (?:toi|em|anh|chi|minh|bac) ))"
)
_PICTURES = re.compile("[\u2190-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+")
_FORWARDED = re.compile(r"^\s*\[?(?:fwd?|fw|chuyển tiếp|chuyen tiep)\]?\s*[:\-]\s*", re.IGNORECASE)
_SLIP = re.compile(
    r"(?<!\d)(?:(?:hom|ngay) )?\d{1,2}(?:/\d{1,2})?(?:/\d{2,4})?,? (?:a |ah |o )?(?:nham|khong|ko|k|quen|lon|sorry)(?: roi)?,? (?:phai la |la )?(?P<right>(?:(?:hom|ngay) )?\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?![\d/])(?: moi (?:dung|phai)\b)?"
)
_SLIP_OF_NAME = re.compile(
    r"[ ,.;:\-]*(?:(?:a|ah|o|u|ui|oi|y|chet)[ ,]+)*(?:(?:ghi|viet|go|noi) )?(?:nham|lon|quen|khong phai|ko phai|sorry|xin loi)(?: (?:roi|mat|cai|chut|ten))*[ ,.:]*(?:(?:phai la|phai|la|ten|dung la|d/c|dc|dong chi|anh|chi|em) )*"
)
_TOLD = re.compile(rf"{KN}|lam le|qd|quyet dinh|chinh thuc")
_SPACES = re.compile(r"[^\S\n]+")
_SPOKEN = tuple(
    (re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])", re.IGNORECASE), word)
    for pattern, word in (
        (r"tr\.?c|trc\.", "trước"),
        (r"hông|hổng|hỏng(?= (?:có|phải|được|đc|dc|biết))|hok|hem|hong(?= (?:phai|co|duoc|dc|biet)\b)", "không"),
        (r"vô(?= (?:đảng|đ\b|nguồn|danh|ds\b|diện|lớp|đoàn|hội|sổ|máy))|vo(?= (?:nguon|danh sach|ds|so)\b)", "vào"),
        (r"giùm|gium|dùm|dum(?= (?:em|toi|minh|cai)\b)", "giúp"),
        (r"xài|xai(?= (?:sao|the nao|lam sao)\b)", "dùng"),
        (r"cbộ|c\.bộ", "chi bộ"),
        (r"ms(?= (?:ket|kết|kn|lam|làm|xong|co|có)\b)", "mới"),
        (r"hqua|h\.qua", "hôm qua"),
        (r"xm(?= (?:ly|lý|ll)\b)", "xác minh"),
        (r"qđịnh", "quyết định"),
    )
)
"""How words are said in the South, or shortened, and the words themselves."""
_MANY = 40
_MANY_AT_ONCE = 5
"""So many at most are admitted in one ceremony of a branch."""
_REFUSED = frozenset({"state_secret", "family_political_history"})


def understand(text: str, *, today: date) -> tuple[Wish, ...]:
    """The wishes of a message, at least one. What is not understood is out of scope and doubtful.

    Never raises, whatever the text; personal numbers are cut out before anything else is read.
    """
    kept = tidy(text)
    safe = cut(kept)
    redact = _marks(safe.text, safe.marks)
    if safe.code or commands.is_invite_mark(kept):
        return (Wish(Intent.JOIN, code=safe.code, is_command=kept.startswith("/")),)
    found = commands.read(safe.text, today=today, sentences=lambda rest: _messages(rest, today))
    wishes = found if found is not None else _messages(safe.text, today)
    return _redacted(wishes, redact, safe.text, kept, today) if redact else wishes


def _needed(sentence: Sentence, claimed: Wish | None, kind: Kind, *, is_seconded: bool) -> float:
    """How likely another kind must be to be believed; less if another sense claims it too."""
    if claimed is None:
        most = _ANSWER if sentence.names else _FRAGMENT
        is_told = any(name.is_full for name in sentence.names) or len(sentence.flat.split()) > most
        return MISSED if is_told else UNNAMED
    if claimed.intent is Intent.OUT_OF_SCOPE and kind.as_intent in _ADMISSIONS:
        return NEVER
    if is_seconded and claimed.intent is Intent.OUT_OF_SCOPE:
        return SECONDED
    if kind.as_intent is Intent.OUT_OF_SCOPE:
        return DENIED
    if claimed.intent is Intent.PLAN_CEREMONY and kind.as_intent is Intent.LOG_ADMISSION and claimed.date is not None:
        return NEVER
    if not claimed.people and {Need.NAME, Need.NAMES} & set(claimed.needs) and kind.as_intent not in _ADMISSIONS:
        return MISSED
    is_ahead = claimed.intent is Intent.LOG_ADMISSION and claimed.trouble is DateTrouble.FUTURE
    return PLANNED if is_ahead and kind.as_intent is Intent.PLAN_CEREMONY else OVERRULED


def tidy(text: str) -> str:
    """Single spaces, and no pictures where there are words."""
    text = _FORWARDED.sub("", clean(text))
    if re.search(r"\w", text):
        text = _PICTURES.sub(" ", text)
    for said, word in _SPOKEN:
        text = said.sub(word, text)
    return _SPACES.sub(" ", text).strip()


def _marks(text: str, cut_now: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds cut out now, and those whose marks already stood in a text that was cut when heard."""
    folded = text.lower()
    return tuple(dict.fromkeys([*(kind for mark, kind in KINDS.items() if mark in folded), *cut_now]))


def _redacted(
    wishes: tuple[Wish, ...], redact: tuple[str, ...], text: str, uncut: str, today: date
) -> tuple[Wish, ...]:
    """Where nothing else is said, whom the cut is about: the first who is named, if only the cut part names anybody."""
    if all(wish.intent in (Intent.OUT_OF_SCOPE, Intent.SENSITIVE_CONTENT) for wish in wishes):
        is_refused = any(kind in _REFUSED for kind in redact)
        people = Sentence(text, today=today).people() or Sentence(uncut, today=today).people()[:1]
        return (Wish(Intent.SENSITIVE_CONTENT, people=people, redact=redact, refuse=is_refused),)
    return (replace(wishes[0], redact=redact), *wishes[1:])


def _messages(text: str, today: date) -> tuple[Wish, ...]:
    decoded = telex.undo(text)
    if short := talk.read(text) or (talk.read(decoded) if decoded != text else None):
        return (short,)
    text = _without_slip(decoded)
    whole = _without_slip_of_name(Sentence(text, today=today))
    kind = kind_of(whole) if whole.text else None
    is_several = _is_several(kind) or _is_of_both_times(whole)
    found = clauses(whole.text, is_several=is_several)
    is_one = not is_several and kind is not None and not kind.is_several and kind.sure >= WHOLE
    if len(found) > 1 and not is_one and not member.is_from_elsewhere(whole.flat):
        return _several(whole, kind, found)
    return (_one(whole, kind),)


def _is_several(kind: Kind | None) -> bool:
    """Whether the whole very likely tells of several things."""
    return kind is not None and kind.is_several and kind.sure >= SEVERAL_SURE


def _is_of_both_times(whole: Sentence) -> bool:
    """Whether days that have passed and days to come are told of several people: `hôm kia kết nạp A, ngày kia B`."""
    exact = [day for day in whole.days if not day.is_month]
    if len(exact) < 2 or len(whole.names) < 2:
        return False
    return len({past(day, whole.today).trouble is DateTrouble.FUTURE for day in exact}) > 1


def _without_slip(text: str) -> str:
    """`kết nạp An hôm 12/11 à nhầm hôm 13/11`: what was taken back in the same breath is left out."""
    laid = typed(text)
    found = _SLIP.search(laid.flat) if laid.at is None else None
    if found is None or not _TOLD.search(laid.flat[: found.end()]):
        return text
    return text[: found.start()] + text[found.start("right") : found.end("right")] + text[found.end() :]


def _without_slip_of_name(whole: Sentence) -> Sentence:
    """`kết nạp Nguyễn Thị Hoà, à nhầm, Nguyễn Thị Hoài`: only the second is meant."""
    for wrong, right in pairwise(whole.names):
        is_slip = _SLIP_OF_NAME.fullmatch(whole.flat, wrong.end, right.start)
        if is_slip and whole.laid.at is None and _TOLD.search(whole.flat[: wrong.start]):
            return Sentence(whole.text[: wrong.start] + whole.text[right.start :], today=whole.today)
    return whole


def _one(sentence: Sentence, kind: Kind | None) -> Wish:
    return _weighed(sentence, _sense(sentence), kind) or _unknown(sentence)


def _sense(sentence: Sentence) -> Wish | None:
    """What the first sense that claims the sentence makes of it."""
    wish = next((wish for sense in SENSES if (wish := sense(sentence)) is not None), None)
    return None if wish is None else _finished(wish, sentence)


def _finished(wish: Wish, sentence: Sentence) -> Wish:
    return _with_lunar(_unsure_asked(_counted(wish, sentence), sentence), sentence)


def _counted(wish: Wish, sentence: Sentence) -> Wish:
    """`2 em Lệ và Nhi bỏ khỏi nguồn`: the number said of those who are named goes along."""
    is_of_all = wish.intent in _COUNTED and len(wish.people) > 1 and sentence.count == len(wish.people)
    return replace(wish, count=sentence.count) if is_of_all else wish


def _weighed(sentence: Sentence, claimed: Wish | None, kind: Kind | None) -> Wish | None:
    """What the senses claim, unless the sentence as a whole very likely says something else that it can be read as."""
    if kind is None or (claimed is not None and claimed.intent not in _WEIGHED):
        return claimed
    if claimed is None and not sentence.names and candidate.reason_of(sentence.said) is not None:
        # A reason alone answers why somebody is dropped.
        return None
    if kind.is_several or kind.sure < SECONDED or (claimed is not None and claimed.intent is kind.as_intent):
        return claimed
    other = next((wish for sense in SENSES if (wish := sense(sentence)) is not None and wish.intent is kind.as_intent), None)  # fmt: skip
    if kind.sure < _needed(sentence, claimed, kind, is_seconded=other is not None):
        return claimed
    if kind.as_intent is Intent.OUT_OF_SCOPE:
        return None
    other = other or as_kind(sentence, kind)
    return claimed if other is None or _is_rather_one(claimed, other) else _finished(other, sentence)


def _is_rather_one(claimed: Wish | None, other: Wish) -> bool:
    """`mới kết nạp được 1 đồng chí`: of no time in particular and with nothing beside it, it is no total."""
    is_admission = claimed is not None and claimed.intent is Intent.LOG_ADMISSION
    is_bare = other.intent is Intent.REPORT_AGGREGATE and not (other.period or other.items or other.extra)
    return is_admission and is_bare and other.count is not None and other.count <= _MANY_AT_ONCE


def _with_lunar(wish: Wish, sentence: Sentence) -> Wish:
    """A lunar day is kept as typed beside the solar one that was worked out."""
    said = [day.typed for day in sentence.days if day.is_lunar]
    return replace(wish, extra=(*wish.extra, ("date_lunar", said[0]))) if said and wish.date is not None else wish


def _unsure_asked(wish: Wish, sentence: Sentence) -> Wish:
    """Where it is not clear where a name begins or ends, it is asked for before anything is written of its bearer."""
    is_sure = sentence.is_sure_of_names or not sentence.names
    if wish.intent not in _OF_PEOPLE or not wish.people or is_sure or Need.FULL_NAME in wish.needs:
        return wish
    return replace(wish, needs=(Need.FULL_NAME, *wish.needs), is_doubtful=True)


def _unknown(sentence: Sentence) -> Wish:
    """Not understood; yet it may answer a question that is open, so what it holds goes along."""
    on, trouble, typed_date = settle(sentence.days, sentence.today)
    return Wish(
        Intent.OUT_OF_SCOPE,
        people=sentence.people(is_rich=True),
        count=sentence.count,
        branch=sentence.branch,
        date=on,
        trouble=trouble,
        typed_date=typed_date,
        decision_no=sentence.decision_no,
        reason_code=candidate.reason_of(sentence.said),
        is_doubtful=True,
    )


def clauses(text: str, *, is_several: bool = False) -> list[tuple[int, int]]:
    """Where the clauses of a message stand, if it may speak of several things at all or is known to."""
    laid = typed(text)
    has_topics = is_several or sum(topic.search(laid.flat) is not None for topic in _TOPICS) > 1
    if not has_topics or laid.at is not None:
        return []
    spans: list[tuple[int, int]] = []
    start = 0
    for border in _BORDER.finditer(laid.flat):
        if text[start : border.start()].strip():
            spans.append((start, border.start()))
        start = border.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans if len(spans) <= _MANY else []


def _several(whole: Sentence, kind: Kind | None, found: list[tuple[int, int]]) -> tuple[Wish, ...]:
    text, today = whole.text, whole.today
    is_surely_several = _is_several(kind)
    groups: list[_Group] = []
    for start, end in found:
        sentence = Sentence(text[start:end], today=today)
        wish = None if _is_courtesy(sentence.text) else _clause(sentence, is_weighed=is_surely_several)
        last = groups[-1] if groups else None
        is_of_somebody_else = wish is None and bool(sentence.names) and last is not None and last[2] is not None
        if last is not None and not is_of_somebody_else and _continues(last[2], wish, sentence):
            groups[-1] = (last[0], end, last[2] or wish)
        else:
            groups.append((start, end, wish))
    groups = _with_followers(groups)
    intents = {wish.intent for _, _, wish in groups if wish is not None}
    if len(groups) == 1 or (intents & _WHOLE and not is_surely_several):
        return (_one(whole, kind),)
    wishes: list[Wish] = []
    for start, end, _ in groups:
        wish = _clause(Sentence(text[start:end], today=today), is_weighed=is_surely_several)
        if wish is not None and wish.intent is not Intent.OUT_OF_SCOPE:
            inherited = _inherited(wish, wishes)
            if inherited is not wish and inherited.intent in _ADMISSIONS and inherited.intent is wishes[-1].intent:
                # "gồm 1. An 2. Bình, ngày kết nạp 10/11": what names nobody is about the admission before it.
                return (_one(whole, kind),)
            wishes.append(inherited)
    return tuple(_counted_over_all(_joined(wishes))) or (_one(whole, kind),)


_Group = tuple[int, int, Wish | None]


def _with_followers(groups: list[_Group]) -> list[_Group]:
    """Where nothing more was said of somebody named late, it belongs to what stands before."""
    out: list[_Group] = []
    for start, end, wish in groups:
        if wish is None and out:
            out[-1] = (out[-1][0], end, out[-1][2])
        else:
            out.append((start, end, wish))
    return out


def _clause(sentence: Sentence, *, is_weighed: bool) -> Wish | None:
    """What a clause says, as a sense claims it; of somebody named it may be very likely without."""
    claimed = _sense(sentence)
    if is_weighed and any(name.is_full for name in sentence.names) and _says_something(sentence):
        return _weighed(sentence, claimed, kind_of(sentence))
    if claimed is not None and claimed.intent is Intent.LOG_ADMISSION and claimed.trouble is DateTrouble.FUTURE:
        return _weighed(sentence, claimed, kind_of(sentence))
    if claimed is not None or not any(name.is_full for name in sentence.names):
        return claimed
    kind = kind_of(sentence)
    told = as_kind(sentence, kind) if kind.sure >= WHOLE else None
    return None if told is None else _finished(told, sentence)


def _says_something(sentence: Sentence) -> bool:
    """Whether there is more than names and days: "Hoàng Thị Lê 12/11" goes on with what was said before."""
    left = list(sentence.said)
    for day in sentence.days:
        left[day.start : day.end] = " " * (day.end - day.start)
    return len([word for word in re.findall(r"[a-z]+", "".join(left)) if set(word) != {"x"}]) > 2


def _is_courtesy(text: str) -> bool:
    short = talk.read(text)
    return short is not None and short.intent in (Intent.GREETING, Intent.CONFIRM_YES)


def _continues(before: Wish | None, wish: Wish | None, sentence: Sentence) -> bool:
    """Whether a clause belongs to the group before it."""
    if wish is None or before is None:
        return True
    if wish.intent is Intent.REPORT_NIL and before.intent in _ADMISSIONS and sentence.period is None:
        return True
    if before.intent in _ADMISSIONS and wish.intent in _ADMISSIONS:
        return before.intent is wish.intent or not wish.people or not before.people
    if before.intent is wish.intent is Intent.UPDATE_CANDIDATE:
        return before.stage is wish.stage or (not wish.people and bool(wish.redact))
    if before.intent is wish.intent is Intent.CORRECT_RECORD:
        return before.record == wish.record or not wish.record
    if before.intent is wish.intent is Intent.LOG_TRANSFER:
        return dict(before.extra).get("direction") == dict(wish.extra).get("direction") or not wish.people
    return before.intent is wish.intent


def _inherited(wish: Wish, before: list[Wish]) -> Wish:
    """A clause without a name speaks of those just named."""
    if wish.people or Need.NAME not in wish.needs or not before or not before[-1].people:
        return wish
    needs = tuple(need for need in wish.needs if need is not Need.NAME)
    return replace(wish, people=before[-1].people, needs=needs, is_doubtful=True)


def _counted_over_all(wishes: list[Wish]) -> list[Wish]:
    """`Có 2 đ/c: A kết nạp, B chuyển chính thức`: the number said is that of all who are told of."""
    named = sum(len(wish.people) for wish in wishes)
    return [
        replace(wish, count=None, needs=tuple(need for need in wish.needs if need is not Need.COUNT_MISMATCH))
        if Need.COUNT_MISMATCH in wish.needs and wish.count == named and len(wishes) > 1
        else wish
        for wish in wishes
    ]


def _joined(wishes: list[Wish]) -> list[Wish]:
    """Totals stated apart are one statement."""
    out: list[Wish] = []
    for wish in wishes:
        is_total = wish.intent is Intent.REPORT_AGGREGATE and out and out[-1].intent is Intent.REPORT_AGGREGATE
        if is_total and wish.count is None:
            out[-1] = replace(out[-1], extra=tuple(dict.fromkeys((*out[-1].extra, *wish.extra))))
            continue
        out.append(wish)
    return out
