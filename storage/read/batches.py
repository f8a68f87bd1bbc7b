"""Batches: what an import wrote, and what of it nobody touched since."""

from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.past import Batch, RowKind
from domain.records import EntryState, Standing
from storage.read.entries import LARGEST
from storage.tables import batch_rows, batches, candidates, entries

FACTS = ("ceremony_on", "decision_on", "decision_no", "month", "amount")
"""What of an entry is kept as it was before each correction."""


async def by_number(tx: AsyncConnection, number: int) -> Batch | None:
    return await tx.run_sync(batch_now, number)


def batch_now(connection: Connection, number: int) -> Batch | None:
    """As `by_number`, within a transaction already open."""
    if not 0 < number <= LARGEST:
        return None
    head = connection.execute(select(batches).where(batches.c.id == number)).one_or_none()
    if head is None:
        return None
    before = entries.alias("before")
    rows = connection.execute(
        select(
            batch_rows.c.entry,
            batch_rows.c.candidate_id,
            batch_rows.c.version,
            batch_rows.c.kind,
            entries.c.state,
            entries.c.unit_id,
            *(entries.c[name] for name in FACTS),
            before.c.number.label("before"),
            *(before.c[name].label(f"{name}_before") for name in FACTS),
            candidates.c.version.label("version_now"),
            candidates.c.standing,
            candidates.c.unit_id.label("home_id"),
        )
        .select_from(
            batch_rows.outerjoin(entries, entries.c.number == batch_rows.c.entry)
            .outerjoin(before, before.c.number == entries.c.replaces)
            .outerjoin(candidates, candidates.c.id == batch_rows.c.candidate_id)
        )
        .where(batch_rows.c.batch_id == number)
        .order_by(batch_rows.c.id)
    ).all()
    numbers: list[int] = []
    people: list[int] = []
    left: list[int] = []
    left_people = described = 0
    for row in rows:
        is_untouched = row.version == row.version_now and row.state in (None, EntryState.LIVE.value)
        is_gone = row.state == EntryState.UNDONE.value or row.standing == Standing.ERASED.value
        if is_gone:
            continue
        if row.kind == RowKind.DESCRIBED.value:
            described += 1
            if not _corrects_facts(row):
                continue
        if row.entry is not None and is_untouched:
            numbers.append(row.entry)
        elif row.entry is not None:
            left.append(row.entry)
        elif not is_untouched:
            left_people += 1
        if row.kind == RowKind.NEW.value and row.candidate_id is not None and is_untouched:
            people.append(row.candidate_id)
    return Batch(
        number=number,
        person_id=head.person_id,
        made_at=head.made_at,
        undone_at=head.undone_at,
        entries=tuple(numbers),
        people=tuple(people),
        left=tuple(left),
        left_people=left_people,
        described=described,
        unit_ids=frozenset(row.unit_id or row.home_id for row in rows),
    )


def _corrects_facts(row: Row[Any]) -> bool:
    """Whether the entry says more than its person anew: its facts can step back, whatever stays of the person."""
    return row.before is not None and any(getattr(row, name) != getattr(row, f"{name}_before") for name in FACTS)
