"""A name, a day or a second thought typed while a card is open: nothing joins, goes or changes without a word."""

import pytest
from sqlalchemy import select

from domain.records import Standing
from storage.database import Database
from storage.tables import candidates, entries
from tests import cast
from tests.handlers.test_bad_input import count


async def names(database: Database) -> set[str]:
    live = select(candidates.c.name).where(candidates.c.standing == Standing.LIVE)
    return set(await database.write(lambda tx: tx.execute(live).scalars().all()))


async def test_a_name_at_an_open_card_is_asked_about(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        assert "thay cho ai" in await played.says("lan", "Trần Thị Sáu")
        card = await played.presses("lan", "Thay Lê Văn Bốn")
        assert "Trần Thị Sáu" in card and "Lê Văn Bốn" not in card
        await played.presses("lan", "Lưu")
        assert await names(database) == {"Trần Thị Sáu"}


async def test_after_edit_a_name_replaces_once_and_is_then_asked_about(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        await played.presses("lan", "Sửa")
        card = await played.says("lan", "Lê Văn Năm")
        assert "Lê Văn Năm" in card and "Bốn" not in card
        assert "thay cho ai" in await played.says("lan", "Trần Thị Sáu")
        await played.presses("lan", "Thêm người")
        await played.presses("lan", "Lưu")
        assert await names(database) == {"Lê Văn Năm", "Trần Thị Sáu"}


@pytest.mark.parametrize("said", ["thêm Lý Thị Bảy", "cả Lý Thị Bảy", "Lý Thị Bảy nữa"])
async def test_one_more_is_added_when_it_is_said(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        card = await played.says("lan", said)
        assert "• Lê Văn Bốn" in card and "• Lý Thị Bảy" in card and "1. L" not in card.replace("1. Lưu", "")


async def test_dropping_the_question_leaves_no_drafts(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        await played.says("lan", "Trần Thị Sáu")
        assert "Đã bỏ" in await played.presses("lan", "Bỏ")
        assert await count(database, candidates) == 0


async def test_the_last_thing_is_the_open_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        played.move(minutes=2)
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        assert "Đã bỏ, chưa ghi gì" in await played.says("lan", "bỏ cái vừa rồi")
        assert await count(database, entries, entries.c.state == "live") == 1
        assert "Đã hủy số 1" in await played.says("lan", "bỏ cái vừa rồi")


async def test_an_older_card_is_not_the_last_thing(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "kết nạp Lê Văn Bốn 16/10 ở thôn 1")
        played.move(minutes=2)
        await played.says("mai", "tháng này thôn 2 không có gì mới")
        assert "Đã hủy số 1" in await played.says("mai", "bỏ cái vừa rồi")


async def test_the_number_of_an_earlier_sentence_is_no_longer_asked(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp 5 đồng chí")
        card = await played.says("lan", "kết nạp Nguyễn Văn Dũng 15/10")
        assert "Lưu chứ?" in card and "5 người" not in card


@pytest.mark.parametrize("remark", ["Páo bị ốm rồi", "hôm nay trời mưa quá", "hôm qua tôi bận họp ở xã không đi được"])
async def test_a_remark_fills_nothing(database: Database, remark: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/ketnap")
        assert "chưa hiểu" in await played.says("lan", remark)
        await played.says("lan", "kết nạp Nguyễn Văn Dũng 15/10")
        again = await played.says("lan", remark)
        assert "chưa hiểu" in again and "15/10/2026" in again


@pytest.mark.parametrize(
    "answer",
    [
        "ngày 15 tháng 10 làm lễ ở nhà văn hóa",
        "15/10 nhé",
        "hôm 15/10",
        "Dũng, làm lễ ngày 15/10",
        "15/10, giáo viên",
    ],
)
async def test_an_answer_with_a_few_words_more_is_an_answer(database: Database, answer: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Dũng")
        assert "làm lễ 15/10/2026" in await played.says("lan", answer)


async def test_without_a_name_the_same_day_is_asked_about(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu không tên")
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "đã có số 1 làm lễ ngày 15/10/2026" in await played.presses("lan", "Lưu không tên")
        assert "giữ nguyên" in await played.presses("lan", "Cùng một người")
        await played.says("lan", "kết nạp Trần Văn Bình 15/10")
        await played.presses("lan", "Lưu không tên")
        assert "Đã ghi số 2" in await played.presses("lan", "Người khác")
        await played.says("hung", "kết nạp Trần Văn Ca 15/10")
        assert "Đã ghi số 3" in await played.presses("hung", "Lưu không tên")


async def test_a_ceremony_before_its_decision_is_explained(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "quyết định kết nạp Nguyễn Văn Dũng số 12 ngày 20/10, chưa làm lễ")
        await played.presses("lan", "Lưu")
        said = await played.says("lan", "kết nạp Nguyễn Văn Dũng 15/10")
        assert "15/10/2026 lại trước ngày quyết định 20/10/2026" in said
        await played.presses("lan", "Sửa ngày làm lễ")
        assert "Lưu chứ?" in await played.says("lan", "25/10")
        await played.presses("lan", "Bỏ")
        await played.says("lan", "kết nạp Nguyễn Văn Dũng 15/10")
        assert "Đã bỏ" in await played.presses("lan", "Bỏ")


async def test_days_in_the_wrong_order_can_be_swapped(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Dũng 15/10, quyết định số 12 ngày 20/10")
        card = await played.presses("lan", "Đổi chỗ hai ngày")
        assert "làm lễ 20/10/2026" in card and "ngày 15/10/2026" in card


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("kết nạp Lê Văn Bốn\nngày mai", "Ngày mai chưa tới"),
        ("kết nạp Lê Văn Bốn ngày 30/12", "Ngày 30/12 chưa tới"),
        ("kết nạp Lê Văn Bốn 3/3/2025", "Ngày 03/03/2025 đã quá một năm"),
    ],
)
async def test_a_day_is_said_back_in_plain_words(database: Database, said: str, told: str) -> None:
    async with cast.stage(database) as played:
        answers = [await played.says("lan", row) for row in said.split("\n")]
        assert told in answers[-1]


async def test_who_came_without_a_name_is_on_no_list_once_the_admission_is_undone(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu không tên")
        await played.presses("lan", "Hoàn tác")
        assert "đảng viên mới" not in await played.says("lan", "/ketnap")
        await played.says("lan", "bỏ")
        assert "đảng viên mới" not in await played.says("lan", "/nguon")
        assert "Nguồn: 0 người" in await played.says("lan", "/tiendo")
        assert "Chi bộ thôn 1: 1/3" in await played.says("lan", "khôi phục số 1")
        assert "đảng viên mới" in await played.says("lan", "/xem 1")
        await played.says("lan", "/huy 1")
        assert "đảng viên mới" not in await played.says("lan", "/ketnap")


async def test_a_candidate_without_a_name_goes_back_to_the_list_when_the_admission_is_undone(
    database: Database,
) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Nguyễn Văn An 1990")
        await played.presses("lan", "Lưu không tên")
        label = (await played.says("lan", "/ketnap")).split("quần chúng ")[1][:4]
        await played.presses("lan", f"quần chúng {label}")
        await played.says("lan", "15/10")
        assert "Đã ghi số 1" in await played.says("lan", "lưu")
        await played.presses("lan", "Hoàn tác")
        assert f"quần chúng {label}" in await played.says("lan", "/ketnap")


# ── The card of the list ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_name_at_the_open_card_of_the_list_is_asked_about(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Lê Văn Bốn 1990")
        assert "Trần Thị Sáu thay cho ai" in await played.says("lan", "Trần Thị Sáu 1995")
        assert "Trần Thị Sáu thay cho ai" in await played.says("lan", "ok"), "it is asked until it is answered"
        card = await played.presses("lan", "Thay Lê Văn Bốn")
        assert "Trần Thị Sáu, sinh 1995" in card and "Bốn" not in card
        assert "thay cho ai" in await played.says("lan", "Lý Thị Bảy")
        card = await played.presses("lan", "Thêm người")
        assert "Trần Thị Sáu" in card and "Lý Thị Bảy" in card
        await played.presses("lan", "Lưu")
        assert await names(database) == {"Trần Thị Sáu", "Lý Thị Bảy"}
        assert await count(database, candidates) == 2


@pytest.mark.parametrize("said", ["thêm Lý Thị Bảy", "cả Lý Thị Bảy", "Lý Thị Bảy nữa"])
async def test_one_more_is_put_on_the_list_when_it_is_said(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Lê Văn Bốn 1990")
        card = await played.says("lan", said)
        assert "Lê Văn Bốn" in card and "Lý Thị Bảy" in card
        await played.presses("lan", "Lưu")
        assert await names(database) == {"Lê Văn Bốn", "Lý Thị Bảy"}


async def test_the_same_name_at_the_card_of_the_list_says_more_of_the_same_person(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Lê Văn Bốn")
        assert "Lê Văn Bốn, sinh 1990" in await played.says("lan", "Lê Văn Bốn 1990")
        await played.presses("lan", "Lưu")
        assert await count(database, candidates) == 1


@pytest.mark.parametrize("end", ["Bỏ", "bỏ"])
async def test_dropping_the_question_about_the_list_leaves_no_drafts(database: Database, end: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Lê Văn Bốn 1990")
        await played.says("lan", "Trần Thị Sáu")
        assert "Đã bỏ" in await (played.presses("lan", end) if end == "Bỏ" else played.says("lan", end))
        assert await count(database, candidates) == 0


async def test_a_new_wish_leaves_the_question_about_the_list_open(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "thêm nguồn Lê Văn Bốn 1990")
        await played.says("lan", "Trần Thị Sáu")
        assert "Chi bộ thôn 1" in await played.says("lan", "/tiendo")
        card = await played.presses("lan", "Thay Lê Văn Bốn")
        assert "Trần Thị Sáu" in card and "Bốn" not in card
