"""The words for our terms, and the small pieces that all sentences share."""

from collections.abc import Sequence
from datetime import date

from domain.budget import Opening
from domain.messages import Choice, Line, Reply, Span, Text, line
from domain.people import Role
from domain.quotas import Pace, Standing, Target, figure, grouped, missing, over_by, pace
from domain.records import DropReason
from domain.units import Unit, UnitKind
from language.days import show

ROLES: dict[Role, str] = {
    Role.SECRETARY: "bí thư chi bộ",
    Role.COMMITTEE: "đảng ủy",
    Role.MONITOR: "cấp ủy viên phụ trách",
    Role.ORGANISER: "ban tổ chức",
    Role.INTRODUCER: "đoàn thể giới thiệu",
    Role.ADMIN: "quản trị kỹ thuật",
}

REASONS: dict[DropReason, str] = {
    DropReason.AWAY: "đi làm ăn, học tập xa",
    DropReason.AGE: "quá tuổi",
    DropReason.EDUCATION: "chưa đủ trình độ",
    DropReason.NO_WISH: "không có nguyện vọng",
    DropReason.VIOLATION: "vi phạm",
    DropReason.PERSONAL: "lý do riêng",
}

CHANNELS = {"telegram": "Telegram", "zalo": "Zalo"}

SAVE = Choice("Lưu", "lưu")
EDIT = Choice("Sửa", "sửa")
DROP = Choice("Bỏ", "bỏ")


def say(*lines: Line | str, choices: Sequence[Choice] = (), menu: bool = False) -> Reply:
    """A reply from lines; a bare string is a line of its own."""
    return Reply(tuple(line(one) if isinstance(one, str) else one for one in lines), tuple(choices), menu=menu)


def sentence_case(words: str) -> str:
    """A capital in front; the capitals of "Đảng" stay."""
    return f"{words[0].upper()}{words[1:]}"


def bold(text: str) -> Text:
    return Text(text, bold=True)


def joined(spans: Sequence[Span], *, most: int | None = None) -> Line:
    """Names in a row: a, b và c; of more than `most` people the others by their number."""
    if most is not None and len(spans) > most:
        spans = [*spans[:most], Text(f"{len(spans) - most} người nữa")]
    parts: list[Span] = []
    for index, span in enumerate(spans):
        if index:
            parts.append(Text(" và " if index == len(spans) - 1 else ", "))
        parts.append(span)
    return tuple(parts)


def month(day: date) -> str:
    return f"tháng {day.month}/{day.year}"


def target(goal: Target | None) -> str:
    """A quota on its own: `3`, `≥13`, `6–8`, `–`."""
    return figure(0, goal).split("/", 1)[1].split(" ", 1)[0]


def against(standing: Standing) -> str:
    """`1/3 (33%)`, and beside the plan what is striven for: `196/169 (116%) · phấn đấu 248 (79%)`."""
    quota = standing.quota
    shown = figure(standing.done, quota.target if quota else None)
    if quota is None or quota.stretch is None:
        return shown
    share = figure(standing.done, Target(quota.stretch)).split("(")[-1]
    return f"{shown} · phấn đấu {grouped(quota.stretch)} ({share}"


def pace_words(standing: Standing, today: date) -> str:
    """Where the unit stands, and what is missing in people."""
    goal = standing.quota.target if standing.quota else None
    lacking = missing(goal, standing.done) if goal else 0
    match pace(standing, today):
        case Pace.UNASSIGNED:
            return "chưa giao chỉ tiêu"
        case Pace.BEHIND:
            return (
                f"chậm tiến độ, còn thiếu ít nhất {grouped(lacking)}"
                if _is_open(goal)
                else f"chậm tiến độ, còn thiếu {grouped(lacking)}"
            )
        case Pace.ON_PACE:
            return (
                f"đúng tiến độ, còn thiếu ít nhất {grouped(lacking)}"
                if _is_open(goal)
                else f"đúng tiến độ, còn thiếu {grouped(lacking)}"
            )
        case Pace.AHEAD:
            return f"vượt tiến độ, còn thiếu {grouped(lacking)}"
        case Pace.MET:
            return "đã đạt chỉ tiêu"
        case Pace.OVER:
            return f"vượt chỉ tiêu {grouped(over_by(goal, standing.done))}" if goal else "vượt chỉ tiêu"


def _is_open(goal: Target | None) -> bool:
    return goal is not None and goal.shape != "number"


def unit_choice(unit: Unit, command: str) -> Choice:
    """A button that says a command about a unit, by its code."""
    return Choice(unit.name, f"{command} {unit.code}")


def is_branch(unit: Unit) -> bool:
    return unit.kind is UnitKind.BRANCH


def on(day: date | None) -> str:
    return show(day) if day is not None else "chưa rõ ngày"


def opened(way: Opening) -> list[Line]:
    """Where whoever gets a code begins."""
    lines = [line(f"Hoặc bấm: {way.link}")] if way.link else []
    channel = CHANNELS.get(way.channel, way.channel)
    if way.bot:
        lines.append(line(f"Trên {channel}: tìm “{way.bot.name or way.bot.account}”, nhắn cho bot rồi gõ mã."))
    elif way.full_at is not None:
        full = f"Các bot {channel} đã đủ người (mỗi bot {way.full_at} người)"
        if way.link:
            lines.append(line(f"{full}: người mới chỉ vào được bằng địa chỉ này."))
        else:
            lines.append(line(f"{full}: người mới chưa vào được, nhờ quản trị thêm bot {channel}."))
        lines.append(line("Ai đang dùng sổ rồi thì gõ mã này vào đây."))
    return lines
