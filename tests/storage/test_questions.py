from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.changes import Draft, Outcome
from domain.messages import Address, Choice, Figure, FigureSheet, Reply, line
from domain.refusals import Conflict
from storage.outbox import Settlement, claim_sendable, settle
from storage.read import questions
from storage.read.questions import Question
from storage.tables import outbox
from tests.storage.small_office import NOW, SmallOffice, card, reply


async def open_questions(office: SmallOffice, contact_id: int, hours: float = 0) -> list[Question]:
    async with office.db.reading() as tx:
        return await questions.open_of(tx, contact_id, NOW + timedelta(hours=hours))


async def ask(office: SmallOffice, contact_id: int, outcome: Outcome | None = None) -> Question:
    await office.turn(outcome or card(), contact_id=contact_id)
    return (await open_questions(office, contact_id))[0]


async def send(office: SmallOffice, state: str) -> None:
    claimed = await claim_sendable(office.db, "telegram", "7001", "one", NOW, 10, 60)
    await settle(office.db, [Settlement(row.id, state) for row in claimed])


async def test_a_card_becomes_a_question_with_its_draft_and_choices(office: SmallOffice) -> None:
    contact_id = await office.contact()
    question = await ask(office, contact_id)
    assert question.draft == Draft("admission", {"candidate": 7})
    assert question.choices == (Choice("Lưu", "Lưu"), Choice("Sửa", "Sửa"), Choice("Bỏ", "Bỏ"))
    assert (question.first_number, question.contact_id, question.person_id) == (
        1,
        contact_id,
        office.people["bi-thu-1"],
    )
    assert (question.is_sent, question.is_uncertain, question.settled_at) == (False, False, None)
    assert question.expires_at == NOW + timedelta(hours=24)
    async with office.db.reading() as tx:
        assert await questions.by_id(tx, question.id) == question
        assert await questions.by_id(tx, question.id + 1) is None


async def test_numbers_go_on_while_an_older_question_is_open(office: SmallOffice) -> None:
    contact_id = await office.contact()
    first = await ask(office, contact_id)
    second = await ask(office, contact_id, card("Ghi việc này?", "Lưu", "Bỏ"))
    third = await ask(office, contact_id)
    assert (first.first_number, second.first_number, third.first_number) == (1, 4, 6)
    assert await open_questions(office, contact_id) == [third, second, first]


async def test_a_question_settled_in_the_same_turn_gives_its_numbers_back(office: SmallOffice) -> None:
    contact_id = await office.contact()
    first = await ask(office, contact_id)
    answered = Outcome(reply("Đã ghi", "Hoàn tác"), settles=first.id)
    assert (await ask(office, contact_id, answered)).first_number == 1


async def test_other_chats_number_for_themselves(office: SmallOffice) -> None:
    await ask(office, await office.contact())
    other = await office.contact(Address("telegram", "7001", "43"))
    assert (await ask(office, other)).first_number == 1


async def test_a_form_without_choices_is_a_question_that_takes_no_number(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await ask(office, contact_id, Outcome(reply("Ngày nào?"), draft=Draft("admission", {"needs": ["date"]})))
    assert (await ask(office, contact_id)).first_number == 1


async def test_a_plain_answer_opens_no_question(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await office.turn(Outcome(reply("Chào đồng chí")), contact_id=contact_id)
    assert await open_questions(office, contact_id) == []


async def test_after_a_day_a_question_counts_no_more(office: SmallOffice) -> None:
    contact_id = await office.contact()
    first = await ask(office, contact_id)
    assert await open_questions(office, contact_id, 23.9) == [first]
    assert await open_questions(office, contact_id, 24) == []
    await office.turn(card(), contact_id=contact_id, now=NOW + timedelta(hours=25))
    (second,) = await open_questions(office, contact_id, 25)
    assert second.first_number == 1


async def test_a_question_is_answered_once(office: SmallOffice) -> None:
    contact_id = await office.contact()
    question = await ask(office, contact_id)
    await office.turn(Outcome(None, settles=question.id))
    with pytest.raises(Conflict):
        await office.turn(Outcome(None, settles=question.id))
    async with office.db.reading() as tx:
        settled = await questions.by_id(tx, question.id)
    assert settled
    assert settled.settled_at == NOW


@pytest.mark.parametrize(
    ("state", "is_sent", "is_uncertain"), [("sent", True, False), ("uncertain", False, True), ("planned", False, False)]
)
async def test_a_question_knows_whether_it_was_seen(
    office: SmallOffice, state: str, is_sent: bool, is_uncertain: bool
) -> None:
    contact_id = await office.contact()
    await ask(office, contact_id)
    await send(office, state)
    (question,) = await open_questions(office, contact_id)
    assert (question.is_sent, question.is_uncertain) == (is_sent, is_uncertain)


async def test_a_question_that_never_went_out_is_over(office: SmallOffice) -> None:
    contact_id = await office.contact()
    await ask(office, contact_id)
    await send(office, "failed")
    assert await open_questions(office, contact_id) == []


async def test_an_uncertain_card_can_be_shown_again_until_it_is_answered(office: SmallOffice) -> None:
    contact_id = await office.contact()
    asked = card()
    question = await ask(office, contact_id, asked)
    await send(office, "uncertain")
    await office.hear("1")
    await office.db.write(lambda tx: tx.execute(update(outbox).values(lease_until=0)))
    await send(office, "uncertain")
    assert (await open_questions(office, contact_id))[0].is_uncertain
    async with office.db.reading() as tx:
        assert await tx.scalar(select(outbox.c.body).where(outbox.c.question_id == question.id))
    await office.turn(Outcome(None, settles=question.id))
    async with office.db.reading() as tx:
        assert await tx.scalar(select(outbox.c.body).where(outbox.c.question_id == question.id)) is None
        assert await tx.scalar(select(outbox.c.state)) == "uncertain"


async def test_figures_are_kept_under_the_code_of_their_message(office: SmallOffice) -> None:
    contact_id = await office.contact()
    sheet = FigureSheet("K7Q2", (Figure("Chi bộ Thôn 1", office.unit["CB1"], "2026", "ceremony", 2),))
    said = Reply((line("1/3 (33%)"),), sheet=sheet)
    await office.turn(Outcome(said), contact_id=contact_id)
    async with office.db.reading() as tx:
        kept = await questions.sheet(tx, "K7Q2")
        assert await questions.sheet(tx, "K7Q3") is None
    assert kept
    assert (kept.sheet, kept.person_id) == (sheet, office.people["bi-thu-1"])
    await office.turn(Outcome(said), contact_id=contact_id)
    with pytest.raises(Conflict):
        await office.turn(Outcome(said), contact_id=contact_id, by="cap-uy")
    with pytest.raises(Conflict):
        await office.turn(Outcome(replace(said, sheet=FigureSheet("K7Q2", ()))), contact_id=contact_id)
