"""The record of an admission, and who else hears of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.admissions import PROBATION_STAGES, stage_after
from domain.calendar import letter_time
from domain.changes import Change, Outcome, PlanLetter, Record, Undo, Written
from domain.messages import Reply
from domain.people import Role
from domain.records import OPEN_STAGES, Candidate, Entry, EntryKind, Fact, Stage, Standing
from domain.units import Unit
from handlers.admission_check import Filling
from handlers.admission_form import Admittee
from handlers.scene import Scene, draw_code, draw_id
from language import wording
from storage.read import candidates, entries, people

KNOWN_STAGES = (*OPEN_STAGES, *PROBATION_STAGES, Stage.OFFICIAL)
"""Of somebody who left the list nobody is told."""


async def save(scene: Scene, filling: Filling, unit: Unit, *, nameless: bool) -> Outcome:
    """One entry a person; a decision on record is completed by its ceremony, never doubled."""
    form = filling.form
    changes = list(filling.changes)
    for one, row in filling.people():
        earlier = filling.completes.get(row.id)
        changes.append(_record(scene, filling, one, row, unit, nameless=nameless))
        if earlier is not None:
            changes += tell_author(scene, earlier)
        if one.is_new and not nameless:
            changes += await _tell_of_namesakes(scene, row, unit)
    days = [form.ceremony_of(one) or form.decision_on for one in form.people]
    year = max(day.year for day in days if day is not None)
    rows = [row for _, row in filling.people()]
    is_by_ceremony = scene.office.counts_by is Fact.CEREMONY
    counted = [form.ceremony_of(one) if is_by_ceremony else form.decision_on for one, _ in filling.people()]
    other_years = [day.year if day is not None and day.year != scene.today.year else None for day in counted]

    gone, given_way = await giving_way(scene, unit, [*days, form.decision_on])

    def reply(written: Written) -> Reply:
        standing, numbers = written.standings[unit.id], written.numbers[: len(rows)]
        said = wording.recorded(numbers, rows, unit, standing, other_years=other_years, nameless=nameless)
        return wording.with_nil_gone(said, gone)

    settles = scene.question.id if scene.question else None
    return Outcome(reply, changes=(*changes, *given_way), settles=settles, recount=(unit.id,), year=year)


def _record(scene: Scene, filling: Filling, one: Admittee, row: Candidate, unit: Unit, *, nameless: bool) -> Record:
    form, earlier = filling.form, filling.completes.get(row.id)
    ceremony = form.ceremony_of(one) or (earlier.ceremony_on if earlier else None)
    decided = form.decision_on or (earlier.decision_on if earlier else None)
    stage = stage_after(ceremony_on=ceremony)
    person = replace(row, unit_id=unit.id, stage=stage, stage_on=ceremony or decided, standing=Standing.LIVE)
    if nameless and one.is_new:
        label = wording.label(draw_code(4))
        person = replace(person, name="", folded="", label=label, distinguisher=draw_id() % 1_000_000_000)
    elif one.is_new:
        person = replace(
            person,
            consent_by=scene.speaker.id,
            consent_at=scene.now,
            consent_wording=wording.CONSENT_VERSION,
            distinguisher=filling.distinguishers.get(row.id, 0),
        )
    return Record(
        kind=EntryKind.ADMISSION,
        unit_id=unit.id,
        candidate=person,
        ceremony_on=ceremony,
        decision_on=decided,
        decision_no=form.decision_no or (earlier.decision_no if earlier else ""),
        replaces=earlier.number if earlier else None,
    )


def _letter(scene: Scene, entry: Entry, rule: str, reply: Reply) -> PlanLetter:
    """To the author of an entry, once for what this message did to it."""
    assert entry.author_id is not None
    return PlanLetter(
        key=f"{rule}|{entry.number}|{entry.author_id}|{scene.item.id}",
        rule=rule,
        person_id=entry.author_id,
        not_before=letter_time(scene.office.calendar, scene.now),
        unit_id=entry.unit_id,
        reply=reply,
    )


async def giving_way(scene: Scene, unit: Unit, days: Iterable[date | None]) -> tuple[list[Entry], list[Change]]:
    """The reports of nothing for the months of these days, and what takes them back and tells their authors."""
    gone: list[Entry] = []
    changes: list[Change] = []
    for month in sorted({day.replace(day=1) for day in days if day is not None}):
        gone += await entries.of_units(scene.tx, [unit.id], month, month, Fact.NOTHING)
    for entry in gone:
        changes += [Undo(entry.number), *tell_author(scene, entry)]
    return gone, changes


def tell_author(scene: Scene, entry: Entry) -> tuple[Change, ...]:
    """Somebody else's change of an entry is told to its author."""
    if entry.author_id in (None, scene.speaker.id):
        return ()
    return (_letter(scene, entry, "entry-changed", wording.entry_changed(entry.number, scene.speaker.id)),)


async def told_twice(scene: Scene, candidate_id: int) -> tuple[Change, ...]:
    """Whoever made the entry that stands hears that a colleague reported the same person."""
    entry = await entries.of_candidate(scene.tx, candidate_id)
    if entry is None or entry.author_id in (None, scene.speaker.id):
        return ()
    return (_letter(scene, entry, "told-twice", wording.told_twice(entry.number, scene.speaker.id)),)


async def _tell_of_namesakes(scene: Scene, row: Candidate, unit: Unit) -> list[PlanLetter]:
    """The same name in another branch is saved without a word; the organisers above both branches are told."""
    elsewhere = await candidates.named_elsewhere(
        scene.tx, row.folded, not_unit=unit.id, stages=KNOWN_STAGES, on=scene.today
    )
    above = elsewhere.intersection(unit.path)
    if not above:
        return []
    organisers = await people.holders(scene.tx, above, [Role.ORGANISER], scene.today)
    return [
        PlanLetter(
            key=f"namesake|{row.id}|{organiser.id}",
            rule="namesake",
            person_id=organiser.id,
            not_before=letter_time(scene.office.calendar, scene.now),
            unit_id=unit.id,
            reply=wording.namesake_elsewhere(row.id, unit),
        )
        for organiser in organisers
        if organiser.id != scene.speaker.id
    ]
