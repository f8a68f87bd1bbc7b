"""Days in sentences: found where they stand, and settled into the calendar for a past event or a plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lunar_vn import LunarDate, lunar_to_solar, solar_to_lunar

from domain.intents import DateTrouble, Day, Month
from language.numbers import DAY_WORDS, NUMBER, WORDS, value
from language.plain import clean, fold, typed

SOON = timedelta(days=60)
"""A day and month without a year that lie at most this far ahead are asked about in a past event, never moved
a year back: on 21 November "25/11" is a slip or a plan. Further ahead the year before is meant."""

_WEEKDAYS = {"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "5": 3, "nam": 3, "6": 4, "sau": 4, "7": 5, "bay": 5}

_DAY = r"(?<!\w)(?:ngay |hom |bua |mung |mong )"
_EDGE = r"(?<![\w/.,\-])"
_PATTERNS = (
    ("iso", rf"{_EDGE}(?P<y>(?:19|20)\d\d)(?P<sep>[/.\-])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?![\d/\-])"),
    ("moon", rf"\b(?:(?:hom |ngay |dung |toi |sang |chieu |dem )+ram\b|ram (?=thang|vua))(?: ?thang (?P<m>\d{{1,2}}|gieng|chap|{WORDS}))?(?P<leap> nhuan)?"),
    ("tet", rf"\b(?:ngay |hom |sang |chieu |mung |mong )+(?P<d>\d|10|{WORDS}) tet\b(?: nam (?P<y>\d{{4}}|nay|ngoai|truoc))?"),
    ("monthfirst", r"\b(?:thang |thg ?)(?P<m>\d{1,2})(?: nam (?P<y>20\d\d))?,? (?:ngay|mung|mong|hom) (?P<d>\d{1,2})(?![\d/.\-])"),
    (
        "full",
        rf"(?:{_DAY})?(?<![\d/\-])(?P<d>\d{{1,2}}) ?(?P<sep>[/.\-]) ?(?P<m>\d{{1,2}}) ?(?P=sep) ?(?P<y>\d{{4}}|\d\d)(?![\d/]|[.\-]\d)",
    ),
    (
        "long",
        rf"(?:{_DAY}|\b)(?:mung |mong )?(?P<d>\d{{1,2}}|{DAY_WORDS}) ?(?:(?:cua |trong )?thang |thang|thg ?|th ?(?=\d)|t ?)(?P<m>\d{{1,2}}|gieng|chap|{WORDS})(?!\d| tuan\b)(?P<leap> nhuan)?(?:,? ?nam (?P<y>\d{{4}}|nay|ngoai|truoc)|/(?P<y2>\d{{4}}|\d\d)(?!\d)|,? (?P<y3>20\d\d)\b)?",
    ),
    (
        "short",
        rf"(?:{_DAY})?(?<![\w/.,\-])(?P<d>\d{{1,2}}) ?(?P<sep>[/.\-]) ?(?P<m>\d{{1,2}})(?![\d%]|[/\-.] ?\d|[/\-]\w)(?:,? (?:nam )?(?P<y>20\d\d|nam nay|nam ngoai|nam truoc|ngoai)\b)?",
    ),
    ("spaced", r"\bngay (?P<d>\d{1,2}) (?P<m>\d{1,2})(?: (?P<y>20\d\d))?(?! ?[\d/])"),
    ("month", r"(?<![\w/.\-])(?:thang |thg ?|t)?(?P<m>\d{1,2}) ?[/\-] ?(?P<y>(?:19|20)\d\d)(?![\d/\-])"),
    (
        "weekday",
        r"\b(?:(?P<first>tuan truoc nua|tuan truoc|tuan roi|tuan vua roi|tuan vua qua|tuan qua|tuan nay|tuan sau|tuan toi),? (?:vao )?)?(?P<lead>(?:sang |trua |chieu |toi |dem |ngay |hom |bua )*)(?:(?P<sunday>chu nhat|cn)|thu (?P<wd>[2-7]|hai|ba|tu|nam|sau|bay)|t(?P<short>[2-7]))(?![\d/])\b(?: (?P<week>tuan truoc nua|tuan truoc|tuan roi|tuan vua roi|tuan vua qua|tuan qua|vua roi|vua qua|roi|qua|truoc|tuan nay|nay|tuan sau|tuan toi|toi|sau)\b)?",
    ),
    (
        "relative",
        (r"\b(?P<word>(?:toi |sang |chieu |dem |trua )?hom nay|hnay|h\.nay|hom ni|bua nay|sang nay|chieu nay|toi nay|trua nay|dem nay|(?:hoi|ban|luc|khi|tu) (?:sang|trua|chieu)(?! (?:nay|qua|mai|kia|hom|thu|t\d|cn|chu nhat|\d))|sang som nay"
        r"|(?:toi |sang |chieu |dem |trua )?hom qua|hqua|h\.qua|bua qua|sang qua|chieu qua|toi qua|trua qua|dem qua"
        r"|(?:toi |sang |chieu |dem |trua )?hom kia|bua kia|(?:sang |chieu |toi |trua )?ngay mai|sang mai|chieu mai|toi mai|trua mai|ngay kia|ngay mot)\b|(?:^|[,;.\n] ?)(?P<bare>mai)(?= (?:(?:moi |se |thi )?(?:ket nap|kn|lam le|to chuc)|chi bo|cb|lam le|to chuc|ket nap|kn|ben|nha|don vi|em|toi|minh))"),
    ),
    ("ago", rf"\b(?:cach day (?P<n>{NUMBER}) (?:ngay|hom|bua)|(?P<n2>{NUMBER}) (?:ngay|hom|bua) (?:truoc|roi))\b"),
    (
        "dayonly",
        rf"\b(?P<lead>ngay|hom|bua|mung|mong)(?: ngay| hom| mung)? (?P<d>\d{{1,2}}|{DAY_WORDS})(?![\w/]| ?[/\-.] ?\d| tet\b)(?: (?P<rel>thang nay|thang truoc|thang roi|thang vua roi|thang sau|thang toi|vua roi|vua qua)\b)?",
    ),
    ("daythen", r"(?<![\w/.,\-])(?P<d>1[3-9]|2\d|3[01]) (?P<rel>thang nay|thang truoc|thang roi|thang vua roi|thang sau|thang toi)\b"),
    ("monthname", r"\b(?:thang |thang(?=\d)|thg\.? ?|t\.?(?=\d))(?P<m>\d{1,2}|muoi mot|muoi hai|muoi)(?![\d/\w%])(?: nam (?P<y>\d{4}|nay|ngoai|truoc))?"),
    ("monthrel", r"(?<!\d )\bthang (?P<rel>nay|truoc|roi|vua roi|vua qua|qua|sau|toi)\b|\b(?:dau|giua|cuoi) thang\b(?! \d)"),
)  # fmt: skip
_GROUP = re.compile(r"P<(\w+)>")


def _named(name: str, body: str) -> str:
    """One pattern as a group of the whole, its own groups prefixed with its name."""
    return f"(?P<{name}>" + _GROUP.sub(rf"P<{name}_\1>", body).replace("(?P=sep)", f"(?P={name}_sep)") + ")"


_BEGINS = r"(?<![a-z])(?=[\dbcdghklmnrst,;.\n])"
"""No day begins inside a word: most places need not be tried."""
_ANY = re.compile(f"{_BEGINS}(?:{'|'.join(_named(name, body) for name, body in _PATTERNS)})")
_PART = {name: tuple(_GROUP.findall(body)) for name, body in _PATTERNS}
_HINT = re.compile(r"\d|\bram\b|tet\b|mung|mong|bua|hom|nay|qua|mai|ngay|thu |chu nhat|\bcn\b|thang|bua|kia")

_NOT_A_DAY_BEFORE = re.compile(
    r"(?:(?<!van )(?<!thi )\bdat|\bdu\b|\btren|\bhon|\bqua|it nhat|\bduoc|phieu|ty le|\btl|ket qua|chi tieu|\bct|hoan thanh|bieu quyet|tan thanh|nhat tri|dong y|\bgiao|\bco|tong so|so|\bvoi"
    r"|thon|khu|xom|\bto|tdp|\bap|\bkp|pho|nha so|dieu|khoan|muc|\d{1,2} ?%)[ :]*\(?$"
)
_NOT_A_DAY_AFTER = re.compile(
    r" ?\)? ?(?:phieu|chi tieu|dang vien|dv\b|dong chi|d/c|dc\b|tan thanh|dong y|nhat tri|so |tong|%|\(\d+ ?%|chi bo (?:da|dat|hoan|co|chua|chi)|nguoi|dai bieu|don vi|y kien|thanh vien)"
)
_DAY_BEFORE = re.compile(
    r"(?:ngay|hom|sang|chieu|toi|ket nap|kn|lam le|to chuc|\bky|vao|luc|tu|den|den ngay|\bcap|\blap)[ :]*$"
)
_ORDINAL_BEFORE = re.compile(r"(?:lan|nguoi|lop|khoa|cai|dong|phuong an|con|thi|van|lua|tang|chi bo) $")
_LUNAR_AFTER = re.compile(r" ?(?:\(? ?am lich|\(? ?am\b(?! (?:thi|van|[a-z]+ (?:thi|van)))|\(? ?al\b|ta\b)")
_LUNAR_BEFORE = re.compile(r"(?:am lich|ngay am|\bal|lich am)(?: la| ngay|:)* ?$")
_PAST_WORDS = ("vua roi", "vua qua", "roi", "qua", "truoc", "tuan truoc", "tuan roi", "tuan vua roi", "tuan vua qua", "tuan qua")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """A day as it stands in a sentence: parts of a date, or the exact day behind "hôm qua"."""

    start: int
    end: int
    typed: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    on: date | None = None
    is_past: bool = False
    is_lunar: bool = False
    is_leap: bool = False

    @property
    def is_month(self) -> bool:
        return self.on is None and self.day is None and self.month is not None and not self.is_lunar

    def same_as(self, other: "Spoken") -> bool:
        mine = (self.day, self.month, self.year, self.weekday, self.on, self.is_lunar, self.is_leap)
        return mine == (other.day, other.month, other.year, other.weekday, other.on, other.is_lunar, other.is_leap)


@dataclass(frozen=True, slots=True)
class Reading:
    """The calendar day behind spoken words, or why there is none."""

    day: Day | None = None
    trouble: DateTrouble | None = None


def show(day: date) -> str:
    """`20/11/2026`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def read_days(text: str, *, today: date) -> tuple[Spoken, ...]:
    """Every day of a text, in order."""
    laid = typed(clean(text))
    return tuple(find_days(laid.flat, today=today))


_NUMBERED_PLACE = re.compile(
    r"\b(?:thon|ban|xom|to|khu|tdp|ap|buon|khom|khoi|khu pho|kp|tk|tieu khu|to dan pho) \d{1,2}(?= (?:thang|t\d))"
)
"""The number of a village is no day: `thon 1 thang 11`."""


def find_days(flat: str, *, today: date) -> Iterator[Spoken]:
    """Every day of a bare text, in order; positions are those of the bare text."""
    if not _HINT.search(flat):
        return
    flat = _NUMBERED_PLACE.sub(lambda found: "#" * len(found[0]), flat)
    start = 0
    while found := _ANY.search(flat, start):
        spoken = _spoken(found, flat, today)
        if spoken is None:
            start = found.start() + 1 if found.lastgroup is None else max(found.start() + 1, _past_number(flat, found))
            continue
        yield spoken
        start = spoken.end


def _past_number(flat: str, found: re.Match[str]) -> int:
    """Where to look on after something that only looked like a day: behind its digits, not inside them."""
    at = found.start()
    while at < found.end() and not flat[at].isdigit():
        at += 1
    return found.end() if at < found.end() and found.end() - at <= 7 else at


def _spoken(found: re.Match[str], flat: str, today: date) -> Spoken | None:
    kind = next(name for name, _ in _PATTERNS if found[name] is not None)
    part = {name: found[f"{kind}_{name}"] for name in _PART[kind]}
    start, end = found.span()
    before = flat[max(0, start - 24) : start]
    words = flat[start:end]

    def at(**known: Any) -> Spoken:
        lunar = _LUNAR_AFTER.match(flat, end) is not None or _LUNAR_BEFORE.search(before) is not None
        return Spoken(start, end, words, is_lunar=lunar, **known)

    match kind:
        case "iso" | "full":
            return at(day=int(part["d"]), month=int(part["m"]), year=_year(part["y"], today))
        case "long":
            day = value(part["d"])
            month = {"gieng": 1, "chap": 12}.get(part["m"]) or value(part["m"])
            is_lunar = part["m"] in ("gieng", "chap")
            year = _year(part["y"] or part["y2"] or part["y3"], today)
            is_lunar = is_lunar or bool(part["leap"] or _LUNAR_AFTER.match(flat, end) or _LUNAR_BEFORE.search(before))
            return Spoken(start, end, words, day=day, month=month, year=year, is_lunar=is_lunar, is_leap=bool(part["leap"]))  # fmt: skip
        case "moon":
            month = {"gieng": 1, "chap": 12}.get(part["m"] or "") or (value(part["m"]) if part["m"] else None)
            return Spoken(start, end, words, day=15, month=month, is_lunar=True, is_leap=bool(part["leap"]))
        case "tet":
            return Spoken(start, end, words, day=value(part["d"]), month=1, year=_year(part["y"], today), is_lunar=True)
        case "monthfirst":
            return at(day=int(part["d"]), month=int(part["m"]), year=_year(part["y"], today))
        case "short":
            if not _is_short_day(part, flat, start, end, before, words):
                return None
            return at(day=int(part["d"]), month=int(part["m"]), year=_year(part["y"], today))
        case "spaced":
            return at(day=int(part["d"]), month=int(part["m"]), year=_year(part["y"], today))
        case "month":
            return at(month=int(part["m"]), year=int(part["y"])) if 1 <= int(part["m"]) <= 12 else None
        case "weekday":
            if _ORDINAL_BEFORE.search(before):
                return None
            if part["short"] and not part["lead"] and not part["week"] and not part["first"]:
                # Without a word beside it "T7" is a month more often than a Saturday.
                return at(month=int(part["short"]))
            return _weekday(start, end, words, part, today)
        case "relative":
            return at(on=_relative(part["word"] or part["bare"], today))
        case "ago":
            days = value(part["n"] or part["n2"])
            return at(on=today - timedelta(days=days)) if 0 < days <= 366 else None
        case "daythen":
            return _day_only(start, end, words, {"lead": "hom", **part}, flat, today)
        case "dayonly":
            return _day_only(start, end, words, part, flat, today)
        case "monthname":
            month = value(part["m"])
            if not 1 <= month <= 12:
                return None
            return at(month=month, year=_year(part["y"], today))
        case _:
            return _month_by_word(start, end, words, part["rel"], today)


def _is_short_day(part: dict[str, str | None], flat: str, start: int, end: int, before: str, words: str) -> bool:
    day, month = int(part["d"] or 0), int(part["m"] or 0)
    is_named = not words[0].isdigit() or _DAY_BEFORE.search(before) is not None
    if is_named:
        return True
    if _NOT_A_DAY_AFTER.match(flat, end) or _NOT_A_DAY_BEFORE.search(before):
        return False
    if part["sep"] == "/":
        return 1 <= day <= 31 and month <= 31 and day > 0
    return 1 <= day <= 31 and 1 <= month <= 12 and (day > 12 or words.startswith("0") or part["sep"] == "-")


def _year(typed_year: str | None, today: date) -> int | None:
    if typed_year is None:
        return None
    if typed_year in ("nay", "nam nay"):
        return today.year
    if not typed_year.isdigit():
        return today.year - 1
    if len(typed_year) == 2:
        return 2000 + int(typed_year) if int(typed_year) <= today.year % 100 + 1 else 1900 + int(typed_year)
    return int(typed_year)


def _weekday(start: int, end: int, words: str, part: dict[str, str | None], today: date) -> Spoken:
    weekday = 6 if part["sunday"] else _WEEKDAYS[part["wd"] or part["short"] or "2"]
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=weekday)
    week = part["week"] or part["first"] or ""
    if week == "tuan truoc nua":
        on = this_week - timedelta(days=14)
    elif week.startswith("tuan") and week in _PAST_WORDS:
        on = this_week - timedelta(days=7)
    elif week in _PAST_WORDS:
        on = this_week if this_week < today else this_week - timedelta(days=7)
    elif week in ("tuan sau", "tuan toi"):
        on = this_week + timedelta(days=7)
    elif week in ("toi", "sau"):
        on = this_week if this_week > today else this_week + timedelta(days=7)
    elif week in ("tuan nay", "nay"):
        on = this_week
    else:
        return Spoken(start, end, words, weekday=weekday)
    return Spoken(start, end, words, on=on)


def _relative(word: str, today: date) -> date:
    if word.endswith(("nay", "ni")) or word.startswith(("hoi ", "ban ", "luc ", "khi ", "tu ")):
        return today
    if word.endswith("qua"):
        return today - timedelta(days=1)
    if word.endswith(("hom kia", "bua kia")):
        return today - timedelta(days=2)
    return today + timedelta(days=2 if word.endswith(("ngay kia", "mot")) else 1)


def _day_only(start: int, end: int, words: str, part: dict[str, str | None], flat: str, today: date) -> Spoken | None:
    day = value(part["d"] or "")
    if day > 31 or re.match(r" ?(?:tuoi|phut|gio|h\b)", flat[end : end + 12]):
        return None
    if part["lead"] in ("ngay", "bua") and not (part["d"] or "").isdigit() and day < 10:
        return None
    rel = part["rel"] or ""
    if rel.startswith("thang"):
        months = {"nay": 0, "sau": 1, "toi": 1}.get(rel.removeprefix("thang "), -1)
        index = today.year * 12 + today.month - 1 + months
        return Spoken(start, end, words, day=day, month=index % 12 + 1, year=index // 12)
    return Spoken(start, end, words, day=day, is_past=bool(rel), is_lunar=bool(_LUNAR_AFTER.match(flat, end)))


def _month_by_word(start: int, end: int, words: str, rel: str | None, today: date) -> Spoken:
    months = {"nay": 0, "sau": 1, "toi": 1, "": 0}.get(rel or "", -1)
    index = today.year * 12 + today.month - 1 + months
    return Spoken(start, end, words, month=index % 12 + 1, year=index // 12)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _lunar(spoken: Spoken, today: date, *, is_plan: bool) -> Reading:
    """A day of the lunar calendar in the solar one: for a past event the latest such day, for a plan the next."""
    if spoken.day is None or not 1 <= spoken.day <= 30 or not 1 <= (spoken.month or 1) <= 12:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    found = sorted(day for day in _lunar_days(spoken, today) if day is not None)
    if not found:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    gone = [day for day in found if day <= today]
    ahead_of_us = [day for day in found if day > today]
    if is_plan:
        return Reading((ahead_of_us or found[-1:])[0])
    if ahead_of_us and (not gone or (spoken.month is not None and ahead_of_us[0] - today <= SOON)):
        return Reading(trouble=DateTrouble.FUTURE)
    return Reading(gone[-1])


def _lunar_days(spoken: Spoken, today: date) -> list[date | None]:
    """The solar days that may be meant, years before and after."""
    day = spoken.day or 0
    this = solar_to_lunar(today)
    if spoken.month is None:
        months = [divmod(this.year * 12 + this.month - 1 + step, 12) for step in (-1, 0, 1)]
        return [_solar(year, month + 1, day, is_leap=False) for year, month in months]
    years = [spoken.year] if spoken.year else [this.year - 1, this.year, this.year + 1]
    return [_solar(year, spoken.month, day, is_leap=spoken.is_leap) for year in years]


def _solar(year: int, month: int, day: int, *, is_leap: bool) -> date | None:
    try:
        wanted = LunarDate(day, month, year, is_leap)
        found = lunar_to_solar(wanted)
        return found if solar_to_lunar(found) == wanted else None
    except ValueError:
        return None


def past(spoken: Spoken, today: date) -> Reading:
    """The day of something that has happened."""
    if spoken.is_lunar:
        return _lunar(spoken, today, is_plan=False)
    if spoken.on is not None:
        return Reading(spoken.on) if spoken.on <= today else Reading(trouble=DateTrouble.FUTURE)
    if spoken.day is None:
        return _past_month(spoken, today)
    if spoken.month is None:
        return _past_day(spoken, today)
    if not 1 <= spoken.month <= 12 or not 1 <= spoken.day <= 31:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    found = _calendar(spoken.year or today.year, spoken.month, spoken.day)
    if found is None:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    if found <= today:
        return Reading(found)
    if spoken.year is not None or found - today <= SOON:
        return Reading(trouble=DateTrouble.FUTURE)
    earlier = _calendar(today.year - 1, spoken.month, spoken.day)
    return Reading(earlier) if earlier else Reading(trouble=DateTrouble.IMPOSSIBLE)


def _past_month(spoken: Spoken, today: date) -> Reading:
    if spoken.month is None:
        back = (today.weekday() - (spoken.weekday or 0)) % 7
        # The weekday's own name on that very day may mean today or a week ago.
        return Reading(today - timedelta(days=back)) if back else Reading(trouble=DateTrouble.SEVERAL)
    if not 1 <= spoken.month <= 12:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    year = spoken.year or (today.year if spoken.month <= today.month else today.year - 1)
    if (year, spoken.month) > (today.year, today.month):
        return Reading(trouble=DateTrouble.FUTURE)
    return Reading(Month(year, spoken.month))


def _past_day(spoken: Spoken, today: date) -> Reading:
    day = spoken.day or 0
    if not 1 <= day <= 31:
        return Reading(trouble=DateTrouble.IMPOSSIBLE)
    found = _calendar(today.year, today.month, day)
    if found is not None and found <= today:
        return Reading(found)
    if found is not None and not spoken.is_past and not fold(spoken.typed).startswith("hom"):
        return Reading(trouble=DateTrouble.FUTURE)
    index = today.year * 12 + today.month - 2
    earlier = _calendar(index // 12, index % 12 + 1, day)
    return Reading(earlier) if earlier else Reading(trouble=DateTrouble.IMPOSSIBLE)


def ahead(spoken: Spoken, today: date) -> Reading:
    """The day of something planned."""
    if spoken.is_lunar:
        return _lunar(spoken, today, is_plan=True)
    if spoken.on is not None:
        return Reading(spoken.on)
    if spoken.day is None:
        if spoken.month is None:
            return Reading(today + timedelta(days=((spoken.weekday or 0) - today.weekday()) % 7))
        if not 1 <= spoken.month <= 12:
            return Reading(trouble=DateTrouble.IMPOSSIBLE)
        year = spoken.year or (today.year if spoken.month >= today.month else today.year + 1)
        return Reading(Month(year, spoken.month))
    if spoken.month is None:
        index = today.year * 12 + today.month - 1 + (1 if spoken.day < today.day else 0)
        found = _calendar(index // 12, index % 12 + 1, spoken.day)
        return Reading(found) if found else Reading(trouble=DateTrouble.IMPOSSIBLE)
    found = _calendar(spoken.year or today.year, spoken.month, spoken.day)
    if found is not None and spoken.year is None and found < today:
        found = _calendar(today.year + 1, spoken.month, spoken.day)
    return Reading(found) if found else Reading(trouble=DateTrouble.IMPOSSIBLE)
