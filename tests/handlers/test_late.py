"""A message that comes long after it was said: its days are those of then, and it answers nothing asked since."""

from sqlalchemy import select

from storage.database import Database
from storage.tables import entries, inbox
from tests import cast
from tests.records import rows

DAY = 86_400


async def test_days_are_those_of_when_it_was_said(database: Database) -> None:
    async with cast.stage(database) as played:
        said = await played.says("lan", "kết nạp Nguyễn Văn An hôm qua", age_seconds=3 * DAY)
        assert said.startswith("Tin này đồng chí gửi ngày 18/11/2026, nay mới tới máy.")
        assert "làm lễ 17/11/2026" in said


async def test_nothing_this_month_is_of_the_month_in_which_it_was_said(database: Database) -> None:
    async with cast.stage(database) as played:
        played.clock[0] = cast.NOW.replace(month=12, day=2)
        await played.says("lan", "tháng này không có gì mới", age_seconds=3 * DAY)
        months = await rows(database, select(entries.c.month))
        assert [row.month.month for row in months] == [11]


async def test_a_number_said_before_a_card_was_shown_does_not_decide_on_it(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/11/2026")
        for answer in ("1", "lưu", "Lưu"):
            await played.says("lan", answer, age_seconds=DAY)
        assert not await rows(database, select(entries.c.number))
        await played.says("lan", "1")
        assert len(await rows(database, select(entries.c.number))) == 1


async def test_what_came_in_time_is_kept_without_a_moment_of_its_own(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "nay mới tới" not in await played.says("lan", "menu")
        assert "nay mới tới" not in await played.says("lan", "menu", age_seconds=7200)
        kept = await rows(database, select(inbox.c.said_at).order_by(inbox.c.id))
        assert [row.said_at is None for row in kept] == [True, False]
