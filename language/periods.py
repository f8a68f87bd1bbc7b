"""Periods in sentences: `2026`, `2026-Q3`, `2026-H1`, `2026-11`, spans of months or days, terms."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from language.days import find_days
from language.numbers import WORDS, value

_YEAR = r"(?: ?/ ?| nam |,? ?)(?P<{0}>20\d\d|nay|ngoai|truoc)\b"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4}  # fmt: skip
_TERM = re.compile(r"\bnhiem ky(?: (?P<a>20\d\d) ?[-/] ?(?P<b>20\d\d))?|\bnk (?P<c>20\d\d) ?- ?(?P<d>20\d\d)")
_QUARTER = re.compile(
    r"\b(?:quy |q)(?P<q>iv|iii|ii|i|[1-4]|mot|hai|ba|tu|bon)\b(?:(?: ?/ ?| nam |,? )(?P<y>20\d\d|nay|ngoai|truoc)\b)?"
)
_QUARTER_NEAR = re.compile(r"\bquy (?P<rel>nay|truoc|vua roi|vua qua|roi|qua|sau|toi)\b")
_QUARTERS_FIRST = re.compile(r"\b(?P<n>2|3|hai|ba) quy (?:dau|qua)(?: nam)?\b(?: (?P<y>20\d\d))?")
_HALF = re.compile(
    r"\b(?:6|sau) thang (?P<half>dau|cuoi) nam(?: (?P<y>20\d\d|nay|ngoai|truoc)\b)?|\bnua (?P<half2>dau|cuoi) nam(?: (?P<y2>20\d\d))?"
)
_MONTHS = re.compile(
    rf"(?<![\w/])(?P<n>\d{{1,2}}|{WORDS}) thang(?: dau)?(?: cua)?(?: nam (?P<y>20\d\d|nay|ngoai|truoc)\b| qua| nay)?(?! \d| (?:truoc|nua|toi|tuoi))"
)
_UNTIL = re.compile(
    r"\b(?:het|den het|tinh den(?: het)?|tinh toi|den|toi) (?:thang |t)(?P<m>\d{1,2})\b(?:(?: ?/ ?| nam )(?P<y>20\d\d))?"
)
_BETWEEN = re.compile(
    r"\btu (?:thang |t)?(?P<a>\d{1,2}) (?:den|toi) (?:het )?(?:thang |t)(?P<b>\d{1,2})\b(?:(?: ?/ ?| nam )(?P<y>20\d\d))?"
)
_DAYS_BETWEEN = re.compile(
    r"\btu (?:ngay |hom )?(?P<a>\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{4})?) (?:den|toi|-) (?:het )?(?:ngay |hom )?(?P<b>\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{4})?|nay|gio|hom nay|bay gio)"
)
_SINCE_MONTH = re.compile(
    r"\btu (?:dau )?(?:thang |t)(?P<m>\d{1,2})(?:(?: ?/ ?| nam )(?P<y>20\d\d))? (?:den|toi) (?:nay|gio|hom nay|bay gio|thoi diem nay)"
)
_UNTIL_DAY = re.compile(
    r"\b(?:tinh )?(?:den|toi) (?:het )?(?:ngay )?(?P<b>\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{4})?)(?![\d/])"
)
_LAST_MONTHS = re.compile(
    rf"(?<![\w/])(?P<n>\d{{1,2}}|{WORDS}) thang (?:qua|gan day|vua qua|vua roi|gan nhat|lien tiep)"
)
_END_MONTHS = re.compile(r"(?<![\w/])(?P<n>3|4|ba|bon) thang cuoi nam(?: (?P<y>20\d\d|nay|ngoai|truoc))?")
_WEEK = re.compile(r"\btuan (?P<rel>nay|truoc|roi|qua|vua roi|vua qua)\b")
_SINCE_JANUARY = re.compile(
    r"\b(?:tu )?dau nam(?: (?:den|toi|tinh den) (?:nay|gio|hom nay|thoi diem nay))?|\b(?:tinh )?(?:den|toi) (?:nay|gio|thoi diem nay|bay gio)\b|\btoi gio\b"
)
_YEAR_ALONE = re.compile(
    r"\b(?:ca )?nam (?P<y>20\d\d|nay|ngoai|truoc|sau|toi)\b|\b(?P<next>sang nam)\b|(?<![\w/.\-])(?P<y2>20[2-4]\d)(?![\w/\-])"
)
_WHOLE_BEFORE = re.compile(r"\b(?:het|tinh den het|den het|tinh den|den cuoi|het cuoi|den) $")
_MONTH_HINT = re.compile(r"thang|thg|\bt\.?\d|\d ?[/-] ?(?:19|20)\d\d")
_HINT = re.compile(r"\d|thang|quy|nam|nhiem|nay|gio")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A period as `bot.py read` prints it, and where it stood."""

    start: int
    end: int
    value: str


def _year(typed: str | None, today: date) -> int:
    if typed in (None, "nay"):
        return today.year
    if typed in ("ngoai", "truoc"):
        return today.year - 1
    if typed in ("sau", "toi"):
        return today.year + 1
    return int(typed or 0)


def find_period(flat: str, *, today: date) -> Period | None:
    """The period that a bare text speaks of, the widest sort first."""
    if not _HINT.search(flat):
        return None
    if found := _TERM.search(flat):
        first, last = found["a"] or found["c"], found["b"] or found["d"]
        return Period(*found.span(), f"{first}/{last}" if first and last else _term(today))
    if found := _QUARTERS_FIRST.search(flat):
        year = _year(found["y"], today)
        return Period(*found.span(), f"{year}-01/{year}-{value(found['n']) * 3:02d}")
    if found := _QUARTER_NEAR.search(flat):
        step = {"nay": 0, "sau": 1, "toi": 1}.get(found["rel"], -1)
        index = today.year * 4 + (today.month - 1) // 3 + step
        return Period(*found.span(), f"{index // 4}-Q{index % 4 + 1}")
    if found := _QUARTER.search(flat):
        year, quarter = _year(found["y"], today), _QUARTERS[found["q"]]
        if _WHOLE_BEFORE.search(flat[: found.start()]) and quarter > 1:
            return Period(*found.span(), f"{year}-01/{year}-{quarter * 3:02d}")
        return Period(*found.span(), f"{_year(found['y'], today)}-Q{_QUARTERS[found['q']]}")
    if found := _HALF.search(flat):
        half = found["half"] or found["half2"]
        return Period(*found.span(), f"{_year(found['y'] or found['y2'], today)}-H{1 if half == 'dau' else 2}")
    if (found := _DAYS_BETWEEN.search(flat)) and (days := _between(found["a"], found["b"], today)):
        return Period(*found.span(), days)
    if (found := _SINCE_MONTH.search(flat)) and 1 <= int(found["m"]) <= 12:
        first = date(_year(found["y"], today), int(found["m"]), 1)
        return Period(*found.span(), f"{first}/{today}") if first <= today else None
    if (found := _BETWEEN.search(flat)) and 1 <= int(found["a"]) < int(found["b"]) <= 12:
        year = _year(found["y"], today)
        return Period(*found.span(), f"{year}-{int(found['a']):02d}/{year}-{int(found['b']):02d}")
    if (found := _UNTIL.search(flat)) and 1 <= int(found["m"]) <= 12:
        year = _year(found["y"], today)
        return Period(*found.span(), f"{year}-01/{year}-{int(found['m']):02d}")
    if (found := _UNTIL_DAY.search(flat)) and (days := _between(f"1/1/{today.year}", found["b"], today)):
        return Period(*found.span(), days)
    if (found := _LAST_MONTHS.search(flat)) and 2 <= value(found["n"]) <= 12:
        first = today.year * 12 + today.month - value(found["n"])
        return Period(*found.span(), f"{first // 12}-{first % 12 + 1:02d}/{today:%Y-%m}")
    if found := _END_MONTHS.search(flat):
        year = _year(found["y"], today)
        return Period(*found.span(), f"{year}-{13 - value(found['n']):02d}/{year}-12")
    if (found := _MONTHS.search(flat)) and 2 <= value(found["n"]) <= 12:
        year = _year(found["y"], today)
        return Period(*found.span(), f"{year}-01/{year}-{value(found['n']):02d}")
    if found := re.search(r"\b(?:tu )?dau thang (?:den|toi) (?:nay|gio|hom nay)", flat):
        return Period(*found.span(), f"{today:%Y-%m}")
    if found := _SINCE_JANUARY.search(flat):
        return Period(*found.span(), f"{today.year}-01-01/{today.isoformat()}")
    return _month_or_year(flat, today)


def _between(first: str, last: str, today: date) -> str:
    """Days typed as `1/7` and `30/9` or "nay"; nothing if they are no days or in no order."""
    days: list[date] = []
    for typed_day in (first, last):
        parts = [int(part) for part in re.findall(r"\d+", typed_day)]
        try:
            days.append(date(parts[2] if len(parts) > 2 else today.year, parts[1], parts[0]) if parts else today)
        except ValueError:
            return ""
    return f"{days[0]}/{days[1]}" if days[0] <= days[1] else ""


def week(flat: str, *, today: date) -> str:
    """`tuần này`, `tuần trước` as days, Monday to Sunday, not past today."""
    found = _WEEK.search(flat)
    if found is None:
        return ""
    monday = today - timedelta(days=today.weekday() + (0 if found["rel"] == "nay" else 7))
    return f"{monday}/{min(monday + timedelta(days=6), today)}"


def _term(today: date) -> str:
    first = today.year - today.year % 5
    return f"{first}/{first + 5}"


def _month_or_year(flat: str, today: date) -> Period | None:
    for spoken in find_days(flat, today=today) if _MONTH_HINT.search(flat) else ():
        if spoken.is_month and spoken.month and 1 <= spoken.month <= 12:
            year = spoken.year or (today.year if spoken.month <= today.month else today.year - 1)
            return Period(spoken.start, spoken.end, f"{year}-{spoken.month:02d}")
    if found := _YEAR_ALONE.search(flat):
        return Period(*found.span(), str(_year("sau" if found["next"] else found["y"] or found["y2"], today)))
    return None
