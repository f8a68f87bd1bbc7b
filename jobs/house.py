"""The house: everything that goes on in one process, begun together and ended in good order."""

import asyncio
import logging
import os
import platform
import secrets
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from channels.channel import Channel, FetchFailed, Hear, SendingFailed
from channels.pace import Pace
from domain.budget import Bot
from domain.incidents import Ear
from domain.messages import Address, FileTrouble
from domain.office import Office
from jobs.backup import Backups
from jobs.budget import Budgets
from jobs.delivery import Delivery
from jobs.lease import Work, while_held
from jobs.letters import Letters
from jobs.links import Links
from jobs.rendering import Draw
from jobs.tick import Tick
from jobs.upkeep import Nightly
from jobs.watch import Eyes, Watch
from language.wording.talk import MENU_LABELS
from storage.asking import Saying
from storage.database import Database

STOP_SECONDS = 5
INTRODUCE_SECONDS = 60

log = logging.getLogger("ketnap")


@dataclass(slots=True)
class House:
    """What listens, sends, beats and watches, put together for one database. `draw` makes the files of letters."""

    db: Database
    office: Office
    now: Callable[[], datetime]
    channels: Sequence[Channel]
    draw: Draw
    backups: Backups | None = None
    links: Links | None = None
    watch: Watch | None = None
    owner: str = field(default_factory=lambda: f"{os.getpid()}-{secrets.token_hex(4)}")
    deliveries: list[Delivery] = field(init=False)
    tick: Tick = field(init=False)
    _names: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    nightly: Nightly = field(init=False)

    def __post_init__(self) -> None:
        budgets = Budgets(self.db, self.office, self.now)
        self.tick = Tick(self.db, self.office, self.now, self.wake_deliveries, budgets)
        self.nightly = Nightly(self.db, self.office, self.now, self.owner, self.backups)
        letters = Letters(self.db, self.office, self.now)
        timing = self.office.timing
        self.deliveries = [
            Delivery(
                self.db,
                channel,
                Pace(timing.per_second, timing.per_chat_per_second, timing.chat_burst, timing.group_per_minute),
                self.office,
                self.now,
                self.owner,
                letters.compose,
                self.draw,
                links=self.links,
                menu=MENU_LABELS,
                is_behind=self.tick.is_behind,
                budgets=budgets,
            )
            for channel in self.channels
        ]

    async def run(self, hear: Hear, react: Work, serve: Work, close_door: Callable[[], None]) -> int:
        """Until told to stop, or until no channel is left to listen to; the exit status."""
        stop = asyncio.Event()
        _on_signals(stop.set)
        listening = [asyncio.create_task(self._listen(channel, hear)) for channel in self.channels]
        working = [asyncio.create_task(react())]
        working += [asyncio.create_task(self._leased("send", each.channel, each.work)) for each in self.deliveries]
        working.append(asyncio.create_task(self.nightly.work()))
        if self.watch is not None:
            working.append(asyncio.create_task(self.watch.work()))
        serving = asyncio.create_task(serve())
        introducing = asyncio.create_task(self._introduce())
        self.tick.start()
        log.info("running owner=%s channels=%s", self.owner, self._accounts)
        stopping = asyncio.create_task(stop.wait())
        all_deaf = asyncio.create_task(asyncio.wait(listening))
        try:
            await asyncio.wait([stopping, all_deaf, serving, *working], return_when=asyncio.FIRST_COMPLETED)
        finally:
            is_asked, is_deaf = stop.is_set(), all_deaf.done()
            if self.watch is not None and not is_asked:
                # Why nobody listens any more is written down before the process goes.
                await self.watch.try_to_look()
            await _cancelled(listening)
            close_door()
            await asyncio.wait([serving], timeout=STOP_SECONDS)
            await self._stop([*working, serving, introducing, stopping, all_deaf])
        if is_deaf and not is_asked:
            log.error("nobody can be heard any more: channels=%s; python bot.py doctor says why", self._accounts)
        log.info("stopped owner=%s", self.owner)
        return 0 if is_asked else 1

    async def deliver(self) -> int:
        """Send what waits now, then end; how many messages were settled."""
        sent = 0
        for each in self.deliveries:
            sent += await each.drain()
            await each.channel.close()
        return sent

    def wake_deliveries(self) -> None:
        """Something may wait in the outbox."""
        for each in self.deliveries:
            each.wake()

    def saying(self, address: Address, is_group: bool) -> Saying | None:
        """Who can say an answer at once in that chat."""
        for each in self.deliveries:
            if (each.channel.name, each.channel.account) == (address.channel, address.account):
                return each.saying(address.chat, is_group)
        return None

    def link(self, code: str) -> str:
        """Opens the talk with one of our bots, with that code."""
        return next(filter(None, (each.link(code) for each in self.channels)), "")

    def bots(self) -> list[Bot]:
        """Those of our bots that have room for so many people only, and that one looks for by name."""
        known = [(each.name, each.account) for each in self.channels if each.name in self.office.plans]
        return [Bot(channel, account, self._names.get((channel, account), "")) for channel, account in known]

    async def fetch(self, address: Address, file: str, most_bytes: int) -> bytes | FileTrouble:
        """A file that was sent from that address."""
        for channel in self.channels:
            if (channel.name, channel.account) == (address.channel, address.account):
                try:
                    return await channel.fetch(file, most_bytes)
                except FetchFailed as error:
                    return error.trouble
        return FileTrouble.AWAY

    def eyes(self, data_dir: Path, beat: Callable[[], Awaitable[bool]] | None) -> Eyes:
        """What a watch over this house can see."""

        def ears() -> list[Ear]:
            return [each.ear for each in self.channels]

        def ticked_ago() -> float | None:
            return None if self.tick.ran_at is None else time.monotonic() - self.tick.ran_at

        return Eyes(platform.node(), ears, ticked_ago, lambda: free_bytes(data_dir), beat)

    @property
    def _accounts(self) -> str:
        return ",".join(f"{each.name}:{each.account}" for each in self.channels)

    async def _stop(self, working: Iterable[asyncio.Task[Any]]) -> None:
        """Nothing more is heard; now nothing more is done, and what is being sent is sent to its end."""
        await self.tick.stop()
        await _cancelled(working)
        for channel in self.channels:
            await channel.close()

    async def _introduce(self) -> None:
        """Links and invites need the bots' names also in a process that neither polls nor is written to."""
        while True:
            for each in self.channels:
                with suppress(SendingFailed):
                    self._names[each.name, each.account] = await each.introduce()
            if len(self._names) == len(self.channels):
                return
            await asyncio.sleep(INTRODUCE_SECONDS)

    async def _listen(self, channel: Channel, hear: Hear) -> None:
        await self._leased("hear", channel, lambda: channel.listen(hear))

    async def _leased(self, what: str, channel: Channel, work: Work) -> None:
        name = f"{what}:{channel.name}:{channel.account}"
        await while_held(self.db, name, self.owner, self.office.timing.lease_seconds, work)


def free_bytes(folder: Path) -> int | None:
    """How much room is left where the folder is; None if nobody can tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(each, stop)
        except NotImplementedError:  # Windows: the loop cannot, the interpreter can
            signal.signal(each, lambda _number, _frame: loop.call_soon_threadsafe(stop) and None)


async def _cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """End them and wait; what one of them failed with is logged by its kind."""
    running = list(tasks)
    for task in running:
        task.cancel()
    for ended in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(ended, Exception):
            log.error("stopped by error=%s", type(ended).__name__)
