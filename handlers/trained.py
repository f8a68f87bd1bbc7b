"""Those who finished the class: who was not admitted yet, by branch, and how many were."""

from collections import Counter
from datetime import date

from domain.changes import Looked, Outcome
from domain.classes import yield_of
from domain.law import Rule, last_day, rule_for
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, is_trained
from domain.units import Unit, UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import candidates, units

PAGE = 20


async def not_admitted(scene: Scene) -> Outcome:
    """Finished the class and not admitted yet, by branch, whose certificate runs out first."""
    found = await places.find(scene, Right.SEE_NAMES, scene.wish.branch)
    if not isinstance(found, Unit):
        return _unclear(scene, found, wording.which_unit_of_trained)
    below = {unit.id: unit for unit in await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})}
    listed = await candidates.of_units(scene.tx, below, OPEN_STAGES)
    rows = [(row, _valid_until(scene, row)) for row in listed if row.certificate_on or is_trained(row.stage)]
    rows.sort(key=lambda pair: (below[pair[0].unit_id].code, pair[1] or date.max, pair[0].folded))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, scene.wish.number or 1), pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    counts = Counter(row.unit_id for row, _ in rows)
    looks = Counter(row.unit_id for row, _ in shown)
    reply = wording.trained_not_admitted(found, below, shown, counts, page=page, pages=pages, today=scene.today)
    return Outcome(reply, changes=tuple(Looked("trained", unit_id, count) for unit_id, count in sorted(looks.items())))


def _valid_until(scene: Scene, row: Candidate) -> date | None:
    issued = row.certificate_on
    rule = rule_for(scene.office.law, Rule.CERTIFICATE_VALID, began=issued, today=scene.today) if issued else None
    return last_day(rule, issued, scene.office.calendar) if issued and rule else None


async def share(scene: Scene) -> Outcome:
    """How many of the trained were admitted: the unit, and each right below it."""
    found = await places.find(scene, Right.SEE_FIGURES, scene.wish.branch)
    if not isinstance(found, Unit):
        return _unclear(scene, found, wording.which_unit_for_share)
    below = await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})
    rows = await candidates.of_units(scene.tx, [unit.id for unit in below])
    paths = {unit.id: unit.path for unit in below}
    children = [] if found.kind is UnitKind.BRANCH else await units.children(scene.tx, found.id, scene.today)
    each = [(child, yield_of(row for row in rows if child.id in paths[row.unit_id])) for child in children]
    return Outcome(wording.trained_share(found, yield_of(rows), each, wanted=scene.office.pathway.trained_share))


def _unclear(scene: Scene, found: places.Unclear | places.Unknown, ask: wording.AsksUnit) -> Outcome:
    if isinstance(found, places.Unclear):
        return Outcome(ask(found.options[:8]))
    own = scene.reaching(Right.SEE_FIGURES)[0].unit_id or 0
    return Outcome(wording.unknown_unit(found.named), changes=(Looked("trained", own, 0, allowed=False),))
