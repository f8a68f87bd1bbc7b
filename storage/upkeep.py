"""What is emptied or forgotten once its time is over."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, null, or_, select, update

from domain.office import Retention
from domain.records import Standing
from storage.database import Database
from storage.misread import forget_misread
from storage.requesting import expire_requests, forget_people
from storage.tables import candidates, heard, inbox, outbox, questions, sheets


async def forget(db: Database, retention: Retention, now: datetime) -> int:
    """Everything over its time, in one commit; how many rows that touched."""

    def write(tx: Connection) -> int:
        return (
            empty_texts(tx, before=now - timedelta(days=retention.text_days))
            + forget_keys(tx, before=now - timedelta(days=retention.key_days))
            + forget_sheets(tx, before=now - timedelta(days=retention.key_days))
            + forget_drafts(tx, before=now - timedelta(days=retention.draft_days))
            + empty_cards(tx, now)
            + forget_said(
                tx,
                replies_before=now - timedelta(days=retention.key_days),
                letters_before=now - timedelta(days=retention.letter_days),
            )
            + forget_questions(tx, before=now - timedelta(days=retention.key_days))
            + expire_requests(tx, now)
            + forget_misread(tx, before=(now - timedelta(days=retention.misread_days)).date())
            + forget_people(tx, before=now - timedelta(days=retention.draft_days))
        )

    return await db.write(write)


def empty_texts(tx: Connection, *, before: datetime) -> int:
    """What people wrote and which workbooks they sent, of turns that ended before a moment."""
    kept = (inbox.c.text, inbox.c.code, inbox.c.sender, inbox.c.file)
    old = and_(inbox.c.done_at < before, or_(*(column != "" for column in kept)))
    return tx.execute(update(inbox).where(old).values(text="", code="", sender="", file="", marks=[])).rowcount


def forget_keys(tx: Connection, *, before: datetime) -> int:
    """Keys of what was heard before a moment, and what is left of those messages."""
    tx.execute(delete(inbox).where(inbox.c.done_at < before))
    return tx.execute(delete(heard).where(heard.c.heard_at < before)).rowcount


def forget_sheets(tx: Connection, *, before: datetime) -> int:
    """Figures of messages sent before a moment; their short codes can be given again."""
    return tx.execute(delete(sheets).where(sheets.c.made_at < before)).rowcount


def forget_said(tx: Connection, *, replies_before: datetime, letters_before: datetime) -> int:
    """Rows of what was said, whose words are long gone; letters stay longer, to tell why one came or did not."""
    reply, letter = outbox.c.kind == "reply", outbox.c.kind == "letter"
    old = or_(and_(reply, outbox.c.settled_at < replies_before), and_(letter, outbox.c.settled_at < letters_before))
    return tx.execute(delete(outbox).where(old)).rowcount


def forget_questions(tx: Connection, *, before: datetime) -> int:
    """Questions that were over before a moment. The newest stays, so that on SQLite its number is not given again."""
    over = or_(questions.c.settled_at < before, questions.c.expires_at < before)
    newest = select(func.max(questions.c.id)).scalar_subquery()
    gone = select(questions.c.id).where(over, questions.c.id < newest)
    tx.execute(update(outbox).where(outbox.c.question_id.in_(gone)).values(question_id=None))
    return tx.execute(delete(questions).where(questions.c.id.in_(gone))).rowcount


def forget_drafts(tx: Connection, *, before: datetime) -> int:
    """People who stood only on a card that nobody answered."""
    old = (candidates.c.standing == Standing.DRAFT.value) & (candidates.c.made_at < before)
    return tx.execute(delete(candidates).where(old)).rowcount


def empty_cards(tx: Connection, now: datetime) -> int:
    """Words of cards that perhaps arrived and whose question is over."""
    over = select(questions.c.id).where(or_(questions.c.settled_at.is_not(None), questions.c.expires_at <= now))
    unsure = and_(
        outbox.c.state == "uncertain",
        outbox.c.settled_at.is_not(None),
        outbox.c.body.is_not(None),
        outbox.c.question_id.in_(over),
    )
    return tx.execute(update(outbox).where(unsure).values(body=null())).rowcount
