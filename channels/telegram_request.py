"""How Telegram is asked over HTTP, and what each way of failing means for a message."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
import httpx
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

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


class TelegramRequest(BaseRequest):
    """The library's way to Telegram on aiohttp itself, with our errors: they tell sent from unsent, and carry neither
    token nor content.

    The library's own goes through httpx, which takes longer than aiohttp and all the rest of a request together, loses
    the status code, keeps the token in its causes, and logs unreadable answers whole.
    """

    def __init__(self, *, proxy: str | None, connections: int) -> None:
        self._proxy = proxy
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Nothing: the session is opened by the first request, in the loop that it belongs to."""

    async def shutdown(self) -> None:
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        if self._is_closed:
            raise NotSent("closed")
        self._session = self._session or _open_session(self._connections)
        files = request_data.multipart_data if request_data else {}
        seconds = read_timeout if isinstance(read_timeout, int | float) else UPLOAD_SECONDS if files else READ_SECONDS
        try:
            async with self._session.request(
                method,
                url,
                data=_form(request_data.json_parameters, files) if request_data else None,
                headers=None if files else _PLAIN,
                timeout=aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_read=seconds),
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                code, payload = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            was_sent = not isinstance(error, _WITHOUT_CONNECTION)
            failure: TelegramError = Lost("no answer") if was_sent else NotSent("not sent")
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


_WITHOUT_CONNECTION = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""Only these mean that no connection was made; any other may have broken one after the request had left."""


def _open_session(connections: int) -> aiohttp.ClientSession:
    """Proxies of the environment are not used: which way our traffic goes is a setting of ours."""
    return aiohttp.ClientSession(
        # The certificates that httpx brings along, for machines that have none.
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=5.0, ssl=httpx.create_ssl_context()),
        headers={"User-Agent": BaseRequest.USER_AGENT},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


_PLAIN = {"Content-Type": "application/x-www-form-urlencoded"}


def _form(fields: Mapping[str, str], files: Mapping[str, Any]) -> bytes | aiohttp.FormData:
    if not files:
        # By ourselves: the library's form is made to hold files, whether or not there are any, and takes its time.
        return urlencode(fields).encode()
    form = aiohttp.FormData(fields, quote_fields=False)
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


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
