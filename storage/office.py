"""An office's plan into the database: all of it or nothing, and the same plan twice changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, false, func, insert, or_, select, update

from domain.changes import LoadPlan, MakeInvite, SetQuota
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit, Problem
from domain.people import Role
from domain.quotas import Quota
from domain.refusals import Conflict
from domain.units import UnitKind
from storage.audit import Trail
from storage.batches import batch_of_file, keep_batch
from storage.database import Database
from storage.joining import make_invite as make_invite_now
from storage.past.checking import Example
from storage.past.load import load_past
from storage.paths import as_ids, as_text, below
from storage.read.batches import batch_now
from storage.read.quotas import current_now
from storage.read.units import subtree_ids
from storage.setting import set_quota
from storage.statements import insert_new
from storage.tables import aliases, invites, members, people, posts, unit_places, units
from storage.turns import Turn

TRIES = 2

_Person = Row[Any]

BEGINNING = date(1900, 1, 1)
"""A tree given for the first time holds for the past too: entries may be dated before the import."""


@dataclass(slots=True)
class LoadReport:
    """What loading a plan changed, and what stood already.

    `batch` is the number of the batch that the past years came to; `same_as` the batch that this very file made
    before, so that nothing of them was read again. `examples` are some of the corrections.
    """

    units_added: int = 0
    units_changed: int = 0
    units_moved: int = 0
    aliases_added: int = 0
    members_set: int = 0
    quotas_set: int = 0
    people_added: int = 0
    people_changed: int = 0
    posts_added: int = 0
    candidates_added: int = 0
    entries_added: int = 0
    entries_completed: int = 0
    entries_corrected: int = 0
    candidates_changed: int = 0
    without_name: int = 0
    nothing_undone: int = 0
    unchanged: int = 0
    batch: int | None = None
    same_as: int | None = None
    examples: tuple[Example, ...] = ()

    @property
    def changed(self) -> int:
        return (
            self.units_added
            + self.units_changed
            + self.units_moved
            + self.aliases_added
            + self.members_set
            + self.quotas_set
            + self.people_added
            + self.people_changed
            + self.posts_added
            + self.candidates_added
            + self.entries_added
            + self.entries_completed
            + self.entries_corrected
            + self.candidates_changed
        )


class UnknownUnit(Exception):
    """The plan names a unit that neither it nor the database has; nothing was written."""


class PlanRefused(Exception):
    """Rows of past years that do not go together with the records; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.sheet, problem.row)))
        super().__init__(len(self.problems))


class _OnlyLooked(Exception):
    """Takes back what a dry run wrote."""

    def __init__(self, report: LoadReport) -> None:
        super().__init__()
        self.report = report


async def load_plan(
    db: Database,
    plan: OfficePlan,
    folded: Callable[[str], str],
    today: date,
    now: datetime,
    *,
    person_id: int | None = None,
    dry_run: bool = False,
    within: Collection[int] | None = None,
) -> LoadReport:
    """Bring units, aliases, member counts, quotas, people in charge and past years to what the plan says.

    What the plan does not name stays as it is. A dry run tells what would change and takes it all back. Whatever is
    not in or below the units `within`, if given, is unknown. What is wrong with past years raises `PlanRefused`.
    """

    def write(tx: Connection) -> LoadReport:
        turn = Turn(tx=tx, now=now, salt=db.salt, person_id=person_id, trail=Trail(now))
        report = load_now(turn, plan, folded, today, within=within)
        turn.tally.write(tx)
        turn.trail.write(tx, person_id)
        if dry_run:
            raise _OnlyLooked(report)
        return report

    for _ in range(TRIES):
        try:
            return await db.write(write)
        except _OnlyLooked as looked:
            return looked.report
        except Conflict:
            # Somebody wrote the same person at the same moment: the next look finds them on record.
            continue
    return await db.write(write)


def load_now(
    turn: Turn,
    plan: OfficePlan,
    folded: Callable[[str], str],
    today: date,
    *,
    within: Collection[int] | None = None,
) -> LoadReport:
    """As `load_plan`, within a turn already open, which then writes its counters and its trail."""
    reach = None if within is None else {each for top in within for each in subtree_ids(turn.tx, top, today)}
    loading = _Loading(turn, folded, today, LoadReport(), _known_units(turn.tx), reach)
    for unit in _parents_first(plan.units, loading.known):
        loading.load_unit(unit)
    for quota in plan.quotas:
        loading.load_quota(quota)
    same_key: defaultdict[str, list[PlannedPerson]] = defaultdict(list)
    for person in plan.people:
        same_key[person.key].append(person)
    for rows in same_key.values():
        loading.load_person(rows)
    loading.load_past(plan)
    return loading.report


def load_as_counted(turn: Turn, change: LoadPlan) -> int | None:
    """The plan, if it still changes what the card said; the number of its batch. Otherwise it is counted anew."""
    try:
        report = load_now(turn, change.plan, change.folded, turn.now.date(), within=change.within)
    except (UnknownUnit, PlanRefused) as error:
        raise Conflict from error
    if counts(report) != dict(change.counted):
        raise Conflict
    return report.batch


def counts(report: LoadReport) -> dict[str, int]:
    """How many of each were changed, those of which there are any."""
    told = {name: count for name, count in asdict(report).items() if isinstance(count, int) and count}
    return {name: count for name, count in told.items() if name not in ("batch", "same_as")}


async def make_invite(
    db: Database,
    *,
    fingerprint: str,
    role: Role,
    unit_id: int | None,
    name: str,
    expires_at: datetime,
    inviter_id: int | None,
    now: datetime,
) -> int:
    """A one-time invite; its id."""

    def write(tx: Connection) -> int:
        turn = Turn(tx=tx, now=now, salt=db.salt, person_id=inviter_id, trail=Trail(now))
        make_invite_now(turn, MakeInvite(fingerprint, role, unit_id, name, expires_at))
        turn.trail.write(tx, inviter_id)
        return tx.execute(select(invites.c.id).where(invites.c.fingerprint == fingerprint)).scalar_one()

    return await db.write(write)


@dataclass(slots=True)
class _Loading:
    turn: Turn
    folded: Callable[[str], str]
    today: date
    report: LoadReport
    known: dict[str, int]
    reach: set[int] | None

    def load_unit(self, planned: PlannedUnit) -> None:
        parent_id = self._unit_id(planned.parent_code) if planned.parent_code else None
        if planned.code not in self.known:
            self._must_reach(parent_id, planned.code)
            self._add_unit(planned, parent_id)
        else:
            self._change_unit(planned)
            self._move_unit(planned, parent_id)
        unit_id = self.known[planned.code]
        if not self._reaches(unit_id):
            # What is above stands in the workbook only so that the rest can stand below it.
            return
        for alias in planned.aliases:
            self._add_alias(unit_id, alias)
        if planned.members is not None:
            self._set_members(unit_id, planned)

    def load_quota(self, planned: PlannedQuota) -> None:
        unit_id = self._own_id(planned.unit_code)
        wanted = Quota(
            unit_id=unit_id,
            period=planned.period,
            target=planned.target,
            stretch=planned.stretch,
            decision_no=planned.decision_no,
            effective_on=planned.effective_on,
        )
        found = current_now(self.turn.tx, [unit_id], planned.period).get(unit_id)
        if found is not None and _same_quota(found, wanted):
            self.report.unchanged += 1
            return
        set_quota(self.turn, SetQuota(wanted, replaces=found.id if found else None))
        self.report.quotas_set += 1

    def load_person(self, rows: Sequence[PlannedPerson]) -> None:
        """Somebody with all the posts that the workbook gives them."""
        unit_ids = [self._own_id(row.unit_code) if row.unit_code else None for row in rows]
        person_id = self._person(rows, unit_ids)
        for row, unit_id in zip(rows, unit_ids, strict=True):
            self._give_post(person_id, row.role, unit_id)

    def _give_post(self, person_id: int, role: Role, unit_id: int | None) -> None:
        tx = self.turn.tx
        same_unit = posts.c.unit_id.is_(None) if unit_id is None else posts.c.unit_id == unit_id
        held = exists().where(
            posts.c.person_id == person_id,
            posts.c.role == role.value,
            same_unit,
            or_(posts.c.until.is_(None), posts.c.until >= self.today),
        )
        if tx.scalar(select(held)):
            self.report.unchanged += 1
            return
        tx.execute(insert(posts).values(person_id=person_id, role=role.value, unit_id=unit_id, since=self.today))
        self.report.posts_added += 1
        self.turn.trail.note("post_given", unit_id=unit_id, person=person_id, role=role.value)

    def load_past(self, plan: OfficePlan) -> None:
        report = self.report
        report.same_as = self._same_file(plan.digest)
        if report.same_as is not None:
            report.unchanged += len(plan.candidates) + len(plan.admissions)
            return
        if not plan.candidates and not plan.admissions:
            return
        past, problems = load_past(
            self.turn, plan.candidates, plan.admissions, folded=self.folded, today=self.today, reach=self.reach
        )
        if problems:
            raise PlanRefused(problems)
        report.candidates_added = past.candidates_added
        report.entries_added = past.entries_added
        report.entries_completed = past.entries_completed
        report.entries_corrected = past.entries_corrected
        report.candidates_changed = past.people_changed
        report.without_name = past.without_name
        report.nothing_undone = past.nothing_undone
        report.unchanged += past.unchanged
        report.examples = tuple(past.examples)
        report.batch = keep_batch(self.turn, past.written, plan.digest)

    def _same_file(self, digest: str) -> int | None:
        """The batch that this very file made, if all that it wrote is in reach."""
        number = batch_of_file(self.turn.tx, digest)
        if number is None or self.reach is None:
            return number
        batch = batch_now(self.turn.tx, number)
        return number if batch is not None and batch.unit_ids <= self.reach else None

    def _unit_id(self, code: str) -> int:
        if code not in self.known:
            raise UnknownUnit(code)
        return self.known[code]

    def _own_id(self, code: str) -> int:
        unit_id = self._unit_id(code)
        self._must_reach(unit_id, code)
        return unit_id

    def _reaches(self, unit_id: int | None) -> bool:
        return self.reach is None or unit_id in self.reach

    def _must_reach(self, unit_id: int | None, code: str) -> None:
        if not self._reaches(unit_id):
            raise UnknownUnit(code)

    def _add_unit(self, planned: PlannedUnit, parent_id: int | None) -> None:
        tx = self.turn.tx
        new = insert(units).values(code=planned.code, version=0, **self._values(planned))
        unit_id = tx.execute(new.returning(units.c.id)).scalar_one()
        self.known[planned.code] = unit_id
        if self.reach is not None:
            self.reach.add(unit_id)
        above = _places(tx, parent_id) if parent_id is not None else []
        rows = [(place.valid_from, place.valid_to, as_ids(place.path)) for place in above]
        for valid_from, valid_to, path in rows or [(BEGINNING, None, ())]:
            tx.execute(
                insert(unit_places).values(
                    unit_id=unit_id,
                    valid_from=valid_from,
                    valid_to=valid_to,
                    parent_id=parent_id,
                    path=as_text((*path, unit_id)),
                )
            )
        self.report.units_added += 1
        self.turn.trail.note("unit_added", unit_id=unit_id, kind=planned.kind.value, parent=parent_id)

    def _change_unit(self, planned: PlannedUnit) -> None:
        tx, unit_id, values = self.turn.tx, self.known[planned.code], self._values(planned)
        found = tx.execute(select(units).where(units.c.id == unit_id)).one()
        changed = sorted(name for name, value in values.items() if getattr(found, name) != value)
        if not changed:
            self.report.unchanged += 1
            return
        self._must_reach(unit_id, planned.code)
        tx.execute(update(units).where(units.c.id == unit_id).values(**values, version=units.c.version + 1))
        self.report.units_changed += 1
        self.turn.trail.note("unit_changed", unit_id=unit_id, fields=" ".join(changed))

    def _move_unit(self, planned: PlannedUnit, parent_id: int | None) -> None:
        """From today on the unit stands elsewhere, with everything below it."""
        tx, unit_id = self.turn.tx, self.known[planned.code]
        here = _current_place(tx, unit_id)
        if here.parent_id == parent_id:
            return
        self._must_reach(unit_id, planned.code)
        self._must_reach(parent_id, planned.code)
        above = as_ids(_current_place(tx, parent_id).path) if parent_id is not None else ()
        depth = len(as_ids(here.path)) - 1
        moved = select(unit_places).where(below(unit_places.c.path, here.path), unit_places.c.valid_to.is_(None))
        for place in tx.execute(moved).all():
            self._replace(place, (*above, *as_ids(place.path)[depth:]))
        self.report.units_moved += 1
        self.turn.trail.note("unit_moved", unit_id=unit_id, parent=parent_id, before=here.parent_id)

    def _replace(self, place: Row[tuple[int, date, date | None, int | None, str]], path: tuple[int, ...]) -> None:
        this_one = (unit_places.c.unit_id == place.unit_id) & (unit_places.c.valid_from == place.valid_from)
        values = {"parent_id": path[-2] if len(path) > 1 else None, "path": as_text(path)}
        if place.valid_from >= self.today:
            # Moved twice in a day: only the last one ever held.
            self.turn.tx.execute(update(unit_places).where(this_one).values(values))
            return
        self.turn.tx.execute(update(unit_places).where(this_one).values(valid_to=self.today))
        self.turn.tx.execute(
            insert(unit_places).values(unit_id=place.unit_id, valid_from=self.today, valid_to=None, **values)
        )

    def _values(self, planned: PlannedUnit) -> dict[str, str | bool]:
        return {
            "name": planned.name,
            "folded": self.folded(planned.name),
            "kind": planned.kind.value,
            "sector": planned.sector.value,
            "nobody_left": planned.nobody_left,
        }

    def _add_alias(self, unit_id: int, alias: str) -> None:
        new = insert_new(self.turn.tx, aliases).values(unit_id=unit_id, folded=self.folded(alias), alias=alias)
        if self.turn.tx.execute(new.on_conflict_do_nothing()).rowcount == 1:
            self.report.aliases_added += 1

    def _set_members(self, unit_id: int, planned: PlannedUnit) -> None:
        assert planned.members is not None
        count = planned.members
        this_one = (members.c.unit_id == unit_id) & (members.c.day == count.on)
        kept = self.turn.tx.scalar(select(members.c.amount).where(this_one))
        if kept == count.count:
            return
        if kept is None:
            self.turn.tx.execute(insert(members).values(unit_id=unit_id, day=count.on, amount=count.count))
        else:
            self.turn.tx.execute(update(members).where(this_one).values(amount=count.count))
        self.report.members_set += 1
        self.turn.trail.note("members_set", unit_id=unit_id, day=count.on.isoformat(), count=count.count)

    def _person(self, rows: Sequence[PlannedPerson], unit_ids: Sequence[int | None]) -> int:
        tx, planned = self.turn.tx, rows[0]
        of_key = tx.execute(select(people).where(people.c.key == planned.key)).one_or_none()
        is_meant = of_key is not None and self._is_meant(of_key, unit_ids)
        found = of_key if is_meant else self._same_person(rows, unit_ids)
        # A key that somebody else has already is left to them, and nobody learns of it.
        key = planned.key if is_meant or of_key is None else None
        if found is None:
            new = insert(people).values(name=planned.name, key=key, version=0, made_at=self.turn.now)
            person_id = tx.execute(new.returning(people.c.id)).scalar_one()
            self.report.people_added += 1
            self.turn.trail.note("person_added", person=person_id)
            return person_id
        if (found.name, found.key) != (planned.name, key) and self._is_ours_alone(found.id):
            changed = update(people).where(people.c.id == found.id)
            tx.execute(changed.values(name=planned.name, key=key, version=people.c.version + 1))
            self.report.people_changed += 1
            self.turn.trail.note("person_changed", person=found.id)
        return found.id

    def _is_meant(self, found: _Person, unit_ids: Sequence[int | None]) -> bool:
        """Whether rows mean who has their key: only somebody near by.

        Without a key the name stands for one, which namesakes elsewhere have too, and offices number their people
        alike. Two who are one become one when they join; one who was two could do what is the other's.
        """
        homes = self._homes(found.id)
        if self.reach is not None and not any(self._reaches(home[-1]) for home in homes):
            return False
        return not homes or self._is_near(homes, self._paths([each for each in unit_ids if each is not None]))

    def _is_ours_alone(self, person_id: int) -> bool:
        """Whoever holds a post outside the reach, too, keeps name and key."""
        homes = self._homes(person_id)
        return self.reach is None or (bool(homes) and all(self._reaches(home[-1]) for home in homes))

    def _homes(self, person_id: int) -> list[tuple[int, ...]]:
        """The paths of the units in which somebody holds a post, or held one when they hold none any more."""
        rows = self.turn.tx.execute(select(posts.c.unit_id, posts.c.until).where(posts.c.person_id == person_id)).all()
        open_ones = [row for row in rows if row.until is None or row.until >= self.today]
        unit_ids = [row.unit_id for row in open_ones or rows]
        return self._paths([each for each in unit_ids if each is not None]) + [(0,) for each in unit_ids if not each]

    def _paths(self, unit_ids: Sequence[int]) -> list[tuple[int, ...]]:
        here = unit_places.c.unit_id.in_(set(unit_ids)) & unit_places.c.valid_to.is_(None)
        return [as_ids(path) for path in self.turn.tx.execute(select(unit_places.c.path).where(here)).scalars()]

    def _is_near(self, homes: Sequence[tuple[int, ...]], places: Sequence[tuple[int, ...]]) -> bool:
        """In the same grass-roots organisation, or below where somebody holds a post."""
        ids = {each for home in homes for each in home}
        is_top = units.c.kind == UnitKind.GRASSROOTS.value
        tops = set(self.turn.tx.execute(select(units.c.id).where(units.c.id.in_(ids), is_top)).scalars())
        tops |= {home[-1] for home in homes}
        return any(not tops.isdisjoint(path) for path in places)

    def _same_person(self, rows: Sequence[PlannedPerson], unit_ids: Sequence[int | None]) -> _Person | None:
        """Somebody known by name and post alone: who joined by an invite before the workbook named them, or who came
        with a key that was somebody else's.
        """
        wanted: defaultdict[Role, set[int]] = defaultdict(set)
        for row, unit_id in zip(rows, unit_ids, strict=True):
            if unit_id is not None:
                wanted[row.role].add(unit_id)
        there = [(posts.c.role == role.value) & posts.c.unit_id.in_(ids) for role, ids in wanted.items()]
        query = (
            select(people)
            .join_from(posts, people, people.c.id == posts.c.person_id)
            .where(
                or_(false(), *there),
                posts.c.until.is_(None),
                people.c.key.is_(None),
                func.lower(people.c.name) == func.lower(rows[0].name),
            )
        )
        found = self.turn.tx.execute(query.distinct().limit(2)).all()
        return found[0] if len(found) == 1 else None


def _known_units(tx: Connection) -> dict[str, int]:
    return dict(tx.execute(select(units.c.code, units.c.id)).all())


def _places(tx: Connection, unit_id: int) -> list[Row[tuple[int, date, date | None, int | None, str]]]:
    query = select(unit_places).where(unit_places.c.unit_id == unit_id).order_by(unit_places.c.valid_from)
    return list(tx.execute(query).all())


def _current_place(tx: Connection, unit_id: int) -> Row[tuple[int, date, date | None, int | None, str]]:
    query = select(unit_places).where(unit_places.c.unit_id == unit_id, unit_places.c.valid_to.is_(None))
    return tx.execute(query).one()


def _same_quota(one: Quota, other: Quota) -> bool:
    return (one.target, one.stretch, one.decision_no, one.effective_on) == (
        other.target,
        other.stretch,
        other.decision_no,
        other.effective_on,
    )


def _parents_first(planned: Iterable[PlannedUnit], known: dict[str, int]) -> Iterator[PlannedUnit]:
    by_code = {unit.code: unit for unit in planned}
    done: set[str] = set()

    def climb(unit: PlannedUnit, way: tuple[str, ...]) -> Iterator[PlannedUnit]:
        if unit.code in done:
            return
        if unit.code in way:
            raise UnknownUnit(" > ".join((*way, unit.code)))
        if unit.parent_code in by_code:
            yield from climb(by_code[unit.parent_code], (*way, unit.code))
        elif unit.parent_code and unit.parent_code not in known:
            raise UnknownUnit(unit.parent_code)
        done.add(unit.code)
        yield unit

    for unit in by_code.values():
        yield from climb(unit, ())
