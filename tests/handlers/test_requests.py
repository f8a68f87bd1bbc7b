"""Somebody without a code asks to join: one question after the other, and somebody above decides, once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.calendar import ZONE
from domain.messages import Kind
from domain.people import Role
from jobs.tick import Tick
from storage.database import Database
from storage.read import people as people_read
from storage.tables import addresses, audit, outbox, people, posts, questions, requests, units
from storage.upkeep import forget
from tests import cast
from tests.records import rows

MONDAY = cast.datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
"""The cast lives on a Saturday; letters go on Monday."""


async def ask(
    played: cast.Stage, who: str, unit: str = "chi bộ trường THCS xã Bình Minh", name: str = "Đỗ Văn Tâm"
) -> str:
    await played.says(who, "xin tham gia")
    await played.says(who, name)
    await played.says(who, "bí thư chi bộ")
    await played.says(who, unit)
    return await played.presses(who, "Gửi")


async def test_somebody_asks_is_approved_and_works_at_once(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "xin tham gia" in await played.says("tam", "/start")
        assert "họ và tên" in await played.presses("tam", "Xin tham gia")
        assert "đủ họ và tên" in await played.says("tam", "Tâm")
        assert "nhiệm vụ gì" in await played.says("tam", "em tên là Đỗ Văn Tâm ạ")
        assert "đơn vị nào" in await played.presses("tam", "Bí thư chi bộ", by_number=True)
        card = await played.says("tam", "chi bộ trường THCS xã Bình Minh")
        assert "Đỗ Văn Tâm" in card and "chi bộ trường THCS xã Bình Minh" in card
        assert "Đã nhận đề nghị" in await played.presses("tam", "Gửi")
        assert "đang chờ" in await played.says("tam", "xin tham gia")
        played.clock[0] = MONDAY
        await played.work()
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "mai"]
        assert "Đỗ Văn Tâm" in told[-1] and "Chi bộ trường THCS (mã B3)" in told[-1]
        assert "Đã nhận đồng chí Đỗ Văn Tâm" in await played.presses("mai", "Đồng ý")
        assert "đồng chí là bí thư" in cast.shown(next(m for chat, m in reversed(played.phone.said) if chat == "tam"))
        assert "Chi bộ trường THCS" in await played.says("tam", "tiến độ")
    assert [row.state for row in await rows(database, select(requests))] == ["approved"]
    assert [row.unit_said for row in await rows(database, select(requests))] == [""]


async def test_a_known_unit_and_an_unknown_one_look_the_same(database: Database) -> None:
    async with cast.stage(database) as played:
        known = await ask(played, "tam")
        unknown = await ask(played, "an", unit="chi bộ thôn Không Có xã Nào Đó")
        assert known == unknown
    assert {row.unit_id is None for row in await rows(database, select(requests))} == {True, False}


async def test_a_first_sentence_that_says_it_all_is_not_asked_again(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "họ và tên" in await played.says("tam", "em là bí thư chi bộ Trạm Y tế xã Bình Minh, xin mã mời ạ")
        card = await played.says("tam", "Đỗ Văn Tâm")
        assert "Đơn vị: chi bộ Trạm Y tế xã Bình Minh" in card and "Nhiệm vụ: bí thư chi bộ" in card


async def test_who_is_refused_leaves_no_name_behind(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        played.clock[0] = MONDAY
        await played.work()
        assert "Đã từ chối" in await played.presses("mai", "Từ chối")
        assert "không được duyệt" in cast.shown(played.phone.said[-2][1]) + cast.shown(played.phone.said[-1][1])
    assert not [row for row in await rows(database, select(people.c.name)) if row.name == "Đỗ Văn Tâm"]


async def test_a_request_without_a_clear_unit_goes_to_the_organiser_who_types_the_code(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam", unit="chi bộ truong cap 2 Bình Mịnh")
        played.clock[0] = MONDAY
        await played.work()
        assert "Không rõ đơn vị: “chi bộ truong cap 2 Bình Mịnh”" in cast.shown(played.phone.said[-1][1])
        assert "không có nhiệm vụ" in await played.says("oanh", "XA")
        assert "mã B3" in await played.says("oanh", "B3")
        assert "Đã nhận" in await played.presses("oanh", "Đồng ý")
        assert "Chi bộ trường THCS" in await played.says("tam", "tiến độ")


@pytest.mark.parametrize("said", ["để tôi gọi điện hỏi đã", "ai đây nhỉ", "chi bộ 99", "ok để xem"])
async def test_words_that_decide_nothing_leave_a_request_open(database: Database, said: str) -> None:
    more = cast.PlannedPerson("nam", "Vi Văn Nam", Role.COMMITTEE, "XA")
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, more))
    async with cast.stage(database, plan=plan, joined=("mai", "nam", "oanh")) as played:
        await ask(played, "tam")
        played.clock[0] = MONDAY
        await played.work()
        letter = next(m for chat, m in reversed(played.phone.said) if chat == "mai" and m.question_id)
        for who in ("mai", "nam"):
            answer = await played.says(who, said)
            assert "không có đơn vị nào" not in answer
            assert "Đỗ Văn Tâm" in answer and "Đồng ý" in answer and "Từ chối" in answer
        old = await played.says("mai", kind=Kind.PRESS, pressed=f"{letter.question_id}:{letter.choices[0].number}")
        assert "xử lý xong" not in old and "bản mới" in old
        assert [row.state for row in await rows(database, select(requests))] == ["waiting"]
        assert "Đã nhận đồng chí Đỗ Văn Tâm" in await played.presses("nam", "Đồng ý")


async def test_a_unit_that_nobody_finds_is_asked_for_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam", unit="chi bộ truong cap 2 Bình Mịnh")
        played.clock[0] = MONDAY
        await played.work()
        answer = await played.says("oanh", "Z9")
        assert "không có đơn vị nào tên “Z9”" in answer
        assert "Đỗ Văn Tâm" in answer and "Từ chối" in answer


async def test_a_committee_gives_no_more_than_secretary(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("tam", "em xin tham gia")
        await played.says("tam", "Đỗ Văn Tâm")
        await played.says("tam", "đảng ủy")
        await played.says("tam", "đảng bộ xã Bình Minh")
        await played.presses("tam", "Gửi")
        played.clock[0] = MONDAY
        await played.work()
        assert [chat for chat, message in played.phone.said if "Xin tham gia, số" in cast.shown(message)] == ["oanh"]
        assert "Không có đề nghị nào" in await played.says("mai", "/moi đề nghị 1")
        assert "Không có trong phạm vi" in await played.says("lan", "/moi đề nghị 1")


async def test_of_two_who_decide_the_first_one_has_decided(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        await played.says("mai", "/moi đề nghị 1")
        await played.says("oanh", "/moi đề nghị 1")
        for who, label in (("mai", "Đồng ý"), ("oanh", "Từ chối")):
            message = next(m for chat, m in reversed(played.phone.said) if chat == who)
            number = next(choice.number for choice in message.choices if choice.label == label)
            await played.hear(who, kind=Kind.PRESS, pressed=f"{message.question_id}:{number}")
        await asyncio.gather(played.engine.drain(), played.engine.drain())
        await played.work()
    decided = await rows(database, select(requests.c.state))
    assert [row.state for row in decided] in (["approved"], ["refused"])
    given = await rows(database, select(audit.c.what).where(audit.c.what.in_(("request_approved", "request_refused"))))
    assert len(given) == 1


async def test_a_request_ends_after_seven_days_and_the_name_goes(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        played.move(days=8)
        await forget(database, played.office.retention, played.clock[0])
        assert "không còn chờ" in await played.says("oanh", "/moi đề nghị 1")
    assert [row.state for row in await rows(database, select(requests))] == ["expired"]
    assert not [row for row in await rows(database, select(people.c.name)) if row.name == "Đỗ Văn Tâm"]


async def test_a_code_typed_while_a_request_waits_lets_the_same_person_in(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        code = (await played.says("mai", "/moi bí thư B3")).split("Mã mời: ")[1][:9]
        assert "Đã nhận" in await played.says("tam", code)
        assert "không còn chờ" in await played.says("oanh", "/moi đề nghị 1")
    assert len([row for row in await rows(database, select(people.c.name)) if row.name == "Đỗ Văn Tâm"]) == 1


async def test_one_chat_asks_twice_a_day_and_no_more(database: Database) -> None:
    async with cast.stage(database) as played:
        for _ in range(2):
            await ask(played, "tam")
            await played.says("oanh", "/moi đề nghị")
            number = (await rows(database, select(func.max(requests.c.id))))[0][0]
            await played.says("oanh", f"/moi đề nghị {number}")
            await played.presses("oanh", "Từ chối")
        assert "chưa nhận thêm" in await played.says("tam", "xin tham gia")


async def test_somebody_who_asks_and_drops_all_day_is_answered_no_more(database: Database) -> None:
    async with cast.stage(database) as played:
        answers = [await played.says("tam", text) for _ in range(20) for text in ("xin tham gia", "bỏ")]
        assert answers[0] and not answers[-1]
    assert len(await rows(database, select(people.c.id).where(people.c.draft.is_not(None)))) == 0


async def test_a_member_asks_for_another_post_and_does_not_decide_on_it(database: Database) -> None:
    async with cast.stage(database, joined=("mai", "oanh")) as played:
        await played.says("mai", "tôi là bí thư chi bộ trường THCS xã Bình Minh, đăng ký tham gia")
        assert "Đã nhận đề nghị" in await played.presses("mai", "Gửi")
        assert "Không có đề nghị nào" in await played.says("mai", "/moi đề nghị 1")
        assert "đang dùng sổ" in await played.says("oanh", "/moi đề nghị 1")
        await played.presses("oanh", "Đồng ý")
        async with database.reading() as tx:
            mai = next(one for one in await people_read.with_roles(tx, [Role.COMMITTEE], cast.NOW.date()))
        assert {post.role for post in mai.posts} == {Role.COMMITTEE, Role.SECRETARY}


async def test_guesses_are_counted_over_all_chats(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.joining.GUESSES_AN_HOUR_IN_ALL", 4)
    async with cast.stage(database) as played:
        code = (await played.says("mai", "/moi bí thư B3")).split("Mã mời: ")[1][:9]
        for number in range(4):
            assert "không dùng được" in await played.says(f"guess{number}", "WXYZ 2345")
        assert "thử sai nhiều lần" in await played.says("tam", code)
        played.move(minutes=61)
        assert "Đã nhận" in await played.says("tam", code)


async def test_an_invite_loses_its_force_with_the_post_of_who_made_it(database: Database) -> None:
    async with cast.stage(database) as played:
        code = (await played.says("mai", "/moi bí thư B3")).split("Mã mời: ")[1][:9]
        ended = posts.update().where(posts.c.role == "committee").values(until=cast.NOW.date() - timedelta(days=1))
        await database.write(lambda tx: tx.execute(ended))
        assert "không dùng được" in await played.says("tam", code)


async def test_an_admin_without_a_unit_invites_by_chat(database: Database) -> None:
    async with cast.stage(database, joined=("oanh", "lan")) as played:
        lan = select(people.c.id).where(people.c.key == "lan").scalar_subquery()
        await database.write(
            lambda tx: tx.execute(posts.update().where(posts.c.person_id == lan).values(role="admin", unit_id=None))
        )
        assert "Mã mời" in await played.says("lan", "/moi bí thư B3")
        assert "Mã mời" in await played.says("lan", "/moi ban tổ chức xã Bình Minh")
        assert "Người dùng của Đảng bộ tỉnh Thử" in await played.says("lan", "/moi danh sách")


async def test_strangers_leave_no_name_in_questions_or_replies(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam", name="Kín Thị Danh")
    for query in (select(questions.c.draft, questions.c.choices), select(outbox.c.body), select(audit.c.facts)):
        assert "Kín" not in str(await rows(database, query))
    assert [row.person_id for row in await rows(database, select(addresses).where(addresses.c.chat == "tam"))] == [None]


async def test_a_request_is_shown_to_nobody_who_may_no_longer_decide_on_it(database: Database) -> None:
    more = (
        cast.PlannedPerson("mai", "Lê Thị Mai", Role.SECRETARY, "B3"),
        cast.PlannedPerson("oanh", "Vũ Thị Oanh", Role.COMMITTEE, "XB"),
    )
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, *more))
    async with cast.stage(database, plan=plan) as played:
        await ask(played, "tam", name="Đỗ Văn Tâm")
        await ask(played, "ha", unit="ở đâu đó", name="Lò Thị Hà")
        for who, unit in (("mai", "XA"), ("oanh", "T")):
            ended = posts.update().where(
                posts.c.person_id == select(people.c.id).where(people.c.key == who).scalar_subquery(),
                posts.c.unit_id == select(units.c.id).where(units.c.code == unit).scalar_subquery(),
            )
            await database.write(lambda tx, ended=ended: tx.execute(ended.values(until=cast.COUNTED_ON)))
        played.clock[0] = MONDAY
        await played.work()
        told = [cast.shown(message) for chat, message in played.phone.said if chat in ("mai", "oanh")]
        told += [await played.says("oanh", "/moi đề nghị"), await played.says("oanh", "/moi đề nghị 2")]
        assert not [one for one in told if "Tâm" in one or "Hà" in one]
    reasons = await rows(database, select(outbox.c.reason).where(outbox.c.rule == "join-request"))
    assert {row.reason for row in reasons} == {"no longer decides on it"}


async def test_a_stranger_is_not_read_at_any_length(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "họ và tên" not in await played.says("tam", f"{'cho tôi ' * 400}xin tham gia")
        assert "họ và tên" in await played.says("tam", f"{'cho tôi ' * 4}xin tham gia")


async def test_whoever_was_not_answered_in_time_is_told_once_in_the_day(database: Database) -> None:
    async with cast.stage(database) as played:
        for who in ("tam", "ha", "ba", "bon"):
            await ask(played, who, name="Đỗ Văn Tâm")
        await played.says("ba", kind=Kind.BLOCKED)
        played.move(days=7, hours=12)
        await forget(database, played.office.retention, played.clock[0])
        await played.says("bon", "xin tham gia")
        await ask(played, "bon", name="Đỗ Văn Bốn")
        tick = Tick(database, played.office, lambda: played.clock[0], lambda: None)
        before = len(played.phone.said)
        for moment in (played.clock[0], MONDAY + timedelta(days=7), MONDAY + timedelta(days=7, hours=1)):
            played.clock[0] = moment
            await tick.run()
            await played.delivery.drain()
            if moment < MONDAY + timedelta(days=7):
                assert len(played.phone.said) == before, "on a Saturday evening nobody is disturbed"
        told = [chat for chat, message in played.phone.said if "quá 7 ngày" in cast.shown(message)]
        assert sorted(told) == ["ha", "tam"]


async def test_what_a_stranger_types_brings_no_link_mention_or_command_to_who_decides(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam", unit="tổ 3/2 http://xau.vn/a?b @ai_do /khoa t.me/x <b>H'Mông</b>")
        played.clock[0] = MONDAY
        await played.work()
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "oanh"]
        assert "“tổ 3/2 http xau vn/a b ai do khoa t me/x b H'Mông b”" in told[-1]


async def test_whoever_was_not_answered_in_time_may_ask_again_at_once(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        played.move(days=7, minutes=1)
        assert "Đã nhận đề nghị" in await ask(played, "tam")
    assert [row.state for row in await rows(database, select(requests).order_by(requests.c.id))] == [
        "expired",
        "waiting",
    ]


async def test_a_stranger_may_answer_any_message_of_the_bot(database: Database) -> None:
    async with cast.stage(database) as played:
        await ask(played, "tam")
        for message_id in range(1, len(played.phone.said) + 1):
            for text in ("xin chào", "sửa số 1", "gửi"):
                await played.says("tam", text, reply_to=str(message_id))
        assert played.engine.turns["failed"] == 0
