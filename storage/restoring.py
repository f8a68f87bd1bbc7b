"""A dump back into an empty database, on either kind, from whatever schema it was taken."""

import asyncio
import gzip
import hashlib
import io
import json
import secrets
from base64 import b64decode
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, make_url, select, text, update

from storage.connecting import new_engine, normal_url
from storage.database import Database
from storage.dump import (
    FORMAT,
    KINDS,
    ROWS_AT_ONCE,
    Column,
    Contents,
    move_durably,
    named_file_troubles,
    sequence_of,
    tables_of,
    write_dump,
)
from storage.errors import SchemaTooNew, named_troubles
from storage.schema import known_revisions, migrate
from storage.sealed import Damaged, DumpTrouble, SealedReader
from storage.statements import lease_clock
from storage.tables import leases, outbox

_Row = list[Any]


class NotEmpty(DumpTrouble):
    """Something stands there already."""

    def __init__(self) -> None:
        super().__init__("The database there is not empty. A dump is restored into an empty place only.")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of a table; `next_number` is the last number that its sequence gave, if it has one."""

    table: str
    columns: tuple[Column, ...]
    rows: Sequence[_Row]
    last_number: int | None


async def read_contents(file: Path, key: str) -> Contents:
    """What the file holds, after every piece of it was opened and its hash compared."""

    def look() -> Contents:
        with _opened(file, key) as (contents, batches):
            for _ in batches:
                pass
            return contents

    return await asyncio.to_thread(look)


async def restore_dump(url: str, file: Path, key: str, now: datetime | None) -> Contents:
    """Everything back into an empty database, brought to the current schema; or nothing at all.

    With `now` it is a return after a loss: what waited to be said then was perhaps said since, so it is not said again.
    """
    contents = await read_contents(file, key)
    if contents.revision not in known_revisions():
        raise SchemaTooNew
    await _must_be_empty(url)
    place = make_url(normal_url(url))
    if place.get_backend_name() != "sqlite":
        await _fill(url, file, key, contents, now)
        return contents
    # Beside its place until it is whole.
    final = Path(place.database or "")
    part = final.with_name(f"{final.name}.part")
    _remove(part)
    try:
        await _fill(place.set(database=str(part)).render_as_string(hide_password=False), file, key, contents, now)
        with named_file_troubles(final):
            await asyncio.to_thread(move_durably, part, final)
    finally:
        _remove(part)
    return contents


async def move_database(db: Database, url: str, folder: Path, now: datetime) -> Contents:
    """The same into another, empty database, of whichever kind. Nobody may be at work meanwhile."""
    async with db.reading() as tx:
        busy = await tx.scalar(select(leases.c.name).where(leases.c.lease_until > lease_clock(tx)).limit(1))
    if busy is not None:
        raise DumpTrouble("The bot is running on this database. Stop it first, then move.")
    file, key = folder / f".move-{secrets.token_hex(4)}.dump", secrets.token_urlsafe(32)
    try:
        await write_dump(db, file, key, now)
        return await restore_dump(url, file, key, None)
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def _must_be_empty(url: str) -> None:
    place = make_url(normal_url(url))
    if place.get_backend_name() == "sqlite":
        path = Path(place.database or "")
        if await asyncio.to_thread(lambda: path.exists() and path.stat().st_size > 0):
            raise NotEmpty
        return
    there = Database(url)
    try:
        async with there.reading() as tx:
            if await tx.run_sync(lambda connection: sa.inspect(connection).get_table_names()):
                raise NotEmpty
    finally:
        await there.close()


async def _fill(url: str, file: Path, key: str, contents: Contents, now: datetime | None) -> None:
    try:
        await asyncio.to_thread(migrate, url, contents.revision)
        await _load(url, file, key)
        await asyncio.to_thread(migrate, url)
        if now is not None:
            await _leave_unsaid(url, now)
    except BaseException:
        # Half of it would be taken for an office.
        with suppress(Exception):
            await _write(url, _drop_everything)
        raise


async def _load(url: str, file: Path, key: str) -> None:
    with _opened(file, key) as (_, batches):
        engine = new_engine(url)
        try:
            with named_troubles():
                async with engine.begin() as tx:
                    await tx.run_sync(_hold_keys_back)
                    await tx.run_sync(_empty_all)
                    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                        await tx.run_sync(_insert, batch)
                    await tx.run_sync(_check_keys)
        finally:
            await engine.dispose()


def _insert(connection: Connection, batch: _Rows) -> None:
    kinds = {kind: make for _, kind, make in KINDS}
    table = sa.table(batch.table, *(sa.column(each.name, kinds[each.kind]()) for each in batch.columns))
    rows = [
        {column.name: _typed(column.kind, value) for column, value in zip(batch.columns, row, strict=True)}
        for row in batch.rows
    ]
    if rows:
        connection.execute(sa.insert(table), rows)
    if batch.last_number:
        sequence = sequence_of(connection, batch.table, batch.columns[0].name)
        if sequence is not None:
            connection.execute(
                text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": batch.last_number}
            )


def _typed(kind: str, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    match kind:
        case "moment":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "bytes":
            return b64decode(value)
        case _:
            return value


def _hold_keys_back(connection: Connection) -> None:
    """Rows of one table point at each other: their keys are compared once all of them stand there."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    for table, name in _foreign_keys(connection):
        connection.execute(text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED'))


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in _foreign_keys(connection):
        connection.execute(text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{name}" NOT DEFERRABLE'))


def _foreign_keys(connection: Connection) -> list[tuple[str, str]]:
    look = sa.inspect(connection)
    return [(table, str(key["name"])) for table in look.get_table_names() for key in look.get_foreign_keys(table)]


def _empty_all(connection: Connection) -> None:
    """A migration may have put rows of its own there, such as a secret."""
    for table in reversed(tables_of(connection)):
        connection.execute(sa.delete(table))


def _drop_everything(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


async def _leave_unsaid(url: str, now: datetime) -> None:
    """A letter that was due by now may have gone out since; an answer certainly was, or will be asked for again."""

    def write(tx: Connection) -> None:
        is_open = outbox.c.state.in_(("planned", "held", "claimed", "uncertain")) & outbox.c.settled_at.is_(None)
        over = {"reason": "restored", "body": None, "owner": None, "settled_at": now}
        tx.execute(update(outbox).where(is_open, outbox.c.kind == "reply").values(state="cancelled", **over))
        due = (outbox.c.kind == "letter") & (outbox.c.state != "held") & (outbox.c.not_before <= now)
        tx.execute(update(outbox).where(is_open, due).values(state="uncertain", **over))

    await _write(url, write)


async def _write(url: str, fn: Callable[[Connection], None]) -> None:
    engine = new_engine(url)
    try:
        with named_troubles():
            async with engine.begin() as tx:
                await tx.run_sync(fn)
    finally:
        await engine.dispose()


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, key: str) -> Generator[tuple[Contents, Iterator[_Rows]]]:
    with named_file_troubles(path), path.open("rb") as file:
        packed = gzip.GzipFile(fileobj=io.BufferedReader(SealedReader(file, key)))
        try:
            yield _read(packed)
        except (EOFError, gzip.BadGzipFile, ValueError, KeyError, TypeError) as error:
            # Every piece opened with the key, so this program or another of ours wrote it so.
            raise Damaged("it does not read as a dump") from error


def _read(packed: gzip.GzipFile) -> tuple[Contents, Iterator[_Rows]]:
    first = packed.readline()
    head = json.loads(first)
    if head["format"] != FORMAT:
        raise SchemaTooNew
    contents = Contents(head["revision"], datetime.fromisoformat(head["made_at"]), head["rows"])
    return contents, _batches(packed, contents, hashlib.sha256(first))


def _batches(packed: gzip.GzipFile, contents: Contents, seen: Any) -> Iterator[_Rows]:  # noqa: ANN401 - hashlib names no type
    batch: _Rows | None = None
    rows: list[_Row] = []
    counts = dict.fromkeys(contents.rows, 0)
    for content in packed:
        line: Any = json.loads(content)
        is_row = not content.startswith(b"{")
        if is_row:
            rows.append(line)
        if batch is not None and rows and (not is_row or len(rows) == ROWS_AT_ONCE):
            counts[batch.table] += len(rows)
            yield _Rows(batch.table, batch.columns, rows, None)
            rows = []
        if not is_row and "sha256" in line:
            if line["sha256"] != seen.hexdigest() or counts != contents.rows:
                raise Damaged("its rows are not those that were counted")
            return
        if not is_row:
            columns = tuple(Column(name, kind) for name, kind in line["columns"])
            batch = _Rows(line["table"], columns, (), line["last_number"])
            yield batch
        seen.update(content)
    raise Damaged
