"""The bots that are measured, each as a process of its own: ours on either database, and its peers."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench import office
from bench.office import Size
from bench.peers import usual
from bench.telegram import ACCOUNT, TOKEN, Platform
from storage.schema import migrate

ROOT = Path(__file__).parents[1]
START_SECONDS = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


class Bot(StrEnum):
    OURS = "ours, SQLite"
    OURS_POSTGRES = "ours, PostgreSQL"
    USUAL = "the usual way"
    ECHO = "echo, one at a time"
    ECHO_CONCURRENT = "echo, concurrent"
    ECHO_AIOHTTP = "echo, concurrent on httpx-aiohttp"


@dataclass(slots=True)
class Running:
    """A bot that polls. Processor seconds and memory are those of its process."""

    pid: int
    seconds_to_first_poll: float

    @property
    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory_mib(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        kib = next(row.split()[1] for row in status.splitlines() if row.startswith("VmRSS"))
        return int(kib) / 1024


@asynccontextmanager
async def running(
    bot: Bot, platform: Platform, folder: Path, size: Size, *, postgres: str = "", paced: bool = False
) -> AsyncGenerator[Running]:
    """The bot with an office of that size, from its first poll until it is ended."""
    folder.mkdir(parents=True)
    command, environment = await asyncio.to_thread(_prepare, bot, platform, folder, size, postgres, paced)
    began = time.monotonic()
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: ASYNC220 - a fork takes a moment, and nothing is measured yet
    try:
        while platform.first_poll_at is None:
            if process.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"{bot} did not start:\n{(folder / 'log').read_text(encoding='utf-8')[-2000:]}")
            await asyncio.sleep(0.001)
        yield Running(process.pid, platform.first_poll_at - began)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _prepare(
    bot: Bot, platform: Platform, folder: Path, size: Size, postgres: str, paced: bool
) -> tuple[list[str], dict[str, str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KETNAP_")}
    environment |= {"PYTHONPATH": str(ROOT)}
    if bot in (Bot.OURS, Bot.OURS_POSTGRES):
        url = postgres if bot is Bot.OURS_POSTGRES else f"sqlite+aiosqlite:///{folder / 'ketnap.db'}"
        migrate(url)
        asyncio.run(office.furnish(url, size, ACCOUNT))
        environment |= {
            "KETNAP_DATA_DIR": str(folder / "data"),
            "KETNAP_DATABASE_URL": url,
            "KETNAP_TELEGRAM_TOKEN": TOKEN,
            "KETNAP_TELEGRAM_API_URL": platform.url,
            "KETNAP_OFFICE_FILE": str(office.write_settings(folder, paced=paced)),
            "KETNAP_NOW": office.NOW.isoformat(),
        }
        return [sys.executable, "bot.py", "run"], environment
    if bot is Bot.USUAL:
        path = str(folder / "usual.db")
        asyncio.run(usual.furnish(path, size.branches, office.COMMUNES, office.FIRST_CHAT))
        return [sys.executable, "-m", "bench.peers.usual", TOKEN, platform.url, path], environment
    flags = {Bot.ECHO: [], Bot.ECHO_CONCURRENT: ["concurrent"], Bot.ECHO_AIOHTTP: ["concurrent", "aiohttp"]}[bot]
    return [sys.executable, "-m", "bench.peers.echo", TOKEN, platform.url, *flags], environment
