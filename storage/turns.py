"""What all parts of one writing transaction share."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from domain.refusals import Conflict
from storage.audit import Trail
from storage.counters import Tally
from storage.tables import addresses, outbox, people


class CountedPlace(NamedTuple):
    """Where a unit stood for a time, from the grass-roots organisation down."""

    valid_from: date
    valid_to: date | None
    path: str


@dataclass(slots=True)
class Turn:
    """A transaction under way. `person_id` is who acts: somebody who joins in this turn from then on.

    `places` are those of units met so far; no turn moves a unit after it has written an entry of it.
    """

    tx: Connection
    now: datetime
    salt: bytes
    person_id: int | None
    trail: Trail
    tally: Tally = field(default_factory=Tally)
    numbers: list[int] = field(default_factory=list[int])
    batch: int | None = None
    places: dict[int, list[CountedPlace]] = field(default_factory=dict[int, list[CountedPlace]])
    made: int = 0


def must_change(rowcount: int) -> None:
    """A conditional update that found nothing to change was decided on something that has moved."""
    if rowcount != 1:
        raise Conflict


def touch(tx: Connection, *person_ids: int) -> None:
    """Posts or chats of these people changed: whatever was decided on what they held before is decided anew."""
    for person_id in sorted(set(person_ids)):
        tx.execute(update(people).where(people.c.id == person_id).values(version=people.c.version + 1))


def block(tx: Connection, contact_id: int, reason: str, now: datetime) -> None:
    """Nothing can be said in this chat: its letters wait, its replies are given up."""
    here = (addresses.c.id == contact_id) & ~addresses.c.is_blocked
    tx.execute(update(addresses).where(here).values(is_blocked=True, blocked_reason=reason, blocked_at=now))
    tx.execute(
        update(outbox)
        .where(outbox.c.contact_id == contact_id, outbox.c.kind == "reply", outbox.c.state == "planned")
        .values(state="failed", reason="blocked", body=None, settled_at=outbox.c.made_at)
    )


def unblock(tx: Connection, contact_id: int) -> None:
    tx.execute(
        update(addresses)
        .where(addresses.c.id == contact_id)
        .values(is_blocked=False, blocked_reason="", blocked_at=None, shut_at=None)
    )
    person_id = tx.scalar(select(addresses.c.person_id).where(addresses.c.id == contact_id))
    if person_id is not None:
        release_held(tx, person_id)


def release_held(tx: Connection, person_id: int) -> None:
    """Letters that waited for an address may go."""
    tx.execute(
        update(outbox)
        .where(outbox.c.person_id == person_id, outbox.c.kind == "letter", outbox.c.state == "held")
        .values(state="planned", reason="")
    )
