"""Invites and addresses within a turn."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, exists, func, insert, literal, or_, select, update

from domain.changes import (
    BindGroup,
    CountAsked,
    CountGuess,
    ForgetPerson,
    GiveName,
    MakeInvite,
    MarkGreeted,
    MarkOutageTold,
    MarkReach,
    NamePerson,
    UseInvite,
)
from domain.refusals import Conflict
from storage.tables import addresses, invites, outbox, people, posts, requests
from storage.turns import Turn, block, must_change, release_held, touch, unblock

GUESS_WINDOW = timedelta(hours=1)
"""Wrong codes are counted anew after this long."""
ASKED_WINDOW = timedelta(days=1)
"""What a stranger was asked is counted anew after this long."""


def make_invite(turn: Turn, change: MakeInvite) -> None:
    """`turn.made` becomes whom it is for, if anybody is known."""
    awaited = _awaited(turn, change)
    turn.made = awaited or 0
    made = turn.tx.execute(
        insert(invites)
        .values(
            fingerprint=change.fingerprint,
            role=change.role.value,
            unit_id=change.unit_id,
            person_id=awaited,
            inviter_id=turn.person_id,
            made_at=turn.now,
            expires_at=change.expires_at,
            bot=change.bot or None,
        )
        .returning(invites.c.id)
    ).scalar_one()
    turn.trail.note("invite_made", unit_id=change.unit_id, invite=made, role=change.role.value)


def use_invite(turn: Turn, change: UseInvite) -> None:
    """One address gets the post; of two that come at once the second finds it used."""
    invite = spend(turn, change.invite_id, change.address_id)
    own = turn.tx.scalar(select(addresses.c.person_id).where(addresses.c.id == change.address_id))
    known = change.person_id or own
    asked = close_request(turn, change.address_id)
    person_id = known or invite.person_id or asked or _add_person(turn, name="")
    if own is None and not invite.for_holder:
        _must_be_nowhere(turn, person_id)
    here = (addresses.c.id == change.address_id) & or_(
        addresses.c.person_id.is_(None), addresses.c.person_id == person_id
    )
    must_change(
        turn.tx.execute(
            update(addresses)
            .where(here)
            .values(person_id=person_id, guesses=0, guesses_since=None, locked_at=None, locked_from=None)
        ).rowcount
    )
    if asked is not None and asked != person_id:
        forget_unknown(turn, asked)
    if invite.person_id is not None and invite.person_id != person_id:
        _take_over(turn, invite.person_id, person_id)
    if invite.for_holder:
        _must_hold(turn, person_id, invite.role, invite.unit_id)
    else:
        give_post(turn, person_id, invite.role, invite.unit_id)
    touch(turn.tx, person_id)
    release_held(turn.tx, person_id)
    turn.person_id = person_id
    turn.trail.note(
        "invite_used", unit_id=invite.unit_id, invite=invite.id, role=invite.role, address=change.address_id
    )


def spend(turn: Turn, invite_id: int, address_id: int) -> Row[Any]:
    still_good = (invites.c.id == invite_id) & invites.c.used_at.is_(None) & (invites.c.expires_at > turn.now)
    spent = update(invites).where(still_good).values(used_at=turn.now, used_by=address_id)
    invite = turn.tx.execute(spent.returning(invites)).one_or_none()
    if invite is None:
        raise Conflict
    return invite


def count_guess(turn: Turn, change: CountGuess) -> None:
    is_fresh = addresses.c.guesses_since.is_not(None) & (addresses.c.guesses_since > turn.now - GUESS_WINDOW)
    turn.tx.execute(
        update(addresses)
        .where(addresses.c.id == change.address_id)
        .values(
            guesses=case((is_fresh, addresses.c.guesses + 1), else_=1),
            guesses_since=case(
                (is_fresh, addresses.c.guesses_since), else_=literal(turn.now, addresses.c.guesses_since.type)
            ),
        )
    )
    turn.trail.note("code_guessed", address=change.address_id)


def mark_reach(turn: Turn, change: MarkReach) -> None:
    if change.is_blocked:
        block(turn.tx, change.contact_id, "blocked", turn.now)
    else:
        unblock(turn.tx, change.contact_id)


def mark_greeted(turn: Turn, change: MarkGreeted) -> None:
    turn.tx.execute(update(addresses).where(addresses.c.id == change.contact_id).values(greeted_at=turn.now))


def mark_outage_told(turn: Turn, change: MarkOutageTold) -> None:
    here = addresses.c.id == change.contact_id
    turn.tx.execute(update(addresses).where(here).values(outage_told=change.until))


def bind_group(turn: Turn, change: BindGroup) -> None:
    here = addresses.c.id == change.contact_id
    turn.tx.execute(update(addresses).where(here).values(bound_to=change.unit_id))
    what = "group_bound" if change.unit_id is not None else "group_unbound"
    turn.trail.note(what, unit_id=change.unit_id, address=change.contact_id)


def _awaited(turn: Turn, change: MakeInvite) -> int | None:
    """Whom the invite is for: who holds that post already but was never reached, or a new row for the name."""
    has_address = exists().where(addresses.c.person_id == people.c.id)
    is_invited = exists().where(
        invites.c.person_id == people.c.id, invites.c.used_at.is_(None), invites.c.expires_at > turn.now
    )
    holders = (
        select(people.c.id)
        .join_from(posts, people, people.c.id == posts.c.person_id)
        .where(
            posts.c.role == change.role.value,
            posts.c.unit_id == change.unit_id,
            posts.c.until.is_(None),
            ~has_address,
            people.c.id.not_in(change.but),
        )
    )
    waiting = holders.where(people.c.name == change.name) if change.name else holders.where(~is_invited)
    found = turn.tx.execute(waiting.distinct().limit(2)).scalars().all()
    if len(found) == 1:
        return found[0]
    return _add_person(turn, change.name) if change.name else None


def _add_person(turn: Turn, name: str) -> int:
    new = insert(people).values(name=name, version=0, made_at=turn.now).returning(people.c.id)
    return turn.tx.execute(new).scalar_one()


def _must_be_nowhere(turn: Turn, person_id: int) -> None:
    """Of two chats that come at once with codes for one person, the second finds them in already."""
    turn.tx.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())
    joined = exists().where(addresses.c.person_id == person_id, ~addresses.c.is_group)
    must_change(0 if turn.tx.scalar(select(joined)) else 1)


def _must_hold(turn: Turn, person_id: int, role: str, unit_id: int | None) -> None:
    today = turn.now.date()
    held = exists().where(
        posts.c.person_id == person_id,
        posts.c.role == role,
        _in_unit(unit_id),
        posts.c.since <= today,
        or_(posts.c.until.is_(None), posts.c.until >= today),
    )
    must_change(1 if turn.tx.scalar(select(held)) else 0)


def _in_unit(unit_id: int | None) -> ColumnElement[bool]:
    return posts.c.unit_id.is_(None) if unit_id is None else posts.c.unit_id == unit_id


def give_post(turn: Turn, person_id: int, role: str, unit_id: int | None) -> None:
    """From today on, for good; nothing if it is held already."""
    held = exists().where(
        posts.c.person_id == person_id, posts.c.role == role, posts.c.until.is_(None), _in_unit(unit_id)
    )
    if turn.tx.scalar(select(held)):
        return
    turn.tx.execute(insert(posts).values(person_id=person_id, role=role, unit_id=unit_id, since=turn.now.date()))
    turn.trail.note("post_given", unit_id=unit_id, person=person_id, role=role)


def invite_holder(
    turn: Turn, fingerprint: str, person_id: int, role: str, unit_id: int | None, until: datetime, bot: str = ""
) -> None:
    """An invite for somebody who holds the post already and has no chat, or no longer has one."""
    made = turn.tx.execute(
        insert(invites)
        .values(
            fingerprint=fingerprint,
            role=role,
            unit_id=unit_id,
            person_id=person_id,
            inviter_id=turn.person_id,
            made_at=turn.now,
            expires_at=until,
            for_holder=True,
            bot=bot or None,
        )
        .returning(invites.c.id)
    ).scalar_one()
    turn.trail.note("invite_made", unit_id=unit_id, invite=made, role=role)


def name_person(turn: Turn, change: NamePerson) -> None:
    new = insert(people).values(name=change.name, version=0, made_at=turn.now, draft=change.draft)
    turn.made = turn.tx.execute(new.returning(people.c.id)).scalar_one()


def give_name(turn: Turn, change: GiveName) -> None:
    nameless = (people.c.id == change.person_id) & (people.c.name == "")
    must_change(turn.tx.execute(update(people).where(nameless).values(name=change.name)).rowcount)
    touch(turn.tx, change.person_id)
    turn.trail.note("name_given", person=change.person_id)


def forget_person(turn: Turn, change: ForgetPerson) -> None:
    turn.tx.execute(delete(people).where(people.c.draft == change.draft))


def forget_unknown(turn: Turn, person_id: int) -> None:
    """A row made for a request or a card that led to nothing: nobody holds it by a chat or a post."""
    unknown = (
        (people.c.id == person_id)
        & people.c.key.is_(None)
        & ~exists().where(addresses.c.person_id == people.c.id)
        & ~exists().where(posts.c.person_id == people.c.id)
        & ~exists().where(invites.c.person_id == people.c.id)
    )
    turn.tx.execute(delete(people).where(unknown))


def close_request(turn: Turn, contact_id: int) -> int | None:
    """Who asked from this chat and now joins otherwise; the request is over."""
    waiting = (requests.c.contact_id == contact_id) & (requests.c.state == "waiting")
    asked = turn.tx.execute(select(requests.c.person_id).where(waiting)).scalar_one_or_none()
    over = {"state": "joined", "decided_at": turn.now, "unit_said": "", "person_id": None}
    turn.tx.execute(update(requests).where(waiting).values(over))
    return asked


def count_asked(turn: Turn, change: CountAsked) -> None:
    is_fresh = addresses.c.asked_since.is_not(None) & (addresses.c.asked_since > turn.now - ASKED_WINDOW)
    turn.tx.execute(
        update(addresses)
        .where(addresses.c.id == change.contact_id)
        .values(
            asked=case((is_fresh, addresses.c.asked + 1), else_=1),
            asked_since=case(
                (is_fresh, addresses.c.asked_since), else_=literal(turn.now, addresses.c.asked_since.type)
            ),
        )
    )


def _take_over(turn: Turn, awaited_id: int, person_id: int) -> None:
    """The one the invite waited for turns out to be somebody already known: one person with all the posts."""
    if turn.tx.scalar(select(func.count()).select_from(addresses).where(addresses.c.person_id == awaited_id)):
        return
    held = {
        (role, unit_id)
        for role, unit_id in turn.tx.execute(
            select(posts.c.role, posts.c.unit_id).where(posts.c.person_id == person_id, posts.c.until.is_(None))
        )
    }
    for post in turn.tx.execute(select(posts).where(posts.c.person_id == awaited_id)).all():
        if (post.role, post.unit_id) in held and post.until is None:
            turn.tx.execute(delete(posts).where(posts.c.id == post.id))
        else:
            turn.tx.execute(update(posts).where(posts.c.id == post.id).values(person_id=person_id))
    turn.tx.execute(update(posts).where(posts.c.stands_in_for == awaited_id).values(stands_in_for=person_id))
    turn.tx.execute(update(requests).where(requests.c.person_id == awaited_id).values(person_id=person_id))
    turn.tx.execute(update(invites).where(invites.c.person_id == awaited_id).values(person_id=person_id))
    turn.tx.execute(update(outbox).where(outbox.c.person_id == awaited_id).values(person_id=person_id))
    awaited = turn.tx.execute(delete(people).where(people.c.id == awaited_id).returning(people)).one()
    if awaited.key is not None:
        turn.tx.execute(update(people).where(people.c.id == person_id, people.c.key.is_(None)).values(key=awaited.key))
    turn.trail.note("person_joined_with", person=person_id, other=awaited_id)
