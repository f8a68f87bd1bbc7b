"""The doctor: what could be wrong with this installation, looked at once, each finding with its remedy."""

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from channels.channel import SendingFailed
from domain.budget import Plan, Thrift, Usage, percent, thrift
from domain.incidents import MIB, TICK, Limits
from jobs.backup import BACKUP, Backups, newest
from storage.database import Database, database_time
from storage.errors import StorageTrouble, WrongSchema
from storage.read.health import held
from storage.read.incidents import all_signs, oldest, open_incidents
from storage.read.usage import bots
from storage.sealed import DumpTrouble, SealedReader
from storage.verify import broken_trail, wrong_counters

CLOCK_SECONDS = 30.0
BACKUP_HOURS = 48


class Level(StrEnum):
    """How a finding is printed; anything wrong makes the exit status 1."""

    WELL = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    level: Level
    about: str
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n        {self.remedy}" if self.remedy else ""
        return f"{self.level:<5}  {self.about}: {self.says}{remedy}"


@dataclass(frozen=True, slots=True)
class Patient:
    """What bot.py knows of the installation. `accounts` ask each platform who we are, `platform_time` what time it is.

    `private` are files and folders that are nobody else's business; `plans` what platforms give a bot, by the channel.
    """

    database: str
    data_dir: Path
    now: datetime
    holidays_known_until: int
    own_years: frozenset[int] = frozenset()
    differences: Sequence[str] = ()
    notes: Sequence[tuple[str, str, str]] = ()
    private: Sequence[Path] = ()
    backups: Backups | None = None
    accounts: Mapping[str, Callable[[], Awaitable[str]]] = field(
        default_factory=dict[str, Callable[[], Awaitable[str]]]
    )
    platform_time: Callable[[], Awaitable[datetime | None]] | None = None
    plans: Mapping[str, Plan] = field(default_factory=dict[str, Plan])


async def examine(patient: Patient, free_bytes: int | None) -> AsyncIterator[Finding]:
    """All findings, the quick ones first."""
    for about, says, remedy in patient.notes:
        yield Finding(Level.NOTE, about, says, remedy)
    for difference in patient.differences:
        yield Finding(Level.NOTE, "office.toml", difference)
    for finding in (*_calendar(patient), *_disk(free_bytes), *_permissions(patient.private)):
        yield finding
    async for finding in _database(patient):
        yield finding
    async for finding in _platforms(patient):
        yield finding


def _well(about: str, says: str) -> Finding:
    return Finding(Level.WELL, about, says)


def _calendar(patient: Patient) -> Iterator[Finding]:
    this_year = patient.now.year
    computed = [
        year
        for year in (this_year, this_year + 1)
        if year > patient.holidays_known_until and year not in patient.own_years
    ]
    for year in computed:
        yield Finding(
            Level.NOTE,
            "calendar",
            f"the days off of {year} are computed, not announced",
            "Compare them with the official notice; write what differs under [calendar] in office.toml.",
        )
    if not computed:
        yield _well("calendar", f"known until {patient.holidays_known_until} or written in office.toml")


def _disk(free_bytes: int | None) -> Iterator[Finding]:
    if free_bytes is None:
        remedy = "Run python bot.py migrate, which makes it; if it is there, look at its rights."
        yield Finding(Level.WRONG, "disk", "the data folder is not there, or cannot be read", remedy)
    elif free_bytes < Limits().disk_bytes:
        yield Finding(Level.WRONG, "disk", f"only {free_bytes // MIB} MiB are left", "Make room before it is full.")
    else:
        yield _well("disk", f"{free_bytes // MIB} MiB are left")


def is_private(status: os.stat_result, groups: Collection[int]) -> bool:
    """Whether nobody else can read it. A file of root's may be readable by a group of the account that runs the bot."""
    if status.st_mode & 0o077 == 0:
        return True
    is_file_of_root = stat.S_ISREG(status.st_mode) and status.st_uid == 0
    return is_file_of_root and status.st_gid in groups and status.st_mode & 0o037 == 0


def _permissions(private: Sequence[Path]) -> Iterator[Finding]:
    if os.name != "posix":
        return
    groups = {os.getegid(), *os.getgroups()}
    for path in private:
        if path.exists() and not is_private(path.stat(), groups):
            mode = "700" if path.is_dir() else "600"
            yield Finding(
                Level.WRONG, "permissions", f"others on this machine can read {path}", f"Run: chmod {mode} {path}"
            )


async def _database(patient: Patient) -> AsyncIterator[Finding]:
    try:
        db = await Database.open(patient.database)
    except WrongSchema as error:
        yield Finding(Level.WRONG, "database", str(error))
        return
    except StorageTrouble as error:
        look = "whether its file can be opened" if patient.database.startswith("sqlite") else "whether its server runs"
        yield Finding(Level.WRONG, "database", str(error), f"Look at KETNAP_DATABASE_URL and {look}.")
        return
    try:
        await db.check_schema()
        yield _well("database", "reached, with the current schema")
        async for finding in _records(db, patient):
            yield finding
        async for finding in _bots(db, patient):
            yield finding
    except WrongSchema as error:
        yield Finding(Level.WRONG, "database", str(error))
    except StorageTrouble as error:
        yield Finding(
            Level.WRONG,
            "database",
            str(error),
            "Look at the disk, at the rights of the role and at who else uses the database.",
        )
    finally:
        await db.close()


async def _records(db: Database, patient: Patient) -> AsyncIterator[Finding]:
    ahead = await database_time(db) - time.time()
    if abs(ahead) > CLOCK_SECONDS:
        says = f"the database's clock is {ahead:+.0f} s from this machine's"
        yield Finding(Level.WRONG, "clock", says, "Switch on time synchronisation (NTP) on both machines.")
    async with db.reading() as tx:
        signs, leases = await all_signs(tx), await held(tx)
        opened, queues = await open_incidents(tx), await oldest(tx, patient.now)
    is_running = any(lease.seconds_left > 0 for lease in leases.values())
    yield _well("bot", "running") if is_running else Finding(Level.NOTE, "bot", "not running now", "python bot.py run")
    if is_running and (TICK not in signs or signs[TICK].ago > Limits().tick_seconds * 2):
        yield Finding(Level.WRONG, "tick", "no sign of life", "Restart the bot and look at its log.")
    for incident in opened:
        since = f"{incident.opened_at:%Y-%m-%d %H:%M}"
        key = f" ({incident.key})" if incident.key else ""
        yield Finding(Level.WRONG, "incident", f"{incident.kind}{key} since {since}", "docs/operations.md, “Incidents”")
    limits = Limits()
    for name, at, limit in (
        ("inbox", queues.heard_at, limits.inbox_seconds),
        ("outbox", queues.reply_at, limits.outbox_seconds),
    ):
        minutes = 0 if at is None else int((patient.now - at).total_seconds() // 60)
        if minutes * 60 > limit:
            yield Finding(Level.WRONG, name, f"the oldest waits for {minutes} minutes", "Is the bot running? Its log.")
        else:
            yield _well(name, "nothing waits for long")
    if wrong := await wrong_counters(db):
        yield Finding(Level.WRONG, "counters", f"{wrong} differ from their entries", "Run: python bot.py verify")
    else:
        yield _well("counters", "as their entries say")
    if (row := await broken_trail(db)) is not None:
        yield Finding(Level.WRONG, "audit", f"broken at row {row}", "Run: python bot.py verify. Leave it as it is.")
    else:
        yield _well("audit", "unbroken")
    if patient.backups is not None:
        hours = signs[BACKUP].ago / 3600 if BACKUP in signs else None
        if hours is None or hours > BACKUP_HOURS:
            says = "none was written here" if hours is None else f"the last is {hours:.0f} hours old"
            yield Finding(Level.WRONG, "backup", says, "Run: python bot.py backup")
        else:
            yield _well("backup", f"{hours:.0f} hours old")
        if (file := newest(patient.backups)) is not None:
            yield await asyncio.to_thread(_opened, file, patient.backups.key)


async def _bots(db: Database, patient: Patient) -> AsyncIterator[Finding]:
    async with db.reading() as tx:
        counted = await bots(tx, patient.plans, patient.now)
    for usage, people in counted:
        for finding in _plan(usage, people, patient.plans[usage.of.channel]):
            yield finding


def _plan(usage: Usage, people: int, plan: Plan) -> Iterator[Finding]:
    says = f"{usage.of.key}: {usage.used} of {plan.messages_a_month} used ({percent(usage, plan)}%), "
    says += f"{usage.heard} in and {usage.said} out"
    match thrift(usage, plan):
        case Thrift.NONE:
            yield _well("messages of the month", says)
        case Thrift.SAVING:
            yield Finding(Level.NOTE, "messages of the month", says, "docs/zalo.md, “The month's messages”")
        case Thrift.ANSWERS_ONLY:
            remedy = "Letters wait until the next month, or a bigger plan: docs/zalo.md, “The month's messages”"
            yield Finding(Level.WRONG, "messages of the month", says, remedy)
    if people >= plan.people:
        remedy = "Nobody more can be invited there. Make another bot and add its token: docs/zalo.md, “Several bots”"
        yield Finding(Level.NOTE, "people", f"{usage.of.key}: {people} of {plan.people} places are taken", remedy)
    else:
        yield _well("people", f"{usage.of.key}: {people} of {plan.people} places are taken or promised")


def _opened(file: Path, key: str) -> Finding:
    """Whether the key that is set opens the newest backup: without it nobody can help once it is needed."""
    try:
        with file.open("rb") as sealed:
            SealedReader(sealed, key).close()
    except DumpTrouble as error:
        remedy = "Set the key that it was made with. If that is lost, run: python bot.py backup"
        return Finding(Level.WRONG, "backup", f"{file.name}: {error}", remedy)
    except OSError as error:
        return Finding(Level.WRONG, "backup", f"{file.name}: {error.strerror}", "Look at the rights of its folder.")
    return _well("backup", f"the key opens {file.name}")


async def _platforms(patient: Patient) -> AsyncIterator[Finding]:
    # All at once: a platform that does not answer is waited for only once, however many bots are on it.
    asked = {account: asyncio.create_task(_named(introduce)) for account, introduce in patient.accounts.items()}
    told = asyncio.create_task(_behind(patient.platform_time)) if patient.platform_time is not None else None
    for account, naming in asked.items():
        try:
            yield _well("channel", f"{account} is called {await naming}")
        except SendingFailed as error:
            remedy = "Look at the token and the network; for Telegram also at KETNAP_TELEGRAM_PROXY."
            yield Finding(Level.WRONG, "channel", f"{account}: {error.reason}", remedy)
    behind = await told if told is not None else None
    if behind is None:
        return
    if abs(behind) > CLOCK_SECONDS:
        says = f"this machine's clock is {-behind:+.0f} s from the platform's"
        yield Finding(Level.WRONG, "clock", says, "Switch on time synchronisation (NTP).")
    else:
        yield _well("clock", "as the platform's")


async def _named(introduce: Callable[[], Awaitable[str]]) -> str:
    return await introduce()


async def _behind(platform_time: Callable[[], Awaitable[datetime | None]]) -> float | None:
    """By how many seconds this machine is behind the platform, at the moment in which that told its time."""
    told = await platform_time()
    return None if told is None else (told - datetime.now(UTC)).total_seconds()
