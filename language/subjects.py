"""Subjects of the law: what each rule is called in short, and the words by which it is asked for."""

import re

from language.plain import fold

SUBJECTS: dict[str, str] = {
    "age_at_least": "Tuổi kết nạp: từ đủ 18",
    "age_at_most": "Tuổi kết nạp: đến đủ 60",
    "education": "Trình độ học vấn",
    "certificate_valid": "Giấy chứng nhận lớp nhận thức",
    "helper_together": "Người giúp đỡ",
    "introducers": "Người giới thiệu",
    "dossier_fresh": "Hồ sơ để lâu",
    "verification_answer": "Thẩm tra lý lịch",
    "verification_answer_abroad": "Thẩm tra ở nước ngoài",
    "branch_vote": "Biểu quyết của chi bộ",
    "decision_within": "Hạn ra quyết định",
    "decision_extension": "Kéo dài hạn quyết định",
    "ceremony_within": "Hạn làm lễ kết nạp",
    "probation": "Thời gian dự bị",
    "new_member_class": "Lớp đảng viên mới",
    "recognition_considered_within": "Hạn xét chính thức",
    "recognition_decided_within": "Hạn quyết định chính thức",
    "party_age": "Tuổi đảng",
    "readmission_after": "Kết nạp lại",
    "readmission_after_sentence": "Kết nạp lại sau án",
    "political_standard": "Tiêu chuẩn chính trị",
    "religious_people": "Người có đạo",
    "branch_size": "Lập chi bộ",
    "branch_committee_size": "Bầu chi ủy",
    "organisation_size": "Lập đảng bộ",
    "transfer_within": "Chuyển sinh hoạt đảng",
    "sources_reviewed": "Rà soát nguồn",
}
OFFERED = (
    "ceremony_within",
    "decision_within",
    "certificate_valid",
    "dossier_fresh",
    "branch_vote",
    "probation",
    "age_at_most",
    "helper_together",
)
"""What is most asked for, as buttons."""

_SAID: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"ket nap lai", ("readmission_after", "readmission_after_sentence")),
    (r"tuoi dang", ("party_age",)),
    (r"tuoi", ("age_at_least", "age_at_most")),
    (r"hoc van|trinh do|bang cap", ("education",)),
    (r"dang vien moi|dv moi", ("new_member_class",)),
    (r"giay|chung nhan|gcn|lop|cam tinh|nhan thuc", ("certificate_valid",)),
    (r"giup do", ("helper_together",)),
    (r"gioi thieu", ("introducers",)),
    (r"tham tra|xac minh|ly lich", ("verification_answer", "verification_answer_abroad")),
    (r"ho so|\bhs\b", ("dossier_fresh",)),
    (r"bieu quyet|phieu|tan thanh|hai phan ba|2/3", ("branch_vote",)),
    (r"du bi", ("probation", "recognition_considered_within")),
    (r"chinh thuc|\bct\b", ("recognition_considered_within", "recognition_decided_within")),
    (r"\ble\b|ket nap|\bkn\b", ("ceremony_within",)),
    (r"quyet dinh|\bqd\b", ("decision_within", "decision_extension")),
    (r"chuyen sinh hoat|\bshd\b", ("transfer_within",)),
    (r"chi uy", ("branch_committee_size",)),
    (r"lap chi bo|thanh lap", ("branch_size", "organisation_size")),
    (r"nguon|ra soat", ("sources_reviewed",)),
    (r"ton giao|co dao", ("religious_people",)),
    (r"chinh tri", ("political_standard",)),
)


def rules_asked(words: str) -> tuple[str, ...]:
    """The rules meant by the words behind the command, or by a code; none when nothing fits."""
    if words in SUBJECTS:
        return (words,)
    flat = fold(words)
    return next((codes for pattern, codes in _SAID if re.search(pattern, flat)), ())
