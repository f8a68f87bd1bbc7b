"""Workbooks that somebody sent: fetched, read and counted outside the turn's reading transaction."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from domain.messages import Address, FileTrouble
from domain.office import OfficePlan, Problem
from files.workbook import read_office
from language.plain import fold
from storage.database import Database
from storage.office import PlanRefused, UnknownUnit, counts, load_plan

LARGEST_BYTES = 5 * 2**20

Fetch = Callable[[Address, str], Awaitable[bytes | FileTrouble]]
"""Gets a file from the account it was sent to; no more than `LARGEST_BYTES` of it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook as it was read, all its problems, or why it could not be had. `digest` tells it from another."""

    plan: OfficePlan | None = None
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    trouble: FileTrouble | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What loading a plan would change; `same_as` is the batch that this very file made before. Or why it cannot be."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    changed: int = 0
    same_as: int | None = None
    problems: tuple[Problem, ...] = ()
    unknown: str = ""


class Wanted(Exception):
    """A handler needs what must not be waited for in a transaction: the engine gets it and asks the handler again."""

    def __init__(self, errand: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.errand = errand


@dataclass(slots=True)
class Workbooks:
    """The workbooks of one turn. Whatever is not at hand yet raises `Wanted`."""

    db: Database
    fetch: Fetch
    _opened: dict[str, Opened] = field(default_factory=dict[str, Opened])
    _counted: dict[str, Counted] = field(default_factory=dict[str, Counted])

    def opened(self, address: Address, file: str) -> Opened:
        if file not in self._opened:

            async def open_it() -> None:
                self._opened[file] = await self._open(address, file)

            raise Wanted(open_it)
        return self._opened[file]

    def counted(self, opened: Opened, person_id: int, within: frozenset[int], now: datetime) -> Counted:
        if opened.digest not in self._counted:

            async def count_it() -> None:
                self._counted[opened.digest] = await self._count(opened, person_id, within, now)

            raise Wanted(count_it)
        return self._counted[opened.digest]

    def forget_counts(self) -> None:
        """The records have moved: what was counted is counted again."""
        self._counted.clear()

    async def _open(self, address: Address, file: str) -> Opened:
        content = await self.fetch(address, file)
        if isinstance(content, FileTrouble):
            return Opened(trouble=content)
        if len(content) > LARGEST_BYTES:
            return Opened(trouble=FileTrouble.TOO_BIG)
        # Reading takes its time, and other chats go on meanwhile.
        plan, problems = await asyncio.to_thread(read_office, content)
        digest = hashlib.blake2b(content, key=self.db.salt, digest_size=16).hexdigest()
        return Opened(plan, problems, digest)

    async def _count(self, opened: Opened, person_id: int, within: frozenset[int], now: datetime) -> Counted:
        assert opened.plan is not None
        try:
            report = await load_plan(
                self.db, opened.plan, fold, now.date(), now, person_id=person_id, dry_run=True, within=within
            )
        except PlanRefused as error:
            return Counted(problems=error.problems)
        except UnknownUnit as error:
            return Counted(unknown=str(error))
        return Counted(counts(report), report.changed, report.same_as)
