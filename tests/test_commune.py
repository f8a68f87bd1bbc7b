"""A commune's month on Zalo stays within what the free plan gives one bot; the bot's own count is Zalo's."""

from collections.abc import Generator
from datetime import date

import pytest
from sqlalchemy import select

from domain.budget import Plan, Usage
from storage.database import Database
from storage.read.usage import of_month
from storage.tables import outbox
from tests.commune import COMMUNE, PAGE, SMALL, Size, commune, month_of, on_page, table
from tests.platforms.client import Emulator
from tests.records import rows

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def zalo() -> Generator[Emulator]:
    with Emulator.start(platform="zalo") as running:
        yield running


async def lived(database: Database, zalo: Emulator, size: Size, *, zeal: float = 1.0) -> str:
    """The month's table, having looked that nothing was counted twice or not at all."""
    async with commune(database, zalo, size, zeal=zeal) as here:
        heard, said = await month_of(here)
        async with database.reading() as tx:
            [counted] = await of_month(tx, date(2027, 3, 1))
    assert counted == Usage(counted.of, heard.total(), said.total())
    assert said.total() == len(zalo.sent())
    assert set(zalo.stats()["errors"]) <= {"getUpdates 408", "getWebhookInfo 404"}
    assert counted.used < Plan().messages_a_month
    told = table(heard, said)
    print(f"zeal {zeal}", told, sep="\n")
    return told


async def test_a_month_of_a_small_commune_is_as_the_document_has_it(database: Database, zalo: Emulator) -> None:
    assert await lived(database, zalo, SMALL) in on_page("small month", PAGE)


@on_sqlite
async def test_where_the_plan_is_too_small_everybody_is_answered_and_letters_wait(
    database: Database, zalo: Emulator
) -> None:
    plan = Plan(messages_a_month=280)
    async with commune(database, zalo, SMALL, zalo_plan=plan) as here:
        heard, said = await month_of(here)
        found = await rows(database, select(outbox).where(outbox.c.kind == "letter"))
        async with database.reading() as tx:
            [counted] = await of_month(tx, date(2027, 3, 1))
    assert counted.used == heard.total() + said.total() > plan.messages_a_month
    assert [(row.step, row.state) for row in found if row.rule == "budget"] == [(80, "sent"), (95, "sent")]
    [last] = [row.settled_at for row in found if row.rule == "budget" and row.step == 95]
    assert [row.rule for row in found if row.state == "sent" and row.settled_at > last] == []
    assert "kept for answers" in {row.reason for row in found}


@pytest.mark.campaign
@on_sqlite
async def test_a_month_of_a_commune_is_as_the_document_has_it(database: Database, zalo: Emulator) -> None:
    assert COMMUNE.people == Plan().people
    assert await lived(database, zalo, COMMUNE) in on_page("month", PAGE)


@pytest.mark.campaign
@on_sqlite
async def test_even_where_everybody_writes_twice_as_much_a_month_is_enough(database: Database, zalo: Emulator) -> None:
    await lived(database, zalo, COMMUNE, zeal=2.0)
