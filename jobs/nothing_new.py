"""Reminders of branches without a word, composed when about to be sent: to the branch, or to the level above."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.messages import Reply
from domain.office import Office
from domain.people import Person, Right, Role, may
from domain.records import Candidate, Stage
from domain.reminders import MONTHLY_NOTHING_NEW, Month, Rung, in_order, month_named, put_off_times, rung_of, windows
from domain.units import Unit
from jobs.composing import Letter, Skip
from language import reminder_wording
from language.reminder_wording import Asked, Silent
from storage.asking import OutboxRow
from storage.database import Database, Reading
from storage.read import candidates, letters, people, silence, units

NEXT = (Stage.DECIDED, Stage.COMMITTEE_REVIEW, Stage.BRANCH_RESOLVED)
"""Who may have been admitted meanwhile, the likeliest first."""


async def reasons_against(
    db: Database, office: Office, person: Person, rows: Sequence[OutboxRow], now: datetime
) -> dict[int, Skip]:
    """For each row that is not to be sent after all, why."""

    async def look_up(tx: Reading) -> dict[int, Skip]:
        against = {row.id: await _against(tx, office, person, row, now) for row in rows}
        return {row_id: Skip(reason) for row_id, reason in against.items() if reason}

    return await db.read(look_up)


async def _against(tx: Reading, office: Office, person: Person, row: OutboxRow, now: datetime) -> str:
    month = month_named(office, row.period)
    unit = await units.by_id(tx, row.unit_id or 0, now.date())
    right = Right.NUDGE if rung_of(row.step) is Rung.ABOVE else Right.ENTER
    if unit is None or not may(person.posts, right, unit, today=now.date()):
        return "no longer answers for the unit"
    if unit.nobody_left:
        return "nobody left to admit"
    if unit.id not in await silence.of_units(tx, [unit.id], month, at=now):
        return "reported meanwhile"
    steps = windows(MONTHLY_NOTHING_NEW, office, row.period)
    until = next((step.until for step in steps if step.step == rung_of(row.step)), now)
    return "too late" if now > until else ""


async def compose(db: Database, office: Office, rows: Sequence[OutboxRow], now: datetime) -> Letter:
    """One part for all branches of one month that the person is asked, or told, about."""
    return Letter(await db.read(lambda tx: _said(tx, office, rows, now)))


async def _said(tx: Reading, office: Office, rows: Sequence[OutboxRow], now: datetime) -> Reply:
    month = month_named(office, rows[0].period)
    found = await units.by_ids(tx, {row.unit_id for row in rows if row.unit_id is not None}, now.date())
    shown = [(row, found[row.unit_id]) for row in rows if row.unit_id is not None]
    if rung_of(rows[0].step) is Rung.ABOVE:
        reader = rows[0].person_id or 0
        nudged = await people.to_be_nudged(tx, [unit for _, unit in shown], now.date(), by=reader)
        told = [replace(await _silent(tx, unit, month, now), can_be_nudged=unit.id in nudged) for _, unit in shown]
        return reminder_wording.still_silent(told, month)
    asked = [await _asked(tx, unit) for _, unit in shown]
    may_wait = now.date() < month.closes_on and all(
        put_off_times(row.step) < office.timetable.put_off_times for row, _ in shown
    )
    return reminder_wording.nothing_new(asked, month, may_put_off=may_wait)


async def _asked(tx: Reading, unit: Unit) -> Asked:
    listed = await candidates.of_units(tx, [unit.id], NEXT)
    return Asked(unit, sorted(listed, key=_likelihood))


def _likelihood(candidate: Candidate) -> tuple[int, date, int]:
    return NEXT.index(candidate.stage), candidate.stage_on or date.max, candidate.id


async def _silent(tx: Reading, unit: Unit, month: Month, now: datetime) -> Silent:
    told = await letters.about(tx, unit.id, MONTHLY_NOTHING_NEW.code, month.name)
    asked = {
        one.person_id: one.settled_at.date()
        for one in told
        if one.state == "sent" and one.settled_at and rung_of(one.step) is not Rung.ABOVE
    }
    held = await people.holders(tx, [unit.id], [Role.SECRETARY], now.date())
    return Silent(unit, asked, [one.id for one in in_order(held, Role.SECRETARY, unit.id, now.date())])
