from dataclasses import replace
from datetime import date

from sqlalchemy import insert

from domain.budget import BotMonth, Plan
from storage.database import Database
from storage.incidents import give_signs
from storage.tables import incidents
from storage.usage import add_usage
from tests.cast import NOW, WITH_ADMIN, stage


async def test_an_admin_sees_the_state_of_the_system_and_nobody_else_does(database: Database) -> None:
    async with stage(database, plan=WITH_ADMIN, joined=("lan", "oanh", "quan")) as here:
        await give_signs(
            database,
            {
                "hear:telegram:7001": (130.0, 0.0),
                "tick": (5.0, 0.0),
                "disk:may-1": (1.0, 5e9),
                "backup": (7300.0, 90.0),
            },
        )
        shown = await here.says("quan", "/chandoan")
        assert shown.splitlines() == [
            "Tình trạng lúc 09:00 ngày 21/11/2026",
            "Không có sự cố.",
            "Nghe telegram:7001: 2 phút trước",
            "Bộ hẹn giờ: vừa xong",
            "Tin chờ xử lý: không có",
            "Câu trả lời chờ gửi: không có",
            "Thư nhắc chờ gửi: không có",
            "Sao lưu: 2 giờ trước",
            "Ổ đĩa may-1: còn 4768 MB",
        ]
        low = {"kind": "disk-low", "key": "may-1", "amount": 90, "opened_at": NOW}
        await database.write(lambda tx: tx.execute(insert(incidents).values(low)))
        assert "Sự cố: ổ đĩa của máy may-1 chỉ còn 90 MB, từ 09:00" in await here.says("quan", "chẩn đoán hệ thống")
        for who in ("lan", "oanh"):
            refused = await here.says(who, "/chandoan")
            assert "Tình trạng" not in refused and "may-1" not in refused


async def test_an_admin_sees_how_much_of_the_months_messages_is_left(database: Database) -> None:
    async with stage(database, plan=WITH_ADMIN, joined=("lan", "quan")) as here:
        here.engine.office = replace(here.office, plans={"test": Plan(3000, 50)})
        used = BotMonth("test", "bot", date(2026, 11, 1))
        await database.write(lambda tx: add_usage(tx, used, heard=599, said=634))

        told = await here.says("quan", "/chandoan")
        assert "test:bot tháng 11: 1.234/3.000 tin (41%), nhận 600, gửi 634; 2/50 người" in told.splitlines()
