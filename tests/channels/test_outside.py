import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from channels.outside import Heartbeat
from tests.cast import free_port


@asynccontextmanager
async def watcher(answer: str, port: int = 0) -> AsyncGenerator[tuple[str, list[bytes]]]:
    """A watcher outside that gives one answer to all."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/ping/canary", asked


async def test_the_watcher_is_called_by_its_address_and_whether_it_heard_is_known() -> None:
    async with watcher("200 OK") as (url, asked):
        assert await Heartbeat(url)()
        assert asked == [b"GET /ping/canary HTTP/1.1\r\n"]


async def test_a_watcher_that_is_ill_or_away_is_logged_once_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="ketnap"):
        async with watcher("503 Service Unavailable") as (url, _):
            ill = Heartbeat(url)
            assert [await ill() for _ in range(3)] == [False, False, False]
        away = Heartbeat(f"http://127.0.0.1:{free_port()}/ping/canary")
        assert not await away()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("ketnap")]
    assert len(ours) == 2 and "canary" not in "".join(ours)


async def test_a_watcher_that_hears_again_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="ketnap")
    async with watcher("503 Service Unavailable") as (url, _):
        beat = Heartbeat(url)
        await beat()
    port = int(url.split(":")[2].split("/")[0])
    async with watcher("200 OK", port) as (_, asked):
        assert [await beat(), await beat()] == [True, True]
        assert len(asked) == 2
    assert caplog.messages == ["heartbeat not heard answer=503", "heartbeat heard again"]
