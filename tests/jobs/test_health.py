"""What is seen of the bot from outside: alive or not, and why; and figures that name nobody."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date

import httpx
import pytest
from sqlalchemy import update

from domain.budget import BotMonth, Plan
from domain.incidents import IncidentKind, Trouble
from door.app import make_app
from jobs.health import SILENT_SECONDS, Check, Vitals
from jobs.tick import EVERY_SECONDS, Tick
from jobs.watch import tell
from storage.database import Database
from storage.errors import DatabaseAway
from storage.leases import take_lease
from storage.tables import leases
from storage.usage import add_usage
from tests.cast import Stage, stage

HEAR = "hear:test:bot"


@asynccontextmanager
async def process(db: Database, owner: str = "one") -> AsyncGenerator[tuple[Stage, Vitals, Tick]]:
    """The whole bot, having ticked once and heard just now."""
    async with stage(db) as here:
        tick = Tick(db, here.office, here.engine.now, lambda: None)
        await tick.run()
        await take_lease(db, HEAR, owner, 60)
        here.phone.last_contact = time.monotonic()
        yield here, Vitals(db, [here.phone], tick, here.engine.turns, owner, here.engine.now), tick


async def unwell(vitals: Vitals) -> list[Check]:
    return [check for check in await vitals.checks() if not check.is_well]


async def asked(vitals: Vitals, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(make_app(vitals=vitals))
    async with httpx.AsyncClient(base_url="http://door", transport=transport) as client:
        return await client.get(path)


async def test_a_process_at_work_is_well(database: Database) -> None:
    async with process(database) as (_, vitals, _):
        told = await asked(vitals, "/healthz")
    assert told.status_code == 200
    assert list(told.json()["checks"]) == ["database", "tick", "test:bot"]


async def test_a_silent_poller_is_told(database: Database) -> None:
    async with process(database) as (here, vitals, _):
        here.phone.last_contact = time.monotonic() - SILENT_SECONDS - 1
        told = await asked(vitals, "/healthz")
    assert told.status_code == 503
    assert told.json()["checks"]["test:bot"] == {"well": False, "says": "last contact 151 s ago"}


async def test_before_the_first_contact_and_the_first_tick_it_is_not_well(database: Database) -> None:
    async with process(database) as (here, vitals, tick):
        here.phone.last_contact = tick.ran_at = None
        assert [check.reason for check in await unwell(vitals)] == ["none yet", "no contact yet"]


async def test_a_heart_that_stands_still_is_told(database: Database) -> None:
    async with process(database) as (_, vitals, tick):
        tick.ran_at = time.monotonic() - 3 * EVERY_SECONDS - 1
        assert [check.name for check in await unwell(vitals)] == ["tick"]


async def test_while_another_process_listens_this_one_is_well(database: Database) -> None:
    async with process(database) as (here, _, tick):
        here.phone.last_contact = None
        second = Vitals(database, [here.phone], tick, {}, "two", here.engine.now)
        assert await unwell(second) == []
        gone = update(leases).where(leases.c.name == HEAR).values(lease_until=leases.c.lease_until - 3600)
        await database.write(lambda tx: tx.execute(gone))
        assert [check.reason for check in await unwell(second)] == ["nobody listens"]


async def test_without_its_database_it_is_not_well(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with process(database) as (_, vitals, _):

        def away() -> object:
            raise DatabaseAway("The database cannot be reached: postgresql://secret@host")

        monkeypatch.setattr(database, "reading", away)
        told, figures = await asked(vitals, "/healthz"), await asked(vitals, "/metrics")
    assert told.status_code == 503
    assert told.json()["checks"]["database"] == {"well": False, "says": "DatabaseAway"}
    assert 'ketnap_well{check="database"} 0.0' in figures.text
    assert "secret" not in told.text + figures.text


async def test_the_figures_count_what_was_done_and_what_waits(database: Database) -> None:
    async with process(database) as (here, vitals, _):
        await here.says("lan", "tháng này không có ai")
        await here.hear("hung", "chào")
        here.move(minutes=7)
        await tell(database, here.office, here.clock[0], there=[Trouble(IncidentKind.DISK_LOW, "host", 12)])
        told = await asked(vitals, "/metrics")
    rows = [row for row in told.text.splitlines() if not row.startswith("#")]
    assert told.headers["content-type"].startswith("text/plain")
    for row in (
        'ketnap_turns_total{outcome="done"} 1.0',
        "ketnap_inbox_waiting 1.0",
        "ketnap_inbox_oldest_seconds 420.0",
        'ketnap_inbox{state="done"} 1.0',
        'ketnap_outbox{kind="reply",state="sent"} 1.0',
        'ketnap_incidents_open{kind="disk-low"} 1.0',
        "ketnap_ticks_missed_total 0.0",
        'ketnap_well{check="tick"} 1.0',
        'ketnap_lease_held{lease="hear:test:bot"} 1.0',
    ):
        assert row in rows
    assert any(row.startswith('ketnap_contact_age_seconds{account="bot",channel="test"}') for row in rows)


async def test_no_figure_names_anybody(database: Database) -> None:
    async with process(database) as (here, vitals, _):
        await here.says("lan", "kết nạp Nguyễn Hoàng Yến 15/10")
        told = (await asked(vitals, "/metrics")).text + (await asked(vitals, "/healthz")).text
    for word in ("lan", "Lan", "Yến", "B1", "Chi bộ"):
        assert word not in told.replace("planned", "").replace("explanation", "")


async def test_the_months_messages_are_shown_of_bots_whose_platforms_count(database: Database) -> None:
    async with process(database) as (here, _, tick):
        used = BotMonth("test", "bot", date(2026, 11, 1))
        await database.write(lambda tx: add_usage(tx, used, heard=600, said=634))
        vitals = Vitals(database, [here.phone], tick, {}, "one", here.engine.now, {"test": Plan(3000, 50)})
        told = (await asked(vitals, "/metrics")).text.splitlines()
    assert 'ketnap_month_messages{account="bot",channel="test",direction="said"} 634.0' in told
    assert 'ketnap_month_messages_limit{account="bot",channel="test"} 3000.0' in told
    assert 'ketnap_bot_people{account="bot",channel="test"} 6.0' in told
