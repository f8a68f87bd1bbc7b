"""Shares the figures of a whole area out among the units of the trial that have figures only."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.units import Sector, UnitKind
from files.cells import Cell, target
from language import invented
from language.invented import InventedArea

_COMMUNE_WEIGHT, _COMMITTEE_WEIGHT, _BRANCH_WEIGHT = 10, 4, 1


@dataclass(slots=True)
class FigureRow:
    """A grass-roots organisation with figures only, while its share is being reckoned."""

    name: str
    kind: UnitKind
    sector: Sector
    weight: int
    members: int | None = None
    quota: int | None = None
    done: int | None = None

    @property
    def is_commune(self) -> bool:
        return self.weight == _COMMUNE_WEIGHT


def figure_rows(area: InventedArea) -> list[FigureRow]:
    """The grass-roots organisations beside the one that can be played; those that a report names come first."""
    rows = [
        FigureRow(
            special.name,
            UnitKind.GRASSROOTS,
            special.sector,
            _COMMUNE_WEIGHT if special.is_commune else _COMMITTEE_WEIGHT,
            special.members if area.members else None,
            special.quota,
            special.done,
        )
        for special in area.specials
    ]
    named = sum(special.is_commune for special in area.specials)
    places = _places_of(area)
    for number in range(area.communes - 1 - named):
        name = invented.COMMUNE_NAMES[number % len(invented.COMMUNE_NAMES)].format(places[number])
        rows.append(FigureRow(name, UnitKind.GRASSROOTS, Sector.OTHER, _COMMUNE_WEIGHT))
    for number in range(area.committees - len(area.specials) + named):
        pattern, sector = invented.COMMITTEE_NAMES[number % len(invented.COMMITTEE_NAMES)]
        rows.append(FigureRow(pattern.format(places[number]), UnitKind.GRASSROOTS, sector, _COMMITTEE_WEIGHT))
    for number in range(area.branches):
        pattern, sector = invented.BRANCH_NAMES[number % len(invented.BRANCH_NAMES)]
        rows.append(FigureRow(pattern.format(places[number]), UnitKind.BRANCH, sector, _BRANCH_WEIGHT))
    _reckon(area, rows)
    return rows


def _places_of(area: InventedArea) -> list[str]:
    """Place names of an area, each area beginning elsewhere in the list."""
    names = [f"{first} {second}" for second in invented.SECOND_SYLLABLES for first in invented.FIRST_SYLLABLES]
    start = 17 * [each.code for each in invented.AREAS].index(area.code)
    return names[start:] + names[:start]


def _reckon(area: InventedArea, rows: list[FigureRow]) -> None:
    """Share members, quota and admissions out so that the whole area has the figures of the report."""
    playable = area.playable
    whole = target(Cell("", 0, "", area.quota)).low
    own = target(Cell("", 0, "", playable.quota))
    if area.members is not None:
        open_rows = [row for row in rows if row.members is None]
        rest = area.members - playable.members - sum(row.members or 0 for row in rows)
        weights = [row.weight * (7 + number * number % 11) for number, row in enumerate(open_rows)]
        for row, members in zip(open_rows, shared(rest, weights, least=6), strict=True):
            row.members = members
    open_rows = [row for row in rows if row.quota is None]
    rest = whole - (own.high or own.low) - sum(row.quota or 0 for row in rows)
    weights = [row.members or row.weight * (7 + number * number % 11) for number, row in enumerate(open_rows)]
    for row, quota in zip(open_rows, shared(rest, weights, least=1), strict=True):
        row.quota = quota
    played = sum(branch.done for branch in playable.branches)
    _reckon_done(area.done_in_communes - played, [row for row in rows if row.is_commune])
    _reckon_done(area.done_elsewhere, [row for row in rows if not row.is_commune])


def _reckon_done(done: int, rows: list[FigureRow]) -> None:
    open_rows = [row for row in rows if row.done is None]
    rest = done - sum(row.done or 0 for row in rows)
    weights = [(row.quota or 0) * (2 + number * 5 % 7) for number, row in enumerate(open_rows)]
    for row, part in zip(open_rows, shared(rest, weights), strict=True):
        row.done = part


def shared(whole: int, weights: Sequence[int], *, least: int = 0) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `whole` exactly, each at least `least`."""
    free = whole - least * len(weights)
    total = sum(weights)
    parts = [least + free * weight // total for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda index: (-(free * weights[index] % total), index))
    for index in by_rest[: whole - sum(parts)]:
        parts[index] += 1
    return parts
