"""Sentences about the deciding committee's session: its agenda, point by point."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.messages import CandidateName, Choice, Line, Reply, Text, line
from domain.records import Stage
from domain.sessions import Agenda, Point
from domain.units import Unit
from language.days import show
from language.filling import decides, steps
from language.stages import STAGES
from language.wording.terms import bold, say, unit_choice

POINTS_SHOWN = 30
POINTS_ANSWERED = 4


def which_unit_meets(options: Sequence[Unit]) -> Reply:
    return say("Xem kỳ họp của đơn vị nào?", choices=[unit_choice(unit, "/kyhop") for unit in options])


def session_agenda(unit: Unit, agenda: Agenda, places: Mapping[int, Unit], *, today: date) -> Reply:
    """Numbered through, the ready ones first; what becomes of these is told by a tap."""
    if not agenda.count:
        return say(f"{unit.name} chưa có hồ sơ nào để đưa ra kỳ họp.")
    lines: list[Line] = [line(bold("Kỳ họp xét kết nạp"), f" · {unit.name} · {show(today)}")]
    number = 0
    for head, points in (
        ("Đủ bước, xét được", agenda.ready),
        ("Còn thiếu", agenda.incomplete),
        ("Bị trả lại", agenda.returned),
        ("Chờ chi bộ họp", agenda.voting),
    ):
        if points:
            lines.append(line(f"{head} ({len(points)}):"))
        for point in points:
            number += 1
            if number <= POINTS_SHOWN:
                lines.append(_point(number, point, places))
    if number > POINTS_SHOWN:
        lines.append(line(f"và {number - POINTS_SHOWN} hồ sơ nữa."))
    choices: list[Choice] = []
    for point in agenda.ready[:POINTS_ANSWERED]:
        person = point.case.person
        choices.append(Choice("Đã có quyết định ", decides(person.id), person.id))
        choices.append(Choice("Trả lại ", steps(person.id, STAGES[Stage.RETURNED]), person.id))
    return say(*lines, choices=choices)


def _point(number: int, point: Point, places: Mapping[int, Unit]) -> Line:
    person = point.case.person
    place = f", {places[person.unit_id].name}" if person.unit_id in places else ""
    missing = ", ".join(STAGES[stage] for stage in point.missing)
    lacks = f": chưa có tin {missing}" if missing and point.case.stage is not Stage.OPINIONS else ""
    until = f", hạn quyết định {show(point.clock.last)}" if point.clock is not None else ""
    return (Text(f"{number}) "), CandidateName(person.id), Text(f"{place}{until}{lacks}"))
