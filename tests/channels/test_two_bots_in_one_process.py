"""Two tokens of two bots in one process: each is listened to, and each answers whoever wrote to it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from sqlalchemy import insert, select, update

from channels.telegram import TelegramChannel
from handlers.hearing import hearing
from jobs.house import House
from storage.database import Database
from storage.tables import addresses, inbox, leases, outbox
from tests.cast import drawn_blank, stage
from tests.channels.conftest import eventually
from tests.platforms.client import Emulator
from tests.records import rows

OTHER = "1000000002:SECOND-EMULATOR"
LAN = 1001


@pytest.fixture
def second() -> Iterator[Emulator]:
    with Emulator.start("--token", OTHER) as running:
        yield running


async def test_each_of_two_bots_is_heard_and_answers_for_itself(
    emulator: Emulator, second: Emulator, make_channel: Callable[..., TelegramChannel], database: Database
) -> None:
    async with stage(database) as here:
        channels = [make_channel(each.token, each.api_url) for each in (emulator, second)]
        accounts = [channel.account for channel in channels]
        assert accounts == ["1000000001", "1000000002"]
        await lan_on(database, accounts)
        house = House(database, here.office, here.engine.now, channels, drawn_blank)
        here.engine.said = house.wake_deliveries
        closed = asyncio.Event()

        async def serve() -> None:
            await closed.wait()

        hear = hearing(database, here.engine.keep)
        running = asyncio.create_task(house.run(hear, here.engine.work, serve, closed.set))
        try:
            for bot, words, answer in (
                (emulator, "còn mấy chỉ tiêu", "0/3 (0%)"),
                (second, "tháng 9 không có gì mới", "Đã ghi số 1"),
                (emulator, "còn mấy chỉ tiêu", "0/3 (0%)"),
            ):
                lan = bot.user(LAN, "Lan")
                await asyncio.to_thread(lan.says, words)
                sent = await asyncio.to_thread(lan.expect, "sendMessage", contains=answer, timeout=60)
                assert sent.chat_id == LAN
            await eventually(lambda: len(emulator.sent(method="sendMessage")) >= 2)
            assert len(await rows(database, select(leases).where(leases.c.owner != ""))) >= 4, "two ears, two mouths"
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        said = await rows(database, select(addresses.c.account).join(outbox, outbox.c.contact_id == addresses.c.id))
        assert sorted(row.account for row in said) == [accounts[0], accounts[0], accounts[1]]
        keys = [row.key for row in await rows(database, select(inbox.c.key))]
        assert {key.split(":")[1] for key in keys} == set(accounts)
        assert len(second.sent(method="sendMessage")) == 1, "nothing of one is said by the other"


async def lan_on(database: Database, accounts: list[str]) -> None:
    """The same person on the same telephone has written to both."""
    here = {"channel": "telegram", "account": accounts[0], "chat": str(LAN)}
    lan = addresses.c.chat == "lan"
    await database.write(lambda tx: tx.execute(update(addresses).where(lan).values(here)))
    (row,) = await rows(database, select(addresses).where(addresses.c.account == accounts[0]))
    other = {name: value for name, value in row._mapping.items() if name != "id"} | {"account": accounts[1]}
    await database.write(lambda tx: tx.execute(insert(addresses).values(other)))
