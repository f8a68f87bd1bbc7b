"""How Telegram is asked over HTTP, and what each way of failing means for a message."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from telegram.error import TelegramError
from telegram.request import HTTPXRequest, RequestData

from channels.channel import Moved, Refused, SendingFailed, TryLater, Uncertain, Unreachable
from domain.messages import FileTrouble

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
UPLOAD_SECONDS = 30.0

PAUSE_WITHOUT_NETWORK_SECONDS = 5.0
PAUSE_WITHOUT_TOKEN_SECONDS = 300.0

GONE_FOR_GOOD: Mapping[str, str] = {
    "forbidden: bot was blocked by the user": "blocked",
    "forbidden: user is deactivated": "deactivated",
    "forbidden: bot was kicked from the group chat": "kicked",
    "forbidden: bot was kicked from the supergroup chat": "kicked",
    "forbidden: bot was kicked from the channel chat": "kicked",
    "forbidden: bot is not a member of the group chat": "not a member",
    "forbidden: bot is not a member of the supergroup chat": "not a member",
    "forbidden: bot is not a member of the channel chat": "not a member",
    "forbidden: the group chat was deleted": "deleted",
    "forbidden: bot can't initiate conversation with a user": "never wrote to the bot",
    "forbidden: bot can't send messages to bots": "a bot",
    "bad request: chat not found": "chat not found",
    "bad request: user not found": "chat not found",
    "bad request: peer_id_invalid": "chat not found",
    "bad request: group chat was deactivated": "deactivated",
}
"""Exactly these answers mean that a chat is lost; any other 403 or 400 is about one message."""


class NotSent(TelegramError):
    """There was no connection, so nothing was sent."""


class Lost(TelegramError):
    """The request may have arrived; its answer did not."""


class Unreadable(TelegramError):
    """The answer is not one of Telegram's."""


class ErrorAnswer(TelegramError):
    """Telegram (or something in front of it) says no. `is_telegram` tells which: Telegram speaks JSON."""

    def __init__(self, code: int, body: Mapping[str, Any] | None) -> None:
        answer = body or {}
        more = _object(answer.get("parameters")) or {}
        super().__init__(f"answer {code}")
        self.code = code
        self.is_telegram = body is not None
        self.description = str(answer.get("description") or "")
        self.retry_after = _seconds(more.get("retry_after"))
        self.moved_to = more.get("migrate_to_chat_id")

    @property
    def is_about_token(self) -> bool:
        # A 404 page of some proxy says nothing about the token; Telegram's own 404 does.
        return self.is_telegram and self.code in (401, 404)


class TelegramRequest(HTTPXRequest):
    """The library's request with our errors: they tell sent from unsent, and carry neither token nor content.

    The library's own lose the status code, keep the token in their causes, and log unreadable answers whole.
    """

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(url, method, request_data, *rest, **timeouts)
        except (TelegramError, aiohttp.ClientError, httpx.HTTPError, OSError) as error:
            failure: TelegramError = NotSent("not sent") if was_not_sent(error) else Lost("no answer")
        else:
            if 200 <= code <= 299:
                return code, payload
            failure = ErrorAnswer(code, _read(payload))
        # Raised out here so that the cause, which holds the address with the token, is not carried along.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = _read(payload)
        if answer is None or "result" not in answer:
            raise Unreadable("unreadable answer")
        return answer


def make_request(*, proxy: str | None, connections: int) -> TelegramRequest:
    """On aiohttp's transport, whose pool stays quick with hundreds of requests in flight.

    Proxies of the environment are not used: which way our traffic goes is a setting of ours.
    """
    transport = AiohttpTransport(
        limits=httpx.Limits(max_connections=connections, keepalive_expiry=5.0),
        proxy=httpx.Proxy(proxy) if proxy else None,
    )
    return TelegramRequest(
        connection_pool_size=connections,
        read_timeout=READ_SECONDS,
        write_timeout=READ_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        # The transport counts making a connection as waiting for the pool.
        pool_timeout=CONNECT_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        httpx_kwargs={"trust_env": False, "transport": transport},
    )


def was_not_sent(error: BaseException) -> bool:
    """True only if no connection was made.

    The transport calls every lost connection a ConnectTimeout, also one that broke after the request had left:
    what aiohttp itself raised decides where there is such a thing.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        chain.append(cause)
        cause = cause.__cause__
    by_aiohttp = [link for link in chain if isinstance(link, aiohttp.ClientError)]
    if by_aiohttp:
        return isinstance(
            by_aiohttp[0],
            aiohttp.ClientConnectorError
            | aiohttp.ConnectionTimeoutError
            | aiohttp.ClientHttpProxyError
            | aiohttp.InvalidURL,
        )
    return any(
        isinstance(
            link,
            httpx.ConnectError
            | httpx.ConnectTimeout
            | httpx.PoolTimeout
            | httpx.ProxyError
            | httpx.UnsupportedProtocol,
        )
        for link in chain
    )


def as_sending_failure(error: TelegramError) -> SendingFailed:
    """What an error of a request means for the message that was to be sent."""
    match error:
        case NotSent():
            return TryLater(PAUSE_WITHOUT_NETWORK_SECONDS, whole_account=True, reason="no connection")
        case ErrorAnswer(moved_to=int(chat)):
            return Moved(str(chat))
        case ErrorAnswer(code=429):
            return TryLater(error.retry_after or PAUSE_WITHOUT_NETWORK_SECONDS, reason="too many requests")
        case ErrorAnswer(is_about_token=True):
            return TryLater(PAUSE_WITHOUT_TOKEN_SECONDS, whole_account=True, reason="token refused")
        case ErrorAnswer(code=413):
            return Refused("too large")
        case ErrorAnswer(code=code) if code >= 500:
            return Uncertain(f"answer {code}")
        case ErrorAnswer(code=code, is_telegram=False):
            # Something in front of Telegram answered in its stead: it did not get there.
            return TryLater(PAUSE_WITHOUT_NETWORK_SECONDS, whole_account=True, reason=f"answer {code} on the way")
        case ErrorAnswer(code=code, description=description):
            gone = GONE_FOR_GOOD.get(description.lower())
            return Unreachable(gone) if gone else Refused(f"answer {code}: {_without_content(description)}")
        case _:
            return Uncertain(in_short(error))


def as_file_trouble(error: ErrorAnswer) -> FileTrouble:
    """What a refusal means for the file that was asked for."""
    if "file is too big" in error.description.lower():
        return FileTrouble.TOO_BIG
    is_about_file = error.is_telegram and error.code in (400, 404)
    return FileTrouble.GONE if is_about_file else FileTrouble.AWAY


def in_short(error: TelegramError) -> str:
    """An error for a log line; words that are not ours may hold anything."""
    is_ours = isinstance(error, NotSent | Lost | Unreadable | ErrorAnswer)
    return error.message if is_ours else type(error).__name__


def _without_content(description: str) -> str:
    """The platform's words up to where it begins to quote ours, which may be a name."""
    said = description.removeprefix("Bad Request: ").removeprefix("Forbidden: ")
    return re.split(r"""[":]|\s'""", said, maxsplit=1)[0].strip()[:80]


def _read(payload: bytes) -> dict[str, Any] | None:
    try:
        return _object(json.loads(payload))
    except ValueError:
        return None


def _object(value: object) -> dict[str, Any] | None:
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None
