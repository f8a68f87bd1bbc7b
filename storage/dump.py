"""The dump: everything in one sealed file, table by table, the same for both databases; taken while the bot works.

Inside the seal is gzip, inside that a line for each row: first a head (format, schema, when, how many), then each
table's name and columns followed by its rows, last the hash of all lines before.
"""

import asyncio
import gzip
import hashlib
import json
import os
from base64 import b64encode
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from storage.database import Database
from storage.errors import DatabaseAway, DiskFull, SchemaTooOld
from storage.schema import revision_of
from storage.sealed import SealedWriter
from storage.tables import Moment

FORMAT = 1
ROWS_AT_ONCE = 1000
OF_A_MACHINE = ("alembic_version", "leases", "signs")
"""Of no use anywhere else: who polls and sends now, and when a process last gave a sign of life."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dump holds: schema, moment, rows of each table."""

    revision: str
    made_at: datetime
    rows: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str


async def write_dump(db: Database, file: Path, key: str, now: datetime) -> Contents:
    """The whole database as of one moment; the file is there only once it is whole, and for its owner alone."""
    part = file.with_name(f".{file.name}.part")
    with named_file_troubles(file):
        await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
        try:
            out = await asyncio.to_thread(_Writer, part, key)
            try:
                async with db.snapshot() as tx:
                    contents = await _pour(tx, out, now)
            finally:
                await asyncio.to_thread(out.close)
            await asyncio.to_thread(move_durably, part, file)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
    return contents


async def _pour(tx: AsyncConnection, out: "_Writer", now: datetime) -> Contents:
    revision = await tx.run_sync(revision_of)
    if revision is None:
        raise SchemaTooOld
    tables = await tx.run_sync(tables_of)
    counts = {table.name: await tx.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    contents = Contents(revision, now.astimezone(UTC), counts)
    head = {"format": FORMAT, "revision": revision, "made_at": contents.made_at.isoformat(), "rows": counts}
    await asyncio.to_thread(out.lines, [head])
    for table in tables:
        columns = [Column(column.name, _kind(column.type)) for column in table.columns]
        kinds = [column.kind for column in columns]
        named = [[column.name, column.kind] for column in columns]
        last = await tx.run_sync(_last_number, table)
        await asyncio.to_thread(out.lines, [{"table": table.name, "columns": named, "last_number": last}])
        found = await tx.stream(select(table).order_by(*table.primary_key.columns))
        async for rows in found.partitions(ROWS_AT_ONCE):
            # Packing and sealing take long enough to hold up others.
            await asyncio.to_thread(out.rows, kinds, rows)
    await asyncio.to_thread(out.finish)
    return contents


class _Writer:
    """Lines into gzip into the seal into a file, which is made for its owner alone."""

    def __init__(self, path: Path, key: str) -> None:
        path.unlink(missing_ok=True)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._sealed = SealedWriter(self._file, key)
        self._packed = gzip.GzipFile(fileobj=self._sealed, mode="wb", compresslevel=6, mtime=0)
        self._hash = hashlib.sha256()

    def lines(self, values: Sequence[object]) -> None:
        content = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()
        self._hash.update(content)
        self._packed.write(content)

    def rows(self, kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.lines([[_plain(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows])

    def finish(self) -> None:
        self.lines([{"sha256": self._hash.hexdigest()}])
        self._packed.close()
        self._sealed.close()
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Whatever was not finished stays without its end, and does not open."""
        self._file.close()


def tables_of(connection: Connection) -> list[Table]:
    """As they stand there, whatever the schema; each after those that it points at."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in OF_A_MACHINE]


def _last_number(connection: Connection, table: Table) -> int | None:
    """The last number that was given, though its row may be gone: old buttons and papers still name it."""
    column = table.autoincrement_column
    if column is None:
        return None
    last = connection.scalar(select(func.max(column))) or 0
    sequence = sequence_of(connection, table.name, column.name)
    if sequence is not None:
        given = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - its own name
        last = max(last, given.last_value if given.is_called else 0)
    return last


def sequence_of(connection: Connection, table: str, column: str) -> str | None:
    if connection.dialect.name == "sqlite":
        return None
    return connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column})


KINDS: tuple[tuple[type[TypeEngine[Any]], str, Callable[[], TypeEngine[Any]]], ...] = (
    (sa.Boolean, "bool", sa.Boolean),
    (sa.DateTime, "moment", Moment),
    (sa.Date, "date", sa.Date),
    (sa.JSON, "json", lambda: sa.JSON(none_as_null=True)),
    (sa.LargeBinary, "bytes", sa.LargeBinary),
    (sa.Integer, "int", sa.BigInteger),
    (sa.Float, "float", sa.Double[float]),
    (sa.String, "text", sa.String),
)


def _kind(type_: TypeEngine[Any]) -> str:
    for is_of, kind, _ in KINDS:
        if isinstance(type_, is_of):
            return kind
    raise TypeError(f"a column of {type_!r} has no place in a dump")


def _plain(kind: str, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    match kind:
        case "moment":
            # SQLite keeps no zone; what stands there was written as UTC.
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case "date":
            return value.isoformat()
        case "bytes":
            return b64encode(value).decode()
        case _:
            return value


def move_durably(part: Path, file: Path) -> None:
    part.replace(file)
    if os.name == "posix":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def named_file_troubles(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"{file}: the disk is full.") from error
        raise DatabaseAway(f"{file}: {error.strerror or type(error).__name__}") from error
