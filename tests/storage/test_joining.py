import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.changes import CountGuess, MakeInvite, MarkGreeted, UseInvite
from domain.messages import Address
from domain.people import Role
from domain.refusals import Conflict
from storage.office import make_invite
from storage.read import people
from storage.read.people import Contact, Invite
from storage.tables import addresses
from storage.tables import people as people_table
from tests.storage.small_office import NOW, SmallOffice

OTHER = Address("telegram", "7001", "43")
WEEK = timedelta(days=7)


async def invited(
    office: SmallOffice, print_: str = "f1", *, role: Role = Role.SECRETARY, code: str | None = "CB9", name: str = ""
) -> Invite:
    unit_id = office.unit[code] if code else None
    await office.apply(MakeInvite(print_, role, unit_id, name, NOW + WEEK), by="cap-uy")
    async with office.db.reading() as tx:
        found = await people.invite(tx, print_)
    assert found
    return found


async def contact(office: SmallOffice, contact_id: int) -> Contact:
    async with office.db.reading() as tx:
        found = await people.contact(tx, contact_id)
    assert found
    return found


async def posts_of(office: SmallOffice, person_id: int | None) -> list[tuple[Role, int | None]]:
    async with office.db.reading() as tx:
        found = await people.person(tx, person_id or 0)
    return [(post.role, post.unit_id) for post in found.posts] if found else []


async def count_people(office: SmallOffice) -> int:
    async with office.db.reading() as tx:
        return await tx.scalar(select(func.count()).select_from(people_table)) or 0


async def test_an_invite_is_kept_with_all_that_it_gives(office: SmallOffice) -> None:
    invite = await invited(office, name="Phạm Thị Mới")
    assert (invite.role, invite.unit_id, invite.name) == (Role.SECRETARY, office.unit["CB9"], "Phạm Thị Mới")
    assert (invite.expires_at, invite.inviter_id, invite.used_at) == (NOW + WEEK, office.people["cap-uy"], None)
    async with office.db.reading() as tx:
        assert await people.invite(tx, "f2") is None


async def test_who_uses_an_invite_gets_its_name_and_post(office: SmallOffice) -> None:
    invite = await invited(office, name="Phạm Thị Mới")
    contact_id = await office.contact()
    await office.apply(UseInvite(invite.id, contact_id, None), by=None)
    joined = await contact(office, contact_id)
    assert await posts_of(office, joined.person_id) == [(Role.SECRETARY, office.unit["CB9"])]
    async with office.db.reading() as tx:
        assert await people.names(tx, [joined.person_id or 0]) == {joined.person_id: "Phạm Thị Mới"}
        used = await people.invite(tx, "f1")
    assert used
    assert used.used_at == NOW


async def test_an_invite_is_used_once_by_two_who_race_for_it(office: SmallOffice) -> None:
    invite = await invited(office)
    chats = [await office.contact(), await office.contact(OTHER)]
    both = await asyncio.gather(
        *(office.apply(UseInvite(invite.id, chat, None), by=None) for chat in chats), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Written"]
    joined = [(await contact(office, chat)).person_id for chat in chats]
    assert sum(person_id is not None for person_id in joined) == 1
    assert await count_people(office) == 3


async def test_an_expired_invite_is_worth_nothing(office: SmallOffice) -> None:
    invite = await invited(office)
    contact_id = await office.contact()
    with pytest.raises(Conflict):
        await office.apply(UseInvite(invite.id, contact_id, None), by=None, now=NOW + WEEK)


async def test_a_second_invite_gives_the_same_person_another_post(office: SmallOffice) -> None:
    first, second = await invited(office), await invited(office, "f2", code="CB10", name="Viết khác")
    contact_id = await office.contact()
    await office.apply(UseInvite(first.id, contact_id, None), by=None)
    before = await count_people(office)
    await office.apply(UseInvite(second.id, contact_id, None), by=None)
    joined = await contact(office, contact_id)
    assert await posts_of(office, joined.person_id) == [
        (Role.SECRETARY, office.unit["CB9"]),
        (Role.SECRETARY, office.unit["CB10"]),
    ]
    assert await count_people(office) == before - 1, "the row that waited for the second invite is gone"


async def test_the_same_post_twice_is_one_post(office: SmallOffice) -> None:
    first, second = await invited(office), await invited(office, "f2")
    contact_id = await office.contact()
    for invite in (first, second):
        await office.apply(UseInvite(invite.id, contact_id, None), by=None)
    joined = await contact(office, contact_id)
    assert await posts_of(office, joined.person_id) == [(Role.SECRETARY, office.unit["CB9"])]


async def test_somebody_named_in_the_workbook_is_met_by_the_invite(office: SmallOffice) -> None:
    invite = await invited(office, code="CB1")
    contact_id = await office.contact()
    await office.apply(UseInvite(invite.id, contact_id, None), by=None)
    assert (await contact(office, contact_id)).person_id == office.people["bi-thu-1"]
    assert await count_people(office) == 2


async def test_a_deputy_with_another_name_is_another_person(office: SmallOffice) -> None:
    invite = await invited(office, code="CB1", name="Phó Bí Thư")
    contact_id = await office.contact()
    await office.apply(UseInvite(invite.id, contact_id, None), by=None)
    assert (await contact(office, contact_id)).person_id not in office.people.values()
    assert await posts_of(office, office.people["bi-thu-1"])


async def test_one_person_under_two_keys_becomes_one_with_all_posts(office: SmallOffice) -> None:
    monitor, secretary = await invited(office, role=Role.MONITOR, code="DU1"), await invited(office, "f2", code="CB1")
    contact_id = await office.contact()
    await office.apply(UseInvite(monitor.id, contact_id, None), by=None)
    await office.apply(UseInvite(secretary.id, contact_id, None), by=None)
    assert await posts_of(office, office.people["cap-uy"]) == [
        (Role.SECRETARY, office.unit["CB1"]),
        (Role.SECRETARY, office.unit["CB2"]),
        (Role.MONITOR, office.unit["DU1"]),
    ]
    assert await posts_of(office, office.people["bi-thu-1"]) == []


async def test_an_admin_needs_no_unit(office: SmallOffice) -> None:
    invite_id = await make_invite(
        office.db,
        fingerprint="a1",
        role=Role.ADMIN,
        unit_id=None,
        name="",
        expires_at=NOW + WEEK,
        inviter_id=None,
        now=NOW,
    )
    contact_id = await office.contact()
    await office.apply(UseInvite(invite_id, contact_id, None), by=None)
    assert await posts_of(office, (await contact(office, contact_id)).person_id) == [(Role.ADMIN, None)]


async def test_an_address_of_somebody_else_is_not_taken_over(office: SmallOffice) -> None:
    contact_id = await office.contact()
    mine = update(addresses).where(addresses.c.id == contact_id).values(person_id=office.people["cap-uy"])
    await office.db.write(lambda tx: tx.execute(mine))
    invite = await invited(office)
    with pytest.raises(Conflict):
        await office.apply(UseInvite(invite.id, contact_id, office.people["bi-thu-1"]), by=None)
    async with office.db.reading() as tx:
        unused = await people.invite(tx, "f1")
    assert unused
    assert unused.used_at is None


async def test_wrong_codes_are_counted_and_forgotten_after_an_hour(office: SmallOffice) -> None:
    contact_id = await office.contact()

    async def guess(**later: Any) -> Contact:
        await office.apply(CountGuess(contact_id), by=None, now=NOW + timedelta(**later))
        return await contact(office, contact_id)

    first, second, third = await guess(), await guess(minutes=59), await guess(minutes=61)
    assert [(one.guesses, one.guesses_since) for one in (first, second, third)] == [
        (1, NOW),
        (2, NOW),
        (1, NOW + timedelta(minutes=61)),
    ]


async def test_a_stranger_is_greeted_once(office: SmallOffice) -> None:
    contact_id = await office.contact()
    assert (await contact(office, contact_id)).greeted_at is None
    await office.apply(MarkGreeted(contact_id), by=None)
    assert (await contact(office, contact_id)).greeted_at == NOW


async def test_two_chats_with_codes_for_one_person_do_not_both_become_that_person(office: SmallOffice) -> None:
    one, two = await invited(office, "f1", name="Phạm Thị Mới"), await invited(office, "f2", code="CB2")
    chats = [await office.contact(), await office.contact(OTHER)]
    async with office.db.reading() as tx:
        person_id = await tx.scalar(select(people_table.c.id).where(people_table.c.name == "Phạm Thị Mới"))
    both = await asyncio.gather(
        *(
            office.apply(UseInvite(invite.id, chat, person_id), by=None)
            for invite, chat in zip((one, two), chats, strict=True)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Written"]
