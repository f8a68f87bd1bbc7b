"""Saying: what an answer of Zalo, or none, means for the message; nothing that may have arrived is repeated."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from channels import parts, zalo_request
from channels.channel import FetchFailed, Refused, SendingFailed, TryLater, Uncertain
from channels.zalo import ZaloChannel
from channels.zalo_text import units
from domain.messages import NumberedChoice, Outgoing, Text
from tests.platforms.client import Emulator

HELLO = Outgoing(((Text("Đã ghi "), Text("số 31", bold=True)),))
MakeZalo = Callable[..., ZaloChannel]


@pytest.fixture
def chat(zalo: Emulator) -> str:
    """Of somebody who has written to the bot: it cannot write first."""
    return zalo.user(1001).says("chào")["chat"]


async def failure_of(channel: ZaloChannel, chat: str, message: Outgoing = HELLO) -> SendingFailed:
    with pytest.raises(SendingFailed) as caught:
        await channel.send(chat, message)
    assert caught.value.__context__ is None
    return caught.value


async def test_a_message_is_plain_words_and_numbered_lines(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str
) -> None:
    card = Outgoing(HELLO.lines, (NumberedChoice(4, "Lưu"), NumberedChoice(5, "Bỏ")), question_id=7)
    message_id = await zalo_channel.send(chat, card)
    [sent] = zalo.sent()
    assert sent.text == "Đã ghi số 31\n\n4. Lưu\n5. Bỏ"
    assert sent.message_id == message_id
    assert sent.buttons == ["Lưu", "Bỏ"]
    assert zalo.stats()["unknown_fields"] == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "reset_after"}, "no answer"),
        ({"kind": "reset"}, "no answer"),
        ({"kind": "late_504"}, "answer 504"),
        ({"kind": "late_408"}, "answer 408"),
        ({"kind": "html", "status": 502}, "answer 502"),
        ({"kind": "error", "status": 500}, "answer 500"),
        ({"kind": "error", "status": 403}, "answer 403"),
        ({"kind": "garbage"}, "unreadable answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
@pytest.mark.parametrize("status", ["200", "same_as_code"])
async def test_when_nobody_can_know_it_is_uncertain_and_asked_once(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str, status: str, fault: dict[str, Any], reason: str
) -> None:
    zalo.config(error_http_status=status)
    zalo.fault("sendMessage", times=1, **fault)
    failure = await failure_of(zalo_channel, chat)
    assert (type(failure), failure.reason) == (Uncertain, reason)
    assert zalo.stats()["calls"]["sendMessage"] == 1


async def test_no_answer_in_time_is_uncertain(
    zalo: Emulator, make_zalo: MakeZalo, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zalo_request, "READ_SECONDS", 0.3)
    zalo.fault("sendMessage", "delay_after", delay=1.0, times=1)
    assert isinstance(await failure_of(make_zalo(zalo.token, zalo.api_url), chat), Uncertain)
    assert len(zalo.sent()) == 1


async def test_without_a_connection_it_surely_did_not_go_out(make_zalo: MakeZalo) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    failure = await failure_of(make_zalo("2000000001:EMULATOR", f"http://127.0.0.1:{port}"), "a1b2")
    assert isinstance(failure, TryLater) and failure.whole_account


@pytest.mark.parametrize(
    ("fault", "seconds", "reason"),
    [
        ({"kind": "html", "status": 429}, 30, "too many requests"),
        ({"kind": "error", "status": 429}, 600, "quota used up"),
        ({"kind": "html", "status": 404}, 5, "answer 404 on the way"),
        ({"kind": "html", "status": 302}, 5, "answer 302 on the way"),
        ({"kind": "error", "status": 401, "description": "Invalid token"}, 300, "token refused"),
    ],
)
async def test_what_surely_did_not_go_out_is_tried_later(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str, fault: dict[str, Any], seconds: float, reason: str
) -> None:
    zalo.fault("sendMessage", times=1, **fault)
    failure = await failure_of(zalo_channel, chat)
    assert isinstance(failure, TryLater)
    assert (failure.seconds, failure.whole_account, failure.reason) == (seconds, True, reason)


@pytest.mark.parametrize("status", ["200", "same_as_code"])
async def test_a_chat_that_zalo_does_not_know_is_refused(
    zalo: Emulator, zalo_channel: ZaloChannel, status: str
) -> None:
    zalo.config(error_http_status=status)
    failure = await failure_of(zalo_channel, "never-wrote")
    assert (type(failure), failure.reason) == (Refused, "answer 400: The chat_id is invalid")


async def test_the_words_of_a_refusal_do_not_repeat_ours(zalo: Emulator, zalo_channel: ZaloChannel, chat: str) -> None:
    zalo.fault("sendMessage", "error", status=400, description='Bad request: wrong text "Nguyễn Thị Lan"', times=1)
    assert (await failure_of(zalo_channel, chat)).reason == "answer 400: wrong text"


async def test_success_with_nothing_more_is_success(zalo: Emulator, zalo_channel: ZaloChannel, chat: str) -> None:
    """As Zalo answers some methods: `ok` and no result."""
    assert await zalo_channel._api.call("sendChatAction", {"chat_id": chat, "action": "typing"}) is None


async def test_a_long_message_goes_in_parts_with_its_choices_under_the_last(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.0)
    lines = tuple((Text(f"{number}. Chi bộ thôn {number}: 🎉 0/2"),) for number in range(200))
    ids = await zalo_channel.send(chat, Outgoing(lines, (NumberedChoice(1, "Lưu"),), question_id=7))
    sent = zalo.sent()
    assert ids.split() == [one.message_id for one in sent]
    assert all(units(one.text) <= 1900 for one in sent)
    assert sent[-1].buttons[-1] == "Lưu"


async def test_a_later_part_that_fails_leaves_the_whole_uncertain(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.05)
    zalo.fault("sendMessage", "html", status=429, skip=1)
    failure = await failure_of(zalo_channel, chat, Outgoing(((Text("chữ " * 1000),),)))
    assert (type(failure), failure.reason) == (Uncertain, "sent in part")


async def test_a_picture_that_zalo_cannot_fetch_is_told_of_by_its_address(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str
) -> None:
    picture = "http://127.0.0.1:9/file/tiendo"
    await zalo_channel.send(chat, Outgoing(((Text("Tiến độ"),),), picture=picture))
    [sent] = zalo.sent()
    assert (sent.method, sent.text) == ("sendMessage", f"Tiến độ\n\n{picture}")


async def test_a_picture_of_which_nobody_knows_is_not_said_otherwise(
    zalo: Emulator, zalo_channel: ZaloChannel, chat: str
) -> None:
    zalo.fault("sendPhoto", "html", status=504, times=1)
    message = Outgoing(((Text("Tiến độ"),),), picture="http://127.0.0.1:9/file/tiendo")
    assert isinstance(await failure_of(zalo_channel, chat, message), Uncertain)
    assert "sendMessage" not in zalo.stats()["calls"]


async def test_no_file_is_ever_fetched(zalo_channel: ZaloChannel) -> None:
    with pytest.raises(FetchFailed):
        await zalo_channel.fetch("anything", 1000)


@pytest.mark.parametrize(("display_name", "name"), [("Bot Kết nạp", "Bot Kết nạp"), ("", "bot.AbCdEf")])
async def test_who_the_bot_is_is_asked_once(
    zalo: Emulator, zalo_channel: ZaloChannel, display_name: str, name: str
) -> None:
    zalo.config(display_name=display_name)
    assert [await zalo_channel.introduce(), await zalo_channel.introduce()] == [name, name]
    assert zalo.stats()["calls"] == {"getMe": 1}
    assert zalo_channel.link("ABCD2345") == ""


async def test_a_token_is_judged_within_fifteen_seconds(
    zalo: Emulator, make_zalo: MakeZalo, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zalo_request.CONNECT_SECONDS + zalo_request.READ_SECONDS <= 15
    began = time.monotonic()
    with pytest.raises(TryLater, match="token refused"):
        await make_zalo("2000000001:REVOKED", zalo.api_url).introduce()
    assert time.monotonic() - began < 5


def test_a_token_of_another_shape_is_told_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="the one that is set does not") as caught:
        ZaloChannel("not a token")
    assert "not a token" not in str(caught.value)
