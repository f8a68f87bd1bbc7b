"""The database: reading transactions, one writing transaction at a time, the schema's version, and its troubles.

StorageTrouble
├── DatabaseBusy      locked by somebody else for longer than we wait, or a deadlock
├── DiskFull          nothing more can be written
├── DatabaseAway      no connection to it
└── WrongSchema
    ├── SchemaTooOld  names the command that mends it
    ├── NotMadeYet    the same
    └── SchemaTooNew
"""

import asyncio
import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has no types
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Engine,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.functions import FunctionElement

from domain.refusals import Conflict
from storage.quick import QuickView, quick
from storage.tables import meta

T = TypeVar("T")

BUSY_SECONDS: float = 5
CONNECT_SECONDS: float = 10
STATEMENT_SECONDS: float = 60
IDLE_SECONDS: float = 10
"""On PostgreSQL a transaction idle for so long is ended, and its locks with it: its process was stopped, or is gone."""

CONNECTIONS = 8
MORE_CONNECTIONS = 8
"""Three processes have 48 at most, half of what PostgreSQL allows by itself."""

LONGEST_LEASE_SECONDS: float = 600
"""No lease runs for longer; one that seems to was given before somebody set the clock back."""

TRIES_ON_DEADLOCK = 3
AFTER_DEADLOCK_SECONDS = 0.05
READING_THREADS = 1
"""Python runs one thread at a time: more that read only hand over to each other, which took an eighth of all turns."""

WRITES_AT_ONCE = 32
LONG_SECONDS = 1.0
"""Writes to PostgreSQL that take longer are not waited for by those behind them."""

GROUP_SECONDS = 0.05
"""So long a group of writes waits for a lock: whoever holds it may wait for one that the group holds."""

# Python's driver would otherwise begin transactions by itself, and plain ones at that.
_NO_HIDDEN_BEGIN = {"isolation_level": None}
MIGRATIONS = Path(__file__).parent / "migrations"


Reading = AsyncConnection
"""A view of the data for look-ups; only `storage.read` asks it anything."""


class StorageTrouble(Exception):
    """The database did not do it; nothing was written."""


class DatabaseBusy(StorageTrouble):
    """Somebody else held the database for longer than we wait. Nothing was written; try again."""


class _Deadlock(DatabaseBusy):
    """Two transactions waited for each other, and this one was ended."""


class DiskFull(StorageTrouble):
    """The disk is full. Nothing was written."""


class DatabaseAway(StorageTrouble):
    """The database cannot be reached. Nothing was written."""


class WrongSchema(StorageTrouble):
    """The schema is not the one that this program knows."""


class SchemaTooOld(WrongSchema):
    """The schema is older than the program."""

    def __init__(self) -> None:
        super().__init__("The database has an old schema, or none. Run: python bot.py migrate")


class NotMadeYet(WrongSchema):
    """The place of an SQLite database is not there: nobody has made one."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"There is no database yet: the folder {folder} is missing. Run: python bot.py migrate")


class SchemaTooNew(WrongSchema):
    """The schema was made by a newer program."""

    def __init__(self) -> None:
        super().__init__("The database was made by a newer version of this program. Run that version.")


class Database:
    """An open database. Reads run side by side; writes are whole functions, each in one transaction."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._salt = b""
        self._reader = new_engine(self.url, reads_only=True)
        self._threads = _ReadingThreads(self.url, self._reader) if self.is_sqlite else None
        self._writer = _Writer(self.url) if self.is_sqlite else _Writers(self._reader)

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
        async with _connected(self._reader) as tx:
            yield tx

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """One moment of everything, however long the reading takes and whatever is written meanwhile."""
        async with _connected(self._reader) as tx:
            if not self.is_sqlite:
                await tx.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield tx

    async def read(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        """Look things up and decide, in one consistent view and, on SQLite, in one visit to a thread.

        `work` awaits nothing but look-ups in that view.
        """
        if self._threads is not None:
            return await self._threads.read(work)
        async with _connected(self._reader) as tx:
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
            connect_args=_NO_HIDDEN_BEGIN | {"check_same_thread": False},
        )
        _prepare_sqlite(self._engine, begin="BEGIN", reads_only=True)
        self._threads = ThreadPoolExecutor(max_workers=READING_THREADS, thread_name_prefix="reading")
        self._connections = _Connections(self._engine)

    async def read(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read_now, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._connections.close)
        self._threads.shutdown()

    def _read_now(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        with named_troubles(), self._connections.begin() as connection:
            return _completed(work(_AtOnce(self._reader, connection)))


class _Connections:
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


def _completed(work: Coroutine[Any, Any, T]) -> T:
    """The result of something that never has to wait."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("work handed to Database.read may await look-ups only")


@dataclass(slots=True)
class _Waiting:
    """A function that waits to be written, and whom to tell."""

    fn: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    written: "asyncio.Future[Any]"
    result: Any = None
    failure: BaseException | None = None

    def tell_from_thread(self) -> None:
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.tell)

    def tell(self) -> None:
        if self.written.done():
            return
        if self.failure is not None:
            self.written.set_exception(self.failure)
        else:
            self.written.set_result(self.result)


def _next_group(queue: deque[_Waiting]) -> list[_Waiting]:
    """What is written together; whoever has given up waiting is passed over."""
    group: list[_Waiting] = []
    while queue and len(group) < WRITES_AT_ONCE:
        one = queue.popleft()
        if not one.written.cancelled():
            group.append(one)
    return group


class _Writer:
    """The one thread that writes to SQLite in this process; other processes wait for its lock and it for theirs.

    What waits is committed together: the disk is slow, and one sync serves all. Nobody is told before that commit.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            make_url(url).set(drivername="sqlite"),
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
            connect_args=_NO_HIDDEN_BEGIN,
        )
        # IMMEDIATE takes the lock before the first read, so that no read-then-write can fail half-way.
        _prepare_sqlite(self._engine, begin="BEGIN IMMEDIATE")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._connections = _Connections(self._engine)
        self._queue: deque[_Waiting] = deque()

    async def write(self, fn: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(fn, loop, loop.create_future())
        self._queue.append(waiting)
        self._thread.submit(self._write_waiting)
        return await waiting.written

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connections.close)
        self._thread.shutdown()

    def _write_waiting(self) -> None:
        group = _next_group(self._queue)
        if not group:
            return
        try:
            self._write_together(group)
        except BaseException as error:  # noqa: BLE001 - whatever it was, all of them must hear that nothing was written
            for one in group:
                one.failure = error
        for one in group:
            one.tell_from_thread()

    def _write_together(self, group: Sequence[_Waiting]) -> None:
        with named_troubles(), self._connections.begin() as connection:
            tx = quick(connection)
            if len(group) == 1:
                group[0].result = group[0].fn(tx)
                return
            for one in group:
                connection.exec_driver_sql("SAVEPOINT one")
                try:
                    with named_troubles():
                        one.result = one.fn(tx)
                except StorageTrouble:
                    raise
                except Exception as error:  # noqa: BLE001 - what this one wrote is taken back, what the others wrote stands
                    one.failure = error
                    connection.exec_driver_sql("ROLLBACK TO one")
                connection.exec_driver_sql("RELEASE one")


class _Writers:
    """Writes to PostgreSQL. What waits is committed together as on SQLite: else all would wait for the audit's head.

    Nobody is told before that commit. A group in which anything fails, or has to wait for a lock of another process
    for long, is taken back; then each is written by itself.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._queue: deque[_Waiting] = deque()
        self._going: set[asyncio.Task[None]] = set()
        self._turn: asyncio.Task[None] | None = None

    async def write(self, fn: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(fn, loop, loop.create_future())
        self._queue.append(waiting)
        if self._turn is None or self._turn.done():
            self._turn = self._begin(self._write_waiting())
        return await waiting.written

    async def close(self) -> None:
        while self._going:
            await asyncio.wait(self._going)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return task

    async def _write_waiting(self) -> None:
        while group := _next_group(self._queue):
            # One that takes long, such as a whole plan, holds up nobody else.
            await asyncio.wait([self._begin(self._write_group(group))], timeout=LONG_SECONDS)

    async def _write_group(self, group: Sequence[_Waiting]) -> None:
        if len(group) == 1 or not await self._write_together(group):
            await asyncio.gather(*map(self._write_by_itself, group))

    async def _write_by_itself(self, one: _Waiting) -> None:
        try:
            one.result = await self._write_alone(one.fn)
        except BaseException as error:  # noqa: BLE001 - whatever it was, whoever waits must hear of it
            one.failure = error
        one.tell()

    async def _write_together(self, group: Sequence[_Waiting]) -> bool:
        """Whether all of them have been written, or have been told that nobody knows."""
        try:
            async with self._transaction() as tx:
                await tx.exec_driver_sql(f"SET LOCAL lock_timeout = {GROUP_SECONDS * 1000:.0f}")
                for one in group:
                    one.result = await tx.run_sync(one.fn)
        except DatabaseAway as error:
            for one in group:
                one.failure = error
        except Exception:  # noqa: BLE001 - whose fault it was shows when each is written by itself
            return False
        for one in group:
            one.tell()
        return True

    async def _write_alone(self, fn: Callable[[Connection], T]) -> T:
        for _ in range(TRIES_ON_DEADLOCK - 1):
            try:
                async with self._transaction() as tx:
                    return await tx.run_sync(fn)
            except _Deadlock:
                # One of the two is let through; the other begins anew a little later, and nothing of it was written.
                await asyncio.sleep(AFTER_DEADLOCK_SECONDS)
        async with self._transaction() as tx:
            return await tx.run_sync(fn)

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Begun and ended in so many words: the library, which thinks that none is open, has no way past it."""
        async with _connected(self._engine) as tx:
            await tx.exec_driver_sql("BEGIN")
            try:
                yield QuickView(tx)
                await tx.exec_driver_sql("COMMIT")
            except Exception:
                try:
                    await tx.exec_driver_sql("ROLLBACK")
                except Exception:  # noqa: BLE001 - then it must not be used again, and what went wrong before is told
                    await tx.invalidate()
                raise


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
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


class _LeaseClock(FunctionElement[float]):
    """The same words in every statement, so that statements can be made once."""

    name = "lease_clock"
    type = Double[float]()
    inherit_cache = True


@compiles(_LeaseClock, "sqlite")
def _sqlite_clock(*_: object, **__: object) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_LeaseClock, "postgresql")
def _postgres_clock(*_: object, **__: object) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"


LEASE_CLOCK = _LeaseClock()
"""Lease time within a statement that is made once."""


def lease_clock(_connection: Connection | AsyncConnection) -> ColumnElement[float]:
    """Lease time in seconds: the database's own clock, which on SQLite is this machine's. Never rehearsed."""
    return LEASE_CLOCK


def lease_over(until: ColumnElement[float], clock: ColumnElement[float]) -> ColumnElement[bool]:
    """Whether a lease, or a wait in lease time, has come to its end."""
    return or_(until <= clock, until > clock + LONGEST_LEASE_SECONDS)


async def database_time(db: Database) -> float:
    """Seconds by the database's clock."""
    async with db.reading() as tx:
        return float(await tx.scalar(select(lease_clock(tx))) or 0)


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may say what to do about rows already there."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """As `insert_new`, for a statement that is made once for each kind of database."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


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
    engine = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True, connect_args=_NO_HIDDEN_BEGIN)
    _prepare_sqlite(engine.sync_engine, begin="BEGIN", reads_only=reads_only)
    return engine


def _prepare_sqlite(engine: Engine, *, begin: str, reads_only: bool = False) -> None:
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


@contextmanager
def named_absence() -> Generator[None]:
    """Before there is a connection the drivers speak in words of their own."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy("All connections to the database are in use.") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseAway(f"The database cannot be reached: {error}") from error


@contextmanager
def named_troubles() -> Generator[None]:
    """What a driver complains of, in our words."""
    try:
        yield
    except IntegrityError as error:
        if _is_unique_violation(error.orig):
            raise Conflict from error
        raise
    except DBAPIError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error
    except asyncpg.UniqueViolationError as error:
        raise Conflict from error
    except (ConnectionError, TimeoutError, *_ASYNCPG_ERRORS) as error:
        if (trouble := _trouble_of_state(getattr(error, "sqlstate", None) or "")) is not None:
            raise trouble from error
        if isinstance(
            error, asyncpg.IntegrityConstraintViolationError | asyncpg.SyntaxOrAccessError | asyncpg.DataError
        ):
            raise
        # A connection that breaks is not always told of in SQLAlchemy's words.
        raise DatabaseAway("The connection to the database broke.") from error


_ASYNCPG_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def _is_unique_violation(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(error, "sqlstate", None) == "23505"


_BY_SQLSTATE: tuple[tuple[tuple[str, ...], type[StorageTrouble], str], ...] = (
    (("40P01", "40001"), _Deadlock, "The database is locked by somebody else."),
    (("55P03",), DatabaseBusy, "The database is locked by somebody else."),
    (("57014",), DatabaseBusy, "The database took too long."),
    (("53100",), DiskFull, "The disk of the database is full."),
    (("53300",), DatabaseAway, "The database has no connection left for us."),
    (("53",), DatabaseAway, "The database has no room left for us."),
    (("25006",), DatabaseAway, "The database may not be written to."),
    (("3D000",), DatabaseAway, "The server has no database of that name."),
    (("28",), DatabaseAway, "The database does not let that role in: its name, its password, or pg_hba.conf is wrong."),
    (("42501",), DatabaseAway, "The role may not do that in the database: it needs rights on it and on its schema."),
    (("55000",), DatabaseAway, "The database lets nobody in."),
    (("08", "57P", "25P03"), DatabaseAway, "The database cannot be reached."),
)


def _trouble_of_state(state: str) -> StorageTrouble | None:
    return next((kind(words) for states, kind, words in _BY_SQLSTATE if state.startswith(states)), None)


def _trouble(error: DBAPIError) -> StorageTrouble | None:
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    if (trouble := _trouble_of_state(getattr(error.orig, "sqlstate", "") or "")) is not None:
        return trouble
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy("The database is locked by somebody else.")
    if name == "SQLITE_FULL":
        return DiskFull("The disk of the database is full.")
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return DatabaseAway("The file of the database is not a database, or is damaged.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return DatabaseAway("The database may not be written to.")
    if name.startswith("SQLITE_CANTOPEN") or error.connection_invalidated:
        return DatabaseAway("The database cannot be reached.")
    # A full disk also shows as a failed write of the log.
    if isinstance(error, OperationalError) and name.startswith("SQLITE_IOERR"):
        return DiskFull("The disk of the database could not be written.")
    return None


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to the schema; made if it is not there. Not to be called inside a running loop."""
    url = normal_url(url)
    place = make_url(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    with named_troubles(), named_absence():
        if place.get_backend_name() == "sqlite" and place.database:
            # What stands there is nobody else's business on a shared machine.
            Path(place.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            # All that Alembic itself can complain of here: the database stands at a step that we do not have.
            raise SchemaTooNew from error


def newest_revision() -> str | None:
    return _scripts().get_current_head()


def known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def seed_meta(connection: Connection) -> None:
    """What every database has from its first day."""
    for name, value in (("salt", secrets.token_hex(32)), ("audit_head", "")):
        connection.execute(insert_new(connection, meta).values(name=name, value=value).on_conflict_do_nothing())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))
