"""Names of every people of the country, in every spelling that a phone sends."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from domain.intents import Intent
from language.names import is_full
from language.plain import fold
from language.spelling import proper
from language.understand import understand

TODAY = date(2026, 11, 21)
NAMES = [
    "Nguyễn Văn An",
    "Trần Thị Sáu",
    "Lê Văn Năm",
    "Đặng Thị Mai",
    "Đoàn Minh Tuấn",
    "Hồ Văn Thứ",
    "Chu Thị Thụ",
    "Phạm Gia Huy",
    "Nguyễn Tiến Đạt",
    "Phan Công Năm",
    "Lò Văn Mười",
    "Trương Văn Ca",
    "Trần Thu Trang",
    "Bùi Thị Thu Hằng",
    "Nguyễn Thị Kim Anh",
    "Vừ A Chống",
    "Sùng A Páo",
    "Giàng Thị Mỷ",
    "Lý A Chu",
    "Thào Thị Say",
    "Y Bhiu Niê",
    "Y Thoan Kbuôr",
    "Thạch Sô Phia",
    "Danh Thị Kim Loan",
    "Chamaléa Thị Mến",
    "Pờ Lóng Tư",
    "Arất Thị Blưn",
    "Alăng Thị Bhiêng",
    "Zơrâm Văn Phước",
    "Min Phà Sủn",
    "Tải Thị Mai",
    "Chảo Láo Tả",
    "Triệu Mùi Ghển",
    "Rơ Châm H'Nga",
    "Siu Y Blăn",
    "Ksor H'Bia",
    "H'Loan Byă",
    "Bh'riu Thị Nhàn",
    "Lường Thị Ước",
    "Quàng Văn Ơn",
    "Cà Văn Hặc",
    "Hoàng Hồng Nhung",
]


def _stripped(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "without accents": _stripped,
    "in capitals": lambda text: text.upper(),
    "without accents and capitals": lambda text: _stripped(text).lower(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_whole_or_asked_for(name: str, spelling: str) -> None:
    text = SPELLINGS[spelling](f"Chi bộ thôn 3 đã kết nạp đ/c {name} ngày 15/10")
    wish = understand(text, today=TODAY)[0]

    assert wish.intent is Intent.LOG_ADMISSION
    assert wish.date == date(2026, 10, 15)
    assert [fold(person.name) for person in wish.people] == [fold(name)] or wish.needs


@pytest.mark.parametrize("name", NAMES)
def test_a_name_as_it_is_usually_typed_is_never_asked_for_again(name: str) -> None:
    wish = understand(f"kết nạp đồng chí {name} ngày 15/10", today=TODAY)[0]

    assert [person.name for person in wish.people] == [name]
    assert not wish.needs


@pytest.mark.parametrize(
    "text",
    [
        "em chào anh Hùng, hôm qua chi bộ kết nạp Lò Thị Mai",
        "anh Tuấn ơi, kết nạp Lò Thị Mai hôm qua nhé",
        "em là Thắng, hôm qua kết nạp Lò Thị Mai",
        "hôm qua kết nạp Lò Thị Mai ở Bắc Giang",
        "hôm qua kết nạp Lò Thị Mai do đ/c Trần Văn Bình giới thiệu",
    ],
)
def test_whoever_is_only_spoken_to_or_about_is_not_admitted(text: str) -> None:
    wish = understand(text, today=TODAY)[0]

    assert [person.name for person in wish.people] == ["Lò Thị Mai"]


def test_sex_and_people_are_only_what_the_message_says() -> None:
    plain = understand("kết nạp Lò Thị Mai hôm qua", today=TODAY)[0].people[0]
    said = understand("kết nạp chị Lò Thị Mai hôm qua", today=TODAY)[0].people[0]

    assert plain.gender is None
    assert plain.ethnicity is None
    assert said.gender == "nữ"


@pytest.mark.parametrize(
    ("name", "whole"),
    [("Lan", False), ("Lan Anh", False), ("Lò Mai", True), ("H'Loan Byă", True), ("Y Bhiu Niê", True)],
)
def test_a_given_name_alone_is_not_a_whole_name(name: str, whole: bool) -> None:
    assert is_full(name) is whole


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("lò  văn thận", "Lò Văn Thận"), ("RƠ CHÂM H'NGA", "Rơ Châm H'Nga"), ("Y Bhiu Niê", "Y Bhiu Niê")],
)
def test_a_name_is_kept_with_capitals(typed: str, kept: str) -> None:
    assert proper(typed) == kept
