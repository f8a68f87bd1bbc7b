"""Every kind of message goes through every channel: nothing said is lost, whatever the platform's limits are.

A channel joins by a `FarSide` of its own in `far_side`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pytest

from channels import parts
from channels.channel import Channel, Refused
from channels.telegram import TelegramChannel
from domain.messages import File, NumberedChoice, Outgoing, Text, plain
from tests.platforms.client import Emulator

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

    def seen(self) -> Seen: ...


@dataclass
class TelegramSide:
    channel: TelegramChannel
    chat: str
    emulator: Emulator

    def seen(self) -> Seen:
        sent = self.emulator.sent(chat=self.chat)
        documents = [one for one in sent if one.method == "sendDocument"]
        return Seen(
            text="\n".join(one.text for one in sent),
            labels=[label for one in sent for label in one.buttons],
            files=[(one.message["document"]["file_name"], one.file_bytes) for one in documents],
        )


@pytest.fixture(params=["telegram"])
def far_side(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, make_channel: Callable[..., TelegramChannel]
) -> FarSide:
    assert request.param == "telegram"
    emulator: Emulator = request.getfixturevalue("emulator")
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.0)
    emulator.user(1001, "Lê Văn B").says("/start")
    return TelegramSide(make_channel(emulator.token, emulator.api_url), "1001", emulator)


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("message", EVERY_KIND.values(), ids=EVERY_KIND.keys())
async def test_every_kind_of_message_arrives_whole(far_side: FarSide, message: Outgoing) -> None:
    message_id = await far_side.channel.send(far_side.chat, message)
    seen = far_side.seen()
    assert message_id
    assert without_blanks(plain(message.lines)) in without_blanks(seen.text)
    labels = [choice.label for choice in message.choices] or list(message.menu)
    everything = seen.text + "\n".join(seen.labels)
    assert all(label in everything for label in labels)
    assert seen.files == ([(message.file.filename, message.file.content)] if message.file else [])


async def test_nothing_to_say_is_refused(far_side: FarSide) -> None:
    with pytest.raises(Refused):
        await far_side.channel.send(far_side.chat, Outgoing(((Text(" "),), ())))


async def test_a_channel_tells_its_name_and_account(far_side: FarSide) -> None:
    assert far_side.channel.name
    assert far_side.channel.account
