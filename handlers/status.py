"""How a unit stands: figures against the quota, pace, what waits for its ceremony, and the way down the tree."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from domain.changes import Looked, Outcome
from domain.clocks import CLOCKED_STAGES, Clock, clocks
from domain.digest import pending_ceremonies
from domain.intents import Wish
from domain.law import Rule
from domain.messages import Figure, Reply
from domain.people import Right
from domain.quotas import Standing, worst_first
from domain.records import OPEN_STAGES, Candidate, is_trained
from domain.reminders import month_named
from domain.rounds import unheard
from domain.runway import Runway, runway
from domain.units import Unit, UnitKind
from handlers import assigning, helping, nudging, places
from handlers.scene import Scene, new_sheet
from language import wording
from language.plain import fold
from storage.read import candidates, entries, moves, quotas, silence, units

SHOWN = 8


async def show(scene: Scene) -> Outcome:
    """`/tiendo [đơn vị]`, "còn mấy chỉ tiêu", "chi bộ nào năm nay còn trắng": answered at once, without a card."""
    wish = scene.wish
    if wish.metric == "target":
        return await assigning.see_or_set(scene)
    year = _year(wish, scene.today)
    if year is None:
        return Outcome(wording.only_years(scene.today.year))
    found = await places.find(scene, Right.SEE_FIGURES, wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return await _several(scene, found, year)
    match wish.metric:
        case "zero":
            return await _white(scene, found, year)
        case "slowest":
            return await _ranked(scene, found, year)
        case _:
            return await _standing(scene, found, year)


def _year(wish: Wish, today: date) -> int | None:
    """The year asked for; this one up to today is this year. Any other part of a year, or a term, is none."""
    if not wish.period or wish.period == f"{today:%Y}-01-01/{today:%Y-%m-%d}":
        return today.year
    return int(wish.period) if wish.period.isdigit() else None


async def _of(scene: Scene, ids: list[int], year: int) -> dict[int, Standing]:
    return await quotas.standings(scene.tx, ids, year, scene.office.counts_by, scene.today)


async def _several(scene: Scene, found: places.Unclear, year: int) -> Outcome:
    """Several posts: each unit in one line, the slowest first, and a button for each."""
    reach = {unit.id: unit for unit in found.options if scene.may(Right.SEE_FIGURES, unit)}
    standings = await _of(scene, list(reach), year)
    if scene.wish.metric == "zero":
        standings = {unit_id: one for unit_id, one in standings.items() if one.done == 0} or standings
    shown = [reach[one.unit_id] for one in worst_first(standings.values(), scene.today)][:SHOWN]
    return Outcome(wording.several_units(shown, standings, year, is_choice=bool(found.named), today=scene.today))


async def counts(scene: Scene, unit: Unit) -> Reply:
    """How a unit stands, for a group: nothing to press, no code to look up what is behind the figures."""
    told = await _standing(scene, unit, scene.today.year, is_private=False)
    assert isinstance(told.reply, Reply)
    return replace(told.reply, choices=())


async def _standing(scene: Scene, unit: Unit, year: int, *, is_private: bool = True) -> Outcome:
    children = await units.children(scene.tx, unit.id, scene.today)
    standings = await _of(scene, [unit.id, *(child.id for child in children)], year)
    below = await units.subtree(scene.tx, unit.id, scene.today, {UnitKind.BRANCH})
    listed = await candidates.of_units(scene.tx, [one.id for one in below], OPEN_STAGES)
    trained = sum(is_trained(row.stage) for row in listed)
    pages = max(1, -(-len(children) // SHOWN))
    page = min(max(1, scene.wish.number or 1), pages)
    by_id = {child.id: child for child in children}
    ranked = [by_id[one.unit_id] for one in worst_first([standings[child.id] for child in children], scene.today)]
    is_now = year == scene.today.year
    last_year = await _of(scene, [unit.id], year - 1) if scene.today.month == 1 and is_now else {}
    same_period = await quotas.same_period(scene.tx, [unit.id], scene.office.counts_by, scene.today) if is_now else {}
    sheet = new_sheet(_figure(unit, standings[unit.id], scene)) if is_private else None
    reply = wording.standing(
        unit,
        standings[unit.id],
        children=ranked[(page - 1) * SHOWN : page * SHOWN],
        standings=standings,
        page=page,
        pages=pages if is_private else 1,
        listed=len(listed),
        trained=trained,
        last_year=last_year.get(unit.id),
        same_period=same_period.get(unit.id),
        ahead=_runway(scene, standings[unit.id], listed),
        sheet=sheet,
        today=scene.today,
    )
    return Outcome(reply)


def _runway(scene: Scene, standing: Standing, listed: list[Candidate]) -> Runway | None:
    office = scene.office
    return runway(
        standing,
        listed,
        today=scene.today,
        calendar=office.calendar,
        pathway=office.pathway,
        law=office.law,
        counts_by=office.counts_by,
    )


def _figure(unit: Unit, standing: Standing, scene: Scene) -> Figure:
    return Figure(unit.name, unit.id, str(standing.year), scene.office.counts_by, standing.done)


async def _white(scene: Scene, unit: Unit, year: int) -> Outcome:
    """Branches without an admission this year; those with nobody left to admit are named apart."""
    branches = await units.subtree(scene.tx, unit.id, scene.today, {UnitKind.BRANCH})
    standings = await _of(scene, [branch.id for branch in branches], year)
    white = [branch for branch in branches if standings[branch.id].done == 0]
    pending = {branch.id: standings[branch.id].pending for branch in white}
    return Outcome(
        wording.white_branches(
            unit,
            [branch for branch in white if not branch.nobody_left],
            [branch for branch in white if branch.nobody_left],
            pending,
            total=len(branches),
            year=year,
            today=scene.today,
        )
    )


async def _ranked(scene: Scene, unit: Unit, year: int) -> Outcome:
    children = await units.children(scene.tx, unit.id, scene.today)
    if not children:
        return await _standing(scene, unit, year)
    standings = await _of(scene, [child.id for child in children], year)
    by_id = {child.id: child for child in children}
    slowest = worst_first(list(standings.values()), scene.today)[: scene.wish.number or 5]
    return Outcome(wording.slowest(unit, [(by_id[one.unit_id], one) for one in slowest], today=scene.today))


TOPICS = {
    "probation_end": (Rule.PROBATION, Rule.RECOGNITION_CONSIDERED_WITHIN),
    "certificate_expiry": (Rule.CERTIFICATE_VALID,),
}
"""The clocks that a question about deadlines is after."""


async def tasks(scene: Scene) -> Outcome:
    """`/viec`: deadlines of the law and whether this month is reported, for the branches one answers for."""
    topic = dict(scene.wish.extra).get("topic", "")
    if topic == "not_reported" and scene.reaching(Right.NUDGE):
        return await nudging.not_reported(scene)
    posts = scene.reaching(Right.SEE_NAMES)
    reach: dict[int, Unit] = {}
    for post in posts:
        for unit in await units.subtree(scene.tx, post.unit_id or 0, scene.today):
            if scene.may(Right.SEE_NAMES, unit):
                reach[unit.id] = unit
    office = scene.office
    cases = await moves.cases(scene.tx, await candidates.of_units(scene.tx, list(reach), ON_THE_WAY))
    running = clocks(cases, today=scene.today, law=office.law, calendar=office.calendar)
    if topic in TOPICS:
        asked_for = [clock for clock in running if clock.kind.rule in TOPICS[topic] and _is_meant(scene, clock)]
        told = _looked({clock.case.person.unit_id for clock in asked_for})
        return Outcome(wording.deadlines_of(asked_for, reach, topic, today=scene.today), changes=told)
    near = [clock for clock in running if clock.is_near(scene.today)]
    round_ = unheard(cases, today=scene.today, law=office.law, calendar=office.calendar)
    unhelped = await helping.unfit_helpers(scene, [case.person for case in cases if case.stage in OPEN_STAGES])
    # Figures kept above the branch wait for their ceremonies too: the list must come to what `/tiendo` counts.
    counted = {clock.case.entry.number for clock in near if clock.case.entry is not None}
    waiting = [one for one in await entries.pending(scene.tx, list(reach)) if one.number not in counted]
    # Silence is told as `/chuabao` tells it: by the reporting month, among those who can be asked at all.
    branches = [unit for unit in reach.values() if unit.kind is UnitKind.BRANCH]
    asked = {unit.id: unit for unit in branches if not unit.nobody_left}
    quiet = await silence.of_units(scene.tx, list(asked), month_named(office, f"{scene.today:%Y-%m}"), at=scene.now)
    silent = [unit for unit in asked.values() if unit.id in quiet]
    seen = {entry.unit_id for entry in waiting} | {row.unit_id for row in round_.people}
    pending = pending_ceremonies(waiting, today=scene.today, calendar=office.calendar, law=office.law)
    reply = wording.tasks(
        near, pending, reach, silent, len(asked), round_, unhelped, office.closing_day, today=scene.today
    )
    return Outcome(reply, changes=_looked(seen | {clock.case.person.unit_id for clock in near}))


ON_THE_WAY = tuple(dict.fromkeys((*OPEN_STAGES, *CLOCKED_STAGES)))


def _is_meant(scene: Scene, clock: Clock) -> bool:
    """Whether the question is about everybody, or names this person."""
    folded = clock.case.person.folded
    named = [fold(one.name) for one in scene.wish.people]
    return not named or any(folded == name or folded.endswith(f" {name}") for name in named)


def _looked(unit_ids: Collection[int]) -> tuple[Looked, ...]:
    return tuple(Looked("tasks", unit_id, 1) for unit_id in sorted(unit_ids))
