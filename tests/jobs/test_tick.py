import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
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


async def test_a_beat_that_comes_while_the_one_before_goes_on_is_counted_and_the_next_one_plans(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(database) as here:
        caplog.set_level(logging.INFO, logger="ketnap")
        woken = asyncio.Event()
        tick = Tick(database, here.office, lambda: MONDAY, woken.set)
        async with tick._running:
            tick.start()
            scheduler: Any = tick._scheduler

            def is_past() -> bool:
                return scheduler.get_job("tick").next_run_time > datetime.now(ZONE)

            try:
                await asyncio.sleep(0.1)
                assert tick.missed == 0 and not woken.is_set(), "the first one waits"
                for _ in range(2):
                    scheduler.modify_job("tick", next_run_time=datetime.now(ZONE))
                    await until(is_past)
                assert tick.missed == 2
                assert [line for line in caplog.messages if line.startswith("tick missed")] == ["tick missed count=1"]
            finally:
                tick._running.release()
                await asyncio.wait_for(woken.wait(), 60)
                await tick.stop()
                await tick._running.acquire()
        assert await planned(database) == 2
        assert [line for line in caplog.messages if "in time again" in line] == ["tick in time again missed=2"]


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():  # noqa: ASYNC110  # the scheduler has no event for it
            await asyncio.sleep(0.01)
