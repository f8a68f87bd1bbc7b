"""Webhooks with the platform's own posts: the secret in a header, no promise that anything comes twice, or once."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from channels.channel import Place
from channels.standing import State
from channels.zalo import ZaloChannel
from domain.incidents import Hearing
from door.app import make_app, make_server, take_place
from tests.channels.conftest import QUICK, Ear, eventually, listening
from tests.platforms.client import Emulator

SECRET = "webhook-secret-of-the-tests"
TIMING = replace(QUICK, check_seconds=0.2)
HEADER = "X-Bot-Api-Secret-Token"
MakeZalo = Callable[..., ZaloChannel]


@dataclass(frozen=True)
class Behind:
    """A channel with the door in front of it, as one process has them."""

    channel: ZaloChannel
    url: str
    ear: Ear


Opened = Callable[[Ear], AbstractAsyncContextManager[Behind]]


@pytest.fixture
def by_webhook(zalo: Emulator, make_zalo: MakeZalo) -> Opened:
    """Opens the door for a channel that listens."""

    @asynccontextmanager
    async def opened(ear: Ear) -> AsyncGenerator[Behind]:
        place = take_place("127.0.0.1", 0)
        url = f"http://127.0.0.1:{place.getsockname()[1]}"
        channel = make_zalo(zalo.token, zalo.api_url, timing=TIMING, place=Place(url, SECRET))
        hook = channel.hook(ear.hear)
        assert hook is not None
        server = make_server(make_app(hooks=[hook]))
        serving = asyncio.create_task(server.serve(sockets=[place]))
        try:
            async with listening(channel, ear.hear):
                await eventually(lambda: channel.state is State.LISTENING)
                yield Behind(channel, url, ear)
        finally:
            server.should_exit = True
            await serving

    return opened


@pytest.mark.parametrize("body", ["flat", "wrapped", "list"])
async def test_what_is_written_is_brought_and_kept(zalo: Emulator, by_webhook: Opened, body: str) -> None:
    zalo.config(body=body)
    async with by_webhook(Ear()) as behind:
        told = zalo.user(1001, "Lê Văn B").says("kết nạp Nguyễn Văn A 15/10")
        [incoming] = await behind.ear.until(1)
        await eventually(lambda: zalo.stats()["webhook"].get("webhook.ok"))
    assert incoming.key == f"zalo:2000000001:{told['message_id']}"
    assert incoming.text == "kết nạp Nguyễn Văn A 15/10"
    assert "getUpdates" not in zalo.stats()["calls"]
    assert behind.channel.last_contact is not None


@pytest.mark.parametrize("concurrent", [False, True])
async def test_what_is_brought_twice_has_one_key(zalo: Emulator, by_webhook: Opened, concurrent: bool) -> None:
    zalo.config(webhook_concurrent=concurrent)
    zalo.fault("update", "duplicate", times=1)
    async with by_webhook(Ear()) as behind:
        zalo.user(1001).says("một")
        once, again = await behind.ear.until(2)
    assert once == again


@pytest.mark.parametrize("secret", ["wrong", "missing", "empty"])
async def test_without_the_secret_nothing_is_heard(
    zalo: Emulator, by_webhook: Opened, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    async with by_webhook(Ear()) as behind:
        zalo.config(webhook_secret=secret)
        zalo.user(1001).says("một")
        zalo.user(1001).says("hai")
        await eventually(lambda: zalo.stats()["webhook"].get("webhook.http.other") == 2)
    assert behind.ear.heard == []
    assert len([record for record in caplog.records if record.name == "ketnap.webhook"]) == 1
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 200),
        (b"", {HEADER: SECRET}, 200),
        (b"", {HEADER: "wrong"}, 200),
        (b"no json", {HEADER: SECRET}, 400),
        (b"{}", {HEADER: SECRET}, 400),
        (b"[]", {HEADER: SECRET}, 200),
        (b'{"event_name":"user.follow","message":null}', {HEADER: SECRET}, 200),
        (b'{"event_name":"message.text.received","message":{"text":7}}', {HEADER: SECRET}, 200),
        (b'{"x":"' + b"a" * 2 * 1024 * 1024 + b'"}', {HEADER: SECRET}, 413),
        (b'{"x":"' + b"a" * 2 * 1024 * 1024 + b'"}', {}, 401),
    ],
    ids=[
        *("a probe", "a probe that knows", "a probe that does not", "no json", "no update", "no updates"),
        *("nobody's", "no chat", "2 MB", "2 MB of a stranger"),
    ],
)
async def test_whatever_is_posted_is_told_what_it_is(
    by_webhook: Opened, content: bytes, headers: dict[str, str], status: int
) -> None:
    async with by_webhook(Ear()) as behind, httpx.AsyncClient(trust_env=False) as client:
        said = await client.post(f"{behind.url}/zalo/2000000001", content=content, headers=headers)
    assert (said.status_code, said.content) == (status, b"")
    assert behind.ear.heard == []


async def test_what_could_not_be_kept_is_told_so_and_kept_if_it_comes_again(
    zalo: Emulator, by_webhook: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.config(webhook_retries=3)
    ear = Ear(refusals=[OSError("no space left for Nguyễn Văn A")])
    async with by_webhook(ear):
        zalo.user(1001).says("một")
        [incoming] = await ear.until(1)
    assert incoming.text == "một"
    assert zalo.stats()["webhook"]["webhook.http.5xx"] == 1
    assert "webhook keeps nothing path=/zalo/2000000001 error=OSError" in caplog.text
    assert "Nguyễn" not in caplog.text


async def test_a_message_is_kept_also_before_zalo_said_who_we_are(zalo: Emulator, make_zalo: MakeZalo) -> None:
    """Zalo promises nothing twice, so nothing is asked of it before a message is kept."""
    ear = Ear()
    channel = make_zalo(zalo.token, "http://127.0.0.1:9", place=Place("http://127.0.0.1:9", SECRET))
    hook = channel.hook(ear.hear)
    assert hook is not None
    chat = {"id": "a1", "chat_type": "PRIVATE"}
    message = {"chat": chat, "from": {"id": "a1"}, "message_id": "m1", "text": "một"}
    assert await hook.receive({"event_name": "message.text.received", "message": message}) is None
    assert [one.text for one in ear.heard] == ["một"]


async def test_a_place_that_zalo_does_not_reach_is_told_and_tried_again(
    zalo: Emulator, make_zalo: MakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    channel = make_zalo(zalo.token, zalo.api_url, timing=TIMING, place=Place("http://127.0.0.1:9", SECRET))
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.NOT_REACHED)
        assert channel.ear.hearing is Hearing.NOT_REACHED
        await eventually(lambda: zalo.stats()["calls"]["setWebhook"] >= 2)
    assert "Zalo does not reach the webhook: webhook.err.conn" in caplog.text
    assert channel.last_contact is None


async def test_an_operator_reads_why_zalo_does_not_take_the_place(
    zalo: Emulator, make_zalo: MakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.config(webhook_https_only=True)
    channel = make_zalo(zalo.token, zalo.api_url, timing=TIMING, place=Place("http://127.0.0.1:9", SECRET))
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.NOT_REACHED)
    assert "the webhook is not taken: The url must start with https" in caplog.text
    assert SECRET not in caplog.text


async def test_a_webhook_that_somebody_took_away_is_set_again(zalo: Emulator, by_webhook: Opened) -> None:
    async with by_webhook(Ear()) as behind:
        zalo.http.post(f"{zalo.base_url}{zalo.token}/deleteWebhook").raise_for_status()
        await eventually(lambda: zalo.stats()["calls"]["setWebhook"] == 2)
        zalo.user(1001).says("một")
        await behind.ear.until(1)


async def test_the_webhook_stays_when_we_go_and_does_not_hold_the_token(zalo: Emulator, by_webhook: Opened) -> None:
    async with by_webhook(Ear()) as behind:
        pass
    found = zalo.http.get(f"{zalo.base_url}{zalo.token}/getWebhookInfo").json()["result"]
    assert found["url"] == f"{behind.url}/zalo/2000000001"


async def test_a_refused_token_ends_listening(
    zalo: Emulator, make_zalo: MakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    channel = make_zalo("2000000001:REVOKED", zalo.api_url, timing=TIMING, place=Place("http://127.0.0.1:9", SECRET))
    async with asyncio.timeout(30):
        await channel.listen(Ear().hear)
    assert channel.state is State.REFUSED
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1
