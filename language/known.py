"""What a message names, met with the people and branches that its sender may see: the one meant, or whom to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.intents import Intent, Item, Named, Need, Wish
from language.matching import best
from language.shown import as_json
from language.understand import understand

_ABOUT_THE_LISTED = frozenset(
    {
        Intent.UPDATE_CANDIDATE, Intent.DROP_CANDIDATE, Intent.ASSIGN_HELPER, Intent.LOG_OFFICIAL, Intent.LOG_REMOVAL,
        Intent.UPDATE_PROBATION, Intent.QUERY_CANDIDATES, Intent.CORRECT_RECORD, Intent.CONSENT_RECORD, Intent.LOG_DECISION,
        Intent.PLAN_CEREMONY,
    }
)  # fmt: skip
"""Whoever these tell of must be known already; an admission or a new candidate may be of somebody new."""
_MAY_BE_LISTED = _ABOUT_THE_LISTED | {Intent.LOG_ADMISSION}


@dataclass(frozen=True, slots=True)
class Known:
    """Names of people and branches in one's reach; the same name twice is two people."""

    people: Sequence[str]
    branches: Sequence[tuple[str, str]]
    """What a branch is called, by its name or an alias, and its name."""


def meet(wishes: Sequence[Wish], known: Known) -> tuple[tuple[Wish, ...], dict[str, list[str]]]:
    """The wishes with clear winners put in, and for every near tie what was typed with its choices.

    Nobody outside `known` is ever suggested; who is not in it is asked for as if there were no such person.
    """
    choices: dict[str, list[str]] = {}
    return tuple(_met(wish, known, choices) for wish in wishes), choices


def matched(text: str, *, today: date, known: Known | None) -> dict[str, Any]:
    """A message as plain values, its names met with what is known if that is given."""
    wishes = understand(text, today=today)
    if known is None:
        return as_json(wishes)
    wishes, choices = meet(wishes, known)
    return {**as_json(wishes), **({"choices": choices} if choices else {})}


def _met(wish: Wish, known: Known, choices: dict[str, list[str]]) -> Wish:
    if wish.branch:
        wish = replace(wish, branch=_branch(wish.branch, known, choices))
    if wish.items:
        wish = replace(wish, items=tuple(_item(item, known, choices) for item in wish.items))
    if wish.record and (found := _person(wish.record, known, choices)):
        wish = replace(wish, record=found)
    if wish.intent not in _MAY_BE_LISTED or not wish.people:
        return wish
    people: list[Named] = []
    needs = list(wish.needs)
    is_clear = True
    for named in wish.people:
        found = _person(named.name, known, choices)
        is_clear = is_clear and found is not None
        people.append(replace(named, name=found) if found else named)
    if is_clear:
        needs = [need for need in needs if need is not Need.FULL_NAME]
    elif Need.NAME not in needs and (
        wish.intent in _ABOUT_THE_LISTED or any(one.name in choices for one in wish.people)
    ):
        needs.insert(0, Need.NAME)
    return replace(wish, people=tuple(people), needs=tuple(needs))


def _person(typed: str, known: Known, choices: dict[str, list[str]]) -> str | None:
    """The name of the one person meant; None if it is nobody here or cannot be told."""
    found = best(typed, [(name, at) for at, name in enumerate(known.people)])
    if len(found) == 1:
        return known.people[found[0]]
    if found:
        choices[typed] = [known.people[at] for at in found]
    return None


def _branch(typed: str, known: Known, choices: dict[str, list[str]]) -> str:
    found = best(typed, known.branches)
    if len(found) > 1:
        choices[typed] = list(found)
    return found[0] if len(found) == 1 else typed


def _item(item: Item, known: Known, choices: dict[str, list[str]]) -> Item:
    return replace(item, branch=_branch(item.branch, known, choices))
