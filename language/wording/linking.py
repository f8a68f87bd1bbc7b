"""Sentences about one person in several chats: linked by a code, unlinked, and where letters go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.messages import Choice, Line, PersonName, Reply, line
from language.days import show
from language.filling import pick
from language.wording.terms import DROP, bold, say

CHANNELS = {"telegram": "Telegram", "zalo": "Zalo", "trial": "máy thử"}
UNLINK = Choice("Gỡ một nơi", "/lienket gỡ")
LAST_USED = Choice("Nhắc ở nơi dùng gần nhất", "/lienket nhắc nơi dùng gần nhất")


def link_code(
    code: str, link: str, until: datetime, here: str, chats: Sequence[tuple[str, datetime, bool]], preferred: str
) -> Reply:
    """`chats`: of each its channel, when it was last heard, and whether it is the one in which this is said."""
    lines: list[Line] = [
        line("Mã liên kết: ", bold(f"{code[:4]} {code[4:]}")),
        line(f"Đồng chí mở bot này ở máy kia (Zalo hoặc Telegram), gõ mã vào là xong. Mã dùng một lần, đến {until:%H:%M}."),
        line("Không đưa mã cho ai: ai gõ mã sẽ dùng sổ với tên đồng chí."),
    ]  # fmt: skip
    if link and here != "telegram":
        lines.append(line(f"Ở Telegram thì chỉ cần bấm: {link}"))
    if len(chats) == 1:
        return say(*lines)
    lines.append(line(bold("Đang nối:")))
    lines += [
        line(f"• {chat_place(channel, heard)}{' (máy này)' if is_here else ''}")
        for channel, heard, is_here in chats[:8]
    ]
    told = f"Nhắc việc gửi qua {channel_name(preferred)}." if preferred else "Nhắc việc gửi tới nơi dùng gần nhất."
    choices = [LAST_USED if preferred else Choice("Nhắc ở đây", "/lienket nhắc ở đây"), UNLINK]
    return say(*lines, told, choices=choices)


def channel_name(channel: str) -> str:
    return CHANNELS.get(channel, channel)


def chat_place(channel: str, heard: datetime) -> str:
    return f"{channel_name(channel)}, nhắn lần cuối {show(heard.date())} {heard:%H:%M}"


def chat_linked(person_id: int) -> Reply:
    return say(
        line("Đã nhận: máy này cũng là của đồng chí ", PersonName(person_id), "."),
        "Việc và số liệu ở các máy là một; nhắc việc chỉ gửi một nơi. Muốn gỡ hoặc chọn nơi nhắc, gõ /lienket",
        menu=True,
    )


def your_chat_was_linked(channel: str) -> Reply:
    return say(
        f"Vừa nối thêm một máy dùng {channel_name(channel)} vào tên đồng chí. Không phải đồng chí nối thì gõ /khoa ngay."
    )


def type_it_elsewhere() -> Reply:
    return say("Mã này để gõ ở máy chưa nối. Máy này đã là của đồng chí rồi, không cần gõ.")


def take_chat_card(person_id: int, *, is_only: bool) -> Reply:
    lines: list[Line] = [
        line(bold("Đổi người dùng máy này")),
        line("Máy này đang là của đồng chí ", PersonName(person_id), ". Mã vừa gõ là của người khác."),
        line("Chuyển thì máy này theo người đưa mã; nhiệm vụ của người đang dùng không chuyển theo."),
    ]
    if is_only:
        lines.append(line("Người đang dùng sẽ không còn máy nào; muốn vào lại phải xin mã mới."))
    return say(*lines, "Chuyển chứ?", choices=[Choice("Chuyển", "đồng ý"), DROP])


def your_chat_was_taken(channel: str) -> Reply:
    return say(
        f"Một máy dùng {channel_name(channel)} của đồng chí vừa chuyển cho người khác. Nếu nhầm, đồng chí báo cấp trên."
    )


def only_chat() -> Reply:
    return say("Đồng chí chỉ nối một máy này nên không gỡ được. Thôi dùng hẳn thì báo cấp trên.")


def which_chat_to_unlink(chats: Sequence[tuple[int, str, datetime, bool]]) -> Reply:
    choices = [
        Choice(f"{chat_place(channel, heard)}{' (máy này)' if is_here else ''}", pick(contact_id))
        for contact_id, channel, heard, is_here in chats
    ]
    return say("Gỡ máy nào?", choices=[*choices, DROP])


def unlink_card(channel: str, heard: datetime, *, is_here: bool) -> Reply:
    which = f"{chat_place(channel, heard)}{' (chính máy này)' if is_here else ''}"
    return say(
        line(bold("Gỡ máy"), f": {which}"),
        line("Máy ấy thôi nhận tin và thôi ghi được; số liệu giữ nguyên. Muốn dùng lại thì gõ /lienket."),
        "Gỡ chứ?",
        choices=[Choice("Gỡ", "đồng ý"), DROP],
    )


def chat_unlinked(channel: str, *, is_here: bool) -> Reply:
    if is_here:
        return say("Đã gỡ máy này. Muốn dùng lại, gõ /lienket ở máy kia rồi gõ mã vào đây.")
    return say(f"Đã gỡ một máy dùng {channel_name(channel)}. Từ nay máy ấy không còn là của đồng chí.")


def your_chat_was_unlinked(channel: str) -> Reply:
    return say(
        f"Vừa gỡ một máy dùng {channel_name(channel)} khỏi tên đồng chí. Không phải đồng chí gỡ thì gõ /khoa ngay."
    )


def no_such_chat(channel: str) -> Reply:
    said = (
        f"Đồng chí chưa nối {channel_name(channel)}."
        if channel in CHANNELS
        else "Đồng chí nói rõ nhắc ở đâu giúp: Zalo, Telegram hay ở đây."
    )
    return say(said, choices=[Choice("Nối thêm máy", "/lienket")])


def letters_wanted(channel: str, *, has_others: bool) -> Reply:
    name = channel_name(channel)
    if not has_others:
        return say(f"Đồng chí chỉ nối một máy nên nhắc việc vẫn gửi qua {name} này.")
    return say(f"Từ nay nhắc việc gửi qua {name}. Không gửi được qua đó thì gửi nơi khác.", choices=[LAST_USED])


def letters_where_last_used() -> Reply:
    return say("Từ nay nhắc việc gửi tới nơi đồng chí dùng gần nhất.")


def joined_elsewhere() -> Reply:
    return say(
        "Mã này không dùng được nữa: người được mời đã vào sổ ở máy khác.",
        "Nếu là đồng chí: mở máy ấy, gõ /lienket, rồi gõ mã mới vào đây.",
    )


def with_link_hint(reply: Reply) -> Reply:
    """The welcome of somebody to a post that another holds too, who may be the same person on another phone."""
    said = (
        "Nhiệm vụ này đã có người dùng sổ. Nếu chính là đồng chí ở máy khác: mở máy ấy, gõ /lienket, rồi gõ mã vào đây."
    )
    return replace(reply, lines=(*reply.lines, line(said)))
