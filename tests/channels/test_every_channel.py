"""Every kind of message goes through every channel: nothing said is lost, whatever the platform's limits are.

A channel joins by a `FarSide` of its own in `far_side`.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import httpx
import pytest

from channels import parts
from channels.channel import Channel, Refused
from channels.telegram import TelegramChannel
from channels.trial import TrialChannel
from channels.zalo import ZaloChannel
from channels.zalo_text import LONGEST, units
from domain.messages import Attachment, Drawing, File, NumberedChoice, Outgoing, Text, plain
from door.app import make_app, make_server, take_place
from jobs.links import Links
from jobs.rendering import without_file
from tests.cast import NOW
from tests.platforms.client import Emulator
from tests.platforms.windowed import WindowedChannel

HOSTILE = "<b>Nguyễn</b> & *Văn* _A_ `B` [c](d) </i> &lt; \"e\" 'f'"
NFD = "Nguye\u0302\u0303n Thi\u0323 Ho\u0300a"


def choices(count: int, label: str = "Chọn") -> tuple[NumberedChoice, ...]:
    return tuple(NumberedChoice(number, f"{label} {number}") for number in range(4, 4 + count))


EVERY_KIND: dict[str, Outgoing] = {
    "a line": Outgoing(((Text("Chào đồng chí."),),)),
    "lines with bold words": Outgoing(((Text("Đã ghi "), Text("số 31", bold=True)), (), (Text("Chi bộ 3: 1/3"),))),
    "hostile names": Outgoing(((Text("Đã ghi: "), Text(HOSTILE, bold=True)), (Text(HOSTILE),))),
    "accents apart": Outgoing(((Text(NFD),),)),
    "only emoji": Outgoing(((Text("🎉👩‍👩‍👧‍👦🇻🇳"),),)),
    "a line break in a span": Outgoing(((Text("một\nhai", bold=True), Text("\nba")),)),
    "4,096 letters": Outgoing(((Text("ệ" * 4096),),)),
    "two hundred lines": Outgoing(tuple((Text(f"{number}. Chi bộ thôn {number}: 0/2"),) for number in range(200))),
    "one endless line": Outgoing(((Text("chữ " * 2500),),)),
    "a card": Outgoing(((Text("Kết nạp Nguyễn Văn A?"),),), choices(3), question_id=81),
    "a card and the menu": Outgoing(((Text("Lưu?"),),), choices(2), question_id=82, menu=("Kết nạp", "Nguồn")),
    "many choices": Outgoing(((Text("Chi bộ nào?"),),), choices(30, "Chi bộ thôn Nà Ngược số"), question_id=83),
    "a long card": Outgoing(((Text("chữ " * 2500),),), choices(2), question_id=2**40),
    "a hostile choice": Outgoing(((Text("Ai?"),),), (NumberedChoice(1, HOSTILE),), question_id=84),
    "the menu": Outgoing(((Text("Đồng chí chọn:"),),), menu=("Kết nạp", "Nguồn", "Tiến độ", "Việc")),
    "a file": Outgoing((), file=File("mau.xlsx", b"PK\x03\x04" * 999)),
    "a file with words": Outgoing(((Text("Tiến độ "), Text(HOSTILE)),), file=File("tiến độ.png", b"\x89PNG")),
    "a file with many words": Outgoing(((Text("chữ " * 1500),),), file=File("tuần 47.docx", b"x")),
    "a file with a card": Outgoing(((Text("Gửi chứ?"),),), choices(2), question_id=85, file=File("a.csv", b"1,2")),
}


@dataclass
class Seen:
    """What a person sees of one message, all its parts together."""

    text: str
    labels: Sequence[str]
    files: Sequence[tuple[str, bytes]]


class FarSide(Protocol):
    """The person's end of a channel."""

    @property
    def channel(self) -> Channel: ...

    @property
    def chat(self) -> str: ...

    def as_delivered(self, message: Outgoing) -> Outgoing:
        """As delivery hands it to the channel: one that carries no files is given an address instead."""
        ...

    async def seen(self) -> Seen: ...


@dataclass
class TelegramSide:
    channel: TelegramChannel
    chat: str
    emulator: Emulator

    def as_delivered(self, message: Outgoing) -> Outgoing:
        return message

    async def seen(self) -> Seen:
        sent = self.emulator.sent(chat=self.chat)
        documents = [one for one in sent if one.method == "sendDocument"]
        return Seen(
            text="\n".join(one.text for one in sent),
            labels=[label for one in sent for label in one.buttons],
            files=[(one.message["document"]["file_name"], one.file_bytes) for one in documents],
        )


@dataclass
class ZaloSide:
    """Plain words with numbered lines; files are behind our own door, where Zalo and the person fetch them."""

    channel: ZaloChannel
    chat: str
    emulator: Emulator
    links: Links
    files: dict[str, bytes]

    def as_delivered(self, message: Outgoing) -> Outgoing:
        if message.file is None:
            return message
        self.files[message.file.filename] = message.file.content
        attachment = Attachment(Drawing.TEMPLATE, message.file.filename)
        return without_file(replace(message, file=None), attachment, self.links.to(attachment))

    async def seen(self) -> Seen:
        sent = self.emulator.sent(chat="1001")
        assert all(units(one.text) <= LONGEST for one in sent)
        addresses = [one.raw["photo"] for one in sent if one.method == "sendPhoto"]
        addresses += [address for one in sent for address in re.findall(r"http://127\S+", one.text)]
        async with httpx.AsyncClient(trust_env=False) as client:
            answers = [await client.get(address) for address in addresses]
        return Seen(
            text="\n".join(one.text for one in sent),
            labels=[label for one in sent for label in one.buttons],
            files=[(next(iter(self.files)), answer.content) for answer in answers if answer.status_code == 200],
        )


@dataclass
class TrialSide:
    channel: TrialChannel
    chat: str

    def as_delivered(self, message: Outgoing) -> Outgoing:
        return message

    async def seen(self) -> Seen:
        said = self.channel.said(self.chat)
        return Seen(
            text="\n".join(plain(one.lines) for one in said),
            labels=[choice.label for one in said for choice in one.choices],
            files=[(one.file.file.filename, one.file.file.content) for one in said if one.file],
        )


@dataclass
class WindowedSide:
    channel: WindowedChannel
    chat: str

    def as_delivered(self, message: Outgoing) -> Outgoing:
        return message

    async def seen(self) -> Seen:
        said = self.channel.said[self.chat]
        return Seen(
            text="\n".join(plain(one.lines) for one in said),
            labels=[
                *(choice.label for one in said for choice in one.choices),
                *(each for one in said for each in one.menu),
            ],
            files=[(one.file.filename, one.file.content) for one in said if one.file],
        )


@pytest.fixture(params=["telegram", "zalo", "trial", "trial's Zalo", "with windows"])
async def far_side(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    make_channel: Callable[..., TelegramChannel],
    make_zalo: Callable[..., ZaloChannel],
) -> AsyncGenerator[FarSide]:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.0)
    if request.param.startswith("trial"):
        skin = "zalo" if request.param.endswith("Zalo") else "telegram"
        yield TrialSide(TrialChannel(["lan"], now=lambda: NOW), f"lan-{skin}")
        return
    if request.param == "with windows":
        channel = WindowedChannel(lambda: NOW)
        channel.word_from("lan")
        yield WindowedSide(channel, "lan")
        return
    if request.param == "telegram":
        emulator: Emulator = request.getfixturevalue("emulator")
        emulator.user(1001, "Lê Văn B").says("/start")
        yield TelegramSide(make_channel(emulator.token, emulator.api_url), "1001", emulator)
        return
    zalo: Emulator = request.getfixturevalue("zalo")
    files: dict[str, bytes] = {}
    async with door_with_files(files) as links:
        chat = zalo.user(1001, "Lê Văn B").says("chào")["chat"]
        yield ZaloSide(make_zalo(zalo.token, zalo.api_url), chat, zalo, links, files)


@asynccontextmanager
async def door_with_files(files: dict[str, bytes]) -> AsyncGenerator[Links]:
    """Addresses of files, and the door behind which they are drawn."""
    place = take_place("127.0.0.1", 0)
    url = f"http://127.0.0.1:{place.getsockname()[1]}"

    async def draw(attachment: Attachment) -> bytes:
        return files[attachment.filename]

    links = Links(url, lambda: b"salt", lambda: NOW, draw)
    server = make_server(make_app(links=links))
    serving = asyncio.create_task(server.serve(sockets=[place]))
    try:
        yield links
    finally:
        server.should_exit = True
        await serving


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("message", EVERY_KIND.values(), ids=EVERY_KIND.keys())
async def test_every_kind_of_message_arrives_whole(far_side: FarSide, message: Outgoing) -> None:
    message_id = await far_side.channel.send(far_side.chat, far_side.as_delivered(message))
    seen = await far_side.seen()
    assert message_id
    assert without_blanks(plain(message.lines)) in without_blanks(seen.text)
    labels = [choice.label for choice in message.choices]
    if isinstance(far_side, TelegramSide):
        # A standing keyboard is there or not; nothing is lost without it, for its words can be typed.
        labels = labels or list(message.menu)
    everything = seen.text + "\n".join(seen.labels)
    assert all(label in everything for label in labels)
    assert seen.files == ([(message.file.filename, message.file.content)] if message.file else [])


async def test_nothing_to_say_is_refused(far_side: FarSide) -> None:
    if isinstance(far_side, TrialSide):
        pytest.skip("the trial refuses nothing")
    with pytest.raises(Refused):
        await far_side.channel.send(far_side.chat, Outgoing(((Text(" "),), ())))


async def test_a_channel_tells_its_name_and_account(far_side: FarSide) -> None:
    assert far_side.channel.name
    assert far_side.channel.account
