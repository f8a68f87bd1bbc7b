"""Registering people in a class: a seat while there is one, then the waiting list, and the step that goes with it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.changes import JoinClass, MoveCandidate, Outcome
from domain.classes import CAME_BACK, Roll, may_begin, next_open, takes
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, Stage, progress
from domain.units import UnitKind
from handlers import classes, places, stepping
from handlers.listing_form import MOVE_FORM, Listing, settles
from handlers.scene import Scene
from language import wording
from storage.read import candidates, units
from storage.read import classes as reading

ASKED_ABOVE = 10
"""More people than this are registered behind a card."""


async def enrol(scene: Scene, listing: Listing, rows: Sequence[Candidate]) -> Outcome:
    """Where no class takes anybody, the step alone is kept, as it always was."""
    known = await units.by_ids(scene.tx, {row.unit_id for row in rows}, scene.today)
    fitting = [one for one in await classes.not_over(scene) if all(one.unit_id in unit.path for unit in known.values())]
    rolls = await reading.rolls(scene.tx, fitting)
    if listing.class_id is None:
        roll = next_open(rolls, today=scene.today)
        if roll is None:
            return await stepping.step(scene, listing, list(rows))
    else:
        roll = next((one for one in rolls if one.of.id == listing.class_id), None)
        if roll is None or not takes(roll.of, today=scene.today):
            return await _not_open(scene, listing.class_id)
    here = {one.candidate_id for one in (*roll.seated, *roll.waiting)}
    # A class that is long over and was never said to be holds nobody back.
    others = [one for one in rolls if one is not roll and one.of.ends_on >= scene.today]
    elsewhere = {one.candidate_id: other for other in others for one in other.seated}
    new = [row for row in rows if row.id not in here and row.id not in elsewhere]
    if not new:
        return Outcome(wording.already_in_class(rows, roll, elsewhere), settles=settles(scene))
    if len(new) > ASKED_ABOVE and not listing.is_sure:
        draft = replace(listing, class_id=roll.of.id, asks="card").draft(MOVE_FORM)
        return Outcome(wording.enrol_card(len(new), roll), settles=settles(scene), draft=draft)
    stepped = [row for row in new if not _stays(row)]
    outcome = await stepping.step(scene, replace(listing, class_id=roll.of.id), stepped) if stepped else Outcome(None)
    if stepped and not any(isinstance(change, MoveCandidate) for change in outcome.changes):
        return outcome
    joins = JoinClass(roll.of, tuple((row.id, row.unit_id) for row in new))
    reply = wording.enrolled(new, roll, already=len(rows) - len(new))
    return Outcome(reply, changes=(*outcome.changes, joins), settles=settles(scene))


def _stays(row: Candidate) -> bool:
    """Registered before there was a class, or further already and not trained: the seat alone is new."""
    is_further = progress(row.stage) >= progress(Stage.CLASS_REGISTERED) and row.stage in OPEN_STAGES
    is_there = is_further or row.stage in CAME_BACK
    return is_there and row.stage is not Stage.CLASS_DONE and row.certificate_on is None


async def _not_open(scene: Scene, class_id: int) -> Outcome:
    held = await classes.find(scene, class_id)
    is_late = held is not None and not takes(held, today=scene.today)
    reply = wording.class_has_begun(held) if held is not None and is_late else wording.no_such_class()
    return Outcome(reply, settles=settles(scene))


async def all_meant(scene: Scene) -> list[Candidate] | Outcome:
    """Everybody of the lists who was in no class yet; or as many of those who wait as there are seats."""
    wish = scene.wish
    held = await classes.find(scene, wish.number) if wish.number else None
    if held is None:
        return Outcome(wording.no_such_class())
    if not takes(held, today=scene.today):
        return Outcome(wording.class_has_begun(held))
    found = await places.find(scene, Right.ENTER, wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_list_to_enrol(held.id, found.options[:8]))
    branches = await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})
    reach = [unit.id for unit in branches if scene.may(Right.ENTER, unit) and held.unit_id in unit.path]
    roll = (await reading.rolls(scene.tx, [held]))[0]
    rows = await _waiting(scene, roll, reach) if wish.scope == "waiting" else await _listed(scene, reach)
    if not rows:
        return Outcome(wording.nobody_to_enrol(held))
    return rows


async def _waiting(scene: Scene, roll: Roll, reach: Sequence[int]) -> list[Candidate]:
    waiting = [one for one in await classes.waiting_for(scene, roll.of) if one.unit_id in reach]
    known = await candidates.by_ids(scene.tx, [one.candidate_id for one in waiting[: roll.free]])
    return [known[one.candidate_id] for one in waiting[: roll.free] if one.candidate_id in known]


async def _listed(scene: Scene, reach: Sequence[int]) -> list[Candidate]:
    """Those with a seat or a place on some waiting list stay where they are."""
    rolls = await reading.rolls(scene.tx, await reading.not_over(scene.tx))
    taken = {one.candidate_id for roll in rolls for one in (*roll.seated, *roll.waiting)}
    rows = await candidates.of_units(scene.tx, reach, OPEN_STAGES)
    return [row for row in rows if may_begin(row) and row.id not in taken]
