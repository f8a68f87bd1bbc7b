"""Open questions, and the figures kept under a code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.changes import Draft
from domain.messages import Choice, FigureSheet
from storage.bodies import choices_from, draft_from, figures_from
from storage.tables import addresses, outbox, questions, sheets

# Statements of every turn are made once: to make one costs several times what it costs to run it.
_QUESTION = select(questions).where(questions.c.id == bindparam("question"))
_OPEN = (
    select(questions)
    .where(
        questions.c.contact_id == bindparam("contact"),
        questions.c.settled_at.is_(None),
        questions.c.expires_at > bindparam("now"),
    )
    .order_by(questions.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot asked. Its choices are numbered from `first_number`, so that no number of a chat means two things.

    `is_sent`: surely seen by the person; `is_uncertain`: perhaps.
    """

    id: int
    contact_id: int
    person_id: int | None
    draft: Draft | None
    choices: tuple[Choice, ...]
    first_number: int
    asked_at: datetime
    expires_at: datetime
    settled_at: datetime | None
    is_sent: bool
    is_uncertain: bool


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """The figures of a message, and to whom it was said."""

    sheet: FigureSheet
    person_id: int | None
    made_at: datetime


async def by_id(tx: AsyncConnection, question_id: int) -> Question | None:
    found = (await tx.execute(_QUESTION, {"question": question_id})).one_or_none()
    return question_of(found) if found else None


async def open_of(tx: AsyncConnection, contact_id: int, now: datetime) -> list[Question]:
    """Questions of a chat that wait for an answer, the newest first."""
    return [question_of(row) for row in await tx.execute(_OPEN, {"contact": contact_id, "now": now})]


async def open_elsewhere(tx: AsyncConnection, person_id: int, contact_id: int, now: datetime) -> Question | None:
    """The newest card of the person that was seen in another private chat of theirs and waits for an answer."""
    query = (
        select(questions)
        .join_from(questions, addresses, addresses.c.id == questions.c.contact_id)
        .where(
            questions.c.person_id == person_id,
            addresses.c.person_id == person_id,
            ~addresses.c.is_group,
            questions.c.contact_id != contact_id,
            questions.c.draft.is_not(None),
            questions.c.settled_at.is_(None),
            questions.c.expires_at > now,
        )
        .order_by(questions.c.id.desc())
        .limit(1)
    )
    found = (await tx.execute(query)).one_or_none()
    return question_of(found) if found else None


async def is_before_them(tx: AsyncConnection, contact_id: int, question_id: int) -> bool:
    """Whether this question is the last thing said in the chat, and has left us: it is sent, or just being sent."""
    query = select(outbox.c.question_id, outbox.c.state).where(outbox.c.contact_id == contact_id)
    newest = (await tx.execute(query.order_by(outbox.c.id.desc()).limit(1))).one_or_none()
    return newest is not None and newest.question_id == question_id and newest.state in ("sent", "claimed")


async def last_said(tx: AsyncConnection, contact_id: int) -> Question | None:
    """The question of the newest message of the chat, if that one asked anything and has left us; expired ones too."""
    query = select(outbox.c.question_id, outbox.c.state).where(outbox.c.contact_id == contact_id)
    left = query.where(outbox.c.state.in_(("sent", "claimed", "uncertain")))
    newest = (await tx.execute(left.order_by(outbox.c.id.desc()).limit(1))).one_or_none()
    return await by_id(tx, newest.question_id) if newest is not None and newest.question_id is not None else None


async def being_sent(tx: AsyncConnection, question_ids: Collection[int]) -> set[int]:
    """Those of the questions whose message is on its way; somebody quick may answer before we know it arrived."""
    if not question_ids:
        return set()
    on_its_way = outbox.c.question_id.in_(set(question_ids)) & (outbox.c.state == "claimed")
    found = (await tx.execute(select(outbox.c.question_id).where(on_its_way))).scalars().all()
    return {one for one in found if one is not None}


async def sheet(tx: AsyncConnection, code: str) -> KeptSheet | None:
    found = (await tx.execute(select(sheets).where(sheets.c.code == code))).one_or_none()
    if found is None:
        return None
    return KeptSheet(FigureSheet(found.code, figures_from(found.figures)), found.person_id, found.made_at)


def question_of(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        contact_id=row.contact_id,
        person_id=row.person_id,
        draft=draft_from(row.draft),
        choices=choices_from(row.choices),
        first_number=row.first_number,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        settled_at=row.settled_at,
        is_sent=row.is_sent,
        is_uncertain=row.is_uncertain,
    )
