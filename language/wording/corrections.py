"""Sentences about entries on record: put right, undone, brought back, explained."""

from collections.abc import Sequence
from datetime import date

from domain.messages import CandidateName, Choice, Figure, FigureSheet, Line, PersonName, Reply, Text, line
from domain.quotas import Standing, grouped
from domain.records import Entry, EntryKind, EntryState
from domain.units import Unit
from language.days import show
from language.wording.admissions import CONSENT_ONE, taking_back
from language.wording.terms import DROP, EDIT, SAVE, against, bold, month, on, say


def nothing_to_correct() -> Reply:
    return say("Đồng chí chưa có bản ghi nào để sửa.")


def cannot_correct(entry: Entry) -> Reply:
    if entry.state is EntryState.UNDONE:
        return say(
            f"Số {entry.number} đã hủy. Muốn sửa thì khôi phục trước.",
            choices=[Choice("Khôi phục", f"/khoiphuc {entry.number}")],
        )
    return say(
        f"Số {entry.number} là báo không phát sinh, chỉ hủy được.", choices=[Choice("Hủy", f"/huy {entry.number}")]
    )


def _entry_line(entry: Entry) -> Line:
    if entry.kind is EntryKind.NOTHING:
        return line(f"Số {entry.number}: không phát sinh {month(entry.month) if entry.month else ''}")
    who = CandidateName(entry.candidate_id) if entry.candidate_id else Text(f"{entry.count} người")
    facts: list[str] = []
    if entry.ceremony_on:
        facts.append(f"làm lễ {_ceremony(entry)}")
    if entry.decision_on:
        no = f" {entry.decision_no}" if entry.decision_no else ""
        facts.append(f"quyết định{no} ngày {show(entry.decision_on)}")
    return (Text(f"Số {entry.number}: "), who, Text(", " + ", ".join(facts)))


def _ceremony(entry: Entry) -> str:
    """The day, or the month where no more is known of it."""
    return month(entry.month) if entry.month is not None else _on_record(entry.ceremony_on)


def ask_correction(entry: Entry, unit: Unit) -> Reply:
    return say(
        _entry_line(entry),
        unit.name,
        "Sửa gì? Gõ điều đúng, ví dụ: 16/10 hoặc Nguyễn Văn Hòa",
        choices=[Choice("Hủy bản ghi này", f"/huy {entry.number}"), DROP],
    )


def correction_card(
    entry: Entry,
    unit: Unit,
    ceremony: date | None,
    decided: date | None,
    decision_no: str,
    renamed: int | None,
    *,
    is_first_name: bool = False,
) -> Reply:
    """Before and after, side by side."""
    lines: list[Line] = [(*line(bold(f"Sửa số {entry.number}")), *line(f", {unit.name}:"))]
    if renamed is not None:
        before = CandidateName(entry.candidate_id) if entry.candidate_id else Text("chưa có tên")
        lines.append((Text("Họ tên: "), before, Text(" → "), CandidateName(renamed)))
    elif entry.candidate_id is not None:
        lines.append((Text("Họ tên: "), CandidateName(entry.candidate_id)))
    if ceremony is not None:
        lines.append(line(f"Ngày làm lễ: {_ceremony(entry)} → ", bold(show(ceremony))))
    if decided is not None:
        lines.append(line(f"Ngày quyết định: {_on_record(entry.decision_on)} → ", bold(show(decided))))
    if decision_no:
        lines.append(line(f"Số quyết định: {entry.decision_no or 'chưa có'} → ", bold(decision_no)))
    if is_first_name:
        lines.append(line(CONSENT_ONE))
    return say(*lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP])


def _on_record(day: date | None) -> str:
    return show(day) if day is not None else "chưa có"


def days_out_of_order(ceremony_on: date, decision_on: date) -> Reply:
    return say(
        f"Ngày làm lễ {show(ceremony_on)} lại trước ngày quyết định {show(decision_on)}. Đồng chí gõ lại ngày đúng.",
        choices=[DROP],
    )


def same_name_and_day(number: int, twin: Entry, unit: Unit) -> Reply:
    """Put right like this, an entry would say what another one says already."""
    return say(
        f"{unit.name} đã có một bản ghi cùng họ tên, cùng ngày:",
        _entry_line(twin),
        f"Nếu là một người thì hủy số {number}.",
        choices=[Choice(f"Hủy số {number}", f"/huy {number}"), Choice("Người khác", "người khác"), DROP],
    )


def overtaken(number: int, newest: Entry) -> Reply:
    """The entry meant was corrected meanwhile: nothing was done, and this is how it stands."""
    if newest.state is EntryState.UNDONE:
        return already_undone(newest.number)
    return say(
        f"Số {number} đã được sửa, nay là số {newest.number}. Chưa ghi gì thêm.",
        _entry_line(newest),
        choices=[Choice("Sửa", f"/sua {newest.number}"), Choice("Xem", f"/xem {newest.number}")],
    )


def corrected(old: int, new: int, unit: Unit, standing: Standing) -> Reply:
    return say(
        f"Đã sửa số {old}, nay là số {new}.",
        line(f"{unit.name}: ", bold(against(standing)), f" năm {standing.year}."),
        choices=[Choice("Hoàn tác", taking_back(new)), Choice("Xem", f"/xem {new}")],
    )


def stepped_back(old: int, new: int, unit: Unit, standing: Standing) -> Reply:
    return say(
        f"Đã trả số {old} về như trước, nay là số {new}.",
        line(f"{unit.name}: ", bold(against(standing)), f" năm {standing.year}."),
        choices=[Choice("Xem", f"/xem {new}")],
    )


def no_step_back(number: int) -> Reply:
    return say(
        f"Số {number} chỉ đổi họ tên; tên cũ không còn giữ. Đồng chí gõ lại tên đúng.",
        choices=[Choice("Sửa", f"/sua {number}")],
    )


def undo_card(entry: Entry, unit: Unit) -> Reply:
    by = line(" (đồng chí ", PersonName(entry.author_id), " ghi)") if entry.author_id else ()
    return say(
        line(bold("Hủy bản ghi"), f", {unit.name}:"),
        (*_entry_line(entry), *by),
        "Người ghi sẽ được báo. Hủy chứ?",
        choices=[Choice("Hủy bản ghi", "đồng ý"), Choice("Giữ nguyên", "bỏ")],
    )


def step_back_card(entry: Entry, before: Entry, unit: Unit) -> Reply:
    by = line(" (đồng chí ", PersonName(entry.author_id), " ghi)") if entry.author_id else ()
    return say(
        line(bold(f"Trả số {entry.number} về như trước"), f", {unit.name}:"),
        (*_entry_line(entry), *by),
        (Text("Như trước: "), *_entry_line(before)),
        "Người ghi sẽ được báo. Trả về chứ?",
        choices=[Choice("Trả về", "đồng ý"), Choice("Giữ nguyên", "bỏ")],
    )


def already_undone(number: int) -> Reply:
    return say(f"Số {number} đã hủy rồi.", choices=[Choice("Khôi phục", f"/khoiphuc {number}")])


def not_undone(number: int) -> Reply:
    return say(f"Số {number} đang còn hiệu lực, không cần khôi phục.")


def cannot_restore(number: int, other: Entry) -> Reply:
    """Another entry took its place after it was undone."""
    return say(
        f"Chưa khôi phục số {number}, vì người này đã có bản ghi khác:",
        _entry_line(other),
        f"Muốn khôi phục số {number} thì hủy số {other.number} trước.",
        choices=[Choice(f"Hủy số {other.number}", f"/huy {other.number}"), Choice("Xem", f"/xem {other.number}")],
    )


def restore_card(entry: Entry, other: Entry, unit: Unit) -> Reply:
    """Without names nobody can tell whether the two are the same admission."""
    return say(
        line(bold(f"Khôi phục số {entry.number}"), f", {unit.name}:"),
        _entry_line(entry),
        "Sau khi hủy, cùng đơn vị và cùng ngày đã có bản ghi khác cũng không ghi tên:",
        _entry_line(other),
        "Nếu là một thì khôi phục sẽ tính hai lần. Vẫn khôi phục chứ?",
        choices=[Choice("Khôi phục", "đồng ý"), Choice("Giữ nguyên", "bỏ")],
    )


def gone_with_batch(number: int) -> Reply:
    """The whole import was undone and its people erased: there is nobody left to bring back."""
    return say(
        f"Số {number} đã hủy theo cả lô, người này không còn trong sổ. Muốn có lại thì nạp lại tệp hoặc ghi mới."
    )


def undone(entry: Entry, unit: Unit, standing: Standing) -> Reply:
    figures = (
        ()
        if entry.kind is EntryKind.NOTHING
        else (line(f"{unit.name}: ", bold(against(standing)), f" năm {standing.year}."),)
    )
    return say(
        f"Đã hủy số {entry.number}.",
        *figures,
        choices=[Choice("Khôi phục", f"/khoiphuc {entry.number}")],
    )


def restored(number: int, unit: Unit, standing: Standing) -> Reply:
    return say(
        f"Đã khôi phục số {number}.",
        line(f"{unit.name}: ", bold(against(standing)), f" năm {standing.year}."),
        choices=[Choice("Hoàn tác", f"/huy {number}")],
    )


def how_to_show() -> Reply:
    return say("Gõ /xem kèm số của bản ghi, ví dụ /xem 31, hoặc mã số liệu ở cuối tin, ví dụ /xem K7Q2.")


STATES = {EntryState.LIVE: "đang có hiệu lực", EntryState.REPLACED: "đã được sửa", EntryState.UNDONE: "đã hủy"}


def entry_shown(entry: Entry, unit: Unit, versions: Sequence[Entry], *, may_change: bool, is_gone: bool) -> Reply:
    """An entry with who made each of its versions, and when, and what one may do about it as buttons.

    `is_gone`: its person is in the records no more.
    """
    lines: list[Line] = [_entry_line(entry), line(f"{unit.name}, {STATES[entry.state]}.")]
    for version in versions:
        by = (*line(", đồng chí "), PersonName(version.author_id)) if version.author_id else line(", nhập từ tệp")
        lines.append((Text(f"• số {version.number} ghi ngày {show(version.made_at.date())}"), *by))
    choices = [Choice("Sửa", f"/sua {entry.number}"), Choice("Hủy", f"/huy {entry.number}")]
    if entry.state is EntryState.UNDONE:
        choices = [] if is_gone else [Choice("Khôi phục", f"/khoiphuc {entry.number}")]
    return say(*lines, choices=choices if may_change else ())


def choose_figure(sheet: FigureSheet) -> Reply:
    choices = [
        Choice(f"{figure.label}: {grouped(figure.value)}", f"/xem {sheet.code}.{i}")
        for i, figure in enumerate(sheet.figures)
    ]
    return say(f"Tin {sheet.code} có các số liệu sau, xem số nào?", choices=choices)


FIGURES_SHOWN = 20


def figure_explained(figure: Figure, unit: Unit, made_up: Sequence[Entry], *, with_names: bool) -> Reply:
    """What makes up a figure, entry by entry."""
    now = grouped(sum(entry.count for entry in made_up))
    lines: list[Line] = [line(f"{unit.name}, năm {figure.period}: {grouped(figure.value)} lúc gửi, nay là {now}.")]
    for entry in made_up[:FIGURES_SHOWN]:
        day = _ceremony(entry) if entry.ceremony_on else on(entry.decision_on)
        lines.append(_entry_line(entry) if with_names else line(f"Số {entry.number}, {day}"))
    if len(made_up) > FIGURES_SHOWN:
        lines.append(line(f"và {grouped(len(made_up) - FIGURES_SHOWN)} bản ghi nữa."))
    return say(*lines)


def say_its_number() -> Reply:
    """Somebody was named whose entry is not the last one."""
    return say(
        "Người đó không phải ở bản ghi mới nhất của đồng chí.",
        "Đồng chí cho số của bản ghi, ví dụ: /sua 31 ngày 16/10 hoặc /huy 31",
    )
