"""The engine: takes what was heard from its lane, has it understood and decided, and writes the outcome at once."""

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.budget import Bot
from domain.changes import Outcome
from domain.intents import Intent, Wish
from domain.messages import Address, FileTrouble, Incoming
from domain.office import Office
from domain.refusals import Conflict
from handlers.answering import answer
from handlers.scene import Scene
from handlers.workbooks import Fetch, Wanted, Workbooks
from language import wording
from storage.apply import AlreadyDone, apply
from storage.asking import Saying
from storage.database import Database, Reading
from storage.errors import StorageTrouble
from storage.inbox import (
    Claim,
    Item,
    Lane,
    Room,
    accept,
    accept_and_claim,
    claim_lanes,
    fail_item,
    give_back,
    keep_lane,
    next_item,
)
from storage.read import people
from storage.read.people import Contact
from storage.troubles import Troubles, places_of

log = logging.getLogger("ketnap.turn")

TRIES_ON_CONFLICT = 3
TRIES_PER_ITEM = 3
IDLE_SECONDS = 1.0
AFTER_TROUBLE_SECONDS = 1.0
STOP_SECONDS = 10.0
LANES_AT_ONCE = 16
PATIENCE_SECONDS = 0.25
"""So long most of the lanes must be at work before others are claimed beside them."""

ITEMS_AT_ONCE = 20
"""Then a lane goes back, so that a chat with thousands of messages leaves the others their turn."""


class TooOftenTried(Exception):
    """Every try at this message ended without a trace, as when it brings the process down."""


async def _no_files(address: Address, file: str) -> FileTrouble:
    return FileTrouble.GONE


@dataclass(slots=True)
class Engine:
    """Works through the lanes: one chat at a time, chats in parallel.

    `fingerprint`, `link` and `bots` are as in `Scene`; `saying` knows who can say an answer at once in a chat, and
    `said` is called when something else may wait in the outbox. `fetch` gets a file that was sent. `turns` counts what
    became of them, to be shown.
    """

    db: Database
    office: Office
    now: Callable[[], datetime]
    owner: str
    fingerprint: Callable[[str], str] = field(default=str)
    link: Callable[[str], str] = field(default=lambda code: "")
    bots: Callable[[], Sequence[Bot]] = field(default=lambda: ())
    saying: Callable[[Address, bool], Saying | None] = field(default=lambda address, is_group: None)
    said: Callable[[], None] = field(default=lambda: None)
    fetch: Fetch = field(default=_no_files)
    turns: Counter[str] = field(default_factory=Counter[str])
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _is_at_work: bool = field(default=False, init=False)
    _is_stopping: bool = field(default=False, init=False)
    _more_may_wait: bool = field(default=True, init=False)
    _keeping: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]], init=False)
    _going: set[asyncio.Task[int]] = field(default_factory=set[asyncio.Task[int]], init=False)
    _troubles: list[BaseException] = field(default_factory=list[BaseException], init=False)
    _handled: int = field(default=0, init=False)
    _owed: dict[int, int] = field(default_factory=dict[int, int], init=False)

    async def keep(self, heard: Sequence[Incoming]) -> None:
        """Keep what was heard, durably. As far as there is room its lanes are claimed in the same commit and begun."""
        # On its own, so that a cancellation never cuts through a claim.
        keeping = asyncio.create_task(self._keep(heard))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        await asyncio.shield(keeping)

    async def work(self) -> None:
        """Until cancelled; turns that have begun are still finished, and their lanes given back.

        While the database is locked, full or away, what was heard waits there.
        """
        self._is_at_work, self._is_stopping = True, False
        # On its own, so that a cancellation never cuts through a claim or a turn.
        going = asyncio.create_task(self._go_on())
        try:
            await asyncio.shield(going)
        finally:
            self._is_at_work, self._is_stopping = False, True
            self._woken.set()
            await asyncio.wait([going, *self._keeping], timeout=STOP_SECONDS)
            if self._going:
                await asyncio.wait(self._going, timeout=STOP_SECONDS)
            left = (going, *self._keeping, *self._going)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            with suppress(StorageTrouble):
                await self._give_back()

    async def drain(self) -> int:
        """Everything that waits now; how many items were handled. A lane that waits for a file holds up no other."""
        self._more_may_wait = True
        return await self._drain()

    async def _go_on(self) -> None:
        troubles = Troubles(log, "engine")
        while not self._is_stopping:
            try:
                handled = await self._drain()
            except StorageTrouble as error:
                troubles.meet(error)
                await asyncio.sleep(AFTER_TROUBLE_SECONDS)
                self._more_may_wait = True
                continue
            troubles.is_well()
            if handled == 0 and not self._is_stopping and not await self._is_woken(IDLE_SECONDS):
                # Somebody else may have heard something, or have left something undone.
                self._more_may_wait = True

    async def _drain(self) -> int:
        await self._give_back()
        while True:
            # Before looking, so that nothing is missed that is heard while we look.
            self._woken.clear()
            room = self._room
            if self._more_may_wait and room.lanes > 0:
                # Before looking, as above: what is kept without room for it meanwhile is looked for again.
                self._more_may_wait = False
                claims = await claim_lanes(self.db, room)
                self._more_may_wait |= len(claims) == room.lanes
                self._begin(claims)
            if self._troubles:
                raise self._troubles.pop()
            if not self._going:
                handled, self._handled = self._handled, 0
                return handled
            await self._is_woken(PATIENCE_SECONDS)

    async def _keep(self, heard: Sequence[Incoming]) -> None:
        room = self._room
        if not self._is_at_work or room.lanes <= 0:
            await accept(self.db, heard, self.now(), counted=self.office.plans)
            self._more_may_wait = True
        else:
            claims = await accept_and_claim(self.db, heard, self.now(), room, counted=self.office.plans)
            self._more_may_wait |= len(claims) == room.lanes
            self._begin(claims)
        self._woken.set()

    @property
    def _room(self) -> Room:
        lanes = 0 if self._is_stopping else LANES_AT_ONCE - len(self._going)
        return Room(self.owner, lanes, self.office.timing.lease_seconds)

    async def _is_woken(self, seconds: float) -> bool:
        # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes together with the news.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._woken.wait()
        return False

    def _begin(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            lane = asyncio.create_task(self._lane(claim))
            self._going.add(lane)
            lane.add_done_callback(self._ended)

    def _ended(self, lane: asyncio.Task[int]) -> None:
        self._going.discard(lane)
        if lane.cancelled():
            return
        if (error := lane.exception()) is not None:
            self._troubles.append(error)
        else:
            self._handled += lane.result()
        is_half_free = len(self._going) <= LANES_AT_ONCE // 2
        if error is not None or not self._going or (self._more_may_wait and is_half_free):
            self._woken.set()

    async def _lane(self, claim: Claim) -> int:
        handled, item = 0, claim.item
        lane = Lane(claim.contact_id, self.owner, self.office.timing.lease_seconds)
        try:
            if item is None:
                await next_item(self.db, replace(lane, is_last=True))
            while item is not None:
                handled += 1
                is_last = handled >= ITEMS_AT_ONCE or self._is_stopping
                item = await self._react(item, replace(lane, is_last=is_last))
                self._more_may_wait |= is_last
        except StorageTrouble:
            # Neither the message nor we are at fault: the try does not count, and the message keeps its turn.
            self._owed[claim.contact_id] = item.id if item is not None else 0
            raise
        return handled

    async def _give_back(self) -> None:
        """What could not be given back while the database was in trouble."""
        for contact_id, item_id in tuple(self._owed.items()):
            await give_back(self.db, contact_id, item_id, self.owner)
            del self._owed[contact_id]

    async def _react(self, item: Item, lane: Lane) -> Item | None:
        """Do what this item asks for; the next one of its lane."""
        began = time.monotonic()
        try:
            if item.attempts > TRIES_PER_ITEM:
                raise TooOftenTried
            about, following = await self._decide_and_write(item, lane)
        except StorageTrouble:
            raise
        except Exception as error:  # noqa: BLE001 - a bug must not stop the lane: it gets a reference, the person gets it too
            reference = secrets.token_hex(2)
            self.turns["failed"] += 1
            log.error(
                "turn failed item=%s reference=%s attempt=%s error=%s at=%s",
                item.id,
                reference,
                item.attempts,
                type(error).__name__,
                places_of(error),
            )
            if item.attempts >= TRIES_PER_ITEM:
                await fail_item(
                    self.db,
                    item.id,
                    reference,
                    wording.failed(reference),
                    self.now(),
                    question_hours=self.office.retention.question_hours,
                )
                self.said()
            return await next_item(self.db, lane)
        self.turns["done"] += 1
        channel = item.incoming.address.channel
        log.info("turn channel=%s item=%s %s ms=%d", channel, item.id, about, (time.monotonic() - began) * 1000)
        return following

    async def _decide_and_write(self, item: Item, lane: Lane) -> tuple[str, Item | None]:
        """What to say of it in the log, and the next item of its lane."""
        workbooks = Workbooks(self.db, self.fetch)
        conflicts = 0
        while True:
            try:
                contact, version, intent, outcome = await self.db.read(lambda tx: self._decide(tx, item, workbooks))
            except Wanted as wanted:
                async with self._lane_kept(item.contact_id):
                    await wanted.errand()
                continue
            saying = self.saying(item.incoming.address, item.incoming.is_group)
            try:
                applied = await apply(
                    self.db,
                    outcome=outcome,
                    item_id=item.id,
                    contact_id=contact.id,
                    person_id=contact.person_id,
                    now=self.now(),
                    counts_by=self.office.counts_by,
                    question_hours=self.office.retention.question_hours,
                    person_version=version,
                    lane=lane,
                    saying=saying,
                )
            except AlreadyDone:
                # Our lease had run out, and whoever took the lane over has finished it.
                return "already done", await next_item(self.db, lane)
            except Conflict:
                conflicts += 1
                if conflicts == TRIES_ON_CONFLICT:
                    raise
                workbooks.forget_counts()
                continue
            if saying is not None and applied.answer is not None:
                await saying.take(applied.answer)
            else:
                self.said()
            about = f"person={contact.person_id or '-'} intent={intent} changes={len(outcome.changes)}"
            return about, applied.following

    @asynccontextmanager
    async def _lane_kept(self, contact_id: int) -> AsyncGenerator[None]:
        """The lane stays ours while something takes longer than its lease."""
        lease = self.office.timing.lease_seconds

        async def keep() -> None:
            while True:
                await asyncio.sleep(lease / 3)
                await keep_lane(self.db, contact_id, self.owner, lease)

        keeping = asyncio.create_task(keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _decide(self, tx: Reading, item: Item, workbooks: Workbooks) -> tuple[Contact, int | None, str, Outcome]:
        """All that is looked up, understood and decided, and the version of the person on which it was."""
        contact = await people.contact(tx, item.contact_id)
        assert contact is not None
        person = await people.person(tx, contact.person_id) if contact.person_id else None
        scene = Scene(
            tx=tx,
            now=self.now(),
            office=self.office,
            contact=contact,
            person=person,
            item=item,
            wish=Wish(Intent.OUT_OF_SCOPE),
            text=item.incoming.text,
            question=None,
            fingerprint=self.fingerprint,
            link=self.link,
            bots=self.bots,
            workbooks=workbooks,
        )
        return contact, person.version if person else None, *await answer(scene)
