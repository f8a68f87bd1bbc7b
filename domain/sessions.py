"""The agenda of the deciding committee's next session: what is ready, what lacks which paper, what came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.cases import Case
from domain.clocks import Clock
from domain.law import Rule
from domain.records import Stage
from domain.stages import lacking

LISTED: tuple[Stage, ...] = (Stage.OPINIONS, Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW, Stage.RETURNED)
"""Stages of which a session is told."""


@dataclass(frozen=True, slots=True)
class Point:
    """One dossier: `clock` says until when it is to be decided on, `missing` what nobody told of."""

    case: Case
    clock: Clock | None = None
    missing: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """`ready` by the nearest last day; `voting` still wait for their branch."""

    ready: tuple[Point, ...] = ()
    incomplete: tuple[Point, ...] = ()
    returned: tuple[Point, ...] = ()
    voting: tuple[Point, ...] = ()

    @property
    def count(self) -> int:
        return len(self.ready) + len(self.incomplete) + len(self.returned) + len(self.voting)


def agenda(cases: Iterable[Case], running: Iterable[Clock]) -> Agenda:
    """The dossiers of a committee's branches, from what was told of them."""
    clocks = {clock.case.person.id: clock for clock in running if clock.kind.rule is Rule.DECISION_WITHIN}
    points = [
        Point(case, clocks.get(case.person.id), lacking(case, Stage.COMMITTEE_REVIEW))
        for case in cases
        if case.stage in LISTED
    ]
    points.sort(key=lambda point: (point.clock.last if point.clock else date.max, point.case.person.id))
    sent = [point for point in points if point.case.stage in (Stage.BRANCH_RESOLVED, Stage.COMMITTEE_REVIEW)]
    return Agenda(
        ready=tuple(point for point in sent if not point.missing),
        incomplete=tuple(point for point in sent if point.missing),
        returned=tuple(point for point in points if point.case.stage is Stage.RETURNED),
        voting=tuple(point for point in points if point.case.stage is Stage.OPINIONS),
    )
