"""What is to be said: replies and letters, each claimed so that nobody else sends it too, then settled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    FromClause,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    update,
)

from domain.budget import BotMonth
from domain.changes import Draft
from domain.messages import Reply
from domain.refusals import Conflict
from storage.asking import QUESTION_HOURS, OutboxRow, ask, keep_sheet
from storage.bodies import reply_from, reply_json
from storage.database import Database
from storage.reaching import best_first
from storage.read.questions import Question, question_of
from storage.statements import LEASE_CLOCK, lease_over
from storage.tables import addresses, outbox, questions
from storage.turns import block
from storage.usage import add_usage

EMPTY: Mapping[int, int | None] = {}
CARD_MINUTES = 15
"""A letter waits so long while the chat has an open card."""

TOGETHER = 20
"""So many letters a person can have in one message."""

TRIES_PER_REPLY = 6
"""A reply whose sender dies each time is given up after this many."""

RAN_OUT = "claim ran out"
SHUT = "until they write"
"""Why a letter waits whose person has only chats that take none now."""

MERGED = 5
"""So many replies share a message at most."""

_SETTLED = ("sent", "failed", "skipped", "cancelled")


def _takes_letters(here: FromClause) -> ColumnElement[bool]:
    return and_(~here.c.is_blocked, ~here.c.is_group, here.c.shut_at.is_(None))


def _is_saving(here: FromClause) -> ColumnElement[int]:
    """Whether it belongs to a bot whose messages of the month run out: letters go there last."""
    return case(((here.c.channel + ":" + here.c.account).in_(bindparam("saving", expanding=True)), 1), else_=0)


# Statements of every turn are made once: to make one costs several times what it costs to run it.
_here = and_(addresses.c.channel == bindparam("channel"), addresses.c.account == bindparam("account"))
_seconds_on = LEASE_CLOCK + bindparam("seconds", type_=Double)
_NOT_OVER = (
    select(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state.in_(("claimed", "uncertain")))
    .order_by(outbox.c.id)
    .with_for_update()
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("as"),
        reason=bindparam("why"),
        owner=None,
        body=null(),
        settled_at=outbox.c.claimed_at,
        message_id=bindparam("message"),
    )
)
_RAN_OUT_CLAIMS = (
    select(outbox)
    .where(
        outbox.c.state == "claimed",
        lease_over(outbox.c.lease_until, LEASE_CLOCK),
        outbox.c.contact_id.in_(select(addresses.c.id).where(_here)),
    )
    .with_for_update(skip_locked=True)
)
_GIVE_UP = (
    update(outbox)
    .where(
        outbox.c.state == "uncertain",
        outbox.c.kind == "reply",
        outbox.c.reason != RAN_OUT,
        outbox.c.settled_at.is_(None),
        outbox.c.contact_id.in_(
            select(addresses.c.id).where(_here, addresses.c.last_item_id > outbox.c.heard_before).correlate(outbox)
        ),
    )
    .values(settled_at=outbox.c.claimed_at, reason="written since")
)
_EMPTY_GIVEN_UP = (
    update(outbox)
    .where(
        outbox.c.state == "uncertain",
        outbox.c.reason == "written since",
        outbox.c.question_id.is_(None),
        outbox.c.body.is_not(None),
    )
    .values(body=null())
)
_HOLD = (
    update(outbox)
    .where(
        outbox.c.kind == "letter",
        outbox.c.state == "planned",
        outbox.c.not_before <= bindparam("now"),
        ~exists().where(addresses.c.person_id == outbox.c.person_id, _takes_letters(addresses)),
    )
    .values(
        state="held",
        reason=case(
            (
                exists().where(
                    addresses.c.person_id == outbox.c.person_id,
                    ~addresses.c.is_blocked,
                    addresses.c.shut_at.is_not(None),
                ),
                SHUT,
            ),
            else_="no address",
        ),
    )
)
_earlier = outbox.alias("earlier")
_DUE_REPLIES = (
    select(outbox, addresses.c.chat, addresses.c.is_group, addresses.c.last_item_id)
    .join_from(outbox, addresses, addresses.c.id == outbox.c.contact_id)
    .where(
        outbox.c.kind == "reply",
        or_(
            and_(
                outbox.c.state == "planned",
                or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now")),
            ),
            and_(
                outbox.c.state == "uncertain",
                outbox.c.settled_at.is_(None),
                lease_over(outbox.c.lease_until, LEASE_CLOCK),
                or_(outbox.c.reason == RAN_OUT, addresses.c.last_item_id <= outbox.c.heard_before),
            ),
        ),
        ~exists().where(
            _earlier.c.contact_id == outbox.c.contact_id,
            _earlier.c.kind == "reply",
            _earlier.c.state.in_(("planned", "claimed")),
            _earlier.c.id < outbox.c.id,
        ),
        _here,
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=outbox, skip_locked=True)
)
_mine = addresses.alias("mine")
_DUE_LETTERS = (
    select(
        outbox,
        addresses.c.chat,
        addresses.c.is_group,
        addresses.c.last_item_id,
        addresses.c.id.label("last_heard_id"),
    )
    .join_from(
        outbox,
        addresses,
        addresses.c.id
        == select(_mine.c.id)
        .where(_mine.c.person_id == outbox.c.person_id, _takes_letters(_mine))
        .order_by(_is_saving(_mine), *best_first(_mine))
        .limit(1)
        .correlate(outbox)
        .scalar_subquery(),
    )
    .where(
        outbox.c.kind == "letter",
        outbox.c.state == "planned",
        outbox.c.not_before <= bindparam("now"),
        _here,
        ~exists().where(
            questions.c.contact_id == addresses.c.id,
            questions.c.draft.is_not(None),
            questions.c.settled_at.is_(None),
            questions.c.expires_at > bindparam("now"),
            questions.c.asked_at > bindparam("cards_since"),
            or_(outbox.c.question_id.is_(None), questions.c.id != outbox.c.question_id),
        ),
    )
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=outbox, skip_locked=True)
)
_DUE_WITH_THEM = _DUE_LETTERS.where(outbox.c.person_id.in_(bindparam("people", expanding=True)))
_NEXT_REPLIES = (
    select(outbox, addresses.c.chat, addresses.c.is_group, addresses.c.last_item_id)
    .join_from(outbox, addresses, addresses.c.id == outbox.c.contact_id)
    .where(
        outbox.c.kind == "reply",
        outbox.c.state == "planned",
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now")),
        outbox.c.contact_id.in_(bindparam("contacts", expanding=True)),
    )
    .order_by(outbox.c.id)
    .with_for_update(of=outbox, skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state="claimed",
        owner=bindparam("by"),
        lease_until=_seconds_on,
        claimed_at=bindparam("now"),
        contact_id=bindparam("contact"),
        attempts=outbox.c.attempts + 1,
        heard_before=bindparam("heard"),
        is_repeat=bindparam("again"),
        sent_with=bindparam("within"),
    )
)
_QUESTIONS = select(questions).where(questions.c.id.in_(bindparam("ids", expanding=True)))
_TELL_QUESTION = (
    update(questions)
    .where(questions.c.id == bindparam("question"))
    .values(is_sent=bindparam("sent"), is_uncertain=bindparam("unsure"))
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed row: sent, uncertain, failed, skipped, cancelled, or planned again.

    `attempt` says which claim of the row this is about: whoever comes too late changes nothing of a later claim.
    `messages` is how many of the platform's messages went out, or may have.
    """

    id: int
    state: str
    reason: str = ""
    platform_message_id: str = ""
    not_before: datetime | None = None
    attempt: int | None = None
    messages: int = 0


async def claim_sendable(
    db: Database,
    channel: str,
    account: str,
    owner: str,
    now: datetime,
    limit: int,
    lease_seconds: float,
    *,
    letters: int | None = None,
    uncertain_seconds: float = 30,
    settled: Sequence[Settlement] = (),
    sweep: bool = True,
    counted: BotMonth | None = None,
    saving: Collection[str] = (),
    is_merging: bool = False,
) -> list[OutboxRow]:
    """Rows to send through this account, replies before letters; at most `letters` of them are letters.

    What became of earlier ones, `settled`, is written in the same commit. In a chat only its oldest waiting reply is
    given out, so that answers come in order. With `sweep`, claims that have run out come to light: a reply becomes due
    once more, a letter that may have gone out stays uncertain.

    What goes out is counted where messages are `counted`. Letters go through bots that are `saving`, by their keys,
    only to people without another chat; with `is_merging` replies that wait in one chat share a message.
    """
    avoided = list(saving) or ["-"]

    def write(tx: Connection) -> list[OutboxRow]:
        _settle_now(tx, settled, uncertain_seconds, counted)
        if sweep:
            _end_old_claims(tx, channel, account, uncertain_seconds - lease_seconds, counted)
            _give_up_answered(tx, channel, account)
            _hold_without_address(tx, now)
        replies = _due_replies(tx, channel, account, now, limit)
        claimed = _claim(tx, replies, owner, now, lease_seconds)
        if is_merging and claimed:
            claimed = _with_next(tx, claimed, owner, now, lease_seconds)
        room = limit - len(replies)
        room = room if letters is None else min(room, letters)
        if room <= 0:
            return claimed
        mornings: dict[int, list[OutboxRow]] = {}
        for row in _claim(tx, _due_letters(tx, channel, account, now, room, avoided), owner, now, lease_seconds):
            mornings.setdefault(row.person_id or 0, []).append(row)
        if mornings:
            # What else is due for the same people goes with it. Those just claimed wait no more, so none comes twice.
            others = _due_letters(tx, channel, account, now, TOGETHER * room, avoided, of=mornings)
            for row in _claim(tx, others, owner, now, lease_seconds):
                mornings[row.person_id or 0].append(row)
        return claimed + [replace(first, others=tuple(others)) for first, *others in mornings.values()]

    return await db.write(write)


async def compose_letter(
    db: Database,
    row_id: int,
    reply: Reply,
    draft: Draft | None,
    now: datetime,
    *,
    attempt: int | None = None,
    others: Mapping[int, int | None] = EMPTY,
    question_hours: int = QUESTION_HOURS,
) -> Question | None:
    """Keep the words of a letter that is claimed for the `attempt`-th time, and the question that goes with them.

    `others`, each with its attempt, go out within it: from now on nobody knows of any whether it was said.
    """

    def write(tx: Connection) -> Question | None:
        claims = {row_id: attempt, **others}
        ours = outbox.c.id.in_(list(claims)) & (outbox.c.state == "claimed")
        found = tx.execute(select(outbox).where(ours).order_by(outbox.c.id).with_for_update())
        rows = {row.id: row for row in found if claims[row.id] in (None, row.attempts)}
        if len(rows) < len(claims):
            raise Conflict
        row = rows[row_id]
        asked = [one.question_id for one in rows.values() if one.question_id is not None]
        if asked:
            tx.execute(update(questions).where(questions.c.id.in_(asked)).values(settled_at=now))
        question = ask(
            tx,
            contact_id=row.contact_id,
            person_id=row.person_id,
            reply=reply,
            draft=draft,
            now=now,
            question_hours=question_hours,
        )
        if reply.sheet is not None:
            keep_sheet(tx, reply.sheet, row.person_id, now)
        # A letter that was planned with its words keeps them, for if it has to wait it may go out without the others.
        body = row.body if row.body is not None and others else reply_json(reply)
        of_question = question.id if question else None
        here = outbox.c.id == row_id
        tx.execute(update(outbox).where(here).values(body=body, question_id=of_question, sent_with=None))
        if others:
            within = outbox.c.id.in_(list(others))
            tx.execute(update(outbox).where(within).values(sent_with=row_id, question_id=None))
        return question

    return await db.write(write)


async def settle(
    db: Database, results: Sequence[Settlement], *, uncertain_seconds: float = 30, counted: BotMonth | None = None
) -> None:
    """What became of claimed rows, in one commit. Rows that are settled keep no words."""
    await db.write(lambda tx: _settle_now(tx, results, uncertain_seconds, counted))


async def mark_unreachable(db: Database, contact_id: int, reason: str, now: datetime) -> None:
    """Nothing arrives in this chat any more: its replies are given up, the person's letters wait."""
    await db.write(lambda tx: block(tx, contact_id, reason, now))


async def shut_for_letters(db: Database, contact_id: int, now: datetime) -> None:
    """The platform takes no letter in this chat until its person writes: it goes another way, or waits."""
    await db.write(lambda tx: tx.execute(update(addresses).where(addresses.c.id == contact_id).values(shut_at=now)))


def _settle_now(
    tx: Connection, results: Sequence[Settlement], uncertain_seconds: float, counted: BotMonth | None = None
) -> None:
    if not results:
        return
    messages = 0
    rows = {row.id: row for row in tx.execute(_NOT_OVER, {"ids": [one.id for one in results]})}
    done: list[dict[str, Any]] = []
    told: list[tuple[Row[Any], str]] = []
    for result in results:
        row = rows.get(result.id)
        if row is None or not _is_open_to(result, row):
            continue
        told.append((row, result.state))
        # Of a claim that ran out one message was counted already, for it may have gone out.
        messages += max(0, result.messages - (row.state == "uncertain"))
        if result.state in _SETTLED:
            rows.pop(result.id)
            values = {"as": result.state, "why": result.reason, "message": result.platform_message_id}
            done.append({"row": row.id, **values})
            continue
        values = {"state": result.state, "reason": result.reason, "owner": None}
        if result.state == "uncertain":
            values |= _uncertain(row, LEASE_CLOCK + uncertain_seconds, is_lost=result.reason == RAN_OUT)
        else:
            values |= {"not_before": result.not_before, "lease_until": 0.0, "sent_with": None}
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(values))
    if done:
        tx.execute(_SETTLE, done)
    _tell_questions(tx, told)
    if counted is not None:
        add_usage(tx, counted, said=messages)


def _is_open_to(result: Settlement, row: Row[Any]) -> bool:
    """An answer that comes late still tells what became of a row, unless it has been given up or claimed again."""
    if result.attempt not in (None, row.attempts):
        return False
    return row.state == "claimed" or row.settled_at is None or result.state != "planned"


def _end_old_claims(tx: Connection, channel: str, account: str, wait_seconds: float, counted: BotMonth | None) -> None:
    """Whoever claimed these is gone, and nobody knows whether they were said; they are counted as if."""
    messages = 0
    for row in tx.execute(_RAN_OUT_CLAIMS, {"channel": channel, "account": account}).all():
        if row.body is None and row.sent_with is None:
            # A letter that had no words yet was surely not said.
            values: dict[str, Any] = {"state": "planned", "reason": "claim ran out", "owner": None}
        else:
            values = {"state": "uncertain", "reason": RAN_OUT, "owner": None}
            due = outbox.c.lease_until + wait_seconds
            values |= _uncertain(row, due, is_lost=True)
            messages += row.sent_with is None
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        _tell_questions(tx, [(row, values["state"])])
    if counted is not None:
        add_usage(tx, counted, said=messages)


def _uncertain(row: Row[Any], due: ColumnElement[float], *, is_lost: bool) -> dict[str, Any]:
    """A reply is said once more; a letter, and a reply already repeated, never again by itself.

    A reply that was lost with its claim may never have left, so it is tried more often.
    """
    if row.kind == "reply" and (not row.is_repeat or (is_lost and row.attempts < TRIES_PER_REPLY)):
        return {"lease_until": due}
    # An open card is kept, so that it can be shown again when its person answers.
    return {"settled_at": row.claimed_at, "body": row.body if row.question_id is not None else null()}


def _give_up_answered(tx: Connection, channel: str, account: str) -> None:
    """Somebody who has written since needs no repetition of what probably arrived.

    What died with its sender may never have left. Everybody is answered at least once, so that is said all the same.
    """
    tx.execute(_GIVE_UP, {"channel": channel, "account": account})
    tx.execute(_EMPTY_GIVEN_UP)


def _hold_without_address(tx: Connection, now: datetime) -> None:
    tx.execute(_HOLD, {"now": now})


def _due_replies(tx: Connection, channel: str, account: str, now: datetime, limit: int) -> list[Row[Any]]:
    here = {"channel": channel, "account": account, "now": now, "most": limit}
    return list(tx.execute(_DUE_REPLIES, here).all())


def _due_letters(
    tx: Connection,
    channel: str,
    account: str,
    now: datetime,
    limit: int,
    saving: Sequence[str],
    *,
    of: Collection[int] | None = None,
) -> list[Row[Any]]:
    """Letters go to the best chat of the person, unless a card waits there for an answer."""
    here = {"channel": channel, "account": account, "now": now, "most": limit, "saving": saving}
    here |= {"cards_since": now - timedelta(minutes=CARD_MINUTES)}
    if of is not None:
        return list(tx.execute(_DUE_WITH_THEM, here | {"people": list(of)}).all())
    return list(tx.execute(_DUE_LETTERS, here).all())


def _with_next(
    tx: Connection, claimed: Sequence[OutboxRow], owner: str, now: datetime, lease_seconds: float
) -> list[OutboxRow]:
    """Each with the replies that wait behind it in its chat, as far as none of them carries a file or is a repeat."""
    first = {one.contact_id: one.id for one in claimed if not one.is_repeat and _is_plain(one.reply)}
    if not first:
        return list(claimed)
    waiting: dict[int, list[Row[Any]]] = {}
    closed: set[int] = set()
    for row in tx.execute(_NEXT_REPLIES, {"contacts": list(first), "now": now}):
        behind = waiting.setdefault(row.contact_id, [])
        if row.contact_id in closed or len(behind) >= MERGED - 1 or not _is_plain(_reply_of(row)):
            closed.add(row.contact_id)
        else:
            behind.append(row)
    rows = [row for behind in waiting.values() for row in behind]
    taken = _claim(tx, rows, owner, now, lease_seconds, within=first)
    behind_of = {row_id: [one for one in taken if one.contact_id == contact] for contact, row_id in first.items()}
    return [replace(one, others=tuple(behind_of.get(one.id, ()))) for one in claimed]


def _is_plain(reply: Reply | None) -> bool:
    return reply is not None and reply.attachment is None


def _claim(
    tx: Connection,
    rows: Sequence[Row[Any]],
    owner: str,
    now: datetime,
    lease_seconds: float,
    *,
    within: Mapping[int, int | None] = EMPTY,
) -> list[OutboxRow]:
    if not rows:
        return []
    asked = _questions(tx, [row.question_id for row in rows])
    taken = [_taken(row, asked) for row in rows]
    claims = [
        {
            "row": one.id,
            "by": owner,
            "seconds": lease_seconds,
            "now": now,
            "contact": one.contact_id,
            "heard": row.last_item_id,
            "again": one.is_repeat,
            "within": within.get(one.contact_id),
        }
        for one, row in zip(taken, rows, strict=True)
    ]
    tx.execute(_CLAIM, claims)
    return taken


def _taken(row: Row[Any], asked: Mapping[int, Question]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        kind=row.kind,
        contact_id=row.contact_id if row.kind == "reply" else row.last_heard_id,
        chat=row.chat,
        is_group=row.is_group,
        person_id=row.person_id,
        reply=_reply_of(row),
        question=asked.get(row.question_id),
        rule=row.rule,
        unit_id=row.unit_id,
        period=row.period,
        step=row.step,
        attempts=row.attempts + 1,
        is_repeat=row.is_repeat or row.state == "uncertain",
        made_at=row.made_at,
    )


def _reply_of(row: Row[Any]) -> Reply | None:
    return reply_from(row.body) if row.body is not None else None


def _questions(tx: Connection, ids: Iterable[int | None]) -> dict[int, Question]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row.id: question_of(row) for row in tx.execute(_QUESTIONS, {"ids": wanted})}


def _tell_questions(tx: Connection, told: Iterable[tuple[Row[Any], str]]) -> None:
    """Which questions were seen, by what became of their rows."""
    asked = sorted(((row, state) for row, state in told if row.question_id is not None), key=lambda one: one[0].id)
    if not asked:
        return
    tx.execute(
        _TELL_QUESTION,
        [
            {"question": row.question_id, "sent": state == "sent", "unsure": state == "uncertain"}
            for row, state in asked
        ],
    )
    for row, state in asked:
        if state in ("failed", "skipped", "cancelled"):
            # Nobody ever saw it.
            over = func.coalesce(questions.c.settled_at, row.claimed_at)
            tx.execute(update(questions).where(questions.c.id == row.question_id).values(settled_at=over))
