"""Snags: what blocks somebody's way, as codes, reported by the branch and answered or taken over above."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SnagKind(StrEnum):
    """What blocks a case; a code, never a story about a person."""

    VERIFICATION = "verification"
    PAPERS = "papers"
    AWAY = "away"
    EDUCATION = "education"
    AGE = "age"
    NO_WISH = "no_wish"
    OTHER = "other"


class Settling(StrEnum):
    """What becomes of a snag: somebody above takes it over, or it is gone."""

    TAKEN = "taken"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Snag:
    """One open snag of a candidate. `taken_by` is who above has taken it over."""

    id: int
    candidate_id: int
    unit_id: int
    kind: SnagKind
    opened_by: int | None
    opened_at: datetime
    taken_by: int | None = None

    def age_days(self, today: date) -> int:
        return (today - self.opened_at.date()).days


def by_kind(snags: Iterable[Snag]) -> list[tuple[SnagKind, int]]:
    """How many of each kind, the most frequent first."""
    return Counter(snag.kind for snag in snags).most_common()
