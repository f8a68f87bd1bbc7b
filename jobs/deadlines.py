"""Deadlines of the law: who is told on which day, once for each step of a clock; and what the letter says then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar import at, letter_time
from domain.changes import PlanLetter
from domain.clocks import CLOCKED_STAGES, Clock, clock_named, clocks
from domain.office import Office
from domain.people import Person, Right, Role, may
from domain.reminders import RuleCode, Rung, in_order
from domain.units import Unit
from jobs.composing import Letter
from jobs.ladder import above, by_unit
from language import reminder_wording
from storage.database import Database, Reading
from storage.letters import keep_plan
from storage.outbox import OutboxRow
from storage.read import candidates, letters, moves, people, units

ROLES = (Role.SECRETARY, Role.COMMITTEE, Role.ORGANISER)
KEYS_AT_ONCE = 500

ENDED = "done meanwhile"
GONE_ON = "gone on"
NOT_THEIRS = "no longer answers for the unit"


async def plan(db: Database, office: Office, now: datetime, *, dry_run: bool = False) -> list[PlanLetter]:
    """Once a day: for each running clock the latest step that was reached, if nobody was told of it."""
    today = now.date()
    async with db.reading() as tx:
        if await letters.planned_since(tx, RuleCode.DEADLINES) == today.isoformat() and not dry_run:
            return []
        wanted = await _wanted(tx, office, now)
        known: set[str] = set()
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            known |= await letters.known_keys(tx, [one.key for one in wanted[start : start + KEYS_AT_ONCE]])
    new = [one for one in wanted if one.key not in known]
    if not dry_run:
        marks: dict[str, str] = {RuleCode.DEADLINES: today.isoformat()}
        await keep_plan(db, wanted=new, skipped=[], late=[], marks=marks, now=now)
    return new


async def _wanted(tx: Reading, office: Office, now: datetime) -> list[PlanLetter]:
    today = now.date()
    running = await _running(tx, office, today, await candidates.in_stages(tx, CLOCKED_STAGES))
    reached = [(clock, step) for clock in running if (step := clock.step(today)) is not None]
    if not reached:
        return []
    places = await units.by_ids(tx, {clock.case.person.unit_id for clock, _ in reached}, today)
    staff = by_unit(await people.with_roles(tx, ROLES, today))
    when = letter_time(office.calendar, max(now, at(today, office.calendar.morning)))
    return [
        _letter(clock, step, unit, person, when)
        for clock, step in reached
        if (unit := places.get(clock.case.person.unit_id)) is not None
        for person in _told(clock, step, unit, staff, today)
    ]


async def _running(
    tx: Reading, office: Office, today: date, listed: Sequence[candidates.Candidate]
) -> tuple[Clock, ...]:
    cases = await moves.cases(tx, listed)
    return clocks(cases, today=today, law=office.law, calendar=office.calendar)


def _told(clock: Clock, step: int, unit: Unit, staff: dict[int, list[Person]], day: date) -> list[Person]:
    """The people of the step's rungs; where nobody holds the branch's post, the level above."""
    secretaries = in_order(staff.get(unit.id, ()), Role.SECRETARY, unit.id, day)
    rungs = clock.rungs(step) if secretaries else (Rung.ABOVE,)
    found: dict[int, Person] = {}
    for rung in rungs:
        match rung:
            case Rung.HOLDER:
                on_rung = secretaries[:1]
            case Rung.DEPUTY:
                on_rung = secretaries[1:]
            case Rung.ABOVE:
                on_rung = above(unit, staff, secretaries, day)
        found |= {person.id: person for person in on_rung}
    return list(found.values())


def _letter(clock: Clock, step: int, unit: Unit, person: Person, when: datetime) -> PlanLetter:
    return PlanLetter(
        key=f"{RuleCode.DEADLINES}|{clock.period}|{unit.id}|{person.id}|{step}",
        rule=RuleCode.DEADLINES,
        person_id=person.id,
        not_before=when,
        unit_id=unit.id,
        period=clock.period,
        step=step,
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    running: dict[str, Clock]
    places: dict[int, Unit]


async def compose(
    db: Database, office: Office, person: Person, rows: Sequence[OutboxRow], now: datetime
) -> tuple[Letter | None, dict[int, str]]:
    """One part for all clocks that still run, nearest end first; and why the other rows are not said."""
    today = now.date()

    async def look_up(tx: Reading) -> _Looked:
        ids = {clock_named(row.period)[1] for row in rows}
        running = await _running(tx, office, today, list((await candidates.by_ids(tx, ids)).values()))
        places = await units.by_ids(tx, {clock.case.person.unit_id for clock in running}, today)
        return _Looked({clock.period: clock for clock in running}, places)

    looked = await db.read(look_up)
    latest = {row.period: max(each.step for each in rows if each.period == row.period) for row in rows}
    skipped: dict[int, str] = {}
    said: list[Clock] = []
    for row in rows:
        clock = looked.running.get(row.period)
        unit = looked.places.get(clock.case.person.unit_id) if clock is not None else None
        if clock is None:
            skipped[row.id] = ENDED
        elif unit is None or not may(person.posts, Right.SEE_NAMES, unit, today=today):
            skipped[row.id] = NOT_THEIRS
        elif row.step < latest[row.period]:
            skipped[row.id] = GONE_ON
        else:
            said.append(clock)
    if not said:
        return None, skipped
    can_enter = {unit.id for unit in looked.places.values() if may(person.posts, Right.ENTER, unit, today=today)}
    said.sort(key=lambda clock: (clock.last, clock.period))
    return Letter(reminder_wording.deadlines(said, looked.places, can_enter, today=today)), skipped
