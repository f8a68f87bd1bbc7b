"""What is measured: turns at saturation, how long one takes at a steady pace, letters in bulk, start and memory."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import office
from bench.bots import Bot, running
from bench.office import FIRST_CHAT, PRESS, Size
from bench.telegram import Platform, Sent

SILENCE_SECONDS = 60.0
MIDDLE = (0.1, 0.9)
"""Of the answers of a run only those between these parts are timed: neither the start nor the last stragglers."""

LETTERS_PER_SECOND_ALLOWED = 30


@dataclass(frozen=True, slots=True)
class Work:
    """How much is done in one run."""

    chats: int = 100
    rounds: int = 2
    questions: int = 4
    seconds: float = 12.0
    per_second: float = 30.0
    letters: int = 200
    seed: int = 20261123


@dataclass(slots=True)
class Talks:
    """Every chat says its script, each step when the one before was answered; or at set times, with `at`."""

    platform: Platform
    scripts: dict[int, deque[str]]
    asked: dict[int, float] = field(default_factory=dict[int, float])
    answered: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    buttons: dict[int, str] = field(default_factory=dict[int, str])
    is_free_running: bool = True
    last_texts: dict[int, str] = field(default_factory=dict[int, str])

    def begin(self) -> None:
        self.platform.on_sent = self._heard
        for chat in self.scripts if self.is_free_running else ():
            self.say(chat)

    def say(self, chat: int) -> None:
        step = self.scripts[chat].popleft()
        self.asked[chat] = time.monotonic()
        if step == PRESS and chat in self.buttons:
            self.platform.presses(chat, self.buttons.pop(chat))
        else:
            self.platform.says(chat, step)

    async def finished(self, count: int) -> None:
        """Until so many were answered; a bot that falls silent has failed."""
        quiet_since, known = time.monotonic(), -1
        while len(self.answered) < count:
            await asyncio.sleep(0.05)
            if len(self.answered) != known:
                quiet_since, known = time.monotonic(), len(self.answered)
            elif time.monotonic() - quiet_since > SILENCE_SECONDS:
                raise RuntimeError(f"silence after {known} of {count} answers: {list(self.last_texts.values())[-3:]}")

    def _heard(self, sent: Sent) -> None:
        asked = self.asked.pop(sent.chat, None)
        if asked is None:
            return
        self.last_texts[sent.chat] = sent.text
        self.answered.append((sent.at, sent.at - asked))
        data = next((data for label, data in sent.buttons if label == PRESS), None)
        if data is not None:
            self.buttons[sent.chat] = data
        if self.is_free_running and self.scripts[sent.chat]:
            self.say(sent.chat)


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns a second and what each cost; memory is that of the process at the end."""

    per_second: float
    processor_ms: float
    memory_mib: float
    seconds_to_first_poll: float


async def turns(bot: Bot, work: Work, delay: float, folder: Path, *, postgres: str = "") -> Turns:
    """As many turns as the bot manages with every chat waiting for its answer before it goes on."""
    scripts = {FIRST_CHAT + n: deque(office.script(FIRST_CHAT + n, work.rounds, work.seed)) for n in range(work.chats)}
    return await _saturate(bot, work, delay, folder, scripts, postgres)


async def questions(bot: Bot, work: Work, folder: Path) -> Turns:
    """The same with "/tiendo", which writes nothing but its answer."""
    scripts = {FIRST_CHAT + n: deque(["/tiendo"] * work.questions) for n in range(work.chats)}
    return await _saturate(bot, work, 0.0, folder, scripts, "")


async def _saturate(
    bot: Bot, work: Work, delay: float, folder: Path, scripts: dict[int, deque[str]], postgres: str
) -> Turns:
    count = sum(map(len, scripts.values()))
    async with Platform(delay) as platform, running(bot, platform, folder, Size(work.chats), postgres=postgres) as one:
        talks = Talks(platform, scripts)
        before = one.processor_seconds
        talks.begin()
        await talks.finished(count)
        spent, memory = one.processor_seconds - before, one.memory_mib
    first, last = (int(count * part) for part in MIDDLE)
    times = sorted(at for at, _ in talks.answered)
    rate = (last - first) / (times[last - 1] - times[first - 1])
    return Turns(rate, spent / count * 1000, memory, one.seconds_to_first_poll)


async def latencies(bot: Bot, work: Work, delay: float, folder: Path) -> list[float]:
    """Milliseconds from a message to its answer while messages come at a steady rate, at moments drawn by chance."""
    chance = random.Random(work.seed)
    count = int(work.seconds * work.per_second)
    moments = sorted(chance.uniform(0, work.seconds) for _ in range(count))
    rounds = count // (3 * work.chats) + 2
    scripts = {FIRST_CHAT + n: deque(office.script(FIRST_CHAT + n, rounds, work.seed)) for n in range(work.chats)}
    order, said = deque(scripts), 0
    async with Platform(delay) as platform, running(bot, platform, folder, Size(work.chats)):
        talks = Talks(platform, scripts, is_free_running=False)
        talks.begin()
        # A warm bot is measured: each chat has said its first step before.
        for chat in scripts:
            talks.say(chat)
        await talks.finished(work.chats)
        began = time.monotonic()
        for moment in moments:
            await asyncio.sleep(began + moment - time.monotonic())
            # Somebody who waits for an answer does not write again; the next in turn does.
            for _ in range(work.chats):
                order.rotate(1)
                if order[0] not in talks.asked and scripts[order[0]]:
                    talks.say(order[0])
                    said += 1
                    break
        await talks.finished(work.chats + said)
    return sorted(taken * 1000 for _, taken in talks.answered[work.chats :])


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters a second from the first to the last, and how many the platform refused."""

    per_second: float
    refused: int


async def letters(work: Work, folder: Path) -> Letters:
    """The weekly digest to everybody in charge, at the pace as shipped, on a platform that keeps its limit."""
    times: list[float] = []
    size = Size(branches=max(20, work.letters // 3), readers=work.letters)
    async with Platform(0.05, per_second=LETTERS_PER_SECOND_ALLOWED) as platform:
        platform.on_sent = lambda sent: times.append(sent.at)
        async with running(Bot.OURS, platform, folder, size, paced=True):
            began = time.monotonic()
            while len(times) < work.letters and time.monotonic() - began < work.letters / 5 + SILENCE_SECONDS:
                await asyncio.sleep(0.05)
    return Letters((len(times) - 1) / (times[-1] - times[0]), platform.refused)


def percentile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
