"""Putting an entry right: what shall be different, a card with before and after, a new version."""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from domain.admissions import RECORDED_STAGES, BeforeDecision, Future, OverAYearBack, judge_correction, stage_corrected
from domain.changes import AddCandidate, Change, Draft, ForgetDrafts, Looked, Outcome, Record, Written
from domain.intents import Day, Intent, Wish
from domain.messages import Reply
from domain.people import Right
from domain.records import Candidate, Entry, EntryKind, EntryState, Fact, Standing
from domain.units import Unit, UnitKind
from handlers import on_record, places
from handlers.admission_saving import giving_way, tell_author
from handlers.scene import Scene, draw_id
from language import filling, wording
from language.names import is_full
from language.plain import fold
from language.spelling import proper
from storage.read import candidates

FORM = "correction"

_SHORT = frozenset({Intent.CONFIRM_YES, Intent.CONFIRM_NO, Intent.CANCEL, Intent.EDIT_CARD})
_ABOUT_TWIN = frozenset({Intent.SAME_PERSON, Intent.OTHER_PERSON})
_ANSWERS = frozenset({Intent.OUT_OF_SCOPE, Intent.LOG_ADMISSION, Intent.LOG_DECISION})


@dataclass(frozen=True, slots=True)
class Correction:
    """What shall be different; `renamed` is the draft row that holds the new name.

    `is_other`: somebody of that name and day is on record, and is somebody else.
    """

    number: int
    ceremony_on: date | None = None
    decision_on: date | None = None
    decision_no: str = ""
    renamed: int | None = None
    is_other: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.ceremony_on or self.decision_on or self.decision_no or self.renamed)

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Correction)


@dataclass(slots=True)
class _Work:
    """A correction while one message is worked in: its entry, whom it is about, and what must be written for it.

    `row` is the person on record, None for numbers only; `renamed` the draft with the new name.
    """

    correction: Correction
    entry: Entry
    unit: Unit
    row: Candidate | None
    renamed: Candidate | None
    changes: list[Change]

    @property
    def ceremony_on(self) -> date | None:
        return self.correction.ceremony_on or self.entry.ceremony_on

    @property
    def decision_on(self) -> date | None:
        return self.correction.decision_on or self.entry.decision_on

    @property
    def day(self) -> date:
        day = self.ceremony_on or self.decision_on
        assert day is not None
        return day


async def correct(scene: Scene) -> Outcome:
    """`/sua 31 ngày 16/10`, or "à quên, mùng 4 chứ" for the last entry."""
    wish = scene.wish
    if wish.number is None and not await on_record.has_own(scene):
        return Outcome(wording.nothing_to_correct())
    entry, unit = await on_record.find(scene, Right.ENTER, wish.number)
    if wish.field != "name" and not await on_record.is_meant(scene, entry):
        return Outcome(wording.say_its_number())
    if entry.kind is not EntryKind.ADMISSION or entry.state is not EntryState.LIVE:
        return Outcome(wording.cannot_correct(entry))
    return await _advance(scene, await _begin(scene, Correction(entry.number), entry, unit), wish)


async def by_edit(scene: Scene, number: int, wish: Wish) -> Outcome:
    """The message that made the entry was edited: what it says now, beside what is on record."""
    entry, unit = await on_record.find(scene, Right.ENTER, number)
    if entry.kind is not EntryKind.ADMISSION or entry.state is not EntryState.LIVE:
        return Outcome(wording.cannot_correct(entry), changes=(Looked("entry", unit.id, 1),))
    if wish.branch:
        found = await places.find(scene, Right.ENTER, wish.branch, kinds={UnitKind.BRANCH})
        if not isinstance(found, Unit) or found.id != unit.id:
            return Outcome(wording.edit_of_another_branch(entry), changes=(Looked("entry", unit.id, 1),))
    work = await _begin(scene, Correction(entry.number), entry, unit)
    said = wish if wish.intent in (Intent.CORRECT_LAST, Intent.CORRECT_RECORD) else _as_correction(work, wish)
    outcome = await _advance(scene, work, said)
    if work.correction.is_empty and said.trouble is None:
        return Outcome(wording.edit_says_the_same(entry.number), changes=tuple(work.changes))
    return (
        replace(outcome, reply=wording.with_edit_of_entry(outcome.reply))
        if isinstance(outcome.reply, Reply)
        else outcome
    )


def is_different(entry: Entry, wish: Wish) -> bool:
    """Whether a sentence about an admission or a decision tells other facts than the entry."""
    ceremony, decided = _told_days(wish)
    return (
        ceremony not in (None, entry.ceremony_on)
        or decided not in (None, entry.decision_on)
        or wish.decision_no not in ("", entry.decision_no)
        or wish.trouble is not None
    )


def _as_correction(work: _Work, wish: Wish) -> Wish:
    """A sentence about an admission or a decision, as what it would put right."""
    ceremony, decided = _told_days(wish)
    people = wish.people[:1] if work.row is not None and _is_renamed(work.row, wish) else ()
    return Wish(
        Intent.CORRECT_LAST,
        people=people,
        field="date" if ceremony is not None else "",
        new=ceremony.isoformat() if ceremony is not None else "",
        fact=Fact.CEREMONY,
        decision_date=decided,
        decision_no=wish.decision_no if wish.decision_no != work.entry.decision_no else "",
        trouble=wish.trouble,
        typed_date=wish.typed_date,
    )


def _told_days(wish: Wish) -> tuple[date | None, date | None]:
    named = wish.people[0].date if len(wish.people) == 1 else None
    day, decided = _full(named) or _full(wish.date), _full(wish.decision_date)
    return (None, decided or day) if wish.intent is Intent.LOG_DECISION else (day, decided)


def _is_renamed(row: Candidate, wish: Wish) -> bool:
    """Whether another name is told. The same one without its accents, or a part of it, is the same name."""
    said = proper(wish.people[0].name) if wish.people else ""
    if not is_full(said) or said == row.name:
        return False
    return fold(said) != row.folded or fold(said) != said.lower()


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The next words while an entry is being corrected."""
    assert scene.question is not None and scene.question.draft is not None
    correction = _FORM.validate_python(scene.question.draft.fields)
    wish = _meant(scene, correction, wishes[0]) if wishes else None
    if wishes and wish is None:
        return None
    if wish is not None and wish.intent in (Intent.CONFIRM_NO, Intent.CANCEL, Intent.SAME_PERSON):
        return Outcome(wording.kept_as_it_was(), changes=_forget(correction), settles=scene.question.id)
    entry, unit = await on_record.find(scene, Right.ENTER, correction.number)
    if entry.number != correction.number or entry.state is not EntryState.LIVE:
        return _overtaken(scene, correction, entry, unit)
    work = await _begin(scene, correction, entry, unit)
    match wish.intent if wish is not None else None:
        case Intent.CONFIRM_YES:
            return await _save(scene, work)
        case Intent.EDIT_CARD:
            return Outcome(wording.what_to_edit(), settles=scene.question.id, draft=correction.draft())
        case Intent.OTHER_PERSON:
            work.correction = replace(correction, is_other=True)
            return await _advance(scene, work, None)
        case _:
            return await _advance(scene, work, wish)


def _meant(scene: Scene, correction: Correction, wish: Wish) -> Wish | None:
    """The wish as one about this correction; None where the words are about something else."""
    if wish.intent in _SHORT or wish.intent in _ABOUT_TWIN:
        needs_something = wish.intent in (Intent.CONFIRM_YES, *_ABOUT_TWIN)
        return None if correction.is_empty and needs_something else wish
    if wish.intent in (Intent.CORRECT_LAST, Intent.CORRECT_RECORD):
        return wish if wish.number is None else None
    if wish.intent in _ANSWERS and not wish.is_command:
        return filling.of_correction(scene.text, scene.today)
    return None


def _forget(correction: Correction) -> tuple[Change, ...]:
    return (ForgetDrafts((correction.renamed,)),) if correction.renamed is not None else ()


def _overtaken(scene: Scene, correction: Correction, entry: Entry, unit: Unit) -> Outcome:
    """While the card was open, somebody corrected or undid the entry."""
    is_live = entry.state is EntryState.LIVE
    said = wording.overtaken(correction.number, entry) if is_live else wording.cannot_correct(entry)
    changes = (*_forget(correction), Looked("entry", unit.id, 1))
    return Outcome(said, changes=changes, settles=scene.question.id if scene.question else None)


async def _begin(scene: Scene, correction: Correction, entry: Entry, unit: Unit) -> _Work:
    rows = await candidates.by_ids(scene.tx, [i for i in (entry.candidate_id, correction.renamed) if i is not None])
    row, renamed = rows.get(entry.candidate_id or 0), rows.get(correction.renamed or 0)
    return _Work(correction, entry, unit, row, renamed, [Looked("entry", unit.id, 1)])


async def _advance(scene: Scene, work: _Work, wish: Wish | None) -> Outcome:
    """Work the wish in; ask what shall be different, or show the card with before and after."""
    settles = scene.question.id if scene.question else None
    if wish is not None:
        before = work.correction
        trouble = _take_days(scene, work, wish)
        if trouble is not None:
            return Outcome(trouble, settles=settles, draft=before.draft())
        work.correction = replace(work.correction, decision_no=wish.decision_no or work.correction.decision_no)
        _take_name(work, wish)
    reply = await _next(scene, work)
    return Outcome(reply, changes=tuple(work.changes), settles=settles, draft=work.correction.draft())


async def _next(scene: Scene, work: _Work) -> Reply:
    if work.correction.is_empty:
        return wording.ask_correction(work.entry, work.unit)
    if (twin := await _twin(scene, work)) is not None:
        return wording.same_name_and_day(work.entry.number, twin, work.unit)
    return _card(work)


def _card(work: _Work) -> Reply:
    to = work.correction
    is_first_name = work.renamed is not None and work.row is not None and not work.row.name
    return wording.correction_card(
        work.entry, work.unit, to.ceremony_on, to.decision_on, to.decision_no, to.renamed, is_first_name=is_first_name
    )


def _take_days(scene: Scene, work: _Work, wish: Wish) -> Reply | None:
    """The days that were said into the correction, or what is wrong with them."""
    if wish.trouble is not None:
        return wording.ask_day_again(wording.TROUBLE_OF_DATE[wish.trouble], wish.typed_date)
    ceremony, decided = _said_days(work, wish)
    to, entry = work.correction, work.entry
    if ceremony is not None:
        to = replace(to, ceremony_on=ceremony if ceremony != entry.ceremony_on else None)
    if decided is not None:
        to = replace(to, decision_on=decided if decided != entry.decision_on else None)
    work.correction = to
    problems = judge_correction(entry, ceremony_on=to.ceremony_on, decision_on=to.decision_on, today=scene.today)
    match problems[:1]:
        case [Future()]:
            return wording.ask_day_again(wording.Trouble.FUTURE, wish.typed_date)
        case [OverAYearBack()]:
            return wording.ask_day_again(wording.Trouble.LONG_AGO, wish.typed_date)
        case [BeforeDecision(ceremony_on, decision_on)]:
            return wording.days_out_of_order(ceremony_on, decision_on)
        case _:
            return None


def _said_days(work: _Work, wish: Wish) -> tuple[date | None, date | None]:
    """The ceremony's day and the decision's. A bare day is the decision's while no ceremony is on record."""
    decided = _full(wish.decision_date)
    if wish.field != "date" or not wish.new:
        return None, decided
    new = date.fromisoformat(wish.new)
    fact = wish.fact or (Fact.DECISION if work.ceremony_on is None else Fact.CEREMONY)
    return (None, new) if fact is Fact.DECISION else (new, decided)


def _full(day: Day | None) -> date | None:
    return day if isinstance(day, date) else None


def _take_name(work: _Work, wish: Wish) -> None:
    """A new name stands in a draft row until it is saved; the draft that it takes the place of is forgotten."""
    name = proper(_new_name(wish, work.row))
    if work.row is None or not is_full(name) or (work.renamed is not None and work.renamed.name == name):
        return
    work.changes += _forget(work.correction)
    work.renamed = None
    if name != work.row.name:
        work.renamed = replace(work.row, id=draw_id(), name=name, folded=fold(name), standing=Standing.DRAFT, version=0)
        work.changes.append(AddCandidate(work.renamed))
    work.correction = replace(
        work.correction, renamed=work.renamed.id if work.renamed is not None else None, is_other=False
    )


def _new_name(wish: Wish, row: Candidate | None) -> str:
    """The whole new name; where only a part was named wrong, that part is put right in the name on record."""
    if wish.field != "name" or not wish.new:
        return wish.people[0].name if wish.people and wish.intent is Intent.CORRECT_LAST else ""
    if row is None or not row.name or " " in wish.new.strip():
        return wish.new
    wrong = fold(wish.old) if wish.old else row.folded.split()[-1]
    return " ".join(wish.new if fold(part) == wrong else part for part in row.name.split())


async def _twin(scene: Scene, work: _Work) -> Entry | None:
    if work.row is None or work.correction.is_other:
        return None
    return await on_record.twin(scene, _named(work.row, work.renamed), work.day, was=work.row)


def _named(row: Candidate, renamed: Candidate | None) -> Candidate:
    return row if renamed is None else replace(row, name=renamed.name, folded=renamed.folded)


async def _save(scene: Scene, work: _Work) -> Outcome:
    """A new version that points at the old one; the name, if it changed, goes onto the same person."""
    if await _twin(scene, work) is not None:
        return await _advance(scene, work, None)
    entry, unit, correction = work.entry, work.unit, work.correction
    record = Record(
        kind=EntryKind.ADMISSION,
        unit_id=entry.unit_id,
        candidate=await _corrected_row(scene, work, work.row) if work.row is not None else None,
        ceremony_on=work.ceremony_on,
        decision_on=work.decision_on,
        decision_no=correction.decision_no or entry.decision_no,
        month=entry.month if correction.ceremony_on is None else None,
        count=entry.count,
        replaces=entry.number,
    )

    gone, given_way = await giving_way(scene, unit, (work.ceremony_on, work.decision_on))

    def reply(written: Written) -> Reply:
        said = wording.corrected(entry.number, written.numbers[0], unit, written.standings[unit.id])
        return wording.with_nil_gone(said, gone)

    return Outcome(
        reply,
        changes=(record, *_forget(correction), *tell_author(scene, entry), *given_way),
        settles=scene.question.id if scene.question else None,
        recount=(unit.id,),
        year=work.day.year,
    )


async def _corrected_row(scene: Scene, work: _Work, row: Candidate) -> Candidate:
    """The person with the new name, in the stage that the days bring about."""
    named = _named(row, work.renamed)
    if named.name and not row.name:
        consent = {"consent_by": scene.speaker.id, "consent_at": scene.now}
        named = replace(named, **consent, consent_wording=wording.CONSENT_VERSION)
    stage = stage_corrected(row.stage, ceremony_on=work.ceremony_on)
    return replace(
        named,
        stage=stage,
        stage_on=work.day if stage in RECORDED_STAGES else row.stage_on,
        distinguisher=await on_record.told_apart(scene, named, was=row),
    )
