"""The session of a deciding committee: the agenda of a unit, and where each of its people belongs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.office import Office
from domain.sessions import WITH_DOSSIER, Agenda, agenda
from domain.units import UnitKind
from storage.read import candidates, moves, units


@dataclass(frozen=True, slots=True)
class Session:
    """The agenda of a unit; `places` are the names of its branches by their ids."""

    unit_name: str
    agenda: Agenda
    places: dict[int, str]


async def of_unit(tx: AsyncConnection, unit_id: int, closes_on: date, office: Office, *, today: date) -> Session:
    """Everybody of the branches below whose dossier is open and on whom nothing is decided yet."""
    top = await units.by_id(tx, unit_id, today)
    below = await units.subtree(tx, unit_id, today, {UnitKind.BRANCH})
    listed = await candidates.of_units(tx, [unit.id for unit in below], WITH_DOSSIER)
    cases = await moves.cases(tx, listed)
    # As the branches stand in the tree, not as they came to be.
    order = {unit.id: at for at, unit in enumerate(below)}
    cases.sort(key=lambda case: order[case.person.unit_id])
    found = agenda(cases, closes_on=closes_on, today=today, law=office.law, calendar=office.calendar)
    return Session(top.name if top is not None else "", found, {unit.id: unit.name for unit in below})
