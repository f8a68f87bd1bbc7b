"""The watch over the bot itself: signs of life, incidents, the heartbeat. Apart from the tick, which it watches too."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import letter_time
from domain.incidents import TICK, Ear, IncidentKind, Limits, Observed, Trouble, judge, of_nobody
from domain.office import Office
from language import wording
from storage.database import Database
from storage.errors import StorageTrouble
from storage.incidents import Told, give_signs, settle_incidents
from storage.read.incidents import Queues, Sign, all_signs, oldest, open_incidents
from storage.troubles import Troubles

EVERY_SECONDS = 20.0
BEAT_SECONDS = 300.0
NOT_A_HITCH = 3
"""Looks in a row that could not be written down, until that is a trouble of its own."""

log = logging.getLogger("ketnap.watch")


@dataclass(frozen=True, slots=True)
class Eyes:
    """What only this process can see. `beat` tells the watcher outside; None where there is none."""

    machine: str
    ears: Callable[[], Sequence[Ear]]
    ticked_ago: Callable[[], float | None]
    free_bytes: Callable[[], int | None]
    beat: Callable[[], Awaitable[bool]] | None = None


class Watch:
    """Any process watches over all: what it sees itself, and the signs of the others."""

    def __init__(
        self,
        db: Database,
        office: Office,
        now: Callable[[], datetime],
        eyes: Eyes,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._office = office
        self._now = now
        self._eyes = eyes
        self._limits = limits or Limits()
        self._clock = clock
        self._since = clock()
        self._beat_at: float | None = None
        self._failed_since: datetime | None = None
        self._failures = 0
        self._has_looked = False
        self._troubles = Troubles(log, "watch")

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            await self.try_to_look()
            await asyncio.sleep(EVERY_SECONDS)

    async def try_to_look(self) -> None:
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - whoever watches must not fall with what it watches
            self._troubles.meet(error)

    async def look(self) -> None:
        """One look, and what follows from it. Without a database nothing is told, and no heart beats."""
        now = self._now()
        ears = self._eyes.ears()
        try:
            is_well = await self._look(ears, now)
        except StorageTrouble as error:
            self._failures += 1
            self._failed_since = self._failed_since or now
            self._troubles.meet(error)
            return
        self._failures, self._failed_since = 0, None
        if is_well:
            await self._beat()
        self._troubles.is_well()

    async def _look(self, ears: Sequence[Ear], now: datetime) -> bool:
        free = self._eyes.free_bytes()
        signs = {ear.sign: (ear.silent_seconds, 0.0) for ear in ears if ear.silent_seconds is not None}
        if (ago := self._eyes.ticked_ago()) is not None:
            signs[TICK] = (ago, 0.0)
        if free is not None:
            signs[f"disk:{self._eyes.machine}"] = (0.0, float(free))
        await give_signs(self._db, signs)
        async with self._db.reading() as tx:
            known = await all_signs(tx)
            queues = await oldest(tx, now)
            opened = await open_incidents(tx)
        seen = self._observed(ears, known, queues, free, now)
        verdicts = judge(seen, self._limits)
        there = [each.trouble for each in verdicts if each.is_there]
        over = [(each.trouble.kind, each.trouble.key) for each in verdicts if each.is_there is False]
        if not self._has_looked:
            over += [(each.kind, each.key) for each in of_nobody(opened, [ear.account for ear in ears])]
        is_open = {(each.kind, each.key) for each in opened}
        there = [each for each in there if (each.kind, each.key) not in is_open]
        over = [each for each in over if each in is_open]
        past: list[tuple[Trouble, datetime]] = []
        if self._failed_since is not None and self._failures >= NOT_A_HITCH:
            past = [(Trouble(IncidentKind.DATABASE_TROUBLE), self._failed_since)]
        if there or over or past:
            await tell(self._db, self._office, now, there=there, over=over, past=past)
        self._has_looked = True
        return not there and is_open <= set(over)

    def _observed(
        self, ears: Sequence[Ear], signs: Mapping[str, Sign], queues: Queues, free: int | None, now: datetime
    ) -> Observed:
        return Observed(
            watched_seconds=self._clock() - self._since,
            signs={name: sign.ago for name, sign in signs.items()},
            ears=ears,
            inbox_age=_age(queues.heard_at, now),
            outbox_age=_age(queues.reply_at, now),
            letter_age=_age(queues.letter_at, now) if self._letters_could_go(now) else 0,
            machine=self._eyes.machine,
            free_bytes=free,
        )

    def _letters_could_go(self, now: datetime) -> bool:
        """Letters may go now and could all the while: what waits since Friday evening is not late on Monday morning."""
        before = now - timedelta(seconds=self._limits.letter_seconds)
        return all(letter_time(self._office.calendar, when) == when for when in (before, now))

    async def _beat(self) -> None:
        clock = self._clock()
        if self._eyes.beat is None or (self._beat_at is not None and clock - self._beat_at < BEAT_SECONDS):
            return
        if await self._eyes.beat():
            self._beat_at = clock


async def tell(
    db: Database,
    office: Office,
    now: datetime,
    *,
    there: Sequence[Trouble] = (),
    over: Sequence[tuple[IncidentKind, str]] = (),
    past: Sequence[tuple[Trouble, datetime]] = (),
) -> None:
    """Write down what began and what ended, and tell those who answer for the bot."""
    told = Told(wording.incident, letter_time(office.calendar, now))
    for incident in await settle_incidents(db, now, told, there=there, over=over, past=past):
        verb = "opened" if incident.closed_at is None else "closed"
        log.warning("incident %s id=%d kind=%s key=%s", verb, incident.id, incident.kind, incident.key)


def _age(at: datetime | None, now: datetime) -> float:
    """Never below nothing, however the rehearsal's clock was moved."""
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
