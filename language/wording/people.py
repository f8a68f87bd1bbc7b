"""Sentences about candidates."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.messages import CandidateName, Choice, Line, Reply, Text, line
from domain.quotas import grouped
from domain.records import Candidate, DropReason, Stage, is_trained
from domain.units import Unit
from language.days import show
from language.filling import ONLY_FOUND, pick
from language.wording.admissions import CONSENT_MANY, CONSENT_ONE
from language.wording.terms import DROP, EDIT, REASONS, SAVE, STAGES, bold, joined, say, unit_choice


def _names(rows: Sequence[Candidate]) -> Line:
    return joined([CandidateName(row.id) for row in rows])


def _born(row: Candidate) -> str:
    return f", sinh {row.birth_year}" if row.birth_year else ""


def whom_to_add(unit: Unit) -> Reply:
    return say(f"Thêm ai vào nguồn của {unit.name}? Gõ họ tên, có thể kèm năm sinh, ví dụ: Trần Thị B 1997")


def names_again() -> Reply:
    return say("Đồng chí gõ lại họ tên cho đúng, có thể kèm năm sinh.", choices=[DROP])


def full_names_please(rows: Sequence[Candidate]) -> Reply:
    return say((*line("Cần đủ họ và tên của "), *_names(rows), *line(". Đồng chí gõ lại giúp.")), choices=[DROP])


def already_listed(rows: Sequence[Candidate], unit: Unit) -> Reply:
    lines = [(CandidateName(row.id), *line(f": {STAGES[row.stage]}.")) for row in rows]
    return say(f"{unit.name} đã có trong sổ:", *lines)


def add_card(new: Sequence[Candidate], known: Sequence[Candidate], unit: Unit) -> Reply:
    lines: list[Line] = [line(bold("Thêm nguồn"), f", {unit.name}:")]
    for row in new:
        mark = "• " if len(new) > 1 else ""
        lines.append((Text(mark), CandidateName(row.id), Text(_born(row))))
    if known:
        lines.append((*line("Đã có sẵn: "), *_names(known), *line(".")))
    lines.append(line(CONSENT_ONE if len(new) == 1 else CONSENT_MANY))
    return say(*lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP, Choice("Lưu không tên", "lưu không tên")])


def candidate_label(code: str) -> str:
    """What a candidate without a name is called."""
    return f"quần chúng {code}"


def added(rows: Sequence[Candidate], unit: Unit, count: int) -> Reply:
    named = [row for row in rows if row.name]
    who = (*line("Đã thêm "), *(_names(named) if named else line(f"{len(rows)} người không tên")), *line("."))
    return say(
        who, f"{unit.name} có {grouped(count)} người trong nguồn.", choices=[Choice("Xem nguồn", f"/nguon {unit.code}")]
    )


def who_is_meant() -> Reply:
    return say("Đồng chí nói về ai? Gõ họ tên người trong nguồn.", choices=[DROP])


def not_on_list() -> Reply:
    """The name is not said back: replies wait in the outbox, where no name stands."""
    return say("Trong nguồn của đồng chí không có ai tên như vậy.", "Muốn thêm, gõ: thêm nguồn, rồi họ tên.")


def some_not_on_list(found: Sequence[Candidate], missing: int) -> Reply:
    """Some were found, others were not: these are not named, for no name of theirs is on record."""
    return say(
        (*line("Đã tìm thấy "), *_names(found), *line(f"; còn {missing} người không có trong nguồn của đồng chí.")),
        "Gõ lại họ tên người còn thiếu, hoặc chọn:",
        choices=[Choice(ONLY_FOUND.capitalize(), ONLY_FOUND), DROP],
    )


def which_of_these(rows: Sequence[Candidate], places: Mapping[int, Unit], *, others: int) -> Reply:
    """Namesakes with what tells them apart: year of birth, stage, and the branch if they are in several."""
    several = len({row.unit_id for row in rows}) > 1
    lines: list[Line] = [line("Có mấy người như vậy, đồng chí chọn:")]
    for row in rows:
        where = f", {places[row.unit_id].name}" if several and row.unit_id in places else ""
        lines.append((Text("• "), CandidateName(row.id), Text(f"{_born(row)}, {STAGES[row.stage]}{where}")))
    if others:
        lines.append(line(f"và {others} người nữa: gõ đủ họ tên hoặc năm sinh."))
    return say(*lines, choices=[*(Choice(_apart(row, rows, places), pick(row.id), row.id) for row in rows), DROP])


def _apart(row: Candidate, rows: Sequence[Candidate], places: Mapping[int, Unit]) -> str:
    """What stands before a name on its button."""
    if row.birth_year and sum(one.birth_year == row.birth_year for one in rows) == 1:
        return f"{row.birth_year} · "
    if sum(one.unit_id == row.unit_id for one in rows) == 1 and row.unit_id in places:
        return f"{places[row.unit_id].name} · "
    if sum(one.stage is row.stage for one in rows) == 1:
        return f"{STAGES[row.stage].capitalize()} · "
    return ""


STAGES_OFFERED = (Stage.CLASS_DONE, Stage.APPLICATION, Stage.CV_VERIFYING, Stage.OPINIONS, Stage.BRANCH_RESOLVED)


def which_stage(rows: Sequence[Candidate]) -> Reply:
    who = (*_names(rows), *line(" đến bước nào rồi?"))
    return say(who, choices=[*(Choice(STAGES[stage].capitalize(), STAGES[stage]) for stage in STAGES_OFFERED), DROP])


def certificate_day(rows: Sequence[Candidate], *, is_future: bool = False) -> Reply:
    head = "Ngày cấp chưa tới. " if is_future else ""
    return say(
        (*line(f"{head}Giấy chứng nhận lớp nhận thức của "), *_names(rows), *line(" cấp ngày nào? Ví dụ: 12/8")),
        choices=[DROP],
    )


def moved(rows: Sequence[Candidate], stage: Stage, certificate_on: date | None) -> Reply:
    day = f", giấy chứng nhận cấp ngày {show(certificate_on)}" if certificate_on else ""
    return say(
        (*line("Đã ghi "), *_names(rows), *line(f": {STAGES[stage]}{day}.")), choices=[Choice("Xem nguồn", "/nguon")]
    )


def may_not_move(rows: Sequence[Candidate], stage: Stage) -> Reply:
    return say((*_names(rows), *line(f" đang ở bước khác, không chuyển thành “{STAGES[stage]}” được.")))


def why_drop(rows: Sequence[Candidate]) -> Reply:
    choices = [Choice(words.capitalize(), f"lý do {words}") for words in REASONS.values()]
    return say((*line("Thôi theo dõi "), *_names(rows), *line(" vì sao?")), choices=[*choices, DROP])


def drop_card(rows: Sequence[Candidate], reason: DropReason) -> Reply:
    return say(
        (*line(bold("Thôi theo dõi")), *line(": "), *_names(rows), *line(f", lý do: {REASONS[reason]}.")),
        "Lưu chứ?",
        choices=[SAVE, EDIT, DROP],
    )


def taken_off(rows: Sequence[Candidate], reason: DropReason) -> Reply:
    return say((*line("Đã đưa "), *_names(rows), *line(f" ra khỏi nguồn, lý do: {REASONS[reason]}.")))


def which_unit_to_list(options: Sequence[Unit]) -> Reply:
    return say("Xem nguồn của đơn vị nào?", choices=[unit_choice(unit, "/nguon") for unit in options])


def candidates_listed(
    unit: Unit, rows: Sequence[Candidate], total: int, *, page: int, pages: int, goes_on: bool, today: date
) -> Reply:
    """A page of a branch's candidates by stage, in the order given: the furthest first."""
    if not rows:
        return say(f"{unit.name} chưa có ai trong nguồn.", "Thêm người: thêm nguồn Trần Thị B 1997")
    lines: list[Line] = [line(bold(f"Nguồn của {unit.name}"), f" · {grouped(total)} người · {show(today)}")]
    for stage in dict.fromkeys(row.stage for row in rows):
        lines.append(line(f"{STAGES[stage].capitalize()}:"))
        lines += [(Text("• "), CandidateName(row.id), Text(_born(row))) for row in rows if row.stage is stage]
    if pages == 1:
        return say(*lines)
    if not goes_on:
        return say(*lines, f"và {total - len(rows)} người nữa.")
    lines.append(line(f"trang {page}/{pages}"))
    return say(*lines, choices=[Choice("Xem tiếp", f"/nguon {unit.code} trang {page + 1}")] if page < pages else [])


def candidates_counted(unit: Unit, branches: Sequence[Unit], by_unit: Mapping[int, Sequence[Candidate]]) -> Reply:
    """Counts of each branch of a committee, with buttons to open one."""
    total = sum(len(rows) for rows in by_unit.values())
    lines: list[Line] = [line(bold(f"Nguồn của {unit.name}"), f" · {grouped(total)} người")]
    ranked = sorted(branches, key=lambda branch: (len(by_unit[branch.id]), branch.code))
    for branch in ranked[:30]:
        rows = by_unit[branch.id]
        done = sum(is_trained(row.stage) for row in rows)
        lines.append(line(f"• {branch.name}: {grouped(len(rows))}, đã học lớp {grouped(done)}"))
    if len(ranked) > 30:
        lines.append(line(f"và {grouped(len(ranked) - 30)} chi bộ nữa."))
    return say(*lines, choices=[unit_choice(branch, "/nguon") for branch in ranked[:6]])
