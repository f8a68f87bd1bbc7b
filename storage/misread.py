"""What was not understood, counted by its shape; the words themselves are kept nowhere."""

from datetime import date
from functools import cache

from sqlalchemy import Connection, Insert, delete

from domain.changes import NoteMisread
from storage.statements import insert_into
from storage.tables import misread
from storage.turns import Turn


def note_misread(turn: Turn, change: NoteMisread) -> None:
    turn.tx.execute(_count(turn.tx.dialect.name), {"shape": change.shape, "day": turn.now.date(), "times": 1})


def forget_misread(tx: Connection, *, before: date) -> int:
    """Shapes of days before that one."""
    return tx.execute(delete(misread).where(misread.c.day < before)).rowcount


@cache
def _count(dialect: str) -> Insert:
    new = insert_into(dialect, misread)
    return new.on_conflict_do_update(
        index_elements=[misread.c.shape, misread.c.day], set_={"times": misread.c.times + new.excluded.times}
    )
