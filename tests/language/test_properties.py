"""What holds for any text at all: nothing raises, folding and cutting settle at once, printed days are read back."""

import json
import unicodedata
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.intents import Intent
from language.days import past, read_days, show
from language.matching import best
from language.plain import clean, fold
from language.sensitive import cut
from language.shown import as_json
from language.understand import understand

TODAY = date(2026, 11, 21)
WORDS = st.sampled_from(
    [
        "kết nạp",
        "đ/c",
        "Nguyễn Văn An",
        "lo thi mai",
        "15/10",
        "30/2",
        "hôm qua",
        "QĐ 88",
        "chi bộ",
        "thôn 3",
        "nguồn",
        "chưa",
        "?",
        "xét",
        "chỉ tiêu",
        ",",
        ";",
        "\n",
        "1.",
        "2026",
        "tháng 11",
        "không",
        "và",
        "giấy chứng nhận",
        "/sua",
        "/ketnap",
        "31",
        "sửa",
        "H'Nga",
        "A",
        "y",
        "đảng ủy",
        "14/15 phiếu",
        "001099000000",
        "bố đi lính ngụy",
        "0912345678",
        "lưu",
        "[số căn cước]",
        "ngày",
        "mười",
        "quý 3",
        "từ",
        "đến",
        "phân công",
        "giúp đỡ",
        "rút",
        "khỏi",
    ]
)
ANYTHING = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(exclude_categories=[]), max_size=120),
    st.lists(WORDS, max_size=14).map(" ".join),
)


@given(ANYTHING)
def test_no_text_makes_understanding_raise_and_every_wish_can_be_printed(text: str) -> None:
    wishes = understand(text, today=TODAY)

    assert wishes
    json.dumps(as_json(wishes), ensure_ascii=False).encode("utf-8")


@given(st.lists(WORDS, min_size=1, max_size=14).map(" ".join))
def test_an_admission_to_be_saved_has_a_day_that_has_passed_and_somebody_named(text: str) -> None:
    for wish in understand(text, today=TODAY):
        if wish.intent is Intent.LOG_ADMISSION and not wish.needs:
            days = [wish.date] if wish.date else [person.date for person in wish.people]
            assert wish.people
            assert all(isinstance(day, date) and day <= TODAY for day in days)


@given(ANYTHING)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_cutting_twice_is_cutting_once(text: str) -> None:
    once = cut(text)
    again = cut(once.text)

    assert again.text == once.text
    assert not again.marks


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_that_we_print_is_read_back(day: date) -> None:
    spoken = read_days(f"kết nạp Lò Văn Thận ngày {show(day)}", today=day)

    assert [past(one, day).day for one in spoken] == [day]


@given(st.integers(min_value=0, max_value=300))
def test_a_day_without_its_year_is_the_latest_that_has_passed(back: int) -> None:
    day = TODAY - timedelta(days=back)
    wish = understand(f"kết nạp Lò Văn Thận {day.day}/{day.month}", today=TODAY)[0]

    assert wish.date == day
    assert not wish.needs


@given(st.integers(min_value=1, max_value=40))
def test_a_day_that_lies_ahead_is_asked_and_never_moved_a_year_back(ahead: int) -> None:
    day = TODAY + timedelta(days=ahead)
    wish = understand(f"kết nạp Lò Văn Thận {day.day}/{day.month}", today=TODAY)[0]

    assert wish.date is None
    assert "date" in wish.needs


@given(st.sampled_from(["kết nạp đồng chí Đỗ Thị Thuý ngày 6/11", "xoá cái vừa gửi đi", "còn mấy chỉ tiêu"]))
def test_a_phone_that_sends_letters_and_accents_apart_is_understood_alike(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)

    assert as_json(understand(apart, today=TODAY)) == as_json(understand(text, today=TODAY))


@given(st.text(max_size=40), st.lists(st.text(max_size=30), max_size=6))
def test_matching_never_raises_and_answers_only_from_what_is_known(query: str, names: list[str]) -> None:
    assert set(best(query, [(name, name) for name in names])) <= set(names)
