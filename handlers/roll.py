"""Who answers for what below a unit, and who of them has joined: for those who invite."""

from collections import Counter
from collections.abc import Sequence

from domain.changes import Looked, Outcome
from domain.people import Right, Role
from domain.units import Unit, UnitKind
from handlers import places, requesting
from handlers.scene import Scene
from language import wording
from storage.read import people, units
from storage.read.people import Held, Presence

UNITS_A_PAGE = 15


async def show(scene: Scene) -> Outcome:
    """`/moi danh sách`, `ai chưa tham gia`: by unit, page by page; each view of names is logged."""
    only_missing = scene.wish.scope == "missing"
    found = await places.find(scene, Right.INVITE, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_of_people(found.options[:8], only_missing=only_missing))
    below = await units.subtree(scene.tx, found.id, scene.today)
    roll = await people.roll(scene.tx, [unit.id for unit in below], scene.now)
    by_unit = {unit.id: [one for one in roll if one.unit_id == unit.id] for unit in below}
    counts = Counter(presence.value for presence in {one.person_id: one.presence for one in roll}.values())
    rows = [(unit, _shown(by_unit[unit.id], only_missing=only_missing)) for unit in below]
    rows = [(unit, held) for unit, held in rows if held or _is_vacant(unit, by_unit[unit.id])]
    pages = max(1, -(-len(rows) // UNITS_A_PAGE))
    page = min(max(scene.wish.number or 1, 1), pages)
    here = rows[(page - 1) * UNITS_A_PAGE : page * UNITS_A_PAGE]
    waiting = await requesting.count_waiting(scene)
    listed = wording.people_listed(
        found,
        [(unit, [(one.role, one.person_id, one.presence.value, one.until) for one in held]) for unit, held in here],
        counts,
        sum(_is_vacant(unit, by_unit[unit.id]) for unit in below),
        only_missing=only_missing,
        page=page,
        pages=pages,
        requests=waiting,
    )
    return Outcome(listed, changes=(Looked("people", found.id, sum(len(held) for _, held in here)),))


def _shown(held: Sequence[Held], *, only_missing: bool) -> list[Held]:
    return [one for one in held if not only_missing or one.presence is not Presence.JOINED]


def _is_vacant(unit: Unit, held: Sequence[Held]) -> bool:
    """Nobody answers for the unit: a branch has no secretary, a grass-roots organisation no committee."""
    needed = {UnitKind.BRANCH: Role.SECRETARY, UnitKind.GRASSROOTS: Role.COMMITTEE}.get(unit.kind)
    return needed is not None and not any(one.role is needed and one.person_id is not None for one in held)
