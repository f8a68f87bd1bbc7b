"""What both ways of listening to Telegram share: how the bot account stands, its name, its menu of commands."""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from channels.telegram_request import ErrorAnswer, in_short

_log = logging.getLogger(__name__)

COMMAND_TRIES = 6


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one poll lasts, how often a webhook is looked at, how long we pause in trouble.

    `offset_lives`: when an offset has grown too old to be used.
    """

    poll_seconds: int = 25
    check_seconds: float = 60.0
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 30.0
    conflict_pause_seconds: float = 5.0
    conflict_over_seconds: float = 90.0
    offset_lives: timedelta = timedelta(days=6)


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


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a round of listening failed; `seconds` if Telegram said how long to wait."""

    state: State
    reason: str
    seconds: float | None = None


class Account:
    """One bot account: what can be seen of it, and what it says of itself to Telegram."""

    def __init__(self, bot: Bot, *, number: str, commands: Sequence[tuple[str, str]], timing: Timing) -> None:
        self.state = State.IDLE
        self.last_contact: float | None = None
        self.username = ""
        self.number = number
        self.timing = timing
        self.bot = bot
        self._commands = commands
        self._introducing = asyncio.Lock()
        self._has_menu = False
        self._conflict_at: datetime | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def introduce(self) -> str:
        """Ask Telegram who we are, once."""
        async with self._introducing:
            if not self.username:
                self.username = (await self.bot.get_me()).username or ""
        return self.username

    def in_contact(self) -> None:
        """Telegram has just answered, or spoken."""
        self.last_contact = time.monotonic()
        if not self._has_menu:
            self._has_menu = True
            self.in_background(self._set_commands())

    def become(self, state: State, reason: str = "") -> None:
        """One line per change, not per failure. A conflict ends only after quiet: two processes take turns."""
        if state is State.CONFLICT:
            self._conflict_at = datetime.now(UTC)
        if state is State.LISTENING and self._conflict_at is not None:
            if (datetime.now(UTC) - self._conflict_at).total_seconds() < self.timing.conflict_over_seconds:
                return
            self._conflict_at = None
        if state is self.state:
            return
        self.state = state
        if state is State.LISTENING:
            _log.info("telegram %s: listening", self.number)
        else:
            _log.error("telegram %s: %s: %s", self.number, state, reason)

    async def pause(self, trouble: Trouble, failures: int) -> None:
        """As long as Telegram said, else longer with each failure."""
        await asyncio.sleep(trouble.seconds or self._growing(failures, trouble.state))

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self.state = State.CLOSED
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set_commands(self) -> None:
        """The `/` menu: good to have, so it is tried a few times and then let be."""
        if not self._commands:
            return
        commands = [BotCommand(name, words) for name, words in self._commands]
        for attempt in range(1, COMMAND_TRIES + 1):
            try:
                await self.bot.set_my_commands(commands)
                return
            except TelegramError as error:
                _log.info("telegram %s: the menu of commands is not set yet: %s", self.number, in_short(error))
            await asyncio.sleep(self._growing(attempt, State.OFFLINE))
        _log.warning("telegram %s: the menu of commands was not set", self.number)

    def _growing(self, failures: int, state: State) -> float:
        first = self.timing.conflict_pause_seconds if state is State.CONFLICT else self.timing.first_pause_seconds
        longest = min(self.timing.longest_pause_seconds, first * 2 ** min(failures - 1, 10))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  # no secret: many bots should not knock at once


def trouble_of(error: TelegramError) -> Trouble:
    """What a failed question to Telegram means for listening."""
    if not isinstance(error, ErrorAnswer):
        return Trouble(State.OFFLINE, in_short(error))
    if error.is_about_token:
        return Trouble(State.REFUSED, f"the token is refused, or the address is not Telegram's; answer {error.code}")
    return Trouble(State.OFFLINE, error.message, seconds=error.retry_after)
