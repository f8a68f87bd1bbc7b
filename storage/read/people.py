"""People, their posts and addresses, and invites."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, bindparam, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.calendar import ZONE
from domain.messages import Address
from domain.people import Person, Post, Role
from domain.units import Unit, UnitKind
from storage.outages import OUTAGE
from storage.tables import addresses, invites, posts, signs
from storage.tables import people as people_table

IDS_AT_ONCE = 5000

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_OUTAGE = literal(OUTAGE) + addresses.c.channel + ":" + addresses.c.account
_CONTACT = (
    select(addresses, signs.c.value.label("outage_since"), signs.c.at.label("outage_until"))
    .join_from(addresses, signs, signs.c.name == _OUTAGE, isouter=True)
    .where(addresses.c.id == bindparam("contact"))
)
_PEOPLE = select(people_table).where(people_table.c.id.in_(_ids))
_POSTS = select(posts).where(posts.c.person_id.in_(_ids)).order_by(posts.c.id)


@dataclass(frozen=True, slots=True)
class Outage:
    """A stop of more than a day: what was written meanwhile may be lost."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """An address as the bot knows it. `guesses` counts codes that fitted nothing since `guesses_since`.

    `outage` is the last one of its account, until it was spoken of in this chat. A group is `bound_to` a unit, or none.
    """

    id: int
    address: Address
    person_id: int | None
    is_blocked: bool
    guesses: int
    guesses_since: datetime | None
    greeted_at: datetime | None
    heard_at: datetime
    blocked_at: datetime | None = None
    locked_at: datetime | None = None
    asked: int = 0
    asked_since: datetime | None = None
    outage: Outage | None = None
    bound_to: int | None = None
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time invite; `person_id` is somebody already known whom it waits for."""

    id: int
    role: Role
    unit_id: int | None
    name: str
    expires_at: datetime
    inviter_id: int | None
    used_at: datetime | None
    person_id: int | None = None
    for_holder: bool = False

    @property
    def is_link(self) -> bool:
        """Whether somebody made it for himself, to bring in another chat of his."""
        return self.for_holder and self.person_id is not None and self.person_id == self.inviter_id


async def contact(tx: AsyncConnection, contact_id: int) -> Contact | None:
    found = (await tx.execute(_CONTACT, {"contact": contact_id})).one_or_none()
    return replace(_contact(found), outage=_outage(found)) if found else None


async def contact_at(tx: AsyncConnection, address: Address) -> Contact | None:
    """The contact of this chat, if anything was ever heard from it."""
    here = (
        (addresses.c.channel == address.channel)
        & (addresses.c.account == address.account)
        & (addresses.c.chat == address.chat)
    )
    found = (await tx.execute(select(addresses).where(here))).one_or_none()
    return _contact(found) if found else None


async def contacts_of(tx: AsyncConnection, person_id: int) -> list[Contact]:
    """All addresses of a person, the one last heard from first."""
    query = select(addresses).where(addresses.c.person_id == person_id)
    rows = await tx.execute(query.order_by(addresses.c.heard_at.desc(), addresses.c.id.desc()))
    return [_contact(row) for row in rows]


async def person(tx: AsyncConnection, person_id: int) -> Person | None:
    return (await tx.run_sync(people_now, [person_id])).get(person_id)


async def people(tx: AsyncConnection, ids: Collection[int]) -> dict[int, Person]:
    return await tx.run_sync(people_now, ids)


async def holders(tx: AsyncConnection, unit_ids: Collection[int], roles: Collection[Role], today: date) -> list[Person]:
    """Those who hold one of the roles in one of the units today."""
    return await _holding(tx, roles, today, unit_ids)


async def with_roles(tx: AsyncConnection, roles: Collection[Role], today: date) -> list[Person]:
    """Those who hold one of the roles anywhere today."""
    return await _holding(tx, roles, today, None)


async def post(tx: AsyncConnection, post_id: int) -> Post | None:
    found = (await tx.execute(select(posts).where(posts.c.id == post_id))).one_or_none()
    return _post(found) if found else None


async def with_chat(tx: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Those of the people who have joined from any chat, whether or not it can still be reached."""
    query = select(addresses.c.person_id).where(addresses.c.person_id.in_(set(ids)), ~addresses.c.is_group)
    return {one for one in (await tx.execute(query)).scalars() if one is not None}


async def drafted(tx: AsyncConnection, draft: int) -> Person | None:
    """Somebody named only on a card."""
    found = await tx.scalar(select(people_table.c.id).where(people_table.c.draft == draft))
    return await person(tx, found) if found is not None else None


async def was_locked(tx: AsyncConnection, person_id: int) -> bool:
    """Whether a chat of this person is locked: then only they themselves may use their code."""
    query = select(addresses.c.id).where(addresses.c.locked_from == person_id).limit(1)
    return (await tx.scalar(query)) is not None


async def guesses_since(tx: AsyncConnection, since: datetime) -> int:
    """Wrong codes in all chats whose count began after a moment."""
    query = select(func.coalesce(func.sum(addresses.c.guesses), 0)).where(addresses.c.guesses_since > since)
    return int(await tx.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class Handover:
    """A post that went over to another: the old one, which ended, and the one that came after."""

    old: Post
    new: Post


async def last_handover(tx: AsyncConnection, unit_id: int, roles: Collection[Role], today: date) -> Handover | None:
    """The newest in a unit whose new holder still holds the post."""
    query = select(posts).where(
        posts.c.unit_id == unit_id, posts.c.handed_to.is_not(None), posts.c.role.in_([role.value for role in roles])
    )
    for row in await tx.execute(query.order_by(posts.c.handed_to.desc())):
        new = (await tx.execute(select(posts).where(posts.c.id == row.handed_to))).one()
        if _post(new).holds_on(today):
            return Handover(_post(row), _post(new))
    return None


class Presence(StrEnum):
    """How somebody who holds a post stands to the bot."""

    JOINED = "joined"
    UNREACHABLE = "unreachable"
    INVITED = "invited"
    EXPIRED = "expired"
    NEVER = "never"


EXPIRED_FOR = timedelta(days=30)
"""So long an invite that nobody used is still told of: who never came would be forgotten otherwise."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post of today and how its holder stands. Without a person it is an invite that anybody may use."""

    unit_id: int | None
    role: Role
    person_id: int | None
    presence: Presence
    until: date | None = None


async def roll(tx: AsyncConnection, unit_ids: Collection[int], now: datetime) -> list[Held]:
    """Everybody who holds a post in the units today, and invites there that nobody used, in the order given."""
    today, order = now.date(), {unit_id: at for at, unit_id in enumerate(unit_ids)}
    held = (
        await tx.execute(
            select(posts).where(
                posts.c.unit_id.in_(list(order)),
                posts.c.since <= today,
                posts.c.until.is_(None) | (posts.c.until >= today),
            )
        )
    ).all()
    ids = {row.person_id for row in held}
    chats = await tx.execute(
        select(addresses.c.person_id, addresses.c.is_blocked).where(
            addresses.c.person_id.in_(ids), ~addresses.c.is_group
        )
    )
    open_chats: defaultdict[int, list[bool]] = defaultdict(list)
    for person_id, is_blocked in chats:
        open_chats[person_id or 0].append(not is_blocked)
    known = (invites.c.expires_at > now - EXPIRED_FOR) & (
        invites.c.unit_id.in_(list(order)) | invites.c.person_id.in_(ids)
    )
    invited = (await tx.execute(select(invites).where(known).order_by(invites.c.id))).all()
    unused = [row for row in invited if row.used_at is None]
    latest = {row.person_id: row for row in unused if row.person_id is not None}

    def state(invite: Row[Any]) -> Presence:
        return Presence.INVITED if invite.expires_at > now else Presence.EXPIRED

    def presence(person_id: int) -> Presence:
        if person_id in open_chats:
            return Presence.JOINED if any(open_chats[person_id]) else Presence.UNREACHABLE
        return state(latest[person_id]) if person_id in latest else Presence.NEVER

    found = [Held(row.unit_id, Role(row.role), row.person_id, presence(row.person_id), row.until) for row in held]
    holding = {(one.person_id, one.role, one.unit_id) for one in found}
    # A later invite to the same post stands for one that ran out.
    newest = {(row.role, row.unit_id): row.id for row in invited}
    found += [
        Held(row.unit_id, Role(row.role), row.person_id, state(row))
        for row in unused
        if row.unit_id in order
        and (row.person_id, Role(row.role), row.unit_id) not in holding
        # A code for who holds the post is dead once the post went elsewhere.
        and not row.for_holder
        and (row.expires_at > now or newest[row.role, row.unit_id] == row.id)
    ]
    return sorted(found, key=lambda one: (order[one.unit_id or 0], list(Role).index(one.role), one.person_id or 0))


async def to_be_nudged(tx: AsyncConnection, among: Collection[Unit], today: date, *, by: int) -> set[int]:
    """Those of the units where somebody else answers for it who has joined, and so can be nudged."""
    role_of = {unit.id: Role.SECRETARY if unit.kind is UnitKind.BRANCH else Role.COMMITTEE for unit in among}
    held = (
        select(posts.c.unit_id, posts.c.role)
        .join(addresses, (addresses.c.person_id == posts.c.person_id) & ~addresses.c.is_group)
        .where(
            posts.c.person_id != by,
            posts.c.since <= today,
            or_(posts.c.until.is_(None), posts.c.until >= today),
        )
        .distinct()
    )
    found: set[int] = set()
    ordered = sorted(role_of)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        some = held.where(posts.c.unit_id.in_(ordered[start : start + IDS_AT_ONCE]))
        found |= {row.unit_id for row in await tx.execute(some) if role_of[row.unit_id] == row.role}
    return found


async def readers(tx: AsyncConnection, unit_ids: Collection[int], roles: Collection[Role], today: date) -> list[Person]:
    """Who gets the letters of the units: those who hold one of the roles there today.

    While somebody stands in for one of them, the letters go to whoever stands in, and back afterwards.
    """
    found = await holders(tx, unit_ids, roles, today)
    away = {
        (post.stands_in_for, post.role, post.unit_id)
        for person in found
        for post in person.posts
        if post.stands_in_for is not None and post.holds_on(today)
    }
    return [
        person
        for person in found
        if any(
            post.holds_on(today)
            and post.role in roles
            and post.unit_id in unit_ids
            and (person.id, post.role, post.unit_id) not in away
            for post in person.posts
        )
    ]


async def deputies(tx: AsyncConnection, person_id: int, unit_id: int, today: date) -> list[Person]:
    """Who can be reached in somebody's place: first who stands in for them in the unit, then who holds the same role.

    Empty when the person holds nothing there. Whoever plans or hands on a letter asks this.
    """
    known = await person(tx, person_id)
    held = [post for post in known.posts if post.unit_id == unit_id and post.holds_on(today)] if known else []
    others = await holders(tx, [unit_id], {post.role for post in held}, today)
    can_be_reached = await reachable(tx, [one.id for one in others])

    def stands_in(one: Person) -> bool:
        return any(
            post.stands_in_for == person_id and post.unit_id == unit_id and post.holds_on(today) for post in one.posts
        )

    found = [one for one in others if one.id != person_id and one.id in can_be_reached]
    return sorted(found, key=lambda one: (not stands_in(one), one.id))


async def nearest_above(
    tx: AsyncConnection, path: Sequence[int], roles: Collection[Role], today: date, *, but: Collection[int] = ()
) -> list[Person]:
    """Those who can be reached in the nearest unit that has any, up the path from its end.

    `path` runs from the root; hand it without the unit itself to ask for the level above.
    """
    for unit_id in reversed(path):
        answering = await readers(tx, [unit_id], roles, today)
        can_be_reached = await reachable(tx, [one.id for one in answering])
        found = [one for one in answering if one.id in can_be_reached and one.id not in but]
        if found:
            return found
    return []


async def reachable(tx: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Those of the people who have a chat in which something can be said."""
    query = select(addresses.c.person_id).where(
        addresses.c.person_id.in_(set(ids)), ~addresses.c.is_blocked, ~addresses.c.is_group
    )
    return {one for one in (await tx.execute(query)).scalars() if one is not None}


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody in office whose every chat is closed; `since` is when the last one was found so."""

    person: Person
    since: datetime


async def unreachable(tx: AsyncConnection, today: date) -> list[Unreachable]:
    """Everybody who holds a post today and can be reached in no chat although there was one."""
    closed = select(addresses.c.person_id, addresses.c.blocked_at, addresses.c.heard_at).where(
        addresses.c.is_blocked, addresses.c.person_id.is_not(None), ~addresses.c.is_group
    )
    since: dict[int, datetime] = {}
    for person_id, blocked_at, heard_at in await tx.execute(closed):
        if person_id is not None:
            since[person_id] = max(since.get(person_id, heard_at), blocked_at or heard_at)
    open_ones = await reachable(tx, since)
    known = await tx.run_sync(people_now, set(since) - open_ones)
    return [
        Unreachable(known[one], since[one])
        for one in sorted(known)
        if any(post.holds_on(today) for post in known[one].posts)
    ]


async def away(tx: AsyncConnection, today: date) -> list[tuple[int, int, int]]:
    """Who is stood in for today, in which unit, and by whom, if that one can be reached."""
    return [(post.stands_in_for or 0, post.unit_id or 0, post.person_id) for post in await _standing_in(tx, today)]


async def left_to_others(tx: AsyncConnection, today: date) -> frozenset[tuple[int, Role, int]]:
    """The posts, by holder, role and unit, that somebody stands in for who can be reached."""
    return frozenset((post.stands_in_for or 0, post.role, post.unit_id or 0) for post in await _standing_in(tx, today))


async def _standing_in(tx: AsyncConnection, today: date) -> list[Post]:
    query = select(posts).where(
        posts.c.stands_in_for.is_not(None), posts.c.unit_id.is_not(None), posts.c.since <= today, posts.c.until >= today
    )
    found = [_post(row) for row in await tx.execute(query.order_by(posts.c.id))]
    can_be_reached = await reachable(tx, [post.person_id for post in found]) if found else ()
    return [post for post in found if post.person_id in can_be_reached]


async def resting(tx: AsyncConnection, unit_ids: Collection[int], today: date) -> dict[int, date]:
    """Units of whose secretaries somebody wants no reminders at present, and until when."""
    query = (
        select(posts.c.unit_id, people_table.c.paused_until)
        .join_from(posts, people_table, people_table.c.id == posts.c.person_id)
        .where(
            posts.c.role == Role.SECRETARY.value,
            posts.c.since <= today,
            posts.c.until.is_(None) | (posts.c.until >= today),
            people_table.c.paused_until >= today,
        )
    )
    wanted = set(unit_ids)
    return {unit_id: until for unit_id, until in await tx.execute(query) if unit_id in wanted and until is not None}


async def names(tx: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    rows = await tx.execute(select(people_table.c.id, people_table.c.name).where(people_table.c.id.in_(set(ids))))
    return dict(rows.all())


async def by_key(tx: AsyncConnection, keys: Collection[str]) -> dict[str, int]:
    """People by the office's own word for them in its workbook."""
    rows = await tx.execute(select(people_table.c.key, people_table.c.id).where(people_table.c.key.in_(set(keys))))
    return {key: person_id for key, person_id in rows if key is not None}


async def invite(tx: AsyncConnection, fingerprint: str) -> Invite | None:
    return await _invite(tx, invites.c.fingerprint == fingerprint)


async def invite_by_id(tx: AsyncConnection, invite_id: int) -> Invite | None:
    return await _invite(tx, invites.c.id == invite_id)


async def _invite(tx: AsyncConnection, which: ColumnElement[bool]) -> Invite | None:
    query = select(invites, people_table.c.name).join_from(
        invites, people_table, invites.c.person_id == people_table.c.id, isouter=True
    )
    found = (await tx.execute(query.where(which))).one_or_none()
    if found is None:
        return None
    return Invite(
        id=found.id,
        role=Role(found.role),
        unit_id=found.unit_id,
        name=found.name or "",
        expires_at=found.expires_at,
        inviter_id=found.inviter_id,
        used_at=found.used_at,
        person_id=found.person_id,
        for_holder=bool(found.for_holder),
    )


def people_now(connection: Connection, ids: Collection[int]) -> dict[int, Person]:
    """People with all their posts, within a transaction already open."""
    wanted = {"ids": list(set(ids))}
    rows = connection.execute(_PEOPLE, wanted).all()
    held: defaultdict[int, list[Post]] = defaultdict(list)
    for row in connection.execute(_POSTS, wanted):
        held[row.person_id].append(_post(row))
    return {row.id: Person(row.id, row.name, tuple(held[row.id]), row.version, row.paused_until) for row in rows}


async def _holding(
    tx: AsyncConnection, roles: Collection[Role], today: date, unit_ids: Collection[int] | None
) -> list[Person]:
    query = select(posts.c.person_id).where(
        posts.c.role.in_([role.value for role in roles]),
        posts.c.since <= today,
        posts.c.until.is_(None) | (posts.c.until >= today),
    )
    if unit_ids is not None:
        query = query.where(posts.c.unit_id.in_(set(unit_ids)))
    ids: Sequence[int] = (await tx.execute(query.distinct().order_by(posts.c.person_id))).scalars().all()
    found = await tx.run_sync(people_now, ids)
    return [found[person_id] for person_id in ids]


def _outage(row: Row[Any]) -> Outage | None:
    if row.outage_until is None:
        return None
    outage = Outage(datetime.fromtimestamp(row.outage_since, ZONE), datetime.fromtimestamp(row.outage_until, ZONE))
    return outage if row.outage_told is None or row.outage_told < outage.until else None


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        id=row.id,
        address=Address(row.channel, row.account, row.chat),
        person_id=row.person_id,
        is_blocked=row.is_blocked,
        guesses=row.guesses,
        guesses_since=row.guesses_since,
        greeted_at=row.greeted_at,
        heard_at=row.heard_at,
        blocked_at=row.blocked_at,
        locked_at=row.locked_at,
        asked=row.asked or 0,
        asked_since=row.asked_since,
        bound_to=row.bound_to,
        is_preferred=bool(row.is_preferred),
    )


def _post(row: Row[Any]) -> Post:
    return Post(
        id=row.id,
        person_id=row.person_id,
        role=Role(row.role),
        unit_id=row.unit_id,
        since=row.since,
        until=row.until,
        stands_in_for=row.stands_in_for,
    )
