"""Nothing this month, nobody left to admit, how the month stands, and the tree of units."""

from datetime import date

from domain.changes import Draft, MarkNobodyLeft, Outcome, Record
from domain.intents import Intent, Wish
from domain.people import Right, Role
from domain.records import OPEN_STAGES, EntryKind, Fact
from domain.refusals import NotAllowed
from domain.reminders import month_named
from domain.units import Unit, UnitKind
from handlers import nudging, on_record, places
from handlers.scene import Scene
from language import filling, wording
from storage.read import candidates, entries, people, units

NOBODY_LEFT_FORM = "nobody_left"


async def nothing(scene: Scene) -> Outcome:
    """Nothing this month: light, written at once. Where the month has an admission, nothing is written."""
    month = _month(scene)
    unit = await _branch(scene, wording.nothing_sentence(month))
    if not isinstance(unit, Unit):
        return unit
    if month is None or month > scene.today:
        return Outcome(wording.which_month())
    if await on_record.has_admission(scene, unit, month):
        return Outcome(wording.month_has_entries(unit, month))
    if await entries.of_units(scene.tx, [unit.id], month, month, Fact.NOTHING):
        return Outcome(wording.nothing_already(unit, month))
    record = Record(EntryKind.NOTHING, unit.id, month=month)
    return Outcome(lambda written: wording.nothing_noted(written.numbers[0], unit, month), changes=(record,))


async def _branch(scene: Scene, sentence: str) -> Unit | Outcome:
    """The branch meant; the choices among several say `sentence` again, for what was typed may hold a name."""
    found = await places.find(scene, Right.ENTER, scene.wish.branch, kinds={UnitKind.BRANCH})
    if isinstance(found, Unit):
        return found
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    offered = await places.branches(scene, found)
    return Outcome(wording.which_branch_for(offered[:8], sentence, is_cut=len(offered) > 8))


def _month(scene: Scene) -> date | None:
    """First day of the month meant; this month when none is said, None when it is not one month."""
    period = scene.wish.period
    if not period:
        return scene.said_on.replace(day=1)
    year, _, month = period.partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


async def nobody_left(scene: Scene) -> Outcome:
    """A branch without anybody left to admit is never nagged; said again, it is as before.

    While people are on its list this is asked about first. It is taken back by its button or by a sentence.
    """
    mark = not scene.wish.remove
    unit = await _branch(scene, wording.NOBODY_LEFT_SENTENCE if mark else filling.SOMEBODY_AGAIN)
    if not isinstance(unit, Unit):
        return unit
    if unit.nobody_left is mark:
        return Outcome(wording.nobody_left(unit, mark))
    listed = await candidates.of_units(scene.tx, [unit.id], OPEN_STAGES) if mark else []
    if listed:
        draft = Draft(NOBODY_LEFT_FORM, {"unit": unit.id})
        return Outcome(wording.nobody_left_card(unit, len(listed)), draft=draft)
    return Outcome(wording.nobody_left(unit, mark), changes=(MarkNobodyLeft(unit.id, unit.version, mark),))


async def carry_on_nobody_left(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to the card of a branch that still has people on its list."""
    assert scene.question is not None and scene.question.draft is not None
    settles = scene.question.id
    unit = await units.by_id(scene.tx, int(scene.question.draft.fields["unit"]), scene.today)
    if unit is None or not scene.may(Right.ENTER, unit):
        raise NotAllowed
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.kept_as_it_was(), settles=settles)
        case Intent.CONFIRM_YES:
            change = MarkNobodyLeft(unit.id, unit.version, True)
            return Outcome(wording.nobody_left(unit, True), changes=(change,), settles=settles)
        case None:
            listed = await candidates.of_units(scene.tx, [unit.id], OPEN_STAGES)
            return Outcome(wording.nobody_left_card(unit, len(listed)), settles=settles, draft=scene.question.draft)
        case _:
            return None


async def report(scene: Scene) -> Outcome:
    """`/baocao`: how one's own branches stand this month, with the likely answer as a button; above, who is silent."""
    if scene.wish.extra:
        return Outcome(wording.not_yet(scene.wish.intent))
    if scene.reaching(Right.NUDGE):
        return await nudging.not_reported(scene)
    month = month_named(scene.office, f"{scene.today:%Y-%m}")
    reach: dict[int, Unit] = {}
    for post in scene.reaching(Right.ENTER):
        for unit in await units.subtree(scene.tx, post.unit_id or 0, scene.today, {UnitKind.BRANCH}):
            if scene.may(Right.ENTER, unit):
                reach[unit.id] = unit
    admitted, nothing = await entries.reported(scene.tx, list(reach), month.first, since=month.since, at=scene.now)
    state = dict.fromkeys(nothing, "nothing") | dict.fromkeys(admitted, "done")
    return Outcome(wording.report_of([(unit, state.get(unit.id, "")) for unit in reach.values()], month))


async def tree(scene: Scene) -> Outcome:
    """`/donvi`: a unit with what is right below it, and who answers for it. `/donvi mẫu`: the workbook to fill in."""
    may_import = bool(scene.reaching(Right.IMPORT))
    if may_import and filling.asks_for_template(scene.wish.argument):
        return Outcome(wording.template())
    found = await places.find(scene, Right.SEE_FIGURES, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_show(found.options[:8]))
    children = await units.children(scene.tx, found.id, scene.today)
    in_charge = await people.holders(scene.tx, [found.id], list(Role), scene.today)
    shown = wording.unit_shown(found, children, in_charge, scene.office, today=scene.today, may_import=may_import)
    return Outcome(shown)
