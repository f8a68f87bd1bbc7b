"""Totals that somebody states: laid beside the records, and never added to them."""

from datetime import date

from domain.calendar import last_day_of_month
from domain.changes import Outcome
from domain.intents import Wish
from domain.people import Right
from domain.records import OPEN_STAGES
from domain.units import UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import candidates, entries, quotas, units


async def compare(scene: Scene) -> Outcome:
    """`9 tháng kết nạp 12 đảng viên`, `nguồn còn 3, chỉ tiêu còn thiếu 1`: what the records say of each."""
    wish = scene.wish
    found = await places.find(scene, Right.SEE_FIGURES, wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.totals_of_which(list(found.options)))
    below = [unit.id for unit in await units.subtree(scene.tx, found.id, scene.today, {UnitKind.BRANCH})]
    said = dict(wish.extra)
    rows: list[tuple[str, str, int, int]] = []
    for period, number in _counts(wish, scene.today):
        since, until = days_of(period, scene.today)
        listed = await entries.of_units(scene.tx, below, since, until, scene.office.counts_by)
        rows.append(("admitted", wording.days_between(since, until), number, len(listed)))
    if "candidates" in said:
        rows.append(
            ("candidates", "", int(said["candidates"]), len(await candidates.of_units(scene.tx, below, OPEN_STAGES)))
        )
    standing = (await quotas.standings(scene.tx, [found.id], scene.today.year, scene.office.counts_by, scene.today))[
        found.id
    ]
    target = standing.quota.target.low if standing.quota is not None else None
    if "target" in said and target is not None:
        rows.append(("target", "", int(said["target"]), target))
    if "remaining" in said and target is not None:
        rows.append(("remaining", "", int(said["remaining"]), max(0, target - standing.done)))
    return Outcome(wording.totals_compared(found, rows))


def _counts(wish: Wish, today: date) -> list[tuple[str, int]]:
    """Each period with the number of people said to be admitted in it."""
    told = [(key.removeprefix("items:"), int(value)) for key, value in wish.extra if key.startswith("items:")]
    count = wish.count if wish.count is not None else dict(wish.extra).get("count")
    return told or ([(wish.period or str(today.year), int(count))] if count is not None else [])


def days_of(period: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period as the language names it, not past today."""
    first, _, last = period.partition("/")
    since, until = _first_day(first), _last_day(last or first)
    return since, min(until, today)


def _first_day(part: str) -> date:
    year, _, rest = part.partition("-")
    if rest.startswith("Q"):
        return date(int(year), int(rest[1]) * 3 - 2, 1)
    if rest.startswith("H"):
        return date(int(year), 1 if rest == "H1" else 7, 1)
    if rest.count("-") == 1:
        return date.fromisoformat(part)
    return date(int(year), int(rest or 1), 1)


def _last_day(part: str) -> date:
    year, _, rest = part.partition("-")
    if rest.startswith(("Q", "H")):
        months = 3 if rest[0] == "Q" else 6
        first = _first_day(part)
        return last_day_of_month(first.replace(month=first.month + months - 1))
    if rest.count("-") == 1:
        return date.fromisoformat(part)
    return last_day_of_month(date(int(year), int(rest or 12), 1))
