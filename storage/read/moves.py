"""Moves of people from stage to stage, and whole cases: the person, the moves, and the admission on record."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.cases import Case
from domain.records import Because, Candidate, DropReason, Entry, EntryKind, EntryState, Move, ReturnReason, Stage
from storage.read.entries import entry_of
from storage.tables import entries, moves

IDS_AT_ONCE = 5000

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_MOVES = select(moves).where(moves.c.candidate_id.in_(_ids)).order_by(moves.c.id)
_ENTRIES = select(entries).where(
    entries.c.candidate_id.in_(_ids),
    entries.c.state == EntryState.LIVE.value,
    entries.c.kind == EntryKind.ADMISSION.value,
)


async def cases(tx: AsyncConnection, people: Sequence[Candidate]) -> list[Case]:
    """Each person with what is on record of the way so far."""
    ids = [one.id for one in people]
    told = await of_candidates(tx, ids)
    admitted: dict[int, Entry] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        rows = await tx.execute(_ENTRIES, {"ids": ids[start : start + IDS_AT_ONCE]})
        admitted |= {row.candidate_id: entry_of(row) for row in rows}
    return [Case(one, tuple(told.get(one.id, ())), admitted.get(one.id)) for one in people]


async def of_candidates(tx: AsyncConnection, ids: Collection[int]) -> dict[int, list[Move]]:
    """Their moves, the oldest first."""
    ordered = sorted(set(ids))
    found: defaultdict[int, list[Move]] = defaultdict(list)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        for row in await tx.execute(_MOVES, {"ids": ordered[start : start + IDS_AT_ONCE]}):
            found[row.candidate_id].append(_move(row))
    return found


def _move(row: Row[Any]) -> Move:
    return Move(
        candidate_id=row.candidate_id,
        before=Stage(row.before),
        stage=Stage(row.stage),
        on=row.on,
        skipped=tuple(Stage(code) for code in row.skipped.split()),
        because=tuple(Because(code) for code in row.because.split()),
        reason=_reason(row.reason),
        votes_for=row.votes_for,
        votes_all=row.votes_all,
        person_id=row.person_id,
        item_id=row.item_id,
        made_at=row.made_at,
    )


def _reason(code: str | None) -> DropReason | ReturnReason | None:
    if not code:
        return None
    return DropReason(code) if code in frozenset(DropReason) else ReturnReason(code)
