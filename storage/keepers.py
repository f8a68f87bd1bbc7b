"""Those who answer for the bot itself: admins are told at once, the organisers of the topmost unit by letter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from domain.changes import PlanLetter
from domain.messages import Reply
from domain.people import Role
from storage.asking import put_reply
from storage.letters import plan_now
from storage.reaching import best_first
from storage.tables import addresses, posts, unit_places


def tell_keepers(
    tx: Connection, reply: Reply, rule: str, period: str, step: int, letters_at: datetime, now: datetime
) -> None:
    """Each of them, once for this rule, period and step."""
    admins = tell_admins(tx, reply, now)
    plan_now(tx, letters_to(organisers(tx, now, but=admins), reply, rule, period, step, letters_at), now)


def tell_admins(tx: Connection, reply: Reply, now: datetime) -> list[int]:
    """All admins; only those who have a chat hear it."""
    admins = _holders(tx, Role.ADMIN, now)
    for person_id, contact_id in _reached(tx, admins):
        put_reply(tx, contact_id=contact_id, person_id=person_id, item_id=None, reply=reply, draft=None, now=now)
    return admins


def organisers(tx: Connection, now: datetime, *, but: Sequence[int] = ()) -> list[int]:
    return [one for one in _holders(tx, Role.ORGANISER, now) if one not in but]


def letters_to(
    people: Sequence[int], reply: Reply, rule: str, period: str, step: int, letters_at: datetime
) -> list[PlanLetter]:
    return [
        PlanLetter(
            key=f"{rule}|{period}|{step}|{person_id}",
            rule=rule,
            person_id=person_id,
            not_before=letters_at,
            period=period,
            step=step,
            reply=reply,
        )
        for person_id in people
    ]


def _holders(tx: Connection, role: Role, now: datetime) -> list[int]:
    """Who holds the role today; of organisers those of the topmost unit."""
    day = now.date()
    held = (posts.c.role == role.value) & (posts.c.since <= day) & (posts.c.until.is_(None) | (posts.c.until >= day))
    query = select(posts.c.person_id).where(held).distinct().order_by(posts.c.person_id)
    if role is Role.ORGANISER:
        topmost = select(unit_places.c.unit_id).where(
            unit_places.c.parent_id.is_(None),
            unit_places.c.valid_from <= day,
            unit_places.c.valid_to.is_(None) | (unit_places.c.valid_to > day),
        )
        query = query.where(posts.c.unit_id.in_(topmost))
    return list(tx.execute(query).scalars())


def _reached(tx: Connection, people: Sequence[int]) -> list[tuple[int, int]]:
    """Each with their best chat: not the one of which this may be told that nothing arrives there."""
    query = (
        select(addresses.c.person_id, addresses.c.id)
        .where(addresses.c.person_id.in_(list(people)), ~addresses.c.is_blocked, ~addresses.c.is_group)
        .order_by(*best_first(addresses))
    )
    found: dict[int, int] = {}
    for row in tx.execute(query):
        found.setdefault(row.person_id, row.id)
    return sorted(found.items())
