"""Every reply that the bot has words for, filled with as much and as long names as an office has, goes over Zalo.

A function of `language/wording` that makes a reply is found by itself. What it is given is made from its annotations.
"""

import collections.abc
import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from channels.zalo_text import LONGEST, MOST_PARTS, parts_of, split, units, written
from domain.calendar import ZONE
from domain.cases import Case
from domain.clocks import KINDS, Kind
from domain.messages import NumberedChoice, Outgoing, Reply, Span, Text
from domain.office import Problem
from domain.people import Role
from domain.problems import ProblemCode
from domain.records import Stage
from domain.sessions import Lacking
from domain.units import Unit, UnitKind
from language import wording
from language.wording.joining import PRESENCES
from tests.cast import shipped_office

LONGEST_NAME = "Đảng bộ Trường Phổ thông Dân tộc bán trú Trung học cơ sở và Tiểu học xã Thượng Sơn"
PERSON = "Hồ Nguyễn Thị Phương Quỳnh Như"
MANY = 40
FEW = 3
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)


PROBLEMS = [Problem("Đơn vị", row, "Mã", ProblemCode.OLD_XLS, (LONGEST_NAME,)) for row in range(MANY)]
UNIT = Unit(7, "X", LONGEST_NAME, UnitKind.BRANCH, (1, 7))
GIVEN: dict[str, dict[str, Any]] = {
    "odd.import_card": {"notes": PROBLEMS},
    "odd.workbook_problems": {"problems": PROBLEMS},
    "totals.totals_compared": {"rows": [("admitted", f" trong tháng {month}", month, 3) for month in range(1, 13)]},
    "law.rules_shown": {"rules": [(shipped_office().law[0], shipped_office().law[-1])] * 4},
    "people.weighty_when": {"to": Stage.REMOVED},
    "people.leaving_card": {"to": Stage.MOVED},
    "sessions.session_saved": {"numbers": list(range(FEW))},
    "joining.people_listed": {"rows": [(UNIT, [(Role.SECRETARY, 5, presence, None)]) for presence in PRESENCES] * 10},
}
"""Codes that an annotation does not tell from words."""

SHOWN = 6
"""So many letters are explained at a time, as `handlers/whys.py` has it."""


def replies() -> Iterator[tuple[str, Callable[..., Reply]]]:
    for found in pkgutil.iter_modules(wording.__path__):
        module = importlib.import_module(f"language.wording.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_ours = function.__module__ == module.__name__ and not name.startswith("_")
            if is_ours and typing.get_type_hints(function).get("return") is Reply:
                yield f"{found.name}.{name}", function


EVERY_REPLY = dict(replies())


class Whatever(dict[Any, Any]):
    """A mapping that has an answer to everything."""

    def __init__(self, make: Callable[[], Any], known: dict[Any, Any]) -> None:
        super().__init__(known)
        self._make = make

    def __missing__(self, key: Any) -> Any:
        return self._make()


class Sample:
    """Something of a kind, never the same twice where it may differ."""

    def __init__(self) -> None:
        self._number = 0
        self._depth = 0

    def __call__(self, kind: Any) -> Any:
        self._depth += 1
        try:
            return self._made(kind)
        finally:
            self._depth -= 1

    def _made(self, kind: Any) -> Any:
        # Many of what a reply lists, a few of what each of them has.
        many = MANY if self._depth == 1 else FEW
        origin, inside = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            return self(next(each for each in inside if each is not type(None)))
        if origin in (collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable, list):
            return [self(inside[0]) for _ in range(many)]
        if origin is tuple:
            return tuple(self(inside[0]) for _ in range(many)) if inside[1:] == (...,) else tuple(map(self, inside))
        if origin in (collections.abc.Mapping, dict):
            return Whatever(partial(self, inside[1]), {self(inside[0]): self(inside[1]) for _ in range(many)})
        if origin is frozenset:
            return frozenset(self(inside[0]) for _ in range(3))
        return self._one(kind)

    def _one(self, kind: Any) -> Any:
        self._number += 1
        if kind is type(shipped_office()):
            return shipped_office()
        if kind is bool:
            return self._number % 2 == 0
        if kind is int:
            return self._number
        if kind is str:
            return f"{LONGEST_NAME} {self._number}"
        if kind is datetime:
            return NOW + timedelta(days=self._number)
        if kind is date:
            return (NOW + timedelta(days=self._number)).date()
        if kind is Lacking:
            return Lacking(self(Case), (Stage.CV_VERIFIED, Stage.OPINIONS))
        if kind is Kind:
            return KINDS[self._number % len(KINDS)]
        if kind is Fraction:
            return Fraction(2, 3)
        if kind is timedelta:
            return timedelta(days=self._number)
        if kind is Reply:
            return Reply(((Text(LONGEST_NAME),),))
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return list(kind)[self._number % len(kind)]
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            hints = typing.get_type_hints(kind)
            return kind(**{field.name: self(hints[field.name]) for field in dataclasses.fields(kind) if field.init})
        # A protocol: whatever has its attributes.
        hints = {name: self(hint) for name, hint in typing.get_type_hints(kind).items()}
        made = {
            name: self(typing.get_type_hints(value.fget)["return"])
            for name, value in vars(kind).items()
            if isinstance(value, property)
        }
        return types.SimpleNamespace(**hints, **made)


def outgoing(reply: Reply) -> Outgoing:
    """As rendering makes it, with the longest name for everybody."""

    def named(span: Span) -> Text:
        return span if isinstance(span, Text) else Text(PERSON)

    labels = [
        choice.label + (PERSON if (choice.candidate_id or choice.person_id) is not None else "")
        for choice in reply.choices
    ]
    return Outgoing(
        tuple(tuple(named(span) for span in row) for row in reply.lines),
        tuple(NumberedChoice(number, label) for number, label in enumerate(labels, 1)),
        question_id=1,
    )


@pytest.mark.parametrize("name", EVERY_REPLY)
def test_every_reply_fits_and_is_whole_without_buttons(name: str) -> None:
    function, sample = EVERY_REPLY[name], Sample()
    hints = typing.get_type_hints(function)
    parameters = inspect.signature(function).parameters.values()
    told = {each.name: sample(hints[each.name]) for each in parameters} | GIVEN.get(name, {})
    if name in ("reminders.why_letters", "reminders.why_unit"):
        told = {each: value[:SHOWN] if isinstance(value, list) else value for each, value in told.items()}
    reply = function(
        *(told[each.name] for each in parameters if each.kind is not each.KEYWORD_ONLY),
        **{each.name: told[each.name] for each in parameters if each.kind is each.KEYWORD_ONLY},
    )
    message = outgoing(reply)
    parts = split(written(message))
    assert parts == parts_of(message), "nothing is left out"
    assert 1 <= len(parts) <= MOST_PARTS
    assert all(units(part) <= LONGEST for part in parts)
    rows = [row for part in parts for row in part.split("\n")]
    assert all(f"{choice.number}. {choice.label}" in rows for choice in message.choices)
    assert name == "talk.old_button" or not re.search(r"\b[Bb]ấm (?:nút|vào)\b", "\n".join(rows))


def test_they_are_all_there() -> None:
    assert len(EVERY_REPLY) > 200
