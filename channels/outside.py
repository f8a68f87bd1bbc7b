"""What is asked of the outside without any message: a watcher is called while all is well, a platform told the time."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

SECONDS = 10.0

log = logging.getLogger("ketnap.heartbeat")


class Heartbeat:
    """Calls the watcher. The address is as good as a password, so it is never said why in the error's own words."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_heard = True

    async def __call__(self) -> bool:
        """Whether the watcher heard it."""
        why = await self._call()
        if why and self._is_heard:
            log.warning("heartbeat not heard %s", why)
        if not why and not self._is_heard:
            log.info("heartbeat heard again")
        self._is_heard = not why
        return self._is_heard

    async def _call(self) -> str:
        try:
            async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client:
                answer = await client.get(self._url)
        except httpx.HTTPError as error:
            return f"error={type(error).__name__}"
        return "" if answer.is_success else f"answer={answer.status_code}"


async def told_time(url: str, proxy: str | None) -> datetime | None:
    """What time it is where the platform is, to the second; None if it could not be asked."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, proxy=proxy) as client:
            answer = await client.head(url)
        told = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
