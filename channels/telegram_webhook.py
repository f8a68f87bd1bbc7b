"""Listening to Telegram by webhook: we tell it where to bring updates, look whether it can, and keep what it brings."""

import asyncio
from collections.abc import Mapping
from typing import TypeGuard, cast

from telegram import WebhookInfo
from telegram.error import TelegramError

from channels.channel import Hear, Hook, NotUnderstood, Place
from channels.standing import State, Trouble
from channels.telegram_account import Account, trouble_of
from channels.telegram_request import ErrorAnswer
from channels.telegram_updates import CHANNEL, WANTED, Json, read_update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name, which everybody knows
CONNECTIONS = 40
LARGEST_ID = 2**53
LONGEST_REASON = 120


class Webhook:
    """Any process may be brought updates; one at a time sees to it, by `run`, that Telegram knows the place."""

    def __init__(self, account: Account, place: Place) -> None:
        self._account = account
        self._standing = account.standing
        self._bot = account.bot
        self._secret = place.secret
        # The account's number is no secret; the token, which is one, stands in no address of ours.
        self._path = f"/{CHANNEL}/{account.number}"
        self._url = f"{place.public_url.rstrip('/')}{self._path}"
        self._failed_at = 0.0

    async def run(self, _: Hear) -> None:
        """Until cancelled, or until Telegram refuses the token. The webhook stays: while we are away Telegram waits."""
        is_set, failures = False, 0
        try:
            while self._standing.state is not State.REFUSED:
                try:
                    await self._account.introduce()
                    if not is_set:
                        await self._set()
                        is_set = True
                    trouble = await self._look()
                except TelegramError as error:
                    trouble = _trouble_of(error)
                if trouble is None:
                    failures = 0
                    self._account.in_contact()
                    self._standing.become(State.LISTENING)
                    await asyncio.sleep(self._account.timing.check_seconds)
                    continue
                is_set = is_set and trouble.state is not State.CONFLICT
                self._standing.become(trouble.state, trouble.reason)
                failures += 1
                if trouble.state is not State.REFUSED:
                    await self._standing.pause(trouble, failures)
        finally:
            self._standing.rest()

    def hook(self, hear: Hear) -> Hook:
        return Hook(self._path, SECRET_HEADER, self._secret, lambda update: self._receive(hear, update))

    async def _receive(self, hear: Hear, update: object) -> Mapping[str, object] | None:
        """Keep one update; what it returns is said in the answer: here, that a press has arrived.

        An update of a shape that we do not know is kept as unreadable, so that it holds up nobody. What has not even
        an id is none of Telegram's.
        """
        if not _is_update(update):
            raise NotUnderstood
        username = await self._account.introduce()
        heard = read_update(update, account=self._account.number, username=username)
        if heard.incoming is not None:
            await hear([heard.incoming])
        if not heard.callback_id:
            return None
        return {"method": "answerCallbackQuery", "callback_query_id": heard.callback_id}

    async def _set(self) -> None:
        """The same for every process, and harmless when it is so already. What waits at Telegram is never dropped."""
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=WANTED,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )
        # What failed at an earlier place says nothing about this one.
        self._failed_at = _failed_at(await self._bot.get_webhook_info())

    async def _look(self) -> Trouble | None:
        found = await self._bot.get_webhook_info()
        if found.url != self._url:
            return Trouble(State.CONFLICT, "somebody else took the webhook away or polls for this bot")
        failed_before, self._failed_at = self._failed_at, _failed_at(found)
        if self._failed_at <= failed_before or not found.pending_update_count:
            return None
        reason = (found.last_error_message or "")[:LONGEST_REASON]
        # Telegram tries again after at most a minute: by then it has failed anew, or it has not.
        seconds = 2 * self._account.timing.check_seconds
        return Trouble(State.NOT_REACHED, f"{found.pending_update_count} updates wait at Telegram: {reason}", seconds)


def _failed_at(found: WebhookInfo) -> float:
    return found.last_error_date.timestamp() if found.last_error_date else 0.0


def _is_update(brought: object) -> TypeGuard[Json]:
    if not isinstance(brought, dict):
        return False
    update_id = cast(Json, brought).get("update_id")
    return type(update_id) is int and 0 <= update_id <= LARGEST_ID


def _trouble_of(error: TelegramError) -> Trouble:
    if isinstance(error, ErrorAnswer) and error.code == 400:
        # An operator has to read why Telegram does not take the place.
        return Trouble(State.NOT_REACHED, f"the webhook is not taken: {error.description[:LONGEST_REASON]}")
    return trouble_of(error)
