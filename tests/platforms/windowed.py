"""A channel with reply windows, in memory: a letter is taken for some days after the person's last word, a reply always.

Official accounts are so. It shows that the port has room for such a channel; no part of the bot knows it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from channels.channel import FetchFailed, Hear, NotUnasked, Refused, Unreachable
from domain.incidents import Ear, Hearing
from domain.messages import Address, FileTrouble, Incoming, Kind, Outgoing, plain

NAME = "windowed"


class WindowedChannel:
    """`said` is what each person sees, in order. It has neither buttons nor links."""

    name = NAME
    account = "oa"
    carries_files = True
    last_contact: float | None = None

    def __init__(self, now: Callable[[], datetime], *, days: int = 7) -> None:
        self.said: defaultdict[str, list[Outgoing]] = defaultdict(list)
        self._now = now
        self._window = timedelta(days=days)
        self._heard_at: dict[str, datetime] = {}
        self._numbers = count(1)
        self._hear: Hear | None = None

    @property
    def ear(self) -> Ear:
        return Ear(f"{NAME}:{self.account}", Hearing.WELL)

    async def introduce(self) -> str:
        return "OA Kết nạp"

    def link(self, code: str) -> str:
        return ""

    def hook(self, hear: Hear) -> None:
        return None

    async def listen(self, hear: Hear) -> None:
        self._hear = hear
        try:
            await asyncio.Event().wait()
        finally:
            self._hear = None

    def word_from(self, chat: str) -> None:
        """The person has written just now."""
        self._heard_at[chat] = self._now()

    async def hear(self, chat: str, text: str) -> None:
        """What a person writes."""
        self.word_from(chat)
        number = next(self._numbers)
        incoming = Incoming(f"{NAME}:{number}", Address(NAME, self.account, chat), chat, Kind.TEXT, text)
        assert self._hear is not None
        await self._hear([incoming])

    async def send(self, chat: str, message: Outgoing) -> str:
        if chat not in self._heard_at:
            raise Unreachable("never wrote")
        if message.is_letter and self._now() - self._heard_at[chat] > self._window:
            raise NotUnasked("the window is shut")
        if message.file is None and not plain(message.lines).strip() and not message.choices and not message.menu:
            raise Refused("nothing to say")
        self.said[chat].append(message)
        return str(next(self._numbers))

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        raise FetchFailed(FileTrouble.GONE)

    async def close(self) -> None:
        return None
