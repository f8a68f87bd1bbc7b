"""Sentences about reminders: who has not reported, put off, resting, and why a letter came or did not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.clocks import clock_named
from domain.messages import Choice, Line, PersonName, Reply, Text, line
from domain.office import Office
from domain.people import Role
from domain.quotas import grouped
from domain.reminders import Month, RuleCode, Rung
from domain.units import Unit
from language.days import show
from language.subjects import SUBJECTS
from language.wording.admissions import nothing_sentence
from language.wording.terms import ROLES, bold, say, unit_choice

NAMED = 20
NUDGED = 5


def asks_now(when: datetime, now: datetime) -> str:
    return "ngay" if when <= now else f"lúc {when:%H:%M} ngày {show(when.date())}"


def not_reported(silent: Sequence[Unit], asked: int, month: Month, *, today: date, nudged: Collection[int]) -> Reply:
    """`nudged` are those where somebody can be nudged."""
    of_month = f"tháng {month.first.month} (từ {show(month.since)})"
    if not asked:
        return say("Không có chi bộ nào phải báo.")
    if not silent:
        return say(f"Cả {grouped(asked)} chi bộ đều đã có tin {of_month}, đến {show(today)}.")
    lines = [
        line(bold(f"{grouped(len(silent))}/{grouped(asked)} chi bộ"), f" chưa có tin {of_month}, đến {show(today)}:")
    ]
    lines += [line(f"• {unit.name}") for unit in silent[:NAMED]]
    if len(silent) > NAMED:
        lines.append(line(f"và {grouped(len(silent) - NAMED)} chi bộ nữa."))
    can_be = [unit for unit in silent if unit.id in nudged]
    choices = [Choice(f"Nhắc cả {len(can_be)}", "/nhac chưa báo")] if len(can_be) > 1 else []
    choices += [Choice(f"Nhắc {unit.name}", f"/nhac {unit.code}") for unit in can_be[:NUDGED]]
    if len(can_be) < len(silent):
        lines.append(line(f"{len(silent) - len(can_be)} chi bộ trong đó chưa có ai dùng máy này để nhắc."))
    return say(*lines, choices=choices)


def all_nudged(
    told: Sequence[Unit], already: Sequence[Unit], nobody: Sequence[Unit], when: datetime, now: datetime
) -> Reply:
    lines: list[str] = []
    if told:
        lines.append(f"Sẽ nhắc {len(told)} chi bộ {asks_now(when, now)}: {_names(told)}.")
    if already:
        lines.append(f"Đồng chí đã nhắc hôm nay rồi: {_names(already)}.")
    if nobody:
        lines.append(f"Chưa nhắc được, vì chưa có ai dùng máy này: {_names(nobody)}.")
    return say(*(lines or ["Không còn chi bộ nào phải nhắc."]))


def _names(units: Sequence[Unit]) -> str:
    rest = f" và {len(units) - NAMED} chi bộ nữa" if len(units) > NAMED else ""
    return ", ".join(unit.name for unit in units[:NAMED]) + rest


def report_of(branches: Sequence[tuple[Unit, str]], month: Month) -> Reply:
    """How one's own branches stand this month (`done`, `nothing` or nothing yet), with the answer as a button."""
    words = {"done": "đã báo kết nạp", "nothing": "đã báo không phát sinh"}
    lines = [
        line(bold(f"Báo cáo tháng {month.first.month}"), f" (từ {show(month.since)}, chốt {show(month.closes_on)}):")
    ]
    lines += [line(f"• {unit.name}: {words.get(state, 'chưa có tin')}") for unit, state in branches]
    owed = [unit for unit, state in branches if state not in words]
    here = len(owed) > 1
    choices = [
        Choice(f"Chưa có gì mới{f' · {unit.name}' if here else ''}", f"{nothing_sentence(month.first)} ở {unit.name}")
        for unit in owed
    ]
    if owed:
        lines.append(line("Có gì mới thì gõ một câu, ví dụ: kết nạp Nguyễn Văn A 15/10"))
    return say(*lines, choices=choices)


def nothing_to_put_off() -> Reply:
    return say("Hiện không có lời nhắc nào chờ đồng chí trả lời.")


def put_off(branches: Sequence[Unit], when: datetime) -> Reply:
    return say(f"Sẽ nhắc lại sáng {_day(when.date())}: {', '.join(unit.name for unit in branches)}.")


def put_off_too_far(month: Month) -> Reply:
    return say(f"Tháng {month.first.month} chốt ngày {show(month.closes_on)}, nên không hoãn qua ngày ấy được.")


def put_off_too_often(times: int, month: Month) -> Reply:
    return say(
        f"Đã hoãn {times} lần, không hoãn thêm được. Tháng {month.first.month} chốt ngày {show(month.closes_on)}."
    )


def _day(day: date) -> str:
    weekdays = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
    return f"{weekdays[day.weekday()]} {show(day)}"


def letters_rest(last: date, weeks: int | None) -> Reply:
    limit = [f"Lâu nhất là {weeks} tuần."] if weeks is not None else []
    return say(
        f"Sẽ không nhắc đồng chí đến hết {_day(last)}. Cấp trên thấy điều này trong bản tổng hợp.",
        *limit,
        "Muốn nhận lại, gõ: nhắc lại đi",
        choices=[Choice("Nhắc lại đi", "nhắc lại đi")],
    )


def letters_do_not_rest() -> Reply:
    return say("Máy vẫn đang nhắc đồng chí như thường.")


def letters_again() -> Reply:
    return say("Đã mở lại lời nhắc.")


def reminders_are_fixed(office: Office) -> Reply:
    quiet = office.calendar
    return say(
        f"Lời nhắc không gửi từ {quiet.quiet_from:%H:%M} đến {quiet.quiet_until:%H:%M}, cuối tuần và ngày lễ. "
        "Ngày gửi do văn phòng đặt chung.",
        "Muốn nghỉ nhận, gõ: tạm dừng nhắc đến hết tuần sau",
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """What the rule of a letter asks about. `spoken`: number and day of the entry by which the branch had spoken."""

    due: datetime | None = None
    nobody_left: bool = False
    spoken: tuple[int, date] | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """A letter with all that made it, or kept it from being sent."""

    rule: str
    period: str
    person_id: int
    is_own: bool
    unit: Unit | None
    state: str
    reason: str
    moment: datetime
    posts: tuple[tuple[Role, Unit], ...] = ()
    month: Month | None = None
    rung: Rung | None = None
    condition: Condition | None = None
    nudged_by: int | None = None
    put_off: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Why nothing was planned about a branch in a reporting month; `case` is the rule's word for it."""

    case: str
    month: Month
    due: datetime
    number: int | None = None
    on: date | None = None


REASONS_OF_LETTERS: dict[str, str] = {
    "too late": "đã quá hạn gửi",
    "reported meanwhile": "chi bộ đã báo trước lúc gửi",
    "nobody left to admit": "chi bộ không còn quần chúng",
    "no longer answers for the unit": "người nhận không còn phụ trách",
    "no longer holds a post": "người nhận không còn giữ việc",
    "no longer in charge": "người nhận không còn phụ trách",
    "no units": "không còn đơn vị nào để báo",
    "no address": "người nhận chưa có nơi nhận tin, hoặc đã chặn",
    "paused": "người nhận đang tạm dừng nhắc",
    "quiet hours": "đang giờ nghỉ",
    "kept for answers": "tin nhắn của tháng sắp hết, phần còn lại để trả lời",
    "until they write": "kênh này chỉ gửi được sau khi người nhận nhắn tới",
    "stood in for": "có đồng chí khác đang làm thay và nhận thư",
    "the deputy has it too": "cấp phó đã có thư này",
    "handed on": "chuyển cho cấp phó",
    "reachable again": "đã nhận tin lại được",
    "the post changed again": "nhiệm vụ ấy đã đổi lại",
    "no answer": "không rõ đã tới chưa",
    "claim ran out": "không rõ đã tới chưa",
    "blocked": "người nhận đã chặn",
}
RUNGS: dict[Rung, str] = {
    Rung.HOLDER: "nhắc người phụ trách",
    Rung.DEPUTY: "nhắc cấp phó, vì chưa có trả lời",
    Rung.ABOVE: "báo cấp trên, vì chưa có trả lời",
}


def why_letters(letters: Sequence[Why]) -> Reply:
    if not letters:
        return say("Năm tuần qua không có thư nào cho đồng chí.")
    lines: list[Line] = [line(bold("Thư gần đây của đồng chí, và vì sao"))]
    for one in letters:
        lines += _why(one)
    return say(*lines)


def why_unit(unit: Unit, letters: Sequence[Why], answers: Sequence[Answer], since: date, until: date) -> Reply:
    lines: list[Line] = [line(bold(unit.name), f" · từ {show(since)} đến {show(until)}")]
    for one in letters:
        lines += _why(one)
    lines += [line(f"• {_answer(one)}") for one in answers]
    if len(lines) == 1:
        lines.append(line("Không có thư nào về đơn vị này."))
    return say(*lines)


def which_unit_to_explain(options: Sequence[Unit]) -> Reply:
    return say("Đồng chí hỏi đơn vị nào?", choices=[unit_choice(unit, "/visao") for unit in options])


def _why(one: Why) -> list[Line]:
    what = _what(one)
    to = () if one.is_own else (Text(", gửi đồng chí "), PersonName(one.person_id))
    lines: list[Line] = [(Text(f"• {what}"), *to, Text(f": {_became(one)}"))]
    because: list[Line] = []
    if one.condition is not None:
        because.append(line(_condition(one.condition, one.month)))
    if one.nudged_by is not None:
        because.append((Text("đồng chí "), PersonName(one.nudged_by), Text(" nhờ nhắc")))
    if one.posts:
        held = ", ".join(f"{ROLES[role]} {unit.name}" for role, unit in dict.fromkeys(one.posts))
        because.append(line(f"{'đồng chí' if one.is_own else 'người nhận'} là {held}"))
    for index, part in enumerate(because):
        lines.append((Text("  Vì " if index == 0 else "  và "), *part))
    return lines


def _condition(one: Condition, month: Month | None) -> str:
    if month is None:
        return f"mỗi tuần có một bản, bản này đến hạn {_moment(one.due)}" if one.due else "mỗi tuần có một bản"
    told = f"chưa có tin từ {show(month.since)}"
    if one.spoken is not None:
        told = f"đã có tin ngày {show(one.spoken[1])} (số {one.spoken[0]})"
    left = "không còn quần chúng" if one.nobody_left else "còn quần chúng"
    return f"lúc ấy {told}, chi bộ {left}, ngày chốt {show(month.closes_on)}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M} {show(at.date())}"


def _what(one: Why) -> str:
    of_unit = f" {one.unit.name}" if one.unit else ""
    match one.rule:
        case RuleCode.WEEKLY_DIGEST:
            year, week = one.period.split("-W")
            return f"Bản tổng hợp tuần {int(week)}/{year}"
        case RuleCode.MONTHLY_NOTHING_NEW:
            rung = f" ({RUNGS[one.rung]})" if one.rung is not None else ""
            rung += f", hoãn lần {one.put_off}" if one.put_off else ""
            return f"Hỏi tin tháng {one.month.first.month if one.month else one.period}{of_unit}{rung}"
        case RuleCode.DEADLINES:
            rule, _ = clock_named(one.period)
            return f"Nhắc hạn{of_unit} ({SUBJECTS[rule].lower()})"
        case "nudge":
            return f"Nhắc{of_unit}"
        case _:
            return f"Báo tin{of_unit}"


def _became(one: Why) -> str:
    when = _moment(one.moment)
    reason = REASONS_OF_LETTERS.get(one.reason, "")
    match one.state:
        case "sent":
            return f"đã gửi {when}"
        case "uncertain":
            return f"gửi {when}, không rõ đã tới chưa; máy không tự gửi lại"
        case "planned":
            return f"chờ đến {when}" + (f", {reason}" if reason else "")
        case "held":
            return f"chưa gửi được: {reason}"
        case "skipped":
            return f"không gửi: {reason or 'không còn cần'}"
        case _:
            return f"không gửi được{f': {reason}' if reason else ''}"


def _answer(one: Answer) -> str:
    of_month = f"Tháng {one.month.first.month}"
    match one.case:
        case "not due":
            return f"{of_month}: đến {show(one.due.date())} mới hỏi chi bộ chưa có tin, nên không nhắc."
        case "nobody left":
            return f"{of_month}: không nhắc, vì chi bộ không còn quần chúng để kết nạp."
        case "reported":
            return f"{of_month}: không nhắc, vì đã có tin ngày {show(one.on or one.due.date())} (số {one.number})."
        case "nobody in charge":
            return f"{of_month}: lúc đến hạn ({show(one.due.date())}) chưa có ai phụ trách chi bộ, nên không có người để nhắc."
        case "asked another day":
            return f"{of_month}: có nhắc, nhưng vào ngày khác. Gõ /visao {one.month.name}"
        case _:
            return f"{of_month}: chưa có thư nào được lập từ {show(one.due.date())}; máy sẽ nhắc khi chạy lại."
