"""Work that only one process may do at a time, done while its lease is held."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Protocol

from storage.database import Database
from storage.errors import StorageTrouble
from storage.leases import end_lease, seconds_left, take_lease
from storage.troubles import Troubles

ASK_AGAIN_SECONDS = 1.0
"""Who waits for a lease looks this often whether it was given back."""

log = logging.getLogger("ketnap.lease")


class Work(Protocol):
    """Begins the work anew each time the lease is won; when cancelled it may still finish what it has begun."""

    def __call__(self) -> Coroutine[Any, Any, None]: ...


async def while_held(db: Database, name: str, owner: str, seconds: float, work: Work) -> None:
    """Until cancelled, or until the work ends by itself."""
    loop = asyncio.get_running_loop()
    troubles = Troubles(log, "lease", f"name={name}")
    try:
        while True:
            if waiting := await _waiting_time(db, name, owner):
                await asyncio.sleep(min(waiting, ASK_AGAIN_SECONDS, seconds / 3))
                continue
            asked = loop.time()
            try:
                is_taken = await take_lease(db, name, owner, seconds)
            except StorageTrouble as error:
                troubles.meet(error)
                await asyncio.sleep(ASK_AGAIN_SECONDS)
                continue
            troubles.end()
            if not is_taken:
                continue
            log.info("lease taken name=%s", name)
            if await _work_on(db, name, owner, seconds, work, asked + seconds):
                return
            log.warning("lease lost name=%s", name)
    finally:
        with suppress(StorageTrouble):
            await end_lease(db, name, owner)


async def _work_on(db: Database, name: str, owner: str, seconds: float, work: Work, good_until: float) -> bool:
    """Work while the lease is renewed; True when the work came to its end.

    When the lease has run out, as after this process was stopped for a while, the loop's own timer ends the work
    before any part of it takes another step, and the database is asked only then.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work())
    end = loop.call_at(good_until, task.cancel)
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=seconds / 3)
            if done:
                if task.cancelled():
                    return False
                task.result()
                return True
            asked = loop.time()
            try:
                if not await take_lease(db, name, owner, seconds):
                    return False
            except StorageTrouble:
                # A database that is locked or away for a moment is no reason to stop while the lease still runs.
                continue
            end.cancel()
            end = loop.call_at(asked + seconds, task.cancel)
    finally:
        end.cancel()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _waiting_time(db: Database, name: str, owner: str) -> float:
    """Seconds until there is a chance to have the lease; asked without writing anything."""
    try:
        return await seconds_left(db, name, owner)
    except StorageTrouble:
        return ASK_AGAIN_SECONDS
