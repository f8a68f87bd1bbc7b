"""Joining by a one-time code, inviting others, and what a stranger hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.changes import (
    CountGuess,
    Draft,
    GiveName,
    Looked,
    MakeInvite,
    MarkGreeted,
    Outcome,
    UseInvite,
    Written,
)
from domain.intents import Intent, Wish
from domain.messages import Reply
from domain.people import KINDS_OF, MAY_INVITE, Person, Post, Right, Role, may_give
from domain.units import Unit, UnitKind
from handlers import holders, linking, places
from handlers.openings import opening
from handlers.scene import CODE_LENGTH, Scene, draw_code
from language import wording
from language.commands import is_invite_mark
from language.plain import fold
from language.senses.posts import own_name
from storage.read import people, requests, units

NAME_FORM = "own_name"
INVITE_DAYS = 7
GUESSES_AN_HOUR = 5
GUESSES_AN_HOUR_IN_ALL = 300
GUESS_WINDOW = timedelta(hours=1)


async def greet_stranger(scene: Scene) -> Outcome:
    """One explanation; somebody who goes on writing is not answered again for an hour."""
    greeted = scene.contact.greeted_at
    if greeted is not None and is_recent(greeted, scene.now):
        return Outcome(None)
    if scene.contact.locked_at is not None:
        said = wording.chat_is_locked()
    else:
        said = await _stood_in(scene) or wording.stranger(scene.office.name)
    return Outcome(said, changes=(MarkGreeted(scene.contact.id),))


async def _stood_in(scene: Scene) -> Reply | None:
    """To somebody whose last post was another's for a time: until when it was, and whose it is if that is so still."""
    posts = scene.person.posts if scene.person else ()
    over = [(post.until, post.id, post) for post in posts if post.until and post.since <= post.until < scene.today]
    until, _, last = max(over, default=(None, 0, None))
    if last is None or until is None or last.stands_in_for is None:
        return None
    unit = await units.by_id(scene.tx, last.unit_id, scene.today) if last.unit_id else None
    holders_now = await people.holders(scene.tx, [unit.id], [last.role], scene.today) if unit is not None else []
    is_back = any(one.id == last.stands_in_for for one in holders_now)
    return wording.standing_in_is_over(last.role, unit, until, last.stands_in_for if is_back else None)


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
    if invite.is_link:
        return await linking.typed(scene, invite)
    if _holds(scene, invite):
        return Outcome(wording.already_joined())
    unit = await units.by_id(scene.tx, invite.unit_id, scene.today) if invite.unit_id else None
    if await _joined_elsewhere(scene, invite):
        return Outcome(wording.joined_elsewhere())
    if (invite.unit_id is not None and unit is None) or not await _has_force(scene, invite, unit):
        return Outcome(wording.wrong_code(), changes=(CountGuess(scene.contact.id),))
    if scene.person is not None and invite.inviter_id == scene.person.id and not is_invite_mark(scene.text):
        # The card with the code, sent back to the bot by whoever was to pass it on.
        return Outcome(wording.pass_the_code_on())
    holder = scene.person
    if holder is None and invite.person_id is None:
        holder = await _expected(scene, invite)
    welcome = wording.welcome(scene.office, invite.role, unit, is_first=scene.person is None)
    if scene.person is None and await _is_held_by_another(scene, invite):
        welcome = wording.with_link_hint(welcome)
    used = UseInvite(invite.id, scene.contact.id, holder.id if holder else None)
    if await _is_named(scene, invite, holder):
        return Outcome(welcome, changes=(used,))
    return Outcome(wording.with_name_asked(welcome), changes=(used,), draft=Draft(NAME_FORM, {}))


async def _is_named(scene: Scene, invite: people.Invite, holder: Person | None) -> bool:
    """Whether whoever joins is known by name: from before, by the invite, or by having asked from this chat."""
    person = holder or (await people.person(scene.tx, invite.person_id) if invite.person_id else None)
    if person is not None:
        return bool(person.name)
    asked = await requests.last_from(scene.tx, scene.contact.id)
    return asked is not None and asked.waits(scene.now) and asked.person_id is not None


async def carry_on_naming(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The name of somebody who joined without one."""
    assert scene.question is not None
    settles = scene.question.id
    if not wishes:
        return Outcome(wording.your_own_name(), settles=settles, draft=Draft(NAME_FORM, {}))
    if wishes[0].intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.menu(), settles=settles)
    name = own_name(scene.text)
    may_be_name = wishes[0].intent in (Intent.OUT_OF_SCOPE, Intent.GREETING) and not wishes[0].is_command
    if not name or not may_be_name:
        return None
    named = GiveName(scene.speaker.id, name)
    return Outcome(wording.name_kept(scene.speaker.id), changes=(named,), settles=settles)


async def name_first(scene: Scene) -> Outcome | None:
    """Somebody who joined before names were asked for is asked at the next greeting."""
    if scene.speaker.name:
        return None
    return Outcome(wording.your_own_name(), draft=Draft(NAME_FORM, {}))


async def _has_force(scene: Scene, invite: people.Invite, unit: Unit | None) -> bool:
    """An invite holds while whoever made it could still make it, or while its person holds the post anyway.

    It opens everything that its person holds: none that whoever made it could not give.
    """
    person = await people.person(scene.tx, invite.person_id) if invite.person_id else None
    if person is not None and not await _could_give_all(scene, invite, person):
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


async def _joined_elsewhere(scene: Scene, invite: people.Invite) -> bool:
    """Whoever has joined does not join again from a chat that nobody knows, unless another of theirs was locked."""
    if scene.person is not None or invite.person_id is None:
        return False
    joined = invite.person_id in await people.with_chat(scene.tx, [invite.person_id])
    return joined and not await people.was_locked(scene.tx, invite.person_id)


async def _is_held_by_another(scene: Scene, invite: people.Invite) -> bool:
    """Whether somebody who uses the bot holds the post too: perhaps the same person on another phone."""
    if invite.unit_id is None:
        return False
    held = await people.holders(scene.tx, [invite.unit_id], [invite.role], scene.today)
    others = [one.id for one in held if one.id != invite.person_id]
    return bool(await people.with_chat(scene.tx, others))


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
    """`/moi vai trò đơn vị [họ tên]`: a code for seven days. What is missing is asked with ready sentences."""
    wish = scene.wish
    said = dict(wish.extra)
    role = Role(said["role"]) if "role" in said else None
    found, name = await _place_and_name(scene, said)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_invite(found.options[:8], role))
    if role is Role.SECRETARY and "bare_role" in said and wish.branch and found.kind is not UnitKind.BRANCH:
        # "bí thư Đảng bộ xã A" answers for the committee.
        role = Role.COMMITTEE
    below = await units.children(scene.tx, found.id, scene.today)
    if role is None:
        if not wish.branch:
            return Outcome(wording.how_to_invite(found, below[:6], _may_be_given(scene, below or [found])))
        return _which_role(scene, found)
    if found.kind not in KINDS_OF[role] and (not wish.branch or role is Role.SECRETARY):
        fitting = [unit for unit in below if unit.kind in KINDS_OF[role]] or below
        return Outcome(wording.which_unit_to_invite(fitting[:8], role, is_cut=len(fitting) > 8))
    return await _invited(scene, role, found, name)


async def _place_and_name(scene: Scene, said: Mapping[str, str]) -> tuple[Unit | places.Unclear | places.Unknown, str]:
    """The unit and the name beside it; where the words as a whole are a unit, nobody is named by them."""
    whole, name = scene.wish.argument, said.get("name", "")
    if name and fold(name) in fold(whole):
        found = await places.find(scene, Right.INVITE, whole)
        is_by_code = fold(found.code) == fold(whole.split()[0]) if isinstance(found, Unit) else False
        if isinstance(found, Unit) and not is_by_code:
            return found, ""
    return await places.find(scene, Right.INVITE, scene.wish.branch), name


def _may_be_given(scene: Scene, among: Sequence[Unit]) -> Unit | None:
    """The first unit to which the speaker may invite whoever leads it: an example that works."""
    for unit in among:
        leader = Role.SECRETARY if unit.kind is UnitKind.BRANCH else Role.COMMITTEE
        if may_give(scene.posts, MAY_INVITE, leader, unit, today=scene.today):
            return unit
    return None


def _which_role(scene: Scene, unit: Unit) -> Outcome:
    roles = [role for role in roles_in(unit) if may_give(scene.posts, MAY_INVITE, role, unit, today=scene.today)]
    return Outcome(wording.which_role(unit, roles) if roles else wording.nobody_to_invite(unit))


async def _invited(scene: Scene, role: Role, unit: Unit, name: str) -> Outcome:
    may = may_give(scene.posts, MAY_INVITE, role, unit, today=scene.today)
    if not may or unit.kind not in KINDS_OF[role]:
        refused = Looked("invite", unit.id, 0, allowed=False)
        return Outcome(wording.may_not_invite(role, unit), changes=(refused,))
    code, change = new_invite(scene.fingerprint, role, unit.id, name, scene.now)
    way = await opening(scene, code)
    there = await people.holders(scene.tx, [unit.id], [role], scene.today)
    but = [one.id for one in there if not await holders.could_be_given(scene, one, scene.posts)]
    change = replace(change, but=tuple(but), bot=way.bot.key if way.bot else "")
    waiting = [one for one in there if one.id not in but and not await people.contacts_of(scene.tx, one.id)]
    named = [one for one in waiting if not name or fold(one.name) == fold(name)]
    planned = named[0].id if len(named) == 1 else None

    def reply(written: Written) -> Reply:
        whom = planned or (written.made if name else None)
        until = change.expires_at.date()
        return wording.invited(code, way, role, unit, until, whom=whom, is_planned=planned is not None)

    return Outcome(reply, changes=(change,))


def new_invite(
    fingerprint: Callable[[str], str], role: Role, unit_id: int | None, name: str, now: datetime
) -> tuple[str, MakeInvite]:
    """A code, to be shown once, and the invite that keeps its fingerprint alone."""
    code = draw_code(CODE_LENGTH)
    return code, MakeInvite(fingerprint(code), role, unit_id, name, now + timedelta(days=INVITE_DAYS))
