"""A model of CRFsuite that ships with the language: each copy read once and asked by one at a time, with how sure it is."""

from functools import cache
from pathlib import Path
from typing import Any

import pycrfsuite  # pyright: ignore[reportMissingTypeStubs] - the library has none

_PLACE = Path(__file__).parent


def path_of(name: str) -> Path:
    """Where the model of that name stands."""
    return _PLACE / f"{name}.crfsuite"


@cache
def _idle(name: str) -> list[Any]:
    """Models of that name which nobody is asking: each keeps what it was given last, so nobody shares one."""
    return []


def _opened(name: str) -> Any:  # noqa: ANN401 - the library has no types
    tagger: Any = vars(pycrfsuite)["Tagger"]()
    tagger.open(str(path_of(name)))
    return tagger


def asked(name: str, rows: list[list[str]]) -> tuple[list[str], list[float]]:
    """The likeliest label for each row, and how likely it is there."""
    idle = _idle(name)
    try:
        tagger = idle.pop()
    except IndexError:
        tagger = _opened(name)
    labels: list[str] = tagger.tag(rows)
    sure: list[float] = list(map(tagger.marginal, labels, range(len(labels))))
    idle.append(tagger)
    return labels, sure
