"""The operator's desk: what is done to the records from the command line, and what is said of it, in English."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from channels.channel import Channel
from domain.budget import Bot, roomiest
from domain.changes import Change, Outcome, UndoBatch
from domain.office import Office, OfficePlan
from domain.people import KINDS_OF, Role
from domain.reminders import RULES, RuleCode
from domain.units import Unit, UnitKind
from files.workbook import read_office
from jobs import deadlines, planning, reaching
from language import problems
from language.known import Known
from language.plain import fold
from storage.apply import apply
from storage.database import Database
from storage.office import LoadReport, PlanRefused, UnknownUnit, load_plan
from storage.read import batches, candidates, units
from storage.read.health import held
from storage.read.misread import most_frequent
from storage.read.usage import places_taken
from storage.verify import flaws


class NotDone(Exception):
    """The records speak against it; the message says to the operator what."""


async def write(db: Database, office: Office, now: datetime, change: Change) -> None:
    """A change that nobody in the office made."""
    await apply(
        db,
        outcome=Outcome(None, (change,)),
        item_id=None,
        contact_id=None,
        person_id=None,
        now=now,
        counts_by=office.counts_by,
    )


async def ways_in(
    db: Database, office: Office, now: datetime, channels: Sequence[Channel]
) -> tuple[list[Channel], Bot | None, str]:
    """Where somebody who is invited can begin: of bots that have room for so many only, the emptiest; or why none."""
    counted = {Bot(each.name, each.account): each for each in channels if each.name in office.plans}
    async with db.reading() as tx:
        taken = await places_taken(tx, office.plans, now)
    bot = roomiest(list(counted), office.plans, taken)
    ways = [each for each in channels if each.name not in office.plans or (bot and each is counted[bot])]
    if bot is not None or not counted:
        return ways, bot, ""
    people = ", ".join(f"{each.key} has {taken.get(each.key, 0)} people" for each in counted)
    return ways, None, f"No free place: {people}. Make another bot and add its token: docs/zalo.md, “Several bots”"


async def misread(db: Database, limit: int) -> list[str]:
    """Shapes of what was not understood, the most frequent first."""
    async with db.reading() as tx:
        found = await most_frequent(tx, limit)
    return [f"{one.times:6}  {one.last:%Y-%m-%d}  {one.shape}" for one in found] or ["Everything was understood."]


async def known_below(db: Database, code: str, today: date) -> Known:
    """Who and which branches a sender at that unit may name: those of its own tree."""
    unit_id = await unit_coded(db, code, today)
    async with db.reading() as tx:
        called = await units.called(tx, unit_id, today)
        inside = sorted({unit.id for _, unit in called})
        listed = await candidates.of_units(tx, inside)
    return Known(tuple(one.name for one in listed if one.name), tuple((name, unit.name) for name, unit in called))


async def unit_coded(db: Database, code: str, today: date) -> int:
    """The id of the unit with that code; capitals do not count, as in the workbook."""
    return (await _coded(db, code, today)).id


async def unit_for(db: Database, role: Role, code: str, today: date) -> int:
    """The id of the unit with that code, if the role can be held there."""
    unit = await _coded(db, code, today)
    if unit.kind not in KINDS_OF[role]:
        held_in = ", ".join(kind.value for kind in UnitKind if kind in KINDS_OF[role])
        where = f"it is held in: {held_in}" if held_in else "it is held in no unit"
        raise NotDone(f"{unit.code} ({unit.name}) is a {unit.kind.value}; a {role.value} is not held there ({where}).")
    return unit.id


async def _coded(db: Database, code: str, today: date) -> Unit:
    async with db.reading() as tx:
        unit = await units.by_code(tx, code, today)
        if unit is None:
            known = [one for one in await units.codes(tx) if fold(one) == fold(code)]
            unit = await units.by_code(tx, known[0], today) if len(known) == 1 else None
    if unit is None:
        raise NotDone(f"There is no unit with the code {code}.")
    return unit


async def undo_batch(db: Database, office: Office, now: datetime, number: int, *, is_check: bool) -> list[str]:
    """Take an import of past years back, or tell what would be."""
    async with db.reading() as tx:
        batch = await batches.by_number(tx, number)
    if batch is None:
        raise NotDone(f"There is no batch {number}.")
    if batch.undone_at is not None:
        raise NotDone(f"Batch {number} was undone already.")
    if not is_check:
        await write(db, office, now, UndoBatch(number))
    verb = "Would be undone" if is_check else "Undone"
    lines = [f"{verb}: entries {len(batch.entries)}, people {len(batch.people)}. Units and quotas of the file stay."]
    if batch.left:
        lines.append(f"Changed since, so left as they are: entries {', '.join(map(str, batch.left))}")
    if batch.left_people or batch.described:
        lines.append(f"Left as they are: people changed since {batch.left_people}, described anew {batch.described}")
    return lines


def read_workbook(content: bytes) -> OfficePlan:
    """The plan that stands in an office's workbook, or all that is wrong with it."""
    plan, found = read_office(content)
    if found or plan is None:
        raise NotDone(problems.sentences(found))
    return plan


async def load(db: Database, plan: OfficePlan, now: datetime, *, is_check: bool) -> list[str]:
    """Bring the records to what the plan says, or tell what would change."""
    try:
        report = await load_plan(db, plan, fold, now.date(), now, dry_run=is_check)
    except UnknownUnit as error:
        raise NotDone(f"The workbook names a unit that neither it nor the database has: {error}") from error
    except PlanRefused as error:
        raise NotDone(problems.sentences(error.problems)) from error
    return _loaded(report, is_check=is_check)


async def plan_letters(db: Database, office: Office, rule: RuleCode, now: datetime, *, dry_run: bool) -> list[str]:
    """Plan the letters of one rule, or tell which would be: who gets what, when and why."""
    if rule is RuleCode.DEADLINES:
        letters = await deadlines.plan(db, office, now, dry_run=dry_run)
        planned = [planning.Planned(letter, ()) for letter in letters]
    else:
        planned = await planning.plan(db, office, now, rules=(RULES[rule],), dry_run=dry_run)
    if not dry_run:
        # As at each tick: letters of whoever is away or cannot be reached go to a deputy.
        await reaching.plan(db, office, now)
    async with db.reading() as tx:
        ids = {post.unit_id for each in planned for post in each.posts if post.unit_id is not None}
        places = await units.by_ids(tx, ids | {each.letter.unit_id or 0 for each in planned}, now.date())
    verb = "would be planned" if dry_run else "planned"
    count = sum(each.is_new and not each.skipped for each in planned)
    return [*planning.told(planned, places), f"{count} letters {verb}"]


async def is_running(db: Database) -> bool:
    """Whether any process holds a lease."""
    async with db.reading() as tx:
        return any(lease.seconds_left > 0 for lease in (await held(tx)).values())


async def verified(db: Database) -> tuple[list[str], bool]:
    """What is not as it must be, and whether all is."""
    found = await flaws(db)
    verdict = f"{len(found)} things are wrong" if found else "Verified: the records are as they were written."
    return [*found, verdict], not found


def _loaded(report: LoadReport, *, is_check: bool) -> list[str]:
    """What a workbook changed, or would change."""
    counts = {name: count for name, count in asdict(report).items() if name not in ("batch", "same_as", "examples")}
    parts = [f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if count]
    lines = [f"{'Would be' if is_check else 'Done'}: {', '.join(parts) or 'nothing'}"]
    lines += [f"  entry {one.number}: {one.field} {one.before or '-'} -> {one.after or '-'}" for one in report.examples]
    if report.same_as is not None:
        lines.append(f"This very file came before, as batch {report.same_as}: its past years were not read again.")
    if report.batch is not None and not is_check:
        lines.append(f"Batch {report.batch}. To undo it: python bot.py import --undo {report.batch}")
    return lines
