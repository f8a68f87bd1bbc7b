"""What each stage of a person is called, in buttons, lists and receipts."""

from domain.records import Stage

STAGES: dict[Stage, str] = {
    Stage.LISTED: "trong danh sách nguồn",
    Stage.UNION_INTRODUCED: "đã được đoàn thể giới thiệu",
    Stage.HELPER_ASSIGNED: "đã phân công người giúp đỡ",
    Stage.CLASS_REGISTERED: "đã đăng ký lớp nhận thức",
    Stage.CLASS_DONE: "đã học lớp nhận thức",
    Stage.APPLICATION: "đã có đơn xin vào Đảng",
    Stage.DOSSIER_OPEN: "đang làm hồ sơ",
    Stage.CV_DECLARED: "đã khai lý lịch",
    Stage.CV_VERIFYING: "đang thẩm tra lý lịch",
    Stage.CV_VERIFIED: "đã thẩm tra xong lý lịch",
    Stage.OPINIONS: "đã lấy ý kiến đoàn thể, nơi cư trú",
    Stage.BRANCH_RESOLVED: "chi bộ đã có nghị quyết",
    Stage.COMMITTEE_REVIEW: "đảng ủy đang xét",
    Stage.DECIDED: "đã có quyết định, chờ lễ",
    Stage.ADMITTED: "đã kết nạp",
    Stage.PROBATION: "đang dự bị",
    Stage.NEW_MEMBER_CLASS: "đã học lớp đảng viên mới",
    Stage.OFFICIAL_PROPOSED: "đã đề nghị công nhận chính thức",
    Stage.OFFICIAL: "đảng viên chính thức",
    Stage.BRANCH_REJECTED: "chi bộ chưa thông qua",
    Stage.RETURNED: "hồ sơ bị trả lại",
    Stage.PAUSED: "tạm dừng",
    Stage.DROPPED: "đã thôi theo dõi",
    Stage.REMOVED: "đã xóa tên",
    Stage.MOVED: "đã chuyển đi nơi khác",
}
