"""The process dies at one statement after the other of a message's way: nothing is half-written, all is done once."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine as AnyEngine
from sqlalchemy import event, select, update

from domain.changes import Outcome
from domain.messages import Address
from handlers.turn import Engine
from language.letter_wording import SENT_AGAIN
from storage import database as reading
from storage import writing
from storage.database import Database
from storage.errors import DatabaseAway
from storage.inbox import Room, accept, claim_lanes
from storage.outbox import Settlement, claim_sendable, settle
from storage.tables import (
    addresses,
    audit,
    candidates,
    counters,
    entries,
    heard,
    inbox,
    lanes,
    meta,
    outbox,
    questions,
)
from storage.verify import flaws
from tests.cast import Stage, stage
from tests.jobs.recording import sender
from tests.storage.small_office import NOW, TODAY, admission, incoming, reply, small_office

ON_THE_WAY = (addresses, audit, candidates, counters, entries, heard, inbox, lanes, meta, outbox, questions)
WHO = ("lan", "hung", "cuc")


@dataclass
class Death:
    """Comes at a statement or commit, counted from one; never comes at zero."""

    at: int
    met: int = 0

    def step(self, *_: Any) -> None:
        self.met += 1
        if self.met == self.at:
            raise DatabaseAway("killed here")

    @property
    def came(self) -> bool:
        return 0 < self.at <= self.met


@pytest.fixture(autouse=True)
def every_statement_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the library tells of its statements: none goes the short way, and they are the same."""

    def the_long_way(connection: object) -> object:
        return connection

    for module in (reading, writing):
        monkeypatch.setattr(module, "quick", the_long_way)
        monkeypatch.setattr(module, "QuickView", the_long_way)


@contextmanager
def dying(at: int) -> Generator[Death]:
    death = Death(at)
    for what in ("before_cursor_execute", "commit"):
        event.listen(AnyEngine, what, death.step)
    try:
        yield death
    finally:
        for what in ("before_cursor_execute", "commit"):
            event.remove(AnyEngine, what, death.step)


async def everything(db: Database) -> dict[str, list[Any]]:
    async with db.reading() as tx:
        return {table.name: sorted((await tx.execute(select(table))).all(), key=repr) for table in ON_THE_WAY}


async def whole_or_nothing(db: Database, run: Callable[[], Awaitable[Any]]) -> Any:
    """What `run` gives when nothing disturbs it, after it has died at each of its statements and left no trace."""
    before = await everything(db)
    for at in count(1):
        with dying(at) as death:
            try:
                given = await run()
            except DatabaseAway:
                given = None
        if not death.came:
            assert at > 1
            return given
        assert await everything(db) == before, f"half-written at its statement {at}"
    raise AssertionError("unreachable")


async def test_each_write_on_the_way_is_made_as_a_whole_or_not_at_all(database: Database) -> None:
    office = await small_office(database)
    contact_id = await office.contact()
    candidate = await office.candidate("Nguyễn Văn An")
    heard_now = [incoming("một"), incoming("hai", address=Address("telegram", "7001", "43"))]
    assert await whole_or_nothing(database, lambda: accept(database, heard_now, NOW)) == 2
    claims = await whole_or_nothing(database, lambda: claim_lanes(database, Room("one", 10, 60)))
    item = next(claim.item for claim in claims if claim.contact_id == contact_id)

    def turn() -> Awaitable[Any]:
        outcome = Outcome(reply("Đã ghi."), (admission(candidate, TODAY),), recount=(office.unit["CB1"],), year=2026)
        return office.turn(outcome, item_id=item.id, contact_id=contact_id)

    written = await whole_or_nothing(database, turn)
    assert len(written.numbers) == 1
    rows = await whole_or_nothing(database, lambda: claim_sendable(database, "telegram", "7001", "one", NOW, 10, 60))
    sent = [Settlement(row.id, "sent", "", "501", attempt=row.attempts) for row in rows]
    await whole_or_nothing(database, lambda: settle(database, sent))
    assert await flaws(database) == []


@dataclass
class Lives:
    """A bot that dies and begins anew: another process on the same database each time, with the same people."""

    here: Stage
    said: list[str] = field(default_factory=list[str])
    lives: int = 0

    async def live(self, who: str, words: str, key: str) -> None:
        """From hearing to settling, until nothing is left to do, or until death."""
        self.lives += 1
        engine = Engine(self.here.db, self.here.office, self.here.engine.now, f"engine {self.lives}")
        delivery, phone = sender(self.here, owner=f"sender {self.lives}")
        try:
            await self.here.hear(who, words, key=key)
            await engine.drain()
            await delivery.drain()
        finally:
            self.said += phone.to(who)

    async def leases_run_out(self) -> None:
        """All that a dead process held: lanes, claims, and the wait before what is uncertain is repeated."""
        await self.here.db.write(lambda tx: tx.execute(update(lanes).values(lease_until=0)))
        await self.here.db.write(lambda tx: tx.execute(update(outbox).values(lease_until=0)))
        self.here.move(minutes=1)


async def test_a_message_is_booked_once_and_answered_wherever_the_process_dies(
    database: Database, request: pytest.FixtureRequest
) -> None:
    """In `make test` at some of the statements, at others on the other database; in a campaign at each of them."""
    async with stage(database) as here:
        with dying(0) as whole_way:
            await Lives(here).live("lan", "tháng 1 không có gì mới", "test:bot:first")
        step = 1 if request.config.getoption("-m") == "campaign" else 9
        points = range(2 + database.is_sqlite, whole_way.met, step)
        for number, at in enumerate(points):
            who, month = WHO[number % 3], 2 + number // 3 % 9
            year = 2026 - number // 27
            await dies_and_lives_on(here, at, who, f"tháng {month}/{year} không có gì mới", f"test:bot:n{at}")
        assert len(points) >= 5
        assert await flaws(database) == []


async def dies_and_lives_on(here: Stage, at: int, who: str, words: str, key: str) -> None:
    lives, before = Lives(here), await booked(here)
    with dying(at) as death, suppress(DatabaseAway):
        await lives.live(who, words, key)
    assert death.came
    for _ in range(2):
        await lives.leases_run_out()
        await lives.live(who, words, key)
    async with here.db.reading() as tx:
        states = (await tx.execute(select(inbox.c.state).where(inbox.c.key == key))).scalars().all()
        left = (await tx.execute(select(outbox.c.id).where(outbox.c.state.in_(("planned", "claimed"))))).all()
    unmarked = [said for said in lives.said if not said.startswith(SENT_AGAIN)]
    assert states == ["done"], at
    assert await booked(here) == before + 1, at
    assert left == [], at
    assert lives.said, f"{at}: not answered"
    assert len(unmarked) <= 1, f"{at}: said twice without saying so"


async def booked(here: Stage) -> int:
    async with here.db.reading() as tx:
        return len((await tx.execute(select(entries.c.number))).all())
