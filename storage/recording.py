"""Candidates and entries within a turn: written, corrected, undone, restored."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from domain.changes import (
    AddCandidate,
    ChangeCandidate,
    DropCandidate,
    ForgetDrafts,
    MoveCandidate,
    Record,
    Restore,
    Undo,
)
from domain.records import OPEN_STAGES, Candidate, EntryKind, EntryState, Move, Stage, Standing
from domain.refusals import Conflict
from domain.units import UnitKind
from storage.paths import as_ids, as_text
from storage.read.candidates import candidate_of
from storage.read.entries import entry_of
from storage.tables import candidates, entries, moves, unit_places, units
from storage.turns import CountedPlace, Turn, must_change

IDS_AT_ONCE = 5000

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_NEW_CANDIDATES = insert(candidates)
_NEW_ENTRY = insert(entries).returning(entries)
_NEW_MOVE = insert(moves)
_CANDIDATE = select(candidates).where(candidates.c.id == bindparam("candidate")).with_for_update()
_CHANGE_CANDIDATE = update(candidates).where(
    candidates.c.id == bindparam("of_id"), candidates.c.version == bindparam("as_read")
)
_STOOD = (
    select(unit_places.c.valid_from, unit_places.c.valid_to, unit_places.c.path)
    .where(unit_places.c.unit_id == bindparam("unit"))
    .order_by(unit_places.c.valid_from)
)
_SUPERIOR = select(units.c.id).where(
    units.c.kind == UnitKind.SUPERIOR.value, units.c.id.in_(bindparam("ids", expanding=True))
)


def add_candidate(turn: Turn, change: AddCandidate) -> None:
    add_candidates(turn, [change.candidate])


def add_candidates(turn: Turn, added: Sequence[Candidate]) -> None:
    if not added:
        return
    turn.tx.execute(_NEW_CANDIDATES, [{**_columns(one), "made_at": turn.now} for one in added])
    for one in added:
        turn.trail.note(
            "candidate_added",
            unit_id=one.unit_id,
            candidate_id=one.id,
            stage=one.stage.value,
            standing=one.standing.value,
        )


def change_candidate(turn: Turn, change: ChangeCandidate) -> None:
    _write_candidate(turn, change.candidate, _candidate_row(turn, change.candidate.id))


def drop_candidate(turn: Turn, change: DropCandidate) -> None:
    row = _candidate_row(turn, change.candidate_id)
    dropped = replace(
        candidate_of(row), version=change.version, stage=Stage.DROPPED, stage_on=change.on, drop_reason=change.reason
    )
    _write_candidate(turn, dropped, row)
    before = Stage(row.stage)
    _keep_move(turn, row.unit_id, Move(row.id, before, Stage.DROPPED, change.on, reason=change.reason))


def move_candidate(turn: Turn, change: MoveCandidate) -> None:
    _write_candidate(turn, change.candidate, _candidate_row(turn, change.candidate.id))
    _keep_move(turn, change.candidate.unit_id, change.move)


def _keep_move(turn: Turn, unit_id: int, move: Move) -> None:
    """Who, when and the message are those of the turn."""
    told = {
        "candidate_id": move.candidate_id,
        "unit_id": unit_id,
        "before": move.before.value,
        "stage": move.stage.value,
        "on": move.on,
        "skipped": " ".join(move.skipped),
        "because": " ".join(move.because),
        "reason": move.reason.value if move.reason else None,
        "votes_for": move.votes_for,
        "votes_all": move.votes_all,
        "person_id": turn.person_id,
        "item_id": turn.trail.item_id,
        "made_at": turn.now,
    }
    turn.tx.execute(_NEW_MOVE, told)


def forget_drafts(turn: Turn, change: ForgetDrafts) -> None:
    drafts = candidates.c.id.in_(change.candidate_ids) & (candidates.c.standing == Standing.DRAFT.value)
    for candidate_id in turn.tx.execute(candidates.delete().where(drafts).returning(candidates.c.id)).scalars().all():
        turn.trail.note("draft_forgotten", candidate_id=candidate_id)


def record(turn: Turn, change: Record) -> None:
    replaced = _end(turn, change.replaces, EntryState.REPLACED) if change.replaces is not None else None
    prior_stage, prior_stage_on = None, None
    if change.candidate is not None:
        row = _candidate_row(turn, change.candidate.id)
        prior_stage, prior_stage_on = _stage_before(row, replaced, change.candidate)
        _write_candidate(turn, change.candidate, row)
    if replaced and replaced.candidate_id and (not change.candidate or change.candidate.id != replaced.candidate_id):
        _move_back(turn, replaced)
    values = _values(turn, change, prior_stage, prior_stage_on)
    made = turn.tx.execute(_NEW_ENTRY, values).one()
    if replaced:
        turn.tx.execute(update(entries).where(entries.c.number == replaced.number).values(replaced_by=made.number))
    _note_made(turn, made)


def record_new(turn: Turn, changes: Sequence[Record]) -> list[int]:
    """Entries that correct nothing, of people who come with them or of none, in few statements; their numbers."""
    add_candidates(turn, [change.candidate for change in changes if change.candidate is not None])
    if not changes:
        return []
    rows = [_values(turn, each, _left_as(each.candidate) if each.candidate else None, None) for each in changes]
    # In the order of the rows, so that the numbers are, too.
    made = turn.tx.execute(insert(entries).returning(entries, sort_by_parameter_order=True), rows).all()
    for row in made:
        _note_made(turn, row)
    return [row.number for row in made]


def _values(turn: Turn, change: Record, prior_stage: str | None, prior_stage_on: date | None) -> dict[str, Any]:
    day = change.ceremony_on or change.decision_on or change.month or turn.now.date()
    return {
        "kind": change.kind.value,
        "unit_id": change.unit_id,
        "path": counted_path(turn, change.unit_id, day),
        "author_id": turn.person_id,
        "item_id": turn.trail.item_id,
        "made_at": turn.now,
        "candidate_id": change.candidate.id if change.candidate else None,
        "ceremony_on": change.ceremony_on,
        "decision_on": change.decision_on,
        "decision_no": change.decision_no,
        "month": change.month.replace(day=1) if change.month else None,
        "amount": change.count,
        "state": EntryState.LIVE.value,
        "replaces": change.replaces,
        "prior_stage": prior_stage,
        "prior_stage_on": prior_stage_on,
        "digest": _digest(turn, change.unit_id, change.candidate, change.ceremony_on or change.decision_on),
    }


def _note_made(turn: Turn, made: Row[Any]) -> None:
    turn.tally.move(entry_of(made), made.path, sign=1)
    turn.numbers.append(made.number)
    turn.trail.note(
        "entry_corrected" if made.replaces else "entry_made",
        unit_id=made.unit_id,
        candidate_id=made.candidate_id,
        entry=made.number,
        kind=made.kind,
        replaces=made.replaces,
    )


def undo(turn: Turn, change: Undo) -> None:
    ended = _end(turn, change.number, EntryState.UNDONE)
    if ended.candidate_id is not None:
        now_at = candidate_of(_candidate_row(turn, ended.candidate_id))
        turn.tx.execute(
            update(entries)
            .where(entries.c.number == ended.number)
            .values(later_stage=now_at.stage.value, later_stage_on=now_at.stage_on)
        )
        _move_back(turn, ended)
    turn.numbers.append(ended.number)
    turn.trail.note(
        "entry_undone", unit_id=ended.unit_id, candidate_id=ended.candidate_id, entry=ended.number, kind=ended.kind
    )


def undo_new(turn: Turn, numbers: Sequence[int]) -> None:
    """Live entries end together with whoever came with them: there is no stage to go back to."""
    for some in _chunks(numbers):
        live = entries.c.number.in_(some) & (entries.c.state == EntryState.LIVE.value)
        ended = update(entries).where(live).values(state=EntryState.UNDONE.value).returning(entries)
        rows = turn.tx.execute(ended).all()
        if len(rows) != len(some):
            raise Conflict
        for row in sorted(rows, key=lambda row: row.number):
            turn.tally.move(entry_of(row), row.path, sign=-1)
            turn.numbers.append(row.number)
            turn.trail.note(
                "entry_undone", unit_id=row.unit_id, candidate_id=row.candidate_id, entry=row.number, kind=row.kind
            )


def erase(turn: Turn, candidate_ids: Sequence[int]) -> None:
    """Nothing personal is left of them but the row that their entries point at."""
    nothing = {
        "name": "",
        "folded": "",
        "label": "",
        "standing": Standing.ERASED.value,
        **dict.fromkeys(
            ("birth_year", "birth_month", "gender", "ethnicity", "job", "youth_union", "certificate_on", "helpers")
        ),
    }
    for some in _chunks(candidate_ids):
        emptied = (
            update(candidates).where(candidates.c.id.in_(some)).values(version=candidates.c.version + 1, **nothing)
        )
        turn.tx.execute(emptied)
        for candidate_id in some:
            turn.trail.note("candidate_erased", candidate_id=candidate_id)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield ids[start : start + IDS_AT_ONCE]


def restore(turn: Turn, change: Restore) -> None:
    was_undone = (entries.c.number == change.number) & (entries.c.state == EntryState.UNDONE.value)
    row = turn.tx.execute(select(entries).where(was_undone).with_for_update()).one_or_none()
    if row is None:
        raise Conflict
    candidate = None
    if row.candidate_id is not None:
        candidate = candidate_of(_candidate_row(turn, row.candidate_id))
        if candidate.standing is Standing.ERASED:
            raise Conflict
        later = row.later_stage or (Stage.ADMITTED if row.ceremony_on else Stage.DECIDED).value
        _set_stage(turn, row.candidate_id, later, row.later_stage_on or row.ceremony_on or row.decision_on)
    # The person may have been renamed meanwhile.
    digest = _digest(turn, row.unit_id, candidate, row.ceremony_on or row.decision_on)
    changed = turn.tx.execute(
        update(entries).where(was_undone).values(state=EntryState.LIVE.value, digest=digest).returning(entries)
    ).one()
    turn.tally.move(entry_of(changed), changed.path, sign=1)
    turn.numbers.append(row.number)
    turn.trail.note(
        "entry_restored", unit_id=row.unit_id, candidate_id=row.candidate_id, entry=row.number, kind=row.kind
    )


def counted_path(turn: Turn, unit_id: int, day: date) -> str:
    """Where counters are kept for a fact of that day: from the grass-roots organisation down to the unit."""
    if unit_id not in turn.places:
        turn.places[unit_id] = _counted_places(turn.tx, unit_id)
    places = turn.places[unit_id]
    if not places:
        raise Conflict
    held = (place for place in places if place.valid_from <= day and (place.valid_to is None or place.valid_to > day))
    # A fact may be older than the unit's first place in the tree.
    return next(held, places[0]).path


def _counted_places(tx: Connection, unit_id: int) -> list[CountedPlace]:
    rows = tx.execute(_STOOD, {"unit": unit_id}).all()
    ids = {one for row in rows for one in as_ids(row.path)}
    above = set(tx.execute(_SUPERIOR, {"ids": sorted(ids)}).scalars())
    return [
        CountedPlace(row.valid_from, row.valid_to, as_text(one for one in as_ids(row.path) if one not in above))
        for row in rows
    ]


def _end(turn: Turn, number: int, state: EntryState) -> Row[Any]:
    """A live entry ends; as it stood."""
    is_live = (entries.c.number == number) & (entries.c.state == EntryState.LIVE.value)
    row = turn.tx.execute(update(entries).where(is_live).values(state=state.value).returning(entries)).one_or_none()
    if row is None:
        raise Conflict
    turn.tally.move(entry_of(row), row.path, sign=-1)
    return row


def _stage_before(row: Row[Any], replaced: Row[Any] | None, candidate: Candidate) -> tuple[str, date | None]:
    if replaced is not None and replaced.candidate_id == row.id:
        return replaced.prior_stage, replaced.prior_stage_on
    if row.standing != Standing.LIVE.value or Stage(row.stage) not in OPEN_STAGES:
        return _left_as(candidate), None
    return row.stage, row.stage_on


def _left_as(candidate: Candidate) -> str:
    """Somebody who came with an entry is a candidate if it is undone; nobody would know a label by itself."""
    return (Stage.LISTED if candidate.folded else Stage.REMOVED).value


def _move_back(turn: Turn, ended: Row[Any]) -> None:
    _set_stage(turn, ended.candidate_id, ended.prior_stage or Stage.LISTED.value, ended.prior_stage_on)


def _set_stage(turn: Turn, candidate_id: int, stage: str, on: date | None) -> None:
    turn.tx.execute(
        update(candidates)
        .where(candidates.c.id == candidate_id)
        .values(stage=stage, stage_on=on, version=candidates.c.version + 1)
    )


def _candidate_row(turn: Turn, candidate_id: int) -> Row[Any]:
    row = turn.tx.execute(_CANDIDATE, {"candidate": candidate_id}).one_or_none()
    if row is None:
        raise Conflict
    return row


def _write_candidate(turn: Turn, candidate: Candidate, row: Row[Any]) -> None:
    before = candidate_of(row)
    values, stood = _columns(candidate), _columns(before)
    written = {**values, "version": candidate.version + 1, "as_read": candidate.version}
    written["of_id"] = written.pop("id")
    must_change(turn.tx.execute(_CHANGE_CANDIDATE, written).rowcount)
    if (candidate.folded, candidate.distinguisher) != (before.folded, before.distinguisher):
        _renew_digest(turn, candidate)
    changed = sorted(name for name, value in values.items() if value != stood[name])
    if changed:
        turn.trail.note(
            "candidate_changed",
            unit_id=candidate.unit_id,
            candidate_id=candidate.id,
            fields=" ".join(changed),
            stage=candidate.stage.value,
            before=before.stage.value,
        )


_FIELDS = tuple(field.name for field in fields(Candidate))


def _columns(candidate: Candidate) -> dict[str, Any]:
    """The fields as they are; `asdict` would copy each value deeply."""
    columns = {name: getattr(candidate, name) for name in _FIELDS}
    columns["helpers"] = list(candidate.helpers) or None
    return columns


def _renew_digest(turn: Turn, candidate: Candidate) -> None:
    live = (entries.c.candidate_id == candidate.id) & (entries.c.state == EntryState.LIVE.value)
    for row in turn.tx.execute(select(entries).where(live, entries.c.kind == EntryKind.ADMISSION.value)).all():
        digest = _digest(turn, row.unit_id, candidate, row.ceremony_on or row.decision_on)
        turn.tx.execute(update(entries).where(entries.c.number == row.number).values(digest=digest))


def _digest(turn: Turn, unit_id: int, candidate: Candidate | None, day: date | None) -> bytes | None:
    """What makes a live admission unique, without saying whose it is. Without a name there is nothing to go by."""
    if candidate is None or not candidate.folded or day is None:
        return None
    words = f"{unit_id}|{candidate.folded}|{day.isoformat()}|{candidate.distinguisher}"
    return hashlib.blake2b(words.encode(), key=turn.salt, digest_size=16).digest()
