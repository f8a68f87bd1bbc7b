"""Writes, each a whole function in one transaction; what waits at the same time shares a commit."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    create_engine,
    make_url,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.connecting import NO_HIDDEN_BEGIN, Connections, connected, prepare_sqlite
from storage.errors import DatabaseAway, Deadlock, StorageTrouble, named_troubles
from storage.quick import QuickView, quick

T = TypeVar("T")
TRIES_ON_DEADLOCK = 3
AFTER_DEADLOCK_SECONDS = 0.05
WRITES_AT_ONCE = 32
LONG_SECONDS = 1.0
"""Writes to PostgreSQL that take longer are not waited for by those behind them."""

GROUP_SECONDS = 0.05
"""So long a group of writes waits for a lock: whoever holds it may wait for one that the group holds."""


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


class Writer:
    """The one thread that writes to SQLite in this process; other processes wait for its lock and it for theirs.

    What waits is committed together: the disk is slow, and one sync serves all. Nobody is told before that commit.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            make_url(url).set(drivername="sqlite"),
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
            connect_args=NO_HIDDEN_BEGIN,
        )
        # IMMEDIATE takes the lock before the first read, so that no read-then-write can fail half-way.
        prepare_sqlite(self._engine, begin="BEGIN IMMEDIATE")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._connections = Connections(self._engine)
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


class Writers:
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
            except Deadlock:
                # One of the two is let through; the other begins anew a little later, and nothing of it was written.
                await asyncio.sleep(AFTER_DEADLOCK_SECONDS)
        async with self._transaction() as tx:
            return await tx.run_sync(fn)

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Begun and ended in so many words: the library, which thinks that none is open, has no way past it."""
        async with connected(self._engine) as tx:
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
