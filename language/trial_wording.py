"""Sentences worth typing on the trial page, by what one is there."""

from domain.people import Role

TRIES: dict[Role | None, tuple[str, ...]] = {
    Role.SECRETARY: (
        "kết nạp Nguyễn Văn An hôm qua",
        "bo sung nguon: tran thi na 97 giao vien thcs",
        "tháng này không phát sinh",
        "còn mấy chỉ tiêu",
    ),
    Role.COMMITTEE: ("tiến độ", "chi bộ nào năm nay còn trắng", "/chitieu"),
    Role.MONITOR: ("đơn vị của tôi thế nào rồi", "chi bộ nào chậm nhất"),
    Role.ORGANISER: ("tiến độ", "/moi", "/donvi"),
    None: ("xin chào",),
}
