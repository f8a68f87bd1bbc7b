"""Quotas: seeing them, and setting those of the units below, behind a card with before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from domain.changes import Draft, Outcome, SetQuota
from domain.intents import Intent, Wish
from domain.people import Right
from domain.quotas import Quota, Target, TargetShape
from domain.refusals import NotAllowed
from domain.units import Unit
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import quotas, units

FORM = "set_quota"
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit's new target, and the id of the version that it takes the place of."""

    unit_id: int
    target: Target
    replaces: int | None


@dataclass(frozen=True, slots=True)
class Assignments:
    period: str
    items: tuple[Assignment, ...]
    decision_no: str = ""

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Assignments)

Shown = tuple[Unit, Target, Quota | None]
"""A line of the card: whose quota, what it shall be, what it is."""


async def see_or_set(scene: Scene) -> Outcome:
    """`/chitieu`: what is assigned here and below. With branches and numbers: a card that assigns."""
    wish = scene.wish
    if wish.items or wish.target is not None or wish.target_min is not None:
        return await _propose(scene, wish)
    found = await places.find(scene, Right.SEE_FIGURES, wish.branch)
    match found:
        case places.Unknown(named):
            return Outcome(wording.unknown_unit(named))
        case places.Unclear(options):
            return Outcome(wording.which_unit_for_quota(options[:8]))
        case Unit():
            return await _see(scene, found, _period(scene, wish))


async def _see(scene: Scene, unit: Unit, period: str) -> Outcome:
    children = await units.children(scene.tx, unit.id, scene.today)
    known: dict[int, Quota] = {}
    for one in (unit, *children):
        quota = await quotas.current(scene.tx, one.id, period)
        if quota is not None:
            known[one.id] = quota
    may_set = any(scene.may(Right.SET_QUOTA, child) for child in children)
    return Outcome(wording.quotas_shown(unit, children[:SHOWN], len(children), known, period, may_set=may_set))


def _period(scene: Scene, wish: Wish) -> str:
    return wish.period if wish.period.isdigit() else str(scene.today.year)


async def _propose(scene: Scene, wish: Wish) -> Outcome:
    """Every unit named is looked up first; one problem is enough to ask again, with all of them in the reply."""
    if not scene.reaching(Right.SET_QUOTA):
        raise NotAllowed
    period = _period(scene, wish)
    if abs(int(period) - scene.today.year) > 1:
        return Outcome(wording.quota_year_out_of_reach(period))
    problems: list[tuple[str, Sequence[Unit]]] = []
    meant: list[tuple[Unit, Target]] = []
    for named, target in _asked(wish):
        found = await places.find(scene, Right.SET_QUOTA, named) if named else places.Unknown(named)
        match found:
            case places.Unknown():
                problems.append((found.named, ()))
            case places.Unclear():
                problems.append((found.named, found.options))
            case Unit():
                meant.append((found, target))
    twice = _twice([unit for unit, _ in meant])
    if problems or twice:
        return Outcome(wording.quota_problems(problems, twice))
    return await _card(scene, period, meant, wish.decision_no)


def _asked(wish: Wish) -> list[tuple[str, Target]]:
    if wish.items:
        return [(item.branch, item.target) for item in wish.items]
    return [(wish.branch, _target(wish.target, wish.target_max, wish.target_min))]


def _twice(named: Sequence[Unit]) -> list[Unit]:
    """Each unit that was named more than once: which of its numbers holds, nobody can tell."""
    ids = [unit.id for unit in named]
    return list({unit.id: unit for unit in named if ids.count(unit.id) > 1}.values())


async def _card(scene: Scene, period: str, meant: Sequence[tuple[Unit, Target]], decision_no: str) -> Outcome:
    """Before and after; the draft keeps which versions the "before" was."""
    shown = [(unit, target, await quotas.current(scene.tx, unit.id, period)) for unit, target in meant]
    items = tuple(Assignment(unit.id, target, before.id if before else None) for unit, target, before in shown)
    return Outcome(
        wording.quota_card(shown, period),
        settles=scene.question.id if scene.question else None,
        draft=Assignments(period, items, decision_no).draft(),
    )


def _target(number: int | None, high: int | None, at_least: int | None) -> Target:
    if at_least is not None and high is not None:
        return Target(at_least, TargetShape.RANGE, high)
    if at_least is not None:
        return Target(at_least, TargetShape.AT_LEAST)
    if high is not None and number is not None and high != number:
        return Target(number, TargetShape.RANGE, high)
    return Target(number or 0)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to the card of quotas."""
    assert scene.question is not None and scene.question.draft is not None
    assignments = _FORM.validate_python(scene.question.draft.fields)
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
        case Intent.EDIT_CARD:
            return Outcome(wording.quotas_again(), settles=scene.question.id)
        case Intent.CONFIRM_YES | None:
            return await _assign(scene, assignments, is_confirmed=bool(wishes))
        case _:
            return None


async def _assign(scene: Scene, assignments: Assignments, *, is_confirmed: bool) -> Outcome:
    """Written when it was said yes to what stands there now; otherwise the card again, on fresh reads."""
    period = assignments.period
    shown: list[Shown] = []
    for item in assignments.items:
        unit = await units.by_id(scene.tx, item.unit_id, scene.today)
        if unit is None or not scene.may(Right.SET_QUOTA, unit):
            raise NotAllowed
        shown.append((unit, item.target, await quotas.current(scene.tx, unit.id, period)))
    replaced = [before.id if before else None for _, _, before in shown]
    if not is_confirmed or replaced != [item.replaces for item in assignments.items]:
        return await _card(scene, period, [(unit, target) for unit, target, _ in shown], assignments.decision_no)
    changes = tuple(_new_version(scene, assignments, *one) for one in shown)
    settles = scene.question.id if scene.question else None
    return Outcome(wording.quotas_set(shown, period), changes=changes, settles=settles)


def _new_version(scene: Scene, assignments: Assignments, unit: Unit, target: Target, before: Quota | None) -> SetQuota:
    stretch = before.stretch if before else None
    quota = Quota(unit.id, assignments.period, target, decision_no=assignments.decision_no)
    return SetQuota(replace(quota, stretch=stretch, effective_on=scene.today), before.id if before else None)
