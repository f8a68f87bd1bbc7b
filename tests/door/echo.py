"""A stand-in for everything behind the trial channel: it says back what it hears, or shows what a phone can show."""

import socket
import struct
import zlib
from asyncio import CancelledError, create_task, sleep
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from channels.trial import TrialChannel
from domain.messages import File, Incoming, Kind, NumberedChoice, Outgoing, Text
from domain.people import Role
from domain.trial import Persona
from door.app import make_app, make_server
from door.trial import TrialPage

HOSTILE_NAME = "<img src=x onerror=\"document.title='hacked'\"> & <b>Tí</b>"
MENU = ("Kết nạp", "Nguồn", "Tiến độ", "Việc")
COMMANDS = (("ketnap", "ghi kết nạp"), ("nguon", "người trong nguồn"), ("tiendo", "tiến độ so với chỉ tiêu"))
PERSONAS = (
    Persona(
        "secretary",
        "Bí thư chi bộ",
        Role.SECRETARY,
        "TL-01",
        "Nguyễn Thị Hoa",
        place="Chi bộ Trường THCS Tân Lập",
        tries=("kết nạp Trần Thị Na hôm qua", "còn mấy chỉ tiêu?"),
    ),
    Persona("committee", "Đảng ủy cơ sở", Role.COMMITTEE, "TL", "Lê Văn Tám", place="Đảng bộ phường Tân Lập"),
    Persona("organiser", "Ban tổ chức", Role.ORGANISER, "TU", "Phạm Quốc Khánh", place="Thành ủy"),
    Persona("monitor", "Cấp ủy viên phụ trách", Role.MONITOR, "TL", HOSTILE_NAME, place="phụ trách 5 đơn vị"),
    Persona("stranger", "Người lạ", None, "", "", place="chưa được mời"),
)


def lines(text: str) -> tuple[tuple[Text, ...], ...]:
    return tuple((Text(row),) for row in text.split("\n"))


def picture(width: int = 640, height: int = 320) -> bytes:
    """A plain PNG, made by hand."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    rows = b"".join(
        b"\0" + b"".join(b"\xa3\x20\x1d" if x * height < y * width else b"\xf0\xe4\xd0" for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Echo:
    """Hears for the trial channel and owns its clock."""

    def __init__(self, now: datetime) -> None:
        self.time = now
        self.heard: list[Incoming] = []
        self.is_broken = False
        self.channel = TrialChannel([persona.key for persona in PERSONAS], now=self.now)

    def now(self) -> datetime:
        return self.time

    async def hear(self, batch: Sequence[Incoming]) -> None:
        if self.is_broken:
            raise OSError("disk full")
        self.heard.extend(batch)
        for incoming in batch:
            await self.channel.send(incoming.address.chat, self.answer(incoming))

    async def move_clock(self, moment: datetime) -> None:
        """On arriving anywhere a letter goes to the member in charge."""
        self.time = moment
        digest = (
            (Text("Tuần 48: 5 đơn vị đồng chí phụ trách", bold=True),),
            *lines(
                "Đến 23/11/2026: 14/20 (70%), chậm.\n\nMới tuần qua: +2\nChậm nhất:\n"
                "• Chi bộ Tổ dân phố 5: 0/2 (0%)\n• Chi bộ Trạm Y tế: 1/3 (33%)\n"
                "Chưa báo tháng này: 1 chi bộ\n\nSố liệu: K7Q2"
            ),
        )
        choices = (NumberedChoice(1, "Xem Tổ dân phố 5"), NumberedChoice(2, "Nhắc bí thư"))
        letter = Outgoing(digest, choices, question_id=900, is_letter=True)
        for skin in ("telegram", "zalo"):
            await self.channel.send(f"monitor-{skin}", letter)

    def answer(self, incoming: Incoming) -> Outgoing:
        if incoming.kind is Kind.PRESS or incoming.text == "1":
            receipt = "Đã lưu. Số 128\nTrần Thị Na, 20/11/2026\n\nChi bộ Trường THCS Tân Lập: 2/3 (67%)\nSố liệu: H4TD"
            return Outgoing(lines(receipt), (NumberedChoice(4, "Hoàn tác"), NumberedChoice(5, "Xem")), question_id=13)
        if "kết nạp" in incoming.text:
            card = (
                (Text("Ghi kết nạp", bold=True),),
                *lines("Trần Thị Na\nLễ kết nạp: 20/11/2026\nChi bộ Trường THCS Tân Lập\n"),
                (Text("Người này đã đồng ý cho ghi tên."),),
            )
            choices = tuple(NumberedChoice(number, label) for number, label in enumerate(("Lưu", "Sửa", "Bỏ"), 1))
            return Outgoing(card, choices, question_id=12)
        if incoming.text == "tệp":
            return Outgoing(lines("Báo cáo tháng 11"), file=File('báo cáo "11".xlsx', b"PK-xlsx"))
        if incoming.text == "ảnh":
            return Outgoing(lines("Tiến độ đến 20/11/2026"), file=File("tiendo.png", picture()))
        if incoming.text == "/start":
            hello = "Chào đồng chí Hoa.\nTôi là máy, giữ sổ kết nạp của chi bộ.\nĐồng chí muốn làm việc gì?"
            return Outgoing(lines(hello), menu=MENU)
        return Outgoing(lines(f"Đồng chí nhắn: {incoming.text or incoming.kind}"))


@asynccontextmanager
async def served(echo: Echo, *, is_listening: bool = True, port: int = 0) -> AsyncGenerator[str]:
    """The real app on this machine, on a free port or on the one named."""
    page = TrialPage(echo.channel, personas=PERSONAS, commands=COMMANDS, now=echo.now, move_clock=echo.move_clock)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        port = listener.getsockname()[1]
        server = make_server(make_app(trial=page))
        tasks = [create_task(server.serve(sockets=[listener]))]
        if is_listening:
            tasks.append(create_task(echo.channel.listen(echo.hear)))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            await echo.channel.close()
            server.should_exit = True
            await tasks[0]
            for task in tasks[1:]:
                task.cancel()
                with suppress(CancelledError):
                    await task
