"""What is said of a person beside the name: birth, sex, people, occupation. Nothing is ever guessed from a name."""

import re
from dataclasses import replace
from datetime import date

from domain.intents import Named
from language.names import FoundName
from language.numbers import WORDS, value
from language.plain import Typed, fits, fold
from language.vocabulary import ETHNIC_GROUPS, JOB_HEADS, SURNAMES

_JOBS = tuple(sorted((fold(head) for head in JOB_HEADS), key=len, reverse=True))
_JOB = re.compile(rf"(?<!\w)(?:{'|'.join(_JOBS)})\b[^,;.\n()\[\]]*")
_HEADS = {bare: [head for head in JOB_HEADS if fold(head) == bare] for bare in _JOBS}
_JOB_HEAD = re.compile(
    rf"(?<!chi bo )(?<!cb )(?<!\w)(?P<head>{'|'.join(_JOBS)})\b(?: (?:thon|ban|xom|khu|ap|xa|phuong|truong|thcs|tieu hoc|thpt|mn|mam non|tram y te|y te|thon doi|chi doan|hoi|phu nu|nong dan)\b)*(?: \d+\b(?!/))?"
)
_JOB_END = re.compile(
    r"\s(?:dua vao|vao nguon|vao ds|vao danh sach|chua |nhe\b|nha\b|a$|nhen|dang ky|de nghi|ngay |hom |da |duoc |ket nap|kn |xin |gioi thieu|sn |sinh |dan toc|dt |tai chi bo|la quan chung|bo sung|them )"
)
_GROUPS = {fold(group): group for group in ETHNIC_GROUPS} | {
    "ede": "Ê Đê", "jarai": "Gia Rai", "gia lai": "Gia Rai", "hmong": "H'Mông", "bana": "Ba Na", "sedang": "Xơ Đăng", "cotu": "Cơ Tu",
    "ktu": "Cơ Tu", "katu": "Cơ Tu", "taoi": "Tà Ôi", "stieng": "Stiêng", "xtieng": "Xtiêng", "khome": "Khơ Me", "kho me": "Khơ Me", "raglay": "Raglai", "mnong": "Mnông",
}  # fmt: skip
_GROUP = "|".join(sorted((re.escape(group) for group in _GROUPS), key=len, reverse=True))
_ALSO_NAMES = frozenset("kinh thai hoa muong tay nung dao tho lu co mang cong ma lao khang cham mong giay".split())
_ETHNIC_SAID = re.compile(rf"\b(?:dan toc|d\.?t|dtoc|nguoi|ng|dtts|deu(?: la)?)[ :]+(?:nguoi )?(?P<group>{_GROUP})\b")
_ETHNIC_BARE = re.compile(
    rf"(?:^|[,(;\-/]|\d)\s*(?P<group>{_GROUP})(?=\s*(?:$|[,).;\n\-/]))|(?<=\d )(?P<group2>{_GROUP})(?=\s)"
)
_BORN = re.compile(
    r"\b(?:sinh nam|nam sinh|sinh ngay|ngay sinh|sinh|s\.?n|n\.?s)[ .:]*(?:nam |ngay )?"
    r"(?:(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d\d)|(?:thang )?(?P<month2>\d{1,2})[/.\-](?P<year2>\d{4})|(?P<year3>\d{4}|\d\d)(?![/\d]))"
)
_BORN_BARE = re.compile(
    r"^[\s,(\-/]*(?:(?P<year>19[4-9]\d|200\d|201\d)|(?P<short>[4-9]\d|0\d))\b(?![/.\-]\d| ?(?:tuoi|t\b|thang|%|nguoi|d/c|dong|ngay|dv|phieu|nam\b))"
)
_BORN_LATER = re.compile(r"[,(;\-] ?(?P<year>19[4-9]\d|200\d|201[0-2])(?=\s*(?:$|[,).;\n\-]))")
_BORN_LAST = re.compile(r"\s(?P<year>19[4-9]\d|200\d|201[0-2])$")
_BORN_SPOKEN = re.compile(
    rf"\b(?:sinh nam|nam sinh|sinh) hai (?:ngan|nghin)(?: khong tram)? (?:le|linh) (?P<year>{WORDS})\b"
)
_AGE = re.compile(r"(?<![\d/])(?P<age>\d\d) ?(?:tuoi|t)\b")
_SEX_SAID = re.compile(
    r"(?:gioi tinh|gt)[ :]*(?P<said>nam|nu)\b|(?:^|[,(;\-])\s*(?P<bare>nam|nu)\s*(?=$|[,);.\-\n]|\d{4})|(?<!phu )\b(?P<woman>nu)\b(?! sinh(?! (?:nam )?\d))"
)
_UNION_BEFORE = re.compile(
    r"\bdoan vien (?:uu tu )?(?:la |ten |ten la )?(?:dong chi |d/c |dc |em |anh |chi |chau |ban )?$"
)
_UNION = re.compile(r"\b(?P<no>khong phai |chua (?:la )?|khong la )?(?:la )?doan vien\b(?! cong doan)")  # fmt: skip


def ethnic_spans(flat: str) -> list[tuple[int, int]]:
    """Where a people is named, so that "Pà Thẻn" is nobody's name."""
    spans = [found.span() for found in _ETHNIC_SAID.finditer(flat)]
    for found in _ETHNIC_BARE.finditer(flat):
        group = "group" if found["group"] else "group2"
        is_dated = re.match(r"\s*[,(\-]\s*(?:sn |sinh )?(?:19|20)\d\d", flat[found.end(group) :]) is not None
        if re.search(r"[ \-']", found[group]) or is_dated or found[group] not in _ALSO_NAMES:
            spans.append(found.span(group))
    return spans


def describe(found: FoundName, laid: Typed, until: int, *, today: date, is_rich: bool) -> Named:
    """What the words up to `until` say of a person; `is_rich` also reads bare years, jobs and groups of people."""
    tail = laid.flat[found.end : until]
    year, month = _birth(tail, today, is_bare_read=is_rich)
    age = _AGE.search(tail)
    sex = found.sex or _said_sex(tail, laid, found.end) or None
    if not is_rich:
        return Named(
            found.name,
            birth_year=year,
            birth_month=month,
            age=int(age["age"]) if age else None,
            gender=sex,
            ethnicity=_ethnicity(tail),
        )
    union = _UNION.search(tail) or _UNION_BEFORE.search(laid.flat, max(0, found.start - 30), found.start)
    return Named(
        found.name,
        birth_year=year,
        birth_month=month,
        age=int(age["age"]) if age else None,
        gender=sex,
        ethnicity=_ethnicity(tail),
        job=_job(tail, laid, found.end),
        youth_union=None if union is None else not union.groupdict().get("no"),
    )


def said_before(named: Named, head: str, today: date) -> Named:
    """What stands before the only name of a sentence is said of its bearer too: `dân tộc Cơ Tu, sinh 1997, Nhưa`."""
    said, group = _BORN.search(head), _ETHNIC_SAID.search(head)
    year = _full_year(said["year"] or said["year2"] or said["year3"], today) if said else None
    return replace(
        named,
        birth_year=named.birth_year or year,
        ethnicity=named.ethnicity or (_GROUPS[group["group"]] if group else None),
    )


def _birth(tail: str, today: date, *, is_bare_read: bool) -> tuple[int | None, int | None]:
    if said := _BORN.search(tail):
        year = said["year"] or said["year2"] or said["year3"]
        month = said["month"] or said["month2"]
        return _full_year(year, today), int(month) if month and 1 <= int(month) <= 12 else None
    if bare := _BORN_BARE.match(tail):
        if bare["year"]:
            return int(bare["year"]), None
        if is_bare_read:
            return _full_year(bare["short"], today), None
    if spoken := _BORN_SPOKEN.search(tail):
        return 2000 + value(spoken["year"]), None
    if later := _BORN_LATER.search(tail) or (_BORN_LAST.search(tail) if is_bare_read else None):
        return int(later["year"]), None
    return None, None


def job_spans(laid: Typed) -> list[tuple[int, int]]:
    """Where an occupation is named with its place, so that "bí thư chi đoàn thôn" names no branch."""
    found = [one for one in _JOB_HEAD.finditer(laid.flat) if _fits_head(laid, one)]
    return [one.span() for one in found if not _is_inside_name(laid, one)]


def _is_inside_name(laid: Typed, found: re.Match[str]) -> bool:
    """ "Cứ Công An" is somebody, not the police: capitals go on from a capital."""
    before = laid.original(0, found.start()).split(" ")
    head = laid.original(*found.span("head"))
    is_joined = len(before) > 2 and before[-1] == "" and before[-2][:1].isupper() and before[-2][-1:].isalpha()
    return is_joined and head.istitle() and fold(before[-2]) in SURNAMES


def _fits_head(laid: Typed, found: re.Match[str]) -> bool:
    typed_words = laid.original(*found.span("head")).split()
    return any(
        all(fits(one, other) for one, other in zip(typed_words, head.split(), strict=True))
        for head in _HEADS[found["head"]]
    )


def _full_year(typed: str, today: date) -> int | None:
    if len(typed) == 4:
        return int(typed) if 1900 <= int(typed) <= today.year else None
    short = int(typed)
    return 2000 + short if 2000 + short <= today.year - 14 else 1900 + short


def _said_sex(tail: str, laid: Typed, offset: int) -> str:
    said = _SEX_SAID.search(tail)
    if said is None:
        return ""
    name = next(group for group in ("said", "bare", "woman") if said[group])
    start, end = said.span(name)
    original = laid.original(offset + start, offset + end).lower()
    if fits(original, "nữ") and said[name] == "nu":
        return "nữ" if name != "woman" or not original.isascii() else ""
    return "nam" if said[name] == "nam" and original == "nam" else ""


def _ethnicity(tail: str) -> str | None:
    found = _ETHNIC_SAID.search(tail) or _ETHNIC_BARE.search(tail)
    if found is None:
        return None
    group = found["group"] or found.groupdict().get("group2")
    return _GROUPS[group] if group else None


def _job(tail: str, laid: Typed, offset: int) -> str | None:
    found = _JOB.search(tail)
    if found is None:
        return None
    end = found.end()
    if stop := _JOB_END.search(tail, found.start(), end):
        end = stop.start()
    return laid.original(offset + found.start(), offset + end).strip(" -") or None
