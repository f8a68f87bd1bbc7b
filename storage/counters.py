"""Counters of facts by unit and month, moved by entries as they come to life and end."""

from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, Insert, select

from domain.records import Entry, EntryKind, EntryState, Fact
from storage.paths import as_ids
from storage.read.entries import entry_of
from storage.statements import insert_into
from storage.tables import counters, entries

WAITING = "waiting"
"""A decision whose ceremony has not been entered."""

HELD = "held"
"""A decision whose ceremony was held."""


class Counter(NamedTuple):
    """The key of one counter, in the order in which rows are taken."""

    unit_id: int
    month: date
    fact: str
    code: str


class Tally:
    """Moves of counters, gathered over a turn and written once."""

    def __init__(self) -> None:
        self.moves: defaultdict[Counter, int] = defaultdict(int)

    def move(self, entry: Entry, path: str, *, sign: int) -> None:
        """Count a live entry (+1) or no longer (-1) in every unit of its path."""
        for fact, code, day in _facts(entry):
            for unit_id in as_ids(path):
                self.moves[Counter(unit_id, day.replace(day=1), fact, code)] += sign * entry.count

    def write(self, tx: Connection) -> None:
        # One order of units for everybody: two turns can then never wait for each other in a ring.
        rows = [{**counter._asdict(), "amount": by} for counter, by in sorted(self.moves.items()) if by]
        self.moves.clear()
        if not rows:
            return
        tx.execute(_move(tx.dialect.name), rows)


@cache
def _move(dialect: str) -> Insert:
    new = insert_into(dialect, counters)
    return new.on_conflict_do_update(
        index_elements=[counters.c.unit_id, counters.c.month, counters.c.fact, counters.c.code],
        set_={"amount": counters.c.amount + new.excluded.amount},
    )


def differences(connection: Connection) -> dict[Counter, tuple[int, int]]:
    """Counters that are not what the live entries come to: what stands there, and what should."""
    tally = Tally()
    for row in connection.execute(select(entries).where(entries.c.state == EntryState.LIVE.value)):
        tally.move(entry_of(row), row.path, sign=1)
    kept = {
        Counter(row.unit_id, row.month, row.fact, row.code): row.amount for row in connection.execute(select(counters))
    }
    return {
        counter: (kept.get(counter, 0), tally.moves.get(counter, 0))
        for counter in sorted(kept.keys() | tally.moves.keys())
        if kept.get(counter, 0) != tally.moves.get(counter, 0)
    }


def _facts(entry: Entry) -> list[tuple[str, str, date]]:
    if entry.kind is EntryKind.NOTHING:
        return [(Fact.NOTHING.value, "", entry.month)] if entry.month else []
    facts: list[tuple[str, str, date]] = []
    if entry.ceremony_on:
        facts.append((Fact.CEREMONY.value, "", entry.ceremony_on))
    if entry.decision_on:
        facts.append((Fact.DECISION.value, HELD if entry.ceremony_on else WAITING, entry.decision_on))
    return facts
