"""Sentences about admissions: what is missing, the card, the receipt."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.intents import DateTrouble
from domain.messages import CandidateName, Choice, Line, PersonName, Reply, Text, line
from domain.quotas import Standing
from domain.records import Candidate, Entry, Stage
from domain.units import Unit
from language.days import show
from language.filling import ONE_MORE, pick
from language.names import is_full
from language.stages import STAGES
from language.wording.terms import DROP, EDIT, SAVE, against, bold, joined, month, on, say, unit_choice

CONSENT_VERSION = "2026-11"
"""The version of the sentence below; kept with each consent."""

CONSENT_ONE = "Người này đã đồng ý cho ghi tên."
CONSENT_MANY = "Những người này đã đồng ý cho ghi tên."


class Trouble(StrEnum):
    """What is wrong with an admission as typed."""

    NOBODY = "nobody"
    FULL_NAME = "full_name"
    COUNT = "count"
    NO_DAY = "no_day"
    NO_DECISION_DAY = "no_decision_day"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    SEVERAL = "several"
    LONG_AGO = "long_ago"
    BEFORE_DECISION = "before_decision"


TROUBLE_OF_DATE = {
    DateTrouble.IMPOSSIBLE: Trouble.IMPOSSIBLE,
    DateTrouble.FUTURE: Trouble.FUTURE,
    DateTrouble.SEVERAL: Trouble.SEVERAL,
}


class _Form(Protocol):
    """What the sentences need of an admission form."""

    @property
    def ceremony_on(self) -> date | None: ...
    @property
    def decision_on(self) -> date | None: ...
    @property
    def decision_no(self) -> str: ...
    @property
    def is_decision_only(self) -> bool: ...
    @property
    def count(self) -> int | None: ...
    @property
    def typed_date(self) -> str: ...


class _One(Protocol):
    @property
    def is_new(self) -> bool: ...
    @property
    def ceremony_on(self) -> date | None: ...


def _as_typed(typed: str) -> str:
    """A day as it was typed, to stand behind "ngày": without that word, and in figures as days are printed."""
    said = re.sub(r"^(?:ngày|ngay)\s+", "", typed.strip(), flags=re.IGNORECASE)
    parts = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", said)
    return f"{int(parts[1]):02}/{int(parts[2]):02}/{parts[3]}" if parts else said


def _trouble(trouble: Trouble, form: _Form, met: Sequence[tuple[_One, Candidate]]) -> Line:
    typed = f" {_as_typed(form.typed_date)}" if form.typed_date else ""
    match trouble:
        case Trouble.NOBODY:
            what = "quyết định kết nạp" if form.is_decision_only else "kết nạp"
            return line(f"Đồng chí báo {what} ai? Gõ họ và tên.")
        case Trouble.FULL_NAME:
            short: list[CandidateName] = [
                CandidateName(row.id) for one, row in met if one.is_new and not is_full(row.name)
            ]
            return (*line("Cần đủ họ và tên của "), *joined(short), *line("."))
        case Trouble.COUNT:
            return line(f"Tin nói {form.count} người nhưng có {len(met)} tên.")
        case Trouble.NO_DAY:
            return line("Làm lễ kết nạp ngày nào? Ví dụ: 15/10")
        case Trouble.NO_DECISION_DAY:
            return line("Quyết định ký ngày nào? Ví dụ: 15/10")
        case Trouble.IMPOSSIBLE:
            return line(f"Lịch không có ngày{typed}. Đúng là ngày nào?")
        case Trouble.FUTURE:
            return line(f"Ngày{typed} chưa tới nên chưa ghi được. Đúng là ngày nào?")
        case Trouble.SEVERAL:
            return line("Trong tin có nhiều ngày. Làm lễ kết nạp ngày nào?")
        case Trouble.LONG_AGO:
            return line(
                f"Ngày{typed} đã quá một năm, số liệu năm cũ do ban tổ chức nhập. Nếu gõ nhầm năm thì gõ lại ngày."
            )
        case Trouble.BEFORE_DECISION:
            return _out_of_order(form.ceremony_on, form.decision_on)


def _out_of_order(ceremony: date | None, decision: date | None) -> Line:
    days = (f" {show(ceremony)}" if ceremony else "", f" {show(decision)}" if decision else "")
    return line(f"Ngày làm lễ{days[0]} lại trước ngày quyết định{days[1]}. Đồng chí gõ lại ngày làm lễ.")


def ask_day_again(trouble: Trouble, typed_date: str) -> Reply:
    return say(_trouble(trouble, _Day(typed_date), ()))


class _Day:
    """A form of which only the typed day matters."""

    ceremony_on = decision_on = count = None
    decision_no = ""
    is_decision_only = False

    def __init__(self, typed_date: str) -> None:
        self.typed_date = typed_date


def ask_admission(
    asks: str,
    troubles: Sequence[Trouble],
    form: _Form,
    met: Sequence[tuple[_One, Candidate]],
    unit: Unit,
    offered: Sequence[Candidate],
) -> Reply:
    """All problems of the message in one reply; then what is asked, with people or days to choose."""
    lines: list[Line] = []
    if met:
        names = [CandidateName(row.id) for _, row in met]
        lines.append((*line(f"{unit.name}, kết nạp "), *joined(names), *line(":")))
    lines += [_trouble(trouble, form, met) for trouble in troubles]
    choices = [Choice("", pick(row.id), candidate_id=row.id) for row in offered]
    if asks == "count":
        choices = [Choice(f"Chỉ {len(met)} người", "đúng rồi")]
        lines.append(line("Còn ai nữa thì gõ họ tên."))
    if asks == "date" and troubles[-1] is Trouble.BEFORE_DECISION and form.ceremony_on and form.decision_on:
        swapped = f"quyết định ngày {show(form.ceremony_on)}, làm lễ ngày {show(form.decision_on)}"
        choices = [Choice("Đổi chỗ hai ngày", swapped)]
    if asks == "date" and troubles[-1] in (Trouble.NO_DAY, Trouble.NO_DECISION_DAY):
        choices = [Choice("Hôm nay", "hôm nay"), Choice("Hôm qua", "hôm qua")]
    return say(*lines, choices=[*choices, DROP] if met else choices)


def which_branch(options: Sequence[Unit], named: str, *, is_cut: bool = False) -> Reply:
    head = f"Trong phạm vi của đồng chí không có chi bộ nào tên “{named[:60]}”." if named else "Ở chi bộ nào?"
    more = ("Đồng chí gõ lại tên chi bộ.",) if named or not options else ()
    if is_cut and not more:
        more = ("Chọn một chi bộ, hoặc gõ tên chi bộ khác.",)
    return say(head, *more, choices=[Choice(unit.name, unit.code) for unit in options])


NOBODY_LEFT_SENTENCE = "hết nguồn"


def nothing_sentence(day: date | None) -> str:
    """What a choice says for a month without anything new; without a month, it is asked for later."""
    return f"{month(day)} không có gì mới" if day is not None else "không có gì mới"


def which_branch_for(options: Sequence[Unit], sentence: str, *, is_cut: bool = False) -> Reply:
    """The branch for a wish that is otherwise clear; each choice says a sentence of ours with its branch.

    Never the person's own words: choices are kept, and what was typed may hold a name.
    """
    more = (f"Không thấy ở đây thì gõ cả câu, ví dụ: {sentence} ở {options[0].name}",) if is_cut else ()
    return say("Ở chi bộ nào?", *more, choices=[Choice(unit.name, f"{sentence} ở {unit.name}") for unit in options])


def admission_card(
    met: Sequence[tuple[_One, Candidate]], form: _Form, unit: Unit, completes: Mapping[int, Entry]
) -> Reply:
    """What will be written, in full, before anything is."""
    what = "Quyết định kết nạp" if form.is_decision_only else "Kết nạp"
    lines: list[Line] = [line(bold(what), f", {unit.name}:")]
    for one, row in met:
        mark = "• " if len(met) > 1 else ""
        ceremony = None if form.is_decision_only else one.ceremony_on or form.ceremony_on
        day = f", làm lễ {show(ceremony)}" if ceremony else ""
        lines.append((Text(mark), CandidateName(row.id), Text(day)))
        earlier = completes.get(row.id)
        if earlier is not None:
            no = f" số {earlier.decision_no}" if earlier.decision_no else ""
            lines.append(line(f"(đã có quyết định{no} ngày {on(earlier.decision_on)}, bản ghi số {earlier.number})"))
        elif not one.is_new and row.stage not in (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW):
            lines.append(line(f"(trong nguồn mới ghi “{STAGES[row.stage]}”, các bước sau chưa có tin)"))
    if form.decision_on or form.decision_no:
        no = f" số {form.decision_no}" if form.decision_no else ""
        lines.append(line(f"Quyết định{no}" + (f" ngày {show(form.decision_on)}" if form.decision_on else "")))
    if form.is_decision_only:
        lines.append(line("Chưa làm lễ nên chưa tính vào kết quả."))
    new = [row for one, row in met if one.is_new]
    if new:
        lines.append(line(CONSENT_ONE if len(new) == 1 else CONSENT_MANY))
    lines.append(line("Lưu chứ?"))
    choices = [SAVE, EDIT, DROP]
    if new and len(new) == len(met):
        choices.append(Choice("Lưu không tên", "lưu không tên"))
    return say(*lines, choices=choices)


def what_to_edit() -> Reply:
    return say("Đồng chí sửa gì? Gõ điều đúng, ví dụ: 16/10 hoặc Nguyễn Văn Hòa", choices=[DROP])


def in_whose_place(newcomer: Candidate, there: Sequence[Candidate]) -> Reply:
    """A name typed while a card is open: nobody is added, or lost, without a word."""
    head = (CandidateName(newcomer.id), *line(" thay cho ai, hay là thêm một người?"))
    choices = [Choice("Thay ", pick(row.id), candidate_id=row.id) for row in there[:6]]
    return say(head, choices=[*choices, Choice(ONE_MORE.capitalize(), ONE_MORE), DROP])


def same_day(known: Sequence[Entry], unit: Unit, *, is_decision: bool) -> Reply:
    """What is on record of that day, before somebody without a name is written beside it."""
    day = known[0].decision_on if is_decision else known[0].ceremony_on
    what = "quyết định" if is_decision else "làm lễ"
    numbers = ", ".join(str(entry.number) for entry in known[:6])
    return say(
        f"{unit.name} đã có số {numbers} {what} ngày {on(day)}.",
        "Có phải cùng một người không?",
        choices=[Choice("Cùng một người", "cùng một người"), Choice("Người khác", "người khác")],
    )


def dropped() -> Reply:
    return say("Đã bỏ, chưa ghi gì.", menu=True)


def kept_as_it_was() -> Reply:
    return say("Vậy giữ nguyên, không ghi thêm.", menu=True)


def recorded(
    numbers: Sequence[int],
    rows: Sequence[Candidate],
    unit: Unit,
    standing: Standing,
    *,
    other_years: Sequence[int | None],
    nameless: bool,
) -> Reply:
    """The receipt: the number of each entry and the branch's new figure.

    `other_years` says of each entry in which year it counts, if that is not the present one.
    """
    lines: list[Line] = []
    for number, row in zip(numbers, rows, strict=True):
        who: Line = () if nameless else (*line(": "), CandidateName(row.id))
        lines.append((Text(f"Đã ghi số {number}"), *who, Text(".")))
    for year in sorted({year for year in other_years if year is not None}):
        of_year = [str(number) for number, other in zip(numbers, other_years, strict=True) if other == year]
        lines.append(line(f"Theo ngày thì số {', '.join(of_year)} tính vào năm {year}."))
    lines.append(line(f"{unit.name}: ", bold(against(standing)), f" năm {standing.year}."))
    if standing.pending:
        lines.append(line(f"Chờ làm lễ: {standing.pending}."))
    several = len(numbers) > 1
    undo = [Choice(f"Hoàn tác {number}" if several else "Hoàn tác", taking_back(number)) for number in numbers[:4]]
    return say(*lines, choices=[*undo, Choice("Xem", f"/xem {numbers[0]}")])


def taking_back(number: int) -> str:
    """What was done last to an entry is taken back: what completed or corrected it goes, and what was there returns."""
    return f"/hoantac {number}"


def label(code: str) -> str:
    """What a person without a name is called."""
    return f"đảng viên mới {code}"


def same_person(
    namesake: Candidate, entry: Entry | None, ceremony: date | None, unit: Unit, *, is_listed: bool
) -> Reply:
    """The one on record is shown; only a person can tell whether it is the same."""
    if entry is not None:
        facts = f"làm lễ {show(entry.ceremony_on)}" if entry.ceremony_on else f"quyết định ngày {on(entry.decision_on)}"
        by = line(" do đồng chí ", PersonName(entry.author_id), " báo") if entry.author_id else ()
        head = (
            *line(f"{unit.name} đã có số {entry.number}: "),
            CandidateName(namesake.id),
            *line(f", {facts}"),
            *by,
            Text("."),
        )
    else:
        head = (*line(f"{unit.name} đã có "), CandidateName(namesake.id), *line(f", {STAGES[namesake.stage]}."))
    choices = [Choice("Cùng một người", "cùng một người"), Choice("Người khác", "người khác")]
    is_early = entry is not None and ceremony is not None and entry.ceremony_on is None
    if is_early and entry is not None and ceremony is not None and ceremony < (entry.decision_on or date.min):
        # Why this ceremony does not simply complete the decision on record.
        others = [] if is_listed else choices[1:]
        mends = [Choice("Sửa ngày làm lễ", "sửa"), Choice(f"Sửa số {entry.number}", f"/sua {entry.number}")]
        return say(head, _out_of_order(ceremony, entry.decision_on), choices=[*mends, *others, DROP])
    if is_listed:
        choices = [Choice("Giữ nguyên", "cùng một người")]
    if entry is not None and entry.ceremony_on and ceremony and ceremony != entry.ceremony_on:
        choices.append(
            Choice(f"Sửa số {entry.number} thành {show(ceremony)}", f"/sua {entry.number} ngày {show(ceremony)}")
        )
    return say(head, "Có phải cùng một người không?" if not is_listed else "Đồng chí muốn làm gì?", choices=choices)


def entry_changed(number: int, by: int) -> Reply:
    return say(
        line(f"Bản ghi số {number} của đồng chí vừa được đồng chí ", PersonName(by), f" thay đổi. Xem: /xem {number}")
    )


def told_twice(number: int, by: int) -> Reply:
    return say(
        line(
            "Đồng chí ",
            PersonName(by),
            f" cũng vừa báo người ở số {number} của đồng chí. Sổ chỉ giữ một bản ghi số {number}.",
        )
    )


def namesake_elsewhere(candidate_id: int, unit: Unit) -> Reply:
    return say(
        line(
            "Trùng tên ở hai chi bộ: ",
            CandidateName(candidate_id),
            f" vừa được ghi ở {unit.name}. Nếu là một người, đồng chí kiểm tra giúp.",
        )
    )


def which_unit_to_show(options: Sequence[Unit]) -> Reply:
    return say("Xem đơn vị nào?", choices=[unit_choice(unit, "/donvi") for unit in options])
