"""Snags that are open, of some units or one by its number."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.snags import Snag, SnagKind
from storage.tables import snags

IDS_AT_ONCE = 5000

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_OPEN = select(snags).where(snags.c.unit_id.in_(_ids), snags.c.closed_at.is_(None)).order_by(snags.c.id)
_ONE = select(snags).where(snags.c.id == bindparam("snag", type_=BigInteger), snags.c.closed_at.is_(None))


async def open_of(tx: AsyncConnection, unit_ids: Collection[int]) -> list[Snag]:
    """The open snags of these units, the oldest first."""
    ids = sorted(set(unit_ids))
    found: list[Snag] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        found += [_snag(row) for row in await tx.execute(_OPEN, {"ids": ids[start : start + IDS_AT_ONCE]})]
    return sorted(found, key=lambda snag: snag.id)


async def by_id(tx: AsyncConnection, snag_id: int) -> Snag | None:
    row = (await tx.execute(_ONE, {"snag": snag_id})).one_or_none()
    return _snag(row) if row else None


def _snag(row: Row[Any]) -> Snag:
    return Snag(
        id=row.id,
        candidate_id=row.candidate_id,
        unit_id=row.unit_id,
        kind=SnagKind(row.kind),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        taken_by=row.taken_by,
    )
