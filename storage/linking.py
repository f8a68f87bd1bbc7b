"""One person in several chats, within a turn: linked by a code, unlinked, and where letters are wanted."""

from datetime import timedelta

from sqlalchemy import exists, or_, select, update

from domain.changes import LinkChat, MakeLink, PreferChat, UnlinkChat
from domain.messages import Reply
from domain.refusals import Conflict
from storage.asking import put_reply
from storage.joining import close_request, forget_unknown, invite_holder, spend
from storage.tables import addresses, invites, outbox, posts, questions
from storage.turns import Turn, must_change, release_held, touch


def make_link(turn: Turn, change: MakeLink) -> None:
    """One code at a time: whoever asks anew has lost the last one."""
    assert turn.person_id is not None
    own = (invites.c.person_id == turn.person_id) & (invites.c.inviter_id == turn.person_id)
    still_good = own & invites.c.for_holder.is_(True) & invites.c.used_at.is_(None) & (invites.c.expires_at > turn.now)
    turn.tx.execute(update(invites).where(still_good).values(expires_at=turn.now))
    invite_holder(turn, change.fingerprint, turn.person_id, change.role, change.unit_id, change.expires_at)


def link_chat(turn: Turn, change: LinkChat) -> None:
    invite = spend(turn, change.invite_id, change.contact_id)
    if (invite.person_id, invite.inviter_id) != (change.person_id, change.person_id):
        raise Conflict
    asked = close_request(turn, change.contact_id)
    mine = {"person_id": change.person_id, "is_preferred": None, "locked_at": None, "locked_from": None}
    mine |= {"guesses": 0, "guesses_since": None}
    here = (addresses.c.id == change.contact_id) & addresses.c.person_id.is_not_distinct_from(change.before)
    must_change(turn.tx.execute(update(addresses).where(here).values(mine)).rowcount)
    if asked is not None:
        forget_unknown(turn, asked)
    if change.before is not None:
        clear_chat(turn, change.contact_id, "linked to somebody else")
        tell_chats(turn, change.before, change.left, but=None)
        _end_doubles(turn, change.before, change.person_id)
        touch(turn.tx, change.before)
    tell_chats(turn, change.person_id, change.told, but=change.contact_id)
    touch(turn.tx, change.person_id)
    release_held(turn.tx, change.person_id)
    turn.person_id = change.person_id
    turn.trail.note("chat_linked", address=change.contact_id, person=change.person_id, before=change.before)


def unlink_chat(turn: Turn, change: UnlinkChat) -> None:
    """The last chat stays: who has none is reached by nothing, and comes in again by nobody's help but an invite's."""
    here = (addresses.c.id == change.contact_id) & (addresses.c.person_id == change.person_id)
    must_change(turn.tx.execute(update(addresses).where(here).values(person_id=None, is_preferred=None)).rowcount)
    left = exists().where(addresses.c.person_id == change.person_id, ~addresses.c.is_group)
    must_change(1 if turn.tx.scalar(select(left)) else 0)
    clear_chat(turn, change.contact_id, "unlinked")
    tell_chats(turn, change.person_id, change.told, but=change.but)
    touch(turn.tx, change.person_id)
    turn.trail.note("chat_unlinked", address=change.contact_id, person=change.person_id)


def prefer_chat(turn: Turn, change: PreferChat) -> None:
    theirs = addresses.c.person_id == turn.person_id
    turn.tx.execute(update(addresses).where(theirs).values(is_preferred=None))
    if change.contact_id is not None:
        here = theirs & (addresses.c.id == change.contact_id)
        must_change(turn.tx.execute(update(addresses).where(here).values(is_preferred=True)).rowcount)
    turn.trail.note("chat_preferred", address=change.contact_id, person=turn.person_id)


def clear_chat(turn: Turn, contact_id: int, reason: str) -> None:
    """Nothing that waited in this chat is said there any more: questions are over, replies cancelled.

    A letter is the person's, not the chat's: it goes to another chat, or waits until the person is back.
    """
    asked = (questions.c.contact_id == contact_id) & questions.c.settled_at.is_(None)
    turn.tx.execute(update(questions).where(asked).values(settled_at=turn.now))
    waiting = (outbox.c.contact_id == contact_id) & or_(
        outbox.c.state.in_(("planned", "held")), (outbox.c.state == "uncertain") & outbox.c.settled_at.is_(None)
    )
    cancelled = {"state": "cancelled", "reason": reason, "body": None, "settled_at": turn.now}
    turn.tx.execute(update(outbox).where(waiting, outbox.c.kind == "reply").values(cancelled))
    again = {"contact_id": None, "question_id": None}
    turn.tx.execute(update(outbox).where(waiting, outbox.c.kind == "letter").values(again))


def tell_chats(turn: Turn, person_id: int, reply: Reply, *, but: int | None) -> None:
    """Said in every chat of the person but one."""
    theirs = select(addresses.c.id).where(addresses.c.person_id == person_id).order_by(addresses.c.id)
    for other in turn.tx.execute(theirs).scalars().all():
        if other != but:
            put_reply(
                turn.tx,
                contact_id=other,
                person_id=person_id,
                item_id=None,
                reply=reply,
                draft=None,
                now=turn.now,
            )


def _end_doubles(turn: Turn, before: int, person_id: int) -> None:
    """Who joined twice and is one person now holds each post once. Posts of anybody else are left as they are."""
    if turn.tx.scalar(select(exists().where(addresses.c.person_id == before))):
        return
    today = turn.now.date()
    held = select(posts).where(posts.c.since <= today, or_(posts.c.until.is_(None), posts.c.until >= today))
    own = {
        (row.role, row.unit_id) for row in turn.tx.execute(held.where(posts.c.person_id == person_id)) if not row.until
    }
    for row in turn.tx.execute(held.where(posts.c.person_id == before)).all():
        if (row.role, row.unit_id) in own:
            ended = update(posts).where(posts.c.id == row.id).values(until=today - timedelta(days=1))
            turn.tx.execute(ended)
            turn.trail.note("post_ended", unit_id=row.unit_id, role=row.role, person=before, before=person_id)
