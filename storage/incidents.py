"""Incidents: opened once and closed by themselves, whoever watches; with them, in the same commit, who is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.incidents import Incident, IncidentKind, Trouble
from domain.messages import Reply
from storage.database import Database
from storage.keepers import letters_to, organisers, tell_admins
from storage.letters import plan_now
from storage.outages import HEARD, note_outage
from storage.read.incidents import incident_of
from storage.statements import insert_new, lease_clock
from storage.tables import incidents, outbox, signs

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
    told_now = tell_admins(tx, reply, now)
    others = organisers(tx, now, but=told_now)
    step = 0 if incident.closed_at is None else 1
    if step:
        others = _who_knows(tx, incident, others, now)
    plan_now(tx, letters_to(others, reply, RULE, str(incident.id), step, told.letters_at), now)


def _who_knows(tx: Connection, incident: Incident, people: Sequence[int], now: datetime) -> list[int]:
    """Those who were told that it began; whoever was not yet is spared both letters."""
    of_it = (outbox.c.rule == RULE) & (outbox.c.period == str(incident.id)) & (outbox.c.step == 0)
    waits = of_it & outbox.c.state.in_(("planned", "held"))
    tx.execute(update(outbox).where(waits).values(state="skipped", reason="over already", body=None, settled_at=now))
    knows = set(tx.execute(select(outbox.c.person_id).where(of_it, outbox.c.state != "skipped")).scalars())
    return [person_id for person_id in people if person_id in knows]
