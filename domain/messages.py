"""What is heard from a chat and what is said to it, whatever the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a person sent."""

    TEXT = "text"
    PRESS = "press"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    WORKBOOK = "workbook"
    VOICE = "voice"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    EDITED = "edited"
    OTHER = "other"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MOVED = "moved"
    UNREADABLE = "unreadable"


class FileTrouble(StrEnum):
    """Why a file cannot be had: the platform has it no more, or it cannot be fetched just now, or it is too big."""

    GONE = "gone"
    AWAY = "away"
    TOO_BIG = "too_big"


IN_GROUP = "in_group"
"""The mark of a group's message that was for the bot; its words are not kept."""


@dataclass(frozen=True, slots=True)
class Address:
    """One chat of one bot account on one channel; all three are the platform's own words."""

    channel: str
    account: str
    chat: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing heard. `key` is unique for ever; `pressed` is `<question>:<number>`.

    `code` is the fingerprint of an invite code that stood in the text (the text has a mark instead);
    `marks` names what else was cut out before anything was stored. `reply_to` is the bot's message that this answers;
    `album` is common to pictures sent together; `file` fetches a workbook, of `file_bytes` if the platform said so.
    A chat that `moved_to` another id goes on there. `age_seconds`: how long before it was heard the platform had it,
    if that was long.
    """

    key: str
    address: Address
    sender: str
    kind: Kind
    text: str = ""
    pressed: str = ""
    message_id: str = ""
    is_group: bool = False
    code: str = ""
    marks: tuple[str, ...] = ()
    is_forwarded: bool = False
    reply_to: str = ""
    album: str = ""
    file: str = ""
    file_bytes: int = 0
    moved_to: str = ""
    age_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they are; the channel escapes them."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class CandidateName:
    """The name of a candidate or new member, looked up at the moment of sending."""

    candidate_id: int


@dataclass(frozen=True, slots=True)
class PersonName:
    """The name of somebody who uses the bot, looked up at the moment of sending."""

    person_id: int


@dataclass(frozen=True, slots=True)
class HelperNames:
    """Those who help a candidate, looked up at the moment of sending."""

    helped_id: int


Span = Text | CandidateName | PersonName | HelperNames
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button or a numbered line: what it shows and the sentence that it says when chosen.

    With `candidate_id`, or `person_id`, that name is put behind the label at the moment of sending.
    """

    label: str
    says: str
    candidate_id: int | None = None
    person_id: int | None = None


class Drawing(StrEnum):
    """What files the bot can send."""

    TEMPLATE = "template"
    AGENDA = "agenda"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file drawn after the commit, and again from these values whenever it is wanted.

    An agenda is that of a unit, for the session whose papers are taken up to `on`.
    """

    drawing: Drawing
    filename: str
    unit_id: int | None = None
    on: date | None = None

    @property
    def is_picture(self) -> bool:
        return self.filename.lower().endswith((".png", ".jpg"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a message: what it counts, so that it can be explained later."""

    label: str
    unit_id: int
    period: str
    fact: str
    value: int


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """The figures of one message under the one code printed at its foot."""

    code: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said: lines of spans, then choices. `menu` also shows the standing keyboard."""

    lines: tuple[Line, ...]
    choices: tuple[Choice, ...] = ()
    menu: bool = False
    attachment: Attachment | None = None
    sheet: FigureSheet | None = None


@dataclass(frozen=True, slots=True)
class NumberedChoice:
    """A choice as a channel shows it: `1. Lưu`, or a button that carries `<question>:1`."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class File:
    """A drawn attachment."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply ready for a channel: names resolved, choices numbered. Channels add only their markup.

    `is_letter` says that nobody asked for it; the trial page marks such a message. `picture` is the address of one, for
    a channel that carries no files. `if_cut` is said where a channel cannot say all of it.
    """

    lines: tuple[tuple[Text, ...], ...]
    choices: tuple[NumberedChoice, ...] = ()
    question_id: int | None = None
    menu: tuple[str, ...] = ()
    file: File | None = None
    picture: str = ""
    is_letter: bool = False
    if_cut: str = ""


def line(*parts: str | Span) -> Line:
    """A line from words and spans."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def plain(lines: Sequence[Sequence[Text]]) -> str:
    """The words of resolved lines without any markup."""
    return "\n".join("".join(span.text for span in row) for row in lines)
