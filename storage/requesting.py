"""Requests for a post within a turn: kept, decided once, forgotten when their time is over."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, or_, select, update

from domain.changes import DecideRequest, PlanLetter, RequestPost
from domain.messages import Reply
from domain.refusals import Conflict
from storage.asking import put_reply
from storage.database import Database
from storage.joining import forget_unknown, give_post
from storage.letters import plan_now
from storage.statements import insert_new
from storage.tables import addresses, invites, people, posts, requests
from storage.turns import Turn, must_change, release_held, touch

REQUEST_RULE = "join-request"
"""The letter that brings a request to those who decide on it; its period is the request's number."""

TELL_WITHIN = timedelta(days=7)
"""Whose request ended longer ago has long asked elsewhere."""


def request_post(turn: Turn, change: RequestPost) -> None:
    """One request at a time from a chat; those who decide are told by letter."""
    expire_requests(turn.tx, turn.now, contact_id=change.contact_id)
    new = insert_new(turn.tx, requests).values(
        contact_id=change.contact_id,
        person_id=change.person_id,
        role=change.role.value,
        unit_id=change.unit_id,
        unit_said=change.unit_said,
        state="waiting",
        made_at=turn.now,
        expires_at=change.expires_at,
    )
    made = turn.tx.execute(new.on_conflict_do_nothing().returning(requests.c.id)).scalar_one_or_none()
    if made is None:
        raise Conflict
    turn.made = made
    turn.tx.execute(update(people).where(people.c.id == change.person_id).values(draft=None))
    letters = [
        PlanLetter(
            key=f"{REQUEST_RULE}|{made}|{decider}",
            rule=REQUEST_RULE,
            person_id=decider,
            not_before=change.not_before,
            period=str(made),
        )
        for decider in change.deciders
    ]
    plan_now(turn.tx, letters, turn.now)
    turn.trail.note("request_made", unit_id=change.unit_id, request=made, role=change.role.value)


def decide_request(turn: Turn, change: DecideRequest) -> None:
    """Of two who decide at once the first one has decided."""
    still = (requests.c.id == change.request_id) & (requests.c.state == "waiting") & (requests.c.expires_at > turn.now)
    is_approved = change.unit_id is not None
    decided = {"state": "approved" if is_approved else "refused", "decided_by": turn.person_id, "decided_at": turn.now}
    found = turn.tx.execute(
        update(requests).where(still).values(**decided, unit_said="").returning(requests)
    ).one_or_none()
    if found is None or found.person_id is None:
        raise Conflict
    if is_approved:
        here = (addresses.c.id == found.contact_id) & or_(
            addresses.c.person_id.is_(None), addresses.c.person_id == found.person_id
        )
        linked = update(addresses).where(here).values(person_id=found.person_id, guesses=0, guesses_since=None)
        must_change(turn.tx.execute(linked).rowcount)
        give_post(turn, found.person_id, found.role, change.unit_id)
        touch(turn.tx, found.person_id)
        release_held(turn.tx, found.person_id)
        said_to = found.person_id
    else:
        turn.tx.execute(update(requests).where(requests.c.id == found.id).values(person_id=None))
        forget_unknown(turn, found.person_id)
        said_to = turn.tx.scalar(select(addresses.c.person_id).where(addresses.c.id == found.contact_id))
    put_reply(
        turn.tx,
        contact_id=found.contact_id,
        person_id=said_to,
        item_id=None,
        reply=change.told,
        draft=None,
        now=turn.now,
    )
    what = "request_approved" if is_approved else "request_refused"
    turn.trail.note(what, unit_id=change.unit_id, request=found.id, role=found.role)


def expire_requests(tx: Connection, now: datetime, *, contact_id: int | None = None) -> int:
    """Requests whose time is over, with the words and the names that stood only for them; of one chat, if given."""
    over = (requests.c.state == "waiting") & (requests.c.expires_at <= now)
    if contact_id is not None:
        over &= requests.c.contact_id == contact_id
    expired = {"state": "expired", "decided_at": now, "unit_said": "", "person_id": None}
    return tx.execute(update(requests).where(over).values(expired)).rowcount


async def tell_expired(db: Database, now: datetime, told: Reply) -> int:
    """Say once in each chat whose request nobody decided on that its time is over; how many were told."""

    def write(tx: Connection) -> int:
        expire_requests(tx, now)
        over = (requests.c.state == "expired") & (requests.c.decided_at > now - TELL_WITHIN)
        asked = tx.execute(update(requests).where(over).values(state="told").returning(requests.c.contact_id)).scalars()
        chats = select(addresses.c.id, addresses.c.person_id).where(
            addresses.c.id.in_(set(asked)),
            ~addresses.c.is_blocked,
            addresses.c.locked_at.is_(None),
            ~exists().where(requests.c.contact_id == addresses.c.id, requests.c.state == "waiting"),
        )
        found = tx.execute(chats.order_by(addresses.c.id)).all()
        for contact_id, person_id in found:
            put_reply(tx, contact_id=contact_id, person_id=person_id, item_id=None, reply=told, draft=None, now=now)
        return len(found)

    return await db.write(write)


def forget_people(tx: Connection, *, before: datetime) -> int:
    """People who were named only on a card or in a request that came to nothing."""
    known = [
        exists().where(column == people.c.id)
        for column in (
            addresses.c.person_id,
            posts.c.person_id,
            invites.c.person_id,
            invites.c.inviter_id,
            requests.c.person_id,
        )
    ]
    nobody = people.c.key.is_(None) & ~or_(*known) & (people.c.made_at < before)
    return tx.execute(delete(people).where(nobody)).rowcount
