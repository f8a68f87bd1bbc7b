"""Sentences of small talk: greetings, help, refusals, errors, joining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.budget import Opening
from domain.intents import Intent
from domain.messages import Choice, PersonName, Reply, line
from domain.office import Office
from domain.people import Person, Post, Role
from domain.units import Unit
from language.days import show
from language.wording.joining import ASK_TO_JOIN
from language.wording.terms import ROLES, bold, joined, opened, say

MENU_LABELS = ("Kết nạp", "Nguồn", "Tiến độ", "Việc")
MENU_CHOICES = (
    Choice("Kết nạp", "/ketnap"),
    Choice("Nguồn", "/nguon"),
    Choice("Tiến độ", "/tiendo"),
    Choice("Việc", "/viec"),
)
COMMANDS: tuple[tuple[str, str], ...] = (
    ("ketnap", "Ghi kết nạp đảng viên"),
    ("nguon", "Nguồn kết nạp: thêm, xem, cập nhật"),
    ("tiendo", "Tiến độ chỉ tiêu"),
    ("lop", "Lớp bồi dưỡng nhận thức về Đảng"),
    ("viec", "Việc còn chờ"),
    ("kyhop", "Kỳ họp xét kết nạp: ai đủ hồ sơ"),
    ("chitieu", "Chỉ tiêu được giao"),
    ("kyhop", "Kỳ họp xét kết nạp: chương trình, kết quả"),
    ("baocao", "Báo cáo tháng"),
    ("chuabao", "Ai chưa báo, nhắc giúp"),
    ("donvi", "Cây đơn vị"),
    ("moi", "Mời người cùng dùng, xem ai đã tham gia"),
    ("bangiao", "Bàn giao nhiệm vụ, tạm hoặc hẳn"),
    ("khoa", "Mất máy: khóa máy cũ"),
    ("lienket", "Dùng thêm Zalo, Telegram hoặc máy khác"),
    ("sua", "Sửa bản ghi theo số"),
    ("huy", "Hủy bản ghi theo số"),
    ("xem", "Xem bản ghi hoặc số liệu"),
    ("cancu", "Căn cứ: quy định về hạn, điều kiện"),
    ("visao", "Vì sao được nhắc, hoặc không"),
    ("quyen", "Dữ liệu của tôi"),
    ("chandoan", "Tình trạng hệ thống (quản trị)"),
    ("trogiup", "Trợ giúp"),
)
MARKS: dict[str, str] = {
    "national_id": "số căn cước",
    "phone": "số điện thoại",
    "party_card_no": "số thẻ đảng",
    "family_political_history": "chuyện gia đình",
    "religion_detail": "chi tiết tôn giáo",
    "health": "sức khỏe",
    "marriage_detail": "chuyện hôn nhân",
    "state_secret": "nội dung mật",
    "document_image": "ảnh giấy tờ",
}


def menu() -> Reply:
    return say("Đồng chí cần việc gì?", choices=MENU_CHOICES, menu=True)


def greeting(person_id: int) -> Reply:
    return say(
        line("Chào đồng chí ", PersonName(person_id), ". Đồng chí cần việc gì?"), choices=MENU_CHOICES, menu=True
    )


def stranger(office: str) -> Reply:
    return say(
        f"Đây là máy trả lời tự động của {office}, giúp cấp ủy theo dõi kết nạp đảng viên.",
        "Muốn dùng, đồng chí cần mã mời gồm 8 chữ và số do cấp ủy cấp trên gửi.",
        "Có mã rồi thì gõ mã vào đây. Chưa có mã thì gõ: xin tham gia",
        choices=[ASK_TO_JOIN],
    )


def wrong_code() -> Reply:
    return say(
        "Mã này không dùng được: gõ nhầm, đã có người dùng, hoặc quá 7 ngày.",
        "Đồng chí xem lại mã, hoặc xin mã mới ở người đã mời.",
        "Đã dùng sổ ở máy khác rồi thì mở máy ấy, gõ /lienket để lấy mã cho máy này.",
    )


def too_many_guesses() -> Reply:
    return say("Đã thử sai nhiều lần. Đồng chí chờ một giờ rồi gõ lại mã.")


def already_joined() -> Reply:
    return say("Đồng chí đã vào rồi, không cần mã này nữa.", choices=MENU_CHOICES, menu=True)


def welcome(office: Office, role: Role, unit: Unit | None, *, is_first: bool) -> Reply:
    """Said once at joining: that this is a machine, what it keeps, and where to ask about it."""
    title = office.titles.get(role, ROLES[role])
    place = f", {unit.name}" if unit is not None else ""
    lines = [line("Đã nhận: đồng chí là ", bold(f"{title}{place}"), ".")]
    if is_first:
        lines += [
            line("Tôi là máy, chỉ giữ số liệu kết nạp và nguồn; không giữ hồ sơ, số căn cước, số điện thoại."),
            line(f"Bên chịu trách nhiệm dữ liệu: {office.controller}. Muốn biết máy giữ gì về mình, gõ /quyen."),
            line(_first_example(role)),
        ]
    return replace(say(*lines, choices=MENU_CHOICES), menu=True)


def _first_example(role: Role) -> str:
    if role is Role.SECRETARY:
        return "Thử gõ một câu: kết nạp Nguyễn Văn A 15/10"
    return "Thử gõ: tiến độ"


def which_unit_to_invite(options: Sequence[Unit], role: Role | None, *, is_cut: bool = False) -> Reply:
    more = (f"Không thấy ở đây thì gõ cả câu, ví dụ: /moi {ROLES[role] if role else 'bí thư'} {options[0].name}",)
    choices = [_invite_choice(unit, role) for unit in options]
    return say("Mời vào đơn vị nào?", *(more if is_cut else ()), choices=choices)


def _invite_choice(unit: Unit, role: Role | None) -> Choice:
    """The unit's code stands first, where it is taken as it is; the role, once it is said, is kept."""
    return Choice(unit.name, f"/moi {unit.code} {ROLES[role]}" if role else f"/moi {unit.code}")


def how_to_invite(unit: Unit, below: Sequence[Unit], example: Unit | None) -> Reply:
    choices = [*(_invite_choice(one, None) for one in (unit, *below)), Choice("Xem ai đã tham gia", "/moi danh sách")]
    if example is None:
        return say("Mời ai, vào đơn vị nào? Chọn đơn vị:", choices=choices)
    return say(
        "Mời ai, vào đơn vị nào? Chọn đơn vị, hoặc gõ cả câu, ví dụ:",
        f"/moi bí thư {example.name}",
        choices=choices,
    )


def which_role(unit: Unit, roles: Sequence[Role]) -> Reply:
    choices = [Choice(ROLES[role].capitalize(), f"/moi {unit.code} {ROLES[role]}") for role in roles]
    return say(line("Mời vào ", bold(unit.name), " với vai trò nào?"), choices=choices)


def nobody_to_invite(unit: Unit) -> Reply:
    return say(f"Đồng chí không mời được ai vào {unit.name}.")


def may_not_invite(role: Role, unit: Unit) -> Reply:
    return say(f"Đồng chí không mời được vai trò {ROLES[role]} vào {unit.name}.")


def invited(
    code: str, way: Opening, role: Role, unit: Unit, until: date, *, whom: int | None = None, is_planned: bool = False
) -> Reply:
    """The code, and whom it is for. Where the office's workbook names somebody for the post, the code makes its user
    that person, so that is said.
    """
    shown = f"{code[:4]} {code[4:]}"
    who = line("đồng chí ", PersonName(whom), ", ") if whom else ()
    lines = [
        line("Mã mời: ", bold(shown)),
        (*line("Dành cho "), *who, *line(f"{ROLES[role]}, {unit.name}. Dùng một lần, đến hết ngày {show(until)}.")),
        line(
            f"Đồng chí gửi riêng mã này cho người được mời{'; người đó gõ mã vào đây là xong' if way.is_here else ''}."
        ),
    ]
    if whom and is_planned:
        lines.append(line("Người này đã khai sẵn trong sổ. Mời người khác thì gõ thêm họ tên sau tên đơn vị."))
    return say(*lines, *opened(way))


def pass_the_code_on() -> Reply:
    return say("Mã này đồng chí vừa tạo để gửi người khác. Đồng chí chuyển cho người được mời, không gõ vào đây.")


def with_name_asked(reply: Reply) -> Reply:
    """The welcome of somebody whose name nobody told: it is asked for at once."""
    return replace(reply, lines=(*reply.lines, line("Đồng chí cho biết họ và tên, ví dụ: Nguyễn Văn A")))


def your_own_name() -> Reply:
    return say("Đồng chí cho biết họ và tên để mọi người nhận ra, ví dụ: Nguyễn Văn A", choices=MENU_CHOICES)


def name_kept(person_id: int) -> Reply:
    return say(
        line("Cảm ơn đồng chí ", PersonName(person_id), ". Đồng chí cần việc gì?"), choices=MENU_CHOICES, menu=True
    )


def not_allowed() -> Reply:
    return say("Không có trong phạm vi của đồng chí.", "Cần giúp, gõ /trogiup.")


def unknown_unit(named: str) -> Reply:
    return say(
        f"Trong phạm vi của đồng chí không có đơn vị nào tên “{named[:60]}”.",
        "Đồng chí gõ lại tên, hoặc gõ /donvi để xem danh sách.",
    )


def after_unknown_unit(reply: Reply, named: str) -> Reply:
    """A question once more, after the name of a unit that is not there."""
    return replace(reply, lines=(*unknown_unit(named).lines[:1], *reply.lines))


def failed(reference: str) -> Reply:
    return say(f"Có lỗi, mã {reference}. Chưa ghi gì. Đồng chí thử lại sau, hoặc báo mã này cho quản trị.")


def write_in_private(link: str) -> Reply:
    return say(f"Mời đồng chí nhắn riêng: {link}" if link else "Mời đồng chí nhắn riêng.")


def group_bound(unit: Unit) -> Reply:
    """In the group; what anybody in it may read is said, for whoever bound it may not have thought of it."""
    return say(
        line("Nhóm này đã gắn với ", bold(unit.name), "."),
        "Từ nay ai trong nhóm cũng xem được số liệu chung bằng /tiendo, không có tên người.",
        "Thôi không gắn nữa thì gõ: /donvi bỏ",
    )


def group_is_bound(unit: Unit) -> Reply:
    return say(
        line("Nhóm này đang gắn với ", bold(unit.name), ". Xem số liệu thì gõ /tiendo"),
        "Thôi không gắn nữa thì gõ: /donvi bỏ",
    )


def group_unbound() -> Reply:
    return say("Nhóm này không còn gắn với đơn vị nào. Từ nay ở đây tôi không trả lời số liệu.")


def how_to_bind(example: Unit | None) -> Reply:
    """In a group that is bound to nothing, to whoever may bind it."""
    return say(
        "Muốn cả nhóm xem được số liệu chung, đồng chí gõ /donvi rồi mã đơn vị"
        + (f", ví dụ: /donvi {example.code}" if example is not None else ".")
    )


def no_unit_to_bind() -> Reply:
    """The same for a unit out of reach and for one that is not there; nothing of what was typed is said again."""
    return say("Trong phạm vi của đồng chí không có đơn vị ấy.", "Đồng chí gõ /donvi rồi mã đơn vị.")


def old_button() -> Reply:
    return say("Nút này đã cũ, không còn dùng được. Đồng chí gõ lại việc cần làm, hoặc gõ menu.", menu=True)


def not_your_button() -> Reply:
    return say("Nút này dành cho người khác.")


def card_too_old() -> Reply:
    """Whom it was about is forgotten, though its time is not over: a clock went wrong meanwhile."""
    return say("Thẻ này đã quá lâu, tên trên thẻ đã xóa nên chưa ghi gì.", "Đồng chí gõ lại cả câu giúp.")


def already_answered() -> Reply:
    return say("Việc này đã xử lý xong rồi, bấm lại không ghi thêm gì.")


def newer_card() -> Reply:
    return say("Câu hỏi này đã có bản mới ở dưới. Ở đây chưa ghi gì; đồng chí trả lời bản mới nhất.")


def no_such_number(count: int) -> Reply:
    """Said without the numbers themselves: a phone with buttons shows none."""
    among = f"một trong {count} câu" if count > 1 else "câu"
    return say(f"Số ấy không có để chọn. Đồng chí chọn {among} ở tin trên, hoặc gõ một câu mới.")


def moved_here(reply: Reply) -> Reply:
    """A card that was open in another chat of the same person, shown here first: nothing was decided by the answer."""
    return replace(reply, lines=(line("Việc này đồng chí đang làm dở ở máy khác, chưa ghi gì:"), *reply.lines))


def nothing_asked(*, is_yes: bool) -> Reply:
    said = "Hiện không có việc nào chờ đồng chí trả lời." if is_yes else "Không có việc nào đang dở."
    return say(said, choices=MENU_CHOICES, menu=True)


def not_understood(*, may_enter: bool) -> Reply:
    lines = ["Tôi chưa hiểu câu này. Đồng chí gõ gọn một việc, ví dụ:"]
    if may_enter:
        lines += ["kết nạp Nguyễn Văn A 15/10", "thêm nguồn Trần Thị B 1997", "tháng này không có gì mới"]
    lines.append("còn mấy chỉ tiêu")
    return say(*lines, choices=MENU_CHOICES, menu=True)


def asked_again(reply: Reply) -> Reply:
    """The open question once more, after words that did not answer it."""
    return replace(reply, lines=(line("Tôi chưa hiểu câu vừa rồi. Đồng chí trả lời giúp:"), *reply.lines))


def not_yet(intent: Intent) -> Reply:
    """What is understood but not done here, with what to do instead."""
    match intent:
        case Intent.PLAN_CEREMONY:
            return say("Lễ chưa tổ chức nên chưa ghi. Làm lễ xong, đồng chí báo lại cả câu với ngày làm lễ.")
        case _:
            return say("Việc này tôi chưa làm được. Những việc làm được:", choices=MENU_CHOICES, menu=True)


def wrong_last(number: int) -> Reply:
    return say(
        f"Đồng chí muốn sửa bản ghi số {number}?",
        choices=[Choice("Sửa", f"/sua {number}"), Choice("Hủy bản ghi", f"/huy {number}")],
    )


def with_cut(reply: Reply, marks: Sequence[str]) -> Reply:
    """What was cut out of the message before it was stored, said first."""
    cut = ", ".join(dict.fromkeys(MARKS.get(mark, "thông tin riêng") for mark in marks))
    return replace(
        reply, lines=(line(f"Đã bỏ {cut} khỏi tin, không lưu. Xin đừng gửi những thông tin này."), *reply.lines)
    )


def sensitive_refused() -> Reply:
    return say("Nội dung này không được gửi qua đây. Tôi không lưu gì.")


HELP: dict[Role, tuple[str, ...]] = {
    Role.SECRETARY: (
        "Ghi kết nạp: kết nạp Nguyễn Văn A 15/10",
        "Thêm nguồn: thêm nguồn Trần Thị B 1997",
        "Báo bước đi: B học xong lớp cảm tình, cấp ngày 12/8",
        "Không có gì: tháng này không có gì mới",
        "Xem: còn mấy chỉ tiêu",
        "Sửa, hủy: /sua 31, /huy 31",
    ),
    Role.COMMITTEE: (
        "Xem: tiến độ, hoặc tiến độ chi bộ thôn 3",
        "Chi bộ nào năm nay còn trắng",
        "Giao chỉ tiêu: giao chỉ tiêu 2027: chi bộ thôn 1: 2, chi bộ thôn 2: 1",
        "Mời người: /moi bí thư chi bộ thôn 3",
    ),
    Role.MONITOR: (
        "Xem: đơn vị của tôi thế nào rồi",
        "Nhắc: /nhac chi bộ thôn 3",
        "Sáng thứ Hai tôi gửi bản tổng hợp.",
    ),
    Role.ORGANISER: (
        "Xem: tiến độ, chi bộ nào năm nay còn trắng",
        "Nhập tệp: gửi tệp Excel vào đây; lấy tệp mẫu: /donvi mẫu",
        "Chỉ tiêu: /chitieu",
        "Đơn vị: /donvi",
        "Mời người: /moi",
    ),
    Role.INTRODUCER: ("Phần của đoàn thể sẽ có sau.",),
    Role.ADMIN: ("Việc kỹ thuật làm trên máy chủ bằng lệnh.",),
}


def help_for(roles: Sequence[Role], whom_to_call: Sequence[int]) -> Reply:
    """Help for the roles held, with examples, and whom to call."""
    lines = [line("Đồng chí gõ một câu bình thường, có dấu hay không dấu đều được.")]
    for role in roles:
        lines += [line(bold(ROLES[role].capitalize())), *(line(example) for example in HELP[role])]
    lines.append(line("Dùng thêm Zalo, Telegram hoặc máy khác: gõ /lienket"))
    if whom_to_call:
        lines.append(
            (*line("Cần người giúp, gọi đồng chí "), *joined([PersonName(one) for one in whom_to_call]), *line("."))
        )
    return say(*lines, choices=MENU_CHOICES, menu=True)


def my_data(person: Person, posts: Sequence[Post], units: Mapping[int, Unit], contacts: int, office: Office) -> Reply:
    """What is held of a user, in plain lines."""
    lines = [line("Máy giữ về đồng chí:"), line("Họ tên: ", PersonName(person.id))]
    for post in posts:
        unit = units.get(post.unit_id or 0)
        place = f", {unit.name}" if unit else ""
        lines.append(line(f"Vai trò: {office.titles.get(post.role, ROLES[post.role])}{place}, từ {show(post.since)}"))
    lines += [
        line(f"Số nơi nhắn tin đã nối: {contacts}. Xem, thêm hoặc gỡ: gõ /lienket"),
        line(
            f"Chữ trong tin nhắn giữ {office.retention.text_days} ngày rồi xóa; các bản ghi giữ kèm số của người ghi."
        ),
        line(f"Cần sửa hoặc xóa, đồng chí báo {office.controller}."),
    ]
    return say(*lines)
