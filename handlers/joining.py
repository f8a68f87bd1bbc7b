"""Joining by a one-time code, inviting others, and what a stranger hears."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.changes import CountGuess, Looked, MakeInvite, MarkGreeted, Outcome, UseInvite
from domain.people import KINDS_OF, MAY_INVITE, Person, Post, Right, Role, may_give
from domain.units import Unit
from handlers import holders, places
from handlers.scene import Scene, draw_code
from language import wording
from language.plain import fold
from storage.read import people, units

INVITE_DAYS = 7
GUESSES_AN_HOUR = 5
GUESSES_AN_HOUR_IN_ALL = 300
GUESS_WINDOW = timedelta(hours=1)
CODE_LENGTH = 8


def greet_stranger(scene: Scene) -> Outcome:
    """One explanation; somebody who goes on writing is not answered again for an hour."""
    greeted = scene.contact.greeted_at
    if greeted is not None and is_recent(greeted, scene.now):
        return Outcome(None)
    said = wording.chat_is_locked() if scene.contact.locked_at is not None else wording.stranger(scene.office.name)
    return Outcome(said, changes=(MarkGreeted(scene.contact.id),))


def is_recent(moment: datetime, now: datetime) -> bool:
    return now - timedelta(hours=1) < moment <= now


async def join(scene: Scene) -> Outcome:
    """A code was typed: the post it was made for, once, or the same answer for wrong, used and expired ones."""
    since = scene.contact.guesses_since
    if since is not None and is_recent(since, scene.now) and scene.contact.guesses >= GUESSES_AN_HOUR:
        return Outcome(wording.too_many_guesses())
    if await people.guesses_since(scene.tx, scene.now - GUESS_WINDOW) >= GUESSES_AN_HOUR_IN_ALL:
        return Outcome(wording.too_many_guesses())
    invite = await people.invite(scene.tx, scene.item.incoming.code)
    if invite is None or invite.used_at is not None or invite.expires_at <= scene.now:
        # Somebody who holds the post already and types the code once more is told so, not counted.
        if invite is not None and _holds(scene, invite):
            return Outcome(wording.already_joined())
        return Outcome(wording.wrong_code(), changes=(CountGuess(scene.contact.id),))
    if _holds(scene, invite):
        return Outcome(wording.already_joined())
    unit = await units.by_id(scene.tx, invite.unit_id, scene.today) if invite.unit_id else None
    if (invite.unit_id is not None and unit is None) or not await _has_force(scene, invite, unit):
        return Outcome(wording.wrong_code(), changes=(CountGuess(scene.contact.id),))
    holder = scene.person
    if holder is None and invite.person_id is None:
        holder = await _expected(scene, invite)
    return Outcome(
        wording.welcome(scene.office, invite.role, unit, is_first=scene.person is None),
        changes=(UseInvite(invite.id, scene.contact.id, holder.id if holder else None),),
    )


async def _has_force(scene: Scene, invite: people.Invite, unit: Unit | None) -> bool:
    """An invite holds while whoever made it could still make it, or while its person holds the post anyway.

    It opens everything that its person holds: none that whoever made it could not give.
    """
    person = await people.person(scene.tx, invite.person_id) if invite.person_id else None
    if person is not None and not await _could_give_all(scene, invite, person):
        return False
    if person is not None and scene.person is None and await _is_in_already(scene, person):
        return False
    if invite.for_holder:
        return await _is_for_holder(scene, invite)
    if invite.inviter_id is None:
        return True
    inviter = await people.person(scene.tx, invite.inviter_id)
    if inviter is None:
        return False
    if unit is None:
        held = [post for post in inviter.posts if post.holds_on(scene.today) and post.unit_id is None]
        return any(invite.role in MAY_INVITE.get(post.role, ()) for post in held)
    return may_give(inviter.posts, MAY_INVITE, invite.role, unit, today=scene.today)


async def _could_give_all(scene: Scene, invite: people.Invite, person: Person) -> bool:
    if invite.inviter_id in (None, person.id):
        return True
    inviter = await people.person(scene.tx, invite.inviter_id) if invite.inviter_id else None
    own = Post(0, person.id, invite.role, invite.unit_id, scene.today)
    return inviter is not None and await holders.could_be_given(scene, person, inviter.posts, but=own)


async def _is_in_already(scene: Scene, person: Person) -> bool:
    """Whoever has joined does not join again from a chat that nobody knows, unless another of theirs was locked."""
    joined = person.id in await people.with_chat(scene.tx, [person.id])
    return joined and not await people.was_locked(scene.tx, person.id)


async def _is_for_holder(scene: Scene, invite: people.Invite) -> bool:
    person = await people.person(scene.tx, invite.person_id) if invite.person_id else None
    if person is None:
        return False
    if scene.person is not None and scene.person.id != person.id and await people.was_locked(scene.tx, person.id):
        return False
    return any(
        post.role is invite.role and post.unit_id == invite.unit_id and post.holds_on(scene.today)
        for post in person.posts
    )


def _holds(scene: Scene, invite: people.Invite) -> bool:
    return any(post.role is invite.role and post.unit_id == invite.unit_id for post in scene.posts)


async def _expected(scene: Scene, invite: people.Invite) -> Person | None:
    """The person whom the office's workbook already names for this post and who never wrote."""
    if invite.unit_id is None:
        return None
    there = await people.holders(scene.tx, [invite.unit_id], [invite.role], scene.today)
    waiting = [holder for holder in there if not await people.contacts_of(scene.tx, holder.id)]
    named = [holder for holder in waiting if not invite.name or fold(holder.name) == fold(invite.name)]
    return named[0] if len(named) == 1 and await _could_give_all(scene, invite, named[0]) else None


def roles_in(unit: Unit) -> tuple[Role, ...]:
    """What somebody may be invited as; who introduces people may be invited everywhere, on request."""
    return tuple(role for role in Role if role is not Role.INTRODUCER and unit.kind in KINDS_OF[role])


async def invite(scene: Scene) -> Outcome:
    """`/moi vai trò đơn vị`: a code for seven days. What is missing is asked with ready sentences."""
    wish = scene.wish
    said = dict(wish.extra)
    role = Role(said["role"]) if "role" in said else None
    found = await places.find(scene, Right.INVITE, wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_invite(found.options[:8], role))
    if not wish.branch and (role is not Role.ORGANISER or found.kind not in KINDS_OF[role]):
        below = await units.children(scene.tx, found.id, scene.today)
        return Outcome(wording.how_to_invite(found, below[:6]))
    if role is None:
        return Outcome(wording.which_role(found, roles_in(found)))
    return await _invited(scene, role, found, said.get("name", ""))


async def _invited(scene: Scene, role: Role, unit: Unit, name: str) -> Outcome:
    may = may_give(scene.posts, MAY_INVITE, role, unit, today=scene.today)
    if not may or unit.kind not in KINDS_OF[role]:
        refused = Looked("invite", unit.id, 0, allowed=False)
        return Outcome(wording.may_not_invite(role, unit), changes=(refused,))
    code, change = new_invite(scene.fingerprint, role, unit.id, name, scene.now)
    there = await people.holders(scene.tx, [unit.id], [role], scene.today)
    but = [one.id for one in there if not await holders.could_be_given(scene, one, scene.posts)]
    change = replace(change, but=tuple(but))
    return Outcome(wording.invited(code, scene.link(code), role, unit, change.expires_at.date()), changes=(change,))


def new_invite(
    fingerprint: Callable[[str], str], role: Role, unit_id: int | None, name: str, now: datetime
) -> tuple[str, MakeInvite]:
    """A code, to be shown once, and the invite that keeps its fingerprint alone."""
    code = draw_code(CODE_LENGTH)
    return code, MakeInvite(fingerprint(code), role, unit_id, name, now + timedelta(days=INVITE_DAYS))
