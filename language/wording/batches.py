"""Sentences about imports of past years as batches, and a wrong one undone."""

from collections.abc import Sequence

from domain.messages import Choice, Line, PersonName, Reply, line
from domain.past import Batch
from domain.quotas import grouped
from language.days import show
from language.wording.terms import bold, say

NUMBERS_SHOWN = 20
STAYING = "Đơn vị, chỉ tiêu, người phụ trách do tệp khai vẫn giữ."


def undo_batch_choice(number: int) -> Choice:
    """What takes an import back."""
    return Choice(f"Hủy lô {number}", f"/huy lô {number}")


def batch_card(batch: Batch) -> Reply:
    """What ends, what stays, and why."""
    by = line(", đồng chí ", PersonName(batch.person_id), " nạp") if batch.person_id else ()
    lines: list[Line] = [
        (*line(bold(f"Hủy cả lô {batch.number}"), f", nạp từ tệp ngày {show(batch.made_at.date())}"), *by, *line(":"))
    ]
    if batch.entries:
        lines.append(line(f"• Hủy {grouped(len(batch.entries))} bản ghi: {_numbers(batch.entries)}"))
    if batch.people:
        lines.append(line(f"• Xóa khỏi sổ {grouped(len(batch.people))} người do lô này đưa vào."))
    lines += [*_left(batch), line(STAYING), line("Nạp lại tệp đúng thì số liệu được ghi lại. Hủy cả lô chứ?")]
    return say(*lines, choices=[Choice("Hủy cả lô", "đồng ý"), Choice("Giữ nguyên", "bỏ")])


def batch_undone(batch: Batch) -> Reply:
    counts = f"{grouped(len(batch.entries))} bản ghi, {grouped(len(batch.people))} người"
    return say(f"Đã hủy lô {batch.number}: {counts}.", *_left(batch), STAYING)


def batch_undone_by(number: int, by: int) -> Reply:
    return say(line(f"Lô {number} do đồng chí nạp vừa được đồng chí ", PersonName(by), " hủy."))


def batch_undone_already(batch: Batch) -> Reply:
    assert batch.undone_at is not None
    return say(f"Lô {batch.number} đã hủy ngày {show(batch.undone_at.date())}.")


def nothing_of_batch_left(batch: Batch) -> Reply:
    return say(f"Lô {batch.number} không còn gì để hủy.", *_left(batch))


def _left(batch: Batch) -> list[Line]:
    lines: list[Line] = []
    if batch.left:
        lines.append(line(f"Giữ lại vì đã có người sửa sau khi nạp: số {_numbers(batch.left)}."))
    if batch.left_people:
        lines.append(line(f"Giữ lại {batch.left_people} người nguồn đã có tin mới sau khi nạp."))
    if batch.described:
        lines.append(line(f"Giữ nguyên {batch.described} chỗ đã sửa tên hoặc thông tin người: cái cũ không còn giữ."))
    return lines


def _numbers(numbers: Sequence[int]) -> str:
    """`12–131`, or one by one; the first of many."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    shown = ", ".join(map(str, numbers[:NUMBERS_SHOWN]))
    rest = len(numbers) - NUMBERS_SHOWN
    return f"{shown} và {grouped(rest)} số nữa" if rest > 0 else shown
