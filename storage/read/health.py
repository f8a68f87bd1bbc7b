"""How the queues stand: counts and ages for those who watch over the bot. No chat, no person, no word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import lease_clock
from storage.tables import inbox, leases, outbox

_ON_ITS_WAY = ("planned", "claimed")


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may do what only one may do. `seconds_left` below zero: its holder is gone, and nobody followed."""

    name: str
    owner: str
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Health:
    """`turns` by state: waiting, done, failed. `outbox` by kind and state; `letters` by rule and state.

    `oldest_waiting_at`: when the message was heard that waits longest. `oldest_unsent_at`: when the reply was made that
    is on its way for longest. `leases` by name.
    """

    turns: Mapping[str, int]
    oldest_waiting_at: datetime | None
    outbox: Mapping[tuple[str, str], int]
    letters: Mapping[tuple[str, str], int]
    oldest_unsent_at: datetime | None
    leases: Mapping[str, Lease]

    @property
    def waiting(self) -> int:
        return self.turns.get("waiting", 0)


async def queues(tx: AsyncConnection) -> Health:
    """All figures. They count whole tables: not to be asked more than a few times a minute."""
    turns = dict((await tx.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))).all())
    oldest_waiting_at = await tx.scalar(select(func.min(inbox.c.heard_at)).where(inbox.c.state == "waiting"))
    by_state: dict[tuple[str, str], int] = {}
    by_rule: dict[tuple[str, str], int] = {}
    groups = (outbox.c.kind, outbox.c.rule, outbox.c.state)
    for kind, rule, state, count in await tx.execute(select(*groups, func.count()).group_by(*groups)):
        by_state[kind, state] = by_state.get((kind, state), 0) + count
        if kind == "letter":
            by_rule[rule, state] = count
    unsent = (outbox.c.kind == "reply") & outbox.c.state.in_(_ON_ITS_WAY)
    oldest_unsent_at = await tx.scalar(select(func.min(outbox.c.made_at)).where(unsent))
    return Health(turns, oldest_waiting_at, by_state, by_rule, oldest_unsent_at, await held(tx))


async def held(tx: AsyncConnection) -> dict[str, Lease]:
    """The leases as they stand now, by name; that they are renewed shows that the database can be written."""
    left = (leases.c.lease_until - lease_clock(tx)).label("seconds_left")
    rows = await tx.execute(select(leases.c.name, leases.c.owner, left))
    return {row.name: Lease(row.name, row.owner, row.seconds_left) for row in rows}
