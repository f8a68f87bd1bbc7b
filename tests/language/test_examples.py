"""Every message of `examples.jsonl` is understood as the line says: the manual's own rows first, then ours."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from language.plain import fold
from language.shown import as_json
from language.understand import understand

TODAY = date(2026, 11, 21)
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("examples.jsonl").read_text(encoding="utf-8").splitlines()
]
FREE = frozenset({"job", "group", "introduced_by", "argument"})


def compared(value: Any) -> Any:
    """Names and branches compare without case, accents and repeated spaces; free words do not compare."""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, list):
        return [compared(part) for part in value]
    if isinstance(value, dict):
        return {fold(key): compared(part) for key, part in value.items() if key not in FREE}
    return value


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:60] for row in ROWS])
def test_a_message_is_understood_as_the_example_says(row: dict[str, Any]) -> None:
    wanted = {key: value for key, value in row.items() if key != "text"}

    assert compared(as_json(understand(row["text"], today=TODAY))) == compared(wanted)


def test_the_examples_are_many_and_each_stands_once() -> None:
    texts = [row["text"] for row in ROWS]

    assert len(texts) > 400
    assert len(set(texts)) == len(texts)
