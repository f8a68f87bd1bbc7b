"""Admissions of past years: which are new, which add to what is on record, and which leave a doubt."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.admissions import (
    Completes,
    Fine,
    SameName,
    admitted_by,
    completes,
    judge_namesakes,
    next_distinguisher,
    stage_after,
)
from domain.changes import Record
from domain.past import BatchRow, PlannedAdmission, RowKind, counted_from
from domain.problems import ProblemCode
from domain.records import Candidate, Entry, EntryKind
from storage.past.checking import TRAITS, Checking, Row
from storage.past.figures import new_figures, report_overlaps
from storage.past.known import Known, read
from storage.recording import record, record_new


def admit(checking: Checking, planned: Sequence[PlannedAdmission]) -> None:
    rows = [row for each in planned if (row := _settled(checking, each)) is not None]
    known = read(checking, {row.unit.id for row in rows}, figures={row.unit.id for row in rows if row.planned.count})
    figures = new_figures(checking, [row for row in rows if row.planned.count is not None], known)
    people = [row for row in rows if row.planned.count is None]
    _report_twice(checking, people)
    changes: list[tuple[Row, Record]] = []
    unmatched = [row for row in people if not _is_on_record(checking, row, known, changes)]
    unmatched = _without_known_nameless(checking, unmatched, known)
    new = figures + [row for row in unmatched if _is_new(checking, row, known, changes)]
    new.sort(key=lambda row: row.planned.at.row)
    report_overlaps(checking, new, known)
    if checking.problems:
        return
    _write(checking, new, changes, known)


def _settled(checking: Checking, each: PlannedAdmission) -> Row | None:
    ceremony_on, month = counted_from(each.ceremony_on, today=checking.today)
    unit = checking.figure_unit(each) if each.count is not None else checking.branch(each.unit_code, each.at)
    is_sound = checking.check_days(each, ceremony_on, each.decision_on, (each.birth_year, each.birth_month))
    if unit is None or not is_sound:
        return None
    return Row(each, unit, ceremony_on, month, checking.folded(each.name))


def _report_twice(checking: Checking, people: Iterable[Row]) -> None:
    first: dict[tuple[int, str], Row] = {}
    for row in people:
        if not row.folded:
            continue
        other = first.setdefault((row.unit.id, row.folded), row)
        if other is row or row.planned.is_other:
            continue
        years = row.planned.birth_year, other.planned.birth_year
        if row.day != other.day and None not in years and years[0] != years[1]:
            continue
        checking.problem(row.planned.at, "name", ProblemCode.ROW_TWICE, str(other.planned.at.row))


def _is_on_record(checking: Checking, row: Row, known: Known, changes: list[tuple[Row, Record]]) -> bool:
    """Whether that very admission stands already; what it adds to it is a change."""
    if not row.folded:
        return False
    for one in known.namesakes(row.unit.id, row.folded):
        entry = known.admissions.get(one.id)
        if entry is None or one.id in known.matched or not _is_same_day(row, entry):
            continue
        decided = row.planned.decision_on
        if row.month is None and completes(entry, row.ceremony_on, decided):
            changes.append((row, _completed(row, one, entry)))
        elif decided is not None and entry.decision_on not in (None, decided):
            checking.problem(row.planned.at, "decision_on", ProblemCode.ON_RECORD, str(entry.number))
        else:
            checking.report.unchanged += 1
        known.matched.add(one.id)
        return True
    return False


def _without_known_nameless(checking: Checking, rows: Sequence[Row], known: Known) -> list[Row]:
    """Without a name there is only branch and day to go by: so many as stand there already are these."""
    left: list[Row] = []
    for row in rows:
        same_day = known.nameless.get((row.unit.id, row.day), [])
        if row.keeps_name or row.planned.is_other or not same_day:
            left.append(row)
            continue
        same_day.pop(0)
        checking.report.unchanged += 1
    return left


def _is_new(checking: Checking, row: Row, known: Known, changes: list[tuple[Row, Record]]) -> bool:
    """Whether nobody on record is meant; whoever is on the list is a change, and doubt a problem."""
    if not row.folded:
        return True
    at, namesakes = row.planned.at, known.namesakes(row.unit.id, row.folded)
    nameless = known.nameless.get((row.unit.id, row.day), [])
    if not namesakes and nameless and not row.planned.is_other:
        checking.problem(at, "name", ProblemCode.NAMELESS_ON_RECORD, _numbers(nameless))
        return False
    birth_year = row.planned.birth_year
    is_other = row.planned.is_other or (
        birth_year is not None and all(one.birth_year not in (None, birth_year) for one in namesakes)
    )
    match judge_namesakes(
        ceremony_on=row.ceremony_on,
        decision_on=row.planned.decision_on,
        namesakes=namesakes,
        admissions=known.admissions,
        is_somebody_else=is_other and bool(namesakes),
        birth_year=birth_year,
    ):
        case Fine(candidate=None):
            return True
        case Fine(candidate=candidate) if candidate is not None:
            changes.append((row, _of_listed(row, candidate)))
        case Completes(candidate, entry):
            changes.append((row, _completed(row, candidate, entry)))
        case SameName(_, on_record):
            code = ProblemCode.ON_RECORD if on_record else ProblemCode.ON_LIST
            checking.problem(at, "name", code, *([_numbers(on_record)] if on_record else []))
        case _:
            pass
    return False


def _of_listed(row: Row, candidate: Candidate) -> Record:
    told = {name: value for name in TRAITS if (value := getattr(row.planned, name)) is not None}
    blank = {name: value for name, value in told.items() if getattr(candidate, name) is None}
    admitted = replace(candidate, stage=stage_after(ceremony_on=row.ceremony_on), stage_on=row.day, **blank)
    return _record(row, admitted)


def _write(checking: Checking, new: Sequence[Row], changes: Sequence[tuple[Row, Record]], known: Known) -> None:
    made = [_record(row, _newcomer(checking, row, known) if row.planned.count is None else None) for row in new]
    for number, each in zip(record_new(checking.turn, made), made, strict=True):
        checking.report.written.append(BatchRow(RowKind.NEW, number, each.candidate.id if each.candidate else None))
    for _, change in changes:
        record(checking.turn, change)
        assert change.candidate is not None
        checking.report.written.append(BatchRow(RowKind.KNOWN, checking.turn.numbers[-1], change.candidate.id))
    checking.report.entries_added += len(made) + sum(change.replaces is None for _, change in changes)
    checking.report.entries_completed += sum(change.replaces is not None for _, change in changes)
    checking.report.without_name += sum(each.candidate is not None and not each.candidate.name for each in made)


def _newcomer(checking: Checking, row: Row, known: Known) -> Candidate:
    each = row.planned
    namesakes = known.namesakes(row.unit.id, row.folded)
    person = Candidate(
        id=secrets.randbits(53),
        unit_id=row.unit.id,
        name=each.name,
        folded=row.folded,
        birth_year=each.birth_year,
        birth_month=each.birth_month,
        gender=each.gender,
        ethnicity=each.ethnicity,
        job=each.job,
        stage=stage_after(ceremony_on=row.ceremony_on),
        stage_on=row.day,
        distinguisher=next_distinguisher(namesakes),
    )
    person = checking.consented(person, each.consent_on if row.folded else None, each.label)
    if person.name:
        known.people.setdefault((row.unit.id, row.folded), []).append(person)
    return person


def _record(row: Row, candidate: Candidate | None) -> Record:
    each = row.planned
    return Record(
        kind=EntryKind.ADMISSION,
        unit_id=row.unit.id,
        candidate=candidate,
        ceremony_on=row.ceremony_on,
        decision_on=each.decision_on,
        decision_no=each.decision_no,
        month=row.month,
        count=each.count or 1,
    )


def _is_same_day(row: Row, entry: Entry) -> bool:
    if row.ceremony_on is None:
        return entry.decision_on == row.planned.decision_on
    if row.month is not None:
        return entry.ceremony_on is not None and entry.ceremony_on.replace(day=1) == row.month
    return entry.ceremony_on == row.ceremony_on


def _completed(row: Row, candidate: Candidate, entry: Entry) -> Record:
    """The entry on record with what the row adds to it."""
    ceremony_on = row.ceremony_on or entry.ceremony_on
    decision_on = row.planned.decision_on or entry.decision_on
    return Record(
        kind=EntryKind.ADMISSION,
        unit_id=entry.unit_id,
        candidate=admitted_by(candidate, ceremony_on, decision_on),
        ceremony_on=ceremony_on,
        decision_on=decision_on,
        decision_no=row.planned.decision_no or entry.decision_no,
        month=row.month if row.ceremony_on else entry.month,
        replaces=entry.number,
    )


def _numbers(found: Iterable[Entry]) -> str:
    return ", ".join(str(entry.number) for entry in found)
