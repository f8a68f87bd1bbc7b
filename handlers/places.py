"""Which unit a message is about: named, or understood from the posts held. Nothing outside one's reach is found."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.people import RIGHTS, Right
from domain.refusals import NotAllowed
from domain.units import Unit, UnitKind
from handlers.scene import Scene
from language import matching, plain
from storage.read import units


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several units may be meant; `named` is what the person wrote, empty when nothing was."""

    options: tuple[Unit, ...]
    named: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing of that name within the person's reach, whatever there may be outside it."""

    named: str


async def find(
    scene: Scene, right: Right, named: str = "", kinds: Collection[UnitKind] | None = None
) -> Unit | Unclear | Unknown:
    """The unit meant, where `right` holds. A unit's code in `named` is taken at once.

    Raises NotAllowed when the person has this right nowhere.
    """
    reached = await tops(scene, right)
    if not reached:
        raise NotAllowed
    if named:
        return await _named(scene, right, named, kinds, reached)
    own = await units.by_ids(scene.tx, reached, scene.today)
    meant = [unit for unit in own.values() if kinds is None or unit.kind in kinds]
    if len(meant) == 1:
        return meant[0]
    return Unclear(tuple(sorted(meant or own.values(), key=lambda unit: (len(unit.path), unit.code))))


async def tops(scene: Scene, right: Right) -> tuple[int, ...]:
    """The units from which the right reaches down; an admin's, who has no unit, is the root."""
    tops = [post.unit_id for post in scene.posts if right in RIGHTS[post.role]]
    if None in tops and (root := await units.root(scene.tx, scene.today)) is not None:
        return (root.id,)
    return tuple(dict.fromkeys(unit_id for unit_id in tops if unit_id is not None))


async def _named(
    scene: Scene, right: Right, named: str, kinds: Collection[UnitKind] | None, tops: Collection[int]
) -> Unit | Unclear | Unknown:
    # Behind a command stands a code as it is, even where it reads like a name ("CB10").
    behind = scene.wish.argument.split()[:1] if scene.wish.is_command else []
    for code in (*behind, named.strip(), *_headed(named)):
        by_code = await units.by_code(scene.tx, code, scene.today)
        if by_code is not None and scene.may(right, by_code) and (kinds is None or by_code.kind in kinds):
            return by_code
    called: dict[int, list[tuple[str, Unit]]] = {}
    for unit_id in tops:
        for name, unit in await units.called(scene.tx, unit_id, scene.today):
            if scene.may(right, unit) and (kinds is None or unit.kind in kinds):
                called.setdefault(unit.id, []).append((name, unit))
    among = [pair for pairs in called.values() for pair in pairs]
    best = matching.best(plain.fold(named), among)
    found = {unit.id: unit for unit in best}
    if len(found) == 1:
        return next(iter(found.values()))
    return Unclear(tuple(found.values()), named) if found else Unknown(named)


def _headed(named: str) -> list[str]:
    """`chi bộ HV-01-02` is the unit of that code; of a bare number nobody can tell whether it is one."""
    words = named.split()
    is_headed = len(words) == 3 and plain.fold(" ".join(words[:2])) == "chi bo" and not words[2].isdigit()
    return words[2:] if is_headed else []


async def branches(scene: Scene, found: Unclear | Unknown) -> list[Unit]:
    """What to choose from: the branches among the options, and those right below the other units."""
    offered: list[Unit] = []
    for option in found.options if isinstance(found, Unclear) else ():
        is_branch = option.kind is UnitKind.BRANCH
        offered += [option] if is_branch else await units.children(scene.tx, option.id, scene.today)
    return [unit for unit in offered if unit.kind is UnitKind.BRANCH]
