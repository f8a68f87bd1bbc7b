"""All changes of a turn, as one plain function in one transaction; counters and audit come about here alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from domain.changes import (
    AddCandidate,
    Announce,
    BindGroup,
    Change,
    ChangeCandidate,
    CountAsked,
    CountGuess,
    DecideRequest,
    DropCandidate,
    EndClass,
    ForgetDrafts,
    ForgetPerson,
    GiveName,
    HandOver,
    JoinClass,
    LinkChat,
    LoadPlan,
    LockChat,
    Looked,
    MakeInvite,
    MakeLink,
    MarkGreeted,
    MarkNobodyLeft,
    MarkOutageTold,
    MarkReach,
    MoveCandidate,
    NamePerson,
    NoteMisread,
    OpenClass,
    OpenSnag,
    Outcome,
    PlanLetter,
    PreferChat,
    Record,
    RequestPost,
    RestLetters,
    Restore,
    SetQuota,
    SettleSnag,
    TakeBack,
    Undo,
    UndoBatch,
    UnlinkChat,
    UseInvite,
    Written,
)
from domain.records import Fact
from domain.refusals import Conflict
from storage import classes, joining, linking, posting, recording, requesting
from storage.asking import QUESTION_HOURS, OutboxRow, Saying, keep_sheet, put_reply
from storage.audit import Trail
from storage.batches import undo_batch
from storage.database import Database
from storage.inbox import Item, Lane, go_on
from storage.letters import plan_now, rest_now
from storage.misread import note_misread
from storage.office import load_as_counted
from storage.read.quotas import standings_now
from storage.setting import mark_nobody_left, set_quota
from storage.snags import open_snag, settle_snag
from storage.tables import inbox, outbox, people, questions
from storage.turns import Turn, must_change

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_FINISH = (
    update(inbox)
    .where(inbox.c.id == bindparam("item"), inbox.c.state == "waiting")
    .values(state="done", done_at=bindparam("now"))
)
_SETTLE = (
    update(questions)
    .where(questions.c.id == bindparam("question"), questions.c.settled_at.is_(None))
    .values(settled_at=bindparam("now"), settled_by=bindparam("item"))
)
_FORGET_CARD = (
    update(outbox).where(outbox.c.question_id == bindparam("question"), outbox.c.state == "uncertain").values(body=None)
)

# Shared: two chats of one person may act at once, a handover waits for both or is seen by both.
_SAME_PERSON = (
    select(people.c.id)
    .where(people.c.id == bindparam("person"), people.c.version == bindparam("version"))
    .with_for_update(read=True)
)


class AlreadyDone(Conflict):
    """The item was finished by somebody else meanwhile; there is nothing left to do."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a turn: what was written, the next item of its lane, and the answer if it is claimed already."""

    written: Written
    following: Item | None
    answer: OutboxRow | None


async def apply(
    db: Database,
    *,
    outcome: Outcome,
    item_id: int | None,
    contact_id: int | None,
    person_id: int | None,
    now: datetime,
    counts_by: Fact,
    question_hours: int = QUESTION_HOURS,
    person_version: int | None = None,
    lane: Lane | None = None,
    saying: Saying | None = None,
) -> Applied:
    """Write the outcome: all of it, or nothing and `Conflict`; then, in the same commit, the next item of the lane.

    The reply goes to `contact_id` if there is one, claimed for `saying` if that can be; the item, if there is one, is
    done. With `person_version`, changes are written only while whoever acts still holds what they held when it was
    decided.
    """

    def write(tx: Connection) -> Applied:
        turn = Turn(tx=tx, now=now, salt=db.salt, person_id=person_id, trail=Trail(now, item_id))
        if item_id is not None:
            _finish(turn, item_id)
        if outcome.settles is not None:
            _settle_question(turn, outcome.settles, item_id)
        if person_version is not None and outcome.changes:
            _still_holds(turn, person_version)
        for change in outcome.changes:
            _write_change(turn, change)
        turn.tally.write(tx)
        standings = standings_now(tx, outcome.recount, outcome.year, counts_by, now.date()) if outcome.recount else {}
        written = Written(tuple(turn.numbers), standings, turn.batch, turn.made)
        reply = outcome.reply(written) if callable(outcome.reply) else outcome.reply
        answer = None
        if reply is not None:
            if reply.sheet is not None:
                keep_sheet(tx, reply.sheet, turn.person_id, now)
            if contact_id is not None:
                answer = put_reply(
                    tx,
                    contact_id=contact_id,
                    person_id=turn.person_id,
                    item_id=item_id,
                    reply=reply,
                    draft=outcome.draft,
                    now=now,
                    question_hours=question_hours,
                    saying=saying,
                )
        following = go_on(tx, lane) if lane is not None else None
        # Last of all: whoever writes to the trail holds up everybody else's turn until the commit.
        turn.trail.write(tx, turn.person_id)
        return Applied(written, following, answer)

    return await db.write(write)


def _write_change(turn: Turn, change: Change) -> None:  # noqa: C901, PLR0912, PLR0915 - one line for each kind of change
    match change:
        case AddCandidate():
            recording.add_candidate(turn, change)
        case ChangeCandidate():
            recording.change_candidate(turn, change)
        case MoveCandidate():
            recording.move_candidate(turn, change)
        case DropCandidate():
            recording.drop_candidate(turn, change)
        case OpenSnag():
            open_snag(turn, change)
        case SettleSnag():
            settle_snag(turn, change)
        case OpenClass():
            classes.open_class(turn, change)
        case JoinClass():
            classes.join_class(turn, change)
        case EndClass():
            classes.end_class(turn, change)
        case ForgetDrafts():
            recording.forget_drafts(turn, change)
        case Record():
            recording.record(turn, change)
        case Undo():
            recording.undo(turn, change)
        case Restore():
            recording.restore(turn, change)
        case UndoBatch():
            undo_batch(turn, change)
        case SetQuota():
            set_quota(turn, change)
        case MarkNobodyLeft():
            mark_nobody_left(turn, change)
        case MakeInvite():
            joining.make_invite(turn, change)
        case UseInvite():
            joining.use_invite(turn, change)
        case NamePerson():
            joining.name_person(turn, change)
        case GiveName():
            joining.give_name(turn, change)
        case ForgetPerson():
            joining.forget_person(turn, change)
        case RequestPost():
            requesting.request_post(turn, change)
        case DecideRequest():
            requesting.decide_request(turn, change)
        case HandOver():
            posting.hand_over(turn, change)
        case TakeBack():
            posting.take_back(turn, change)
        case LockChat():
            posting.lock_chat(turn, change)
        case MakeLink():
            linking.make_link(turn, change)
        case LinkChat():
            linking.link_chat(turn, change)
        case UnlinkChat():
            linking.unlink_chat(turn, change)
        case PreferChat():
            linking.prefer_chat(turn, change)
        case Announce():
            posting.announce(turn, change)
        case CountAsked():
            joining.count_asked(turn, change)
        case CountGuess():
            joining.count_guess(turn, change)
        case MarkReach():
            joining.mark_reach(turn, change)
        case MarkGreeted():
            joining.mark_greeted(turn, change)
        case MarkOutageTold():
            joining.mark_outage_told(turn, change)
        case BindGroup():
            turn.person_id = change.person_id
            _still_holds(turn, change.version)
            joining.bind_group(turn, change)
        case NoteMisread():
            note_misread(turn, change)
        case Looked():
            what = "looked" if change.allowed else "look_refused"
            turn.trail.note(what, unit_id=change.unit_id, view=change.what, count=change.count)
        case LoadPlan():
            turn.batch = load_as_counted(turn, change)
        case RestLetters():
            rest_now(turn, change)
        case PlanLetter():
            plan_now(turn.tx, [change], turn.now)
            turn.trail.note("letter_planned", unit_id=change.unit_id, rule=change.rule, person=change.person_id)


def _still_holds(turn: Turn, version: int) -> None:
    same = turn.tx.execute(_SAME_PERSON, {"person": turn.person_id, "version": version})
    must_change(1 if same.scalar_one_or_none() is not None else 0)


def _finish(turn: Turn, item_id: int) -> None:
    if turn.tx.execute(_FINISH, {"item": item_id, "now": turn.now}).rowcount != 1:
        raise AlreadyDone


def _settle_question(turn: Turn, question_id: int, item_id: int | None) -> None:
    settled = {"question": question_id, "now": turn.now, "item": item_id}
    must_change(turn.tx.execute(_SETTLE, settled).rowcount)
    # A card that may or may not have arrived was kept to be shown again; that is over.
    turn.tx.execute(_FORGET_CARD, {"question": question_id})
