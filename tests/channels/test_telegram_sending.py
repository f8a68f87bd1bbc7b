import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from channels import parts, telegram_request
from channels.channel import Moved, Refused, SendingFailed, TryLater, Uncertain, Unreachable
from channels.pace import Pace
from channels.telegram import TelegramChannel
from config.load import load_office
from domain.messages import File, NumberedChoice, Outgoing, Text
from tests.platforms.client import Emulator

HELLO = Outgoing(((Text("Chào đồng chí"),),))


@pytest.fixture
def chat(emulator: Emulator) -> str:
    """Somebody who has written to the bot."""
    emulator.user(1001, "Lê Văn B").says("/start")
    return "1001"


async def failure_of(channel: TelegramChannel, chat: str, message: Outgoing = HELLO) -> SendingFailed:
    with pytest.raises(SendingFailed) as caught:
        await channel.send(chat, message)
    return caught.value


def texts(emulator: Emulator) -> list[str]:
    return [sent.text for sent in emulator.sent() if sent.method.startswith("send")]


async def test_a_message_arrives_with_its_bold_words(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    message_id = await channel.send(chat, Outgoing(((Text("Đã ghi "), Text("số 31", bold=True)), (Text("Chi bộ 3"),))))
    [sent] = emulator.sent(chat=chat)
    assert sent.text == "Đã ghi số 31\nChi bộ 3"
    assert sent.message_id == int(message_id)
    assert sent.entities == [{"type": "bold", "offset": 7, "length": 5}]


async def test_choices_win_over_the_menu(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    choices = (NumberedChoice(4, "Lưu"), NumberedChoice(5, "Sửa"), NumberedChoice(6, "Bỏ"))
    await channel.send(chat, Outgoing(HELLO.lines, choices, question_id=81, menu=("Kết nạp", "Nguồn")))
    [sent] = emulator.sent(chat=chat)
    [row] = sent.message["reply_markup"]["inline_keyboard"]
    assert [(button["text"], button["callback_data"]) for button in row] == [
        ("Lưu", "81:4"),
        ("Sửa", "81:5"),
        ("Bỏ", "81:6"),
    ]


async def test_the_menu_stands_below_the_chat(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    await channel.send(chat, Outgoing(HELLO.lines, menu=("Kết nạp", "Nguồn", "Tiến độ", "Việc")))
    [sent] = emulator.sent(chat=chat)
    assert sent.raw["reply_markup"]["keyboard"] == [
        [{"text": "Kết nạp"}, {"text": "Nguồn"}],
        [{"text": "Tiến độ"}, {"text": "Việc"}],
    ]
    assert sent.raw["reply_markup"]["is_persistent"]


async def test_a_file_carries_a_short_text_as_its_caption(
    emulator: Emulator, channel: TelegramChannel, chat: str
) -> None:
    choice = (NumberedChoice(1, "Xem"),)
    await channel.send(chat, Outgoing(HELLO.lines, choice, 5, file=File("tiến độ <3>.xlsx", b"PK\x03\x04")))
    [sent] = emulator.sent(chat=chat)
    assert (sent.method, sent.text, sent.buttons) == ("sendDocument", "Chào đồng chí", ["Xem"])
    assert sent.file_bytes == b"PK\x03\x04"
    assert sent.message["document"]["file_name"] == "tiến độ <3>.xlsx"


async def test_a_long_text_goes_before_its_file(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    choice = (NumberedChoice(1, "Xem"),)
    await channel.send(chat, Outgoing(((Text("chữ " * 300),),), choice, 5, file=File("a.png", b"x")))
    text, document = emulator.sent(chat=chat)
    assert (text.method, text.buttons) == ("sendMessage", [])
    assert (document.method, document.text, document.buttons) == ("sendDocument", "", ["Xem"])


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: bot is not a member of the channel chat"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_a_chat_that_is_gone_for_good_is_unreachable(
    emulator: Emulator, channel: TelegramChannel, chat: str, status: int, description: str
) -> None:
    emulator.fault("sendMessage", "error", status=status, description=description)
    assert isinstance(await failure_of(channel, chat), Unreachable)


async def test_a_person_who_blocked_the_bot_or_never_wrote_is_unreachable(
    emulator: Emulator, channel: TelegramChannel, chat: str
) -> None:
    emulator.user(1001).blocks_bot()
    emulator.post("user", user=1002)
    assert str(await failure_of(channel, chat)) == "blocked"
    assert str(await failure_of(channel, "1002")) == "never wrote to the bot"
    assert str(await failure_of(channel, "999")) == "chat not found"


async def test_an_unknown_403_keeps_the_chat(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    emulator.fault("sendMessage", "error", status=403, description="Forbidden: something new")
    assert isinstance(await failure_of(channel, chat), Refused)


async def test_a_refusal_does_not_repeat_what_was_said(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    emulator.fault(
        "sendMessage",
        "error",
        status=400,
        description='Bad Request: can\'t parse entities: Unsupported start tag "nguyễn" at byte offset 3',
    )
    failure = await failure_of(channel, chat)
    assert isinstance(failure, Refused)
    assert str(failure) == "answer 400: can't parse entities"


async def test_a_group_that_became_a_supergroup_has_moved(
    emulator: Emulator, channel: TelegramChannel, chat: str
) -> None:
    emulator.fault(
        "sendMessage",
        "error",
        status=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to=-1001234567890,
    )
    failure = await failure_of(channel, chat)
    assert isinstance(failure, Moved)
    assert failure.chat == "-1001234567890"


async def test_a_429_says_how_long_to_wait(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    emulator.fault("sendMessage", "429", retry_after=17)
    failure = await failure_of(channel, chat)
    assert isinstance(failure, TryLater)
    assert (failure.seconds, failure.whole_account) == (17, False)


async def test_without_a_connection_it_was_surely_not_sent(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed_port = probe.getsockname()[1]
    for address in (f"http://127.0.0.1:{closed_port}", "http://no-such-host.invalid"):
        failure = await failure_of(make_channel("1000000001:EMULATOR", address), "1001")
        assert isinstance(failure, TryLater)
        assert failure.whole_account


async def test_a_connection_that_never_comes_about_was_surely_not_used(
    make_channel: Callable[..., TelegramChannel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_request, "CONNECT_SECONDS", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        failure = await failure_of(make_channel("1000000001:EMULATOR", f"http://127.0.0.1:{port}"), "1001")
        for filler in fillers:
            filler.close()
    assert isinstance(failure, TryLater)


@asynccontextmanager
async def a_server_that_hangs_up(after_reading: bool) -> AsyncGenerator[str]:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after_reading:
            await reader.read(65536)
        writer.transport.abort()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("after_reading", [True, False])
async def test_a_connection_that_broke_leaves_it_uncertain(
    make_channel: Callable[..., TelegramChannel], after_reading: bool
) -> None:
    async with a_server_that_hangs_up(after_reading) as address:
        channel = make_channel("1000000001:EMULATOR", address)
        assert isinstance(await failure_of(channel, "1001"), Uncertain)


@pytest.mark.parametrize("kind", ["reset", "reset_after", "http", "garbage"])
async def test_a_lost_answer_leaves_it_uncertain(
    emulator: Emulator, channel: TelegramChannel, chat: str, kind: str
) -> None:
    emulator.fault("sendMessage", kind, times=1)
    assert isinstance(await failure_of(channel, chat), Uncertain)
    assert texts(emulator) == (["Chào đồng chí"] if kind == "reset_after" else [])


async def test_a_read_timeout_leaves_it_uncertain_and_it_is_not_sent_twice(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_request, "READ_SECONDS", 0.3)
    emulator.fault("sendMessage", "delay_after", times=1, delay=1)
    failure = await failure_of(make_channel(emulator.token, emulator.api_url), chat)
    assert isinstance(failure, Uncertain)
    await asyncio.sleep(1)
    assert texts(emulator) == ["Chào đồng chí"]


async def test_a_proxy_page_is_not_telegrams_answer(emulator: Emulator, channel: TelegramChannel, chat: str) -> None:
    emulator.fault("sendMessage", "http", status=404)
    failure = await failure_of(channel, chat)
    assert isinstance(failure, TryLater)
    assert failure.whole_account


async def test_a_refused_token_holds_everything(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], chat: str
) -> None:
    failure = await failure_of(make_channel("1000000001:REVOKED", emulator.api_url), chat)
    assert isinstance(failure, TryLater)
    assert failure.whole_account


async def test_an_empty_message_is_refused_before_it_is_sent(
    emulator: Emulator, channel: TelegramChannel, chat: str
) -> None:
    assert isinstance(await failure_of(channel, chat, Outgoing(((Text(" \n "),),))), Refused)
    assert emulator.sent() == []


async def test_choices_without_a_question_are_refused_before_they_are_sent(
    emulator: Emulator, channel: TelegramChannel, chat: str
) -> None:
    assert isinstance(await failure_of(channel, chat, Outgoing(HELLO.lines, (NumberedChoice(1, "Lưu"),))), Refused)
    assert emulator.sent() == []


async def test_a_later_part_is_tried_again_and_the_first_is_not(
    emulator: Emulator, channel: TelegramChannel, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.05)
    emulator.fault("sendMessage", "429", times=1, skip=1, retry_after=1)
    ids = await channel.send(chat, Outgoing(tuple((Text(f"{number} " + "x" * 1000),) for number in range(6))))
    assert [text[0] for text in texts(emulator)] == ["0", "4"]
    assert ids.split() == [str(sent.message_id) for sent in emulator.sent() if sent.text]


async def test_a_message_said_in_part_is_uncertain(
    emulator: Emulator, channel: TelegramChannel, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.05)
    emulator.fault("sendMessage", "429", times=1, skip=1, retry_after=60)
    failure = await failure_of(channel, chat, Outgoing(((Text("x" * 5000),),)))
    assert isinstance(failure, Uncertain)
    assert str(failure) == "sent in part"


async def test_the_username_is_known_without_listening(channel: TelegramChannel) -> None:
    assert await channel.introduce() == "emulated_bot"


async def test_paced_messages_draw_no_refusal(emulator: Emulator, channel: TelegramChannel) -> None:
    for number in range(40):
        emulator.user(2000 + number).says("/start")
    # Room for the stalls of a busy machine between our clock and the platform's; `bench/` has the tight figure.
    emulator.config(limits=True, strict_window=True, overall_rate=30.0)
    pace = Pace(per_second=10)

    async def say(chat: str) -> None:
        await pace.wait(chat)
        await channel.send(chat, HELLO)

    await asyncio.gather(*(say(str(2000 + number)) for number in range(40)))
    assert emulator.stats()["count_429"] == 0
    assert len(texts(emulator)) == 40


async def test_the_shipped_pace_draws_no_refusal(emulator: Emulator, channel: TelegramChannel) -> None:
    count = 100
    for number in range(count):
        emulator.user(3000 + number).says("/start")
    emulator.config(limits=True, strict_window=False, overall_rate=30.0)
    timing = load_office(None).timing
    assert timing.per_second == 28
    pace = Pace(timing.per_second, timing.per_chat_per_second, timing.chat_burst, timing.group_per_minute)

    async def say(chat: str) -> None:
        await pace.wait(chat)
        await channel.send(chat, HELLO)

    await asyncio.gather(*(say(str(3000 + number)) for number in range(count)))
    assert emulator.stats()["count_429"] == 0
    assert len(texts(emulator)) == count


async def test_a_proxy_is_used_and_one_that_is_down_means_not_sent(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], chat: str
) -> None:
    nowhere = "http://telegram.invalid"
    await make_channel(emulator.token, nowhere, proxy=emulator.api_url).send(chat, HELLO)
    assert texts(emulator) == ["Chào đồng chí"]
    failure = await failure_of(make_channel(emulator.token, nowhere, proxy="http://127.0.0.1:9"), chat)
    assert isinstance(failure, TryLater)


async def test_https_goes_through_a_tunnel_of_the_proxy_and_one_that_is_refused_means_not_sent(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], chat: str
) -> None:
    asked: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        channel = make_channel(emulator.token, "https://telegram.invalid", proxy=f"http://me:word@127.0.0.1:{port}")
        assert isinstance(await failure_of(channel, chat), TryLater)
    assert asked[0].startswith("connect telegram.invalid:443 ")
    assert "proxy-authorization: basic bwu6d29yza==" in asked[0]
    assert emulator.token.partition(":")[2].lower() not in "".join(asked)


async def test_proxies_of_the_environment_are_not_used(
    emulator: Emulator, make_channel: Callable[..., TelegramChannel], chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    await make_channel(emulator.token, emulator.api_url).send(chat, HELLO)
    assert texts(emulator) == ["Chào đồng chí"]


async def test_a_hundred_at_once_go_through(emulator: Emulator, channel: TelegramChannel) -> None:
    for number in range(100):
        emulator.user(2000 + number).says("/start")
    await asyncio.gather(*(channel.send(str(2000 + number), HELLO) for number in range(100)))
    assert len(texts(emulator)) == 100


def test_a_token_of_another_shape_is_refused_unspoken() -> None:
    with pytest.raises(ValueError, match="NUMBER:LETTERS") as caught:
        TelegramChannel("canary")
    assert "canary" not in str(caught.value)
