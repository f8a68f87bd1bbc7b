"""Connections to either database: how long each waits for what, and how many there are."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import DatabaseAway, named_absence, named_troubles

T = TypeVar("T")
BUSY_SECONDS: float = 5
CONNECT_SECONDS: float = 10
STATEMENT_SECONDS: float = 60
IDLE_SECONDS: float = 10
"""On PostgreSQL a transaction idle for so long is ended, and its locks with it: its process was stopped, or is gone."""

CONNECTIONS = 8
MORE_CONNECTIONS = 8
"""Three processes have 48 at most, half of what PostgreSQL allows by itself."""

# Python's driver would otherwise begin transactions by itself, and plain ones at that.
NO_HIDDEN_BEGIN = {"isolation_level": None}


class Connections:
    """One connection for each thread, kept open: to have one from the pool takes longer than most transactions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_thread = threading.local()
        self._all: list[Connection] = []

    @contextmanager
    def begin(self) -> Generator[Connection]:
        connection: Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._engine.connect()
            self._all.append(connection)
        try:
            with connection.begin():
                yield connection
        except BaseException:
            # Where a commit fails the transaction may stand open still: only the pool surely ends it.
            self._of_thread.connection = None
            self._all.remove(connection)
            connection.close()
            raise

    def close(self) -> None:
        for connection in self._all:
            connection.close()
        self._engine.dispose()


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A connection, and what goes wrong with it in our words. Once one was lost the others in the pool are too."""
    try:
        with named_troubles():
            with named_absence():
                connection = await engine.connect()
            try:
                yield connection
            except asyncio.CancelledError:
                # Cut off in the middle of an answer: nobody knows where the connection stands.
                await connection.invalidate()
                raise
            finally:
                await connection.close()
    except DatabaseAway:
        await engine.dispose()
        raise


def normal_url(url: str) -> str:
    """The same place by the drivers that we use."""
    for plain, ours in (("sqlite:", "sqlite+aiosqlite:"), ("postgresql:", "postgresql+asyncpg:")):
        if url.startswith(plain):
            return ours + url.removeprefix(plain)
    return url


def new_engine(url: str, *, reads_only: bool = False) -> AsyncEngine:
    """An engine for this address; on SQLite one that only reads, if wished."""
    url = normal_url(url)
    if not url.startswith("sqlite"):
        waits = {
            "lock_timeout": BUSY_SECONDS,
            "statement_timeout": STATEMENT_SECONDS,
            "idle_in_transaction_session_timeout": IDLE_SECONDS,
        }
        # No ping before each use: the first use of a dead connection is a `DatabaseAway`, which drops all of the pool.
        return create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=MORE_CONNECTIONS,
            pool_timeout=CONNECT_SECONDS,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT" if reads_only else "READ COMMITTED",
            connect_args={
                "timeout": CONNECT_SECONDS,
                # For a network that swallows everything: then the server's own time-out never arrives.
                "command_timeout": STATEMENT_SECONDS + CONNECT_SECONDS,
                "server_settings": {name: f"{seconds * 1000:.0f}" for name, seconds in waits.items()},
            },
        )
    engine = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True, connect_args=NO_HIDDEN_BEGIN)
    prepare_sqlite(engine.sync_engine, begin="BEGIN", reads_only=reads_only)
    return engine


def prepare_sqlite(engine: Engine, *, begin: str, reads_only: bool = False) -> None:
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is forgotten is overwritten, not only unlinked.
        cursor.execute("PRAGMA secure_delete=ON")
        if reads_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", open_transaction)
