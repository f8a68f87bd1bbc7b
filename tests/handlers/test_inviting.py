"""Inviting and joining by taps and by whatever people type around a code."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.office import PlannedUnit
from domain.units import UnitKind
from language import sensitive
from storage.database import Database
from storage.tables import inbox
from tests import cast

HYPHENED = PlannedUnit("HV-01-02", "Chi bộ khu phố Hạ", UnitKind.BRANCH, "XA")
PLAN = replace(cast.PLAN, units=(*cast.PLAN.units, HYPHENED))


def ungapped(code: str) -> str:
    return code.replace(" ", "")


def code_in(answer: str) -> str:
    found = re.search(r"Mã mời: (\w{4} \w{4})", answer)
    assert found is not None, answer
    return found[1]


@pytest.mark.parametrize("unit", ["Chi bộ thôn 1", "Chi bộ khu phố Hạ"])
async def test_tapping_through_ends_in_a_code(database: Database, unit: str) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        await played.says("mai", "/moi")
        assert "vai trò nào" in await played.presses("mai", unit)
        answer = await played.presses("mai", "Bí thư chi bộ")
        assert unit in answer and code_in(answer)


async def test_from_above_one_taps_down_to_the_branch(database: Database) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        await played.says("oanh", "/moi bí thư")
        await played.presses("oanh", "Đảng bộ xã Bình Minh")
        assert code_in(await played.presses("oanh", "Chi bộ khu phố Hạ"))


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("/moi bí thư chi bộ HV-01-02", "bí thư chi bộ, Chi bộ khu phố Hạ"),
        ("/moi HV-01-02 bí thư", "bí thư chi bộ, Chi bộ khu phố Hạ"),
        ("/moi bí thư Đảng bộ xã Bình Minh", "đảng ủy, Đảng bộ xã Bình Minh"),
        ("/moi đảng ủy xã Hòa Bình", "đảng ủy, Đảng bộ xã Hòa Bình"),
        ("/moi bí thư B1 Hoàng Văn Xuân", "đồng chí Hoàng Văn Xuân, bí thư chi bộ, Chi bộ thôn 1"),
        ("/moi bí thư thôn Hạ cho đồng chí Vàng A Páo", "đồng chí Vàng A Páo, bí thư chi bộ, Chi bộ thôn Hạ"),
        ("/moi Lò Thị Mẩy làm bí thư chi bộ thôn 1", "đồng chí Lò Thị Mẩy, bí thư chi bộ, Chi bộ thôn 1"),
    ],
)
async def test_a_whole_sentence_is_a_code(database: Database, said: str, unit: str) -> None:
    async with cast.stage(database, plan=PLAN) as played:
        answer = await played.says("oanh", said)
        assert code_in(answer) and f"Dành cho {unit}." in answer


@pytest.mark.parametrize("who", ["oanh", "mai"])
async def test_the_example_of_the_bot_works(database: Database, who: str) -> None:
    async with cast.stage(database) as played:
        asked = await played.says(who, "/moi")
        assert code_in(await played.says(who, asked.splitlines()[1]))


async def test_what_was_said_is_kept_while_the_rest_is_asked(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "vai trò nào" in await played.says("oanh", "/moi xã Hòa Bình")
        assert "không có đơn vị nào tên “xã Hòa Bình”" in await played.says("mai", "/moi xã Hòa Bình")
        await played.says("mai", "/moi bí thư")
        assert code_in(await played.presses("mai", "Chi bộ thôn 2"))


async def test_the_card_tells_that_the_workbook_names_somebody_for_the_post(database: Database) -> None:
    async with cast.stage(database, joined=("mai",)) as played:
        planned = await played.says("mai", "/moi bí thư thôn 1")
        assert "đồng chí Nguyễn Thị Lan" in planned and "đã khai sẵn" in planned
        other = await played.says("mai", "/moi bí thư thôn 2 Hoàng Văn Xuân")
        assert "đồng chí Hoàng Văn Xuân" in other and "khai sẵn" not in other


async def test_whoever_joins_without_a_name_is_asked_for_it(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("mai", "/moi bí thư chi bộ thôn 1"))
        assert "cho biết họ và tên" in await played.says("tam", code)
        assert "Trần Thị Tâm" in await played.says("tam", "tôi tên là Trần Thị Tâm ạ")
        assert "Chào đồng chí Trần Thị Tâm" in await played.says("tam", "chào")


async def test_a_new_wish_wins_over_the_question_of_the_name(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("mai", "/moi bí thư chi bộ thôn 1"))
        await played.says("tam", code)
        assert "Lưu chứ?" in await played.says("tam", "kết nạp Nguyễn Văn An 15/10")
        await played.says("tam", "bỏ")
        assert "cho biết họ và tên" in await played.says("tam", "chào")


@pytest.mark.parametrize(
    "said",
    [
        "Mã mời: {}",
        "mã mời {} ạ",
        "{} ạ",
        "dạ em gửi mã {}",
        "Mã mời: {}\nDành cho bí thư chi bộ, Chi bộ thôn 1. Dùng một lần.\nHoặc bấm: https://t.me/bot?start={}",
    ],
)
@pytest.mark.parametrize("change", [str, str.lower, ungapped])
async def test_a_code_among_words_joins_and_is_not_kept(database: Database, said: str, change: object) -> None:
    assert callable(change)
    async with cast.stage(database) as played:
        code = code_in(await played.says("mai", "/moi bí thư chi bộ thôn 1"))
        assert "Đã nhận: đồng chí là" in await played.says("tam", said.replace("{}", str(change(code)), 1))
        kept = await database.write(lambda tx: tx.execute(select(inbox.c.text)).scalars().all())
        assert not any(code.replace(" ", "") in (text or "").replace(" ", "").upper() for text in kept)


@pytest.mark.parametrize(
    "said",
    ["kết nạp NGUYEN XUAN 2345", "tiến độ HVAB2345", "đơn vị mã HVAB2345", "/tiendo HVAB2345", "tho6n va8n the6m"],
)
def test_what_is_no_code_is_left(said: str) -> None:
    assert sensitive.cut(said) == sensitive.Cut(said)


async def test_the_card_sent_back_by_the_inviter_spends_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        card = await played.says("mai", "/moi phụ trách thôn 2")
        assert "để gửi người khác" in await played.says("mai", card)
        assert "Đã nhận" in await played.says("tam", code_in(card))
