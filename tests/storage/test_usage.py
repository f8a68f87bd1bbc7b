"""Messages of a bot and month are counted in the commits that hear and settle, each once; others' cost nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.budget import BotMonth, Usage
from domain.changes import Outcome, PlanLetter
from domain.messages import Address
from storage.database import Database
from storage.inbox import accept
from storage.letters import plan_letters
from storage.outbox import OutboxRow, Settlement, claim_sendable, settle
from storage.read.usage import of_month, places_taken
from storage.tables import addresses, outbox
from tests.storage.small_office import NOW, SmallOffice, incoming, reply

ZALO = Address("zalo", "9", "abc")
NOVEMBER = BotMonth("zalo", "9", date(2026, 11, 1))


async def counted(db: Database) -> list[Usage]:
    async with db.reading() as tx:
        return await of_month(tx, date(2026, 11, 1))


async def take(office: SmallOffice, **more: Any) -> list[OutboxRow]:
    return await claim_sendable(office.db, "zalo", "9", "one", NOW, 10, 15, counted=NOVEMBER, **more)


async def wait_to_be_said(office: SmallOffice, *said: str) -> int:
    contact_id = await office.contact(ZALO)
    for each in said:
        await office.turn(Outcome(reply(each)), contact_id=contact_id)
    return contact_id


async def test_what_is_heard_is_counted_once_however_often_it_is_brought(office: SmallOffice) -> None:
    batch = [incoming("một", address=ZALO), incoming("hai", address=ZALO)]
    for _ in range(3):
        await accept(office.db, batch, NOW, counted=["zalo"])
    await accept(office.db, [incoming("ba", address=ZALO)], NOW + timedelta(days=40), counted=["zalo"])

    assert await counted(office.db) == [Usage(NOVEMBER, heard=2, said=0)]


async def test_a_channel_without_a_plan_is_not_counted(office: SmallOffice) -> None:
    await accept(office.db, [incoming("một")], NOW, counted=["zalo"])

    assert await counted(office.db) == []


async def test_what_is_said_is_counted_by_its_parts_when_it_is_settled(office: SmallOffice) -> None:
    await wait_to_be_said(office, "một", "hai")
    [first] = await take(office)
    [second] = await take(office, settled=[Settlement(first.id, "sent", attempt=1, messages=3)])
    await settle(office.db, [Settlement(second.id, "uncertain", "no answer", attempt=1, messages=1)], counted=NOVEMBER)

    assert await counted(office.db) == [Usage(NOVEMBER, heard=0, said=4)]


async def test_what_did_not_go_out_is_not_counted(office: SmallOffice) -> None:
    await wait_to_be_said(office, "một")
    [row] = await take(office)
    await settle(office.db, [Settlement(row.id, "planned", "held", attempt=1)], counted=NOVEMBER)

    assert await counted(office.db) == []


async def test_a_settlement_that_comes_twice_is_counted_once(office: SmallOffice) -> None:
    await wait_to_be_said(office, "một")
    [row] = await take(office)
    for _ in range(2):
        await settle(office.db, [Settlement(row.id, "sent", attempt=1, messages=2)], counted=NOVEMBER)

    assert await counted(office.db) == [Usage(NOVEMBER, heard=0, said=2)]


async def test_a_claim_that_ran_out_counts_as_said_and_its_late_answer_adds_only_the_rest(office: SmallOffice) -> None:
    await wait_to_be_said(office, "một")
    [row] = await take(office)
    await office.db.write(lambda tx: tx.execute(update(outbox).values(lease_until=outbox.c.lease_until - 20)))
    await take(office)
    assert await counted(office.db) == [Usage(NOVEMBER, heard=0, said=1)]

    await settle(office.db, [Settlement(row.id, "sent", attempt=1, messages=2)], counted=NOVEMBER)
    assert await counted(office.db) == [Usage(NOVEMBER, heard=0, said=2)]


async def test_replies_that_wait_in_one_chat_share_a_message_where_messages_are_saved(office: SmallOffice) -> None:
    await wait_to_be_said(office, "một", "hai", "ba")
    [row] = await take(office, is_merging=True)
    assert [one.reply for one in (row, *row.others)] == [reply("một"), reply("hai"), reply("ba")]
    done = [Settlement(row.id, "sent", attempt=1, messages=1), *(Settlement(one.id, "sent") for one in row.others)]
    await settle(office.db, done, counted=NOVEMBER)

    async with office.db.reading() as tx:
        found = (await tx.execute(select(outbox.c.state, outbox.c.sent_with).order_by(outbox.c.id))).all()
    assert [tuple(each) for each in found] == [("sent", None), ("sent", row.id), ("sent", row.id)]
    assert await counted(office.db) == [Usage(NOVEMBER, heard=0, said=1)]


async def test_whoever_wrote_to_a_bot_has_a_place_there(office: SmallOffice) -> None:
    await office.hear("chào", address=ZALO)
    await office.hear("chào", address=Address("zalo", "9", "def"))
    await office.hear("chào", address=Address("zalo", "10", "abc"))
    await office.hear("chào")

    async with office.db.reading() as tx:
        assert await places_taken(tx, ["zalo"], NOW) == {"zalo:9": 2, "zalo:10": 1}


@pytest.mark.parametrize("saving", [["zalo:9"], []])
async def test_a_letter_goes_to_the_chat_of_a_bot_that_has_messages_left(
    office: SmallOffice, saving: list[str]
) -> None:
    """The person was last heard on Zalo."""
    telegram = await office.contact(Address("telegram", "7001", "42"))
    zalo = await office.contact(ZALO)
    whose = update(addresses).where(addresses.c.id.in_((telegram, zalo))).values(person_id=office.people["cap-uy"])
    await office.db.write(lambda tx: tx.execute(whose))
    await plan_letters(office.db, [PlanLetter("k", "nudge", office.people["cap-uy"], NOW, reply=reply("nhắc"))], NOW)

    on_zalo = await take(office, saving=saving)
    on_telegram = await claim_sendable(office.db, "telegram", "7001", "one", NOW, 10, 15, saving=saving)
    assert (len(on_zalo), len(on_telegram)) == ((0, 1) if saving else (1, 0))
