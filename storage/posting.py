"""Posts within a turn: handed over, held for a time, taken back; chats locked; announcements to many."""

from datetime import timedelta

from sqlalchemy import exists, insert, or_, select, update

from domain.changes import Announce, HandOver, LockChat, PlanLetter, TakeBack
from domain.refusals import Conflict
from storage.joining import invite_holder
from storage.letters import plan_now
from storage.linking import clear_chat, tell_chats
from storage.tables import addresses, announcements, invites, people, posts
from storage.turns import Turn, must_change, release_held, touch

ANNOUNCEMENT = "announcement"


def hand_over(turn: Turn, change: HandOver) -> None:
    """For good the old post ended yesterday and the new one begins today: a day has one holder."""
    today = turn.now.date()
    held = (posts.c.id == change.post_id) & (posts.c.person_id == change.holder_id) & posts.c.until.is_(None)
    ends = today - timedelta(days=1)
    turn.tx.execute(update(people).where(people.c.id == change.successor_id).values(draft=None))
    if change.until is None:
        old = turn.tx.execute(update(posts).where(held).values(until=ends).returning(posts)).one_or_none()
    else:
        old = turn.tx.execute(select(posts).where(held).with_for_update()).one_or_none()
    if old is None:
        raise Conflict
    term = {"since": today, "until": change.until, "stands_in_for": change.holder_id if change.until else None}
    new = insert(posts).values(person_id=change.successor_id, role=old.role, unit_id=old.unit_id, **term)
    new_id = turn.tx.execute(new.returning(posts.c.id)).scalar_one()
    if change.until is None:
        turn.tx.execute(update(posts).where(posts.c.id == old.id).values(handed_to=new_id))
        stand_ins = (
            (posts.c.stands_in_for == change.holder_id) & (posts.c.role == old.role) & (posts.c.unit_id == old.unit_id)
        )
        turn.tx.execute(update(posts).where(stand_ins, posts.c.until >= today).values(until=ends))
    if not turn.tx.scalar(select(exists().where(addresses.c.person_id == change.successor_id))):
        until = change.expires_at
        invite_holder(turn, change.fingerprint, change.successor_id, old.role, old.unit_id, until, change.bot)
    touch(turn.tx, change.holder_id, change.successor_id)
    turn.made = new_id
    what = "post_handed_over" if change.until is None else "post_lent"
    turn.trail.note(
        what, unit_id=old.unit_id, role=old.role, person=change.successor_id, before=change.holder_id, post=new_id
    )


def take_back(turn: Turn, change: TakeBack) -> None:
    ends = turn.now.date() - timedelta(days=1)
    given = (posts.c.id == change.new_post_id) & posts.c.until.is_(None)
    new = turn.tx.execute(update(posts).where(given).values(until=ends).returning(posts)).one_or_none()
    gone = (posts.c.id == change.post_id) & (posts.c.handed_to == change.new_post_id)
    old = turn.tx.execute(update(posts).where(gone).values(until=None, handed_to=None).returning(posts)).one_or_none()
    if new is None or old is None:
        raise Conflict
    touch(turn.tx, new.person_id, old.person_id)
    release_held(turn.tx, old.person_id)
    turn.trail.note(
        "post_taken_back", unit_id=old.unit_id, role=old.role, person=old.person_id, before=new.person_id, post=old.id
    )


def lock_chat(turn: Turn, change: LockChat) -> None:
    """The chat is nobody's from now on; codes handed out before are dead, and a new one is for the same person."""
    here = (addresses.c.id == change.contact_id) & (addresses.c.person_id == change.person_id)
    locked = (
        update(addresses)
        .where(here)
        .values(person_id=None, is_preferred=None, locked_at=turn.now, locked_from=change.person_id)
    )
    must_change(turn.tx.execute(locked).rowcount)
    clear_chat(turn, change.contact_id, "locked")
    old_codes = (invites.c.person_id == change.person_id) & invites.c.used_at.is_(None)
    turn.tx.execute(update(invites).where(old_codes).values(expires_at=turn.now))
    _invite_again(turn, change)
    tell_chats(turn, change.person_id, change.told, but=change.but)
    touch(turn.tx, change.person_id)
    turn.trail.note("chat_locked", address=change.contact_id, person=change.person_id)


def _invite_again(turn: Turn, change: LockChat) -> None:
    today = turn.now.date()
    held = select(posts).where(
        posts.c.person_id == change.person_id,
        posts.c.since <= today,
        or_(posts.c.until.is_(None), posts.c.until >= today),
    )
    post = turn.tx.execute(held.order_by(posts.c.id).limit(1)).one_or_none()
    if post is not None:
        invite_holder(turn, change.fingerprint, change.person_id, post.role, post.unit_id, change.expires_at)


def announce(turn: Turn, change: Announce) -> None:
    """The letters of one announcement, each once."""
    row = {"author_id": turn.person_id, "unit_id": change.unit_id, "item_id": change.item_id, "made_at": turn.now}
    turn.made = turn.tx.execute(insert(announcements).values(row).returning(announcements.c.id)).scalar_one()
    letters = [
        PlanLetter(
            key=f"{ANNOUNCEMENT}|{turn.made}|{person_id}",
            rule=ANNOUNCEMENT,
            person_id=person_id,
            not_before=change.not_before,
            unit_id=unit_id,
            period=str(turn.made),
            reply=change.reply,
        )
        for person_id, unit_id in change.to
    ]
    plan_now(turn.tx, letters, turn.now)
    turn.trail.note("announced", unit_id=change.unit_id, announcement=turn.made, count=len(letters))
