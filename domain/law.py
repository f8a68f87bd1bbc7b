"""The law as dated rows: which row holds on a day, until when a clock runs, and what a condition says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.calendar import Calendar, add_months, add_working_days


class Rule(StrEnum):
    """What the assistant computes or checks by the law, under the codes of its rows."""

    CERTIFICATE_VALID = "certificate_valid"
    DOSSIER_FRESH = "dossier_fresh"
    DECISION_WITHIN = "decision_within"
    CEREMONY_WITHIN = "ceremony_within"
    PROBATION = "probation"
    RECOGNITION_CONSIDERED_WITHIN = "recognition_considered_within"
    RECOGNITION_DECIDED_WITHIN = "recognition_decided_within"
    AGE_AT_LEAST = "age_at_least"
    AGE_AT_MOST = "age_at_most"
    BRANCH_VOTE = "branch_vote"
    SOURCES_REVIEWED = "sources_reviewed"


TOPICS: dict[str, tuple[str, ...]] = {
    "ceremony_deadline": (Rule.CEREMONY_WITHIN, Rule.DECISION_WITHIN),
    "certificate_validity": (Rule.CERTIFICATE_VALID,),
    "age_limit": (Rule.AGE_AT_LEAST, Rule.AGE_AT_MOST),
    "introducers": ("introducers", "helper_together"),
    "helper_must_be_official": ("helper_together",),
    "official_deadline": (Rule.PROBATION, Rule.RECOGNITION_CONSIDERED_WITHIN, Rule.RECOGNITION_DECIDED_WITHIN),
    "education": ("education",),
}
"""What a question is about, and the rules that answer it."""


class Confidence(StrEnum):
    """How sure it is that a row of the law is worded so in the document it cites."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Start(StrEnum):
    """The day that a clock of the law counts from."""

    CERTIFICATE = "certificate"
    DOSSIER = "dossier"
    BRANCH_RESOLUTION = "branch_resolution"
    DECISION_ISSUED = "decision_issued"
    DECISION_RECEIVED = "decision_received"
    CEREMONY = "ceremony"
    PROBATION_END = "probation_end"
    RECOGNITION_RESOLUTION = "recognition_resolution"
    VERIFICATION_REQUEST = "verification_request"
    BIRTH = "birth"
    LEAVING = "leaving"
    TRANSFER = "transfer"
    LAST_REVIEW = "last_review"
    HELPER_TOGETHER = "helper_together"


class RunningCases(StrEnum):
    """What a new row does to a case that began before it: it stays under its old row, or goes on under the new."""

    STAY = "stay"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Regulation:
    """A dated row of the law: a clock or a condition, with its source. `until` is the last day it holds.

    At most one of `working_days`, `days`, `months`, `members` and `share` is given; a condition in words has none.
    The warnings are how long before the end of the clock somebody is told.
    """

    code: str
    title: str
    citation: str
    since: date
    until: date | None = None
    confidence: Confidence = Confidence.LOW
    counts_from: Start | None = None
    working_days: int | None = None
    days: int | None = None
    months: int | None = None
    members: int | None = None
    share: Fraction | None = None
    warn_months: tuple[int, ...] = ()
    warn_days: tuple[int, ...] = ()
    running_cases: RunningCases = RunningCases.STAY
    note: str = ""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def in_force(law: Iterable[Regulation], code: str, *, on: date) -> Regulation | None:
    """The row of the law that holds on the day of the event; of several the newest."""
    rows = [row for row in law if row.code == code and row.holds_on(on)]
    return max(rows, key=lambda row: row.since, default=None)


def rule_for(law: Iterable[Regulation], code: str, *, began: date, today: date) -> Regulation | None:
    """The row for a case that began on a day and still runs today.

    It stays under the row of its first day, until a row begins that takes running cases along. What began before the
    oldest row known is judged by that one.
    """
    rows = list(law)
    taken_along = [
        row
        for row in rows
        if row.code == code and began < row.since <= today and row.running_cases is RunningCases.MOVE
    ]
    if taken_along:
        return max(taken_along, key=lambda row: row.since)
    oldest = min((row for row in rows if row.code == code), key=lambda row: row.since, default=None)
    return in_force(rows, code, on=began) or (oldest if oldest is not None and began < oldest.since else None)


def last_day(rule: Regulation, start: date, calendar: Calendar) -> date | None:
    """The last day of a clock that started on a day; None for a rule that is no clock. Counting starts the day after.

    Months lead to the same day, or to the last of a month that is too short: 29/2/2028 and 12 months is 28/2/2029.
    """
    if rule.working_days is not None:
        return add_working_days(calendar, start, rule.working_days)
    if rule.days is not None:
        return date.fromordinal(start.toordinal() + rule.days)
    if rule.months is not None:
        return add_months(start, rule.months)
    return None


def is_foreseen_only(rule: Regulation, last: date, calendar: Calendar) -> bool:
    """Whether the last day rests on holidays that are not announced yet."""
    return rule.working_days is not None and last.year > calendar.announced_until


class Age(StrEnum):
    """What the age on the day of the branch's vote says."""

    RIGHT = "right"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Birth:
    """As much of somebody's birth as is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        if self.day is not None:
            return self.earliest
        following = add_months(date(self.year, self.month or 12, 1), 1)
        return date.fromordinal(following.toordinal() - 1)


def judge_age(birth: Birth, *, on: date, at_least_months: int, at_most_months: int) -> Age:
    """Age is counted by months at the vote. What holds by the month but not by the day is left to the organisers.

    With the month alone, somebody is of age for sure only from the month after that birthday; so at the upper end.
    """
    first, last = birth.earliest, birth.latest
    if on < add_months(first.replace(day=1), at_least_months):
        return Age.TOO_YOUNG
    if on < add_months(last, at_least_months):
        return Age.UNSURE
    if on <= add_months(first, at_most_months):
        return Age.RIGHT
    if on.replace(day=1) > add_months(last.replace(day=1), at_most_months):
        return Age.TOO_OLD
    return Age.UNSURE
