"""A bot whose platform counts its messages saves as they run out; the last ones are kept for answers."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update

from channels.channel import Uncertain
from domain.budget import BotMonth, Plan, Usage
from domain.calendar import ZONE
from domain.changes import Draft, PlanLetter
from domain.messages import Choice, Reply, line, plain
from jobs.budget import Budgets
from jobs.planning import weekly_digest
from storage.database import Database
from storage.letters import plan_letters
from storage.read.usage import of_month
from storage.tables import addresses, outbox, usage
from storage.usage import add_usage
from tests.cast import NOW, WITH_ADMIN, Stage, shown, stage
from tests.jobs.recording import person_of, reply_to, sender
from tests.records import rows

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
WEDNESDAY = MONDAY + timedelta(days=2)
"""The next working day."""

OURS = BotMonth("test", "bot", date(2026, 11, 1))
CARD = Reply((line("Đã ghi số 31."),), (Choice("Sửa", "/sua 31"), Choice("Hoàn tác", "/huy 31")))


async def used(here: Stage, messages: int) -> None:
    """Of a hundred that the test's channel has in a month."""
    here.office = replace(here.office, plans={"test": Plan(100, 50)})
    here.engine.office = here.office
    await here.db.write(lambda tx: add_usage(tx, OURS, heard=messages))


async def usage_of(here: Stage) -> Usage:
    async with here.db.reading() as tx:
        [found] = await of_month(tx, OURS.month)
    return found


async def nudge(here: Stage, who: str) -> None:
    letter = PlanLetter(
        f"nudge|{who}", "note", await person_of(here, who), here.clock[0], reply=Reply((line("Nhắc đồng chí."),))
    )
    await plan_letters(here.db, [letter], here.clock[0])


async def second_address(here: Stage, who: str) -> None:
    """On a channel without a plan, where they were last heard long ago."""
    person_id = await person_of(here, who)
    row = {
        "channel": "other",
        "account": "bot",
        "chat": who,
        "person_id": person_id,
        "heard_at": NOW.replace(year=2025),
    }
    row |= {"is_group": False, "is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}
    await here.db.write(lambda tx: tx.execute(insert(addresses).values(row)))


async def letters(here: Stage) -> list[tuple[str, str]]:
    return [
        tuple(row)
        for row in await rows(here.db, select(outbox.c.state, outbox.c.reason).where(outbox.c.rule == "note"))
    ]


async def test_what_is_sent_is_counted_by_the_platforms_messages(database: Database) -> None:
    async with stage(database) as here:
        await used(here, 1)
        await reply_to(here, "lan", "một")
        delivery, phone = sender(here)
        await delivery.drain()
        phone.troubles["lan"].append(Uncertain("sent in part", 2))
        await reply_to(here, "lan", "hai")
        await delivery.drain()

        assert await usage_of(here) == Usage(OURS, heard=1, said=3)


async def test_near_the_end_letters_wait_and_replies_go_and_why_is_told(database: Database) -> None:
    async with stage(database) as here:
        await used(here, 95)
        here.clock[0] = MONDAY
        await nudge(here, "hung")
        await reply_to(here, "lan", "Đã ghi.")
        delivery, phone = sender(here)
        await delivery.drain()
        assert [chat for chat, _ in phone.said] == ["lan", "oanh"]
        assert await letters(here) == [("planned", "kept for answers")]
        told = await here.says("hung", "/visao")
        assert "chờ đến 07:30 25/11/2026, tin nhắn của tháng sắp hết, phần còn lại để trả lời" in told

        here.office = replace(here.office, plans={"test": Plan(1000, 50)})
        here.clock[0] = WEDNESDAY
        delivery, phone = sender(here)
        await delivery.drain()
        assert phone.to("hung") == ["Nhắc đồng chí."]


async def test_while_it_saves_letters_go_to_the_other_address(database: Database) -> None:
    async with stage(database) as here:
        await used(here, 80)
        here.clock[0] = MONDAY
        await second_address(here, "hung")
        await nudge(here, "hung")
        await nudge(here, "lan")
        delivery, phone = sender(here)
        other, elsewhere = sender(here)
        elsewhere.name = "other"
        # One view for both, as in a process.
        other._budgets = delivery._budgets
        await delivery.drain()
        await other.drain()

        assert {chat for chat, _ in phone.said} == {"lan", "oanh"}
        assert [chat for chat, _ in elsewhere.said] == ["hung"]


async def test_a_digest_is_short_while_messages_are_saved(database: Database) -> None:
    async with stage(database) as here:
        long, short = [await _digest(here, messages) for messages in (0, 80)]

        assert "(?) Chưa có tin tháng 11: " in long and "(?)" not in short
        assert "Gợi ý: " in short and "Số liệu: " in short
        assert len(short) < len(long)


async def _digest(here: Stage, messages: int) -> str:
    await used(here, messages)
    here.clock[0] = MONDAY + timedelta(weeks=messages > 0)
    await weekly_digest(here.db, here.office, here.clock[0])
    delivery, phone = sender(here)
    await delivery.drain()
    return "\n".join(phone.to("mai"))


async def test_receipts_are_merged_while_messages_are_saved_and_their_numbers_still_count(database: Database) -> None:
    async with stage(database) as here:
        await used(here, 80)
        await reply_to(here, "lan", CARD, draft=Draft("admission", {}))
        await reply_to(here, "lan", "Đã ghi số 32.")
        await reply_to(here, "lan", CARD, draft=Draft("admission", {}))
        delivery, phone = sender(here)
        await delivery.drain()

        [(_, said)] = phone.said
        assert shown(said).splitlines() == [
            *("Đã ghi số 31.", "1. Sửa", "2. Hoàn tác", ""),
            *("Đã ghi số 32.", ""),
            *("Đã ghi số 31.", "3. Sửa", "4. Hoàn tác"),
        ]
        replies = select(outbox.c.state).where(outbox.c.kind == "reply")
        assert {row.state for row in await rows(database, replies)} == {"sent"}
        assert (await usage_of(here)).said == 1


async def test_an_uncertain_message_of_several_replies_says_each_once_more(database: Database) -> None:
    async with stage(database) as here:
        await used(here, 80)
        await reply_to(here, "lan", "một")
        await reply_to(here, "lan", "hai")
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Uncertain("no answer"))
        await delivery.drain()
        later = update(outbox).values(lease_until=0.0)
        await database.write(lambda tx: tx.execute(later))
        await delivery.drain()

        assert [plain(said.lines) for _, said in phone.said] == ["(gửi lại)\nmột", "(gửi lại)\nhai"]
        assert (await usage_of(here)).said == 3


async def test_at_each_mark_the_admins_are_told_once_a_month(database: Database) -> None:
    async with stage(database, plan=WITH_ADMIN, joined=("oanh", "quan")) as here:
        here.clock[0] = MONDAY
        await used(here, 79)
        assert await _told(here) == []
        await used(here, 1)
        [said] = await _told(here)
        assert "Tin nhắn trong tháng sắp hết" in said and "test:bot tháng 11: 80/100 tin (80%)." in said
        assert await _told(here) == []
        await used(here, 13)
        [said] = await _told(here)
        assert "(95%)" in said and "chỉ trả lời khi có người nhắn" in said
        assert await _told(here) == []
        here.clock[0] = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
        assert await _told(here) == []
        organisers = await rows(database, select(outbox).where(outbox.c.rule == "budget"))
        assert [(row.step, row.period) for row in organisers] == [(80, "test:bot 2026-11"), (95, "test:bot 2026-11")]


async def _told(here: Stage) -> list[str]:
    """What the admin hears when two processes look."""
    for _ in range(2):
        await Budgets(here.db, here.office, lambda: here.clock[0]).look()
    delivery, phone = sender(here)
    await delivery.drain()
    return phone.to("quan")


async def test_the_letter_that_messages_run_out_goes_even_when_letters_wait(database: Database) -> None:
    async with stage(database, joined=("oanh", "lan")) as here:
        await used(here, 96)
        here.clock[0] = MONDAY
        await Budgets(here.db, here.office, lambda: here.clock[0]).look()
        await nudge(here, "lan")
        delivery, phone = sender(here)
        await delivery.drain()

        assert [chat for chat, _ in phone.said] == ["oanh"]


async def test_without_a_plan_nothing_is_counted(database: Database) -> None:
    async with stage(database) as here:
        await reply_to(here, "lan", "một")
        await sender(here)[0].drain()
        assert await rows(database, usage.select()) == []
