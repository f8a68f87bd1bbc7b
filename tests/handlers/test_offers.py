"""What is offered can be done by whoever is offered it, and no number means two things."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.office import PlannedUnit
from domain.units import UnitKind
from jobs import planning
from storage.database import Database
from tests import cast
from tests.handlers.test_corrections import recorded


async def monday(played: cast.Stage, who: str) -> str:
    played.clock[0] = cast.NOW.replace(day=23, hour=7, minute=30) + timedelta(minutes=1)
    before = len(played.phone.said)
    await planning.plan(played.db, played.office, played.clock[0])
    await played.work()
    return next(cast.shown(message) for chat, message in played.phone.said[before:] if chat == who)


async def test_the_digest_numbers_its_choices_alone(database: Database) -> None:
    async with cast.stage(database) as played:
        rows = [row for row in (await monday(played, "minh")).splitlines() if re.match(r"\d+\. ", row)]
        numbers = [row.split(".")[0] for row in rows]
        assert len(numbers) == len(set(numbers)) and all(re.match(r"\d+\. (Xem|Nhắc) ", row) for row in rows)


async def test_nobody_is_offered_to_nudge_where_nobody_has_joined(database: Database) -> None:
    async with cast.stage(database, joined=("minh", "mai", "hung")) as played:
        digest = await monday(played, "minh")
        assert "Nhắc Chi bộ thôn 2" in digest and "Nhắc Chi bộ thôn 1" not in digest
        told = await played.says("minh", "/chuabao")
        assert "Nhắc Chi bộ thôn 2" in told and "Nhắc Chi bộ thôn 1" not in told and "chưa có ai dùng máy" in told
        assert "/moi" not in await played.says("minh", "/nhac B1")
        assert "/moi" in await played.says("mai", "/nhac B1")


async def test_who_may_not_change_an_entry_is_not_offered_to(database: Database) -> None:
    async with cast.stage(database) as played:
        await recorded(played, "kết nạp Nguyễn Văn An 20/10")
        assert "Sửa" not in await played.says("minh", "/xem 1")
        assert "1. Sửa" in await played.says("mai", "/xem 1")
        await played.says("lan", "/huy 1")
        assert "Khôi phục" not in await played.says("minh", "/xem 1")


async def test_nobody_left_is_taken_back(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("hung", "hết nguồn")
        assert "có quần chúng để kết nạp" in await played.presses("hung", "Hoàn tác")
        for said in ("chi bộ còn quần chúng", "chi bộ em lại có quần chúng rồi ạ"):
            await played.says("hung", "hết nguồn")
            assert "Đã ghi: Chi bộ thôn 2 có quần chúng" in await played.says("hung", said)
        await played.says("hung", "hết nguồn")
        assert "Chi bộ thôn 2 có quần chúng" in await played.says("mai", "thôn 2 lại có quần chúng rồi")


async def test_somebody_on_the_list_speaks_against_nobody_left(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("hung", "hết nguồn")
        await played.says("hung", "thêm nguồn Trần Thị Bình 1997")
        assert "không còn là chi bộ hết quần chúng" in await played.presses("hung", "Lưu")
        assert "đang có 1 người trong nguồn" in await played.says("hung", "hết nguồn")
        assert "giữ nguyên" in await played.presses("hung", "Bỏ")
        await played.says("hung", "hết nguồn")
        assert "Sẽ không nhắc" in await played.presses("hung", "Lưu")


@pytest.mark.parametrize("said", ["không có", "k co gi", "ko có ai cả", "chưa có gì", "dạ tháng này chưa có ai ạ"])
async def test_a_natural_answer_to_a_nudge_is_a_report(database: Database, said: str) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/nhac B1")
        played.move(days=2)
        await played.work()
        played.move(days=2)
        assert "Chi bộ thôn 1 không phát sinh tháng 11/2026" in await played.says("lan", said)
        assert "Đã ghi" not in await played.says("lan", said)


async def test_a_natural_answer_to_the_monthly_letter_is_a_report(database: Database) -> None:
    async with cast.stage(database) as played:
        played.clock[0] = cast.NOW.replace(year=2027, month=1, day=20, hour=7, minute=30)
        await planning.plan(played.db, played.office, played.clock[0])
        await played.work()
        assert "Chi bộ thôn 1 không phát sinh tháng 1/2027" in await played.says("lan", "không có ai cả")


async def test_the_question_of_the_branch_says_that_it_may_be_typed(database: Database) -> None:
    more = tuple(PlannedUnit(f"D{n}", f"Chi bộ bản {n}", UnitKind.BRANCH, "XA") for n in range(1, 9))
    async with cast.stage(database, plan=replace(cast.PLAN, units=(*cast.PLAN.units, *more))) as played:
        assert "gõ tên chi bộ khác" in await played.says("mai", "kết nạp Nguyễn Văn An 20/10")
        assert "Chi bộ bản 8" in await played.says("mai", "bản 8")
