"""An invite says which bot to open: one with a free place, of several the emptiest; without any it says so."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from domain.budget import Bot, Plan
from storage.database import Database
from storage.tables import addresses, invites
from tests.cast import NOW, Stage, stage
from tests.records import rows

FIRST, SECOND = Bot("zalo", "11", "Bot Kết nạp"), Bot("zalo", "12", "Bot Kết nạp 2")


def with_bots(here: Stage, *bots: Bot, people: int = 3, link: str = "") -> None:
    here.engine.office = replace(here.office, plans={"zalo": Plan(3000, people)})
    here.engine.bots = lambda: bots
    here.engine.link = lambda code: link and f"{link}{code}"


async def crowd(here: Stage, bot: Bot, count: int) -> None:
    same = {"channel": bot.channel, "account": bot.account, "heard_at": NOW, "is_group": False, "is_blocked": False}
    same |= {"blocked_reason": "", "guesses": 0, "last_item_id": 0}
    chats = [same | {"chat": str(number)} for number in range(count)]
    await here.db.write(lambda tx: tx.execute(insert(addresses), chats))


async def test_people_are_spread_over_the_bots_and_an_invite_keeps_a_place(database: Database) -> None:
    async with stage(database) as here:
        with_bots(here, FIRST, SECOND)
        await crowd(here, FIRST, 1)
        told = [await here.says("mai", "/moi bí thư chi bộ thôn 1") for _ in range(4)]

        assert "Trên Zalo: tìm “Bot Kết nạp 2”, nhắn cho bot rồi gõ mã." in told[0]
        assert "gõ mã vào đây" not in told[0]
        named = [row.bot for row in await rows(database, select(invites.c.bot).order_by(invites.c.id))]
        assert named == ["zalo:12", "zalo:11", "zalo:12", "zalo:11"]


async def test_a_full_bot_is_not_offered_and_without_any_place_that_is_said(database: Database) -> None:
    async with stage(database) as here:
        with_bots(here, FIRST, SECOND)
        await crowd(here, FIRST, 3)
        await crowd(here, SECOND, 2)
        assert "“Bot Kết nạp 2”" in await here.says("mai", "/moi bí thư chi bộ thôn 1")
        said = await here.says("mai", "/moi bí thư chi bộ thôn 2")

        assert said.splitlines()[-2:] == [
            "Các bot Zalo đã đủ người (mỗi bot 3 người): người mới chưa vào được, nhờ quản trị thêm bot Zalo.",
            "Ai đang dùng sổ rồi thì gõ mã này vào đây.",
        ]
        assert "tìm “" not in said
        here.move(days=8)
        assert "“Bot Kết nạp 2”" in await here.says("mai", "/moi bí thư chi bộ thôn 2"), "the first invite ran out"


async def test_where_zalo_is_full_one_still_joins_on_telegram(database: Database) -> None:
    async with stage(database) as here:
        with_bots(here, FIRST, link="https://t.me/bot?start=")
        assert {"Hoặc bấm: https://t.me", "Trên Zalo: tìm"} <= _begins(
            await here.says("mai", "/moi bí thư chi bộ thôn 1")
        )
        await crowd(here, FIRST, 3)
        said = await here.says("mai", "/moi bí thư chi bộ thôn 2")
        assert "Hoặc bấm: https://t.me/bot?start=" in said
        assert "Các bot Zalo đã đủ người (mỗi bot 3 người): người mới chỉ vào được bằng địa chỉ này." in said


def _begins(said: str) -> set[str]:
    return {line[: len(each)] for line in said.splitlines() for each in ("Hoặc bấm: https://t.me", "Trên Zalo: tìm")}


@pytest.mark.parametrize("bots", [(FIRST,), ()])
async def test_a_successor_without_a_chat_is_told_which_bot_too(database: Database, bots: tuple[Bot, ...]) -> None:
    async with stage(database) as here:
        with_bots(here, *bots)
        await here.says("lan", "/bangiao cho Hoàng Văn Xuân")
        said = await here.presses("lan", "Lưu")
        assert ("Trên Zalo: tìm “Bot Kết nạp”" in said) is bool(bots)
        assert [row.bot for row in await rows(database, select(invites.c.bot))] == [bots[0].key if bots else None]
