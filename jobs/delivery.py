"""From the outbox to one channel: claimed, checked, paced, sent, settled."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from channels.channel import Channel, Moved, NotUnasked, Refused, TryLater, Uncertain, Unreachable
from channels.pace import Pace
from domain.budget import Thrift
from domain.calendar import at, letter_time
from domain.messages import Address, Outgoing, Reply
from domain.office import Office
from jobs.budget import Budgets
from jobs.composing import Message
from jobs.links import Links
from jobs.rendering import Draw, drawn, merged, render, without_file
from storage.asking import OutboxRow, Saying
from storage.database import Database
from storage.errors import StorageTrouble
from storage.moving import move_chat
from storage.outbox import (
    RAN_OUT,
    SHUT,
    Settlement,
    claim_sendable,
    compose_letter,
    mark_unreachable,
    settle,
    shut_for_letters,
)
from storage.read.questions import Question
from storage.troubles import Troubles, note_fault
from storage.usage import RULE as BUDGET_RULE

IDLE_SECONDS = 0.5
SWEEP_SECONDS = 1.0
"""So often claims that have run out are looked for."""

AFTER_FAULT_SECONDS = 1.0
TRIES_AFTER_FAULTS = 3
IN_FLIGHT = 24
# A letter claimed but not yet sent is lost to a crash (it is never repeated), so few are held at a time.
LETTERS_IN_FLIGHT = 8
# A row that would wait longer than this part of its lease goes back, so that its claim never runs out meanwhile;
# sending gets at least half of the lease.
PATIENCE = 0.25
STOP_SECONDS = 10.0
GATHER_SECONDS = 2.0
"""While messages are saved, so long is waited for what else is to be said in a chat."""

LAST_MESSAGES = "kept for answers"
"""Why a letter waits while the last messages of the month are kept for answers."""

log = logging.getLogger("ketnap.delivery")


class Compose(Protocol):
    """What letters for one person say together, in few words if they are to be short."""

    def __call__(self, rows: Sequence[OutboxRow], *, is_short: bool = False) -> Awaitable[Message]: ...


@dataclass(slots=True)
class _Taken:
    """A claimed row, with the letters that go with it, and the moment after which its claim must not be relied upon.

    `apart` is what became of letters that do not go out in this message after all.
    """

    row: OutboxRow
    good_until: float
    apart: dict[int, Settlement] = field(default_factory=dict[int, Settlement])

    def settled(self, settlement: Settlement) -> list[Settlement]:
        """The same for all that went together: an uncertain one leaves all uncertain. Messages are counted once."""
        rows = (self.row, *self.row.others)
        told = [replace(self.apart.get(one.id, settlement), id=one.id, attempt=one.attempts) for one in rows]
        carrier = next((one.id for one in rows if one.id not in self.apart), None)
        return [one if one.id == carrier else replace(one, messages=0) for one in told]


class Delivery:
    """The one sender of a bot account. `compose` says what letters say, or why one is no longer to be sent.

    `links` are given where our door can be reached, for a channel that carries no files.
    While `is_behind` letters wait: what has just fallen due is not planned yet. `budgets` is shared in a process.
    """

    def __init__(
        self,
        db: Database,
        channel: Channel,
        pace: Pace,
        office: Office,
        now: Callable[[], datetime],
        owner: str,
        compose: Compose,
        draw: Draw,
        *,
        links: Links | None = None,
        menu: tuple[str, ...] = (),
        is_behind: Callable[[], bool] = lambda: False,
        budgets: Budgets | None = None,
    ) -> None:
        self._db = db
        self.channel = channel
        self._pace = pace
        self._office = office
        self._now = now
        self._owner = owner
        self._compose = compose
        self._draw = draw
        self._links = links
        self._menu = menu
        self._is_behind = is_behind
        self._budgets = budgets or Budgets(db, office, now)
        self._thrift = Thrift.NONE
        self._lease_seconds = office.timing.lease_seconds
        self._patience_seconds = PATIENCE * self._lease_seconds
        self._news = asyncio.Event()
        self._queues: dict[str, deque[_Taken]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: list[Settlement] = []
        self._unreachable: list[tuple[int, str]] = []
        self._moved: dict[str, str] = {}
        self._shut: set[int] = set()
        self._swept_at = 0.0
        self._all_held_until = 0.0
        self._letters_held_until = 0.0
        self._held_chat = ""
        self._is_at_work = False
        self._is_stopping = False
        self._troubles = Troubles(log, "delivery", f"channel={channel.name}")
        self._is_cut_off = False

    def saying(self, chat: str, is_group: bool) -> Saying | None:
        """For an answer that is just being made: we can say it at once, unless sending is stopped or held."""
        clock = time.monotonic()
        room = IN_FLIGHT - sum(map(len, self._queues.values()))
        if not self._is_at_work or room <= 0 or clock < self._all_held_until or self._thrift is not Thrift.NONE:
            return None
        good_until = clock + self._lease_seconds
        return Saying(self._owner, self._lease_seconds, chat, is_group, partial(self._take, good_until))

    def wake(self) -> None:
        """Something may wait in the outbox."""
        self._news.set()

    async def work(self) -> None:
        """Until cancelled; what is being sent then is still finished and settled."""
        self._is_at_work, self._is_stopping = True, False
        # On its own, so that a cancellation never cuts through a claim: nobody would know of the claimed rows.
        going = asyncio.create_task(self._go_on())
        try:
            await asyncio.shield(going)
        finally:
            self._is_at_work, self._is_stopping = False, True
            self.wake()
            await asyncio.wait([going], timeout=STOP_SECONDS)
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
            await self._finish()

    async def _go_on(self) -> None:
        while not self._is_stopping:
            self._news.clear()
            try:
                await self._exchange()
            except Exception as error:  # noqa: BLE001 - neither a bug nor the database ends the sending: nothing is forgotten
                self._troubles.meet(error)
                await asyncio.sleep(AFTER_FAULT_SECONDS)
                continue
            self._troubles.is_well()
            if not self._is_stopping:
                await self._wait_for_news()
            if self._thrift is not Thrift.NONE and not self._is_stopping:
                await asyncio.sleep(GATHER_SECONDS)

    async def drain(self) -> int:
        """Send all that may go now; how many rows were settled."""
        total, self._swept_at = 0, 0.0
        while True:
            taken, settled = await self._exchange()
            total += settled
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            elif not taken and not self._done:
                return total

    async def _wait_for_news(self) -> None:
        # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes together with the news.
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self._news.wait()

    async def _exchange(self) -> tuple[int, int]:
        """Settle what is done, claim as much as there is room for and set it going: how many of each."""
        clock = time.monotonic()
        waiting = [taken.row.kind for queue in self._queues.values() for taken in queue]
        room = IN_FLIGHT - len(waiting)
        if room <= 0 or clock < self._all_held_until:
            return 0, await self._settle()
        # Nothing more is claimed for a chat that has just turned out to be closed.
        settled = await self._settle() if self._unreachable or self._moved or self._shut else 0
        counted = self._budgets.of(self.channel.name, self.channel.account)
        if counted is not None:
            self._thrift = (await self._budgets.look()).get(counted.key, Thrift.NONE)
        letters = 0
        if clock >= self._letters_held_until and not self._is_quiet() and not self._is_behind():
            letters = max(0, LETTERS_IN_FLIGHT - waiting.count("letter"))
        sweep = clock >= self._swept_at + SWEEP_SECONDS
        done = list(self._done)
        rows = await claim_sendable(
            self._db,
            self.channel.name,
            self.channel.account,
            self._owner,
            self._now(),
            limit=room,
            letters=letters,
            lease_seconds=self._lease_seconds,
            uncertain_seconds=self._office.timing.uncertain_seconds,
            settled=done,
            sweep=sweep,
            counted=counted,
            saving=self._budgets.saving,
            is_merging=self._thrift is not Thrift.NONE,
        )
        del self._done[: len(done)]
        if sweep:
            self._swept_at = clock
        for row in rows:
            self._enqueue(_Taken(row, clock + self._lease_seconds))
        return len(rows), settled + len(done)

    async def _take(self, good_until: float, row: OutboxRow) -> None:
        if self._is_at_work:
            self._enqueue(_Taken(row, good_until))
            return
        # Stopped meanwhile: it goes back. Where that fails it comes to light as a claim that has run out.
        with suppress(StorageTrouble):
            await settle(self._db, [replace(self._back(row, 0, "stopping"), attempt=row.attempts)])

    def _enqueue(self, taken: _Taken) -> None:
        """One chat's messages go one after the other, chats in parallel."""
        queue = self._queues.setdefault(taken.row.chat, deque())
        queue.append(taken)
        if len(queue) == 1:
            task = asyncio.create_task(self._serve(taken.row.chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat: str) -> None:
        queue = self._queues[chat]
        while queue:
            taken = queue[0]
            try:
                settlement = await self._deliver(taken)
            except StorageTrouble as error:
                settlement = self._back(taken.row, AFTER_FAULT_SECONDS, type(error).__name__)
            except Exception as error:  # noqa: BLE001 - before it was sent: one bad message must not stop the others
                settlement = self._after_fault(taken.row, error)
            self._done += taken.settled(settlement)
            queue.popleft()
            self._news.set()
        del self._queues[chat]

    def _after_fault(self, row: OutboxRow, error: Exception) -> Settlement:
        reference = note_fault(log, f"delivery row={row.id}", error)
        if row.attempts >= TRIES_AFTER_FAULTS:
            return Settlement(row.id, "failed", f"fault {reference}")
        return self._back(row, AFTER_FAULT_SECONDS, f"fault {reference}")

    async def _deliver(self, taken: _Taken) -> Settlement:
        row = taken.row
        if self._is_stopping:
            return self._back(row, 0, "stopping")
        if any(contact_id == row.contact_id for contact_id, _ in self._unreachable):
            return self._back(row, 0, "unreachable")
        if row.kind == "letter" and row.contact_id in self._shut:
            return self._back(row, 0, SHUT)
        if (delay := self._delay(row)) > self._patience_seconds:
            return self._back(row, delay, "held")
        if row.kind == "letter" and self._is_quiet():
            return Settlement(row.id, "planned", "quiet hours", not_before=self._letter_time())
        if row.kind == "letter" and self._thrift is Thrift.ANSWERS_ONLY and not _is_about_budget(row):
            return Settlement(row.id, "planned", LAST_MESSAGES, not_before=self._next_morning())
        ready = await self._prepare(taken)
        if isinstance(ready, Settlement):
            return ready
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._pace.wait(row.chat, row.is_group)
        except TimeoutError:
            return self._back(row, self._delay(row), "held")
        if self._is_stopping or (delay := self._held(row)) > 0:
            return self._back(row, 0 if self._is_stopping else delay, "held")
        return await self._send(taken, ready)

    async def _prepare(self, taken: _Taken) -> Outgoing | Settlement:
        row = taken.row
        reply, question = row.reply, row.question
        if question is not None and question.contact_id != row.contact_id:
            # Asked in another chat, where it was not sent after all: numbers and buttons belong to their chat.
            question = None
        if row.kind == "letter":
            message = await self._compose((row, *row.others), is_short=self._thrift is not Thrift.NONE)
            taken.apart = {settlement.id: settlement for settlement in message.apart}
            if message.letter is None:
                return Settlement(row.id, "skipped", "nothing to say")
            letter, (carrier, *others) = message.letter, message.said
            attempts = {one.id: one.attempts for one in (row, *row.others)}
            is_as_planned = carrier == row.id and not others and letter.reply == reply
            is_asked = question is not None or not (letter.reply.choices or row.question)
            if not is_as_planned or not is_asked:
                question = await compose_letter(
                    self._db,
                    carrier,
                    letter.reply,
                    letter.draft,
                    self._now(),
                    attempt=attempts[carrier],
                    others={other: attempts[other] for other in others},
                    question_hours=self._office.retention.question_hours,
                )
            reply = letter.reply
        if reply is None:
            return Settlement(row.id, "failed", "nothing to say")
        outgoing = await self._outgoing(row, reply, question)
        if row.kind == "letter":
            return outgoing
        behind = [(one, one.reply) for one in row.others if one.reply is not None]
        return merged([outgoing, *[await self._outgoing(one, said, one.question) for one, said in behind]])

    async def _outgoing(self, row: OutboxRow, reply: Reply, question: Question | None) -> Outgoing:
        outgoing = await render(
            self._db,
            reply,
            question,
            menu=self._menu,
            is_repeat=row.is_repeat,
            is_letter=row.kind == "letter",
        )
        if reply.attachment is None:
            return outgoing
        if not self.channel.carries_files:
            return without_file(outgoing, reply.attachment, self._links and self._links.to(reply.attachment))
        return replace(outgoing, file=await drawn(reply.attachment, self._draw))

    async def _send(self, taken: _Taken, message: Outgoing) -> Settlement:
        """The five ways in which sending fails become states. A claim that is about to run out is never used."""
        row = taken.row
        left = taken.good_until - time.monotonic()
        if left < self._lease_seconds / 2:
            return self._back(row, 0, "claim ran out")
        try:
            async with asyncio.timeout(left - self._lease_seconds / 10):
                message_id = await self._say(row.chat, message)
        except TimeoutError:
            # Our own claim has run out, perhaps because this process stood still: it may never have left.
            return Settlement(row.id, "uncertain", RAN_OUT, messages=1)
        except Uncertain as error:
            return Settlement(row.id, "uncertain", error.reason, messages=error.messages)
        except NotUnasked as error:
            if row.kind == "reply":
                return Settlement(row.id, "failed", error.reason)
            self._shut.add(row.contact_id)
            return self._back(row, 0, SHUT)
        except TryLater as error:
            self._hold(row, error)
            return self._back(row, error.seconds, error.reason)
        except Unreachable as error:
            self._unreachable.append((row.contact_id, error.reason))
            if row.kind == "letter":
                # Surely not sent: it goes to another chat of the person, or waits for one.
                return self._back(row, 0, error.reason)
            return Settlement(row.id, "failed", error.reason)
        except Refused as error:
            log.warning("delivery row=%s refused=%s", row.id, error.reason)
            return Settlement(row.id, "failed", error.reason)
        except Exception as error:  # noqa: BLE001 - a bug after the channel was asked: nobody knows whether it went out
            reference = note_fault(log, f"delivery row={row.id}", error)
            return Settlement(row.id, "uncertain", f"fault {reference}", messages=1)
        if self._is_cut_off:
            self._is_cut_off = False
            log.info("delivery goes on channel=%s", self.channel.name)
        # The ids of all its parts, with a blank between them.
        return Settlement(row.id, "sent", "", message_id, messages=message_id.count(" ") + 1)

    async def _say(self, chat: str, message: Outgoing) -> str:
        try:
            return await self.channel.send(chat, message)
        except Moved as moved:
            self._moved[chat] = moved.chat
            return await self.channel.send(moved.chat, message)

    def _hold(self, row: OutboxRow, error: TryLater) -> None:
        """A refusal holds its chat and all letters; the whole account waits once a reply elsewhere is refused too."""
        clock = time.monotonic()
        until = clock + error.seconds
        self._pace.hold(row.chat, error.seconds)
        widens = row.kind == "reply" and clock < self._letters_held_until and row.chat != self._held_chat
        if error.whole_account or widens:
            self._all_held_until = max(self._all_held_until, until)
            self._pace.hold_all(error.seconds)
        if clock >= self._letters_held_until:
            self._held_chat = row.chat
        self._letters_held_until = max(self._letters_held_until, until)
        if not self._is_cut_off:
            log.warning("delivery held seconds=%.1f account=%s reason=%s", error.seconds, widens, error.reason)
        # Without a connection the same is met every few seconds.
        self._is_cut_off = error.whole_account

    def _delay(self, row: OutboxRow) -> float:
        """Seconds until this row may go, as far as refusals and the pace of its chat say."""
        return max(self._held(row), self._pace.delay(row.chat, row.is_group))

    def _held(self, row: OutboxRow) -> float:
        """Seconds for which refusals hold a row of this kind."""
        until = self._all_held_until
        if row.kind == "letter":
            until = max(until, self._letters_held_until)
        return until - time.monotonic()

    def _back(self, row: OutboxRow, seconds: float, reason: str) -> Settlement:
        """Surely not sent: it waits again."""
        return Settlement(row.id, "planned", reason, not_before=self._now() + timedelta(seconds=max(seconds, 0)))

    def _letter_time(self) -> datetime:
        return letter_time(self._office.calendar, self._now())

    def _next_morning(self) -> datetime:
        calendar = self._office.calendar
        return letter_time(calendar, at(self._now().date() + timedelta(days=1), calendar.morning))

    def _is_quiet(self) -> bool:
        return self._letter_time() > self._now()

    async def _settle(self) -> int:
        """What has been finished since, in one commit; kept for the next time if that fails."""
        batch = list(self._done)
        if batch:
            counted = self._budgets.of(self.channel.name, self.channel.account)
            await settle(self._db, batch, uncertain_seconds=self._office.timing.uncertain_seconds, counted=counted)
            del self._done[: len(batch)]
        for contact_id, reason in list(self._unreachable):
            await mark_unreachable(self._db, contact_id, reason, self._now())
            self._unreachable.remove((contact_id, reason))
        for contact_id in list(self._shut):
            await shut_for_letters(self._db, contact_id, self._now())
            self._shut.remove(contact_id)
        for old, new in list(self._moved.items()):
            await move_chat(self._db, Address(self.channel.name, self.channel.account, old), new, self._now())
            del self._moved[old]
        return len(batch)

    async def _finish(self) -> None:
        """What is under way goes to its end; what was only claimed goes back."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        try:
            await self._settle()
        except StorageTrouble as error:
            # Settled when this process sends again, or found by the next one as claims that have run out.
            self._troubles.meet(error)


def _is_about_budget(row: OutboxRow) -> bool:
    return any(one.rule == BUDGET_RULE for one in (row, *row.others))
