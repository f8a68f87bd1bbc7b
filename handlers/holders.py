"""Which person a message names, among those who hold a post near a unit."""

from collections.abc import Collection

from domain.people import Person, Post, Role, may_give_all
from domain.units import Unit, UnitKind
from handlers.scene import Scene
from language.plain import fold
from storage.read import people, units


async def around(scene: Scene, unit: Unit) -> list[Person]:
    """Everybody who holds a post in the unit's grass-roots organisation; above those, in the unit itself."""
    path = await units.by_ids(scene.tx, unit.path, scene.today)
    top = next((path[one] for one in unit.path if path[one].kind is UnitKind.GRASSROOTS), None)
    if top is None:
        return await people.holders(scene.tx, [unit.id], list(Role), scene.today)
    near = await units.subtree(scene.tx, top.id, scene.today)
    return await people.holders(scene.tx, [one.id for one in near], list(Role), scene.today)


def called(among: list[Person], name: str, *, in_full: bool) -> list[Person]:
    """Those of that name; unless it must be in full, its last words are enough."""
    wanted = fold(name)
    if not wanted:
        return []
    same = [one for one in among if fold(one.name) == wanted]
    return same if same or in_full else [one for one in among if fold(one.name).endswith(f" {wanted}")]


async def could_be_given(scene: Scene, person: Person, giver: Collection[Post], but: Post | None = None) -> bool:
    """Whether the posts of the giver could give somebody all that they hold, leaving one post aside."""
    held = [post for post in person.posts if but is None or (post.role, post.unit_id) != (but.role, but.unit_id)]
    known = await units.by_ids(scene.tx, [post.unit_id for post in held if post.unit_id], scene.today)
    return may_give_all(giver, held, known, today=scene.today)


async def places_of(scene: Scene, person: Person) -> list[str]:
    """The names of the units in which somebody holds a post today."""
    ids = [post.unit_id for post in person.posts if post.unit_id is not None and post.holds_on(scene.today)]
    found = await units.by_ids(scene.tx, ids, scene.today)
    return [unit.name for unit in found.values()]
