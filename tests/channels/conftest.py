import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from channels.channel import Channel
from channels.standing import Timing
from channels.telegram import TelegramChannel
from channels.zalo import ZaloChannel
from domain.messages import Incoming
from tests.platforms.client import Emulator

QUICK = Timing(
    poll_seconds=1,
    first_pause_seconds=0.05,
    longest_pause_seconds=0.2,
    conflict_pause_seconds=0.1,
    conflict_over_seconds=0.6,
)
AS_MEASURED: dict[str, Any] = {
    "display_name": "Bot Kết nạp",
    "error_http_status": "200",
    "consume": "pop",
    "replay_times": 3,
    "replay_seconds": 0.0,
    "lost_while_offline": False,
    "quick_empty": False,
    "body": "flat",
    "image_field": "photo_url",
    "time_unit": "ms",
    "webhook_https_only": False,
    "webhook_retries": 0,
    "webhook_secret": "right",
    "webhook_concurrent": False,
    "webhook_reversed": False,
    "quota": 0,
    "strict_chats": True,
}


@dataclass
class Ear:
    """Keeps what a channel hears, as storage would; `refusals` are raised first, one a batch."""

    batches: list[Sequence[Incoming]] = field(default_factory=list[Sequence[Incoming]])
    refusals: list[Exception] = field(default_factory=list[Exception])

    @property
    def heard(self) -> list[Incoming]:
        return [incoming for batch in self.batches for incoming in batch]

    async def hear(self, batch: Sequence[Incoming]) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.batches.append(batch)

    async def until(self, count: int) -> list[Incoming]:
        await eventually(lambda: len(self.heard) >= count)
        return self.heard


async def eventually(is_true: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not is_true():  # noqa: ASYNC110  # what is awaited happens in another process
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(channel: Channel, hear: Callable[[Sequence[Incoming]], Any]) -> AsyncGenerator[asyncio.Task[None]]:
    """The channel listens while the block runs."""
    task = asyncio.create_task(channel.listen(hear))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(scope="session")
def telegram_server() -> Iterator[Emulator]:
    with Emulator.start() as server:
        yield server


@pytest.fixture
def emulator(telegram_server: Emulator) -> Emulator:
    """A Bot API server as good as new."""
    telegram_server.config(limits=False, seed=1, callback_ttl=60.0, conflict_delay=0.2)
    telegram_server.reset()
    return telegram_server


@pytest.fixture
async def make_channel() -> AsyncIterator[Callable[..., TelegramChannel]]:
    """Channels that are closed after the test."""
    async with AsyncExitStack() as stack:

        def make(token: str, api_url: str, timing: Timing = QUICK, **more: Any) -> TelegramChannel:
            channel = TelegramChannel(token, api_url, timing=timing, **more)
            stack.push_async_callback(channel.close)
            return channel

        yield make


@pytest.fixture
def channel(emulator: Emulator, make_channel: Callable[..., TelegramChannel]) -> TelegramChannel:
    return make_channel(emulator.token, emulator.api_url)


@pytest.fixture(scope="session")
def zalo_server() -> Iterator[Emulator]:
    with Emulator.start(platform="zalo") as server:
        yield server


@pytest.fixture
def zalo(zalo_server: Emulator) -> Emulator:
    """A Zalo as good as new, as it was measured."""
    zalo_server.config(**AS_MEASURED)
    zalo_server.reset()
    return zalo_server


@pytest.fixture
async def make_zalo() -> AsyncIterator[Callable[..., ZaloChannel]]:
    """Channels that are closed after the test."""
    async with AsyncExitStack() as stack:

        def make(token: str, api_url: str, timing: Timing = QUICK, **more: Any) -> ZaloChannel:
            channel = ZaloChannel(token, api_url, timing=timing, **more)
            stack.push_async_callback(channel.close)
            return channel

        yield make


@pytest.fixture
def zalo_channel(zalo: Emulator, make_zalo: Callable[..., ZaloChannel]) -> ZaloChannel:
    return make_zalo(zalo.token, zalo.api_url)
