"""Sentences about deadlines of the law: who, until when, how many days are left, by which document, and the answers."""

from collections.abc import Mapping
from datetime import date

from domain.clocks import Clock
from domain.law import Rule
from domain.messages import CandidateName, Choice, Line, Text
from domain.quotas import grouped
from domain.records import Stage
from domain.units import Unit
from language.days import show
from language.filling import admits, decides, steps
from language.stages import STAGES

ANSWERED = 3
"""The answers of so many of the nearest are buttons."""

_HEADS: dict[Rule, str] = {
    Rule.CERTIFICATE_VALID: "Giấy chứng nhận lớp nhận thức của ",
    Rule.DOSSIER_FRESH: "Chi bộ xét hồ sơ của ",
    Rule.DECISION_WITHIN: "Ra quyết định kết nạp ",
    Rule.CEREMONY_WITHIN: "Làm lễ kết nạp ",
    Rule.PROBATION: "Thời gian dự bị của ",
    Rule.RECOGNITION_CONSIDERED_WITHIN: "Chi bộ xét công nhận chính thức ",
    Rule.RECOGNITION_DECIDED_WITHIN: "Quyết định công nhận chính thức ",
    Rule.AGE_AT_MOST: "Tuổi kết nạp của ",
}
_STARTS: dict[Rule, str] = {
    Rule.CERTIFICATE_VALID: "cấp",
    Rule.DOSSIER_FRESH: "lập",
    Rule.DECISION_WITHIN: "nghị quyết",
    Rule.CEREMONY_WITHIN: "quyết định",
    Rule.PROBATION: "lễ kết nạp",
    Rule.RECOGNITION_CONSIDERED_WITHIN: "hết dự bị",
    Rule.RECOGNITION_DECIDED_WITHIN: "chi bộ đề nghị",
}
_RUNS_OUT = (Rule.CERTIFICATE_VALID, Rule.PROBATION, Rule.AGE_AT_MOST)
"""What ends by itself; the others are to be done by then."""


def clock_line(clock: Clock, places: Mapping[int, Unit], today: date) -> Line:
    """`• Làm lễ kết nạp A, Chi bộ 1: chậm nhất 29/12/2026, còn 38 ngày (quyết định 16/11/2026; Quy định …)`."""
    unit = places.get(clock.case.person.unit_id)
    place = f", {unit.name}" if unit is not None else ""
    return (
        Text(f"• {_HEADS[clock.kind.rule]}"),
        CandidateName(clock.case.person.id),
        Text(f"{place}: {_until(clock, today)} ({_basis(clock)})"),
    )


def _until(clock: Clock, today: date) -> str:
    left = clock.days_left(today)
    if left < 0:
        what = "hết hạn" if clock.kind.rule in _RUNS_OUT else "hạn"
        return f"{what} {show(clock.last)}, đã quá {grouped(-left)} ngày"
    what = "đến" if clock.kind.rule in _RUNS_OUT else "chậm nhất"
    return f"{what} {show(clock.last)}, " + (f"còn {grouped(left)} ngày" if left else "hôm nay là ngày cuối")


def _basis(clock: Clock) -> str:
    began = _STARTS.get(clock.kind.rule)
    start = f"{began} {show(clock.start)}; " if began else ""
    foreseen = f"; tạm tính, chưa có lịch nghỉ năm {clock.last.year}" if clock.is_foreseen else ""
    return f"{start}{clock.rule.citation}{foreseen}"


def clock_answers(clock: Clock) -> list[Choice]:
    """The one or two likeliest answers: the move that stops the clock, or what delays it."""
    person = clock.case.person
    match clock.kind.rule:
        case Rule.CEREMONY_WITHIN:
            return [Choice("Đã làm lễ ", admits(person.id), person.id)]
        case Rule.DECISION_WITHIN:
            returned = Choice("Hồ sơ bị trả ", steps(person.id, STAGES[Stage.RETURNED]), person.id)
            return [Choice("Đã có quyết định ", decides(person.id), person.id), returned]
        case Rule.PROBATION | Rule.RECOGNITION_CONSIDERED_WITHIN:
            proposed = Choice("Đã đề nghị chính thức ", steps(person.id, STAGES[Stage.OFFICIAL_PROPOSED]), person.id)
            learnt = Choice("Đã học lớp đảng viên mới ", steps(person.id, STAGES[Stage.NEW_MEMBER_CLASS]), person.id)
            is_learnt = Stage.NEW_MEMBER_CLASS in clock.case.passed
            if clock.kind.rule is Rule.PROBATION:
                return [] if is_learnt else [learnt]
            return [proposed] if is_learnt else [proposed, learnt]
        case Rule.RECOGNITION_DECIDED_WITHIN:
            return [Choice("Đã công nhận ", steps(person.id, STAGES[Stage.OFFICIAL]), person.id)]
        case _:
            paused = Choice("Tạm dừng ", steps(person.id, STAGES[Stage.PAUSED]), person.id)
            return [Choice("Cập nhật ", steps(person.id), person.id), paused]
