"""Incidents: opened once and closed by themselves, whoever watches; with them, in the same commit, who is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.changes import PlanLetter
from domain.incidents import Incident, IncidentKind, Trouble
from domain.messages import Reply
from domain.people import Role
from storage.asking import put_reply
from storage.database import Database, insert_new, lease_clock
from storage.letters import plan_now
from storage.outages import HEARD, note_outage
from storage.reaching import best_first
from storage.read.incidents import incident_of
from storage.tables import addresses, incidents, outbox, posts, signs, unit_places

RULE = "incident"


@dataclass(frozen=True, slots=True)
class Told:
    """The words of an incident, and when those may have them who are no admins: admins are told at once."""

    says: Callable[[Incident], Reply]
    letters_at: datetime


async def give_signs(db: Database, given: dict[str, tuple[float, float]]) -> None:
    """Signs of life, by name: how many seconds ago, and what was measured."""

    def write(tx: Connection) -> None:
        for name in sorted(given):
            ago, value = given[name]
            at = lease_clock(tx) - ago
            if name.startswith(HEARD):
                note_outage(tx, name, at)
            new = insert_new(tx, signs).values(name=name, at=at, value=value)
            # Several processes tick; the last sign of any of them counts.
            newer = new.on_conflict_do_update(
                index_elements=[signs.c.name], set_={"at": at, "value": value}, where=signs.c.at < at
            )
            tx.execute(newer)

    await db.write(write)


async def settle_incidents(
    db: Database,
    now: datetime,
    told: Told,
    *,
    there: Sequence[Trouble] = (),
    over: Sequence[tuple[IncidentKind, str]] = (),
    past: Sequence[tuple[Trouble, datetime]] = (),
) -> list[Incident]:
    """Open what is there and close what is over; those that changed. Of two who see the same one is the first.

    `past` could not be written down while it lasted: since when.
    """

    def write(tx: Connection) -> list[Incident]:
        changed = [opened for trouble in there if (opened := _open(tx, trouble, now))]
        changed += [closed for kind, key in over if (closed := _close(tx, kind, key, now))]
        for trouble, since in past:
            _open(tx, trouble, since)
            closed = _close(tx, trouble.kind, trouble.key, now)
            changed += [closed] if closed else []
        for incident in changed:
            _tell(tx, incident, told, now)
        return changed

    return await db.write(write)


def _open(tx: Connection, trouble: Trouble, at: datetime) -> Incident | None:
    values = {"kind": trouble.kind.value, "key": trouble.key, "amount": trouble.amount, "opened_at": at}
    new = insert_new(tx, incidents).values(values).on_conflict_do_nothing().returning(incidents)
    row = tx.execute(new).one_or_none()
    return incident_of(row) if row else None


def _close(tx: Connection, kind: IncidentKind, key: str, now: datetime) -> Incident | None:
    is_open = (incidents.c.kind == kind.value) & (incidents.c.key == key) & incidents.c.closed_at.is_(None)
    row = tx.execute(update(incidents).where(is_open).values(closed_at=now).returning(incidents)).one_or_none()
    return incident_of(row) if row else None


def _tell(tx: Connection, incident: Incident, told: Told, now: datetime) -> None:
    reply = told.says(incident)
    admins = _holders(tx, Role.ADMIN, now)
    for person_id, contact_id in _reached(tx, admins):
        put_reply(tx, contact_id=contact_id, person_id=person_id, item_id=None, reply=reply, draft=None, now=now)
    organisers = [one for one in _holders(tx, Role.ORGANISER, now) if one not in admins]
    step = 0 if incident.closed_at is None else 1
    if step:
        organisers = _who_knows(tx, incident, organisers, now)
    letters = [
        PlanLetter(
            key=f"{RULE}|{incident.id}|{step}|{person_id}",
            rule=RULE,
            person_id=person_id,
            not_before=told.letters_at,
            period=str(incident.id),
            step=step,
            reply=reply,
        )
        for person_id in organisers
    ]
    plan_now(tx, letters, now)


def _who_knows(tx: Connection, incident: Incident, organisers: Sequence[int], now: datetime) -> list[int]:
    """Those who were told that it began; whoever was not yet is spared both letters."""
    of_it = (outbox.c.rule == RULE) & (outbox.c.period == str(incident.id)) & (outbox.c.step == 0)
    waits = of_it & outbox.c.state.in_(("planned", "held"))
    tx.execute(update(outbox).where(waits).values(state="skipped", reason="over already", body=None, settled_at=now))
    knows = set(tx.execute(select(outbox.c.person_id).where(of_it, outbox.c.state != "skipped")).scalars())
    return [person_id for person_id in organisers if person_id in knows]


def _holders(tx: Connection, role: Role, now: datetime) -> list[int]:
    """Who holds the role today; of organisers those of the topmost unit."""
    day = now.date()
    held = (posts.c.role == role.value) & (posts.c.since <= day) & (posts.c.until.is_(None) | (posts.c.until >= day))
    query = select(posts.c.person_id).where(held).distinct().order_by(posts.c.person_id)
    if role is Role.ORGANISER:
        topmost = select(unit_places.c.unit_id).where(
            unit_places.c.parent_id.is_(None),
            unit_places.c.valid_from <= day,
            unit_places.c.valid_to.is_(None) | (unit_places.c.valid_to > day),
        )
        query = query.where(posts.c.unit_id.in_(topmost))
    return list(tx.execute(query).scalars())


def _reached(tx: Connection, people: Sequence[int]) -> list[tuple[int, int]]:
    """Each with their best chat: not the one of which this may be told that nothing arrives there."""
    query = (
        select(addresses.c.person_id, addresses.c.id)
        .where(addresses.c.person_id.in_(list(people)), ~addresses.c.is_blocked, ~addresses.c.is_group)
        .order_by(*best_first(addresses))
    )
    found: dict[int, int] = {}
    for row in tx.execute(query):
        found.setdefault(row.person_id, row.id)
    return sorted(found.items())
