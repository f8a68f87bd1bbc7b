"""The short round over a branch's list, which the law wants looked over each month: of whom nothing was told since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar
from domain.cases import Case
from domain.law import Regulation, Rule, in_force, last_day
from domain.records import OPEN_STAGES, Candidate, Stage


@dataclass(frozen=True, slots=True)
class Round:
    """Candidates without a word for longer than the rule allows, the longest first."""

    people: tuple[Candidate, ...] = ()
    rule: Regulation | None = None


def unheard(cases: Iterable[Case], *, today: date, law: Sequence[Regulation], calendar: Calendar) -> Round:
    """Whoever is paused rests, and whoever is decided has a clock of his own."""
    rule = in_force(law, Rule.SOURCES_REVIEWED, on=today)
    if rule is None:
        return Round()
    silent = [
        (case.heard_on or date.min, case.person.id, case.person)
        for case in cases
        if case.stage in OPEN_STAGES
        and case.stage not in (Stage.PAUSED, Stage.DECIDED)
        and (case.heard_on is None or (last_day(rule, case.heard_on, calendar) or today) < today)
    ]
    return Round(tuple(person for _, _, person in sorted(silent, key=lambda one: one[:2])), rule)
