"""Sentences about the runway: who still makes it this year, how many are to be found, and until when."""

from domain.quotas import grouped
from domain.records import Stage
from domain.runway import Runway
from language.days import show


def runway_lines(ahead: Runway) -> list[str]:
    """Shown while something of the quota is left."""
    lines = [_sum(ahead)]
    if ahead.send_by is not None and any(Stage.BRANCH_RESOLVED in way.steps for way in ahead.in_time):
        lines.append(f"Hồ sơ gửi cấp trên muộn nhất {show(ahead.send_by)} mới kịp trong năm.")
    if ahead.to_find:
        lines.append(_to_find(ahead))
    if ahead.begin_by is not None and ahead.trained_short:
        lines.append(
            f"Cần {grouped(ahead.trained_needed)} người đã học lớp, hiện có {grouped(ahead.trained)}: "
            f"thiếu {grouped(ahead.trained_short)}."
        )
    return lines


def _sum(ahead: Runway) -> str:
    parts = [f"đã kết nạp {grouped(ahead.done)}"]
    if ahead.decided:
        parts.append(f"chờ lễ {grouped(ahead.decided)}")
    parts.append(f"nguồn còn kịp {grouped(len(ahead.in_time))}")
    whole = ahead.done + ahead.decided + len(ahead.in_time)
    return f"Đến 31/12: {' + '.join(parts)} = {grouped(whole)}/{grouped(ahead.target)}"


def _to_find(ahead: Runway) -> str:
    if ahead.begin_by is not None:
        return f"Còn phải tìm {grouped(ahead.to_find)} người, đưa vào nguồn muộn nhất {show(ahead.begin_by)}."
    return (
        f"Không còn đạt được chỉ tiêu năm nay: thiếu {grouped(ahead.to_find)}, mà người mới nhanh nhất cũng cần "
        f"{grouped(ahead.newcomer_days)} ngày làm việc, chỉ còn {grouped(ahead.days_left)}."
    )
