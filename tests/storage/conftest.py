"""The small office, fresh for each test, on both databases."""

import pytest

from storage.database import Database
from tests.storage.small_office import SmallOffice, small_office


@pytest.fixture
async def office(database: Database) -> SmallOffice:
    return await small_office(database)
