"""Explaining an entry or a figure: the versions of the one, what makes up the other."""

from datetime import date

from domain.changes import Looked, Outcome
from domain.people import Right
from domain.records import Fact
from domain.refusals import NotAllowed
from handlers import on_record
from handlers.scene import Scene
from language import wording
from storage.read import entries, questions, units


async def show(scene: Scene) -> Outcome:
    """`/xem 31`: an entry with its versions. `/xem K7Q2`: the figures of a message, and what makes each up."""
    wish = scene.wish
    if wish.code:
        return await _show_sheet(scene, wish.code)
    if wish.number is None:
        return Outcome(wording.how_to_show())
    entry, unit = await on_record.find(scene, Right.SEE_NAMES, wish.number)
    versions = await entries.chain(scene.tx, entry.number)
    looked = Looked("entry", unit.id, 1)
    is_gone = on_record.is_gone(await on_record.person_of(scene, entry))
    may_change = scene.may(Right.ENTER, unit)
    shown = wording.entry_shown(entry, unit, versions, may_change=may_change, is_gone=is_gone)
    return Outcome(shown, changes=(looked,))


async def _show_sheet(scene: Scene, code: str) -> Outcome:
    kept = await questions.sheet(scene.tx, code.upper()[:4])
    if kept is None or kept.person_id != scene.speaker.id:
        raise NotAllowed
    index = int(code[5:]) if code[4:5] == "." and code[5:].isdigit() else None
    figures = kept.sheet.figures
    if index is None and len(figures) > 1:
        return Outcome(wording.choose_figure(kept.sheet))
    figure = figures[min(index or 0, len(figures) - 1)]
    unit = await units.by_id(scene.tx, figure.unit_id, scene.today)
    if unit is None or not scene.may(Right.SEE_FIGURES, unit):
        raise NotAllowed
    below = [one.id for one in await units.subtree(scene.tx, unit.id, scene.today)]
    year = int(figure.period)
    made_up = await entries.of_units(scene.tx, below, date(year, 1, 1), date(year, 12, 31), Fact(figure.fact))
    looked = Looked("figure", unit.id, len(made_up))
    sees_names = scene.may(Right.SEE_NAMES, unit)
    return Outcome(wording.figure_explained(figure, unit, made_up, with_names=sees_names), changes=(looked,))
