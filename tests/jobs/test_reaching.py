"""Who cannot be reached: a deputy gets the letters, the level above is told once, and it ends by itself."""

from dataclasses import replace
from datetime import date

from sqlalchemy import insert, select, update

from domain.calendar import ZONE
from domain.messages import Kind
from domain.office import PlannedPerson
from domain.people import Role
from domain.reminders import RuleCode
from jobs import desk, planning
from storage.database import Database
from storage.read import people
from storage.tables import outbox, posts, units
from storage.tables import people as people_table
from tests import cast

MONDAY = cast.datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
TWO_AT_B1 = replace(cast.PLAN, people=(*cast.PLAN.people, PlannedPerson("phuc", "Lý Văn Phúc", Role.SECRETARY, "B1")))


async def letters_of(database: Database, rule: str) -> list[tuple[str, str, str]]:
    query = (
        select(people_table.c.key, outbox.c.state, outbox.c.reason)
        .join_from(outbox, people_table, people_table.c.id == outbox.c.person_id)
        .where(outbox.c.rule == rule)
        .order_by(outbox.c.id)
    )
    async with database.reading() as tx:
        return [(row.key or "", row.state, row.reason) for row in await tx.execute(query)]


async def beat(played: cast.Stage) -> None:
    await planning.plan(played.db, played.office, played.clock[0])
    await played.work()


async def test_a_letter_to_somebody_who_blocked_us_goes_to_the_deputy(database: Database) -> None:
    async with cast.stage(database, plan=TWO_AT_B1, joined=("lan", "phuc", "mai", "oanh")) as played:
        await played.says("mai", "/nhac B1")
        await played.says("lan", kind=Kind.BLOCKED)
        played.clock[0] = MONDAY
        await beat(played)
        nudges = await letters_of(database, "nudge")
        assert nudges == [("lan", "skipped", "the deputy has it too"), ("phuc", "sent", "")]
        await played.says("mai", "/nhac B1")
        played.move(days=1)
        await beat(played)
        nudged = [cast.shown(message) for chat, message in played.phone.said if chat == "phuc"]
        assert len(nudged) == 2 and all("Chi bộ thôn 1" in one for one in nudged)


async def test_a_job_run_by_hand_hands_letters_on_as_the_tick_does(database: Database) -> None:
    async with cast.stage(database, plan=TWO_AT_B1, joined=("lan", "phuc", "mai", "oanh")) as played:
        await played.says("lan", kind=Kind.BLOCKED)
        played.clock[0] = cast.datetime(2026, 12, 21, 8, 0, tzinfo=ZONE)
        lines = await desk.plan_letters(
            database, played.office, RuleCode.MONTHLY_NOTHING_NEW, played.clock[0], dry_run=False
        )
        assert [line for line in lines if "about B1" in line]
        await played.work()
        assert ("phuc", "sent", "") in await letters_of(database, "monthly-nothing-new")
        asked = [cast.shown(message) for chat, message in played.phone.said if chat == "phuc"]
        assert len(asked) == 1 and "Chi bộ thôn 1" in asked[0]


async def test_a_letter_for_one_alone_is_handed_to_the_deputy(database: Database) -> None:
    async with cast.stage(database, plan=TWO_AT_B1, joined=("lan", "mai", "phuc")) as played:
        await played.says("phuc", kind=Kind.BLOCKED)
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.presses("lan", "Lưu")
        await played.says("mai", "/huy 1")
        await played.says("mai", "đồng ý")
        await played.says("lan", kind=Kind.BLOCKED)
        await played.says("phuc", "xin chào")
        played.clock[0] = MONDAY
        await beat(played)
        assert ("phuc", "sent", "") in await letters_of(database, "entry-changed")


async def test_the_level_above_is_told_once_for_each_time(database: Database) -> None:
    async with cast.stage(database) as played:
        played.clock[0] = MONDAY
        await beat(played)
        await played.says("lan", kind=Kind.BLOCKED)
        for _ in range(3):
            played.move(days=1)
            await beat(played)
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "mai"]
        notices = [one for one in told if "không tới được" in one]
        assert len(notices) == 1
        assert "Từ 23/11/2026 tin gửi đồng chí Nguyễn Thị Lan (Chi bộ thôn 1) không tới được." in notices[0]
        await played.says("lan", kind=Kind.UNBLOCKED)
        played.move(hours=1)
        await played.says("lan", kind=Kind.BLOCKED)
        await beat(played)
        assert len(await letters_of(database, "unreachable")) == 2


async def test_nobody_is_told_of_somebody_who_came_back_in_time(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", kind=Kind.BLOCKED)
        await planning.plan(played.db, played.office, played.clock[0])
        await played.says("lan", kind=Kind.UNBLOCKED)
        played.clock[0] = MONDAY
        await played.work()
        assert await letters_of(database, "unreachable") == [("mai", "skipped", "reachable again")]


async def test_letters_go_to_whoever_stands_in_and_back_afterwards(database: Database) -> None:
    async with cast.stage(database):
        async with database.reading() as tx:
            keys = dict((await tx.execute(select(people_table.c.key, people_table.c.id))).all())
            b1 = (await tx.execute(select(units.c.id).where(units.c.code == "B1"))).scalar_one()
        lan, hung = keys["lan"], keys["hung"]
        standing_in = {"person_id": hung, "role": "secretary", "unit_id": b1, "stands_in_for": lan}
        term = {"since": cast.NOW.date(), "until": date(2026, 11, 30)}
        await database.write(lambda tx: tx.execute(insert(posts).values(**standing_in, **term)))
        async with database.reading() as tx:
            during = await people.readers(tx, [b1], [Role.SECRETARY], date(2026, 11, 30))
            after = await people.readers(tx, [b1], [Role.SECRETARY], date(2026, 12, 1))
            deputies = await people.deputies(tx, lan, b1, date(2026, 11, 30))
        assert [one.id for one in during] == [hung]
        assert [one.id for one in after] == [lan]
        assert [one.id for one in deputies] == [hung]


async def test_who_has_no_chat_at_all_is_not_unreachable(database: Database) -> None:
    async with cast.stage(database, joined=("mai",)) as played:
        await beat(played)
        async with database.reading() as tx:
            assert await people.unreachable(tx, cast.NOW.date()) == []
        await database.write(lambda tx: tx.execute(update(posts).values(until=date(2026, 11, 1))))
        await played.says("mai", kind=Kind.BLOCKED)
        async with database.reading() as tx:
            assert await people.unreachable(tx, cast.NOW.date()) == []
