"""What the records hold of the units that rows of past years name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from domain.records import Candidate, Entry, EntryKind, EntryState, Standing
from storage.past.checking import Checking
from storage.paths import as_ids
from storage.read.candidates import candidate_of
from storage.read.entries import entry_of
from storage.read.units import subtree_ids
from storage.recording import counted_path
from storage.tables import candidates, entries

IDS_AT_ONCE = 5000


@dataclass(slots=True)
class Known:
    """`matched` are people whose admission a row was found to be."""

    people: dict[tuple[int, str], list[Candidate]] = field(default_factory=dict[tuple[int, str], list[Candidate]])
    by_id: dict[int, Candidate] = field(default_factory=dict[int, Candidate])
    admissions: dict[int, Entry] = field(default_factory=dict[int, Entry])
    nameless: dict[tuple[int, date], list[Entry]] = field(default_factory=dict[tuple[int, date], list[Entry]])
    figures: list[Entry] = field(default_factory=list[Entry])
    live: list[tuple[Entry, tuple[int, ...]]] = field(default_factory=list[tuple[Entry, tuple[int, ...]]])
    matched: set[int] = field(default_factory=set[int])

    def namesakes(self, unit_id: int, folded: str) -> list[Candidate]:
        return self.people.get((unit_id, folded), [])


def read(checking: Checking, unit_ids: Collection[int], figures: Collection[int] = ()) -> Known:
    """The records of these units; of those with figures also what is counted below and above them."""
    tx, known = checking.turn.tx, Known()
    for one in _candidates_of(tx, unit_ids):
        known.by_id[one.id] = one
        if one.folded:
            known.people.setdefault((one.unit_id, one.folded), []).append(one)
    around = set(unit_ids)
    for unit_id in figures:
        around |= set(subtree_ids(tx, unit_id, checking.today))
    around |= {above for unit_id in unit_ids for above in as_ids(counted_path(checking.turn, unit_id, checking.today))}
    for entry, path in _admissions_of(tx, around):
        known.live.append((entry, path))
        if entry.candidate_id is None:
            known.figures.append(entry)
            continue
        known.admissions[entry.candidate_id] = entry
        person = known.by_id.get(entry.candidate_id)
        if person is not None and not person.name:
            known.nameless.setdefault((entry.unit_id, day_of(entry)), []).append(entry)
    return known


def _candidates_of(tx: Connection, unit_ids: Collection[int]) -> Iterator[Candidate]:
    live = candidates.c.standing == Standing.LIVE.value
    for some in _chunks(unit_ids):
        for row in tx.execute(select(candidates).where(candidates.c.unit_id.in_(some), live)):
            yield candidate_of(row)


def _admissions_of(tx: Connection, unit_ids: Collection[int]) -> Iterator[tuple[Entry, tuple[int, ...]]]:
    live = (entries.c.state == EntryState.LIVE.value) & (entries.c.kind == EntryKind.ADMISSION.value)
    for some in _chunks(unit_ids):
        for row in tx.execute(select(entries).where(entries.c.unit_id.in_(some), live).order_by(entries.c.number)):
            yield entry_of(row), as_ids(row.path)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    unique = sorted(set(ids))
    for start in range(0, len(unique), IDS_AT_ONCE):
        yield unique[start : start + IDS_AT_ONCE]


def day_of(entry: Entry) -> date:
    day = entry.ceremony_on or entry.decision_on
    assert day is not None
    return day
