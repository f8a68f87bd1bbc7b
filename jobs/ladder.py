"""The ladder of addressees: who holds a post, the deputies, and the nearest level above that answers."""

from collections.abc import Sequence
from datetime import date

from domain.people import Person, Role
from domain.reminders import in_order
from domain.units import Unit


def above(unit: Unit, staff: dict[int, list[Person]], but: Sequence[Person], day: date) -> list[Person]:
    """The committee of the nearest unit above that has one; where there is none, its organisers."""
    asked = {person.id for person in but}
    for role in (Role.COMMITTEE, Role.ORGANISER):
        for unit_id in reversed(unit.path[:-1]):
            found = [one for one in in_order(staff.get(unit_id, ()), role, unit_id, day) if one.id not in asked]
            if found:
                return found
    return []


def by_unit(staff: Sequence[Person]) -> dict[int, list[Person]]:
    """The people of each unit in which they hold a post."""
    found: dict[int, list[Person]] = {}
    for person in staff:
        for unit_id in {post.unit_id for post in person.posts if post.unit_id is not None}:
            found.setdefault(unit_id, []).append(person)
    return found
