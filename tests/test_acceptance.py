"""The acceptance cases of the field, each by its number and by chat, as people would see them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.changes import Outcome, Record
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target, TargetShape
from domain.records import EntryKind, Fact
from domain.units import MemberCount, UnitKind
from jobs import planning
from storage.apply import apply
from storage.database import Database
from storage.read import units
from storage.tables import audit, entries
from tests import cast
from tests.records import everything

TERM_START = date(2026, 1, 1)


def plan(target: Target, members: int | None = None) -> OfficePlan:
    """A ward with one branch, and Mai on its committee."""
    count = MemberCount(members, TERM_START) if members is not None else None
    return OfficePlan(
        units=(
            PlannedUnit("P", "Đảng bộ phường Thử", UnitKind.GRASSROOTS, members=count),
            PlannedUnit("P1", "Chi bộ khu 1", UnitKind.BRANCH, "P"),
        ),
        quotas=(PlannedQuota("P", "2026", target),),
        people=(PlannedPerson("mai", "Lê Thị Mai", Role.COMMITTEE, "P"),),
    )


async def admit(played: cast.Stage, code: str, count: int) -> None:
    """So many people as numbers only, as an import brings them."""
    async with played.db.reading() as tx:
        unit = await units.by_code(tx, code, cast.NOW.date())
    assert unit is not None
    record = Record(EntryKind.ADMISSION, unit.id, ceremony_on=date(2026, 9, 1), count=count)
    await apply(
        played.db,
        outcome=Outcome(None, changes=(record,)),
        item_id=None,
        contact_id=None,
        person_id=None,
        now=cast.NOW,
        counts_by=Fact.CEREMONY,
    )


async def test_a2_852_of_at_least_852_is_met_and_shown_with_its_base(database: Database) -> None:
    async with cast.stage(database, plan=plan(Target(852, TargetShape.AT_LEAST), 27_790), joined=["mai"]) as played:
        await admit(played, "P1", 851)
        assert "851/≥852 (100%) · " in (behind := await played.says("mai", "tiến độ")) and "đã đạt" not in behind
        await admit(played, "P1", 1)
        met = await played.says("mai", "tiến độ")
        assert "852/≥852 (100%) · đã đạt chỉ tiêu" in met
        assert "852/27.790 (3,1%)" in met


async def test_a3_14_of_13_is_108_percent_and_over_by_one(database: Database) -> None:
    async with cast.stage(database, plan=plan(Target(13), 235), joined=["mai"]) as played:
        await admit(played, "P1", 14)
        answer = await played.says("mai", "tiến độ")
        assert "14/13 (108%) · vượt chỉ tiêu 1" in answer
        assert "14/235 (6,0%)" in answer


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (5, "5/6–8 · chậm tiến độ, còn thiếu ít nhất 1"),
        (6, "6/6–8 · đã đạt chỉ tiêu"),
        (8, "8/6–8 · đã đạt chỉ tiêu"),
        (12, "12/6–8 · vượt chỉ tiêu 4"),
    ],
)
async def test_a5_a_range_is_below_met_and_over(database: Database, done: int, said: str) -> None:
    async with cast.stage(database, plan=plan(Target(6, TargetShape.RANGE, 8)), joined=["mai"]) as played:
        await admit(played, "P1", done)
        assert said in await played.says("mai", "tiến độ")


async def test_a15_a_branch_with_nobody_left_is_never_nagged(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "không còn quần chúng để kết nạp, nên không nhắc" in await played.says("mai", "/nhac B4")
        assert "Không còn quần chúng để kết nạp (1): Chi bộ Trạm Y tế" in await played.says(
            "mai", "chi bộ nào năm nay còn trắng"
        )
        digest = await monday(played, "mai")
        silent = next(row for row in digest.splitlines() if row.startswith("(?)"))
        assert "Trạm Y tế" not in silent
        assert "(–) Không còn quần chúng: Chi bộ Trạm Y tế" in digest


async def test_a17_a_recognition_leaves_the_quota_as_it_was(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tiếp nhận đảng viên dự bị Vũ Văn Hùng chuyển đến hôm 2/11, kết nạp 15/11/2025")
        await played.presses("lan", "Lưu")
        before = await played.says("lan", "còn mấy chỉ tiêu")
        await played.says("lan", "chuyen ct cho dc vu van hung r nhe 19/11")
        card = await played.presses("lan", "Đã làm, nay mới báo")
        assert "Công nhận chính thức" in card
        assert "đảng viên chính thức" in await played.presses("lan", "Lưu")
        after = await played.says("lan", "còn mấy chỉ tiêu")
        assert "Kết nạp: 0/3" in after
        assert before.splitlines()[:5] == after.splitlines()[:5]


async def test_a19_a_personal_number_is_stored_nowhere(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with cast.stage(database) as played:
        answer = await played.says("lan", "Trần Văn Hậu cccd 001099000000 sdt 0900000000")
        assert "không lưu" in answer
        kept = await database.write(everything)
        for number in ("001099000000", "0900000000"):
            assert number not in kept
            assert number not in caplog.text


async def test_a20_names_of_another_branch_are_refused_and_the_refusal_is_kept(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("hung", "kết nạp Bùi Thị Kín 2/11")
        await played.presses("hung", "Lưu")
        for asked in ("/nguon B2", "/xem 1", "danh sách nguồn chi bộ thôn 2"):
            answer = await played.says("lan", asked)
            assert "phạm vi của đồng chí" in answer
            assert "Kín" not in answer
        kept = await database.write(lambda tx: [str(row) for row in tx.execute(select(audit))])
        refused = [row for row in kept if "refused" in row or "'allowed': False" in row]
        assert len(refused) == 3


async def test_a22_a_silent_branch_and_one_with_nothing_are_marked_apart(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tháng này không có gì mới")
        digest = await monday(played, "minh")
        rows = {row[:3]: row for row in digest.splitlines() if row[:1] == "("}
        assert "Chi bộ thôn 2" in rows["(?)"] and "Chi bộ thôn 1" not in rows["(?)"]
        assert "Chi bộ thôn 1" in rows["(0)"] and "Chi bộ thôn 2" not in rows["(0)"]


async def monday(played: cast.Stage, who: str) -> str:
    """What somebody reads on Monday morning."""
    played.clock[0] = cast.NOW.replace(day=23, hour=7, minute=30) + timedelta(minutes=1)
    before = len(played.phone.said)
    await planning.plan(played.db, played.office, played.clock[0])
    await played.work()
    letters = [cast.shown(message) for chat, message in played.phone.said[before:] if chat == who]
    assert len(letters) == 1
    return letters[0]


async def test_only_the_fact_that_the_office_chose_counts(database: Database) -> None:
    async with cast.stage(database) as played:
        decided = replace(played.office, counts_by=Fact.DECISION)
        await played.says("lan", "QĐ kết nạp số 88 ngày 16/11 cho Arất Thị Blưn, chưa làm lễ")
        assert "0/3 (0%)" in await played.presses("lan", "Lưu")
        played.engine.office = decided
        assert "1/3 (33%)" in await played.says("lan", "tiến độ")
        assert len(await database.write(lambda tx: tx.execute(select(entries.c.number)).all())) == 1
