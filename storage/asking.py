"""Replies and letters on their way into the outbox, with the questions that their choices or drafts open."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from domain.changes import Draft
from domain.messages import FigureSheet, Reply
from domain.refusals import Conflict
from storage.bodies import choices_json, draft_json, figures_from, figures_json, reply_json
from storage.database import insert_into
from storage.tables import addresses, outbox, questions, sheets

QUESTION_HOURS = 24

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_NEW_ROW = insert(outbox).returning(outbox.c.id)
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
    .returning(questions.c.id)
)


@cache
def _new_sheet(dialect: str) -> ReturningInsert[str]:
    return insert_into(dialect, sheets).on_conflict_do_nothing().returning(sheets.c.code)


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
) -> int:
    """The reply as a row that waits to be sent; its id."""
    question_id = ask(
        tx,
        contact_id=contact_id,
        person_id=person_id,
        reply=reply,
        draft=draft,
        now=now,
        question_hours=question_hours,
    )
    row = outbox_row(kind="reply", person_id=person_id, now=now) | {
        "contact_id": contact_id,
        "item_id": item_id,
        "question_id": question_id,
        "body": reply_json(reply),
    }
    return tx.execute(_NEW_ROW, row).scalar_one()


def ask(
    tx: Connection,
    *,
    contact_id: int,
    person_id: int | None,
    reply: Reply,
    draft: Draft | None,
    now: datetime,
    question_hours: int = QUESTION_HOURS,
) -> int | None:
    """A question for the reply's choices or the draft, if there are any; numbered on from a card still open.

    Choices without a draft only lead on: of those a number always means the newest.
    """
    if not reply.choices and draft is None:
        return None
    if tx.dialect.name != "sqlite":
        # Two questions of one chat must not number their choices at once: the row of the chat is the lock. On SQLite
        # the whole database is.
        tx.execute(_LOCK_CHAT, {"contact": contact_id})
    row = {
        "chat": contact_id,
        "now": now,
        "more": len(reply.choices),
        "contact_id": contact_id,
        "person_id": person_id,
        "draft": draft_json(draft),
        "choices": choices_json(reply.choices),
        "asked_at": now,
        "expires_at": now + timedelta(hours=question_hours),
        "is_sent": False,
        "is_uncertain": False,
    }
    return tx.execute(_NEW_QUESTION, row).scalar_one()


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
    return {
        "kind": kind,
        "person_id": person_id,
        "rule": "",
        "period": "",
        "step": 0,
        "state": "planned",
        "reason": "",
        "attempts": 0,
        "lease_until": 0.0,
        "heard_before": 0,
        "is_repeat": False,
        "made_at": now,
        "message_id": "",
    }
