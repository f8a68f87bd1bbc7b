"""Replies and letters on their way into the outbox, with the questions that their choices or drafts open."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Double, Integer, String, bindparam, case, exists, func, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from domain.changes import Draft
from domain.messages import FigureSheet, Reply
from domain.refusals import Conflict
from storage.bodies import choices_json, draft_json, figures_from, figures_json, reply_json
from storage.read.questions import Question
from storage.statements import LEASE_CLOCK, insert_into
from storage.tables import addresses, outbox, questions, sheets

QUESTION_HOURS = 24

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_NEW_ROW = insert(outbox).returning(outbox.c.id)
_earlier = outbox.alias("earlier")
_waits = exists().where(
    _earlier.c.contact_id == bindparam("chat"),
    _earlier.c.kind == "reply",
    _earlier.c.state.in_(("planned", "claimed")),
)
# In a chat only the oldest waiting reply is given out, so that answers come in order.
_NEW_CLAIMED_ROW = (
    insert(outbox)
    .values(
        state=case((_waits, "planned"), else_="claimed"),
        owner=case((_waits, None), else_=bindparam("by", type_=String)),
        attempts=case((_waits, 0), else_=1),
        lease_until=LEASE_CLOCK + bindparam("seconds", type_=Double),
        heard_before=select(addresses.c.last_item_id).where(addresses.c.id == bindparam("chat")).scalar_subquery(),
    )
    .returning(outbox.c.id, outbox.c.state)
)
_LOCK_CHAT = select(addresses.c.id).where(addresses.c.id == bindparam("contact")).with_for_update()
_open = questions.alias("open")
_last_number = func.coalesce(
    select(func.max(_open.c.last_number))
    .where(
        _open.c.contact_id == bindparam("chat"),
        _open.c.draft.is_not(None),
        _open.c.settled_at.is_(None),
        _open.c.expires_at > bindparam("now"),
    )
    .scalar_subquery(),
    0,
)
_NEW_QUESTION = (
    insert(questions)
    .values(first_number=_last_number + 1, last_number=_last_number + bindparam("more", type_=Integer))
    .returning(questions.c.id, questions.c.first_number)
)


@cache
def _new_sheet(dialect: str) -> ReturningInsert[str]:
    return insert_into(dialect, sheets).on_conflict_do_nothing().returning(sheets.c.code)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row that is ours to send. `is_repeat`: it may have been said before.

    `others` are the further letters of the same person that are due now: all of a morning are one message. Of a reply
    they are the next replies in its chat, where messages are saved.
    """

    id: int
    kind: str
    contact_id: int
    chat: str
    is_group: bool
    person_id: int | None
    reply: Reply | None
    question: Question | None
    rule: str
    unit_id: int | None
    period: str
    step: int
    attempts: int
    is_repeat: bool
    made_at: datetime
    others: tuple["OutboxRow", ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """Whoever sends for a chat and can say an answer at once: it is claimed for them in the commit that makes it.

    `take` is to be called after that commit, whatever else happens.
    """

    owner: str
    lease_seconds: float
    chat: str
    is_group: bool
    take: Callable[[OutboxRow], Awaitable[None]]


def put_reply(
    tx: Connection,
    *,
    contact_id: int,
    person_id: int | None,
    item_id: int | None,
    reply: Reply,
    draft: Draft | None,
    now: datetime,
    question_hours: int = QUESTION_HOURS,
    saying: Saying | None = None,
) -> OutboxRow | None:
    """The reply as a row that waits to be sent; claimed for `saying`, and returned, if nothing waits before it."""
    question = ask(
        tx,
        contact_id=contact_id,
        person_id=person_id,
        reply=reply,
        draft=draft,
        now=now,
        question_hours=question_hours,
    )
    row = _new_row("reply", person_id, now) | {
        "contact_id": contact_id,
        "item_id": item_id,
        "question_id": question.id if question else None,
        "body": reply_json(reply),
    }
    if saying is None:
        tx.execute(_NEW_ROW, row | _UNCLAIMED)
        return None
    claim = {"chat": contact_id, "by": saying.owner, "seconds": saying.lease_seconds, "claimed_at": now}
    made = tx.execute(_NEW_CLAIMED_ROW, row | claim).one()
    if made.state != "claimed":
        return None
    return OutboxRow(
        id=made.id,
        kind="reply",
        contact_id=contact_id,
        chat=saying.chat,
        is_group=saying.is_group,
        person_id=person_id,
        reply=reply,
        question=question,
        rule="",
        unit_id=None,
        period="",
        step=0,
        attempts=1,
        is_repeat=False,
        made_at=now,
    )


def ask(
    tx: Connection,
    *,
    contact_id: int,
    person_id: int | None,
    reply: Reply,
    draft: Draft | None,
    now: datetime,
    question_hours: int = QUESTION_HOURS,
) -> Question | None:
    """A question for the reply's choices or the draft, if there are any; numbered on from a card still open.

    Choices without a draft only lead on: of those a number always means the newest.
    """
    if not reply.choices and draft is None:
        return None
    if tx.dialect.name != "sqlite":
        # Two questions of one chat must not number their choices at once: the row of the chat is the lock. On SQLite
        # the whole database is.
        tx.execute(_LOCK_CHAT, {"contact": contact_id})
    expires_at = now + timedelta(hours=question_hours)
    row = {
        "chat": contact_id,
        "now": now,
        "more": len(reply.choices),
        "contact_id": contact_id,
        "person_id": person_id,
        "draft": draft_json(draft),
        "choices": choices_json(reply.choices),
        "asked_at": now,
        "expires_at": expires_at,
        "is_sent": False,
        "is_uncertain": False,
    }
    made = tx.execute(_NEW_QUESTION, row).one()
    return Question(
        id=made.id,
        contact_id=contact_id,
        person_id=person_id,
        draft=draft,
        choices=reply.choices,
        first_number=made.first_number,
        asked_at=now,
        expires_at=expires_at,
        settled_at=None,
        is_sent=False,
        is_uncertain=False,
    )


def keep_sheet(tx: Connection, sheet: FigureSheet, person_id: int | None, now: datetime) -> None:
    """The figures of a message under their code: the same ones once, and no others under a code that is taken."""
    kept = {"code": sheet.code, "person_id": person_id, "figures": figures_json(sheet.figures), "made_at": now}
    if tx.execute(_new_sheet(tx.dialect.name), kept).scalar_one_or_none() is not None:
        return
    known = tx.execute(select(sheets).where(sheets.c.code == sheet.code)).one()
    if (figures_from(known.figures), known.person_id) != (sheet.figures, person_id):
        raise Conflict


def outbox_row(*, kind: str, person_id: int | None, now: datetime) -> dict[str, Any]:
    """A row of the outbox with nothing particular yet."""
    return _new_row(kind, person_id, now) | _UNCLAIMED


_UNCLAIMED = {"state": "planned", "attempts": 0, "lease_until": 0.0, "heard_before": 0}


def _new_row(kind: str, person_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "kind": kind,
        "person_id": person_id,
        "rule": "",
        "period": "",
        "step": 0,
        "reason": "",
        "is_repeat": False,
        "made_at": now,
        "message_id": "",
    }
