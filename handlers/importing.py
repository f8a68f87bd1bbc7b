"""The office's workbook sent by an organiser: checked, counted on a card, and loaded whole or not at all."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from domain.changes import Draft, LoadPlan, Outcome, Written
from domain.intents import Intent, Wish
from domain.messages import FileTrouble, Reply
from domain.office import OfficePlan, PlannedUnit
from domain.people import Right
from domain.units import Unit
from handlers.scene import Scene
from handlers.workbooks import LARGEST_BYTES, Counted, Opened
from language import wording
from language.plain import fold
from storage.read import traces, units

FORM = "import"


@dataclass(frozen=True, slots=True)
class Import:
    """Which item brought the workbook, the keyed digest of its bytes, and what the card said it would change.

    Nothing of its rows stands here: it is fetched again when the card is answered.
    """

    item: int
    digest: str
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Import)


async def look(scene: Scene) -> Outcome:
    """A workbook was sent: all its problems, or a card with what it would change."""
    incoming = scene.item.incoming
    if incoming.file_bytes > LARGEST_BYTES:
        return Outcome(wording.file_trouble(FileTrouble.TOO_BIG))
    opened = scene.workbooks.opened(incoming.address, incoming.file)
    return await _judge(scene, opened, scene.item.id)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """`Lưu` loads what the card said, and nothing else."""
    assert scene.question is not None and scene.question.draft is not None
    importing, settles = _FORM.validate_python(scene.question.draft.fields), scene.question.id
    intent = wishes[0].intent if wishes else None
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.dropped(), settles=settles)
    if intent not in (None, Intent.CONFIRM_YES):
        return None
    file = await traces.file_of(scene.tx, importing.item, scene.contact.id)
    if not file:
        return Outcome(wording.file_trouble(FileTrouble.GONE), settles=settles)
    opened = scene.workbooks.opened(scene.contact.address, file)
    if opened.trouble is FileTrouble.AWAY:
        # The card stays: a moment later the platform may give the file after all.
        card = wording.with_file_away(wording.import_card(importing.counts))
        return Outcome(card, settles=settles, draft=importing.draft())
    return await _judge(scene, opened, importing.item, said=importing, saves=intent is Intent.CONFIRM_YES)


async def _judge(
    scene: Scene, opened: Opened, item: int, *, said: Import | None = None, saves: bool = False
) -> Outcome:
    settles = scene.question.id if scene.question is not None else None
    if opened.trouble is not None:
        return Outcome(wording.file_trouble(opened.trouble), settles=settles)
    if said is not None and said.digest != opened.digest:
        return Outcome(wording.file_changed(), settles=settles)
    if opened.plan is None or opened.problems:
        return Outcome(wording.workbook_problems(opened.problems), settles=settles)
    if outside := await _outside(scene, opened.plan):
        return Outcome(wording.units_out_of_reach(outside), settles=settles)
    within = _tops(scene)
    counted = scene.workbooks.counted(opened, scene.speaker.id, within, scene.now)
    if (trouble := _cannot_be(counted)) is not None:
        return Outcome(trouble, settles=settles)
    importing = Import(item, opened.digest, counted.counts)
    if said is None or not saves or said.counts != counted.counts:
        card = wording.import_card(counted.counts, opened.plan.notes)
        card = wording.with_changed_counts(card) if saves else card
        return Outcome(card, settles=settles, draft=importing.draft())

    def reply(written: Written) -> Reply:
        return wording.imported(counted.counts, written.batch)

    return Outcome(reply, changes=(LoadPlan(opened.plan, counted.counts, fold, within),), settles=settles)


def _cannot_be(counted: Counted) -> Reply | None:
    """Why there is nothing to save, if so."""
    if counted.unknown:
        return wording.units_out_of_reach([counted.unknown])
    if counted.problems:
        return wording.workbook_problems(counted.problems)
    return wording.nothing_to_import(counted.same_as) if counted.changed == 0 else None


def _tops(scene: Scene) -> frozenset[int]:
    """The units in and below which the speaker may import."""
    return frozenset(post.unit_id for post in scene.reaching(Right.IMPORT) if post.unit_id is not None)


async def _outside(scene: Scene, plan: OfficePlan) -> list[str]:
    """Codes that the plan names and that are not below a post that may import: nobody reaches beyond the own tree.

    Units above it may stand in the workbook as they are on record, for the own ones stand below them. Of any others
    nobody is told even whether they are as the workbook says.
    """
    planned = {unit.code: unit for unit in plan.units}
    # Rows of past years are told one by one, when they are counted, what is out of reach.
    named = {row.unit_code for rows in (plan.quotas, plan.people) for row in rows}
    above = {unit.parent_code for unit in plan.units if unit.parent_code}
    known = await units.by_codes(scene.tx, {*planned, *named, *above}, scene.today)
    tops = await units.by_ids(scene.tx, _tops(scene), scene.today)
    over_us = {each for top in tops.values() for each in top.path}
    reached: dict[str, bool] = {}

    def reaches(code: str) -> bool:
        if code not in reached:
            reached[code] = False  # A circle of units reaches nothing.
            unit = known.get(code)
            if unit is not None:
                reached[code] = scene.may(Right.IMPORT, unit)
            elif code in planned:
                reached[code] = reaches(planned[code].parent_code)
        return reached[code]

    def may_be(row: PlannedUnit) -> bool:
        """A unit in reach stays where it stands, or goes below another in reach."""
        unit = known.get(row.code)
        stays = unit is not None and _parent(known, row) == unit.parent_id
        if not reaches(row.code):
            return unit is not None and unit.id in over_us and stays and _is_as_on_record(row, unit)
        return stays or reaches(row.parent_code)

    outside = {code for code in named if not reaches(code)}
    return sorted(outside | {row.code for row in plan.units if not may_be(row)})


def _parent(known: dict[str, Unit], row: PlannedUnit) -> int | None:
    above = known.get(row.parent_code)
    return above.id if above is not None else None


def _is_as_on_record(row: PlannedUnit, unit: Unit) -> bool:
    says = (row.name, row.kind, row.sector, row.nobody_left)
    stands = (unit.name, unit.kind, unit.sector, unit.nobody_left)
    return says == stands and not row.aliases and row.members in (None, unit.members)
