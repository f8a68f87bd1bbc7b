"""Nothing this month goes by the days of the ceremonies, and gives way to one that is told later."""

from datetime import date

import pytest

from domain.changes import Record
from domain.records import EntryKind
from storage.database import Database
from tests import cast
from tests.handlers.test_corrections import recorded
from tests.jobs.test_digest import unit_id, write


async def test_what_is_dated_in_an_earlier_month_does_not_speak_for_this_one(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn An 20/10")
        assert "không phát sinh tháng 11/2026" in await played.says("lan", "tháng này không phát sinh")
        assert "đã có báo kết nạp trong tháng 10/2026" in await played.says("lan", "tháng 10 không có gì mới")


@pytest.mark.parametrize("said", ["kết nạp Lê Văn Sáu 20/10", "QĐ kết nạp số 8 ngày 20/10 cho Lê Văn Sáu, chưa làm lễ"])
async def test_nothing_gives_way_to_what_is_told_later(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tháng 10 không có gì mới")
        await played.says("lan", said)
        assert "Báo không phát sinh tháng 10/2026 (số 1) không còn đúng" in await played.presses("lan", "Lưu")
        assert "đã có báo kết nạp" in await played.says("lan", "/khoiphuc 1")


async def test_nothing_gives_way_to_a_correction_and_to_what_comes_back(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Lê Văn Sáu 20/9")
        await played.says("lan", "tháng 10 không có gì mới")
        await played.says("lan", "/sua 1 ngày 20/10")
        assert "tháng 10/2026 (số 2) không còn đúng" in await played.presses("lan", "Lưu")
        await played.says("lan", "/huy 3")
        await played.says("lan", "tháng 10 không có gì mới")
        assert "không còn đúng nên đã bỏ" in await played.says("lan", "/khoiphuc 3")


async def test_the_author_hears_that_a_report_of_nothing_gave_way(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tháng 10 không có gì mới")
        await played.says("mai", "kết nạp Lê Văn Sáu 20/10 ở thôn 1")
        assert "không còn đúng" in await played.presses("mai", "Lưu")
        played.move(days=2)
        await played.work()
        assert any("số 1" in cast.shown(message) for chat, message in played.phone.said if chat == "lan")


async def test_tasks_and_the_silent_tell_the_same_number(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn An 20/10")
        assert "2/3 chi bộ chưa báo gì" in await played.says("mai", "/viec")
        assert "2/3 chi bộ chưa có tin" in await played.says("mai", "/chuabao")


async def test_what_waits_above_the_branches_is_listed_with_the_others(database: Database) -> None:
    async with cast.stage(database) as played:
        above = await unit_id(played, "XB")
        await write(played, Record(EntryKind.ADMISSION, above, decision_on=date(2026, 11, 10), count=3), at=cast.NOW)
        await recorded(played, "QĐ kết nạp số 8 ngày 12/11 cho Lê Văn Sáu, chưa làm lễ")
        assert "chờ làm lễ: 4" in await played.says("oanh", "/tiendo")
        told = await played.says("oanh", "/viec")
        assert "chưa làm lễ: 4 người" in told and "Đảng bộ xã Hòa Bình" in told
