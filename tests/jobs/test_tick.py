import asyncio
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import func, select

from domain.calendar import ZONE
from jobs.tick import Tick
from storage.database import Database
from storage.tables import outbox
from tests.cast import stage

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


async def planned(db: Database) -> int:
    async with db.reading() as tx:
        return await tx.scalar(select(func.count()).select_from(outbox)) or 0


async def test_a_hundred_ticks_at_one_moment_plan_each_letter_once_and_always_wake_the_senders(
    database: Database,
) -> None:
    woken: list[bool] = []
    async with stage(database) as here:
        tick = Tick(database, here.office, lambda: MONDAY, lambda: woken.append(True))
        for _ in range(100):
            await tick.run()

        assert await planned(database) == 2
        assert len(woken) == 100


async def test_the_digest_is_planned_by_the_first_tick_after_it_falls_due(database: Database) -> None:
    async with stage(database) as here:
        now = [MONDAY - timedelta(seconds=10)]
        tick = Tick(database, here.office, lambda: now[0], lambda: None)
        await tick.run()
        assert await planned(database) == 0
        now[0] = MONDAY + timedelta(seconds=10)
        await tick.run()
        assert await planned(database) == 2


async def test_a_tick_that_fails_does_not_stop_the_next_one(database: Database) -> None:
    async with stage(database) as here:
        is_broken = [True]

        def now() -> datetime:
            if is_broken[0]:
                raise RuntimeError("a clock that fails")
            return MONDAY

        tick = Tick(database, here.office, now, lambda: None)
        await tick.run()
        is_broken[0] = False
        await tick.run()

        assert await planned(database) == 2


async def test_it_beats_by_itself_as_one_job_that_forgives_a_late_start(database: Database) -> None:
    async with stage(database) as here:
        woken = asyncio.Event()
        tick = Tick(database, here.office, lambda: MONDAY, woken.set)
        tick.start()
        try:
            await asyncio.wait_for(woken.wait(), 60)
            scheduler: AsyncIOScheduler = tick._scheduler
            [job] = scheduler.get_jobs()
            assert (job.id, job.coalesce, job.max_instances) == ("tick", True, 1)
            assert job.misfire_grace_time >= 60
            assert job.trigger.interval == timedelta(seconds=20)
        finally:
            await tick.stop()
        assert await planned(database) == 2
