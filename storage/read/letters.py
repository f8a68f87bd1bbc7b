"""Letters: what was planned, sent, left out or is uncertain, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import meta, outbox, planned

_LETTER = outbox.c.kind == "letter"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter without its words: by which rule, to whom, and what became of it."""

    id: int
    rule: str
    person_id: int
    unit_id: int | None
    period: str
    step: int
    state: str
    reason: str
    not_before: datetime | None
    made_at: datetime
    settled_at: datetime | None


async def last_sent(tx: AsyncConnection, rule: str, person_id: int, before: datetime) -> datetime | None:
    """When the newest letter of that rule before a moment went out to the person, for sure or perhaps."""
    query = select(func.max(outbox.c.settled_at)).where(
        _LETTER,
        outbox.c.person_id == person_id,
        outbox.c.rule == rule,
        outbox.c.state.in_(("sent", "uncertain")),
        outbox.c.settled_at < before,
    )
    return await tx.scalar(query)


async def planned_since(tx: AsyncConnection, rule: str) -> str | None:
    """The first period of the rule that was not over when it was last planned."""
    return await tx.scalar(select(meta.c.value).where(meta.c.name == mark_of(rule)))


def mark_of(rule: str) -> str:
    return f"planned {rule}"


async def waiting(tx: AsyncConnection, rule: str) -> list[Letter]:
    """The rule's letters that are neither sent nor given up."""
    query = select(outbox).where(_LETTER, outbox.c.state.in_(("planned", "held")), outbox.c.rule == rule)
    return [_letter(row) for row in await tx.execute(query.order_by(outbox.c.id))]


async def planned_keys(tx: AsyncConnection, rule: str, period: str) -> set[str]:
    """Keys of the rule's letters of a period that are planned already."""
    query = (
        select(planned.c.key)
        .join_from(outbox, planned, planned.c.outbox_id == outbox.c.id)
        .where(_LETTER, outbox.c.rule == rule, outbox.c.period == period)
    )
    return set((await tx.execute(query)).scalars())


async def of_period(tx: AsyncConnection, rule: str, period: str) -> list[Letter]:
    """The rule's letters of a period, the oldest first."""
    query = select(outbox).where(_LETTER, outbox.c.rule == rule, outbox.c.period == period)
    return [_letter(row) for row in await tx.execute(query.order_by(outbox.c.id))]


async def of_person(tx: AsyncConnection, person_id: int, since: datetime) -> list[Letter]:
    """What was planned for a person since a moment, the newest first."""
    query = select(outbox).where(_LETTER, outbox.c.person_id == person_id, outbox.c.made_at >= since)
    return [_letter(row) for row in await tx.execute(query.order_by(outbox.c.id.desc()))]


async def about(tx: AsyncConnection, unit_id: int, rule: str, period: str) -> list[Letter]:
    """A rule's letters about a unit in a period, the oldest first."""
    query = select(outbox).where(_LETTER, outbox.c.unit_id == unit_id, outbox.c.rule == rule, outbox.c.period == period)
    return [_letter(row) for row in await tx.execute(query.order_by(outbox.c.id))]


async def of_unit(tx: AsyncConnection, unit_id: int, since: datetime) -> list[Letter]:
    """What was planned about a unit since a moment, the newest first."""
    query = select(outbox).where(_LETTER, outbox.c.unit_id == unit_id, outbox.c.made_at >= since)
    return [_letter(row) for row in await tx.execute(query.order_by(outbox.c.id.desc()))]


async def known_keys(tx: AsyncConnection, keys: Collection[str]) -> set[str]:
    """Which of these keys are planned already."""
    return set((await tx.execute(select(planned.c.key).where(planned.c.key.in_(list(keys))))).scalars())


async def by_key(tx: AsyncConnection, key: str) -> Letter | None:
    query = select(outbox).join_from(planned, outbox, outbox.c.id == planned.c.outbox_id).where(planned.c.key == key)
    found = (await tx.execute(query)).one_or_none()
    return _letter(found) if found else None


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        rule=row.rule,
        person_id=row.person_id,
        unit_id=row.unit_id,
        period=row.period,
        step=row.step,
        state=row.state,
        reason=row.reason,
        not_before=row.not_before,
        made_at=row.made_at,
        settled_at=row.settled_at,
    )
