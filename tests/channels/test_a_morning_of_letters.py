"""A morning with letters to 500 people, in which Telegram says that it is too much: answers go all the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from channels.pace import Pace
from channels.telegram import TelegramChannel
from domain.calendar import ZONE
from domain.changes import Outcome, PlanLetter
from domain.messages import Reply, line
from domain.people import Role
from jobs.delivery import LETTERS_IN_FLIGHT, Delivery
from jobs.letters import Letters
from storage.apply import apply
from storage.database import Database
from storage.letters import plan_letters
from storage.tables import addresses, outbox, people, posts, units
from tests.cast import NOW, Stage, drawn_blank, stage
from tests.platforms.client import Emulator
from tests.records import rows

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
RECIPIENTS = 500
BEFORE_IT_IS_TOO_MUCH = 60
FIRST_CHAT = 50_000


async def test_while_a_refusal_holds_500_letters_an_answer_goes_out_at_once(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], database: Database
) -> None:
    emulator.config(strict_chats=False)
    async with stage(database) as here:
        here.clock[0] = MONDAY
        contact_ids = await with_letters(here, "1000000001")
        emulator.fault("sendMessage", "429", times=1, skip=BEFORE_IT_IS_TOO_MUCH, retry_after=30)
        delivery = sender(here, make_channel(emulator.token, emulator.api_url))

        await delivery.drain()

        told = len(said(emulator))
        assert BEFORE_IT_IS_TOO_MUCH <= told <= BEFORE_IT_IS_TOO_MUCH + LETTERS_IN_FLIGHT
        assert emulator.stats()["count_429"] == 1
        asker = contact_ids[-1]
        await answered(here, asker, "Đã ghi số 1.")
        await delivery.drain()
        assert said(emulator)[told:] == ["Đã ghi số 1."], "the answer, and not one letter before or with it"
        assert await states(database) == {"sent": told, "planned": RECIPIENTS - told}

        emulator.clear_faults()
        here.clock[0] = MONDAY + timedelta(seconds=31)
        # As after the thirty seconds: a sender that was told nothing has no other wait than the rows' own.
        await sender(here, make_channel(emulator.token, emulator.api_url)).drain()
        assert await states(database) == {"sent": RECIPIENTS}
        letters = [words for words in said(emulator) if words.startswith("Thư")]
        assert len(letters) == len(set(letters)) == RECIPIENTS, "each once"
    emulator.config(strict_chats=True)


def said(emulator: Emulator) -> list[str]:
    return [sent.text for sent in emulator.sent(method="sendMessage")]


def sender(here: Stage, channel: TelegramChannel) -> Delivery:
    pace = Pace(per_second=1e6, per_chat_per_second=1e6, chat_burst=10**6)
    # No claim may run out, however slow the machine is.
    office = replace(here.office, timing=replace(here.office.timing, lease_seconds=600))
    letters = Letters(here.db, office, here.engine.now)
    return Delivery(here.db, channel, pace, office, here.engine.now, "sender", letters.compose, drawn_blank)


async def with_letters(here: Stage, account: str) -> list[int]:
    """So many secretaries of one branch, each with a chat and a letter that may go now."""

    def write(tx: Connection) -> tuple[list[int], list[int]]:
        unit = tx.execute(select(units.c.id).where(units.c.code == "B1")).scalar_one()
        person_ids: list[int] = []
        contact_ids: list[int] = []
        same = {"channel": "telegram", "account": account, "heard_at": NOW, "is_group": False, "is_blocked": False}
        same |= {"blocked_reason": "", "guesses": 0, "last_item_id": 0}
        for number in range(RECIPIENTS):
            who = tx.execute(
                insert(people).values(name=f"Người {number}", version=0, made_at=NOW).returning(people.c.id)
            ).scalar_one()
            held = {"person_id": who, "role": Role.SECRETARY.value, "unit_id": unit, "since": NOW.date()}
            tx.execute(insert(posts).values(held))
            chat = same | {"chat": str(FIRST_CHAT + number), "person_id": who}
            contact_ids.append(tx.execute(insert(addresses).values(chat).returning(addresses.c.id)).scalar_one())
            person_ids.append(who)
        return person_ids, contact_ids

    person_ids, contact_ids = await here.db.write(write)
    letters = [
        PlanLetter(f"many|{who}", "announcement", who, MONDAY, reply=Reply((line(f"Thư {who}."),)))
        for who in person_ids
    ]
    await plan_letters(here.db, letters, MONDAY)
    return contact_ids


async def answered(here: Stage, contact_id: int, words: str) -> None:
    await apply(
        here.db,
        outcome=Outcome(Reply((line(words),))),
        item_id=None,
        contact_id=contact_id,
        person_id=None,
        now=here.clock[0],
        counts_by=here.office.counts_by,
    )


async def states(database: Database) -> dict[str, int]:
    query = select(outbox.c.state, func.count()).where(outbox.c.kind == "letter").group_by(outbox.c.state)
    return dict(tuple(row) for row in await rows(database, query))
