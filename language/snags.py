"""Snags: what each kind is called, and the words by which it is told."""

import re

from domain.snags import SnagKind
from language.plain import fold

KINDS: dict[SnagKind, str] = {
    SnagKind.VERIFICATION: "thẩm tra chậm",
    SnagKind.PAPERS: "giấy tờ bị trả lại",
    SnagKind.AWAY: "đi làm ăn, học tập xa",
    SnagKind.EDUCATION: "chưa đủ trình độ",
    SnagKind.AGE: "vướng về tuổi",
    SnagKind.NO_WISH: "chưa có nguyện vọng",
    SnagKind.OTHER: "vướng việc khác",
}
_SAID: tuple[tuple[SnagKind, str], ...] = (
    (SnagKind.VERIFICATION, r"tham tra|xac minh|ly lich"),
    (SnagKind.PAPERS, r"giay to|ho so|\bhs\b|tra lai|thieu giay"),
    (SnagKind.AWAY, r"di lam|lam an|hoc tap xa|\bxa\b|vang"),
    (SnagKind.EDUCATION, r"trinh do|hoc van|bang cap"),
    (SnagKind.AGE, r"tuoi"),
    (SnagKind.NO_WISH, r"nguyen vong|khong muon|ngai"),
    (SnagKind.OTHER, r"viec khac|khac\b"),
)


def snag_kind(words: str) -> SnagKind | None:
    """The kind that these words tell."""
    flat = fold(words)
    return next((kind for kind, pattern in _SAID if re.search(pattern, flat)), None)
