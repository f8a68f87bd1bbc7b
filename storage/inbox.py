"""What was heard, each once: the inbox, and the lanes through which one chat at a time is worked on."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Double,
    Insert,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from domain.budget import BotMonth
from domain.calendar import month_of
from domain.messages import Address, Incoming, Kind, Reply
from storage.asking import QUESTION_HOURS, put_reply
from storage.database import Database
from storage.moving import move_now
from storage.statements import LEASE_CLOCK, insert_into, insert_new, lease_over
from storage.tables import addresses, heard, inbox, lanes
from storage.turns import unblock
from storage.usage import add_usage

ROWS_AT_ONCE = 500

_earlier = inbox.alias("earlier")
_OVERTAKEN = case(
    (
        and_(inbox.c.kind == Kind.TEXT.value, inbox.c.message_id != ""),
        exists().where(
            _earlier.c.contact_id == inbox.c.contact_id,
            _earlier.c.message_id == inbox.c.message_id,
            _earlier.c.kind == Kind.EDITED.value,
            _earlier.c.id < inbox.c.id,
        ),
    ),
    else_=False,
)
_ONE_MORE = case(
    (
        inbox.c.album.is_not(None),
        exists().where(
            _earlier.c.contact_id == inbox.c.contact_id,
            _earlier.c.album == inbox.c.album,
            _earlier.c.id < inbox.c.id,
        ),
    ),
    else_=False,
)

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_NEW_ITEMS = insert(inbox).returning(inbox.c.id, sort_by_parameter_order=True)
_HEARD_FROM = (
    update(addresses)
    .where(addresses.c.id == bindparam("of_id"))
    .values(heard_at=bindparam("at"), last_item_id=bindparam("item"))
)
_BLOCKED = (
    select(addresses.c.id)
    .where(
        addresses.c.id.in_(bindparam("ids", expanding=True)),
        or_(addresses.c.is_blocked, addresses.c.shut_at.is_not(None)),
    )
    .order_by(addresses.c.id)
)
# A chat that goes on under another id is heard as the one it has become.
_ALIVE = select(func.coalesce(addresses.c.moved_to, addresses.c.id)).where(
    addresses.c.channel == bindparam("channel"),
    addresses.c.account == bindparam("account"),
    addresses.c.chat == bindparam("chat"),
)
_first = (
    select(inbox.c.contact_id, func.min(inbox.c.id).label("first"))
    .where(inbox.c.state == "waiting")
    .group_by(inbox.c.contact_id)
    .subquery()
)
_FREE_LANES = (
    select(lanes.c.contact_id, _first.c.first)
    .join_from(lanes, _first, _first.c.contact_id == lanes.c.contact_id)
    .where(lanes.c.owner.is_(None) | lease_over(lanes.c.lease_until, LEASE_CLOCK))
    .order_by(lanes.c.lease_until, _first.c.first)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=lanes, skip_locked=True)
)
_LEASED = {"lease_until": LEASE_CLOCK + bindparam("seconds", type_=Double)}
_TAKE_LANES = (
    update(lanes)
    .where(lanes.c.contact_id.in_(bindparam("ids", expanding=True)))
    .values(owner=bindparam("by"), **_LEASED)
)
_ours = (lanes.c.contact_id == bindparam("contact")) & (lanes.c.owner == bindparam("by"))
_RENEW_LANE = update(lanes).where(_ours).values(**_LEASED)
_RELEASE_LANE = update(lanes).where(_ours).values(owner=None, lease_until=LEASE_CLOCK)
_RELEASE_DONE_LANE = _RELEASE_LANE.where(
    ~exists().where(inbox.c.contact_id == lanes.c.contact_id, inbox.c.state == "waiting")
)
_ITEMS = (
    select(
        inbox,
        addresses.c.channel,
        addresses.c.account,
        addresses.c.chat,
        _OVERTAKEN.label("is_overtaken"),
        _ONE_MORE.label("is_one_more"),
    )
    .join_from(inbox, addresses, addresses.c.id == inbox.c.contact_id)
    .where(inbox.c.state == "waiting")
)
_OLDEST = _ITEMS.where(inbox.c.contact_id == bindparam("contact")).order_by(inbox.c.id).limit(1)
_THESE = _ITEMS.where(inbox.c.id.in_(bindparam("ids", expanding=True)))
_COUNT_TRIES = (
    update(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).values(attempts=inbox.c.attempts + 1)
)
_COUNT_TRY = update(inbox).where(inbox.c.id == bindparam("of_id")).values(attempts=inbox.c.attempts + 1)


@cache
def _new_keys(dialect: str) -> ReturningInsert[str]:
    return insert_into(dialect, heard).on_conflict_do_nothing().returning(heard.c.key)


@cache
def _new_lanes(dialect: str) -> Insert:
    return insert_into(dialect, lanes).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Item:
    """Something heard, claimed for the `attempts`-th time; more than three means that all tries have failed.

    `is_overtaken`: these words were edited since, and the newer ones came first. `is_one_more`: an earlier item of the
    same album was heard before. `said_at`, if that was long before it was heard.
    """

    id: int
    incoming: Incoming
    contact_id: int
    attempts: int
    heard_at: datetime
    is_overtaken: bool = False
    is_one_more: bool = False
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A lane that is ours until its lease ends, with its oldest item."""

    contact_id: int
    item: Item | None


@dataclass(frozen=True, slots=True)
class Room:
    """So many lanes somebody can work on, each for so long before others may take it over."""

    owner: str
    lanes: int
    lease_seconds: float


async def accept(db: Database, batch: Sequence[Incoming], at: datetime, *, counted: Collection[str] = ()) -> int:
    """Keep everything heard in one commit; how many were new. What was heard before is passed over.

    Of channels that are `counted` it goes into the month's count of their bots.
    """
    return await db.write(lambda tx: _accept_now(tx, batch, at, counted))


async def accept_and_claim(
    db: Database, batch: Sequence[Incoming], at: datetime, room: Room, *, counted: Collection[str] = ()
) -> list[Claim]:
    """As `accept`, and as `claim_lanes` in the same commit."""

    def write(tx: Connection) -> list[Claim]:
        return _claim_now(tx, room) if _accept_now(tx, batch, at, counted) else []

    return await db.write(write)


async def claim_lanes(db: Database, room: Room) -> list[Claim]:
    """Chats with something to do that nobody works on, the one served longest ago first: nobody crowds out others.

    The attempt is counted in this commit, so that an item that kills the process is not tried for ever.
    """
    return await db.write(lambda tx: _claim_now(tx, room))


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that is ours. With `is_last` it goes back after the item that is worked on, whatever waits there."""

    contact_id: int
    owner: str
    lease_seconds: float
    is_last: bool = False


async def next_item(db: Database, lane: Lane) -> Item | None:
    """The next item of the lane, its lease begun anew; None, and the lane given back, if there is nothing more to do.

    When a lane was given back says whose turn is next. Nothing of a lane that was lost.
    """
    return await db.write(lambda tx: go_on(tx, lane))


def go_on(tx: Connection, lane: Lane) -> Item | None:
    """As `next_item`, within a transaction already open."""
    ours = {"contact": lane.contact_id, "by": lane.owner}
    if tx.execute(_RELEASE_LANE if lane.is_last else _RELEASE_DONE_LANE, ours).rowcount == 1:
        return None
    renewed = ours | {"seconds": lane.lease_seconds}
    return _next(tx, lane.contact_id) if tx.execute(_RENEW_LANE, renewed).rowcount == 1 else None


async def keep_lane(db: Database, contact_id: int, owner: str, lease_seconds: float) -> None:
    """The lease of a lane that is ours begins anew."""
    renewed = {"contact": contact_id, "by": owner, "seconds": lease_seconds}
    await db.write(lambda tx: tx.execute(_RENEW_LANE, renewed))


async def give_back(db: Database, contact_id: int, item_id: int, owner: str) -> None:
    """Give a lane back as it was: the try at this item does not count. Nothing if the lane is no longer ours."""

    def write(tx: Connection) -> None:
        if tx.execute(_RELEASE_LANE, {"contact": contact_id, "by": owner}).rowcount == 1:
            waiting = (inbox.c.id == item_id) & (inbox.c.state == "waiting") & (inbox.c.attempts > 0)
            tx.execute(update(inbox).where(waiting).values(attempts=inbox.c.attempts - 1))

    await db.write(write)


async def fail_item(
    db: Database,
    item_id: int,
    reference: str,
    reply: Reply | None,
    now: datetime,
    *,
    question_hours: int = QUESTION_HOURS,
) -> bool:
    """Give an item up under a reference and tell the person; False if it was finished meanwhile."""

    def write(tx: Connection) -> bool:
        waiting = (inbox.c.id == item_id) & (inbox.c.state == "waiting")
        failed = update(inbox).where(waiting).values(state="failed", reference=reference, done_at=now)
        contact_id = tx.execute(failed.returning(inbox.c.contact_id)).scalar_one_or_none()
        if contact_id is None:
            return False
        if reply is not None:
            person_id = tx.scalar(select(addresses.c.person_id).where(addresses.c.id == contact_id))
            put_reply(
                tx,
                contact_id=contact_id,
                person_id=person_id,
                item_id=item_id,
                reply=reply,
                draft=None,
                now=now,
                question_hours=question_hours,
            )
        return True

    return await db.write(write)


def _accept_now(tx: Connection, batch: Sequence[Incoming], at: datetime, counted: Collection[str]) -> int:
    fresh = _new_ones(tx, batch, at)
    for moved in [one for one in fresh if one.kind is Kind.MOVED]:
        move_now(tx, moved.address, moved.moved_to, at)
    fresh = [one for one in fresh if one.kind is not Kind.MOVED]
    if not fresh:
        return 0
    contacts = _contact_ids(tx, fresh, at)
    rows = [_inbox_row(incoming, contacts[incoming.address], at) for incoming in fresh]
    ids = tx.execute(_NEW_ITEMS, rows).scalars().all()
    last = {contacts[incoming.address]: item_id for incoming, item_id in zip(fresh, ids, strict=True)}
    newest = [{"of_id": contact_id, "at": at, "item": item_id} for contact_id, item_id in sorted(last.items())]
    tx.execute(_HEARD_FROM, newest)
    # Who writes can be reached, by letters too.
    reachable = sorted({contacts[one.address] for one in fresh if one.kind is not Kind.BLOCKED})
    for contact_id in tx.execute(_BLOCKED, {"ids": reachable}).scalars().all():
        unblock(tx, contact_id)
    bots = Counter((one.address.channel, one.address.account) for one in fresh if one.address.channel in counted)
    for (channel, account), count in sorted(bots.items()):
        add_usage(tx, BotMonth(channel, account, month_of(at.date())), heard=count)
    return len(fresh)


def _claim_now(tx: Connection, room: Room) -> list[Claim]:
    free = {row.contact_id: row.first for row in tx.execute(_FREE_LANES, {"most": room.lanes})}
    if not free:
        return []
    tx.execute(_TAKE_LANES, {"ids": list(free), "by": room.owner, "seconds": room.lease_seconds})
    found = {row.contact_id: _item(row) for row in tx.execute(_THESE, {"ids": list(free.values())})}
    if found:
        tx.execute(_COUNT_TRIES, {"ids": [item.id for item in found.values()]})
    # What was the oldest when we looked may have been finished by whoever had the lane until just now.
    return [Claim(contact_id, found.get(contact_id) or _next(tx, contact_id)) for contact_id in free]


def _new_ones(tx: Connection, batch: Sequence[Incoming], at: datetime) -> list[Incoming]:
    by_key = {incoming.key: incoming for incoming in batch}
    # One order of keys for everybody, so that two processes never wait for each other in a ring.
    keys = sorted(by_key)
    new: set[str] = set()
    for start in range(0, len(keys), ROWS_AT_ONCE):
        rows = [{"key": key, "heard_at": at} for key in keys[start : start + ROWS_AT_ONCE]]
        new |= set(tx.execute(_new_keys(tx.dialect.name), rows).scalars())
    return [incoming for key, incoming in by_key.items() if key in new]


def _contact_ids(tx: Connection, fresh: Sequence[Incoming], at: datetime) -> dict[Address, int]:
    """Every chat heard from has an address and a lane."""
    groups = {incoming.address: incoming.is_group for incoming in fresh}
    ids: dict[Address, int] = {}
    for address in sorted(groups, key=lambda one: (one.channel, one.account, one.chat)):
        here = {"channel": address.channel, "account": address.account, "chat": address.chat}
        known = tx.scalar(_ALIVE, here)
        if known is None:
            tx.execute(
                insert_new(tx, addresses)
                .values(
                    **here,
                    is_group=groups[address],
                    is_blocked=False,
                    blocked_reason="",
                    guesses=0,
                    heard_at=at,
                    last_item_id=0,
                    # Whoever writes for the first time missed nothing.
                    outage_told=at,
                )
                .on_conflict_do_nothing()
            )
            known = tx.scalar(_ALIVE, here)
            assert known is not None
        ids[address] = known
    tx.execute(
        _new_lanes(tx.dialect.name), [{"contact_id": one, "lease_until": 0.0} for one in sorted({*ids.values()})]
    )
    return ids


def _inbox_row(incoming: Incoming, contact_id: int, at: datetime) -> dict[str, Any]:
    return {
        "contact_id": contact_id,
        "key": incoming.key,
        "sender": incoming.sender,
        "kind": incoming.kind.value,
        "text": incoming.text,
        "pressed": incoming.pressed,
        "message_id": incoming.message_id,
        "is_group": incoming.is_group,
        "code": incoming.code,
        "marks": list(incoming.marks),
        "state": "waiting",
        "attempts": 0,
        "reference": "",
        "heard_at": at,
        "is_forwarded": incoming.is_forwarded,
        "reply_to": incoming.reply_to,
        "album": incoming.album or None,
        "file": incoming.file,
        "file_bytes": incoming.file_bytes,
        "said_at": at - timedelta(seconds=incoming.age_seconds) if incoming.age_seconds else None,
    }


def _next(tx: Connection, contact_id: int) -> Item | None:
    row = tx.execute(_OLDEST, {"contact": contact_id}).one_or_none()
    if row is None:
        return None
    tx.execute(_COUNT_TRY, {"of_id": row.id})
    return _item(row)


def _item(row: Row[Any]) -> Item:
    """The item of a row, with the try that is just being counted."""
    incoming = Incoming(
        key=row.key,
        address=Address(row.channel, row.account, row.chat),
        sender=row.sender,
        kind=Kind(row.kind),
        text=row.text,
        pressed=row.pressed,
        message_id=row.message_id,
        is_group=row.is_group,
        code=row.code,
        marks=tuple(row.marks),
        is_forwarded=bool(row.is_forwarded),
        reply_to=row.reply_to or "",
        album=row.album or "",
        file=row.file or "",
        file_bytes=row.file_bytes or 0,
    )
    return Item(
        row.id,
        incoming,
        row.contact_id,
        row.attempts + 1,
        row.heard_at,
        bool(row.is_overtaken),
        bool(row.is_one_more),
        row.said_at,
    )
