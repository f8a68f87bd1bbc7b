import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from domain.changes import MarkReach, Outcome, PlanLetter, UseInvite
from domain.messages import (
    Address,
    Attachment,
    CandidateName,
    Drawing,
    Figure,
    FigureSheet,
    PersonName,
    Reply,
    Text,
    line,
)
from domain.people import Role
from domain.refusals import Conflict
from storage.asking import OutboxRow
from storage.letters import Late, keep_plan, plan_letters
from storage.office import make_invite
from storage.outbox import Settlement, claim_sendable, compose_letter, mark_unreachable, settle
from storage.read import letters, people, questions
from storage.tables import addresses, outbox
from tests.storage.small_office import CHAT, NOW, SmallOffice, card, reply

OTHER = Address("telegram", "7001", "43")
ZALO = Address("zalo", "9", "abc")
RICH = Reply(
    (line("Đã ghi ", Text("số 31", bold=True), CandidateName(7), PersonName(2)),),
    menu=True,
    attachment=Attachment(Drawing.TEMPLATE, "tien-do.png"),
    sheet=FigureSheet("K7Q2", (Figure("Chi bộ", 3, "2026", "ceremony", 2),)),
)


async def take(
    office: SmallOffice, owner: str = "one", *, limit: int = 10, lease: float = 15, **more: Any
) -> list[OutboxRow]:
    return await claim_sendable(office.db, "telegram", "7001", owner, NOW, limit, lease, **more)


async def say(office: SmallOffice, contact_id: int, *said: Outcome | str) -> None:
    for each in said:
        await office.turn(Outcome(reply(each)) if isinstance(each, str) else each, contact_id=contact_id)


async def rows(office: SmallOffice) -> Sequence[Row[Any]]:
    async with office.db.reading() as tx:
        return (await tx.execute(select(outbox).order_by(outbox.c.id))).all()


async def lapse(office: SmallOffice, seconds: float) -> None:
    """Lease time goes by for everything in the outbox."""
    await office.db.write(lambda tx: tx.execute(update(outbox).values(lease_until=outbox.c.lease_until - seconds)))


async def of_person(office: SmallOffice, key: str, address: Address = CHAT) -> int:
    """The contact of somebody in charge, joined from this chat."""
    contact_id = await office.contact(address)
    await office.db.write(
        lambda tx: tx.execute(
            update(addresses).where(addresses.c.id == contact_id).values(person_id=office.people[key])
        )
    )
    return contact_id


def letter(office: SmallOffice, key: str = "digest|2026-W47|1", **more: Any) -> PlanLetter:
    fields: dict[str, Any] = {"rule": "weekly-digest", "not_before": NOW, "period": "2026-W47"}
    return PlanLetter(key, person_id=office.people["cap-uy"], **(fields | more))


def texts(taken: Sequence[OutboxRow]) -> list[str]:
    return ["".join(span.text for span in one.reply.lines[0] if isinstance(span, Text)) for one in taken if one.reply]


async def test_a_reply_comes_out_as_it_was_said(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await say(office, contact_id, Outcome(RICH))
    (row,) = await take(office)
    assert row.reply == RICH
    assert (row.kind, row.contact_id, row.chat, row.attempts, row.is_repeat) == ("reply", contact_id, "42", 1, False)


async def test_a_settled_row_keeps_no_words(office: SmallOffice) -> None:
    contact_id = await office.contact()
    for state in ("sent", "failed", "skipped", "cancelled"):
        await say(office, contact_id, "bí mật")
        (row,) = await take(office)
        await settle(office.db, [Settlement(row.id, state, "", "501")])
    kept = await rows(office)
    assert [(row.state, row.body) for row in kept] == [
        ("sent", None),
        ("failed", None),
        ("skipped", None),
        ("cancelled", None),
    ]
    assert kept[0].message_id == "501"


async def test_answers_of_a_chat_come_in_order_one_at_a_time(office: SmallOffice) -> None:
    first, second = await office.contact(), await office.contact(OTHER)
    await say(office, first, "một", "hai")
    await say(office, second, "ba")
    taken = await take(office)
    assert texts(taken) == ["một", "ba"]
    assert await take(office) == []
    await settle(office.db, [Settlement(row.id, "sent") for row in taken])
    assert texts(await take(office)) == ["hai"]


async def test_two_senders_at_once_never_have_one_row(office: SmallOffice) -> None:
    for n in range(10):
        await say(office, await office.contact(Address("telegram", "7001", str(n))), "xin chào")
    taken = await asyncio.gather(*(take(office, f"process {n}", limit=4) for n in range(4)))
    ids = [row.id for one in taken for row in one]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(await take(office)) == 10


async def test_each_account_sends_only_its_own(office: SmallOffice) -> None:
    await say(office, await office.contact(ZALO), "xin chào")
    assert await take(office) == []
    assert len(await claim_sendable(office.db, "zalo", "9", "one", NOW, 10, 60)) == 1


async def test_what_was_surely_not_sent_waits_and_goes_again_in_its_place(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await say(office, contact_id, "một", "hai")
    (row,) = await take(office)
    later = NOW + timedelta(seconds=9)
    await settle(office.db, [Settlement(row.id, "planned", "429", not_before=later)])
    assert await take(office) == [], "the second answer does not overtake the first"
    (again,) = await claim_sendable(office.db, "telegram", "7001", "one", later, 10, 60)
    assert (again.id, again.attempts, again.is_repeat) == (row.id, 2, False)


async def test_an_uncertain_reply_is_said_once_more_after_a_while_and_is_marked(office: SmallOffice) -> None:
    await say(office, await office.contact(), "một")
    (row,) = await take(office)
    await settle(office.db, [Settlement(row.id, "uncertain", "no answer")])
    assert await take(office) == []
    await lapse(office, 31)
    (again,) = await take(office)
    assert (again.id, again.is_repeat, texts([again])) == (row.id, True, ["một"])
    await settle(office.db, [Settlement(row.id, "uncertain", "no answer")])
    await lapse(office, 3600)
    assert await take(office) == []
    assert [(one.state, one.body) for one in await rows(office)] == [("uncertain", None)]


async def test_a_restart_between_claim_and_send_repeats_a_reply_once(office: SmallOffice) -> None:
    await say(office, await office.contact(), "một")
    (row,) = await take(office, "dead", lease=15)
    await lapse(office, 16)
    assert await take(office) == [], "perhaps it was said: it waits as any uncertain one"
    assert [(one.state, one.reason) for one in await rows(office)] == [("uncertain", "claim ran out")]
    await lapse(office, 15)
    (again,) = await take(office)
    assert (again.id, again.is_repeat) == (row.id, True)


async def test_who_has_written_since_is_not_told_again(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await say(office, contact_id, "một")
    (row,) = await take(office)
    await settle(office.db, [Settlement(row.id, "uncertain", "no answer")])
    await office.hear("sao rồi?")
    await lapse(office, 31)
    assert await take(office) == []
    assert [(one.state, one.reason, one.body) for one in await rows(office)] == [("uncertain", "written since", None)]


async def test_what_died_with_its_sender_is_said_even_if_the_person_wrote_since(office: SmallOffice) -> None:
    await say(office, await office.contact(), "một")
    (row,) = await take(office, "dead", lease=15)
    await office.hear("sao rồi?")
    for _ in range(2):
        await lapse(office, 16)
        assert await take(office) == []
        await lapse(office, 15)
        (again,) = await take(office, "dead again", lease=15)
        assert (again.id, again.is_repeat) == (row.id, True)


async def test_what_was_written_before_the_claim_does_not_count_as_written_since(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await say(office, contact_id, "một")
    await office.hear("và còn nữa")
    (row,) = await take(office)
    await settle(office.db, [Settlement(row.id, "uncertain", "no answer")])
    await lapse(office, 31)
    assert [one.id for one in await take(office)] == [row.id]


async def test_an_answer_that_comes_late_still_settles(office: SmallOffice) -> None:
    await say(office, await office.contact(), "một")
    (row,) = await take(office, lease=0)
    await take(office)
    await settle(office.db, [Settlement(row.id, "sent", "", "501")])
    await lapse(office, 3600)
    assert await take(office) == []
    assert [one.state for one in await rows(office)] == ["sent"]


async def test_a_letter_is_planned_once_under_its_key(office: SmallOffice) -> None:
    assert await plan_letters(office.db, [letter(office), letter(office)], NOW) == 1
    both = await asyncio.gather(*(plan_letters(office.db, [letter(office, "k2")], NOW) for _ in range(3)))
    assert sum(both) == 1
    for _ in range(5):
        assert await plan_letters(office.db, [letter(office), letter(office, "k2")], NOW) == 0
    assert len(await rows(office)) == 2


async def test_a_letter_goes_to_the_chat_last_heard_from(office: SmallOffice) -> None:
    await of_person(office, "cap-uy", ZALO)
    contact_id = await of_person(office, "cap-uy")
    await office.hear("sau cùng", at=NOW + timedelta(minutes=1))
    await plan_letters(office.db, [letter(office)], NOW)
    assert await claim_sendable(office.db, "zalo", "9", "one", NOW, 10, 60) == []
    (row,) = await take(office)
    assert (row.kind, row.contact_id, row.chat, row.person_id) == ("letter", contact_id, "42", office.people["cap-uy"])
    assert (row.rule, row.period, row.step, row.reply) == ("weekly-digest", "2026-W47", 0, None)


async def test_replies_go_before_letters_and_letters_can_be_limited(office: SmallOffice) -> None:
    contact_id = await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office), letter(office, "k2")], NOW)
    await say(office, contact_id, "trả lời")
    assert [row.kind for row in await take(office, limit=2, letters=0)] == ["reply"]
    assert [row.kind for row in await take(office, limit=9, letters=1)] == ["letter"]


async def test_a_letter_waits_until_its_time(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office, not_before=NOW + timedelta(minutes=1))], NOW)
    assert await take(office) == []


async def test_a_letter_waits_a_quarter_of_an_hour_for_an_open_card(office: SmallOffice) -> None:
    contact_id = await of_person(office, "cap-uy")
    await say(office, contact_id, card())
    (asked,) = await take(office)
    await settle(office.db, [Settlement(asked.id, "sent")])
    await plan_letters(office.db, [letter(office)], NOW)
    assert await take(office) == []
    later = NOW + timedelta(minutes=16)
    assert len(await claim_sendable(office.db, "telegram", "7001", "one", later, 10, 60)) == 1


async def test_an_answered_card_holds_no_letter(office: SmallOffice) -> None:
    contact_id = await of_person(office, "cap-uy")
    await say(office, contact_id, card())
    (asked,) = await take(office)
    assert asked.question
    await office.turn(Outcome(None, settles=asked.question.id))
    await plan_letters(office.db, [letter(office)], NOW)
    assert [row.kind for row in await take(office)] == ["letter"]


async def test_an_uncertain_letter_is_never_sent_again_by_itself(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office), letter(office, "k2", reply=reply("Thư"))], NOW)
    (composed,) = await take(office, lease=15)
    (ready,) = composed.others
    await compose_letter(office.db, composed.id, reply("Bản tin"), None, NOW)
    await settle(office.db, [Settlement(ready.id, "uncertain", "no answer")])
    await lapse(office, 3600)
    assert await take(office) == []
    assert [(one.state, one.body) for one in await rows(office)] == [("uncertain", None), ("uncertain", None)]
    async with office.db.reading() as tx:
        unsure = await letters.of_person(tx, office.people["cap-uy"], NOW - timedelta(days=1))
    assert {one.reason for one in unsure} == {"claim ran out", "no answer"}


async def test_letters_in_one_message_are_all_uncertain_when_its_sender_dies(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office), letter(office, "k2"), letter(office, "k3")], NOW)
    (first,) = await take(office, lease=15)
    second, third = first.others
    await compose_letter(office.db, first.id, reply("Cả hai"), None, NOW, others={second.id: second.attempts})
    await lapse(office, 3600)
    assert [row.id for row in await take(office)] == [third.id], "it had no words yet, so it was not among them"
    kept = {one.id: (one.state, one.sent_with) for one in await rows(office)}
    assert (kept[first.id], kept[second.id]) == (("uncertain", None), ("uncertain", first.id))


async def test_letters_that_wait_again_are_apart_again_and_keep_their_own_words(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(
        office.db, [letter(office, "k1", reply=reply("Một")), letter(office, "k2", reply=reply("Hai"))], NOW
    )
    (first,) = await take(office)
    both = [first.id, first.others[0].id]
    await compose_letter(office.db, both[0], reply("Một và hai", "Xem"), None, NOW, others={both[1]: 1})
    await settle(office.db, [Settlement(one, "planned", "held", not_before=NOW) for one in both])
    (again,) = await take(office)
    assert [again.reply, again.others[0].reply] == [reply("Một"), reply("Hai")]
    assert {one.sent_with for one in await rows(office)} == {None}


async def test_a_letter_that_had_no_words_yet_was_surely_not_sent(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office)], NOW)
    (row,) = await take(office, "dead", lease=0)
    (again,) = await take(office)
    assert (again.id, again.attempts, again.is_repeat) == (row.id, 2, False)


async def test_a_composed_letter_brings_its_question(office: SmallOffice) -> None:
    contact_id = await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office)], NOW)
    (row,) = await take(office)
    question = await compose_letter(office.db, row.id, reply("Bản tin", "Xem", "Nhắc"), None, NOW)
    assert question
    assert (question.contact_id, len(question.choices), question.is_sent) == (contact_id, 2, False)
    again = await compose_letter(office.db, row.id, reply("Bản tin", "Xem", "Nhắc"), None, NOW)
    assert again
    assert again.first_number == 1, "the first was never seen"
    await settle(office.db, [Settlement(row.id, "sent")])
    async with office.db.reading() as tx:
        assert [one.id for one in await questions.open_of(tx, contact_id, NOW) if one.is_sent] == [again.id]
    with pytest.raises(Conflict):
        await compose_letter(office.db, row.id, reply("Bản tin"), None, NOW)


async def test_letters_for_somebody_without_an_address_are_held_until_there_is_one(office: SmallOffice) -> None:
    await plan_letters(office.db, [letter(office)], NOW)
    assert await take(office) == []
    assert [(one.state, one.reason) for one in await rows(office)] == [("held", "no address")]
    contact_id = await office.contact()
    invite_id = await make_invite(
        office.db,
        fingerprint="f",
        role=Role.MONITOR,
        unit_id=office.unit["DU1"],
        name="",
        expires_at=NOW + timedelta(days=7),
        inviter_id=None,
        now=NOW,
    )
    await office.apply(UseInvite(invite_id, contact_id, None), by=None)
    assert [row.kind for row in await take(office)] == ["letter"]


async def test_who_blocked_us_gets_nothing_until_back(office: SmallOffice) -> None:
    contact_id = await of_person(office, "cap-uy")
    await say(office, contact_id, "trả lời")
    await plan_letters(office.db, [letter(office)], NOW)
    await mark_unreachable(office.db, contact_id, "bot was blocked by the user", NOW)
    assert await take(office) == []
    assert [(one.kind, one.state) for one in await rows(office)] == [("reply", "failed"), ("letter", "held")]
    await office.apply(MarkReach(contact_id, is_blocked=False))
    assert [row.kind for row in await take(office)] == ["letter"]


async def test_letters_of_a_past_period_are_given_up_and_say_why(office: SmallOffice) -> None:
    old, fresh = letter(office, "old", period="2026-W46"), letter(office, "new")
    await plan_letters(office.db, [old, fresh], NOW)
    async with office.db.reading() as tx:
        waiting = {one.period: one for one in await letters.waiting(tx, "weekly-digest")}
    older = replace(old, key="older", period="2026-W45")
    late = [Late(waiting["2026-W46"].id, "too late")]
    await keep_plan(office.db, wanted=[], skipped=[(older, "too late")], late=late, marks={"x": "2026-W47"}, now=NOW)
    async with office.db.reading() as tx:
        skipped = await letters.by_key(tx, "old")
        assert [one.period for one in await letters.waiting(tx, "weekly-digest")] == ["2026-W47"]
        assert await letters.planned_since(tx, "x") == "2026-W47"
        assert await letters.planned_keys(tx, "weekly-digest", "2026-W45") == {"older"}
    assert skipped
    assert (skipped.state, skipped.reason) == ("skipped", "too late")


async def test_when_the_last_letter_went_out_is_known(office: SmallOffice) -> None:
    await of_person(office, "cap-uy")
    await plan_letters(office.db, [letter(office)], NOW)
    (row,) = await take(office)
    async with office.db.reading() as tx:
        assert await letters.last_sent(tx, "weekly-digest", office.people["cap-uy"], NOW + timedelta(days=7)) is None
    await settle(office.db, [Settlement(row.id, "sent")])
    async with office.db.reading() as tx:
        assert await letters.last_sent(tx, "weekly-digest", office.people["cap-uy"], NOW + timedelta(days=7)) == NOW
        assert await letters.last_sent(tx, "weekly-digest", office.people["cap-uy"], NOW) is None
        assert [one.id for one in await people.contacts_of(tx, office.people["cap-uy"])] == [row.contact_id]


async def test_what_is_settled_already_is_not_reset_when_its_neighbour_is_stuck(office: SmallOffice) -> None:
    for address in (CHAT, OTHER):
        await say(office, await office.contact(address), "xin chào")
    sent, stuck = await take(office, lease=15)
    await settle(office.db, [Settlement(sent.id, "sent")])
    await lapse(office, 16)
    assert await take(office) == []
    await lapse(office, 15)
    assert [row.id for row in await take(office)] == [stuck.id]
    await settle(office.db, [Settlement(sent.id, "planned", not_before=NOW)])
    assert [row.state for row in await rows(office)] == ["sent", "claimed"]
