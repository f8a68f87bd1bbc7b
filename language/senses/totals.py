"""Nothing this month, and totals told instead of events: compared with the records, never added to them."""

import re

from domain.intents import Intent, Wish
from language.numbers import NUMBER, value
from language.periods import find_period
from language.senses.other_bodies import OTHER_KN, blank, is_other_body
from language.sentence import KN, NOT, Sentence

_NOTHING = re.compile(
    rf"(?<!\w)(?:\b{NOT} (?:co |thay )?(?:phat sinh|bien dong|phat trien)(?: duoc| dc)?(?: them)?(?: dang vien| dv)?(?: moi)?|\b{NOT} (?:co |phat trien )?(?:duoc )?(?:gi|ai|nguoi nao|dong chi nao|truong hop nao|dc nao|d/c nao|dang vien nao|dv nao|ca nao|quan chung nao|dang vien moi|ket nap|{KN})\b"
    rf"|\b{NOT} (?:co )?(?:to chuc )?(?:{KN})(?: duoc| dc| them| moi)*(?: ai| nguoi nao| nao| dong chi nao| d/c nao| dc nao| dang vien nao| dang vien moi(?: nao)?| dv nao| dang vien| dv| dc ai)?\b|(?:{KN})(?: duoc| moi)?[: ]+(?:0|khong)(?: nguoi| dong chi| d/c| dc| dv| dang vien)?(?:\W|$)(?! \d)|\b(?:0|khong co) (?:ket nap|kn|dang vien moi)|\b(?:co )?(?:{KN}|phat trien)(?: duoc| dc)? (?:ai|nguoi nao|dong chi nao|d/c nao|dc nao) dau\b|\bco ai dau\b|bao cao khong\b|van trang\b|(?:thang|quy|ky)[^,;\n]{{0,30}}\btrang\b|\bt\d{{1,2}} trang\b"
    rf"|^(?:bao cao )?(?:(?:chi bo|cb|thon|ban|xom|to|khu)\b[^,;\n]{{1,24}} )?(?:thang|quy|ky)[^,;\n]{{0,20}} {NOT} (?:co|thay)(?: (?:gi|a|nhe|nha|em|anh|chi|dau|ca|day))*[ .!]*$)"
)
_PEOPLE_COUNT = re.compile(
    rf"(?:{KN}|phat trien)(?: duoc| dc| moi| them| la| tong cong| tong so| ca thay| tat ca|:)* (?P<n>{NUMBER})(?![\w/%]| ?[/\-.]\d| thang\b)|(?<![\w/])(?P<n2>{NUMBER}) (?:dong chi|d/c|dc|dang vien|dv|nguoi|quan chung)(?: moi)? (?:da |vua |moi )*(?:duoc )?(?:{KN})|\btong (?:so )?(?:{KN})[^;\n]{{0,60}}\bla (?P<n3>{NUMBER}) (?:dong chi|d/c|dc|dang vien|dv|nguoi)|(?:duoc|dc|co|them) (?P<n4>{NUMBER}) (?:dang vien|dv) moi\b"
)
_CANDIDATES = re.compile(
    r"(?:nguon|quan chung(?: uu tu)?|qcut|cam tinh|doi tuong)(?: ket nap| kn)?(?: nam sau| nam nay| nam \d{4})?(?: cua chi bo| ben em| ben toi| cua cb)?(?: hien)?(?: tai| nay)?(?: cua chi bo)?(?: con| co| dang co| con lai| la|:)+ (?P<n>\d{1,3})(?![/\d%])|\bnguon (?P<n5>\d{1,3})(?=[,.;]|$)|nguon hien (?:con|co|dang co) (?P<n3>\d{1,3})(?![/\d%])|(?:co|con) (?P<n4>\d{1,3}) (?:quan chung|nguoi|dong chi|d/c|dc)(?: uu tu)?(?: o)? trong nguon|con (?P<n2>\d{1,3}) (?:nguon|quan chung|qcut|qc|doi tuong|cam tinh)"
)
_REMAINING = re.compile(
    r"chi tieu(?: nam nay| nam \d{4})?(?: con)?(?: thieu| lai| no| la|:)+ (?P<n>\d{1,3})(?![/\d%])|(?:con )?thieu (?P<n2>\d{1,3})(?: nguoi| chi tieu| dong chi| d/c| dc| nua| so voi chi tieu|\s*$)|con (?P<n3>\d{1,3}) chi tieu|con (?:lai )?(?P<n4>\d{1,3}) nguoi nua"
)
_ACHIEVED = re.compile(
    r"(?:dat|duoc|hoan thanh|ket nap(?: duoc)?) (?P<a>\d{1,4}) ?/ ?(?P<b>\d{1,4})(?: nguoi| dong chi| dv| dang vien| d/c)? (?:chi tieu|ct\b)"
)
_PART = re.compile(
    r"(?:^|[,;:(]|\bva\b|trong do)\s*(?:co |gom )?(?P<n>\d{1,3}|con lai)(?: dong chi| d/c| dc| dang vien| dv| nguoi)?(?: la)? (?:o|tai|thuoc|cua|deu o|trong|la o|la)(?: cac| khoi)? (?P<where>[^,;:.\n()]+?)(?=\s*(?:[,;.\n()]|$|\bva \d|\bva con lai))"
)


def nothing(sentence: Sentence) -> Wish | None:
    """Nobody was admitted: `tháng này không có phát sinh`."""
    flat = OTHER_KN.sub(blank, sentence.said)
    return None if is_other_body(flat) else _nothing(sentence, flat)


_ASKED_OF_MANY = re.compile(
    r"^(?:nhung|cac|liet ke|xem|co)\b[^;\n]{0,14}\b(?:don vi|chi bo|cb|thon|to chuc) (?:nao |con |ma )?(?:chua|khong)\b"
)
_OF_ONE = re.compile(
    r"^(?![^;\n]{0,40}\b(?:chi bo|cb|thang|quy|ky|don vi|thon|ban|xom|em|minh|toi|ben|hien|bao cao|nam|tuan|dot)\b[^;\n]{0,30}(?:khong|chua) duoc)[a-z' ]{4,40} (?:khong|chua) duoc (?:ket ?nap|kn)\b"
)
_NO_MONTH = re.compile(
    rf"^(?:(?:da|em|toi|xin) )*(?:bao cao |bc )?(?:(?:chi bo|cb) )?(?:thang (?:nay|\d{{1,2}})|ky nay|quy (?:nay|\d))(?: (?:ben|chi bo|cb|don vi) (?:em|toi|minh|tui))? ?:? {NOT}(?: (?:co|a|nhe|nha|co gi))*[ .]*$"
)


def _nothing(sentence: Sentence, flat: str) -> Wish | None:
    if _ASKED_OF_MANY.search(flat) or _OF_ONE.match(flat):
        return None
    if _NO_MONTH.match(flat):
        return Wish(Intent.REPORT_NIL, branch=sentence.branch, period=_month_meant(sentence))
    found = _NOTHING.search(flat)
    if (
        found is None
        or sentence.is_question
        or re.search(r"\b(?:qd|quyet dinh)\b", flat)
        or re.search(
            r"(?<!don )\bvi khong|do khong|chi bo nao|don vi nao|(?:nhung|cac) (?:chi bo|don vi|cb|thon|xa)\b|ket nap nham|khong phai",
            flat,
        )
    ):
        return None
    is_about_reports = re.search(
        rf"phat sinh|bien dong|{KN}|bao cao|dang vien moi|phat trien|thang|quy|chi bo|\bcb\b", flat
    )
    if (is_about_reports is None and sentence.period is None) or _names_after(sentence, found.end()):
        return None
    if re.search(r"y kien|vi pham|khong co gi (?:thac mac|vuong|sua|them)|duoc \d|trong do", flat) or (
        sentence.names and not sentence.period
    ):
        return None
    return nothing_told(sentence)


def nothing_told(sentence: Sentence) -> Wish:
    """Nothing happened in the month that is meant."""
    return Wish(Intent.REPORT_NIL, branch=sentence.branch, period=_month_meant(sentence))


def _month_meant(sentence: Sentence) -> str:
    """The month of a statement; a month still to come is not taken for that of last year unless it is just past."""
    today, found = sentence.today, sentence.period
    if found is None or re.search(r"\b(?:tu )?dau thang (?:den|toi)", sentence.flat):
        return f"{today:%Y-%m}"
    year, _, month = found.value.partition("-")
    is_told = re.search(r"20\d\d|nam ngoai|nam truoc|/\d\d", sentence.flat[found.start : found.end]) is not None
    if year == str(today.year - 1) and month.isdigit() and not is_told and today.month + 12 - int(month) > 3:
        return f"{today.year}-{month}"
    return found.value


def _names_after(sentence: Sentence, at: int) -> bool:
    return any(name.start >= at - 1 for name in sentence.names)


_ABOVE = re.compile(
    rf"\b(?P<unit>(?:(?:dang bo|dang uy) )?(?:xa|phuong|thi tran|huyen|tinh|thanh pho|dang bo|dang uy) (?P<name>[^\W\d]+(?: [^\W\d]+){{0,4}}?))(?= (?:da |moi |vua )*(?:duoc |dc )?(?:{KN}|phat trien|con|co|dat))"
)


def _unit(sentence: Sentence) -> str:
    """The branch, or the unit above that is named with a capital: `Đảng bộ xã Nậm Vân kết nạp 9`."""
    if sentence.branch:
        return sentence.branch
    found = _ABOVE.search(sentence.flat)
    is_named = found is not None and sentence.original(*found.span("name"))[:1].isupper()
    return sentence.original(*found.span("unit")) if found is not None and is_named else ""


def by_period(sentence: Sentence) -> Wish | None:
    """`Số liệu kết nạp tháng 8: 1, tháng 9: 2`: figures told month by month."""
    if sentence.is_question or sentence.names or not re.search(rf"{KN}|so lieu", sentence.said):
        return None
    found = _by_period(sentence)
    return Wish(Intent.REPORT_AGGREGATE, branch=sentence.branch, extra=found) if found else None


def counted(sentence: Sentence) -> Wish | None:
    """A total over a period is told, not events: it is only compared with the records."""
    found = _PEOPLE_COUNT.search(sentence.said)
    if found is None and sentence.period is not None and not sentence.names and _ACHIEVED.search(sentence.said):
        return Wish(Intent.REPORT_AGGREGATE, period=sentence.period.value, extra=_totals(sentence))
    if (
        found is None
        or not (sentence.period is not None or re.search(r"chi tieu", sentence.said))
        or sentence.names
        or (len(sentence.branches) > 1 and ":" in sentence.flat)
    ):
        return None
    exact = [day for day in sentence.days if not day.is_month and not _inside(day.start, sentence)]
    if exact:
        return None
    count = value(found["n"] or found["n2"] or found["n3"] or found["n4"])
    extra = _breakdown(sentence, count, found.end())
    return Wish(
        Intent.REPORT_AGGREGATE,
        count=count,
        branch="" if extra else _unit(sentence),
        period=sentence.period.value if sentence.period else "",
        extra=(*extra, *_totals(sentence)),
    )


def _by_period(sentence: Sentence) -> tuple[tuple[str, str], ...]:
    """`Tháng 9 kết nạp 2, tháng 10 kết nạp 1`: each period with its count."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"[,;\n]", sentence.said):
        period, count = find_period(part, today=sentence.today), _PEOPLE_COUNT.search(part)
        if period and count:
            found.append((f"items:{period.value}", str(value(next(group for group in count.groups() if group)))))
        elif period and (told := _THEN.search(part)):
            found.append((f"items:{period.value}", told["n"]))
        elif period and _NONE_THEN.search(part):
            found.append((f"items:{period.value}", "0"))
    return tuple(found) if len(found) > 1 else ()


_THEN = re.compile(
    r"(?:thang|quy|t)? ?\d{1,2}(?:/\d{4})?(?: ?: ?|(?: (?:duoc|dc|co|ket nap|kn|la|moi))+ )(?P<n>\d{1,3})(?: (?:nguoi|dong chi|d/c|dc|dang vien|dv))?\s*$"
)
_NONE_THEN = re.compile(rf"\b{NOT} (?:co|duoc|ket ?nap|kn|phat sinh)\b|\btrang\b")


def _inside(at: int, sentence: Sentence) -> bool:
    return sentence.period is not None and sentence.period.start <= at < sentence.period.end


def _breakdown(sentence: Sentence, count: int, since: int) -> tuple[tuple[str, str], ...]:
    parts: dict[str, int] = {}
    rest = ""
    if listed := _listed_parts(sentence, count, since):
        return listed
    for found in _PART.finditer(sentence.flat, since):
        where = sentence.original(*found.span("where"))
        if found["n"] == "con lai":
            rest = where
            continue
        parts[where] = int(found["n"])
    if rest and count >= sum(parts.values()):
        parts[rest] = count - sum(parts.values())
    return tuple((f"breakdown:{where}", str(number)) for where, number in parts.items())


_LIST_HEAD = re.compile(r"(?:trong do|bao gom|gom|:|,)\s*(?:co |gom |: ?)?")
_LISTED_PART = re.compile(
    r"\s*(?P<where>[^\d,;:.()\n]{2,30}?) ?(?:la |: ?)?(?P<n>\d{1,3})\s*|\s*(?P<n2>\d{1,3}) (?!o |tai |thuoc |cua |deu |trong )(?P<where2>(?:dang vien |dv |dong chi |nguoi )?(?:nam|nu|[^\d,;:.()\n]{2,30}?))\s*"
)
_LISTED_REST = re.compile(r"\s*con lai (?:la |o |thuoc )?(?:cac )?(?P<where>[^\d,;:.()\n]{2,30}?)[ .]*")


def _listed_parts(sentence: Sentence, count: int, since: int) -> tuple[tuple[str, str], ...]:
    """`Trong đó khối thôn 4, trường học 3`: every part with its number behind it, or nothing."""
    head = _LIST_HEAD.search(sentence.flat, since)
    if head is None:
        return ()
    parts: dict[str, int] = {}
    at = head.end()
    for piece in re.split(r"[,;]|\bva\b", sentence.flat[at:]):
        start = at
        at += len(piece) + 1 if sentence.flat[at + len(piece) : at + len(piece) + 1] in (",", ";") else len(piece) + 2
        if found := _LISTED_PART.fullmatch(piece):
            number, where = ("n", "where") if found["n"] else ("n2", "where2")
            parts[sentence.original(start + found.start(where), start + found.end(where))] = int(found[number])
        elif (found := _LISTED_REST.fullmatch(piece)) and parts:
            where = sentence.original(start + found.start("where"), start + found.end("where"))
            parts[where] = count - sum(parts.values())
        else:
            return ()
    is_whole = sum(parts.values()) == count or (head[0].startswith("trong do") and max(parts.values()) <= count)
    is_even = len(parts) > 1 and is_whole and min(parts.values()) >= 0
    return tuple((f"breakdown:{where}", str(number)) for where, number in parts.items()) if is_even else ()


def _totals(sentence: Sentence) -> tuple[tuple[str, str], ...]:
    out: list[tuple[str, str]] = []
    if found := _ACHIEVED.search(sentence.said):
        out += [("count", found["a"]), ("target", found["b"])]
    if found := _CANDIDATES.search(sentence.said):
        out.append(("candidates", next(group for group in found.groups() if group)))
    if (
        aimed := re.search(r"\bchi tieu(?: nam nay| duoc giao| giao| la|:)* (?P<n>\d{1,4})(?![\d/%])", sentence.said)
    ) and not out:
        out.append(("target", aimed["n"]))
    if found := _REMAINING.search(sentence.said):
        out.append(("remaining", next(group for group in found.groups() if group)))
    return tuple(out)


def stated(sentence: Sentence) -> Wish | None:
    """Totals stated without an event: `nguồn còn 3, chỉ tiêu còn thiếu 1`."""
    if sentence.is_question or sentence.names:
        return None
    found = _totals(sentence)
    if not found:
        return counted(sentence)
    period = sentence.period.value if sentence.period and dict(found).get("count") else ""
    return Wish(Intent.REPORT_AGGREGATE, branch=sentence.branch, period=period, extra=found)


def told(sentence: Sentence) -> Wish | None:
    """Whatever totals the sentence holds; None if there are none."""
    if months := _by_period(sentence):
        return Wish(Intent.REPORT_AGGREGATE, branch=sentence.branch, extra=months)
    if (found := counted(sentence)) is not None:
        return found
    extra = _totals(sentence)
    count = None if dict(extra).get("count") else sentence.count
    if not extra and count is None:
        return None
    period = sentence.period.value if sentence.period else ""
    return Wish(Intent.REPORT_AGGREGATE, count=count, branch=_unit(sentence), period=period, extra=extra)
