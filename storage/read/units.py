"""Units as they stand in the tree on a day."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Row,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.units import MemberCount, Sector, Unit, UnitKind
from storage.paths import as_ids, below
from storage.tables import aliases, members, unit_places, units

IDS_AT_ONCE = 5000
WITHIN_AT_MOST = 200


async def by_id(tx: AsyncConnection, unit_id: int, on: date) -> Unit | None:
    return (await tx.run_sync(units_now, [unit_id], on)).get(unit_id)


async def by_ids(tx: AsyncConnection, ids: Collection[int], on: date) -> dict[int, Unit]:
    return await tx.run_sync(units_now, ids, on)


async def by_code(tx: AsyncConnection, code: str, on: date) -> Unit | None:
    unit_id = await tx.scalar(select(units.c.id).where(units.c.code == code))
    return await by_id(tx, unit_id, on) if unit_id is not None else None


async def codes(tx: AsyncConnection) -> list[str]:
    """Every unit's code."""
    return list((await tx.execute(select(units.c.code).order_by(units.c.id))).scalars())


async def by_codes(tx: AsyncConnection, codes: Collection[str], on: date) -> dict[str, Unit]:
    """Units by their codes, those that there are."""
    ids: list[int] = []
    ordered = sorted(codes)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        some = units.c.code.in_(ordered[start : start + IDS_AT_ONCE])
        ids += (await tx.execute(select(units.c.id).where(some))).scalars()
    return {unit.code: unit for unit in (await by_ids(tx, ids, on)).values()}


async def root(tx: AsyncConnection, on: date) -> Unit | None:
    """The unit with nothing above it; the first if there are several."""
    query = select(unit_places.c.unit_id).where(unit_places.c.parent_id.is_(None), standing_on(on))
    unit_id = await tx.scalar(query.order_by(unit_places.c.unit_id).limit(1))
    return await by_id(tx, unit_id, on) if unit_id is not None else None


async def children(tx: AsyncConnection, unit_id: int, on: date) -> list[Unit]:
    """The units directly below, by their codes."""
    rows = await tx.execute(select(unit_places.c.unit_id).where(unit_places.c.parent_id == unit_id, standing_on(on)))
    return _by_code((await tx.run_sync(units_now, rows.scalars().all(), on)).values())


async def subtree(tx: AsyncConnection, unit_id: int, on: date, kinds: Collection[UnitKind] | None = None) -> list[Unit]:
    """The unit and everything below it, by their codes; only these kinds, if given."""
    ids = await tx.run_sync(subtree_ids, unit_id, on)
    found = (await tx.run_sync(units_now, ids, on)).values()
    return _by_code(unit for unit in found if kinds is None or unit.kind in kinds)


async def branches(tx: AsyncConnection, on: date) -> list[Unit]:
    """Every branch of a day, by their codes."""
    ids = (await tx.execute(select(units.c.id).where(units.c.kind == UnitKind.BRANCH.value))).scalars().all()
    return _by_code((await tx.run_sync(units_now, ids, on)).values())


async def called(tx: AsyncConnection, unit_id: int, on: date) -> list[tuple[str, Unit]]:
    """Folded names and aliases of everything in the subtree."""
    ids = await tx.run_sync(subtree_ids, unit_id, on)
    found = await tx.run_sync(units_now, ids, on)
    words: list[tuple[str, Unit]] = []
    for some in _chunks(ids):
        for name_of in (
            select(units.c.id, units.c.folded).where(units.c.id.in_(some)),
            select(aliases.c.unit_id, aliases.c.folded).where(aliases.c.unit_id.in_(some)),
        ):
            words += [(folded, found[one]) for one, folded in await tx.execute(name_of)]
    return sorted(words, key=lambda word: (word[1].id, word[0]))


async def within(tx: AsyncConnection, said: str, on: date) -> list[tuple[str, Unit]]:
    """Units whose folded name or alias stands in the folded words, each with that name; titles in names are left out.

    The database looks for them: what a stranger types must not cost a walk through the whole tree here.
    """
    words = literal(f" {said} ")
    found: list[tuple[int, str]] = []
    for column, owner in ((units.c.folded, units.c.id), (aliases.c.folded, aliases.c.unit_id)):
        bare = func.trim(func.replace(func.replace(column, "chi bo ", ""), "dang bo ", ""))
        query = select(owner, bare).where(bare != "", words.like("% " + bare + " %")).limit(WITHIN_AT_MOST)
        found += [(unit_id, name) for unit_id, name in await tx.execute(query)]
    known = await by_ids(tx, [unit_id for unit_id, _ in found], on)
    return [(name, known[unit_id]) for unit_id, name in found if unit_id in known and f" {name} " in f" {said} "]


def standing_on(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Rows of `unit_places` that hold on a day."""
    return (unit_places.c.valid_from <= on) & (unit_places.c.valid_to.is_(None) | (unit_places.c.valid_to > on))


# Statements of every turn are made once: to make one costs several times what it costs to run it.
_on = bindparam("on", type_=Date)
_ids = bindparam("ids", expanding=True, type_=BigInteger)
PATH = select(unit_places.c.path).where(unit_places.c.unit_id == bindparam("unit"), standing_on(_on))
PLACES = select(unit_places.c.unit_id, unit_places.c.path).where(unit_places.c.unit_id.in_(_ids), standing_on(_on))
_counted = members.c.unit_id == units.c.id
_newest = _counted & (
    members.c.day
    == select(func.max(members.c.day)).where(_counted, members.c.day <= _on).correlate(units).scalar_subquery()
)
# Look-ups by id: on SQLite a join makes the planner read whole tables.
_UNITS = select(
    units,
    select(unit_places.c.path)
    .where(unit_places.c.unit_id == units.c.id, standing_on(_on))
    .limit(1)
    .correlate(units)
    .scalar_subquery()
    .label("path"),
    select(members.c.amount).where(_newest).correlate(units).scalar_subquery().label("counted"),
    select(members.c.day).where(_newest).correlate(units).scalar_subquery().label("counted_on"),
).where(units.c.id.in_(_ids))


def subtree_ids(connection: Connection, unit_id: int, on: date) -> list[int]:
    path = connection.scalar(PATH, {"unit": unit_id, "on": on})
    if path is None:
        return []
    rows = connection.execute(select(unit_places.c.unit_id).where(below(unit_places.c.path, path), standing_on(on)))
    return list(rows.scalars())


def units_now(connection: Connection, ids: Collection[int], on: date) -> dict[int, Unit]:
    """Units that have a place in the tree on that day, within a transaction already open."""
    found: dict[int, Unit] = {}
    for some in _chunks(ids):
        for row in connection.execute(_UNITS, {"ids": some, "on": on}):
            if row.path is not None:
                found[row.id] = _unit(row)
    return found


def _unit(row: Row[Any]) -> Unit:
    return Unit(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=UnitKind(row.kind),
        path=as_ids(row.path),
        sector=Sector(row.sector),
        members=MemberCount(row.counted, row.counted_on) if row.counted is not None else None,
        nobody_left=row.nobody_left,
        version=row.version,
    )


def _by_code(found: Iterable[Unit]) -> list[Unit]:
    return sorted(found, key=lambda unit: _in_order(unit.code))


def _in_order(code: str) -> list[tuple[int, str]]:
    """CB2 comes before CB10. Words and numbers take turns in the list, so that like is compared with like."""
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", code)]


def _chunks(ids: Collection[int]) -> list[list[int]]:
    unique = sorted(set(ids))
    return [unique[start : start + IDS_AT_ONCE] for start in range(0, len(unique), IDS_AT_ONCE)]
