"""Conversations in files that a branch secretary could read and correct, each played with buttons and with numbers.

A file is a talk. `# ...` is a remark, `@ lan` says who speaks, `> ...` what is said, `! Lưu` which button is pressed,
`+ 2 days` moves the clock. What follows is what the bot must answer, line by line; `…` stands for anything.
"""

import re
from pathlib import Path

import pytest

from storage.database import Database
from tests.cast import CONVERSATIONS, Stage, stage

FILES = sorted(CONVERSATIONS.glob("*.txt"))
MOVE = re.compile(r"\+ (\d+) (minutes|hours|days)")


@pytest.mark.anyio
@pytest.mark.parametrize("by_number", [False, True], ids=["buttons", "numbers"])
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_the_conversation_goes_as_written(database: Database, path: Path, by_number: bool) -> None:
    async with stage(database) as played:
        await play(played, path.read_text(encoding="utf-8"), by_number=by_number)


async def play(played: Stage, talk: str, *, by_number: bool) -> None:
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
