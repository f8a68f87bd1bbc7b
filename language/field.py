"""A model of CRFsuite that ships with the language: read once, asked by one at a time, with how sure it is."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pycrfsuite  # pyright: ignore[reportMissingTypeStubs] - the library has none

_PLACE = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
"""The library keeps what it was given last."""

Likely = dict[str, float]
"""How likely each label is, between 0 and 1."""


def path_of(name: str) -> Path:
    """Where the model of that name stands."""
    return _PLACE / f"{name}.crfsuite"


@cache
def _tagger(name: str) -> Any:  # noqa: ANN401 - the library has no types
    tagger: Any = vars(pycrfsuite)["Tagger"]()
    tagger.open(str(path_of(name)))
    return tagger


def asked(name: str, rows: list[list[str]], alternatives: Iterable[str] = ()) -> tuple[list[str], list[Likely]]:
    """The likeliest label for each row, and how likely it and the alternatives are there."""
    others = tuple(alternatives)
    with _ONE_AT_A_TIME:
        tagger = _tagger(name)
        labels: list[str] = tagger.tag(rows)
        likely = [{one: tagger.marginal(one, at) for one in (label, *others)} for at, label in enumerate(labels)]
    return labels, likely
