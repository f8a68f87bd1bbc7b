"""The few words that are added while something is being sent."""

from datetime import date

SENT_AGAIN = "(gửi lại)"
CUT = "(Còn nữa, nhưng dài quá không gửi hết được. Đồng chí hỏi hẹp hơn, ví dụ nêu tên một đơn vị.)"
NAMELESS = "(không còn giữ tên)"


def file_at(filename: str, url: str, until: date) -> tuple[str, ...]:
    """Where a file is that the chat cannot carry."""
    return (f"Tệp {filename}, mở được đến hết ngày {until:%d/%m/%Y}:", url)


def file_elsewhere(filename: str) -> tuple[str, ...]:
    """A file that the chat cannot carry, and no place to open it at."""
    return (f"Tệp {filename} không gửi qua đây được. Đồng chí nhận trên Telegram, hoặc hỏi người quản trị.",)
