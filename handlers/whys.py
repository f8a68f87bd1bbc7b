"""Why a letter came, was held or was left out, and why none came: from its row, or by asking the rule again."""

from datetime import date, datetime, timedelta

from domain.calendar import ZONE, at
from domain.changes import Outcome
from domain.people import Right, Role
from domain.reminders import (
    MONTHLY_NOTHING_NEW,
    RULES,
    WEEKLY_DIGEST,
    RuleCode,
    Rung,
    in_order,
    month_named,
    periods_between,
    put_off_times,
    rung_of,
    windows,
)
from domain.units import Unit, UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from language.wording import Answer, Condition, Why
from storage.read import entries, letters, people, silence, units
from storage.read.letters import Letter

LOOK_BACK = timedelta(days=35)
SHOWN = 6
AN_INSTANT = timedelta(microseconds=1)
MONTHS_SHOWN = 3


async def why(scene: Scene) -> Outcome:
    """`/visao`: one's own newest letters. With a unit named: what became of the letters about it, and why none."""
    since, until = _span(scene)
    if not scene.wish.branch:
        own = await letters.of_person(scene.tx, scene.speaker.id, since)
        told = [await _why(scene, one) for one in own if one.made_at <= until]
        return Outcome(wording.why_letters(told[:SHOWN]))
    found = await places.find(scene, Right.SEE_FIGURES, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_explain(found.options[:8]))
    about = [one for one in await letters.of_unit(scene.tx, found.id, since) if one.made_at <= until]
    told = [await _why(scene, one) for one in about[:SHOWN]]
    answers = [] if found.kind is not UnitKind.BRANCH else await _answers(scene, found, since, until, about)
    return Outcome(wording.why_unit(found, told, answers, since.date(), min(until, scene.now).date()))


def _span(scene: Scene) -> tuple[datetime, datetime]:
    """The days asked about; the last weeks when none are named."""
    first, _, last = scene.wish.period.partition("/")
    try:
        if len(first) == 7:
            begin = date.fromisoformat(f"{first}-01")
            end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        else:
            begin = date.fromisoformat(first)
            end = date.fromisoformat(last or first)
    except ValueError:
        return scene.now - LOOK_BACK, scene.now
    return _midnight(begin), _midnight(end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


async def _why(scene: Scene, letter: Letter) -> Why:
    """The rule, its condition as it stood when the letter went or was left out, and which post made the addressee."""
    moment = letter.settled_at or scene.now
    about = [letter.unit_id] if letter.unit_id is not None else []
    person = await people.person(scene.tx, letter.person_id)
    posts = tuple(post for post in person.posts if post.holds_on(moment.date())) if person else ()
    unit = None
    if about:
        unit = await units.by_id(scene.tx, about[0], moment.date())
        posts = tuple(post for post in posts if unit is not None and post.unit_id in unit.path)
    elif letter.rule == RuleCode.WEEKLY_DIGEST:
        posts = tuple(post for post in posts if post.role in RULES[RuleCode.WEEKLY_DIGEST].roles)
    by = letter.period if letter.rule == "nudge" else ""
    held = await units.by_ids(scene.tx, {post.unit_id for post in posts if post.unit_id is not None}, moment.date())
    return Why(
        rule=letter.rule,
        period=letter.period,
        person_id=letter.person_id,
        is_own=letter.person_id == scene.speaker.id,
        unit=unit,
        state=letter.state,
        reason=letter.reason,
        moment=letter.settled_at or letter.not_before or letter.made_at,
        posts=tuple((post.role, held[post.unit_id]) for post in posts if post.unit_id in held),
        month=month_named(scene.office, letter.period) if letter.rule == RuleCode.MONTHLY_NOTHING_NEW else None,
        rung=rung_of(letter.step) if letter.rule == RuleCode.MONTHLY_NOTHING_NEW else None,
        condition=await _condition(scene, letter, unit, moment),
        nudged_by=int(by) if by.isdigit() else None,
        put_off=put_off_times(letter.step) if letter.rule == RuleCode.MONTHLY_NOTHING_NEW else 0,
    )


async def _condition(scene: Scene, letter: Letter, unit: Unit | None, moment: datetime) -> Condition | None:
    """What the letter's rule asks about, as it stood when the letter went or was left out."""
    if letter.rule == RuleCode.WEEKLY_DIGEST:
        return Condition(due=windows(WEEKLY_DIGEST, scene.office, letter.period)[0].due)
    if letter.rule != RuleCode.MONTHLY_NOTHING_NEW or unit is None:
        return None
    month = month_named(scene.office, letter.period)
    # What was entered at the very moment of sending came after the letter.
    before = moment - AN_INSTANT if letter.state in ("sent", "uncertain") else moment
    spoken = await entries.spoken(scene.tx, unit.id, month.first, since=month.since, at=before)
    return Condition(
        nobody_left=await silence.had_nobody_left(scene.tx, unit, before),
        spoken=(spoken[0].number, spoken[0].made_at.date()) if spoken else None,
    )


async def _answers(scene: Scene, unit: Unit, since: datetime, until: datetime, about: list[Letter]) -> list[Answer]:
    """For each reporting month in those days about which nothing was planned: what the rule says, as of then."""
    told = {one.period for one in about if one.rule == MONTHLY_NOTHING_NEW.code}
    last = min(until, scene.now)
    asked = periods_between(MONTHLY_NOTHING_NEW, since.date(), (last - timedelta(seconds=1)).date())[-MONTHS_SHOWN:]
    return [await _answer(scene, unit, period, since, last) for period in asked if period not in told]


async def _answer(scene: Scene, unit: Unit, period: str, since: datetime, last: datetime) -> Answer:
    month = month_named(scene.office, period)
    due = windows(MONTHLY_NOTHING_NEW, scene.office, period)[0].due
    if due > last:
        return Answer("not due", month, due=due)
    moment = min(last, at(month.closes_on + timedelta(days=1), scene.office.calendar.morning))
    if await silence.had_nobody_left(scene.tx, unit, due):
        return Answer("nobody left", month, due=due)
    spoken = await entries.spoken(scene.tx, unit.id, month.first, since=month.since, at=max(due, since))
    if spoken:
        return Answer("reported", month, due=due, number=spoken[0].number, on=spoken[0].made_at.date())
    held = await people.holders(scene.tx, [unit.id], [Role.SECRETARY], due.date())
    if not in_order(held, Role.SECRETARY, unit.id, due.date()):
        return Answer("nobody in charge", month, due=due)
    asked = await letters.about(scene.tx, unit.id, MONTHLY_NOTHING_NEW.code, period)
    if any(rung_of(one.step) is not Rung.ABOVE for one in asked):
        return Answer("asked another day", month, due=due)
    return Answer("not planned", month, due=due, on=moment.date())
