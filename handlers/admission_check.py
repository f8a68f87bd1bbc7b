"""What an admission form still lacks, and what the records say against it."""

from dataclasses import dataclass, field, replace

from domain.admissions import (
    AlreadyAdmitted,
    BeforeDecision,
    Completes,
    Fine,
    Future,
    Judgement,
    NoDay,
    OverAYearBack,
    SameName,
    WrongDays,
    judge_admission,
)
from domain.changes import Change, ForgetDrafts, Looked
from domain.messages import Reply
from domain.records import OPEN_STAGES, Candidate, Entry, Fact, Stage, Standing
from domain.units import Unit
from handlers.admission_form import AdmissionForm, Admittee
from handlers.scene import Scene
from language import wording
from language.names import is_full
from language.wording import Trouble
from storage.read import candidates, entries

CHOICES_SHOWN = 6


@dataclass(slots=True)
class Filling:
    """The form while one message is worked in: its people as rows, and what must be written for them.

    `completes` holds the entries on record that these admissions complete, by candidate id; `distinguishers` the
    numbers of new people who share a name. `adds`: whoever is named is said to be one more.
    """

    form: AdmissionForm
    rows: dict[int, Candidate] = field(default_factory=dict[int, Candidate])
    changes: list[Change] = field(default_factory=list[Change])
    completes: dict[int, Entry] = field(default_factory=dict[int, Entry])
    distinguishers: dict[int, int] = field(default_factory=dict[int, int])
    adds: bool = False

    def people(self) -> list[tuple[Admittee, Candidate]]:
        return [(one, self.rows[one.candidate_id]) for one in self.form.people if one.candidate_id in self.rows]

    def keep_own(self, unit: Unit | None) -> None:
        """Drafts of this form and people of its branch; an id typed by hand reaches nobody else."""
        newcomer = (self.form.newcomer,) if self.form.newcomer is not None else ()
        self.rows = {
            one.candidate_id: row
            for one in (*self.form.people, *newcomer)
            if (row := self.rows.get(one.candidate_id)) is not None and _is_own(one, row, unit)
        }
        self.form = replace(self.form, people=tuple(one for one in self.form.people if one.candidate_id in self.rows))

    def stand_in(self, one: Admittee, row: Candidate) -> None:
        """The person on the branch's list takes the place of the draft."""
        if one.is_new:
            self.changes.append(ForgetDrafts((one.candidate_id,)))
        self.rows[row.id] = row
        known = replace(one, candidate_id=row.id, is_new=False)
        people = tuple(known if other is one else other for other in self.form.people)
        self.form = replace(self.form, people=people)


def _is_own(one: Admittee, row: Candidate, unit: Unit | None) -> bool:
    if one.is_new:
        return row.standing is Standing.DRAFT
    return unit is not None and row.unit_id == unit.id and row.standing is Standing.LIVE


def is_short(one: Admittee, row: Candidate) -> bool:
    """Whether only a part of the name was said."""
    return one.is_new and not is_full(row.name)


async def check(scene: Scene, filling: Filling, unit: Unit) -> tuple[str, Reply] | None:
    """What to ask first, with every other problem of the message in the same reply; None when all is there."""
    form, met = filling.form, filling.people()
    asks: list[str] = []
    troubles: list[Trouble] = []
    if not met:
        asks.append("people")
        troubles.append(Trouble.NOBODY)
    if any(is_short(one, row) for one, row in met):
        asks.append("full_name")
        troubles.append(Trouble.FULL_NAME)
    if met and form.count is not None and form.count != len(met):
        asks.append("count")
        troubles.append(Trouble.COUNT)
    judgements = [(one, row, await _judge(scene, form, one, row, unit)) for one, row in met]
    wrong_day = _day_trouble(form, [judgement for _, _, judgement in judgements])
    if wrong_day is not None:
        asks.append("date")
        troubles.append(wrong_day)
    if asks:
        pick = await _to_pick(scene, filling, unit) if asks[0] in ("people", "full_name") else []
        return asks[0], wording.ask_admission(asks[0], troubles, form, met, unit, pick)
    for one, row, judgement in judgements:
        if (question := _take(filling, one, row, judgement, unit)) is not None:
            return question
    return None


def _take(
    filling: Filling, one: Admittee, row: Candidate, judgement: Judgement, unit: Unit
) -> tuple[str, Reply] | None:
    """What the records say of one person goes into the form, or becomes the question whether it is the same one."""
    match judgement:
        case AlreadyAdmitted(candidate, entry):
            return _same(filling, one, candidate, entry, unit)
        case SameName(namesakes, known):
            entry = known[0] if known else None
            meant = next((c for c in namesakes if entry and c.id == entry.candidate_id), namesakes[0])
            return _same(filling, one, meant, entry, unit)
        case Completes(candidate, entry):
            if candidate.id != row.id:
                filling.stand_in(one, candidate)
            filling.completes[candidate.id] = entry
        case Fine(candidate, distinguisher):
            if candidate is not None and candidate.id != row.id:
                filling.stand_in(one, candidate)
            filling.distinguishers[row.id] = distinguisher
        case WrongDays():
            pass
    return None


async def _judge(scene: Scene, form: AdmissionForm, one: Admittee, row: Candidate, unit: Unit) -> Judgement:
    namesakes = await candidates.namesakes(scene.tx, unit.id, row.folded) if one.is_new else []
    admissions: dict[int, Entry] = {}
    for candidate in (row, *namesakes):
        entry = await entries.of_candidate(scene.tx, candidate.id)
        if entry is not None:
            admissions[candidate.id] = entry
    return judge_admission(
        ceremony_on=form.ceremony_of(one),
        decision_on=form.decision_on,
        namesakes=namesakes,
        admissions=admissions,
        today=scene.today,
        chosen=None if one.is_new else row,
        is_somebody_else=one.is_other,
        birth_year=row.birth_year,
    )


async def same_day(scene: Scene, filling: Filling, unit: Unit) -> tuple[str, Reply] | None:
    """Without a name, whether it is the same person can only be asked by unit and day."""
    form = filling.form
    fact = Fact.DECISION if form.is_decision_only else Fact.CEREMONY
    days = {form.decision_on if form.is_decision_only else form.ceremony_of(one) for one, _ in filling.people()}
    known: list[Entry] = []
    for day in sorted(day for day in days if day is not None):
        known += await entries.of_units(scene.tx, [unit.id], day, day, fact)
    completed = {entry.number for entry in filling.completes.values()}
    known = [entry for entry in known if entry.number not in completed]
    if not known:
        return None
    filling.changes.append(Looked("entry", unit.id, len(known)))
    return "same_day", wording.same_day(known, unit, is_decision=form.is_decision_only)


def _day_trouble(form: AdmissionForm, judgements: list[Judgement]) -> Trouble | None:
    if form.trouble is not None:
        return wording.TROUBLE_OF_DATE[form.trouble]
    lacks_day = form.decision_on is None if form.is_decision_only else not form.has_all_ceremonies()
    if lacks_day:
        return Trouble.NO_DECISION_DAY if form.is_decision_only else Trouble.NO_DAY
    problems = [
        problem for judgement in judgements if isinstance(judgement, WrongDays) for problem in judgement.problems
    ]
    match problems[:1]:
        case [Future()]:
            return Trouble.FUTURE
        case [OverAYearBack()]:
            return Trouble.LONG_AGO
        case [BeforeDecision()]:
            return Trouble.BEFORE_DECISION
        case [NoDay()]:
            return Trouble.NO_DAY
        case _:
            return None


async def _to_pick(scene: Scene, filling: Filling, unit: Unit) -> list[Candidate]:
    """The branch's candidates who are furthest on their way, to choose from."""
    listed = await candidates.of_units(scene.tx, [unit.id], OPEN_STAGES)
    order = list(Stage)
    pick = [row for row in listed if row.id not in filling.rows]
    pick = sorted(pick, key=lambda row: order.index(row.stage), reverse=True)[:CHOICES_SHOWN]
    if pick:
        filling.changes.append(Looked("candidates", unit.id, len(pick)))
    return pick


def _same(filling: Filling, one: Admittee, namesake: Candidate, entry: Entry | None, unit: Unit) -> tuple[str, Reply]:
    filling.form = replace(filling.form, asked=one.candidate_id, namesake=namesake.id)
    filling.changes.append(Looked("namesake", unit.id, 1))
    return "same", wording.same_person(namesake, entry, filling.form.ceremony_of(one), unit, is_listed=not one.is_new)
