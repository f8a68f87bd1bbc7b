"""Texts that a fuzzer makes up by looking at which lines of `language/` they reach: none may raise.

Started by `make campaign` through `test_fuzz.py`, with a folder of messages to begin from.
"""

import json
import sys
from datetime import date
from importlib import import_module
from typing import Any

# Not there on every machine, see the group `fuzz` in pyproject.toml.
atheris: Any = import_module("atheris")

with atheris.instrument_imports(include=["language"]):
    from language.sensitive import cut
    from language.shapes import shape
    from language.shown import as_json
    from language.understand import understand

TODAY = date(2026, 11, 21)


def read(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    cut(text)
    shape(text)
    wishes = understand(text, today=TODAY)
    assert wishes
    json.dumps(as_json(wishes), ensure_ascii=False).encode("utf-8")


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
