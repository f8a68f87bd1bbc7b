"""Sentences about the law: what it says, by which document, and how sure that is."""

from collections.abc import Sequence
from datetime import date

from domain.law import Confidence, Regulation
from domain.messages import Choice, Line, Reply, line
from language.days import show
from language.subjects import OFFERED, SUBJECTS
from language.wording.terms import bold, say

_SURE = {
    Confidence.HIGH: "",
    Confidence.MEDIUM: "Ghi theo trích dẫn, chưa đối chiếu nguyên văn.",
    Confidence.LOW: "Chưa chắc chắn, đề nghị đồng chí đối chiếu văn bản gốc.",
}


def basis(code: str) -> Choice:
    """The button that leads to the rule behind a deadline or a refusal."""
    return Choice("Xem căn cứ", f"/cancu {code}")


def which_rule(*, is_unknown: bool) -> Reply:
    head = "Chưa có quy định nào khớp với câu hỏi." if is_unknown else "Đồng chí hỏi quy định nào?"
    return say(
        head,
        "Chọn, hoặc gõ cả câu, ví dụ: /cancu lễ kết nạp",
        choices=[Choice(SUBJECTS[code], f"/cancu {code}") for code in OFFERED],
    )


def rules_shown(rules: Sequence[tuple[Regulation, Regulation | None]], *, today: date, first: str = "") -> Reply:
    """Each rule in force with its document, and the row before where running cases stay under another one."""
    lines: list[Line] = [line(first)] if first else []
    for now, before in rules:
        lines.append(line(bold(f"{now.title}.")))
        lines.append(line(f"Căn cứ: {now.citation}{_begins(now, today)}."))
        if _SURE[now.confidence]:
            lines.append(line(_SURE[now.confidence]))
        if now.note:
            lines.append(line(now.note))
        if before is not None:
            told = "cũng như vậy" if before.title == now.title else f"{before.title[0].lower()}{before.title[1:]}"
            lines.append(line(f"Việc bắt đầu trước {show(now.since)}: {told}, theo {before.citation}."))
    return say(*lines)


def _begins(rule: Regulation, today: date) -> str:
    return f", áp dụng từ {show(rule.since)}" if rule.since <= today else f", sẽ áp dụng từ {show(rule.since)}"


def age_answer(age: int, *, is_too_young: bool, is_too_old: bool) -> str:
    if is_too_young:
        return f"{age} tuổi: chưa đủ tuổi kết nạp."
    if is_too_old:
        return f"{age} tuổi: quá tuổi kết nạp, chỉ xét khi có lý do đặc biệt và cấp trên đồng ý."
    return f"{age} tuổi: trong độ tuổi kết nạp."
