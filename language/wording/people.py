"""Sentences about candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.messages import CandidateName, Choice, HelperNames, Line, Reply, Text, line
from domain.quotas import grouped, share
from domain.records import Candidate, DropReason, Stage, is_trained
from domain.stages import (
    LIFTS,
    AgeUnclear,
    AlreadyThere,
    Backwards,
    CertificateExpired,
    DossierStale,
    Doubt,
    InFuture,
    IsMember,
    NeedsVotes,
    NotFromHere,
    OutOfOrder,
    Refused,
    Skips,
    Step,
    TooEarly,
    TooManyVotes,
    TooYoung,
)
from domain.units import Unit
from language.days import show
from language.filling import ONLY_FOUND, admits, pick, says_because, snags, steps
from language.stages import STAGES
from language.wording.admissions import CONSENT_MANY, CONSENT_ONE
from language.wording.law import basis
from language.wording.terms import DROP, EDIT, REASONS, SAVE, bold, joined, say, sentence_case, unit_choice


def _names(rows: Sequence[Candidate]) -> Line:
    return joined([CandidateName(row.id) for row in rows])


def _born(row: Candidate) -> str:
    return f", sinh {row.birth_year}" if row.birth_year else ""


def whom_to_add(unit: Unit) -> Reply:
    return say(f"Thêm ai vào nguồn của {unit.name}? Gõ họ tên, có thể kèm năm sinh, ví dụ: Trần Thị B 1997")


def names_again() -> Reply:
    return say("Đồng chí gõ lại họ tên cho đúng, có thể kèm năm sinh.", choices=[DROP])


def full_names_please(rows: Sequence[Candidate]) -> Reply:
    return say((*line("Cần đủ họ và tên của "), *_names(rows), *line(". Đồng chí gõ lại giúp.")), choices=[DROP])


def already_listed(rows: Sequence[Candidate], unit: Unit) -> Reply:
    lines = [(CandidateName(row.id), *line(f": {STAGES[row.stage]}.")) for row in rows]
    return say(f"{unit.name} đã có trong sổ:", *lines)


def add_card(new: Sequence[Candidate], known: Sequence[Candidate], unit: Unit) -> Reply:
    lines: list[Line] = [line(bold("Thêm nguồn"), f", {unit.name}:")]
    for row in new:
        mark = "• " if len(new) > 1 else ""
        lines.append((Text(mark), CandidateName(row.id), Text(_born(row))))
    if known:
        lines.append((*line("Đã có sẵn: "), *_names(known), *line(".")))
    lines.append(line(CONSENT_ONE if len(new) == 1 else CONSENT_MANY))
    return say(*lines, "Lưu chứ?", choices=[SAVE, EDIT, DROP, Choice("Lưu không tên", "lưu không tên")])


def candidate_label(code: str) -> str:
    """What a candidate without a name is called."""
    return f"quần chúng {code}"


def added(rows: Sequence[Candidate], unit: Unit, count: int) -> Reply:
    named = [row for row in rows if row.name]
    who = (*line("Đã thêm "), *(_names(named) if named else line(f"{len(rows)} người không tên")), *line("."))
    return say(
        who, f"{unit.name} có {grouped(count)} người trong nguồn.", choices=[Choice("Xem nguồn", f"/nguon {unit.code}")]
    )


def who_is_meant() -> Reply:
    return say("Đồng chí nói về ai? Gõ họ tên người trong nguồn.", choices=[DROP])


def not_on_list() -> Reply:
    """The name is not said back: replies wait in the outbox, where no name stands."""
    return say("Trong nguồn của đồng chí không có ai tên như vậy.", "Muốn thêm, gõ: thêm nguồn, rồi họ tên.")


def some_not_on_list(found: Sequence[Candidate], missing: int) -> Reply:
    """Some were found, others were not: these are not named, for no name of theirs is on record."""
    return say(
        (*line("Đã tìm thấy "), *_names(found), *line(f"; còn {missing} người không có trong nguồn của đồng chí.")),
        "Gõ lại họ tên người còn thiếu, hoặc chọn:",
        choices=[Choice(ONLY_FOUND.capitalize(), ONLY_FOUND), DROP],
    )


def which_of_these(rows: Sequence[Candidate], places: Mapping[int, Unit], *, others: int) -> Reply:
    """Namesakes with what tells them apart: year of birth, stage, and the branch if they are in several."""
    several = len({row.unit_id for row in rows}) > 1
    lines: list[Line] = [line("Có mấy người như vậy, đồng chí chọn:")]
    for row in rows:
        where = f", {places[row.unit_id].name}" if several and row.unit_id in places else ""
        lines.append((Text("• "), CandidateName(row.id), Text(f"{_born(row)}, {STAGES[row.stage]}{where}")))
    if others:
        lines.append(line(f"và {others} người nữa: gõ đủ họ tên hoặc năm sinh."))
    return say(*lines, choices=[*(Choice(_apart(row, rows, places), pick(row.id), row.id) for row in rows), DROP])


def _apart(row: Candidate, rows: Sequence[Candidate], places: Mapping[int, Unit]) -> str:
    """What stands before a name on its button."""
    if row.birth_year and sum(one.birth_year == row.birth_year for one in rows) == 1:
        return f"{row.birth_year} · "
    if sum(one.unit_id == row.unit_id for one in rows) == 1 and row.unit_id in places:
        return f"{places[row.unit_id].name} · "
    if sum(one.stage is row.stage for one in rows) == 1:
        return f"{sentence_case(STAGES[row.stage])} · "
    return ""


UPDATED = 6
"""So many people of a list have each their own button."""

STAGES_OFFERED = (Stage.CLASS_DONE, Stage.APPLICATION, Stage.CV_VERIFYING, Stage.OPINIONS, Stage.BRANCH_RESOLVED)


def which_stage(rows: Sequence[Candidate], likely: Sequence[Stage] = ()) -> Reply:
    """The likely next steps first; of one person also where he or she stands."""
    stands = f" ({STAGES[rows[0].stage]})" if len(rows) == 1 else ""
    who = (*_names(rows), *line(f"{stands} đến bước nào rồi?"))
    offered = dict.fromkeys((*likely, *(stage for stage in STAGES_OFFERED if stage is not rows[0].stage)))
    helped = [(Text("Người giúp đỡ: "), HelperNames(rows[0].id))] if len(rows) == 1 and rows[0].helpers else []
    choices = [Choice(sentence_case(STAGES[stage]), STAGES[stage]) for stage in offered]
    if len(rows) == 1:
        choices.append(Choice("Báo vướng mắc", snags(rows[0].id)))
    return say(who, *helped, choices=[*choices, DROP])


def certificate_day(rows: Sequence[Candidate], *, is_future: bool = False) -> Reply:
    head = "Ngày cấp chưa tới. " if is_future else ""
    return say(
        (*line(f"{head}Giấy chứng nhận lớp nhận thức của "), *_names(rows), *line(" cấp ngày nào? Ví dụ: 12/8")),
        choices=[DROP],
    )


def moved(
    rows: Sequence[Candidate], step: Step, *, needed: int, gaps: Sequence[Stage], offered: Sequence[Stage]
) -> Reply:
    """The receipt, with what a vote counted, and the likely next steps of one person as buttons."""
    day = f", giấy chứng nhận cấp ngày {show(step.certificate_on)}" if step.certificate_on else ""
    lines: list[Line] = [(*line("Đã ghi "), *_names(rows), *line(f": {STAGES[step.to]}{day}."))]
    if step.votes_for is not None and step.votes_all is not None:
        lines.append(line(_vote(step.votes_for, step.votes_all, needed)))
    if gaps:
        lines.append(line(f"Chưa có tin: {', '.join(STAGES[stage] for stage in gaps)}."))
    choices = [Choice(sentence_case(STAGES[stage]), steps(rows[0].id, STAGES[stage])) for stage in offered]
    if step.to in (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW) and len(rows) == 1:
        choices.append(Choice("Đã kết nạp ", admits(rows[0].id), rows[0].id))
    return say(*lines, choices=[*choices, Choice("Xem nguồn", "/nguon")])


@dataclass(frozen=True, slots=True)
class Recognition:
    """Somebody recognised: official from the end of the probation, Party age from the admission decision."""

    person: Candidate
    official_from: date | None
    party_age_from: date | None


_WEIGHTY: dict[Stage, tuple[str, str]] = {
    Stage.OFFICIAL: ("Quyết định công nhận chính thức", "Công nhận chính thức"),
    Stage.REMOVED: ("Quyết định xóa tên", "Xóa tên"),
    Stage.MOVED: ("Giấy chuyển sinh hoạt của", "Chuyển đi nơi khác"),
}


def weighty_when(rows: Sequence[Candidate], to: Stage) -> Reply:
    return say((*line(f"{_WEIGHTY[to][0]} "), *_names(rows), *line(" ngày nào? Ví dụ: 15/10")), choices=[DROP])


def leaving_card(rows: Sequence[Candidate], to: Stage, on: date) -> Reply:
    """Somebody is taken off the list of members, or goes elsewhere: admissions on record stay as they are."""
    return say(
        (*line(bold(_WEIGHTY[to][1])), *line(": "), *_names(rows), *line(f", ngày {show(on)}.")),
        "Số đã kết nạp vẫn giữ nguyên. Lưu chứ?",
        choices=[SAVE, DROP],
    )


def arrival_card(new: Sequence[Candidate], unit: Unit, *, is_official: bool, admitted_on: date | None) -> Reply:
    """A member from elsewhere: never an admission here."""
    status = "đảng viên chính thức" if is_official else "đảng viên dự bị"
    elsewhere = f", kết nạp ở nơi khác ngày {show(admitted_on)}" if admitted_on else ""
    lines: list[Line] = [line(bold("Tiếp nhận"), f" về {unit.name}, {status}{elsewhere}:")]
    lines += [(Text("• "), CandidateName(row.id)) for row in new]
    if not is_official and admitted_on is None:
        lines.append(line("Chưa rõ ngày kết nạp nên chưa tính được hạn dự bị."))
    lines.append(line(CONSENT_ONE if len(new) == 1 else CONSENT_MANY))
    return say(*lines, "Không tính vào số kết nạp. Lưu chứ?", choices=[SAVE, DROP])


def arrived(rows: Sequence[Candidate], unit: Unit) -> Reply:
    return say((*line("Đã tiếp nhận "), *_names(rows), *line(f" về {unit.name}, không tính vào số kết nạp.")))


def recognition_card(facts: Sequence[Recognition], on: date) -> Reply:
    """Weighty: with what the law counts from which day. It is no admission and changes no figure."""
    lines: list[Line] = [line(bold("Công nhận chính thức"), f", quyết định ngày {show(on)}:")]
    for one in facts:
        official = f", chính thức từ {show(one.official_from)}" if one.official_from else ""
        age = f", tuổi đảng từ {show(one.party_age_from)}" if one.party_age_from else ""
        lines.append((Text("• "), CandidateName(one.person.id), Text(f"{official}{age}")))
    return say(*lines, "Không tính vào số kết nạp. Lưu chứ?", choices=[SAVE, DROP])


def who_helps() -> Reply:
    return say(
        "Phân công một hoặc hai đảng viên chính thức giúp đỡ. Gõ cả câu, ví dụ:",
        "Phân công đ/c Nguyễn Văn A giúp đỡ quần chúng Trần Thị B",
    )


def may_not_help(rows: Sequence[Candidate]) -> Reply:
    lines = [(CandidateName(row.id), Text(f": {STAGES[row.stage]}, nên chưa giúp đỡ người khác được.")) for row in rows]
    return say(*lines, "Người giúp đỡ phải là đảng viên chính thức.", choices=[basis("helper_together")])


def helpers_card(rows: Sequence[Candidate], helpers: Sequence[Candidate]) -> Reply:
    return say(
        (*line(bold("Phân công giúp đỡ "), ""), *_names(rows), *line(": "), *_names(helpers), *line(".")),
        "Đồng chí xác nhận: là đảng viên chính thức, cùng đơn vị với người được giúp đỡ từ 12 tháng trở lên.",
        "Lưu chứ?",
        choices=[SAVE, DROP, basis("helper_together")],
    )


def helpers_assigned(rows: Sequence[Candidate]) -> Reply:
    lines = [
        (*line("Đã ghi người giúp đỡ "), CandidateName(row.id), Text(": "), HelperNames(row.id), Text("."))
        for row in rows
    ]
    return say(*lines, choices=[Choice("Xem nguồn", "/nguon")])


def consent_noted(rows: Sequence[Candidate]) -> Reply:
    return say((*line("Đã ghi "), *_names(rows), *line(" đồng ý cho ghi tên, theo xác nhận của đồng chí.")))


def consent_card(rows: Sequence[Candidate]) -> Reply:
    return say(
        (
            *line(bold("Bỏ tên"), " "),
            *_names(rows),
            *line(" khỏi máy: chỉ còn đơn vị, bước và ngày, không còn họ tên."),
        ),
        "Số liệu vẫn giữ nguyên. Lưu chứ?",
        choices=[SAVE, DROP],
    )


def name_taken_away(rows: Sequence[Candidate]) -> Reply:
    """By their labels: that is what they are called from now on."""
    return say((*line("Đã bỏ tên, nay gọi là "), *_names(rows), *line(".")))


def _vote(votes_for: int, votes_all: int, needed: int) -> str:
    told = f"Tán thành {share(votes_for, votes_all)} tổng số đảng viên chính thức"
    if votes_for >= needed:
        return f"{told}, cần ít nhất {needed}."
    return f"{told}: chưa đủ hai phần ba, cần ít nhất {needed}."


def step_refused(person: Candidate, to: Stage, on: date, against: Refused) -> Reply:
    """Nothing was written, and why."""
    who = CandidateName(person.id)
    match against:
        case AlreadyThere(since):
            when = f" từ {show(since)}" if since else ""
            return say((who, *line(f": đã ghi “{STAGES[to]}”{when} rồi, không ghi thêm.")))
        case IsMember(stage):
            return say((who, *line(f": {STAGES[stage]}, không còn ở các bước trước kết nạp nên chưa ghi gì.")))
        case NotFromHere(stage):
            return say((who, *line(f" đang ở bước “{STAGES[stage]}”, không chuyển thành “{STAGES[to]}” được.")))
        case InFuture(day):
            return say(f"Ngày {show(day)} chưa tới nên chưa ghi. Làm xong, đồng chí báo lại.")
        case OutOfOrder(stage, day):
            return say(
                (
                    *line("Chưa ghi "),
                    who,
                    *line(f": ngày {show(on)} trước ngày {show(day)} của bước “{STAGES[stage]}”."),
                ),
                "Đồng chí xem lại ngày rồi báo lại.",
            )
        case TooManyVotes(votes_for, votes_all):
            return say(
                f"Số phiếu tán thành ({votes_for}) nhiều hơn số đảng viên chính thức ({votes_all}) nên chưa ghi.",
                "Đồng chí báo lại số phiếu trên tổng số đảng viên chính thức, ví dụ: 14/20",
            )
        case CertificateExpired(issued, last, rule):
            return say(
                (
                    *line("Chưa ghi nghị quyết về "),
                    who,
                    *line(f": giấy chứng nhận cấp {show(issued)} chỉ có giá trị đến {show(last)}."),
                ),
                "Phải học lại lớp nhận thức trước khi chi bộ xét.",
                choices=[basis(rule.code)],
            )
        case TooYoung(rule):
            return say(
                (*line("Chưa ghi nghị quyết về "), who, *line(f": vào ngày {show(on)} chưa đủ tuổi kết nạp.")),
                choices=[basis(rule.code)],
            )
        case TooEarly(ends, rule):
            return say(
                (
                    *line("Chưa ghi "),
                    who,
                    *line(f": thời gian dự bị đến {show(ends)} mới hết, chưa xét chính thức được."),
                ),
                choices=[basis(rule.code)],
            )


def doubted(person: Candidate, to: Stage, doubt: Doubt) -> Reply:
    """What speaks against the step, and the reasons that let it through, one tap each."""
    who = CandidateName(person.id)
    choices = [Choice(sentence_case(says_because(each)), says_because(each)) for each in LIFTS[type(doubt)]]
    match doubt:
        case NeedsVotes():
            return say(
                (
                    *line("Chi bộ biểu quyết về "),
                    who,
                    *line(": bao nhiêu đồng chí tán thành trên tổng số đảng viên chính thức?"),
                ),
                "Ví dụ: 14/20 (tính cả đồng chí vắng mặt, không tính đảng viên dự bị)",
                choices=[*choices, DROP],
            )
        case Skips(stages):
            left_out = ", ".join(f"“{STAGES[stage]}”" for stage in stages)
            return say((who, *line(f" chưa có tin: {left_out}. Vì sao bỏ qua?")), choices=[*choices, DROP])
        case Backwards(stage):
            return say(
                (who, *line(f" đang ở bước “{STAGES[stage]}”, sau bước “{STAGES[to]}”. Ghi lùi lại?")),
                choices=[*choices, DROP],
            )
        case DossierStale(opened, rule):
            return say(
                (*line("Hồ sơ của "), who, *line(f" lập ngày {show(opened)}, đã quá {rule.months} tháng chưa xét.")),
                "Phải bổ sung hồ sơ, lấy lại ý kiến và nghị quyết trước khi xét. Đã làm chưa?",
                choices=[*choices, basis(rule.code), DROP],
            )
        case AgeUnclear(is_too_old, rule):
            why = "đã quá tuổi kết nạp" if is_too_old else "sát mốc tuổi, tính theo tháng và theo ngày chưa khớp nhau"
            return say(
                (who, *line(f": {why}. Máy không quyết được, đồng chí hỏi ban xây dựng Đảng.")),
                choices=[*choices, basis(rule.code), DROP],
            )


def may_not_move(rows: Sequence[Candidate], stage: Stage) -> Reply:
    return say((*_names(rows), *line(f" đang ở bước khác, không chuyển thành “{STAGES[stage]}” được.")))


def why_drop(rows: Sequence[Candidate]) -> Reply:
    choices = [Choice(words.capitalize(), f"lý do {words}") for words in REASONS.values()]
    return say((*line("Thôi theo dõi "), *_names(rows), *line(" vì sao?")), choices=[*choices, DROP])


def drop_card(rows: Sequence[Candidate], reason: DropReason) -> Reply:
    return say(
        (*line(bold("Thôi theo dõi")), *line(": "), *_names(rows), *line(f", lý do: {REASONS[reason]}.")),
        "Lưu chứ?",
        choices=[SAVE, EDIT, DROP],
    )


def taken_off(rows: Sequence[Candidate], reason: DropReason) -> Reply:
    return say((*line("Đã đưa "), *_names(rows), *line(f" ra khỏi nguồn, lý do: {REASONS[reason]}.")))


def which_unit_to_list(options: Sequence[Unit]) -> Reply:
    return say("Xem nguồn của đơn vị nào?", choices=[unit_choice(unit, "/nguon") for unit in options])


def candidates_listed(
    unit: Unit, rows: Sequence[Candidate], total: int, *, page: int, pages: int, goes_on: bool, today: date
) -> Reply:
    """A page of a branch's candidates by stage, in the order given: the furthest first."""
    if not rows:
        return say(f"{unit.name} chưa có ai trong nguồn.", "Thêm người: thêm nguồn Trần Thị B 1997")
    lines: list[Line] = [line(bold(f"Nguồn của {unit.name}"), f" · {grouped(total)} người · {show(today)}")]
    for stage in dict.fromkeys(row.stage for row in rows):
        lines.append(line(f"{sentence_case(STAGES[stage])}:"))
        lines += [(Text("• "), CandidateName(row.id), Text(_born(row))) for row in rows if row.stage is stage]
    if pages == 1:
        few = rows if len(rows) <= UPDATED else ()
        return say(*lines, choices=[Choice("Cập nhật ", steps(row.id), row.id) for row in few])
    if not goes_on:
        return say(*lines, f"và {total - len(rows)} người nữa.")
    lines.append(line(f"trang {page}/{pages}"))
    return say(*lines, choices=[Choice("Xem tiếp", f"/nguon {unit.code} trang {page + 1}")] if page < pages else [])


def candidates_counted(unit: Unit, branches: Sequence[Unit], by_unit: Mapping[int, Sequence[Candidate]]) -> Reply:
    """Counts of each branch of a committee, with buttons to open one."""
    total = sum(len(rows) for rows in by_unit.values())
    lines: list[Line] = [line(bold(f"Nguồn của {unit.name}"), f" · {grouped(total)} người")]
    ranked = sorted(branches, key=lambda branch: (len(by_unit[branch.id]), branch.code))
    for branch in ranked[:30]:
        rows = by_unit[branch.id]
        done = sum(is_trained(row.stage) for row in rows)
        lines.append(line(f"• {branch.name}: {grouped(len(rows))}, đã học lớp {grouped(done)}"))
    if len(ranked) > 30:
        lines.append(line(f"và {grouped(len(ranked) - 30)} chi bộ nữa."))
    return say(*lines, choices=[unit_choice(branch, "/nguon") for branch in ranked[:6]])
