"""Strangers, liars and broken connections at the webhook: nothing of theirs is kept, and they are told nothing."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette

from channels.channel import Hook, NotUnderstood
from door import webhooks
from door.app import make_app, make_server, take_place

SECRET = "a-secret-that-only-telegram-knows"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
RIGHT = {HEADER: SECRET}


@dataclass
class Behind:
    """What stands behind the hook: it keeps what it is handed, unless it is full."""

    kept: list[object] = field(default_factory=list[object])
    is_full: bool = False

    async def receive(self, update: object) -> Mapping[str, object] | None:
        if not isinstance(update, dict):
            raise NotUnderstood
        if self.is_full:
            raise OSError("no space left for Nguyễn Văn A")
        self.kept.append(update)
        return None


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def app(behind: Behind) -> Starlette:
    return make_app(hooks=[Hook("/telegram/77", HEADER, SECRET, behind.receive)])


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever asks, without the wire in between."""
    async with httpx.AsyncClient(base_url="http://door", transport=httpx.ASGITransport(app)) as made:
        yield made


@pytest.fixture
async def port(app: Starlette) -> AsyncIterator[int]:
    """The wire."""
    place = take_place("127.0.0.1", 0)
    server = make_server(app)
    serving = asyncio.create_task(server.serve(sockets=[place]))
    yield place.getsockname()[1]
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: "wrong"},
        {HEADER: SECRET[:-1]},
        {HEADER: SECRET + "x"},
        {HEADER: SECRET.upper()},
        {HEADER: "b%C3%AD m%E1%BA%ADt"},
        {"X-Bot-Api-Secret-Token": SECRET},
        {"Authorization": SECRET},
    ],
)
async def test_without_the_secret_nothing_is_kept_and_no_hint_is_given(
    client: httpx.AsyncClient, behind: Behind, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        said = await client.post("/telegram/77", json={"update_id": 1}, headers=headers)
        assert (said.status_code, said.content) == (401, b"")
    assert behind.kept == []
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.startswith("webhook refused path=/telegram/77 secret=")
    assert SECRET not in caplog.text


async def test_the_secret_in_the_address_opens_nothing(client: httpx.AsyncClient, behind: Behind) -> None:
    said = await client.post("/telegram/77", params={HEADER: SECRET, "secret_token": SECRET}, json={"update_id": 1})
    assert said.status_code == 401
    assert behind.kept == []


async def test_a_hook_without_a_secret_is_not_opened(behind: Behind) -> None:
    with pytest.raises(ValueError, match="open to everybody"):
        make_app(hooks=[Hook("/telegram/77", HEADER, "", behind.receive)])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/telegram/77", 405), ("PUT", "/telegram/77", 405), ("POST", "/telegram/78", 404), ("POST", "/", 404)],
)
async def test_what_is_not_offered_is_not_there(
    client: httpx.AsyncClient, behind: Behind, method: str, path: str, status: int
) -> None:
    said = await client.request(method, path, json={"update_id": 1}, headers=RIGHT)
    assert said.status_code == status
    assert behind.kept == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"update_id": 1',
        b"\xff\xfe\x00",
        b"[" * 500_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b"null",
        b"[1]",
        b'"update_id"',
    ],
    ids=lambda body: str(body[:16]),
)
async def test_what_is_no_update_is_told_so(client: httpx.AsyncClient, behind: Behind, body: bytes) -> None:
    """No platform sends such a thing, so nobody will bring it for a day."""
    said = await client.post("/telegram/77", content=body, headers=RIGHT)
    assert (said.status_code, said.content) == (400, b"")
    assert behind.kept == []


async def test_what_is_kept_is_told_so(client: httpx.AsyncClient, behind: Behind) -> None:
    update = {"update_id": 1, "message": {"text": "kết nạp Nguyễn Văn An"}}
    said = await client.post("/telegram/77", json=update, headers=RIGHT)
    assert (said.status_code, said.content) == (200, b"")
    assert behind.kept == [update]


async def test_what_could_not_be_kept_is_asked_for_again(
    client: httpx.AsyncClient, behind: Behind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="ketnap")
    behind.is_full = True
    for _ in range(3):
        said = await client.post("/telegram/77", json={"update_id": 1}, headers=RIGHT)
        assert (said.status_code, said.content) == (503, b"")
    behind.is_full = False
    assert (await client.post("/telegram/77", json={"update_id": 1}, headers=RIGHT)).status_code == 200
    assert [line for line in caplog.messages if line.startswith("webhook")] == [
        "webhook keeps nothing path=/telegram/77 error=OSError",
        "webhook keeps again path=/telegram/77",
    ]


async def test_somebody_who_knocks_between_others_fills_no_log(
    client: httpx.AsyncClient, behind: Behind, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        assert (await client.post("/telegram/77", json={"update_id": number}, headers=RIGHT)).status_code == 200
        assert (await client.post("/telegram/77", json={"update_id": number})).status_code == 401
    assert [line for line in caplog.messages if "refused" in line] == [
        "webhook refused path=/telegram/77 secret=missing"
    ]


def head(**headers: object) -> bytes:
    rows = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"POST /telegram/77 HTTP/1.1\r\nHost: 127.0.0.1\r\n{''.join(rows)}\r\n".encode()


async def answered(port: int, sent: bytes) -> bytes:
    """What the door says to raw bytes after which nothing more comes, until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return answer


async def test_a_body_that_says_it_is_too_large_is_not_read(port: int, behind: Behind) -> None:
    answer = await answered(port, head(Content_Length=2 * 1024 * 1024, **RIGHT))
    assert answer.startswith(b"HTTP/1.1 413")
    assert behind.kept == []


async def test_a_body_that_does_not_say_its_size_is_read_up_to_the_limit_and_not_to_its_end(
    port: int, behind: Behind
) -> None:
    largest = f"{webhooks.LARGEST_BODY:x}\r\n".encode() + b" " * webhooks.LARGEST_BODY + b"\r\n"
    answer = await answered(port, head(Transfer_Encoding="chunked", **RIGHT) + largest + b"1\r\nx\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert behind.kept == []


async def test_a_two_megabyte_body_is_refused_by_its_size_and_without_a_secret_for_that(
    client: httpx.AsyncClient, behind: Behind
) -> None:
    body = json.dumps({"update_id": 1, "message": {"text": "x" * 2 * 1024 * 1024}}).encode()
    for headers, status in ((RIGHT, 413), ({}, 401)):
        assert (await client.post("/telegram/77", content=body, headers=headers)).status_code == status
    assert behind.kept == []


async def test_the_largest_that_is_taken(client: httpx.AsyncClient, behind: Behind) -> None:
    frame = len(json.dumps({"t": ""}))
    for size, status in ((webhooks.LARGEST_BODY, 200), (webhooks.LARGEST_BODY + 1, 413)):
        body = json.dumps({"t": "x" * (size - frame)}).encode()
        assert (await client.post("/telegram/77", content=body, headers=RIGHT)).status_code == status
    assert len(behind.kept) == 1


async def test_a_body_that_does_not_come_is_not_waited_for(
    port: int, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "READ_SECONDS", 0.1)
    answer = await answered(port, head(Content_Length=100, **RIGHT) + b'{"update_id"')
    assert answer.startswith(b"HTTP/1.1 408")
    assert behind.kept == []


async def test_somebody_who_hangs_up_half_way_leaves_nothing_behind(
    port: int, behind: Behind, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head(Content_Length=100, **RIGHT) + b'{"update_id": 1')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await client.post("/telegram/77", json={"update_id": 2}, headers=RIGHT)).status_code == 200
    assert behind.kept == [{"update_id": 2}]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
