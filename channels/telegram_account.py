"""What both ways of listening to Telegram share: the bot's name and its menu of commands."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from channels.standing import Standing, State, Timing, Trouble
from channels.telegram_request import ErrorAnswer, in_short
from channels.telegram_updates import CHANNEL

_log = logging.getLogger(__name__)

COMMAND_TRIES = 6


class Account:
    """One bot account: what can be seen of it, and what it says of itself to Telegram."""

    def __init__(self, bot: Bot, *, number: str, commands: Sequence[tuple[str, str]], timing: Timing) -> None:
        self.standing = Standing(CHANNEL, number, timing)
        self.username = ""
        self.number = number
        self.timing = timing
        self.bot = bot
        self._commands = commands
        self._introducing = asyncio.Lock()
        self._has_menu = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def introduce(self) -> str:
        """Ask Telegram who we are, once."""
        async with self._introducing:
            if not self.username:
                self.username = (await self.bot.get_me()).username or ""
        return self.username

    def in_contact(self) -> None:
        """Telegram has just answered, or spoken."""
        self.standing.in_contact()
        if not self._has_menu:
            self._has_menu = True
            self.in_background(self._set_commands())

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self.standing.state = State.CLOSED
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
            await asyncio.sleep(self.standing.growing(attempt))
        _log.warning("telegram %s: the menu of commands was not set", self.number)


def trouble_of(error: TelegramError) -> Trouble:
    """What a failed question to Telegram means for listening."""
    if not isinstance(error, ErrorAnswer):
        return Trouble(State.OFFLINE, in_short(error))
    if error.is_about_token:
        return Trouble(State.REFUSED, f"the token is refused, or the address is not Telegram's; answer {error.code}")
    return Trouble(State.OFFLINE, error.message, seconds=error.retry_after)
