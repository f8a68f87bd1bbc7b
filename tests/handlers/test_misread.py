"""What was not understood leaves a shape behind, counted; it holds nothing of anybody and goes after its time."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from jobs import desk
from storage.database import Database
from storage.read.misread import Misread, most_frequent
from storage.tables import misread
from storage.upkeep import forget
from tests import cast


async def kept(database: Database) -> Sequence[Misread]:
    async with database.reading() as tx:
        return await most_frequent(tx, 50)


async def test_shapes_are_counted_and_listed_the_most_frequent_first(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "điểm danh cho Hà Thị Xuân ngày 12/11")
        await played.says("lan", "cuối kỳ họp này làm gì tiếp")
        played.clock[0] += timedelta(days=1)
        await played.says("hung", "Điểm danh cho Vừ A Dơ 13-11-2026")

        assert [(one.shape, one.times) for one in await kept(database)] == [
            ("diem danh <name> <day>", 2),
            ("<words> ky hop <words>", 1),
        ]
        assert await desk.misread(database, 1) == [
            f"     2  {played.clock[0]:%Y-%m-%d}  diem danh <name> <day>",
        ]


async def test_what_is_understood_leaves_no_shape(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "tiến độ")
        await played.says("lan", "hội nông dân kết nạp 12 hội viên")
        await played.says("lan", "cảm ơn")

        assert await kept(database) == ()
        assert await desk.misread(database, 5) == ["Everything was understood."]


async def test_an_answer_that_fits_no_open_question_is_counted(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.says("lan", "sao máy kêu thế nào ấy nhỉ kỳ họp")

        assert [one.times for one in await kept(database)] == [1]


async def test_words_of_strangers_leave_no_shape(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("tam", "điểm danh cho Hà Thị Xuân ngày 12/11")

        assert await kept(database) == ()


async def test_shapes_go_after_ninety_days_and_tell_of_nobody(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "điểm danh cho Hà Thị Xuân ngày 12/11")
        async with database.reading() as tx:
            columns = set((await tx.execute(select(misread))).keys())
        assert columns == {"shape", "day", "times"}

        played.clock[0] += timedelta(days=90)
        await forget(database, played.office.retention, played.clock[0])
        assert len(await kept(database)) == 1

        played.clock[0] += timedelta(days=1)
        await forget(database, played.office.retention, played.clock[0])
        assert await kept(database) == ()


async def test_a_message_offered_twice_is_counted_once(database: Database) -> None:
    async with cast.stage(database) as played:
        for _ in range(2):
            await played.hear("lan", "điểm danh cho Hà Thị Xuân ngày 12/11", key="test:bot:once")
            await played.work()

        assert [one.times for one in await kept(database)] == [1]
