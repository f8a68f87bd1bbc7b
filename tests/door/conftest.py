from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest

from domain.calendar import ZONE
from tests.door.echo import Echo, served

FRIDAY = datetime(2026, 11, 20, 8, 12, tzinfo=ZONE)


@pytest.fixture
def echo() -> Echo:
    return Echo(FRIDAY)


@pytest.fixture
async def door(echo: Echo) -> AsyncIterator[str]:
    async with served(echo) as base_url:
        yield base_url


@pytest.fixture
async def page(door: str) -> AsyncIterator[httpx.AsyncClient]:
    """What the browser would be, without the browser."""
    async with httpx.AsyncClient(base_url=door, headers={"origin": door}, timeout=30, trust_env=False) as client:
        yield client
