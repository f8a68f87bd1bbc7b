"""The short round over a branch's list: of whom nothing was told for long."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.cases import Case
from domain.records import OPEN_STAGES, Candidate, Stage

UNHEARD_DAYS = 30
"""A month is the time in which a branch looks its list over."""


def unheard(cases: Iterable[Case], *, today: date) -> list[Candidate]:
    """Candidates without a word for over a month, the longest first; whoever is paused rests."""
    silent = [
        (case.heard_on or date.min, case.person.id, case.person)
        for case in cases
        if case.stage in OPEN_STAGES
        and case.stage not in (Stage.PAUSED, Stage.DECIDED)
        and (case.heard_on is None or today - case.heard_on > timedelta(days=UNHEARD_DAYS))
    ]
    return [person for _, _, person in sorted(silent, key=lambda one: one[:2])]
