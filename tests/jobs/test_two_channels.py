"""Letters to somebody on two channels: on the one they want, on the other when nothing arrives there, never on both."""

from datetime import datetime

import pytest
from sqlalchemy import Connection, insert, select, update

from channels.channel import TryLater, Uncertain, Unreachable
from domain.calendar import ZONE
from domain.changes import PlanLetter
from domain.incidents import IncidentKind, Trouble
from domain.messages import Choice, Reply, line
from jobs.delivery import Delivery
from jobs.watch import tell
from storage.database import Database
from storage.letters import plan_letters
from storage.tables import addresses, outbox, posts, questions
from tests.cast import Stage, stage
from tests.jobs.recording import let_the_wait_pass, person_of, sender
from tests.records import rows

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
WORDS = "Đồng chí cho biết tình hình tháng này."
REFUSED = (IncidentKind.CHANNEL_REFUSED, "zalo:bot")


async def on_zalo_too(here: Stage) -> None:
    """Lan writes from Zalo, and that was the last that was heard of her."""
    person_id = await person_of(here, "lan")
    there = {"channel": "zalo", "account": "bot", "chat": "z", "person_id": person_id, "heard_at": here.clock[0]}
    there |= {"is_group": False, "is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}
    await here.db.write(lambda tx: tx.execute(insert(addresses).values(there)))


async def letter(here: Stage, reply: Reply | None = None) -> None:
    planned = PlanLetter(
        f"note|{here.clock[0]}",
        "note",
        await person_of(here, "lan"),
        here.clock[0],
        reply=reply or Reply((line(WORDS),)),
    )
    await plan_letters(here.db, [planned], here.clock[0])


async def drain(*deliveries: Delivery) -> None:
    for _ in range(3):
        for delivery in deliveries:
            await delivery.drain()


async def states(database: Database) -> list[str]:
    return [row.state for row in await rows(database, select(outbox.c.state).where(outbox.c.kind == "letter"))]


class Two:
    """Both senders of a house, and what was said on each."""

    def __init__(self, here: Stage) -> None:
        self.test, self.there = sender(here)
        self.zalo, self.on_zalo = sender(here, channel="zalo")

    async def drain(self) -> None:
        await drain(self.test, self.zalo)

    @property
    def said(self) -> list[str]:
        return [channel.name for channel in (self.there, self.on_zalo) for _ in channel.said]


async def prefer(database: Database, chat: str) -> None:
    here = update(addresses).where(addresses.c.chat == chat).values(is_preferred=True)
    await database.write(lambda tx: tx.execute(here))


@pytest.mark.parametrize(("wanted", "goes"), [("", "zalo"), ("lan", "test"), ("z", "zalo")])
async def test_a_letter_goes_where_it_is_wanted_else_where_one_was_last(
    database: Database, wanted: str, goes: str
) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        await prefer(database, wanted)
        two = Two(here)
        await letter(here)
        await two.drain()
        assert two.said == [goes]
        assert await states(database) == ["sent"]


async def test_where_the_bot_was_blocked_the_same_letter_goes_the_other_way(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        two = Two(here)
        two.on_zalo.troubles["z"].append(Unreachable("blocked"))
        await letter(here)
        await two.drain()
        assert two.said == ["test"] and two.there.to("lan") == [WORDS]
        await letter(here)
        await two.drain()
        assert two.on_zalo.tried == ["z"], "and Zalo is not tried again"
        assert await states(database) == ["sent"]


async def test_with_no_other_chat_a_blocked_letter_waits(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Unreachable("blocked"))
        await letter(here)
        await drain(delivery)
        assert await states(database) == ["held"]
        await here.hear("lan", "chào")
        await drain(delivery)
        assert phone.to("lan") == [WORDS]


async def test_an_uncertain_letter_goes_nowhere_else(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        two = Two(here)
        two.on_zalo.troubles["z"].append(Uncertain("answer 504"))
        await letter(here)
        await two.drain()
        await let_the_wait_pass(database)
        here.move(hours=2)
        await two.drain()
        assert two.said == []
        assert await states(database) == ["uncertain"]


@pytest.mark.parametrize("kind", [IncidentKind.CHANNEL_REFUSED, IncidentKind.POLLER_SILENT])
async def test_a_letter_held_by_a_dead_token_goes_the_other_way_once_that_is_known(
    database: Database, kind: IncidentKind
) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        await prefer(database, "z")
        two = Two(here)
        two.on_zalo.troubles["z"].append(TryLater(300, whole_account=True, reason="token refused"))
        await letter(here)
        await two.drain()
        assert two.said == []
        await tell(database, here.office, here.clock[0], there=[Trouble(kind, "zalo:bot")])
        here.move(minutes=6)
        await two.drain()
        assert two.there.to("lan")[-1] == WORDS and two.on_zalo.said == []
        assert "sent" in await states(database)


async def test_once_the_token_is_well_again_letters_go_where_they_are_wanted(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        await prefer(database, "z")
        await tell(database, here.office, here.clock[0], there=[Trouble(*REFUSED)])
        await tell(database, here.office, here.clock[0], over=[REFUSED])
        two = Two(here)
        await letter(here)
        await two.drain()
        assert two.on_zalo.to("z") == [WORDS]


async def test_with_a_dead_token_and_no_other_chat_it_waits_for_the_token(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        gone = update(addresses).where(addresses.c.chat == "lan").values(person_id=None)
        await letter(here)
        await database.write(lambda tx: tx.execute(gone))
        await tell(database, here.office, here.clock[0], there=[Trouble(*REFUSED)])
        two = Two(here)
        await two.drain()
        assert two.on_zalo.to("z") == [WORDS], "it is tried, so that nothing waits longer than it must"


async def test_the_buttons_of_a_letter_that_went_the_other_way_work_there(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)
        two = Two(here)
        two.on_zalo.troubles["z"].append(Unreachable("blocked"))
        await letter(here, Reply((line(WORDS),), (Choice("Không có ai", "tháng này không có ai"),)))
        await two.drain()
        message = two.there.said[0][1]
        chat = await database.write(lambda tx: _chat_of(tx, message.question_id or 0))
        assert chat == "lan"
        assert [choice.number for choice in message.choices] == [1]


def _chat_of(tx: Connection, question_id: int) -> str | None:
    asked = select(addresses.c.chat).join(questions, questions.c.contact_id == addresses.c.id)
    return tx.scalar(asked.where(questions.c.id == question_id))


async def test_an_admin_hears_of_a_dead_token_on_the_other_channel(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await on_zalo_too(here)

        admin = {"person_id": await person_of(here, "lan"), "role": "admin", "since": MONDAY.date()}
        await database.write(lambda tx: tx.execute(insert(posts).values(admin)))
        await tell(database, here.office, here.clock[0], there=[Trouble(*REFUSED)])
        two = Two(here)
        await two.drain()
        assert len(two.there.to("lan")) == 1 and two.on_zalo.said == []
