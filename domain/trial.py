"""What the trial's invented offices hold: the plan, people on the lists, admissions, and whom one may play."""

from dataclasses import dataclass
from datetime import date

from domain.office import OfficePlan
from domain.people import Role
from domain.records import Stage


@dataclass(frozen=True, slots=True)
class TrialCandidate:
    """Somebody on a branch's list."""

    unit_code: str
    name: str
    stage: Stage
    stage_on: date
    certificate_on: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    gender: str | None = None
    ethnicity: str | None = None
    job: str | None = None
    youth_union: bool | None = None


@dataclass(frozen=True, slots=True)
class TrialAdmission:
    """Somebody admitted, or decided and waiting for the ceremony. Without a name it is `count` people, numbers only."""

    unit_code: str
    name: str
    ceremony_on: date | None
    decision_on: date | None
    decision_no: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class TrialNothing:
    """A branch that said it has nothing to report for the month that begins on `month`."""

    unit_code: str
    month: date


@dataclass(frozen=True, slots=True)
class Persona:
    """Whom one may play on the trial page. `person_key` is the key in the plan, empty for a stranger.

    `place` is shown beside the name; `tries` are sentences worth typing in that role.
    """

    key: str
    title: str
    role: Role | None
    unit_code: str
    name: str
    person_key: str = ""
    place: str = ""
    tries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialOffice:
    plan: OfficePlan
    personas: tuple[Persona, ...]
    candidates: tuple[TrialCandidate, ...]
    admissions: tuple[TrialAdmission, ...]
    nothing: tuple[TrialNothing, ...]
