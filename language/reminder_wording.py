"""The words of reminders: what is owed and until when, with the likely answers; and what the level above is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.clocks import Clock
from domain.messages import Choice, Line, PersonName, Reply, Text, line
from domain.records import Candidate
from domain.reminders import Month
from domain.units import Unit
from language.days import show
from language.filling import admits
from language.wording.admissions import nothing_sentence
from language.wording.clocks import ANSWERED, clock_answers, clock_line
from language.wording.law import basis
from language.wording.terms import bold, joined, say

UNITS_SHOWN = 12
NUDGED = 3
LIKELY = 3
CLOCKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A branch that owes a word; `likely` are those of whom the next news may be."""

    unit: Unit
    likely: Sequence[Candidate]
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """A branch of which the level above is told: who was asked, and when."""

    unit: Unit
    asked: Mapping[int, date]
    in_charge: Sequence[int]
    can_be_nudged: bool = True


def nothing_new(branches: Sequence[Asked], month: Month, *, may_put_off: bool) -> Reply:
    """The reminder is the form: a tap is the report."""
    lines: list[Line] = []
    choices: list[Choice] = []
    several = len(branches) > 1
    for branch in branches:
        lines.append(
            line(
                bold(branch.unit.name),
                f" chưa có tin kết nạp của tháng {month.first.month} (từ {show(month.since)}), "
                f"chốt ngày {show(month.closes_on)}.",
            )
        )
        here = f" · {branch.unit.name}" if several else ""
        choices.append(Choice(f"Chưa có gì mới{here}", f"{nothing_sentence(month.first)} ở {branch.unit.name}"))
        choices += [Choice("Đã kết nạp ", admits(one.id), one.id) for one in branch.likely[:LIKELY]]
    lines.append(line("Đồng chí chọn một câu, hoặc gõ tin mới, ví dụ: kết nạp Nguyễn Văn A 15/10"))
    if may_put_off:
        choices += [
            Choice(f"Để mai{f' · {one.unit.name}' if several else ''}", f"để mai nhắc lại {one.unit.name}")
            for one in branches
        ]
    return say(*lines, choices=choices)


def still_silent(branches: Sequence[Silent], month: Month) -> Reply:
    """What is missing, since when, and who was asked."""
    lines: list[Line] = [
        line(bold(f"Chưa có tin kết nạp tháng {month.first.month}"), f" (từ {show(month.since)}):"),
    ]
    lines += [_silent(one) for one in branches[:UNITS_SHOWN]]
    if len(branches) > UNITS_SHOWN:
        lines.append(line(f"và {len(branches) - UNITS_SHOWN} chi bộ nữa: /chuabao"))
    nudged = [one.unit for one in branches if one.can_be_nudged][:NUDGED]
    choices = [Choice(f"Nhắc {unit.name}", f"/nhac {unit.code}") for unit in nudged]
    return say(*lines, choices=choices)


def _silent(branch: Silent) -> Line:
    name = Text(f"• {branch.unit.name}: ")
    if branch.asked:
        asked = [
            (PersonName(person_id), Text(f" ngày {show(day)}"))
            for person_id, day in sorted(branch.asked.items(), key=lambda one: one[1])
        ]
        who = [part for index, pair in enumerate(asked) for part in ((Text(", "),) if index else ()) + pair]
        return (name, Text("đã nhắc đồng chí "), *who)
    if branch.in_charge:
        return (name, Text("phụ trách là đồng chí "), *joined([PersonName(one) for one in branch.in_charge]))
    return (name, Text("chưa có người phụ trách"))


def deadlines(clocks: Sequence[Clock], places: Mapping[int, Unit], can_enter: Collection[int], *, today: date) -> Reply:
    """What the law presses for, the nearest end first; the answers only for whoever may enter them."""
    late = sum(clock.is_overdue(today) for clock in clocks)
    head = "Quá hạn" if late == len(clocks) else "Sắp đến hạn, có việc quá hạn" if late else "Sắp đến hạn"
    lines: list[Line] = [line(bold(head), f" · {show(today)}")]
    lines += [clock_line(clock, places, today) for clock in clocks[:CLOCKS_SHOWN]]
    if len(clocks) > CLOCKS_SHOWN:
        lines.append(line(f"và {len(clocks) - CLOCKS_SHOWN} việc nữa: /viec"))
    own = [clock for clock in clocks if clock.case.person.unit_id in can_enter]
    choices = [choice for clock in own[:ANSWERED] for choice in clock_answers(clock)]
    return say(*lines, choices=[*dict.fromkeys(choices), basis(clocks[0].rule.code)])


def together(parts: Sequence[Reply]) -> Reply:
    """All letters of one person and morning in one message, their choices numbered on."""
    lines: list[Line] = []
    for part in parts:
        lines += [*((line(""),) if lines else ()), *part.lines]
    sheet = next((part.sheet for part in parts if part.sheet is not None), None)
    menu = any(part.menu for part in parts)
    # Two parts may offer the same; one button is enough.
    choices = dict.fromkeys(choice for part in parts for choice in part.choices)
    return Reply(tuple(lines), tuple(choices), menu=menu, sheet=sheet)
