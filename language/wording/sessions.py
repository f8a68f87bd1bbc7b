"""Sentences about the session of the deciding committee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.law import Rule
from domain.messages import Attachment, CandidateName, Choice, Drawing, Line, Reply, Text, line
from domain.records import Candidate, ReturnReason
from domain.sessions import Agenda
from domain.units import Unit
from language.days import show
from language.sessions import HOLD, RETURN_REASONS, Told, papers, returned_because
from language.stages import STAGES
from language.wording.admissions import taking_back
from language.wording.law import basis
from language.wording.terms import DROP, EDIT, SAVE, bold, joined, say, unit_choice

READY_SHOWN = 30
OTHERS_SHOWN = 15
EXAMPLE = "duyệt hết, trừ số 2 trả lại vì thiếu ý kiến nơi cư trú; quyết định 45-QĐ/ĐU ngày 20/11"


@dataclass(frozen=True, slots=True)
class SessionResult:
    """What the session decided. `late` were resolved on by their branch only after the day of the decision.

    `is_foreseen` says of the last day for the ceremony that its year's holidays are not announced yet.
    """

    approved: tuple[Candidate, ...] = ()
    returned: tuple[tuple[Candidate, ReturnReason], ...] = ()
    held: tuple[Candidate, ...] = ()
    late: tuple[Candidate, ...] = ()
    decision_no: str = ""
    decision_on: date | None = None
    ceremony_by: date | None = None
    is_foreseen: bool = False

    def of_branch(self, unit_id: int) -> "SessionResult":
        return replace(
            self,
            approved=tuple(one for one in self.approved if one.unit_id == unit_id),
            returned=tuple((one, reason) for one, reason in self.returned if one.unit_id == unit_id),
        )


class DecisionTrouble(StrEnum):
    """Why the decision's day cannot be taken."""

    MISSING = "missing"
    FUTURE = "future"
    SEVERAL = "several"
    LONG_AGO = "long_ago"
    BEFORE_RESOLUTION = "before_resolution"


def session_of_which(options: Sequence[Unit]) -> Reply:
    return say("Kỳ họp của đơn vị nào?", choices=[unit_choice(unit, "/kyhop") for unit in options])


def agenda_shown(unit: Unit, agenda: Agenda, places: Mapping[int, str], *, today: date) -> Reply:
    """Who is ready, numbered as in the file; who lacks what; whose papers went back."""
    lines: list[Line] = [
        line(bold("Kỳ họp xét kết nạp"), f" · {unit.name} · nhận hồ sơ đến hết {show(agenda.closes_on)}")
    ]
    lines += _ready(agenda, places, today) if agenda.ready else [line("Chưa có ai đủ điều kiện đưa ra kỳ họp.")]
    if agenda.later:
        names = joined([CandidateName(one.case.person.id) for one in agenda.later], most=OTHERS_SHOWN)
        lines.append((*line("Chi bộ ra nghị quyết sau ngày chốt, để kỳ sau: "), *names, *line(".")))
    if agenda.lacking:
        lines.append(line(f"Còn thiếu ({len(agenda.lacking)}):"))
        for one in agenda.lacking[:OTHERS_SHOWN]:
            place = places.get(one.case.person.unit_id, "")
            lines.append((Text("• "), CandidateName(one.case.person.id), Text(f", {place}: {papers(one.papers)}")))
        lines += _more(len(agenda.lacking) - OTHERS_SHOWN)
    if agenda.returned:
        lines.append(line(f"Đã trả lại ({len(agenda.returned)}):"))
        for one in agenda.returned[:OTHERS_SHOWN]:
            when = f" ngày {show(one.on)}" if one.on else ""
            place = places.get(one.case.person.unit_id, "")
            said = f", {place}{when}: {returned_because(one.reason)}"
            lines.append((Text("• "), CandidateName(one.case.person.id), Text(said)))
        lines += _more(len(agenda.returned) - OTHERS_SHOWN)
    month = f"tháng {agenda.closes_on.month}/{agenda.closes_on.year}"
    choices = [Choice("Nhập kết quả", f"/kyhop {month} {unit.code} kết quả")] if agenda.ready else []
    if agenda.ready or agenda.lacking or agenda.returned:
        choices.append(Choice("Tải chương trình", f"/kyhop {month} tệp {unit.code}"))
    return say(*lines, choices=choices)


def _ready(agenda: Agenda, places: Mapping[int, str], today: date) -> list[Line]:
    lines: list[Line] = [line(f"Đủ điều kiện ({len(agenda.ready)}):")]
    for number, one in enumerate(agenda.ready[:READY_SHOWN], start=1):
        said = f", {places.get(one.case.person.unit_id, '')}"
        if one.clock is not None:
            is_over = one.clock.is_overdue(today)
            said += f" · {'quá hạn ra quyết định từ' if is_over else 'hạn ra quyết định'} {show(one.clock.last)}"
            said += " (tạm tính)" if one.clock.is_foreseen else ""
        lines.append((Text(f"{number}) "), CandidateName(one.case.person.id), Text(said)))
    return lines + _more(len(agenda.ready) - READY_SHOWN)


def _more(count: int) -> list[Line]:
    return [line(f"và {count} người nữa, xem trong tệp.")] if count > 0 else []


def agenda_file(unit: Unit, agenda: Agenda) -> Reply:
    """The agenda to print, drawn when it is sent, and again whenever it is opened."""
    told = say(
        f"Đây là chương trình kỳ họp của {unit.name}, nhận hồ sơ đến hết {show(agenda.closes_on)}.",
        f"Đủ điều kiện {len(agenda.ready)}, còn thiếu {len(agenda.lacking)}, đã trả lại {len(agenda.returned)}.",
        "Tệp có họ tên, đồng chí chỉ gửi cho người dự họp.",
    )
    name = f"ky-hop-{agenda.closes_on:%Y-%m}.xlsx"
    return replace(told, attachment=Attachment(Drawing.AGENDA, name, unit.id, agenda.closes_on))


def nobody_ready(unit: Unit, agenda: Agenda) -> Reply:
    return say(
        f"Kỳ họp của {unit.name} chưa có ai đủ điều kiện nên chưa nhập kết quả được.",
        f"Còn thiếu giấy tờ: {len(agenda.lacking)} người. Đồng chí gõ /kyhop để xem.",
    )


def session_results(agenda: Agenda, places: Mapping[int, str]) -> Reply:
    """The numbered agenda, and how to tell all results in one message."""
    lines = [
        (Text(f"{number}) "), CandidateName(one.case.person.id), Text(f", {places.get(one.case.person.unit_id, '')}"))
        for number, one in enumerate(agenda.ready, start=1)
    ]
    return say(
        line(bold("Kết quả kỳ họp"), f" · {len(agenda.ready)} người trong chương trình:"),
        *lines,
        "Đồng chí gửi kết quả trong một tin, ví dụ:",
        EXAMPLE,
        choices=[DROP],
    )


def results_wrong(told: Told, rows: Mapping[int, Candidate], count: int) -> Reply:
    """Everything that does not fit the agenda, in one reply."""
    lines: list[Line] = []
    for one in told.elsewhere:
        if one in rows:
            said = f" không có trong chương trình: {STAGES[rows[one].stage]}."
            lines.append((CandidateName(one), Text(said)))
    if told.strangers:
        lines.append(line(f"Có {told.strangers} người được nêu tên mà không có trong chương trình."))
    if told.numbers:
        numbers = ", ".join(str(number) for number in told.numbers)
        lines.append(line(f"Không có số {numbers}: chương trình chỉ có từ 1 đến {count}."))
    lines += [(CandidateName(one), Text(" được nêu hai kết quả khác nhau.")) for one in told.twice if one in rows]
    if told.namesakes:
        lines.append(line("Có người trùng họ tên trong chương trình, đồng chí ghi theo số."))
    if told.is_unclear or not lines:
        lines.append(
            line("Chưa rõ kết quả nào của ai: ghi “duyệt”, “trả lại” hoặc “để lại” trước số hay họ tên đầy đủ.")
        )
    return say(*lines, "Chưa ghi gì. Đồng chí gửi lại cả kết quả, ví dụ:", EXAMPLE, choices=[DROP])


def no_longer_ready(rows: Sequence[Candidate]) -> Reply:
    """Somebody else was faster, or it is the same result once more."""
    lines = [(CandidateName(row.id), Text(f": {STAGES[row.stage]}.")) for row in rows]
    return say("Có người không còn trong chương trình nên chưa ghi gì:", *lines, "Đồng chí gõ /kyhop để xem lại.")


def why_returned(person: Candidate) -> Reply:
    choices = [Choice(words, words) for words in RETURN_REASONS.values()]
    said = (*line("Vì sao trả lại hồ sơ của "), CandidateName(person.id), *line("?"))
    return say(said, choices=[*(replace(one, label=_capital(one.label)) for one in choices), HOLD_OVER, DROP])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


HOLD_OVER = Choice("Để lại kỳ sau", HOLD)


def when_decided(trouble: DecisionTrouble, late: Sequence[Candidate], on: date | None) -> Reply:
    """What is wrong with the decision's day, and how to tell it."""
    ask = "Số và ngày của quyết định? Ví dụ: 45-QĐ/ĐU ngày 20/11"
    match trouble:
        case DecisionTrouble.MISSING:
            said: Line = ()
        case DecisionTrouble.FUTURE:
            said = line("Ngày quyết định ở sau hôm nay, hoặc không có trong lịch, nên chưa ghi.")
        case DecisionTrouble.SEVERAL:
            said = line("Có nhiều ngày, chưa rõ ngày nào của quyết định.")
        case DecisionTrouble.LONG_AGO:
            said = line("Ngày quyết định đã quá một năm nên chưa ghi.")
        case DecisionTrouble.BEFORE_RESOLUTION:
            names = joined([CandidateName(one.id) for one in late])
            said = (
                *line(f"Ngày quyết định {show(on) if on else ''} ở trước nghị quyết chi bộ về "),
                *names,
                *line("."),
            )
    return say(*([said] if said else []), ask, choices=[DROP])


def session_card(result: SessionResult, places: Mapping[int, str]) -> Reply:
    lines: list[Line] = [line(bold("Kết quả kỳ họp"))]
    if result.approved:
        lines.append(line(f"Quyết định kết nạp {_decision(result)}, {len(result.approved)} người:"))
        lines += [
            (Text("• "), CandidateName(one.id), Text(f", {places.get(one.unit_id, '')}")) for one in result.approved
        ]
    if result.returned:
        lines.append(line(f"Trả lại hồ sơ, {len(result.returned)} người:"))
        lines += [
            (Text("• "), CandidateName(one.id), Text(f", {places.get(one.unit_id, '')}: {RETURN_REASONS[reason]}"))
            for one, reason in result.returned
        ]
    if result.held:
        lines.append((*line("Để lại kỳ sau: "), *joined([CandidateName(one.id) for one in result.held]), *line(".")))
    if result.late:
        names = joined([CandidateName(one.id) for one in result.late])
        lines.append((*line("Chi bộ ra nghị quyết sau ngày quyết định, để lại kỳ sau: "), *names, *line(".")))
    return say(*lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP])


def _decision(result: SessionResult) -> str:
    no = f"số {result.decision_no} " if result.decision_no else "(chưa có số) "
    return f"{no}ngày {show(result.decision_on)}" if result.decision_on else no.strip()


def _ceremony(by: date, *, is_foreseen: bool) -> Line:
    foreseen = f" (tạm tính, chưa có lịch nghỉ năm {by.year})" if is_foreseen else ""
    return line(f"Hạn làm lễ kết nạp: {show(by)}{foreseen}.")


def session_saved(numbers: Sequence[int], result: SessionResult) -> Reply:
    """The receipt: the number of each decision, who went back, and the clock that runs from now on."""
    lines: list[Line] = []
    for number, one in zip(numbers, result.approved, strict=True):
        lines.append((Text(f"Đã ghi số {number}: "), CandidateName(one.id), Text(".")))
    if result.approved:
        lines.append(line(f"Quyết định {_decision(result)}."))
    if result.ceremony_by is not None and result.approved:
        lines.append(_ceremony(result.ceremony_by, is_foreseen=result.is_foreseen))
    for one, reason in result.returned:
        lines.append((*line("Đã trả lại hồ sơ của "), CandidateName(one.id), *line(f": {RETURN_REASONS[reason]}.")))
    lines.append(line("Các chi bộ được báo kết quả." if lines else "Chưa ghi gì: tất cả để lại kỳ sau."))
    choices = [Choice(f"Hoàn tác {number}", taking_back(number)) for number in numbers[:4]]
    if result.ceremony_by is not None and result.approved:
        choices.append(basis(Rule.CEREMONY_WITHIN))
    return say(*lines, choices=choices)


def session_told(result: SessionResult, branch: Unit) -> Reply:
    """To the secretaries of a branch."""
    lines: list[Line] = [line(bold("Kết quả kỳ họp xét kết nạp"), f", {branch.name}:")]
    if result.approved:
        names = joined([CandidateName(one.id) for one in result.approved])
        lines.append((*line(f"Đã có quyết định kết nạp {_decision(result)}: "), *names, *line(".")))
        if result.ceremony_by is not None:
            lines.append(_ceremony(result.ceremony_by, is_foreseen=result.is_foreseen))
    for one, reason in result.returned:
        lines.append((*line("Trả lại hồ sơ của "), CandidateName(one.id), *line(f": {RETURN_REASONS[reason]}.")))
    return say(*lines)
