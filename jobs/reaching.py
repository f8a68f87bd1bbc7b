"""People who are away or cannot be reached: their letters go to a deputy, and the level above is told once."""

from datetime import datetime

from domain.calendar import letter_time
from domain.changes import PlanLetter
from domain.office import Office
from domain.people import Person, Role
from domain.units import Unit
from language import wording
from storage.database import Database, Reading
from storage.letters import plan_letters
from storage.reaching import hand_on
from storage.read import letters, people, units
from storage.read.people import Unreachable

UNREACHABLE = "unreachable"
TOLD = (Role.COMMITTEE, Role.ORGANISER)


async def plan(db: Database, office: Office, now: datetime, *, dry_run: bool = False) -> list[PlanLetter]:
    """Letters change hands, and one letter about each person is planned for a time in which nothing reaches them."""
    async with db.reading() as tx:
        lost = await people.unreachable(tx, now.date())
        notices = [notice for one in lost if (notice := await _notice(tx, office, one, now)) is not None]
        moves = [move for one in lost for move in await _to_deputies(tx, one.person, now)]
        moves += [(away, unit_id, stand_in) for away, unit_id, stand_in in await people.away(tx, now.date())]
        known = await letters.known_keys(tx, [notice.key for notice in notices])
    new = [notice for notice in notices if notice.key not in known]
    if dry_run:
        return new
    for person_id, unit_id, deputy_id in moves:
        await hand_on(db, person_id, [unit_id], deputy_id, now)
    if new:
        await plan_letters(db, new, now)
    return new


async def _to_deputies(tx: Reading, person: Person, now: datetime) -> list[tuple[int, int, int]]:
    """For each unit that the person answers for: the unit, and who answers in the person's place."""
    moves: list[tuple[int, int, int]] = []
    for unit_id in _units_of(person, now):
        deputies = await people.deputies(tx, person.id, unit_id, now.date())
        moves += [(person.id, unit_id, deputy.id) for deputy in deputies[:1]]
    return moves


def _units_of(person: Person, now: datetime) -> list[int]:
    held = (post.unit_id for post in person.posts if post.unit_id is not None and post.holds_on(now.date()))
    return list(dict.fromkeys(held))


async def _notice(tx: Reading, office: Office, lost: Unreachable, now: datetime) -> PlanLetter | None:
    """The letter to the nearest level above that can be reached; None where there is none."""
    today = now.date()
    for unit_id in _units_of(lost.person, now):
        unit = await units.by_id(tx, unit_id, today)
        if unit is None:
            continue
        above = await people.nearest_above(tx, unit.path[:-1], TOLD, today, but=[lost.person.id])
        if above:
            deputies = await people.deputies(tx, lost.person.id, unit_id, today)
            return _letter(office, lost, unit, above[0], deputies[:1], now)
    return None


def _letter(
    office: Office, lost: Unreachable, unit: Unit, reader: Person, deputies: list[Person], now: datetime
) -> PlanLetter:
    deputy = deputies[0].id if deputies else None
    return PlanLetter(
        key=f"{UNREACHABLE}|{lost.person.id}|{lost.since:%Y-%m-%dT%H:%M:%S}",
        rule=UNREACHABLE,
        person_id=reader.id,
        not_before=letter_time(office.calendar, now),
        unit_id=unit.id,
        period=str(lost.person.id),
        reply=wording.cannot_be_reached(lost.person.id, unit, lost.since.date(), deputy),
    )


async def is_over(tx: Reading, person_id: int) -> bool:
    """Whether somebody who could not be reached can be reached again."""
    return bool(await people.reachable(tx, [person_id]))
