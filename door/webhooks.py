"""Where platforms bring what people wrote: whoever knows the secret is listened to, and told 200 once it is kept."""

import asyncio
import json
import logging
import time
from secrets import compare_digest

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.channel import Hook, NotUnderstood

LARGEST_BODY = 1024 * 1024
REFUSED_SECONDS = 3600.0
"""That somebody without the secret knocks is said once in so long, whoever else comes in between."""
"""A platform's update is a few kilobytes: a message has 4,096 characters."""

READ_SECONDS = 10.0

log = logging.getLogger("ketnap.webhook")


class _TooLarge(Exception):
    """Nothing of ours is as large as this, so it is not read to its end."""


def route(hook: Hook) -> Route:
    return Route(hook.path, _Desk(hook).answer, methods=["POST"])


class _Desk:
    """Takes what is brought to one hook. In trouble it says so once, not each time: a flood must not fill the log."""

    def __init__(self, hook: Hook) -> None:
        if not hook.secret:
            raise ValueError("a webhook without a secret is open to everybody")
        self._hook = hook
        self._refused_at = -REFUSED_SECONDS
        self._is_failing = False

    async def answer(self, request: Request) -> Response:
        """What the platform is told. Anything but 2xx makes it bring the same again, later and later.

        So 200 is for what is kept, or needs not be; 503 for what could not be kept just now; and 4xx only for what no
        platform would send: its own updates always have an id, and are kept whatever else stands in them.
        """
        if self._hook.is_probed and _is_empty(request):
            return Response(status_code=200)
        if not self._knows_secret(request):
            return _refused(401)
        try:
            async with asyncio.timeout(READ_SECONDS):
                update = json.loads(await _body(request))
        except _TooLarge:
            return _refused(413)
        except TimeoutError:
            return _refused(408)
        except (ClientDisconnect, RecursionError, ValueError):
            return _refused(400)
        try:
            said = await self._hook.receive(update)
        except NotUnderstood:
            return _refused(400)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being stored, it is to be brought again
            self._fail(type(error).__name__)
            return _refused(503)
        if self._is_failing:
            log.info("webhook keeps again path=%s", self._hook.path)
        self._is_failing = False
        return JSONResponse(said) if said else Response(status_code=200)

    def _knows_secret(self, request: Request) -> bool:
        given = request.headers.get(self._hook.header, "")
        # In the same time whatever was given, so that nobody learns how much of it was right.
        is_known = compare_digest(given.encode(), self._hook.secret.encode())
        if not is_known and time.monotonic() - self._refused_at >= REFUSED_SECONDS:
            self._refused_at = time.monotonic()
            log.warning("webhook refused path=%s secret=%s", self._hook.path, "wrong" if given else "missing")
        return is_known

    def _fail(self, reason: str) -> None:
        if not self._is_failing:
            log.error("webhook keeps nothing path=%s error=%s", self._hook.path, reason)
        self._is_failing = True


def _is_empty(request: Request) -> bool:
    return request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > LARGEST_BODY:
        raise _TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLarge
    return bytes(body)


def _refused(status: int) -> Response:
    """Without a word why, and without reading on: what follows on this connection may be the rest of the body."""
    return Response(status_code=status, headers={"connection": "close"})
