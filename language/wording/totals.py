"""Sentences about totals that somebody stated, and about the other wishes of a message with several."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.messages import Choice, Reply, line
from domain.units import Unit
from language import filling
from language.days import show
from language.wording.terms import say

_WHAT = {
    "admitted": "Kết nạp",
    "candidates": "Nguồn hiện có",
    "target": "Chỉ tiêu",
    "remaining": "Còn thiếu so với chỉ tiêu",
}


def days_between(since: date, until: date) -> str:
    return f" từ {show(since)} đến {show(until)}"


def totals_compared(unit: Unit, rows: Sequence[tuple[str, str, int, int]]) -> Reply:
    """What was said beside what the records hold, with the difference; nothing is added."""
    if not rows:
        return say(
            "Số tổng tôi tự cộng từ từng người, không ghi thẳng.",
            "Đồng chí báo từng người, ví dụ: kết nạp Nguyễn Văn A 15/10",
            choices=[Choice("Xem tiến độ", f"/tiendo {unit.code}")],
        )
    lines = [_compared(*row) for row in rows]
    same = all(said == held for _, _, said, held in rows)
    more = "Khớp với sổ." if same else "Sổ chỉ cộng từ từng người đã ghi. Còn thiếu ai, đồng chí báo từng người giúp."
    return say(f"{unit.name}, so với sổ:", *lines, more, choices=[Choice("Xem tiến độ", f"/tiendo {unit.code}")])


def _compared(what: str, when: str, said: int, held: int) -> str:
    told = f"{_WHAT[what]}{when}: đồng chí báo {said}, sổ ghi {held}"
    return told if said == held else f"{told}, lệch {abs(said - held)}"


def totals_of_which(options: Sequence[Unit]) -> Reply:
    return say(
        "Số tổng này của đơn vị nào? Đồng chí gõ lại cả câu, có tên đơn vị:", *[unit.name for unit in options[:8]]
    )


def with_rest(reply: Reply, count: int, *, item: int, at: int, is_open: bool) -> Reply:
    """Of several wishes one was worked on; the next one is a tap away once this one is settled."""
    if is_open:
        more = f"Tin của đồng chí còn {count} việc nữa. Xong việc này tôi hỏi tiếp."
        return replace(reply, lines=(*reply.lines, line(more)))
    more = f"Tin của đồng chí còn {count} việc nữa."
    onward = Choice("Làm việc tiếp", filling.going_on(item, at))
    return replace(reply, lines=(*reply.lines, line(more)), choices=(onward, *reply.choices))


def words_are_gone() -> Reply:
    return say("Tin ấy đã qua lâu, tôi không còn giữ lời. Đồng chí gửi lại giúp.")
