"""A message as Telegram wants it: escaped HTML, in parts that fit, and keyboards."""

import html
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from domain.messages import NumberedChoice, Outgoing, Text

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
WIDEST_ROW = 28
MOST_IN_A_ROW = 3

Row = tuple[Text, ...]


def split(lines: Sequence[Sequence[Text]], longest: int = LONGEST_TEXT) -> list[list[Row]]:
    """Parts of at most so many code points, broken between lines; only a line that is too long itself is cut."""
    parts: list[list[Row]] = []
    room = 0
    for row in (piece for line in _rows(lines) for piece in _pieces(line, longest)):
        needed = _length(row) + 1
        if not parts or needed > room:
            parts.append([])
            room = longest + 1
        parts[-1].append(row)
        room -= needed
    return [part for part in parts if any(_plain(row).strip() for row in part)]


def as_html(part: Sequence[Row]) -> str:
    return "\n".join("".join(_span(text, bold) for text, bold in _runs(row)) for row in part)


def keyboard(message: Outgoing) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Choices are buttons under the message; without any, the menu stands below the chat."""
    if message.choices:
        return InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(choice.label, callback_data=f"{message.question_id}:{choice.number}")
                    for choice in row
                ]
                for row in _button_rows(message.choices)
            ]
        )
    if message.menu:
        pairs = [message.menu[start : start + 2] for start in range(0, len(message.menu), 2)]
        return ReplyKeyboardMarkup(
            [[KeyboardButton(label) for label in pair] for pair in pairs], resize_keyboard=True, is_persistent=True
        )
    return None


def _rows(lines: Sequence[Sequence[Text]]) -> Iterator[Row]:
    """Lines as they will be read: a line break inside a span ends the line too."""
    for line in lines:
        row: list[Text] = []
        for span in line:
            first, *rest = span.text.split("\n")
            row.append(Text(first, span.bold))
            for text in rest:
                yield tuple(row)
                row = [Text(text, span.bold)]
        yield tuple(row)


def _pieces(row: Row, longest: int) -> Iterator[Row]:
    while _length(row) > longest:
        at = _cut_at(_plain(row), longest)
        head, row = _cut(row, at)
        yield head
    yield row


def _cut_at(text: str, longest: int) -> int:
    """Behind the last space that fits; in one endless word anywhere but before an accent of the letter."""
    space = text.rfind(" ", 0, longest)
    if space > 0:
        return space + 1
    at = longest
    while at > 1 and unicodedata.combining(text[at]):
        at -= 1
    return at


def _cut(row: Row, at: int) -> tuple[Row, Row]:
    head: list[Text] = []
    tail: list[Text] = []
    for span in row:
        here = max(0, min(at, len(span.text)))
        head.append(Text(span.text[:here], span.bold))
        tail.append(Text(span.text[here:], span.bold))
        at -= len(span.text)
    return tuple(head), tuple(tail)


def _length(row: Row) -> int:
    return sum(len(span.text) for span in row)


def _plain(row: Row) -> str:
    return "".join(span.text for span in row)


def _runs(row: Row) -> Iterator[tuple[str, bool]]:
    for bold, spans in groupby((span for span in row if span.text), key=lambda span: span.bold):
        yield "".join(span.text for span in spans), bold


def _span(text: str, bold: bool) -> str:
    escaped = html.escape(text, quote=False)
    return f"<b>{escaped}</b>" if bold else escaped


def _button_rows(choices: Sequence[NumberedChoice]) -> list[list[NumberedChoice]]:
    """Buttons of a row are equally wide, so a row holds as many as its longest label allows on a narrow phone."""
    rows: list[list[NumberedChoice]] = []
    for choice in choices:
        together = [*rows[-1], choice] if rows else []
        widest = max((len(one.label) for one in together), default=0)
        if together and len(together) <= MOST_IN_A_ROW and len(together) * widest <= WIDEST_ROW:
            rows[-1] = together
        else:
            rows.append([choice])
    return rows
