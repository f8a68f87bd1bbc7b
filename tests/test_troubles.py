"""The whole bot while its database is in trouble: what is heard waits, nothing is lost, nothing is done twice."""

import asyncio
import logging
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import make_url, select, text

from domain.messages import plain
from jobs.lease import while_held
from jobs.tick import Tick
from jobs.upkeep import Nightly
from jobs.watch import Eyes, Watch
from storage import connecting
from storage.database import Database
from storage.errors import DatabaseBusy, StorageTrouble
from storage.leases import seconds_left, take_lease
from storage.tables import entries, inbox, outbox
from tests.cast import Stage, stage
from tests.conftest import Postgres

MONTHS = range(1, 10)
SAID = [f"tháng {month} không có gì mới" for month in MONTHS]


@asynccontextmanager
async def at_work(here: Stage) -> AsyncGenerator[None]:
    """The engine and the sender go on by themselves, as in `bot.py run`; the sender under its lease."""
    here.engine.said = here.delivery.wake
    tasks = [
        asyncio.create_task(here.engine.work()),
        asyncio.create_task(while_held(here.db, "send:test:bot", "test", 15, here.delivery.work)),
    ]
    try:
        yield
    finally:
        ended = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert ended == [], "no trouble ends the work"


async def heard_at_last(here: Stage, number: int, words: str) -> int:
    """Offered again and again under the same key, as a platform does; how often it could not be kept."""
    refused = 0
    while True:
        try:
            await here.hear("lan", words, key=f"test:bot:{number}")
        except StorageTrouble:
            refused += 1
            await asyncio.sleep(0.05)
        else:
            return refused


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                if await true():
                    return
            except StorageTrouble:
                pass
            await asyncio.sleep(0.05)


async def all_said(here: Stage) -> None:
    async def is_quiet() -> bool:
        async with here.db.reading() as tx:
            waiting = await tx.execute(select(inbox.c.id).where(inbox.c.state == "waiting"))
            unsaid = await tx.execute(select(outbox.c.id).where(outbox.c.state.in_(("planned", "claimed"))))
            return not waiting.all() and not unsaid.all() and len(here.phone.said) >= len(SAID)

    await until(is_quiet)


async def booked_once_and_answered_once(here: Stage) -> None:
    async with here.db.reading() as tx:
        months = (await tx.execute(select(entries.c.month).order_by(entries.c.number))).scalars().all()
        states = Counter((await tx.execute(select(inbox.c.state))).scalars())
        attempts = (await tx.execute(select(inbox.c.attempts))).scalars().all()
    assert [month.month for month in months if month] == list(MONTHS)
    assert states == {"done": len(SAID)}
    assert set(attempts) == {1}, "a try that the database made fail does not count"
    answers = [words.split(".")[0] for words in heard_by_lan(here)]
    assert len(answers) == len(set(answers)) == len(SAID)


def heard_by_lan(here: Stage) -> list[str]:
    return [plain(message.lines) for chat, message in here.phone.said if chat == "lan"]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGQUIT], ids=["in good order", "without a good-bye"])
async def test_the_server_is_restarted_in_the_middle(
    postgres: Postgres, caplog: pytest.LogCaptureFixture, by: signal.Signals
) -> None:
    name = postgres.create()
    db = await Database.open(postgres.url(name))
    async with stage(db) as here, at_work(here):
        for number, words in enumerate(SAID):
            await heard_at_last(here, number, words)
            if number == len(SAID) // 2:
                await asyncio.to_thread(postgres.restart, by=by)
        await all_said(here)
        await booked_once_and_answered_once(here)
    await db.close()
    postgres.drop(name)
    waits = [line for line in caplog.messages if "waits for the database" in line]
    assert waits, "the log says so"
    assert len(waits) <= 6, "and does not go on saying so"


async def test_the_database_lets_nobody_in_for_a_while(postgres: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    name = postgres.create()
    db = await Database.open(postgres.url(name))
    async with stage(db) as here, at_work(here):
        watch = Watch(db, here.office, lambda: here.clock[0], Eyes("m", list, lambda: 0.0, lambda: 10**12))
        for number, words in enumerate(SAID):
            offered = asyncio.create_task(heard_at_last(here, number, words))
            if number == len(SAID) // 2:
                postgres.server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
                postgres.server.psql(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';"  # noqa: S608 - our own word
                )
                await until(lambda: _true(caplog.text.count("waits for the database") >= 2))
                await watch.look()
                assert "watch waits for the database error=DatabaseAway" in caplog.text
                postgres.server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true;")
            await offered
        await all_said(here)
        await booked_once_and_answered_once(here)
    await db.close()
    postgres.drop(name)


async def test_somebody_else_takes_all_connections(postgres: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    name = postgres.create()
    role = f"bot_{name}"
    postgres.server.psql(f"CREATE ROLE {role} LOGIN; GRANT pg_read_all_data, pg_write_all_data TO {role};")
    url = make_url(postgres.url(name)).set(username=role)
    db = await Database.open(url.render_as_string())
    async with stage(db) as here, at_work(here):
        for number, words in enumerate(SAID):
            offered = asyncio.create_task(heard_at_last(here, number, words))
            if number == len(SAID) // 2:
                await all_connections_taken(postgres, role)
                await until(lambda: _true(caplog.text.count("no connection left for us") >= 2))
                postgres.server.psql(f"ALTER ROLE {role} CONNECTION LIMIT -1;")
            await offered
        await all_said(here)
        await booked_once_and_answered_once(here)
    await db.close()
    postgres.drop(name)
    postgres.server.psql(f"DROP ROLE {role};")


async def _true(value: bool) -> bool:
    return value


async def all_connections_taken(postgres: Postgres, role: str) -> None:
    """As when somebody else has them: ours are ended, and there are no new ones."""
    postgres.server.psql(f"ALTER ROLE {role} CONNECTION LIMIT 0;")
    ours = f"usename = '{role}'"
    postgres.server.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours};")  # noqa: S608 - our own word


async def test_a_file_locked_by_somebody_else_for_long(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not database_url.startswith("sqlite"):
        return
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.2)
    db = await Database.open(database_url)
    async with stage(db) as here, at_work(here):
        for number, words in enumerate(SAID[:-1]):
            await heard_at_last(here, number, words)
        other = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            await here.hear("lan", SAID[-1], key="test:bot:99")
        offered = asyncio.create_task(heard_at_last(here, len(SAID) - 1, SAID[-1]))
        await until(lambda: _true("delivery waits" in caplog.text and "engine waits" in caplog.text))
        other.execute("ROLLBACK")
        other.close()
        await offered
        await all_said(here)
        await booked_once_and_answered_once(here)
    await db.close()


@asynccontextmanager
async def whole_house_at_work(here: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[None]:
    """Everything that goes on by itself, looking twenty times a second where it would look every second or minute."""
    for name in (
        *("handlers.turn.AFTER_TROUBLE_SECONDS", "jobs.delivery.AFTER_FAULT_SECONDS", "jobs.lease.ASK_AGAIN_SECONDS"),
        *("jobs.watch.EVERY_SECONDS", "jobs.upkeep.EVERY_SECONDS"),
    ):
        monkeypatch.setattr(name, 0.05)
    tick = Tick(here.db, here.office, lambda: here.clock[0], here.delivery.wake)
    watch = Watch(here.db, here.office, lambda: here.clock[0], Eyes("m", list, lambda: 0.0, lambda: 10**12))
    nightly = Nightly(here.db, here.office, lambda: here.clock[0], "test", None)

    async def beating() -> None:
        while True:
            here.clock[0] += timedelta(minutes=11)
            await tick.run()
            await asyncio.sleep(0.05)

    async with at_work(here):
        tasks = [asyncio.create_task(work) for work in (beating(), watch.work(), nightly.work())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("trouble", ["full", "locked"])
async def test_a_trouble_that_lasts_is_told_of_once_when_it_begins_and_once_when_it_is_over(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    if not database_url.startswith("sqlite"):
        return
    caplog.set_level(logging.INFO, logger="ketnap")
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("storage.troubles.CALM_SECONDS", 5)
    db = await Database.open(database_url)
    async with stage(db) as here:
        here.clock[0] = here.clock[0].replace(day=23, hour=1, minute=30)
        for number, words in enumerate(SAID):
            await heard_at_last(here, number, words)
        begin, end = full_disk(db) if trouble == "full" else lock(database_url)
        await begin()
        async with whole_house_at_work(here, monkeypatch):
            await asyncio.sleep(4)
            during = Counter(line for line in caplog.messages if "waits for the database" in line)
            await end()
            await all_said(here)
            await until(lambda: _true("upkeep forgotten" in caplog.text))
            await until(lambda: _true(all(told(caplog, f"{who} goes on") == 1 for who in parts_in(during))))
        await booked_once_and_answered_once(here)
    await db.close()
    assert during and max(during.values()) == 1, during
    for who in parts_in(during):
        assert told(caplog, f"{who} waits") == told(caplog, f"{who} goes on") == 1, who
    others = Counter(line for line in caplog.messages if "failed" in line)
    assert not others, others


def told(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return sum(line.startswith(words) for line in caplog.messages)


def parts_in(lines: Iterable[str]) -> set[str]:
    return {line.split(" waits")[0] for line in lines} - {"lease"}


Step = Callable[[], Awaitable[None]]


def full_disk(db: Database) -> tuple[Step, Step]:
    """As when there is no room for one page more; what the bot writes into pages that it has goes on for a while."""

    async def begin() -> None:
        await db.write(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count = 1"))

    async def end() -> None:
        async def is_done() -> bool:
            await db.write(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count = 4294967294"))
            return True

        # What is written together with it may still find the disk full.
        await until(is_done)

    return begin, end


def lock(url: str) -> tuple[Step, Step]:
    other = sqlite3.connect(make_url(url).database or "", isolation_level=None)

    async def begin() -> None:
        other.execute("BEGIN IMMEDIATE")

    async def end() -> None:
        other.execute("ROLLBACK")
        other.close()

    return begin, end


async def test_a_process_stopped_in_the_middle_of_a_transaction_holds_up_nobody_for_long(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "IDLE_SECONDS", 0.3)
    name = postgres.create()
    stopped = connecting.new_engine(postgres.url(name))
    db = await Database.open(postgres.url(name))
    assert await take_lease(db, "send:x", "stopped", 0)
    async with stopped.connect() as tx:
        await tx.execute(text("UPDATE leases SET lease_until = lease_until"))
        assert await seconds_left(db, "send:x", "other") == 0
        assert await take_lease(db, "send:x", "other", 15), "not after a time-out of our own: its locks are gone"
        await tx.invalidate()
    await stopped.dispose()
    await db.close()
    postgres.drop(name)
