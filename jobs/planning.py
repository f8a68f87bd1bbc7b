"""Who is due what at an office time: rows in the outbox under unique keys, never sent from here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.calendar import office_time
from domain.changes import PlanLetter
from domain.office import Office
from domain.people import Person, Post, Role
from domain.reminders import (
    MONTHLY_NOTHING_NEW,
    RULES,
    WEEKLY_DIGEST,
    Month,
    Rule,
    Rung,
    Window,
    first_open,
    in_order,
    is_over,
    key_of,
    month_named,
    periods,
    rung_of,
    sending_time,
    windows,
)
from domain.units import Unit
from jobs import deadlines, reaching
from jobs.ladder import above, by_unit
from storage.database import Database, Reading
from storage.letters import PAUSED, Late, keep_plan
from storage.read import letters, people, silence
from storage.read.letters import Letter

TOO_LATE = "too late"
STOOD_IN_FOR = "stood in for"


@dataclass(frozen=True, slots=True)
class Planned:
    """Who gets what, when and why. `skipped` says why not; `is_new` is False for what had been planned before."""

    letter: PlanLetter
    posts: tuple[Post, ...]
    skipped: str = ""
    is_new: bool = True


async def plan(
    db: Database,
    office: Office,
    now: datetime,
    *,
    rules: Collection[Rule] | None = None,
    dry_run: bool = False,
) -> list[Planned]:
    """Everything due by now under these rules, or under all, with what follows from people who cannot be reached.

    It is written in one commit: letters of one morning must be seen together.
    """
    planned: list[Planned] = []
    late: list[Late] = []
    marks: dict[str, str] = {}
    async with db.reading() as tx:
        for rule in RULES.values() if rules is None else rules:
            mark = await letters.planned_since(tx, rule.code)
            found = periods(rule, mark, now)
            due = _digests if rule is WEEKLY_DIGEST else _nothing_new
            for period in found:
                planned += await due(tx, office, period, now)
            late += await _given_up(tx, rule, office, now)
            if (still_open := first_open(rule, office, found, now)) != mark:
                marks[rule.code] = still_open
    if not dry_run:
        await keep_plan(
            db,
            wanted=[each.letter for each in planned if each.is_new and not each.skipped],
            skipped=[(each.letter, each.skipped) for each in planned if each.is_new and each.skipped],
            late=late,
            marks=marks,
            now=now,
        )
    if rules is None:
        planned += [Planned(letter, ()) for letter in await deadlines.plan(db, office, now, dry_run=dry_run)]
        planned += [Planned(letter, ()) for letter in await reaching.plan(db, office, now, dry_run=dry_run)]
    return planned


async def weekly_digest(db: Database, office: Office, now: datetime, *, dry_run: bool = False) -> list[Planned]:
    """One digest a week for each person in charge of a unit on the day it fell due.

    Weeks that were missed altogether are kept as skipped, so that somebody can be told why nothing came.
    """
    return await plan(db, office, now, rules=(WEEKLY_DIGEST,), dry_run=dry_run)


def told(planned: Sequence[Planned], places: Mapping[int, Unit]) -> list[str]:
    """Who gets what, when and why, one line a letter, for the operator."""
    lines: list[str] = []
    for each in planned:
        letter, unit = each.letter, places.get(each.letter.unit_id or 0)
        why = ", ".join(f"{post.role} of {_code(places, post)}" for post in each.posts)
        about = (
            f" about {unit.code}, no entry since the last closing day, {Rung(letter.step).name.lower()}" if unit else ""
        )
        state = f"skipped: {each.skipped}" if each.skipped else f"not before {letter.not_before:%Y-%m-%d %H:%M}"
        known = "" if each.is_new else " (planned already)"
        lines.append(f"{letter.rule} {letter.period} person {letter.person_id}{about}: {why}; {state}{known}")
    return lines


def _code(places: Mapping[int, Unit], post: Post) -> str:
    unit = places.get(post.unit_id or 0)
    return unit.code if unit else "?"


def in_charge_of(person: Person, day: date, left: Collection[tuple[int, Role, int]] = ()) -> tuple[Post, ...]:
    """The posts that make somebody a reader of the digest on a day, without those `left` to whoever stands in."""
    held = _held(person, WEEKLY_DIGEST.roles, None, day)
    return tuple(post for post in held if (person.id, post.role, post.unit_id) not in left)


async def _digests(tx: Reading, office: Office, period: str, now: datetime) -> list[Planned]:
    [week] = windows(WEEKLY_DIGEST, office, period)
    if week.due > now:
        return []
    in_charge = await people.with_roles(tx, WEEKLY_DIGEST.roles, week.due.date())
    known = await letters.planned_keys(tx, WEEKLY_DIGEST.code, period)
    left = await people.left_to_others(tx, week.due.date())
    return [_digest(office, week, person, now, known, left) for person in in_charge]


def _digest(
    office: Office,
    week: Window,
    person: Person,
    now: datetime,
    known: Collection[str],
    left: Collection[tuple[int, Role, int]],
) -> Planned:
    """While somebody stands in for all that a person is in charge of, the digest goes there alone."""
    posts = in_charge_of(person, week.due.date(), left)
    planned = _planned(WEEKLY_DIGEST, office, week, person, now, known, posts=posts)
    return planned if posts or planned.skipped else replace(planned, skipped=STOOD_IN_FOR)


async def _nothing_new(tx: Reading, office: Office, period: str, now: datetime) -> list[Planned]:
    """Letters about branches without a word in the reporting month, each at the step that its ladder has reached."""
    month = month_named(office, period)
    steps = windows(MONTHLY_NOTHING_NEW, office, period)
    if steps[0].due > now:
        return []
    # Whoever takes a post after the first letter fell due waits for the next month, and so does a branch new to us.
    day = steps[0].due.date()
    silent = await silence.branches(tx, month, on=day, at=min(now, steps[-1].until))
    if not silent:
        return []
    staff = by_unit(await people.with_roles(tx, MONTHLY_NOTHING_NEW.roles, day))
    known = await letters.planned_keys(tx, MONTHLY_NOTHING_NEW.code, period)
    asked = await _asked(tx, period)
    return [
        each for unit in silent for each in _ladder(office, month, unit, staff, now, day, known, asked.get(unit.id))
    ]


async def _asked(tx: Reading, period: str) -> dict[int, datetime]:
    """For each branch when the first letter went to somebody who may answer, or is just about to go."""
    moments: dict[int, datetime] = {}
    for one in await letters.of_period(tx, MONTHLY_NOTHING_NEW.code, period):
        if one.unit_id is None or rung_of(one.step) is Rung.ABOVE:
            continue
        is_leaving = one.state == "claimed" or (one.state == "planned" and one.reason != PAUSED)
        moment = one.settled_at if one.state in ("sent", "uncertain") else one.not_before if is_leaving else None
        if moment is not None:
            moments[one.unit_id] = min(moment, moments.get(one.unit_id, moment))
    return {unit_id: office_time(moment) for unit_id, moment in moments.items()}


def _ladder(
    office: Office,
    month: Month,
    unit: Unit,
    staff: dict[int, list[Person]],
    now: datetime,
    day: date,
    known: Collection[str],
    asked_at: datetime | None,
) -> list[Planned]:
    """Only the latest step is still wanted; what nobody got of the ones before is kept as skipped."""
    secretaries = in_order(staff.get(unit.id, ()), Role.SECRETARY, unit.id, day)
    has_deputy = len(secretaries) > 1
    steps = windows(MONTHLY_NOTHING_NEW, office, month.name, has_deputy=has_deputy, asked_at=asked_at)
    due = [each for each in steps if each.due <= now]
    planned: list[Planned] = []
    for step in due:
        for person in _on_rung(Rung(step.step), unit, secretaries, staff, day):
            posts = _held(person, MONTHLY_NOTHING_NEW.roles, {unit.id, *unit.path}, day)
            one = _planned(MONTHLY_NOTHING_NEW, office, step, person, now, known, unit=unit, posts=posts)
            planned.append(one if step is due[-1] or not one.is_new else _skipped(one))
    return planned


def _on_rung(
    rung: Rung, unit: Unit, secretaries: Sequence[Person], staff: dict[int, list[Person]], day: date
) -> Sequence[Person]:
    match rung:
        case Rung.HOLDER:
            return secretaries[:1]
        case Rung.DEPUTY:
            return secretaries[1:]
        case Rung.ABOVE:
            return above(unit, staff, secretaries, day)


async def _given_up(tx: Reading, rule: Rule, office: Office, now: datetime) -> list[Late]:
    """Letters that wait and have become useless meanwhile."""
    waiting = await letters.waiting(tx, rule.code)
    if not waiting:
        return []
    secretaries: dict[int, list[Person]] = {}
    asked: dict[str, dict[int, datetime]] = {}
    if rule is MONTHLY_NOTHING_NEW:
        secretaries = await _secretaries(tx, waiting, now.date())
        asked = {period: await _asked(tx, period) for period in sorted({each.period for each in waiting})}
    return [
        Late(each.id, TOO_LATE)
        for each in waiting
        if is_over(
            rule,
            office,
            each.period,
            each.step,
            now,
            has_deputy=len(secretaries.get(each.unit_id or 0, ())) > 1,
            asked_at=asked.get(each.period, {}).get(each.unit_id or 0),
        )
    ]


async def _secretaries(tx: Reading, waiting: Sequence[Letter], day: date) -> dict[int, list[Person]]:
    found = await people.holders(
        tx, {each.unit_id for each in waiting if each.unit_id is not None}, [Role.SECRETARY], day
    )
    return {unit_id: in_order(held, Role.SECRETARY, unit_id, day) for unit_id, held in by_unit(found).items()}


def _planned(
    rule: Rule,
    office: Office,
    step: Window,
    person: Person,
    now: datetime,
    known: Collection[str],
    *,
    posts: tuple[Post, ...],
    unit: Unit | None = None,
) -> Planned:
    moment = sending_time(office, step, now)
    key = (
        f"{rule.code}|{step.period}|{person.id}"
        if unit is None
        else key_of(rule, step.period, step.step, unit.id, person.id)
    )
    letter = PlanLetter(
        key,
        rule.code,
        person.id,
        not_before=moment or now,
        unit_id=unit.id if unit else None,
        period=step.period,
        step=step.step,
    )
    return Planned(letter, posts, "" if moment else TOO_LATE, is_new=key not in known)


def _skipped(planned: Planned) -> Planned:
    return Planned(planned.letter, planned.posts, TOO_LATE, planned.is_new)


def _held(person: Person, roles: Collection[Role], unit_ids: Collection[int] | None, day: date) -> tuple[Post, ...]:
    return tuple(
        post
        for post in person.posts
        if post.role in roles
        and post.unit_id is not None
        and (unit_ids is None or post.unit_id in unit_ids)
        and post.holds_on(day)
    )
