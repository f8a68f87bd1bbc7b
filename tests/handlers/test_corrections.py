"""Putting right, undoing and bringing back by chat: what it changes, what it leaves alone, and what it refuses."""

from datetime import date

import pytest
from sqlalchemy import select, update

from domain.messages import Kind
from domain.records import Stage
from storage.database import Database
from storage.tables import candidates, entries, quotas
from tests import cast
from tests.records import drafts, live

pytestmark = pytest.mark.anyio

DECIDED = "Đảng ủy đã có quyết định kết nạp cho Arất Thị Blưn, QĐ 88 ngày 1/10, chưa làm lễ"


async def newest(database: Database) -> tuple[date | None, date | None, str]:
    query = select(entries.c.ceremony_on, entries.c.decision_on, entries.c.decision_no)
    row = await database.write(lambda tx: tx.execute(query.order_by(entries.c.number.desc()).limit(1)).one())
    return row.ceremony_on, row.decision_on, row.decision_no


async def people(database: Database) -> list[tuple[str, str, date | None]]:
    query = select(candidates.c.name, candidates.c.stage, candidates.c.stage_on).order_by(candidates.c.made_at)
    return [(row.name, row.stage, row.stage_on) for row in await database.write(lambda tx: tx.execute(query).all())]


async def recorded(played: cast.Stage, text: str, who: str = "lan") -> str:
    await played.says(who, text)
    return await played.presses(who, "Lưu")


async def pressed_late(played: cast.Stage, who: str, card: int, label: str) -> str:
    """Press a button of an earlier message: the `card`-th from the end of those said to somebody."""
    message = [one for chat, one in played.phone.said if chat == who][card]
    number = next(choice.number for choice in message.choices if choice.label == label)
    return await played.says(who, kind=Kind.PRESS, pressed=f"{message.question_id}:{number}")


async def test_a_bare_day_is_the_decisions_while_there_was_no_ceremony(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, DECIDED)
        card = await played.says("lan", "sửa lại ngày là 5/10")
        assert "Ngày quyết định: 01/10/2026 → 05/10/2026" in card
        assert "làm lễ" not in card
        assert "0/3" in await played.presses("lan", "Lưu")
        assert await newest(database) == (None, date(2026, 10, 5), "88")
        assert await people(database) == [("Arất Thị Blưn", Stage.DECIDED, date(2026, 10, 5))]


@pytest.mark.parametrize("said", ["sửa ngày làm lễ thành 15/10", "/sua 1 làm lễ ngày 15/10", "/sua 1 ngày lễ 15/10"])
async def test_a_day_said_to_be_the_ceremonys_completes_the_decision(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await recorded(played, DECIDED)
        assert "Ngày làm lễ: chưa có → 15/10/2026" in await played.says("lan", said)
        assert "1/3" in await played.presses("lan", "Lưu")
        assert await newest(database) == (date(2026, 10, 15), date(2026, 10, 1), "88")
        assert await people(database) == [("Arất Thị Blưn", Stage.ADMITTED, date(2026, 10, 15))]


async def test_the_ceremony_may_be_told_while_the_correction_is_open(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, DECIDED)
        await played.says("lan", "/sua 1")
        assert "Ngày làm lễ: chưa có → 15/10/2026" in await played.says("lan", "làm lễ ngày 15/10")


async def test_the_stage_follows_a_corrected_ceremony(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "sửa lại ngày là 16/10")
        await played.presses("lan", "Lưu")
        assert await people(database) == [("Nguyễn Văn Hoa", Stage.ADMITTED, date(2026, 10, 16))]


async def test_a_correction_leaves_alone_who_went_on_after_the_ceremony(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await database.write(lambda tx: tx.execute(update(candidates).values(stage=Stage.OFFICIAL.value)))
        await played.says("lan", "sửa lại ngày là 16/10")
        await played.presses("lan", "Lưu")
        assert [stage for _, stage, _ in await people(database)] == [Stage.OFFICIAL]


async def test_taking_back_a_correction_names_its_entry(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        await recorded(played, "kết nạp Lò Văn Hậu 17/10")
        answer = await pressed_late(played, "lan", -3, "Hoàn tác")
        assert "Đã trả số 2 về như trước, nay là số 4" in answer
        assert await live(database) == [3, 4]
        assert await newest(database) == (date(2026, 10, 15), None, "")


async def test_taking_back_a_completion_names_its_entry(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, DECIDED)
        await recorded(played, "kết nạp Arất Thị Blưn 15/10")
        await recorded(played, "kết nạp Lò Văn Hậu 17/10")
        assert "Đã trả số 2 về như trước" in await pressed_late(played, "lan", -3, "Hoàn tác")
        assert await live(database) == [3, 4]


@pytest.mark.parametrize("said", ["/hoantac 2", "hoàn tác số 2", "hoàn tác 2"])
async def test_a_correction_is_taken_back_by_number(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        await recorded(played, "kết nạp Lò Văn Hậu 17/10")
        assert "Đã trả số 2 về như trước" in await played.says("lan", said)
        assert "Đã hủy số 3" in await played.says("lan", "/hoantac 3")


async def test_an_entry_that_was_corrected_since_is_not_taken_back_by_its_old_number(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        assert "Số 1 đã được sửa, nay là số 2" in await played.says("lan", "/hoantac 1")
        assert await live(database) == [2]


async def test_the_bare_word_takes_back_ones_own_last_step(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await recorded(played, "kết nạp Lò Văn Hậu 17/10")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        assert "Đã trả số 3 về như trước" in await played.says("lan", "hoàn tác")
        assert await live(database) == [2, 4]


async def test_somebody_elses_correction_is_taken_back_behind_a_card(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        card = await played.says("mai", "/hoantac 2")
        assert "Trả số 2 về như trước" in card
        assert "Như trước: Số 1: Nguyễn Văn Hoa, làm lễ 15/10/2026" in card
        assert await live(database) == [2]
        assert "nay là số 3" in await played.presses("mai", "Trả về")


@pytest.mark.parametrize(
    ("said", "shown", "kept"),
    [
        ("/sua 1 quyết định ngày 10/10", "Ngày quyết định: chưa có → 10/10/2026", (date(2026, 10, 10), "")),
        ("/sua 1 số quyết định 99-QĐ/ĐU", "Số quyết định: chưa có → 99-QĐ/ĐU", (None, "99-QĐ/ĐU")),
        ("/sua 1 QĐ 99 ngày 10/10", "Số quyết định: chưa có → 99", (date(2026, 10, 10), "99")),
        ("sửa số quyết định thành 99", "Số quyết định: chưa có → 99", (None, "99")),
    ],
)
async def test_the_decision_is_put_right_and_not_the_ceremony(
    database: Database, said: str, shown: str, kept: tuple[date | None, str]
) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        card = await played.says("lan", said)
        assert shown in card
        assert "Ngày làm lễ" not in card
        await played.presses("lan", "Lưu")
        assert await newest(database) == (date(2026, 10, 15), *kept)


async def test_both_days_are_put_right_in_one_sentence(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 QĐ 99 ngày 10/10, làm lễ 20/10")
        await played.presses("lan", "Lưu")
        assert await newest(database) == (date(2026, 10, 20), date(2026, 10, 10), "99")


async def test_an_entry_from_long_ago_can_still_get_its_name_right(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, DECIDED)
        played.move(days=500)
        assert "Arất Thị Blưn → Arất Thị Hoa" in await played.says("lan", "/sua 1 Arất Thị Hoa")
        assert "Đã sửa số 1" in await played.presses("lan", "Lưu")


async def test_a_decision_is_not_put_behind_its_ceremony(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        answer = await played.says("lan", "/sua 1 quyết định ngày 20/10")
        assert "Ngày làm lễ 15/10/2026 lại trước ngày quyết định 20/10/2026" in answer
        assert "Lưu chứ?" in await played.says("lan", "quyết định ngày 10/10")


@pytest.mark.parametrize(("said", "answer"), [("30/2", "Lịch không có ngày"), ("25/12", "chưa tới")])
async def test_a_day_that_cannot_be_is_said_so(database: Database, said: str, answer: str) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        assert answer in await played.says("lan", f"/sua 1 ngày {said}")
        assert answer in await played.says("lan", said)
        assert "Lưu chứ?" in await played.says("lan", "16/10")


async def test_an_entry_does_not_come_back_beside_the_one_that_took_its_place(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/huy 1")
        await recorded(played, "kết nạp Nguyễn Văn Hoa 16/10")
        answer = await played.says("lan", "/khoiphuc 1")
        assert "Chưa khôi phục số 1" in answer
        assert "Số 2: Nguyễn Văn Hoa" in answer
        await played.presses("lan", "Hủy số 2")
        assert "Đã khôi phục số 1" in await played.says("lan", "/khoiphuc 1")


async def test_a_report_of_nothing_does_not_come_back_beside_another(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tháng này không có gì mới")
        await played.says("lan", "/huy 1")
        await played.says("lan", "tháng này không có gì mới")
        assert "đã báo không phát sinh" in await played.says("lan", "/khoiphuc 1")


async def test_a_new_name_that_the_branch_has_on_that_day_is_asked_about(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await recorded(played, "kết nạp Lò Văn Hậu 15/10")
        answer = await played.says("lan", "/sua 2 Nguyễn Văn Hòa")
        assert "đã có một bản ghi cùng họ tên, cùng ngày" in answer
        assert "Số 1: Nguyễn Văn Hoa" in answer
        assert "cùng họ tên" in await played.says("lan", "lưu")
        assert "Lò Văn Hậu → Nguyễn Văn Hòa" in await played.presses("lan", "Người khác")
        assert "Đã sửa số 2" in await played.presses("lan", "Lưu")
        assert await live(database) == [1, 3]


async def test_namesakes_of_different_days_are_told_apart(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await recorded(played, "kết nạp Lò Văn Hậu 16/10")
        await played.says("lan", "/sua 2 Nguyễn Văn Hoa")
        await played.presses("lan", "Lưu")
        await played.says("lan", "/sua 3 ngày 15/10")
        assert "Đã sửa số 3" in await played.presses("lan", "Lưu")


async def test_an_entry_corrected_by_somebody_else_meanwhile_is_shown_anew(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 Nguyễn Văn Hòa")
        await played.says("mai", "/sua 1 ngày 16/10")
        await played.presses("mai", "Lưu")
        assert "Số 1 đã được sửa, nay là số 2" in await played.presses("lan", "Lưu")
        assert await live(database) == [2]
        assert await drafts(database) == 0


async def test_an_entry_undone_by_somebody_else_meanwhile_is_said_so(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 Nguyễn Văn Hòa")
        await played.says("mai", "/huy 1")
        await played.presses("mai", "Hủy bản ghi")
        assert "Số 1 đã hủy" in await played.presses("lan", "Lưu")
        assert await drafts(database) == 0


async def test_a_card_of_undoing_is_overtaken_too(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("mai", "/huy 1")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        assert "Số 1 đã được sửa, nay là số 2" in await played.presses("mai", "Hủy bản ghi")
        assert await live(database) == [2]


@pytest.mark.parametrize("said", ["hôm nay trời đẹp quá", "Hòa đi chợ rồi", "ngày kia họp ở ủy ban"])
async def test_what_is_no_answer_is_no_correction(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1")
        answer = await played.says("lan", said)
        assert "Sửa số 1" not in answer
        assert "hiểu" in answer
        assert "15/10/2026 → 16/10/2026" in await played.says("lan", "16/10")


@pytest.mark.parametrize("said", ["Nguyễn Văn Hòa", "Hòa", "Hòa chứ không phải Hoa", "đồng chí Nguyễn Văn Hòa nhé"])
async def test_a_name_alone_is_the_right_name(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1")
        assert "Nguyễn Văn Hoa → Nguyễn Văn Hòa" in await played.says("lan", said)


async def test_editing_the_card_keeps_what_it_says(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn Hoa 15/10")
        await played.says("lan", "/sua 1 Nguyễn Văn Hòa")
        await played.presses("lan", "Sửa")
        card = await played.says("lan", "16/10")
        assert "Nguyễn Văn Hoa → Nguyễn Văn Hòa" in card
        assert "15/10/2026 → 16/10/2026" in card
        assert "→ Nguyễn Văn Hoan" in await played.says("lan", "Nguyễn Văn Hoan")
        assert await drafts(database) == 1
        await played.presses("lan", "Lưu")
        assert await drafts(database) == 0
        assert [name for name, _, _ in await people(database)] == ["Nguyễn Văn Hoan"]


async def test_a_name_for_somebody_kept_without_one_comes_with_consent(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hoa 15/10")
        await played.presses("lan", "Lưu không tên")
        await played.says("lan", "/sua 1")
        assert "đã đồng ý cho ghi tên" in await played.says("lan", "Nguyễn Văn Hoa")
        await played.presses("lan", "Lưu")
        query = select(candidates.c.name, candidates.c.consent_by)
        row = await database.write(lambda tx: tx.execute(query).one())
        assert row.name == "Nguyễn Văn Hoa"
        assert row.consent_by is not None


async def test_a_unit_named_twice_gets_no_quota(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("mai", "giao chỉ tiêu 2027: chi bộ thôn 1: 2, chi bộ thôn 1: 3, chi bộ thôn 2: 1")
        assert "Chi bộ thôn 1 có hai lần trong tin" in answer
        query = select(quotas.c.id).where(quotas.c.period == "2027")
        assert await database.write(lambda tx: tx.execute(query).all()) == []


@pytest.mark.parametrize(
    "said", ["hủy kết nạp Nguyễn Văn An", "xoa ket nap dong chi An", "hủy kết nạp Nguyễn Văn An 15/10", "bỏ kết nạp An"]
)
async def test_an_admission_is_taken_back_by_whose_it_is_and_never_begun_anew(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        assert "ngày nào" not in await played.says("lan", said)
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        await played.says("lan", "/sua 1 16/10")
        await played.presses("lan", "Lưu")
        assert "Đã hủy số 2" in await played.says("lan", said)
        assert "0/3" in await played.says("lan", "/tiendo")


async def test_of_somebody_further_back_the_number_is_asked(database: Database) -> None:
    async with cast.stage(database) as played:
        for name in ("Nguyễn Văn An", "Trần Văn Bình"):
            await played.says("lan", f"kết nạp {name} 15/10")
            await played.presses("lan", "Lưu")
        assert "cho số của bản ghi" in await played.says("lan", "hủy kết nạp Nguyễn Văn An")
        assert "2/3" in await played.says("lan", "/tiendo")
