"""People on the lists of past years: who is new, and who stands there already."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.admissions import next_distinguisher
from domain.past import BatchRow, PlannedCandidate, RowKind
from domain.problems import ProblemCode
from domain.records import Candidate
from storage.past.checking import Checking, Unit
from storage.past.known import read
from storage.recording import add_candidates


def list_people(checking: Checking, planned: Sequence[PlannedCandidate]) -> None:
    found = [(each, unit) for each in planned if (unit := checking.branch(each.unit_code, each.at)) is not None]
    known = read(checking, {unit.id for _, unit in found})
    first: dict[tuple[int, str], int] = {}
    added: list[Candidate] = []
    unnamed: defaultdict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for one in known.by_id.values():
        if not one.name:
            unnamed[_likeness(one, one.unit_id)].append(one)
    for each, unit in found:
        checking.check_day(each.stage_on, "stage_on", each.at)
        checking.check_day(each.consent_on, "consent_on", each.at)
        checking.check_day(each.certificate_on, "certificate_on", each.at)
        name = checking.folded(each.name)
        namesakes = known.namesakes(unit.id, name)
        if (line := first.setdefault((unit.id, name), each.at.row)) != each.at.row and not each.is_other:
            checking.problem(each.at, "name", ProblemCode.ROW_TWICE, str(line))
        elif namesakes and (not each.is_other or _is_among(each, namesakes)):
            checking.report.unchanged += 1
        elif each.consent_on is None and unnamed[_likeness(each, unit.id)]:
            unnamed[_likeness(each, unit.id)].pop()
            checking.report.unchanged += 1
        else:
            person = _listed(checking, each, unit, name, namesakes)
            added.append(person)
            if person.name:
                known.people.setdefault((unit.id, name), []).append(person)
    if checking.problems:
        return
    add_candidates(checking.turn, added)
    checking.report.written += [BatchRow(RowKind.NEW, None, one.id) for one in added]
    checking.report.candidates_added += len(added)
    checking.report.without_name += sum(not one.name for one in added)


def _listed(
    checking: Checking, each: PlannedCandidate, unit: Unit, name: str, namesakes: Sequence[Candidate]
) -> Candidate:
    person = Candidate(
        id=secrets.randbits(53),
        unit_id=unit.id,
        name=each.name,
        folded=name,
        stage=each.stage,
        stage_on=each.stage_on,
        certificate_on=each.certificate_on,
        birth_year=each.birth_year,
        birth_month=each.birth_month,
        gender=each.gender,
        ethnicity=each.ethnicity,
        job=each.job,
        youth_union=each.youth_union,
        distinguisher=next_distinguisher(namesakes),
    )
    return checking.consented(person, each.consent_on, each.label)


def _is_among(each: PlannedCandidate, namesakes: Iterable[Candidate]) -> bool:
    return any(one.birth_year == each.birth_year for one in namesakes)


def _likeness(one: Candidate | PlannedCandidate, unit_id: int) -> tuple[int, int | None, int | None, str | None]:
    """All that there is to go by where no name is kept."""
    return unit_id, one.birth_year, one.birth_month, one.gender
