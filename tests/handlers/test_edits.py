"""Edited messages: what they made is put right behind a card, never entered twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from domain.messages import Kind
from domain.office import PlannedPerson
from domain.people import Role
from storage.database import Database
from storage.tables import addresses, entries
from tests import cast
from tests.cast import Stage
from tests.records import drafts

pytestmark = pytest.mark.anyio


async def says(played: Stage, text: str, message_id: str = "m1", who: str = "lan", **more: Any) -> str:
    return await played.says(who, text, message_id=message_id, **more)


async def edits(played: Stage, text: str, message_id: str = "m1", who: str = "lan", **more: Any) -> str:
    return await played.says(who, text, kind=Kind.EDITED, message_id=message_id, **more)


async def live(database: Database) -> list[tuple[int, date | None]]:
    query = select(entries.c.number, entries.c.ceremony_on).where(entries.c.state == "live").order_by(entries.c.number)
    return [(row.number, row.ceremony_on) for row in await database.write(lambda tx: tx.execute(query).all())]


async def test_the_entry_that_a_message_made_is_put_right_when_it_is_edited(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        card = await edits(played, "kết nạp Nguyễn Văn Hòa 16/10")
        assert "Tin đồng chí vừa sửa đã ghi rồi" in card
        assert "Nguyễn Văn Hoa → Nguyễn Văn Hòa" in card
        assert "15/10/2026 → 16/10/2026" in card
        assert await live(database) == [(1, date(2026, 10, 15))]
        assert "Đã sửa số 1, nay là số 2" in await played.presses("lan", "Lưu")
        assert await live(database) == [(2, date(2026, 10, 16))]


async def test_the_entry_stays_when_the_card_of_an_edit_is_dropped(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        await edits(played, "kết nạp Nguyễn Văn Hòa 15/10")
        assert "giữ nguyên" in await played.presses("lan", "Bỏ")
        assert await live(database) == [(1, date(2026, 10, 15))]
        assert await drafts(database) == 0


async def test_a_second_edit_takes_the_place_of_the_first(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        await edits(played, "kết nạp Nguyễn Văn Hòa 15/10")
        assert "15/10/2026 → 17/10/2026" in await edits(played, "kết nạp Nguyễn Văn Hoa 17/10")
        assert await drafts(database) == 0
        await played.presses("lan", "Lưu")
        assert await live(database) == [(2, date(2026, 10, 17))]
        assert "15/10/2026" in await edits(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        assert await live(database) == [(3, date(2026, 10, 15))]


async def test_an_edit_back_to_what_is_on_record_says_so_and_drops_its_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        await edits(played, "kết nạp Nguyễn Văn Hòa 15/10")
        assert "không khác bản ghi số 1" in await edits(played, "ket nap Nguyen Van Hoa 15/10")
        assert await drafts(database) == 0


async def test_an_edit_that_changes_nothing_is_not_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        assert await edits(played, "kết nạp Nguyễn Văn Hoa 15/10") == ""
        await played.presses("lan", "Lưu")
        assert await edits(played, "kết nạp Nguyễn Văn Hoa 15/10") == ""
        assert await live(database) == [(1, date(2026, 10, 15))]


async def test_an_open_card_is_made_anew_from_the_edited_words(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        old = played.phone.said[-1][1]
        card = await edits(played, "kết nạp Nguyễn Văn Hòa 16/10")
        assert "Thẻ trước không còn dùng" in card
        assert "Nguyễn Văn Hòa" in card
        assert "16/10/2026" in card
        assert await drafts(database) == 1
        pressed = await played.says("lan", kind=Kind.PRESS, pressed=f"{old.question_id}:{old.choices[0].number}")
        assert "Đã ghi" not in pressed
        assert await live(database) == []
        await played.presses("lan", "Lưu")
        assert await live(database) == [(1, date(2026, 10, 16))]


async def test_an_edited_answer_is_worked_into_the_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp 15/10", "m1")
        await says(played, "Nguyễn Văn Hoa", "m2")
        card = await edits(played, "Nguyễn Văn Hòa", "m2")
        assert "Nguyễn Văn Hòa" in card
        assert "15/10/2026" in card
        await played.presses("lan", "Lưu")
        assert len(await live(database)) == 1
        assert "→ Nguyễn Văn Hoan" in await edits(played, "kết nạp Nguyễn Văn Hoan 15/10", "m2")


async def test_an_edit_that_fits_nothing_leaves_the_card_as_it_is(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        card = await edits(played, "hôm nay trời đẹp quá")
        assert "Tin vừa sửa tôi chưa hiểu" in card
        assert "Nguyễn Văn Hoa" in card
        await played.presses("lan", "Lưu")
        assert await live(database) == [(1, date(2026, 10, 15))]


async def test_an_edit_that_takes_it_back_drops_the_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        assert "Đã bỏ" in await edits(played, "thôi, bỏ đi")
        assert await drafts(database) == 0


async def test_an_edit_after_undo_brings_nothing_back(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        await played.says("lan", "/huy 1")
        answer = await edits(played, "kết nạp Nguyễn Văn Hoa 16/10")
        assert "Số 1 đã hủy" in answer
        assert "Khôi phục" in answer
        assert await live(database) == []


@pytest.mark.parametrize("said", ["thôi nhầm rồi", "còn mấy chỉ tiêu", "hủy"])
async def test_other_words_in_place_of_an_entry_do_not_touch_it(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        answer = await edits(played, said)
        assert "Tin này đã ghi số 1" in answer
        assert "Hủy bản ghi" in answer
        assert await live(database) == [(1, date(2026, 10, 15))]
        assert "Đã hủy số 1" in await played.presses("lan", "Hủy bản ghi")


async def test_of_several_people_the_one_who_is_different_is_put_right(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 15/10")
        await played.presses("lan", "Lưu")
        card = await edits(played, "kết nạp Nguyễn Văn Hoa, Lò Văn Hữu 15/10")
        assert "Sửa số 2" in card
        assert "Lò Văn Hậu → Lò Văn Hữu" in card
        answer = await edits(played, "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 16/10")
        assert "sửa từng số" in answer
        assert "Sửa số 1" in answer
        answer = await edits(played, "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu, Tô Thị Ba 15/10")
        assert "gửi một tin riêng" in answer
        assert len(await live(database)) == 2
        assert await drafts(database) == 0


async def test_an_edit_cannot_carry_an_entry_to_another_branch(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10 ở chi bộ thôn 1", who="mai")
        await played.presses("mai", "Lưu")
        assert "Chưa đổi được chi bộ" in await edits(played, "kết nạp Nguyễn Văn Hoa 15/10 ở chi bộ thôn 2", who="mai")


async def test_an_edited_day_that_cannot_be_is_asked_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        assert "Lịch không có ngày" in await edits(played, "kết nạp Nguyễn Văn Hoa 31/9")
        assert "15/10/2026 → 30/09/2026" in await played.says("lan", "30/9")


async def test_a_report_of_nothing_can_only_be_undone(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "tháng này không có gì mới")
        assert "chỉ hủy được" in await edits(played, "kết nạp Nguyễn Văn Hoa 15/10")


async def test_an_edited_question_is_answered_anew(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "tiến độ chi bộ thôn 11")
        assert "Chi bộ thôn 1" in await edits(played, "tiến độ chi bộ thôn 1")


async def test_an_edit_of_what_was_not_understood_is_read_as_new(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kêt napj Ngyen")
        await edits(played, "kết nạp Nguyễn Văn Hoa 15/10")
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")


async def test_an_edit_before_its_original_is_the_message_and_the_original_is_too_late(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Nguyễn Văn Hòa" in await edits(played, "kết nạp Nguyễn Văn Hòa 15/10")
        assert await says(played, "kết nạp Nguyễn Văn Hoa 15/10") == ""
        await played.presses("lan", "Lưu")
        assert await live(database) == [(1, date(2026, 10, 15))]


async def test_an_edit_together_with_its_original_leaves_one_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.hear("lan", "kết nạp Nguyễn Văn Hoa 15/10", message_id="m1")
        await played.hear("lan", "kết nạp Nguyễn Văn Hòa 15/10", kind=Kind.EDITED, message_id="m1")
        await played.work()
        assert await drafts(database) == 1
        await played.presses("lan", "Lưu")
        assert len(await live(database)) == 1


async def test_an_edited_caption_is_not_read(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, kind=Kind.PHOTO, text="")
        assert await edits(played, "kết nạp Nguyễn Văn Hoa 15/10") == ""


async def test_an_edit_in_a_group_is_not_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        assert await edits(played, "/tiendo", who="-100", is_group=True) == ""


async def test_a_stranger_who_edits_hears_how_to_join(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "mã mời" in await edits(played, "kết nạp Nguyễn Văn Hoa 15/10", who="tam")


async def test_numbers_in_an_edit_are_cut_and_said_so(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        assert "số điện thoại" in await edits(played, "kết nạp Nguyễn Văn Hòa 15/10, sđt 0900000000")


async def test_who_lost_the_post_edits_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        cuc = select(addresses.c.person_id).where(addresses.c.chat == "cuc")
        # The same phone in other hands.
        await database.write(
            lambda tx: tx.execute(addresses.update().where(addresses.c.chat == "lan").values(person_id=tx.scalar(cuc)))
        )
        await edits(played, "kết nạp Nguyễn Văn Hoa 16/10")
        assert await live(database) == [(1, date(2026, 10, 15))]


async def test_an_entry_that_is_anothers_now_says_nothing_to_an_edit(database: Database) -> None:
    """Whoever wrote it for a branch that somebody else answers for meanwhile cannot try names and days on it."""
    both = PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B3")
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, both))
    async with cast.stage(database, plan=plan) as played:
        await says(played, "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 15/10 ở thôn 1")
        await played.presses("lan", "Lưu")
        await says(played, "kết nạp Tô Thị Ba 15/10 ở thôn 1", "m2")
        await played.presses("lan", "Lưu")
        await played.says("mai", "/bangiao B1 cho Trần Văn Hùng")
        await played.presses("mai", "Lưu")
        answers = {
            await edits(played, text, message_id)
            for message_id in ("m1", "m2")
            for text in (
                "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 15/10",
                "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 16/10",
                "kết nạp Tô Thị Ba 15/10/2026",
                "kết nạp Tô Thị Tư 16/10 ở chi bộ trường THCS",
                "hủy số 1",
                "còn mấy chỉ tiêu",
            )
        }
        assert len(answers) == 1
        assert "Không có trong phạm vi của đồng chí" in answers.pop()
        assert [number for number, _ in await live(database)] == [1, 2, 3]
