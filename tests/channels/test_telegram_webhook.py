"""Webhooks, with the platform's own posts: the secret in a header, one at a time for a chat, repeated until taken."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from channels.channel import NotUnderstood, Place
from channels.standing import State
from channels.telegram import TelegramChannel
from domain.messages import Kind
from door.app import make_app, make_server, take_place
from tests.channels.conftest import QUICK, Ear, eventually, listening
from tests.platforms.client import Emulator

SECRET = "webhook-secret-of-the-tests"
TIMING = replace(QUICK, check_seconds=0.2)
MakeChannel = Callable[..., TelegramChannel]


@dataclass(frozen=True)
class Behind:
    """A channel with the door in front of it, as one process has them."""

    channel: TelegramChannel
    url: str
    ear: Ear


@pytest.fixture
def by_webhook(emulator: Emulator, make_channel: MakeChannel) -> Callable[..., Any]:
    """Opens the door for a channel; it listens too, unless another process does."""
    emulator.config(webhook_retry_base=0.05)

    @asynccontextmanager
    async def opened(ear: Ear, *, is_listening: bool = True) -> AsyncGenerator[Behind]:
        place = take_place("127.0.0.1", 0)
        url = f"http://127.0.0.1:{place.getsockname()[1]}"
        channel = make_channel(emulator.token, emulator.api_url, timing=TIMING, place=Place(url, SECRET))
        hook = channel.hook(ear.hear)
        assert hook is not None
        server = make_server(make_app(hooks=[hook]))
        serving = asyncio.create_task(server.serve(sockets=[place]))
        try:
            if not is_listening:
                yield Behind(channel, url, ear)
                return
            async with listening(channel, ear.hear):
                await eventually(lambda: channel.state is State.LISTENING)
                yield Behind(channel, url, ear)
        finally:
            server.should_exit = True
            await serving

    return opened


def webhook_of(emulator: Emulator) -> dict[str, Any]:
    return emulator.http.get(f"{emulator.base_url}{emulator.token}/getWebhookInfo").json()["result"]


def waiting(emulator: Emulator) -> int:
    return len(emulator.get("pending"))


async def test_what_is_written_is_brought_and_kept(emulator: Emulator, by_webhook: Callable[..., Any]) -> None:
    async with by_webhook(Ear()) as behind:
        told = emulator.user(1001, "Lê Văn B").says("kết nạp Nguyễn Văn A 15/10")
        [incoming] = await behind.ear.until(1)
        await eventually(lambda: not waiting(emulator))
    assert incoming.key == f"telegram:1000000001:{told['update_id']}"
    assert incoming.text == "kết nạp Nguyễn Văn A 15/10"
    assert "getUpdates" not in emulator.stats()["calls"]
    assert behind.channel.last_contact is not None


async def test_the_address_of_the_webhook_does_not_hold_the_token(
    emulator: Emulator, by_webhook: Callable[..., Any]
) -> None:
    async with by_webhook(Ear()) as behind:
        found = webhook_of(emulator)
    assert found["url"] == f"{behind.url}/telegram/1000000001"
    assert emulator.token.split(":")[1] not in found["url"]


async def test_what_could_not_be_kept_is_brought_again_and_nothing_overtakes_it(
    emulator: Emulator, by_webhook: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear(refusals=[OSError("no space left for Nguyễn Văn A"), OSError("no space left for Nguyễn Văn A")])
    with caplog.at_level(logging.INFO):
        async with by_webhook(ear):
            user = emulator.user(1001)
            for text in ("một", "hai", "ba"):
                user.says(text)
            heard = await ear.until(3)
            await eventually(lambda: not waiting(emulator))
    assert [one.text for one in heard] == ["một", "hai", "ba"]
    assert emulator.stats()["webhook"] == {"failed": 2, "delivered": 3}
    assert [record.getMessage() for record in caplog.records if record.name == "ketnap.webhook"] == [
        "webhook keeps nothing path=/telegram/1000000001 error=OSError",
        "webhook keeps again path=/telegram/1000000001",
    ]


async def test_an_update_whose_answer_was_lost_comes_again_under_the_same_key(
    emulator: Emulator, by_webhook: Callable[..., Any]
) -> None:
    emulator.fault("webhook", "reset_after", times=1)
    async with by_webhook(Ear()) as behind:
        emulator.user(1001).says("một")
        once, again = await behind.ear.until(2)
    assert once == again


async def test_a_press_is_acknowledged_in_the_answer(emulator: Emulator, by_webhook: Callable[..., Any]) -> None:
    user = emulator.user(1001)
    async with by_webhook(Ear()) as behind:
        user.says("/start")
        await behind.ear.until(1)
        buttons = {"inline_keyboard": [[{"text": "Lưu", "callback_data": "7:1"}]]}
        card = {"chat_id": 1001, "text": "Lưu?", "reply_markup": buttons}
        emulator.http.post(f"{emulator.base_url}{emulator.token}/sendMessage", json=card).raise_for_status()
        user.taps("Lưu")
        _, press = await behind.ear.until(2)
        await eventually(lambda: emulator.stats()["calls"].get("answerCallbackQuery"))
    assert (press.kind, press.pressed) == (Kind.PRESS, "7:1")


@pytest.mark.parametrize("update", [{}, [], None, 7, "x", {"update_id": "9"}, {"update_id": True}, {"update_id": -1}])
async def test_what_is_no_update_is_told_apart(make_channel: MakeChannel, emulator: Emulator, update: object) -> None:
    channel = make_channel(emulator.token, emulator.api_url, place=Place("http://127.0.0.1:9", SECRET))
    hook = channel.hook(Ear().hear)
    assert hook is not None
    with pytest.raises(NotUnderstood):
        await hook.receive(update)


@pytest.mark.parametrize(
    ("update", "kinds"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 5, "type": "private"}, "text": 7}}, [Kind.UNREADABLE]),
        ({"update_id": 1, "message": {"chat": "gone"}}, []),
        ({"update_id": 1, "channel_post": {"text": "a channel's"}}, []),
        ({"update_id": 1}, []),
    ],
)
async def test_an_update_of_an_unknown_shape_holds_up_nobody(
    make_channel: MakeChannel, emulator: Emulator, update: Mapping[str, object], kinds: list[Kind]
) -> None:
    """Told no, Telegram would bring it for a day, and the chat's later messages only then."""
    ear = Ear()
    channel = make_channel(emulator.token, emulator.api_url, place=Place("http://127.0.0.1:9", SECRET))
    hook = channel.hook(ear.hear)
    assert hook is not None
    assert await hook.receive(update) is None
    assert [one.kind for one in ear.heard] == kinds


async def test_from_polling_to_webhook_and_back_nothing_is_lost_and_nothing_has_two_keys(
    emulator: Emulator, by_webhook: Callable[..., Any], make_channel: MakeChannel
) -> None:
    polled, brought, again = Ear(), Ear(), Ear()
    user = emulator.user(1001)
    async with listening(make_channel(emulator.token, emulator.api_url), polled.hear):
        user.says("khi hỏi")
        await polled.until(1)
    user.says("giữa chừng")
    async with by_webhook(brought):
        user.says("khi được mang đến")
        await eventually(lambda: any(one.text == "khi được mang đến" for one in brought.heard))
        # It is kept, but that Telegram learnt so is not sure.
        emulator.fault("webhook", "reset_after", times=50)
        user.says("lúc đổi")
        await eventually(lambda: any(one.text == "lúc đổi" for one in brought.heard))
    user.says("trong lúc tắt")
    async with listening(make_channel(emulator.token, emulator.api_url), again.hear):
        await eventually(lambda: any(one.text == "trong lúc tắt" for one in again.heard))
    by_key = {one.key: one.text for one in [*polled.heard, *brought.heard, *again.heard]}
    assert list(by_key.values()) == ["khi hỏi", "giữa chừng", "khi được mang đến", "lúc đổi", "trong lúc tắt"]
    assert webhook_of(emulator)["url"] == ""


async def test_when_it_stops_the_webhook_stays_so_that_telegram_keeps_what_comes(
    emulator: Emulator, by_webhook: Callable[..., Any]
) -> None:
    async with by_webhook(Ear()):
        pass
    emulator.user(1001).says("trong lúc tắt")
    assert webhook_of(emulator)["url"]
    assert waiting(emulator) == 1


async def test_a_webhook_that_somebody_took_away_is_set_again(
    emulator: Emulator, by_webhook: Callable[..., Any]
) -> None:
    async with by_webhook(Ear()) as behind:
        emulator.http.post(f"{emulator.base_url}{emulator.token}/deleteWebhook").raise_for_status()
        emulator.user(1001).says("một")
        [incoming] = await behind.ear.until(1)
    assert incoming.text == "một"


async def test_another_process_is_brought_updates_without_having_set_anything(
    emulator: Emulator, by_webhook: Callable[..., Any]
) -> None:
    async with by_webhook(Ear(), is_listening=False) as second, httpx.AsyncClient(trust_env=False) as client:
        said = await client.post(
            f"{second.url}/telegram/1000000001",
            json={
                "update_id": 5,
                "message": {
                    "message_id": 1,
                    "text": "/tiendo@Emulated_bot",
                    "chat": {"id": -7, "type": "group"},
                    "from": {"id": 7},
                },
            },
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
    assert said.status_code == 200
    assert [one.text for one in second.ear.heard] == ["/tiendo"]
    assert "setWebhook" not in emulator.stats()["calls"]


async def test_an_operator_reads_why_telegram_does_not_take_the_place(
    emulator: Emulator, make_channel: MakeChannel, caplog: pytest.LogCaptureFixture
) -> None:
    channel = make_channel(emulator.token, emulator.api_url, timing=TIMING, place=Place("ftp://127.0.0.1", SECRET))
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.NOT_REACHED)
    assert "An HTTPS URL must be provided" in caplog.text
    assert SECRET not in caplog.text
    assert channel.last_contact is None


async def test_that_telegram_cannot_bring_updates_is_seen(
    emulator: Emulator, make_channel: MakeChannel, caplog: pytest.LogCaptureFixture
) -> None:
    channel = make_channel(emulator.token, emulator.api_url, timing=TIMING, place=Place("http://127.0.0.1:9", SECRET))
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.LISTENING)
        emulator.user(1001).says("một")
        await eventually(lambda: channel.state is State.NOT_REACHED)
    assert "1 updates wait at Telegram: Connection refused" in caplog.text


async def test_a_refused_token_ends_listening(emulator: Emulator, make_channel: MakeChannel) -> None:
    place = Place("http://127.0.0.1:9", SECRET)
    channel = make_channel("1000000001:REVOKED", emulator.api_url, timing=TIMING, place=place)
    async with asyncio.timeout(30):
        await channel.listen(Ear().hear)
    assert channel.state is State.REFUSED
