import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Delete, Update, delete, select, text, update

from domain.changes import AddCandidate, ChangeCandidate, Looked, MakeInvite, Outcome, Undo, UseInvite
from domain.messages import CandidateName, Reply, line
from domain.office import Retention
from domain.people import Role
from domain.records import Standing
from storage.audit import first_broken
from storage.database import Database
from storage.inbox import Room, accept, claim_lanes
from storage.leases import end_lease, take_lease
from storage.outbox import Settlement, claim_sendable, settle
from storage.tables import audit, heard, inbox, leases, metadata, outbox, questions
from storage.upkeep import forget
from tests.storage.small_office import NOW, TODAY, SmallOffice, admission, card, draft_named, incoming, reply

CANARY = "Đặng Thị Chim Hoàng Yến"
JOB = "nghề chim hoàng yến"


async def places_of(db: Database, words: str) -> set[str]:
    """The tables in which these words stand, in any column, in any spelling of JSON."""
    spellings = {words.casefold(), json.dumps(words)[1:-1].casefold()}
    found: set[str] = set()
    async with db.reading() as tx:
        for table in metadata.sorted_tables:
            for row in await tx.execute(text(f"SELECT * FROM {table.name}")):  # noqa: S608 - our own tables
                # Value by value: how a whole row is printed would hide the escapes of JSON.
                if any(spelling in str(value).casefold() for value in row for spelling in spellings):
                    found.add(table.name)
    return found


async def test_personal_values_stand_in_people_and_candidates_alone(office: SmallOffice) -> None:
    contact_id = await office.contact()
    draft = replace(draft_named(CANARY, office.unit["CB1"]), job=JOB, birth_year=1987, ethnicity="Tày")
    asked = Outcome(Reply((line("Ghi kết nạp ", CandidateName(draft.id)),)), changes=(AddCandidate(draft),))
    await office.turn(asked, contact_id=contact_id)
    written = await office.apply(admission(draft, TODAY))
    saved = replace(draft, version=1, standing=Standing.LIVE, consent_by=office.people["bi-thu-1"], consent_at=NOW)
    await office.apply(ChangeCandidate(saved), Undo(written.numbers[0]), Looked("list", office.unit["CB1"], 1))
    await office.apply(MakeInvite("f1", Role.SECRETARY, office.unit["CB9"], CANARY, NOW + timedelta(days=7)))
    assert await places_of(office.db, CANARY) == {"people", "candidates"}
    assert await places_of(office.db, JOB) == {"candidates"}


async def test_what_people_wrote_is_emptied_a_week_after_the_turn_and_still_deduplicates(office: SmallOffice) -> None:
    message = replace(incoming(CANARY, key="t:1"), code="f00", marks=("phone",))
    await accept(office.db, [message], NOW)
    (claim,) = await claim_lanes(office.db, Room("one", 1, 60))
    assert claim.item
    await office.turn(Outcome(None), item_id=claim.item.id)
    await forget(office.db, Retention(), NOW + timedelta(days=7))
    assert await places_of(office.db, CANARY) == {"inbox"}
    assert await forget(office.db, Retention(), NOW + timedelta(days=7, seconds=1)) == 1
    assert await places_of(office.db, CANARY) == set()
    assert await accept(office.db, [message], NOW + timedelta(days=8)) == 0
    await forget(office.db, Retention(), NOW + timedelta(days=61))
    async with office.db.reading() as tx:
        assert (await tx.execute(select(heard))).all() == (await tx.execute(select(inbox))).all() == []


async def test_what_still_waits_is_not_emptied(office: SmallOffice) -> None:
    await office.hear("chờ")
    await forget(office.db, Retention(), NOW + timedelta(days=30))
    (claim,) = await claim_lanes(office.db, Room("one", 1, 60))
    assert claim.item
    assert claim.item.incoming.text == "chờ"


async def test_drafts_nobody_answered_are_forgotten_and_listed_people_are_not(office: SmallOffice) -> None:
    await office.apply(AddCandidate(draft_named(CANARY, office.unit["CB1"])))
    await office.candidate(JOB)
    await forget(office.db, Retention(), NOW + timedelta(days=2, seconds=1))
    assert await places_of(office.db, CANARY) == set()
    assert await places_of(office.db, JOB) == {"candidates"}


async def test_what_was_said_and_asked_goes_after_its_time_and_the_trail_stays(office: SmallOffice) -> None:
    contact_id = await office.contact()
    for _ in range(3):
        await office.turn(card(), contact_id=contact_id)
        (row,) = await claim_sendable(office.db, "telegram", "7001", "one", NOW, 1, 15)
        await settle(office.db, [Settlement(row.id, "sent")])

    async def left(*, after_days: int) -> list[int]:
        await forget(office.db, Retention(), NOW + timedelta(days=after_days))
        async with office.db.reading() as tx:
            return [len((await tx.execute(select(table))).all()) for table in (outbox, questions)]

    async with office.db.reading() as tx:
        trail = len((await tx.execute(select(audit))).all())
    assert await left(after_days=59) == [3, 3]
    # The newest question stays, so that its number is not given to another.
    assert await left(after_days=62) == [0, 1]
    async with office.db.reading() as tx:
        assert len((await tx.execute(select(audit))).all()) == trail


async def test_the_words_of_an_uncertain_card_go_when_its_question_is_over(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await office.turn(card(CANARY), contact_id=contact_id)
    for _ in range(2):
        rows = await claim_sendable(office.db, "telegram", "7001", "one", NOW, 1, 15)
        await settle(office.db, [Settlement(rows[0].id, "uncertain")], uncertain_seconds=0)
    await forget(office.db, Retention(), NOW + timedelta(hours=23))
    assert await places_of(office.db, CANARY) == {"outbox"}
    await forget(office.db, Retention(), NOW + timedelta(hours=24))
    assert await places_of(office.db, CANARY) == set()


async def test_every_change_leaves_its_mark_in_the_same_commit(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    number = await office.admit(candidate, TODAY)
    await office.apply(Undo(number), Looked("list", office.unit["CB2"], 3, allowed=False))
    async with office.db.reading() as tx:
        rows = (await tx.execute(select(audit).order_by(audit.c.id))).all()
        assert await tx.run_sync(first_broken) is None
    assert [row.what for row in rows[-5:]] == [
        "candidate_added",
        "candidate_changed",
        "entry_made",
        "entry_undone",
        "look_refused",
    ]
    assert {row.person_id for row in rows[-5:]} == {office.people["bi-thu-1"]}
    assert (rows[-3].entry, rows[-3].candidate_id, rows[-3].unit_id) == (number, candidate.id, office.unit["CB1"])
    assert [row.id for row in rows] == list(range(1, len(rows) + 1))


async def test_somebody_who_joins_is_the_one_who_did_it(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await office.apply(MakeInvite("f1", Role.SECRETARY, office.unit["CB9"], "", NOW + timedelta(days=1)))
    await office.apply(UseInvite(1, contact_id, None), by=None)
    async with office.db.reading() as tx:
        row = (await tx.execute(select(audit).where(audit.c.what == "invite_used"))).one()
    assert row.person_id not in (None, *office.people.values())


async def test_the_chain_stays_whole_when_many_write_at_once(office: SmallOffice) -> None:
    await asyncio.gather(*(office.apply(Looked("list", office.unit["CB1"], n)) for n in range(12)))
    async with office.db.reading() as tx:
        assert await tx.run_sync(first_broken) is None


async def test_a_chain_that_was_tampered_with_says_where(office: SmallOffice) -> None:
    for n in range(5):
        await office.apply(Looked("list", office.unit["CB1"], n))
    async with office.db.reading() as tx:
        last = max((await tx.execute(select(audit.c.id))).scalars())
    row = audit.c.id == last - 2
    tampering = (
        (update(audit).where(row).values(unit_id=office.unit["CB2"]), last - 2),
        (delete(audit).where(row), last - 2),
        (delete(audit).where(audit.c.id == last), last),
    )
    for change, broken in tampering:

        def tampered(tx: Connection, change: Update | Delete = change) -> None:
            tx.execute(change)
            raise Tampered(first_broken(tx))

        with pytest.raises(Tampered) as found:
            await office.db.write(tampered)
        assert found.value.args == (broken,)


class Tampered(Exception):
    """Takes the tampering back."""


async def test_a_lease_has_one_holder_who_may_renew_it_and_another_takes_over(database: Database) -> None:
    won = await asyncio.gather(*(take_lease(database, "poll:7001", f"process {n}", 60) for n in range(3)))
    assert sorted(won) == [False, False, True]
    holder = f"process {won.index(True)}"
    assert await take_lease(database, "poll:7001", holder, 60)
    assert not await take_lease(database, "poll:7001", "another", 60)
    assert await take_lease(database, "send:7001", "another", 60)
    await end_lease(database, "poll:7001", "another")
    assert not await take_lease(database, "poll:7001", "another", 60)
    await database.write(lambda tx: tx.execute(update(leases).values(lease_until=leases.c.lease_until - 61)))
    assert await take_lease(database, "poll:7001", "another", 60)
    await end_lease(database, "poll:7001", "another")
    assert await take_lease(database, "poll:7001", holder, 60)


async def test_a_reply_that_needs_what_was_written_is_made_in_the_same_transaction(office: SmallOffice) -> None:
    contact_id = await office.contact()
    candidate = await office.candidate("Lê Văn A")
    outcome = Outcome(
        lambda written: reply(f"Số {written.numbers[0]}: {written.standings[office.unit['CB1']].done}"),
        changes=(admission(candidate, TODAY),),
        recount=(office.unit["CB1"],),
        year=2026,
    )
    written = await office.turn(outcome, contact_id=contact_id)
    (row,) = await claim_sendable(office.db, "telegram", "7001", "one", NOW, 1, 15)
    assert row.reply == reply(f"Số {written.numbers[0]}: 1")
