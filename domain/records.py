"""Candidates with their stages, and the entries that make up the figures."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """The way of a person, in order; then the ways out."""

    LISTED = "listed"
    UNION_INTRODUCED = "union_introduced"
    HELPER_ASSIGNED = "helper_assigned"
    CLASS_REGISTERED = "class_registered"
    CLASS_DONE = "class_done"
    APPLICATION = "application"
    DOSSIER_OPEN = "dossier_open"
    CV_DECLARED = "cv_declared"
    CV_VERIFYING = "cv_verifying"
    CV_VERIFIED = "cv_verified"
    OPINIONS = "opinions"
    BRANCH_RESOLVED = "branch_resolved"
    COMMITTEE_REVIEW = "committee_review"
    DECIDED = "decided"
    ADMITTED = "admitted"
    PROBATION = "probation"
    NEW_MEMBER_CLASS = "new_member_class"
    OFFICIAL_PROPOSED = "official_proposed"
    OFFICIAL = "official"
    BRANCH_REJECTED = "branch_rejected"
    RETURNED = "returned"
    PAUSED = "paused"
    DROPPED = "dropped"
    REMOVED = "removed"
    MOVED = "moved"


OPEN_STAGES: tuple[Stage, ...] = tuple(Stage)[: tuple(Stage).index(Stage.ADMITTED)] + (
    Stage.BRANCH_REJECTED,
    Stage.RETURNED,
    Stage.PAUSED,
)
"""Stages in which somebody is still a candidate and may be admitted."""


_WAY: tuple[Stage, ...] = tuple(Stage)[: tuple(Stage).index(Stage.BRANCH_REJECTED)]


def progress(stage: Stage) -> int:
    """How far along the way, to compare with others: the further the greater; whoever is off the way is below zero."""
    return _WAY.index(stage) if stage in _WAY else len(_WAY) - 1 - tuple(Stage).index(stage)


def is_trained(stage: Stage) -> bool:
    """Whether the stage says that the awareness class is done."""
    return progress(stage) >= progress(Stage.CLASS_DONE)


class DropReason(StrEnum):
    """Why somebody left the list; a code, never a story."""

    AWAY = "away"
    AGE = "age"
    EDUCATION = "education"
    NO_WISH = "no_wish"
    VIOLATION = "violation"
    PERSONAL = "personal"


class ReturnReason(StrEnum):
    """Why a committee sent papers back; a code, never a story."""

    PAPERS = "papers"
    CV = "cv"
    VERIFICATION = "verification"
    OPINIONS = "opinions"
    VOTE = "vote"
    CERTIFICATE = "certificate"
    OTHER = "other"


class Because(StrEnum):
    """Why a move goes on although something speaks against it; codes, never a story."""

    UNREPORTED = "unreported"
    NOT_NEEDED = "not_needed"
    MISTAKEN = "mistaken"
    RENEWED = "renewed"
    APPROVED = "approved"
    VOTES_UNKNOWN = "votes_unknown"


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a person from stage to stage without an entry: who told it, when, and in which message.

    `on` is the day of the event. Stages in `skipped` were left out, `because` says why that or anything else was let
    through. Votes are those in favour and all official members of the branch.
    """

    candidate_id: int
    before: Stage
    stage: Stage
    on: date
    skipped: tuple[Stage, ...] = ()
    because: tuple[Because, ...] = ()
    reason: DropReason | ReturnReason | None = None
    votes_for: int | None = None
    votes_all: int | None = None
    person_id: int | None = None
    item_id: int | None = None
    made_at: datetime | None = None


class Standing(StrEnum):
    """A draft stands only on an unanswered card; an erased row keeps no personal value."""

    DRAFT = "draft"
    LIVE = "live"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on a branch's list, or already admitted. An empty `name` means numbers only, shown by `label`.

    `distinguisher` tells two people of one name in one branch apart; it is 0 for the first.
    `helpers` are the names of the official members who help.
    """

    id: int
    unit_id: int
    name: str
    folded: str
    stage: Stage = Stage.LISTED
    stage_on: date | None = None
    certificate_on: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    gender: str | None = None
    ethnicity: str | None = None
    job: str | None = None
    youth_union: bool | None = None
    label: str = ""
    standing: Standing = Standing.LIVE
    drop_reason: DropReason | None = None
    consent_by: int | None = None
    consent_at: datetime | None = None
    consent_wording: str = ""
    distinguisher: int = 0
    helpers: tuple[str, ...] = ()
    version: int = 0


class EntryKind(StrEnum):
    """An admission holds the facts of one person; nothing-this-month holds one of a branch."""

    ADMISSION = "admission"
    NOTHING = "nothing"


class Fact(StrEnum):
    """What counters count, each apart: policy chooses among them when a figure is shown."""

    CEREMONY = "ceremony"
    DECISION = "decision"
    NOTHING = "nothing"


class EntryState(StrEnum):
    LIVE = "live"
    REPLACED = "replaced"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered entry. Never overwritten: a correction is a new entry that `replaces` the old one.

    An admission has a ceremony day, a decision day, or both. `month` (first day) is of nothing-this-month, and of an
    imported admission of whose ceremony only the month is known: it counts by the month's last day.
    `count` is 1 but for imported people without names.
    """

    number: int
    kind: EntryKind
    unit_id: int
    author_id: int | None
    made_at: datetime
    candidate_id: int | None = None
    ceremony_on: date | None = None
    decision_on: date | None = None
    decision_no: str = ""
    month: date | None = None
    count: int = 1
    state: EntryState = EntryState.LIVE
    replaces: int | None = None
    replaced_by: int | None = None
    prior_stage: Stage | None = None


def facts_of(entry: Entry) -> frozenset[Fact]:
    """The facts that an entry tells, whether it is live or not."""
    if entry.kind is EntryKind.NOTHING:
        return frozenset({Fact.NOTHING})
    told = {Fact.CEREMONY: entry.ceremony_on, Fact.DECISION: entry.decision_on}
    return frozenset(fact for fact, day in told.items() if day is not None)
