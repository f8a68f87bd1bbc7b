"""The trail of changes: ids and codes only, each row chained to the one before it by its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from storage.tables import audit, meta

Fact = str | int | bool | None

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_HEAD = select(meta.c.value).where(meta.c.name == "audit_head").with_for_update()
_LAST = select(func.max(audit.c.id))
_NEW_NOTES = insert(audit)
_MOVE_HEAD = update(meta).where(meta.c.name == "audit_head").values(value=bindparam("head"))


@dataclass(slots=True)
class Trail:
    """Notes of one transaction, written at its end: whoever writes holds the head of the chain until the commit."""

    now: datetime
    item_id: int | None = None
    notes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def note(
        self,
        what: str,
        *,
        unit_id: int | None = None,
        candidate_id: int | None = None,
        entry: int | None = None,
        **facts: Fact,
    ) -> None:
        self.notes.append(
            {
                "what": what,
                "unit_id": unit_id,
                "candidate_id": candidate_id,
                "entry": entry,
                "facts": json.dumps(facts, sort_keys=True, ensure_ascii=True),
            }
        )

    def write(self, tx: Connection, person_id: int | None) -> None:
        if not self.notes:
            return
        head = tx.scalar(_HEAD) or ""
        last = tx.scalar(_LAST) or 0
        rows: list[dict[str, Any]] = []
        for number, note in enumerate(self.notes, start=last + 1):
            row = {
                "id": number,
                "changed_at": self.now.astimezone(UTC).isoformat(),
                "person_id": person_id,
                "item_id": self.item_id,
                **note,
            }
            head = _hash(head, row)
            rows.append({**row, "hash": head})
        tx.execute(_NEW_NOTES, rows)
        tx.execute(_MOVE_HEAD, {"head": head})
        self.notes.clear()


def first_broken(connection: Connection) -> int | None:
    """The first row of the trail that was altered, left out or added by hand; None if all stand as written."""
    head, expected = "", 1
    for row in connection.execute(select(audit).order_by(audit.c.id)):
        head = _hash(head, _values(row))
        if row.id != expected or row.hash != head:
            return expected
        expected += 1
    kept = connection.scalar(select(meta.c.value).where(meta.c.name == "audit_head")) or ""
    return None if kept == head else expected


def _values(row: Row[Any]) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in audit.c if column.name != "hash"}


def _hash(head: str, row: Mapping[str, Any]) -> str:
    words = json.dumps(row, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{head}\n{words}".encode()).hexdigest()
