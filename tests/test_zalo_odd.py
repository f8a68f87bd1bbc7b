"""Whatever may come from Zalo, on the running bot, polled and brought by webhook: each is answered or passed over once,
and the card that is open meanwhile stays open.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, insert, select

from channels.channel import Place
from channels.zalo import ZaloChannel
from channels.zalo_webhook import SECRET_HEADER
from door.app import make_app, make_server, take_place
from handlers.hearing import hearing
from jobs.house import House
from jobs.links import Links
from storage.database import Database
from storage.tables import addresses, entries, inbox, outbox, people
from storage.verify import flaws
from tests.cast import NOW, Stage, drawn_blank, stage
from tests.channels.conftest import QUICK, eventually
from tests.platforms.client import Emulator, User
from tests.records import rows

SECRET = "webhook-secret-of-the-tests"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
modes = pytest.mark.parametrize("mode", ["polling", "flat", "wrapped", "list"])


@pytest.fixture
def zalo() -> Generator[Emulator]:
    with Emulator.start(platform="zalo") as running:
        yield running


async def answered(user: User, contains: str) -> str:
    return (await asyncio.to_thread(lambda: user.expect(contains=contains))).text


async def odd(zalo: Emulator, user: User, contains: str, **what: object) -> None:
    await asyncio.to_thread(lambda: zalo.post("inject", user=user.id, **what))
    await answered(user, contains)


@on_sqlite
@modes
async def test_an_open_card_outlives_whatever_comes_between(
    database: Database, zalo: Emulator, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    lan = zalo.user(1, "Lan")
    async with stage(database, joined=()) as here:
        await _join(database, {"lan": lan.says("chào")["chat"]})
        async with running(here, zalo, mode):
            await answered(lan, "Chào đồng chí")
            await asyncio.to_thread(lan.says, "kết nạp Nguyễn Văn An 15/10")
            await answered(lan, "1. Lưu")

            await odd(zalo, lan, "không nhận ảnh", kind="photo")
            # What is no words and comes in the same minute is one burst, answered once.
            for kind in ("sticker", "voice", "unsupported"):
                zalo.post("inject", user=1, kind=kind)
            zalo.post("inject", user=1, kind="sticker", event="message.link.received")
            zalo.post("inject", user=1, text="lưu", is_echo=True)
            zalo.post("inject", user=1, text="lưu", is_bot=True)
            zalo.post("inject", user=1, chat=77, text="@Bot Kết nạp lưu")
            zalo.post("inject", kind="raw", update={"event_name": "user.follow", "message": {"odd": 1}})
            zalo.post("inject", kind="raw", update={"event_name": "x", "message": None})
            await odd(zalo, lan, "nay mới tới máy", text="lưu", seconds_ago=3 * 86400)
            assert not await rows(database, select(entries.c.number))

            await odd(zalo, lan, "Đã ghi số 1", text="1", missing=["message_id", "from.display_name", "date"])
            await asyncio.to_thread(lan.says, "tiến độ")
            await answered(lan, "1/3 (33%)")
            await asyncio.to_thread(lan.expect_nothing)
        assert len(await rows(database, select(entries.c.number))) == 1
        assert {row.state for row in await rows(database, select(inbox.c.state))} == {"done"}
        assert await flaws(database) == []
        assert zalo.token.split(":")[1] not in caplog.text and "Nguyễn" not in caplog.text


@on_sqlite
async def test_posts_of_strangers_change_nothing_and_the_platforms_own_go_on(
    database: Database, zalo: Emulator
) -> None:
    lan = zalo.user(1, "Lan")
    async with stage(database, joined=()) as here:
        await _join(database, {"lan": lan.says("chào")["chat"]})
        async with running(here, zalo, "flat") as url, httpx.AsyncClient(trust_env=False) as client:
            await answered(lan, "Chào đồng chí")
            large = b'{"x":"' + b"a" * 2 * 1024 * 1024 + b'"}'
            posts = [
                (b"", {}, 200),
                (large, {SECRET_HEADER: SECRET}, 413),
                (large, {}, 401),
                (b'{"event_name":"message.text.received"}', {SECRET_HEADER: "wrong"}, 401),
                (b'{"event_name":"message.text.received"}', {SECRET_HEADER: ""}, 401),
                (b"<html>", {SECRET_HEADER: SECRET}, 400),
            ]
            for content, headers, status in posts:
                said = await client.post(f"{url}/zalo/2000000001", content=content, headers=headers)
                assert said.status_code == status
            for secret in ("wrong", "missing", "empty"):
                zalo.config(webhook_secret=secret)
                await asyncio.to_thread(lan.says, "tháng này không có gì mới")
            await asyncio.to_thread(lan.expect_nothing)
            zalo.config(webhook_secret="right")
            await asyncio.to_thread(lan.says, "tiến độ")
            await answered(lan, "0/3 (0%)")
        assert len(await rows(database, select(inbox.c.id))) == 2


@on_sqlite
@pytest.mark.parametrize(
    "fault", [{"kind": "html", "status": 502}, {"kind": "html", "status": 200}, {"kind": "garbage"}]
)
async def test_pages_in_place_of_json_are_waited_out(database: Database, zalo: Emulator, fault: dict[str, Any]) -> None:
    lan = zalo.user(1, "Lan")
    async with stage(database, joined=()) as here:
        await _join(database, {"lan": lan.says("chào")["chat"]})
        for method in ("getMe", "getWebhookInfo", "getUpdates"):
            zalo.fault(method, times=2, **fault)
        async with running(here, zalo, "polling"):
            await answered(lan, "Chào đồng chí")
            zalo.fault("sendMessage", times=1, **fault)
            await asyncio.to_thread(lan.says, "tiến độ")
            assert (await answered(lan, "0/3 (0%)")).startswith("(gửi lại)")
        assert len(await rows(database, select(outbox.c.id))) == 2


@on_sqlite
async def test_a_public_address_that_leads_nowhere_is_told_and_replies_go_on(
    database: Database, zalo: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(database, joined=()) as here:
        channel = ZaloChannel(zalo.token, zalo.api_url, timing=QUICK, place=Place("http://127.0.0.1:9", SECRET))
        hear = hearing(database, here.engine.keep)
        listening = asyncio.create_task(channel.listen(hear))
        await eventually(lambda: channel.ear.hearing.value == "not reached")
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await channel.close()
        assert "webhook.err.conn" in caplog.text


@asynccontextmanager
async def running(here: Stage, zalo: Emulator, mode: str) -> AsyncGenerator[str]:
    """The bot with its door, polling or listening behind it; the address of the door."""
    office = replace(here.office, timing=replace(here.office.timing, uncertain_seconds=1))
    at = take_place("127.0.0.1", 0)
    url = f"http://127.0.0.1:{at.getsockname()[1]}"
    place = None if mode == "polling" else Place(url, SECRET)
    if place is not None:
        zalo.config(body=mode)
    channel = ZaloChannel(zalo.token, zalo.api_url, timing=QUICK, place=place)
    links = Links(url, lambda: here.db.salt, lambda: here.clock[0], drawn_blank)
    house = House(here.db, office, lambda: here.clock[0], [channel], drawn_blank, links=links)
    hear = hearing(here.db, here.engine.keep)
    hook = channel.hook(hear)
    server = make_server(make_app(hooks=[hook] if hook else [], links=links))
    here.engine.said = house.wake_deliveries
    serving = asyncio.create_task(server.serve(sockets=[at]))
    tasks = [asyncio.create_task(work) for work in (channel.listen(hear), here.engine.work())]
    tasks += [asyncio.create_task(each.work()) for each in house.deliveries]
    try:
        yield url
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.should_exit = True
        await serving
        await channel.close()


async def _join(database: Database, chats: dict[str, str]) -> None:
    same = {"channel": "zalo", "account": "2000000001", "heard_at": NOW, "is_group": False, "is_blocked": False}
    same |= {"blocked_reason": "", "guesses": 0, "last_item_id": 0}

    def connect(tx: Connection) -> None:
        ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
        tx.execute(insert(addresses), [same | {"chat": chat, "person_id": ids[who]} for who, chat in chats.items()])

    await database.write(connect)
