"""Reports of nothing for a month that rows of past years tell otherwise: they give way, as to a typed admission."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Row, select

from domain.changes import Undo
from domain.records import EntryKind, EntryState
from storage.past.checking import Checking
from storage.recording import undo
from storage.tables import entries

IDS_AT_ONCE = 5000


def undo_nothing(checking: Checking) -> None:
    months = {
        (row.unit_id, day.replace(day=1))
        for row in _written(checking)
        for day in (row.ceremony_on, row.decision_on)
        if day is not None
    }
    unit_ids = sorted({unit_id for unit_id, _ in months})
    nothing = (entries.c.kind == EntryKind.NOTHING.value) & (entries.c.state == EntryState.LIVE.value)
    for start in range(0, len(unit_ids), IDS_AT_ONCE):
        here = entries.c.unit_id.in_(unit_ids[start : start + IDS_AT_ONCE])
        told = checking.turn.tx.execute(select(entries).where(nothing, here).order_by(entries.c.number)).all()
        for row in told:
            if (row.unit_id, row.month) in months:
                undo(checking.turn, Undo(row.number))
                checking.report.nothing_undone += 1


def _written(checking: Checking) -> Iterator[Row[int, date | None, date | None]]:
    numbers = [row.entry for row in checking.report.written if row.entry is not None]
    for start in range(0, len(numbers), IDS_AT_ONCE):
        some = entries.c.number.in_(numbers[start : start + IDS_AT_ONCE])
        yield from checking.turn.tx.execute(
            select(entries.c.unit_id, entries.c.ceremony_on, entries.c.decision_on).where(some)
        )
