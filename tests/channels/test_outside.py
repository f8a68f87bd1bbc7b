import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from channels.outside import beat
from tests.cast import free_port


@asynccontextmanager
async def watcher(answer: str) -> AsyncGenerator[tuple[str, list[bytes]]]:
    """A watcher outside that gives one answer to all."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/ping/canary", asked


async def test_the_watcher_is_called_by_its_address_and_whether_it_heard_is_known() -> None:
    async with watcher("200 OK") as (url, asked):
        assert await beat(url)
        assert asked == [b"GET /ping/canary HTTP/1.1\r\n"]


async def test_a_watcher_that_is_ill_or_away_is_logged_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="ketnap"):
        async with watcher("503 Service Unavailable") as (url, _):
            assert not await beat(url)
        assert not await beat(f"http://127.0.0.1:{free_port()}/ping/canary")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("ketnap")]
    assert len(ours) == 2 and "canary" not in "".join(ours)
