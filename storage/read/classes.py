"""Classes and who is registered in them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.classes import Learner, Result, Roll, TrainingClass, roll_of
from storage.read import candidates
from storage.tables import classes, learners


async def by_id(tx: AsyncConnection, class_id: int) -> TrainingClass | None:
    row = (await tx.execute(select(classes).where(classes.c.id == class_id))).one_or_none()
    return _class(row) if row is not None else None


async def not_over(tx: AsyncConnection) -> list[TrainingClass]:
    """Every class without its certificates yet, the next to begin first."""
    open_ones = select(classes).where(classes.c.certificate_on.is_(None)).order_by(classes.c.begins_on, classes.c.id)
    return [_class(row) for row in await tx.execute(open_ones)]


async def last_over(tx: AsyncConnection, most: int) -> list[TrainingClass]:
    """The classes that ended last."""
    over = select(classes).where(classes.c.certificate_on.is_not(None)).order_by(classes.c.certificate_on.desc())
    return [_class(row) for row in await tx.execute(over.order_by(classes.c.id.desc()).limit(most))]


async def learners_of(tx: AsyncConnection, class_ids: Collection[int]) -> list[Learner]:
    """Every registration in these classes, in the order in which they came."""
    found = select(learners).where(learners.c.class_id.in_(sorted(set(class_ids)))).order_by(learners.c.id)
    return [_learner(row) for row in await tx.execute(found)]


async def rolls(tx: AsyncConnection, held: Sequence[TrainingClass]) -> list[Roll]:
    """Each class with its seats and its waiting list as they are now."""
    told = await learners_of(tx, [one.id for one in held])
    people = await candidates.by_ids(tx, [one.candidate_id for one in told if one.result is None])
    return [roll_of(each, [one for one in told if one.class_id == each.id], people) for each in held]


async def waiting(tx: AsyncConnection) -> list[Learner]:
    """Those who were registered and have had no seat, in whichever class, in the order in which they came."""
    left_over = select(learners.c.class_id).where(learners.c.result.is_(None)).distinct()
    rows = await tx.execute(select(classes).where(classes.c.id.in_(left_over)))
    found = [one for roll in await rolls(tx, [_class(row) for row in rows]) for one in roll.waiting]
    return sorted(found, key=lambda one: one.id)


def _class(row: Row[Any]) -> TrainingClass:
    return TrainingClass(
        id=row.id,
        unit_id=row.unit_id,
        place=row.place,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        seats=row.seats,
        certificate_on=row.certificate_on,
        version=row.version,
    )


def _learner(row: Row[Any]) -> Learner:
    return Learner(
        id=row.id,
        class_id=row.class_id,
        candidate_id=row.candidate_id,
        unit_id=row.unit_id,
        result=Result(row.result) if row.result else None,
    )
