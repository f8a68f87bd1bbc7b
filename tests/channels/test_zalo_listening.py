"""Polling: what Zalo gave out is kept whatever happens, nothing spins, and trouble passes."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from channels import zalo_polling
from channels.standing import State
from channels.zalo import ZaloChannel
from domain.incidents import Hearing
from domain.messages import Address, Incoming, Kind
from tests.channels.conftest import QUICK, Ear, eventually, listening
from tests.platforms.client import Emulator

MakeZalo = Callable[..., ZaloChannel]
SLACK_SECONDS = 0.9
"""How late a poll may reach the server of the tests on a busy machine."""


def set_webhook(zalo: Emulator, url: str) -> None:
    body = {"url": url, "secret_token": "secret-of-somebody"}
    zalo.http.post(f"{zalo.base_url}{zalo.token}/setWebhook", json=body).raise_for_status()


async def test_a_message_is_heard_with_its_key_and_address(zalo: Emulator, zalo_channel: ZaloChannel) -> None:
    ear, user = Ear(), zalo.user(1001, "Lê Văn B")
    async with listening(zalo_channel, ear.hear):
        told = user.says("kết nạp Nguyễn Văn A 15/10")
        [incoming] = await ear.until(1)
        await eventually(lambda: zalo_channel.state is State.LISTENING)
        assert zalo_channel.ear.hearing is Hearing.WELL
    assert incoming == Incoming(
        key=f"zalo:2000000001:{told['message_id']}",
        address=Address("zalo", "2000000001", told["chat"]),
        sender=told["chat"],
        kind=Kind.TEXT,
        text="kết nạp Nguyễn Văn A 15/10",
        message_id=told["message_id"],
    )
    assert zalo_channel.state is State.IDLE
    assert zalo_channel.last_contact is not None
    assert zalo.stats()["unknown_fields"] == []


async def test_what_could_not_be_kept_is_held_until_it_is_and_no_other_is_asked_for(
    zalo: Emulator, zalo_channel: ZaloChannel, caplog: pytest.LogCaptureFixture
) -> None:
    """Zalo has given it out and will not say it again."""
    ear = Ear(refusals=[OSError("no space left for Nguyễn Văn A"), OSError("no space left for Nguyễn Văn A")])
    for text in ("một", "hai"):
        zalo.user(1001).says(text)
    async with listening(zalo_channel, ear.hear):
        heard = await ear.until(2)
        await eventually(lambda: zalo_channel.state is State.LISTENING)
    assert [one.text for one in heard] == ["một", "hai"]
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == ["zalo 2000000001: not keeping: OSError"]


async def test_what_was_given_out_is_kept_even_when_listening_is_ended_meanwhile(
    zalo: Emulator, zalo_channel: ZaloChannel
) -> None:
    kept: list[str] = []
    begun = asyncio.Event()

    async def slowly(batch: Sequence[Incoming]) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        kept.extend(one.text for one in batch)

    zalo.user(1001).says("một")
    async with listening(zalo_channel, slowly):
        await begun.wait()
    assert kept == ["một"]


async def test_a_replay_has_the_same_key_and_is_asked_for_once_a_second_at_most(
    zalo: Emulator, zalo_channel: ZaloChannel
) -> None:
    zalo.config(consume="replay", replay_times=3)
    ear = Ear()
    for text in ("một", "hai"):
        zalo.user(1001).says(text)
    async with listening(zalo_channel, ear.hear):
        await eventually(lambda: len({one.key for one in ear.heard}) == 2)
        await asyncio.sleep(1.5)
    assert [one.text for one in {one.key: one for one in ear.heard}.values()] == ["một", "hai"]
    polls = zalo.stats()["polls"]
    assert len(polls) >= 5
    # Only after one of the two fresh messages the next poll comes at once.
    assert polls[-1] - polls[0] >= len(polls) - 3 - SLACK_SECONDS


async def test_an_empty_answer_that_comes_at_once_does_not_make_it_spin(
    zalo: Emulator, zalo_channel: ZaloChannel
) -> None:
    zalo.config(quick_empty=True)
    async with listening(zalo_channel, Ear().hear):
        await eventually(lambda: len(zalo.stats()["polls"]) >= 4)
    polls = zalo.stats()["polls"]
    assert polls[-1] - polls[0] >= len(polls) - 1 - SLACK_SECONDS


@pytest.mark.parametrize("status", ["200", "same_as_code"])
async def test_nothing_came_is_no_trouble(
    zalo: Emulator, zalo_channel: ZaloChannel, caplog: pytest.LogCaptureFixture, status: str
) -> None:
    zalo.config(error_http_status=status)
    async with listening(zalo_channel, Ear().hear):
        await eventually(lambda: zalo.stats()["errors"].get("getUpdates 408"))
        await eventually(lambda: zalo_channel.state is State.LISTENING)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_every_kind_and_every_odd_shape_stops_no_other(zalo: Emulator, zalo_channel: ZaloChannel) -> None:
    user, ear = zalo.user(1001), Ear()
    zalo.post("inject", user=1001, text="tin của chính bot", is_echo=True)
    zalo.post("inject", user=1001, text="tin của bot khác", is_bot=True)
    zalo.post("inject", user=1001, chat=77, text="@Bot Kết nạp mấy giờ rồi?")
    zalo.post("inject", kind="raw", update={"event_name": "user.follow", "message": {"odd": 1}})
    zalo.post("inject", kind="raw", update={"event_name": "x", "message": {"chat": {"id": 5}, "from": {"id": 5}}})
    for kind in ("photo", "sticker", "voice", "unsupported"):
        zalo.post("inject", user=1001, kind=kind)
    zalo.post("inject", user=1001, text="không có mã", missing=["message_id", "from.display_name"])
    zalo.post("inject", user=1001, text="ba ngày trước", seconds_ago=3 * 86400)
    user.says("sau cùng")
    async with listening(zalo_channel, ear.hear):
        await eventually(lambda: ear.heard and ear.heard[-1].text == "sau cùng", seconds=60)
    assert [one.kind for one in ear.heard] == [
        Kind.OTHER, Kind.PHOTO, Kind.STICKER, Kind.VOICE, Kind.OTHER, Kind.TEXT, Kind.TEXT, Kind.TEXT,
    ]  # fmt: skip
    assert len({one.key for one in ear.heard}) == len(ear.heard)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html", "status": 502},
        {"kind": "error", "status": 500},
        {"kind": "error", "status": 403},
        {"kind": "garbage"},
        {"kind": "reset"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
)
@pytest.mark.parametrize("method", ["getMe", "getUpdates", "getWebhookInfo"])
async def test_trouble_passes_and_what_waits_is_heard(
    zalo: Emulator, zalo_channel: ZaloChannel, method: str, fault: dict[str, Any]
) -> None:
    zalo.fault(method, times=2, **fault)
    zalo.user(1001).says("một")
    ear = Ear()
    async with listening(zalo_channel, ear.hear):
        [incoming] = await ear.until(1)
        await eventually(lambda: zalo_channel.state is State.LISTENING)
    assert incoming.text == "một"


async def test_a_page_that_says_too_fast_is_waited_out(
    zalo: Emulator, zalo_channel: ZaloChannel, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.fault("getUpdates", "html", status=429)
    async with listening(zalo_channel, Ear().hear):
        await eventually(lambda: zalo_channel.state is State.OFFLINE)
        await asyncio.sleep(1.0)
    assert "answer 429" in caplog.text
    assert len(zalo.stats()["polls"]) == 0
    assert zalo.stats()["calls"]["getUpdates"] == 1


@pytest.mark.parametrize("status", ["200", "same_as_code"])
async def test_a_refused_token_ends_listening_with_one_line(
    zalo: Emulator, make_zalo: MakeZalo, caplog: pytest.LogCaptureFixture, status: str
) -> None:
    zalo.config(error_http_status=status)
    channel = make_zalo("2000000001:REVOKED", zalo.api_url)
    async with asyncio.timeout(30):
        await channel.listen(Ear().hear)
    assert channel.state is State.REFUSED
    assert channel.ear.hearing is Hearing.REFUSED
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == "zalo 2000000001: refused: the token is refused"


async def test_somebody_elses_webhook_is_left_alone_and_told(
    zalo: Emulator, zalo_channel: ZaloChannel, caplog: pytest.LogCaptureFixture
) -> None:
    set_webhook(zalo, "http://127.0.0.1:9/unguessable-path-of-theirs")
    async with listening(zalo_channel, Ear().hear):
        await eventually(lambda: zalo_channel.state is State.CONFLICT)
    assert zalo_channel.ear.hearing is not Hearing.WELL
    assert "another program receives this bot's messages" in caplog.text
    assert "unguessable" not in caplog.text
    calls = zalo.stats()["calls"]
    assert "deleteWebhook" not in calls and "getUpdates" not in calls


async def test_when_that_webhook_is_gone_polling_begins(zalo: Emulator, make_zalo: MakeZalo) -> None:
    set_webhook(zalo, "http://127.0.0.1:9/theirs")
    channel, ear = make_zalo(zalo.token, zalo.api_url, replace(QUICK, check_seconds=0.1)), Ear()
    async with listening(channel, ear.hear):
        await eventually(lambda: channel.state is State.CONFLICT)
        zalo.http.post(f"{zalo.base_url}{zalo.token}/deleteWebhook").raise_for_status()
        zalo.user(1001).says("một")
        await ear.until(1)


async def test_a_webhook_set_in_the_midst_is_noticed(zalo: Emulator, zalo_channel: ZaloChannel) -> None:
    async with listening(zalo_channel, Ear().hear):
        await eventually(lambda: zalo_channel.state is State.LISTENING)
        set_webhook(zalo, "http://127.0.0.1:9/theirs")
        await eventually(lambda: zalo_channel.state is State.CONFLICT)


async def test_our_own_webhook_from_before_is_ended(zalo: Emulator, make_zalo: MakeZalo) -> None:
    set_webhook(zalo, "http://127.0.0.1:9/zalo/2000000001")
    channel, ear = make_zalo(zalo.token, zalo.api_url, public_url="http://127.0.0.1:9/"), Ear()
    async with listening(channel, ear.hear):
        await eventually(lambda: channel.state is State.LISTENING)
        zalo.user(1001).says("một")
        await ear.until(1)
    assert zalo.stats()["calls"]["deleteWebhook"] == 1


async def test_an_update_lost_on_the_wire_is_zalos_loss_and_stops_nothing(
    zalo: Emulator, zalo_channel: ZaloChannel
) -> None:
    zalo.fault("update", "lose", times=1)
    for text in ("mất", "còn"):
        zalo.user(1001).says(text)
    ear = Ear()
    async with listening(zalo_channel, ear.hear):
        [incoming] = await ear.until(1)
    assert incoming.text == "còn"
    assert len(zalo.stats()["lost"]) == 1


async def test_a_poll_is_given_ten_seconds_more_than_it_asks_for(zalo: Emulator, zalo_channel: ZaloChannel) -> None:
    zalo.fault("getUpdates", "delay", delay=3.0, times=1)
    zalo.user(1001).says("một")
    ear, began = Ear(), time.monotonic()
    async with listening(zalo_channel, ear.hear):
        await ear.until(1)
    assert time.monotonic() - began >= 3
    assert zalo.stats()["calls"]["getUpdates"] <= 2


async def test_what_is_on_its_way_when_listening_ends_is_kept_too(
    zalo: Emulator, zalo_channel: ZaloChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zalo_polling, "LAST_SECONDS", 10.0)
    ear = Ear()
    zalo.user(1001).says("một")
    zalo.fault("getUpdates", "delay_after", delay=0.3, times=1)
    async with listening(zalo_channel, ear.hear):
        await eventually(lambda: zalo.stats()["popped"])
    assert [one.text for one in ear.heard] == ["một"]
