"""Units of the Party organisation and their tree, versioned by date."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """Levels of the tree. Counters are kept from the branch up to the grass-roots organisation."""

    SUPERIOR = "superior"
    GRASSROOTS = "grassroots"
    COMMITTEE = "committee"
    BRANCH = "branch"


class Sector(StrEnum):
    """Where a unit lives: what the reports break figures down by."""

    RESIDENTIAL = "residential"
    SCHOOL = "school"
    MILITARY = "military"
    POLICE = "police"
    COMPANY = "company"
    OFFICE = "office"
    HEALTH = "health"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many members a unit had on a day, printed as the base of a share."""

    count: int
    on: date


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stands in the tree on one day. `path` runs from the root to the unit itself."""

    id: int
    code: str
    name: str
    kind: UnitKind
    path: tuple[int, ...]
    sector: Sector = Sector.OTHER
    members: MemberCount | None = None
    nobody_left: bool = False
    version: int = 0

    @property
    def parent_id(self) -> int | None:
        return self.path[-2] if len(self.path) > 1 else None
