"""Official members who help a candidate: attested on a card, kept with the person, and refused while on probation."""

from collections.abc import Sequence
from dataclasses import replace

from domain.admissions import PROBATION_STAGES
from domain.changes import Change, ChangeCandidate, ForgetDrafts, MoveCandidate, Outcome
from domain.records import OPEN_STAGES, Candidate, Move, Stage, progress
from handlers.listing_form import MOVE_FORM, Listing, settles
from handlers.scene import Scene
from language import wording
from language.plain import fold
from storage.read import candidates

MOST = 2
"""One or two official members help somebody."""


async def assign(scene: Scene, listing: Listing, rows: list[Candidate], fresh: Sequence[Candidate] = ()) -> Outcome:
    """That they are official and a year in the same unit is attested: the bot keeps no register of members."""
    drafts = {row.id: row for row in fresh} or await candidates.by_ids(scene.tx, listing.helpers)
    helpers = [drafts[one] for one in listing.helpers if one in drafts]
    forget = (ForgetDrafts(listing.helpers),)
    if not helpers or len(helpers) > MOST:
        return Outcome(wording.who_helps(), changes=forget, settles=settles(scene))
    units = {row.unit_id for row in rows}
    others = await candidates.of_units(scene.tx, units, (*OPEN_STAGES, *PROBATION_STAGES))
    unfit = [one for one in others if one.folded in {helper.folded for helper in helpers}]
    if unfit:
        return Outcome(wording.may_not_help(unfit), changes=forget, settles=settles(scene))
    if not listing.is_sure:
        draft = replace(listing, asks="card").draft(MOVE_FORM)
        return Outcome(wording.helpers_card(rows, helpers), settles=settles(scene), draft=draft)
    names = tuple(helper.name for helper in helpers)
    changes = tuple(_helped(scene, row, names) for row in rows)
    return Outcome(wording.helpers_assigned(rows), changes=(*changes, *forget), settles=settles(scene))


def _helped(scene: Scene, row: Candidate, names: tuple[str, ...]) -> Change:
    """Nobody steps back because of a new helper."""
    helped = replace(row, helpers=names)
    if (
        row.stage not in OPEN_STAGES
        or progress(row.stage) >= progress(Stage.HELPER_ASSIGNED)
        or progress(row.stage) < 0
    ):
        return ChangeCandidate(helped)
    moved = replace(helped, stage=Stage.HELPER_ASSIGNED, stage_on=scene.today)
    return MoveCandidate(moved, Move(row.id, row.stage, Stage.HELPER_ASSIGNED, scene.today))


async def unfit_helpers(scene: Scene, rows: list[Candidate]) -> list[Candidate]:
    """Candidates of whose helpers one is on probation, was removed or has left the branch."""
    helped = [row for row in rows if row.helpers]
    if not helped:
        return []
    gone = (*PROBATION_STAGES, Stage.REMOVED, Stage.MOVED)
    others = await candidates.of_units(scene.tx, {row.unit_id for row in helped}, gone)
    known = {(one.unit_id, one.folded) for one in others}
    return [row for row in helped if any((row.unit_id, fold(name)) in known for name in row.helpers)]
