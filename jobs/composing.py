"""What becomes of letters when their moment has come: one message for all of a morning, or why one is not sent."""

from dataclasses import dataclass

from domain.changes import Draft
from domain.messages import Reply
from storage.outbox import Settlement


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says, or several of one kind together; the draft goes with its choices."""

    reply: Reply
    draft: Draft | None = None

    @property
    def goes_alone(self) -> bool:
        """A card and a file cannot share a message."""
        return self.draft is not None or self.reply.attachment is not None


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a letter is not sent after all: a short phrase, kept with its row."""

    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out now: `said` are the rows within it, the first of which carries the words.

    `apart` is what became of the other rows that were claimed with them; without `said` nothing goes out.
    """

    said: tuple[int, ...] = ()
    letter: Letter | None = None
    apart: tuple[Settlement, ...] = ()
