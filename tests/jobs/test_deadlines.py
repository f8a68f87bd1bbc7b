"""Letters about deadlines: on their days, once, to whom the ladder says, and not any more once the fact is logged."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.calendar import ZONE, is_quiet, is_working_day
from domain.messages import plain
from jobs import deadlines
from storage.database import Database
from storage.tables import outbox, planned
from tests.cast import WITH_DEPUTY, Stage, stage
from tests.jobs.running import Running, running


def at(day: int, hour: int = 8, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


async def _decided(here: Stage, day: str = "16/11") -> None:
    await here.says("lan", f"Đảng ủy đã có quyết định kết nạp Arất Thị Blưn, QĐ 88 ngày {day}, chưa làm lễ")
    await here.presses("lan", "Lưu")


async def _through(office: Running, start: datetime, end: datetime) -> list[tuple[str, str]]:
    """Who was told of a deadline on which day."""
    async for _ in office.through(start, end):
        pass
    told = zip(office.said, [message for _, message in office.phone.said[-len(office.said) :]], strict=True)
    return [
        (f"{when:%d/%m %H:%M}", who)
        for (when, who), message in told
        if "ến hạn" in plain(message.lines) or "Quá hạn" in plain(message.lines)
    ]


@pytest.mark.anyio
async def test_a_ceremony_is_told_on_its_days_and_in_working_hours_and_each_step_once(database: Database) -> None:
    async with stage(database, plan=WITH_DEPUTY, joined=("lan", "hoa", "mai")) as here:
        await _decided(here)
        office = running(here)
        told = await _through(office, at(23), at(8, month=1, year=2027))
        async with database.reading() as tx:
            query = select(func.count()).select_from(outbox).where(outbox.c.rule == "deadlines")
            assert await tx.scalar(query) == 7, "three warnings, the last to two people, and three when it is over"
            keys = (await tx.execute(select(planned.c.key).where(planned.c.key.startswith("deadlines|")))).all()
            assert len(keys) == len(set(keys)) == 7
    # 26/12 is a Saturday: that letter goes on Monday the 28th.
    assert sorted(told) == [
        ("14/12 07:30", "lan"),
        ("22/12 07:30", "lan"),
        ("28/12 07:30", "hoa"),
        ("28/12 07:30", "lan"),
        ("30/12 07:30", "hoa"),
        ("30/12 07:30", "lan"),
        ("30/12 07:30", "mai"),
    ]
    calendar = here.office.calendar
    assert all(is_working_day(calendar, when.date()) and not is_quiet(calendar, when.time()) for when, _ in office.said)


@pytest.mark.anyio
async def test_the_letter_is_the_form_and_the_fact_ends_the_clock(database: Database) -> None:
    async with stage(database, joined=("lan", "mai")) as here:
        await _decided(here)
        here.clock[0] = at(14, 7, month=12).replace(minute=30)
        await deadlines.plan(database, here.office, here.clock[0])
        await here.delivery.drain()
        [said] = [plain(message.lines) for _, message in here.phone.said if "hạn" in plain(message.lines)]
        assert said == (
            "Sắp đến hạn · 14/12/2026\n"
            "• Làm lễ kết nạp Arất Thị Blưn, Chi bộ thôn 1: chậm nhất 29/12/2026, còn 15 ngày "
            "(quyết định 16/11/2026; Quy định 208-QĐ/TW ngày 26/7/2026)"
        )
        asked = await here.presses("lan", "Đã làm lễ Arất Thị Blưn")
        assert "Làm lễ kết nạp ngày nào?" in asked
        await here.presses("lan", "Hôm nay")
        await here.presses("lan", "Lưu")
        here.move(days=8)
        assert [letter.rule for letter in await deadlines.plan(database, here.office, here.clock[0])] == []


@pytest.mark.anyio
async def test_what_was_planned_before_the_fact_came_is_skipped_when_it_is_to_go(database: Database) -> None:
    async with stage(database, joined=("lan",)) as here:
        await _decided(here)
        here.clock[0] = at(14, 6, month=12)
        assert len(await deadlines.plan(database, here.office, here.clock[0])) == 1
        await here.says("lan", "kết nạp Arất Thị Blưn 10/12")
        await here.presses("lan", "Lưu")
        here.move(hours=3)
        before = len(here.phone.said)
        await here.delivery.drain()
        assert here.phone.said[before:] == []
        async with database.reading() as tx:
            row = (await tx.execute(select(outbox.c.state, outbox.c.reason).where(outbox.c.rule == "deadlines"))).one()
    assert tuple(row) == ("skipped", "done meanwhile")


@pytest.mark.anyio
async def test_after_a_stop_only_the_latest_step_is_told(database: Database) -> None:
    async with stage(database, joined=("lan", "mai")) as here:
        await _decided(here)
        late = await deadlines.plan(database, here.office, at(4, month=1, year=2027))
        assert {letter.step for letter in late} == {3}
        assert len(late) == 2, "Lan and the committee; there is no deputy"


@pytest.mark.anyio
async def test_a_decision_logged_after_its_time_is_told_the_next_morning(database: Database) -> None:
    async with stage(database, joined=("lan", "mai")) as here:
        assert await deadlines.plan(database, here.office, here.clock[0]) == []
        await _decided(here, "1/9")
        assert await deadlines.plan(database, here.office, here.clock[0]) == [], "once a day is enough"
        letters = await deadlines.plan(database, here.office, here.clock[0] + timedelta(days=1))
        assert {letter.step for letter in letters} == {3}


@pytest.mark.anyio
async def test_the_committee_is_told_of_decisions_it_owes_and_can_see_why(database: Database) -> None:
    async with stage(database, joined=("lan", "mai")) as here:
        await here.says("lan", "bo sung nguon: Trần Thị Na 97")
        await here.presses("lan", "Lưu")
        await here.says("lan", "tran thi na da hoc xong lop cam tinh, gcn cap 12/8")
        await here.says("lan", "chi bộ họp ngày 4/9 xét kết nạp Trần Thị Na, 14/20 phiếu tán thành")
        await here.presses("lan", "Đã làm, nay mới báo")
        here.clock[0] = at(23, 9)
        [letter] = await deadlines.plan(database, here.office, here.clock[0])
        await here.delivery.drain()
        said = plain(here.phone.said[-1][1].lines)
        assert here.phone.said[-1][0] == "mai"
        assert "Ra quyết định kết nạp Trần Thị Na, Chi bộ thôn 1: chậm nhất 30/11/2026, còn 7 ngày" in said
        assert letter.step == 2
        assert "Nhắc hạn Chi bộ thôn 1 (hạn ra quyết định)" in await here.says("mai", "/visao")
