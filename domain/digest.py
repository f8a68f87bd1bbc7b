"""What the weekly digest says, as values: what changed, the worst first, marks, ceremonies pending, one suggestion."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from domain.calendar import Calendar, add_working_days
from domain.law import Regulation, Rule, rule_for
from domain.quotas import Pace, Standing, missing, pace, worst_first
from domain.records import Candidate, Entry, Fact
from domain.runway import Pathway, Runway, runway
from domain.units import Unit, UnitKind

CEREMONY_WITHIN_WORKING_DAYS = 30
"""For an office without a law."""
SOON = timedelta(days=14)


class Mark(StrEnum):
    """Whether a branch spoke in a month: silence and zero are two things. Not asked: nobody left, or no branch."""

    REPORTED = "reported"
    NOTHING = "nothing"
    SILENT = "silent"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """One unit of the reader: how it stands now, and what has happened since the last digest.

    `ready` counts candidates whose branch has voted or whose class is done; `candidates` all who are open.
    `pending` are its decisions without a ceremony, `people` those on its lists.
    """

    unit: Unit
    standing: Standing
    mark: Mark
    new: int = 0
    ready: int = 0
    candidates: int = 0
    pending: tuple[Entry, ...] = ()
    people: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that may still act on its quota."""

    week: UnitWeek
    pace: Pace
    ahead: Runway | None = None

    @property
    def unit(self) -> Unit:
        return self.week.unit

    @property
    def standing(self) -> Standing:
        return self.week.standing


@dataclass(frozen=True, slots=True)
class PendingCeremony:
    """A decision whose ceremony is to be held by `due_on`."""

    entry: Entry
    decision_on: date
    due_on: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class HoldCeremony:
    """The most pressing ceremony, overdue or due soon."""

    ceremony: PendingCeremony


@dataclass(frozen=True, slots=True)
class UseReady:
    """A unit behind its quota has people ready."""

    unit: Unit
    ready: int
    missing: int
    send_by: date | None = None


@dataclass(frozen=True, slots=True)
class AskSilent:
    """Units that said nothing, the worst of them first."""

    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class FindSources:
    """A unit behind its quota has fewer people on its list than it still needs."""

    unit: Unit
    candidates: int
    missing: int
    begin_by: date | None = None
    is_out_of_reach: bool = False


Suggestion = HoldCeremony | UseReady | AskSilent | FindSources


@dataclass(frozen=True, slots=True)
class Digest:
    """The sections in the order in which they are read. Every unit is in `rows` or in `nobody_left`, never in both.

    `done` and `new` sum over all units handed in, those with nobody left too.
    """

    as_of: date
    since: date | None
    changed: tuple[UnitWeek, ...]
    rows: tuple[Row, ...]
    silent: tuple[Unit, ...]
    nothing: tuple[Unit, ...]
    nobody_left: tuple[Unit, ...]
    pending: tuple[PendingCeremony, ...]
    suggestion: Suggestion | None
    done: int
    new: int


def mark_of(unit: Unit, *, reported: Collection[int], nothing: Collection[int]) -> Mark:
    """The unit's mark of a month, given who made an entry in it and who reported that there was nothing."""
    if unit.id in reported:
        return Mark.REPORTED
    if unit.id in nothing:
        return Mark.NOTHING
    if unit.kind is not UnitKind.BRANCH or unit.nobody_left:
        return Mark.NOT_ASKED
    return Mark.SILENT


def may_be_nudged(unit: Unit) -> bool:
    """A unit with nobody left to admit is never nagged."""
    return not unit.nobody_left


def weekly_digest(
    weeks: Sequence[UnitWeek],
    *,
    today: date,
    since: date | None,
    calendar: Calendar,
    law: Sequence[Regulation] = (),
    pathway: Pathway | None = None,
    counts_by: Fact = Fact.CEREMONY,
) -> Digest:
    """The digest of units that do not contain each other. `since` is the day of the last one, if any."""
    by_unit = {week.unit.id: week for week in weeks}
    asked = [week.standing for week in weeks if may_be_nudged(week.unit)]
    way = partial(runway, today=today, calendar=calendar, pathway=pathway or Pathway(), law=law, counts_by=counts_by)
    rows = tuple(
        Row(by_unit[each.unit_id], pace(each, today), way(each, by_unit[each.unit_id].people))
        for each in worst_first(asked, today)
    )
    decided = [entry for week in weeks for entry in week.pending]
    pending = pending_ceremonies(decided, today=today, calendar=calendar, law=law)
    silent = tuple(row.unit for row in rows if row.week.mark is Mark.SILENT)
    return Digest(
        as_of=today,
        since=since,
        changed=tuple(sorted((week for week in weeks if week.new), key=lambda week: -week.new)),
        rows=rows,
        silent=silent,
        nothing=tuple(week.unit for week in weeks if week.mark is Mark.NOTHING),
        nobody_left=tuple(week.unit for week in weeks if not may_be_nudged(week.unit)),
        pending=pending,
        suggestion=_suggestion(rows, pending, silent, today),
        done=sum(week.standing.done for week in weeks),
        new=sum(week.new for week in weeks),
    )


def pending_ceremony(
    entry: Entry, *, today: date, calendar: Calendar, law: Sequence[Regulation] = ()
) -> PendingCeremony | None:
    """Until when the ceremony of a decision is to be held, by the law of its day; None when nothing is awaited."""
    if entry.decision_on is None or entry.ceremony_on is not None:
        return None
    rule = rule_for(law, Rule.CEREMONY_WITHIN, began=entry.decision_on, today=today)
    within = rule.working_days if rule and rule.working_days else CEREMONY_WITHIN_WORKING_DAYS
    due_on = add_working_days(calendar, entry.decision_on, within)
    return PendingCeremony(entry, entry.decision_on, due_on, is_overdue=today > due_on)


def pending_ceremonies(
    entries: Iterable[Entry], *, today: date, calendar: Calendar, law: Sequence[Regulation] = ()
) -> tuple[PendingCeremony, ...]:
    """The ceremonies still to be held, the most pressing first."""
    found = [pending_ceremony(entry, today=today, calendar=calendar, law=law) for entry in entries]
    return tuple(sorted((each for each in found if each), key=lambda each: (each.due_on, each.entry.number)))


def _suggestion(
    rows: Sequence[Row], pending: Sequence[PendingCeremony], silent: tuple[Unit, ...], today: date
) -> Suggestion | None:
    """The one thing most worth doing: what the law presses for, then the nearest gain, then the nearest word."""
    if pending and pending[0].due_on - today <= SOON:
        return HoldCeremony(pending[0])
    behind = [row for row in rows if row.pace is Pace.BEHIND]
    for row in behind:
        if row.week.ready:
            return UseReady(row.unit, row.week.ready, _missing(row), row.ahead.send_by if row.ahead else None)
    if silent:
        return AskSilent(silent)
    for row in behind:
        if row.week.candidates + row.standing.pending < _missing(row):
            begin_by, is_over = (row.ahead.begin_by, row.ahead.is_out_of_reach) if row.ahead else (None, False)
            return FindSources(row.unit, row.week.candidates, _missing(row), begin_by, is_over)
    return None


def _missing(row: Row) -> int:
    quota = row.standing.quota
    return missing(quota.target, row.standing.done) if quota else 0
