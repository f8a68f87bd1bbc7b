"""A wrong import undone by the organiser: behind a card, as a whole, and nobody else's."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from domain.intents import Month
from domain.office import OfficePlan, PlannedPerson
from domain.past import PlannedAdmission, PlannedCandidate
from domain.people import Role
from language.plain import fold
from storage.database import Database
from storage.office import load_plan
from storage.tables import candidates, people
from tests import cast

pytestmark = pytest.mark.anyio

AGREED = date(2026, 10, 1)
ROWS = tuple(
    PlannedAdmission(code, name, AGREED, date(2026, 10, 15))
    for code, name in (("B1", "Lò Thị Dụ"), ("B2", "Giàng A Sử"), ("C1", "Tẩn Mẩy Lai"))
)


async def imported(played: cast.Stage, *rows: PlannedAdmission) -> None:
    plan = OfficePlan(admissions=rows or ROWS, candidates=(PlannedCandidate("B2", "Vàng A Pó", AGREED),))
    await load_plan(played.db, plan, fold, played.clock[0].date(), played.clock[0])


async def test_an_organiser_undoes_an_import_as_a_whole(database: Database) -> None:
    async with cast.stage(database) as played:
        await imported(played)
        card = await played.says("oanh", "/huy lô 1")
        assert "Hủy cả lô 1, nạp từ tệp ngày 21/11/2026" in card
        assert "Hủy 3 bản ghi: 1–3" in card
        assert "Xóa khỏi sổ 4 người" in card
        assert "Đơn vị, chỉ tiêu, người phụ trách do tệp khai vẫn giữ." in card
        assert "1/3" in await played.says("lan", "/tiendo")
        assert "Đã hủy lô 1: 3 bản ghi, 4 người." in await played.says("oanh", "đồng ý")
        assert "0/3" in await played.says("lan", "/tiendo")
        assert "Lô 1 đã hủy ngày 21/11/2026." in await played.says("oanh", "hủy cả lô 1")
        assert "đã hủy theo cả lô" in await played.says("oanh", "khôi phục số 1")


async def test_whoever_imported_it_is_told_that_a_colleague_undid_it(database: Database) -> None:
    staff = (*cast.PLAN.people, PlannedPerson("xa", "Người Xã A", Role.ORGANISER, "XA"))
    async with cast.stage(database, plan=replace(cast.PLAN, people=staff), joined=("xa", "oanh")) as played:
        async with database.reading() as tx:
            importer = await tx.scalar(select(people.c.id).where(people.c.key == "xa"))
        plan = OfficePlan(admissions=ROWS[:1])
        await load_plan(database, plan, fold, played.clock[0].date(), played.clock[0], person_id=importer)
        await played.says("oanh", "/huy lô 1")
        await played.presses("oanh", "Hủy cả lô")
        played.move(days=2)
        await played.work()
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "xa"]
        assert told == ["Lô 1 do đồng chí nạp vừa được đồng chí Vũ Thị Oanh hủy."]


async def test_what_was_put_right_meanwhile_stays_and_a_card_that_is_overtaken_is_shown_again(
    database: Database,
) -> None:
    async with cast.stage(database) as played:
        await imported(played)
        await played.says("oanh", "/huy lô 1")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        again = await played.presses("oanh", "Hủy cả lô")
        assert "Giữ lại vì đã có người sửa sau khi nạp: số 1." in again
        done = await played.presses("oanh", "Hủy cả lô")
        assert "Đã hủy lô 1: 2 bản ghi" in done
        assert "1/3" in await played.says("lan", "/tiendo")


async def test_nothing_is_undone_without_a_yes(database: Database) -> None:
    async with cast.stage(database) as played:
        await imported(played)
        await played.says("oanh", "/huy lô 1")
        assert "giữ nguyên" in await played.presses("oanh", "Giữ nguyên")
        assert "1/3" in await played.says("lan", "/tiendo")


async def test_a_batch_out_of_reach_is_like_none(database: Database) -> None:
    staff = (*cast.PLAN.people, PlannedPerson("xa", "Người Xã A", Role.ORGANISER, "XA"))
    async with cast.stage(database, plan=replace(cast.PLAN, people=staff), joined=("lan", "xa", "oanh")) as played:
        await imported(played)
        none = await played.says("oanh", "/huy lô 77")
        assert "Hủy" not in none
        for who in ("lan", "xa"):
            assert "Hủy cả lô" not in await played.says(who, "/huy lô 1")
        await imported(played, PlannedAdmission("B1", "Sùng Thị Chía", AGREED, date(2026, 10, 17)))
        assert "Hủy cả lô 2" in await played.says("xa", "/huy lô 2")


async def test_whoever_was_erased_leaves_no_name_anywhere(database: Database) -> None:
    async with cast.stage(database) as played:
        await imported(played)
        await played.says("oanh", "/huy lô 1")
        await played.presses("oanh", "Hủy cả lô")
        shown = await played.says("oanh", "/xem 1")
        assert "đã hủy" in shown
        assert "Lò Thị Dụ" not in shown
        assert "Khôi phục" not in shown + await played.says("oanh", "/huy 1"), "nobody is left to bring back"
        async with database.reading() as tx:
            assert set((await tx.execute(select(candidates.c.name))).scalars()) == {""}


@pytest.mark.parametrize(
    "row",
    [
        PlannedAdmission("B3", ceremony_on=Month(2026, 9), count=4),
        PlannedAdmission("B3", "Lò Thị Dụ", None, date(2026, 9, 15), label="đảng viên mới"),
    ],
    ids=["a figure", "somebody without a name"],
)
async def test_what_was_told_anew_since_is_not_brought_back_beside_it_unasked(
    database: Database, row: PlannedAdmission
) -> None:
    async with cast.stage(database) as played:
        count = row.count or 1
        await load_plan(database, OfficePlan(admissions=(row,)), fold, played.clock[0].date(), played.clock[0])
        await played.says("oanh", "/huy 1")
        await played.presses("oanh", "Hủy bản ghi")
        played.move(hours=1)
        await load_plan(database, OfficePlan(admissions=(row,)), fold, played.clock[0].date(), played.clock[0])
        await played.says("oanh", "/xem 1")
        asked = await played.presses("oanh", "Khôi phục")
        assert "tính hai lần" in asked and "Số 2" in asked
        assert f"{count}/" in await played.says("oanh", "/tiendo B3")
        assert "giữ nguyên" in await played.presses("oanh", "Giữ nguyên")
        await played.says("oanh", "/khoiphuc 1")
        assert "Đã khôi phục số 1" in await played.presses("oanh", "Khôi phục"), "who knows better may say so"
        assert f"{count * 2}/" in await played.says("oanh", "/tiendo B3")
        await played.says("oanh", "/huy 2")
        await played.presses("oanh", "Hủy bản ghi")
        assert "Đã khôi phục số 2" in await played.says("oanh", "/khoiphuc 2"), "the other stood there before"
