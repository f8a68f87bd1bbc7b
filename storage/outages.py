"""Stops so long that the platform no longer kept what people wrote: noted as an account is heard of again."""

from sqlalchemy import ColumnElement, Connection, select

from storage.statements import insert_new
from storage.tables import signs

HEARD = "hear:"
OUTAGE = "outage:"
"""The names of signs of life of an account, and of its last outage: its end, with its beginning as the value."""

KEPT_SECONDS = 24 * 3600.0
"""So long a platform keeps what it could not deliver."""


def note_outage(tx: Connection, sign: str, at: ColumnElement[float]) -> None:
    """Called before the sign is given anew; any process may be the first."""
    query = select(signs.c.at, at.label("again")).where(signs.c.name == sign, signs.c.at < at - KEPT_SECONDS)
    gap = tx.execute(query.with_for_update()).one_or_none()
    if gap is None:
        return
    ends = {"at": gap.again, "value": gap.at}
    new = insert_new(tx, signs).values(name=OUTAGE + sign.removeprefix(HEARD), **ends)
    tx.execute(new.on_conflict_do_update(index_elements=[signs.c.name], set_=ends))
