"""A month of an office in the tests and a year in the campaign: whom letters reach, how often, and when never."""

import random
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.calendar import ZONE, closing_day_of, is_quiet, is_working_day, iso_week
from domain.changes import Change, MarkNobodyLeft, Outcome, Record, Undo
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.records import EntryKind
from domain.reminders import RuleCode
from domain.units import Unit, UnitKind
from storage.apply import apply
from storage.database import Database
from storage.read import units
from storage.tables import outbox
from tests.cast import Stage, stage
from tests.jobs.running import Running, running

COMMITTEES = 5
BRANCHES = 20
"""Of each committee."""
SEED = 20270101


def office_plan() -> OfficePlan:
    """Five communes of twenty branches, every fifth with a deputy, one without anybody; a monitor for each commune."""
    places = [PlannedUnit("T", "Đảng bộ tỉnh Thử", UnitKind.SUPERIOR)]
    staff = [PlannedPerson("oanh", "Vũ Thị Oanh", Role.ORGANISER, "T")]
    quotas: list[PlannedQuota] = []
    for commune in range(COMMITTEES):
        here = f"X{commune}"
        places.append(PlannedUnit(here, f"Đảng bộ xã {commune}", UnitKind.GRASSROOTS, "T"))
        quotas += [PlannedQuota(here, year, Target(30)) for year in ("2026", "2027", "2028")]
        staff.append(PlannedPerson(f"dang-uy-{commune}", f"Lê Văn {commune}", Role.COMMITTEE, here))
        for number in range(BRANCHES):
            code = f"{here}B{number}"
            places.append(
                PlannedUnit(code, f"Chi bộ {commune}.{number}", UnitKind.BRANCH, here, nobody_left=number == 7)
            )
            if number % 4 == 0:
                staff.append(PlannedPerson(f"phu-trach-{commune}", f"Phạm Văn {commune}", Role.MONITOR, code))
            if number != 9:
                staff.append(PlannedPerson(f"bi-thu-{code}", f"Trần Văn {code}", Role.SECRETARY, code))
            if number % 5 == 0:
                staff.append(PlannedPerson(f"pho-{code}", f"Bùi Thị {code}", Role.SECRETARY, code))
    return OfficePlan(tuple(places), tuple(quotas), tuple(staff))


PLAN = office_plan()
EVERYBODY = tuple(dict.fromkeys(person.key for person in PLAN.people))


@dataclass
class Life:
    """What happens in the office by chance: entries, nil reports, second thoughts, branches without anybody left."""

    here: Stage
    chance: random.Random
    branches: list[Unit]
    made: list[int] = field(default_factory=list[int])
    denied: set[tuple[int, date]] = field(default_factory=set[tuple[int, date]])

    async def until(self, last: datetime, moment: datetime) -> None:
        days = (moment - last).total_seconds() / 86400
        for _ in range(self.chance.randrange(int(days * 6) + 2)):
            await self._something(last + (moment - last) * self.chance.random())

    async def _something(self, moment: datetime) -> None:
        branch = self.chance.choice(self.branches)
        dice = self.chance.random()
        change: Change = Record(EntryKind.ADMISSION, branch.id, ceremony_on=moment.date())
        if dice > 0.95 and self.made:
            change = Undo(self.made.pop(self.chance.randrange(len(self.made))))
        elif dice > 0.94:
            change = MarkNobodyLeft(branch.id, branch.version, nobody_left=True)
            self.branches.remove(branch)
        elif dice > 0.4:
            change = Record(EntryKind.NOTHING, branch.id, month=moment.date().replace(day=1))
            if (branch.id, moment.date().replace(day=1)) in self.denied:
                return
            self.denied.add((branch.id, moment.date().replace(day=1)))
        outcome = Outcome(None, (change,))
        applied = await apply(
            self.here.db,
            outcome=outcome,
            item_id=None,
            contact_id=None,
            person_id=None,
            now=moment,
            counts_by=self.here.office.counts_by,
        )
        if isinstance(change, Record) and change.kind is EntryKind.ADMISSION:
            self.made += applied.written.numbers


async def lived(here: Stage, start: datetime, end: datetime, seed: int, *, stops: bool = False) -> Running:
    """The office works, the machine plans and sends; now and then it stands still for a while."""
    chance = random.Random(seed)
    async with here.db.reading() as tx:
        branches = [unit for unit in await units.branches(tx, start.date()) if not unit.nobody_left]
    life, office = Life(here, chance, branches), running(here)
    moment = start
    while moment <= end:
        await office.at(moment)
        following = await office.next_after(moment)
        if stops and chance.random() < 0.05:
            following += timedelta(hours=chance.choice((1, 20, 72)))
        await life.until(moment, following)
        moment = following
    return office


async def check(here: Stage, office: Running) -> list[str]:
    """What must hold whatever happened; what it came to, as lines to print."""
    query = select(outbox).where(outbox.c.kind == "letter")
    async with here.db.reading() as tx:
        rows = (await tx.execute(query)).all()
    sent = [row for row in rows if row.state == "sent"]
    keys = Counter((row.rule, row.unit_id, row.period, row.person_id, row.step) for row in rows)
    assert max(keys.values()) == 1, "one letter for a rule, unit, period, person and step"
    for row in sent:
        assert is_working_day(here.office.calendar, row.settled_at.date()), row
        assert not is_quiet(here.office.calendar, row.settled_at.time()), row
    assert {row.state for row in rows} <= {"sent", "skipped", "planned"}
    assert all(row.reason for row in rows if row.state == "skipped")
    mornings = Counter((chat, moment) for moment, chat in office.said)
    assert max(mornings.values()) == 1, "all letters of a person and a moment are one message"
    for row in sent:
        if row.rule == RuleCode.MONTHLY_NOTHING_NEW and row.step < 2:
            month = date.fromisoformat(f"{row.period}-01")
            assert row.settled_at.date() <= closing_day_of(month, here.office.closing_day), row
    assert any(row.rule == RuleCode.MONTHLY_NOTHING_NEW and row.step == 2 for row in sent)
    weekly: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for moment, chat in office.said:
        weekly[chat][iso_week(moment.date())] += 1
    weeks = Counter(count for of_person in weekly.values() for count in of_person.values())
    return [
        f"{len(rows)} letters planned: "
        + ", ".join(f"{n} {s}" for s, n in Counter(r.state for r in rows).most_common()),
        "skipped: " + ", ".join(f"{n} {r}" for r, n in Counter(r.reason for r in rows if r.state == "skipped").items()),
        f"{len(office.said)} messages to {len(weekly)} people; messages a person in a week with any: "
        + ", ".join(f"{count} in {weeks[count]} weeks" for count in sorted(weeks)),
    ]


async def test_a_month_of_an_office(database: Database) -> None:
    async with stage(database, plan=PLAN, joined=EVERYBODY) as here:
        office = await lived(here, at(2027, 1, 4), at(2027, 2, 3), SEED)
        told = await check(here, office)

    print(*told, sep="\n")


@pytest.mark.campaign
async def test_a_year_of_an_office(database: Database) -> None:
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")
    async with stage(database, plan=PLAN, joined=EVERYBODY) as here:
        office = await lived(here, at(2027, 1, 4), at(2028, 1, 4), seed, stops=True)
        told = await check(here, office)

    print(*told, sep="\n")


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 7, 0, tzinfo=ZONE)
