"""Letters that change hands: from somebody who is away or cannot be reached to whoever answers in their place."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, literal, select, update
from sqlalchemy.sql.selectable import NamedFromClause

from domain.incidents import IncidentKind
from storage.database import Database
from storage.tables import AddressColumns, incidents, outbox

WAITING = ("planned", "held")
HAS_IT_TOO = "the deputy has it too"

NOTHING_ARRIVES = (IncidentKind.CHANNEL_REFUSED.value, IncidentKind.POLLER_SILENT.value)


def best_first(chats: NamedFromClause[AddressColumns]) -> tuple[ColumnElement[Any], ...]:
    """In which order the open chats of a person are to have letters: not over an account that is known to be down while
    there is another; where they are wanted; where the person was last heard.
    """
    # Asked once for all chats, not for each.
    down = select(incidents.c.key).where(incidents.c.kind.in_(NOTHING_ARRIVES), incidents.c.closed_at.is_(None))
    is_down = (chats.c.channel + literal(":") + chats.c.account).in_(down)
    return (
        case((is_down, 1), else_=0),
        case((chats.c.is_preferred.is_(True), 0), else_=1),
        chats.c.heard_at.desc(),
        chats.c.id.desc(),
    )


async def hand_on(db: Database, person_id: int, unit_ids: Collection[int], deputy_id: int, now: datetime) -> int:
    """What waits for a person about these units and is due goes to the deputy; how many letters that were.

    A letter that the deputy gets anyway is kept as skipped.
    """

    def write(tx: Connection) -> int:
        theirs = (
            (outbox.c.kind == "letter")
            & (outbox.c.person_id == person_id)
            & outbox.c.state.in_(WAITING)
            & outbox.c.unit_id.in_(set(unit_ids))
            & (outbox.c.not_before <= now)
        )
        return sum(_hand_on(tx, row, deputy_id, now) for row in tx.execute(select(outbox).where(theirs)).all())

    return await db.write(write)


def _hand_on(tx: Connection, row: Row[Any], deputy_id: int, now: datetime) -> int:
    same = select(outbox.c.id).where(
        outbox.c.kind == "letter",
        outbox.c.person_id == deputy_id,
        outbox.c.rule == row.rule,
        outbox.c.unit_id == row.unit_id,
        outbox.c.period == row.period,
        outbox.c.step == row.step,
        outbox.c.state.in_((*WAITING, "claimed", "sent", "uncertain")),
    )
    if not row.period:
        same = same.where(outbox.c.made_at == row.made_at)
    still = (outbox.c.id == row.id) & outbox.c.state.in_(WAITING)
    if tx.scalar(same.limit(1)) is not None:
        skipped = {"state": "skipped", "reason": HAS_IT_TOO, "settled_at": now, "body": None}
        return tx.execute(update(outbox).where(still).values(skipped)).rowcount
    handed = {"person_id": deputy_id, "state": "planned", "reason": "handed on", "question_id": None}
    return tx.execute(update(outbox).where(still).values(handed)).rowcount
