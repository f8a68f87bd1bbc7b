"""Sentences about joining: asking for a post, deciding on it, and who has joined."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.messages import Choice, Line, PersonName, Reply, line
from domain.people import Role
from domain.units import Unit
from language.days import show
from language.wording.terms import DROP, EDIT, ROLES, bold, say, unit_choice

ASKED_FOR = (Role.SECRETARY, Role.COMMITTEE, Role.MONITOR, Role.ORGANISER, Role.INTRODUCER)
ASK_TO_JOIN = Choice("Xin tham gia", "xin tham gia")
DECISIONS = (Choice("Đồng ý", "đồng ý"), Choice("Từ chối", "không đồng ý"))


def your_name() -> Reply:
    return say("Đồng chí cho biết họ và tên, ví dụ: Nguyễn Văn A", choices=[DROP])


def full_name_please() -> Reply:
    return say("Đồng chí gõ đủ họ và tên, chỉ họ tên thôi.", choices=[DROP])


def your_role() -> Reply:
    choices = [Choice(ROLES[role].capitalize(), ROLES[role]) for role in ASKED_FOR]
    return say("Đồng chí giữ nhiệm vụ gì?", choices=[*choices, DROP])


def your_unit() -> Reply:
    return say("Ở đơn vị nào? Gõ cả tên đơn vị cấp trên, ví dụ: chi bộ thôn 1 xã A", choices=[DROP])


def request_to_send(person_id: int, role: Role, unit_said: str) -> Reply:
    return say(
        line(bold("Xin tham gia")),
        line("Họ tên: ", PersonName(person_id)),
        line(f"Nhiệm vụ: {ROLES[role]}"),
        line(f"Đơn vị: {unit_said}"),
        line("Máy giữ những điều này để cấp trên xem và quyết định; không được duyệt thì xóa."),
        choices=[Choice("Gửi", "gửi đi"), EDIT, DROP],
    )


def request_sent() -> Reply:
    return say("Đã nhận đề nghị. Có trả lời tôi báo ngay, chậm nhất 7 ngày.")


def request_waits() -> Reply:
    return say("Đề nghị của đồng chí đang chờ cấp trên xem. Có mã mời thì gõ mã vào đây.")


def request_dropped() -> Reply:
    return say("Đã bỏ, không giữ lại gì. Khi cần, gõ: xin tham gia")


def too_many_requests() -> Reply:
    return say("Hôm nay chưa nhận thêm đề nghị được. Đồng chí gửi lại ngày mai, hoặc xin mã mời ở cấp trên.")


def chat_is_locked() -> Reply:
    return say("Máy này đã bị khóa. Muốn dùng lại, đồng chí xin mã mới ở cấp trên rồi gõ mã vào đây.")


def standing_in_is_over(role: Role, unit: Unit | None, until: date, holder_id: int | None) -> Reply:
    """To somebody who writes after their time; `holder_id` is whose place it was, if it is theirs again."""
    post = f"{ROLES[role]}, {unit.name}" if unit is not None else ROLES[role]
    turn_to = line("đồng chí ", PersonName(holder_id)) if holder_id is not None else line("cấp trên")
    return say(
        f"Đồng chí tạm thay làm {post} đến hết ngày {show(until)}, nay đã hết hạn. Tin vừa gửi không được ghi.",
        (*line("Việc của đơn vị, đồng chí báo "), *turn_to, *line(".")),
        "Cần làm tiếp thì nhờ cấp trên giao lại, hoặc gõ: xin tham gia",
        choices=[ASK_TO_JOIN],
    )


def no_longer_holds() -> Reply:
    return say(
        "Đồng chí không còn giữ nhiệm vụ nào ở đây nên việc này không được ghi.",
        "Nếu có nhầm lẫn, báo cấp trên, hoặc gõ: xin tham gia",
        choices=[ASK_TO_JOIN],
    )


def request_card(
    request_id: int, person_id: int, role: Role, unit: Unit | None, unit_said: str, *, is_known: bool
) -> Reply:
    """To whoever decides. Without a unit the right one is typed first."""
    lines: list[Line] = [
        line(bold(f"Xin tham gia, số {request_id}")),
        line("Họ tên: ", PersonName(person_id)),
        line(f"Nhiệm vụ: {ROLES[role]}"),
    ]
    if is_known:
        lines.append(line("Người này đang dùng sổ với nhiệm vụ khác."))
    if unit is None:
        lines.append(line(f"Không rõ đơn vị: “{unit_said}”"))
        lines.append(line("Đồng chí gõ mã hoặc tên đơn vị đúng, hoặc chọn Từ chối."))
        return say(*lines, choices=[DECISIONS[1]])
    lines.append(line(f"Đơn vị: {unit.name} (mã {unit.code})"))
    lines.append(line("Chỉ đồng ý khi biết chắc người này, ví dụ đã gọi điện hỏi."))
    return say(*lines, choices=DECISIONS)


def which_unit_of_request(options: Sequence[Unit]) -> Reply:
    return say("Đơn vị nào?", choices=[*(Choice(unit.name, unit.code) for unit in options), DECISIONS[1]])


def wrong_kind_of_unit(role: Role, unit: Unit) -> Reply:
    return say(f"{unit.name} không có nhiệm vụ {ROLES[role]}. Đồng chí gõ đơn vị khác.", choices=[DECISIONS[1]])


def request_over(decided_by: int | None) -> Reply:
    if decided_by is None:
        return say("Đề nghị này không còn chờ nữa.")
    return say(line("Đề nghị này đồng chí ", PersonName(decided_by), " đã xử lý rồi."))


def no_request() -> Reply:
    return say("Không có đề nghị nào như vậy trong phạm vi của đồng chí.")


def request_approved(person_id: int, role: Role, unit: Unit) -> Reply:
    return say(line("Đã nhận đồng chí ", PersonName(person_id), f" làm {ROLES[role]}, {unit.name}."))


def request_refused() -> Reply:
    return say("Đã từ chối. Tên người xin không giữ lại.")


def your_request_refused() -> Reply:
    return say("Đề nghị của đồng chí không được duyệt. Cần hỏi thêm, đồng chí liên hệ cấp ủy cấp trên.")


def your_request_expired() -> Reply:
    return say("Đề nghị của đồng chí đã quá 7 ngày chưa có người duyệt nên hết hạn. Cần thì đồng chí xin lại nhé.")


def requests_listed(rows: Sequence[tuple[int, int, Role, date]]) -> Reply:
    """Those that wait: number, person, role, since when."""
    if not rows:
        return say("Không có ai đang xin tham gia.")
    lines = [
        line(f"• số {number}: ", PersonName(person_id), f", {ROLES[role]}, gửi ngày {show(day)}")
        for number, person_id, role, day in rows[:20]
    ]
    choices = [Choice(f"Xem số {number}", f"/moi đề nghị {number}") for number, *_ in rows[:6]]
    return say(line(bold("Đang xin tham gia")), *lines, choices=choices)


PRESENCES: Mapping[str, str] = {
    "joined": "đã tham gia",
    "unreachable": "không nhắn tới được",
    "invited": "đã mời, chưa vào",
    "expired": "đã mời, chưa vào, mã hết hạn",
    "never": "chưa mời",
}


def people_listed(
    unit: Unit,
    rows: Sequence[tuple[Unit, Sequence[tuple[Role, int | None, str, date | None]]]],
    counts: Mapping[str, int],
    vacant: int,
    *,
    only_missing: bool,
    page: int,
    pages: int,
    requests: int,
) -> Reply:
    """Who answers for what below a unit, and how each stands to the bot; units without anybody are said too."""
    total = ", ".join(f"{PRESENCES[key]} {counts[key]}" for key in PRESENCES if counts.get(key))
    lines: list[Line] = [line(bold(f"Người dùng của {unit.name}"), f" · {total or 'chưa có ai'}")]
    if vacant:
        lines.append(line(f"Đơn vị chưa có ai phụ trách: {vacant}"))
    for one, held in rows:
        lines.append(line(bold(one.name)))
        if not held:
            lines.append(line("• chưa có ai"))
        for role, person_id, presence, until in held:
            term = f", đến {show(until)}" if until else ""
            who = line(PersonName(person_id)) if person_id is not None else line("ai có mã")
            lines.append((*line("• "), *who, *line(f", {ROLES[role]}{term}: {PRESENCES[presence]}")))
    if not rows:
        lines.append(line("Ai cũng đã tham gia." if only_missing else "Chưa có đơn vị nào."))
    choices: list[Choice] = []
    if pages > 1:
        lines.append(line(f"trang {page}/{pages}"))
    command = "/moi chưa tham gia" if only_missing else "/moi danh sách"
    if page < pages:
        choices.append(Choice("Xem tiếp", f"{command} {unit.code} trang {page + 1}"))
    if not only_missing:
        choices.append(Choice("Ai chưa tham gia", f"/moi chưa tham gia {unit.code}"))
    if requests:
        lines.append(line(f"Đang xin tham gia: {requests}"))
        choices.append(Choice("Xem đề nghị", "/moi đề nghị"))
    return say(*lines, choices=choices)


def which_unit_of_people(options: Sequence[Unit], *, only_missing: bool) -> Reply:
    command = "/moi chưa tham gia" if only_missing else "/moi danh sách"
    return say("Xem người dùng của đơn vị nào?", choices=[unit_choice(unit, command) for unit in options])
