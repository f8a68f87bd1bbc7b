"""Listening to Zalo by long polling: there is no acknowledgement, so what was read is kept before anything else."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from urllib.parse import urlsplit

from channels.channel import Hear, NotUnderstood
from channels.standing import State, Trouble
from channels.zalo_account import Account
from channels.zalo_request import ErrorAnswer, Unreadable, ZaloError, trouble_of
from channels.zalo_updates import updates_in
from domain.messages import Incoming

FLOOR_SECONDS = 1.0
"""Between two polls of which the first brought nothing new: Zalo may say the same again and again, and at once."""

KEYS_KNOWN = 500

LAST_SECONDS = 0.5
"""So long a poll that is to end may still bring what was on its way."""

KEEP_SECONDS = 5.0


class Polling:
    """The loop. Whatever Zalo gave us and could not be kept yet is held until it is: it does not come again."""

    def __init__(self, account: Account, public_url: str) -> None:
        self._account = account
        self._api = account.api
        self._standing = account.standing
        self._own_webhook = f"{public_url.rstrip('/')}{account.path}" if public_url else ""
        self._has_no_webhook = False
        self._held: Sequence[Incoming] = ()
        self._known: deque[str] = deque(maxlen=KEYS_KNOWN)

    async def run(self, hear: Hear) -> None:
        """Until cancelled, or until Zalo refuses the token."""
        self._has_no_webhook = False
        failures = 0
        try:
            while self._standing.state is not State.REFUSED:
                began = time.monotonic()
                found = await self._round(hear)
                if not isinstance(found, Trouble):
                    failures = 0
                    if not found:
                        await asyncio.sleep(began + FLOOR_SECONDS - time.monotonic())
                    continue
                self._standing.become(found.state, found.reason)
                failures += 1
                if found.state is not State.REFUSED:
                    await self._standing.pause(found, failures)
        finally:
            self._standing.rest()

    async def _round(self, hear: Hear) -> bool | Trouble:
        """As `_poll_once`. When this is cancelled, what Zalo has just given out is kept first: nobody else has it."""
        going = asyncio.ensure_future(self._poll_once(hear))
        try:
            return await asyncio.shield(going)
        except asyncio.CancelledError:
            await asyncio.wait([going], timeout=LAST_SECONDS)
            if self._held:
                await asyncio.wait([going], timeout=KEEP_SECONDS)
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
            raise

    async def _poll_once(self, hear: Hear) -> bool | Trouble:
        """One poll and what follows from it; whether it brought anything new."""
        if not self._held:
            try:
                if (trouble := await self._met_webhook()) is not None:
                    return trouble
                await self._account.introduce()
                self._held = await self._poll()
            except ZaloError as error:
                # Among the reasons may be a webhook that was set meanwhile.
                self._has_no_webhook = False
                return trouble_of(error)
        fresh = [incoming.key for incoming in self._held if incoming.key not in self._known]
        if self._held and (failure := await self._keep(hear, self._held)):
            return Trouble(State.NOT_KEEPING, failure)
        self._held = ()
        self._known.extend(fresh)
        self._standing.in_contact()
        self._standing.become(State.LISTENING)
        return bool(fresh)

    async def _poll(self) -> Sequence[Incoming]:
        seconds = self._account.timing.poll_seconds
        try:
            answer = await self._api.call("getUpdates", {"timeout": seconds}, more_seconds=seconds)
            return self._account.read(updates_in(answer))
        except ErrorAnswer as error:
            if error.code == 408 and error.is_zalo:
                return ()
            raise
        except NotUnderstood:
            raise Unreadable("unreadable answer") from None

    async def _keep(self, hear: Hear, held: Sequence[Incoming]) -> str:
        """Why it could not be kept, if so."""
        try:
            await hear(held)
        except Exception as error:  # noqa: BLE001  # whatever keeps it from being stored, we try again
            # Its words may hold what was to be stored.
            return type(error).__name__
        return ""

    async def _met_webhook(self) -> Trouble | None:
        """Who polls while a webhook is set gets nothing. Our own is ended; another's is not ours to end."""
        if self._has_no_webhook:
            return None
        url = await self._account.webhook()
        if url and url != self._own_webhook:
            place = urlsplit(url).hostname
            return Trouble(
                State.CONFLICT,
                f"a webhook is set, to {place}: another program receives this bot's messages. "
                "End it there, or set KETNAP_RECEIVE=webhook to take its place",
                seconds=self._account.timing.check_seconds,
            )
        if url:
            await self._api.call("deleteWebhook")
        self._has_no_webhook = True
        return None
