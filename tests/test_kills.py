"""Processes are killed, frozen and stopped in the middle of their work, again and again: nothing is lost or doubled.

Zalo itself loses messages: what it gave out to a process that died in that moment, and what it brings while nobody is
there. Those are counted apart, and nothing else may be missing.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from domain.calendar import ZONE
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import UnitKind
from language.letter_wording import SENT_AGAIN
from language.plain import fold
from storage.database import Database
from storage.errors import StorageTrouble
from storage.office import load_plan
from storage.tables import addresses, entries, inbox, outbox, people, units
from storage.verify import flaws
from tests.cast import free_port
from tests.platforms.balancer import Balancer
from tests.platforms.client import Emulator, Sent, User
from tests.platforms.zalo_emulator import hexed

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
LEASE_SECONDS = 2
OFFICE = f"""
[timing]
lease_seconds = {LEASE_SECONDS}
uncertain_seconds = 3
per_second = 400
per_chat_per_second = 50
chat_burst = 50
"""
READERS = 10


@dataclass(frozen=True)
class Run:
    """One campaign: how many chats and messages, what is done to how many processes, and its seed."""

    chats: int
    rounds: int
    faults: int
    seconds: float
    seed: int
    processes: int = 1
    by_webhook: bool = False
    restarts: int = 0
    platform: str = "telegram"
    consume: str = "pop"
    kinds: Sequence[str] = ()

    @property
    def messages(self) -> int:
        return self.chats * self.rounds

    @property
    def what(self) -> Sequence[str]:
        """What may be done to a process; one that is alone has nobody to take over from it while it is frozen."""
        return self.kinds or (["kill", "freeze", "stop"] if self.processes > 1 else ["kill"])


SMALL = Run(chats=12, rounds=5, faults=2, seed=20261121, seconds=6)
THREE = replace(SMALL, chats=8, rounds=4, faults=3, seconds=4, processes=3)
WEBHOOK = replace(SMALL, chats=8, rounds=4, faults=1, seconds=2, by_webhook=True)
POPPED = replace(SMALL, chats=8, rounds=4, seconds=4, platform="zalo")
REPLAYED = replace(POPPED, chats=4, rounds=3, faults=1, consume="replay")
BROUGHT = replace(POPPED, faults=1, by_webhook=True)


@pytest.mark.parametrize(
    ("database_url", "run"),
    [
        ("sqlite", SMALL),
        ("sqlite", WEBHOOK),
        ("postgres", THREE),
        ("sqlite", POPPED),
        ("sqlite", REPLAYED),
        ("postgres", BROUGHT),
    ],
    ids=["polling", "webhook", "three processes", "zalo popped", "zalo replayed", "zalo webhook"],
    indirect=["database_url"],
)
def test_nothing_is_lost_or_doubled_whatever_is_killed(database_url: str, tmp_path: Path, run: Run) -> None:
    campaign(run, database_url, tmp_path)


@pytest.mark.campaign
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("processes", [1, 3], ids=["alone", "three processes"])
def test_nothing_is_lost_or_doubled_in_ten_faults(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    by_webhook: bool,
    processes: int,
) -> None:
    run = Run(
        chats=50,
        rounds=10,
        faults=10,
        seconds=60,
        seed=random.SystemRandom().randrange(10**9),
        processes=processes,
        by_webhook=by_webhook,
        restarts=0 if database_url.startswith("sqlite") else 2,
    )
    restart = request.getfixturevalue("postgres").restart if run.restarts else None
    campaign(run, database_url, tmp_path, restart)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("database_url", "by_webhook", "consume", "processes"),
    [
        ("sqlite", False, "pop", 1),
        ("postgres", False, "pop", 3),
        ("sqlite", False, "replay", 1),
        ("sqlite", True, "pop", 1),
        ("postgres", True, "pop", 3),
    ],
    ids=["popped", "popped, three processes", "replayed", "webhook", "webhook, three processes"],
    indirect=["database_url"],
)
def test_on_zalo_nothing_is_lost_but_by_zalo_in_ten_kills(
    database_url: str, tmp_path: Path, by_webhook: bool, consume: str, processes: int
) -> None:
    run = Run(
        chats=50,
        rounds=10,
        faults=10,
        seconds=60,
        seed=random.SystemRandom().randrange(10**9),
        processes=processes,
        by_webhook=by_webhook,
        platform="zalo",
        consume=consume,
        kinds=("kill",),
    )
    campaign(run, database_url, tmp_path)


def campaign(run: Run, url: str, folder: Path, restart: Callable[[], None] | None = None) -> None:
    with Emulator.start(platform=run.platform) as emulator:
        _campaign(run, emulator, url, folder, restart)


def _campaign(run: Run, emulator: Emulator, url: str, folder: Path, restart: Callable[[], None] | None) -> None:
    asyncio.run(_prepare(url, emulator, run))
    chance = random.Random(run.seed)
    ports = [free_port() for _ in range(run.processes)]
    emulator.config(webhook_timeout=3 * LEASE_SECONDS)
    as_asked = {"consume": run.consume, "replay_times": 1}
    emulator.config(**(as_asked if run.platform == "zalo" else {"webhook_retry_base": 0.1}))
    # The platform takes its time to answer, and brings some things twice.
    emulator.fault("sendMessage", "delay_after", delay=0.15)
    emulator.fault("update", "duplicate", probability=0.1)
    done: Counter[str] = Counter()
    said = Said()
    # The letters go out as soon as the bot runs: to people whom the platform knows already.
    users = [emulator.user(1000 + number, f"User {number}") for number in range(run.chats + READERS)]
    for reader in users[run.chats :]:
        reader.says("chào")
    with Balancer(ports) as door:
        public = f"http://127.0.0.1:{door.port}" if run.by_webhook else ""
        bots = [Bot(_environment(emulator, url, folder, port, public), folder / f"{port}.log") for port in ports]
        for bot in bots:
            bot.start()
        emulator.wait_polled(120)
        speaking = threading.Thread(target=_speak, args=(users[: run.chats], run, said))
        speaking.start()
        try:
            faults = ["restart"] * run.restarts + [chance.choice(run.what) for _ in range(run.faults)]
            chance.shuffle(faults)
            for fault in faults:
                time.sleep(chance.uniform(0.3, 1.7) * run.seconds / len(faults))
                done[fault] += 1
                said.faults.append(time.time())
                if fault == "restart":
                    assert restart is not None
                    restart()
                else:
                    chance.choice(bots).suffer(fault)
                for bot in bots:
                    bot.start_if_ended()
            speaking.join()
            # What is given out again and again is asked for once a second.
            _wait_until_quiet(emulator, url, bots, seconds=120 + 2 * run.messages * (run.consume == "replay"))
        finally:
            for bot in bots:
                bot.end()
    books = asyncio.run(_books(url))
    _judge(run, done, emulator.sent(), books, said.missing(books))
    if run.platform == "zalo":
        assert said.missing(books) <= said.lost_by_zalo(emulator.stats(), run), "lost, and not by Zalo"
        assert run.by_webhook or len(said.missing(books)) <= len(said.faults), "more than one lost in a kill"


@dataclass
class Bot:
    """One process of the bot, which something starts again when it has ended, as systemd does."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "bot.py", "run"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def start_if_ended(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()

    def suffer(self, fault: str) -> None:
        assert self.process is not None
        match fault:
            case "kill":
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()
            case "freeze":
                self.process.send_signal(signal.SIGSTOP)
                time.sleep(1.5 * LEASE_SECONDS)
                self.process.send_signal(signal.SIGCONT)
            case _:
                self.process.send_signal(signal.SIGTERM)
                self.process.wait(60)

    def end(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        finally:
            self.process.kill()


@dataclass
class Said:
    """What was said: chat and month by the message's id; and when something was done to a process."""

    messages: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    faults: list[float] = field(default_factory=list[float])

    def missing(self, books: "Books") -> set[tuple[int, int]]:
        booked = {(chat, month.month) for chat, months in books.months.items() for month in months}
        return set(self.messages.values()) - booked

    def lost_by_zalo(self, stats: dict[str, Any], run: Run) -> set[tuple[int, int]]:
        """Brought to nobody, or given out once just as the process died; what is given out again is not lost."""
        given = [] if run.consume == "replay" else stats["popped"]
        dying = {one["id"] for one in given if any(at - 1 < one["at"] < at + 0.5 for at in self.faults)}
        return {self.messages[one] for one in dying | set(stats["lost"]) if one in self.messages}


async def _prepare(url: str, emulator: Emulator, run: Run) -> None:
    """Each chat is the secretary of a branch; ten readers each answer for a share of the branches."""
    branches = [f"B{n:03}" for n in range(run.chats)]
    plan = OfficePlan(
        units=(
            PlannedUnit("X", "Đảng bộ xã Thử", UnitKind.GRASSROOTS),
            *(PlannedUnit(code, f"Chi bộ {code}", UnitKind.BRANCH, "X") for code in branches),
        ),
        quotas=tuple(PlannedQuota(code, "2026", Target(1)) for code in branches),
        people=(
            *(PlannedPerson(code, f"Người {code}", Role.SECRETARY, code) for code in branches),
            *(PlannedPerson(f"R{n}", f"Người R{n}", Role.MONITOR, branches[n % run.chats]) for n in range(READERS)),
        ),
    )
    db = await Database.open(url)
    await load_plan(db, plan, fold, NOW.date(), NOW)

    def connect(tx: Connection) -> None:
        for number, key in enumerate([*branches, *(f"R{n}" for n in range(READERS))]):
            person_id = tx.scalar(select(people.c.id).where(people.c.key == key))
            tx.execute(
                insert(addresses).values(
                    channel=run.platform, account=emulator.account, person_id=person_id, is_group=False,
                    chat=hexed(1000 + number) if run.platform == "zalo" else str(1000 + number),
                    is_blocked=False, blocked_reason="", guesses=0, heard_at=NOW, last_item_id=0,
                )
            )  # fmt: skip

    await db.write(connect)
    await db.close()


def _environment(emulator: Emulator, url: str, folder: Path, port: int, public: str) -> dict[str, str]:
    office = folder / "office.toml"
    office.write_text(OFFICE, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KETNAP_")}
    webhook = {"KETNAP_PUBLIC_URL": public, "KETNAP_WEBHOOK_SECRET": "kill-tests-0123456789abcdef"} if public else {}
    return (
        clean
        | webhook
        | emulator.settings
        | {
            "KETNAP_DATA_DIR": str(folder / "data"),
            "KETNAP_DATABASE_URL": url,
            "KETNAP_HTTP_PORT": str(port),
            "KETNAP_OFFICE_FILE": str(office),
            "KETNAP_NOW": NOW.isoformat(),
        }
    )


def _speak(users: Sequence[User], run: Run, said: Said) -> None:
    """Every chat reports month after month that there was nothing, spread over the time of the faults."""
    for month in range(1, run.rounds + 1):
        for user in users:
            told = user.says(f"tháng {month} không có gì mới")
            said.messages[str(told["message_id"])] = (user.id, month)
            time.sleep(run.seconds / run.messages * 0.8)


@dataclass(frozen=True)
class Books:
    """What the database says at the end, months by chat; `flaws` is what is not as it must be in trail and counters."""

    months: dict[int, list[date]]
    handled: Counter[str]
    letters: Counter[str]
    uncertain: int
    flaws: list[str]


async def _books(url: str) -> Books:
    db = await Database.open(url)

    def read(tx: Connection) -> Books:
        months: defaultdict[int, list[date]] = defaultdict(list)
        booked = select(units.c.code, entries.c.month).join(units, units.c.id == entries.c.unit_id)
        for code, month in tx.execute(booked.order_by(entries.c.number)):
            assert month is not None
            months[1000 + int(code.removeprefix("B"))].append(month)
        handled = Counter(tx.execute(select(inbox.c.state)).scalars())
        letters = Counter(tx.execute(select(outbox.c.state).where(outbox.c.kind == "letter")).scalars())
        uncertain = tx.execute(select(outbox.c.id).where(outbox.c.state == "uncertain")).all()
        return Books(dict(months), handled, letters, len(uncertain), [])

    try:
        return replace(await db.write(read), flaws=await flaws(db))
    finally:
        await db.close()


def _wait_until_quiet(emulator: Emulator, url: str, bots: list[Bot], seconds: int) -> None:
    """Until everything was fetched, nothing waits in the inbox and nothing in the outbox can still be sent."""

    def waiting(tx: Connection) -> int:
        heard = tx.execute(select(inbox.c.id).where(inbox.c.state == "waiting")).all()
        unsaid = select(outbox.c.id).where(
            outbox.c.state.in_(["planned", "claimed"])
            | ((outbox.c.state == "uncertain") & outbox.c.settled_at.is_(None))
        )
        return len(heard) + len(tx.execute(unsaid).all())

    async def wait() -> None:
        db = await Database.open(url)
        quiet = 0
        for _ in range(2 * seconds):
            for bot in bots:
                bot.start_if_ended()
            try:
                unfinished = len(emulator.get("pending")) + await db.write(waiting)
            except StorageTrouble:
                unfinished = 1
            quiet = quiet + 1 if unfinished == 0 else 0
            if quiet == 4:
                break
            await asyncio.sleep(0.5)
        await db.close()
        assert quiet == 4, "the bot did not come to rest"

    asyncio.run(wait())


def _judge(run: Run, done: Counter[str], sent: list[Sent], books: Books, missing: set[tuple[int, int]]) -> None:
    said = [one for one in sent if one.method == "sendMessage"]
    replies = [one for one in said if "không phát sinh tháng" in one.text]
    letters = [one for one in said if "Tình hình kết nạp tuần này" in one.text]
    by_chat: defaultdict[int, list[str]] = defaultdict(list)
    repeats = 0
    for one in replies:
        repeated = one.text.startswith(SENT_AGAIN)
        repeats += repeated
        if not repeated:
            by_chat[one.chat_id].append(one.text.split("tháng ")[1].split(".")[0])
    answered = {(one.chat_id, one.text.split("tháng ")[1].split(".")[0]) for one in replies}
    unmarked = sum(len(texts) - len(set(texts)) for texts in by_chat.values())
    per_reader = Counter(one.chat_id for one in letters)
    print(
        f"\nseed={run.seed} platform={run.platform} processes={run.processes} webhook={run.by_webhook} "
        f"consume={run.consume} faults={dict(done)} lost by the platform={len(missing)} "
        f"messages={run.messages} booked={sum(map(len, books.months.values()))} "
        f"handled={dict(books.handled)} answered={len(answered)} repeats={repeats} unmarked repeats={unmarked} "
        f"letters={dict(books.letters)} letters seen={sum(per_reader.values())} uncertain={books.uncertain} "
        f"flaws={len(books.flaws)}"
    )
    wanted = {
        chat: [date(2026, month, 1) for month in range(1, run.rounds + 1) if (chat, month) not in missing]
        for chat in range(1000, 1000 + run.chats)
    }
    assert run.platform == "zalo" or not missing, "lost"
    assert books.months == {chat: months for chat, months in wanted.items() if months}, "booked twice or out of order"
    assert books.handled == {"done": run.messages + READERS - len(missing)}
    assert len(answered) == run.messages - len(missing), "somebody was not answered"
    assert unmarked == 0, "a repeat was not marked"
    assert repeats <= done.total() * 24, "more repeats than could be in flight"
    assert all(count == 1 for count in per_reader.values()), "a letter came twice"
    assert len(per_reader) + books.letters["uncertain"] >= READERS
    assert books.flaws == []
