"""A Telegram for measuring: only what the bots need of it, and quicker than any of them; every answer is timed."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

ACCOUNT = "4242"
TOKEN = f"{ACCOUNT}:bench-bench-bench-bench-bench-bench"
LIMIT_SECONDS = 1.0
RETRY_AFTER_SECONDS = 1
Json = dict[str, Any]

ME = {"id": int(ACCOUNT), "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the bot sent. `buttons` is label and data of each inline button."""

    at: float
    chat: int
    text: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Platform:
    """Updates go in by `says` and `presses`; what a bot sends comes out by `on_sent`.

    `delay` is what each request takes; `per_second` refuses (429) what is more than so many in any second.
    """

    delay: float = 0.0
    per_second: int | None = None
    on_sent: Callable[[Sent], None] = field(default=lambda sent: None)
    refused: int = 0
    first_poll_at: float | None = None
    url: str = ""
    connections: set[asyncio.WriteTransport] = field(default_factory=set[asyncio.WriteTransport])
    _waiting: deque[Json] = field(default_factory=deque[Json])
    _poller: "asyncio.Future[None] | None" = None
    _last_update: int = 0
    _last_message: int = 0
    _second: deque[float] = field(default_factory=deque[float])
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for connection in tuple(self.connections):
            connection.close()
        await asyncio.sleep(0)

    def says(self, chat: int, text: str) -> None:
        message = self._message(chat, text) | {"from": {"id": chat, "is_bot": False, "first_name": f"U{chat}"}}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        self._update({"message": message})

    def presses(self, chat: int, data: str) -> None:
        user = {"id": chat, "is_bot": False, "first_name": f"U{chat}"}
        message = self._message(chat, "…") | {"from": ME}
        query = {"id": str(self._last_update), "from": user, "chat_instance": "1", "data": data, "message": message}
        self._update({"callback_query": query})

    async def answer(self, method: str, given: dict[str, str]) -> Json:
        match method:
            case "getUpdates":
                return await self._updates(given)
            case "sendMessage":
                return await self._taken(given)
            case "getMe":
                return _ok(ME)
            case _:
                await self._take_time()
                return _ok(result=True)

    async def _updates(self, given: dict[str, str]) -> Json:
        if self.first_poll_at is None:
            self.first_poll_at = time.monotonic()
        offset = int(given.get("offset", 0))
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        if not self._waiting:
            self._poller = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(float(given.get("timeout", 0))):
                    await self._poller
            except TimeoutError:
                pass
        await self._take_time()
        limit = int(given.get("limit", 100))
        return _ok([update for update, _ in zip(self._waiting, range(limit), strict=False)])

    async def _taken(self, given: dict[str, str]) -> Json:
        now = time.monotonic()
        while self._second and self._second[0] <= now - LIMIT_SECONDS:
            self._second.popleft()
        if self.per_second is not None and len(self._second) >= self.per_second:
            self.refused += 1
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {RETRY_AFTER_SECONDS}",
                "parameters": {"retry_after": RETRY_AFTER_SECONDS},
            }
        self._second.append(now)
        chat, text = int(given["chat_id"]), given["text"]
        await self._take_time()
        self.on_sent(Sent(time.monotonic(), chat, text, _buttons(given.get("reply_markup", ""))))
        return _ok(self._message(chat, text))

    async def _take_time(self) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)

    def _message(self, chat: int, text: str) -> Json:
        self._last_message += 1
        where = {"id": chat, "type": "private", "first_name": f"U{chat}"}
        return {"message_id": self._last_message, "date": int(time.time()), "chat": where, "text": text}

    def _update(self, update: Json) -> None:
        self._last_update += 1
        self._waiting.append({"update_id": self._last_update, **update})
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)


def _ok(result: object) -> Json:
    return {"ok": True, "result": result}


def _buttons(markup: str) -> tuple[tuple[str, str], ...]:
    rows: list[list[dict[str, str]]] = json.loads(markup).get("inline_keyboard", []) if markup else []
    return tuple((button["text"], button.get("callback_data", "")) for row in rows for button in row)


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as the bots' clients speak it: kept alive, one request after the other, bodies with a length."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._platform.connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        assert self._transport is not None
        self._platform.connections.discard(self._transport)
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].decode("latin-1")
        target, length = head.split(" ", 2)[1], 0
        for row in head.split("\r\n")[1:]:
            name, _, value = row.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        if len(self._buffer) < end + 4 + length:
            return
        body, self._buffer = self._buffer[end + 4 : end + 4 + length].decode(), self._buffer[end + 4 + length :]
        path, _, query = target.partition("?")
        given = {name: values[0] for name, values in parse_qs(f"{query}&{body}").items()}
        task = asyncio.get_running_loop().create_task(self._answer(path.rpartition("/")[2], given))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, method: str, given: dict[str, str]) -> None:
        answer = await self._platform.answer(method, given)
        body = json.dumps(answer).encode()
        status = b"200 OK" if answer["ok"] else b"429 Too Many Requests"
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
        )
