"""Platforms bring messages twice and in other batches, people use two phones at once: the records do not show it."""

import asyncio
import shutil
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from domain.messages import Address, Incoming, Kind, plain
from domain.records import EntryState
from handlers.turn import Engine
from storage.database import Database
from storage.inbox import accept
from storage.tables import addresses, entries, inbox, outbox, people, questions
from storage.verify import flaws
from tests.cast import NOW, Stage, stage

TALK = {
    "lan": ("tháng 3 không có gì mới", "tháng 4 không có gì mới", "/huy", "tháng 5 không có gì mới"),
    "hung": ("tháng 3 không có gì mới", "tháng 4 không có gì mới"),
}
Ledger = Counter[tuple[int, str, str]]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[tuple[str, int]]]:
    """Batches: each chat's messages come in their order, chats in any, and everything again at any time after."""
    order = draw(st.permutations([who for who, said in TALK.items() for _ in said]))
    came: list[tuple[str, int]] = []
    for place, who in enumerate(order):
        came.append((who, order[:place].count(who)))
        came += draw(st.lists(st.sampled_from(came), max_size=2))
    cuts = sorted(draw(st.sets(st.integers(1, len(came) - 1), max_size=4)))
    return [came[start:end] for start, end in zip([0, *cuts], [*cuts, len(came)], strict=True)]


def test_repeats_and_other_batches_leave_the_same_records(sqlite_template: Path, tmp_path: Path) -> None:
    in_order = [[(who, number)] for who, said in TALK.items() for number in range(len(said))]
    numbers = count()

    def ledger_after(batches: list[list[tuple[str, int]]]) -> Ledger:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        try:
            return asyncio.run(_ledger_after(f"sqlite+aiosqlite:///{path}", batches))
        finally:
            for each in tmp_path.glob(f"{path.name}*"):
                each.unlink()

    expected = ledger_after(in_order)
    assert expected.total() == 5

    @settings(max_examples=settings().max_examples // 20, suppress_health_check=[HealthCheck.too_slow])
    @given(deliveries())
    def same(batches: list[list[tuple[str, int]]]) -> None:
        assert ledger_after(batches) == expected

    same()


async def _ledger_after(url: str, batches: list[list[tuple[str, int]]]) -> Ledger:
    db = await Database.open(url)
    try:
        async with stage(db, joined=tuple(TALK)) as here:
            for batch in batches:
                await accept(db, [_update(who, number) for who, number in batch], NOW)
                await here.engine.drain()
            async with db.reading() as tx:
                rows = await tx.execute(select(entries.c.unit_id, entries.c.month, entries.c.state))
                return Counter((row.unit_id, str(row.month), row.state) for row in rows)
    finally:
        await db.close()


def _update(who: str, number: int) -> Incoming:
    return Incoming(f"test:bot:{who}{number}", Address("test", "bot", who), who, Kind.TEXT, text=TALK[who][number])


async def second_phone(here: Stage, who: str) -> None:
    """The same person in another chat."""

    def connect(tx: Connection) -> None:
        person_id = tx.scalar(select(people.c.id).where(people.c.key == who))
        place = {"channel": "test", "account": "bot", "chat": f"{who} too", "person_id": person_id, "heard_at": NOW}
        tx.execute(
            insert(addresses).values(
                **place, is_group=False, is_blocked=False, blocked_reason="", guesses=0, last_item_id=0
            )
        )

    await here.db.write(connect)


async def newest_question(here: Stage, chat: str) -> int:
    async with here.db.reading() as tx:
        mine = select(questions.c.id).join(addresses, addresses.c.id == questions.c.contact_id)
        found = await tx.scalar(mine.where(addresses.c.chat == chat).order_by(questions.c.id.desc()).limit(1))
    assert found is not None
    return found


async def live_entries(here: Stage) -> int:
    async with here.db.reading() as tx:
        live = select(entries.c.number).where(entries.c.state == EntryState.LIVE.value)
        return len((await tx.execute(live)).all())


@pytest.mark.parametrize("same_phone", [True, False], ids=["two cards", "two phones"])
async def test_saving_one_admission_on_two_cards_at_once_ends_with_one_entry(
    database: Database, same_phone: bool
) -> None:
    async with stage(database) as here:
        await second_phone(here, "lan")
        chats = ("lan", "lan" if same_phone else "lan too")
        cards: list[int] = []
        for chat in chats:
            await here.says(chat, "kết nạp Nguyễn Văn Bình 15/11/2026")
            cards.append(await newest_question(here, chat))
        for chat, card in zip(chats, cards, strict=True):
            await here.hear(chat, kind=Kind.PRESS, pressed=f"{card}:1")
        other = Engine(here.db, here.office, here.engine.now, "another process")
        await asyncio.gather(here.engine.drain(), other.drain())
        await here.work()

        assert await live_entries(here) == 1
        assert len(here.phone.said) == 4, "each press is answered"
        assert await flaws(database) == []


async def test_what_two_processes_hear_at_once_is_one_turn(database: Database) -> None:
    async with stage(database) as here:
        heard = Incoming("test:bot:1", Address("test", "bot", "lan"), "lan", Kind.TEXT, text="tháng 3 không có gì mới")
        other = Engine(here.db, here.office, here.engine.now, "another process")

        async def hears(engine: Engine) -> None:
            await accept(database, [heard], NOW)
            await engine.drain()

        await asyncio.gather(hears(here.engine), hears(other))
        await here.work()

        async with database.reading() as tx:
            assert (await tx.execute(select(inbox.c.state))).scalars().all() == ["done"]
            assert len((await tx.execute(select(outbox.c.id))).all()) == 1
        assert await live_entries(here) == 1
        assert "tháng 3" in plain(here.phone.said[0][1].lines)
