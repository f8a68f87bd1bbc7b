"""How units stand: the period asked for is the period answered, and a correction is no news."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from domain.office import PlannedPerson, PlannedQuota
from domain.people import Role
from domain.quotas import Target
from storage.database import Database
from storage.tables import outbox, posts, units
from tests import cast

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("asked", ["quý 3", "tháng 10", "6 tháng đầu năm", "nhiệm kỳ 2025-2030"])
@pytest.mark.parametrize("who", ["lan", "minh"])
async def test_a_part_of_a_year_is_not_answered_with_the_year(database: Database, who: str, asked: str) -> None:
    async with cast.stage(database) as played:
        answer = await played.says(who, f"tiến độ {asked}")
        assert "xem được theo năm" in answer
        assert "0/3" not in answer


async def test_the_year_so_far_is_the_year(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "năm 2026" in await played.says("lan", "tiến độ từ đầu năm đến nay")


async def test_several_posts_are_shown_in_the_year_asked_for(database: Database) -> None:
    plan = replace(cast.PLAN, quotas=(*cast.PLAN.quotas, PlannedQuota("B1", "2025", Target(7))))
    async with cast.stage(database, plan=plan) as played:
        answer = await played.says("minh", "tiến độ năm 2025")
        assert "năm 2025" in answer
        assert "0/7" in answer
        assert "0/3" not in answer
        opened = await played.presses("minh", "Chi bộ thôn 1")
        assert "năm 2025" in opened
        assert "0/7" in opened


async def test_a_nothing_button_of_last_month_speaks_of_last_month(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "/viec")
        label = next(choice.label for choice in played.phone.said[-1][1].choices if "không có gì mới" in choice.label)
        assert label == "Tháng 11/2026 không có gì mới"
        played.move(days=12)
        assert "không phát sinh tháng 11/2026" in await played.presses("lan", label)


async def test_a_nudge_of_last_month_is_answered_for_last_month(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/nhac B1")
        played.move(days=2)
        await played.work()
        played.move(days=10)
        noted = await played.presses("lan", "Tháng 11/2026 không có gì mới")
        assert "Chi bộ thôn 1 không phát sinh tháng 11/2026" in noted


async def test_a_second_nudge_of_a_day_says_so_and_the_speaker_is_not_named(database: Database) -> None:
    people = (*cast.PLAN.people, PlannedPerson("mai", "Lê Thị Mai", Role.SECRETARY, "B1"))
    async with cast.stage(database, plan=replace(cast.PLAN, people=people)) as played:
        first = await played.says("mai", "/nhac B1")
        assert "Nguyễn Thị Lan" in first
        assert "Lê Thị Mai" not in first
        assert "đã nhắc hôm nay" in (await played.says("mai", "/nhac B1")).lower()
        assert "Sẽ nhắc" not in await played.says("mai", "/nhac B1")
        played.move(days=1)
        assert "Sẽ nhắc" in await played.says("mai", "/nhac B1")


async def test_nobody_nudges_herself(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("mai", "/nhac XA")
        assert "Sẽ nhắc" not in answer
        assert await database.write(lambda tx: tx.scalar(select(outbox.c.id).where(outbox.c.rule == "nudge"))) is None


async def old_admission(played: cast.Stage) -> None:
    """An admission saved in November; now it is December."""
    await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
    await played.presses("lan", "Lưu")
    played.move(days=20)


async def test_a_correction_of_an_old_entry_is_no_report_of_this_month(database: Database) -> None:
    async with cast.stage(database) as played:
        await old_admission(played)
        await played.says("lan", "/sua 1 ngày 16/10")
        assert "Đã sửa" in await played.presses("lan", "Lưu")
        assert "chưa báo gì" in await played.says("lan", "/viec")
        assert "không phát sinh tháng 12/2026" in await played.says("lan", "tháng này không có gì mới")


async def test_a_correction_cancels_no_nudge_and_news_does(database: Database) -> None:
    async with cast.stage(database) as played:
        await old_admission(played)
        await played.says("mai", "/nhac B1")
        await played.says("lan", "/sua 1 ngày 16/10")
        await played.presses("lan", "Lưu")
        await played.says("hung", "kết nạp Trần Thị Bé 15/10")
        await played.says("mai", "/nhac B2")
        await played.presses("hung", "Lưu")
        played.move(days=2)
        await played.work()
        assert any("nhờ nhắc" in cast.shown(message) for chat, message in played.phone.said if chat == "lan")
        assert not any("nhờ nhắc" in cast.shown(message) for chat, message in played.phone.said if chat == "hung")


@pytest.mark.parametrize("rule", ["namesake", "entry-changed", "told-twice", "nudge"])
async def test_a_letter_about_a_unit_out_of_reach_is_not_sent(database: Database, rule: str) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/nhac B1")
        other = await database.write(lambda tx: tx.scalar(select(units.c.id).where(units.c.code == "C1")))
        await database.write(lambda tx: tx.execute(update(outbox).where(outbox.c.rule == "nudge").values(rule=rule)))
        lan = await database.write(lambda tx: tx.scalar(select(outbox.c.person_id).where(outbox.c.rule == rule)))
        await database.write(lambda tx: tx.execute(update(posts).where(posts.c.person_id == lan).values(unit_id=other)))
        before = len(played.phone.said)
        played.move(days=2)
        await played.work()
        assert len(played.phone.said) == before
        state = await database.write(lambda tx: tx.scalar(select(outbox.c.state).where(outbox.c.rule == rule)))
        assert state == "skipped"


async def test_a_ceremony_is_due_by_the_law_of_the_day_of_its_decision(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "QĐ kết nạp số 88 ngày 16/10 cho Lê Văn Mười, chưa làm lễ")
        await played.presses("lan", "Lưu")
        shorter = [
            replace(row, working_days=10) if row.code == "ceremony_within" and row.until is None else row
            for row in played.office.law
        ]
        assert "chậm nhất 30/11/2026" in await played.says("lan", "/viec")
        played.engine.office = replace(played.office, law=tuple(shorter))
        assert "hạn 30/10/2026, đã quá 22 ngày" in await played.says("lan", "/viec")


async def test_a_question_stays_open_as_long_as_the_office_says(database: Database) -> None:
    async with cast.stage(database) as played:
        retention = replace(played.office.retention, question_hours=48)
        played.engine.office = replace(played.office, retention=retention)
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        played.move(hours=30)
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")
