"""What is set for a unit within a turn: its quota, and whether anybody is left to admit."""

from sqlalchemy import insert, update

from domain.changes import MarkNobodyLeft, SetQuota
from storage.tables import quotas, units
from storage.turns import Turn, must_change


def set_quota(turn: Turn, change: SetQuota) -> None:
    """A new version of a unit's quota."""
    quota = change.quota
    if change.replaces is not None:
        read = (quotas.c.id == change.replaces) & quotas.c.is_current
        must_change(turn.tx.execute(update(quotas).where(read).values(is_current=False)).rowcount)
    made = turn.tx.execute(
        insert(quotas)
        .values(
            unit_id=quota.unit_id,
            period=quota.period,
            low=quota.target.low,
            shape=quota.target.shape.value,
            high=quota.target.high,
            stretch=quota.stretch,
            decision_no=quota.decision_no,
            effective_on=quota.effective_on,
            set_by=turn.person_id,
            set_at=turn.now,
            is_current=True,
        )
        .returning(quotas.c.id)
    ).scalar_one()
    turn.trail.note("quota_set", unit_id=quota.unit_id, quota=made, period=quota.period, replaces=change.replaces)


def mark_nobody_left(turn: Turn, change: MarkNobodyLeft) -> None:
    """Nobody is left to admit in a branch, or somebody is again."""
    as_read = (units.c.id == change.unit_id) & (units.c.version == change.version)
    marked = update(units).where(as_read).values(nobody_left=change.nobody_left, version=units.c.version + 1)
    must_change(turn.tx.execute(marked).rowcount)
    turn.trail.note("nobody_left" if change.nobody_left else "somebody_again", unit_id=change.unit_id)
