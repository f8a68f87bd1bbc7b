"""A channel that keeps what it is given to say, and refuses when told to."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import update

from channels.channel import FetchFailed, Hear, SendingFailed
from channels.pace import Pace
from domain.changes import Change, Draft, Outcome
from domain.incidents import Ear, Hearing
from domain.messages import Address, Attachment, FileTrouble, Outgoing, Reply, line, plain
from jobs.delivery import Delivery
from jobs.letters import Letters
from jobs.links import Links
from storage.apply import apply
from storage.asking import OutboxRow, Saying
from storage.database import Database
from storage.read import people
from storage.tables import outbox
from tests.cast import Stage, drawn_blank

UNCERTAIN_SECONDS = 300.0


@dataclass(slots=True)
class Recorder:
    """`troubles` are raised one after the other by the next sendings to a chat."""

    name: str = "test"
    account: str = "bot"
    carries_files: bool = True
    last_contact: float | None = None
    said: list[tuple[str, Outgoing]] = field(default_factory=list[tuple[str, Outgoing]])
    tried: list[str] = field(default_factory=list[str])
    troubles: defaultdict[str, deque[SendingFailed]] = field(default_factory=lambda: defaultdict(deque[SendingFailed]))

    first_said: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ear(self) -> Ear:
        return Ear("test:bot", Hearing.WELL)

    async def introduce(self) -> str:
        return "bot"

    def link(self, code: str) -> str:
        return ""

    async def listen(self, hear: Hear) -> None:
        raise NotImplementedError

    def hook(self, hear: Hear) -> None:
        return None

    async def send(self, chat: str, message: Outgoing) -> str:
        self.tried.append(chat)
        if self.troubles[chat]:
            raise self.troubles[chat].popleft()
        self.said.append((chat, message))
        self.first_said.set()
        return str(len(self.said))

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        raise FetchFailed(FileTrouble.GONE)

    async def close(self) -> None:
        return None

    def to(self, chat: str) -> list[str]:
        """What was said in a chat, as plain words."""
        return [plain(message.lines) for other, message in self.said if other == chat]


def sender(
    stage: Stage,
    *,
    owner: str = "sender",
    draw: Callable[[Attachment], Awaitable[bytes]] | None = None,
    links: Links | None = None,
    channel: str = "test",
) -> tuple[Delivery, Recorder]:
    """A delivery of its own, as after a restart, with a channel that records."""
    recorder = Recorder(channel)
    office = replace(stage.office, timing=replace(stage.office.timing, uncertain_seconds=UNCERTAIN_SECONDS))
    letters = Letters(stage.db, office, lambda: stage.clock[0])
    delivery = Delivery(
        stage.db,
        recorder,
        Pace(per_second=1e6, per_chat_per_second=1e6, chat_burst=10**6),
        office,
        lambda: stage.clock[0],
        owner,
        letters.compose,
        draw or drawn_blank,
        links=links,
    )
    return delivery, recorder


async def let_the_wait_pass(db: Database) -> None:
    """What is uncertain has been so for long enough to be said once more."""
    waited = (
        update(outbox).where(outbox.c.state == "uncertain").values(lease_until=outbox.c.lease_until - UNCERTAIN_SECONDS)
    )
    await db.write(lambda tx: tx.execute(waited))


async def person_of(stage: Stage, who: str) -> int:
    async with stage.db.reading() as tx:
        contact = await people.contact_at(tx, Address("test", "bot", who))
    assert contact is not None
    assert contact.person_id is not None
    return contact.person_id


async def reply_to(
    stage: Stage,
    who: str,
    words: str | Reply,
    *changes: Change,
    draft: Draft | None = None,
    saying: Saying | None = None,
) -> OutboxRow | None:
    """An answer waits in the outbox, or is claimed already; with a draft it is a card."""
    async with stage.db.reading() as tx:
        contact = await people.contact_at(tx, Address("test", "bot", who))
    assert contact is not None
    reply = words if isinstance(words, Reply) else Reply((line(words),))
    applied = await apply(
        stage.db,
        outcome=Outcome(reply, changes, draft=draft),
        item_id=None,
        contact_id=contact.id,
        person_id=contact.person_id,
        now=stage.clock[0],
        counts_by=stage.office.counts_by,
        saying=saying,
    )
    return applied.answer
