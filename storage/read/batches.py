"""Batches: what an import wrote, and what of it nobody touched since."""

from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.past import Batch, RowKind
from domain.records import EntryState, Standing
from storage.read.entries import LARGEST
from storage.tables import batch_rows, batches, candidates, entries


async def by_number(tx: AsyncConnection, number: int) -> Batch | None:
    return await tx.run_sync(batch_now, number)


def batch_now(connection: Connection, number: int) -> Batch | None:
    """As `by_number`, within a transaction already open."""
    if not 0 < number <= LARGEST:
        return None
    head = connection.execute(select(batches).where(batches.c.id == number)).one_or_none()
    if head is None:
        return None
    rows = connection.execute(
        select(
            batch_rows.c.entry,
            batch_rows.c.candidate_id,
            batch_rows.c.version,
            batch_rows.c.kind,
            entries.c.state,
            entries.c.unit_id,
            candidates.c.version.label("version_now"),
            candidates.c.standing,
            candidates.c.unit_id.label("home_id"),
        )
        .select_from(
            batch_rows.outerjoin(entries, entries.c.number == batch_rows.c.entry).outerjoin(
                candidates, candidates.c.id == batch_rows.c.candidate_id
            )
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
        elif row.entry is not None and is_untouched:
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
