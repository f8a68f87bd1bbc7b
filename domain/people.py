"""Who may do what where: roles, posts with dates, rights along the unit tree. Deny by default."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.units import Unit, UnitKind


class Role(StrEnum):
    """The six roles of the office; titles are labels that the office chooses."""

    SECRETARY = "secretary"
    COMMITTEE = "committee"
    MONITOR = "monitor"
    ORGANISER = "organiser"
    INTRODUCER = "introducer"
    ADMIN = "admin"


class Right(StrEnum):
    """What a handler needs. `ANYBODY` is for joining and `MEMBER` for whoever holds any post."""

    ANYBODY = "anybody"
    MEMBER = "member"
    ENTER = "enter"
    SEE_FIGURES = "see_figures"
    SEE_NAMES = "see_names"
    SET_QUOTA = "set_quota"
    HOLD_CLASS = "hold_class"
    INVITE = "invite"
    HAND_OVER = "hand_over"
    ANNOUNCE = "announce"
    BIND_GROUP = "bind_group"
    NUDGE = "nudge"
    IMPORT = "import"
    DECIDE = "decide"
    SEE_SYSTEM = "see_system"


class Reach(StrEnum):
    """How far below its unit a post reaches."""

    OWN = "own"
    SUBTREE = "subtree"
    BELOW = "below"


RIGHTS: dict[Role, dict[Right, Reach]] = {
    Role.SECRETARY: {
        Right.ENTER: Reach.OWN,
        Right.SEE_FIGURES: Reach.OWN,
        Right.SEE_NAMES: Reach.OWN,
        Right.HAND_OVER: Reach.OWN,
    },
    Role.COMMITTEE: {
        Right.ENTER: Reach.SUBTREE,
        Right.SEE_FIGURES: Reach.SUBTREE,
        Right.SEE_NAMES: Reach.SUBTREE,
        Right.SET_QUOTA: Reach.BELOW,
        Right.HOLD_CLASS: Reach.SUBTREE,
        Right.INVITE: Reach.SUBTREE,
        Right.HAND_OVER: Reach.SUBTREE,
        Right.ANNOUNCE: Reach.SUBTREE,
        Right.BIND_GROUP: Reach.SUBTREE,
        Right.NUDGE: Reach.SUBTREE,
        Right.DECIDE: Reach.SUBTREE,
    },
    Role.MONITOR: {
        Right.SEE_FIGURES: Reach.SUBTREE,
        Right.SEE_NAMES: Reach.SUBTREE,
        Right.HAND_OVER: Reach.OWN,
        Right.NUDGE: Reach.SUBTREE,
    },
    Role.ORGANISER: {
        Right.ENTER: Reach.SUBTREE,
        Right.SEE_FIGURES: Reach.SUBTREE,
        Right.SEE_NAMES: Reach.SUBTREE,
        Right.SET_QUOTA: Reach.SUBTREE,
        Right.HOLD_CLASS: Reach.SUBTREE,
        Right.INVITE: Reach.SUBTREE,
        Right.HAND_OVER: Reach.SUBTREE,
        Right.ANNOUNCE: Reach.SUBTREE,
        Right.BIND_GROUP: Reach.SUBTREE,
        Right.NUDGE: Reach.SUBTREE,
        Right.IMPORT: Reach.SUBTREE,
        Right.DECIDE: Reach.SUBTREE,
    },
    Role.INTRODUCER: {Right.HAND_OVER: Reach.OWN},
    Role.ADMIN: {
        Right.INVITE: Reach.SUBTREE,
        Right.HAND_OVER: Reach.SUBTREE,
        Right.SEE_SYSTEM: Reach.SUBTREE,
    },
}

MAY_INVITE: dict[Role, frozenset[Role]] = {
    Role.COMMITTEE: frozenset({Role.SECRETARY, Role.MONITOR, Role.INTRODUCER}),
    Role.ORGANISER: frozenset({Role.SECRETARY, Role.COMMITTEE, Role.MONITOR, Role.ORGANISER, Role.INTRODUCER}),
    Role.ADMIN: frozenset(Role),
}


MAY_APPROVE: dict[Role, frozenset[Role]] = {
    Role.COMMITTEE: frozenset({Role.SECRETARY, Role.INTRODUCER}),
    Role.ORGANISER: frozenset(Role) - {Role.ADMIN},
    Role.ADMIN: frozenset(Role) - {Role.ADMIN},
}
"""What may be given to somebody who asks for it: more than secretary or introducer takes an organiser."""

KINDS_OF: dict[Role, frozenset[UnitKind]] = {
    Role.SECRETARY: frozenset({UnitKind.BRANCH}),
    Role.COMMITTEE: frozenset({UnitKind.COMMITTEE, UnitKind.GRASSROOTS, UnitKind.SUPERIOR}),
    Role.MONITOR: frozenset(UnitKind),
    Role.ORGANISER: frozenset({UnitKind.GRASSROOTS, UnitKind.SUPERIOR}),
    Role.INTRODUCER: frozenset(UnitKind),
    Role.ADMIN: frozenset(),
}
"""Where each role may be held."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in a unit from one day on; `until` is the last day it holds. Only an admin has no unit.

    `stands_in_for` is the person in whose place somebody holds it for a time.
    """

    id: int
    person_id: int
    role: Role
    unit_id: int | None
    since: date
    until: date | None = None
    stands_in_for: int | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the bot. `posts` are all, past ones too; up to `paused_until` no reminder goes there."""

    id: int
    name: str
    posts: tuple[Post, ...] = ()
    version: int = 0
    paused_until: date | None = None


def reaches(post: Post, right: Right, unit: Unit) -> bool:
    """Whether this post gives this right over this unit, leaving the post's dates aside."""
    reach = RIGHTS[post.role].get(right)
    if reach is None:
        return False
    if post.unit_id is None:
        return True
    match reach:
        case Reach.OWN:
            return unit.id == post.unit_id
        case Reach.SUBTREE:
            return post.unit_id in unit.path
        case Reach.BELOW:
            return post.unit_id in unit.path and unit.id != post.unit_id


@dataclass(frozen=True, slots=True)
class Held:
    """What a letter about a post says: that somebody holds it now, or does so no more."""

    person_id: int
    role: Role
    unit_id: int | None
    is_held: bool = True

    def name(self) -> str:
        """As it is kept with the letter."""
        return f"{self.person_id}:{self.role}:{self.unit_id or ''}:{'held' if self.is_held else 'ended'}"

    def still_stands(self, posts: Iterable[Post], *, today: date) -> bool:
        """Whether it is so today; `posts` are those of the person."""
        same = (post for post in posts if post.role is self.role and post.unit_id == self.unit_id)
        return any(post.holds_on(today) for post in same) is self.is_held


def held_named(name: str) -> Held | None:
    """What `Held.name` kept; None for a letter of before."""
    person_id, *rest = name.split(":")
    if len(rest) != 3:
        return None
    role, unit_id, state = rest
    return Held(int(person_id), Role(role), int(unit_id) if unit_id else None, is_held=state == "held")


def may_give(posts: Iterable[Post], given: dict[Role, frozenset[Role]], role: Role, unit: Unit, *, today: date) -> bool:
    """Whether one post held today may give the role and reaches the unit: two posts are not added up."""
    return any(
        post.holds_on(today) and role in given.get(post.role, ()) and reaches(post, Right.INVITE, unit)
        for post in posts
    )


def may_approve(posts: Iterable[Post], role: Role, unit: Unit | None, root: Unit | None, *, today: date) -> bool:
    """Whether these posts decide on a request for a role; without a clear unit those do that oversee all."""
    if unit is not None:
        return may_give(posts, MAY_APPROVE, role, unit, today=today)
    return any(
        post.role is Role.ADMIN or (post.role is Role.ORGANISER and root is not None and post.unit_id == root.id)
        for post in posts
        if post.holds_on(today)
    )


def may_give_all(giver: Collection[Post], held: Iterable[Post], known: Mapping[int, Unit], *, today: date) -> bool:
    """Whether the posts of the giver could give every one of those held today: a code for somebody opens them all."""
    for post in held:
        unit = known.get(post.unit_id) if post.unit_id is not None else None
        if not post.holds_on(today):
            continue
        if unit is not None and may_give(giver, MAY_INVITE, post.role, unit, today=today):
            continue
        if post.unit_id is not None or not any(one.role is Role.ADMIN and one.holds_on(today) for one in giver):
            return False
    return True


def may(posts: Iterable[Post], right: Right, unit: Unit, *, today: date) -> bool:
    """Whether any post held today gives the right over the unit."""
    return any(post.holds_on(today) and reaches(post, right, unit) for post in posts)


def holds(posts: Iterable[Post], right: Right, *, today: date) -> bool:
    """Whether any post held today gives the right anywhere at all."""
    if right is Right.ANYBODY:
        return True
    held = [post for post in posts if post.holds_on(today)]
    if right is Right.MEMBER:
        return bool(held)
    return any(right in RIGHTS[post.role] for post in held)
