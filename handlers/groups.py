"""A group: asked to write in private; bound to a unit by somebody who answers for it, it may ask for counts."""

from dataclasses import replace
from datetime import timedelta

from domain.changes import BindGroup, MarkGreeted, Outcome
from domain.messages import IN_GROUP, Kind
from domain.people import Person, Right
from domain.units import Unit
from handlers import places, status
from handlers.hearing import ASKS, BINDS
from handlers.scene import Scene
from language import filling, wording
from language.understand import understand
from storage.read import people, units

PAUSE = timedelta(minutes=1)


async def answer(scene: Scene) -> Outcome:
    """Whatever is heard in a group; nothing is answered there by name."""
    word = scene.text.split()[0] if scene.text else ""
    if scene.item.incoming.kind is not Kind.TEXT or not (word or IN_GROUP in scene.item.incoming.marks):
        return Outcome(None)
    if word == ASKS and (unit := await _bound_to(scene)) is not None:
        return Outcome(await status.counts(scene, unit))
    if word == BINDS and (person := await _writer(scene)) is not None:
        wish = understand(scene.text, today=scene.today)[0]
        return await _bind(replace(scene, person=person, wish=wish)) or _in_private(scene)
    return _in_private(scene)


def _in_private(scene: Scene) -> Outcome:
    """Asked to write in private, at most once a minute."""
    told = scene.contact.greeted_at
    if told is not None and scene.now - PAUSE < told <= scene.now:
        return Outcome(None)
    return Outcome(wording.write_in_private(scene.link("")), changes=(MarkGreeted(scene.contact.id),))


async def _bound_to(scene: Scene) -> Unit | None:
    bound_to = scene.contact.bound_to
    return await units.by_id(scene.tx, bound_to, scene.today) if bound_to is not None else None


async def _writer(scene: Scene) -> Person | None:
    """Whose own word it is, if they talk to us in private too: there the chat is called like the person."""
    sender = "" if scene.item.incoming.is_forwarded else scene.item.incoming.sender
    chat = await people.contact_at(scene.tx, replace(scene.contact.address, chat=sender)) if sender else None
    return await people.person(scene.tx, chat.person_id) if chat is not None and chat.person_id is not None else None


async def _bind(scene: Scene) -> Outcome | None:
    """To the unit named, or to none any more; None where the one who wrote has no say in it."""
    bound = await _bound_to(scene)
    if not scene.reaching(Right.BIND_GROUP) or (bound is not None and not scene.may(Right.BIND_GROUP, bound)):
        return None
    if filling.unbinds(scene.wish.argument):
        return Outcome(wording.group_unbound(), changes=(_bound(scene, None),)) if bound else None
    if not scene.wish.argument:
        own = await places.find(scene, Right.BIND_GROUP)
        example = own if isinstance(own, Unit) else own.options[0] if isinstance(own, places.Unclear) else None
        return Outcome(wording.group_is_bound(bound) if bound else wording.how_to_bind(example))
    found = await places.find(scene, Right.BIND_GROUP, scene.wish.branch)
    if not isinstance(found, Unit):
        return Outcome(wording.no_unit_to_bind())
    return Outcome(wording.group_bound(found), changes=(_bound(scene, found.id),))


def _bound(scene: Scene, unit_id: int | None) -> BindGroup:
    return BindGroup(scene.contact.id, unit_id, scene.speaker.id, scene.speaker.version)
