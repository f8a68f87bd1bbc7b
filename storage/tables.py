"""The schema, once; `migrations/` must come to the same (a test compares them on both databases).

Personal values stand only in `people` and `candidates`, and, cut, in `inbox` for a few days.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    TypeDecorator,
    text,
)

from domain.calendar import ZONE

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment: kept in UTC, handed out in office time so that its `.date()` is the office's day."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone; what stands there was written as UTC.
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZONE)


# SQLite gives numbers by itself only to a column that is spelt INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")
# Paths are compared by bytes, so that a subtree is one range of the index.
Path = String().with_variant(String(collation="C"), "postgresql")


def _id() -> Column[int]:
    return Column(Id, primary_key=True, autoincrement=True)


def _to(target: str, *, nullable: bool = False, primary_key: bool = False, index: bool | None = None) -> Column[Any]:
    return Column(Id, ForeignKey(target), nullable=nullable, primary_key=primary_key, index=index, autoincrement=False)


class MetaColumns(TypedColumns):
    """`salt` and `audit_head`."""

    name: Named[str] = Column(String, primary_key=True)
    value: Named[str] = Column(String)


class PeopleColumns(TypedColumns):
    """Those who use the bot. `key` is the office's own word for them in its workbook.

    `draft` is drawn by the turn that named somebody on a card; it goes when the card is saved, the row when it is not.
    `paused_until` is the last day on which they want no reminders.
    """

    id: Named[int] = _id()
    name: Named[str] = Column(String)
    key: Named[str | None] = Column(String, unique=True)
    version: Named[int] = Column(Integer)
    made_at: Named[datetime] = Column(Moment)
    draft: Named[int | None] = Column(Id)
    paused_until: Named[date | None] = Column(Date)


class AddressColumns(TypedColumns):
    """One chat of one bot account. `last_item_id` tells whether the person wrote since something was sent.

    `asked` counts what a stranger was asked since `asked_since`. A locked chat has lost its person,
    who was `locked_from`.
    A chat that goes on under another id has that address in `moved_to` and nothing else of its own. `outage_told` is
    the end of the last outage that was spoken of here. A group that is `bound_to` a unit may ask how it stands.
    `shut_at` is when the platform took no letter any more until its person writes again. `is_preferred`: its person
    wants letters here.
    """

    id: Named[int] = _id()
    channel: Named[str] = Column(String)
    account: Named[str] = Column(String)
    chat: Named[str] = Column(String)
    person_id: Named[int | None] = _to("people.id", nullable=True, index=True)
    is_group: Named[bool] = Column(Boolean)
    is_blocked: Named[bool] = Column(Boolean)
    blocked_reason: Named[str] = Column(String)
    guesses: Named[int] = Column(Integer)
    guesses_since: Named[datetime | None] = Column(Moment)
    greeted_at: Named[datetime | None] = Column(Moment)
    heard_at: Named[datetime] = Column(Moment)
    last_item_id: Named[int] = Column(Id)
    blocked_at: Named[datetime | None] = Column(Moment)
    locked_at: Named[datetime | None] = Column(Moment)
    locked_from: Named[int | None] = Column(Id)
    asked: Named[int | None] = Column(Integer)
    asked_since: Named[datetime | None] = Column(Moment)
    moved_to: Named[int | None] = Column(Id)
    outage_told: Named[datetime | None] = Column(Moment)
    bound_to: Named[int | None] = Column(Id)
    shut_at: Named[datetime | None] = Column(Moment)
    is_preferred: Named[bool | None] = Column(Boolean)


class PostColumns(TypedColumns):
    """A role in a unit; `until` is the last day it holds.

    `stands_in_for` is the person whom a post for a time stands in for; `handed_to` the post that came after this one.
    """

    id: Named[int] = _id()
    person_id: Named[int] = _to("people.id", index=True)
    role: Named[str] = Column(String)
    unit_id: Named[int | None] = _to("units.id", nullable=True, index=True)
    since: Named[date] = Column(Date)
    until: Named[date | None] = Column(Date)
    stands_in_for: Named[int | None] = Column(Id)
    handed_to: Named[int | None] = Column(Id)


class InviteColumns(TypedColumns):
    """A one-time invite. `person_id` is the person it waits for: names stand only in `people`.

    An invite that is `for_holder` lets somebody in who holds the post already, whatever became of the inviter.
    `bot` is the one whose free place it was told of.
    One that somebody made for himself links another chat of his.
    """

    id: Named[int] = _id()
    fingerprint: Named[str] = Column(String, unique=True)
    role: Named[str] = Column(String)
    unit_id: Named[int | None] = _to("units.id", nullable=True)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    inviter_id: Named[int | None] = _to("people.id", nullable=True)
    made_at: Named[datetime] = Column(Moment)
    expires_at: Named[datetime] = Column(Moment)
    used_at: Named[datetime | None] = Column(Moment)
    used_by: Named[int | None] = _to("addresses.id", nullable=True)
    for_holder: Named[bool | None] = Column(Boolean)
    bot: Named[str | None] = Column(String)


class RequestColumns(TypedColumns):
    """Somebody asks for a post. `state`: waiting, approved, refused, expired (then told), joined (by an invite).

    `unit_said` is the unit as it was typed, emptied once the request is decided.
    """

    id: Named[int] = _id()
    contact_id: Named[int] = _to("addresses.id")
    person_id: Named[int | None] = _to("people.id", nullable=True)
    role: Named[str] = Column(String)
    unit_id: Named[int | None] = _to("units.id", nullable=True)
    unit_said: Named[str] = Column(String)
    state: Named[str] = Column(String)
    made_at: Named[datetime] = Column(Moment, index=True)
    expires_at: Named[datetime] = Column(Moment)
    decided_by: Named[int | None] = _to("people.id", nullable=True)
    decided_at: Named[datetime | None] = Column(Moment)


class AnnouncementColumns(TypedColumns):
    """What was announced to all secretaries below a unit; its words stand only in the letters that wait."""

    id: Named[int] = _id()
    author_id: Named[int] = _to("people.id")
    unit_id: Named[int] = _to("units.id")
    item_id: Named[int] = Column(Id, unique=True)
    made_at: Named[datetime] = Column(Moment)


class UnitColumns(TypedColumns):
    """Units of the Party; where they stand in the tree is in `unit_places`."""

    id: Named[int] = _id()
    code: Named[str] = Column(String, unique=True)
    name: Named[str] = Column(String)
    folded: Named[str] = Column(String)
    kind: Named[str] = Column(String)
    sector: Named[str] = Column(String)
    nobody_left: Named[bool] = Column(Boolean)
    version: Named[int] = Column(Integer)


class UnitPlaceColumns(TypedColumns):
    """Where a unit stood from a day on; `valid_to` is the first day on which it no longer stood there."""

    unit_id: Named[int] = _to("units.id", primary_key=True)
    valid_from: Named[date] = Column(Date, primary_key=True)
    valid_to: Named[date | None] = Column(Date)
    parent_id: Named[int | None] = _to("units.id", nullable=True, index=True)
    path: Named[str] = Column(Path, index=True)


class AliasColumns(TypedColumns):
    """Other words for a unit."""

    unit_id: Named[int] = _to("units.id", primary_key=True)
    folded: Named[str] = Column(String, primary_key=True)
    alias: Named[str] = Column(String)


class MemberColumns(TypedColumns):
    """How many members a unit had on a day."""

    unit_id: Named[int] = _to("units.id", primary_key=True)
    day: Named[date] = Column(Date, primary_key=True)
    amount: Named[int] = Column(Integer)


class QuotaColumns(TypedColumns):
    """Versions of targets; one of a unit and period is current."""

    id: Named[int] = _id()
    unit_id: Named[int] = _to("units.id")
    period: Named[str] = Column(String)
    low: Named[int] = Column(Integer)
    shape: Named[str] = Column(String)
    high: Named[int | None] = Column(Integer)
    stretch: Named[int | None] = Column(Integer)
    decision_no: Named[str] = Column(String)
    effective_on: Named[date | None] = Column(Date)
    set_by: Named[int | None] = _to("people.id", nullable=True)
    set_at: Named[datetime] = Column(Moment)
    is_current: Named[bool] = Column(Boolean)


class CandidateColumns(TypedColumns):
    """People on a branch's list. The id is drawn by the turn."""

    id: Named[int] = Column(Id, primary_key=True, autoincrement=False)
    unit_id: Named[int] = _to("units.id")
    name: Named[str] = Column(String)
    folded: Named[str] = Column(String, index=True)
    stage: Named[str] = Column(String)
    stage_on: Named[date | None] = Column(Date)
    certificate_on: Named[date | None] = Column(Date)
    birth_year: Named[int | None] = Column(Integer)
    birth_month: Named[int | None] = Column(Integer)
    gender: Named[str | None] = Column(String)
    ethnicity: Named[str | None] = Column(String)
    job: Named[str | None] = Column(String)
    youth_union: Named[bool | None] = Column(Boolean)
    label: Named[str] = Column(String)
    standing: Named[str] = Column(String)
    drop_reason: Named[str | None] = Column(String)
    consent_by: Named[int | None] = _to("people.id", nullable=True)
    consent_at: Named[datetime | None] = Column(Moment)
    consent_wording: Named[str] = Column(String)
    distinguisher: Named[int] = Column(Integer)
    version: Named[int] = Column(Integer)
    made_at: Named[datetime] = Column(Moment)
    helpers: Named[Any] = Column(JSON(none_as_null=True), nullable=True)


class EntryColumns(TypedColumns):
    """Numbered entries, never overwritten.

    `path` runs from the grass-roots organisation down to the unit, as the tree stood on the fact's day: the counters
    that this entry moved. `digest` is the keyed digest of what makes a live admission unique.
    """

    number: Named[int] = _id()
    kind: Named[str] = Column(String)
    unit_id: Named[int] = _to("units.id")
    path: Named[str] = Column(Path)
    author_id: Named[int | None] = _to("people.id", nullable=True)
    item_id: Named[int | None] = Column(Id)
    made_at: Named[datetime] = Column(Moment, index=True)
    candidate_id: Named[int | None] = _to("candidates.id", nullable=True, index=True)
    ceremony_on: Named[date | None] = Column(Date)
    decision_on: Named[date | None] = Column(Date)
    decision_no: Named[str] = Column(String)
    month: Named[date | None] = Column(Date)
    amount: Named[int] = Column(Integer)
    state: Named[str] = Column(String)
    replaces: Named[int | None] = _to("entries.number", nullable=True)
    replaced_by: Named[int | None] = _to("entries.number", nullable=True)
    prior_stage: Named[str | None] = Column(String)
    prior_stage_on: Named[date | None] = Column(Date)
    later_stage: Named[str | None] = Column(String)
    later_stage_on: Named[date | None] = Column(Date)
    digest: Named[bytes | None] = Column(LargeBinary)


class MoveColumns(TypedColumns):
    """Moves of people from stage to stage that no entry tells, in the order in which they were told.

    `on` is the day of the event, `skipped` and `because` are codes with spaces between.
    """

    id: Named[int] = _id()
    candidate_id: Named[int] = _to("candidates.id", index=True)
    unit_id: Named[int] = _to("units.id")
    before: Named[str] = Column(String)
    stage: Named[str] = Column(String)
    on: Named[date] = Column(Date)
    skipped: Named[str] = Column(String)
    because: Named[str] = Column(String)
    reason: Named[str | None] = Column(String)
    votes_for: Named[int | None] = Column(Integer)
    votes_all: Named[int | None] = Column(Integer)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    item_id: Named[int | None] = Column(Id)
    made_at: Named[datetime] = Column(Moment)


class SnagColumns(TypedColumns):
    """What blocks a candidate's way, as a code; one of a candidate is open at a time."""

    id: Named[int] = _id()
    candidate_id: Named[int] = _to("candidates.id")
    unit_id: Named[int] = _to("units.id", index=True)
    kind: Named[str] = Column(String)
    opened_by: Named[int | None] = _to("people.id", nullable=True)
    opened_at: Named[datetime] = Column(Moment)
    taken_by: Named[int | None] = _to("people.id", nullable=True)
    taken_at: Named[datetime | None] = Column(Moment)
    closed_by: Named[int | None] = _to("people.id", nullable=True)
    closed_at: Named[datetime | None] = Column(Moment)


class ClassColumns(TypedColumns):
    """Classes by number. `certificate_on` is known once a class is over; of a cancelled one it is the day of that."""

    id: Named[int] = _id()
    unit_id: Named[int] = _to("units.id")
    place: Named[str] = Column(String)
    begins_on: Named[date] = Column(Date)
    ends_on: Named[date] = Column(Date)
    seats: Named[int] = Column(Integer)
    certificate_on: Named[date | None] = Column(Date)
    version: Named[int] = Column(Integer)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    made_at: Named[datetime] = Column(Moment)


class LearnerColumns(TypedColumns):
    """Registrations in classes, in the order in which they came; nobody has two without a `result`."""

    id: Named[int] = _id()
    class_id: Named[int] = _to("classes.id", index=True)
    candidate_id: Named[int] = _to("candidates.id")
    unit_id: Named[int] = _to("units.id")
    result: Named[str | None] = Column(String)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    made_at: Named[datetime] = Column(Moment)


class CounterColumns(TypedColumns):
    """How many of a fact in a month. `code` splits decisions: still waiting for the ceremony, or it was held."""

    unit_id: Named[int] = _to("units.id", primary_key=True)
    month: Named[date] = Column(Date, primary_key=True)
    fact: Named[str] = Column(String, primary_key=True)
    code: Named[str] = Column(String, primary_key=True)
    amount: Named[int] = Column(Integer)


class QuestionColumns(TypedColumns):
    """What the bot asked; numbers of its choices run from `first_number`. `settled_by` is the item that answered."""

    id: Named[int] = _id()
    contact_id: Named[int] = _to("addresses.id")
    person_id: Named[int | None] = _to("people.id", nullable=True)
    draft: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    choices: Named[Any] = Column(JSON)
    first_number: Named[int] = Column(Integer)
    last_number: Named[int] = Column(Integer)
    asked_at: Named[datetime] = Column(Moment)
    expires_at: Named[datetime] = Column(Moment)
    settled_at: Named[datetime | None] = Column(Moment)
    is_sent: Named[bool] = Column(Boolean)
    is_uncertain: Named[bool] = Column(Boolean)
    settled_by: Named[int | None] = Column(Id)


class HeardColumns(TypedColumns):
    """Keys of everything heard, long after the words are gone."""

    key: Named[str] = Column(String, primary_key=True)
    heard_at: Named[datetime] = Column(Moment, index=True)


class InboxColumns(TypedColumns):
    """What was heard, cut. `state`: waiting, done, failed. `file` is the platform's word for a workbook.

    `said_at` stands where something was said long before it was heard.
    """

    id: Named[int] = _id()
    contact_id: Named[int] = _to("addresses.id")
    key: Named[str] = Column(String)
    sender: Named[str] = Column(String)
    kind: Named[str] = Column(String)
    text: Named[str] = Column(String)
    pressed: Named[str] = Column(String)
    message_id: Named[str] = Column(String)
    is_group: Named[bool] = Column(Boolean)
    code: Named[str] = Column(String)
    marks: Named[Any] = Column(JSON)
    state: Named[str] = Column(String)
    attempts: Named[int] = Column(Integer)
    reference: Named[str] = Column(String)
    heard_at: Named[datetime] = Column(Moment)
    done_at: Named[datetime | None] = Column(Moment, index=True)
    is_forwarded: Named[bool | None] = Column(Boolean)
    reply_to: Named[str | None] = Column(String)
    album: Named[str | None] = Column(String)
    file: Named[str | None] = Column(String)
    file_bytes: Named[int | None] = Column(Integer)
    said_at: Named[datetime | None] = Column(Moment)


class LaneColumns(TypedColumns):
    """One row per chat: who works on it, until when (lease time, in seconds)."""

    contact_id: Named[int] = _to("addresses.id", primary_key=True)
    owner: Named[str | None] = Column(String)
    lease_until: Named[float] = Column(Double)


class OutboxColumns(TypedColumns):
    """What is to be said.

    `lease_until` is lease time: the end of a claim, or when an uncertain reply is due again. `heard_before` is the last
    item heard from the chat when the row was claimed. An uncertain row without `settled_at` is to be said once more.
    `sent_with` is the letter of the same morning in whose message this one goes out.
    """

    id: Named[int] = _id()
    kind: Named[str] = Column(String)
    contact_id: Named[int | None] = _to("addresses.id", nullable=True)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    item_id: Named[int | None] = Column(Id)
    question_id: Named[int | None] = _to("questions.id", nullable=True)
    body: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    rule: Named[str] = Column(String)
    unit_id: Named[int | None] = _to("units.id", nullable=True)
    period: Named[str] = Column(String)
    step: Named[int] = Column(Integer)
    state: Named[str] = Column(String)
    reason: Named[str] = Column(String)
    not_before: Named[datetime | None] = Column(Moment)
    attempts: Named[int] = Column(Integer)
    owner: Named[str | None] = Column(String)
    lease_until: Named[float] = Column(Double)
    heard_before: Named[int] = Column(Id)
    claimed_at: Named[datetime | None] = Column(Moment)
    is_repeat: Named[bool] = Column(Boolean)
    made_at: Named[datetime] = Column(Moment)
    settled_at: Named[datetime | None] = Column(Moment)
    message_id: Named[str] = Column(String)
    sent_with: Named[int | None] = Column(Id)


class PlannedColumns(TypedColumns):
    """Keys of letters: each is planned once, for ever."""

    key: Named[str] = Column(String, primary_key=True)
    outbox_id: Named[int] = Column(Id)
    planned_at: Named[datetime] = Column(Moment)


class SheetColumns(TypedColumns):
    """Figures of a message under the code at its foot."""

    code: Named[str] = Column(String, primary_key=True)
    person_id: Named[int | None] = _to("people.id", nullable=True)
    figures: Named[Any] = Column(JSON)
    made_at: Named[datetime] = Column(Moment)


class AuditColumns(TypedColumns):
    """Every change, by ids and codes, each row chained to the one before by its hash."""

    id: Named[int] = Column(Id, primary_key=True, autoincrement=False)
    changed_at: Named[str] = Column(String)
    person_id: Named[int | None] = Column(Id)
    item_id: Named[int | None] = Column(Id)
    what: Named[str] = Column(String)
    unit_id: Named[int | None] = Column(Id)
    candidate_id: Named[int | None] = Column(Id)
    entry: Named[int | None] = Column(Id)
    facts: Named[str] = Column(String)
    hash: Named[str] = Column(String)


class LeaseColumns(TypedColumns):
    """Who polls and who sends for a token."""

    name: Named[str] = Column(String, primary_key=True)
    owner: Named[str] = Column(String)
    lease_until: Named[float] = Column(Double)


class BatchColumns(TypedColumns):
    """An import that wrote entries or people; the id is the number that people are told. `digest` tells the file."""

    id: Named[int] = _id()
    person_id: Named[int | None] = _to("people.id", nullable=True)
    made_at: Named[datetime] = Column(Moment)
    digest: Named[str] = Column(String)
    entries: Named[int] = Column(Integer)
    candidates: Named[int] = Column(Integer)
    undone_at: Named[datetime | None] = Column(Moment)
    undone_by: Named[int | None] = _to("people.id", nullable=True)


class BatchRowColumns(TypedColumns):
    """What a batch wrote: an entry, a person, or both. `version` is the person's as the batch left it."""

    id: Named[int] = _id()
    batch_id: Named[int] = _to("batches.id", index=True)
    entry: Named[int | None] = _to("entries.number", nullable=True, index=True)
    candidate_id: Named[int | None] = _to("candidates.id", nullable=True)
    version: Named[int | None] = Column(Integer)
    kind: Named[str] = Column(String)


class IncidentColumns(TypedColumns):
    """What went wrong and for how long; one of a kind and key is open at a time. `amount` is of the kind's own unit."""

    id: Named[int] = _id()
    kind: Named[str] = Column(String)
    key: Named[str] = Column(String)
    amount: Named[int] = Column(Integer)
    opened_at: Named[datetime] = Column(Moment)
    closed_at: Named[datetime | None] = Column(Moment)


class MisreadColumns(TypedColumns):
    """Shapes of what was not understood on a day, and how often: no names, no numbers, nobody's words."""

    shape: Named[str] = Column(String, primary_key=True)
    day: Named[date] = Column(Date, primary_key=True)
    times: Named[int] = Column(Integer)


class SignColumns(TypedColumns):
    """The last sign of life of each part, in whichever process: `at` is lease time, `value` what was measured."""

    name: Named[str] = Column(String, primary_key=True)
    at: Named[float] = Column(Double)
    value: Named[float] = Column(Double)


class UsageColumns(TypedColumns):
    """Messages of a bot in a month, where its platform counts them; `told` is the last mark that was told of."""

    channel: Named[str] = Column(String, primary_key=True)
    account: Named[str] = Column(String, primary_key=True)
    month: Named[date] = Column(Date, primary_key=True)
    heard: Named[int] = Column(Integer)
    said: Named[int] = Column(Integer)
    told: Named[int] = Column(Integer)


meta = Table("meta", metadata, MetaColumns)
people = Table("people", metadata, PeopleColumns)
addresses = Table("addresses", metadata, AddressColumns)
posts = Table("posts", metadata, PostColumns)
invites = Table("invites", metadata, InviteColumns)
requests = Table("requests", metadata, RequestColumns)
announcements = Table("announcements", metadata, AnnouncementColumns)
units = Table("units", metadata, UnitColumns)
unit_places = Table("unit_places", metadata, UnitPlaceColumns)
aliases = Table("aliases", metadata, AliasColumns)
members = Table("members", metadata, MemberColumns)
quotas = Table("quotas", metadata, QuotaColumns)
candidates = Table("candidates", metadata, CandidateColumns)
entries = Table("entries", metadata, EntryColumns)
moves = Table("moves", metadata, MoveColumns)
snags = Table("snags", metadata, SnagColumns)
classes = Table("classes", metadata, ClassColumns)
learners = Table("learners", metadata, LearnerColumns)
counters = Table("counters", metadata, CounterColumns)
questions = Table("questions", metadata, QuestionColumns)
heard = Table("heard", metadata, HeardColumns)
inbox = Table("inbox", metadata, InboxColumns)
lanes = Table("lanes", metadata, LaneColumns)
outbox = Table("outbox", metadata, OutboxColumns)
planned = Table("planned", metadata, PlannedColumns)
sheets = Table("sheets", metadata, SheetColumns)
audit = Table("audit", metadata, AuditColumns)
leases = Table("leases", metadata, LeaseColumns)
batches = Table("batches", metadata, BatchColumns)
batch_rows = Table("batch_rows", metadata, BatchRowColumns)
incidents = Table("incidents", metadata, IncidentColumns)
signs = Table("signs", metadata, SignColumns)
misread = Table("misread", metadata, MisreadColumns)
usage = Table("usage", metadata, UsageColumns)


def _where(condition: str) -> dict[str, Any]:
    # Partial indexes: both databases have them, each under its own keyword.
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


Index("uq_addresses_chat", addresses.c.channel, addresses.c.account, addresses.c.chat, unique=True)
Index("uq_people_draft", people.c.draft, unique=True)
Index("uq_requests_waiting", requests.c.contact_id, unique=True, **_where("state = 'waiting'"))
Index("uq_posts_open", posts.c.person_id, posts.c.role, posts.c.unit_id, unique=True, **_where("until IS NULL"))
Index("uq_quotas_current", quotas.c.unit_id, quotas.c.period, unique=True, **_where("is_current"))
Index("uq_snags_open", snags.c.candidate_id, unique=True, **_where("closed_at IS NULL"))
Index("ix_candidates_namesakes", candidates.c.unit_id, candidates.c.folded)
Index("uq_batches_digest", batches.c.digest, unique=True, **_where("undone_at IS NULL AND digest <> ''"))
Index("uq_entries_digest", entries.c.digest, unique=True, **_where("state = 'live'"))
Index(
    "uq_entries_candidate",
    entries.c.candidate_id,
    unique=True,
    **_where("state = 'live' AND kind = 'admission'"),
)
Index(
    "uq_entries_nothing",
    entries.c.unit_id,
    entries.c.month,
    unique=True,
    **_where("state = 'live' AND kind = 'nothing'"),
)
Index("uq_learners_open", learners.c.candidate_id, unique=True, **_where("result IS NULL"))
Index("ix_entries_ceremony", entries.c.unit_id, entries.c.ceremony_on)
Index("ix_entries_decision", entries.c.unit_id, entries.c.decision_on)
Index("ix_entries_author", entries.c.author_id, entries.c.number)
Index("ix_questions_open", questions.c.contact_id, questions.c.id, **_where("settled_at IS NULL"))
Index("ix_inbox_waiting", inbox.c.contact_id, inbox.c.id, **_where("state = 'waiting'"))
Index("ix_inbox_message", inbox.c.contact_id, inbox.c.message_id)
Index("ix_outbox_open", outbox.c.kind, outbox.c.id, **_where("state IN ('planned', 'held', 'claimed', 'uncertain')"))
Index("ix_outbox_chat", outbox.c.contact_id, outbox.c.id)
Index("ix_outbox_person", outbox.c.person_id, outbox.c.rule)
Index("ix_outbox_question", outbox.c.question_id)
Index("uq_incidents_open", incidents.c.kind, incidents.c.key, unique=True, **_where("closed_at IS NULL"))
