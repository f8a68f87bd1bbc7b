import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from domain.changes import MarkReach, Outcome
from domain.messages import Address, Kind
from storage.apply import AlreadyDone
from storage.inbox import Claim, Item, Lane, Room, accept, claim_lanes, fail_item, next_item
from storage.read import people
from storage.tables import inbox, lanes, outbox
from tests.storage.small_office import CHAT, NOW, SmallOffice, incoming, reply

OTHER = Address("telegram", "7001", "43")


async def claim(office: SmallOffice, owner: str = "one", *, limit: int = 10, lease: float = 60) -> list[Claim]:
    return await claim_lanes(office.db, Room(owner, limit, lease))


async def claimed(office: SmallOffice, owner: str = "one", *, lease: float = 60) -> Item:
    (only,) = await claim(office, owner, lease=lease)
    assert only.item
    return only.item


async def states(office: SmallOffice) -> list[str]:
    async with office.db.reading() as tx:
        return list((await tx.execute(select(inbox.c.state).order_by(inbox.c.id))).scalars())


async def test_what_is_heard_twice_is_kept_once(office: SmallOffice) -> None:
    batch = [incoming("một", key="t:1"), incoming("hai", key="t:2"), incoming("một", key="t:1")]
    assert await accept(office.db, batch, NOW) == 2
    assert await accept(office.db, [*batch, incoming("ba", key="t:3")], NOW) == 1
    assert await accept(office.db, batch, NOW + timedelta(days=6)) == 0


async def test_one_batch_heard_by_two_processes_at_once_is_kept_once(office: SmallOffice) -> None:
    batch = [incoming(str(n), key=f"t:{n}") for n in range(20)]
    new = await asyncio.gather(*(accept(office.db, order, NOW) for order in (batch, batch[::-1], batch)))
    assert sum(new) == 20
    assert await states(office) == ["waiting"] * 20


async def test_an_empty_batch_is_nothing(office: SmallOffice) -> None:
    assert await accept(office.db, [], NOW) == 0


async def test_what_was_heard_comes_back_as_it_was(office: SmallOffice) -> None:
    heard = replace(
        incoming("kết nạp «Lê Văn A» <b>_*", kind=Kind.PRESS),
        pressed="12:3",
        message_id="99",
        is_group=True,
        code="f00",
        marks=("phone",),
    )
    await accept(office.db, [heard], NOW)
    item = await claimed(office)
    assert item.incoming == heard
    assert (item.attempts, item.heard_at) == (1, NOW)


async def test_in_a_lane_items_go_by_arrival_and_one_at_a_time(office: SmallOffice) -> None:
    await office.hear("một", "hai")
    first = await claimed(office)
    assert first.incoming.text == "một"
    assert await claim(office, "two") == []
    await office.turn(Outcome(None), item_id=first.id)
    second = await next_item(office.db, Lane(first.contact_id, "one", 60))
    assert second
    assert second.incoming.text == "hai"
    await office.turn(Outcome(None), item_id=second.id)
    assert await next_item(office.db, Lane(first.contact_id, "one", 60)) is None
    assert await states(office) == ["done", "done"]


async def test_chats_go_side_by_side_the_longest_waiting_first(office: SmallOffice) -> None:
    await office.hear("một", address=OTHER)
    await office.hear("hai")
    texts = [each.item.incoming.text for each in await claim(office) if each.item]
    assert texts == ["một", "hai"]


async def test_two_claimers_at_once_never_have_one_lane(office: SmallOffice) -> None:
    for n in range(12):
        await office.hear("xin chào", address=Address("telegram", "7001", str(n)))
    taken = await asyncio.gather(*(claim(office, f"process {n}", limit=5) for n in range(4)))
    lanes_taken = [each.contact_id for one in taken for each in one]
    assert len(lanes_taken) == len(set(lanes_taken))
    rest = await claim(office, "last")
    assert len(lanes_taken) + len(rest) == 12


async def test_a_lane_whose_owner_died_is_taken_over_and_the_attempt_is_counted(office: SmallOffice) -> None:
    await office.hear("một")
    dead = await claimed(office, "dead", lease=0)
    again = await claimed(office, "alive")
    assert (dead.attempts, again.attempts) == (1, 2)
    assert await next_item(office.db, Lane(again.contact_id, "dead", 60)) is None
    await next_item(office.db, Lane(again.contact_id, "dead", 60, is_last=True))
    assert await claim(office, "third") == [], "who lost a lane cannot give it away"


async def test_a_released_lane_is_free_at_once(office: SmallOffice) -> None:
    await office.hear("một")
    item = await claimed(office)
    await next_item(office.db, Lane(item.contact_id, "one", 60, is_last=True))
    assert (await claimed(office, "two")).id == item.id


async def test_after_three_attempts_an_item_is_given_up_under_a_reference_and_the_lane_goes_on(
    office: SmallOffice,
) -> None:
    await office.hear("hỏng", "tốt")
    tries = [await claimed(office, f"process {n}", lease=0) for n in range(4)]
    assert [item.attempts for item in tries] == [1, 2, 3, 4]
    item = tries[-1]
    assert await fail_item(office.db, item.id, "7F3A", reply("Có lỗi, mã 7F3A"), NOW)
    assert not await fail_item(office.db, item.id, "7F3B", reply("Có lỗi"), NOW)
    assert (await claimed(office)).incoming.text == "tốt"
    async with office.db.reading() as tx:
        failed = (await tx.execute(select(inbox).where(inbox.c.id == item.id))).one()
        told = (await tx.execute(select(outbox))).one()
    assert (failed.state, failed.reference) == ("failed", "7F3A")
    assert (told.item_id, told.kind) == (item.id, "reply")


async def test_an_item_finished_by_somebody_else_is_not_done_again(office: SmallOffice) -> None:
    await office.hear("một")
    item = await claimed(office)
    both = await asyncio.gather(
        *(office.turn(Outcome(reply("Đã ghi")), item_id=item.id, contact_id=item.contact_id) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["AlreadyDone", "Written"]
    with pytest.raises(AlreadyDone):
        await office.turn(Outcome(None), item_id=item.id)
    async with office.db.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(outbox)) == 1


async def test_a_chat_is_one_contact_whatever_it_sends(office: SmallOffice) -> None:
    await office.hear("một", "hai")
    await office.hear("ba", at=NOW + timedelta(hours=1))
    await office.hear("bốn", address=replace(CHAT, account="7002"))
    async with office.db.reading() as tx:
        first = await people.contact_at(tx, CHAT)
        assert await people.contact_at(tx, OTHER) is None
        assert await tx.scalar(select(func.count()).select_from(lanes)) == 2
    assert first
    assert (first.address, first.person_id, first.is_blocked) == (CHAT, None, False)


async def test_who_writes_again_can_be_reached_again(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await office.apply(MarkReach(contact_id, is_blocked=True))
    await accept(office.db, [incoming("", kind=Kind.BLOCKED)], NOW)
    async with office.db.reading() as tx:
        blocked = await people.contact(tx, contact_id)
    await office.hear("tôi đây")
    async with office.db.reading() as tx:
        back = await people.contact(tx, contact_id)
    assert blocked
    assert back
    assert (blocked.is_blocked, back.is_blocked) == (True, False)


async def test_a_lane_without_a_row_yet_gets_one_when_it_is_heard(office: SmallOffice) -> None:
    await office.contact()
    await office.db.write(lambda tx: tx.execute(lanes.delete()))
    await office.hear("một")
    assert (await claimed(office)).incoming.text == "một"


async def test_leases_are_no_matter_of_the_office_clock(office: SmallOffice) -> None:
    await office.hear("một")
    await claimed(office)
    async with office.db.reading() as tx:
        until = await tx.scalar(select(lanes.c.lease_until))
    assert until
    await office.db.write(lambda tx: tx.execute(update(lanes).values(lease_until=lanes.c.lease_until - 61)))
    assert (await claimed(office, "two")).attempts == 2
