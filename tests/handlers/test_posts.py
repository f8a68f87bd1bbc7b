"""Posts that change hands, phones that are lost, who has joined, and one announcement to all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.calendar import ZONE
from domain.messages import Kind
from domain.office import PlannedPerson
from domain.people import Role
from storage.database import Database
from storage.tables import addresses, audit, entries, outbox, people, posts, questions, units
from storage.upkeep import forget
from tests import cast
from tests.records import rows

MONDAY = cast.datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)


async def held(database: Database, code: str) -> list[tuple[str, Any, Any]]:
    query = (
        select(people.c.name, posts.c.since, posts.c.until)
        .join_from(posts, people, people.c.id == posts.c.person_id)
        .join(units, units.c.id == posts.c.unit_id)
        .where(units.c.code == code, posts.c.role == "secretary")
        .order_by(posts.c.id)
    )
    return [(row.name, row.since, row.until) for row in await rows(database, query)]


def last(played: cast.Stage, who: str) -> str:
    return cast.shown(next(message for chat, message in reversed(played.phone.said) if chat == who))


async def test_a_secretary_hands_over_to_somebody_new(database: Database) -> None:
    async with cast.stage(database) as played:
        card = await played.says("lan", "/bangiao cho Đỗ Văn Tâm")
        assert "Người giao: Nguyễn Thị Lan" in card and "Người nhận: Đỗ Văn Tâm" in card
        receipt = await played.presses("lan", "Lưu")
        assert "Đã bàn giao bí thư chi bộ, Chi bộ thôn 1 cho đồng chí Đỗ Văn Tâm" in receipt
        code = receipt.split("Mã mời: ")[1][:9]
        assert "không còn giữ nhiệm vụ" not in receipt
        assert "xin tham gia" in await played.says("lan", "tiến độ")
        assert "Đã nhận: đồng chí là bí thư" in await played.says("tam", code)
        assert "Chi bộ thôn 1" in await played.says("tam", "tiến độ")
        today = cast.NOW.date()
        since = (await held(database, "B1"))[0][1]
        assert await held(database, "B1") == [
            ("Nguyễn Thị Lan", since, today - timedelta(days=1)),
            ("Đỗ Văn Tâm", today, None),
        ]
        played.clock[0] = MONDAY
        await played.work()
        assert "Nguyễn Thị Lan đã bàn giao" in last(played, "mai")
        assert "Giữ lại: Nguyễn Thị Lan" in await played.presses("mai", "Hoàn tác bàn giao")
        assert "Đã hoàn tác" in await played.presses("mai", "Lưu")
        assert "Chi bộ thôn 1" in await played.says("lan", "tiến độ")
        assert "Chi bộ thôn 1" not in await played.says("tam", "tiến độ")


async def test_a_handover_undone_before_its_letters_go_is_told_to_nobody(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/bangiao cho Trần Văn Hùng")
        await played.presses("lan", "Lưu")
        await played.says("mai", "/bangiao hoàn tác B1")
        assert "Đã hoàn tác" in await played.presses("mai", "Lưu")
        before = len(played.phone.said)
        played.clock[0] = MONDAY
        await played.work()
        told = [(chat, cast.shown(message)) for chat, message in played.phone.said[before:]]
        assert not [chat for chat, words in told if "đã bàn giao" in words or "đã giao đồng chí" in words]
        back = {chat: words for chat, words in told if "hoàn tác bàn giao" in words}
        assert "giữ lại nhiệm vụ này" in back["lan"] and "không còn giữ" in back["hung"]
        assert "nhiệm vụ ấy đã đổi lại" in await played.says("hung", "/visao")


async def test_a_handover_made_again_is_told_as_it_stands(database: Database) -> None:
    async with cast.stage(database) as played:
        for words in ("/bangiao B1 cho Trần Văn Hùng", "/bangiao hoàn tác B1", "/bangiao B1 cho Trần Văn Hùng"):
            await played.says("mai", words)
            await played.presses("mai", "Lưu")
        before = len(played.phone.said)
        played.clock[0] = MONDAY
        await played.work()
        told = [(chat, cast.shown(message)) for chat, message in played.phone.said[before:]]
        assert not [chat for chat, words in told if "hoàn tác bàn giao" in words]
        assert {chat for chat, words in told if "đã giao đồng chí" in words} == {"hung"}


async def test_whose_time_of_standing_in_is_over_is_not_told_of_it(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/bangiao tạm B1 cho Trần Văn Hùng đến 22/11")
        await played.presses("mai", "Lưu")
        before = len(played.phone.said)
        played.clock[0] = MONDAY
        await played.work()
        assert not [chat for chat, message in played.phone.said[before:] if "đã giao" in cast.shown(message)]


async def test_an_open_card_of_who_has_handed_over_saves_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = next(message for chat, message in reversed(played.phone.said) if chat == "lan")
        await played.says("mai", "/bangiao B1 cho Đỗ Văn Tâm")
        await played.presses("mai", "Lưu")
        pressed = f"{card.question_id}:{card.choices[0].number}"
        assert "không còn giữ nhiệm vụ" in await played.says("lan", kind=Kind.PRESS, pressed=pressed)
        assert not await rows(database, select(entries))
        played.clock[0] = MONDAY
        await played.work()
        assert "đã được bàn giao cho đồng chí Đỗ Văn Tâm" in last(played, "lan")


async def test_an_open_card_for_the_unit_handed_over_saves_nothing_though_another_is_held(database: Database) -> None:
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B3")))
    async with cast.stage(database, plan=plan) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10 ở thôn 1")
        card = next(message for chat, message in reversed(played.phone.said) if chat == "lan")
        await played.says("mai", "/bangiao B1 cho Đỗ Văn Tâm")
        await played.presses("mai", "Lưu")
        answer = await played.says("lan", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        assert "Không có trong phạm vi" in answer
        assert not await rows(database, select(entries))


async def test_who_is_known_near_by_gets_the_post_without_a_code(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Người nhận: Trần Văn Hùng" in await played.says("mai", "/bangiao B1 cho Hùng")
        assert "Mã mời" not in await played.presses("mai", "Lưu")
        assert "thôn 1" in await played.says("hung", "kết nạp Lê Văn Bốn 15/10 ở thôn 1")
        assert "đang giữ nhiệm vụ ấy rồi" in await played.says("mai", "/bangiao B1 cho Trần Văn Hùng")


async def test_somebody_stands_in_until_a_day_and_no_longer(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Ai tạm thay" in await played.says("lan", "/bangiao tạm")
        assert "đến hết ngày nào" in await played.says("lan", "Trần Văn Hùng")
        assert "đến hết ngày nào" in await played.says("lan", "30/2")
        assert "Đến hết ngày 30/11/2026" in await played.says("lan", "30/11")
        await played.presses("lan", "Lưu")
        assert "thôn 1" in await played.says("hung", "tiến độ thôn 1")
        assert "thôn 1" in await played.says("lan", "tiến độ")
        played.clock[0] = MONDAY
        assert "Sẽ nhắc đồng chí Trần Văn Hùng (Chi bộ thôn 1)" in await played.says("mai", "/nhac B1")
        await played.work()
        assert "Chi bộ thôn 1" in last(played, "hung")
        nudged = select(outbox.c.person_id).where(outbox.c.rule == "nudge")
        assert len(await rows(database, nudged)) == 1
        played.clock[0] = cast.datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
        assert "không có đơn vị" in await played.says("hung", "tiến độ thôn 1")
        await played.says("mai", "/nhac B1")
        await played.work()
        assert "Chi bộ thôn 1" in last(played, "lan")


async def stood_in(played: cast.Stage) -> None:
    """Tâm joins to stand in for Lan until 30 November; it is 2 December."""
    await played.says("lan", "/bangiao tạm cho Đỗ Văn Tâm đến 30/11")
    code = (await played.presses("lan", "Lưu")).split("Mã mời: ")[1][:9]
    await played.says("tam", code)
    assert "thôn 1" in await played.says("tam", "tiến độ")
    played.clock[0] = cast.datetime(2026, 12, 2, 8, 0, tzinfo=ZONE)


async def test_who_stood_in_is_told_until_when_and_where_to_turn(database: Database) -> None:
    async with cast.stage(database) as played:
        await stood_in(played)
        told = await played.says("tam", "kết nạp Nguyễn Văn An 1/12")
        assert "đến hết ngày 30/11/2026" in told and "bí thư chi bộ, Chi bộ thôn 1" in told
        assert "báo đồng chí Nguyễn Thị Lan" in told and "mã mời" not in told
        assert await played.says("tam", "tiến độ") == "", "not again within the hour"
        assert "họ và tên" not in await played.presses("tam", "Xin tham gia"), "the name is known"
        assert not await rows(database, select(entries))


async def test_whom_one_stood_in_for_is_not_named_once_the_post_is_anothers(database: Database) -> None:
    async with cast.stage(database) as played:
        await stood_in(played)
        await played.says("mai", "/bangiao B1 cho Trần Văn Hùng")
        await played.presses("mai", "Lưu")
        told = await played.says("tam", "chào")
        assert "đến hết ngày 30/11/2026" in told and "cấp trên" in told
        assert "Lan" not in told and "Hùng" not in told


async def test_who_stands_in_still_or_holds_another_post_is_answered_as_ever(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/bangiao tạm B1 cho Trần Văn Hùng đến 22/11")
        await played.presses("mai", "Lưu")
        played.move(days=9)
        assert "Chi bộ thôn 2" in await played.says("hung", "tiến độ")


async def test_a_stand_in_that_has_not_begun_by_the_clock_is_not_over(database: Database) -> None:
    async with cast.stage(database) as played:
        await stood_in(played)
        played.clock[0] = cast.NOW.replace(year=2025)
        assert "hết hạn" not in await played.says("tam", "chào")


async def test_a_handover_for_good_during_the_stand_in_names_its_last_day(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/bangiao tạm cho Đỗ Văn Tâm đến 30/11")
        await played.says("tam", (await played.presses("lan", "Lưu")).split("Mã mời: ")[1][:9])
        played.move(days=3)
        await played.says("mai", "/bangiao B1 cho Trần Văn Hùng")
        await played.presses("mai", "Lưu")
        told = await played.says("tam", "chào")
        assert "23/11/2026" in told and "Hùng" not in told


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("lan", "/bangiao B2 cho Đỗ Văn Tâm"),
        ("minh", "/bangiao XA cho Đỗ Văn Tâm"),
        ("mai", "/bangiao C1 cho Đỗ Văn Tâm"),
    ],
)
async def test_nobody_hands_over_what_is_not_theirs(database: Database, who: str, text: str) -> None:
    async with cast.stage(database) as played:
        await played.says(who, text)
        await played.says(who, "lưu")
    assert not await rows(database, select(people.c.id).where(people.c.name == "Đỗ Văn Tâm"))


async def test_a_name_on_a_card_that_is_dropped_or_forgotten_goes(database: Database) -> None:
    async with cast.stage(database) as played:
        for end in ("Bỏ", ""):
            await played.says("lan", "/bangiao cho Đỗ Văn Tâm")
            if end:
                await played.presses("lan", end)
            played.move(days=3)
            await forget(database, played.office.retention, played.clock[0])
            assert not await rows(database, select(people.c.id).where(people.c.name == "Đỗ Văn Tâm"))


async def join_again(played: cast.Stage, database: Database, who: str, chat: str) -> None:
    """The same person from a second phone."""
    await played.says(chat, "xin chào")
    person = select(people.c.id).where(people.c.key == who).scalar_subquery()
    linked = update(addresses).where(addresses.c.chat == chat).values(person_id=person)
    await database.write(lambda tx: tx.execute(linked))


async def test_a_lost_phone_is_locked_from_another_one(database: Database) -> None:
    async with cast.stage(database) as played:
        await join_again(played, database, "lan", "lan2")
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = next(message for chat, message in reversed(played.phone.said) if chat == "lan")
        assert "Khóa máy" in await played.says("lan2", "em bị mất điện thoại")
        receipt = await played.presses("lan2", "Lưu")
        code = receipt.split("Mã mời: ")[1][:9]
        pressed = f"{card.question_id}:{card.choices[0].number}"
        assert "Nguyễn" not in await played.says("lan", kind=Kind.PRESS, pressed=pressed)
        assert "Nguyễn" not in await played.says("lan", "tiến độ")
        assert not await rows(database, select(entries))
        unsettled = questions.c.settled_at.is_(None) & questions.c.draft.is_not(None)
        assert not await rows(database, select(questions.c.id).where(unsettled))
        before = len(await rows(database, select(people.c.id)))
        assert "Đã nhận" in await played.says("lan-moi", code)
        assert len(await rows(database, select(people.c.id))) == before
        assert "Chi bộ thôn 1" in await played.says("lan-moi", "tiến độ")


async def test_the_level_above_locks_and_the_same_chat_may_come_back_with_the_code(database: Database) -> None:
    async with cast.stage(database) as played:
        asked = (await played.says("mai", "/khoa B1")).split("\n")
        assert asked == [
            "Khóa máy của ai?",
            "1. Chi bộ thôn 1: Nguyễn Thị Lan",
            "2. Chi bộ thôn 1, Chi bộ thôn 2: Phạm Văn Minh",
            "3. Bỏ",
        ]
        assert "Khóa máy của đồng chí Nguyễn Thị Lan" in await played.says("mai", "1")
        code = (await played.presses("mai", "Lưu")).split("Mã mời: ")[1][:9]
        assert "đã bị khóa" in await played.says("lan", "xin tham gia")
        assert "không dùng được" in await played.says("hung", code)
        assert "Đã nhận" in await played.says("lan", code)
        assert "Chi bộ thôn 1" in await played.says("lan", "tiến độ")
    assert len(await rows(database, select(people.c.id).where(people.c.key == "lan"))) == 1


async def test_what_is_chosen_from_is_numbered_once_and_told_apart(database: Database) -> None:
    twin = PlannedPerson("hung2", "Trần Văn Hùng", Role.SECRETARY, "B3")
    async with cast.stage(database, plan=replace(cast.PLAN, people=(*cast.PLAN.people, twin))) as played:
        asked = await played.says("mai", "/bangiao B1")
        assert asked.split("\n") == [
            "Nhiệm vụ nào ở Chi bộ thôn 1?",
            "1. Bí thư chi bộ: Nguyễn Thị Lan",
            "2. Cấp ủy viên phụ trách: Phạm Văn Minh",
            "3. Bỏ",
        ]
        await played.says("mai", "1")
        assert (await played.says("mai", "Hùng")).split("\n") == [
            "Người nào?",
            "1. Chi bộ thôn 2: Trần Văn Hùng",
            "2. Chi bộ trường THCS: Trần Văn Hùng",
            "3. Bỏ",
        ]
        assert "Người nhận: Trần Văn Hùng" in await played.says("mai", "2")
        own = await played.says("minh", "/bangiao")
        assert own.split("\n") == [
            "Nhiệm vụ nào?",
            "1. Cấp ủy viên phụ trách, Chi bộ thôn 1",
            "2. Cấp ủy viên phụ trách, Chi bộ thôn 2",
            "3. Bỏ",
        ]


@pytest.mark.parametrize(("who", "whom"), [("lan", "hung"), ("mai", "oanh"), ("mai", "cuc"), ("minh", "lan")])
async def test_nobody_locks_whom_they_could_not_have_invited(database: Database, who: str, whom: str) -> None:
    async with cast.stage(database) as played:
        name = (await rows(database, select(people.c.name).where(people.c.key == whom)))[0].name
        assert "không có ai như vậy" in await played.says(who, f"/khoa {name}")
        assert name not in last(played, who)


async def test_what_waited_for_a_locked_chat_is_cancelled(database: Database) -> None:
    async with cast.stage(database) as played:
        await join_again(played, database, "lan", "lan2")
        await played.hear("lan", "tiến độ")
        await played.engine.drain()
        await played.hear("lan2", "/khoa")
        await played.engine.drain()
        await played.delivery.drain()
        lan = (await rows(database, select(addresses.c.id).where(addresses.c.chat == "lan")))[0].id
        await played.hear("lan", "tiến độ")
        await played.engine.drain()
        await played.hear("lan2", "lưu")
        await played.engine.drain()
        waiting = await rows(database, select(outbox.c.state, outbox.c.body).where(outbox.c.contact_id == lan))
        assert [row.state for row in waiting] == ["sent", "cancelled"]
        assert [row.body for row in waiting] == [None, None]


async def test_those_who_invite_see_who_has_joined(database: Database) -> None:
    async with cast.stage(database, joined=("lan", "mai", "minh", "oanh")) as played:
        await played.says("lan", kind=Kind.BLOCKED)
        await played.says("mai", "/moi bí thư B3")
        shown = await played.says("mai", "danh sách người dùng")
        assert "Nguyễn Thị Lan, bí thư chi bộ: không nhắn tới được" in shown
        assert "Trần Văn Hùng, bí thư chi bộ: chưa mời" in shown
        assert "ai có mã, bí thư chi bộ: đã mời, chưa vào" in shown
        assert "Phạm Văn Minh, cấp ủy viên phụ trách: đã tham gia" in shown
        missing = await played.presses("mai", "Ai chưa tham gia")
        assert "Trần Văn Hùng" in missing and "Phạm Văn Minh" not in missing
        assert "Đinh Thị Cúc" not in shown and "Đinh Thị Cúc" in await played.says("oanh", "ai chưa tham gia")
        assert "Không có trong phạm vi" in await played.says("minh", "ai chưa tham gia")
    looks = await rows(database, select(audit.c.facts).where(audit.c.what == "looked"))
    assert len([row for row in looks if "people" in row.facts]) == 3


async def test_an_invite_that_ran_out_is_still_told_of_for_a_while(database: Database) -> None:
    async with cast.stage(database, joined=("mai", "oanh")) as played:
        await played.says("mai", "/moi bí thư B3")
        await played.says("mai", "/moi bí thư B2")
        played.move(days=8)
        shown = await played.says("mai", "danh sách người dùng")
        assert "ai có mã, bí thư chi bộ: đã mời, chưa vào, mã hết hạn" in shown
        assert "Trần Văn Hùng, bí thư chi bộ: đã mời, chưa vào, mã hết hạn" in shown
        await played.says("mai", "/moi bí thư B3")
        again = await played.says("mai", "danh sách người dùng")
        assert again.count("ai có mã") == 1 and "ai có mã, bí thư chi bộ: đã mời, chưa vào\n" in again
        played.move(days=40)
        late = await played.says("mai", "danh sách người dùng")
        assert "hết hạn" not in late and "Trần Văn Hùng, bí thư chi bộ: chưa mời" in late


async def test_a_code_that_died_with_its_handover_is_not_listed(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/bangiao cho Đỗ Văn Tâm")
        code = (await played.presses("lan", "Lưu")).split("Mã mời: ")[1][:9]
        assert "Đỗ Văn Tâm, bí thư chi bộ: đã mời, chưa vào" in await played.says("mai", "danh sách người dùng")
        await played.says("mai", "/bangiao hoàn tác B1")
        await played.presses("mai", "Lưu")
        assert "không dùng được" in await played.says("tam", code)
        assert "Đỗ Văn Tâm" not in await played.says("mai", "danh sách người dùng")


async def test_a_long_list_of_people_comes_in_pages(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Xem tiếp" not in await played.says("oanh", "/moi danh sách T")
        assert "Ai chưa tham gia" in await played.says("oanh", "/moi danh sách T trang 9")


async def test_one_announcement_reaches_each_secretary_below_once(database: Database) -> None:
    async with cast.stage(database, joined=("lan", "mai", "oanh")) as played:
        card = await played.says("mai", "thông báo cho các bí thư: 14 giờ mai họp ở xã.\nNhớ mang sổ. Gọi 0912 345 678")
        assert "Thông báo cho 2 bí thư, Đảng bộ xã Bình Minh" in card and "Nhớ mang sổ" in card
        assert "0912" not in card and "1 người chưa tham gia" in card
        receipt = await played.presses("mai", "Lưu")
        assert "Đã nhận thông báo số 1 cho 2 đồng chí, gửi từ 07:30 ngày 23/11/2026" in receipt
        assert "đang chờ 2" in await played.presses("mai", "Đã gửi bao nhiêu")
        played.clock[0] = MONDAY
        await played.work()
        assert "14 giờ mai họp ở xã" in last(played, "lan") and "Lê Thị Mai" in last(played, "lan")
        assert "đã gửi 1, chưa nhắn tới được 1" in await played.says("mai", "đã gửi bao nhiêu 1")
        assert "đã gửi 1" in await played.says("oanh", "đã gửi bao nhiêu 1")
        assert "Không có trong phạm vi" in await played.says("lan", "đã gửi bao nhiêu 1")
        sent = await rows(
            database, select(outbox.c.body).where(outbox.c.rule == "announcement", outbox.c.state == "sent")
        )
        assert [row.body for row in sent] == [None]


async def test_a_secretary_announces_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Không có trong phạm vi" in await played.says("lan", "thông báo cho các bí thư: mai họp")


def code_in(receipt: str) -> str:
    return receipt.split("Mã mời: ")[1][:9]


async def roles_of(played: cast.Stage, chat: str) -> list[tuple[str, str | None]]:
    """What whoever writes from this chat holds today."""
    query = (
        select(posts.c.role, units.c.code)
        .join_from(posts, addresses, addresses.c.person_id == posts.c.person_id)
        .join(units, units.c.id == posts.c.unit_id)
        .where(addresses.c.chat == chat, posts.c.until.is_(None))
        .order_by(posts.c.id)
    )
    return [(row.role, row.code) for row in await rows(played.db, query)]


NOT_YET_MAI = ("lan", "hung", "minh", "oanh", "cuc")
HUNG_OF_THE_PROVINCE = replace(
    cast.PLAN, people=(*cast.PLAN.people, PlannedPerson("hung", "Trần Văn Hùng", Role.ORGANISER, "T"))
)
NOT_YET_HUNG = ("lan", "mai", "minh", "oanh", "cuc")


@pytest.mark.parametrize("who", ["tam", "lan"])
async def test_a_code_for_ones_own_post_does_not_open_the_posts_of_somebody_higher(
    database: Database, who: str
) -> None:
    async with cast.stage(database, joined=NOT_YET_MAI) as played:
        assert "Lê Thị Mai" in await played.says("lan", "/bangiao cho Lê Thị Mai")
        await played.says(who, code_in(await played.presses("lan", "Lưu")))
        assert await roles_of(played, who) == [("secretary", "B1")]
        # Whom the office's workbook means still joins, and then is one.
        await played.says("mai", code_in(await played.says("oanh", "/moi đảng ủy XA")))
        assert ("committee", "XA") in await roles_of(played, "mai")


async def test_a_card_pressed_after_the_successors_phone_was_locked_gives_no_code(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/bangiao cho Lê Thị Mai")
        await played.says("oanh", "/khoa XA")
        await played.presses("oanh", "Lưu")
        assert "Mã mời" not in await played.presses("lan", "Lưu")
        assert await roles_of(played, "lan") == [("secretary", "B1")]


@pytest.mark.parametrize("text", ["/moi Trần Văn Hùng, bí thư B2", "/moi bí thư B2"])
@pytest.mark.parametrize("who", ["tam", "mai"])
async def test_an_invite_opens_no_post_that_its_maker_could_not_give(database: Database, text: str, who: str) -> None:
    async with cast.stage(database, plan=HUNG_OF_THE_PROVINCE, joined=NOT_YET_HUNG) as played:
        await played.says(who, code_in(await played.says("mai", text)))
        held = await roles_of(played, who)
        assert ("secretary", "B2") in held
        assert ("organiser", "T") not in held
        hung = await played.says("oanh", "/moi ban tổ chức T")
        await played.says("hung", code_in(hung))
        assert ("organiser", "T") in await roles_of(played, "hung")


async def test_a_code_ends_once_its_person_holds_more_than_its_maker_could_give(database: Database) -> None:
    more = PlannedPerson("hung", "Trần Văn Hùng", Role.ORGANISER, "T")
    async with cast.stage(database, joined=NOT_YET_HUNG) as played:
        invite = code_in(await played.says("mai", "/moi Trần Văn Hùng, bí thư B2"))
        await played.says("mai", "/khoa B1")
        await played.presses("mai", "Chi bộ thôn 1: Nguyễn Thị Lan")
        lock = code_in(await played.presses("mai", "Lưu"))
        of_lan = PlannedPerson("lan", "Nguyễn Thị Lan", Role.ORGANISER, "XA")
        people_of_plan = (PlannedPerson("hung", "Trần Văn Hùng", Role.SECRETARY, "B2"), more, of_lan)
        plan = cast.OfficePlan(people=people_of_plan)
        await cast.load_plan(database, plan, cast.fold, cast.NOW.date(), cast.NOW)
        for code in (invite, lock):
            assert "không dùng được" in await played.says("tam", code)
        assert await roles_of(played, "tam") == []


async def test_a_second_code_lets_nobody_in_beside_the_person_it_is_for(database: Database) -> None:
    async with cast.stage(database, joined=NOT_YET_HUNG) as played:
        text = "/moi Trần Văn Hùng, bí thư B2"
        codes = [code_in(await played.says("mai", text)) for _ in range(3)]
        assert "Đã nhận" in await played.says("hung", codes[0])
        assert "không dùng được" in await played.says("tam", codes[1])
        assert await roles_of(played, "tam") == []
        assert await roles_of(played, "hung") == [("secretary", "B2")]
        # A lost phone is another matter.
        await played.says("mai", "/khoa B2")
        await played.presses("mai", "Chi bộ thôn 2: Trần Văn Hùng")
        lock = code_in(await played.presses("mai", "Lưu"))
        assert "không dùng được" in await played.says("tam", codes[2])
        assert "Đã nhận" in await played.says("hung-moi", lock)
