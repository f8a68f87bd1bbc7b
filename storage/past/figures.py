"""Figures of past years, of people without names: none twice, and none beside the people whom it counts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from domain.problems import ProblemCode
from storage.past.checking import Checking, Row
from storage.past.known import Known, day_of
from storage.paths import as_ids
from storage.recording import counted_path


class Told(NamedTuple):
    """When people were counted, and by what: an entry's number, or a row's."""

    day: date
    month: date | None
    code: ProblemCode
    number: int


def new_figures(checking: Checking, rows: Sequence[Row], known: Known) -> list[Row]:
    """Those that are not on record; the same month with another number is put right by its number only."""
    first: dict[tuple[int, date, date | None], int] = {}
    new: list[Row] = []
    for row in rows:
        at, key = row.planned.at, (row.unit.id, row.day, row.month)
        if (line := first.setdefault(key, at.row)) != at.row:
            checking.problem(at, "count", ProblemCode.FIGURE_TWICE, str(line))
            continue
        same = [one for one in known.figures if (one.unit_id, day_of(one), one.month) == key]
        if not same:
            new.append(row)
        elif same[0].count == row.planned.count:
            checking.report.unchanged += 1
        else:
            checking.problem(at, "count", ProblemCode.FIGURE_ON_RECORD, str(same[0].count), str(same[0].number))
    return new


def report_overlaps(checking: Checking, new: Sequence[Row], known: Known) -> None:
    """A figure of a month beside people of that month would count them twice, at any level of the tree."""
    if not any(row.planned.count for row in new) and not known.figures:
        return
    below: defaultdict[tuple[int, date], list[Told]] = defaultdict(list)
    figures: defaultdict[tuple[int, date], list[Told]] = defaultdict(list)
    for entry, path in known.live:
        told = Told(day_of(entry), entry.month, ProblemCode.COUNTED_BY_ENTRY, entry.number)
        for unit_id in path:
            below[unit_id, told.day.replace(day=1)].append(told)
        if entry.candidate_id is None:
            figures[entry.unit_id, told.day.replace(day=1)].append(told)
    paths = {id(row): as_ids(counted_path(checking.turn, row.unit.id, row.day)) for row in new}
    for row in new:
        told = Told(row.day, row.month, ProblemCode.COUNTED_BY_ROW, row.planned.at.row)
        for unit_id in paths[id(row)]:
            below[unit_id, row.day.replace(day=1)].append(told)
    for row in new:
        month, own = row.day.replace(day=1), (ProblemCode.COUNTED_BY_ROW, row.planned.at.row)
        others = [told for unit_id in paths[id(row)] for told in figures[unit_id, month]]
        if row.planned.count is not None:
            others += [told for told in below[row.unit.id, month] if (told.code, told.number) != own]
        meant = [told for told in others if row.month or told.month or told.day == row.day]
        if meant:
            where = "count" if row.planned.count is not None else "ceremony_on"
            checking.problem(row.planned.at, where, meant[0].code, str(meant[0].number))
