"""What every channel can do, and the ways in which sending fails."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.incidents import Ear
from domain.messages import FileTrouble, Incoming, Outgoing

Hear = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Keeps what was heard, durably: once it returns, the platform may be told that the batch was received."""

Receive = Callable[[object], Awaitable[Mapping[str, object] | None]]
"""Keeps one thing that was brought, durably, and returns what is to be said in the answer, or `NotUnderstood`."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a platform brings what people write: a path behind our door, and the header that holds the secret.

    `is_probed`: the platform tries the place with empty posts, which mean nothing and are told 200.
    """

    path: str
    header: str
    secret: str = field(repr=False)
    receive: Receive
    is_probed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where our door is reached from outside, and the secret that a platform is to bring along."""

    public_url: str
    secret: str = field(repr=False)


class Channel(Protocol):
    """One bot account on one platform. A channel adds its platform's markup and knows nothing of the work."""

    @property
    def name(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def carries_files(self) -> bool:
        """Whether a message may hold a file; otherwise it holds the address of a picture at most."""
        ...

    @property
    def last_contact(self) -> float | None:
        """When what people write could last be heard, as `time.monotonic` counts; None: not yet."""
        ...

    @property
    def ear(self) -> Ear:
        """How well it hears, for the watch."""
        ...

    async def introduce(self) -> str:
        """Ask the platform, once, what the bot is called there; fails as sending does."""
        ...

    def link(self, code: str) -> str:
        """Opens the talk with the bot, with a code to begin with if there is one; "" if there is no such link (yet)."""
        ...

    async def listen(self, hear: Hear) -> None:
        """Hand over what is heard, batch by batch, until cancelled or until the platform refuses the account."""
        ...

    def hook(self, hear: Hear) -> Hook | None:
        """Where it is brought messages, if it is; in every process, whether or not that one listens."""
        ...

    async def send(self, chat: str, message: Outgoing) -> str:
        """Say it; otherwise one of the errors below.

        What is returned is the platform's id of the message, or the ids of all its parts with a blank between them.
        """
        ...

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        """The content of a file that was sent to us; otherwise `FetchFailed`."""
        ...

    async def close(self) -> None: ...


LATE_SECONDS = 3600
OLDEST_SECONDS = 60 * 86_400
END_OF_TIME = 10**12


def age_of(said_at: object) -> int:
    """How many seconds ago the platform had it, by its date, where that tells more than that clocks differ."""
    if not isinstance(said_at, int | float) or not 0 < said_at < END_OF_TIME:
        return 0
    age = time.time() - said_at
    return int(age) if LATE_SECONDS <= age <= OLDEST_SECONDS else 0


def storable(text: str) -> str:
    """JSON can hold half characters, and a zero byte, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


class NotUnderstood(Exception):
    """What was brought to us is nothing that the platform would say."""


class FetchFailed(Exception):
    """A file could not be had. It carries no address, for that holds the token."""

    def __init__(self, trouble: FileTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class SendingFailed(Exception):
    """Why a message did not go out, or may not have. The reason is short and holds no name, text or token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(SendingFailed):
    """The chat is gone for good: blocked, deactivated, removed. Not tried again until the person writes."""


class Uncertain(SendingFailed):
    """It may have been delivered; nobody can know. `messages`: how many of the platform's it may have been."""

    def __init__(self, reason: str, messages: int = 1) -> None:
        super().__init__(reason)
        self.messages = messages


class NotUnasked(SendingFailed):
    """It surely did not go out: the platform takes what nobody asked for only for a time after the person wrote."""


class Refused(SendingFailed):
    """The platform will never accept this message in this chat; the chat itself stands."""


class TryLater(SendingFailed):
    """It surely did not go out and may in so many seconds; `whole_account`: no other chat can be reached either."""

    def __init__(self, seconds: float, whole_account: bool = False, reason: str = "") -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.whole_account = whole_account


class Moved(SendingFailed):
    """It surely did not go out: the chat goes on under another id (a group became a supergroup)."""

    def __init__(self, chat: str) -> None:
        super().__init__("moved")
        self.chat = chat
