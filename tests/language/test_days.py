"""Days as people say them, on Saturday 21 November 2026."""

from datetime import date

import pytest

from domain.intents import DateTrouble, Month
from language.days import ahead, past, read_days, show
from language.periods import find_period
from language.plain import fold
from language.understand import understand

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/10", date(2026, 10, 15)),
        ("15-10-2026", date(2026, 10, 15)),
        ("15.10.26", date(2026, 10, 15)),
        ("2026-10-15", date(2026, 10, 15)),
        ("ngày 03 tháng 11 năm 2026", date(2026, 11, 3)),
        ("mùng 3 tháng 11", date(2026, 11, 3)),
        ("ngày mười lăm tháng mười", date(2026, 10, 15)),
        ("hôm 14", date(2026, 11, 14)),
        ("ngày 15", date(2026, 11, 15)),
        ("hôm 28", date(2026, 10, 28)),
        ("hôm nay", date(2026, 11, 21)),
        ("hnay", date(2026, 11, 21)),
        ("tối qua", date(2026, 11, 20)),
        ("hôm kia", date(2026, 11, 19)),
        ("2 ngày trước", date(2026, 11, 19)),
        ("thứ bảy tuần trước", date(2026, 11, 14)),
        ("thứ 6 vừa rồi", date(2026, 11, 20)),
        ("chủ nhật tuần trước", date(2026, 11, 15)),
        ("thứ 2 tuần này", date(2026, 11, 16)),
        ("20/12 năm ngoái", date(2025, 12, 20)),
        ("ngày 5 tháng trước", date(2026, 10, 5)),
        ("tháng 10", Month(2026, 10)),
        ("11/2025", Month(2025, 11)),
        ("tháng trước", Month(2026, 10)),
        ("1/2/1926", date(1926, 2, 1)),
        ("mùng 10 tháng 10 âm", date(2026, 11, 18)),
        ("10/10 âm lịch", date(2026, 11, 18)),
        ("rằm tháng 9", date(2026, 10, 24)),
        ("hôm rằm vừa rồi", date(2026, 10, 24)),
        ("23 tháng Chạp", date(2026, 2, 10)),
        ("mùng 2 Tết", date(2026, 2, 18)),
        ("mùng 5 tháng 6 nhuận năm 2025", date(2025, 7, 29)),
        ("ngày hai lăm tháng mười", date(2026, 10, 25)),
        ("hăm mốt tháng 9", date(2026, 9, 21)),
        ("hai mươi tháng mười một", date(2026, 11, 20)),
        ("mùng mười", date(2026, 11, 10)),
        ("thứ 3 tuần trước nữa", date(2026, 11, 3)),
        ("tháng 11 ngày 15", date(2026, 11, 15)),
        ("15th11", date(2026, 11, 15)),
        ("15 tháng này", date(2026, 11, 15)),
        ("đầu tháng", Month(2026, 11)),
        ("2026/11/15", date(2026, 11, 15)),
    ],
)
def test_a_past_day_is_found(text: str, day: date | Month) -> None:
    spoken = read_days(text, today=TODAY)

    assert [past(one, TODAY).day for one in spoken] == [day]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("30/2", DateTrouble.IMPOSSIBLE),
        ("31/9", DateTrouble.IMPOSSIBLE),
        ("15/13", DateTrouble.IMPOSSIBLE),
        ("29/2", DateTrouble.IMPOSSIBLE),
        ("25/11", DateTrouble.FUTURE),
        ("20/12", DateTrouble.FUTURE),
        ("15/12/2026", DateTrouble.FUTURE),
        ("ngày mai", DateTrouble.FUTURE),
        ("ngày 25", DateTrouble.FUTURE),
        ("thứ bảy", DateTrouble.SEVERAL),
    ],
)
def test_a_day_that_cannot_be_taken_says_why(text: str, trouble: DateTrouble) -> None:
    spoken = read_days(text, today=TODAY)

    assert [past(one, TODAY).trouble for one in spoken] == [trouble]


@pytest.mark.parametrize(
    "text",
    [
        "lúc 8h30",
        "8 giờ 15 phút",
        "15g30",
        "30 Tết",
        "3 tháng trước",
        "14/13 chỉ tiêu",
        "11/12 phiếu",
        "thôn 3",
        "Hà Tây 2",
        "đạt 3/5",
        "2/3 số đảng viên",
        "QĐ 12",
        "tỷ lệ 5/6",
    ],
)
def test_numbers_that_are_no_days_are_left_alone(text: str) -> None:
    assert read_days(text, today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/12", date(2026, 12, 3)),
        ("5/1", date(2027, 1, 5)),
        ("thứ 7 tuần sau", date(2026, 11, 28)),
        ("ngày mai", date(2026, 11, 22)),
    ],
)
def test_a_planned_day_lies_ahead(text: str, day: date) -> None:
    assert ahead(read_days(text, today=TODAY)[0], TODAY).day == day


def test_in_january_the_december_just_gone_is_meant() -> None:
    wish = understand("kết nạp Lò Văn Thận 20/12", today=date(2027, 1, 4))[0]

    assert wish.date == date(2026, 12, 20)


def test_two_different_days_are_asked_about_and_kept_as_typed() -> None:
    wish = understand("kết nạp Lò Văn Thận 15/10 và 16/10", today=TODAY)[0]

    assert wish.trouble is DateTrouble.SEVERAL
    assert wish.date is None
    assert "15/10" in wish.typed_date
    assert "16/10" in wish.typed_date


_TET = {
    2000: (2, 5), 2001: (1, 24), 2002: (2, 12), 2003: (2, 1), 2004: (1, 22), 2005: (2, 9), 2006: (1, 29),
    2007: (2, 17), 2008: (2, 7), 2009: (1, 26), 2010: (2, 14), 2011: (2, 3), 2012: (1, 23), 2013: (2, 10),
    2014: (1, 31), 2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25),
    2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 2),
}  # fmt: skip
"""The first day of each lunar year in Viet Nam; in 2007 and 2030 a day before China's."""


@pytest.mark.parametrize(("year", "tet"), _TET.items())
def test_the_lunar_year_begins_when_viet_nam_says(year: int, tet: tuple[int, int]) -> None:
    spoken = read_days(f"mùng 1 tháng Giêng năm {year}", today=date(2031, 1, 1))

    assert [past(one, date(2031, 1, 1)).day for one in spoken] == [date(year, *tet)]


def test_a_lunar_day_is_kept_as_typed_beside_the_solar_one() -> None:
    wish = understand("kết nạp Lò Văn Thận mùng 10 tháng 10 âm", today=TODAY)[0]

    assert wish.date == date(2026, 11, 18)
    assert dict(wish.extra)["date_lunar"] == "mùng 10 tháng 10"


def test_a_lunar_day_that_lies_ahead_or_is_none_is_asked() -> None:
    for text in ("mùng 20 tháng 11 âm", "31/10 âm lịch", "mùng 5 tháng 6 nhuận năm 2026"):
        wish = understand(f"kết nạp Lò Văn Thận {text}", today=TODAY)[0]
        assert wish.date is None, text
        assert "date" in wish.needs


def test_a_weekday_goes_with_its_day_and_is_asked_where_they_differ() -> None:
    assert understand("kết nạp Lò Văn Thận thứ 6 ngày 13/11", today=TODAY)[0].date == date(2026, 11, 13)
    assert understand("kết nạp Lò Văn Thận thứ 5 ngày 13/11", today=TODAY)[0].trouble is DateTrouble.SEVERAL


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("quý III", "2026-Q3"),
        ("quý trước", "2026-Q3"),
        ("hết quý 2", "2026-01/2026-06"),
        ("nửa đầu năm", "2026-H1"),
        ("6 tháng cuối năm 2025", "2025-H2"),
        ("3 quý đầu năm", "2026-01/2026-09"),
        ("9 tháng", "2026-01/2026-09"),
        ("3 tháng qua", "2026-09/2026-11"),
        ("3 tháng cuối năm", "2026-10/2026-12"),
        ("từ 1/7 đến 30/9", "2026-07-01/2026-09-30"),
        ("từ tháng 3 đến nay", "2026-03-01/2026-11-21"),
        ("tính đến 15/11", "2026-01-01/2026-11-15"),
        ("tới giờ", "2026-01-01/2026-11-21"),
        ("nhiệm kỳ này", "2025/2030"),
    ],
)
def test_a_period_is_found(text: str, period: str) -> None:
    found = find_period(fold(text), today=TODAY)

    assert found is not None
    assert found.value == period


def test_days_print_the_way_the_office_writes_them() -> None:
    assert show(date(2026, 11, 2)) == "02/11/2026"
