"""A canary token is used on every path of failure, with every library at DEBUG; then it is looked for."""

import asyncio
import io
import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from channels.channel import SendingFailed
from channels.redact import Redaction
from channels.standing import State
from channels.telegram import TelegramChannel
from channels.zalo import ZaloChannel
from domain.messages import File, Outgoing, Text
from tests.channels.conftest import Ear, eventually, listening
from tests.platforms.client import Emulator

CANARY = "1000000001:AAE-canaryBird_canaryBird_canaryBird"
NAME = "Nguyễn Thị Hoàng Yến"
HELLO = Outgoing(((Text(NAME),),))
FAULTS: list[dict[str, Any]] = [
    {"kind": "http", "status": 502},
    {"kind": "http", "status": 404},
    {"kind": "error", "status": 400, "description": f'Bad Request: wrong "{NAME}"'},
    {"kind": "error", "status": 401, "description": "Unauthorized"},
    {"kind": "error", "status": 403, "description": "Forbidden: bot was blocked by the user"},
    {"kind": "error", "status": 409, "description": "Conflict: terminated by other getUpdates request"},
    {"kind": "error", "status": 500, "description": "Internal Server Error"},
    {"kind": "429", "retry_after": 1},
    {"kind": "garbage"},
    {"kind": "reset"},
    {"kind": "reset_after"},
]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator.start("--token", CANARY) as server:
        yield server


@pytest.fixture
def logs() -> Iterator[dict[str, io.StringIO]]:
    """Everything that is logged at DEBUG: as it stands, and through our filter."""
    root, level = logging.getLogger(), logging.getLogger().level
    written = {"raw": io.StringIO(), "masked": io.StringIO()}
    # The raw one comes first: the filter changes the record.
    handlers = [logging.StreamHandler(out) for out in written.values()]
    handlers[1].addFilter(Redaction([CANARY]))
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def everything_about(error: BaseException) -> str:
    """An exception with all that it carries along."""
    seen: list[str] = []
    found: set[int] = set()
    links: list[BaseException | None] = [error]
    while links:
        link = links.pop()
        if link is None or id(link) in found:
            continue
        found.add(id(link))
        seen += [repr(link), str(link), repr(link.args), repr(vars(link)), *traceback.format_exception(link)]
        links += [link.__cause__, link.__context__]
    return "\n".join(seen)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}")
async def test_no_failure_of_sending_spells_the_token_or_a_name(
    emulator: Emulator,
    make_channel: Callable[..., TelegramChannel],
    logs: dict[str, io.StringIO],
    fault: dict[str, Any],
) -> None:
    emulator.reset()
    emulator.user(1001).says("/start")
    channel = make_channel(CANARY, emulator.api_url)
    for message in (HELLO, Outgoing(HELLO.lines, file=File("a.xlsx", b"x"))):
        emulator.fault("*", times=1, **fault)
        with pytest.raises(SendingFailed) as caught:
            await channel.send("1001", message)
        assert "canary" not in everything_about(caught.value)
        assert NAME not in str(caught.value)
    assert "canary" in logs["raw"].getvalue(), "the libraries no longer spell the token: is this still a test?"
    assert "canary" not in logs["masked"].getvalue()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}")
@pytest.mark.parametrize("method", ["getMe", "getUpdates", "setMyCommands"])
async def test_no_failure_of_listening_spells_the_token(
    emulator: Emulator,
    make_channel: Callable[..., TelegramChannel],
    logs: dict[str, io.StringIO],
    fault: dict[str, Any],
    method: str,
) -> None:
    emulator.reset()
    emulator.fault(method, times=1, **fault)
    emulator.user(1001).says(NAME)
    channel = make_channel(CANARY, emulator.api_url, commands=[("ketnap", "Kết nạp")])
    ear = Ear()
    async with listening(channel, ear.hear) as task:
        await eventually(lambda: channel.state is State.REFUSED or ear.heard)
        if channel.state is State.REFUSED:
            await task
    assert "canary" not in logs["masked"].getvalue()
    ours = [line for line in logs["masked"].getvalue().splitlines() if line.startswith("channels")]
    assert not [line for line in ours if NAME in line]


async def test_no_connection_spells_the_token(
    make_channel: Callable[..., TelegramChannel], logs: dict[str, io.StringIO]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    channel = make_channel(CANARY, address)
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.OFFLINE)
        with pytest.raises(SendingFailed) as caught:
            await channel.send("1001", HELLO)
        await asyncio.sleep(0.2)
    assert "canary" not in everything_about(caught.value)
    assert "canary" not in logs["masked"].getvalue()


async def test_a_channel_that_is_closed_spells_no_token(emulator: Emulator, logs: dict[str, io.StringIO]) -> None:
    channel = TelegramChannel(CANARY, emulator.api_url)
    await channel.close()
    with pytest.raises(SendingFailed) as caught:
        await channel.send("1001", HELLO)
    assert "canary" not in everything_about(caught.value)
    assert "canary" not in repr(channel)
    assert "canary" not in logs["masked"].getvalue()


async def test_even_unmasked_the_libraries_are_silent_at_their_level(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], logs: dict[str, io.StringIO]
) -> None:
    """Garbage in an answer that held messages is what the library would log whole, at ERROR."""
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "aiohttp")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        emulator.reset()
        emulator.fault("getUpdates", "garbage", times=1)
        emulator.user(1001).says(NAME)
        ear = Ear()
        async with listening(make_channel(CANARY, emulator.api_url), ear.hear):
            await ear.until(1)
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert NAME not in logs["raw"].getvalue()
    assert "canary" not in logs["raw"].getvalue()


ZALO_FAULTS: list[dict[str, Any]] = [
    {"kind": "html", "status": 429},
    {"kind": "html", "status": 502},
    {"kind": "error", "status": 400, "description": f'Bad request: wrong "{NAME}"'},
    {"kind": "error", "status": 401, "description": "Invalid token"},
    {"kind": "error", "status": 500},
    {"kind": "garbage"},
    {"kind": "reset"},
    {"kind": "reset_after"},
]


@pytest.fixture(scope="module")
def zalo_of_canary() -> Iterator[Emulator]:
    with Emulator.start("--token", CANARY, platform="zalo") as server:
        yield server


@pytest.mark.parametrize("fault", ZALO_FAULTS, ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}")
async def test_no_failure_on_zalo_spells_the_token_or_a_name(
    zalo_of_canary: Emulator,
    make_zalo: Callable[..., ZaloChannel],
    logs: dict[str, io.StringIO],
    fault: dict[str, Any],
) -> None:
    zalo_of_canary.reset()
    chat = zalo_of_canary.user(1001).says(NAME)["chat"]
    channel = make_zalo(CANARY, zalo_of_canary.api_url)
    zalo_of_canary.fault("sendMessage", times=1, **fault)
    with pytest.raises(SendingFailed) as caught:
        await channel.send(chat, HELLO)
    assert "canary" not in everything_about(caught.value)
    assert NAME not in str(caught.value)
    zalo_of_canary.fault("getMe", times=1, **fault)
    async with listening(channel, Ear().hear):
        await eventually(lambda: "channels.standing ERROR" in logs["raw"].getvalue())
    await channel.close()
    with pytest.raises(SendingFailed) as closed:
        await channel.send(chat, HELLO)
    assert "canary" not in everything_about(closed.value)
    assert "canary" not in repr(channel)
    assert "canary" in logs["raw"].getvalue(), "the library no longer spells the token: is this still a test?"
    assert "canary" not in logs["masked"].getvalue()
    ours = [line for line in logs["raw"].getvalue().splitlines() if line.startswith("channels")]
    assert not [line for line in ours if NAME in line or "canary" in line]
