"""Sessions by chat: what is kept of their results, who is told, and the agenda as a file."""

from datetime import date
from io import BytesIO

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from domain.messages import plain
from door.app import make_app
from jobs.drawing import drawer
from jobs.links import Links
from storage.database import Database
from storage.tables import audit, candidates, entries, moves, outbox, people
from tests.cast import Stage, stage
from tests.jobs.recording import sender

pytestmark = pytest.mark.anyio

RESULTS = "/kyhop kết quả duyệt hết, trừ Trần Thị Na trả lại vì thiếu ý kiến; quyết định 45-QĐ/ĐU ngày 20/11"


async def test_each_result_moves_its_person_and_keeps_who_when_and_the_message(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", RESULTS)
        await here.presses("mai", "Lưu")
    async with database.reading() as tx:
        mai = await tx.scalar(select(people.c.id).where(people.c.key == "mai"))
        stood = {row.name: row for row in await tx.execute(select(candidates))}
        made = (await tx.execute(select(entries).order_by(entries.c.number))).all()
        moved = (await tx.execute(select(moves).where(moves.c.stage == "returned"))).all()
        actions = set((await tx.execute(select(audit.c.what))).scalars())
    assert {name: (row.stage, row.stage_on) for name, row in stood.items()} == {
        "Trần Thị Na": ("returned", date(2026, 11, 20)),
        "Lò Văn Thận": ("decided", date(2026, 11, 20)),
        "Giàng A Páo": ("decided", date(2026, 11, 20)),
    }
    assert [(one.decision_no, one.decision_on, one.ceremony_on, one.author_id) for one in made] == [
        ("45-QĐ/ĐU", date(2026, 11, 20), None, mai)
    ] * 2
    assert {one.candidate_id for one in made} == {stood["Lò Văn Thận"].id, stood["Giàng A Páo"].id}
    [back] = moved
    assert (back.before, back.reason, back.person_id) == ("branch_resolved", "opinions", mai)
    assert back.item_id and all(one.item_id == back.item_id for one in made)
    assert {"entry_made", "candidate_changed"} <= actions


async def test_each_branch_is_told_yes_and_no_once(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", RESULTS)
        await here.presses("mai", "Lưu")
        heard = len(here.phone.said)
        here.move(days=2)
        await here.work()
        await here.work()
        letters = {chat: plain(message.lines) for chat, message in here.phone.said[heard:]}
    assert "Trả lại hồ sơ của Trần Thị Na: thiếu ý kiến đoàn thể, nơi cư trú." in letters["lan"]
    assert "Đã có quyết định kết nạp số 45-QĐ/ĐU ngày 20/11/2026: Giàng A Páo." in letters["hung"]
    assert "Na" not in letters["hung"] and sorted(letters) == ["hung", "lan"]
    async with database.reading() as tx:
        rows = (await tx.execute(select(outbox).where(outbox.c.rule == "session-result"))).all()
        names = {row.id: row.key for row in await tx.execute(select(people))}
    assert sorted(names[row.person_id] for row in rows) == ["hung", "lan"]


async def test_a_colleague_who_was_faster_leaves_nothing_to_save_twice(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", RESULTS)
        await here.says("oanh", RESULTS)
        await here.presses("oanh", "Lưu")
        said = await here.presses("mai", "Lưu")
        assert said.startswith("Có người không còn trong chương trình nên chưa ghi gì:")
        assert "Lò Văn Thận: đã có quyết định, chờ lễ." in said
    async with database.reading() as tx:
        assert len((await tx.execute(select(entries))).all()) == 2


async def test_a_decision_taken_back_puts_the_person_on_the_agenda_again(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", RESULTS)
        await here.presses("mai", "Lưu")
        await here.presses("mai", "Hoàn tác 1")
        said = await here.says("mai", "/kyhop")
        assert "Đủ điều kiện (1):\n1) Lò Văn Thận" in said


async def test_a_report_of_nothing_gives_way_to_a_decision_of_the_month(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("hung", "tháng này không có ai")
        await here.says("mai", RESULTS)
        await here.presses("mai", "Lưu")
    async with database.reading() as tx:
        told = {row.kind: row.state for row in await tx.execute(select(entries))}
    assert told == {"nothing": "undone", "admission": "live"}


async def test_the_day_of_the_decision_must_be_one_and_within_a_year(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        said = await here.says("mai", "/kyhop kết quả duyệt hết, quyết định 45-QĐ/ĐU ngày 18/11, họp ngày 20/11")
        assert said.startswith("Có nhiều ngày, chưa rõ ngày nào của quyết định.")
        said = await here.says("mai", "45-QĐ/ĐU ngày 20/11/2025")
        assert said.startswith("Ngày quyết định đã quá một năm nên chưa ghi.")
        said = await here.says("mai", "20/11")
        assert "Quyết định kết nạp số 45-QĐ/ĐU ngày 20/11/2026, 3 người:" in said


async def test_returns_alone_need_no_decision_and_who_is_left_over_waits(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", "/kyhop kết quả")
        said = await here.says("mai", "trả lại 1, 2 vì thẩm tra chưa xong")
        assert "Quyết định" not in said and "Để lại kỳ sau: Giàng A Páo." in said
        await here.presses("mai", "Lưu")
        said = await here.says("mai", "/kyhop")
        assert "Đủ điều kiện (1):\n1) Giàng A Páo" in said and "Đã trả lại (2):" in said


async def test_what_is_not_clear_is_not_kept_and_all_may_be_left_for_the_next_session(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", "/kyhop kết quả")
        said = await here.says("mai", "số 2 trả lại vì lý lịch, còn lại duyệt hết")
        assert said.startswith("Chưa rõ kết quả nào của ai")
        await here.says("mai", "để lại 1-3")
        assert await here.presses("mai", "Lưu") == "Chưa ghi gì: tất cả để lại kỳ sau."


@pytest.mark.parametrize("text", ["/kyhop", "/kyhop tệp", "/kyhop tệp XA", RESULTS, "kỳ họp", "/kyhop XA kết quả"])
@pytest.mark.parametrize("who", ["lan", "minh", "cuc"])
async def test_who_decides_nothing_sees_no_agenda_and_enters_no_results(
    database: Database, who: str, text: str
) -> None:
    async with stage(database, joined=("lan", "minh", "cuc", "hung", "mai", "oanh")) as here:
        await _resolved(here)
        said = await here.says(who, text)
        assert "Không có trong phạm vi của đồng chí" in said
        assert "Páo" not in said and here.phone.said[-1][1].file is None


async def test_the_file_has_the_numbers_of_the_agenda_and_is_drawn_as_things_stand(database: Database) -> None:
    async with stage(database) as here:
        await _resolved(here)
        await here.says("mai", "/kyhop tệp")
        file = here.phone.said[-1][1].file
        assert file is not None and file.filename == "ky-hop-2026-11.xlsx"
        assert _rows(file.content, "Đủ điều kiện") == [
            ["1", "Lò Văn Thận", "Chi bộ thôn 1"],
            ["2", "Trần Thị Na", "Chi bộ thôn 1"],
            ["3", "Giàng A Páo", "Chi bộ thôn 2"],
        ]
        await here.says("mai", RESULTS)
        await here.presses("mai", "Lưu")
        await here.says("mai", "/kyhop tệp")
        again = here.phone.said[-1][1].file
        assert again is not None
        assert _rows(again.content, "Đủ điều kiện") == []
        assert _rows(again.content, "Bị trả lại") == [["1", "Trần Thị Na", "Chi bộ thôn 1"]]


async def test_where_no_files_go_the_agenda_is_behind_a_signed_address_without_a_name_in_it(
    database: Database,
) -> None:
    async with stage(database) as here:
        await _resolved(here)

        links = Links(
            "https://example.vn",
            lambda: database.salt,
            lambda: here.clock[0],
            drawer(database, here.office, lambda: here.clock[0]),
        )
        here.phone.carries_files = False
        await here.hear("mai", "/kyhop tệp")
        await here.engine.drain()
        delivery, phone = sender(here, links=links)
        phone.carries_files = False
        await delivery.drain()
        [said] = [words for words in phone.to("mai") if "https://" in words]
        address = next(word for word in said.split() if word.startswith("https://"))
        assert len(said) < 2000
        transport = httpx.ASGITransport(make_app(links=links))
        async with httpx.AsyncClient(transport=transport) as client:
            opened = await client.get(address)
            forged = await client.get(address[:-1] + ("0" if address[-1] != "0" else "1"))
    assert opened.status_code == 200 and forged.status_code == 404
    assert len(_rows(opened.content, "Đủ điều kiện")) == 3


async def _resolved(here: Stage) -> None:
    """Three people of two branches on whom their branch resolved."""
    for who, name in (("lan", "Trần Thị Na"), ("lan", "Lò Văn Thận"), ("hung", "Giàng A Páo")):
        await here.says(who, f"bo sung nguon: {name} 97")
        await here.presses(who, "Lưu")
        await here.says(who, f"chi bộ họp xét kết nạp {name} 10/11, 14/20 phiếu tán thành")
        await here.presses(who, "Đã làm, nay mới báo")


def _rows(content: bytes, sheet: str) -> list[list[str]]:
    """The first three columns of a sheet below its headings."""
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [[str(int(row[0])) if isinstance(row[0], float) else str(row[0]), *map(str, row[1:3])] for row in rows[4:]]
