import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from domain.changes import Looked, Outcome
from domain.refusals import Conflict
from storage import connecting
from storage.database import Database
from storage.errors import DatabaseAway, DatabaseBusy, DiskFull, NotMadeYet
from storage.inbox import Room, accept, claim_lanes
from storage.tables import audit, inbox, outbox, sheets
from tests.storage.small_office import NOW, SmallOffice, incoming, small_office

SHEET: dict[str, Any] = {"figures": [], "made_at": NOW}


async def counted(db: Database) -> int:
    async with db.reading() as tx:
        return len((await tx.execute(select(sheets.c.code))).all())


async def test_a_write_that_fails_at_its_end_leaves_nothing_behind(database: Database) -> None:
    def write(tx: Connection) -> None:
        tx.execute(insert(sheets).values(code="A", **SHEET))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(write)
    assert await counted(database) == 0


async def test_a_value_that_must_be_unique_is_a_conflict_and_other_faults_are_not(database: Database) -> None:
    await database.write(lambda tx: tx.execute(insert(sheets).values(code="A", **SHEET)))
    with pytest.raises(Conflict):
        await database.write(lambda tx: tx.execute(insert(sheets).values(code="A", **SHEET)))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.write(lambda tx: tx.execute(insert(sheets).values(code="B", person_id=77, **SHEET)))
    assert await counted(database) == 1


async def test_a_turn_whose_reply_cannot_be_made_writes_nothing(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await office.hear("một")
    (claim,) = await claim_lanes(office.db, Room("one", 1, 60))
    assert claim.item

    def broken(_written: object) -> Any:
        raise LookupError

    outcome = Outcome(broken, changes=(Looked("list", office.unit["CB1"], 1),))
    with pytest.raises(LookupError):
        await office.turn(outcome, item_id=claim.item.id, contact_id=contact_id)
    async with office.db.reading() as tx:
        assert await tx.scalar(select(inbox.c.state).where(inbox.c.id == claim.item.id)) == "waiting"
        assert not (await tx.execute(select(audit).where(audit.c.what == "looked"))).all()
        assert not (await tx.execute(select(outbox))).all()


async def test_a_database_locked_for_too_long_is_named_and_works_again_afterwards(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.2)
    here, there = await Database.open(database_url), await Database.open(database_url)
    office = await small_office(here)

    engine = connecting.new_engine(database_url)
    async with engine.begin() as tx:
        await tx.execute(text("UPDATE meta SET value = value WHERE name = 'audit_head'"))
        with pytest.raises(DatabaseBusy):
            await office.apply(Looked("list", office.unit["CB1"], 1))
    await engine.dispose()
    await office.apply(Looked("list", office.unit["CB1"], 1))
    async with there.reading() as tx:
        assert len((await tx.execute(select(audit).where(audit.c.what == "looked"))).all()) == 1
    await here.close()
    await there.close()


async def test_a_full_disk_is_named_and_nothing_is_half_written(office: SmallOffice) -> None:
    def fill(tx: Connection) -> None:
        tx.execute(insert(sheets).values(code="A", **SHEET))
        if office.db.is_sqlite:
            tx.exec_driver_sql("PRAGMA max_page_count = 1")
            for n in range(2000):
                tx.execute(insert(sheets).values(code=f"B{n}" + "x" * 500, **SHEET))
        else:
            tx.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$")

    with pytest.raises(DiskFull):
        await office.db.write(fill)
    assert await counted(office.db) == 0


async def test_two_that_wait_for_each_other_both_come_through(database: Database) -> None:
    await database.write(lambda tx: tx.execute(insert(sheets), [{"code": code, **SHEET} for code in "AB"]))
    tries: list[str] = []
    locked: set[str] = set()

    def touch(tx: Connection, first: str, second: str) -> None:
        tries.append(first)
        tx.execute(text("UPDATE sheets SET figures = '[1]' WHERE code = :code"), {"code": first})
        locked.add(first)
        while not database.is_sqlite and len(locked) < 2:
            tx.exec_driver_sql("SELECT pg_sleep(0.01)")
        tx.execute(text("UPDATE sheets SET figures = '[2]' WHERE code = :code"), {"code": second})

    # Within one process writes wait for each other anyway.
    other = await Database.open(database.url)
    await asyncio.gather(database.write(lambda tx: touch(tx, "A", "B")), other.write(lambda tx: touch(tx, "B", "A")))
    await other.close()
    assert len(tries) == 2 if database.is_sqlite else len(tries) > 2


async def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotMadeYet, match="migrate"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'ketnap.db'}")
    with pytest.raises(DatabaseAway):
        await Database.open(f"postgresql+asyncpg://postgres@/ketnap?host={tmp_path}")


async def test_reading_cannot_write_to_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        return
    async with database.reading() as tx:
        with pytest.raises(Exception, match="readonly"):
            await tx.execute(insert(sheets).values(code="A", **SHEET))


async def test_sqlite_stands_as_the_plan_says(database: Database) -> None:
    if not database.is_sqlite:
        return

    def pragmas(tx: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1, 5000]


async def test_other_connections_of_sqlite_see_what_is_committed_at_once(database: Database) -> None:
    if not database.is_sqlite:
        return
    await accept(database, [incoming("một")], NOW)
    path = database.url.removeprefix("sqlite+aiosqlite:///")
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
    other.close()
