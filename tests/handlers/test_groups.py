"""A group bound to a unit by somebody who answers for it: it may ask how the unit stands, and gets counts only."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.messages import Address, Incoming, Kind
from handlers.hearing import cut, hearing
from storage.database import Database
from storage.tables import addresses, audit, inbox, posts, questions
from tests import cast
from tests.records import everything, rows

pytestmark = pytest.mark.anyio

SECRET = "Kín Thị Danh"
GROUP = "-100"


async def hears(played: cast.Stage, who: str, text: str = "", *, chat: str = GROUP, **what: Any) -> str:
    """Somebody says it in the group, on the way of all that is heard."""
    played.phone.heard += 1
    said = Incoming(f"group:{played.phone.heard}", Address("test", "bot", chat), who, Kind.TEXT, text, is_group=True)
    before = len(played.phone.said)
    await hearing(played.db, played.engine.keep)([replace(said, **what)])
    await played.work()
    played.move(minutes=2)
    return "\n".join(cast.shown(message) for at, message in played.phone.said[before:] if at == chat)


@pytest.mark.parametrize("text", ["/donvi XA", "/donvi xa", "/donvi Đảng bộ xã Bình Minh", "/DonVi XA"])
async def test_a_group_bound_by_the_committee_is_told_counts_without_names(database: Database, text: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", f"kết nạp {SECRET} 15/10")
        await played.presses("lan", "Lưu")
        bound = await hears(played, "mai", text)
        assert "Đảng bộ xã Bình Minh" in bound and "/tiendo" in bound
        for asked in ("/tiendo", "/tiendo B2", f"/tiendo {SECRET}", "còn mấy chỉ tiêu"):
            told = await hears(played, "tam", asked)
            assert told.startswith("Đảng bộ xã Bình Minh · năm 2026"), asked
            assert "1/13 (8%)" in told and "Chi bộ thôn 1: 1/3 (33%)" in told
            assert "Kín" not in told and "Số liệu:" not in told and "1. " not in told


async def test_a_group_that_is_bound_to_nothing_is_asked_to_write_in_private(database: Database) -> None:
    async with cast.stage(database) as played:
        assert await hears(played, "mai", "/tiendo") == "Mời đồng chí nhắn riêng."


@pytest.mark.parametrize("who", ["lan", "minh", "cuc", "tam", "1087968824", ""])
async def test_nobody_binds_a_group_without_a_post_over_the_unit(database: Database, who: str) -> None:
    async with cast.stage(database) as played:
        assert await hears(played, who, "/donvi B1") == "Mời đồng chí nhắn riêng."
        assert await hears(played, who, "/tiendo") == "Mời đồng chí nhắn riêng."
        assert {row.bound_to for row in await rows(database, select(addresses.c.bound_to))} == {None}


async def test_a_unit_out_of_reach_answers_like_one_that_is_not_there(database: Database) -> None:
    async with cast.stage(database) as played:
        there, nowhere = [await hears(played, "mai", f"/donvi {code}") for code in ("C1", "C7")]
        assert there == nowhere and "C1" not in there and "phạm vi" in there
        assert await hears(played, "oanh", "/donvi C1") != there


async def test_a_forwarded_word_binds_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        assert await hears(played, "mai", "/donvi XA", is_forwarded=True) == "Mời đồng chí nhắn riêng."
        assert {row.bound_to for row in await rows(database, select(addresses.c.bound_to))} == {None}


async def test_a_post_lost_since_binds_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        over = update(posts).where(posts.c.role == "committee").values(until=cast.NOW.date().replace(day=20))
        await database.write(lambda tx: tx.execute(over))
        assert await hears(played, "mai", "/donvi XA") == "Mời đồng chí nhắn riêng."


async def test_whoever_may_bind_may_unbind_and_bind_elsewhere(database: Database) -> None:
    async with cast.stage(database) as played:
        await hears(played, "mai", "/donvi XA")
        assert "Đảng bộ xã Bình Minh" in await hears(played, "mai", "/donvi")
        assert "Chi bộ thôn 1" in await hears(played, "mai", "/donvi B1")
        assert (await hears(played, "lan", "/tiendo")).startswith("Chi bộ thôn 1")
        for who in ("lan", "tam", "cuc"):
            assert await hears(played, who, "/donvi bỏ") == "Mời đồng chí nhắn riêng."
        assert (await hears(played, "lan", "/tiendo")).startswith("Chi bộ thôn 1")
        assert "không còn" in await hears(played, "mai", "/donvi bỏ")
        assert await hears(played, "lan", "/tiendo") == "Mời đồng chí nhắn riêng."
        said = await rows(database, select(audit).where(audit.c.what.in_(("group_bound", "group_unbound"))))
        mai = await rows(database, select(addresses.c.person_id).where(addresses.c.chat == "mai"))
        assert len(said) == 3 and {row.person_id for row in said} == {mai[0].person_id}


async def test_a_group_bound_above_is_not_taken_by_a_committee_below(database: Database) -> None:
    async with cast.stage(database) as played:
        await hears(played, "oanh", "/donvi T")
        assert await hears(played, "mai", "/donvi XA") == "Mời đồng chí nhắn riêng."
        assert await hears(played, "mai", "/donvi bỏ") == "Mời đồng chí nhắn riêng."
        assert (await hears(played, "mai", "/tiendo")).startswith("Đảng bộ tỉnh Thử")


async def test_without_a_unit_it_is_said_how_a_group_is_bound(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "/donvi XA" in await hears(played, "mai", "/donvi")
        assert await hears(played, "mai", "/tiendo") == "Mời đồng chí nhắn riêng."


async def test_an_entry_or_a_name_in_a_bound_group_is_sent_to_private_and_not_kept(database: Database) -> None:
    async with cast.stage(database) as played:
        await hears(played, "mai", "/donvi XA")
        for text in (f"kết nạp {SECRET} 15/10", f"/ketnap {SECRET}", f"/nguon {SECRET}", "/viec", "/nguon"):
            assert await hears(played, "lan", text) == "Mời đồng chí nhắn riêng."
        await hears(played, "mai", f"/donvi {SECRET}")
        assert await hears(played, "lan", "Hôm nay trời đẹp quá các đồng chí ạ") == ""
        assert await hears(played, "mai", "/tiendo", kind=Kind.EDITED) == ""
        kept = await database.write(everything)
        assert "Kín" not in kept and "15/10" not in kept
        assert not await rows(database, select(questions))


async def test_who_wrote_is_kept_of_the_word_that_binds_alone(database: Database) -> None:
    async with cast.stage(database) as played:
        for text in ("/donvi XA", "/tiendo", "kết nạp 15/10", "chào"):
            await hears(played, "mai", text)
        kept = await rows(database, select(inbox.c.text, inbox.c.sender).where(inbox.c.is_group))
        assert [row.text for row in kept if row.sender] == ["/donvi XA"]


async def test_a_group_that_becomes_a_supergroup_stays_bound(database: Database) -> None:
    async with cast.stage(database) as played:
        await hears(played, "mai", "/donvi XA")
        await hears(played, "", kind=Kind.MOVED, moved_to="-100777")
        assert (await hears(played, "lan", "/tiendo", chat="-100777")).startswith("Đảng bộ xã Bình Minh")


async def test_a_supergroup_bound_before_its_move_is_heard_of_stays_bound(database: Database) -> None:
    async with cast.stage(database) as played:
        await hears(played, "lan", "/tiendo")
        await hears(played, "mai", "/donvi XA", chat="-100777")
        await hears(played, "", kind=Kind.MOVED, moved_to="-100777")
        assert (await hears(played, "lan", "/tiendo", chat="-100777")).startswith("Đảng bộ xã Bình Minh")


def test_a_personal_number_behind_the_command_is_cut_out() -> None:
    heard = Incoming("k", Address("test", "bot", GROUP), "mai", Kind.TEXT, "/donvi 001099012345", is_group=True)
    assert "001099012345" not in cut(heard, b"salt").text
