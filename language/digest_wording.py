"""The words of the weekly digest: short lines, the worst first, one suggestion."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from domain.digest import (
    AskSilent,
    Digest,
    FindSources,
    HoldCeremony,
    PendingCeremony,
    Suggestion,
    UseReady,
    may_be_nudged,
)
from domain.messages import Choice, FigureSheet, Line, Reply, Text, line
from domain.quotas import Pace, Standing, grouped
from domain.snags import Snag
from domain.units import Unit
from language.days import show
from language.wording.snags import snag_words
from language.wording.terms import against, bold, pace_words

SHOWN_UNITS = 8
SHOWN_IN_SHORT = 3
SHOWN_NAMES = 6
SHOWN_CEREMONIES = 5
OPENED = 2
NUDGED = 2

Named = Callable[[Unit], str]
EMPTY: Mapping[int, date] = {}


def weekly_digest(
    digest: Digest,
    *,
    whole: Sequence[tuple[Unit, Standing]],
    month: date | None,
    sheet: FigureSheet,
    same_period: Mapping[int, int] | None = None,
    last_year: Mapping[int, Standing] | None = None,
    resting: Mapping[int, date] = EMPTY,
    nudged: Collection[int] = (),
    is_short: bool = False,
    blocked: Sequence[Snag] = (),
) -> Reply:
    """`whole` are the units that contain the others, `month` the one that silent branches owe a word about.

    `same_period` is how many of the whole there were by this day of last year, where that is known; `last_year` how
    units came out of it, as long as that is shown beside. `resting` are units whose secretaries want no reminders, and
    until when; `nudged` those where somebody can be nudged; `blocked` the snags that are open. A short one leaves out
    what one can ask for.
    """
    closed = last_year or {}
    named = _naming([unit for unit, _ in whole])
    sections = [
        _head(digest, whole, same_period or {}, closed),
        _changed(digest, named),
        _rows(digest, named, closed, SHOWN_IN_SHORT if is_short else SHOWN_UNITS),
        *(() if is_short else _details(digest, month, resting, named)),
        *(() if is_short else (_blocked(blocked, digest.as_of),)),
        _suggestion(digest.suggestion, named),
        (line(f"Số liệu: {sheet.code}, tính đến {show(digest.as_of)}"),),
    ]
    lines: list[Line] = []
    for section in sections:
        if section:
            lines += [*((line(""),) if lines else ()), *section]
    choices = (*_choices(digest, nudged), *((Choice("Xem vướng mắc", "/nguon vướng"),) if blocked else ()))
    return Reply(tuple(lines), choices=choices, sheet=sheet)


def _blocked(blocked: Sequence[Snag], today: date) -> tuple[Line, ...]:
    return (line(bold("Vướng mắc"), f": {snag_words(blocked, today)}"),) if blocked else ()


def _details(
    digest: Digest, month: date | None, resting: Mapping[int, date], named: Named
) -> tuple[tuple[Line, ...], ...]:
    return (
        (*_marks(digest, month, named), *_resting(digest, resting, named)),
        _ceremonies(digest.pending, {row.unit.id: row.unit for row in digest.rows}, named),
    )


def _naming(whole: Sequence[Unit]) -> Named:
    """Where somebody answers for several communes, a branch is named with its own: many are called alike."""
    if len(whole) < 2:
        return lambda unit: unit.name
    places = {unit.id: unit.name.removeprefix("Đảng bộ ") for unit in whole}

    def named(unit: Unit) -> str:
        place = next((places[above] for above in unit.path if above in places and above != unit.id), "")
        return f"{unit.name} ({place})" if place else unit.name

    return named


def figures_label(unit: Unit) -> str:
    """What a figure of the digest counts."""
    return f"{unit.name}: đã kết nạp"


def _head(
    digest: Digest,
    whole: Sequence[tuple[Unit, Standing]],
    same_period: Mapping[int, int],
    last_year: Mapping[int, Standing],
) -> tuple[Line, ...]:
    title = line(bold(f"Tình hình kết nạp tuần này, {show(digest.as_of)}"))
    rows = [
        line(
            f"{unit.name}: {against(standing)}{_waiting(standing)}{_before(same_period.get(unit.id))}"
            f"{_closed(last_year.get(unit.id))}"
        )
        for unit, standing in whole
    ]
    if not whole and len(digest.rows) + len(digest.nobody_left) > 1:
        rows = [line(f"Các đơn vị đồng chí phụ trách: đã kết nạp {grouped(digest.done)}")]
    return (title, *rows)


def _changed(digest: Digest, named: Named) -> tuple[Line, ...]:
    since = f"Từ {show(digest.since)} đến nay" if digest.since else "7 ngày qua"
    if not digest.changed:
        return (line(f"{since}: chưa kết nạp thêm ai."),)
    shown = [f"+{grouped(week.new)} {named(week.unit)}" for week in digest.changed[:SHOWN_NAMES]]
    return (
        line(bold(f"{since}: thêm {grouped(digest.new)}")),
        *map(line, shown),
        *_others(digest.changed, SHOWN_NAMES),
    )


def _rows(digest: Digest, named: Named, last_year: Mapping[int, Standing], most: int) -> tuple[Line, ...]:
    rows, today = digest.rows, digest.as_of
    if not rows:
        return ()
    title = "Từng đơn vị, chậm nhất trước" if len(rows) > 1 else "Tiến độ"
    shown = [
        line(
            f"• {named(row.unit)}: {against(row.standing)}, {pace_words(row.standing, today)}{_waiting(row.standing)}"
            f"{_closed(last_year.get(row.unit.id))}"
        )
        for row in rows[:most]
    ]
    return (line(bold(title)), *shown, *_others(rows, most))


def _marks(digest: Digest, month: date | None, named: Named) -> tuple[Line, ...]:
    """Silence and zero are two marks: nobody has spoken, or somebody said that there is nothing."""
    of_month = f" tháng {month.month}" if month else ""
    rows: list[Line] = []
    if digest.silent:
        rows.append(line(f"(?) Chưa có tin{of_month}: {_names(digest.silent, named)}"))
    if digest.nothing:
        rows.append(line(f"(0) Báo không phát sinh: {_names(digest.nothing, named)}"))
    if digest.nobody_left:
        rows.append(line(f"(–) Không còn quần chúng: {_names(digest.nobody_left, named)}"))
    return tuple(rows)


def _resting(digest: Digest, resting: Mapping[int, date], named: Named) -> tuple[Line, ...]:
    found = [(row.unit, resting[row.unit.id]) for row in digest.rows if row.unit.id in resting]
    shown = [f"{named(unit)} đến {show(until)}" for unit, until in found[:SHOWN_NAMES]]
    rest = f" và {grouped(len(found) - SHOWN_NAMES)} đơn vị khác" if len(found) > SHOWN_NAMES else ""
    return (line(f"(z) Tạm dừng nhận nhắc: {', '.join(shown)}{rest}"),) if found else ()


def _ceremonies(pending: Sequence[PendingCeremony], by_id: dict[int, Unit], named: Named) -> tuple[Line, ...]:
    if not pending:
        return ()
    shown = [line(_ceremony(each, by_id.get(each.entry.unit_id), named)) for each in pending[:SHOWN_CEREMONIES]]
    title = f"Có quyết định, chưa làm lễ: {grouped(sum(each.entry.count for each in pending))} người"
    return (line(bold(title)), *shown, *_others(pending, SHOWN_CEREMONIES, "việc khác"))


def _ceremony(pending: PendingCeremony, unit: Unit | None, named: Named) -> str:
    where = named(unit) if unit else f"Việc số {pending.entry.number}"
    until = "quá hạn từ" if pending.is_overdue else "hạn làm lễ"
    return (
        f"{where} (số {pending.entry.number}): quyết định {show(pending.decision_on)}, {until} {show(pending.due_on)}"
    )


def _suggestion(suggestion: Suggestion | None, named: Named) -> tuple[Line, ...]:
    match suggestion:
        case None:
            return ()
        case HoldCeremony(ceremony=ceremony):
            until = f"{'đã quá hạn' if ceremony.is_overdue else 'hạn'} {show(ceremony.due_on)}"
            words = f"nhắc làm lễ cho việc số {ceremony.entry.number}, {until}."
        case UseReady(unit=unit, ready=ready, missing=missing, send_by=send_by):
            words = f"{named(unit)} còn thiếu {missing}, đã có {ready} người học xong lớp: xem hồ sơ nào làm tiếp được"
            words += (
                f", gửi cấp trên muộn nhất {show(send_by)}." if send_by else "; hồ sơ gửi từ nay khó kịp trong năm."
            )
        case AskSilent(units=units):
            words = f"hỏi {named(units[0])} xem có gì mới không."
        case FindSources(unit=unit, candidates=candidates, missing=missing, is_out_of_reach=True):
            words = f"{named(unit)} còn thiếu {missing} mà nguồn chỉ có {candidates}: năm nay không kịp, tạo nguồn cho năm sau."
        case FindSources(unit=unit, candidates=candidates, missing=missing, begin_by=begin_by):
            words = f"{named(unit)} còn thiếu {missing} mà nguồn chỉ có {candidates}: bàn cách tạo thêm nguồn"
            words += f", muộn nhất {show(begin_by)} mới kịp trong năm." if begin_by else "."
    return ((Text("Gợi ý: ", bold=True), Text(words)),)


def _choices(digest: Digest, nudged: Collection[int]) -> tuple[Choice, ...]:
    opened = [row.unit for row in digest.rows[:OPENED]]
    late = [row.unit for row in digest.rows if row.pace is Pace.BEHIND]
    can_be = [unit for unit in (*digest.silent, *late) if may_be_nudged(unit) and unit.id in nudged]
    asked = list({unit.id: unit for unit in can_be}.values())[:NUDGED]
    return (
        *(Choice(f"Xem {unit.name}", f"/tiendo {unit.code}") for unit in opened),
        *(Choice(f"Nhắc {unit.name}", f"/nhac {unit.code}") for unit in asked),
    )


def _waiting(standing: Standing) -> str:
    return f", {grouped(standing.pending)} chờ làm lễ" if standing.pending else ""


def _before(same_period: int | None) -> str:
    return "" if same_period is None else f", cùng kỳ năm trước {grouped(same_period)}"


def _closed(last_year: Standing | None) -> str:
    return "" if last_year is None else f" · năm {last_year.year}: {against(last_year)}"


def _names(units: Sequence[Unit], named: Named) -> str:
    shown = ", ".join(named(unit) for unit in units[:SHOWN_NAMES])
    rest = len(units) - SHOWN_NAMES
    return f"{shown} và {grouped(rest)} đơn vị khác" if rest > 0 else shown


def _others(items: Iterable[object], shown: int, what: str = "đơn vị khác") -> tuple[Line, ...]:
    rest = len(list(items)) - shown
    return (line(f"và {grouped(rest)} {what}"),) if rest > 0 else ()
