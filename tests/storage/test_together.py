"""Writes that wait at the same time share one commit, and reads of a turn share one view."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.refusals import Conflict
from storage.database import Database
from storage.tables import sheets
from tests.storage.small_office import NOW

SHEET: dict[str, Any] = {"figures": [], "made_at": NOW}


def keep(code: str) -> Callable[[Connection], object]:
    return lambda tx: tx.execute(insert(sheets).values(code=code, **SHEET))


async def codes(db: Database) -> list[str]:
    async def look(tx: AsyncConnection) -> list[str]:
        return list((await tx.execute(select(sheets.c.code).order_by(sheets.c.code))).scalars())

    return await db.read(look)


async def test_a_write_that_fails_takes_nothing_of_the_others_with_it(database: Database) -> None:
    blocked = threading.Event()

    def hold(tx: Connection) -> None:
        """The others gather behind this one."""
        blocked.wait(5)

    def broken(tx: Connection) -> None:
        tx.execute(insert(sheets).values(code="broken", **SHEET))
        raise LookupError

    writes: list[Callable[[Connection], object]]
    writes = [*([hold] if database.is_sqlite else []), keep("a"), keep("a"), broken, keep("b")]
    under_way = [asyncio.create_task(database.write(one)) for one in writes]
    await asyncio.sleep(0)
    blocked.set()
    results = await asyncio.gather(*under_way, return_exceptions=True)

    kinds = [type(one) for one in results if isinstance(one, BaseException)]
    assert kinds == [Conflict, LookupError]
    assert await codes(database) == ["a", "b"]


async def test_many_writes_at_once_are_all_kept(database: Database) -> None:
    await asyncio.gather(*(database.write(keep(f"{n:03}")) for n in range(100)))
    assert len(await codes(database)) == 100


async def test_a_write_that_waits_for_another_process_holds_up_nobody(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("one writes at a time")
    await database.write(keep("a"))
    other = await Database.open(database.url)
    change = update(sheets).where(sheets.c.code == "a").values(figures=[])
    waits: list[asyncio.Task[object]] = []

    def alter(tx: Connection) -> object:
        return tx.execute(change)

    def alter_until_the_others_came(tx: Connection) -> None:
        alter(tx)
        while len(waits) < 2 or not waits[1].done():
            tx.exec_driver_sql("SELECT pg_sleep(0.01)")

    holding = asyncio.create_task(other.write(alter_until_the_others_came))
    await asyncio.sleep(0.1)
    waits += [asyncio.create_task(database.write(one)) for one in (alter, keep("b"))]
    await asyncio.wait_for(asyncio.gather(holding, *waits), 3)
    assert await codes(database) == ["a", "b"]
    await other.close()


async def test_a_write_given_up_before_it_began_is_not_written(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("only there do writes wait for one another")
    blocked = threading.Event()
    first = asyncio.create_task(database.write(lambda tx: blocked.wait(5)))
    given_up = asyncio.create_task(database.write(keep("late")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    blocked.set()
    await asyncio.gather(first, given_up, return_exceptions=True)

    assert await codes(database) == []


async def test_what_is_read_in_one_visit_is_one_view(database: Database) -> None:
    async def look(tx: AsyncConnection) -> tuple[int | None, int | None]:
        before = await tx.scalar(select(func.count()).select_from(sheets))
        return before, await tx.scalar(select(func.count()).select_from(sheets))

    assert await database.read(look) == (0, 0)


async def test_a_visit_that_waits_for_something_else_is_refused(database: Database) -> None:
    async def wait(tx: AsyncConnection) -> None:
        await asyncio.sleep(0)

    if database.is_sqlite:
        with pytest.raises(RuntimeError, match="look-ups only"):
            await database.read(wait)
