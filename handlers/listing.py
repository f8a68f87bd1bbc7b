"""Candidates as they stand: a branch's people by stage, or the counts of the branches below."""

from domain.changes import Change, Looked, Outcome
from domain.intents import Wish
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, Stage, progress
from domain.units import Unit, UnitKind
from handlers import places, trained
from handlers.scene import Scene
from language import wording
from storage.read import candidates, units

PAGE = 20


async def show(scene: Scene) -> Outcome:
    """`/nguon`: a branch's people by stage, or the counts of each branch of a committee."""
    wish = scene.wish
    if wish.stage_at_least is Stage.CLASS_DONE and wish.admitted is False:
        return await trained.not_admitted(scene)
    found = await places.find(scene, Right.SEE_NAMES, wish.branch)
    if isinstance(found, places.Unknown):
        own = scene.reaching(Right.SEE_NAMES)[0].unit_id or 0
        refused = Looked("candidates", own, 0, allowed=False)
        return Outcome(wording.unknown_unit(found.named), changes=(refused,))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_list(found.options[:8]))
    stages = _stages(wish)
    below = await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})
    rows = await candidates.of_units(scene.tx, [unit.id for unit in below], stages)
    if found.kind is UnitKind.BRANCH:
        return _listed(scene, found, sorted(rows, key=lambda row: -progress(row.stage)))
    by_unit = {unit.id: [row for row in rows if row.unit_id == unit.id] for unit in below}
    return Outcome(wording.candidates_counted(found, below, by_unit))


def _listed(scene: Scene, unit: Unit, rows: list[Candidate]) -> Outcome:
    wish = scene.wish
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, wish.number or 1), pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    looked: tuple[Change, ...] = (Looked("candidates", unit.id, len(shown)),) if shown else ()
    reply = wording.candidates_listed(
        unit,
        shown,
        len(rows),
        page=page,
        pages=pages,
        # The button says a command, and a command of a stage there is none.
        goes_on=wish.stage is None and wish.stage_at_least is None,
        today=scene.today,
    )
    return Outcome(reply, changes=looked)


def _stages(wish: Wish) -> tuple[Stage, ...]:
    """Open stages, from the asked one on."""
    if wish.stage is not None:
        return (wish.stage,)
    if wish.stage_at_least is not None:
        return tuple(stage for stage in OPEN_STAGES if progress(stage) >= progress(wish.stage_at_least))
    return OPEN_STAGES
