"""Builds the trial's offices from invented places: the same for the same day, and full of figures up to that day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.records import Stage
from domain.trial import Persona, TrialAdmission, TrialCandidate, TrialNothing, TrialOffice
from domain.units import MemberCount, UnitKind
from files.cells import Cell, target
from files.trial_figures import FigureRow, figure_rows, shared
from language import invented
from language.invented import InventedArea, InventedBranch, InventedCommune, InventedPersona
from language.trial_wording import TRIES

_WAITING_DAYS = 12
"""Between decision and ceremony."""

_STAGES = (
    Stage.CLASS_DONE,
    Stage.HELPER_ASSIGNED,
    Stage.LISTED,
    Stage.DOSSIER_OPEN,
    Stage.CV_VERIFYING,
    Stage.CLASS_REGISTERED,
    Stage.BRANCH_RESOLVED,
)
_CERTIFIED = frozenset({Stage.CLASS_DONE, Stage.DOSSIER_OPEN, Stage.CV_VERIFYING, Stage.BRANCH_RESOLVED})


def trial_office(today: date) -> TrialOffice:
    """The offices as they stand on `today`: figures of the reports, or their share of the year so far."""
    making = _Making(today)
    making.units.append(
        PlannedUnit(invented.ROOT_CODE, invented.ROOT_NAME, UnitKind.SUPERIOR, aliases=invented.ROOT_ALIASES)
    )
    making.add_quota(invented.ROOT_CODE, invented.ROOT_QUOTA)
    for area in invented.AREAS:
        _add_area(making, area)
    personas = tuple(_persona(making, persona) for persona in invented.PERSONAS)
    units = sorted(making.units, key=lambda unit: unit.code.count("-"))
    plan = OfficePlan(tuple(units), tuple(making.quotas), tuple(making.people))
    return TrialOffice(plan, personas, tuple(making.candidates), tuple(making.admissions), tuple(making.nothing))


def commune_code(area: str) -> str:
    """The code of an area's commune or ward that can be played."""
    return f"{area}-01"


def branch_code(area: str, number: int) -> str:
    """The code of one of its branches, counted from 1."""
    return f"{commune_code(area)}-{number:02}"


@dataclass(slots=True)
class _Making:
    """The lists that grow while the offices are made."""

    today: date
    units: list[PlannedUnit] = field(default_factory=list[PlannedUnit])
    quotas: list[PlannedQuota] = field(default_factory=list[PlannedQuota])
    people: list[PlannedPerson] = field(default_factory=list[PlannedPerson])
    candidates: list[TrialCandidate] = field(default_factory=list[TrialCandidate])
    admissions: list[TrialAdmission] = field(default_factory=list[TrialAdmission])
    nothing: list[TrialNothing] = field(default_factory=list[TrialNothing])
    decision_numbers: Iterator[int] = field(default_factory=lambda: count(11))
    faces: Iterator[int] = field(default_factory=count)

    @property
    def new_year(self) -> date:
        return date(self.today.year, 1, 1)

    def so_far(self, done: int, told_at: int) -> int:
        """The figure of the report once the year has come as far as the report; before that its share."""
        passed = (self.today - self.new_year).days + 1
        return min(done, (done * passed * 200 + 365 * told_at) // (2 * 365 * told_at))

    def days(self, number: int) -> Sequence[date]:
        """So many days from the new year to today, spread out but not like clockwork."""
        length = (self.today - self.new_year).days
        shift = len(self.admissions) * 31 % 97 + 2
        return [
            self.new_year + timedelta(days=length * (100 * step + shift) // (100 * number)) for step in range(number)
        ]

    def decision_no(self) -> str:
        return invented.DECISION_NO.format(next(self.decision_numbers))

    def members(self, number: int | None) -> MemberCount | None:
        """Counted at the end of last year."""
        return None if number is None else MemberCount(number, self.new_year - timedelta(days=1))

    def add_quota(self, code: str, quota: str, stretch: int | None = None) -> None:
        decision = invented.QUOTA_DECISION_NO.format(len(self.quotas) + 1)
        read = target(Cell("", 0, "", quota))
        self.quotas.append(PlannedQuota(code, str(self.today.year), read, stretch, decision, self.new_year))

    def admit(self, code: str, name: str, on: date, number: int = 1) -> None:
        decided = max(on - timedelta(days=_WAITING_DAYS), self.new_year)
        self.admissions.append(TrialAdmission(code, name, on, decided, self.decision_no(), number))

    def decide(self, code: str, name: str, days_ago: int, number: int = 1) -> None:
        """Decided, and the ceremony still to come."""
        on = self.today - timedelta(days=days_ago)
        self.admissions.append(TrialAdmission(code, name, None, on, self.decision_no(), number))


def _add_area(making: _Making, area: InventedArea) -> None:
    members = making.members(area.members)
    making.units.append(
        PlannedUnit(area.code, area.name, UnitKind.SUPERIOR, invented.ROOT_CODE, members=members, aliases=area.aliases)
    )
    making.add_quota(area.code, area.quota, area.stretch)
    _add_commune(making, area, area.playable)
    rows = figure_rows(area)
    for number, row in enumerate(rows, start=2):
        _add_figures(making, f"{area.code}-{number:02}", area, row)
    waiting = area.pending - sum(branch.pending for branch in area.playable.branches)
    for number in range(waiting):
        making.decide(f"{area.code}-{2 + number * 3 % len(rows):02}", "", days_ago=3 + number % 25)


def _add_commune(making: _Making, area: InventedArea, commune: InventedCommune) -> None:
    code = commune_code(area.code)
    members = making.members(commune.members)
    making.units.append(
        PlannedUnit(code, commune.name, UnitKind.GRASSROOTS, area.code, members=members, aliases=commune.aliases)
    )
    making.add_quota(code, commune.quota, commune.stretch)
    _appoint(making, invented.COMMITTEE_KEY.format(area.code.lower()), Role.COMMITTEE, code)
    for number, branch in enumerate(commune.branches, start=1):
        _add_branch(making, area, branch, branch_code(area.code, number))


def _add_branch(making: _Making, area: InventedArea, branch: InventedBranch, code: str) -> None:
    making.units.append(
        PlannedUnit(
            code,
            branch.name,
            UnitKind.BRANCH,
            commune_code(area.code),
            branch.sector,
            making.members(branch.members),
            branch.nobody_left,
            branch.aliases,
        )
    )
    if branch.quota:
        making.add_quota(code, str(branch.quota))
    _appoint(making, invented.SECRETARY_KEY.format(code.lower()), Role.SECRETARY, code)
    done = making.so_far(branch.done, area.told_at)
    for on in making.days(done):
        making.admit(code, _face(making, area)[0], on)
    for step in range(branch.pending):
        making.decide(code, _face(making, area)[0], days_ago=9 + 14 * step)
    for step in range(branch.listed):
        making.candidates.append(_candidate(making, area, code, step))
    if branch.says_nothing:
        making.nothing.append(TrialNothing(code, making.today.replace(day=1)))


def _face(making: _Making, area: InventedArea) -> tuple[str, str, str | None]:
    """Name, gender and ethnic group of somebody new."""
    number = next(making.faces)
    upland = invented.UPLAND_PEOPLE.get(area.code, ())
    taken = sum(1 for name, _, _ in upland if _is_taken(making, name))
    if taken < len(upland):
        return upland[taken]
    surname = invented.SURNAMES[number % len(invented.SURNAMES)]
    given = invented.WOMEN if number % 2 else invented.MEN
    gender = invented.WOMAN if number % 2 else invented.MAN
    return f"{surname} {given[number // 2 % len(given)]}", gender, None


def _is_taken(making: _Making, name: str) -> bool:
    return any(row.name == name for rows in (making.admissions, making.candidates) for row in rows)


def _candidate(making: _Making, area: InventedArea, code: str, step: int) -> TrialCandidate:
    name, gender, ethnicity = _face(making, area)
    number = len(making.candidates)
    stage = _STAGES[(number + step) % len(_STAGES)]
    on = making.today - timedelta(days=11 + 17 * step + number % 9)
    return TrialCandidate(
        unit_code=code,
        name=name,
        stage=stage,
        stage_on=on,
        certificate_on=on - timedelta(days=40) if stage in _CERTIFIED else None,
        birth_year=making.today.year - 20 - number * 7 % 24,
        birth_month=number % 12 + 1,
        gender=gender,
        ethnicity=ethnicity,
        job=invented.JOBS[number % len(invented.JOBS)],
        youth_union=number * 7 % 24 < 10,
    )


def _appoint(making: _Making, key: str, role: Role, code: str) -> None:
    """Somebody in charge, unless the unit is kept for a persona in that role."""
    for persona in invented.PERSONAS:
        if persona.role is role and code in _places(persona):
            return
    number = len(making.people)
    surname = invented.SURNAMES[number * 5 % len(invented.SURNAMES)]
    given = (*invented.MEN, *invented.WOMEN)[number * 3 % 16]
    making.people.append(PlannedPerson(key, f"{surname} {given}", role, code))


def _places(persona: InventedPersona) -> tuple[str, ...]:
    if not persona.places and persona.role:
        return (invented.ROOT_CODE,)
    return tuple(branch_code(*place) if place[1] else commune_code(place[0]) for place in persona.places)


def _persona(making: _Making, persona: InventedPersona) -> Persona:
    tries = TRIES.get(persona.role, ())
    if persona.role is None:
        return Persona(persona.key, persona.title, None, "", persona.name, tries=tries)
    places = _places(persona)
    named = next(unit.name for unit in making.units if unit.code == places[0])
    making.people += [PlannedPerson(persona.key, persona.name, persona.role, code) for code in places]
    return Persona(persona.key, persona.title, persona.role, places[0], persona.name, persona.key, named, tries)


def _add_figures(making: _Making, code: str, area: InventedArea, row: FigureRow) -> None:
    """A unit with figures only: its admissions are numbers without names, in a few entries over the year."""
    making.units.append(PlannedUnit(code, row.name, row.kind, area.code, row.sector, making.members(row.members)))
    making.add_quota(code, str(row.quota))
    done = making.so_far(row.done or 0, area.told_at)
    entries = min(3, done)
    if entries:
        for on, number in zip(making.days(entries), shared(done, [1] * entries), strict=True):
            making.admit(code, "", on, number)
