"""The trial channel: phones that exist only on the trial page; each shows buttons, or numbered lines."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.channel import FetchFailed, Hear, Unreachable
from domain.incidents import Ear, Hearing
from domain.messages import Address, File, FileTrouble, Incoming, Kind, NumberedChoice, Outgoing, Text, plain

KEPT_PER_CHAT = 400


class Skin(StrEnum):
    """Which phone the page imitates: buttons, or numbered lines."""

    TELEGRAM = "telegram"
    ZALO = "zalo"


class UnknownChat(Exception):
    """The page named a phone that the trial does not have."""


class NotListening(Exception):
    """Nobody listens to the trial yet, or any longer."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the talk under the id that the page fetches it by."""

    id: str
    file: File


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a talk as its screen shows it; `number` grows over all talks together."""

    number: int
    at: datetime
    by_bot: bool
    kind: Kind
    lines: tuple[tuple[Text, ...], ...]
    choices: tuple[NumberedChoice, ...] = ()
    question_id: int | None = None
    pressed: str = ""
    is_letter: bool = False
    file: KeptFile | None = None


def chat_of(person: str, skin: Skin) -> str:
    """The chat id of one person's phone."""
    return f"{person}-{skin}"


class TrialChannel:
    """A real channel whose platform is the memory of this process: nothing leaves the machine."""

    name = "trial"
    carries_files = True

    def __init__(self, people: Iterable[str], *, now: Callable[[], datetime], account: str = "demo") -> None:
        self.account = account
        self._now = now
        self._skins = {chat_of(person, skin): skin for person in people for skin in Skin}
        self._talks: dict[str, list[Said]] = {chat: [] for chat in self._skins}
        self._menus: dict[str, tuple[str, ...]] = {}
        self._seen: dict[str, int] = dict.fromkeys(self._skins, 0)
        self._files: dict[str, File] = {}
        self._last_number = 0
        self._hear: Hear | None = None
        self._news = asyncio.Event()
        self._is_over = False

    @property
    def chats(self) -> Mapping[str, Skin]:
        """Every phone there is, by chat id."""
        return self._skins

    @property
    def last_number(self) -> int:
        """The number of the newest message of any talk."""
        return self._last_number

    @property
    def last_contact(self) -> float:
        """The page is never far."""
        return time.monotonic()

    @property
    def ear(self) -> Ear:
        return Ear(f"{self.name}:{self.account}", Hearing.WELL, 0.0)

    async def introduce(self) -> str:
        return self.account

    def link(self, code: str) -> str:
        """Phones of the trial have nothing to open links with."""
        return ""

    def phones(self, person: str) -> list[Address]:
        """The one with buttons is used last, so that letters come there first."""
        return [Address(self.name, self.account, chat_of(person, skin)) for skin in (Skin.ZALO, Skin.TELEGRAM)]

    def hook(self, hear: Hear) -> None:
        """The page comes by a road of its own."""

    async def listen(self, hear: Hear) -> None:
        """Hand what is typed on the page to `hear`, until cancelled."""
        self._hear = hear
        try:
            await asyncio.Event().wait()
        finally:
            self._hear = None

    async def send(self, chat: str, message: Outgoing) -> str:
        """Show a message on that phone."""
        if chat not in self._skins:
            raise Unreachable("no such phone on the trial page")
        if message.menu:
            self._menus[chat] = message.menu
        is_zalo = self._skins[chat] is Skin.ZALO
        said = Said(
            number=self._next_number(),
            at=self._now(),
            by_bot=True,
            kind=Kind.TEXT,
            lines=_with_numbered_lines(message) if is_zalo else message.lines,
            choices=() if is_zalo else message.choices,
            question_id=message.question_id,
            is_letter=message.is_letter,
            file=self._keep(message.file),
        )
        self._add(chat, said)
        self._tell()
        return str(said.number)

    async def hear_from_page(self, chat: str, *, text: str = "", pressed: str = "", kind: Kind | None = None) -> Said:
        """Take what was typed, tapped or sent; when this returns, it is as durable as `hear` makes it."""
        if chat not in self._skins:
            raise UnknownChat(chat)
        if self._hear is None:
            raise NotListening
        shown = self._label(chat, pressed) if pressed else text
        kind = kind or (Kind.PRESS if pressed else Kind.TEXT)
        number = self._next_number()
        said = Said(number=number, at=self._now(), by_bot=False, kind=kind, lines=_lines(shown), pressed=pressed)
        incoming = Incoming(
            key=f"{self.name}:{self.account}:{number}",
            address=Address(self.name, self.account, chat),
            sender=chat,
            kind=kind,
            text=text,
            pressed=pressed,
            message_id=str(number),
        )
        # The answer may be shown before `hear` returns, so the question takes its place in the talk first.
        self._add(chat, said)
        try:
            await self._hear([incoming])
        except BaseException:
            self._talks[chat].remove(said)
            raise
        self._tell()
        return said

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        """Nothing is ever sent to the trial but words."""
        raise FetchFailed(FileTrouble.GONE)

    async def close(self) -> None:
        self._hear = None
        self.let_pages_go()

    def let_pages_go(self) -> None:
        """Whoever waits for news is answered at once, and so is whoever asks later."""
        self._is_over = True
        self._tell()

    def said(self, chat: str, after: int = 0) -> list[Said]:
        """The talk of one phone past a number; asking confirms that everything up to that number was seen."""
        if chat not in self._skins:
            raise UnknownChat(chat)
        self._seen[chat] = max(self._seen[chat], min(after, self._last_number))
        return [said for said in self._talks[chat] if said.number > after]

    def menu(self, chat: str) -> tuple[str, ...]:
        """The standing keyboard of a phone that has one."""
        return self._menus.get(chat, ()) if self._skins.get(chat) is Skin.TELEGRAM else ()

    def unread(self) -> dict[str, int]:
        """How many messages of the bot wait unseen on each phone; phones without any are left out."""
        counts = {
            chat: sum(said.by_bot and said.number > self._seen[chat] for said in talk)
            for chat, talk in self._talks.items()
        }
        return {chat: count for chat, count in counts.items() if count}

    def file(self, file_id: str) -> File | None:
        """A file that was sent to some phone."""
        return self._files.get(file_id)

    async def wait_for_news(self, after: int, seconds: float) -> None:
        """Return as soon as any talk has something past a number, or when the time is over."""
        if self._is_over or self._last_number > after:
            return
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _add(self, chat: str, said: Said) -> None:
        talk = self._talks[chat]
        talk.append(said)
        for old in talk[:-KEPT_PER_CHAT]:
            if old.file is not None:
                self._files.pop(old.file.id, None)
        del talk[:-KEPT_PER_CHAT]

    def _keep(self, file: File | None) -> KeptFile | None:
        if file is None:
            return None
        kept = KeptFile(secrets.token_urlsafe(12), file)
        self._files[kept.id] = file
        return kept

    def _label(self, chat: str, pressed: str) -> str:
        for said in reversed(self._talks[chat]):
            for choice in said.choices:
                if code_of(said, choice) == pressed:
                    return choice.label
        return pressed

    def _tell(self) -> None:
        waiting, self._news = self._news, asyncio.Event()
        waiting.set()


def code_of(said: Said, choice: NumberedChoice) -> str:
    """What a button carries: the question and the number of the choice."""
    return f"{said.question_id}:{choice.number}"


def _lines(text: str) -> tuple[tuple[Text, ...], ...]:
    return tuple((Text(row),) for row in text.split("\n"))


def _with_numbered_lines(message: Outgoing) -> tuple[tuple[Text, ...], ...]:
    """A phone without buttons or markup: plain words, then `1. Lưu` a line."""
    lines = _lines(plain(message.lines)) if message.lines else ()
    numbered = tuple((Text(f"{choice.number}. {choice.label}"),) for choice in message.choices)
    if lines and numbered:
        return (*lines, (Text(""),), *numbered)
    return lines + numbered
