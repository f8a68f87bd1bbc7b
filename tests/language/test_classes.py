"""Classes in words and behind their command: which wish, which class, which people."""

from datetime import date

import pytest

from domain.intents import Intent
from language.understand import understand

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("said", "place", "begins", "until", "seats"),
    [
        (
            "mở lớp cảm tình tại Trung tâm chính trị từ 10/12 đến 12/12, 60 chỗ",
            "Trung tâm chính trị",
            date(2026, 12, 10),
            "2026-12-12",
            60,
        ),
        (
            "mo lop cam tinh o hoi truong ngay 10-12/12/2026, 60 nguoi",
            "hoi truong",
            date(2026, 12, 10),
            "2026-12-12",
            60,
        ),
        ("/lop mở tại Nhà văn hóa, 25/12 - 2/1, 40 học viên", "Nhà văn hóa", date(2026, 12, 25), "2027-01-02", 40),
        ("mở lớp tại hội trường 10/11, 2000 chỗ", "hội trường", date(2026, 11, 10), "2026-11-10", 2000),
        ("mở lớp cảm tình", "", None, None, None),
    ],
)
def test_a_class_is_opened_with_what_is_said(
    said: str, place: str, begins: date | None, until: str | None, seats: int | None
) -> None:
    (wish,) = understand(said, today=TODAY)
    found = (wish.intent, wish.argument if place else "", wish.date, dict(wish.extra).get("until"), wish.count)
    assert found == (Intent.OPEN_CLASS, place, begins, until, seats)


@pytest.mark.parametrize(
    ("said", "number", "scope", "branch", "names"),
    [
        ("đăng ký Trần Thị Na, Lê Văn Ba học lớp 1", 1, "", "", ["Trần Thị Na", "Lê Văn Ba"]),
        ("dang ky tran thi na va le van ba vao lop so 2", 2, "", "", ["Tran Thi Na", "Le Van Ba"]),
        ("/lop 2 đăng ký Trần Thị Na", 2, "", "", ["Trần Thị Na"]),
        ("/lop 2 đăng ký cả danh sách B1", 2, "all", "B1", []),
        ("đăng ký cả danh sách chi bộ thôn 1 vào lớp 2", 2, "all", "chi bộ thôn 1", []),
        ("/lop 4 nhận chờ", 4, "waiting", "", []),
        ("nhận người chờ vào lớp 4", 4, "waiting", "", []),
    ],
)
def test_people_are_registered_by_name_or_by_the_list(
    said: str, number: int, scope: str, branch: str, names: list[str]
) -> None:
    (wish,) = understand(said, today=TODAY)
    found = (wish.intent, wish.number, wish.scope, wish.branch, [one.name for one in wish.people])
    assert found == (Intent.JOIN_CLASS, number, scope, branch, names)


@pytest.mark.parametrize(
    ("said", "intent", "number", "scope", "branch"),
    [
        ("/lop", Intent.SHOW_CLASS, None, "", ""),
        ("các lớp đang mở", Intent.SHOW_CLASS, None, "", ""),
        ("lịch lớp cảm tình", Intent.SHOW_CLASS, None, "", ""),
        ("có lớp cảm tình nào không?", Intent.SHOW_CLASS, None, "", ""),
        ("xem lớp 3", Intent.SHOW_CLASS, 3, "", ""),
        ("/lop chưa kết nạp B1 trang 2", Intent.SHOW_CLASS, 2, "trained", "B1"),
        ("/lop tỷ lệ XA", Intent.SHOW_CLASS, None, "share", "XA"),
        ("tỷ lệ học lớp được kết nạp", Intent.SHOW_CLASS, None, "share", ""),
        ("kết thúc lớp 3", Intent.END_CLASS, 3, "", ""),
        ("lớp 3 đã bế giảng", Intent.END_CLASS, 3, "", ""),
        ("/lop 3 kết thúc", Intent.END_CLASS, 3, "", ""),
        ("/lop 3 hủy", Intent.END_CLASS, 3, "cancelled", ""),
        ("hủy lớp cảm tình số 3", Intent.END_CLASS, 3, "cancelled", ""),
    ],
)
def test_classes_are_looked_at_and_ended(
    said: str, intent: Intent, number: int | None, scope: str, branch: str
) -> None:
    (wish,) = understand(said, today=TODAY)
    assert (wish.intent, wish.number, wish.scope, wish.branch) == (intent, number, scope, branch)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("đăng ký Trần Thị Na học lớp cảm tình", Intent.UPDATE_CANDIDATE),
        ("tỷ lệ kết nạp của chi bộ thôn 1", Intent.QUERY_QUOTA),
        ("con tôi học lớp 3", Intent.OUT_OF_SCOPE),
        ("chờ lớp 4", Intent.OUT_OF_SCOPE),
    ],
)
def test_what_only_sounds_like_a_class_stays_what_it_was(said: str, intent: Intent) -> None:
    assert understand(said, today=TODAY)[0].intent is intent
