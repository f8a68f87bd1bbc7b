"""Quotas: seeing them, and setting those of the units below, behind a card with before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from domain.changes import Draft, Outcome, SetQuota
from domain.intents import Intent, Wish
from domain.people import Right
from domain.quotas import Quota, Target, TargetShape
from domain.refusals import NotAllowed
from domain.units import Unit, UnitKind
from handlers import places
from handlers.scene import Scene
from language import filling, quotas_said, wording
from language.numbers import read_target
from language.plain import fold
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
    """`target` is for one of the units in `options`; which one is asked before the card is shown.

    `is_edited`: the one number on the card is to be typed anew.
    """

    period: str
    items: tuple[Assignment, ...]
    decision_no: str = ""
    target: Target | None = None
    options: tuple[int, ...] = ()
    is_edited: bool = False

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
    problems: list[tuple[str, Sequence[Unit], Target]] = []
    meant: list[tuple[Unit, Target]] = []
    for named, target in _asked(wish):
        match await _meant(scene, named):
            case places.Unknown(words):
                problems.append((words, (), target))
            case places.Unclear(options, words):
                problems.append((words, options, target))
            case Unit() as found:
                meant.append((found, target))
    twice = _twice([unit for unit, _ in meant])
    if len(problems) == 1 and problems[0][1] and not twice:
        words, options, target = problems[0]
        return await _ask_which(scene, Assignments(period, (), wish.decision_no, target), meant, options, words)
    if problems or twice:
        return Outcome(wording.quota_problems([problem[:2] for problem in problems], twice))
    return await _card(scene, period, meant, wish.decision_no)


async def _meant(scene: Scene, named: str) -> Unit | places.Unclear | places.Unknown:
    """The unit named. A wrong quota is worse than a question: what only resembles the words is asked about."""
    if not named:
        return places.Unknown(named)
    found = await places.find(scene, Right.SET_QUOTA, named)
    if not isinstance(found, Unit):
        return found
    names = await _names(scene, found)
    if left := quotas_said.left_over(scene.text, named):
        whole = await places.find(scene, Right.SET_QUOTA, f"{named} {left}")
        if isinstance(whole, Unit):
            names, found = await _names(scene, whole), whole
        if isinstance(whole, places.Unclear):
            return whole
        is_named_so = any(set(left.split()) <= set(name.split()) for name in names)
        return found if is_named_so else places.Unclear((found,), f"{named} {left}")
    is_other_level = quotas_said.is_committee(named) and found.kind is UnitKind.BRANCH and fold(named) not in names
    kinds = quotas_said.kinds(named)
    is_two_in_one = len(kinds) > 1 and not any(kinds <= quotas_said.kinds(name) for name in names)
    return places.Unclear((found,), named) if is_other_level or is_two_in_one else found


async def _names(scene: Scene, unit: Unit) -> list[str]:
    return [fold(name) for name, one in await units.called(scene.tx, unit.id, scene.today) if one.id == unit.id]


async def _ask_which(
    scene: Scene, asking: Assignments, meant: Sequence[tuple[Unit, Target]], options: Sequence[Unit], words: str
) -> Outcome:
    """Which unit the one unclear name means; the others of the message wait on the draft."""
    known = tuple(Assignment(unit.id, target, None) for unit, target in meant)
    asking = replace(asking, items=known, options=tuple(unit.id for unit in options[:8]))
    return Outcome(
        wording.which_unit_is_assigned(words, options[:8], asking.target),
        settles=scene.question.id if scene.question else None,
        draft=asking.draft(),
    )


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
    if assignments.is_edited:
        return await _edited(scene, assignments, wishes)
    if assignments.target is not None and (not wishes or filling.picked(scene.text) is not None):
        return await _picked(scene, assignments)
    if assignments.target is not None and wishes[0].intent not in (Intent.CONFIRM_NO, Intent.CANCEL):
        return None
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
        case Intent.EDIT_CARD if len(assignments.items) == 1:
            edited = replace(assignments, is_edited=True)
            return Outcome(wording.quota_again(), settles=scene.question.id, draft=edited.draft())
        case Intent.EDIT_CARD:
            return Outcome(wording.quotas_again(), settles=scene.question.id)
        case Intent.CONFIRM_YES | None:
            return await _assign(scene, assignments, is_confirmed=bool(wishes))
        case _:
            return None


async def _edited(scene: Scene, assignments: Assignments, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The number typed anew for the one unit of the card; a whole sentence begins its own."""
    assert scene.question is not None
    intent = wishes[0].intent if wishes else None
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
    target = read_target(scene.text) if wishes else None
    if target is None:
        is_new = intent not in (None, Intent.OUT_OF_SCOPE, Intent.CHOOSE_OPTION, Intent.CONFIRM_YES)
        again = Outcome(wording.quota_again(), settles=scene.question.id, draft=assignments.draft())
        return None if is_new else again
    unit = await units.by_id(scene.tx, assignments.items[0].unit_id, scene.today)
    if unit is None or not scene.may(Right.SET_QUOTA, unit):
        raise NotAllowed
    return await _card(scene, assignments.period, [(unit, target)], assignments.decision_no)


async def _picked(scene: Scene, asking: Assignments) -> Outcome | None:
    """The unit chosen joins the others on the card; shown again, the question is the same."""
    assert asking.target is not None
    known = await units.by_ids(scene.tx, [*asking.options, *(item.unit_id for item in asking.items)], scene.today)
    if not all(scene.may(Right.SET_QUOTA, unit) for unit in known.values()):
        raise NotAllowed
    meant = [(known[item.unit_id], item.target) for item in asking.items if item.unit_id in known]
    picked = filling.picked(scene.text)
    options = [known[one] for one in asking.options if one in known]
    if picked is None:
        return await _ask_which(scene, asking, meant, options, "")
    if picked not in asking.options or picked not in known or picked in [unit.id for unit, _ in meant]:
        return None
    return await _card(scene, asking.period, [*meant, (known[picked], asking.target)], asking.decision_no)


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
