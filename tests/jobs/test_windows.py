"""A channel that takes letters only for a time after the person wrote: they wait or go another way, and it is told."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from channels.pace import Pace
from domain.calendar import ZONE
from domain.changes import PlanLetter
from domain.messages import Address, Incoming, Kind, Reply, line, plain
from jobs.delivery import Delivery
from jobs.letters import Letters
from storage.database import Database
from storage.inbox import accept
from storage.letters import plan_letters
from storage.read import people
from storage.tables import addresses, outbox
from storage.tables import people as people_table
from tests.cast import Stage, drawn_blank, stage
from tests.jobs.recording import sender
from tests.platforms.windowed import NAME, WindowedChannel
from tests.records import rows

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
HERE = Address(NAME, "oa", "lan")


async def lan_id(here: Stage) -> int:
    [row] = await rows(here.db, select(people_table.c.id).where(people_table.c.key == "lan"))
    return row.id


async def on_it(here: Stage, *, days_ago: int) -> tuple[Delivery, WindowedChannel]:
    """Lan's only chat, or her newest, is on such a channel; she wrote so many days before Monday."""
    channel = WindowedChannel(lambda: here.clock[0], days=7)
    here.clock[0] = MONDAY - timedelta(days=days_ago)
    channel.word_from("lan")
    same = {"channel": NAME, "account": "oa", "chat": "lan", "person_id": await lan_id(here), "heard_at": MONDAY}
    same |= {"is_group": False, "is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}
    await here.db.write(lambda tx: tx.execute(insert(addresses).values(same)))
    here.clock[0] = MONDAY
    pace = Pace(per_second=1e6, per_chat_per_second=1e6, chat_burst=10**6)
    letters = Letters(here.db, here.office, lambda: here.clock[0])
    sending = Delivery(
        here.db, channel, pace, here.office, lambda: here.clock[0], "sender", letters.compose, drawn_blank
    )
    return sending, channel


async def nudge(here: Stage) -> None:
    letter = PlanLetter("nudge|lan", "note", await lan_id(here), MONDAY, reply=Reply((line("Nhắc đồng chí."),)))
    await plan_letters(here.db, [letter], MONDAY)


async def states(here: Stage) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in await rows(here.db, select(outbox).where(outbox.c.kind == "letter"))]


async def writes(here: Stage, channel: WindowedChannel, text: str) -> None:
    channel.word_from("lan")
    await accept(here.db, [Incoming(f"{NAME}:{text}", HERE, "lan", Kind.TEXT, text)], here.clock[0])


async def test_within_the_window_a_letter_goes(database: Database) -> None:
    async with stage(database, joined=()) as here:
        sending, channel = await on_it(here, days_ago=6)
        await nudge(here)
        await sending.drain()
        assert [plain(said.lines) for said in channel.said["lan"]] == ["Nhắc đồng chí."]


async def test_a_letter_waits_until_the_person_writes_and_why_is_told(database: Database) -> None:
    async with stage(database, joined=()) as here:
        sending, channel = await on_it(here, days_ago=8)
        await nudge(here)
        for _ in range(2):
            await sending.drain()
        assert channel.said == {}
        assert await states(here) == [("held", "until they write")]

        await writes(here, channel, "/visao")
        await here.engine.drain()
        await sending.drain()
        told, late = [plain(said.lines) for said in channel.said["lan"]]
        assert "• Báo tin: chờ đến 07:30 23/11/2026" in told, "now it may go, behind the answer"
        assert late == "Nhắc đồng chí."


async def test_a_letter_goes_another_way_where_there_is_one(database: Database) -> None:
    async with stage(database, joined=("lan",)) as here:
        sending, channel = await on_it(here, days_ago=8)
        other, phone = sender(here)
        await nudge(here)
        await sending.drain()
        assert await states(here) == [("planned", "until they write")]
        await other.drain()
        assert (channel.said, phone.to("lan")) == ({}, ["Nhắc đồng chí."])
        assert [state for state, _ in await states(here)] == ["sent"]


async def test_why_it_waits_is_told_on_another_phone_of_the_level_above(database: Database) -> None:
    async with stage(database, joined=("mai",)) as here:
        sending, _ = await on_it(here, days_ago=8)
        async with here.db.reading() as tx:
            person = await people.person(tx, await lan_id(here))
        assert person is not None
        unit_id = person.posts[0].unit_id
        letter = PlanLetter("n|lan", "note", person.id, MONDAY, unit_id, reply=Reply((line("Nhắc đồng chí."),)))
        await plan_letters(here.db, [letter], MONDAY)
        for _ in range(2):
            await sending.drain()
        told = await here.says("mai", "/visao chi bộ thôn 1")
        assert "chưa gửi được: kênh này chỉ gửi được sau khi người nhận nhắn tới" in told


async def test_a_reply_is_taken_whatever_the_window(database: Database) -> None:
    async with stage(database, joined=()) as here:
        sending, channel = await on_it(here, days_ago=8)
        await writes(here, channel, "còn mấy chỉ tiêu")
        here.move(days=9)
        await here.engine.drain()
        await sending.drain()
        assert "0/3 (0%)" in plain(channel.said["lan"][0].lines)
