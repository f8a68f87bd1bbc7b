"""One person in several chats: a code made in one and typed in the other, taken apart again, and where letters go."""

from dataclasses import replace
from datetime import timedelta

from domain.changes import CountGuess, Draft, LinkChat, MakeLink, Outcome, PreferChat, UnlinkChat
from domain.intents import Intent, Wish
from domain.people import Person
from handlers.scene import CODE_LENGTH, Scene, draw_code
from language import filling, wording
from storage.read import people
from storage.read.people import Contact, Invite

FORM = "link_chat"
UNLINK_FORM = "unlink_chat"
LINK_MINUTES = 60
HERE = "here"
LAST_USED = "last"


async def link(scene: Scene) -> Outcome:
    """`/lienket`: a code for another chat; `gỡ` takes one off, `nhắc` says where letters go."""
    match scene.wish.scope:
        case "unlink":
            return await _which(scene, await _meant(scene))
        case "prefer":
            return await _prefer(scene)
        case _:
            return await _code(scene)


async def _code(scene: Scene) -> Outcome:
    post, code = scene.posts[0], draw_code(CODE_LENGTH)
    until = scene.now + timedelta(minutes=LINK_MINUTES)
    made = MakeLink(scene.fingerprint(code), post.role, post.unit_id, until)
    own = await _chats(scene)
    chats = [(one.address.channel, one.heard_at, one.id == scene.contact.id) for one in own]
    preferred = next((one.address.channel for one in own if one.is_preferred), "")
    said = wording.link_code(code, scene.link(code), until, scene.contact.address.channel, chats, preferred)
    return Outcome(said, changes=(made,))


async def _chats(scene: Scene) -> list[Contact]:
    return await people.contacts_of(scene.tx, scene.speaker.id)


async def _meant(scene: Scene) -> list[Contact]:
    """The chats that the words name: this one, those of a channel, or all."""
    chats, said = await _chats(scene), scene.wish.argument
    if said == HERE:
        return [one for one in chats if one.id == scene.contact.id]
    named = [one for one in chats if one.address.channel == said]
    return named or chats


async def typed(scene: Scene, invite: Invite) -> Outcome:
    """The code was typed here. Somebody else's chat is taken only if they say so, and nothing of theirs with it."""
    assert invite.person_id is not None
    person = await people.person(scene.tx, invite.person_id)
    if person is None or not any(post.holds_on(scene.today) for post in person.posts):
        return Outcome(wording.wrong_code(), changes=(CountGuess(scene.contact.id),))
    if scene.person is None:
        return _linked(scene, invite, person, before=None)
    if scene.person.id == person.id:
        return Outcome(wording.type_it_elsewhere())
    if not scene.posts:
        return _linked(scene, invite, person, before=scene.person.id)
    return await _card(scene, invite.id)


async def _card(scene: Scene, invite_id: int) -> Outcome:
    is_only = len(await _chats(scene)) == 1
    draft = Draft(FORM, {"invite": invite_id, "chat": scene.contact.id})
    settles = scene.question.id if scene.question else None
    return Outcome(wording.take_chat_card(scene.speaker.id, is_only=is_only), settles=settles, draft=draft)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Whether this chat, which is the speaker's, is to be whose code was typed in it."""
    assert scene.question is not None and scene.question.draft is not None
    fields, settles = scene.question.draft.fields, scene.question.id
    intent = wishes[0].intent if wishes else None
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.nothing_changed(), settles=settles)
    invite = await people.invite_by_id(scene.tx, fields["invite"])
    person = await people.person(scene.tx, invite.person_id) if invite and invite.person_id else None
    if invite is None or person is None or not _is_good(scene, invite) or fields["chat"] != scene.contact.id:
        return Outcome(wording.changed_meanwhile(), settles=settles)
    if intent is None:
        return await _card(scene, invite.id)
    if intent is not Intent.CONFIRM_YES:
        return None
    return replace(_linked(scene, invite, person, before=scene.speaker.id), settles=settles)


def _is_good(scene: Scene, invite: Invite) -> bool:
    return invite.is_link and invite.used_at is None and invite.expires_at > scene.now


def _linked(scene: Scene, invite: Invite, person: Person, *, before: int | None) -> Outcome:
    channel = scene.contact.address.channel
    change = LinkChat(
        invite_id=invite.id,
        contact_id=scene.contact.id,
        person_id=person.id,
        before=before,
        told=wording.your_chat_was_linked(channel),
        left=wording.your_chat_was_taken(channel),
    )
    return Outcome(wording.chat_linked(person.id), changes=(change,))


async def _which(scene: Scene, meant: list[Contact]) -> Outcome:
    settles = scene.question.id if scene.question else None
    if len(await _chats(scene)) == 1:
        return Outcome(wording.only_chat(), settles=settles)
    draft = Draft(UNLINK_FORM, {"chats": [one.id for one in meant[:8]]})
    if len(meant) == 1:
        is_here = meant[0].id == scene.contact.id
        card = wording.unlink_card(meant[0].address.channel, meant[0].heard_at, is_here=is_here)
        return Outcome(card, settles=settles, draft=draft)
    shown = [(one.id, one.address.channel, one.heard_at, one.id == scene.contact.id) for one in meant[:8]]
    return Outcome(wording.which_chat_to_unlink(shown), settles=settles, draft=draft)


async def carry_on_unlinking(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Which chat, and then yes or no."""
    assert scene.question is not None and scene.question.draft is not None
    ids: list[int] = scene.question.draft.fields["chats"]
    settles, intent = scene.question.id, wishes[0].intent if wishes else None
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.nothing_changed(), settles=settles)
    meant = [one for one in await _chats(scene) if one.id in ids]
    if not meant:
        return Outcome(wording.changed_meanwhile(), settles=settles)
    if intent is None:
        return await _which(scene, meant)
    if len(ids) > 1:
        picked = [one for one in meant if one.id == filling.picked(scene.text)]
        return await _which(scene, picked) if picked else None
    if intent is not Intent.CONFIRM_YES:
        return None
    channel = meant[0].address.channel
    change = UnlinkChat(meant[0].id, scene.speaker.id, wording.your_chat_was_unlinked(channel), scene.contact.id)
    is_here = meant[0].id == scene.contact.id
    return Outcome(wording.chat_unlinked(channel, is_here=is_here), changes=(change,), settles=settles)


async def _prefer(scene: Scene) -> Outcome:
    said, chats = scene.wish.argument, await _chats(scene)
    if said == LAST_USED:
        return Outcome(wording.letters_where_last_used(), changes=(PreferChat(None),))
    meant = [one for one in chats if (one.id == scene.contact.id if said == HERE else one.address.channel == said)]
    if not meant:
        return Outcome(wording.no_such_chat(said))
    others = len(chats) > 1
    wanted = wording.letters_wanted(meant[0].address.channel, has_others=others)
    return Outcome(wanted, changes=(PreferChat(meant[0].id),))
