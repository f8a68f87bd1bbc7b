"""Requests for a post, and announcements: what waits, what was decided, what arrived."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.people import Role
from storage.tables import announcements, inbox, outbox, requests


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a post; `unit_id` is None while nobody knows which unit is meant."""

    id: int
    contact_id: int
    person_id: int | None
    role: Role
    unit_id: int | None
    unit_said: str
    state: str
    made_at: datetime
    expires_at: datetime
    decided_by: int | None

    def waits(self, now: datetime) -> bool:
        return self.state == "waiting" and self.expires_at > now and self.person_id is not None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What was announced, by whom, and how many letters stand in which state."""

    id: int
    author_id: int
    unit_id: int
    made_at: datetime
    states: Counter[str]


async def by_id(tx: AsyncConnection, request_id: int) -> Request | None:
    found = (await tx.execute(select(requests).where(requests.c.id == request_id))).one_or_none()
    return _request(found) if found else None


async def last_from(tx: AsyncConnection, contact_id: int) -> Request | None:
    """The newest request from a chat."""
    query = select(requests).where(requests.c.contact_id == contact_id).order_by(requests.c.id.desc()).limit(1)
    found = (await tx.execute(query)).one_or_none()
    return _request(found) if found else None


async def waiting(tx: AsyncConnection, now: datetime) -> list[Request]:
    """All that wait for a decision, the oldest first."""
    query = select(requests).where(requests.c.state == "waiting", requests.c.expires_at > now)
    return [_request(row) for row in await tx.execute(query.order_by(requests.c.id))]


async def made_since(tx: AsyncConnection, since: datetime, contact_id: int | None = None) -> int:
    """How many were made after a moment, in all or from one chat."""
    query = select(func.count()).select_from(requests).where(requests.c.made_at > since)
    if contact_id is not None:
        query = query.where(requests.c.contact_id == contact_id)
    return await tx.scalar(query) or 0


async def announcement(tx: AsyncConnection, number: int) -> Announcement | None:
    found = (await tx.execute(select(announcements).where(announcements.c.id == number))).one_or_none()
    if found is None:
        return None
    letters = select(outbox.c.state, func.count()).where(
        outbox.c.kind == "letter", outbox.c.rule == "announcement", outbox.c.period == str(number)
    )
    states = Counter(dict((await tx.execute(letters.group_by(outbox.c.state))).all()))
    return Announcement(found.id, found.author_id, found.unit_id, found.made_at, states)


async def text_of(tx: AsyncConnection, item_id: int) -> str:
    """What was heard, cut, while it is kept."""
    return await tx.scalar(select(inbox.c.text).where(inbox.c.id == item_id)) or ""


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        contact_id=row.contact_id,
        person_id=row.person_id,
        role=Role(row.role),
        unit_id=row.unit_id,
        unit_said=row.unit_said,
        state=row.state,
        made_at=row.made_at,
        expires_at=row.expires_at,
        decided_by=row.decided_by,
    )
