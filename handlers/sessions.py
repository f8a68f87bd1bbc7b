"""The agenda of the next session: the dossiers of a committee's branches, ready or lacking something."""

from domain.changes import Looked, Outcome
from domain.clocks import clocks
from domain.people import Right
from domain.sessions import LISTED, agenda
from domain.units import UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import candidates, moves, units


async def show(scene: Scene) -> Outcome:
    """`/kyhop`: names, so only for those who may see them; decisions are told by their buttons."""
    found = await places.find(scene, Right.SEE_NAMES, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_meets(found.options[:8]))
    below = {unit.id: unit for unit in await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})}
    cases = await moves.cases(scene.tx, await candidates.of_units(scene.tx, list(below), LISTED))
    office = scene.office
    running = clocks(cases, today=scene.today, law=office.law, calendar=office.calendar)
    points = agenda(cases, running)
    seen = sorted({case.person.unit_id for case in cases})
    looked = tuple(Looked("session", unit_id, 1) for unit_id in seen)
    return Outcome(wording.session_agenda(found, points, below, today=scene.today), changes=looked)
