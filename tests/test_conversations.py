"""Conversations in files that a branch secretary could read and correct, each played on every kind of phone.

A file is a talk. `# ...` is a remark, `@ lan` says who speaks, `> ...` what is said, `! Lưu` which button is pressed,
`+ 2 days` moves the clock. What follows is what the bot must answer, line by line; `…` stands for anything.
"""

import re
import shutil
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import Connection, select

from channels import parts
from channels.trial import Skin
from storage.database import Database
from storage.tables import candidates, counters, entries, members, quotas, units
from tests.cast import CONVERSATIONS, stage
from tests.platforms.client import Emulator
from tests.players import OnEmulator, OnTrial, OnWindowed, Platform, player

FILES = sorted(CONVERSATIONS.glob("*.txt"))
MOVE = re.compile(r"\+ (\d+) (minutes|hours|days)")


@pytest.mark.anyio
@pytest.mark.parametrize("by_number", [False, True], ids=["buttons", "numbers"])
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_the_conversation_goes_as_written(database: Database, path: Path, by_number: bool) -> None:
    async with stage(database) as played:
        await play(played, path.read_text(encoding="utf-8"), by_number=by_number)


@pytest.fixture(scope="module")
def emulators() -> Generator[dict[str, Emulator]]:
    with Emulator.start() as telegram, Emulator.start(platform="zalo") as zalo:
        yield {"telegram": telegram, "zalo": zalo}


PLATFORMS: dict[str, Callable[[dict[str, Emulator]], Platform]] = {
    "telegram": lambda emulators: OnEmulator.on(emulators["telegram"]),
    "zalo": lambda emulators: OnEmulator.on(emulators["zalo"]),
    "trial": lambda _: OnTrial.on(Skin.TELEGRAM),
    "trial's zalo": lambda _: OnTrial.on(Skin.ZALO),
    "with windows": lambda _: OnWindowed(),
}


@pytest.mark.anyio
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_the_conversation_leads_to_the_same_records_on_every_platform(
    emulators: dict[str, Emulator],
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: Path,
) -> None:
    monkeypatch.setattr(parts, "BETWEEN_SECONDS", 0.0)
    talk, records = path.read_text(encoding="utf-8"), dict[str, Any]()
    for name, platform in PLATFORMS.items():
        async with fresh(sqlite_template, tmp_path / f"{name}.db") as database:
            async with player(database, platform(emulators)) as played:
                await play(played, talk, by_number=False)
            records[name] = await database.write(on_record)
    for name in PLATFORMS:
        assert records[name] == records["telegram"], name


@asynccontextmanager
async def fresh(template: Path, path: Path) -> AsyncGenerator[Database]:
    shutil.copy(template, path)
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


def on_record(tx: Connection) -> dict[str, Any]:
    """All that the bot holds to be true, with people by their names, for their ids are drawn."""
    names = {row.id: row.name for row in tx.execute(select(candidates.c.id, candidates.c.name))}
    found: dict[str, Any] = {}
    for table in (candidates, entries, counters, quotas, members, units):
        kept = [column for column in table.c if column.name not in ("digest", "id", "item_id")]
        rows = [row._asdict() for row in tx.execute(select(*kept))]
        for row in rows:
            if row.get("candidate_id") is not None:
                row["candidate_id"] = names[row["candidate_id"]]
        found[table.name] = sorted(rows, key=repr)
    return found


class Played(Protocol):
    """Somebody's phone, on whatever platform."""

    async def says(self, who: str, text: str) -> str: ...

    async def presses(self, who: str, label: str, *, by_number: bool) -> str: ...

    def move(self, **by: float) -> None: ...


async def play(played: Played, talk: str, *, by_number: bool) -> None:
    who, answered, expected, at = "lan", "", [], 0
    for number, row in enumerate([*talk.splitlines(), "# the end"], start=1):
        if row[:2] not in ("# ", "@ ", "> ", "! ", "+ "):
            expected.append(row)
            continue
        check(answered, expected, at)
        answered, expected, at = "", [], number
        match row[0], row[2:]:
            case "@", name:
                who = name.strip()
            case ">", text:
                answered = await played.says(who, text.replace("\\n", "\n"))
            case "!", label:
                answered = await played.presses(who, label, by_number=by_number)
            case "+", _:
                found = MOVE.fullmatch(row)
                assert found is not None, row
                played.move(**{found[2]: int(found[1])})
            case _:
                continue


def check(answered: str, expected: list[str], at: int) -> None:
    wanted = "\n".join(expected).strip()
    if not wanted and not answered:
        return
    pattern = re.escape(wanted).replace("…", ".*?")
    assert re.fullmatch(pattern, answered.strip(), re.DOTALL), (
        f"line {at}\n--- said\n{answered}\n--- expected\n{wanted}"
    )
