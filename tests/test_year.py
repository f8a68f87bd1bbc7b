"""A month of an office in the tests and a year in the campaign: whom letters reach, how often, and when never."""

import random
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from domain.calendar import ZONE, closing_day_of, is_quiet, is_working_day, iso_week
from domain.changes import AddCandidate, Change, MarkNobodyLeft, MoveCandidate, Outcome, Record, Undo, Written
from domain.clocks import CLOCKED_STAGES, clocks
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.records import Candidate, EntryKind, Move, Stage
from domain.reminders import RuleCode
from domain.stages import NEXT
from domain.units import Unit, UnitKind
from storage.apply import apply
from storage.database import Database
from storage.read import candidates, moves, units
from storage.tables import outbox
from tests.cast import Stage as Stage_
from tests.cast import stage
from tests.jobs.running import Running, running

COMMITTEES = 5
BRANCHES = 20
"""Of each committee."""
CANDIDATES = 1000
BEGUN = (
    *(Stage.LISTED, Stage.CLASS_REGISTERED, Stage.CLASS_DONE, Stage.APPLICATION, Stage.DOSSIER_OPEN, Stage.CV_VERIFIED),
    *(Stage.OPINIONS, Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW, Stage.ADMITTED, Stage.PROBATION),
)
"""Where people stand as the story begins."""
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

    here: Stage_
    chance: random.Random
    branches: list[Unit]
    people: list[Candidate] = field(default_factory=list[Candidate])
    made: list[int] = field(default_factory=list[int])
    denied: set[tuple[int, date]] = field(default_factory=set[tuple[int, date]])

    async def until(self, last: datetime, moment: datetime) -> None:
        days = (moment - last).total_seconds() / 86400
        for _ in range(self.chance.randrange(int(days * 6) + 2)):
            await self._something(last + (moment - last) * self.chance.random())

    async def begin(self, day: date) -> None:
        """A thousand people on the lists, each somewhere on the way since some day of the last two years."""
        for number in range(CANDIDATES):
            since = day - timedelta(days=self.chance.randrange(700))
            person = Candidate(
                self.chance.getrandbits(50),
                self.chance.choice(self.branches).id,
                f"Người {number}",
                f"nguoi {number}",
                self.chance.choice(BEGUN),
                since,
                since if self.chance.random() < 0.7 else None,
                birth_year=self.chance.randrange(1967, 2007),
                birth_month=self.chance.randrange(1, 13),
            )
            self.people.append(person)
        await self._write(datetime.combine(day, time(6), ZONE), *(AddCandidate(person) for person in self.people))

    async def _step(self, moment: datetime) -> None:
        """Somebody goes on by one step, or a decision and a ceremony come as entries."""
        at, day = self.chance.randrange(len(self.people)), moment.date()
        person = self.people[at]
        match person.stage:
            case Stage.COMMITTEE_REVIEW:
                moved = replace(person, stage=Stage.DECIDED, stage_on=day)
                change: Change = Record(EntryKind.ADMISSION, person.unit_id, moved, decision_on=day)
            case Stage.OFFICIAL | Stage.DECIDED | Stage.DROPPED:
                return
            case Stage.OFFICIAL_PROPOSED:
                moved = replace(person, stage=Stage.OFFICIAL, stage_on=day)
                change = MoveCandidate(moved, Move(person.id, person.stage, Stage.OFFICIAL, day))
            case _:
                to = self.chance.choice((*NEXT[person.stage], Stage.DROPPED)[:2])
                moved = replace(person, stage=to, stage_on=day)
                change = MoveCandidate(moved, Move(person.id, person.stage, to, day))
        await self._write(moment, change)
        self.people[at] = replace(moved, version=person.version + 1)

    async def _write(self, moment: datetime, *changes: Change) -> Written:
        applied = await apply(
            self.here.db,
            outcome=Outcome(None, changes),
            item_id=None,
            contact_id=None,
            person_id=None,
            now=moment,
            counts_by=self.here.office.counts_by,
        )
        return applied.written

    async def _something(self, moment: datetime) -> None:
        for _ in range(3):
            await self._step(moment)
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
        written = await self._write(moment, change)
        if isinstance(change, Record) and change.kind is EntryKind.ADMISSION:
            self.made += written.numbers


async def lived(here: Stage_, start: datetime, end: datetime, seed: int, *, stops: bool = False) -> Running:
    """The office works, the machine plans and sends; now and then it stands still for a while."""
    chance = random.Random(seed)
    async with here.db.reading() as tx:
        branches = [unit for unit in await units.branches(tx, start.date()) if not unit.nobody_left]
    life, office = Life(here, chance, branches), running(here)
    await life.begin(start.date())
    moment, planned_on = start, date.min
    while moment <= end:
        is_new_day, planned_on = planned_on < moment.date(), moment.date()
        due = await deadlines_due(here, planned_on) if is_new_day else set[tuple[str, int]]()
        await office.at(moment)
        assert due <= await deadlines_told(here), "no step of a clock is lost"
        following = await office.next_after(moment)
        if stops and chance.random() < 0.05:
            following += timedelta(hours=chance.choice((1, 20, 72)))
        await life.until(moment, following)
        moment = following
    return office


async def deadlines_due(here: Stage_, day: date) -> set[tuple[str, int]]:
    """Every clock that runs on a day, and the step that it has reached."""
    async with here.db.reading() as tx:
        cases = await moves.cases(tx, await candidates.in_stages(tx, CLOCKED_STAGES))
    running_now = clocks(cases, today=day, law=here.office.law, calendar=here.office.calendar)
    return {(clock.period, step) for clock in running_now if (step := clock.step(day)) is not None}


async def deadlines_told(here: Stage_) -> set[tuple[str, int]]:
    async with here.db.reading() as tx:
        rows = await tx.execute(select(outbox.c.period, outbox.c.step).where(outbox.c.rule == RuleCode.DEADLINES))
        return {(row.period, row.step) for row in rows}


async def check(here: Stage_, office: Running) -> list[str]:
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
    # What a thousand people brought along on the first morning is more than one claim takes from the outbox.
    first = min(moment for _, moment in mornings)
    assert max(count for (_, moment), count in mornings.items() if moment > first) == 1, "one message a morning"
    assert max(mornings.values()) <= 2
    for row in sent:
        if row.rule == RuleCode.MONTHLY_NOTHING_NEW and row.step < 2:
            month = date.fromisoformat(f"{row.period}-01")
            assert row.settled_at.date() <= closing_day_of(month, here.office.closing_day), row
    digests = Counter((row.person_id, row.settled_at.date()) for row in sent if row.rule == RuleCode.WEEKLY_DIGEST)
    assert max(digests.values()) == 1, "one digest a person and day at most"
    assert any(row.rule == RuleCode.DEADLINES for row in sent)
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
