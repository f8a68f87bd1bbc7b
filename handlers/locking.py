"""A lost phone: every right of a chat ends at once, by its owner from another chat or by the level above."""

from datetime import timedelta

from domain.changes import Draft, LockChat, Looked, Outcome
from domain.intents import Intent, Wish
from domain.people import Person, Right, Role
from domain.units import Unit
from handlers import holders, places
from handlers.joining import INVITE_DAYS
from handlers.openings import opening
from handlers.scene import CODE_LENGTH, Scene, draw_code
from language import filling, wording
from storage.read import people, units
from storage.read.people import Contact

FORM = "lock_chat"


async def lock(scene: Scene) -> Outcome:
    """`/khoa`: one's other phones; with a name or a unit, for the level above, somebody else's."""
    if scene.wish.argument in ("", "-"):
        return await _own(scene)
    found = await _others(scene)
    if len(found) == 1:
        return await _which_chat(scene, found[0])
    if not found:
        own = next((post.unit_id for post in scene.posts if post.unit_id is not None), None)
        return Outcome(wording.nobody_to_lock(), changes=(Looked("lock", own, 0, allowed=False),))
    shown = [(one.id, await holders.places_of(scene, one)) for one in found[:8]]
    return Outcome(wording.whose_chat(shown), draft=_draft([one.id for one in found[:8]], []))


async def _own(scene: Scene) -> Outcome:
    chats = await _chats(scene, scene.speaker.id)
    if chats:
        return await _which_chat(scene, scene.speaker)
    above: list[Person] = []
    for post in scene.posts:
        unit = await units.by_id(scene.tx, post.unit_id, scene.today) if post.unit_id else None
        if unit is not None and not above:
            roles, but = [Role.COMMITTEE, Role.ORGANISER], [scene.speaker.id]
            above = await people.nearest_above(scene.tx, unit.path[:-1], roles, scene.today, but=but)
    return Outcome(wording.no_other_chat([one.id for one in above[:2]]))


async def _chats(scene: Scene, person_id: int) -> list[Contact]:
    """What may be locked: the chats of the person but the one in which this is said."""
    found = await people.contacts_of(scene.tx, person_id)
    return [chat for chat in found if chat.id != scene.contact.id]


async def _others(scene: Scene) -> list[Person]:
    """People with a chat, by unit or by name, whose every post the speaker may give: the code gives them all."""
    tops = await places.tops(scene, Right.INVITE)
    if not tops:
        return []
    wish, found = scene.wish, None
    if wish.branch:
        found = await places.find(scene, Right.INVITE, wish.branch)
    if isinstance(found, Unit):
        among = await people.holders(scene.tx, [found.id], list(Role), scene.today)
    else:
        everywhere = [unit.id for one in tops for unit in await units.subtree(scene.tx, one, scene.today)]
        everybody = await people.holders(scene.tx, everywhere, list(Role), scene.today)
        among = holders.called(everybody, dict(wish.extra).get("name", ""), in_full=False)
    with_chat = await people.with_chat(scene.tx, [one.id for one in among])
    return [one for one in among if one.id in with_chat and await _may(scene, one)]


async def _may(scene: Scene, person: Person) -> bool:
    if person.id == scene.speaker.id:
        return True
    holds_any = any(post.holds_on(scene.today) for post in person.posts)
    return holds_any and await holders.could_be_given(scene, person, scene.posts)


async def _which_chat(scene: Scene, person: Person) -> Outcome:
    settles, chats = scene.question.id if scene.question else None, await _chats(scene, person.id)
    if not chats:
        return Outcome(wording.nobody_to_lock(), settles=settles)
    if len(chats) == 1:
        return _card(scene, person.id, chats[0])
    shown = [(chat.id, chat.address.channel, chat.heard_at) for chat in chats[:8]]
    draft = _draft([person.id], [chat.id for chat in chats[:8]])
    return Outcome(wording.which_chat(shown), settles=settles, draft=draft)


def _card(scene: Scene, person_id: int, chat: Contact) -> Outcome:
    settles = scene.question.id if scene.question else None
    card = wording.lock_card(person_id, chat.address.channel, chat.heard_at)
    return Outcome(card, settles=settles, draft=_draft([person_id], [chat.id]))


def _draft(person_ids: list[int], contact_ids: list[int]) -> Draft:
    return Draft(FORM, {"people": person_ids, "chats": contact_ids})


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Whose phone, which one, and then yes or no."""
    assert scene.question is not None and scene.question.draft is not None
    fields, settles = scene.question.draft.fields, scene.question.id
    person_ids: list[int] = fields["people"]
    chat_ids: list[int] = fields["chats"]
    intent, picked = (wishes[0].intent if wishes else None), filling.picked(scene.text)
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.nothing_changed(), settles=settles)
    chosen = picked if len(person_ids) > 1 and picked in person_ids else person_ids[0]
    person = await people.person(scene.tx, chosen)
    if person is None or not await _may(scene, person):
        return Outcome(wording.nobody_to_lock(), settles=settles)
    if len(person_ids) > 1:
        return await _which_chat(scene, person) if picked in person_ids else None
    chats = [chat for chat in await _chats(scene, person.id) if chat.id in chat_ids]
    if len(chat_ids) > 1:
        mine = [chat for chat in chats if chat.id == picked]
        if mine:
            return _card(scene, person.id, mine[0])
        return await _which_chat(scene, person) if intent is None else None
    if not chats:
        return Outcome(wording.changed_meanwhile(), settles=settles)
    if intent is None:
        return _card(scene, person.id, chats[0])
    return await _save(scene, person, chats[0]) if intent is Intent.CONFIRM_YES else None


async def _save(scene: Scene, person: Person, chat: Contact) -> Outcome:
    assert scene.question is not None
    code, expires = draw_code(CODE_LENGTH), scene.now + timedelta(days=INVITE_DAYS)
    change = LockChat(
        contact_id=chat.id,
        person_id=person.id,
        fingerprint=scene.fingerprint(code),
        expires_at=expires,
        told=wording.your_chat_was_locked(scene.speaker.id),
        but=scene.contact.id,
    )
    said = wording.chat_locked(person.id, code, await opening(scene, code), expires.date())
    return Outcome(said, changes=(change,), settles=scene.question.id)
