"""The turn of the year and the year before: where an admission counts, and what stands beside it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.calendar import ZONE
from domain.intents import Month
from domain.office import OfficePlan
from domain.past import PlannedAdmission
from jobs.planning import weekly_digest
from language.plain import fold
from storage.database import Database
from storage.office import load_plan
from tests import cast

pytestmark = pytest.mark.anyio

AGREED = date(2026, 10, 1)
NAMES = ("Lò Thị Dụ", "Giàng A Sử", "Tẩn Mẩy Lai", "Vàng A Pó", "Sùng Thị Chía")


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


async def imported(played: cast.Stage, *days: date | Month, code: str = "B1", count: int | None = None) -> None:
    rows = [
        PlannedAdmission(code, "" if count else name, AGREED, day, count=count)
        for name, day in zip(NAMES, days, strict=False)
    ]
    await load_plan(played.db, OfficePlan(admissions=tuple(rows)), fold, played.clock[0].date(), played.clock[0])


async def digests(played: cast.Stage, moment: datetime) -> dict[str, str]:
    """What each of the cast is sent at that moment."""
    played.clock[0] = moment
    await weekly_digest(played.db, played.office, moment)
    before = len(played.phone.said)
    await played.work()
    return {chat: cast.shown(message) for chat, message in played.phone.said[before:]}


async def test_the_same_period_goes_to_the_same_day_of_last_year(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Cùng kỳ" not in await played.says("lan", "/tiendo")
        await imported(played, *(date(2025, *day) for day in ((1, 3), (11, 1), (11, 21), (11, 22), (12, 30))))
        for who in ("lan", "mai", "oanh"):
            assert "Cùng kỳ năm trước: 3 (đến 21/11/2025)" in await played.says(who, "/tiendo")
        assert "Cùng kỳ" not in await played.says("hung", "/tiendo")
        assert "Cùng kỳ" not in await played.says("lan", "/tiendo năm 2025")
        await imported(played, Month(2025, 10), Month(2025, 9), code="B2", count=2)
        assert "Cùng kỳ năm trước: 7 (đến 21/11/2025)" in await played.says("mai", "/tiendo")
        await played.says("oanh", "/huy lô 1")
        await played.presses("oanh", "Hủy cả lô")
        assert "Cùng kỳ năm trước: 4 (đến 21/11/2025)" in await played.says("mai", "/tiendo")


async def test_the_last_day_of_february_is_compared_with_the_last_day_of_february(database: Database) -> None:
    async with cast.stage(database) as played:
        played.clock[0] = at(2028, 2, 29)
        await imported(played, date(2027, 2, 28), date(2027, 3, 1))
        assert "Cùng kỳ năm trước: 1 (đến 28/02/2027)" in await played.says("lan", "/tiendo")


async def test_the_digest_has_last_year_at_its_head_and_calls_an_import_of_it_no_news(database: Database) -> None:
    async with cast.stage(database) as played:
        await imported(played, date(2025, 10, 15), date(2025, 11, 30))
        said = (await digests(played, at(2026, 11, 23, 7, 30)))["mai"]
        assert "Đảng bộ xã Bình Minh: 0/13 (0%), cùng kỳ năm trước 1" in said
        assert "7 ngày qua: chưa kết nạp thêm ai." in said
        assert "chưa báo gì" in await played.says("lan", "/viec")


async def test_an_import_of_this_month_is_a_word_about_it(database: Database) -> None:
    async with cast.stage(database) as played:
        await imported(played, date(2026, 11, 15))
        assert "chưa báo gì" not in await played.says("lan", "/viec")


@pytest.mark.parametrize("quota", [None, 2])
async def test_from_old_year_to_new(database: Database, quota: int | None) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        played.clock[0] = at(2026, 12, 15)
        if quota:
            card = await played.says("mai", f"giao chỉ tiêu 2027: Chi bộ thôn 1: {quota}")
            assert "2027" in card
            await played.presses("mai", "Lưu")
            assert "1/3 (33%)" in await played.says("lan", "/tiendo")

        played.clock[0] = at(2026, 12, 31, 23, 59)
        last = await played.says("lan", "/tiendo")
        assert "năm 2026 · số liệu đến 31/12/2026" in last
        assert "1/3 (33%)" in last
        assert "chậm tiến độ, còn thiếu 2" in last
        assert "Năm 2025" not in last

        played.clock[0] = at(2027, 1, 1, 0, 0)
        first = await played.says("lan", "/tiendo")
        assert "năm 2027 · số liệu đến 01/01/2027" in first
        assert "Năm 2026: 1/3 (33%)" in first
        assert ("0/2 (0%)" if quota else "0/– · chưa giao chỉ tiêu") in first
        assert "chậm" not in first
        assert "1/3 (33%)" in await played.says("lan", "/tiendo năm 2026")

        played.clock[0] = at(2027, 1, 3)
        card = await played.says("lan", "kết nạp Trần Thị Bé 28/12")
        assert "làm lễ 28/12/2026" in card
        receipt = await played.presses("lan", "Lưu")
        assert "tính vào năm 2026" in receipt
        assert "2/3 (67%)" in receipt
        shown = await played.says("lan", "/tiendo")
        assert "Năm 2026: 2/3 (67%)" in shown
        assert ("0/2 (0%)" if quota else "0/–") in shown

        sent = await digests(played, at(2027, 1, 4, 7, 30))
        digest = sent["minh"]
        assert "+1 Chi bộ thôn 1" in digest
        assert "chậm tiến độ" not in digest
        assert "chưa giao chỉ tiêu" in digest
        assert "năm 2026: 2/3 (67%)" in digest
        assert "năm 2026: 2/13 (15%)" in sent["mai"]

        played.clock[0] = at(2027, 1, 31, 23, 59)
        assert "Năm 2026: 2/3 (67%)" in await played.says("lan", "/tiendo")
        played.clock[0] = at(2027, 2, 1, 0, 0)
        february = await played.says("lan", "/tiendo")
        assert "Năm 2026:" not in february
        assert "Cùng kỳ năm trước: 0 (đến 01/02/2026)" in february


async def test_receipts_of_this_year_do_not_speak_of_years(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "tính vào" not in await played.presses("lan", "Lưu")


async def test_an_entry_of_last_year_is_put_right_and_undone_in_last_year(database: Database) -> None:
    async with cast.stage(database, plan=replace(cast.PLAN)) as played:
        played.clock[0] = at(2027, 1, 3)
        await played.says("lan", "kết nạp Trần Thị Bé 28/12")
        await played.presses("lan", "Lưu")
        await played.says("lan", "/sua 1 ngày 2/1")
        corrected = await played.presses("lan", "Lưu")
        assert "năm 2027" in corrected
        assert "Năm 2026: 0/3" in await played.says("lan", "/tiendo")
        assert "năm 2027" in await played.says("lan", "/huy 2")
