import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from channels.channel import Moved, Refused, TryLater, Uncertain, Unreachable
from domain.calendar import ZONE
from domain.changes import Draft, PlanLetter, Record
from domain.messages import Address, Attachment, Choice, Drawing, PersonName, Reply, line, plain
from domain.records import EntryKind
from handlers.turn import LANES_AT_ONCE
from jobs.links import Links
from jobs.planning import weekly_digest
from language.reminder_wording import together
from storage.database import Database
from storage.errors import DatabaseAway
from storage.letters import plan_letters
from storage.outbox import RAN_OUT, Settlement, claim_sendable, compose_letter, settle
from storage.read import people, questions, units
from storage.tables import outbox, posts
from tests.cast import Stage, drawn_blank, stage
from tests.jobs.recording import let_the_wait_pass, person_of, reply_to, sender

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
NUDGE_WORDS = "Đồng chí cho biết tình hình tháng này."
NUDGE = Reply((line(NUDGE_WORDS),))


async def states(db: Database) -> list[tuple[str, str, str]]:
    query = select(outbox.c.kind, outbox.c.state, outbox.c.reason).order_by(outbox.c.id)
    async with db.reading() as tx:
        return [(row.kind, row.state, row.reason) for row in await tx.execute(query)]


async def nudge(here: Stage, who: str, unit_id: int | None = None) -> None:
    letter = PlanLetter(
        f"nudge|{who}|{here.clock[0]}", "note", await person_of(here, who), here.clock[0], unit_id, reply=NUDGE
    )
    await plan_letters(here.db, [letter], here.clock[0])


async def test_replies_go_before_letters_and_keep_their_order_in_a_chat(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await nudge(here, "hung")
        for n in range(4):
            await reply_to(here, "lan", f"số {n}")
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.to("lan") == [f"số {n}" for n in range(4)]
        assert phone.tried[0] == "lan"
        assert {state for _, state, _ in await states(database)} == {"sent"}


async def test_settled_rows_keep_no_words(database: Database) -> None:
    async with stage(database) as here:
        await reply_to(here, "lan", "Đã ghi.")
        await sender(here)[0].drain()
        async with database.reading() as tx:
            assert (await tx.execute(select(outbox.c.body))).scalars().all() == [None]


async def test_names_are_looked_up_at_the_moment_of_sending(database: Database) -> None:
    async with stage(database) as here:
        await reply_to(here, "lan", Reply((line("Người hỏi: ", PersonName(await person_of(here, "mai"))),)))
        delivery, phone = sender(here)
        await delivery.drain()
        async with database.reading() as tx:
            kept = (await tx.execute(select(outbox.c.body))).scalars().all()

        assert phone.to("lan") == ["Người hỏi: Lê Thị Mai"]
        assert kept == [None]


async def test_the_choices_of_a_card_are_numbered_on_from_those_still_open(database: Database) -> None:
    async with stage(database) as here:
        for _ in range(2):
            card = Reply((line("Lưu?"),), (Choice("Lưu", "lưu"), Choice("Bỏ", "bỏ")))
            await reply_to(here, "lan", card, draft=Draft("admission", {}))
        delivery, phone = sender(here)
        await delivery.drain()

        numbers = [[choice.number for choice in message.choices] for _, message in phone.said]
        assert numbers == [[1, 2], [3, 4]]
        assert all(message.question_id for _, message in phone.said)


async def test_nothing_automatic_goes_out_in_quiet_hours(database: Database) -> None:
    async with stage(database) as here:
        await weekly_digest(database, here.office, MONDAY)
        delivery, phone = sender(here)
        for hour in (20, 23):
            here.clock[0] = MONDAY.replace(hour=hour, minute=0)
            await delivery.drain()
        here.clock[0] = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)  # the 24th of November is a holiday
        await delivery.drain()
        assert phone.said == []

        here.clock[0] = datetime(2026, 11, 25, 7, 30, tzinfo=ZONE)
        await delivery.drain()
        assert sorted(phone.tried) == ["mai", "minh"]


async def test_replies_are_exempt_from_quiet_hours(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY.replace(hour=22)
        await reply_to(here, "lan", "Đã ghi.")
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.to("lan") == ["Đã ghi."]


async def test_a_right_lost_between_plan_and_claim_is_kept_as_skipped_with_its_reason(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await weekly_digest(database, here.office, MONDAY)
        minh = await person_of(here, "minh")
        ended = update(posts).where(posts.c.person_id == minh).values(until=MONDAY.date() - timedelta(days=1))
        await database.write(lambda tx: tx.execute(ended))
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.tried == ["mai"]
        assert ("letter", "skipped", "no longer holds a post") in await states(database)


async def test_a_digest_that_waited_too_long_is_kept_as_skipped(database: Database) -> None:
    async with stage(database) as here:
        await weekly_digest(database, here.office, MONDAY)
        here.clock[0] = datetime(2026, 11, 25, 17, 1, tzinfo=ZONE)
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.said == []
        assert set(await states(database)) == {("letter", "skipped", "too late")}


async def test_a_report_in_the_last_second_silences_the_nudge(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        async with database.reading() as tx:
            unit = await units.by_code(tx, "B1", MONDAY.date())
        assert unit is not None
        lan = await person_of(here, "lan")
        for key in ("one", "two"):
            letter = PlanLetter(key, "nudge", lan, MONDAY, unit.id, reply=NUDGE)
            await plan_letters(database, [letter], MONDAY)
            delivery, phone = sender(here)
            if key == "two":
                here.move(seconds=1)
                await reply_to(here, "lan", "Đã ghi.", Record(EntryKind.NOTHING, unit.id, month=date(2026, 11, 1)))
            await delivery.drain()
            assert phone.to("lan") == ([NUDGE_WORDS] if key == "one" else ["Đã ghi."])

        assert ("letter", "skipped", "reported meanwhile") in await states(database)


async def test_a_429_holds_that_chat_and_all_letters_but_no_other_reply(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        delivery, phone = sender(here)
        phone.troubles["lan"].append(TryLater(600, reason="429"))
        await reply_to(here, "lan", "một")
        await delivery.drain()
        await nudge(here, "minh")
        await reply_to(here, "lan", "hai")
        await reply_to(here, "hung", "ba")
        async with asyncio.timeout(100):
            await delivery.drain()

        assert phone.to("hung") == ["ba"]
        assert phone.to("lan") == phone.to("minh") == []
        assert [state for _, state, _ in await states(database)] == ["planned", "planned", "planned", "sent"]


async def test_a_second_429_to_another_chat_stops_the_whole_account(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        for who in ("lan", "hung"):
            phone.troubles[who].append(TryLater(30, reason="429"))
            await reply_to(here, who, "một")
            await delivery.drain()
        await reply_to(here, "mai", "hai")
        await delivery.drain()

        assert phone.tried == ["lan", "hung"]


async def test_after_the_wait_everything_held_goes_out_in_order(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        phone.troubles["lan"].append(TryLater(0.2, reason="429"))
        await reply_to(here, "lan", "một")
        await reply_to(here, "lan", "hai")
        await delivery.drain()
        await asyncio.sleep(0.25)
        here.move(seconds=1)
        await delivery.drain()

        assert phone.to("lan") == ["một", "hai"]


async def test_an_uncertain_reply_is_said_once_more_and_headed(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        phone.troubles["lan"].extend([Uncertain("read time-out"), Uncertain("read time-out")])
        await reply_to(here, "lan", "Đã ghi.")
        await delivery.drain()
        assert phone.tried == ["lan"], "not repeated before its time"
        phone.troubles["lan"].pop()
        await let_the_wait_pass(database)
        await delivery.drain()
        assert phone.to("lan") == ["(gửi lại)\nĐã ghi."]
        await let_the_wait_pass(database)
        await delivery.drain()

        assert len(phone.tried) == 2


async def test_a_reply_uncertain_twice_is_not_said_a_third_time(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        phone.troubles["lan"].extend([Uncertain("read time-out")] * 3)
        await reply_to(here, "lan", "Đã ghi.")
        for _ in range(4):
            await delivery.drain()
            await let_the_wait_pass(database)

        assert len(phone.tried) == 2
        assert [state for _, state, _ in await states(database)] == ["uncertain"]


async def test_an_uncertain_reply_is_not_repeated_to_somebody_who_has_written_since(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Uncertain("read time-out"))
        await reply_to(here, "lan", "Đã ghi.")
        await delivery.drain()
        await here.hear("lan", "xin chào")
        await let_the_wait_pass(database)
        await delivery.drain()

        assert phone.tried == ["lan"]


async def test_an_uncertain_letter_is_never_repeated(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await weekly_digest(database, here.office, MONDAY)
        delivery, phone = sender(here)
        phone.troubles["mai"].append(Uncertain("read time-out"))
        phone.troubles["minh"].append(Uncertain("read time-out"))
        for _ in range(3):
            await delivery.drain()
            await let_the_wait_pass(database)
            here.move(hours=1)

        assert sorted(phone.tried) == ["mai", "minh"]
        assert {state for _, state, _ in await states(database)} == {"uncertain"}


async def test_who_blocked_the_bot_is_not_tried_again_until_he_writes(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Unreachable("bot was blocked by the user"))
        await reply_to(here, "lan", "một")
        await reply_to(here, "lan", "hai")
        await nudge(here, "lan")
        await delivery.drain()
        async with database.reading() as tx:
            contact = await people.contact_at(tx, Address("test", "bot", "lan"))
        assert contact is not None
        assert contact.is_blocked
        assert phone.tried == ["lan"]

        await here.hear("lan", "xin chào")
        await delivery.drain()
        assert phone.to("lan") == [NUDGE_WORDS], "the letter had waited"


async def test_what_the_platform_will_never_take_is_failed_with_its_reason(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Refused("message is too odd"))
        await reply_to(here, "lan", "một")
        await reply_to(here, "lan", "hai")
        await delivery.drain()

        assert await states(database) == [("reply", "failed", "message is too odd"), ("reply", "sent", "")]


async def test_replies_follow_a_group_to_its_new_id(database: Database) -> None:
    async with stage(database) as here:
        await here.says("-5", "/tiendo", is_group=True)
        here.phone.said.clear()
        delivery, phone = sender(here)
        phone.troubles["-5"].append(Moved("-1005"))
        await reply_to(here, "-5", "một")
        await delivery.drain()
        await reply_to(here, "-1005", "hai")
        await delivery.drain()
        assert phone.said and phone.to("-1005") == ["một", "hai"]
        # What the old id still says is heard, and answered where the group is now.
        here.move(minutes=2)
        await here.hear("-5", "/tiendo", is_group=True)
        await here.engine.drain()
        await delivery.drain()
        assert len(phone.to("-1005")) == 3
        assert not phone.to("-5")


async def test_a_sender_killed_between_claim_and_send_leaves_one_repetition_and_no_doubled_letter(
    database: Database,
) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await reply_to(here, "lan", "Đã ghi.")
        await weekly_digest(database, here.office, MONDAY)
        taken = await claim_sendable(database, "test", "bot", "killed", MONDAY, 10, 0.01)
        assert [row.kind for row in taken] == ["reply", "letter", "letter"]
        await asyncio.sleep(0.1)
        delivery, phone = sender(here)
        await delivery.drain()
        await let_the_wait_pass(database)
        await delivery.drain()

        assert phone.to("lan") == ["(gửi lại)\nĐã ghi."]
        assert sorted(phone.tried) == ["lan", "mai", "minh"], "letters without words yet were surely not sent"


async def test_a_letter_composed_and_then_lost_with_its_sender_is_not_sent_again(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await weekly_digest(database, here.office, MONDAY)
        for row in await claim_sendable(database, "test", "bot", "killed", MONDAY, 10, 0.05):
            await compose_letter(database, row.id, NUDGE, None, MONDAY)
        await asyncio.sleep(0.2)
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.tried == []
        assert {state for _, state, _ in await states(database)} == {"uncertain"}


async def test_two_senders_at_once_say_everything_once(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = MONDAY
        await weekly_digest(database, here.office, MONDAY)
        for n in range(20):
            await reply_to(here, ("lan", "hung", "mai", "minh")[n % 4], f"số {n}")
        (one, first), (two, second) = sender(here, owner="one"), sender(here, owner="two")
        await asyncio.gather(one.drain(), two.drain())
        await one.drain()

        assert len(first.said) + len(second.said) == 22


async def test_stopping_finishes_what_is_being_sent_and_leaves_the_rest_for_later(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        for n in range(5):
            await reply_to(here, "lan", f"số {n}")
        working = asyncio.create_task(delivery.work())
        await phone.first_said.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        said = len(phone.said)
        later, other = sender(here, owner="later")
        await later.drain()

        assert phone.to("lan") + other.to("lan") == [f"số {n}" for n in range(5)]
        assert len(other.said) == 5 - said


async def test_a_sender_that_was_stopped_and_begins_again_sends(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        for n in range(2):
            phone.first_said.clear()
            await reply_to(here, "lan", f"số {n}")
            working = asyncio.create_task(delivery.work())
            await asyncio.wait_for(phone.first_said.wait(), 10)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

        assert phone.to("lan") == ["số 0", "số 1"]


async def test_an_answer_is_claimed_as_it_is_made_and_said_after_those_before_it(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        assert delivery.saying("lan", False) is None, "nobody at work says nothing"
        working = asyncio.create_task(delivery.work())
        await asyncio.sleep(0)
        saying = delivery.saying("lan", False)
        assert saying is not None
        row = await reply_to(here, "lan", "một", saying=saying)
        assert row is not None
        assert [state for _, state, _ in await states(database)] == ["claimed"]
        assert await reply_to(here, "lan", "hai", saying=saying) is None, "the one before it is not out yet"
        card = Reply((line("Lưu?"),), choices=(Choice("Lưu", "lưu"), Choice("Bỏ", "bỏ")))
        other = await reply_to(here, "hung", card, draft=Draft("admission", {}), saying=replace(saying, chat="hung"))
        assert other is not None
        await saying.take(row)
        await saying.take(other)
        async with asyncio.timeout(20):
            while {state for _, state, _ in await states(database)} != {"sent"}:  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0.02)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

        assert phone.to("lan") == ["một", "hai"]
        (shown,) = [message for chat, message in phone.said if chat == "hung"]
        assert [choice.number for choice in shown.choices] == [1, 2]
        async with database.reading() as tx:
            contact = await people.contact_at(tx, Address("test", "bot", "hung"))
            assert contact is not None
            (asked,) = await questions.open_of(tx, contact.id, here.clock[0])
        assert (shown.question_id, asked.is_sent) == (asked.id, True)


async def test_an_answer_made_while_its_sender_stops_is_said_by_the_next_without_a_mark(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        working = asyncio.create_task(delivery.work())
        await asyncio.sleep(0)
        saying = delivery.saying("lan", False)
        assert saying is not None
        row = await reply_to(here, "lan", "một", saying=saying)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert row is not None
        await saying.take(row)
        later, other = sender(here, owner="later")
        await later.drain()

        assert (phone.said, other.to("lan")) == ([], ["một"])


async def test_what_is_heard_while_all_are_at_work_is_answered_once(database: Database) -> None:
    async with stage(database) as here:
        delivery, phone = sender(here)
        here.engine.saying = lambda address, is_group: delivery.saying(address.chat, is_group)
        here.engine.said = delivery.wake
        working = [asyncio.create_task(here.engine.work()), asyncio.create_task(delivery.work())]
        await asyncio.sleep(0)
        chats = ["lan", "hung", "mai", "minh"]
        # More chats than lanes that are worked on at once; each stranger is told how to join.
        strangers = [f"stranger {n}" for n in range(2 * LANES_AT_ONCE)]
        heard = sorted(chats * 20 + strangers)
        await asyncio.gather(*(here.hear(chat, "/tiendo") for chat in heard))
        async with asyncio.timeout(60):
            while len(phone.said) < len(heard):  # noqa: ASYNC110  # the phone has no event for it
                await asyncio.sleep(0.02)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

        assert sorted(phone.tried) == heard
        assert {state for _, state, _ in await states(database)} == {"sent"}


async def test_a_stop_in_the_middle_of_a_claim_leaves_nothing_claimed(database: Database) -> None:
    async with stage(database) as here:
        for n in range(12):
            await reply_to(here, ("lan", "hung", "mai", "minh")[n % 4], f"số {n}")
        for rounds in range(6):
            delivery, _ = sender(here)
            working = asyncio.create_task(delivery.work())
            for _ in range(rounds):
                await asyncio.sleep(0)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

            assert "claimed" not in {state for _, state, _ in await states(database)}


async def test_who_wakes_up_too_late_neither_sends_nor_unsettles_what_another_has_taken_over(
    database: Database,
) -> None:
    async with stage(database) as here:
        await reply_to(here, "lan", "Đã ghi.")
        stale = await claim_sendable(database, "test", "bot", "asleep", here.clock[0], 10, 15)
        await database.write(lambda tx: tx.execute(update(outbox).values(lease_until=outbox.c.lease_until - 15)))
        (again,) = await claim_sendable(database, "test", "bot", "other", here.clock[0], 10, 15, uncertain_seconds=15)
        assert again.is_repeat
        late = [Settlement(row.id, "planned", "claim ran out", attempt=row.attempts) for row in stale]
        await settle(database, late)
        assert [state for _, state, _ in await states(database)] == ["claimed"], "it belongs to the other now"

        await settle(database, [Settlement(again.id, "sent", attempt=again.attempts)])
        assert [state for _, state, _ in await states(database)] == ["sent"]


async def test_a_database_in_trouble_makes_no_reply_fail_however_often(database: Database) -> None:
    async with stage(database) as here:
        picture = Reply((line("Mẫu đây."),), attachment=Attachment(Drawing.TEMPLATE, "mau.xlsx"))
        await reply_to(here, "lan", picture)
        troubles = 5

        async def draw(_: Attachment) -> bytes:
            nonlocal troubles
            troubles -= 1
            if troubles >= 0:
                raise DatabaseAway
            return b"bytes"

        delivery, phone = sender(here, draw=draw)
        for _ in range(6):
            await delivery.drain()
            here.move(seconds=2)

        assert phone.to("lan") == ["Mẫu đây."]


async def test_a_reply_whose_claim_ran_out_in_the_sending_is_said_though_the_person_wrote_since(
    database: Database,
) -> None:
    async with stage(database) as here:
        await reply_to(here, "lan", "Đã ghi.")
        (row,) = await claim_sendable(database, "test", "bot", "frozen", here.clock[0], 10, 15)
        await here.hear("lan", "xin chào")
        await settle(database, [Settlement(row.id, "uncertain", RAN_OUT, attempt=row.attempts)], uncertain_seconds=0)
        delivery, phone = sender(here)
        await delivery.drain()

        assert phone.to("lan") == ["(gửi lại)\nĐã ghi."]


@pytest.mark.parametrize(
    ("filename", "is_reachable", "said", "picture"),
    [
        ("mau.xlsx", True, "Mẫu đây.\nTệp mau.xlsx, mở được đến hết ngày 24/11/2026:\nhttps://example.vn/file/", ""),
        ("tiendo.png", True, "Mẫu đây.", "https://example.vn/file/"),
        ("tiendo.png", False, "Mẫu đây.\nTệp tiendo.png không gửi qua đây được.", ""),
    ],
)
async def test_a_channel_without_files_is_given_an_address_or_says_how_else(
    database: Database, filename: str, is_reachable: bool, said: str, picture: str
) -> None:
    async with stage(database) as here:
        links = Links("https://example.vn", lambda: database.salt, lambda: here.clock[0], drawn_blank)
        attachment = Attachment(Drawing.TEMPLATE, filename)
        await reply_to(here, "lan", Reply((line("Mẫu đây."),), attachment=attachment))
        delivery, phone = sender(here, links=links if is_reachable else None)
        phone.carries_files = False
        await delivery.drain()
        [(_, message)] = phone.said
        assert message.file is None
        assert plain(message.lines).startswith(said)
        assert message.picture.startswith(picture) and bool(message.picture) == bool(picture)


def test_two_parts_of_a_morning_that_offer_the_same_have_one_button_for_it() -> None:
    choice = Choice("Nhắc Chi bộ thôn 1", "/nhac B1")
    whole = together([Reply((line("một"),), (choice,)), Reply((line("hai"),), (choice, Choice("Xem", "/xem 1")))])

    assert [one.label for one in whole.choices] == ["Nhắc Chi bộ thôn 1", "Xem"]
