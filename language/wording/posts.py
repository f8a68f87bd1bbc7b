"""Sentences about posts and those who hold them: handed over, held for a time, chats locked, people out of reach."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.budget import Opening
from domain.messages import Choice, Line, PersonName, Reply, line
from domain.people import Role
from domain.units import Unit
from language.days import show
from language.filling import pick
from language.wording.linking import chat_place
from language.wording.terms import DROP, ROLES, SAVE, bold, joined, opened, say, unit_choice

PEOPLE_SHOWN = 12
PLACES_SHOWN = 2


def cannot_be_reached(person_id: int, unit: Unit, since: date, deputy_id: int | None) -> Reply:
    """To the level above, once for each time that somebody closes every chat."""
    lines = [
        line("Từ ", show(since), " tin gửi đồng chí ", PersonName(person_id), f" ({unit.name}) không tới được."),
    ]
    if deputy_id is not None:
        lines.append(line("Thư của đơn vị tạm gửi đồng chí ", PersonName(deputy_id), "."))
    lines.append(line("Nhờ đồng chí hỏi lại. Nếu mất máy, khóa máy cũ và lấy mã mới ở nút dưới."))
    return say(*lines, choices=[Choice("Khóa máy cũ", f"/khoa {unit.code}")])


def no_post_to_hand_over() -> Reply:
    return say("Ở đây không có nhiệm vụ nào mà đồng chí bàn giao được.")


def which_post(posts: Sequence[tuple[int, Role, Unit, int]]) -> Reply:
    """Which of several posts; unit and holder are said with each where they differ."""
    _, _, one, _ = posts[0]
    is_one_unit = len({unit.id for _, _, unit, _ in posts}) == 1
    is_one_holder = len({holder for _, _, _, holder in posts}) == 1
    choices = [
        Choice(
            ROLES[role].capitalize() + ("" if is_one_unit else f", {unit.name}") + ("" if is_one_holder else ": "),
            pick(post_id),
            person_id=None if is_one_holder else holder,
        )
        for post_id, role, unit, holder in posts
    ]
    return say(f"Nhiệm vụ nào ở {one.name}?" if is_one_unit else "Nhiệm vụ nào?", choices=[*choices, DROP])


def which_unit_to_hand_over(options: Sequence[Unit]) -> Reply:
    return say("Bàn giao nhiệm vụ ở đơn vị nào?", choices=[unit_choice(unit, "/bangiao") for unit in options])


def to_whom(role: Role, unit: Unit | None, *, for_a_time: bool) -> Reply:
    what = "Ai tạm thay" if for_a_time else "Bàn giao cho ai"
    return say(f"{what} làm {_post(role, unit)}? Gõ đủ họ và tên.", choices=[DROP])


def until_when() -> Reply:
    return say("Tạm thay đến hết ngày nào? Ví dụ: 30/11. Lâu nhất là một năm.", choices=[DROP])


def holds_it_already() -> Reply:
    return say("Người này đang giữ nhiệm vụ ấy rồi. Đồng chí gõ tên người khác.", choices=[DROP])


def which_successor(found: Sequence[tuple[int, Sequence[str]]]) -> Reply:
    return _which_person("Người nào?", found)


def _which_person(asked: str, found: Sequence[tuple[int, Sequence[str]]]) -> Reply:
    lines = [line(asked)]
    if len(found) > PEOPLE_SHOWN:
        lines.append(line(f"và {len(found) - PEOPLE_SHOWN} người nữa: gõ thêm tên đơn vị."))
    return say(*lines, choices=[*(_person(*one) for one in found[:PEOPLE_SHOWN]), DROP])


def _person(person_id: int, places: Sequence[str]) -> Choice:
    """Namesakes are told apart by where they answer for something."""
    more = f" và {len(places) - PLACES_SHOWN} nơi khác" if len(places) > PLACES_SHOWN else ""
    shown = ", ".join(places[:PLACES_SHOWN]) + more if places else "Chưa giữ nhiệm vụ"
    return Choice(f"{shown}: ", pick(person_id), person_id=person_id)


def hand_over_card(
    holder_id: int, successor_id: int, role: Role, unit: Unit | None, until: date | None, *, is_new: bool
) -> Reply:
    title = "Bàn giao" if until is None else "Tạm thay"
    lines: list[Line] = [
        line(bold(title), f": {_post(role, unit)}"),
        line("Người giao: ", PersonName(holder_id)),
        line("Người nhận: ", PersonName(successor_id)),
    ]
    if until is None:
        lines.append(line("Từ hôm nay người giao không còn ghi và xem được nữa."))
    else:
        lines.append(
            line(f"Đến hết ngày {show(until)}, sau đó quyền tự hết. Thư nhắc trong thời gian ấy gửi người thay.")
        )
    if is_new:
        lines.append(line("Người nhận chưa dùng sổ: lưu xong sẽ có mã mời để gửi riêng."))
    return say(*lines, "Lưu chứ?", choices=[SAVE, DROP])


def handed_over(
    successor_id: int, role: Role, unit: Unit | None, until: date | None, code: str, way: Opening, good_until: date
) -> Reply:
    done = "Đã bàn giao" if until is None else f"Đến hết ngày {show(until)}, đồng chí thay là"
    middle = f" {_post(role, unit)} cho đồng chí " if until is None else " "
    lines: list[Line] = [line(done, middle, PersonName(successor_id), ".")]
    return say(*lines, *_code(code, way, good_until))


def _code(code: str, way: Opening, good_until: date) -> list[Line]:
    if not code:
        return []
    typed = "; gõ mã vào đây là xong" if way.is_here else ""
    lines = [
        line("Mã mời: ", bold(f"{code[:4]} {code[4:]}")),
        line(f"Dùng một lần, đến hết ngày {show(good_until)}. Gửi riêng cho người đó{typed}."),
    ]
    return [*lines, *opened(way)]


def post_given(giver_id: int, role: Role, unit: Unit | None, until: date | None) -> Reply:
    """To somebody who uses the bot already."""
    term = f" đến hết ngày {show(until)}" if until else ""
    return say(line("Đồng chí ", PersonName(giver_id), f" đã giao đồng chí làm {_post(role, unit)}{term}."))


def post_ended(giver_id: int, successor_id: int, role: Role, unit: Unit | None) -> Reply:
    """To whoever held it, when somebody else handed it over."""
    return say(
        line("Nhiệm vụ ", f"{_post(role, unit)} của đồng chí đã được bàn giao cho đồng chí ", PersonName(successor_id)),
        line("Người ghi bàn giao: ", PersonName(giver_id), ". Nếu nhầm, đồng chí báo cấp trên."),
    )


def post_handed_over(holder_id: int, successor_id: int, role: Role, unit: Unit, until: date | None) -> Reply:
    """To the level above, when the holder handed it over."""
    lines = [
        line("Đồng chí ", PersonName(holder_id), f" đã bàn giao {_post(role, unit)} cho đồng chí ", PersonName(successor_id), f" đến hết ngày {show(until)}." if until else ".")
    ]  # fmt: skip
    if until is not None:
        return say(*lines)
    return say(
        *lines, "Không đúng thì hoàn tác được.", choices=[Choice("Hoàn tác bàn giao", f"/bangiao hoàn tác {unit.code}")]
    )


def take_back_card(old_id: int, new_id: int, role: Role, unit: Unit) -> Reply:
    return say(
        line(bold("Hoàn tác bàn giao"), f": {_post(role, unit)}"),
        line("Thôi: ", PersonName(new_id)),
        line("Giữ lại: ", PersonName(old_id)),
        "Lưu chứ?",
        choices=[SAVE, DROP],
    )


def nothing_to_take_back(unit: Unit) -> Reply:
    return say(f"{unit.name} không có bàn giao nào trong 30 ngày qua để hoàn tác.")


def taken_back(old_id: int, role: Role, unit: Unit) -> Reply:
    return say(line(f"Đã hoàn tác. {_post(role, unit).capitalize()} lại là đồng chí ", PersonName(old_id), "."))


def post_taken_back(giver_id: int, role: Role, unit: Unit, *, is_back: bool) -> Reply:
    end = "Đồng chí giữ lại nhiệm vụ này." if is_back else "Đồng chí không còn giữ nhiệm vụ này."
    return say(line("Đồng chí ", PersonName(giver_id), f" đã hoàn tác bàn giao {_post(role, unit)}. {end}"))


def nothing_changed() -> Reply:
    return say("Đã bỏ, mọi việc giữ nguyên.")


def changed_meanwhile() -> Reply:
    return say("Có thay đổi trong lúc chờ nên chưa ghi gì. Đồng chí làm lại từ đầu giúp.")


def _post(role: Role, unit: Unit | None) -> str:
    return f"{ROLES[role]}, {unit.name}" if unit is not None else ROLES[role]


def no_other_chat(whom_to_call: Sequence[int]) -> Reply:
    lines: list[Line] = [line("Đồng chí chỉ nối một máy này nên không có máy khác để khóa.")]
    if whom_to_call:
        called = joined([PersonName(one) for one in whom_to_call])
        lines.append((*line("Nếu cần khóa chính máy này, gọi đồng chí "), *called, *line(".")))
    return say(*lines)


def nobody_to_lock() -> Reply:
    return say("Trong phạm vi của đồng chí không có ai như vậy đang dùng sổ.", "Gõ /khoa kèm mã đơn vị hoặc họ tên.")


def whose_chat(found: Sequence[tuple[int, Sequence[str]]]) -> Reply:
    return _which_person("Khóa máy của ai?", found)


def which_chat(chats: Sequence[tuple[int, str, datetime]]) -> Reply:
    choices = [Choice(chat_place(channel, heard), pick(contact_id)) for contact_id, channel, heard in chats]
    return say("Khóa máy nào?", choices=[*choices, DROP])


def lock_card(person_id: int, channel: str, heard: datetime) -> Reply:
    return say(
        line(bold("Khóa máy"), " của đồng chí ", PersonName(person_id)),
        line(chat_place(channel, heard)),
        line("Máy ấy mất hết quyền ngay; câu hỏi đang mở và tin chưa gửi bị hủy."),
        line("Lưu xong sẽ có mã mới để người đó vào lại bằng máy khác."),
        "Lưu chứ?",
        choices=[SAVE, DROP],
    )


def chat_locked(person_id: int, code: str, way: Opening, good_until: date) -> Reply:
    return say(line("Đã khóa máy của đồng chí ", PersonName(person_id), "."), *_code(code, way, good_until))


def your_chat_was_locked(by_id: int) -> Reply:
    return say(line("Một máy của đồng chí vừa bị khóa. Người khóa: ", PersonName(by_id), "."))


def nothing_to_announce() -> Reply:
    return say("Đồng chí gõ cả nội dung sau dấu hai chấm, ví dụ:", "thông báo cho các bí thư: 14 giờ mai họp ở xã")


def too_long_to_announce(most: int) -> Reply:
    return say(f"Thông báo dài quá {most} chữ cái. Đồng chí viết ngắn lại giúp.")


def nobody_to_announce_to(unit: Unit) -> Reply:
    return say(f"Dưới {unit.name} chưa có bí thư nào để gửi.")


def which_unit_to_announce(options: Sequence[Unit]) -> Reply:
    names = ", ".join(unit.name for unit in options)
    return say(
        f"Gửi các bí thư của đơn vị nào: {names}?",
        "Gõ lại, ví dụ: thông báo cho các bí thư ở " + options[0].name + ": …",
    )


def announcement_card(unit: Unit, words: str, count: int, missing: int) -> Reply:
    lines: list[Line] = [line(bold(f"Thông báo cho {count} bí thư"), f", {unit.name}:"), *map(line, words.splitlines())]
    if missing:
        lines.append(line(f"{missing} người chưa tham gia hoặc không nhắn tới được: thư chờ đến khi có máy."))
    return say(*lines, "Lưu chứ?", choices=[Choice("Lưu", "lưu"), DROP])


def announcement(author_id: int, unit: Unit, words: str) -> Reply:
    return say(
        line(bold("Thông báo"), f" của {unit.name}, đồng chí ", PersonName(author_id), " gửi:"),
        *map(line, words.splitlines()),
    )


def announced(number: int, count: int, missing: int, when: datetime, now: datetime) -> Reply:
    begins = "bắt đầu gửi ngay" if when <= now else f"gửi từ {when:%H:%M} ngày {show(when.date())}"
    lines = [f"Đã nhận thông báo số {number} cho {count} đồng chí, {begins}."]
    if missing:
        lines.append(f"{missing} đồng chí chưa nhắn tới được.")
    return say(*lines, choices=[Choice("Đã gửi bao nhiêu", f"đã gửi bao nhiêu {number}")])


def announcement_stands(number: int, day: date, sent: int, waiting: int, unreachable: int, missed: int) -> Reply:
    parts = [f"đã gửi {sent}"]
    parts += [f"đang chờ {waiting}"] if waiting else []
    parts += [f"chưa nhắn tới được {unreachable}"] if unreachable else []
    parts += [f"không gửi được {missed}"] if missed else []
    choices = [Choice("Xem lại", f"đã gửi bao nhiêu {number}")] if waiting else []
    return say(f"Thông báo số {number}, ngày {show(day)}: {', '.join(parts)}.", choices=choices)


def no_announcement() -> Reply:
    return say("Không có thông báo nào như vậy của đồng chí. Gõ kèm số, ví dụ: đã gửi bao nhiêu 3")
