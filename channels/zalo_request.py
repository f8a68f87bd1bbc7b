"""How Zalo is asked over HTTP: the body is read before the status, and each failure says whether anything was sent."""

import json
import re
from collections.abc import Mapping
from typing import cast

import httpx

from channels.channel import Refused, SendingFailed, TryLater, Uncertain
from channels.standing import State, Trouble

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
CONNECTIONS = 32

PAUSE_WITHOUT_NETWORK_SECONDS = 5.0
PAUSE_WHEN_TOO_FAST_SECONDS = 30.0
PAUSE_WITHOUT_QUOTA_SECONDS = 600.0
PAUSE_WITHOUT_TOKEN_SECONDS = 300.0

Json = Mapping[str, object]

NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class ZaloError(Exception):
    """Asking Zalo failed. The words are short and ours: no address, which holds the token, and no content.

    NotSent       there was no connection, so nothing was sent
    Lost          the request may have arrived; its answer did not
    Unreadable    the answer is not one of Zalo's
    ErrorAnswer   Zalo, or something in front of it, says no
    """


class NotSent(ZaloError):
    """There was no connection, so nothing was sent."""


class Lost(ZaloError):
    """The request may have arrived; its answer did not."""


class Unreadable(ZaloError):
    """The answer is not one of Zalo's."""


class ErrorAnswer(ZaloError):
    """`code` is that of the body, or the status where the body has none. Only Zalo itself speaks JSON: `is_zalo`."""

    def __init__(self, code: int, description: str = "", *, is_zalo: bool = True) -> None:
        super().__init__(f"answer {code}")
        self.code = code
        self.description = description
        self.is_zalo = is_zalo


class Api:
    """Zalo's methods for one token."""

    def __init__(self, token: str, api_url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{api_url.rstrip('/')}/bot{token}/",
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            follow_redirects=False,
            # Which way our traffic goes is a setting of ours, not of the environment.
            trust_env=False,
        )

    async def call(self, method: str, parameters: Json | None = None, *, more_seconds: float = 0.0) -> object:
        """The result of a method that may take `more_seconds` longer than others; otherwise a `ZaloError`."""
        return _result(*await self.answer(method, parameters, more_seconds=more_seconds))

    async def answer(
        self, method: str, parameters: Json | None = None, *, more_seconds: float = 0.0
    ) -> tuple[int, bytes]:
        """Status and body as they came, whatever they say."""
        if self._client.is_closed:
            raise NotSent("no connection")
        timeout = httpx.Timeout(READ_SECONDS + more_seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        try:
            answer = await self._client.post(method, json=parameters or {}, timeout=timeout)
        except NOTHING_SENT:
            failure: ZaloError = NotSent("no connection")
        except (httpx.HTTPError, httpx.InvalidURL):
            failure = Lost("no answer")
        else:
            return answer.status_code, answer.content
        # Raised out here so that the cause, which holds the address with the token, is not carried along.
        raise failure

    async def close(self) -> None:
        await self._client.aclose()


def _result(status: int, body: bytes) -> object:
    """An error mostly comes with status 200, a page of something in front of Zalo with any."""
    answer = as_object(read_body(body))
    if answer is None:
        raise Unreadable("unreadable answer") if status < 300 else ErrorAnswer(status, is_zalo=False)
    if answer.get("ok") is True:
        return answer.get("result")
    if "event_name" in answer:
        return answer
    code = answer.get("error_code")
    if isinstance(code, int) and code > 0:
        raise ErrorAnswer(code, str(answer.get("description") or ""))
    raise Unreadable("unreadable answer") if status < 300 else ErrorAnswer(status)


def as_object(value: object) -> Json | None:
    return cast(Json, value) if isinstance(value, dict) else None


def as_sending_failure(error: ZaloError) -> SendingFailed:
    """What an error of a request means for the message that was to be sent; nothing that may have arrived is repeated.

    A 403 is what Zalo calls its own trouble, a 408 that it lost patience with itself.
    """
    match error:
        case NotSent():
            return TryLater(PAUSE_WITHOUT_NETWORK_SECONDS, whole_account=True, reason="no connection")
        case ErrorAnswer(code=429, is_zalo=is_zalo):
            seconds = PAUSE_WITHOUT_QUOTA_SECONDS if is_zalo else PAUSE_WHEN_TOO_FAST_SECONDS
            return TryLater(seconds, whole_account=True, reason="quota used up" if is_zalo else "too many requests")
        case ErrorAnswer(code=401, is_zalo=True):
            return TryLater(PAUSE_WITHOUT_TOKEN_SECONDS, whole_account=True, reason="token refused")
        case ErrorAnswer(code=403 | 408, is_zalo=True):
            return Uncertain(str(error))
        case ErrorAnswer(code=code) if code >= 500:
            return Uncertain(str(error))
        case ErrorAnswer(code=code, is_zalo=False):
            return TryLater(PAUSE_WITHOUT_NETWORK_SECONDS, whole_account=True, reason=f"answer {code} on the way")
        case ErrorAnswer(code=code, description=description):
            return Refused(f"answer {code}: {without_content(description)}")
        case _:
            return Uncertain(str(error))


def trouble_of(error: ZaloError) -> Trouble:
    """What a failed question means for listening."""
    match error:
        case ErrorAnswer(code=401, is_zalo=True):
            return Trouble(State.REFUSED, "the token is refused")
        case ErrorAnswer(code=429):
            return Trouble(State.OFFLINE, str(error), seconds=PAUSE_WHEN_TOO_FAST_SECONDS)
        case _:
            return Trouble(State.OFFLINE, str(error))


def without_content(description: str) -> str:
    """The platform's words up to where it begins to quote ours, which may be a name."""
    said = re.sub(r"^bad request: ", "", description, flags=re.IGNORECASE)
    return re.split(r"""[":]|\s'""", said, maxsplit=1)[0].strip()[:80]


def read_body(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
