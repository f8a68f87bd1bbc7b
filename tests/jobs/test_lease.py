import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import make_url, select, update

from jobs.lease import while_held
from storage.database import Database
from storage.leases import seconds_left, take_lease
from storage.tables import leases

LONG = 60.0


@dataclass
class Shift:
    """Work that says who is at it, and notes when it was told to end."""

    at_work: list[str] = field(default_factory=list[str])
    began: dict[str, asyncio.Event] = field(default_factory=lambda: {"one": asyncio.Event(), "two": asyncio.Event()})

    def of(self, owner: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def work() -> None:
            self.at_work.append(owner)
            self.began[owner].set()
            try:
                await asyncio.Event().wait()
            finally:
                self.at_work.remove(owner)

        return work


async def lease_ran_out(db: Database) -> None:
    """As if its holder had not renewed it for long."""
    await db.write(lambda tx: tx.execute(update(leases).values(lease_until=leases.c.lease_until - 10 * LONG)))


async def held_until(db: Database) -> float:
    async with db.reading() as tx:
        return float(await tx.scalar(select(leases.c.lease_until)) or 0)


async def ended(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_only_one_process_at_a_time_does_the_work(database: Database) -> None:
    shift = Shift()
    one = asyncio.create_task(while_held(database, "send:x", "one", 6, shift.of("one")))
    await asyncio.wait_for(shift.began["one"].wait(), 30)
    two = asyncio.create_task(while_held(database, "send:x", "two", 6, shift.of("two")))
    first = await held_until(database)
    async with asyncio.timeout(30):
        while await held_until(database) == first:  # noqa: ASYNC110  # what is awaited happens in the database
            await asyncio.sleep(0.1)
    assert shift.at_work == ["one"], "renewed, so nobody else comes in"
    await ended(one, two)
    assert shift.at_work == []


async def test_a_process_that_stops_in_good_order_gives_its_lease_back_at_once(database: Database) -> None:
    shift = Shift()
    one = asyncio.create_task(while_held(database, "send:x", "one", LONG, shift.of("one")))
    await asyncio.wait_for(shift.began["one"].wait(), 30)
    two = asyncio.create_task(while_held(database, "send:x", "two", LONG, shift.of("two")))
    await ended(one)
    # Not only when the lease would have run out.
    await asyncio.wait_for(shift.began["two"].wait(), LONG / 2)
    assert shift.at_work == ["two"]
    await ended(two)


async def test_the_lease_of_a_process_that_died_is_taken_over_when_it_runs_out(database: Database) -> None:
    shift = Shift()
    assert await take_lease(database, "send:x", "killed", LONG)
    two = asyncio.create_task(while_held(database, "send:x", "two", LONG, shift.of("two")))
    await asyncio.sleep(0.1)
    assert shift.at_work == []
    await lease_ran_out(database)
    await asyncio.wait_for(shift.began["two"].wait(), 20)
    await ended(two)


async def test_who_wakes_up_after_its_lease_ran_out_takes_no_further_step(
    database: Database, database_url: str
) -> None:
    steps: list[str] = []
    began = asyncio.Event()
    stalled = False

    async def work() -> None:
        began.set()
        while True:
            await asyncio.sleep(0.01)
            if stalled:
                steps.append("too late")

    async def take() -> None:
        """As another process does, on its own loop, however long it takes."""
        db = await Database.open(database_url)
        while not await take_lease(db, "send:x", "two", LONG):  # noqa: ASYNC110 - the lease runs out by itself
            await asyncio.sleep(0.05)
        await db.close()

    one = asyncio.create_task(while_held(database, "send:x", "one", 0.5, work))
    await asyncio.wait_for(began.wait(), 30)
    stalled = True
    # While it is waited for like this everything on our loop stands still, as when a process is stopped from outside.
    other = threading.Thread(target=lambda: asyncio.run(take()))
    other.start()
    other.join()
    await asyncio.sleep(0.3)
    await ended(one)
    # What was about to run when the process was stopped runs on to its next wait; nothing runs after that.
    assert len(steps) <= 1, "somebody else has the lease"


async def test_a_lease_lost_and_won_again_begins_the_work_anew(database: Database) -> None:
    shift = Shift()
    one = asyncio.create_task(while_held(database, "send:x", "one", 1, shift.of("one")))
    await asyncio.wait_for(shift.began["one"].wait(), 30)
    shift.began["one"].clear()
    await database.write(lambda tx: tx.execute(update(leases).values(owner="two", lease_until=leases.c.lease_until)))
    await asyncio.wait_for(shift.began["one"].wait(), 30)
    await ended(one)
    assert shift.at_work == []


async def test_a_clock_set_back_by_a_year_leaves_no_lease_standing(database: Database) -> None:
    assert await take_lease(database, "send:x", "killed", LONG)
    year = 366 * 86400.0
    await database.write(lambda tx: tx.execute(update(leases).values(lease_until=leases.c.lease_until + year)))
    assert await seconds_left(database, "send:x", "two") == 0
    assert await take_lease(database, "send:x", "two", LONG)


async def test_work_that_ends_by_itself_ends_the_lease_too(database: Database) -> None:
    async def work() -> None:
        return None

    await asyncio.wait_for(while_held(database, "hear:x", "one", 5, work), 60)
    await asyncio.wait_for(while_held(database, "hear:x", "two", 5, work), 60)


async def test_a_lease_that_cannot_be_asked_for_is_told_of_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not database_url.startswith("sqlite"):
        return
    monkeypatch.setattr("storage.connecting.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("jobs.lease.ASK_AGAIN_SECONDS", 0.05)
    caplog.set_level(logging.INFO, logger="ketnap")
    db = await Database.open(database_url)
    other = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()

    asking = asyncio.create_task(while_held(db, "send:x", "one", 15, work))
    await asyncio.sleep(1)
    assert len([line for line in caplog.messages if "name=send:x error=DatabaseBusy" in line]) == 1
    other.execute("ROLLBACK")
    other.close()
    await asyncio.wait_for(asking, 60)
    assert begun.is_set()
    assert caplog.messages.count("lease goes on name=send:x") == 1
    await db.close()
