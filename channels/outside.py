"""What is asked of the outside without any message: a watcher is called while all is well, a platform told the time."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

SECONDS = 10.0

log = logging.getLogger("ketnap.heartbeat")


async def beat(url: str) -> bool:
    """Whether the watcher heard it. The address is as good as a password, so no error is repeated."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client:
            answer = await client.get(url)
    except httpx.HTTPError as error:
        log.warning("heartbeat not heard error=%s", type(error).__name__)
        return False
    if not answer.is_success:
        log.warning("heartbeat not heard answer=%d", answer.status_code)
    return answer.is_success


async def told_time(url: str, proxy: str | None) -> datetime | None:
    """What time it is where the platform is, to the second; None if it could not be asked."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, proxy=proxy) as client:
            answer = await client.head(url)
        told = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
