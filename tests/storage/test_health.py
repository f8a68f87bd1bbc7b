from datetime import timedelta

from sqlalchemy import update

from domain.changes import Outcome, PlanLetter
from storage.leases import take_lease
from storage.letters import plan_letters
from storage.outbox import Settlement, claim_sendable, settle
from storage.read import health
from storage.tables import leases
from tests.storage.small_office import CHAT, NOW, SmallOffice, reply


async def figures(office: SmallOffice) -> health.Health:
    async with office.db.reading() as tx:
        return await health.queues(tx)


async def test_an_office_at_rest_has_nothing_waiting(office: SmallOffice) -> None:
    found = await figures(office)

    assert found.waiting == 0
    assert found.oldest_waiting_at is found.oldest_unsent_at is None
    assert (found.turns, found.outbox, found.letters, found.leases) == ({}, {}, {}, {})


async def test_the_oldest_message_that_waits_is_told_by_its_moment(office: SmallOffice) -> None:
    for minutes in (7, 3):
        await office.hear("chào", at=NOW - timedelta(minutes=minutes))
    found = await figures(office)

    assert found.waiting == 2
    assert found.oldest_waiting_at == NOW - timedelta(minutes=7)


async def test_replies_and_letters_are_counted_by_their_state(office: SmallOffice) -> None:
    contact_id = await office.contact(CHAT)
    await office.turn(Outcome(reply("xong")), contact_id=contact_id)
    [row] = await claim_sendable(office.db, CHAT.channel, CHAT.account, "one", NOW, 10, 15)
    await settle(office.db, [Settlement(row.id, "sent", platform_message_id="1")])
    await office.turn(Outcome(reply("chờ")), contact_id=contact_id)
    letter = PlanLetter("digest:1", "weekly-digest", office.people["cap-uy"], not_before=NOW, period="2026-W47")
    await plan_letters(office.db, [letter], NOW)
    found = await figures(office)

    assert found.outbox == {("reply", "sent"): 1, ("reply", "planned"): 1, ("letter", "planned"): 1}
    assert found.letters == {("weekly-digest", "planned"): 1}
    assert found.oldest_unsent_at == NOW


async def test_a_lease_that_ran_out_is_told_from_one_that_is_held(office: SmallOffice) -> None:
    for name in ("hear:telegram:1", "send:telegram:1"):
        await take_lease(office.db, name, "one", 15)
    gone = update(leases).where(leases.c.name == "send:telegram:1").values(lease_until=leases.c.lease_until - 60)
    await office.db.write(lambda tx: tx.execute(gone))
    found = (await figures(office)).leases

    assert found["hear:telegram:1"].owner == "one"
    assert 0 < found["hear:telegram:1"].seconds_left <= 15
    assert found["send:telegram:1"].seconds_left < 0
