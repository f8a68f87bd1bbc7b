"""Branches that owe a word: nobody has entered anything in their reporting month, now or as it stood at a moment."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.reminders import Month
from domain.units import Unit
from storage.read import entries, units
from storage.tables import audit


async def branches(tx: AsyncConnection, month: Month, *, on: date, at: datetime) -> list[Unit]:
    """Branches of a day that had said nothing at a moment; those with nobody left to admit owe nothing."""
    asked = [unit for unit in await units.branches(tx, on) if not unit.nobody_left]
    quiet = await of_units(tx, [unit.id for unit in asked], month, at=at)
    return [unit for unit in asked if unit.id in quiet]


async def of_units(tx: AsyncConnection, unit_ids: Collection[int], month: Month, *, at: datetime) -> set[int]:
    """Which of these units had said nothing at a moment."""
    admitted, nothing = await entries.reported(tx, unit_ids, month.first, since=month.since, at=at)
    return set(unit_ids) - admitted - nothing


async def had_nobody_left(tx: AsyncConnection, unit: Unit, at: datetime) -> bool:
    """Whether the branch was marked at a moment as having nobody left to admit; the audit knows of changes."""
    query = select(audit.c.what, audit.c.changed_at).where(
        audit.c.unit_id == unit.id, audit.c.what.in_(("nobody_left", "somebody_again"))
    )
    changes = [(datetime.fromisoformat(moment), what) for what, moment in await tx.execute(query.order_by(audit.c.id))]
    later = [what for moment, what in changes if moment > at]
    return later[0] == "somebody_again" if later else unit.nobody_left
