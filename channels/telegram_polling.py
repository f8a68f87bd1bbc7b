"""Listening to Telegram by long polling: nothing is confirmed before it is kept, and no trouble ends it but one."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from telegram.error import TelegramError

from channels.channel import Hear
from channels.standing import State, Trouble
from channels.telegram_account import Account, trouble_of
from channels.telegram_request import READ_SECONDS, ErrorAnswer, TelegramRequest, Unreadable, in_short
from channels.telegram_updates import WANTED, Heard, Json, read_update

_log = logging.getLogger(__name__)

BATCH = 100
TOO_OLD = ("query is too old", "query id is invalid")


class Polling:
    """The loop and its place in the stream of updates (in memory only).

    `offset_lives`: when an offset has grown too old to be used.
    """

    def __init__(self, account: Account, request: TelegramRequest, offset_lives: timedelta) -> None:
        self._account = account
        self._bot = account.bot
        self._request = request
        self._standing = account.standing
        self._timing = account.timing
        self._offset_lives = offset_lives
        self._offset: int | None = None
        self._last_update_at = datetime.now(UTC)
        self._may_end_webhook = True

    async def run(self, hear: Hear) -> None:
        """Until cancelled, or until Telegram refuses the token. May be run again, from the start of the stream."""
        self._offset = None
        self._may_end_webhook = True
        failures = 0
        try:
            while self._standing.state is not State.REFUSED:
                trouble = await self._round(hear)
                if trouble is None:
                    failures = 0
                    continue
                self._standing.become(trouble.state, trouble.reason)
                failures += 1
                if trouble.state is not State.REFUSED:
                    await self._standing.pause(trouble, failures)
        finally:
            self._standing.rest()

    async def _round(self, hear: Hear) -> Trouble | None:
        """One poll and what follows from it. The next poll, with a higher offset, is what confirms this one."""
        try:
            username = await self._account.introduce()
            updates = await self._poll()
        except TelegramError as error:
            return await self._met(error)
        self._may_end_webhook = False
        try:
            heard = [read_update(raw, account=self._account.number, username=username) for raw in updates]
        except (AttributeError, KeyError, TypeError, ValueError):
            return Trouble(State.OFFLINE, "unreadable answer")
        incoming = [one.incoming for one in heard if one.incoming]
        if incoming:
            try:
                await hear(incoming)
            except Exception as error:  # noqa: BLE001  # whatever keeps them from being stored, they are not confirmed
                # Its words may hold what was to be stored.
                return Trouble(State.NOT_KEEPING, type(error).__name__)
        self._move_on(heard)
        self._account.in_contact()
        self._standing.become(State.LISTENING)
        return None

    async def _poll(self) -> Sequence[Json]:
        query: dict[str, Any] = {
            "timeout": self._timing.poll_seconds,
            "limit": BATCH,
            "allowed_updates": json.dumps(WANTED),
        }
        # Telegram draws new, perhaps lower, update ids after a week of silence.
        is_fresh = datetime.now(UTC) - self._last_update_at < self._offset_lives
        if self._offset is not None and is_fresh:
            query["offset"] = self._offset
        # Not by `Bot.get_updates`: one update that the library cannot read would hide all others for ever.
        answer = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(query)}",
            read_timeout=self._timing.poll_seconds + READ_SECONDS,
        )
        if not isinstance(answer, list):
            raise Unreadable("unreadable answer")
        return answer

    def _move_on(self, heard: Sequence[Heard]) -> None:
        if not heard:
            return
        self._offset = max(one.update_id for one in heard) + 1
        self._last_update_at = datetime.now(UTC)
        for one in heard:
            if one.callback_id:
                self._account.in_background(self._acknowledge(one.callback_id))
            if one.incoming is None:
                _log.debug("telegram %s: update %s is not for us", self._account.number, one.update_id)

    async def _met(self, error: TelegramError) -> Trouble | None:
        if not isinstance(error, ErrorAnswer) or error.code != 409:
            return trouble_of(error)
        if await self._end_webhook(error):
            return None
        return Trouble(State.CONFLICT, "somebody else receives this bot's messages: a second process, or a webhook")

    async def _end_webhook(self, error: ErrorAnswer) -> bool:
        """A webhook from before would keep us deaf; it is ended once, and nothing that waits is dropped."""
        if not self._may_end_webhook or "webhook is active" not in error.description:
            return False
        self._may_end_webhook = False
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as failure:
            _log.warning("telegram %s: the old webhook could not be ended: %s", self._account.number, in_short(failure))
            return False
        _log.info("telegram %s: the old webhook is ended", self._account.number)
        return True

    async def _acknowledge(self, callback_id: str) -> None:
        """Stops the button's spinner. The press itself is kept already."""
        try:
            await self._bot.answer_callback_query(callback_id)
        except TelegramError as error:
            said = error.description.lower() if isinstance(error, ErrorAnswer) else ""
            if not any(words in said for words in TOO_OLD):
                _log.warning("telegram %s: a press was not acknowledged: %s", self._account.number, in_short(error))
