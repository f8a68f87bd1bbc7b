"""Quotas for the unit that was named, and for no other."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.office import PlannedUnit
from domain.units import UnitKind
from storage.database import Database
from storage.tables import quotas
from tests import cast

OFFICE = PlannedUnit("CQ", "Chi bộ Cơ quan xã Nậm Vân", UnitKind.BRANCH, "XA")
PLAN = replace(cast.PLAN, units=(*cast.PLAN.units, OFFICE))


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("giao chỉ tiêu Đảng bộ xã Nậm Vân 20", "Chi bộ Cơ quan xã Nậm Vân"),
        ("giao chỉ tiêu thôn 1 trường: 20", "Chi bộ thôn 1"),
        ("/chitieu thôn 1 trường: 20", "Chi bộ thôn 1"),
    ],
)
async def test_a_unit_that_only_resembles_the_words_is_asked_about(database: Database, said: str, offered: str) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        assert "Lưu chứ?" not in await played.says("mai", said)
        card = await played.presses("mai", offered)
        assert f"• {offered}: " in card and "→ 20" in card
        await played.presses("mai", "Lưu")
        assert 20 in await database.write(lambda tx: tx.execute(select(quotas.c.low)).scalars().all())


async def test_the_other_units_of_the_message_wait_on_the_card(database: Database) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        await played.says("mai", "giao chỉ tiêu 2027: thôn 2: 1, Đảng bộ xã Nậm Vân: 4")
        card = await played.presses("mai", "Chi bộ Cơ quan xã Nậm Vân")
        assert "Chi bộ thôn 2: chưa giao → 1" in card and "Chi bộ Cơ quan xã Nậm Vân: chưa giao → 4" in card


@pytest.mark.parametrize(
    "said", ["chi tieu thon 2 len 5", "giao chỉ tiêu chi bộ trường THCS: 5", "giao chỉ tiêu cơ quan xã Nậm Vân: 5"]
)
async def test_a_unit_named_is_taken_at_once(database: Database, said: str) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        assert "Lưu chứ?" in await played.says("mai", said)


async def test_after_edit_the_right_number_is_enough(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/moi")
        await played.says("mai", "giao chỉ tiêu chi bộ thôn 1: 4")
        await played.presses("mai", "Sửa")
        assert "Chi bộ thôn 1: 3 → " in await played.says("mai", "5")
        await played.presses("mai", "Lưu")
        assert "Chi bộ thôn 1: 5" in await played.says("mai", "/chitieu")


async def test_of_numbers_that_are_not_shown_nothing_is_said(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("mai", "/moi")
        answer = await played.says("mai", "77")
        assert "không có để chọn" in answer and not any(letter.isdigit() for letter in answer.replace("6 câu", ""))


async def test_a_sum_is_printed_like_every_other_figure(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("oanh", "giao chỉ tiêu xã Bình Minh: 1496")
        await played.presses("oanh", "Lưu")
        assert "Cộng các đơn vị: 1.496" in await played.says("oanh", "/chitieu")
