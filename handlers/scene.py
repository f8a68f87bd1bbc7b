"""What a handler sees of its turn, and what it may ask of it."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.budget import Bot
from domain.changes import Outcome
from domain.intents import Wish
from domain.messages import Figure, FigureSheet
from domain.office import Office
from domain.people import RIGHTS, Person, Post, Right, may
from domain.units import Unit
from handlers.workbooks import Workbooks
from storage.database import Reading
from storage.inbox import Item
from storage.read.people import Contact
from storage.read.questions import Question

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Scene:
    """Who speaks, what is wished, which question it answers, and a view of the data.

    `now` is office time. `fingerprint` turns an invite code into what is stored of it; `link` makes a code's deep
    link, or ""; `bots` are those that one looks for by name; `workbooks` gets what was sent as a file.
    """

    tx: Reading
    now: datetime
    office: Office
    contact: Contact
    person: Person | None
    item: Item
    wish: Wish
    text: str
    question: Question | None
    fingerprint: Callable[[str], str]
    link: Callable[[str], str]
    bots: Callable[[], Sequence[Bot]]
    workbooks: Workbooks

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def said_on(self) -> date:
        """The day that "hôm nay" and "tháng này" meant when it was said, however late it came."""
        return (self.item.said_at or self.now).date()

    @property
    def speaker(self) -> Person:
        """The person who speaks; handlers that need a right always have one."""
        assert self.person is not None
        return self.person

    @property
    def posts(self) -> tuple[Post, ...]:
        """The posts held today."""
        if self.person is None:
            return ()
        return tuple(post for post in self.person.posts if post.holds_on(self.today))

    def may(self, right: Right, unit: Unit) -> bool:
        return may(self.posts, right, unit, today=self.today)

    def reaching(self, right: Right) -> tuple[Post, ...]:
        """The posts in a unit that give this right there or below."""
        return tuple(post for post in self.posts if post.unit_id is not None and right in RIGHTS[post.role])

    def home(self, right: Right) -> int:
        """The unit of the first post that gives the right: where a draft stands until its branch is known."""
        return next(post.unit_id for post in self.reaching(right) if post.unit_id is not None)


@dataclass(frozen=True, slots=True)
class Handler:
    """What a wish needs, and the function that decides on it."""

    needs: Right
    run: Callable[[Scene], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Form:
    """A talk with holes. `run` gets what the message seems to wish; with nothing it shows its question again.

    It answers None when the message does not belong to it: a new wish wins.
    """

    needs: Right
    run: Callable[[Scene, tuple[Wish, ...]], Awaitable[Outcome | None]]


def draw_id() -> int:
    """A fresh id for a row that the turn itself names; 53 bits survive JSON."""
    return secrets.randbits(53)


def draw_code(length: int) -> str:
    """A code from letters and digits that nobody confuses, with at least one of each."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
        if any(letter.isdigit() for letter in code) and any(letter.isalpha() for letter in code):
            return code


def new_sheet(*figures: Figure) -> FigureSheet:
    """The figures of a message under a fresh code."""
    return FigureSheet(code=draw_code(4), figures=figures)
