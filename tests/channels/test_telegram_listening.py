import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.standing import State
from channels.telegram import TelegramChannel
from domain.messages import Address, Incoming, Kind, NumberedChoice, Outgoing, Text
from tests.channels.conftest import QUICK, Ear, eventually, listening
from tests.platforms.client import Emulator

MakeChannel = Callable[..., TelegramChannel]


def a_card(question_id: int = 7) -> Outgoing:
    return Outgoing(((Text("Lưu?"),),), (NumberedChoice(1, "Lưu"), NumberedChoice(2, "Bỏ")), question_id)


async def test_a_message_is_heard_with_its_key_and_address(emulator: Emulator, channel: TelegramChannel) -> None:
    ear, user = Ear(), emulator.user(1001, "Lê Văn B")
    async with listening(channel, ear.hear):
        told = user.says("kết nạp Nguyễn Văn A 15/10")
        [incoming] = await ear.until(1)
        await eventually(lambda: channel.state is State.LISTENING)
    assert incoming == Incoming(
        key=f"telegram:1000000001:{told['update_id']}",
        address=Address("telegram", "1000000001", "1001"),
        sender="1001",
        kind=Kind.TEXT,
        text="kết nạp Nguyễn Văn A 15/10",
        message_id=str(told["message_id"]),
    )
    assert channel.state is State.IDLE
    assert channel.last_contact is not None
    assert channel.username == "emulated_bot"


async def test_nothing_is_confirmed_before_it_is_kept(emulator: Emulator, channel: TelegramChannel) -> None:
    waiting_while_hearing: list[int] = []

    async def hear(_: Sequence[Incoming]) -> None:
        await asyncio.sleep(0.3)
        waiting_while_hearing.append(len(emulator.get("pending")))

    emulator.user(1001).says("một")
    async with listening(channel, hear):
        await eventually(lambda: waiting_while_hearing)
        await eventually(lambda: not emulator.get("pending"))
    assert waiting_while_hearing == [1]


async def test_what_could_not_be_kept_is_heard_again(
    emulator: Emulator, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear(refusals=[OSError("no space left for Nguyễn Văn A"), OSError("no space left for Nguyễn Văn A")])
    emulator.user(1001).says("một")
    with caplog.at_level(logging.INFO):
        async with listening(channel, ear.hear):
            [incoming] = await ear.until(1)
            await eventually(lambda: channel.state is State.LISTENING)
    assert incoming.text == "một"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "telegram 1000000001: not keeping: OSError"
    ]


async def test_a_killed_process_hears_its_last_batch_again_under_the_same_keys(
    emulator: Emulator, make_channel: MakeChannel
) -> None:
    first, second = Ear(), Ear()
    emulator.user(1001).says("một")

    async def hear_and_die(batch: Sequence[Incoming]) -> None:
        await first.hear(batch)
        await asyncio.Event().wait()

    async with listening(make_channel(emulator.token, emulator.api_url), hear_and_die):
        await first.until(1)
    async with listening(make_channel(emulator.token, emulator.api_url), second.hear):
        await second.until(1)
    assert first.heard == second.heard


async def test_listening_may_be_taken_up_again(emulator: Emulator, channel: TelegramChannel) -> None:
    """As by the process that lost its lease and got it back."""
    ear = Ear()
    for text in ("một", "hai"):
        async with listening(channel, ear.hear):
            emulator.user(1001).says(text)
            await eventually(lambda text=text: any(one.text == text for one in ear.heard))
    assert [one.text for one in {one.key: one for one in ear.heard}.values()] == ["một", "hai"]


async def test_what_was_sent_while_the_bot_was_down_is_heard(emulator: Emulator, channel: TelegramChannel) -> None:
    for number in range(250):
        emulator.user(1000 + number % 5).says(f"tin {number}")
    ear = Ear()
    async with listening(channel, ear.hear):
        heard = await ear.until(250)
    assert [incoming.text for incoming in heard] == [f"tin {number}" for number in range(250)]


async def test_the_same_update_twice_has_the_same_key(emulator: Emulator, channel: TelegramChannel) -> None:
    ear = Ear()
    emulator.fault("update", "duplicate", times=1)
    async with listening(channel, ear.hear):
        emulator.user(1001).says("một")
        once, again = await ear.until(2)
    assert once == again


async def test_after_idle_days_lower_update_ids_are_heard(emulator: Emulator, make_channel: MakeChannel) -> None:
    emulator.config(seed=2)
    emulator.reset()
    channel = make_channel(emulator.token, emulator.api_url, offset_lives=timedelta(seconds=0.8))
    ear = Ear()
    async with listening(channel, ear.hear):
        high = emulator.user(1001).says("trước")["update_id"]
        await ear.until(1)
        await eventually(lambda: not emulator.get("pending"))
        await asyncio.sleep(2)
        emulator.config(seed=1)
        emulator.reset()
        low = emulator.user(1001).says("sau")["update_id"]
        await ear.until(2)
    assert low < high
    assert [incoming.text for incoming in ear.heard] == ["trước", "sau"]


async def test_a_press_is_heard_and_acknowledged(emulator: Emulator, channel: TelegramChannel) -> None:
    ear, user = Ear(), emulator.user(1001)
    async with listening(channel, ear.hear):
        user.says("chào")
        await ear.until(1)
        card = await channel.send("1001", a_card())
        user.taps("Bỏ")
        press = (await ear.until(2))[1]
        await eventually(lambda: emulator.sent(method="answerCallbackQuery"))
    assert (press.kind, press.pressed, press.message_id) == (Kind.PRESS, "7:2", card)


async def test_a_press_that_is_too_old_to_acknowledge_is_heard_all_the_same(
    emulator: Emulator, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.config(callback_ttl=0.0)
    ear, user = Ear(), emulator.user(1001)
    async with listening(channel, ear.hear):
        user.says("chào")
        await ear.until(1)
        await channel.send("1001", a_card())
        user.taps("Lưu")
        await ear.until(2)
        await eventually(lambda: emulator.stats()["errors"].get("answerCallbackQuery 400"))
        await asyncio.sleep(0.1)
    assert "acknowledged" not in caplog.text


async def test_another_refusal_to_acknowledge_is_logged(
    emulator: Emulator, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.fault("answerCallbackQuery", "error", status=400, description="Bad Request: MESSAGE_TOO_LONG")
    ear, user = Ear(), emulator.user(1001)
    async with listening(channel, ear.hear):
        user.says("chào")
        await ear.until(1)
        await channel.send("1001", a_card())
        user.taps("Lưu")
        await ear.until(2)
        await eventually(lambda: "a press was not acknowledged: answer 400" in caplog.text)


async def test_an_edit_a_block_and_a_return_are_heard(emulator: Emulator, channel: TelegramChannel) -> None:
    ear, user = Ear(), emulator.user(1001)
    async with listening(channel, ear.hear):
        message_id = user.says("ket nap A")["message_id"]
        user.edits(message_id, "ket nap B")
        user.blocks_bot()
        user.blocks_bot(blocked=False)
        heard = await ear.until(4)
    assert [one.kind for one in heard] == [Kind.TEXT, Kind.EDITED, Kind.BLOCKED, Kind.UNBLOCKED]
    assert (heard[1].text, heard[1].message_id) == ("ket nap B", str(message_id))


async def test_a_contact_is_heard_without_its_number(emulator: Emulator, channel: TelegramChannel) -> None:
    ear, user = Ear(), emulator.user(1001)
    async with listening(channel, ear.hear):
        user.shares_contact("+84912345678")
        user.sends_document(b"x", "can-cuoc-001099012345.pdf", caption="gửi đồng chí")
        contact, document = await ear.until(2)
    assert (contact.kind, contact.text) == (Kind.CONTACT, "")
    assert (document.kind, document.text) == (Kind.DOCUMENT, "gửi đồng chí")
    assert "84912345678" not in repr(contact)
    assert "001099012345" not in repr(document)


async def test_an_odd_update_stops_no_other(emulator: Emulator, channel: TelegramChannel) -> None:
    ear = Ear()
    emulator.post("inject", kind="raw", update={"message": {"chat": {"id": 1001}, "text": ["no", "text"]}})
    emulator.post("inject", kind="raw", update={"message": "no message"})
    emulator.user(1001).says("sau")
    async with listening(channel, ear.hear):
        odd, good = await ear.until(2)
    assert (odd.kind, odd.address.chat) == (Kind.UNREADABLE, "1001")
    assert good.text == "sau"


async def test_a_network_that_is_not_there_at_start_is_waited_for(
    make_channel: MakeChannel, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ear = Ear()
    channel = make_channel("1000000001:EMULATOR", f"http://127.0.0.1:{port}", commands=[("ketnap", "Kết nạp")])
    with caplog.at_level(logging.INFO):
        async with listening(channel, ear.hear):
            await eventually(lambda: channel.state is State.OFFLINE)
            await asyncio.sleep(0.5)
            assert channel.last_contact is None
            with await asyncio.to_thread(Emulator.start, "--port", str(port)) as emulator:
                await eventually(lambda: channel.state is State.LISTENING)
                emulator.user(1001).says("một")
                await ear.until(1)
                await eventually(lambda: emulator.profile()["commands"])
    offline = [record for record in caplog.records if "offline" in record.getMessage()]
    assert len(offline) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http", "status": 502},
        {"kind": "http", "status": 404},
        {"kind": "error", "status": 500},
        {"kind": "garbage"},
        {"kind": "reset"},
        {"kind": "429", "retry_after": 1},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
)
@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_trouble_passes_and_nothing_is_lost(
    emulator: Emulator, channel: TelegramChannel, method: str, fault: dict[str, Any]
) -> None:
    emulator.fault(method, times=2, **fault)
    emulator.user(1001).says("một")
    ear = Ear()
    async with listening(channel, ear.hear):
        [incoming] = await ear.until(1)
        await eventually(lambda: channel.state is State.LISTENING)
    assert incoming.text == "một"


async def test_two_processes_are_one_incident(
    emulator: Emulator, make_channel: MakeChannel, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    patient = replace(QUICK, conflict_over_seconds=4)
    ours = make_channel(emulator.token, emulator.api_url, patient)
    theirs = make_channel(emulator.token, emulator.api_url, patient)
    async with listening(ours, ear.hear):
        await eventually(lambda: ours.state is State.LISTENING)
        async with listening(theirs, ear.hear):
            await eventually(lambda: ours.state is State.CONFLICT and theirs.state is State.CONFLICT)
            for number in range(10):
                emulator.user(1001).says(f"tin {number}")
                await asyncio.sleep(0.2)
            assert ours.state is State.CONFLICT
        lines = [record.getMessage() for record in caplog.records if "conflict" in record.getMessage()]
        assert len(lines) == 2
        await eventually(lambda: ours.state is State.LISTENING, seconds=20)
    assert {incoming.text for incoming in ear.heard} == {f"tin {number}" for number in range(10)}


async def test_an_old_webhook_is_ended_without_dropping_what_waits_and_without_ado(
    emulator: Emulator, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    channel_to_nowhere = f"{emulator.base_url}{emulator.token}/setWebhook"
    emulator.http.post(channel_to_nowhere, json={"url": "http://127.0.0.1:9/"}).raise_for_status()
    emulator.user(1001).says("một")
    ear = Ear()
    async with listening(channel, ear.hear):
        [incoming] = await ear.until(1)
    assert incoming.text == "một"
    assert emulator.stats()["calls"]["deleteWebhook"] == 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("token", ["1000000001:REVOKED", "77:EMULATOR"])
async def test_a_refused_token_ends_listening_with_one_line(
    emulator: Emulator, make_channel: MakeChannel, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    channel = make_channel(token, emulator.api_url)
    async with asyncio.timeout(30):
        await channel.listen(Ear().hear)
    assert channel.state is State.REFUSED
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "the token is refused" in line
    assert token not in line


async def test_the_menu_of_commands_is_set_once_and_tried_again(emulator: Emulator, make_channel: MakeChannel) -> None:
    emulator.fault("setMyCommands", "http", times=2)
    channel = make_channel(emulator.token, emulator.api_url, commands=[("ketnap", "Kết nạp"), ("nguon", "Nguồn")])
    async with listening(channel, Ear().hear):
        await eventually(lambda: emulator.profile()["commands"])
        await asyncio.sleep(0.3)
    [commands] = emulator.profile()["commands"].values()
    assert [(one["command"], one["description"]) for one in commands] == [("ketnap", "Kết nạp"), ("nguon", "Nguồn")]
    assert emulator.stats()["calls"]["setMyCommands"] == 3


async def test_what_waits_at_telegram_is_never_dropped(emulator: Emulator, channel: TelegramChannel) -> None:
    async with listening(channel, Ear().hear):
        await eventually(lambda: channel.state is State.LISTENING)
    assert "deleteWebhook" not in emulator.stats()["calls"]
