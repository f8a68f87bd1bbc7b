"""What was not understood, the most frequent first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import misread


@dataclass(frozen=True, slots=True)
class Misread:
    """A shape, how often it was heard, and when last."""

    shape: str
    times: int
    last: date


async def most_frequent(tx: AsyncConnection, limit: int) -> tuple[Misread, ...]:
    times, last = func.sum(misread.c.times), func.max(misread.c.day)
    found = await tx.execute(
        select(misread.c.shape, times.label("times"), last.label("last"))
        .group_by(misread.c.shape)
        .order_by(times.desc(), last.desc(), misread.c.shape)
        .limit(limit)
    )
    return tuple(Misread(row.shape, int(row.times), row.last) for row in found)
