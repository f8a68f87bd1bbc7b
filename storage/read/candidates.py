"""Candidates and those already admitted."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.records import Candidate, DropReason, Stage, Standing
from storage.paths import as_ids
from storage.read.units import PLACES
from storage.tables import candidates

IDS_AT_ONCE = 5000
_LIVE = Standing.LIVE.value

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_BY_IDS = select(candidates).where(candidates.c.id.in_(_ids))
_NAMES = select(candidates.c.id, candidates.c.name, candidates.c.label).where(candidates.c.id.in_(_ids))
_HELPERS = select(candidates.c.id, candidates.c.helpers).where(candidates.c.id.in_(_ids))
_NAMESAKES = (
    select(candidates)
    .where(
        candidates.c.unit_id == bindparam("unit"),
        candidates.c.folded == bindparam("folded"),
        candidates.c.standing == _LIVE,
    )
    .order_by(candidates.c.distinguisher, candidates.c.id)
)
_ELSEWHERE = select(candidates.c.unit_id).where(
    candidates.c.folded == bindparam("folded"),
    candidates.c.unit_id != bindparam("unit"),
    candidates.c.standing == _LIVE,
    candidates.c.stage.in_(bindparam("stages", expanding=True)),
)
_OF_UNITS = select(candidates).where(candidates.c.unit_id.in_(_ids), candidates.c.standing == _LIVE)
_IN_STAGES = _OF_UNITS.where(candidates.c.stage.in_(bindparam("stages", expanding=True)))

_EVERYBODY = (
    select(candidates)
    .where(candidates.c.standing == _LIVE, candidates.c.stage.in_(bindparam("stages", expanding=True)))
    .order_by(candidates.c.id)
)


async def by_ids(tx: AsyncConnection, ids: Collection[int]) -> dict[int, Candidate]:
    rows = await tx.execute(_BY_IDS, {"ids": list(set(ids))})
    return {row.id: candidate_of(row) for row in rows}


async def of_units(
    tx: AsyncConnection, unit_ids: Collection[int], stages: Collection[Stage] | None = None
) -> list[Candidate]:
    """Those on the lists of these units, in these stages if given; drafts and erased ones are left out."""
    ids = sorted(set(unit_ids))
    found: list[Candidate] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        some: dict[str, Any] = {"ids": ids[start : start + IDS_AT_ONCE]}
        if stages is None:
            rows = await tx.execute(_OF_UNITS, some)
        else:
            rows = await tx.execute(_IN_STAGES, some | {"stages": [stage.value for stage in stages]})
        found += [candidate_of(row) for row in rows]
    return sorted(found, key=lambda one: (one.unit_id, one.folded, one.distinguisher, one.id))


async def in_stages(tx: AsyncConnection, stages: Collection[Stage]) -> list[Candidate]:
    """Everybody in one of these stages, wherever."""
    rows = await tx.execute(_EVERYBODY, {"stages": [stage.value for stage in stages]})
    return [candidate_of(row) for row in rows]


async def namesakes(tx: AsyncConnection, unit_id: int, folded: str) -> list[Candidate]:
    """Live people of that folded name in the unit, in any stage."""
    return [candidate_of(row) for row in await tx.execute(_NAMESAKES, {"unit": unit_id, "folded": folded})]


async def names(tx: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    """What to call them: the name, or the label where there is no name."""
    found = await tx.execute(_NAMES, {"ids": list(set(ids))})
    return {candidate_id: name or label for candidate_id, name, label in found}


async def helpers(tx: AsyncConnection, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of those who help each of them."""
    rows = await tx.execute(_HELPERS, {"ids": list(set(ids))})
    return {candidate_id: tuple(names or ()) for candidate_id, names in rows}


async def named_elsewhere(
    tx: AsyncConnection, folded: str, *, not_unit: int, stages: Collection[Stage], on: date
) -> set[int]:
    """Other units that have somebody live of that folded name in one of these stages, and all units above them."""
    known = {"folded": folded, "unit": not_unit, "stages": sorted(stage.value for stage in stages)}
    ids = sorted(set((await tx.execute(_ELSEWHERE, known)).scalars()))
    above: set[int] = set()
    for start in range(0, len(ids), IDS_AT_ONCE):
        for _, path in await tx.execute(PLACES, {"ids": ids[start : start + IDS_AT_ONCE], "on": on}):
            above.update(as_ids(path))
    return above


def candidate_of(row: Row[Any]) -> Candidate:
    return Candidate(
        id=row.id,
        unit_id=row.unit_id,
        name=row.name,
        folded=row.folded,
        stage=Stage(row.stage),
        stage_on=row.stage_on,
        certificate_on=row.certificate_on,
        birth_year=row.birth_year,
        birth_month=row.birth_month,
        gender=row.gender,
        ethnicity=row.ethnicity,
        job=row.job,
        youth_union=row.youth_union,
        label=row.label,
        standing=Standing(row.standing),
        drop_reason=DropReason(row.drop_reason) if row.drop_reason else None,
        consent_by=row.consent_by,
        consent_at=row.consent_at,
        consent_wording=row.consent_wording,
        distinguisher=row.distinguisher,
        helpers=tuple(row.helpers or ()),
        version=row.version,
    )
