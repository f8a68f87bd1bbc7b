"""A phone without buttons: a choice in every form in which people type it."""

import pytest

from storage.database import Database
from tests.cast import stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORMS = [
    *("2", "2.", "2)", "(2)", "2,", "02", '"2"', "#2", "２", "２．", "②", "2️⃣", "số 2", "so 2", "Số 2 ạ", "số2"),
    *("chọn 2", "chọn số hai", "số hai", "thứ hai", "cái thứ 2", "em chọn 2 ạ", "phương án 2", "hai", "Hai."),
    *("Sửa", "sua", "SỬA", "Sửa.", "2. Sửa", "2. sua", "2 sửa", "2) Sửa", "2 - Sửa", "2/ sửa"),
]


@pytest.mark.parametrize("typed", FORMS)
async def test_the_second_line_is_chosen(database: Database, typed: str) -> None:
    async with stage(database) as here:
        await here.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "Đồng chí sửa gì?" in await here.says("lan", typed)


@pytest.mark.parametrize("typed", ["1. Lưu", "1 lưu", "1) luu", "1.Lưu", "một", "số một"])
async def test_the_first_line_is_chosen(database: Database, typed: str) -> None:
    async with stage(database) as here:
        await here.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "Đã ghi số" in await here.says("lan", typed)


@pytest.mark.parametrize("typed", ["7", "số 9", "chín", "2. Lưu", "1. Bỏ", "1. Xóa"])
async def test_what_no_line_reads_saves_nothing(database: Database, typed: str) -> None:
    async with stage(database) as here:
        await here.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert "Đã ghi" not in await here.says("lan", typed)
