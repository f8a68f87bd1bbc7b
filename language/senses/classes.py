"""Classes: opened, joined, ended, looked at; by command or in words."""

import re
from dataclasses import replace
from datetime import date

from domain.intents import Intent, Wish
from language.days import Spoken, ahead
from language.numbers import value
from language.plain import fold, typed
from language.senses import candidate
from language.sentence import Sentence

_OPENED = re.compile(r"(?:hom nay )?mo (?:them )?(?:mot |1 )?lop\b")
_PLACE = re.compile(
    r"\b(?:tai|o) (?P<place>.+?)(?=,|;|\.(?: |$)| (?:tu|ngay|vao|den|trong|co|gom|so) |\s*\b\d{1,4} (?:cho|nguoi|hoc vien|suat)\b|\s\d{1,2}[/\-]\d|$)"
)
_SEATS = re.compile(r"(?<![\d/\-])(?P<seats>\d{1,6}) (?:cho|nguoi|hoc vien|suat)\b")
_SPAN = re.compile(r"(?<![\d/\-])(?P<first>\d{1,2}) ?(?:-|den) ?(?P<last>\d{1,2})(?P<rest>/\d{1,2}(?:/\d{4})?)(?!\d)")
_KIND = r"(?:cam tinh(?: dang)? |nhan thuc(?: ve dang)? |boi duong )*"
_JOINED = re.compile(
    rf"(?:dang ky|dang ki|dki|dk|ghi ten|cu)(?: cho)? (?P<who>.+?) (?:di |vao |hoc |du |tham gia )*lop {_KIND}(?:so )?(?P<number>\d{{1,9}})"
)
_ALL = re.compile(
    r"(?:ca danh sach|tat ca|toan bo|ca nguon|het)(?: nguon| danh sach)?(?: chua hoc)?(?: cua)?(?: (?P<unit>.+))?"
)
_WAITING = re.compile(
    rf"nhan (?:nhung |so )?(?:nguoi )?(?:dang )?cho(?: vao)?(?: lop {_KIND}(?:so )?(?P<number>\d{{1,9}}))?"
)
_ENDED = re.compile(
    rf"(?:ket thuc|be giang) lop {_KIND}(?:so )?(?P<a>\d{{1,9}})|lop {_KIND}(?:so )?(?P<b>\d{{1,9}}) (?:da )?(?:ket thuc|be giang|xong)(?: roi)?"
)
_CANCELLED = re.compile(rf"(?:huy|hoan|khong mo) lop {_KIND}(?:so )?(?P<number>\d{{1,9}})")
_LISTED = re.compile(
    rf"(?:xem )?(?:cac|danh sach) lop(?: dang mo)? {_KIND}|lich (?:mo |hoc )?lop {_KIND}|(?:co|dang mo|sap co) (?:nhung )?lop {_KIND}nao.{{0,20}}|(?:bao gio|khi nao) (?:co|mo) lop {_KIND}"
)
_ONE = re.compile(rf"xem lop {_KIND}(?:so )?(?P<number>\d{{1,9}})")
_SHARE = re.compile(
    r"(?:ty le|ti le)(?: nguoi)?(?: da)?(?: hoc lop| hoc xong)?(?: lop)?(?: cam tinh)?(?: ma)?(?: da)?(?: duoc)? ket nap(?: sau lop)?(?: (?:cua|o) (?P<unit>.+))?"
)
_NUMBERED = re.compile(r"(?:so )?(?P<number>\d{1,9})\b[ .,:]*(?P<rest>.*)")
_TRAINED = re.compile(r"(?:da hoc )?(?:nhung |ma )?chua (?:duoc )?ket nap(?: (?:cua|o))?(?: (?P<unit>.+))?")


def spoken(text: str, *, today: date) -> Wish | None:
    """What is said of classes in words; a single person's steps are told like any other."""
    flat = fold(text)
    if "lop" not in flat and "cho" not in flat and "ty le" not in flat and "ti le" not in flat:
        return None
    if len(text) > 300 or "\n" in text.strip() or "?" in text[:-1]:
        return None
    flat = flat.strip(" .!?")
    if _OPENED.match(flat) and not re.search(r"\b(?:khi nao|bao gio|chua|khong)\b", flat):
        return opened(text, today=today)
    if found := _JOINED.fullmatch(flat):
        return _joined(_typed(text, found["who"]), int(found["number"]), today)
    if (found := _WAITING.fullmatch(flat)) and found["number"]:
        return Wish(Intent.JOIN_CLASS, number=int(found["number"]), scope="waiting")
    if found := _ENDED.fullmatch(flat):
        return Wish(Intent.END_CLASS, number=int(found["a"] or found["b"]))
    if found := _CANCELLED.fullmatch(flat):
        return Wish(Intent.END_CLASS, number=int(found["number"]), scope="cancelled")
    if found := _ONE.fullmatch(flat):
        return Wish(Intent.SHOW_CLASS, number=int(found["number"]))
    if _LISTED.fullmatch(f"{flat} "):
        return Wish(Intent.SHOW_CLASS)
    if (found := _SHARE.fullmatch(flat)) and "lop" in flat:
        return Wish(Intent.SHOW_CLASS, scope="share", branch=_typed(text, found["unit"] or ""))
    return None


def asked(rest: str, *, today: date) -> Wish:
    """What stands behind `/lop`."""
    flat = fold(rest).strip(" .!?")
    if re.match(r"mo\b", flat):
        return opened(rest, today=today)
    if paged := re.fullmatch(r"(?P<rest>.*?) ?trang (?P<page>\d{1,3})", rest, re.IGNORECASE):
        return replace(asked(paged["rest"], today=today), number=int(paged["page"]))
    if found := _TRAINED.fullmatch(flat):
        return Wish(Intent.SHOW_CLASS, scope="trained", branch=_typed(rest, found["unit"] or ""))
    if found := re.fullmatch(r"(?:ty le|ti le)(?: ket nap)?(?: (?:cua|o))?(?: (?P<unit>.+))?", flat):
        return Wish(Intent.SHOW_CLASS, scope="share", branch=_typed(rest, found["unit"] or ""))
    found = _NUMBERED.fullmatch(flat)
    if found is None:
        return spoken(rest, today=today) or Wish(Intent.SHOW_CLASS)
    number, said = int(found["number"]), found["rest"].strip()
    if re.fullmatch(r"(?:da )?(?:ket thuc|be giang|xong|cap giay).*", said):
        return Wish(Intent.END_CLASS, number=number)
    if re.fullmatch(r"(?:huy|hoan|khong mo|bo)(?: lop)?", said):
        return Wish(Intent.END_CLASS, number=number, scope="cancelled")
    if _WAITING.fullmatch(said):
        return Wish(Intent.JOIN_CLASS, number=number, scope="waiting")
    if joined := re.fullmatch(r"(?:dang ky|dang ki|dki|dk|ghi ten|them|cu)(?: cho)?(?: (?P<who>.+))?", said):
        return _joined(_typed(rest, joined["who"] or ""), number, today)
    return Wish(Intent.SHOW_CLASS, number=number)


def opened(text: str, *, today: date) -> Wish:
    """`mở lớp cảm tình tại Trung tâm chính trị từ 10/12 đến 12/12, 60 chỗ`: whatever is left out is asked for."""
    laid = typed(_SPAN.sub(r"\g<first>\g<rest> đến \g<last>\g<rest>", text))
    found, seats = _PLACE.search(laid.flat), _SEATS.search(laid.flat)
    # "27/11, 2000 chỗ" is no day of the year 2000.
    dated = f"{laid.original(0, seats.start())};{laid.original(seats.end(), len(laid.flat))}" if seats else laid.text
    days = [day for said in Sentence(dated, today=today).days if (day := _day(said, today)) is not None]
    return Wish(
        Intent.OPEN_CLASS,
        argument=laid.original(found.start("place"), found.end("place")).strip(" ,.") if found else "",
        date=days[0] if days else None,
        count=value(seats["seats"]) if seats else None,
        extra=(("until", days[-1].isoformat()),) if days else (),
    )


def _day(said: Spoken, today: date) -> date | None:
    """A day of the next months. Without a year, a day just gone is not one of next year: it is a slip."""
    day = ahead(said, today).day
    if not isinstance(day, date):
        return None
    is_far = said.year is None and (day - today).days > _FAR
    return day.replace(year=day.year - 1) if is_far and (day.month, day.day) != (2, 29) else day


_FAR = 300


def _joined(who: str, number: int, today: date) -> Wish:
    """Somebody by name, or the whole list."""
    if found := _ALL.fullmatch(fold(who)):
        return Wish(Intent.JOIN_CLASS, number=number, scope="all", branch=_typed(who, found["unit"] or ""))
    return replace(
        candidate.added(Sentence(who, today=today)), intent=Intent.JOIN_CLASS, number=number, needs=(), count=None
    )


def _typed(text: str, flat: str) -> str:
    """The words of a text that were found in its folded form, as they were typed."""
    words, bare = text.split(), [fold(word).strip(" .!?") for word in text.split()]
    wanted = flat.split()
    for at in range(len(words) - len(wanted), -1, -1):
        if wanted and [word.strip(" .!?") for word in wanted] == bare[at : at + len(wanted)]:
            return " ".join(words[at : at + len(wanted)]).strip(" .!?")
    return flat
