"""Classes: opened by whoever may hold one, and shown to everybody whose branches may come."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from domain.changes import Draft, OpenClass, Outcome
from domain.classes import Learner, Result, TrainingClass, Yield, judge_class, takes, yield_of
from domain.intents import Intent, Wish
from domain.people import Right
from domain.units import Unit, UnitKind
from handlers import places, trained
from handlers.listing_form import full_day, settles
from handlers.scene import Scene
from language import wording
from storage.read import candidates, units
from storage.read import classes as reading

FORM = "open_class"
LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Opening:
    """The class on the card."""

    unit_id: int
    place: str
    begins_on: date
    ends_on: date
    seats: int

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Opening)


async def show(scene: Scene) -> Outcome:
    """`/lop`: the classes to come and those that are over; with a number that one."""
    match scene.wish.scope:
        case "trained":
            return await trained.not_admitted(scene)
        case "share":
            return await trained.share(scene)
        case _ if scene.wish.number is not None:
            return await _show_one(scene, scene.wish.number)
        case _:
            return await _show_all(scene)


async def _show_all(scene: Scene) -> Outcome:
    open_ones = await not_over(scene)
    over = await _in_reach(scene, await reading.last_over(scene.tx, wording.SHOWN))
    rolls = await reading.rolls(scene.tx, open_ones[: wording.SHOWN])
    yields = await _yields(scene, over)
    reply = wording.classes_shown(
        rolls,
        len(open_ones) - len(rolls),
        yields,
        wanted=scene.office.pathway.trained_share,
        may_open=bool(scene.reaching(Right.HOLD_CLASS)),
    )
    return Outcome(reply)


async def _show_one(scene: Scene, class_id: int) -> Outcome:
    held = await find(scene, class_id)
    if held is None:
        return Outcome(wording.no_such_class())
    roll = (await reading.rolls(scene.tx, [held]))[0]
    told = await reading.learners_of(scene.tx, [class_id])
    if held.certificate_on is not None:
        came_of = Counter(one.result for one in told)
        ((_, admitted),) = await _yields(scene, [held])
        wanted = scene.office.pathway.trained_share
        return Outcome(wording.class_over(held, admitted, absent=came_of[Result.ABSENT], wanted=wanted))
    counts = Counter(one.unit_id for one in (*roll.seated, *roll.waiting))
    known = await units.by_ids(scene.tx, counts, scene.today)
    by_unit = [(unit, counts[unit.id]) for unit in known.values() if scene.may(Right.SEE_FIGURES, unit)]
    holder = await units.by_id(scene.tx, held.unit_id, scene.today)
    may_hold = holder is not None and scene.may(Right.HOLD_CLASS, holder)
    is_open = takes(held, today=scene.today)
    may_enter = is_open and bool(scene.reaching(Right.ENTER))
    is_waited_for = may_hold and is_open and roll.free > 0 and bool(await waiting_for(scene, held))
    reply = wording.class_shown(
        roll, by_unit, may_end=may_hold and held.begins_on <= scene.today, may_enter=may_enter, waiting=is_waited_for
    )
    return Outcome(reply)


async def _yields(scene: Scene, over: list[TrainingClass]) -> list[tuple[TrainingClass, Yield]]:
    """Of each class how many of those certified were admitted."""
    told = [
        one for one in await reading.learners_of(scene.tx, [held.id for held in over]) if one.result is Result.CERTIFIED
    ]
    people = await candidates.by_ids(scene.tx, [one.candidate_id for one in told])
    return [
        (
            held,
            yield_of(
                people[one.candidate_id] for one in told if one.class_id == held.id and one.candidate_id in people
            ),
        )
        for held in over
    ]


async def find(scene: Scene, class_id: int) -> TrainingClass | None:
    """The class of that number, if it is one for the speaker's units; whatever is outside is as good as not there."""
    held = await reading.by_id(scene.tx, class_id)
    return held if held is not None and await _in_reach(scene, [held]) else None


async def not_over(scene: Scene) -> list[TrainingClass]:
    """The classes for the speaker's units that are to come or under way."""
    return await _in_reach(scene, await reading.not_over(scene.tx))


async def waiting_for(scene: Scene, held: TrainingClass) -> list[Learner]:
    """Those of the branches below who were registered elsewhere and have no seat, in the order in which they came."""
    below = {unit.id for unit in await units.subtree(scene.tx, held.unit_id, scene.today, {UnitKind.BRANCH})}
    return [one for one in await reading.waiting(scene.tx) if one.unit_id in below and one.class_id != held.id]


async def _in_reach(scene: Scene, some: list[TrainingClass]) -> list[TrainingClass]:
    """Classes held above or below the speaker's own units."""
    if not some:
        return []
    own = set(await places.tops(scene, Right.SEE_FIGURES))
    known = await units.by_ids(scene.tx, {*own, *(one.unit_id for one in some)}, scene.today)
    above = {unit_id for one in own if one in known for unit_id in known[one].path}
    return [one for one in some if one.unit_id in above or _is_below(known.get(one.unit_id), own)]


def _is_below(unit: Unit | None, own: set[int]) -> bool:
    return unit is not None and not own.isdisjoint(unit.path)


async def open_one(scene: Scene) -> Outcome:
    """A card with all that was said; what is missing or wrong is told with an example."""
    wish = scene.wish
    begins, until = full_day(wish.date), dict(wish.extra).get("until")
    if not wish.argument or begins is None or until is None or wish.count is None:
        return Outcome(wording.how_to_open_class())
    ends = date.fromisoformat(until)
    if (unfit := judge_class(begins, ends, wish.count, today=scene.today)) is not None:
        return Outcome(wording.class_unfit(unfit, begins, ends))
    found = await places.find(scene, Right.HOLD_CLASS)
    if not isinstance(found, Unit):
        found = await units.by_id(scene.tx, scene.home(Right.HOLD_CLASS), scene.today)
        assert found is not None
    opening = Opening(found.id, wish.argument[:LONGEST_PLACE], begins, ends, wish.count)
    return Outcome(wording.opening_card(found, _held(opening)), settles=settles(scene), draft=opening.draft())


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to the card of a new class."""
    assert scene.question is not None and scene.question.draft is not None
    opening = _FORM.validate_python(scene.question.draft.fields)
    unit = await units.by_id(scene.tx, opening.unit_id, scene.today)
    if unit is None or not scene.may(Right.HOLD_CLASS, unit):
        return Outcome(wording.no_such_class(), settles=scene.question.id)
    held = _held(opening)
    match wishes[0].intent if wishes else None:
        case None:
            return Outcome(wording.opening_card(unit, held), settles=scene.question.id, draft=opening.draft())
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
        case Intent.EDIT_CARD:
            return Outcome(wording.how_to_open_class(), settles=scene.question.id)
        case Intent.CONFIRM_YES:
            unfit = judge_class(held.begins_on, held.ends_on, held.seats, today=scene.today)
            if unfit is not None:
                return Outcome(wording.class_unfit(unfit, held.begins_on, held.ends_on), settles=scene.question.id)
            waiting = len(await waiting_for(scene, held))
            return Outcome(
                lambda written: wording.class_opened(replace(held, id=written.made), waiting),
                changes=(OpenClass(held),),
                settles=scene.question.id,
            )
        case _:
            return None


def _held(opening: Opening) -> TrainingClass:
    return TrainingClass(0, opening.unit_id, opening.place, opening.begins_on, opening.ends_on, opening.seats)
