"""Sentences about classes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from domain.classes import LONGEST_DAYS, MOST_SEATS, Roll, TrainingClass, Unfit, Untimely, Yield
from domain.messages import CandidateName, Choice, Line, Reply, Text, line
from domain.quotas import grouped, share
from domain.records import Candidate
from domain.units import Unit
from language.days import show
from language.filling import DONE, LATER, pick
from language.wording.terms import DROP, EDIT, SAVE, bold, joined, say, sentence_case, unit_choice

AsksUnit = Callable[[Sequence[Unit]], Reply]

NAMED = 6
"""So many people are named; more are counted."""

SHOWN = 10
"""So many classes of a kind are shown."""

EXAMPLE = "mở lớp cảm tình tại Trung tâm chính trị từ 10/12 đến 12/12, 60 chỗ"


def _days(held: TrainingClass) -> str:
    if held.begins_on == held.ends_on:
        return show(held.begins_on)
    return f"{show(held.begins_on)} – {show(held.ends_on)}"


def _class(held: TrainingClass) -> str:
    return f"lớp {held.id} ({held.place}, {_days(held)})"


def _called(held: TrainingClass) -> str:
    return sentence_case(_class(held))


def _people(rows: Sequence[Candidate]) -> Line:
    if len(rows) > NAMED:
        return line(f"{grouped(len(rows))} người")
    return joined([CandidateName(row.id) for row in rows])


def _seats(roll: Roll) -> str:
    waiting = f", {grouped(len(roll.waiting))} người chờ" if roll.waiting else ""
    return f"{grouped(len(roll.seated))}/{grouped(roll.of.seats)} chỗ{waiting}"


def _admitted(came_of: Yield, wanted: Fraction) -> str:
    """`40/57 (70,2%)`, and whether that is enough."""
    if came_of.trained == 0:
        return "không có ai được cấp giấy chứng nhận"
    short = "" if came_of.meets(wanted) else f", dưới mức {_percent(wanted)}"
    return f"{share(came_of.admitted, came_of.trained)} đã kết nạp{short}"


def _percent(wanted: Fraction) -> str:
    return f"{round(wanted * 100)}%"


def how_to_open_class() -> Reply:
    return say("Mở lớp cần đủ nơi học, ngày học, số chỗ. Ví dụ:", EXAMPLE)


def class_unfit(unfit: Unfit, begins_on: date, ends_on: date) -> Reply:
    match unfit:
        case Unfit.PAST:
            return say(f"Ngày {show(begins_on)} đã qua nên chưa mở lớp. Đồng chí gõ lại cả câu với ngày đúng.")
        case Unfit.BACKWARDS:
            return say(f"Ngày bế giảng {show(ends_on)} trước ngày khai giảng {show(begins_on)}. Đồng chí gõ lại giúp.")
        case Unfit.TOO_LONG:
            return say(
                f"Lớp từ {show(begins_on)} đến {show(ends_on)} dài quá {LONGEST_DAYS} ngày. Đồng chí xem lại ngày."
            )
        case Unfit.SEATS:
            return say(f"Số chỗ từ 1 đến {grouped(MOST_SEATS)}. Đồng chí gõ lại cả câu.")


def opening_card(unit: Unit, held: TrainingClass) -> Reply:
    return say(
        line(bold("Mở lớp nhận thức về Đảng"), f", {unit.name}:"),
        f"Nơi học: {held.place}",
        f"Ngày học: {_days(held)}",
        f"Số chỗ: {grouped(held.seats)}",
        "Lưu chứ?",
        choices=[SAVE, EDIT, DROP],
    )


def class_opened(held: TrainingClass, waiting: int) -> Reply:
    lines = [f"Đã mở {_class(held)}: {grouped(held.seats)} chỗ."]
    lines.append(f"Chi bộ đăng ký bằng câu: đăng ký Trần Thị B học lớp {held.id}")
    if not waiting:
        return say(*lines, choices=[Choice("Xem các lớp", "/lop")])
    lines.append(f"Còn {grouped(waiting)} người đang chờ từ các lớp trước.")
    return say(*lines, choices=[Choice("Nhận người chờ", f"/lop {held.id} nhận chờ"), Choice("Xem các lớp", "/lop")])


def no_such_class() -> Reply:
    return say("Trong phạm vi của đồng chí không có lớp nào mang số này.", choices=[Choice("Xem các lớp", "/lop")])


def class_has_begun(held: TrainingClass) -> Reply:
    return say(
        f"{_called(held)} đã khai giảng hoặc đã xong, không đăng ký thêm được.",
        choices=[Choice("Xem các lớp", "/lop")],
    )


def class_is_over(held: TrainingClass) -> Reply:
    return say(f"{_called(held)} đã kết thúc hoặc đã hủy.", choices=[Choice(f"Xem lớp {held.id}", f"/lop {held.id}")])


def cancelling_card(held: TrainingClass, count: int) -> Reply:
    lines = [f"Hủy {_class(held)}."]
    if count:
        lines.append(f"{grouped(count)} người đã đăng ký sẽ đợi lớp sau.")
    return say(*lines, "Lưu chứ?", choices=[SAVE, DROP])


def class_cancelled(held: TrainingClass, count: int) -> Reply:
    lines = [f"Đã hủy lớp {held.id}."]
    if count:
        lines.append(f"{grouped(count)} người còn chờ: mở lớp mới rồi bấm Nhận người chờ.")
    return say(*lines, choices=[Choice("Xem các lớp", "/lop")])


def class_not_begun(held: TrainingClass) -> Reply:
    return say(f"{_called(held)} chưa khai giảng nên chưa kết thúc được.")


def class_is_empty(held: TrainingClass) -> Reply:
    return say(f"{_called(held)} chưa có ai đăng ký nên không có gì để ghi.")


def classes_shown(
    rolls: Sequence[Roll],
    more: int,
    yields: Sequence[tuple[TrainingClass, Yield]],
    *,
    wanted: Fraction,
    may_open: bool,
) -> Reply:
    """The classes to come with their seats, then those that are over with how many of the trained were admitted."""
    lines: list[Line] = [line(bold("Lớp bồi dưỡng nhận thức về Đảng"))]
    lines += [line(f"• {_called(roll.of)}: {_seats(roll)}") for roll in rolls[:SHOWN]]
    if more:
        lines.append(line(f"và {grouped(more)} lớp nữa."))
    if not rolls:
        lines.append(line("Chưa có lớp nào đang mở."))
    if yields:
        lines.append(line("Đã xong:"))
        lines += [line(f"• {_called(held)}: {_admitted(came_of, wanted)}") for held, came_of in yields[:SHOWN]]
    if may_open:
        lines.append(line(f"Mở lớp: {EXAMPLE}"))
    choices = [Choice(f"Xem lớp {roll.of.id}", f"/lop {roll.of.id}") for roll in rolls[:4]]
    choices.append(Choice("Xem ai chưa kết nạp", "/lop chưa kết nạp"))
    return say(*lines, choices=[*choices, Choice("Xem tỷ lệ kết nạp", "/lop tỷ lệ")])


def class_shown(
    roll: Roll, by_unit: Sequence[tuple[Unit, int]], *, may_end: bool, may_enter: bool, waiting: bool
) -> Reply:
    lines = [line(bold(f"Lớp {roll.of.id}"), f" · {roll.of.place} · {_days(roll.of)}"), line(_seats(roll))]
    lines += [line(f"• {unit.name}: {grouped(count)}") for unit, count in by_unit[:30]]
    if len(by_unit) > 30:
        lines.append(line(f"và {grouped(len(by_unit) - 30)} chi bộ nữa."))
    choices: list[Choice] = []
    if may_end:
        choices.append(Choice("Kết thúc lớp", f"/lop {roll.of.id} kết thúc"))
    if waiting:
        choices.append(Choice("Nhận người chờ", f"/lop {roll.of.id} nhận chờ"))
    if may_enter:
        choices.append(Choice("Đăng ký cả danh sách", f"/lop {roll.of.id} đăng ký cả danh sách"))
    return say(*lines, choices=choices)


def class_over(held: TrainingClass, came_of: Yield, *, absent: int, wanted: Fraction) -> Reply:
    assert held.certificate_on is not None
    head = line(bold(f"Lớp {held.id}"), f" · {held.place} · {_days(held)}")
    if came_of.trained == 0:
        return say(head, f"Lớp đã hủy ngày {show(held.certificate_on)}.")
    return say(
        head,
        f"Giấy chứng nhận ngày {show(held.certificate_on)}: {grouped(came_of.trained)} người; "
        f"không học đủ: {grouped(absent)}.",
        f"{sentence_case(_admitted(came_of, wanted))}.",
    )


def which_list_to_enrol(class_id: int, options: Sequence[Unit]) -> Reply:
    choices = [unit_choice(unit, f"/lop {class_id} đăng ký cả danh sách") for unit in options]
    return say("Đăng ký danh sách của đơn vị nào?", choices=choices)


def nobody_to_enrol(held: TrainingClass) -> Reply:
    return say(f"Không còn ai để đăng ký vào lớp {held.id}: đã đăng ký, đã học rồi, hoặc lớp đã hết chỗ.")


def enrol_card(count: int, roll: Roll) -> Reply:
    seated = min(count, roll.free)
    waits = f", {grouped(count - seated)} người vào danh sách chờ" if count > seated else ""
    return say(
        f"Đăng ký {grouped(count)} người vào lớp {roll.of.id}: {grouped(seated)} người có chỗ{waits}.",
        "Lưu chứ?",
        choices=[SAVE, DROP],
    )


def enrolled(rows: Sequence[Candidate], roll: Roll, *, already: int) -> Reply:
    """Who has a seat, and who waits as which in the row."""
    seated, waiting = rows[: roll.free], rows[roll.free :]
    lines: list[Line] = []
    if seated:
        lines.append((*line("Đã đăng ký "), *_people(seated), *line(f" vào {_class(roll.of)}.")))
        left = roll.free - len(seated)
        lines.append(line(f"Lớp còn {grouped(left)}/{grouped(roll.of.seats)} chỗ."))
    if waiting:
        first, last = len(roll.waiting) + 1, len(roll.waiting) + len(waiting)
        place = f"thứ {grouped(first)}" if first == last else f"thứ {grouped(first)} đến {grouped(last)}"
        whole = f"{_called(roll.of)} đã hết chỗ. " if not seated else "Hết chỗ. "
        lines.append((*line(whole), *_people(waiting), *line(f" vào danh sách chờ, {place}.")))
    if already:
        lines.append(line(f"{grouped(already)} người đã có trong lớp từ trước."))
    return say(*lines, choices=[Choice(f"Xem lớp {roll.of.id}", f"/lop {roll.of.id}")])


def already_in_class(rows: Sequence[Candidate], roll: Roll, elsewhere: Mapping[int, Roll]) -> Reply:
    other = next((elsewhere[row.id] for row in rows if row.id in elsewhere), roll)
    waiting = {one.candidate_id for one in roll.waiting}
    is_waiting = all(row.id in waiting for row in rows)
    how = "đang trong danh sách chờ của" if is_waiting else "đã có chỗ ở"
    return say((*_people(rows), *line(f" {how} lớp {other.of.id} ({_days(other.of)}) rồi, không ghi thêm.")))


def who_was_absent(
    held: TrainingClass,
    count: int,
    shown: Sequence[Candidate],
    absent: Sequence[Candidate],
    *,
    page: int,
    pages: int,
) -> Reply:
    """Everybody came, but for those tapped."""
    lines: list[Line] = [line(bold(f"Kết thúc lớp {held.id}"), f" · {grouped(count)} người có chỗ")]
    if absent:
        lines.append((*line("Không học đủ: "), *joined([CandidateName(row.id) for row in absent]), *line(".")))
    lines.append(line("Bấm hoặc gõ tên ai không học đủ (bấm lại để bỏ dấu). Đủ cả thì bấm Xong."))
    if pages > 1:
        lines.append(line(f"trang {page}/{pages}"))
    marked = {row.id for row in absent}
    choices = [Choice("✗ " if row.id in marked else "Vắng ", pick(row.id), row.id) for row in shown]
    if pages > 1:
        choices.append(Choice("Xem tiếp", LATER))
    return say(*lines, choices=[*choices, Choice("Xong", DONE), DROP])


def nobody_came(held: TrainingClass) -> Reply:
    return say(
        f"Lớp {held.id}: ai cũng bị đánh dấu không học đủ, nên không có giấy chứng nhận nào để ghi.",
        "Gõ tên ai đã học đủ để bỏ dấu.",
        choices=[DROP],
    )


def certificates_when(held: TrainingClass, *, today: date, untimely: Untimely | None = None) -> Reply:
    match untimely:
        case Untimely.FUTURE:
            head = "Ngày cấp chưa tới. "
        case Untimely.TOO_EARLY:
            head = f"Lớp đến {show(held.ends_on)} mới bế giảng. "
        case None:
            head = ""
    choices = [Choice(show(held.ends_on), show(held.ends_on))] if held.ends_on <= today else []
    return say(f"{head}Giấy chứng nhận của lớp {held.id} cấp ngày nào, một ngày cho cả lớp?", choices=[*choices, DROP])


def ending_card(
    held: TrainingClass, count: int, absent: Sequence[Candidate], certificate_on: date, *, waiting: int
) -> Reply:
    lines: list[Line] = [
        line(bold(f"Kết thúc lớp {held.id}"), f" · {held.place} · {_days(held)}"),
        line(f"Học đủ: {grouped(count - len(absent))}/{grouped(count)} người."),
        line(f"Giấy chứng nhận cấp ngày: {show(certificate_on)}"),
    ]
    if absent:
        lines.append((*line("Không học đủ: "), *joined([CandidateName(row.id) for row in absent]), *line(".")))
    if waiting:
        lines.append(line(f"{grouped(waiting)} người chờ sẽ đợi lớp sau."))
    return say(*lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP])


def class_ended(held: TrainingClass, certified: int, absent: int, *, waiting: int) -> Reply:
    assert held.certificate_on is not None
    missed = f" {grouped(absent)} người không học đủ, có thể đăng ký lớp sau." if absent else ""
    certificates = f"{grouped(certified)} người có giấy chứng nhận ngày {show(held.certificate_on)}"
    lines = [f"Đã ghi kết thúc lớp {held.id}: {certificates}.{missed}"]
    if waiting:
        lines.append(f"{grouped(waiting)} người còn chờ: mở lớp mới rồi bấm Nhận người chờ.")
    return say(*lines, choices=[Choice("Xem ai chưa kết nạp", "/lop chưa kết nạp")])


def which_unit_of_trained(options: Sequence[Unit]) -> Reply:
    return say(
        "Xem người đã học lớp của đơn vị nào?", choices=[unit_choice(one, "/lop chưa kết nạp") for one in options]
    )


def which_unit_for_share(options: Sequence[Unit]) -> Reply:
    return say("Xem tỷ lệ của đơn vị nào?", choices=[unit_choice(one, "/lop tỷ lệ") for one in options])


def trained_not_admitted(
    unit: Unit,
    below: Mapping[int, Unit],
    shown: Sequence[tuple[Candidate, date | None]],
    counts: Mapping[int, int],
    *,
    page: int,
    pages: int,
    today: date,
) -> Reply:
    """By branch, with the last day of each certificate."""
    if not shown:
        return say(f"{unit.name}: không có ai đã học lớp mà chưa kết nạp.")
    total = sum(counts.values())
    lines: list[Line] = [
        line(bold("Đã học lớp, chưa kết nạp"), f" · {unit.name} · {grouped(total)} người · {show(today)}")
    ]
    for unit_id in dict.fromkeys(row.unit_id for row, _ in shown):
        lines.append(line(f"{below[unit_id].name}: {grouped(counts[unit_id])}"))
        lines += [
            (Text("• "), CandidateName(row.id), Text(f", {_valid(until, today)}"))
            for row, until in shown
            if row.unit_id == unit_id
        ]
    if pages == 1:
        return say(*lines)
    lines.append(line(f"trang {page}/{pages}"))
    following = [Choice("Xem tiếp", f"/lop chưa kết nạp {unit.code} trang {page + 1}")] if page < pages else []
    return say(*lines, choices=following)


def _valid(until: date | None, today: date) -> str:
    if until is None:
        return "chưa rõ ngày cấp giấy chứng nhận"
    return f"giấy chứng nhận đã hết hạn {show(until)}" if until < today else f"giấy chứng nhận còn đến {show(until)}"


def trained_share(unit: Unit, whole: Yield, each: Sequence[tuple[Unit, Yield]], *, wanted: Fraction) -> Reply:
    """Of those with a certificate how many were admitted, the unit first; who has trained nobody is left out."""
    lines: list[Line] = [
        line(bold("Học lớp rồi được kết nạp"), f" · {unit.name} · cần ít nhất {_percent(wanted)}"),
        line(sentence_case(_admitted(whole, wanted)) + "."),
    ]
    told = sorted(
        ((one, came_of) for one, came_of in each if came_of.trained),
        key=lambda pair: (Fraction(pair[1].admitted, pair[1].trained), pair[0].code),
    )
    lines += [line(f"• {one.name}: {_admitted(came_of, wanted)}") for one, came_of in told[:30]]
    if len(told) > 30:
        lines.append(line(f"và {grouped(len(told) - 30)} đơn vị nữa."))
    return say(*lines, choices=[Choice("Xem ai chưa kết nạp", f"/lop chưa kết nạp {unit.code}")])
