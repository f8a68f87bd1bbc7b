"""The cast on real platforms: what somebody types or presses there, over HTTP, and what their phone shows then."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, insert, select

from channels.channel import Channel
from channels.pace import Pace
from channels.telegram import TelegramChannel
from channels.trial import Skin, TrialChannel, chat_of, code_of
from channels.zalo import ZaloChannel
from domain.messages import Incoming, plain
from handlers.hearing import hearing
from jobs.delivery import Delivery
from jobs.drawing import drawer
from jobs.letters import Letters
from storage.database import Database
from storage.tables import addresses, people
from tests.cast import NOW, Stage, shown, stage
from tests.platforms.client import Emulator, Sent, User
from tests.platforms.windowed import WindowedChannel

EVERYBODY = ("lan", "hung", "mai", "minh", "oanh", "cuc")
BEFORE_CHOICES = re.compile(r"\n\n(?=1?\d\. )")


class Platform(Protocol):
    """The people's end of a channel."""

    @property
    def channel(self) -> Channel: ...

    def chat(self, who: str) -> str: ...

    async def types(self, who: str, text: str) -> None: ...

    async def presses(self, who: str, label: str) -> None: ...

    def shown(self, who: str) -> list[str]:
        """All that the bot said to them, as their phone shows it, choices one a line."""
        ...


@dataclass
class OnEmulator:
    """Telegram with its buttons, or Zalo, where a choice is made by typing its number."""

    channel: TelegramChannel | ZaloChannel
    emulator: Emulator
    users: dict[str, User] = field(default_factory=dict[str, User])

    @classmethod
    def on(cls, emulator: Emulator) -> "OnEmulator":
        emulator.reset()
        kind = ZaloChannel if emulator.platform == "zalo" else TelegramChannel
        return cls(kind(emulator.token, emulator.api_url), emulator)

    def chat(self, who: str) -> str:
        """As the platform calls it; it learns of a person by the first word of theirs."""
        number = EVERYBODY.index(who) + 1001
        self.users[who] = self.emulator.user(number, who)
        answer = self.users[who].says("chào")
        return str(answer.get("chat") or number)

    async def types(self, who: str, text: str) -> None:
        await asyncio.to_thread(self.users[who].says, text)

    async def presses(self, who: str, label: str) -> None:
        await asyncio.to_thread(self.users[who].taps, label)

    def shown(self, who: str) -> list[str]:
        sent = self.emulator.sent(chat=self.users[who].id)
        return [_as_lines(one) for one in sent if one.method in ("sendMessage", "sendPhoto", "sendDocument")]


@dataclass
class OnTrial:
    """The trial page's phones, both skins."""

    channel: TrialChannel
    skin: Skin

    @classmethod
    def on(cls, skin: Skin) -> "OnTrial":
        return cls(TrialChannel(EVERYBODY, now=lambda: NOW), skin)

    def chat(self, who: str) -> str:
        return chat_of(who, self.skin)

    async def types(self, who: str, text: str) -> None:
        await self.channel.hear_from_page(self.chat(who), text=text)

    async def presses(self, who: str, label: str) -> None:
        chat = self.chat(who)
        for said in reversed(self.channel.said(chat)):
            pressed = [code_of(said, choice) for choice in said.choices if choice.label == label]
            typed = re.findall(rf"^(\d+)\. {re.escape(label)}$", plain(said.lines), re.MULTILINE)
            if pressed or typed:
                await self.channel.hear_from_page(chat, pressed=pressed[0] if pressed else "", text="".join(typed[:1]))
                return
        raise AssertionError(f"{who} has no choice {label!r}")

    def shown(self, who: str) -> list[str]:
        return [
            BEFORE_CHOICES.sub(
                "\n", "\n".join([plain(one.lines), *(f"{each.number}. {each.label}" for each in one.choices)])
            )
            for one in self.channel.said(self.chat(who))
            if one.by_bot
        ]


@dataclass
class OnWindowed:
    """A channel with reply windows, where a choice is made by typing its number."""

    channel: WindowedChannel = field(default_factory=lambda: WindowedChannel(lambda: NOW))

    def chat(self, who: str) -> str:
        return who

    async def types(self, who: str, text: str) -> None:
        await self.channel.hear(who, text)

    async def presses(self, who: str, label: str) -> None:
        shown = (each for said in reversed(self.channel.said[who]) for each in said.choices)
        await self.types(who, str(next(each.number for each in shown if each.label == label)))

    def shown(self, who: str) -> list[str]:
        return [shown(said) for said in self.channel.said[who]]


@dataclass
class Player:
    """The whole bot behind one platform: what somebody says there, and all that is answered."""

    stage: Stage
    platform: Platform
    delivery: Delivery
    heard: asyncio.Queue[Incoming]

    async def says(self, who: str, text: str) -> str:
        before = len(self.platform.shown(who))
        await self.platform.types(who, text)
        return await self._answered(who, before)

    async def presses(self, who: str, label: str, *, by_number: bool = False) -> str:
        before = len(self.platform.shown(who))
        await self.platform.presses(who, label)
        return await self._answered(who, before)

    def move(self, **by: float) -> None:
        self.stage.move(**by)

    async def _answered(self, who: str, before: int) -> str:
        async with asyncio.timeout(30):
            await self.heard.get()
        await self.stage.engine.drain()
        await self.delivery.drain()
        return "\n\n".join(self.platform.shown(who)[before:])


@asynccontextmanager
async def player(database: Database, platform: Platform) -> AsyncGenerator[Player]:
    """The cast, each with a chat on that platform; the channel listens while the block runs."""
    async with stage(database, joined=()) as here:
        heard: asyncio.Queue[Incoming] = asyncio.Queue()
        keep = hearing(database, here.engine.keep)

        async def hear(batch: Sequence[Incoming]) -> None:
            await keep(batch)
            for incoming in batch:
                heard.put_nowait(incoming)

        letters = Letters(database, here.office, lambda: here.clock[0])
        pace = Pace(per_second=1e6, per_chat_per_second=1e6, chat_burst=10**6)
        draw = drawer(database, here.office, lambda: here.clock[0])
        delivery = Delivery(
            database, platform.channel, pace, here.office, lambda: here.clock[0], "test", letters.compose, draw
        )
        task = asyncio.create_task(platform.channel.listen(hear))
        try:
            await _join(database, platform)
            if isinstance(platform, OnEmulator):
                for _ in EVERYBODY:
                    await heard.get()
            await here.engine.drain()
            await delivery.drain()
            yield Player(here, platform, delivery, heard)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await platform.channel.close()


async def _join(database: Database, platform: Platform) -> None:
    """Each has joined already when their first word is heard."""
    channel = platform.channel
    same = {"channel": channel.name, "account": channel.account, "heard_at": NOW, "is_group": False}
    same |= {"is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}

    def connect(tx: Connection, chats: dict[str, str]) -> None:
        ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
        tx.execute(insert(addresses), [same | {"chat": chat, "person_id": ids[who]} for who, chat in chats.items()])

    chats = {who: platform.chat(who) for who in EVERYBODY}
    await database.write(lambda tx: connect(tx, chats))


def _as_lines(sent: Sent) -> str:
    """Buttons as the numbered lines that they stand for."""
    markup = sent.message.get("reply_markup") or {}
    pressed = [button for row in markup.get("inline_keyboard", ()) for button in row]
    lines = [f"{button['callback_data'].split(':')[1]}. {button['text']}" for button in pressed]
    return BEFORE_CHOICES.sub("\n", "\n".join([sent.text, *lines]))
