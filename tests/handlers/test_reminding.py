from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain.calendar import ZONE
from domain.changes import MarkNobodyLeft
from jobs.planning import plan
from storage.database import Database
from storage.tables import outbox
from tests.cast import Stage, stage
from tests.jobs.test_digest import unit_id, write
from tests.jobs.test_nothing_new import JANUARY

pytestmark = pytest.mark.anyio


async def morning(here: Stage, at: datetime) -> list[str]:
    """Who is told something at that moment."""
    here.clock[0] = at
    before = len(here.phone.said)
    await plan(here.db, here.office, at)
    await here.delivery.drain()
    return [chat for chat, _ in here.phone.said[before:]]


async def test_a_reminder_is_put_off_a_few_times_and_never_past_the_closing_day(database: Database) -> None:
    async with stage(database) as here:
        assert "không có lời nhắc" in await here.says("lan", "để mai")
        assert "lan" in await morning(here, JANUARY)
        assert await here.presses("lan", "Để mai") == "Sẽ nhắc lại sáng thứ Năm 21/01/2027: Chi bộ thôn 1."
        assert "lan" not in await morning(here, JANUARY + timedelta(hours=3))
        assert "lan" in await morning(here, JANUARY + timedelta(days=1))
        too_far = await here.says("lan", "nhắc lại thứ ba")
        assert too_far == "Tháng 1 chốt ngày 25/01/2027, nên không hoãn qua ngày ấy được."
        assert "thứ Sáu 22/01/2027" in await here.says("lan", "mai nhắc lại")
        assert "lan" in await morning(here, JANUARY + timedelta(days=2))
        assert "Đã hoãn 2 lần" in await here.says("lan", "nhắc lại thứ hai")
        why = await here.says("lan", "/visao")
        assert [why.count(words) for words in ("Hỏi tin tháng 1", "hoãn lần 1", "hoãn lần 2")] == [3, 1, 1]
        async with database.reading() as tx:
            steps = (await tx.execute(select(outbox.c.step).where(outbox.c.unit_id == await unit_id(here, "B1")))).all()

    assert sorted(step for (step,) in steps) == [0, 10, 20], "each time is a step of its own"


async def test_an_answer_ends_what_was_put_off(database: Database) -> None:
    async with stage(database) as here:
        await morning(here, JANUARY)
        await here.says("lan", "để mai")
        await here.presses("lan", "Chưa có gì mới")
        assert "lan" not in await morning(here, JANUARY + timedelta(days=1))
        assert "không có lời nhắc" in await here.says("lan", "để mai")


async def test_reminders_rest_until_a_day_and_come_again_when_wanted(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = JANUARY - timedelta(days=1)
        told = await here.says("lan", "tạm dừng nhắc đến hết tuần sau")
        assert "đến hết Chủ nhật 31/01/2027" in told
        assert "lan" not in await morning(here, JANUARY)
        digest = next(message for chat, message in here.phone.said[::-1] if chat == "minh")
        assert "(z) Tạm dừng nhận nhắc: Chi bộ thôn 1 đến 31/01/2027" in "".join(
            span.text for row in digest.lines for span in row
        )
        again = await here.says("lan", "nhắc lại đi")
        assert "Đã mở lại" in again
        assert "Chi bộ thôn 1 chưa có tin" in again, "what waited comes at once"
        assert "vẫn đang nhắc" in await here.says("lan", "nhắc lại đi")


async def test_reminders_rest_four_weeks_at_most(database: Database) -> None:
    async with stage(database) as here:
        told = await here.says("lan", "tạm dừng nhắc đến ngày 30/1")

    assert "đến hết thứ Bảy 19/12/2026" in told
    assert "Lâu nhất là 4 tuần" in told


async def test_who_has_not_reported_is_listed_and_nudged_one_by_one_or_all(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = datetime(2026, 11, 23, 9, tzinfo=ZONE)
        await here.says("hung", "tháng này không có gì mới")
        listed = await here.says("mai", "/chuabao")
        assert listed.splitlines() == [
            "2/3 chi bộ chưa có tin tháng 11 (từ 26/10/2026), đến 23/11/2026:",
            "• Chi bộ thôn 1",
            "• Chi bộ trường THCS",
            "1 chi bộ trong đó chưa có ai dùng máy này để nhắc.",
            "1. Nhắc Chi bộ thôn 1",
        ]
        assert (await here.says("mai", "/nhac chưa báo")).splitlines() == [
            "Sẽ nhắc 1 chi bộ ngay: Chi bộ thôn 1.",
            "Chưa nhắc được, vì chưa có ai dùng máy này: Chi bộ trường THCS.",
        ]
        assert "Lê Thị Mai nhờ nhắc" in "".join(
            span.text for chat, message in here.phone.said if chat == "lan" for row in message.lines for span in row
        )
        assert "Đồng chí đã nhắc hôm nay rồi: Chi bộ thôn 1." in await here.says("mai", "/nhac chưa báo")
        assert "1/2 chi bộ" in await here.says("minh", "chi bộ nào chưa báo cáo")


async def test_the_report_of_the_month_is_one_tap(database: Database) -> None:
    async with stage(database) as here:
        assert "• Chi bộ thôn 1: chưa có tin" in await here.says("lan", "/baocao")
        assert "không phát sinh tháng 11/2026" in await here.presses("lan", "Chưa có gì mới")
        assert "• Chi bộ thôn 1: đã báo không phát sinh" in await here.says("lan", "/baocao")
        assert "chi bộ chưa có tin" in await here.says("mai", "/baocao")


async def test_why_a_letter_came(database: Database) -> None:
    async with stage(database) as here:
        assert "không có thư nào" in await here.says("lan", "/visao")
        await morning(here, JANUARY)
        await here.says("mai", "/nhac B1")
        await here.presses("lan", "Chưa có gì mới")
        assert (await here.says("lan", "sao tôi nhận được tin này")).splitlines() == [
            "Thư gần đây của đồng chí, và vì sao",
            "• Nhắc Chi bộ thôn 1: đã gửi 07:30 20/01/2027",
            "  Vì đồng chí Lê Thị Mai nhờ nhắc",
            "  và đồng chí là bí thư chi bộ Chi bộ thôn 1",
            "• Hỏi tin tháng 1 Chi bộ thôn 1 (nhắc người phụ trách): đã gửi 07:30 20/01/2027",
            "  Vì lúc ấy chưa có tin từ 26/12/2026, chi bộ còn quần chúng, ngày chốt 25/01/2027",
            "  và đồng chí là bí thư chi bộ Chi bộ thôn 1",
        ]
        digest = await here.says("minh", "/visao")
        assert "• Bản tổng hợp tuần 3/2027: đã gửi 07:30 20/01/2027" in digest
        assert "  Vì mỗi tuần có một bản, bản này đến hạn 07:30 18/01/2027" in digest
        assert "đồng chí là cấp ủy viên phụ trách Chi bộ thôn 1, cấp ủy viên phụ trách Chi bộ thôn 2" in digest


async def test_why_a_letter_was_left_out_names_the_entry_that_silenced_it(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = JANUARY
        await plan(database, here.office, JANUARY)
        await here.hear("lan", "tháng này không có gì mới")
        await here.engine.drain()
        await morning(here, JANUARY + timedelta(minutes=1))
        assert ("  Vì lúc ấy đã có tin ngày 20/01/2027 (số 1), chi bộ còn quần chúng, ngày chốt 25/01/2027") in (
            await here.says("lan", "/visao")
        ).splitlines()


async def test_why_a_branch_was_not_reminded(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = JANUARY - timedelta(days=2)
        await here.says("lan", "tháng này không có gì mới")
        early = await here.says("mai", "vì sao chi bộ thôn 2 không được nhắc")
        assert "Tháng 1: đến 20/01/2027 mới hỏi chi bộ chưa có tin, nên không nhắc." in early
        await write(here, MarkNobodyLeft(await unit_id(here, "B2"), 0, nobody_left=True), at=here.clock[0])
        await morning(here, JANUARY)
        here.move(hours=1)
        await write(here, MarkNobodyLeft(await unit_id(here, "B2"), 1, nobody_left=False), at=here.clock[0])
        assert "Đã hủy" in await here.says("lan", "/huy 1")
        here.clock[0] = JANUARY + timedelta(days=5)
        reported = await here.says("mai", "vì sao chi bộ thôn 1 tuần trước không được nhắc")
        assert "Tháng 1: không nhắc, vì đã có tin ngày 18/01/2027 (số 1)." in reported, "as it stood at that moment"
        nobody = await here.says("minh", "vì sao chi bộ thôn 2 tuần trước không được nhắc")
        assert "không nhắc, vì chi bộ không còn quần chúng để kết nạp" in nobody
        empty = await here.says("mai", "vì sao chi bộ trường THCS tuần trước không được nhắc")
        assert "chưa có ai phụ trách chi bộ" in empty


async def test_why_is_told_only_of_units_in_reach(database: Database) -> None:
    async with stage(database) as here:
        await morning(here, JANUARY)
        assert "Trong phạm vi của đồng chí không có" in await here.says("mai", "/visao C1")
        assert "Đinh Thị Cúc" in await here.says("oanh", "/visao C1")
