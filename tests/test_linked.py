"""The story of one person on Telegram and on Zalo: linked by a code, acting on both, told on one, and off again."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from channels.telegram import TelegramChannel
from channels.zalo import ZaloChannel
from domain.calendar import ZONE
from handlers.hearing import hearing
from handlers.turn import Engine
from jobs.house import House
from jobs.watch import Watch
from storage.database import Database
from storage.fingerprints import fingerprint
from storage.tables import addresses, entries, incidents, outbox, people
from storage.verify import flaws
from tests.cast import NOW, Stage, drawn_blank, stage
from tests.channels.conftest import QUICK, eventually
from tests.platforms.client import Emulator, Sent, User
from tests.records import rows

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = NOW.replace(day=23, hour=7, minute=30, tzinfo=ZONE)


async def typed(user: User, text: str, *, contains: str) -> Sent:
    """What the bot answers to it."""
    await asyncio.to_thread(user.says, text)
    return await shown(user, contains)


async def tapped(user: User, label: str, *, contains: str) -> Sent:
    await asyncio.to_thread(user.taps, label)
    return await shown(user, contains)


async def shown(user: User, contains: str) -> Sent:
    return await asyncio.to_thread(lambda: user.expect(contains=contains))


@on_sqlite
async def test_one_person_on_telegram_and_zalo(database: Database, tmp_path: Path) -> None:
    with ExitStack() as stack:
        telegram = stack.enter_context(Emulator.start())
        zalo = stack.enter_context(Emulator.start(platform="zalo"))
        async with stage(database, joined=()) as here, running(here, telegram, zalo, tmp_path) as house:
            mai = telegram.user(3, "Mai")
            on_telegram, on_zalo = telegram.user(1, "Lan"), zalo.user(1, "Lan")
            await _join(database, telegram, {"lan": 1, "mai": 3})

            # A code made on Telegram and typed on Zalo: both know of it.
            said = await typed(on_telegram, "liên kết zalo", contains="Mã liên kết")
            code = re.search(r"\w{4} \w{4}$", said.text.splitlines()[0])
            assert code
            await typed(on_zalo, "xin chào", contains="cần mã mời")
            await typed(on_zalo, code[0], contains="máy này cũng là của đồng chí Nguyễn Thị Lan")
            await shown(on_telegram, "Vừa nối thêm một máy dùng Zalo")

            # Logged on Zalo, seen on Telegram; the same again there is no second one.
            await typed(on_zalo, "kết nạp Nguyễn Văn Bình 15/11", contains="1. Lưu")
            await typed(on_zalo, "1", contains="Đã ghi số 1")
            await typed(on_telegram, "tiến độ", contains="1/3 (33%)")
            await typed(on_telegram, "kết nạp Nguyễn Văn Bình 15/11", contains="Nguyễn Văn Bình")
            await tapped(on_telegram, "Cùng một người", contains="")
            assert len(await rows(database, select(entries.c.number))) == 1

            # A card opened on Telegram and answered on Zalo moves over, and is decided there.
            await typed(on_telegram, "kết nạp Trần Thị Cúc 16/11", contains="Trần Thị Cúc")
            await typed(on_zalo, "lưu", contains="đang làm dở ở máy khác, chưa ghi gì")
            await typed(on_zalo, "1", contains="Đã ghi số 2")
            await tapped(on_telegram, "Lưu", contains="xử lý xong rồi")
            assert len(await rows(database, select(entries.c.number))) == 2

            # The reminder comes once, where it is wanted; where that is blocked, on the other.
            await typed(on_zalo, "nhắc tôi qua telegram", contains="nhắc việc gửi qua Telegram")
            here.clock[0] = MONDAY + timedelta(hours=2)
            await house.tick.run()
            await typed(mai, "thông báo cho các bí thư ở B1: 14 giờ mai họp", contains="Thông báo cho 1 bí thư")
            await tapped(mai, "Lưu", contains="Đã nhận thông báo số 1")
            await shown(on_telegram, "14 giờ mai họp")
            await asyncio.to_thread(on_telegram.blocks_bot)
            while not await rows(database, select(addresses.c.id).where(addresses.c.is_blocked)):  # noqa: ASYNC110  # it is learnt by another task
                await asyncio.sleep(0.05)
            await typed(mai, "thông báo cho các bí thư ở B1: 15 giờ mai họp", contains="Thông báo cho 1 bí thư")
            await tapped(mai, "Lưu", contains="Đã nhận thông báo số 2")
            await shown(on_zalo, "15 giờ mai họp")

            # Who is taken off on Zalo is a stranger there, and still herself on Telegram.
            await asyncio.to_thread(on_telegram.blocks_bot, blocked=False)
            await typed(on_telegram, "/lienket gỡ Zalo", contains="Gỡ máy: Zalo")
            await tapped(on_telegram, "Gỡ", contains="Đã gỡ một máy dùng Zalo")
            await typed(on_zalo, "tiến độ", contains="cần mã mời")
            await typed(on_telegram, "tiến độ", contains="2/3 (67%)")

            assert [row.kind for row in await rows(database, select(incidents.c.kind))] == []
            letters = await rows(database, select(outbox.c.state).where(outbox.c.rule == "announcement"))
            assert [row.state for row in letters] == ["sent", "sent"]
            assert await flaws(database) == []


@on_sqlite
async def test_a_digest_whose_channel_lost_its_token_comes_on_the_other(database: Database, tmp_path: Path) -> None:
    with ExitStack() as stack:
        telegram = stack.enter_context(Emulator.start())
        zalo = stack.enter_context(Emulator.start(platform="zalo"))
        async with stage(database, joined=()) as here:
            minh, on_zalo = telegram.user(2, "Minh"), zalo.user(2, "Minh")
            await _join(database, telegram, {"minh": 2, "lan": 1})
            async with running(here, telegram, zalo, tmp_path) as house:
                said = await typed(minh, "/lienket", contains="Mã liên kết")
                await typed(on_zalo, said.text.splitlines()[0][-9:], contains="cũng là của đồng chí")
                zalo.config(token="2000000001:ANOTHER")
                assert house.watch is not None
                while not await rows(database, select(incidents.c.id)):
                    await house.watch.look()
                    await asyncio.sleep(0.1)
                here.clock[0] = MONDAY
                await house.tick.run()
                await shown(minh, "Chi bộ thôn 1")
                await asyncio.sleep(1)
            digests = await rows(database, select(outbox.c.state).where(outbox.c.rule == "weekly-digest"))
            assert [row.state for row in digests if row.state != "held"] == ["sent"]
            assert [one.text for one in zalo.sent(method="sendMessage") if "Chi bộ thôn 1" in one.text] == []


@asynccontextmanager
async def running(here: Stage, telegram: Emulator, zalo: Emulator, folder: Path) -> AsyncGenerator[House]:
    """The house with both platforms; it hears, works and sends while the block runs."""

    def now() -> datetime:
        return here.clock[0]

    channels = [
        TelegramChannel(telegram.token, telegram.api_url, timing=QUICK),
        ZaloChannel(zalo.token, zalo.api_url, timing=QUICK),
    ]
    house = House(here.db, here.office, now, channels, drawn_blank)
    house.watch = Watch(here.db, here.office, now, house.eyes(folder, None))
    engine = Engine(
        here.db,
        here.office,
        now,
        house.owner,
        fingerprint=lambda code: fingerprint(code, here.db.salt),
        link=house.link,
        said=house.wake_deliveries,
    )
    hear = hearing(here.db, engine.keep)
    tasks = [asyncio.create_task(each.listen(hear)) for each in channels]
    tasks += [asyncio.create_task(engine.work()), *(asyncio.create_task(each.work()) for each in house.deliveries)]
    try:
        await eventually(lambda: all(each.last_contact for each in channels))
        yield house
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in channels:
            await each.close()


async def _join(database: Database, telegram: Emulator, numbers: dict[str, int]) -> None:
    same = {"channel": "telegram", "account": telegram.account, "heard_at": NOW, "is_group": False}
    same |= {"is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}

    def connect(tx: Connection) -> None:
        ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
        tx.execute(
            insert(addresses), [same | {"chat": str(chat), "person_id": ids[who]} for who, chat in numbers.items()]
        )

    await database.write(connect)
