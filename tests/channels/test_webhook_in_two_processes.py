"""One update, brought to two processes on one database at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx
from sqlalchemy import select, update

from channels.channel import Place
from channels.telegram import TelegramChannel
from channels.telegram_webhook import SECRET_HEADER
from door.app import make_app
from handlers.hearing import hearing
from handlers.turn import Engine
from storage.database import Database
from storage.tables import addresses, entries, inbox, outbox
from tests.cast import stage
from tests.platforms.client import Emulator

SECRET = "webhook-secret-of-the-tests"
MONTHS = 4


def brought(month: int) -> dict[str, object]:
    user = {"id": 1001, "is_bot": False, "first_name": "Lan"}
    text = f"tháng {month} không có gì mới"
    chat = {"id": 1001, "type": "private"}
    return {"update_id": 700 + month, "message": {"message_id": month, "chat": chat, "from": user, "text": text}}


async def test_the_same_update_to_two_processes_at_once_is_one_turn(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], database: Database, database_url: str
) -> None:
    lans_phone = {"channel": "telegram", "account": "1000000001", "chat": "1001"}
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(stage(database))
        other = await Database.open(database_url)
        stack.push_async_callback(other.close)
        await database.write(
            lambda tx: tx.execute(update(addresses).where(addresses.c.chat == "lan").values(lans_phone))
        )
        engines = [one.engine, Engine(other, one.office, one.engine.now, "two")]
        doors: list[httpx.AsyncClient] = []
        for engine in engines:
            channel = make_channel(emulator.token, emulator.api_url, place=Place("https://ketnap.example.vn", SECRET))
            hook = channel.hook(hearing(engine.db, engine.keep))
            assert hook is not None
            transport = httpx.ASGITransport(make_app(hooks=[hook]))
            client = httpx.AsyncClient(base_url="http://door", transport=transport, headers={SECRET_HEADER: SECRET})
            doors.append(await stack.enter_async_context(client))
        for month in range(1, MONTHS + 1):
            told = await asyncio.gather(
                *(door.post("/telegram/1000000001", json=brought(month)) for door in doors for _ in range(2))
            )
            assert [answer.status_code for answer in told] == [200] * 4
            await asyncio.gather(*(engine.drain() for engine in engines))
        async with database.reading() as tx:
            handled = Counter((await tx.execute(select(inbox.c.state))).scalars())
            months = (await tx.execute(select(entries.c.month).order_by(entries.c.number))).scalars().all()
            said = (await tx.execute(select(outbox.c.item_id))).scalars().all()
    assert handled == {"done": MONTHS}
    assert [month.month for month in months if month] == list(range(1, MONTHS + 1))
    assert len(said) == len(set(said)) == MONTHS
    assert sum((engine.turns for engine in engines), Counter()) == {"done": MONTHS}
