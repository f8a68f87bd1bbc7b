"""Sentences about the bot itself: incidents as they begin and end, and its state for admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.budget import Plan, Thrift, Usage, percent, thrift
from domain.calendar import office_time
from domain.incidents import Incident, IncidentKind
from domain.messages import Reply, line
from domain.quotas import grouped
from language.days import show
from language.wording.terms import bold, say

_WHAT: dict[IncidentKind, str] = {
    IncidentKind.POLLER_SILENT: "không nghe được tin nhắn của {key}",
    IncidentKind.CHANNEL_REFUSED: "nền tảng từ chối mã truy cập của {key}",
    IncidentKind.CHANNEL_CONFLICT: "có chương trình khác cùng nhận tin của {key}",
    IncidentKind.WEBHOOK_FAILING: "nền tảng không chuyển được tin của {key} tới máy chủ",
    IncidentKind.TICK_MISSED: "bộ hẹn giờ đứng, thư nhắc chưa được lập",
    IncidentKind.INBOX_OLD: "tin gửi tới chưa được xử lý đã {amount} phút",
    IncidentKind.OUTBOX_OLD: "câu trả lời chưa gửi đi được đã {amount} phút",
    IncidentKind.LETTERS_OLD: "thư nhắc chưa gửi đi được đã {amount} phút",
    IncidentKind.DISK_LOW: "ổ đĩa của máy {key} chỉ còn {amount} MB",
    IncidentKind.DATABASE_TROUBLE: "không ghi được vào cơ sở dữ liệu",
    IncidentKind.COUNTERS_DIFFER: "đếm lại thấy {amount} số liệu không khớp với các bản ghi",
    IncidentKind.AUDIT_BROKEN: "nhật ký thay đổi không còn nguyên vẹn từ dòng {amount}",
    IncidentKind.BACKUP_FAILED: "bản sao lưu đêm qua không thành",
}
_REMEDY: dict[IncidentKind, str] = {
    IncidentKind.POLLER_SILENT: "Xem mạng và máy chủ; chạy lệnh doctor.",
    IncidentKind.CHANNEL_REFUSED: "Đặt lại mã truy cập (token) rồi khởi động lại.",
    IncidentKind.CHANNEL_CONFLICT: "Tắt chương trình kia, hoặc gỡ webhook cũ.",
    IncidentKind.WEBHOOK_FAILING: "Xem địa chỉ công khai, chứng chỉ và máy chủ trung gian.",
    IncidentKind.TICK_MISSED: "Khởi động lại; xem nhật ký.",
    IncidentKind.INBOX_OLD: "Xem nhật ký; chạy lệnh doctor.",
    IncidentKind.OUTBOX_OLD: "Xem mạng và nền tảng; chạy lệnh doctor.",
    IncidentKind.LETTERS_OLD: "Xem mạng và nền tảng; chạy lệnh doctor.",
    IncidentKind.DISK_LOW: "Dọn ổ đĩa trước khi đầy.",
    IncidentKind.DATABASE_TROUBLE: "Xem ổ đĩa và cơ sở dữ liệu.",
    IncidentKind.COUNTERS_DIFFER: "Chạy lệnh verify. Máy không tự sửa số liệu.",
    IncidentKind.AUDIT_BROKEN: "Chạy lệnh verify và giữ nguyên hiện trạng.",
    IncidentKind.BACKUP_FAILED: "Xem chỗ trống và quyền ghi của thư mục sao lưu.",
}


@dataclass(frozen=True, slots=True)
class SystemState:
    """What an admin may see: counts and ages in minutes, nobody's name. None: never, or nothing waits."""

    accounts: Sequence[tuple[str, int | None]]
    tick_minutes: int | None
    heard_minutes: int | None
    reply_minutes: int | None
    letter_minutes: int | None
    backup_hours: int | None
    disks: Sequence[tuple[str, int]]
    incidents: Sequence[Incident]
    bots: Sequence["BotState"] = ()


@dataclass(frozen=True, slots=True)
class BotState:
    """A bot whose platform counts: messages of the month, and how many people have a place there."""

    usage: Usage
    plan: Plan
    people: int


def messages_run_out(usage: Usage, plan: Plan) -> Reply:
    """How far they are used up, what the machine does about it, and what the office can do."""
    saving = (
        "Từ nay đến hết tháng, máy chỉ trả lời khi có người nhắn; thư nhắc và bản tổng hợp tạm chờ."
        if thrift(usage, plan) is Thrift.ANSWERS_ONLY
        else "Máy bắt đầu tiết kiệm: bản tổng hợp rút ngắn, nhiều câu trả lời gộp làm một, "
        "thư nhắc gửi qua kênh khác cho ai có cả hai."
    )
    return say(
        line(bold("Tin nhắn trong tháng sắp hết")),
        f"{_used(usage, plan)}.",
        saving,
        "Nếu nâng gói, quản trị ghi số tin mới vào office.toml rồi khởi động lại.",
    )


def _used(usage: Usage, plan: Plan) -> str:
    return (
        f"{usage.of.key} tháng {usage.of.month.month}: "
        f"{grouped(usage.used)}/{grouped(plan.messages_a_month)} tin ({percent(usage, plan)}%)"
    )


def _bot(bot: BotState) -> str:
    counted = f"nhận {grouped(bot.usage.heard)}, gửi {grouped(bot.usage.said)}"
    return f"{_used(bot.usage, bot.plan)}, {counted}; {bot.people}/{bot.plan.people} người"


def incident(found: Incident) -> Reply:
    what = _what(found)
    if found.closed_at is not None:
        return say(
            line(bold("Đã hết sự cố")),
            f"{_capital(what)}: từ {_moment(found.opened_at)} đến {_moment(found.closed_at)}.",
        )
    return say(line(bold("Sự cố của máy")), f"{_capital(what)}, từ {_moment(found.opened_at)}.", _REMEDY[found.kind])


def system_state(state: SystemState, now: datetime) -> Reply:
    lines = [f"Tình trạng lúc {_moment(now)}"]
    if state.incidents:
        lines += [f"Sự cố: {_what(each)}, từ {_moment(each.opened_at)}." for each in state.incidents]
    else:
        lines.append("Không có sự cố.")
    lines += [f"Nghe {account}: {_ago(minutes)}" for account, minutes in state.accounts]
    lines += [_bot(bot) for bot in state.bots]
    lines.append(f"Bộ hẹn giờ: {_ago(state.tick_minutes)}")
    lines.append(f"Tin chờ xử lý: {_waits(state.heard_minutes)}")
    lines.append(f"Câu trả lời chờ gửi: {_waits(state.reply_minutes)}")
    lines.append(f"Thư nhắc chờ gửi: {_waits(state.letter_minutes)}")
    hours = state.backup_hours
    lines.append("Sao lưu: chưa có" if hours is None else f"Sao lưu: {hours} giờ trước")
    lines += [f"Ổ đĩa {machine}: còn {mib} MB" for machine, mib in state.disks]
    return say(line(bold(lines[0])), *lines[1:])


def _what(found: Incident) -> str:
    return _WHAT[found.kind].format(key=found.key, amount=found.amount)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _moment(when: datetime) -> str:
    local = office_time(when)
    return f"{local:%H:%M} ngày {show(local.date())}"


def _ago(minutes: int | None) -> str:
    if minutes is None:
        return "chưa lần nào"
    return "vừa xong" if minutes < 1 else f"{minutes} phút trước"


def _waits(minutes: int | None) -> str:
    return "không có" if minutes is None else f"lâu nhất {minutes} phút"
