"""A sentence with what its readers find in it, each read once and only when asked for."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from domain.intents import DateTrouble, Day, Month, Named
from language import days, traits
from language.days import Spoken
from language.marks import Marks, mark
from language.names import SURE, FoundName, found_names
from language.numbers import NUMBER, value
from language.periods import Period, find_period
from language.places import Place, found_branches
from language.plain import Typed, fits, fold, typed

KN = r"(?:ket ?nap|ket lap|\bk[./]?n\b|vao dang\b|dung (?:vao|trong) hang ngu)"
NOT = r"(?:chua|khong|ko|kg|khg|hok|chang|\bk\b|\bkh\b)"
COMRADES = r"(?:dong chi|d/c|d\.c|dchi|dc|dang vien|dv|nguoi|ng|quan chung(?: uu tu)?|qcut|qc|truong hop|ban|chau)"

_DECISION = re.compile(
    r"(?:\b(?:qd|quyet dinh|q\.d|qdinh)\b\.?(?: (?:ket nap|kn|chuan y|dang vien|cua (?:dang uy|huyen uy|btv|ban thuong vu|dang uy xa)(?: xa| phuong)?))*[ :]*(?:so|s)?[ :.]*"
    r"(?P<no>\d{1,5}(?: ?[-/] ?(?:20\d\d ?[-/] ?)?qd(?: ?[-/] ?[a-z]+)*)?)(?! ?[/.\-] ?\d|\d| nguoi| dong chi| d/c| dc\b| quan chung| qc\b| qcut| em\b| ban\b| dang vien| dv\b| truong hop| chau\b)"
    r"|\b(?:so )?(?P<no2>\d{1,5}(?: ?- ?|/)(?:20\d\d ?[-/] ?)?qd(?: ?[-/] ?[a-z]+)*))"
)
_VOTE_TOLD = re.compile(r"(?<!van )(?<!thi )\b(?:chi )?(?:duoc|dat|co) (?P<a>\d{1,3}) ?/ ?(?P<b>\d{1,3})(?![\d/])")
_DECIDED = re.compile(r"\b(?:qd|quyet dinh)\b")
_DECISION_LATER = re.compile(r"\bso (?P<no>\d{1,5})(?P<no2>)(?=,? (?:ngay|ky|ngay ky|ky ngay) \d|[,.;]|$)")
_VOTE = re.compile(
    r"(?<![\d/])(?<!hom )(?<!ngay )(?<!sang )(?<!chieu )(?<!toi )(?<!tu )(?P<a>\d{1,3}) ?(?:/|tren) ?(?:tong so )?(?P<b>\d{1,3})(?![\d/]) ?\)?(?= ?(?:phieu|(?:dang vien|dv|dong chi|d/c|dc)\b(?! x{2})|y kien|tan thanh|dong y|nhat tri|thanh vien|so phieu|gio tay|thuan))"
    r"|(?:phieu(?: kin| thuan)?|bieu quyet|ket qua|tan thanh|dong y|nhat tri|ty le|thong qua)(?: cho x{2,}(?: x+)*)?[ :(]*(?:voi |chi |duoc |dat |con )*(?P<a2>\d{1,3}) ?(?:/|tren) ?(?:tong so )?(?P<b2>\d{1,3})(?![\d/])"
    r"|(?P<a3>\d{1,3}) phieu (?:tan thanh |dong y |thuan )?(?:tren|/)(?: tong so)? ?(?P<b3>\d{1,3})"
    r"|(?:co |duoc |dat )?(?P<a4>\d{1,3}) (?:dv |dang vien |d/c |dong chi |dc |phieu )?(?:dong y|tan thanh|nhat tri|thuan),? (?P<no>\d{1,3}) (?:phieu |d/c |dong chi |dc )?(?:khong|phan doi|chong|ko)"
)
_BIRTH = re.compile(
    r"\b(?:sinh nam|nam sinh|sinh ngay|ngay sinh|sinh|s\.?n|n\.?s)[ .:]*(?:nam |ngay )?(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d\d)|(?:thang )?\d{1,2}[/.\-]\d{4}|\d{4}|\d\d)(?![/\d])"
)
_MARKED = re.compile(r"\[[^\[\]\n]{0,30}\]")
_COUNT = re.compile(
    rf"(?<![\w/.,#])(?P<n>{NUMBER}) (?:vi |em |ban )?(?:{COMRADES}|quan chung|nguon(?! von))\b(?!(?: \w+){{0,2}} (?:du\b(?! bi)|tham du|tham gia|co mat|den du|chung kien|dong y|tan thanh|nhat tri))"
    rf"|{KN}(?: duoc| dc| them| moi| dang vien| dv| cho)* (?P<n2>\d{{1,3}})(?![\w/.,\-%]| ?[/\-]\d| nam\b| thang\b| ngay\b| chi bo)"
)
_SIZE_BEFORE = re.compile(
    r"\b(?:chi bo|cb|dang bo|don vi|thon|ban|xom|to|buon|ap|truong)\b[^,;\n]{0,40}\b(?:co|gom|hien co) $"
)
_BOTH = re.compile(r"\b(?P<n>hai|ba|bon|[2-9]) (?P<word>anh|chi|co) $")
_SOME = re.compile(
    r"(?<![\w/.,#])(?P<n>[2-9]|1\d|hai|ba|bon) (?:em|anh|chi|chau|co|dua|thay co|cong nhan|doan vien(?: uu tu)?|ban doan vien)\b:? ?(?=[a-z(])"
)
_ALL_OF = re.compile(
    r"\bca (?P<n>[2-9]|1\d|hai|ba|bon|nam|sau|bay|tam|chin) (?=(?:deu |da |duoc |cung |vua )*(?:ket|kn|nguoi|d/c|dc|dong chi|em|anh|chi))"
)
_ROLES = re.compile(
    r"(?P<received>nhan (?:duoc |dc )?(?:qd|quyet dinh)(?!(?: so)?[ :.]*\d))"
    r"|(?P<decision>\b(?:qd|quyet dinh)(?: ket nap| kn)?\b|\bky\b)"
    rf"|(?P<ceremony>{KN}|lam le|to chuc|\ble (?=ket|kn)|cong bo|tuyen the|trao)"
    r"|(?P<certificate>giay|chung nhan|gcn|\bcap\b|be giang|hoc xong|xong lop|hoan thanh)"
    r"|(?P<dossier>ho so|\blap\b|\bhs\b)"
)  # fmt: skip
_RECEIVED_AFTER = re.compile(r"[\s,]*(?:thi |da |moi |chi bo |em |toi |cb )*nhan (?:duoc )?(?:qd|quyet dinh|$|[.,])")
_CEREMONY_AFTER = re.compile(rf"[\s,]*(?:thi |da |moi |chi bo |em |toi )*(?:{KN}|lam le|to chuc|cong bo)")
_QUESTION = re.compile(
    r"\?\s*$|\b(?:bao nhieu|the nao|ra sao|khi nao|bao gio|bao lau|lam sao|(?:den|toi) (?:hom|ngay|khi|luc) nao|la ai|nhung ai|may nguoi|may (?:dong chi|d/c|dc|dv|chi tieu)|nhu the nao|sao roi|toi dau|den dau|o dau|buoc nao|bn|la gi|chuc nang gi)\b|\b(?:chi bo|cb|don vi|thon|ban|xom|ai|nhung chi bo|cac chi bo|to chuc|dong chi|d/c|dc|nguoi|em|chau|quan chung|dang vien|dv|xa|phuong|dang bo|noi)(?: nao)\b|^(?:ai|nhung ai|con ai)\b|\b(?:khong|ko|k|chua)(?: (?:a|nhi|vay|the|nhe|ha|em|anh|chi|bot|ad))*\s*\?*\s*$|\bmay\b[^\n]{0,90}(?:\?|nua)\s*$"
)
_NOBODY_AT_ALL = re.compile(
    rf"\b{NOT}\b[^,;.?\n]{{0,40}}? nao\b(?! ?\?)|\ble (?:ket nap |kn )?(?:thi )?(?:van )?chua\b(?! ?\?)"
)
""" "Không có ai nào" asks nothing."""

_EITHER = re.compile(
    r"(?:(?:ngay|hom|mung|bua) )*\d{1,2}(?:[/.]\d{1,2})? (?:hay|hoac)(?: la)? (?:(?:ngay|hom|mung|bua) )*\d{1,2}(?:[/.]\d{1,2})?(?![\d/])"
)
"""`14 hay 15`: which of both has to be asked."""
_LEADS = {
    "mung": ("mùng",), "mong": ("mồng",), "bua": ("bữa",), "hom": ("hôm",), "thang": ("tháng",), "ngay": ("ngày",),
    "sang": ("sáng",), "chieu": ("chiều",), "toi": ("tối",), "trua": ("trưa",), "dem": ("đêm",),
}  # fmt: skip
_LEAD = re.compile(rf"(?P<word>{'|'.join(_LEADS)}) ")
_OCCASION = re.compile(
    r"(?:nhan dip|ky niem|chao mung|nhan ngay|nhan le|dip)(?: le| ngay| ky niem| \d+ nam)* (?:ngay )?$"
)
_CAPITAL_BEFORE = re.compile(r"(?:^| )([^\W\d_]+) $")
_CALLED = re.compile(
    r"(?:đ/c|đc|đồng chí|anh|chị|em|cháu|Văn|Thị|dc|d/c) (?P<name>Đạt|Dat|Giao|Số|Tới|Tổ|Thôn) ?(?=\d)"
)
_SPACES = re.compile(r"[^\S\n]+")


class Sentence:
    """One sentence, or several that belong together, as it was typed on `today`."""

    def __init__(self, text: str, *, today: date) -> None:
        self.text = _SPACES.sub(" ", text).strip()
        self.today = today
        self.laid: Typed = typed(self.text)
        self.flat = self.laid.flat

    def original(self, start: int, end: int) -> str:
        return " ".join(self.laid.original(start, end).split())

    @cached_property
    def said(self) -> str:
        """The bare sentence without its names, which may sound like anything (Dế, Sửu, Lành)."""
        out = self.flat
        for name in self.names:
            out = out[: name.start] + "x" * (name.end - name.start) + out[name.end :]
        return out

    def typed_as(self, bare: str, word: str) -> bool:
        """Whether a bare word of the sentence may stand for the accented one."""
        return any(
            fits(self.laid.original(*found.span()), word) for found in re.finditer(rf"\b{re.escape(bare)}\b", self.flat)
        )

    @cached_property
    def is_question(self) -> bool:
        return _QUESTION.search(_NOBODY_AT_ALL.sub(" ", self.said)) is not None

    @cached_property
    def _decision(self) -> re.Match[str] | None:
        found = _DECISION.search(self.flat)
        return found or (_DECISION_LATER.search(self.flat) if _DECIDED.search(self.flat) else None)

    @property
    def decision_no(self) -> str:
        if self._decision is None:
            return ""
        group = "no" if self._decision["no"] else "no2"
        return self.original(*self._decision.span(group)).replace(" ", "")

    @cached_property
    def vote(self) -> tuple[int, int] | None:
        """Votes for, and the number of all who could vote."""
        found = self._vote
        if found is None:
            return None
        if "a4" not in found.groupdict():
            return int(found["a"]), int(found["b"])
        if found["a4"]:
            return int(found["a4"]), int(found["a4"]) + int(found["no"])
        first = found["a"] or found["a2"] or found["a3"]
        second = found["b"] or found["b2"] or found["b3"]
        return (int(first), int(second)) if int(first) <= int(second) and int(second) else None

    @cached_property
    def _vote(self) -> re.Match[str] | None:
        told = _VOTE_TOLD.search(self.flat) if re.search(r"\bxet\b|bieu quyet|phieu|\bhop\b", self.flat) else None
        for found in (*_VOTE.finditer(self.said), *((told,) if told else ())):
            numbers = [int(number) for number in found.groups() if number]
            passed = found[0].startswith("thong qua") and numbers[0] * 3 < numbers[1] * 2
            if passed and numbers[1] <= 12:
                # "Chi bộ thông qua 3/11" tells the day: three of eleven would have passed nothing.
                continue
            if found.groupdict().get("a4") or numbers[0] <= numbers[1]:
                return found
        return None

    @cached_property
    def taken(self) -> list[tuple[int, int]]:
        """What is no day, whatever it looks like."""
        spans = [found.span() for found in _MARKED.finditer(self.flat)]
        spans += [self._birth_span(found) for found in _BIRTH.finditer(self.flat)]
        if self._decision is not None:
            group = "no" if self._decision["no"] else "no2"
            spans.append(self._decision.span(group))
        if self._vote is not None:
            spans.append(self._vote.span())
        return spans

    def _birth_span(self, found: re.Match[str]) -> tuple[int, int]:
        """In "Hoàng Nam sinh 1995" the given name is no label."""
        start, end = found.span()
        is_name = found[0].startswith("nam sinh") and re.search(r"\w $", self.flat[:start]) is not None
        if is_name:
            return start + 4, end
        is_capital = found[0].startswith("sinh") and self.laid.original(start, start + 1) == "S"
        return (start + 5 if is_capital and self._follows_capital(start) else start), end

    def _follows_capital(self, at: int) -> bool:
        before = _CAPITAL_BEFORE.search(self.laid.original(0, at))
        return before is not None and before[1][:1].isupper()

    @cached_property
    def days(self) -> tuple[Spoken, ...]:
        """Every day but birthdays, in order."""
        blank = list(self.flat)
        for start, end in (*self.taken, *self._called, *(either.span() for either in _EITHER.finditer(self.flat))):
            blank[start:end] = "#" * (end - start)
        found = [day for day in days.find_days("".join(blank), today=self.today) if not self._is_no_day(day)]
        kept = [day for spoken in found if (day := self._without_name(spoken)) is not None]
        named = tuple(replace(day, typed=self.original(day.start, day.end)) for day in kept)
        return self._without_weekdays(tuple(self._with_tone(day) for day in named))

    def _without_weekdays(self, found: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
        """In "thứ 6, ngày 13/11" the weekday only goes with the day beside it; if they differ, both stand."""
        kept: list[Spoken] = []
        for place, day in enumerate(found):
            near = found[max(0, place - 2) : place + 3]
            exact = [other for other in near if other.day is not None and other.month is not None]
            if not any(self._goes_with(day, other) for other in exact):
                kept.append(day)
        return tuple(kept)

    def _goes_with(self, day: Spoken, other: Spoken) -> bool:
        if day.weekday is None or not (0 <= other.start - day.end <= 8 or 0 <= day.start - other.end <= 4):
            return False
        said = {reading.day for reading in (days.past(other, self.today), days.ahead(other, self.today))}
        return any(isinstance(one, date) and one.weekday() == day.weekday for one in said)

    @property
    def _called(self) -> list[tuple[int, int]]:
        """In "đ/c Đạt 9/11" somebody is called so; nothing is reached."""
        if self.laid.at is not None or self.text.isupper():
            return []
        return [found.span("name") for found in _CALLED.finditer(self.text)]

    def _with_tone(self, day: Spoken) -> Spoken:
        """ "Hôm kìa" is a day before "hôm kia"."""
        return replace(day, on=self.today - timedelta(days=3)) if day.typed.lower().endswith("kìa") else day

    def _without_name(self, day: Spoken) -> Spoken | None:
        """In "Lò Thị Mùng 4/11" the first word of the day belongs to the name; "Thắng rồi" is no "tháng rồi"."""
        lead = _LEAD.match(day.typed)
        before = self.laid.original(0, day.start).split()
        if lead is None or not before:
            return day
        word = self.laid.original(day.start, day.start + len(lead["word"]))
        is_name = (
            word[:1].isupper() and self._follows_capital(day.start) and not word.isupper() and not before[-1].isupper()
        )
        if (
            not is_name
            and any(fits(word, wanted) for wanted in _LEADS[lead["word"]])
            and fold(before[-1]) not in ("van", "thi")
        ):
            return day
        rest = day.typed[lead.end() :]
        if (rest[:1].isdigit() and "/" in rest) or rest.startswith(("ngay ", "hom ", "mung ")):
            return replace(day, start=day.start + lead.end(), typed=day.typed[lead.end() :])
        return None

    def _is_no_day(self, day: Spoken) -> bool:
        """ "Thu Ba" inside a name is no Tuesday, and "tới nay" is not "tối nay"."""
        original = self.laid.original(day.start, day.end)
        if day.year is None and _OCCASION.search(self.flat[max(0, day.start - 40) : day.start]):
            return True
        if day.typed == "toi nay":
            since = self.flat[max(0, day.start - 24) : day.start]
            return not fits(original.split()[0], "tối") or (
                original.isascii() and re.search(r"\btu\b|\d", since) is not None
            )
        if (
            day.weekday is not None
            and self.flat.startswith("thu ", day.start)
            and self.flat.endswith("bi ", 0, day.start)
        ):
            # "bí thư bây giờ" is no Saturday.
            return True
        is_inside = self._follows_capital(day.start)
        return day.weekday is not None and original.istitle() and original.startswith("Thu ") and is_inside

    @cached_property
    def period(self) -> Period | None:
        """No part of a name or of a branch is a period: `Kô Tam tháng này`."""
        blank = self.said
        for place in self.branches:
            blank = blank[: place.start] + "x" * (place.end - place.start) + blank[place.end :]
        return find_period(blank, today=self.today)

    @cached_property
    def _covered(self) -> list[tuple[int, int]]:
        spans = [*self.taken, *((day.start, day.end) for day in self.days)]
        spans += traits.job_spans(self.laid)
        spans += traits.ethnic_spans(self.flat)
        return spans

    @cached_property
    def marks(self) -> Marks:
        return mark(self.laid)

    @cached_property
    def branches(self) -> tuple[Place, ...]:
        return found_branches(self.marks.branches, self.laid)

    @property
    def branch(self) -> str:
        return self.branches[0].name if len(self.branches) == 1 else ""

    @cached_property
    def names(self) -> tuple[FoundName, ...]:
        found: dict[str, FoundName] = {}
        peoples = traits.ethnic_spans(self.flat)
        for name in found_names(self.marks.people, self.laid):
            if not any(start <= name.start and name.end <= end for start, end in peoples):
                found.setdefault(name.name.lower(), name)
        return tuple(found.values())

    @property
    def is_sure_of_names(self) -> bool:
        """Whether every name surely ends where it was taken to end, and nobody was passed over."""
        return all(name.is_sure for name in self.names) and self.marks.unnamed >= SURE

    def people(self, *, is_rich: bool = False) -> tuple[Named, ...]:
        """The people named, with what is said of each up to the next name."""
        found = self.names
        ends = [*(name.start for name in found[1:]), len(self.flat)][: len(found)]
        people = tuple(
            traits.describe(name, self.laid, end, today=self.today, is_rich=is_rich)
            for name, end in zip(found, ends, strict=True)
        )
        if len(people) == 1:
            return (traits.said_before(people[0], self.flat[: found[0].start], self.today),)
        return self._all_of_one_people(self._all_of_one_sex(people))

    def _all_of_one_people(self, people: tuple[Named, ...]) -> tuple[Named, ...]:
        """`A Vượt với Y Sương, đều Xơ Đăng`: said of all."""
        is_of_all = people and re.search(r"\bdeu(?: la)?\b", self.flat[self.names[-1].end :])
        group = people[-1].ethnicity if is_of_all else None
        return tuple(replace(person, ethnicity=person.ethnicity or group) for person in people)

    def _all_of_one_sex(self, people: tuple[Named, ...]) -> tuple[Named, ...]:
        """`hai chị Nùng Thị Chấn và Ma Bio`: the word of address is said of all."""
        found = _BOTH.search(self.flat, 0, self.names[0].start) if people else None
        if found is None or value(found["n"]) != len(people):
            return people
        sex = "nam" if fits(self.original(*found.span("word")), "anh") else "nữ"
        return tuple(replace(person, gender=person.gender or sex) for person in people)

    @cached_property
    def count(self) -> int | None:
        """How many people the sentence says."""
        blank = list(self.said)
        for start, end in (*self._covered, *((place.start, place.end) for place in self.branches)):
            blank[start:end] = "#" * (end - start)
        for found in _COUNT.finditer("".join(blank)):
            if not _SIZE_BEFORE.search(self.flat[max(0, found.start() - 50) : found.start()]) or not re.match(
                r"\d+ (?:dang vien|dv)\b", found[0]
            ):
                said = found["n"] or found["n2"]
                # "một đồng chí" counts nobody where the name follows.
                return value(said) if said != "mot" or not self.names else None
        if all_of := _ALL_OF.search(self.flat):
            return value(all_of["n"])
        some = _SOME.search("".join(blank)) if len(self.names) > 1 else None
        return value(some["n"]) if some else None

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """What each day is the day of: the nearest word before it that says so, else the sentence's event."""
        out: list[str] = []
        since = 0
        for day in self.days:
            found = ""
            for match in _ROLES.finditer(self.said, max(since, day.start - 80), day.start):
                found = match.lastgroup or ""
            if _RECEIVED_AFTER.match(self.said, day.end):
                found = "received"
            elif found != "ceremony" and _CEREMONY_AFTER.match(self.flat, day.end) and not re.search(r"\b(?:ngay|ky)\b", self.flat[max(0, day.start - 6) : day.start + 5]):  # fmt: skip
                found = "ceremony"
            out.append(found)
            since = day.end
        return tuple(out)

    def days_of(self, *roles: str) -> tuple[Spoken, ...]:
        return tuple(day for day, role in zip(self.days, self.roles, strict=True) if role in roles)


def settle(
    spoken: tuple[Spoken, ...], today: date, *, is_plan: bool = False
) -> tuple[Day | None, DateTrouble | None, str]:
    """One day out of those said: the day, the trouble with it, and how it was typed."""
    days_said = [day for day in spoken if not day.is_month] or list(spoken)
    if not days_said:
        return None, None, ""
    first = days_said[0]
    resolved = {(days.ahead if is_plan else days.past)(day, today) for day in days_said}
    if len(resolved) > 1:
        return None, DateTrouble.SEVERAL, " · ".join(day.typed for day in days_said)
    reading = resolved.pop()
    return reading.day, reading.trouble, first.typed


def is_exact(day: Day | None) -> bool:
    return day is not None and not isinstance(day, Month)
