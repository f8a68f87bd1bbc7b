"""Undoing an entry or its last correction, and bringing an undone entry back."""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from domain.admissions import RECORDED_STAGES, stage_corrected
from domain.changes import Draft, Looked, Outcome, Record, Restore, Undo, Written
from domain.intents import Intent, Wish
from domain.messages import Reply
from domain.people import Right
from domain.records import Candidate, Entry, EntryKind, EntryState, Fact
from domain.units import Unit
from handlers import on_record
from handlers.admission_saving import giving_way, tell_author
from handlers.scene import Scene
from language import wording
from storage.read import candidates, entries

FORM = "undo"


@dataclass(frozen=True, slots=True)
class Undoing:
    """Which entry the card is about: it ends, steps back to what it corrected, or lives again beside another."""

    number: int
    steps_back: bool = False
    comes_back: bool = False

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Undoing)


async def undo(scene: Scene) -> Outcome:
    """One's own entry at once, for it can be brought back; somebody else's behind a card.

    `/huy 31` ends the entry. "Hoàn tác" takes back what was done last to it: a correction, or the entry itself.
    """
    wish = scene.wish
    if wish.number is None and not await on_record.has_own(scene):
        return Outcome(wording.nothing_to_correct())
    entry, unit = await on_record.find(scene, Right.ENTER, wish.number)
    if not await on_record.is_meant(scene, entry):
        return Outcome(wording.say_its_number())
    takes_back = wish.intent is Intent.UNDO_LAST
    if takes_back and wish.number not in (None, entry.number):
        return Outcome(wording.overtaken(wish.number, entry), changes=(Looked("entry", unit.id, 1),))
    if entry.state is EntryState.UNDONE:
        return Outcome(await _undone_already(scene, entry))
    undoing = Undoing(entry.number, steps_back=takes_back and entry.replaces is not None)
    if entry.author_id == scene.speaker.id:
        return await _done(scene, undoing, entry, unit)
    return await _card(scene, undoing, entry, unit)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to undoing somebody else's entry, or to bringing back what may stand there already."""
    assert scene.question is not None and scene.question.draft is not None
    settles = scene.question.id
    intent = wishes[0].intent if wishes else None
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.kept_as_it_was(), settles=settles)
    if intent not in (None, Intent.CONFIRM_YES):
        return None
    undoing = _FORM.validate_python(scene.question.draft.fields)
    entry, unit = await on_record.find(scene, Right.ENTER, undoing.number)
    if undoing.comes_back:
        return replace(await _restore(scene, entry, unit, is_sure=intent is Intent.CONFIRM_YES), settles=settles)
    if entry.state is EntryState.UNDONE:
        return Outcome(await _undone_already(scene, entry), settles=settles)
    if entry.number != undoing.number:
        looked = Looked("entry", unit.id, 1)
        return Outcome(wording.overtaken(undoing.number, entry), changes=(looked,), settles=settles)
    if intent is Intent.CONFIRM_YES:
        return await _done(scene, undoing, entry, unit)
    return await _card(scene, undoing, entry, unit)


async def _undone_already(scene: Scene, entry: Entry) -> Reply:
    is_gone = on_record.is_gone(await on_record.person_of(scene, entry))
    return wording.gone_with_batch(entry.number) if is_gone else wording.already_undone(entry.number)


async def _card(scene: Scene, undoing: Undoing, entry: Entry, unit: Unit) -> Outcome:
    card = wording.undo_card(entry, unit)
    if undoing.steps_back:
        before = await _before(scene, entry)
        if before is None:
            return Outcome(wording.no_step_back(entry.number))
        card = wording.step_back_card(entry, before, unit)
    looked = Looked("entry", unit.id, 1)
    return Outcome(card, changes=(looked,), settles=_settles(scene, entry), draft=undoing.draft())


async def _done(scene: Scene, undoing: Undoing, entry: Entry, unit: Unit) -> Outcome:
    if not undoing.steps_back:
        return _end(scene, entry, unit)
    before = await _before(scene, entry)
    if before is None:
        return Outcome(wording.no_step_back(entry.number), settles=_settles(scene, entry))
    return await _step_back(scene, entry, before, unit)


async def _before(scene: Scene, entry: Entry) -> Entry | None:
    """The version that this one corrected; None where only the name was put right, for the old one is not kept."""
    before = await entries.by_number(scene.tx, entry.replaces or 0)
    if before is None or _facts(before) == _facts(entry):
        return None
    return before


def _facts(entry: Entry) -> tuple[object, ...]:
    return entry.ceremony_on, entry.decision_on, entry.decision_no


def _settles(scene: Scene, entry: Entry) -> int | None:
    """The open question, if it is about this entry: any other card stays open."""
    question = scene.question
    is_about_it = question is not None and question.draft is not None and question.draft.fields.get("number")
    return question.id if question is not None and is_about_it == entry.number else None


async def _step_back(scene: Scene, entry: Entry, before: Entry, unit: Unit) -> Outcome:
    """Undoing a correction brings back the facts before it, as one more version."""
    person = await on_record.person_of(scene, entry)
    record = Record(
        kind=entry.kind,
        unit_id=entry.unit_id,
        candidate=await _as_before(scene, person, before) if person is not None else None,
        ceremony_on=before.ceremony_on,
        decision_on=before.decision_on,
        decision_no=before.decision_no,
        month=before.month,
        count=before.count,
        replaces=entry.number,
    )

    gone, changes = await giving_way(scene, unit, _days(before))

    def reply(written: Written) -> Reply:
        said = wording.stepped_back(entry.number, written.numbers[0], unit, written.standings[unit.id])
        return wording.with_nil_gone(said, gone)

    return Outcome(
        reply,
        changes=(record, *tell_author(scene, entry), *changes),
        settles=_settles(scene, entry),
        recount=(unit.id,),
        year=_year(before),
    )


async def _as_before(scene: Scene, person: Candidate, before: Entry) -> Candidate:
    stage = stage_corrected(person.stage, ceremony_on=before.ceremony_on)
    stage_on = before.ceremony_on or before.decision_on
    return replace(
        person,
        stage=stage,
        stage_on=stage_on if stage in RECORDED_STAGES else person.stage_on,
        distinguisher=await on_record.told_apart(scene, person, was=person),
    )


def _end(scene: Scene, entry: Entry, unit: Unit) -> Outcome:
    def reply(written: Written) -> Reply:
        return wording.undone(entry, unit, written.standings[unit.id])

    return Outcome(
        reply,
        changes=(Undo(entry.number), *tell_author(scene, entry)),
        settles=_settles(scene, entry),
        recount=(unit.id,),
        year=_year(entry),
    )


def _days(entry: Entry) -> tuple[date | None, ...]:
    return (entry.ceremony_on, entry.decision_on) if entry.kind is EntryKind.ADMISSION else ()


def _year(entry: Entry) -> int:
    day = entry.ceremony_on or entry.decision_on or entry.month
    return day.year if day is not None else entry.made_at.year


async def restore(scene: Scene) -> Outcome:
    """An undone entry lives again, with the same number, unless another has taken its place meanwhile."""
    if scene.wish.number is None and not await on_record.has_own(scene):
        return Outcome(wording.nothing_to_correct())
    entry, unit = await on_record.find(scene, Right.ENTER, scene.wish.number)
    return await _restore(scene, entry, unit)


async def _restore(scene: Scene, entry: Entry, unit: Unit, *, is_sure: bool = False) -> Outcome:
    if entry.state is not EntryState.UNDONE:
        return Outcome(wording.not_undone(entry.number))
    if entry.kind is EntryKind.NOTHING and entry.month is not None:
        if await entries.of_units(scene.tx, [unit.id], entry.month, entry.month, Fact.NOTHING):
            return Outcome(wording.nothing_already(unit, entry.month))
        if await on_record.has_admission(scene, unit, entry.month):
            return Outcome(wording.month_has_entries(unit, entry.month))
    person = await on_record.person_of(scene, entry)
    if on_record.is_gone(person):
        return Outcome(wording.gone_with_batch(entry.number))
    other = await _in_its_place(scene, entry)
    if other is not None:
        return Outcome(wording.cannot_restore(entry.number, other), changes=(Looked("entry", unit.id, 1),))
    if not is_sure and (like_it := await _without_name(scene, entry, person)) is not None:
        card = wording.restore_card(entry, like_it, unit)
        draft = Undoing(entry.number, comes_back=True).draft()
        return Outcome(card, changes=(Looked("entry", unit.id, 1),), draft=draft)

    gone, changes = await giving_way(scene, unit, _days(entry))

    def reply(written: Written) -> Reply:
        return wording.with_nil_gone(wording.restored(entry.number, unit, written.standings[unit.id]), gone)

    return Outcome(
        reply,
        changes=(Restore(entry.number), *tell_author(scene, entry), *changes),
        recount=(unit.id,),
        year=_year(entry),
    )


async def _in_its_place(scene: Scene, entry: Entry) -> Entry | None:
    """Another admission of the person on record, or of somebody who cannot be told apart from them."""
    person = await on_record.person_of(scene, entry)
    day = entry.ceremony_on or entry.decision_on
    if person is None or day is None:
        return None
    return await entries.of_candidate(scene.tx, person.id) or await on_record.twin(scene, person, day, was=person)


async def _without_name(scene: Scene, entry: Entry, person: Candidate | None) -> Entry | None:
    """What may be the same admission, told anew since this one was undone: without a name nobody can tell."""
    if entry.kind is not EntryKind.ADMISSION or (person is not None and person.folded):
        return None
    nameless = await candidates.namesakes(scene.tx, entry.unit_id, "")
    return await entries.in_place_of(scene.tx, entry, {one.id for one in nameless})
