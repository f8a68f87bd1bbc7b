"""What a turn changes: frozen data decided by a handler, applied by `storage.apply` in one transaction.

A change carries the version it was decided on; if that has moved meanwhile, `refusals.Conflict` sends the
handler round again on fresh reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.classes import TrainingClass
from domain.messages import Reply
from domain.office import OfficePlan
from domain.people import Role
from domain.quotas import Quota, Standing
from domain.records import Candidate, DropReason, EntryKind, Move
from domain.snags import Settling, SnagKind


@dataclass(frozen=True, slots=True)
class AddCandidate:
    """A new row in `candidates`; the id was drawn by the turn. A draft stands only on a card."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class ChangeCandidate:
    """The candidate as it shall be; `version` inside is the one it was read with."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class MoveCandidate:
    """The candidate as it shall be, in another stage, and the move that led there."""

    candidate: Candidate
    move: Move


@dataclass(frozen=True, slots=True)
class OpenSnag:
    """Something blocks the way of a candidate; one snag of a candidate is open at a time."""

    candidate_id: int
    unit_id: int
    kind: SnagKind


@dataclass(frozen=True, slots=True)
class SettleSnag:
    """An open snag is taken over by the person of this turn, or it is gone."""

    snag_id: int
    settling: Settling


@dataclass(frozen=True, slots=True)
class ForgetDrafts:
    """Draft candidates whose card was dropped: their rows go."""

    candidate_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DropCandidate:
    candidate_id: int
    version: int
    reason: DropReason
    on: date


@dataclass(frozen=True, slots=True)
class OpenClass:
    """A class that a unit will hold; its number is given while it is written."""

    held: TrainingClass


@dataclass(frozen=True, slots=True)
class JoinClass:
    """People and their units are registered in this order; other registrations of theirs that are open end."""

    held: TrainingClass
    people: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class EndClass:
    """The class is over, with the day of its certificates: what came of each registration that had a seat."""

    held: TrainingClass
    certified: tuple[int, ...]
    absent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A new entry; its number is given while it is written. `replaces` is the live entry that it corrects.

    `candidate` is the person as he or she shall stand once the entry is written (a draft becomes live, consent
    is set, the stage moves); None for entries without a person.
    """

    kind: EntryKind
    unit_id: int
    candidate: Candidate | None = None
    ceremony_on: date | None = None
    decision_on: date | None = None
    decision_no: str = ""
    month: date | None = None
    count: int = 1
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """A live entry ends as undone; its candidate returns to the stage before it."""

    number: int


@dataclass(frozen=True, slots=True)
class Restore:
    """An undone entry lives again."""

    number: int


@dataclass(frozen=True, slots=True)
class UndoBatch:
    """A whole import ends, but for what was touched since; who came with it is erased."""

    number: int


@dataclass(frozen=True, slots=True)
class SetQuota:
    """A new version of a unit's quota; `replaces` is the id of the version it was decided on, if any."""

    quota: Quota
    replaces: int | None


@dataclass(frozen=True, slots=True)
class MarkNobodyLeft:
    """A branch has nobody left to admit (`nobody_left`), or has somebody again."""

    unit_id: int
    version: int
    nobody_left: bool


@dataclass(frozen=True, slots=True)
class MakeInvite:
    """A one-time invite, kept as the fingerprint of its code. It is for none of `but`, whoever else holds the post.

    `bot` is the key of the one whose free place it was told of.
    """

    fingerprint: str
    role: Role
    unit_id: int | None
    name: str
    expires_at: datetime
    but: tuple[int, ...] = ()
    bot: str = ""


@dataclass(frozen=True, slots=True)
class UseInvite:
    """The invite is spent by this address: the person (a new one if None) gets the post and the address."""

    invite_id: int
    address_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True)
class NamePerson:
    """Somebody new to us is named on a card: a row in `people` that stands for the draft drawn by the turn."""

    draft: int
    name: str


@dataclass(frozen=True, slots=True)
class GiveName:
    """Somebody who joined without a name tells it."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """The card on which somebody new was named is dropped: the row goes."""

    draft: int


@dataclass(frozen=True, slots=True)
class RequestPost:
    """Somebody asks from this chat for a post; `deciders` get a letter with the card once it may go.

    The unit is as typed; `unit_id` only where it is clear which one is meant.
    """

    contact_id: int
    person_id: int
    role: Role
    unit_id: int | None
    unit_said: str
    expires_at: datetime
    deciders: tuple[int, ...]
    not_before: datetime


@dataclass(frozen=True, slots=True)
class DecideRequest:
    """The first decision on a request: the post is given in the unit, or the request refused (`unit_id` None).

    `told` is said in the chat from which it was asked.
    """

    request_id: int
    unit_id: int | None
    told: Reply


@dataclass(frozen=True, slots=True)
class HandOver:
    """A post goes to another person for good, or until a day while its holder is away.

    The successor is known by id. Whoever has no chat yet gets the invite under `fingerprint`.
    """

    post_id: int
    holder_id: int
    successor_id: int
    until: date | None
    fingerprint: str
    expires_at: datetime
    bot: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A handover is undone: the old post lives again, the new one ends."""

    post_id: int
    new_post_id: int


@dataclass(frozen=True, slots=True)
class LockChat:
    """Every right of a chat ends; its person gets a new invite as himself. `told` is said in his other chats."""

    contact_id: int
    person_id: int
    fingerprint: str
    expires_at: datetime
    told: Reply
    but: int


@dataclass(frozen=True, slots=True)
class MakeLink:
    """A code that links another chat to the person of this turn; the one before is dead. The post opens the door."""

    fingerprint: str
    role: Role
    unit_id: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkChat:
    """The code is spent by this chat, which is the person's from now on; whoever had it, `before`, loses it.

    `told` is said in the person's other chats, `left` in those of whoever lost this one.
    """

    invite_id: int
    contact_id: int
    person_id: int
    before: int | None
    told: Reply
    left: Reply


@dataclass(frozen=True, slots=True)
class UnlinkChat:
    """A chat is nobody's from now on; its person has another. `told` is said in the others but the one of this turn."""

    contact_id: int
    person_id: int
    told: Reply
    but: int


@dataclass(frozen=True, slots=True)
class PreferChat:
    """The person of this turn wants letters in this chat; with None where they were last heard."""

    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Announce:
    """One letter to each of the people, about the unit in which each answers; once for the message it came in."""

    unit_id: int
    item_id: int
    to: tuple[tuple[int, int], ...]
    not_before: datetime
    reply: Reply


@dataclass(frozen=True, slots=True)
class CountAsked:
    """A stranger was asked something in this chat."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class CountGuess:
    """A code that fitted nothing was typed in this chat."""

    address_id: int


@dataclass(frozen=True, slots=True)
class MarkReach:
    """The person blocked the bot, or came back."""

    contact_id: int
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class MarkGreeted:
    """A stranger in this chat was told how to join."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class MarkOutageTold:
    """In this chat it was said that the bot had stopped until then."""

    contact_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class BindGroup:
    """A group may ask how a unit stands, or with None no more: by a person who wrote there, as that person was read."""

    contact_id: int
    unit_id: int | None
    person_id: int
    version: int


@dataclass(frozen=True, slots=True)
class NoteMisread:
    """A message was not understood: its shape, which tells of nobody, is counted."""

    shape: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Names of a unit were shown to the person of this turn, or refused; kept in the audit."""

    what: str
    unit_id: int | None
    count: int
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """A workbook, all of it or nothing. `counted` is what it was to change when the card was shown: no longer that,
    nothing is written. `folded` makes the keys of names; whatever is not in or below the units `within` is unknown.
    """

    plan: OfficePlan
    counted: Mapping[str, int]
    folded: Callable[[str], str]
    within: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlanLetter:
    """A letter to one person, once per key. Without a reply it is composed when it is claimed, by its rule."""

    key: str
    rule: str
    person_id: int
    not_before: datetime
    unit_id: int | None = None
    period: str = ""
    step: int = 0
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class RestLetters:
    """The person of this turn wants no reminders up to a day; with None again, and what waited goes at `when`."""

    until: date | None
    when: datetime | None = None


Change = (
    RestLetters
    | AddCandidate
    | ChangeCandidate
    | MoveCandidate
    | OpenSnag
    | SettleSnag
    | ForgetDrafts
    | DropCandidate
    | OpenClass
    | JoinClass
    | EndClass
    | Record
    | Undo
    | Restore
    | UndoBatch
    | SetQuota
    | MarkNobodyLeft
    | MakeInvite
    | UseInvite
    | NamePerson
    | GiveName
    | ForgetPerson
    | RequestPost
    | DecideRequest
    | HandOver
    | TakeBack
    | LockChat
    | MakeLink
    | LinkChat
    | UnlinkChat
    | PreferChat
    | Announce
    | CountAsked
    | CountGuess
    | MarkReach
    | MarkGreeted
    | MarkOutageTold
    | BindGroup
    | NoteMisread
    | Looked
    | LoadPlan
    | PlanLetter
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the transaction gave: the numbers of the entries in order, and how the units asked for stand now.

    `batch` is the number under which the past years of a workbook can be undone; `made` is the id of the person named
    or invited, of the request, of the announcement or of the class.
    """

    numbers: tuple[int, ...]
    standings: dict[int, Standing]
    batch: int | None = None
    made: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What an open question is about. `form` names it, `fields` are plain values and ids, never a name.

    The handler that opened it reads it again. Draft people are rows in `candidates` (standing: draft).
    """

    form: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler decided. `reply` may need what only the transaction knows (numbers, new figures).

    None says nothing at all (a press that only blocks the bot, say).
    `settles` is the question answered by this; `draft` goes with the reply's choices into a new question.
    `recount` names the units whose standing of `year` the reply prints.
    """

    reply: Reply | Callable[[Written], Reply] | None
    changes: tuple[Change, ...] = ()
    settles: int | None = None
    draft: Draft | None = None
    recount: tuple[int, ...] = ()
    year: int = 0
