"""A group that goes on under another id has one address, whichever of the two was heard of first."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from domain.calendar import ZONE
from domain.messages import Address, Incoming, Kind, Reply, line
from storage.database import Database
from storage.inbox import accept, fail_item
from storage.moving import move_chat
from storage.outbox import claim_sendable
from storage.tables import addresses, inbox

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
OLD, NEW = Address("telegram", "77", "-5"), Address("telegram", "77", "-1005")
MOVED = Incoming("k-moved", OLD, "", Kind.MOVED, is_group=True, moved_to=NEW.chat)


def said(key: str, address: Address) -> Incoming:
    return Incoming(key, address, "", Kind.TEXT, "/tiendo", is_group=True)


async def alive(database: Database) -> list[str]:
    query = select(addresses.c.chat).where(addresses.c.moved_to.is_(None)).order_by(addresses.c.id)
    return list(await database.write(lambda tx: tx.execute(query).scalars().all()))


async def items(database: Database) -> list[tuple[str, str]]:
    def read(tx: Connection) -> Sequence[tuple[str, str]]:
        query = select(inbox.c.key, addresses.c.chat).join_from(inbox, addresses, inbox.c.contact_id == addresses.c.id)
        return [(key, chat) for key, chat in tx.execute(query.order_by(inbox.c.id))]

    return list(await database.write(read))


@pytest.mark.parametrize(
    "order",
    [
        [said("a", OLD), MOVED, said("b", NEW)],
        [said("a", OLD), said("b", NEW), MOVED],
        [said("b", NEW), MOVED, said("a", OLD)],
        [said("b", NEW), said("a", OLD), MOVED],
        [MOVED, said("a", OLD), said("b", NEW)],
    ],
    ids=["in order", "new before word", "old after word", "both before word", "word first"],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "one by one"])
async def test_a_moved_group_has_one_address(database: Database, order: list[Incoming], at_once: bool) -> None:
    for batch in [order] if at_once else [[one] for one in order]:
        await accept(database, batch, NOW)
    # What comes from the old id later than all else, and the second word of the same move.
    again = Incoming("k-again", OLD, "", Kind.MOVED, is_group=True, moved_to=NEW.chat)
    await accept(database, [again, said("late", OLD)], NOW)
    assert await alive(database) == [NEW.chat]
    assert {chat for _, chat in await items(database)} == {NEW.chat}


async def test_a_move_told_by_the_sender_is_the_same_move(database: Database) -> None:
    await accept(database, [said("a", OLD)], NOW)
    await move_chat(database, OLD, NEW.chat, NOW)
    await accept(database, [MOVED, said("b", NEW)], NOW)
    await move_chat(database, OLD, NEW.chat, NOW)
    assert await alive(database) == [NEW.chat]
    assert await items(database) == [("a", NEW.chat), ("b", NEW.chat)]


async def test_replies_that_wait_go_to_where_the_group_is(database: Database) -> None:
    await accept(database, [said("a", OLD), said("b", NEW)], NOW)
    for (item_id,) in await database.write(lambda tx: tx.execute(select(inbox.c.id)).all()):
        await fail_item(database, item_id, "4f2a", Reply((line("Có lỗi."),)), NOW)
    await accept(database, [MOVED], NOW)
    rows = await claim_sendable(database, "telegram", "77", "me", NOW, 10, 15)
    assert {row.chat for row in rows} == {NEW.chat}
