"""Consent of a person on the lists: withdrawn, the name goes everywhere and the counts stay."""

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import candidates, entries
from tests.cast import Stage, stage

GONE = "Bỏ tên Trần Thị Na khỏi máy: chỉ còn đơn vị, bước và ngày, không còn họ tên."


async def _listed(here: Stage) -> None:
    await here.says("lan", "bo sung nguon: Trần Thị Na 97")
    await here.presses("lan", "Lưu")


@pytest.mark.anyio
async def test_a_name_that_is_not_to_be_kept_goes_behind_a_card(database: Database) -> None:
    async with stage(database) as here:
        await _listed(here)
        card = await here.says("lan", "Trần Thị Na không đồng ý lưu tên nữa")
        assert card.startswith(GONE)
        said = await here.presses("lan", "Lưu")
        assert said.startswith("Đã bỏ tên, nay gọi là quần chúng ")
        assert "Na" not in await here.says("lan", "/nguon")
        assert "không có ai tên như vậy" in await here.says("lan", "Trần Thị Na đã nộp đơn xin vào đảng")
    async with database.reading() as tx:
        row = (await tx.execute(select(candidates))).one()
    assert (row.name, row.folded, row.consent_by, row.stage) == ("", "", None, "listed")


@pytest.mark.anyio
async def test_an_admission_stays_counted_without_the_name(database: Database) -> None:
    async with stage(database) as here:
        await here.says("lan", "kết nạp Lò Văn Thận hôm qua")
        await here.presses("lan", "Lưu")
        await here.says("lan", "Lò Văn Thận không đồng ý lưu tên nữa")
        await here.presses("lan", "Lưu")
        assert "Kết nạp: 1/3 (33%)" in await here.says("lan", "còn mấy chỉ tiêu")
    async with database.reading() as tx:
        assert await tx.scalar(select(entries.c.state)) == "live"
        assert await tx.scalar(select(candidates.c.name)) == ""


@pytest.mark.anyio
async def test_whoever_left_the_list_may_withdraw_too_and_consent_is_attested_again(database: Database) -> None:
    async with stage(database) as here:
        await _listed(here)
        assert "đồng ý cho ghi tên" in await here.says("lan", "Trần Thị Na đồng ý cho bot lưu họ tên")
        await here.says("lan", "rút trần thị na khỏi nguồn vì đi làm ăn xa")
        await here.presses("lan", "Lưu")
        assert (await here.says("lan", "Trần Thị Na không đồng ý lưu tên nữa")).startswith(GONE)
        assert "không có ai tên như vậy" in await here.says("cuc", "Trần Thị Na không đồng ý lưu tên nữa")
