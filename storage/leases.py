"""Leases: for each token one process polls and one sends; another takes over when the lease ends."""

from sqlalchemy import Connection, delete, or_, select

from storage.database import Database
from storage.statements import insert_new, lease_clock, lease_over
from storage.tables import leases


async def take_lease(db: Database, name: str, owner: str, seconds: float) -> bool:
    """Take the lease if it is free or ours, for so many seconds from now; False if somebody else has it."""

    def write(tx: Connection) -> bool:
        clock = lease_clock(tx)
        new = insert_new(tx, leases).values(name=name, owner=owner, lease_until=clock + seconds)
        taken = new.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": owner, "lease_until": clock + seconds},
            where=or_(leases.c.owner == owner, lease_over(leases.c.lease_until, clock)),
        )
        return tx.execute(taken).rowcount == 1

    return await db.write(write)


async def seconds_left(db: Database, name: str, owner: str) -> float:
    """How long somebody else still has the lease; 0 if it is free or ours."""
    async with db.reading() as tx:
        clock = lease_clock(tx)
        others = (leases.c.name == name) & (leases.c.owner != owner) & ~lease_over(leases.c.lease_until, clock)
        return await tx.scalar(select(leases.c.lease_until - clock).where(others)) or 0.0


async def end_lease(db: Database, name: str, owner: str) -> None:
    def write(tx: Connection) -> None:
        tx.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))

    await db.write(write)
