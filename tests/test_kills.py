"""Processes are killed, frozen and stopped in the middle of their work, again and again: nothing is lost or doubled."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from domain.calendar import ZONE
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import UnitKind
from language.letter_wording import SENT_AGAIN
from language.plain import fold
from storage.database import Database, StorageTrouble
from storage.office import load_plan
from storage.tables import addresses, entries, inbox, outbox, people
from storage.verify import flaws
from tests.cast import free_port
from tests.platforms.balancer import Balancer
from tests.platforms.client import Emulator, Sent, User

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

    @property
    def messages(self) -> int:
        return self.chats * self.rounds

    @property
    def kinds(self) -> list[str]:
        """What may be done to a process; one that is alone has nobody to take over from it while it is frozen."""
        return ["kill", "freeze", "stop"] if self.processes > 1 else ["kill"]


SMALL = Run(chats=12, rounds=5, faults=2, seed=20261121, seconds=6)
THREE = replace(SMALL, chats=8, rounds=4, faults=3, seconds=4, processes=3)
WEBHOOK = replace(SMALL, chats=8, rounds=4, faults=1, seconds=2, by_webhook=True)


@pytest.fixture
def emulator() -> Generator[Emulator]:
    with Emulator.start() as running:
        yield running


@pytest.mark.parametrize(
    ("database_url", "run"),
    [("sqlite", SMALL), ("sqlite", WEBHOOK), ("postgres", THREE)],
    ids=["polling", "webhook", "three processes"],
    indirect=["database_url"],
)
def test_nothing_is_lost_or_doubled_whatever_is_killed(
    emulator: Emulator, database_url: str, tmp_path: Path, run: Run
) -> None:
    campaign(run, emulator, database_url, tmp_path)


@pytest.mark.campaign
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("processes", [1, 3], ids=["alone", "three processes"])
def test_nothing_is_lost_or_doubled_in_ten_faults(
    request: pytest.FixtureRequest,
    emulator: Emulator,
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
    campaign(run, emulator, database_url, tmp_path, restart)


def campaign(run: Run, emulator: Emulator, url: str, folder: Path, restart: Callable[[], None] | None = None) -> None:
    asyncio.run(_prepare(url, emulator.token.split(":")[0], run))
    chance = random.Random(run.seed)
    ports = [free_port() for _ in range(run.processes)]
    emulator.config(webhook_retry_base=0.1, webhook_timeout=3 * LEASE_SECONDS)
    # The platform takes its time to answer, and brings some things twice.
    emulator.fault("sendMessage", "delay_after", delay=0.15)
    emulator.fault("update", "duplicate", probability=0.1)
    done: Counter[str] = Counter()
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
        speaking = threading.Thread(target=_speak, args=(users[: run.chats], run))
        speaking.start()
        try:
            faults = ["restart"] * run.restarts + [chance.choice(run.kinds) for _ in range(run.faults)]
            chance.shuffle(faults)
            for fault in faults:
                time.sleep(chance.uniform(0.3, 1.7) * run.seconds / len(faults))
                done[fault] += 1
                if fault == "restart":
                    assert restart is not None
                    restart()
                else:
                    chance.choice(bots).suffer(fault)
                for bot in bots:
                    bot.start_if_ended()
            speaking.join()
            _wait_until_quiet(emulator, url, bots)
        finally:
            for bot in bots:
                bot.end()
    _judge(run, done, emulator.sent(), asyncio.run(_books(url)))


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


async def _prepare(url: str, account: str, run: Run) -> None:
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
                    channel="telegram", account=account, chat=str(1000 + number), person_id=person_id, is_group=False,
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
        | {
            "KETNAP_DATA_DIR": str(folder / "data"),
            "KETNAP_DATABASE_URL": url,
            "KETNAP_TELEGRAM_TOKEN": emulator.token,
            "KETNAP_TELEGRAM_API_URL": emulator.base_url.removesuffix("/bot"),
            "KETNAP_HTTP_PORT": str(port),
            "KETNAP_OFFICE_FILE": str(office),
            "KETNAP_NOW": NOW.isoformat(),
        }
    )


def _speak(users: Sequence[User], run: Run) -> None:
    """Every chat reports month after month that there was nothing, spread over the time of the faults."""
    for month in range(1, run.rounds + 1):
        for user in users:
            user.says(f"tháng {month} không có gì mới")
            time.sleep(run.seconds / run.messages * 0.8)


@dataclass(frozen=True)
class Books:
    """What the database says at the end; `flaws` is what is not as it must be in trail, counters, keys and numbers."""

    months: dict[int, list[date]]
    handled: Counter[str]
    letters: Counter[str]
    uncertain: int
    flaws: list[str]


async def _books(url: str) -> Books:
    db = await Database.open(url)

    def read(tx: Connection) -> Books:
        months: defaultdict[int, list[date]] = defaultdict(list)
        for unit_id, month in tx.execute(select(entries.c.unit_id, entries.c.month).order_by(entries.c.number)):
            assert month is not None
            months[unit_id].append(month)
        handled = Counter(tx.execute(select(inbox.c.state)).scalars())
        letters = Counter(tx.execute(select(outbox.c.state).where(outbox.c.kind == "letter")).scalars())
        uncertain = tx.execute(select(outbox.c.id).where(outbox.c.state == "uncertain")).all()
        return Books(dict(months), handled, letters, len(uncertain), [])

    try:
        return replace(await db.write(read), flaws=await flaws(db))
    finally:
        await db.close()


def _wait_until_quiet(emulator: Emulator, url: str, bots: list[Bot]) -> None:
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
        for _ in range(240):
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


def _judge(run: Run, done: Counter[str], sent: list[Sent], books: Books) -> None:
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
        f"\nseed={run.seed} processes={run.processes} webhook={run.by_webhook} faults={dict(done)} "
        f"messages={run.messages} booked={sum(map(len, books.months.values()))} "
        f"handled={dict(books.handled)} answered={len(answered)} repeats={repeats} unmarked repeats={unmarked} "
        f"letters={dict(books.letters)} letters seen={sum(per_reader.values())} uncertain={books.uncertain} "
        f"flaws={len(books.flaws)}"
    )
    wanted = [date(2026, month, 1) for month in range(1, run.rounds + 1)]
    assert len(books.months) == run.chats
    assert all(months == wanted for months in books.months.values()), "booked twice, lost, or out of order"
    assert books.handled == {"done": run.messages + READERS}
    assert len(answered) == run.messages, "somebody was not answered"
    assert unmarked == 0, "a repeat was not marked"
    assert repeats <= done.total() * 24, "more repeats than could be in flight"
    assert all(count == 1 for count in per_reader.values()), "a letter came twice"
    assert len(per_reader) + books.letters["uncertain"] >= READERS
    assert books.flaws == []
