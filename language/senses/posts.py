"""Posts and those who hold them: asking to join, handing over, locking a phone, who has joined, announcing."""

import re
from dataclasses import replace
from datetime import date

from domain.intents import DateTrouble, Intent, Wish
from language.days import ahead
from language.plain import fits, fold
from language.senses import office
from language.sentence import Sentence
from language.spelling import proper

_ANNOUNCE = re.compile(
    r"(?:gui )?thong bao (?:toi |den |cho |tat ca |toan the |cac |moi |dong chi |d/c )*bi thu(?: cac)?(?: chi bo| cb)?"
    r"(?: (?:o|thuoc|trong|cua) (?P<unit>[^:\n]{1,80}))?"
)
_HOW_MANY = re.compile(
    r"(?:thong bao(?: so)? (?P<a>\d{1,9}) )?(?:da )?gui (?:duoc )?(?:bao nhieu|may)(?: nguoi| tin)?(?: thong bao)?(?: so)?(?: (?P<b>\d{1,9}))?[ ?.]*"
)
_WHO = re.compile(
    r"(?P<missing>(?:nhung )?ai (?:chua|con chua) (?:tham gia|vao(?: bot| so)?|dung)|danh sach (?:nguoi )?chua tham gia|chua tham gia)"
    r"|(?:danh sach|xem|xem danh sach)(?: (?:cac|nhung))? (?:nguoi dung|nguoi tham gia)|(?:nhung )?ai da (?:tham gia|vao(?: bot| so)?)"
)
_JOIN = re.compile(
    r"(?:da |vang |a )?(?:(?:cho|toi|em|minh|chau|con) )*(?:(?:muon|xin|dang ky|duoc) )+(?:tham gia|vao|dung|su dung)(?: (?:bot|so|so ket nap|he thong))?(?: (?:voi|a|ah|nhe|nha))*[ .!]*"
)
_LOCK = re.compile(r"khoa (?:may|dien thoai|dt|so may)(?: (?:cu|cua|cho))*(?P<rest>.*)|(?:(?:toi|em|minh|chau) )?(?:bi |vua )*(?:mat|roi) (?:may|dien thoai|dt)(?: roi| a)*[ .!]*")  # fmt: skip
_ME = r"(?:(?:toi|em|minh|chau|cho|xin|muon|can|hay|duoc|nho|giup) )*"
_PLACE = r"(?P<place>zalo|telegram|tele|(?:may|noi|cho|so) (?:nay|kia|khac|nua|cu|moi)|day|(?:mot |1 )?(?:may|dien thoai|dt|so may)(?: (?:khac|nua|moi|thu hai|thu 2|kia))?)"
_LINK = re.compile(rf"{_ME}(?:lien ket|noi|ket noi|dung (?:them|ca)|them)(?: (?:them|voi|ca|sang|qua|tren|vao|o|bang|mot|1))* {_PLACE}(?: (?:voi|nua|duoc khong|a|ah|nhe|voi a))*[ .!?]*")  # fmt: skip
_UNLINK = re.compile(rf"{_ME}(?:go|bo|huy|thoi|ngat) (?:lien ket|ket noi|noi)(?: (?:voi|o|tren|khoi))*(?: {_PLACE})?[ .!]*|{_ME}go (?P<only>zalo|telegram|tele|may nay|may kia|may cu)[ .!]*")  # fmt: skip
_PREFER = re.compile(rf"{_ME}(?:nhac|gui|bao|nhan)(?: (?:viec|thu|tin|nhac viec|cho|toi|em|minh|den))* (?:qua|o|tren|vao|bang|tai) (?P<place>zalo|telegram|tele|day|may nay|cho nay|noi nay|(?:noi|may) (?:toi |em |minh )?(?:vua )?dung gan nhat)(?: (?:nhe|a|ah|thoi|giup|voi))*[ .!]*")  # fmt: skip
_GIVE = re.compile(r"ban giao (?P<tam>tam )?(?P<rest>.*)")
_TAKE_BACK = re.compile(r"(?:hoan tac|huy ban giao|lay lai)\b\s*(?P<rest>.*)")
_TITLES = r"(?:cho |dong chi |d/c |dc |anh |chi |bac |chu |co |ong |ba )*"
_TO = re.compile(rf"\bcho {_TITLES}(?P<name>[^\d,.;:\n]{{1,60}})")
_ENDS = re.compile(r"\s(?:den|toi|o|tai|lam|tu|thay|het|trong|chi bo|thon|dang uy)\b")
_ROLE_FIRST = re.compile(
    r"(?:chuc |nhiem vu )?(?:pho )?(?:bi thu dang uy|dang uy|(?:cap uy vien |uy vien )?phu trach|ban to chuc|ban xay dung dang|doan the|bi thu)(?=$| )"
)
_CODE = re.compile(r"[A-ZĐ0-9][A-ZĐ0-9._\-]*")
_UNIT = re.compile(
    r"\b(?:chi bo|cb|dang bo|dang uy|thon|ban|xom|khu pho|khu|to|tdp|ap|xa|phuong|thi tran|truong|tram|cong ty)\b[^,.;:\n]*"
)
_REQUEST_ENDS = re.compile(r"\s(?:xin|muon|cho em|cho toi|dang ky|nho|de nghi|a$|ah$)\b.*")
_NAME_LEAD = re.compile(
    r"^(?:(?:da|vang|thua|a) )*(?:(?:toi|em|chau|minh|con)(?: ten)? la|(?:ho )?ten(?: (?:toi|em|chau|minh))?(?: la)?|toi ten|em ten)[ :]+"
)


def spoken(text: str, *, today: date) -> Wish | None:
    """What is said of posts and people in words, before anything else is looked for in it."""
    if (announced := _announced(text)) is not None:
        return announced
    if len(text) > 160 or "\n" in text.strip():
        return None
    flat = fold(text)
    if found := _HOW_MANY.fullmatch(flat):
        number = found["a"] or found["b"]
        return Wish(Intent.SHOW_ANNOUNCEMENT, number=int(number) if number else None)
    if _JOIN.fullmatch(flat):
        return Wish(Intent.REGISTER)
    if found := _WHO.match(flat):
        rest = " ".join(text.split()[len(found[0].split()) :])
        return people_asked(rest, scope="missing" if found["missing"] else "all", today=today)
    words = text.split()
    if (found := _LOCK.fullmatch(flat)) and (fits(words[0], "khóa") or not flat.startswith("khoa")):
        return locked(
            (found["rest"] or "") and " ".join(words[-len(found["rest"].split()) or len(words) :]), today=today
        )
    if (asked := _linking(text, flat)) is not None:
        return asked
    if (found := _GIVE.fullmatch(flat)) and fits(words[0], "bàn") and (found["tam"] or " cho " in flat):
        return handed(" ".join(words[2:]), today=today)
    return None


def people_asked(rest: str, *, scope: str, today: date) -> Wish:
    """Who has joined in a unit; `trang 2` at its end asks for a page."""
    paged = re.fullmatch(r"(?P<rest>.*?)\s*trang (?P<page>\d{1,3})", rest, re.IGNORECASE)
    named = (paged["rest"] if paged else rest).strip(" ?.")
    named = re.sub(r"^(?:ở|tại|của|thuộc|trong)\s+", "", named, flags=re.IGNORECASE)
    return Wish(
        Intent.SHOW_PEOPLE,
        scope=scope,
        branch=Sentence(named, today=today).branch or named,
        argument=named or "-",
        number=int(paged["page"]) if paged else None,
    )


def locked(rest: str, *, today: date) -> Wish:
    """Whose phone is to be locked: a person or a unit as typed, or the speaker's own."""
    said = re.sub(r"^(?:máy |điện thoại |may |dien thoai )?(?:cũ |cu )?(?:của |cua )?", "", rest.strip(" .!"))
    if fold(said) in ("", "toi", "em", "minh", "chau", "may cu"):
        return Wish(Intent.LOCK_CHAT, argument="-")
    sentence = Sentence(said, today=today)
    name = sentence.names[0].name if sentence.names else ""
    return Wish(
        Intent.LOCK_CHAT,
        branch=sentence.branch or ("" if name else said),
        argument=said,
        extra=(("name", name or proper(_without_title(said))),),
    )


def _linking(text: str, flat: str) -> Wish | None:
    """Words about the places where one writes from; those that are also other words must be typed as these."""
    if found := _UNLINK.fullmatch(flat):
        return Wish(Intent.LINK_CHAT, scope="unlink", argument=_place(found["place"] or found["only"] or ""))
    if found := _PREFER.fullmatch(flat):
        return Wish(Intent.LINK_CHAT, scope="prefer", argument=_place(found["place"]))
    if _LINK.fullmatch(flat):
        return Wish(Intent.LINK_CHAT)
    return None


def _place(said: str) -> str:
    """A channel's name, `here`, `last` for wherever one was heard last, or "-"."""
    if said in ("zalo", "telegram"):
        return said
    if said == "tele":
        return "telegram"
    if said.endswith("gan nhat"):
        return "last"
    return "here" if said == "day" or said.endswith("nay") else "-"


def linked(rest: str) -> Wish:
    """`/lienket`, `/lienket gỡ Zalo`, `/lienket nhắc ở đây`."""
    flat = fold(rest).strip(" .!")
    if found := re.fullmatch(r"(?:go|bo|huy|thoi|ngat)\b(?: lien ket| ket noi| noi)? ?(?P<place>.*)", flat):
        return Wish(Intent.LINK_CHAT, scope="unlink", argument=_place(found["place"]))
    if found := re.fullmatch(r"nhac(?: viec)?(?: (?:toi|em))?(?: (?:qua|o|tren|vao|tai|bang))? ?(?P<place>.*)", flat):
        return Wish(Intent.LINK_CHAT, scope="prefer", argument=_place(found["place"]))
    return Wish(Intent.LINK_CHAT)


def _without_title(said: str) -> str:
    found = re.match(_TITLES, fold(said))
    count = len(found[0].split()) if found else 0
    return " ".join(said.split()[count:])


def handed(rest: str, *, today: date) -> Wish:
    """`/bangiao [tạm] [đơn vị] [cho] Nguyễn Văn B [đến 30/11]`, or `hoàn tác` with a unit."""
    flat = fold(rest)
    if back := _TAKE_BACK.fullmatch(flat):
        count = len(back["rest"].split())
        unit = " ".join(rest.split()[-count:]) if count else ""
        return Wish(Intent.ROLE_CHANGE, scope="take_back", branch=unit, argument=unit or "-", is_command=True)
    scope, said = "", rest
    if flat.split()[:1] == ["tam"] and fits(rest.split(maxsplit=1)[0], "tạm"):
        scope, said = "for_a_time", " ".join(rest.split()[1:])
    title = _ROLE_FIRST.match(fold(said))
    role = office.role_of(title[0]) if title else ""
    called = " ".join(said.split()[: len(title[0].split())]) if title else ""
    called = re.sub(r"^(?:chức|chuc|nhiệm vụ|nhiem vu) ", "", called, flags=re.IGNORECASE)
    said = " ".join(said.split()[len(title[0].split()) :]) if title else said
    whom = re.split(r"\s(?:đến|den|tới|toi)\s", f" {said} ")[0].strip()
    sentence = Sentence(whom, today=today)
    name = sentence.names[-1].name if sentence.names else _named(whom)
    branch = Sentence(said, today=today).branch
    first = said.split()[:1]
    if not branch and first and _CODE.fullmatch(first[0]):
        branch = first[0]
    if not branch and not name and said:
        branch = said
    wish = Wish(
        Intent.ROLE_CHANGE,
        scope=scope,
        branch=branch,
        argument=said or "-",
        extra=(
            *((("new_holder", name),) if name else ()),
            *((("role", role),) if role else ()),
            *((("title", called),) if called else ()),
        ),
    )
    on, trouble = day_ahead(said, today=today)
    return replace(wish, date=on, trouble=trouble)


def _named(said: str) -> str:
    found = _TO.search(fold(said))
    if found is None:
        return ""
    before = len(fold(said)[: found.start("name")].split())
    words = _ENDS.split(found["name"])[0].split()
    return proper(" ".join(said.split()[before : before + len(words)]))


def day_ahead(text: str, *, today: date) -> tuple[date | None, DateTrouble | None]:
    """The one day to come in an answer."""
    days = Sentence(text, today=today).days
    if not days:
        return None, None
    reading = ahead(days[-1], today)
    return (reading.day, None) if isinstance(reading.day, date) else (None, reading.trouble or DateTrouble.IMPOSSIBLE)


def role_asked(text: str) -> str:
    """The role that somebody says he has."""
    return office.role_of(fold(text))


def unit_asked(text: str) -> str:
    """The unit as a stranger names it in a sentence: `bí thư chi bộ Tổ 5 phường X, xin mã mời`."""
    flat = fold(text)
    title = re.search(r"bi thu(?= (?:chi bo|dang uy|cb))|phu trach|ban to chuc|doan the|can bo", flat)
    found = _UNIT.search(flat, title.end() if title else 0)
    if found is None:
        return ""
    said = _REQUEST_ENDS.sub("", found[0]).strip()
    before = len(flat[: found.start()].split())
    words = text.split()[before : before + len(said.split())]
    return " ".join(words).strip(" .,;") if len(said.split()) > 1 else ""


def unit_words(text: str) -> str:
    """A unit as a stranger typed it, words and numbers alone: no link, mention or command reaches whoever reads it."""
    return " ".join(re.findall(r"[^\W_]+(?:[-/'’][^\W_]+)*", text))


def own_name(text: str) -> str:
    """A full name typed in answer to "who are you", or nothing."""
    lead = _NAME_LEAD.match(fold(text) + " ")
    words = " ".join(text.replace(",", " ").split()).split()
    words = words[len(lead[0].split()) :] if lead else words
    while words and fold(words[-1]) in ("a", "ah", "nhe"):
        words = words[:-1]
    if not 2 <= len(words) <= 7 or not all(re.fullmatch(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*[.]?", word) for word in words):
        return ""
    name = proper(" ".join(words).strip(" ."))
    return name if len(name) <= 60 else ""


def _announced(text: str) -> Wish | None:
    head, colon, words = text.partition(":")
    if not colon or len(head) > 140 or "\n" in head.strip():
        return None
    found = _ANNOUNCE.fullmatch(fold(head))
    if found is None:
        return None
    unit = " ".join(head.split()[-len(found["unit"].split()) :]) if found["unit"] else ""
    return Wish(Intent.ANNOUNCE, branch=unit, argument=words.strip() or "-")


def announced_words(text: str) -> str:
    """What is announced by a message, without its head."""
    return text.partition(":")[2].strip()
