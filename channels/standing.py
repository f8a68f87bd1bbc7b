"""How a bot account stands with its platform, for the operator and the watch, and how long it rests in trouble."""

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from domain.incidents import Ear, Hearing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one poll lasts, how often a webhook is looked at, how long we pause in trouble."""

    poll_seconds: int = 25
    check_seconds: float = 60.0
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 30.0
    conflict_pause_seconds: float = 5.0
    conflict_over_seconds: float = 90.0


class State(StrEnum):
    """What an operator sees of a channel."""

    IDLE = "idle"
    LISTENING = "listening"
    OFFLINE = "offline"
    CONFLICT = "conflict"
    NOT_KEEPING = "not keeping"
    NOT_REACHED = "not reached"
    REFUSED = "refused"
    CLOSED = "closed"


HEARING = {
    State.LISTENING: Hearing.WELL,
    State.REFUSED: Hearing.REFUSED,
    State.CONFLICT: Hearing.CONFLICT,
    State.NOT_REACHED: Hearing.NOT_REACHED,
}
"""States that tell something of the account; while it is idle here another process may hear."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a round of listening failed; `seconds` if the platform said how long to wait."""

    state: State
    reason: str
    seconds: float | None = None


class Standing:
    """The state of one account. `last_contact` is when what people write could last be heard."""

    def __init__(self, channel: str, account: str, timing: Timing) -> None:
        self.state = State.IDLE
        self.last_contact: float | None = None
        self._channel = channel
        self._account = account
        self._timing = timing
        self._conflict_at: datetime | None = None

    @property
    def ear(self) -> Ear:
        at = self.last_contact
        silent = None if at is None else time.monotonic() - at
        return Ear(f"{self._channel}:{self._account}", HEARING.get(self.state, Hearing.UNSURE), silent)

    def in_contact(self) -> None:
        """The platform has just answered, or spoken."""
        self.last_contact = time.monotonic()

    def become(self, state: State, reason: str = "") -> None:
        """One line per change, not per failure. A conflict ends only after quiet: two processes take turns."""
        if state is State.CONFLICT:
            self._conflict_at = datetime.now(UTC)
        if state is State.LISTENING and self._conflict_at is not None:
            if (datetime.now(UTC) - self._conflict_at).total_seconds() < self._timing.conflict_over_seconds:
                return
            self._conflict_at = None
        if state is self.state:
            return
        self.state = state
        if state is State.LISTENING:
            _log.info("%s %s: listening", self._channel, self._account)
        else:
            _log.error("%s %s: %s: %s", self._channel, self._account, state, reason)

    def rest(self) -> None:
        """Nobody listens here any more; that the token is refused stays true."""
        if self.state is not State.REFUSED:
            self.state = State.IDLE

    async def pause(self, trouble: Trouble, failures: int) -> None:
        """As long as the platform said, else longer with each failure."""
        await asyncio.sleep(trouble.seconds or self.growing(failures, trouble.state))

    def growing(self, failures: int, state: State = State.OFFLINE) -> float:
        """Seconds to wait after so many failures in a row."""
        first = self._timing.conflict_pause_seconds if state is State.CONFLICT else self._timing.first_pause_seconds
        longest = min(self._timing.longest_pause_seconds, first * 2 ** min(failures - 1, 10))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  # no secret: many bots should not knock at once
