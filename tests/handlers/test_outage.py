"""After a stop of more than a day, for which the platform kept nothing, everybody who writes next is told so once."""

import pytest
from sqlalchemy import update

from storage.database import Database
from storage.incidents import give_signs
from storage.tables import signs
from tests import cast

pytestmark = pytest.mark.anyio

SIGN = {"hear:test:bot": (0.0, 0.0)}
SAYS = "Máy đã ngừng từ"


async def stopped(database: Database, hours: float) -> None:
    """The account was last heard of so long ago, and is heard of again."""
    await give_signs(database, SIGN)
    earlier = update(signs).values(at=signs.c.at - hours * 3600).where(signs.c.name == "hear:test:bot")
    await database.write(lambda tx: tx.execute(earlier))
    await give_signs(database, SIGN)


async def test_the_first_answer_in_each_chat_speaks_of_a_long_stop(database: Database) -> None:
    async with cast.stage(database) as played:
        await stopped(database, 30)
        answer = await played.says("lan", "còn mấy chỉ tiêu")
        assert answer.startswith(SAYS)
        assert "gửi lại giúp" in answer
        assert "0/3 (0%)" in answer
        assert SAYS not in await played.says("lan", "còn mấy chỉ tiêu")
        # Another sign of life, as after a restart, tells nothing anew.
        await give_signs(database, SIGN)
        assert SAYS not in await played.says("lan", "còn mấy chỉ tiêu")
        assert SAYS in await played.says("hung", "kết nạp Nguyễn Văn Hoa 15/10")
        assert "Đã ghi số 1" in await played.presses("hung", "Lưu")


async def test_a_second_long_stop_is_told_again(database: Database) -> None:
    async with cast.stage(database) as played:
        await stopped(database, 30)
        await played.says("lan", "còn mấy chỉ tiêu")
        await stopped(database, 25)
        assert SAYS in await played.says("lan", "còn mấy chỉ tiêu")


async def test_a_stop_that_the_platform_bridges_is_not_told(database: Database) -> None:
    async with cast.stage(database) as played:
        await stopped(database, 23)
        assert SAYS not in await played.says("lan", "còn mấy chỉ tiêu")


async def test_who_writes_for_the_first_time_missed_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        played.move(days=3000)
        await stopped(database, 30)
        assert SAYS not in await played.says("tam", "xin chào")


async def test_a_group_and_another_account_are_not_told(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("-5", "/tiendo", is_group=True)
        played.move(minutes=2)
        await give_signs(database, {"hear:other:bot": (0.0, 0.0)})
        assert SAYS not in await played.says("lan", "còn mấy chỉ tiêu")
        await stopped(database, 30)
        assert SAYS not in await played.says("-5", "/tiendo", is_group=True)
