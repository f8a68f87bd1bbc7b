"""Puts faults into `language/` one at a time and counts how many its tests notice, into `docs/language.md`.

Drawn by chance, with a seed, from all that cosmic-ray can make, and tried in a copy of the repository. What stands in a
pattern or a list of words is no operator and is not mutated; the set of messages watches over those.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import chdir
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.language.document import write

ROOT = Path(__file__).parents[2]
SAID = frozenset(
    {
        "wording", "headings", "invented", "digest_wording", "letter_wording", "problems", "reminder_wording",
        "trial_wording",
    }
)  # fmt: skip
"""What is said and not read has tests of its own elsewhere."""

NO_FAULTS = ("core/RemoveDecorator", "core/ReplaceBinaryOperator_BitOr")
"""A cache less changes nothing but the speed, and a bar is nearly always one of two types."""

COUNT, SEED, MINUTES = 200, 20261123, 30.0
SECONDS_EACH = 120.0


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault that was put in, and whether a test noticed it."""

    place: str
    kind: str
    line: str
    is_killed: bool


def tried(count: int, seed: int, minutes: float) -> tuple[list[Mutant], int]:
    """The mutants tried within the time, and how many there were to draw from."""
    with tempfile.TemporaryDirectory(prefix="ketnap-mutants-") as place, chdir(_copied(Path(place))):
        # Of the group `mutate`: no types, and not there on every machine.
        ray: Any = import_module("cosmic_ray.mutating")
        every = [spec for spec in _specs() if not spec.operator_name.startswith(NO_FAULTS)]
        drawn = random.Random(seed).sample(every, min(count, len(every)))
        command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider tests/language"
        until = time.monotonic() + minutes * 60
        out: list[Mutant] = []
        for spec in drawn:
            if time.monotonic() > until:
                break
            result = ray.mutate_and_test([spec], command, SECONDS_EACH)
            if result.test_outcome is None:
                continue
            line = next((row[1:].strip() for row in (result.diff or "").splitlines() if row[:1] == "+" != row[1:2]), "")
            kind = spec.operator_name.removeprefix("core/")
            out.append(Mutant(f"{spec.module_path}:{spec.start_pos[0]}", kind, line, bool(result.is_killed)))
            print(out[-1], flush=True)
        return out, len(every)


def _copied(place: Path) -> Path:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    return place


def _specs() -> list[Any]:
    """Every fault that could be put in, in the folder one stands in."""
    init: Any = import_module("cosmic_ray.commands.init")
    database: Any = import_module("cosmic_ray.work_db")
    paths = [path for path in sorted(Path("language").rglob("*.py")) if not set(path.with_suffix("").parts) & SAID]
    with database.use_db("mutants.sqlite3", database.WorkDB.Mode.create) as work:
        init.init(paths, work, {})
        specs = [spec for item in work.work_items for spec in item.mutations]
    return sorted(specs, key=lambda spec: (str(spec.module_path), spec.operator_name, spec.occurrence))


def told(found: Iterable[Mutant], every: int) -> str:
    mutants = list(found)
    left = [one for one in mutants if not one.is_killed]
    share = (len(mutants) - len(left)) / len(mutants)
    lines = [f"- `{one.place}` {one.kind}: `{one.line.replace('`', chr(39))}`" for one in left]
    head = f"Of {every:,} faults that could be put in, {len(mutants)} were drawn and tried: {share:.0%} were noticed."
    return "\n".join([head, "", *(["Not noticed:", "", *lines] if lines else [])]).strip()


def main() -> None:
    if find_spec("cosmic_ray") is None:
        print("No mutations: cosmic-ray is not installed (uv sync --group mutate).")
        return
    count = int(os.environ.get("KETNAP_MUTANTS", COUNT))
    write("mutations", told(*tried(count, SEED, MINUTES)))


if __name__ == "__main__":
    main()
