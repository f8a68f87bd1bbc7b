"""The small talk of an assistant: menu, help, greetings, one's own data, and words that fit nothing."""

from domain.changes import Outcome
from domain.intents import Intent
from domain.people import Right, Role
from domain.records import EntryState
from handlers import joining
from handlers.scene import Scene
from language import wording
from storage.read import entries, people, units


async def menu(scene: Scene) -> Outcome:
    """Always the same four choices."""
    return Outcome(wording.menu())


async def greet(scene: Scene) -> Outcome:
    """A greeting by name; whoever has none yet is asked for it."""
    if (asked := await joining.name_first(scene)) is not None:
        return asked
    return Outcome(wording.greeting(scene.speaker.id))


async def help_out(scene: Scene) -> Outcome:
    """Help for the roles held, with examples, and whom to call."""
    roles = tuple(dict.fromkeys(post.role for post in scene.posts))
    above: list[int] = []
    for post in scene.posts:
        unit = await units.by_id(scene.tx, post.unit_id, scene.today) if post.unit_id else None
        if unit is not None:
            above += list(unit.path[:-1])
    answering = await people.holders(scene.tx, above, [Role.COMMITTEE, Role.ORGANISER], scene.today)
    return Outcome(wording.help_for(roles, [one.id for one in answering if one.id != scene.speaker.id][:2]))


async def my_data(scene: Scene) -> Outcome:
    """What is held of the person who asks."""
    contacts = await people.contacts_of(scene.tx, scene.speaker.id)
    ids = [post.unit_id for post in scene.posts if post.unit_id is not None]
    places = await units.by_ids(scene.tx, ids, scene.today)
    return Outcome(wording.my_data(scene.speaker, scene.posts, places, len(contacts), scene.office))


async def lost(scene: Scene) -> Outcome:
    """Words that fit nothing: said so, with the nearest commands."""
    return Outcome(wording.not_understood(may_enter=bool(scene.reaching(Right.ENTER))))


async def not_ours(scene: Scene) -> Outcome:
    """A yes or no where nothing is asked; "sai rồi" right after an entry offers to put it right."""
    if scene.wish.intent is Intent.CONFIRM_NO:
        last = await entries.last_by(scene.tx, scene.speaker.id)
        if last is not None and last.state is EntryState.LIVE and last.made_at.date() == scene.today:
            return Outcome(wording.wrong_last(last.number))
    return Outcome(wording.nothing_asked(is_yes=scene.wish.intent is Intent.CONFIRM_YES))


async def sensitive(scene: Scene) -> Outcome:
    """What must not be kept at all was not kept."""
    return Outcome(wording.sensitive_refused())
