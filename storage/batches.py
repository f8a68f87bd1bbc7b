"""Imports of past years as batches: what each wrote, and a wrong one undone as a whole."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, insert, select, update

from domain.admissions import admitted_by
from domain.changes import Record, Undo, UndoBatch
from domain.past import Batch, BatchRow, RowKind
from storage.read.batches import batch_now
from storage.read.candidates import candidate_of
from storage.read.entries import entry_of
from storage.recording import erase, record, undo, undo_new
from storage.tables import batch_rows, batches, candidates, entries
from storage.turns import Turn, must_change

IDS_AT_ONCE = 5000


def keep_batch(turn: Turn, written: Sequence[BatchRow], digest: str) -> int | None:
    """The number of the batch; None where nothing was written."""
    if not written:
        return None
    number = turn.tx.execute(
        insert(batches)
        .values(
            person_id=turn.person_id,
            made_at=turn.now,
            digest=digest,
            entries=sum(row.entry is not None for row in written),
            candidates=sum(row.entry is None for row in written),
        )
        .returning(batches.c.id)
    ).scalar_one()
    versions = _versions(turn.tx, {row.candidate_id for row in written if row.candidate_id is not None})
    turn.tx.execute(
        insert(batch_rows),
        [
            {
                "batch_id": number,
                "entry": row.entry,
                "candidate_id": row.candidate_id,
                "version": versions.get(row.candidate_id or 0),
                "kind": row.kind.value,
            }
            for row in written
        ],
    )
    turn.trail.note("batch_kept", batch=number, rows=len(written))
    return number


def batch_of_file(tx: Connection, digest: str) -> int | None:
    """The batch that this very file made, unless it was undone."""
    if not digest:
        return None
    same = (batches.c.digest == digest) & batches.c.undone_at.is_(None)
    return tx.scalar(select(batches.c.id).where(same).order_by(batches.c.id.desc()).limit(1))


def undo_batch(turn: Turn, change: UndoBatch) -> None:
    """Everything of a batch that nobody touched since ends together; who came with it is erased.

    What corrected an entry steps back to what stood before. Units and quotas of the file stay.
    """
    is_whole = (batches.c.id == change.number) & batches.c.undone_at.is_(None)
    ended = update(batches).where(is_whole).values(undone_at=turn.now, undone_by=turn.person_id)
    must_change(turn.tx.execute(ended).rowcount)
    batch = batch_now(turn.tx, change.number)
    assert batch is not None
    kinds = _kinds(turn.tx, batch)
    new = [number for number in batch.entries if kinds[number] is RowKind.NEW]
    undo_new(turn, new)
    for number in batch.entries:
        if kinds[number] is not RowKind.NEW:
            _step_back(turn, number)
    erase(turn, batch.people)
    turn.trail.note(
        "batch_undone",
        batch=batch.number,
        entries=len(batch.entries),
        people=len(batch.people),
        left=len(batch.left) + batch.left_people,
    )


def _kinds(tx: Connection, batch: Batch) -> dict[int, RowKind]:
    written = select(batch_rows.c.entry, batch_rows.c.kind).where(
        batch_rows.c.batch_id == batch.number, batch_rows.c.entry.is_not(None)
    )
    return {entry: RowKind(kind) for entry, kind in tx.execute(written) if entry is not None}


def _step_back(turn: Turn, number: int) -> None:
    """An entry of somebody known ends; one that corrected another gives way to the facts before it."""
    entry = entry_of(turn.tx.execute(select(entries).where(entries.c.number == number)).one())
    if entry.replaces is None:
        undo(turn, Undo(number))
        return
    before = entry_of(turn.tx.execute(select(entries).where(entries.c.number == entry.replaces)).one())
    person = None
    if entry.candidate_id is not None:
        row = turn.tx.execute(select(candidates).where(candidates.c.id == entry.candidate_id)).one()
        person = admitted_by(candidate_of(row), before.ceremony_on, before.decision_on)
    record(
        turn,
        Record(
            kind=before.kind,
            unit_id=before.unit_id,
            candidate=person,
            ceremony_on=before.ceremony_on,
            decision_on=before.decision_on,
            decision_no=before.decision_no,
            month=before.month,
            count=before.count,
            replaces=number,
        ),
    )


def _versions(tx: Connection, ids: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        some = candidates.c.id.in_(ordered[start : start + IDS_AT_ONCE])
        found |= dict(tx.execute(select(candidates.c.id, candidates.c.version).where(some)).all())
    return found
