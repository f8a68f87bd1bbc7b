"""Sentences with figures: progress, quotas, units, tasks, nothing this month."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.clocks import Clock
from domain.digest import PendingCeremony
from domain.law import Regulation, Rule
from domain.messages import Attachment, CandidateName, Choice, Drawing, FigureSheet, Line, PersonName, Reply, Text, line
from domain.office import Office
from domain.past import same_day_of
from domain.people import Person, Role
from domain.quotas import Quota, Standing, Target, grouped, share
from domain.records import Candidate, Entry
from domain.rounds import Round
from domain.runway import Runway
from domain.units import Unit
from language.days import show
from language.filling import SOMEBODY_AGAIN, pick, steps
from language.wording.admissions import nothing_sentence
from language.wording.clocks import ANSWERED, clock_answers, clock_line
from language.wording.law import basis
from language.wording.runway import runway_lines
from language.wording.terms import (
    DROP,
    EDIT,
    ROLES,
    SAVE,
    against,
    bold,
    is_branch,
    joined,
    month,
    on,
    pace_words,
    say,
    target,
    unit_choice,
)

CEREMONIES_SHOWN = 20
PROBLEMS_SHOWN = 20
DEADLINES_SHOWN = 20
UNHEARD_SHOWN = 5


def only_years(year: int) -> Reply:
    asked = f"tiến độ năm {year}"
    return say(f"Hiện chỉ xem được theo năm, ví dụ: {asked}", choices=[Choice(f"Xem năm {year}", asked)])


def several_units(
    units: Sequence[Unit], standings: Mapping[int, Standing], year: int, *, is_choice: bool, today: date
) -> Reply:
    head = "Đồng chí hỏi đơn vị nào?" if is_choice else "Các đơn vị của đồng chí"
    lines = [_unit_line(unit, standings[unit.id], today) for unit in units]
    return say(
        f"{head} · năm {year} · số liệu đến {show(today)}",
        *lines,
        choices=[_progress_choice(unit, year, today) for unit in units],
    )


def _progress_choice(unit: Unit, year: int, today: date) -> Choice:
    """The way to a unit, in the year that is being spoken of."""
    here = unit_choice(unit, "/tiendo")
    return here if year == today.year else replace(here, says=f"{here.says} năm {year}")


def _unit_line(unit: Unit, standing: Standing, today: date) -> Line:
    if unit.nobody_left and standing.quota is None:
        return line(f"• {unit.name}: {against(standing)}, không còn quần chúng")
    return line(f"• {unit.name}: ", bold(against(standing)), f", {pace_words(standing, today)}")


def standing(
    unit: Unit,
    standing: Standing,
    *,
    children: Sequence[Unit],
    standings: Mapping[int, Standing],
    page: int,
    pages: int,
    listed: int,
    trained: int,
    last_year: Standing | None,
    same_period: int | None,
    ahead: Runway | None,
    sheet: FigureSheet | None,
    today: date,
) -> Reply:
    """A unit against its quota, the units right below it worst first, and the way down."""
    lines: list[Line] = [
        line(bold(unit.name), f" · năm {standing.year} · số liệu đến {show(today)}"),
        line("Kết nạp: ", bold(against(standing)), f" · {pace_words(standing, today)}"),
    ]
    if same_period is not None:
        until = show(same_day_of(today.year - 1, today))
        lines.append(line(f"Cùng kỳ năm trước: {grouped(same_period)} (đến {until})"))
    if unit.members is not None and unit.members.count > 0:
        base = f"So với đảng viên ngày {show(unit.members.on)}: {share(standing.done, unit.members.count)}"
        lines.append(line(base))
    if standing.pending:
        lines.append(line(f"Đã có quyết định, chờ làm lễ: {grouped(standing.pending)}"))
    if last_year is not None:
        lines.append(line(f"Năm {last_year.year}: {against(last_year)}"))
    lines.append(line(f"Nguồn: {grouped(listed)} người, đã học lớp {grouped(trained)}"))
    if ahead is not None and ahead.left:
        lines += [line(each) for each in runway_lines(ahead)]
    if children:
        lines.append(line("Từng đơn vị, chậm nhất trước:" if pages == 1 else f"Từng đơn vị, trang {page}/{pages}:"))
        lines += [_unit_line(child, standings[child.id], today) for child in children]
    if sheet is not None:
        lines.append(line(f"Số liệu: {sheet.code}"))
    choices = [_progress_choice(child, standing.year, today) for child in children]
    if page < pages:
        here = _progress_choice(unit, standing.year, today)
        choices.append(Choice("Xem tiếp", f"{here.says} trang {page + 1}"))
    if not children:
        choices.append(Choice("Xem nguồn", f"/nguon {unit.code}"))
    return Reply(tuple(lines), tuple(choices), sheet=sheet)


def white_branches(
    unit: Unit,
    white: Sequence[Unit],
    nobody_left: Sequence[Unit],
    pending: Mapping[int, int],
    *,
    total: int,
    year: int,
    today: date,
) -> Reply:
    """Branches that admitted nobody; those with nobody left to admit stand apart."""
    if not white and not nobody_left:
        return say(f"Năm {year}, cả {grouped(total)} chi bộ của {unit.name} đều đã kết nạp (đến {show(today)}).")
    lines: list[Line] = [
        line(
            bold(f"{grouped(len(white))}/{grouped(total)} chi bộ"),
            f" của {unit.name} năm {year} chưa kết nạp ai (đến {show(today)}):",
        )
    ]
    for branch in white[:30]:
        waits = f", {pending[branch.id]} người chờ làm lễ" if pending.get(branch.id) else ""
        lines.append(line(f"• {branch.name}{waits}"))
    if len(white) > 30:
        lines.append(line(f"và {grouped(len(white) - 30)} chi bộ nữa."))
    if nobody_left:
        names = ", ".join(branch.name for branch in nobody_left[:20])
        lines.append(line(f"Không còn quần chúng để kết nạp ({grouped(len(nobody_left))}): {names}"))
    return say(*lines, choices=[_progress_choice(branch, year, today) for branch in white[:6]])


def slowest(unit: Unit, ranked: Sequence[tuple[Unit, Standing]], *, today: date) -> Reply:
    years = "".join(f" · năm {year}" for year in {how.year for _, how in ranked})
    lines = [line(bold(f"Chậm nhất của {unit.name}"), f"{years} · số liệu đến {show(today)}")]
    lines += [_unit_line(one, how, today) for one, how in ranked]
    return say(*lines, choices=[_progress_choice(one, how.year, today) for one, how in ranked])


def tasks(
    clocks: Sequence[Clock],
    waiting: Sequence[PendingCeremony],
    reach: Mapping[int, Unit],
    silent: Sequence[Unit],
    asked: int,
    unheard: Round,
    unhelped: Sequence[Candidate],
    closing_day: int,
    *,
    today: date,
) -> Reply:
    """What waits, the nearest end first: deadlines with their law, ceremonies of people without names, the month.

    `unheard` are candidates of whom nothing was told since the list was to be looked over, `unhelped` those of whose helpers one is none any more.
    """
    lines: list[Line] = []
    people = sum(ceremony.entry.count for ceremony in waiting)
    people += sum(clock.kind.rule is Rule.CEREMONY_WITHIN for clock in clocks)
    if people > 1:
        lines.append(line(f"Có quyết định, chưa làm lễ: {grouped(people)} người."))
    dated = [(clock.last, clock_line(clock, reach, today)) for clock in clocks]
    dated += [(ceremony.due_on, _ceremony(ceremony, reach)) for ceremony in waiting]
    dated.sort(key=lambda each: each[0])
    lines += [shown for _, shown in dated[:DEADLINES_SHOWN]]
    if len(dated) > DEADLINES_SHOWN:
        lines.append(line(f"và {len(dated) - DEADLINES_SHOWN} hạn nữa."))
    choices = [choice for clock in clocks[:ANSWERED] for choice in clock_answers(clock)]
    if unheard.people and unheard.rule is not None:
        lines.append(_unheard(unheard.people, unheard.rule))
        choices += [Choice("Cập nhật ", steps(row.id), row.id) for row in unheard.people[:ANSWERED]]
    for row in unhelped[:UNHEARD_SHOWN]:
        why = ": người giúp đỡ không còn ở chi bộ hoặc chưa chính thức, cần phân công lại."
        lines.append((Text("• "), CandidateName(row.id), Text(why)))
    if len(silent) == 1 and len(reach) == 1:
        lines.append(line(f"• {month(today).capitalize()} chưa báo gì, chốt ngày {closing_day}."))
    elif silent:
        lines.append(line(f"• {grouped(len(silent))}/{grouped(asked)} chi bộ chưa báo gì trong {month(today)}."))
    if not lines:
        return say("Hiện không có việc nào chờ đồng chí.", menu=True)
    if len(reach) == 1 and silent:
        choices.append(_nothing_choice(silent[0], today))
    return say(line(bold("Việc còn chờ"), f" · {show(today)}"), *lines, choices=list(dict.fromkeys(choices)))


def _unheard(people: Sequence[Candidate], rule: Regulation) -> Line:
    named = joined([CandidateName(row.id) for row in people], most=UNHEARD_SHOWN)
    head = f"• {len(people)} người chưa có tin hơn {rule.months} tháng: "
    return (*line(head), *named, *line(f" (rà soát nguồn hằng tháng; {rule.citation})."))


def _ceremony(ceremony: PendingCeremony, reach: Mapping[int, Unit]) -> Line:
    """Of people without names: how many, and where."""
    entry = ceremony.entry
    late = "đã quá hạn" if ceremony.is_overdue else "chậm nhất"
    return line(
        f"• Làm lễ kết nạp {entry.count} người, {reach[entry.unit_id].name}: "
        f"{late} {show(ceremony.due_on)} (quyết định {on(ceremony.decision_on)})"
    )


def deadlines_of(clocks: Sequence[Clock], places: Mapping[int, Unit], topic: str, *, today: date) -> Reply:
    """The answer to "giấy chứng nhận của ai sắp hết hạn", "ai sắp hết dự bị"."""
    if not clocks:
        nobody = {"certificate_expiry": "Chưa có ai có giấy chứng nhận đang tính hạn."}
        return say(nobody.get(topic, "Chưa có ai đang trong thời gian dự bị."))
    lines = [clock_line(clock, places, today) for clock in clocks[:DEADLINES_SHOWN]]
    if len(clocks) > DEADLINES_SHOWN:
        lines.append(line(f"và {len(clocks) - DEADLINES_SHOWN} người nữa."))
    return say(*lines, choices=[basis(clocks[0].rule.code)])


def _nothing_choice(unit: Unit, day: date) -> Choice:
    """Names its month and unit, for it may be pressed in the next month."""
    sentence = nothing_sentence(day)
    return Choice(sentence.capitalize(), f"{sentence} ở {unit.name}")


def which_unit_for_quota(options: Sequence[Unit]) -> Reply:
    return say("Xem chỉ tiêu của đơn vị nào?", choices=[unit_choice(unit, "/chitieu") for unit in options])


def quotas_shown(
    unit: Unit, children: Sequence[Unit], total: int, known: Mapping[int, Quota], period: str, *, may_set: bool
) -> Reply:
    """What is assigned to a unit and right below it, and whether the parts add up."""
    own = known.get(unit.id)
    lines: list[Line] = [line(bold(f"Chỉ tiêu năm {period}"), f" · {unit.name}: ", bold(_goal(own)))]
    if own is not None and own.decision_no:
        lines.append(line(f"Theo {own.decision_no}" + (f", từ {show(own.effective_on)}" if own.effective_on else "")))
    lines += [line(f"• {child.name}: {_goal(known.get(child.id))}") for child in children]
    if total > len(children):
        lines.append(line(f"và {total - len(children)} đơn vị nữa."))
    elif children and known:
        given = sum(known[child.id].target.low for child in children if child.id in known)
        lines.append(line(f"Cộng các đơn vị: {grouped(given)}" + (f", được giao {target(own.target)}" if own else "")))
    if may_set and children:
        lines.append(line(f"Giao: giao chỉ tiêu {period}: {children[0].name}: 2"))
    return say(*lines, choices=[unit_choice(child, "/chitieu") for child in children[:6] if not is_branch(child)])


def _goal(quota: Quota | None) -> str:
    if quota is None:
        return "chưa giao"
    stretch = f", phấn đấu {grouped(quota.stretch)}" if quota.stretch is not None else ""
    return f"{target(quota.target)}{stretch}"


def quota_year_out_of_reach(period: str) -> Reply:
    return say(f"Chỉ giao được chỉ tiêu năm nay, năm trước hoặc năm sau; không giao năm {period}.")


def quota_problems(problems: Sequence[tuple[str, Sequence[Unit]]], twice: Sequence[Unit]) -> Reply:
    """All units of the message that were not found, not clear (with those that may be meant) or named twice, at once."""
    lines: list[Line] = []
    for name, options in problems[:PROBLEMS_SHOWN]:
        named = name[:60] or "(không ghi tên)"
        if options:
            lines.append(line(f"• “{named}” có thể là: {', '.join(unit.name for unit in options[:4])}"))
        else:
            lines.append(line(f"• Không có đơn vị “{named}” trong những đơn vị đồng chí được giao chỉ tiêu"))
    lines += [line(f"• {unit.name} có hai lần trong tin") for unit in twice[: PROBLEMS_SHOWN - len(lines)]]
    if (more := len(problems) + len(twice) - len(lines)) > 0:
        lines.append(line(f"và {more} chỗ nữa"))
    return say(
        "Chưa giao chỉ tiêu, vì:",
        *lines,
        "Đồng chí gõ lại cả câu với tên đúng, ví dụ: giao chỉ tiêu 2027: chi bộ thôn 1: 2",
    )


def which_unit_is_assigned(named: str, options: Sequence[Unit], goal: Target | None) -> Reply:
    head = f"Không có đơn vị nào tên đúng “{named[:60]}”." if named else "Chưa rõ đơn vị nào."
    return say(
        head,
        f"Giao {target(goal)} cho đơn vị nào?",
        choices=[*(Choice(one.name, pick(one.id)) for one in options), DROP],
    )


def quota_card(items: Sequence[tuple[Unit, Target, Quota | None]], period: str) -> Reply:
    lines = [line(f"• {unit.name}: {_goal(before)} → ", bold(target(after))) for unit, after, before in items]
    return say(line(bold(f"Giao chỉ tiêu năm {period}"), ":"), *lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP])


def quota_again() -> Reply:
    return say("Đúng là bao nhiêu? Gõ số, ví dụ: 3, ≥3 hoặc 3-4", choices=[DROP])


def quotas_again() -> Reply:
    return say("Đồng chí gõ lại cả câu, ví dụ: giao chỉ tiêu 2027: chi bộ thôn 1: 2, chi bộ thôn 2: 1")


def quotas_set(items: Sequence[tuple[Unit, Target, Quota | None]], period: str) -> Reply:
    given = [line(f"• {unit.name}: ", bold(target(after))) for unit, after, _ in items]
    return say(f"Đã giao chỉ tiêu năm {period}:", *given, choices=[Choice("Xem chỉ tiêu", "/chitieu")])


def which_month() -> Reply:
    return say("Báo cho tháng nào? Chỉ báo cho tháng đã qua hoặc tháng này, ví dụ: tháng 10 không có gì mới")


def month_has_entries(unit: Unit, day: date) -> Reply:
    return say(f"{unit.name} đã có báo kết nạp trong {month(day)}, nên không ghi “không phát sinh”.")


def with_nil_gone(reply: Reply, gone: Sequence[Entry]) -> Reply:
    """The receipt of an admission in months that were reported as having none."""
    told = [
        line(f"Báo không phát sinh {month(entry.month)} (số {entry.number}) không còn đúng nên đã bỏ.")
        for entry in gone
        if entry.month is not None
    ]
    return replace(reply, lines=(*reply.lines, *told))


def nothing_already(unit: Unit, day: date) -> Reply:
    return say(f"{unit.name} đã báo không phát sinh {month(day)} rồi.")


def nothing_noted(number: int, unit: Unit, day: date) -> Reply:
    return say(
        f"Đã ghi số {number}: {unit.name} không phát sinh {month(day)}.", choices=[Choice("Hoàn tác", f"/huy {number}")]
    )


def nobody_left(unit: Unit, mark: bool) -> Reply:
    if mark:
        return say(
            f"Đã ghi: {unit.name} không còn quần chúng để kết nạp. Sẽ không nhắc chi bộ này nữa.",
            choices=[Choice("Hoàn tác", f"{SOMEBODY_AGAIN} ở {unit.name}")],
        )
    return say(f"Đã ghi: {unit.name} có quần chúng để kết nạp.")


def nobody_left_card(unit: Unit, listed: int) -> Reply:
    return say(
        f"{unit.name} đang có {grouped(listed)} người trong nguồn.",
        "Ghi là không còn quần chúng thì sẽ không nhắc chi bộ này nữa. Lưu chứ?",
        choices=[SAVE, DROP],
    )


def with_somebody_again(reply: Reply, unit: Unit) -> Reply:
    return replace(reply, lines=(*reply.lines, line(f"{unit.name} không còn là chi bộ hết quần chúng.")))


def nobody_left_there(unit: Unit) -> Reply:
    return say(f"{unit.name} không còn quần chúng để kết nạp, nên không nhắc.")


def which_unit_to_nudge(options: Sequence[Unit]) -> Reply:
    return say("Nhắc đơn vị nào?", choices=[unit_choice(unit, "/nhac") for unit in options])


def nobody_to_nudge(unit: Unit, *, may_invite: bool) -> Reply:
    do = f"Mời bằng: /moi {unit.name}" if may_invite else "Đồng chí hỏi trực tiếp, hoặc nhờ cấp ủy cấp trên mời."
    return say(f"{unit.name} chưa có ai dùng máy này để nhắc. {do}")


def nudged(by: int, unit: Unit, day: date) -> Reply:
    """What the secretary reads on a day; it ends in the likely answers."""
    return say(
        line("Đồng chí ", PersonName(by), f" nhờ nhắc: {unit.name} cập nhật tình hình kết nạp và nguồn giúp."),
        "Có gì mới thì gõ một câu, ví dụ: kết nạp Nguyễn Văn A 15/10",
        choices=[
            _nothing_choice(unit, day),
            Choice("Xem tiến độ", "/tiendo"),
        ],
    )


def only_you_to_nudge(unit: Unit) -> Reply:
    return say(f"{unit.name} chỉ có đồng chí phụ trách, nên không cần nhắc.")


def nudged_already(unit: Unit, whom: Collection[int]) -> Reply:
    names = joined([PersonName(one) for one in whom])
    return say((*line("Đồng chí đã nhắc hôm nay rồi: "), *names, *line(f" ({unit.name}). Mai nhắc tiếp được.")))


def nudge_planned(unit: Unit, whom: Collection[int], when: datetime, now: datetime) -> Reply:
    names = joined([PersonName(one) for one in whom])
    day = "ngay" if when <= now else f"lúc {when:%H:%M} ngày {show(when.date())}"
    return say((*line("Sẽ nhắc đồng chí "), *names, *line(f" ({unit.name}) {day}.")))


def unit_shown(
    unit: Unit,
    children: Sequence[Unit],
    in_charge: Sequence[Person],
    office: Office,
    *,
    today: date,
    may_import: bool,
) -> Reply:
    lines: list[Line] = [line(bold(unit.name), f" · mã {unit.code}")]
    if unit.members is not None:
        lines.append(line(f"{grouped(unit.members.count)} đảng viên (ngày {show(unit.members.on)})"))
    if unit.nobody_left:
        lines.append(line("Không còn quần chúng để kết nạp"))
    for person in in_charge:
        held = {post.role for post in person.posts if post.unit_id == unit.id and post.holds_on(today)}
        titles = ", ".join(office.titles.get(role, ROLES[role]) for role in Role if role in held)
        lines.append((*line(f"• {titles}: "), PersonName(person.id)))
    if children:
        lines.append(line(f"Đơn vị trực thuộc: {grouped(len(children))}"))
        lines += [line(f"• {child.name} (mã {child.code})") for child in children[:40]]
        if len(children) > 40:
            lines.append(line(f"và {len(children) - 40} đơn vị nữa."))
    choices = [unit_choice(child, "/donvi") for child in children[:8]]
    if may_import:
        choices.append(Choice("Tải mẫu Excel", "/donvi mẫu"))
    return say(*lines, choices=choices)


def template() -> Reply:
    """The empty workbook, and what becomes of it."""
    told = say(
        "Đây là tệp mẫu để khai đơn vị, chỉ tiêu và người phụ trách.",
        "Điền xong, đồng chí chuyển cho người quản trị nạp vào máy.",
    )
    return replace(told, attachment=Attachment(Drawing.TEMPLATE, "mau-so-ket-nap.xlsx"))
