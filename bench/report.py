"""The measured figures as tables of `docs/performance.md`: medians, spread, and the ratios beside their aims."""

import os
import platform as machine
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from domain.calendar import ZONE

PLACE = Path(__file__).parents[1] / "docs" / "performance.md"
END = "<!-- /measured -->"
LIBRARIES = ("python-telegram-bot", "httpx", "httpx-aiohttp", "sqlalchemy", "aiosqlite", "asyncpg")


class Marks(StrEnum):
    """Where in the document a measured part begins; each ends with the same mark."""

    TURNS = "<!-- measured: written by make bench -->"
    READING = "<!-- measured reading: written by make bench -->"


TURNS, READING = Marks.TURNS, Marks.READING


@dataclass(frozen=True, slots=True)
class Aim:
    """A ratio, once per run, and what it should be: at least, or at most."""

    what: str
    beside: str
    ratios: Sequence[float]
    wanted: float
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        middle = statistics.median(self.ratios)
        return middle >= self.wanted if self.at_least else middle <= self.wanted


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median, and in brackets the least and the most."""
    middle = f"{statistics.median(values):,.{digits}f}"
    return f"{middle} ({min(values):,.{digits}f}–{max(values):,.{digits}f})" if len(values) > 1 else middle


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def aims(found: Sequence[Aim]) -> str:
    return table(
        ["what", "beside", "ratio", "aim", "met"],
        [
            [
                one.what,
                one.beside,
                spread(one.ratios, 2),
                f"{'≥' if one.at_least else '≤'} {one.wanted:g}",
                "yes" if one.is_met else "**no**",
            ]
            for one in found
        ],
    )


def conditions(
    *, runs: int, seed: int, quick: bool, load: Sequence[float], libraries: Sequence[str] = LIBRARIES
) -> str:
    cpu = next((row.partition(":")[2].strip() for row in _lines("/proc/cpuinfo") if row.startswith("model name")), "?")
    memory = next((int(row.split()[1]) for row in _lines("/proc/meminfo") if row.startswith("MemTotal")), 0)
    named = ", ".join(f"{name} {version(name)}" for name in libraries)
    size = " Quick: far too small to be quoted." if quick else ""
    return (
        f"{datetime.now(ZONE):%Y-%m-%d %H:%M}, {os.cpu_count()} cores ({cpu}), {memory / 2**20:.0f} GiB, "
        f"{machine.system()} {machine.release()}, Python {machine.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{named}. {runs} runs, seed {seed}. Load of the machine over a minute, at each run's beginning: "
        f"{', '.join(f'{one:.1f}' for one in load)}.{size}"
    )


def write(parts: Sequence[str], marks: Marks = TURNS, place: Path = PLACE) -> None:
    """Into the marked part of the document; the rest of it is written by hand."""
    text = place.read_text(encoding="utf-8")
    before, _, rest = text.partition(marks)
    _, _, after = rest.partition(END)
    measured = "\n\n".join(parts)
    place.write_text(f"{before}{marks}\n\n{measured}\n\n{END}{after}", encoding="utf-8")


def _lines(path: str) -> list[str]:
    place = Path(path)
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []
