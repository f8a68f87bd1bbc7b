"""The database: reading in one view, writing in one transaction."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    create_engine,
    inspect,
    make_url,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.connecting import NO_HIDDEN_BEGIN, Connections, connected, new_engine, normal_url, prepare_sqlite
from storage.errors import NotMadeYet, SchemaTooNew, SchemaTooOld, named_troubles
from storage.quick import QuickView, quick
from storage.schema import known_revisions, newest_revision, revision_of
from storage.statements import lease_clock
from storage.tables import meta
from storage.writing import Writer, Writers

T = TypeVar("T")
READING_THREADS = 1
"""Python runs one thread at a time: more that read only hand over to each other, which took an eighth of all turns."""

Reading = AsyncConnection
"""A view of the data for look-ups; only `storage.read` asks it anything."""


class Database:
    """An open database. Reads run side by side; writes are whole functions, each in one transaction."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._salt = b""
        self._reader = new_engine(self.url, reads_only=True)
        self._threads = _ReadingThreads(self.url, self._reader) if self.is_sqlite else None
        self._writer = Writer(self.url) if self.is_sqlite else Writers(self._reader)

    @classmethod
    async def open(cls, url: str) -> "Database":
        database = cls(url)
        try:
            database._must_have_place()
            await database._read_salt()
        except BaseException:
            await database.close()
            raise
        return database

    def _must_have_place(self) -> None:
        file = make_url(self.url).database if self.is_sqlite else None
        if file and not (folder := Path(file).parent).exists():
            raise NotMadeYet(str(folder))

    async def close(self) -> None:
        await self._writer.close()
        await self._reader.dispose()
        if self._threads is not None:
            await self._threads.close()

    @property
    def salt(self) -> bytes:
        """The secret of keyed digests, drawn when the database was made."""
        if not self._salt:
            raise SchemaTooOld
        return self._salt

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """One consistent view; what stands in it must not be waited for over the network."""
        async with connected(self._reader) as tx:
            yield tx

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """One moment of everything, however long the reading takes and whatever is written meanwhile."""
        async with connected(self._reader) as tx:
            if not self.is_sqlite:
                await tx.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield tx

    async def read(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        """Look things up and decide, in one consistent view and, on SQLite, in one visit to a thread.

        `work` awaits nothing but look-ups in that view.
        """
        if self._threads is not None:
            return await self._threads.read(work)
        async with connected(self._reader) as tx:
            return await work(QuickView(tx))

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in one transaction: all of it is written, or nothing.

        A unique value that somebody else wrote first becomes `Conflict`.
        """
        return await self._writer.write(fn)

    async def check_schema(self) -> None:
        """Refuse a schema that is not this program's."""
        async with self.reading() as tx:
            found = await tx.run_sync(revision_of)
        if found == newest_revision():
            await self._read_salt()
            return
        raise SchemaTooOld if found is None or found in known_revisions() else SchemaTooNew

    async def _read_salt(self) -> None:
        async with self.reading() as tx:
            if await tx.run_sync(lambda connection: inspect(connection).has_table(meta.name)):
                found = await tx.scalar(select(meta.c.value).where(meta.c.name == "salt"))
                self._salt = bytes.fromhex(found or "")


class _AtOnce(AsyncConnection):
    """A view whose look-ups are done where they are asked: a hop between threads costs more than a look-up."""

    def __init__(self, engine: AsyncEngine, connection: Connection) -> None:
        super().__init__(engine, connection)
        self._quick = quick(connection)

    async def execute(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the library's overloads say
        return self._quick.execute(*args, **named)

    async def scalar(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        return self._quick.scalar(*args, **named)

    async def run_sync(self, fn: Callable[..., T], *args: Any, **named: Any) -> T:
        return fn(self._quick, *args, **named)


class _ReadingThreads:
    """Threads that read from SQLite, each visit in a view of its own."""

    def __init__(self, url: str, reader: AsyncEngine) -> None:
        self._reader = reader
        self._engine = create_engine(
            make_url(url).set(drivername="sqlite"),
            pool_size=READING_THREADS,
            max_overflow=0,
            hide_parameters=True,
            connect_args=NO_HIDDEN_BEGIN | {"check_same_thread": False},
        )
        prepare_sqlite(self._engine, begin="BEGIN", reads_only=True)
        self._threads = ThreadPoolExecutor(max_workers=READING_THREADS, thread_name_prefix="reading")
        self._connections = Connections(self._engine)

    async def read(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read_now, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._connections.close)
        self._threads.shutdown()

    def _read_now(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        with named_troubles(), self._connections.begin() as connection:
            return _completed(work(_AtOnce(self._reader, connection)))


def _completed(work: Coroutine[Any, Any, T]) -> T:
    """The result of something that never has to wait."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("work handed to Database.read may await look-ups only")


async def database_time(db: Database) -> float:
    """Seconds by the database's clock."""
    async with db.reading() as tx:
        return float(await tx.scalar(select(lease_clock(tx))) or 0)
