"""Quotas, and how units stand against them: the counters of facts under the office's policy."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.past import same_day_of
from domain.quotas import Quota, Standing, Target, TargetShape
from domain.records import EntryKind, EntryState, Fact
from domain.units import UnitKind
from storage.counters import WAITING
from storage.paths import below
from storage.read.units import standing_on, subtree_ids
from storage.tables import counters, entries, quotas, unit_places, units

IDS_AT_ONCE = 5000
DAY = timedelta(days=1)

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_KINDS = select(units.c.id, units.c.kind).where(units.c.id.in_(_ids))
_SUMS = (
    select(counters.c.unit_id, func.sum(counters.c.amount))
    .where(
        counters.c.unit_id.in_(_ids),
        counters.c.month >= bindparam("since"),
        counters.c.month <= bindparam("until"),
        counters.c.fact == bindparam("fact"),
    )
    .group_by(counters.c.unit_id)
)
_SUMS_OF_CODE = _SUMS.where(counters.c.code == bindparam("code"))
_CURRENT = select(quotas).where(quotas.c.unit_id.in_(_ids), quotas.c.period == bindparam("period"), quotas.c.is_current)


async def standings(
    tx: AsyncConnection, unit_ids: Collection[int], year: int, counts_by: Fact, on: date
) -> dict[int, Standing]:
    """How the units stand in a year; `on` is the day of the tree by which those above communes are summed.

    `pending` is decided by the end of that year and still without its ceremony, where ceremonies count.
    """
    return await tx.run_sync(standings_now, unit_ids, year, counts_by, on)


async def same_period(tx: AsyncConnection, unit_ids: Collection[int], counts_by: Fact, on: date) -> dict[int, int]:
    """How many each unit had by the same day of the year before; no unit of which that year has nothing at all."""
    return await tx.run_sync(same_period_now, unit_ids, counts_by, on)


async def current(tx: AsyncConnection, unit_id: int, period: str) -> Quota | None:
    query = select(quotas).where(quotas.c.unit_id == unit_id, quotas.c.period == period, quotas.c.is_current)
    found = (await tx.execute(query)).one_or_none()
    return _quota(found) if found else None


async def versions(tx: AsyncConnection, unit_id: int, period: str) -> list[Quota]:
    """All versions, the oldest first."""
    query = select(quotas).where(quotas.c.unit_id == unit_id, quotas.c.period == period)
    return [_quota(row) for row in await tx.execute(query.order_by(quotas.c.id))]


def standings_now(
    connection: Connection, unit_ids: Collection[int], year: int, counts_by: Fact, on: date
) -> dict[int, Standing]:
    """As `standings`, within a transaction already open."""
    counted = _counted(connection, unit_ids, on)
    everything = {unit_id for ids in counted.values() for unit_id in ids}
    done = _sums(connection, everything, counts_by, date(year, 1, 1), date(year, 12, 31), code=None)
    pending: dict[int, int] = {}
    if counts_by is Fact.CEREMONY:
        # A decision of last December may well have its ceremony in January.
        pending = _sums(connection, everything, Fact.DECISION, date(year - 1, 1, 1), date(year, 12, 31), code=WAITING)
    targets = current_now(connection, unit_ids, str(year))
    return {
        unit_id: Standing(
            unit_id=unit_id,
            year=year,
            done=sum(done.get(one, 0) for one in ids),
            pending=sum(pending.get(one, 0) for one in ids),
            quota=targets.get(unit_id),
        )
        for unit_id, ids in counted.items()
    }


def _counted(connection: Connection, unit_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """The units whose counters make up the figure of each: itself, or the topmost counted ones below."""
    kinds = dict(connection.execute(_KINDS, {"ids": sorted(set(unit_ids))}).all())
    return {
        unit_id: _counted_below(connection, unit_id, on) if kind == UnitKind.SUPERIOR else [unit_id]
        for unit_id, kind in kinds.items()
    }


def same_period_now(connection: Connection, unit_ids: Collection[int], counts_by: Fact, on: date) -> dict[int, int]:
    """As `same_period`: whole months from the counters, the days of the last one from the entries."""
    until = same_day_of(on.year - 1, on)
    whole = standings_now(connection, unit_ids, until.year, counts_by, on)
    known = [unit_id for unit_id, standing in whole.items() if standing.done]
    counted = _counted(connection, known, on)
    everything = {unit_id for ids in counted.values() for unit_id in ids}
    months = _sums(connection, everything, counts_by, date(until.year, 1, 1), until.replace(day=1) - DAY, code=None)
    days = {unit_id: _of_days(connection, unit_id, counts_by, until) for unit_id in known}
    return {unit_id: sum(months.get(one, 0) for one in counted[unit_id]) + days[unit_id] for unit_id in known}


def _of_days(connection: Connection, unit_id: int, counts_by: Fact, until: date) -> int:
    """How many of the unit and all below it from the first of the month up to that day."""
    day = entries.c.decision_on if counts_by is Fact.DECISION else entries.c.ceremony_on
    ids = sorted(subtree_ids(connection, unit_id, until))
    found = 0
    for start in range(0, len(ids), IDS_AT_ONCE):
        amount = select(func.sum(entries.c.amount)).where(
            entries.c.unit_id.in_(ids[start : start + IDS_AT_ONCE]),
            day.between(until.replace(day=1), until),
            entries.c.state == EntryState.LIVE.value,
            entries.c.kind == EntryKind.ADMISSION.value,
        )
        found += connection.scalar(amount) or 0
    return found


def _counted_below(connection: Connection, unit_id: int, on: date) -> list[int]:
    """The topmost units below a superior one for which counters are kept."""
    path = connection.scalar(select(unit_places.c.path).where(unit_places.c.unit_id == unit_id, standing_on(on)))
    if path is None:
        return []
    superiors = (
        select(unit_places.c.unit_id)
        .join_from(unit_places, units, units.c.id == unit_places.c.unit_id)
        .where(below(unit_places.c.path, path), standing_on(on), units.c.kind == UnitKind.SUPERIOR.value)
    )
    query = (
        select(unit_places.c.unit_id)
        .join_from(unit_places, units, units.c.id == unit_places.c.unit_id)
        .where(
            unit_places.c.parent_id.in_(superiors),
            standing_on(on),
            units.c.kind != UnitKind.SUPERIOR.value,
        )
    )
    return list(connection.execute(query).scalars())


def _sums(
    connection: Connection, unit_ids: Collection[int], fact: Fact, since: date, until: date, code: str | None
) -> dict[int, int]:
    ids = sorted(unit_ids)
    sums: defaultdict[int, int] = defaultdict(int)
    for start in range(0, len(ids), IDS_AT_ONCE):
        wanted = {"ids": ids[start : start + IDS_AT_ONCE], "since": since, "until": until, "fact": fact.value}
        statement = _SUMS if code is None else _SUMS_OF_CODE
        for unit_id, amount in connection.execute(statement, wanted if code is None else wanted | {"code": code}):
            sums[unit_id] = int(amount)
    return sums


def current_now(connection: Connection, unit_ids: Collection[int], period: str) -> dict[int, Quota]:
    ids = sorted(set(unit_ids))
    found: dict[int, Quota] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        wanted = {"ids": ids[start : start + IDS_AT_ONCE], "period": period}
        found |= {row.unit_id: _quota(row) for row in connection.execute(_CURRENT, wanted)}
    return found


def _quota(row: Row[Any]) -> Quota:
    return Quota(
        unit_id=row.unit_id,
        period=row.period,
        target=Target(row.low, TargetShape(row.shape), row.high),
        stretch=row.stretch,
        decision_no=row.decision_no,
        effective_on=row.effective_on,
        id=row.id,
    )
