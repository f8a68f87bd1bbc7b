"""Incidents, signs of life, and how long the oldest waits in each queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incidents import Incident, IncidentKind
from storage.statements import lease_clock
from storage.tables import inbox, incidents, outbox, signs


@dataclass(frozen=True, slots=True)
class Sign:
    """How many seconds ago it was given, and what was measured then."""

    ago: float
    value: float


@dataclass(frozen=True, slots=True)
class Queues:
    """Since when the oldest waits: what was heard, a reply that may go, a letter that may go. None: nothing waits."""

    heard_at: datetime | None
    reply_at: datetime | None
    letter_at: datetime | None


async def open_incidents(tx: AsyncConnection) -> list[Incident]:
    rows = await tx.execute(select(incidents).where(incidents.c.closed_at.is_(None)).order_by(incidents.c.id))
    return [incident_of(row) for row in rows]


async def all_signs(tx: AsyncConnection) -> Mapping[str, Sign]:
    ago = (lease_clock(tx) - signs.c.at).label("ago")
    return {row.name: Sign(row.ago, row.value) for row in await tx.execute(select(signs.c.name, ago, signs.c.value))}


async def oldest(tx: AsyncConnection, now: datetime) -> Queues:
    """By the partial indexes of what waits, however long the tables are."""
    waits = outbox.c.state.in_(("planned", "claimed")) & (outbox.c.not_before.is_(None) | (outbox.c.not_before <= now))
    heard_at = await tx.scalar(select(func.min(inbox.c.heard_at)).where(inbox.c.state == "waiting"))
    reply_at = await tx.scalar(select(func.min(outbox.c.made_at)).where(outbox.c.kind == "reply", waits))
    letter_at = await tx.scalar(select(func.min(outbox.c.not_before)).where(outbox.c.kind == "letter", waits))
    return Queues(heard_at, reply_at, letter_at)


def incident_of(row: Row[Any]) -> Incident:
    return Incident(row.id, IncidentKind(row.kind), row.key, row.amount, row.opened_at, row.closed_at)
