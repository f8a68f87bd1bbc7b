"""Talks that go another way than straight: several people, several cards, second thoughts."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.messages import Kind
from domain.office import PlannedUnit
from domain.records import Standing
from domain.units import UnitKind
from storage.database import Database
from storage.outbox import claim_sendable
from storage.tables import candidates, entries
from storage.upkeep import forget
from tests import cast
from tests.handlers.test_bad_input import count


async def names(database: Database) -> set[str]:
    live = select(candidates.c.name).where(candidates.c.standing == Standing.LIVE)
    return set(await database.write(lambda tx: tx.execute(live).scalars().all()))


async def test_the_full_name_of_one_leaves_the_others_on_the_card(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Cần đủ họ và tên của An" in await played.says("lan", "kết nạp An, Nguyễn Văn Bình 15/10")
        card = await played.says("lan", "Trần Văn An")
        assert "Nguyễn Văn Bình" in card and "Trần Văn An" in card
        await played.presses("lan", "Lưu")
        assert await names(database) == {"Trần Văn An", "Nguyễn Văn Bình"}
        assert await count(database, candidates) == 2


async def test_a_name_typed_again_on_its_card_is_the_same_person(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An")
        await played.says("lan", "Nguyễn Văn An 15/10")
        assert "Đã ghi số 1: Nguyễn Văn An." in await played.presses("lan", "Lưu")
        assert await count(database, entries) == 1


async def test_the_same_decision_twice_ends_with_the_first(database: Database) -> None:
    async with cast.stage(database) as played:
        decided = "QĐ kết nạp số 88 ngày 16/10 cho Arất Thị Blưn, chưa làm lễ"
        await played.says("lan", decided)
        await played.presses("lan", "Lưu")
        assert "đã có số 1" in await played.says("lan", decided)
        assert "giữ nguyên" in await played.presses("lan", "Giữ nguyên")
        assert await count(database, entries) == 1


async def test_a_second_card_leaves_the_first_to_be_saved(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        first = played.phone.said[-1][1]
        await played.says("lan", "kết nạp Lê Văn Bốn 16/10")
        pressed = f"{first.question_id}:{first.choices[0].number}"
        assert "Nguyễn Văn An" in await played.says("lan", kind=Kind.PRESS, pressed=pressed)
        assert "Lê Văn Bốn" in await played.presses("lan", "Lưu", by_number=True)
        assert await names(database) == {"Nguyễn Văn An", "Lê Văn Bốn"}


async def test_a_number_never_means_an_older_receipt(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10, Lê Văn Bốn 16/10, Vũ Thị Cam 17/10")
        await played.presses("lan", "Lưu")
        await played.says("lan", "kết nạp Đỗ Văn Dũng 18/10")
        await played.presses("lan", "Lưu")
        assert "một trong 2 câu" in await played.says("lan", "3")
        assert await count(database, entries, entries.c.state == "live") == 4


async def test_a_decision_begun_in_the_talk_of_a_ceremony_is_a_decision(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/ketnap")
        card = await played.says("lan", "QĐ kết nạp số 88 ngày 16/10 cho Arất Thị Blưn, chưa làm lễ")
        assert card.startswith("Quyết định kết nạp")


async def test_several_wishes_in_one_message_are_not_swallowed(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says(
            "lan", "tháng 11 chi bộ em kết nạp được 1 là Lò Văn Thận hôm 14, nguồn còn 3, chỉ tiêu còn thiếu 1 ạ"
        )
        assert "Lò Văn Thận" in answer
        assert "còn 1 việc nữa" in answer


async def test_the_figures_of_a_message_are_explained_for_sixty_days(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        code = (await played.says("lan", "còn mấy chỉ tiêu")).split("Số liệu: ")[1][:4]
        explained = await played.says("lan", f"/xem {code}")
        assert "1 lúc gửi, nay là 1" in explained
        assert "Số 1: Nguyễn Văn An, làm lễ 15/10/2026" in explained
        played.move(days=59)
        await forget(database, played.office.retention, played.clock[0])
        assert "1 lúc gửi" in await played.says("lan", f"/xem {code}")
        played.move(days=2)
        await forget(database, played.office.retention, played.clock[0])
        assert "Không có trong phạm vi" in await played.says("lan", f"/xem {code}")


async def test_words_that_answer_nothing_bring_the_question_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/ketnap")
        again = await played.says("lan", "uh")
        assert "chưa hiểu" in again and "kết nạp ai" in again
        assert "Lưu chứ?" in await played.says("lan", "Nguyễn Văn An hôm qua")


async def test_a_yes_or_no_answers_whether_it_is_the_same_person(database: Database) -> None:
    async with cast.stage(database) as played:
        for expected in ("Đã ghi số 1", "đã có số 1", "đã có số 1"):
            answer = await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
            if expected == "Đã ghi số 1":
                answer = await played.presses("lan", "Lưu")
            assert expected in answer
        assert "giữ nguyên" in await played.says("lan", "đúng rồi")
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "Lưu chứ?" in await played.says("lan", "không")


async def test_a_buttons_words_may_be_typed(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "thêm nguồn Trần Thị Bình 1997")
        assert "Chi bộ thôn 2" in await played.says("mai", "thon 2")
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.says("lan", "lưu")
        await played.says("lan", "/xem 1")
        assert "Đã hủy số 1" in await played.says("lan", "huy")


async def test_given_names_on_a_card_get_their_own_days(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An, Lê Thị Bình")
        card = await played.says("lan", "An 15/10, Bình 16/10")
        assert "Nguyễn Văn An, làm lễ 15/10/2026" in card
        assert "Lê Thị Bình, làm lễ 16/10/2026" in card


async def test_saying_that_it_is_wrong_offers_to_mend_the_last_entry(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.says("lan", "lưu")
        assert "muốn sửa bản ghi số 1" in await played.says("lan", "sai rồi")


async def test_a_code_that_reads_like_a_name_is_a_code(database: Database) -> None:
    ten = PlannedUnit("CB10", "Chi bộ khu phố Hạ", UnitKind.BRANCH, "XA")
    async with cast.stage(database, plan=replace(cast.PLAN, units=(*cast.PLAN.units, ten))) as played:
        for command in ("/tiendo CB10", "/nguon CB10", "/donvi CB10"):
            assert "Chi bộ khu phố Hạ" in await played.says("mai", command)


async def test_undoing_or_mending_somebody_named_never_touches_another(database: Database) -> None:
    async with cast.stage(database) as played:
        for sentence in ("kết nạp Lê Văn Bình 15/10", "kết nạp Nguyễn Văn An 16/10"):
            await played.says("lan", sentence)
            await played.says("lan", "lưu")
        for sentence in ("huy cai vua ghi cua binh", "sua ngay cua binh la 13/11"):
            assert "cho số của bản ghi" in await played.says("lan", sentence)
        assert await count(database, entries, entries.c.state == "live") == 2
        assert "Đã hủy số 2" in await played.says("lan", "huy cai vua ghi cua an")


async def test_a_yes_before_the_card_was_sent_shows_the_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.hear("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.hear("lan", "ok")
        await played.work()
        assert await count(database, entries) == 0
        assert "Lưu chứ?" in cast.shown(played.phone.said[-1][1])


@pytest.mark.parametrize("answer", ["ok", "1"])
async def test_somebody_quick_may_answer_while_the_card_is_being_sent(database: Database, answer: str) -> None:
    async with cast.stage(database) as played:
        await played.hear("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.engine.drain()
        claimed = await claim_sendable(database, "test", "bot", "one", cast.NOW, limit=5, lease_seconds=60)
        assert len(claimed) == 1
        await played.hear("lan", answer)
        await played.engine.drain()
        assert await count(database, entries) == 1
