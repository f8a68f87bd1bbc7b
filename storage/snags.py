"""Snags within a turn: opened, taken over, gone."""

from sqlalchemy import insert, select, update

from domain.changes import OpenSnag, SettleSnag
from domain.refusals import Conflict
from domain.snags import Settling
from storage.tables import snags
from storage.turns import Turn, must_change


def open_snag(turn: Turn, change: OpenSnag) -> None:
    is_open = (snags.c.candidate_id == change.candidate_id) & snags.c.closed_at.is_(None)
    if turn.tx.scalar(select(snags.c.id).where(is_open)) is not None:
        raise Conflict
    told = {
        "candidate_id": change.candidate_id,
        "unit_id": change.unit_id,
        "kind": change.kind.value,
        "opened_by": turn.person_id,
        "opened_at": turn.now,
    }
    turn.made = turn.tx.execute(insert(snags).values(told).returning(snags.c.id)).scalar_one()
    turn.trail.note(
        "snag_opened", unit_id=change.unit_id, candidate_id=change.candidate_id, snag=turn.made, kind=change.kind.value
    )


def settle_snag(turn: Turn, change: SettleSnag) -> None:
    is_open = (snags.c.id == change.snag_id) & snags.c.closed_at.is_(None)
    if change.settling is Settling.TAKEN:
        values = {"taken_by": turn.person_id, "taken_at": turn.now}
    else:
        values = {"closed_by": turn.person_id, "closed_at": turn.now}
    must_change(turn.tx.execute(update(snags).where(is_open).values(values)).rowcount)
    turn.trail.note("snag_settled", snag=change.snag_id, how=change.settling.value)
