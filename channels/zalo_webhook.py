"""Listening to Zalo by webhook: we tell it where to bring messages, look whether that stands, keep what it brings."""

import asyncio

from channels.channel import Hear, Hook, Place
from channels.standing import State, Trouble
from channels.zalo_account import Account
from channels.zalo_request import ErrorAnswer, ZaloError, as_object, trouble_of, without_content
from channels.zalo_updates import updates_in

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105  # the header's name, which everybody knows
LONGEST_REASON = 120


class Webhook:
    """Any process may be brought messages; one at a time sees to it, by `run`, that Zalo knows the place."""

    def __init__(self, account: Account, place: Place) -> None:
        self._account = account
        self._standing = account.standing
        self._secret = place.secret
        self._url = f"{place.public_url.rstrip('/')}{account.path}"

    async def run(self, _: Hear) -> None:
        """Until cancelled, or until Zalo refuses the token. The webhook stays when we go."""
        is_set, failures = False, 0
        seconds = self._account.timing.check_seconds
        try:
            while self._standing.state is not State.REFUSED:
                try:
                    await self._account.introduce()
                    trouble = await self._look() if is_set else await self._set()
                except ZaloError as error:
                    trouble = _trouble_of(error)
                if trouble is None:
                    is_set, failures = True, 0
                    self._standing.in_contact()
                    self._standing.become(State.LISTENING)
                    await asyncio.sleep(seconds)
                    continue
                is_set = is_set and trouble.state is State.OFFLINE
                self._standing.become(trouble.state, trouble.reason)
                failures += 1
                if trouble.state is not State.REFUSED:
                    await self._standing.pause(trouble, failures)
        finally:
            self._standing.rest()

    def hook(self, hear: Hear) -> Hook:
        async def receive(body: object) -> None:
            """Without asking Zalo anything first: what is not kept now may never come again."""
            if heard := self._account.read(updates_in(body)):
                await hear(heard)

        return Hook(self._account.path, SECRET_HEADER, self._secret, receive, is_probed=True)

    async def _set(self) -> Trouble | None:
        """Zalo tries the place at once and says what came of it, but keeps it in any case."""
        place = {"url": self._url, "secret_token": self._secret}
        answer = as_object(await self._account.api.call("setWebhook", place))
        tried = as_object((answer or {}).get("verification")) or {}
        if tried.get("ok") is not False:
            return None
        reason = f"Zalo does not reach the webhook: {str(tried.get('outcome') or '')[:LONGEST_REASON]}"
        return Trouble(State.NOT_REACHED, reason, self._account.timing.check_seconds)

    async def _look(self) -> Trouble | None:
        if await self._account.webhook() == self._url:
            return None
        return Trouble(State.CONFLICT, "somebody else took the webhook away or polls for this bot")


def _trouble_of(error: ZaloError) -> Trouble:
    if isinstance(error, ErrorAnswer) and error.code == 400:
        # An operator has to read why Zalo does not take the place.
        said = without_content(error.description)
        return Trouble(State.NOT_REACHED, f"the webhook is not taken: {said[:LONGEST_REASON]}")
    return trouble_of(error)
