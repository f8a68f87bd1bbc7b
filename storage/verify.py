"""Whether the records are as they were written: the trail's chain, counters, keys, what must be unique, and numbers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, exists, func, inspect, not_, or_, select, text
from sqlalchemy.sql import ColumnElement

from domain.records import EntryState
from storage.audit import first_broken
from storage.counters import differences
from storage.database import Database
from storage.paths import as_ids
from storage.tables import entries, metadata

MOST = 20
"""So many of a kind are named one by one."""


async def flaws(db: Database) -> list[str]:
    """What is not as it must be, one line each, for operators: ids and codes only. As of one moment."""
    async with db.snapshot() as tx:
        return await tx.run_sync(lambda connection: list(_flaws(connection)))


async def broken_trail(db: Database) -> int | None:
    """The first row of the trail that is not as it was written, if there is one."""
    async with db.snapshot() as tx:
        return await tx.run_sync(first_broken)


async def wrong_counters(db: Database) -> int:
    """How many counters are not what the entries come to."""
    async with db.snapshot() as tx:
        return len(await tx.run_sync(differences))


def _flaws(connection: Connection) -> Iterator[str]:
    yield from _file(connection)
    if (row := first_broken(connection)) is not None:
        yield f"audit: row {row} is not as it was written, or a row before it is missing"
    yield from _shortened([_counter(*each) for each in differences(connection).items()], "counters")
    yield from _keys(connection)
    yield from _unique(connection)
    yield from _shortened(list(_entries(connection)), "entries")
    yield from _numbers(connection)


def _file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("PRAGMA quick_check")).scalars().all()
        if list(found) != ["ok"]:
            yield f"database: the file is damaged in {len(found)} places"


def _counter(counter: Any, amounts: tuple[int, int]) -> str:  # noqa: ANN401 - storage.counters.Counter
    kept, counted = amounts
    code = f" {counter.code}" if counter.code else ""
    return (
        f"counters: unit {counter.unit_id} {counter.month:%Y-%m} {counter.fact}{code} is {kept}; its entries: {counted}"
    )


def _keys(connection: Connection) -> Iterator[str]:
    """The database keeps them itself; a file that was worked on with other tools may not have been."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias("target")
            there = exists().where(target.c[key.column.name] == key.parent)
            lost = select(func.count()).select_from(table).where(key.parent.is_not(None), not_(there))
            if count := connection.scalar(lost):
                yield f"keys: {table.name}.{key.parent.name} points at nothing in {count} rows"


def _unique(connection: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if not index.unique:
                continue
            condition = index.dialect_options["postgresql"]["where"]
            columns = list(index.columns)
            known = and_(*(column.is_not(None) for column in columns))
            doubles = (
                select(func.count())
                .select_from(table)
                .where(known, *([condition] if condition is not None else []))
                .group_by(*columns)
                .having(func.count() > 1)
            )
            if count := len(connection.execute(doubles).all()):
                yield f"unique: {count} values of {table.name} stand twice ({', '.join(each.name for each in columns)})"


def _entries(connection: Connection) -> Iterator[str]:
    live, replaced = entries.c.state == EntryState.LIVE.value, entries.c.state == EntryState.REPLACED.value
    successor = entries.alias("successor")
    followed = exists().where(successor.c.number == entries.c.replaced_by, successor.c.replaces == entries.c.number)
    wrong: tuple[tuple[str, ColumnElement[bool]], ...] = (
        ("is live, yet another took its place", and_(live, entries.c.replaced_by.is_not(None))),
        ("was corrected, yet by no entry", and_(replaced, or_(entries.c.replaced_by.is_(None), not_(followed)))),
    )
    for what, condition in wrong:
        for number in connection.execute(
            select(entries.c.number).where(condition).order_by(entries.c.number)
        ).scalars():
            yield f"entries: {number} {what}"
    for row in connection.execute(select(entries.c.number, entries.c.unit_id, entries.c.path).where(live)):
        if as_ids(row.path)[-1:] != (row.unit_id,):
            yield f"entries: {row.number} is counted elsewhere than in its unit {row.unit_id}"


def _numbers(connection: Connection) -> Iterator[str]:
    """PostgreSQL counts apart from the rows: a number that stands there must not be given again."""
    if connection.dialect.name == "sqlite":
        return
    known = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or table.name not in known:
            continue
        asked = {"table": table.name, "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), asked)
        given = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - its own name
        if (connection.scalar(select(func.max(column))) or 0) > (given.last_value if given.is_called else 0):
            yield f"numbers: the next number of {table.name} is taken already"


def _shortened(lines: list[str], kind: str) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"{kind}: and {len(lines) - MOST} more"
