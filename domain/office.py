"""An office: its settings, and what it brings along in a workbook: units, quotas, people, past years."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from domain.budget import Plan
from domain.calendar import Calendar
from domain.law import Regulation
from domain.past import PlannedAdmission, PlannedCandidate
from domain.people import Role
from domain.quotas import Target
from domain.records import Fact
from domain.runway import Pathway
from domain.units import MemberCount, Sector, UnitKind


@dataclass(frozen=True, slots=True)
class Timetable:
    """When unasked letters are due; weekdays count from Monday as 0. After `digest_until` a digest is too late.

    Branches without a word are asked `nothing_new_days` before the closing day; so many days after that the ladder
    goes on to the deputy and above. A letter is put off so many times at most, letters rest so many weeks at most.
    """

    digest_weekday: int = 0
    digest_at: time = time(7, 30)
    digest_until_weekday: int = 2
    digest_until_at: time = time(17)
    upkeep_at: time = time(2)
    nothing_new_days: int = 5
    deputy_days: int = 3
    above_days: int = 7
    put_off_times: int = 2
    pause_weeks: int = 4


@dataclass(frozen=True, slots=True)
class Retention:
    """How long texts, keys, open questions, unanswered drafts, letters and shapes of what was not understood are
    kept, and how many backups.
    """

    text_days: int = 7
    key_days: int = 60
    question_hours: int = 24
    draft_days: int = 2
    letter_days: int = 400
    misread_days: int = 90
    backups: int = 14


@dataclass(frozen=True, slots=True)
class Timing:
    """Leases, and how fast one bot account may speak."""

    lease_seconds: float = 15
    uncertain_seconds: float = 30
    per_second: float = 28
    per_chat_per_second: float = 1
    chat_burst: int = 5
    group_per_minute: int = 20


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that an office may set. `counts_by` is the fact that a quota counts; `law` is by code, then date.

    `plans` are what platforms give each bot, by the channel; a channel without one has no end.
    """

    name: str
    controller: str
    titles: Mapping[Role, str] = field(default_factory=dict[Role, str])
    counts_by: Fact = Fact.CEREMONY
    closing_day: int = 25
    calendar: Calendar = field(default_factory=Calendar)
    timetable: Timetable = Timetable()
    retention: Retention = Retention()
    timing: Timing = Timing()
    plans: Mapping[str, Plan] = field(default_factory=dict[str, Plan])
    pathway: Pathway = field(default_factory=Pathway)
    law: tuple[Regulation, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A row of the sheet of units; `parent_code` is empty for the root."""

    code: str
    name: str
    kind: UnitKind
    parent_code: str = ""
    sector: Sector = Sector.OTHER
    members: MemberCount | None = None
    nobody_left: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedQuota:
    unit_code: str
    period: str
    target: Target
    stretch: int | None = None
    decision_no: str = ""
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody in charge; the same name in several rows with the same `key` is one person with several posts."""

    key: str
    name: str
    role: Role
    unit_code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a workbook: where it stands and, as a code with facts, what."""

    sheet: str
    row: int
    column: str
    code: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """A whole workbook, read and checked on its own.

    `notes` is what was left unread on purpose; `digest` tells the same file when it comes again.
    """

    units: tuple[PlannedUnit, ...] = ()
    quotas: tuple[PlannedQuota, ...] = ()
    people: tuple[PlannedPerson, ...] = ()
    candidates: tuple[PlannedCandidate, ...] = ()
    admissions: tuple[PlannedAdmission, ...] = ()
    notes: tuple[Problem, ...] = field(default=(), compare=False)
    digest: str = field(default="", compare=False)
