"""Steps of candidates by chat: what is kept of each move, and what is refused."""

from datetime import date

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import candidates, moves, people
from tests.cast import Stage, stage


@pytest.mark.anyio
async def test_each_move_keeps_who_when_and_the_message(database: Database) -> None:
    async with stage(database) as here:
        await _listed(here)
        await here.says("lan", "tran thi na da hoc xong lop cam tinh, gcn cap 12/8")
        await here.says("lan", "tran thi na da nop don xin vao dang 3/10")
        await here.says("lan", "rút trần thị na khỏi nguồn vì đi làm ăn xa")
        await here.presses("lan", "Lưu")
    async with database.reading() as tx:
        lan = await tx.scalar(select(people.c.id).where(people.c.key == "lan"))
        told = (await tx.execute(select(moves).order_by(moves.c.id))).all()
    assert [(move.before, move.stage, move.on) for move in told] == [
        ("listed", "class_done", date(2026, 8, 12)),
        ("class_done", "application", date(2026, 10, 3)),
        ("application", "dropped", date(2026, 11, 21)),
    ]
    assert {move.person_id for move in told} == {lan}
    assert all(move.item_id for move in told)
    assert told[-1].reason == "away"


@pytest.mark.anyio
async def test_a_certificate_that_ran_out_before_the_vote_is_said_with_its_rule(database: Database) -> None:
    async with stage(database) as here:
        await _listed(here)
        await here.says("lan", "tran thi na da hoc xong lop cam tinh, gcn cap 15/1/2020")
        said = await here.says("lan", "chi bộ họp xét kết nạp Trần Thị Na, 14/20 phiếu tán thành")
        assert "giấy chứng nhận cấp 15/01/2020 chỉ có giá trị đến 15/01/2025" in said
        assert "60 tháng" in await here.presses("lan", "Xem căn cứ")
    async with database.reading() as tx:
        assert await tx.scalar(select(candidates.c.stage)) == "class_done"


@pytest.mark.anyio
async def test_a_step_of_somebody_already_admitted_is_refused(database: Database) -> None:
    async with stage(database) as here:
        await here.says("lan", "kết nạp Lò Văn Thận hôm qua")
        await here.presses("lan", "Lưu")
        said = await here.says("lan", "Lò Văn Thận đã nộp đơn xin vào đảng")
        assert said == "Lò Văn Thận: đã kết nạp, không còn ở các bước trước kết nạp nên chưa ghi gì."


@pytest.mark.anyio
async def test_nobody_moves_people_of_another_branch_by_their_button(database: Database) -> None:
    async with stage(database) as here:
        await _listed(here)
        async with database.reading() as tx:
            na = await tx.scalar(select(candidates.c.id))
        said = await here.says("cuc", f"/nguon người {na} đã có đơn xin vào Đảng")
        assert "Na" not in said
    async with database.reading() as tx:
        assert await tx.scalar(select(moves.c.id)) is None


async def _listed(here: Stage) -> None:
    await here.says("lan", "bo sung nguon: Trần Thị Na 97")
    await here.presses("lan", "Lưu")
