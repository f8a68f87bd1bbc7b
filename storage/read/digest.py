"""What the weekly digest is made of: each unit in somebody's charge, how it stands and what happened since."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.calendar import add_months, closing_day_of, month_of
from domain.digest import Mark, UnitWeek, mark_of
from domain.office import Office
from domain.quotas import Standing, worst_first
from domain.records import OPEN_STAGES, Candidate, Entry, Stage, is_trained
from domain.units import Unit, UnitKind
from storage.read import candidates, entries, quotas, units

BEFORE_CLOSING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Charge:
    """Somebody's units for a digest: `whole` are the units of the posts that have others below them.

    `month` is the one whose silence is shown; None when it would be too early to speak of any. `same_period` is how
    many those had by this day of last year, where that is known; `last_year` is how each unit came out of it, while
    it is January. `unit_ids` are all units whose figures are in it.
    """

    weeks: tuple[UnitWeek, ...]
    whole: tuple[tuple[Unit, Standing], ...]
    month: date | None
    same_period: dict[int, int]
    last_year: dict[int, Standing]
    unit_ids: tuple[int, ...] = ()


async def charge(
    tx: AsyncConnection, office: Office, unit_ids: Collection[int], *, since: datetime, now: datetime
) -> Charge:
    """The units below those given that do not contain each other, as they stand now."""
    today = now.date()
    own = _topmost((await units.by_ids(tx, unit_ids, today)).values())
    below = {unit.id: unit for top in own for unit in await units.subtree(tx, top.id, today)}
    shown = _shown(own, below.values())
    keepers = {unit.id: keeper for unit in below.values() if (keeper := _keeper(unit, shown)) is not None}
    tops = [unit for unit in own if unit.id not in shown]
    everywhere = [*shown, *(unit.id for unit in tops)]
    standing = await quotas.standings(tx, everywhere, today.year, office.counts_by, today)
    last_year: dict[int, Standing] = {}
    if today.month == 1:
        last_year = await quotas.standings(tx, everywhere, today.year - 1, office.counts_by, today)
    month, marks = await _marks(tx, office, list(shown.values()), keepers, today)
    new = Counter[int]()
    for entry in await entries.made_since(tx, list(keepers), since, {office.counts_by}, of=date(today.year, 1, 1)):
        new[keepers[entry.unit_id]] += entry.count
    pending: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in await entries.pending(tx, list(keepers)):
        pending[keepers[entry.unit_id]].append(entry)
    listed = await candidates.of_units(tx, list(keepers), OPEN_STAGES)
    open_ = Counter(keepers[one.unit_id] for one in listed)
    people: defaultdict[int, list[Candidate]] = defaultdict(list)
    for one in listed:
        people[keepers[one.unit_id]].append(one)
    # Who is decided is counted among those who wait for their ceremony.
    ready = Counter(keepers[one.unit_id] for one in listed if is_trained(one.stage) and one.stage is not Stage.DECIDED)
    weeks = tuple(
        UnitWeek(
            unit=unit,
            standing=standing[unit.id],
            mark=marks[unit.id],
            new=new[unit.id],
            ready=ready[unit.id],
            candidates=open_[unit.id],
            pending=tuple(pending[unit.id]),
            people=tuple(people[unit.id]),
        )
        for unit in shown.values()
    )
    by_id = {unit.id: unit for unit in tops}
    worst = worst_first([standing[unit.id] for unit in tops], today)
    before = await quotas.same_period(tx, list(by_id), office.counts_by, today)
    return Charge(weeks, tuple((by_id[each.unit_id], each) for each in worst), month, before, last_year, tuple(keepers))


async def _marks(
    tx: AsyncConnection, office: Office, shown: list[Unit], keepers: dict[int, int], today: date
) -> tuple[date | None, dict[int, Mark]]:
    """Silence is spoken of for the month about to close, or for the one before while the new one is young.

    A word about the present month breaks it either way. Where nobody spoke in the month before, nobody was asked
    yet: the office has only begun.
    """
    present = month_of(today)
    month = present
    reported, nothing = await entries.reported(tx, list(keepers), present)
    if today + BEFORE_CLOSING < closing_day_of(present, office.closing_day):
        month = add_months(present, -1)
        earlier, nothing_earlier = await entries.reported(tx, list(keepers), month)
        is_asked = bool(earlier or nothing_earlier)
        reported, nothing = reported | earlier, nothing | nothing_earlier
    else:
        is_asked = True
    spoke = {keepers[unit_id] for unit_id in reported}
    denied = {keepers[unit_id] for unit_id in nothing}
    marks = {unit.id: mark_of(unit, reported=spoke, nothing=denied) for unit in shown}
    if is_asked:
        return month, marks
    return None, {unit_id: Mark.NOT_ASKED if mark is Mark.SILENT else mark for unit_id, mark in marks.items()}


def _topmost(found: Iterable[Unit]) -> list[Unit]:
    """Without those that lie below another of them."""
    by_id = {unit.id: unit for unit in found}
    return [unit for unit in by_id.values() if not set(unit.path[:-1]) & by_id.keys()]


def _shown(own: list[Unit], below: Iterable[Unit]) -> dict[int, Unit]:
    """A commune shows its branches, a level above its communes, a branch itself."""
    superiors = {unit.id for unit in own if unit.kind is UnitKind.SUPERIOR}
    shown = {
        unit.id: unit
        for unit in below
        if (unit.parent_id in superiors if superiors & set(unit.path) else unit.kind is UnitKind.BRANCH)
    }
    # Nothing below it yet: then the unit itself is what there is to show.
    return shown | {top.id: top for top in own if not any(top.id in unit.path for unit in shown.values())}


def _keeper(unit: Unit, shown: dict[int, Unit]) -> int | None:
    """The unit shown in whose figures this one counts."""
    return next((above for above in unit.path if above in shown), None)
