"""How many messages one core understands in a second, beside peers that do a part of it on the same messages.

dateparser looks for days only, rapidfuzz for a name out of a list only; ours reads what is wished, by whom, of whom,
when and where, and cuts out what must not be kept.
"""

import gc
import json
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from language.shown import as_json
from language.understand import understand

TODAY = date(2026, 11, 21)
SET = Path(__file__).parents[1] / "tests" / "language" / "set"
NAMES = 300


@dataclass(frozen=True, slots=True)
class Speeds:
    """Messages for each second of processor time, each peer on one thread."""

    ours: float
    dateparser: float
    rapidfuzz: float


def messages() -> tuple[list[str], list[str]]:
    """All texts of the set, and the names in them for rapidfuzz to choose from."""
    lines = [
        json.loads(line)
        for part in ("development", "test")
        for line in (SET / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    people = [person["name"] for line in lines for person in line["expected"].get("people", ())]
    return [line["text"] for line in lines], list(dict.fromkeys(people))[:NAMES]


def measure(part: int = 1) -> Speeds:
    """One run of each, one after the other; `part` n: only every n-th message."""
    texts, names = messages()
    texts = texts[::part]
    # Of the group `bench`: nothing else needs it.
    search: Any = import_module("dateparser.search")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Speeds(
            ours=_rate(texts, lambda text: as_json(understand(text, today=TODAY))),
            dateparser=_rate(texts, lambda text: search.search_dates(text, languages=["vi"])),
            rapidfuzz=_rate(texts, lambda text: process.extractOne(text, names, scorer=fuzz.partial_ratio)),
        )


def _rate(texts: Sequence[str], read: Callable[[str], object]) -> float:
    for text in texts[:20]:
        read(text)
    gc.collect()
    before = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - before)
