"""The heartbeat: every 20 seconds it asks what is due at this office time, plans it and wakes the senders."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED  # pyright: ignore[reportMissingTypeStubs] - it has no types
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs] - it has no types

from domain.calendar import ZONE
from domain.office import Office
from domain.reminders import next_due
from jobs import planning, requests
from jobs.budget import Budgets
from storage.database import Database
from storage.troubles import Troubles

EVERY_SECONDS = 20
# A tick that comes late is still wanted: it decides from the clock, not from when it was meant to run.
MISFIRE_GRACE_SECONDS = 3600
# What is due changes by the hour, not by the second; a moved clock or a new day asks at once.
PLAN_AGAIN_AFTER = timedelta(minutes=10)
WAIT_FOR_PLAN_SECONDS = 3 * EVERY_SECONDS

log = logging.getLogger("ketnap.tick")


class Tick:
    """Runs at most once at a time, whoever calls it. `wake` tells the senders that letters may be waiting.

    `missed` and `ran_at` (when a tick last came to its end, as `time.monotonic` counts) are there to be shown.
    """

    def __init__(
        self,
        db: Database,
        office: Office,
        now: Callable[[], datetime],
        wake: Callable[[], None],
        budgets: Budgets | None = None,
    ) -> None:
        self.missed = 0
        self.ran_at: float | None = None
        self._db = db
        self._office = office
        self._now = now
        self._wake = wake
        self._budgets = budgets or Budgets(db, office, now)
        self._running = asyncio.Lock()
        self._planned_at: datetime | None = None
        self._plan_again_at = self._next_due = datetime.min.replace(tzinfo=ZONE)
        self._behind_since: float | None = None
        self._scheduler: Any = None
        self._is_late = False
        self._troubles = Troubles(log, "tick")

    def start(self) -> None:
        """From now on, every 20 seconds; needs a running loop."""
        scheduler: Any = AsyncIOScheduler(timezone=ZONE)
        scheduler.add_listener(self._count_missed, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        scheduler.add_job(
            self.run,
            "interval",
            seconds=EVERY_SECONDS,
            id="tick",
            replace_existing=True,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=MISFIRE_GRACE_SECONDS,
            next_run_time=datetime.now(ZONE),
        )
        scheduler.start()
        self._scheduler = scheduler

    async def stop(self) -> None:
        """No further tick; one that runs is waited for: shutting the scheduler down would cut it off."""
        if self._scheduler is None:
            return
        self._scheduler.pause()
        async with self._running:
            self._scheduler.shutdown(wait=False)
        self._scheduler = None

    async def run(self) -> None:
        """One tick. A bug in it is logged under a reference; the next tick comes all the same."""
        async with self._running:
            started = time.monotonic()
            try:
                planned = await self._plan()
            except Exception as error:  # noqa: BLE001 - a bug or a locked database must not stop the heart
                self._troubles.meet(error)
                return
        self.ran_at = time.monotonic()
        self._troubles.is_well()
        if self._is_late:
            self._is_late = False
            log.info("tick in time again missed=%d", self.missed)
        if planned:
            log.info("tick planned=%d ms=%d", planned, (time.monotonic() - started) * 1000)
        self._wake()

    async def _plan(self) -> int:
        await self._budgets.look()
        now = self._now()
        if self._planned_at is not None and self._planned_at <= now < self._plan_again_at:
            return 0
        letters = await planning.plan(self._db, self._office, now)
        await requests.tell_expired(self._db, self._office, now)
        self._planned_at, self._next_due = now, next_due(self._office, now)
        self._plan_again_at = min(now + PLAN_AGAIN_AFTER, self._next_due)
        self._behind_since = None
        return sum(letter.is_new for letter in letters)

    def is_behind(self) -> bool:
        """Whether something has only just fallen due and is not planned yet.

        Until then no letter goes out, so that all letters of a morning are one message. Planning that fails does not
        hold letters up for ever.
        """
        now = self._now()
        if self._planned_at is not None and self._planned_at <= now < self._next_due:
            return False
        clock = time.monotonic()
        if self._behind_since is None:
            self._behind_since = clock
        return clock - self._behind_since < WAIT_FOR_PLAN_SECONDS

    def _count_missed(self, _: object) -> None:
        self.missed += 1
        if not self._is_late:
            log.warning("tick missed count=%d", self.missed)
        self._is_late = True
