import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from channels.telegram_markup import as_html, keyboard, split
from domain.messages import NumberedChoice, Outgoing, Text, plain
from tests.platforms import telegram_emulator

SPANS = st.builds(Text, st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans())
LINES = st.lists(st.lists(SPANS, max_size=4), max_size=12)


def shown(html: str) -> str:
    """The text as Telegram's own reading of the markup shows it."""
    return telegram_emulator.parse_html(html)[0]


def letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(LINES, st.integers(min_value=5, max_value=120))
def test_no_part_is_too_long_and_no_word_is_lost(lines: list[list[Text]], longest: int) -> None:
    parts = split(lines, longest)
    assert all(len(plain(part)) <= longest for part in parts)
    assert letters("".join(plain(part) for part in parts)) == letters(plain(lines))
    assert [shown(as_html(part)) for part in parts] == [plain(part) for part in parts]


@given(LINES)
def test_bold_stays_bold_and_nothing_else_becomes_so(lines: list[list[Text]]) -> None:
    bold = "".join(span.text for line in lines for span in line if span.bold)
    found = ""
    for part in split(lines):
        text, entities = telegram_emulator.parse_html(as_html(part))
        units = text.encode("utf-16-le")
        for entity in entities:
            assert entity["type"] == "bold"
            found += units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
    # A part of blanks alone is not sent at all.
    assert letters(found) == letters(bold)


@pytest.mark.parametrize(
    "name",
    [
        "<b>Nguyễn</b> Văn A",
        "Trần & Thị </b> B",
        "a_b*c.d-e`f[g](h)",
        "&lt;script&gt;",
        "Nguye\u0302\u0303n Va\u0306n A",
        "\"quoted\" 'name'",
        "👩‍👩‍👧‍👦🇻🇳",
        "<a href='tg://user?id=1'>x</a>",
    ],
)
def test_a_hostile_name_is_only_a_name(name: str) -> None:
    [part] = split([[Text("Đã ghi: "), Text(name, bold=True)]])
    text, entities = telegram_emulator.parse_html(as_html(part))
    assert text == f"Đã ghi: {name}"
    assert [entity["type"] for entity in entities] == ["bold"]


def test_parts_end_at_line_borders() -> None:
    lines = [[Text(f"{number}. " + "chữ " * 200)] for number in range(12)]
    parts = split(lines)
    assert [plain(part).splitlines()[0][:2] for part in parts] == ["0.", "5.", "10"]


def test_4096_code_points_are_one_part_and_4097_are_two() -> None:
    assert len(split([[Text("ệ" * 4096)]])) == 1
    assert [len(plain(part)) for part in split([[Text("😀" * 4097)]])] == [4096, 1]


def test_a_line_that_is_too_long_is_cut_behind_a_word() -> None:
    first, second = split([[Text("đồng chí " * 3)]], 12)[:2]
    assert (plain(first), plain(second)) == ("đồng chí ", "đồng chí ")


def test_an_endless_word_is_not_cut_before_its_accent() -> None:
    parts = split([[Text("e\u0302" * 10)]], 5)
    assert not any(plain(part).startswith("\u0302") for part in parts)


def test_blank_parts_are_not_sent() -> None:
    assert split([[Text("\n" * 9000)]]) == []


def test_buttons_stand_side_by_side_only_where_their_labels_fit() -> None:
    labels = ["Lưu", "Sửa", "Bỏ", "Chi bộ thôn Nà Ngược xã Bản Máy", "Xem", "Nhắc"]
    choices = tuple(NumberedChoice(number, label) for number, label in enumerate(labels, 1))
    markup = keyboard(Outgoing(((Text("?"),),), choices, question_id=2**53))
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [[button.text for button in row] for row in markup.inline_keyboard] == [
        ["Lưu", "Sửa", "Bỏ"],
        ["Chi bộ thôn Nà Ngược xã Bản Máy"],
        ["Xem", "Nhắc"],
    ]
    assert all(len(str(button.callback_data).encode()) <= 64 for row in markup.inline_keyboard for button in row)
