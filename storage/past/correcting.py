"""Entries of past years put right: each row names its entry by number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from domain.admissions import admitted_by, next_distinguisher
from domain.changes import ChangeCandidate, Record
from domain.past import BatchRow, PlannedAdmission, RowKind, counted_from
from domain.problems import ProblemCode
from domain.records import Candidate, Entry, EntryKind, EntryState, Standing
from storage.past.checking import TRAITS, Checking, Example, shown
from storage.past.known import day_of
from storage.read.candidates import candidate_of
from storage.read.entries import entry_of
from storage.recording import change_candidate, record
from storage.tables import candidates, entries

EXAMPLES = 3

_Writes = list[tuple[RowKind, Record | ChangeCandidate]]


def correct(checking: Checking, planned: Sequence[PlannedAdmission]) -> None:
    first: dict[int, int] = {}
    writes: _Writes = []
    for each in planned:
        assert each.number is not None
        if (line := first.setdefault(each.number, each.at.row)) != each.at.row:
            checking.problem(each.at, "number", ProblemCode.ENTRY_TWICE, str(each.number), str(line))
            continue
        entry = _entry(checking, each.number)
        if entry is None:
            checking.problem(each.at, "number", ProblemCode.ENTRY_UNKNOWN, str(each.number))
            continue
        _correct_one(checking, each, entry, writes)
    if checking.problems:
        return
    for kind, write in writes:
        match write:
            case Record():
                record(checking.turn, write)
                candidate_id = write.candidate.id if write.candidate else None
                checking.report.written.append(BatchRow(kind, checking.turn.numbers[-1], candidate_id))
                checking.report.entries_corrected += 1
            case ChangeCandidate():
                change_candidate(checking.turn, write)
                checking.report.written.append(BatchRow(kind, None, write.candidate.id))
                checking.report.people_changed += 1


def _entry(checking: Checking, number: int) -> Entry | None:
    """The newest version, if it is an admission within reach."""
    row = checking.turn.tx.execute(select(entries).where(entries.c.number == number)).one_or_none()
    while row is not None and row.replaced_by is not None:
        row = checking.turn.tx.execute(select(entries).where(entries.c.number == row.replaced_by)).one()
    if row is None or row.kind != EntryKind.ADMISSION.value:
        return None
    return entry_of(row) if checking.reach is None or row.unit_id in checking.reach else None


def _correct_one(checking: Checking, each: PlannedAdmission, entry: Entry, writes: _Writes) -> None:
    at = each.at
    if entry.state is not EntryState.LIVE:
        checking.problem(at, "number", ProblemCode.ENTRY_UNDONE, str(entry.number))
        return
    unit = checking.called(each.unit_code) if each.unit_code else None
    if each.unit_code and (unit is None or unit.id != entry.unit_id):
        checking.problem(at, "unit_code", ProblemCode.ENTRY_OF_OTHER_UNIT, str(entry.number))
        return
    person = _person(checking, entry)
    ceremony_on, month = counted_from(each.ceremony_on, today=checking.today)
    if ceremony_on is None:
        ceremony_on, month = entry.ceremony_on, entry.month
    decision_on = each.decision_on or entry.decision_on
    decision_no = each.decision_no or entry.decision_no
    count = each.count if each.count is not None and person is None else entry.count
    after = _person_after(checking, each, person, ceremony_on or decision_on)
    told = Record(
        kind=entry.kind,
        unit_id=entry.unit_id,
        candidate=admitted_by(after, ceremony_on, decision_on) if after else None,
        ceremony_on=ceremony_on,
        decision_on=decision_on,
        decision_no=decision_no,
        month=month,
        count=count,
        replaces=entry.number,
    )
    changed = _differences(entry, told, person, after)
    if not changed:
        checking.report.unchanged += 1
        return
    if entry.number != each.number:
        checking.problem(at, "number", ProblemCode.ENTRY_OVERTAKEN, str(each.number), str(entry.number))
        return
    born = (after.birth_year, after.birth_month) if after else (None, None)
    if not checking.check_days(each, ceremony_on, decision_on, born):
        return
    checking.report.examples += changed[: EXAMPLES - len(checking.report.examples)]
    of_person = [example for example in changed if example.field in (*TRAITS, "name")]
    kind = RowKind.DESCRIBED if of_person else RowKind.KNOWN
    if after is not None and all(example.field in TRAITS for example in changed):
        writes.append((kind, ChangeCandidate(after)))
    else:
        writes.append((kind, told))


def _person(checking: Checking, entry: Entry) -> Candidate | None:
    if entry.candidate_id is None:
        return None
    return candidate_of(checking.turn.tx.execute(select(candidates).where(candidates.c.id == entry.candidate_id)).one())


def _person_after(
    checking: Checking, each: PlannedAdmission, person: Candidate | None, day: date | None
) -> Candidate | None:
    if person is None:
        if each.name:
            checking.problem(each.at, "name", ProblemCode.FIGURE_HAS_NO_NAME, str(each.number))
        return None
    told = {name: value for name in TRAITS if (value := getattr(each, name)) is not None}
    after = replace(person, **told)
    if not each.name or each.name == person.name:
        return after
    if not person.name and each.consent_on is None:
        checking.problem(each.at, "consent_on", ProblemCode.NAME_NEEDS_CONSENT, str(each.number))
        return after
    after = replace(after, name=each.name, folded=checking.folded(each.name))
    if not person.name:
        after = checking.consented(after, each.consent_on, "")
    if after.folded == person.folded:
        return after
    namesakes = [one for one in _namesakes(checking, person.unit_id, after.folded) if one.id != person.id]
    if day is not None and not each.is_other and (twin := _admitted_on(checking, namesakes, day)):
        checking.problem(each.at, "name", ProblemCode.ON_RECORD, str(twin))
    return replace(after, distinguisher=next_distinguisher(namesakes))


def _namesakes(checking: Checking, unit_id: int, folded: str) -> list[Candidate]:
    same = (candidates.c.unit_id == unit_id) & (candidates.c.folded == folded)
    live = candidates.c.standing == Standing.LIVE.value
    return [candidate_of(row) for row in checking.turn.tx.execute(select(candidates).where(same, live))]


def _admitted_on(checking: Checking, people: Sequence[Candidate], day: date) -> int | None:
    ids = [one.id for one in people]
    live = (entries.c.state == EntryState.LIVE.value) & entries.c.candidate_id.in_(ids)
    found = [entry_of(row) for row in checking.turn.tx.execute(select(entries).where(live))]
    return next((entry.number for entry in found if day_of(entry) == day), None)


def _differences(entry: Entry, told: Record, person: Candidate | None, after: Candidate | None) -> list[Example]:
    pairs = [
        ("ceremony_on", shown(entry.ceremony_on, entry.month), shown(told.ceremony_on, told.month)),
        ("decision_on", shown(entry.decision_on), shown(told.decision_on)),
        ("decision_no", entry.decision_no, told.decision_no),
        ("count", str(entry.count), str(told.count)),
    ]
    if person is not None and after is not None:
        pairs += [(name, str(getattr(person, name) or ""), str(getattr(after, name) or "")) for name in TRAITS]
    changed = [Example(entry.number, *pair) for pair in pairs if pair[1] != pair[2]]
    if person is not None and after is not None and person.name != after.name:
        changed.append(Example(entry.number, "name", "", ""))
    return changed
