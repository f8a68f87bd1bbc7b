"""The shape of a message: words of a closed vocabulary and marks for all else, so that it tells of nobody.

It is kept of what was not understood, to be counted and read by those who mend the reader.
"""

import re

from language.marks import mark
from language.plain import clean, typed

NAME, DAY, NUMBER, WORDS = "<name>", "<day>", "<number>", "<words>"
MARKS = frozenset({NAME, DAY, NUMBER, WORDS, "?", ",", "…"})
MOST = 24

_PHRASES = (
    "kết nạp|kn|làm lễ|tổ chức|lễ kết nạp|đảng viên|đv|đảng ủy|đảng bộ|chi bộ|cb|chi ủy|cấp ủy|đồng chí|đ/c|đc|quần chúng|qcut|ưu tú|"
    "đoàn viên|chi đoàn|đoàn thanh niên|hội viên|hội phụ nữ|hội nông dân|cựu chiến binh|vào đảng|vào đoàn|người vào đảng|quyết định|qđ|"
    "nghị quyết|nq|hồ sơ|hs|lý lịch|thẩm tra|xác minh|ý kiến|nơi cư trú|đoàn thể|nhận xét|giấy chứng nhận|gcn|chứng nhận|lớp cảm tình|"
    "cảm tình|lớp nhận thức|nhận thức|bồi dưỡng|học xong|học lớp|đi học|hoàn thành|bế giảng|đơn xin|viết đơn|nộp đơn|nộp hồ sơ|khai lý lịch|chính thức|ct|"
    "dự bị|công nhận|chuyển|chuyển đến|chuyển đi|chuyển về|sinh hoạt đảng|tiếp nhận|xóa tên|khai trừ|chỉ tiêu|tiến độ|còn thiếu|còn lại|"
    "bao nhiêu|phần trăm|đăng ký|báo cáo|bc|phát sinh|không có|không được|không phải|chưa có|chưa được|được|vừa rồi|vừa mới|hôm qua|hôm nay|hôm kia|sáng nay|chiều nay|"
    "tối qua|chiều qua|ngày mai|tuần trước|tuần này|tuần sau|tháng này|tháng trước|tháng sau|năm nay|năm ngoái|năm sau|quý này|đầu năm|"
    "cuối năm|đến nay|toàn xã|trường học|tiểu học|thcs|thpt|mầm non|quân sự|sửa|sửa lại|nhầm rồi|ghi nhầm|đúng là|mới đúng|xóa giúp|hủy bỏ|hoàn tác|ghi nhận|"
    "lưu lại|nhắc|nhắc nhở|đôn đốc|xuất file|excel|word|pdf|thống kê|phân công|giúp đỡ|theo dõi|thay thế|giới thiệu|bổ sung|vào nguồn|"
    "khỏi nguồn|nguồn|danh sách|rút khỏi|rút tên|xin rút|xin thôi|tạm dừng|tạm hoãn|hoãn lại|trả lại|trả về|trình đảng ủy|đề nghị|"
    "họp xét|xét duyệt|biểu quyết|bỏ phiếu|phiếu|tán thành|đồng ý|nhất trí|thông qua|thế nào|khi nào|bao giờ|ở đâu|đến đâu|tới đâu|như thế nào|bao lâu|"
    "hết hạn|thời hạn|quá tuổi|bí thư|phó bí thư|bàn giao|sáp nhập|tách chi bộ|đổi tên|nhiệm kỳ|hướng dẫn|trợ giúp|dữ liệu|thông tin|"
    "cá nhân|lịch kết nạp|dự kiến|chuẩn bị|kế hoạch|chi bộ nào|đơn vị|đơn vị nào|những ai|kỳ họp|điểm danh|vắng mặt"
).split("|")
VOCABULARY: frozenset[str] = frozenset(typed(clean(phrase)).flat for phrase in _PHRASES)
"""Phrases without accents. A word that is also part of people's names stands here only inside a longer phrase."""

_LONGEST = max(phrase.count(" ") for phrase in VOCABULARY) + 1
_DAY = (
    r"(?:(?:ngay|hom|mung|sang|chieu|toi|thang|quy|nam|thu|t) ?)?\d{1,2}(?: ?[/.\-] ?\d{1,4}){1,2}"
    r"|\b(?:ngay|hom|mung|mong|ram|thang|quy|thu|t) ?\d{1,2}\b(?: thang \d{1,2})?(?: nam \d{4})?|\bnam \d{4}|(?:19|20)\d\d"
)
_TOKEN = re.compile(rf"(?P<day>{_DAY})|(?P<number>\d[\d.,/\-%]*)|(?P<mark>[?,])|(?P<word>[^\W\d_][^\s?,\d]*)|\S")


def shape(text: str) -> str:
    """What a message looks like, whoever it is about."""
    laid = typed(" ".join(clean(text).split()).strip())
    people = {at for span in mark(laid).people for at in range(span.start, span.end)}
    found = [
        (
            "person" if token.start() in people and token.lastgroup == "word" else token.lastgroup or "word",
            token[0].strip(".:;!()\"'"),
            laid.original(*token.span())[:1].isupper(),
        )
        for token in _TOKEN.finditer(laid.flat)
    ]
    out: list[str] = []
    at = 0
    while at < len(found) and len(out) <= MOST:
        kind, word, is_capital = found[at]
        length = _known(found, at) if kind == "word" else 0
        is_of_name = length == 1 and is_capital and not word.isupper() and out[-1:] in ([NAME], [WORDS])
        if length and not is_of_name:
            out.append(" ".join(part for _, part, _ in found[at : at + length]))
        elif kind == "person":
            _unknown(out, is_name=True)
        elif kind != "word":
            out.append({"day": DAY, "number": NUMBER}.get(kind, word))
        else:
            _unknown(out, is_name=is_capital and at > 0 and found[at - 1][2])
        at += length or 1
    return " ".join(out[:MOST] + ["…"] if len(out) > MOST else out)


def _known(found: list[tuple[str, str, bool]], at: int) -> int:
    """How many words from here on are a phrase of the vocabulary."""
    words = [word if kind == "word" else "" for kind, word, _ in found[at : at + _LONGEST]]
    return next((length for length in range(len(words), 0, -1) if " ".join(words[:length]) in VOCABULARY), 0)


def _unknown(out: list[str], *, is_name: bool) -> None:
    """One mark for a run of them, however long."""
    if out and out[-1] in (NAME, WORDS):
        out[-1] = NAME if is_name else out[-1]
    else:
        out.append(WORDS)
