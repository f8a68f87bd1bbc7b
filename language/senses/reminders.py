"""Reminders as people speak of them: put off, resting for a while, wanted again, and why one came or did not."""

import re
from datetime import date, timedelta

from domain.calendar import last_day_of_month
from domain.intents import Intent, Wish
from language.sentence import Sentence

_WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4}
_WHEN = r"(?:sang |chieu |toi )?(?:mai|ngay mai|mot|ngay mot|ngay kia|thu (?:hai|ba|tu|nam|sau|[2-6])|(?:dau )?tuan sau|ngay \d{1,2}(?:[/\-.]\d{1,2})?|\d{1,2}[/\-.]\d{1,2}|\d ngay nua)"
_PUT_OFF = re.compile(
    rf"^(?:thoi |cu )?(?:de|hoan|lui)(?: lai| den| sang| toi)* (?P<a>{_WHEN})\b(?! moi)(?! (?:ket nap|kn|hop|bao|gui))|^(?:hay )?nhac lai(?: toi| em| minh)?(?: vao| sang| den)? (?P<b>{_WHEN})\b|^(?P<c>{_WHEN})(?: hay)? nhac lai\b"
)
_AGAIN = re.compile(
    r"^(?:bat|mo|tiep tuc)(?: lai)?(?: viec)? (?:nhac|nhac nho|nhac viec|gui nhac)\b|^(?:thoi )?(?:hay )?nhac lai (?:di|nhe|toi|em|nha)\b"
)
_WHY = re.compile(
    r"^(?:the )?(?:vi sao|tai sao|sao|li do|ly do)\b.*\b(?:nhac|thu nhac|nhan (?:duoc )?(?:thu|tin|ban tin)|thu nay|tin nay|ban tin)\b"
)
_REST = re.compile(
    r"(?:tat|dung|ngung|thoi|tam dung|tam ngung|nghi)(?: het| gui| nhan)* (?:nhac|nhac nho|thong bao|gui tin|nhac viec)|dung nhac|khong (?:can |muon )?(?:nhan |bi )?(?:nhac|thong bao)"
)


def read(sentence: Sentence) -> Wish | None:
    """A letter put off, reminders wanted again, or a question about one."""
    if _WHY.search(sentence.said):
        period = sentence.period.value if sentence.period else _past_week(sentence)
        return Wish(Intent.WHY_LETTER, branch=sentence.branch, period=period)
    if sentence.is_question:
        return None
    if found := _PUT_OFF.search(sentence.said):
        when = found["a"] or found["b"] or found["c"]
        return Wish(Intent.PUT_OFF, branch=sentence.branch, date=_day(when, sentence.today))
    if _AGAIN.search(sentence.said):
        return Wish(Intent.REMINDER_SETTINGS, extra=(("allow", "yes"),))
    return None


def resting_until(sentence: Sentence) -> str:
    """Until when somebody wants no reminders, as the last day; empty when they do not say."""
    return last_day_of_rest(sentence) if _REST.search(sentence.said) else ""


def last_day_of_rest(sentence: Sentence) -> str:
    """The same of a sentence that is known to speak of rest."""
    said, today = sentence.said, sentence.today
    sunday = today + timedelta(days=6 - today.weekday())
    if re.search(r"tuan (?:toi|sau)", said):
        return (sunday + timedelta(weeks=1)).isoformat()
    if "tuan nay" in said or "het tuan" in said:
        return sunday.isoformat()
    if found := re.search(r"(?P<n>[1-9]|hai|ba|bon) tuan", said):
        weeks = {"hai": 2, "ba": 3, "bon": 4}.get(found["n"]) or int(found["n"])
        return (today + timedelta(weeks=weeks)).isoformat()
    if found := re.search(r"(?P<n>[1-9]|1\d) ngay", said):
        return (today + timedelta(days=int(found["n"]))).isoformat()
    if "het thang" in said:
        return last_day_of_month(today).isoformat()
    if found := re.search(r"(?:den|toi|het) (?:het )?(?:ngay )?(?P<when>\d{1,2}[/\-.]\d{1,2}|ngay \d{1,2})", said):
        day = _day(found["when"], today)
        return day.isoformat() if day else ""
    return ""


def _past_week(sentence: Sentence) -> str:
    monday = sentence.today - timedelta(days=sentence.today.weekday())
    if re.search(r"tuan (?:truoc|vua roi|roi|qua)", sentence.said):
        monday -= timedelta(weeks=1)
    elif "tuan nay" not in sentence.said:
        return ""
    return f"{monday}/{monday + timedelta(days=6)}"


def _day(when: str, today: date) -> date | None:
    """The next such day."""
    if "mai" in when:
        return today + timedelta(days=1)
    if "mot" in when or "kia" in when:
        return today + timedelta(days=2)
    if "tuan sau" in when:
        return today + timedelta(days=7 - today.weekday())
    if found := re.search(r"thu (\w+)", when):
        ahead = (_WEEKDAYS[found[1]] - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    if found := re.search(r"(\d) ngay nua", when):
        return today + timedelta(days=int(found[1]))
    found = re.search(r"(\d{1,2})(?:[/\-.](\d{1,2}))?", when)
    return _next(int(found[1]), int(found[2]) if found[2] else None, today) if found else None


def _next(day: int, month: int | None, today: date) -> date | None:
    for ahead in range(1, 366):
        one = today + timedelta(days=ahead)
        if one.day == day and month in (None, one.month):
            return one
    return None
