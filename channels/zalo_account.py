"""What both ways of listening to Zalo share: the bot's name and number there, and what an update means for it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from channels.standing import Standing, Timing
from channels.zalo_request import Api, ErrorAnswer, Json, Unreadable, as_object
from channels.zalo_updates import CHANNEL, read_update
from domain.messages import Incoming


@dataclass(frozen=True, slots=True)
class Profile:
    """What the bot is called, and the id that its own messages come back under, if they do."""

    id: str
    name: str


class Account:
    """One bot account."""

    def __init__(self, api: Api, *, number: str, secret: str, timing: Timing) -> None:
        self.api = api
        self.number = number
        self.timing = timing
        self.standing = Standing(CHANNEL, number, timing)
        self.path = f"/{CHANNEL}/{number}"
        self.profile: Profile | None = None
        self._secret = secret.encode()
        self._introducing = asyncio.Lock()

    async def introduce(self) -> str:
        """Ask Zalo who we are, once."""
        async with self._introducing:
            if self.profile is None:
                told = as_object(await self.api.call("getMe"))
                if told is None or "id" not in told:
                    raise Unreadable("unreadable answer")
                name = told.get("display_name") or told.get("account_name") or told["id"]
                self.profile = Profile(str(told["id"]), str(name))
        return self.profile.name

    async def webhook(self) -> str:
        """Where Zalo brings messages to; "" if nowhere, which it says as 404."""
        try:
            found = as_object(await self.api.call("getWebhookInfo"))
        except ErrorAnswer as error:
            if error.code == 404 and error.is_zalo:
                return ""
            raise
        return str((found or {}).get("url") or "")

    def read(self, updates: Iterable[Json]) -> list[Incoming]:
        """What of them is for us."""
        own_id = self.profile.id if self.profile else ""
        read = (read_update(each, account=self.number, own_id=own_id, secret=self._secret) for each in updates)
        return [incoming for incoming in read if incoming is not None]
