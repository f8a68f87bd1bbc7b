"""Replies to one message of the bot, forwarded messages, albums and buttons in odd places."""

from typing import Any

import pytest
from sqlalchemy import func, select

from domain.messages import Kind
from storage.database import Database
from storage.tables import candidates, entries, questions
from tests import cast
from tests.cast import Stage
from tests.records import live

pytestmark = pytest.mark.anyio


def newest(played: Stage, who: str = "lan") -> str:
    """The platform's id of the newest message of the bot in a chat."""
    return next(str(number) for number, (chat, _) in reversed(list(enumerate(played.phone.said, 1))) if chat == who)


async def replies(played: Stage, to: str, text: str, who: str = "lan", **more: Any) -> str:
    return await played.says(who, text, reply_to=to, **more)


async def two_cards(played: Stage) -> tuple[str, str]:
    await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
    first = newest(played)
    await played.says("lan", "kết nạp Lò Văn Hậu 16/10")
    return first, newest(played)


@pytest.mark.parametrize("said", ["lưu", "ok", "1"])
async def test_an_answer_to_a_card_means_that_card(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        assert "Đã ghi số 1: Nguyễn Văn Hoa" in await replies(played, first, said)
        assert "Đã ghi số 2: Lò Văn Hậu" in await played.presses("lan", "Lưu")


async def test_an_answer_changes_the_card_that_it_answers(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        card = await replies(played, first, "17/10")
        assert "Nguyễn Văn Hoa" in card
        assert "17/10/2026" in card
        assert await played.presses("lan", "Lưu")
        assert "Đã ghi số 2: Lò Văn Hậu" in await replies(played, "2", "lưu")


async def test_a_number_that_the_card_does_not_have_is_said_so(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        answer = await replies(played, first, "9")
        assert "Đã ghi" not in answer
        assert await live(database) == []


async def test_a_card_answered_twice_is_answered_once(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        await replies(played, first, "lưu")
        assert "Đã ghi" not in await replies(played, first, "lưu")
        assert await live(database) == [1]


async def test_a_card_is_not_answered_after_its_day(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        played.move(hours=25)
        await replies(played, first, "1")
        assert await live(database) == []


@pytest.mark.parametrize("said", ["16/10", "sửa lại ngày 16/10", "à nhầm, ngày 16/10 chứ"])
async def test_an_answer_to_a_receipt_is_about_its_entry(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        receipt = newest(played)
        await played.says("lan", "kết nạp Lò Văn Hậu 14/10")
        await played.presses("lan", "Lưu")
        card = await replies(played, receipt, said)
        assert "Sửa số 1" in card
        assert "15/10/2026 → 16/10/2026" in card


@pytest.mark.parametrize("said", ["đồng ý", "ok", "lưu", "1", "bỏ"])
@pytest.mark.parametrize("on", ["an announcement", "a menu", "a message nobody knows"])
async def test_a_yes_hung_on_another_message_answers_no_card(database: Database, on: str, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("oanh", "thông báo cho các bí thư: nộp hồ sơ trước 25/11")
        await played.presses("oanh", played.phone.said[-1][1].choices[0].label)
        played.move(days=1, hours=23)
        await played.work()
        announced = newest(played)
        if on == "a menu":
            await played.says("lan", "menu")
            announced = newest(played)
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        answer = await replies(played, "9999" if on == "a message nobody knows" else announced, said)

        assert "Đã ghi" not in answer and "Đã bỏ" not in answer
        assert await live(database) == []
        if on != "a menu" or said != "1":
            assert "Nguyễn Văn Hoa" in answer, "the card that waits is shown again"
        assert "Đã ghi số 1: Nguyễn Văn Hoa" in await played.presses("lan", "Lưu")


@pytest.mark.parametrize("part", ["", ".1", ".2"])
async def test_an_answer_to_any_part_of_a_long_message_is_about_it(database: Database, part: str) -> None:
    async with cast.stage(database) as played:
        played.phone.parts = 3
        first, _ = await two_cards(played)
        assert "Đã ghi số 1: Nguyễn Văn Hoa" in await replies(played, f"{first}{part}", "lưu")


async def test_an_answer_to_the_card_of_an_entry_is_about_it_too(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        await replies(played, first, "lưu")
        await played.presses("lan", "Lưu")
        assert "Nguyễn Văn Hoa → Nguyễn Văn Hòa" in await replies(played, first, "Nguyễn Văn Hòa")


async def test_undoing_by_an_answer_undoes_that_entry(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        receipt = newest(played)
        await played.says("lan", "kết nạp Lò Văn Hậu 14/10")
        await played.presses("lan", "Lưu")
        assert "Đã hủy số 1" in await replies(played, receipt, "hoàn tác")
        assert await live(database) == [2]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("hủy", "Đã hủy số 1"),
        ("Hủy đi ạ", "Đã hủy số 1"),
        ("bỏ", "Đã hủy số 1"),
        ("bỏ đi", "Đã hủy số 1"),
        ("xóa", "Đã hủy số 1"),
        ("xoá đi em", "Đã hủy số 1"),
        ("sửa", "Sửa gì?"),
        ("sửa lại giúp em", "Sửa gì?"),
        ("sai rồi", "Hủy bản ghi"),
        ("không phải", "Hủy bản ghi"),
    ],
)
async def test_a_short_word_hung_on_a_receipt_is_about_its_entry(database: Database, said: str, answer: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        receipt = newest(played)
        await played.says("lan", "kết nạp Lò Văn Hậu 14/10")
        await played.presses("lan", "Lưu")
        await played.says("lan", "kết nạp Vàng A Pó 13/10")

        said_back = await replies(played, receipt, said)

        assert answer in said_back and "số 1" in said_back.lower()
        assert await live(database) == ([2] if answer.startswith("Đã hủy") else [1, 2])
        assert "Đã ghi số 3: Vàng A Pó" in await played.presses("lan", "Lưu"), "the open card is another matter"


async def test_a_short_word_hung_on_a_receipt_of_several_asks_which(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 15/10")
        await played.presses("lan", "Lưu")
        answer = await replies(played, newest(played), "hủy")
        assert "Hủy số 1" in answer and "Hủy số 2" in answer
        assert await live(database) == [1, 2]


async def test_saying_that_a_receipt_is_wrong_offers_to_put_it_right(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        assert "Hủy bản ghi" in await replies(played, newest(played), "sai rồi")


async def test_a_receipt_of_several_asks_which_entry_is_meant(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa, Lò Văn Hậu 15/10")
        await played.presses("lan", "Lưu")
        receipt = newest(played)
        answer = await replies(played, receipt, "16/10")
        assert "Sửa số 1" in answer
        assert "Sửa số 2" in answer
        await played.presses("lan", "Sửa số 2")
        assert "15/10/2026 → 16/10/2026" in await played.says("lan", "16/10")


async def test_a_new_wish_is_a_new_wish_wherever_it_is_hung_on(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu")
        answer = await replies(played, newest(played), "còn mấy chỉ tiêu")
        assert "1/3 (33%)" in answer
        assert "Lò Văn Hậu" in await replies(played, newest(played), "kết nạp Lò Văn Hậu 16/10")


async def test_an_answer_to_what_the_bot_never_said_is_read_as_it_stands(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Nguyễn Văn Hoa" in await replies(played, "9999", "kết nạp Nguyễn Văn Hoa 15/10")


async def test_nobody_answers_a_card_of_another_chat(database: Database) -> None:
    async with cast.stage(database) as played:
        first, _ = await two_cards(played)
        await replies(played, first, "lưu", who="hung")
        assert await live(database) == []


async def test_forwarded_words_are_shown_on_a_card_that_says_so(database: Database) -> None:
    async with cast.stage(database) as played:
        card = await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10", is_forwarded=True)
        assert "Theo tin chuyển tiếp" in card
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")


async def test_forwarded_words_write_nothing_at_once(database: Database) -> None:
    async with cast.stage(database) as played:
        card = await played.says("lan", "tháng này không có gì mới", is_forwarded=True)
        assert "Đây là tin chuyển tiếp" in card
        assert await live(database) == []
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")
        assert await live(database) == [1]


async def test_the_card_of_a_forwarded_message_holds_none_of_its_words(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Trần Thị Bình 1997")
        await played.presses("lan", "Lưu")
        await played.says("lan", "Trần Thị Bình đã nộp đơn xin vào Đảng", is_forwarded=True)
        kept = await database.write(lambda tx: tx.execute(select(questions.c.draft, questions.c.choices)).all())
        assert "Bình" not in str(kept)
        assert "đơn xin vào Đảng" in await played.presses("lan", "Lưu")
        stage = select(candidates.c.stage).where(candidates.c.name == "Trần Thị Bình")
        assert await database.write(lambda tx: tx.scalar(stage)) == "application"


async def test_the_card_of_a_forwarded_message_can_be_dropped(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tháng này không có gì mới", is_forwarded=True)
        assert "Đã bỏ" in await played.presses("lan", "Bỏ")
        assert await live(database) == []


@pytest.mark.parametrize("said", ["lưu", "ok", "1"])
async def test_forwarded_words_answer_no_card(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", said, is_forwarded=True)
        assert await live(database) == []
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")


async def test_a_forwarded_question_is_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "0/3 (0%)" in await played.says("lan", "còn mấy chỉ tiêu", is_forwarded=True)


async def test_an_album_is_answered_once(database: Database) -> None:
    async with cast.stage(database) as played:
        for _ in range(10):
            await played.hear("lan", kind=Kind.PHOTO, album="7")
        await played.hear("hung", kind=Kind.PHOTO, album="7")
        await played.work()
        assert sorted(chat for chat, _ in played.phone.said) == ["hung", "lan"]
        assert "không nhận ảnh" in await played.says("lan", kind=Kind.PHOTO, album="8")


async def test_a_button_of_another_chat_does_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        card = played.phone.said[-1][1]
        pressed = f"{card.question_id}:{card.choices[0].number}"
        answer = await played.says("hung", kind=Kind.PRESS, pressed=pressed)
        assert "Hoa" not in answer
        assert await live(database) == []
        assert await database.write(lambda tx: tx.scalar(select(func.count()).select_from(entries))) == 0
