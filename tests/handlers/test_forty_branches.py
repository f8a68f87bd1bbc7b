"""A commune of forty branches with the longest names: each list has pages that fit, and together they are whole."""

import pytest

from channels.zalo_text import parts_of
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import UnitKind
from storage.database import Database
from tests.cast import Stage, stage

COUNT = 40
LONG = "Chi bộ Trường Phổ thông Dân tộc bán trú Trung học cơ sở và Tiểu học Thượng Sơn phân hiệu"
NAMES = [f"{LONG} {number:02}" for number in range(1, COUNT + 1)]
PLAN = OfficePlan(
    units=(
        PlannedUnit("T", "Đảng bộ tỉnh Thử", UnitKind.SUPERIOR),
        PlannedUnit("XA", "Đảng bộ xã Thượng Sơn", UnitKind.GRASSROOTS, "T"),
        *(PlannedUnit(f"B{number}", name, UnitKind.BRANCH, "XA") for number, name in enumerate(NAMES, 1)),
    ),
    quotas=(
        PlannedQuota("XA", "2026", Target(60)),
        *(PlannedQuota(f"B{n}", "2026", Target(2)) for n in range(1, COUNT)),
    ),
    people=(
        PlannedPerson("mai", "Lê Thị Mai", Role.COMMITTEE, "XA"),
        *(PlannedPerson(f"bt{n}", f"Nguyễn Thị {n}", Role.SECRETARY, f"B{n}") for n in range(1, COUNT)),
    ),
)
MOST = 3
"""Messages for a page."""


async def pages(here: Stage, asked: str) -> str:
    """All that is shown while one goes on, each page in a few messages."""
    shown = await here.says("mai", asked)
    for _ in range(COUNT):
        _, message = here.phone.said[-1]
        assert len(parts_of(message)) <= MOST
        if not any(choice.label == "Xem tiếp" for choice in message.choices):
            return shown
        shown += "\n" + await here.presses("mai", "Xem tiếp", by_number=True)
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("asked", ["/tiendo", "/moi danh sách", "còn mấy chỉ tiêu"])
async def test_all_forty_are_on_pages_that_fit(database: Database, asked: str) -> None:
    async with stage(database, plan=PLAN, joined=("mai",)) as here:
        shown = await pages(here, asked)
        assert [name for name in NAMES if name not in shown] == []


@pytest.mark.parametrize("asked", ["/chuabao", "/chitieu", "/nguon", "/donvi", "/baocao", "/kyhop", "/viec", "/sua"])
async def test_what_is_not_a_list_of_all_fits_too(database: Database, asked: str) -> None:
    async with stage(database, plan=PLAN, joined=("mai",)) as here:
        await pages(here, asked)
