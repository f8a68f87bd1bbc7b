"""What stands in the database, read behind the bot's back."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from domain.records import EntryState, Standing
from storage.database import Database
from storage.tables import candidates, entries, metadata


async def rows(database: Database, query: Any) -> list[Any]:
    async with database.reading() as tx:
        return list((await tx.execute(query)).all())


async def count(database: Database, table: FromClause, *where: ColumnElement[bool]) -> int:
    return (await rows(database, select(func.count()).select_from(table).where(*where)))[0][0]


async def live(database: Database) -> list[int]:
    """The numbers of the entries that hold."""
    query = select(entries.c.number).where(entries.c.state == EntryState.LIVE.value).order_by(entries.c.number)
    return [row.number for row in await rows(database, query)]


async def drafts(database: Database) -> int:
    """How many people are kept for a card that is still open."""
    return await count(database, candidates, candidates.c.standing == Standing.DRAFT.value)


def everything(tx: Connection, *, but: tuple[str, ...] = ()) -> str:
    """All words and numbers of the database, to seek in them."""
    tables = [table for table in metadata.sorted_tables if table.name not in but]
    return "\n".join(str(tx.execute(select(table)).all()) for table in tables)
