"""Sentences about what is not a plain message: pictures, files, edits, forwards, replies, and long silence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.messages import Choice, FileTrouble, Reply, line
from domain.office import Problem
from domain.problems import ProblemCode
from domain.records import Entry
from language import sensitive
from language.days import show
from language.problems import sentence
from language.wording.terms import DROP, SAVE, bold, say

NAMES_AMONG_FACTS: Mapping[str, tuple[int, ...]] = {ProblemCode.SAME_NAME: (0,), ProblemCode.KEY_OF_TWO: (2,)}


def no_pictures() -> Reply:
    return say(
        "Tôi không nhận ảnh và giấy tờ, để giữ an toàn hồ sơ. Ảnh vừa gửi không được lưu.",
        "Đồng chí gõ thành một câu, ví dụ: kết nạp Nguyễn Văn A 15/10",
    )


def no_films() -> Reply:
    return say(
        "Tôi không nhận phim, để giữ an toàn hồ sơ. Phim vừa gửi không được lưu.",
        "Đồng chí gõ thành một câu, ví dụ: kết nạp Nguyễn Văn A 15/10",
    )


def no_files() -> Reply:
    return say(
        "Tôi không nhận tệp, để giữ an toàn hồ sơ. Tệp vừa gửi không được lưu.",
        "Đồng chí gõ thành một câu, ví dụ: kết nạp Nguyễn Văn A 15/10",
    )


def no_voice() -> Reply:
    return say("Tôi không nghe được tin thoại. Đồng chí bấm micrô trên bàn phím để đọc thành chữ.")


def no_contacts() -> Reply:
    return say(
        "Tôi không giữ số điện thoại. Số vừa gửi không được lưu.",
        "Muốn mời ai cùng dùng, đồng chí gõ /moi",
    )


def no_places() -> Reply:
    return say("Tôi không dùng vị trí. Vị trí vừa gửi không được lưu.", "Đồng chí gõ một câu, hoặc gõ menu.")


def words_only() -> Reply:
    return say("Tôi chỉ đọc được chữ. Đồng chí gõ một câu, hoặc gõ menu.", menu=True)


def send_again() -> Reply:
    return say("Tin này không đọc được. Đồng chí gửi lại giúp.")


def with_edit(reply: Reply) -> Reply:
    """Above the card that takes the place of the one from the words before."""
    return replace(reply, lines=(line("Đã đọc lại tin đồng chí vừa sửa. Thẻ trước không còn dùng."), *reply.lines))


def edit_not_understood(reply: Reply) -> Reply:
    """Above the card that stays, because the new words fit nothing."""
    return replace(reply, lines=(line("Tin vừa sửa tôi chưa hiểu, nên vẫn giữ như cũ."), *reply.lines))


def with_edit_of_entry(reply: Reply) -> Reply:
    """Above what shall be put right in the entry that the edited message made."""
    return replace(reply, lines=(line("Tin đồng chí vừa sửa đã ghi rồi. Sửa bản ghi theo tin mới?"), *reply.lines))


def edit_says_the_same(number: int) -> Reply:
    return say(
        f"Tin vừa sửa không khác bản ghi số {number}, nên vẫn giữ như cũ.", choices=[Choice("Xem", f"/xem {number}")]
    )


def edit_changes_no_entry(numbers: Sequence[int]) -> Reply:
    """The new words do not say what shall be different in what was recorded."""
    return say(
        f"Tin này đã ghi {_numbers(numbers)}. Sửa tin không đổi được bản ghi.",
        "Cần sửa hay hủy, đồng chí chọn:",
        choices=[choice for number in numbers[:3] for choice in _mending(number, is_one=len(numbers) == 1)],
    )


def mend_or_cancel(numbers: Sequence[int]) -> Reply:
    """A reply to a receipt that says it is wrong, or that it shall go, and not which of several."""
    return say(
        f"Tin đó đã ghi {_numbers(numbers)}.",
        "Cần sửa hay hủy, đồng chí chọn:",
        choices=[choice for number in numbers[:3] for choice in _mending(number, is_one=len(numbers) == 1)],
    )


def edit_of_another_branch(entry: Entry) -> Reply:
    return say(
        f"Chưa đổi được chi bộ của số {entry.number}. Đồng chí hủy số này rồi gửi tin mới.",
        choices=[Choice(f"Hủy số {entry.number}", f"/huy {entry.number}")],
    )


def edit_of_several(numbers: Sequence[int], *, has_new: bool) -> Reply:
    """More than one entry would be different, or somebody joined in."""
    lines = [f"Tin này đã ghi {_numbers(numbers)}. Đồng chí sửa từng số giúp."]
    if has_new:
        lines.append("Người mới thêm thì gửi một tin riêng.")
    return say(*lines, choices=[Choice(f"Sửa số {number}", f"/sua {number}") for number in numbers[:6]])


def which_entry(numbers: Sequence[int]) -> Reply:
    """A reply to a receipt of several entries."""
    return say(
        f"Tin đó đã ghi {_numbers(numbers)}. Đồng chí chọn một số:",
        choices=[Choice(f"Sửa số {number}", f"/sua {number}") for number in numbers[:6]],
    )


def with_forwarded(reply: Reply) -> Reply:
    """Above a card made from somebody else's words."""
    return replace(reply, lines=(line("Theo tin chuyển tiếp, đồng chí xem kỹ trước khi lưu:"), *reply.lines))


def forwarded_card() -> Reply:
    """What would be written at once had the person typed it."""
    return say("Đây là tin chuyển tiếp, tôi chưa ghi gì. Ghi theo tin này chứ?", choices=[SAVE, DROP])


FILE_TROUBLES: dict[FileTrouble, str] = {
    FileTrouble.GONE: "Không lấy lại được tệp này nữa. Đồng chí gửi lại tệp giúp.",
    FileTrouble.AWAY: "Chưa lấy được tệp vì mạng trục trặc. Ít phút nữa đồng chí gửi lại giúp.",
    FileTrouble.TOO_BIG: "Tệp quá lớn, tôi chỉ nhận đến 5 MB. Đồng chí xóa hình ảnh, các trang thừa rồi gửi lại.",
}
PROBLEMS_SHOWN = 20
NOTES_SHOWN = 5
COUNTED: dict[str, str] = {
    "units_added": "Đơn vị thêm mới",
    "units_changed": "Đơn vị đổi thông tin",
    "units_moved": "Đơn vị chuyển cấp trên",
    "aliases_added": "Tên gọi khác thêm mới",
    "members_set": "Số đảng viên được ghi",
    "quotas_set": "Chỉ tiêu được giao",
    "people_added": "Người phụ trách thêm mới",
    "people_changed": "Người phụ trách đổi thông tin",
    "posts_added": "Phân công mới",
    "candidates_added": "Quần chúng thêm vào nguồn",
    "candidates_changed": "Quần chúng đổi thông tin",
    "entries_added": "Bản ghi kết nạp thêm mới",
    "entries_completed": "Bản ghi kết nạp được bổ sung",
    "entries_corrected": "Bản ghi kết nạp được sửa",
    "without_name": "Trong đó không ghi tên",
    "nothing_undone": "Báo không phát sinh được bỏ vì tháng ấy có kết nạp",
    "unchanged": "Đã có, giữ nguyên",
}


def file_trouble(trouble: FileTrouble) -> Reply:
    return say(FILE_TROUBLES[trouble])


def file_changed() -> Reply:
    return say("Tệp lấy lại không còn như lúc đồng chí gửi. Chưa ghi gì. Đồng chí gửi lại tệp giúp.")


def workbook_problems(problems: Sequence[Problem]) -> Reply:
    """All that is wrong with it, as much as one reads on a phone."""
    shown = [line(f"- {sentence(_without_people(problem))}") for problem in problems[:PROBLEMS_SHOWN]]
    rest = len(problems) - len(shown)
    more = [line(f"và còn {rest} lỗi.")] if rest else []
    return say(
        f"Chưa ghi gì. Tệp có {len(problems)} chỗ cần sửa:", *shown, *more, "Đồng chí sửa trong Excel rồi gửi lại tệp."
    )


def _without_people(problem: Problem) -> Problem:
    """What cells held is quoted in a reply, which is kept until it is sent: no personal number and no name is."""
    facts = [sensitive.cut(fact).text for fact in problem.facts]
    for place in NAMES_AMONG_FACTS.get(problem.code, ()):
        facts[place] = "…"
    return replace(problem, facts=tuple(facts))


def units_out_of_reach(codes: Sequence[str]) -> Reply:
    shown = ", ".join(f"“{sensitive.cut(code[:60]).text}”" for code in codes[:PROBLEMS_SHOWN])
    rest = len(codes) - PROBLEMS_SHOWN
    more = f" và {rest} mã nữa" if rest > 0 else ""
    return say(f"Chưa ghi gì. Trong phạm vi của đồng chí không có đơn vị mang mã {shown}{more}.")


def import_card(counts: Mapping[str, int], notes: Sequence[Problem] = ()) -> Reply:
    """What the workbook would change, as counts."""
    rows = [line(f"{label}: ", bold(str(counts[name]))) for name, label in COUNTED.items() if counts.get(name)]
    told = [line(f"- {sentence(_without_people(note))}") for note in notes[:NOTES_SHOWN]]
    rest = len(notes) - len(told)
    more = [line(f"và còn {rest} dòng không đọc.")] if rest > 0 else []
    return say("Tệp đọc được. Nếu lưu:", *rows, *told, *more, "Lưu tất cả chứ?", choices=[SAVE, DROP])


def with_changed_counts(reply: Reply) -> Reply:
    return replace(reply, lines=(line("Số liệu đã khác lúc đồng chí xem, nên chưa ghi gì."), *reply.lines))


def with_file_away(reply: Reply) -> Reply:
    return replace(reply, lines=(line("Chưa lấy lại được tệp vì mạng trục trặc, nên chưa ghi gì."), *reply.lines))


def nothing_to_import(same_as: int | None) -> Reply:
    again = f" Tệp này đã nạp ở lô {same_as}." if same_as is not None else ""
    return say(f"Tệp không có gì mới: mọi dòng đều đã có.{again}")


def imported(counts: Mapping[str, int], batch: int | None) -> Reply:
    rows = [line(f"{label}: ", bold(str(counts[name]))) for name, label in COUNTED.items() if counts.get(name)]
    number = [line(f"Lô số {batch}.")] if batch is not None else []
    return say("Đã ghi cả tệp.", *rows, *number)


def came_late(reply: Reply, day: date) -> Reply:
    """The answer to what was said on a day before and came only now."""
    return replace(reply, lines=(line(f"Tin này đồng chí gửi ngày {show(day)}, nay mới tới máy."), *reply.lines))


def with_outage(reply: Reply, since: datetime, until: datetime) -> Reply:
    """Once to everybody after a stop so long that the platform kept nothing."""
    span = f"từ {since:%H:%M} ngày {show(since.date())} đến {until:%H:%M} ngày {show(until.date())}"
    gap = line(f"Máy đã ngừng {span}. Tin gửi trong lúc ấy mà chưa được trả lời, đồng chí gửi lại giúp.")
    return replace(reply, lines=(gap, *reply.lines))


def _numbers(numbers: Sequence[int]) -> str:
    return "số " + ", ".join(str(number) for number in numbers)


def _mending(number: int, *, is_one: bool) -> tuple[Choice, ...]:
    if is_one:
        return Choice("Sửa", f"/sua {number}"), Choice("Hủy bản ghi", f"/huy {number}")
    return (Choice(f"Sửa số {number}", f"/sua {number}"), Choice(f"Hủy số {number}", f"/huy {number}"))
