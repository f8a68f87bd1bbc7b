"""Whether this process and what it stands on are alive, and the figures of its work. No person, no chat, no word."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.channel import Channel
from domain.budget import Plan, Usage
from jobs.tick import EVERY_SECONDS, Tick
from storage.database import Database
from storage.errors import StorageTrouble
from storage.read import health
from storage.read.health import Health, Lease
from storage.read.incidents import open_incidents
from storage.read.usage import bots

TICKS_MISSED = 3
SILENT_SECONDS = 150.0
"""A poll takes 25 seconds and a webhook is looked at once a minute; after this nobody would call it listening."""

ANSWER_SECONDS = 5.0
FIGURES_LIVE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be alive, and in short why it is not."""

    name: str
    is_well: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, in the words of those who collect such: a value for each setting of its labels."""

    name: str
    help: str
    values: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()
    is_total: bool = False


class Vitals:
    """What can be seen of this process from outside. `now` is office time, in which messages are kept."""

    def __init__(
        self, db: Database, channels: Sequence[Channel], tick: Tick, turns: Mapping[str, int], owner: str,
        now: Callable[[], datetime], plans: Mapping[str, Plan] | None = None,
    ) -> None:  # fmt: skip
        self._db = db
        self._channels = channels
        self._tick = tick
        self._turns = turns
        self._owner = owner
        self._now = now
        self._plans = plans or {}
        self._asking = asyncio.Lock()
        self._found: tuple[Health, Mapping[str, int], Sequence[tuple[Usage, int]]] | None = None
        self._asked_at = 0.0

    async def checks(self) -> tuple[Check, ...]:
        """Database, tick, and each account: heard here, or by another process that is there to do it."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._db.reading() as tx:
                leases, database = await health.held(tx), Check("database", True)
        except StorageTrouble as error:
            leases, database = {}, Check("database", False, type(error).__name__)
        except TimeoutError:
            leases, database = {}, Check("database", False, f"no answer in {ANSWER_SECONDS:.0f} s")
        return (database, self._beating(), *(self._listening(each, leases) for each in self._channels))

    async def figures(self) -> tuple[Figure, ...]:
        """Without its database a process still has figures of its own, and says what is not well."""
        well = {(check.name,): float(check.is_well) for check in await self.checks()}
        known = (Figure("ketnap_well", "1: alive; 0: not", well, ("check",)), *self._of_process())
        if not well["database",]:
            return known
        try:
            found, incidents, counted = await self._queues()
        except StorageTrouble:
            return known
        opened = {(kind,): float(count) for kind, count in incidents.items()}
        told = Figure("ketnap_incidents_open", "What is wrong with the bot and not yet over", opened, ("kind",))
        return (*known, told, *self._of_leases(found), *self._of_queues(found), *self._of_bots(counted))

    def _beating(self) -> Check:
        age = _age(self._tick.ran_at)
        if age is None:
            return Check("tick", False, "none yet")
        return Check("tick", age <= TICKS_MISSED * EVERY_SECONDS, f"last {age:.0f} s ago")

    def _listening(self, channel: Channel, leases: Mapping[str, Lease]) -> Check:
        name = f"{channel.name}:{channel.account}"
        lease = leases.get(f"hear:{name}")
        if lease is None or lease.seconds_left <= 0:
            return Check(name, False, "nobody listens")
        if lease.owner != self._owner:
            return Check(name, True, "heard by another process")
        age = _age(channel.last_contact)
        if age is None:
            return Check(name, False, "no contact yet")
        return Check(name, age <= SILENT_SECONDS, f"last contact {age:.0f} s ago")

    async def _queues(self) -> tuple[Health, Mapping[str, int], Sequence[tuple[Usage, int]]]:
        """Counting takes its time, so whoever asks again soon is told the same."""
        async with self._asking:
            if self._found is None or time.monotonic() - self._asked_at > FIGURES_LIVE_SECONDS:
                async with self._db.reading() as tx:
                    opened = Counter(incident.kind.value for incident in await open_incidents(tx))
                    self._found = await health.queues(tx), opened, await bots(tx, self._plans, self._now())
                self._asked_at = time.monotonic()
            return self._found

    def _of_process(self) -> Sequence[Figure]:
        ages = {(): _age(self._tick.ran_at)}
        contacts = {(each.name, each.account): _age(each.last_contact) for each in self._channels}
        turns = {(outcome,): count for outcome, count in self._turns.items()}
        return (
            Figure("ketnap_turns", "Messages that this process worked through", turns, ("outcome",), is_total=True),
            Figure("ketnap_ticks_missed", "Ticks that did not run in time", {(): self._tick.missed}, is_total=True),
            Figure("ketnap_tick_age_seconds", "Since this process last looked what is due", _known(ages)),
            Figure(
                "ketnap_contact_age_seconds",
                "Since this process could last hear what people write",
                _known(contacts),
                ("channel", "account"),
            ),
        )

    def _of_leases(self, found: Health) -> Sequence[Figure]:
        held = {
            (name,): float(lease.owner == self._owner) for name, lease in found.leases.items() if lease.seconds_left > 0
        }
        return (Figure("ketnap_lease_held", "1: held by this process; 0: by another", held, ("lease",)),)

    def _of_queues(self, found: Health) -> Sequence[Figure]:
        now = self._now()
        inbox = {(state,): count for state, count in found.turns.items()}
        waiting, unsent = _since(found.oldest_waiting_at, now), _since(found.oldest_unsent_at, now)
        return (
            Figure("ketnap_inbox", "Messages that are kept, by state", inbox, ("state",)),
            Figure("ketnap_inbox_waiting", "Messages heard and not yet answered", {(): found.waiting}),
            Figure("ketnap_inbox_oldest_seconds", "For how long the oldest of them waits", {(): waiting}),
            Figure("ketnap_outbox", "What was to be said", found.outbox, ("kind", "state")),
            Figure("ketnap_outbox_oldest_seconds", "For how long the oldest reply waits", {(): unsent}),
            Figure("ketnap_letters", "Letters, by the rule that planned them", found.letters, ("rule", "state")),
        )

    def _of_bots(self, counted: Sequence[tuple[Usage, int]]) -> Sequence[Figure]:
        """Only of bots whose platforms count."""
        bot = ("channel", "account")
        used = {(usage.of.channel, usage.of.account): usage for usage, _ in counted}
        messages = {(*key, "heard"): float(usage.heard) for key, usage in used.items()}
        messages |= {(*key, "said"): float(usage.said) for key, usage in used.items()}
        limits = {key: float(self._plans[key[0]].messages_a_month) for key in used}
        people = {(usage.of.channel, usage.of.account): float(count) for usage, count in counted}
        return (
            Figure("ketnap_month_messages", "Messages of this month", messages, (*bot, "direction")),
            Figure("ketnap_month_messages_limit", "Messages that the platform allows in a month", limits, bot),
            Figure("ketnap_bot_people", "Places of the bot that are taken or promised", people, bot),
        )


def _known(ages: Mapping[tuple[str, ...], float | None]) -> dict[tuple[str, ...], float]:
    return {labels: age for labels, age in ages.items() if age is not None}


def _age(at: float | None) -> float | None:
    return None if at is None else time.monotonic() - at


def _since(at: datetime | None, now: datetime) -> float:
    """Never below nothing, however the rehearsal's clock was moved."""
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
