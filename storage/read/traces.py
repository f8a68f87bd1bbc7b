"""What came of a message: which entries and open cards it led to, and what was said in a message of the bot."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Kind
from storage.read.questions import Question, question_of
from storage.tables import addresses, entries, inbox, outbox, questions


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier version of a message, as it was heard; its words are kept for a few days."""

    item_id: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What items led to: the numbers of the entries, and the card that still waits. `is_answer`: one of them answered a
    question themselves.
    """

    numbers: tuple[int, ...] = ()
    waiting: Question | None = None
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot: the question that it asked, and the item that it answered."""

    question_id: int | None
    item_id: int | None


async def versions(tx: AsyncConnection, contact_id: int, message_id: str, *, before: int) -> list[Earlier]:
    """The message with that id of the platform as it was heard before an item, the oldest version first."""
    if not message_id:
        return []
    query = select(inbox.c.id, inbox.c.kind, inbox.c.text).where(
        inbox.c.contact_id == contact_id,
        inbox.c.message_id == message_id,
        inbox.c.kind != Kind.PRESS.value,
        inbox.c.id < before,
    )
    return [Earlier(row.id, Kind(row.kind), row.text) for row in await tx.execute(query.order_by(inbox.c.id))]


async def of_items(
    tx: AsyncConnection, contact_id: int, person_id: int, item_ids: Collection[int], now: datetime
) -> Trace:
    """Follows the items from card to answer to card, up to what was written."""
    numbers: list[int] = []
    waiting: Question | None = None
    ours = questions.c.contact_id == contact_id
    is_answer = bool(
        (await tx.execute(select(questions.c.id).where(ours, questions.c.settled_by.in_(item_ids)))).first()
    )
    followed: set[int] = set()
    items = set(item_ids)
    while items:
        followed |= items
        made = select(entries.c.number).where(entries.c.author_id == person_id, entries.c.item_id.in_(items))
        numbers += (await tx.execute(made)).scalars()
        asked = (
            select(questions)
            .join_from(outbox, questions, questions.c.id == outbox.c.question_id)
            .where(outbox.c.contact_id == contact_id, outbox.c.item_id.in_(items), questions.c.draft.is_not(None))
        )
        rows = (await tx.execute(asked.order_by(questions.c.id))).all()
        open_ones = [row for row in rows if row.settled_at is None and row.expires_at > now]
        waiting = question_of(open_ones[-1]) if open_ones else waiting
        items = {row.settled_by for row in rows if row.settled_by is not None} - followed
    return Trace(tuple(sorted(set(numbers))), waiting, is_answer)


async def said(tx: AsyncConnection, contact_id: int, message_id: str) -> Said | None:
    """The message of ours with that id of the platform; one in parts has an id for each, with blanks between."""
    if not message_id:
        return None
    is_it = (" " + outbox.c.message_id + " ").contains(f" {message_id} ", autoescape=True)
    query = select(outbox.c.question_id, outbox.c.item_id).where(outbox.c.contact_id == contact_id, is_it)
    found = (await tx.execute(query.order_by(outbox.c.id.desc()).limit(1))).one_or_none()
    return Said(found.question_id, found.item_id) if found else None


async def settled_by(tx: AsyncConnection, question_id: int) -> int | None:
    """The item that answered a question."""
    return await tx.scalar(select(questions.c.settled_by).where(questions.c.id == question_id))


async def file_of(tx: AsyncConnection, item_id: int, contact_id: int) -> str:
    """The platform's word for the workbook of an item of this chat, while it is kept."""
    mine = (inbox.c.id == item_id) & (inbox.c.contact_id == contact_id)
    return await tx.scalar(select(inbox.c.file).where(mine)) or ""


async def text_of(tx: AsyncConnection, item_id: int, contact_id: int) -> str:
    """The words of an item of this chat, or of another private one of the same person, while they are kept."""
    own = select(addresses.c.person_id).where(addresses.c.id == contact_id, ~addresses.c.is_group).scalar_subquery()
    others = select(addresses.c.id).where(addresses.c.person_id == own, ~addresses.c.is_group)
    mine = (inbox.c.id == item_id) & or_(inbox.c.contact_id == contact_id, inbox.c.contact_id.in_(others))
    return await tx.scalar(select(inbox.c.text).where(mine)) or ""
