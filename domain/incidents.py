"""What can go wrong with the bot itself, and how it is told from a moment's hitch: pure, from what was observed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MIB = 1 << 20


class IncidentKind(StrEnum):
    """One of a kind and key is open at a time. The key is the account, the machine, or nothing."""

    POLLER_SILENT = "poller-silent"
    CHANNEL_REFUSED = "channel-refused"
    CHANNEL_CONFLICT = "channel-conflict"
    WEBHOOK_FAILING = "webhook-failing"
    TICK_MISSED = "tick-missed"
    INBOX_OLD = "inbox-old"
    OUTBOX_OLD = "outbox-old"
    LETTERS_OLD = "letters-old"
    DISK_LOW = "disk-low"
    DATABASE_TROUBLE = "database-trouble"
    COUNTERS_DIFFER = "counters-differ"
    AUDIT_BROKEN = "audit-broken"
    BACKUP_FAILED = "backup-failed"


OF_ACCOUNTS = frozenset(
    {
        IncidentKind.POLLER_SILENT,
        IncidentKind.CHANNEL_REFUSED,
        IncidentKind.CHANNEL_CONFLICT,
        IncidentKind.WEBHOOK_FAILING,
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now; `amount` says how much of it, in the unit of its kind."""

    kind: IncidentKind
    key: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """A trouble on record, until it is over."""

    id: int
    kind: IncidentKind
    key: str
    amount: int
    opened_at: datetime
    closed_at: datetime | None = None


class Hearing(StrEnum):
    """How an account stands with its platform, as far as this process knows."""

    WELL = "well"
    REFUSED = "refused"
    CONFLICT = "conflict"
    NOT_REACHED = "not reached"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Ear:
    """An account of this process. `silent_seconds`: since it last could hear anything, None if it never did here."""

    account: str
    hearing: Hearing
    silent_seconds: float | None = None

    @property
    def sign(self) -> str:
        return f"hear:{self.account}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is still a hitch. Ticks come every 20 seconds; a poll takes 25."""

    tick_seconds: float = 60
    poller_seconds: float = 150
    inbox_seconds: float = 300
    outbox_seconds: float = 600
    letter_seconds: float = 3600
    disk_bytes: int = 500 * MIB


TICK = "tick"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a watcher sees: ages in seconds. `signs` are those of all processes, `watched_seconds` how long it looks."""

    watched_seconds: float
    signs: Mapping[str, float] = field(default_factory=dict[str, float])
    ears: Sequence[Ear] = ()
    inbox_age: float = 0
    outbox_age: float = 0
    letter_age: float = 0
    machine: str = ""
    free_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A trouble that is there, one that is over, or (None) one of which nothing can be said yet."""

    trouble: Trouble
    is_there: bool | None


def judge(seen: Observed, limits: Limits) -> list[Judged]:
    """Every kind that can be told by looking, each with its verdict."""
    found = [_silent(seen, IncidentKind.TICK_MISSED, "", TICK, limits.tick_seconds)]
    found += [verdict for ear in seen.ears for verdict in _heard(seen, ear, limits)]
    ages = (
        (IncidentKind.INBOX_OLD, seen.inbox_age, limits.inbox_seconds),
        (IncidentKind.OUTBOX_OLD, seen.outbox_age, limits.outbox_seconds),
        (IncidentKind.LETTERS_OLD, seen.letter_age, limits.letter_seconds),
    )
    found += [Judged(Trouble(kind, amount=int(age // 60)), age > limit) for kind, age, limit in ages]
    if seen.free_bytes is not None:
        low = Trouble(IncidentKind.DISK_LOW, seen.machine, seen.free_bytes // MIB)
        # A little more is asked for before it is over, so that it does not come and go.
        is_enough = seen.free_bytes > limits.disk_bytes * 1.1
        found.append(Judged(low, True if seen.free_bytes < limits.disk_bytes else False if is_enough else None))
    return found


def _heard(seen: Observed, ear: Ear, limits: Limits) -> Iterator[Judged]:
    told = {
        Hearing.REFUSED: IncidentKind.CHANNEL_REFUSED,
        Hearing.CONFLICT: IncidentKind.CHANNEL_CONFLICT,
        Hearing.NOT_REACHED: IncidentKind.WEBHOOK_FAILING,
    }
    silent = _silent(seen, IncidentKind.POLLER_SILENT, ear.account, ear.sign, limits.poller_seconds)
    # Whoever is refused is silent too: one trouble is told once.
    yield silent if not silent.is_there or ear.hearing not in told else Judged(silent.trouble, None)
    for hearing, kind in told.items():
        is_there = True if ear.hearing is hearing else False if ear.hearing is Hearing.WELL else None
        yield Judged(Trouble(kind, ear.account), is_there)


def _silent(seen: Observed, kind: IncidentKind, key: str, sign: str, limit: float) -> Judged:
    """A sign from before this watch began says nothing: there was a stop, and it may come any moment."""
    age = seen.signs.get(sign)
    trouble = Trouble(kind, key, int((seen.watched_seconds if age is None else age) // 60))
    if age is not None and age <= limit:
        return Judged(trouble, False)
    return Judged(trouble, True if seen.watched_seconds > limit else None)


def of_nobody(opened: Iterable[Incident], accounts: Iterable[str]) -> list[Incident]:
    """Open incidents of accounts that are no longer configured: nobody will ever close them otherwise."""
    known = set(accounts)
    return [incident for incident in opened if incident.kind in OF_ACCOUNTS and incident.key not in known]
