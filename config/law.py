"""Rows of the law: each on its own, and those of one rule together: no gap, no overlap, the rule's own unit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.settings import SettingsError
from domain.law import Confidence, Regulation, Rule, RunningCases, Start

AMOUNTS = ("working_days", "days", "months", "members", "share")
"""The units in which a rule may count; a condition in words counts in none."""

NEEDED: dict[Rule, str] = {
    Rule.CERTIFICATE_VALID: "months",
    Rule.DOSSIER_FRESH: "months",
    Rule.DECISION_WITHIN: "working_days",
    Rule.CEREMONY_WITHIN: "working_days",
    Rule.PROBATION: "months",
    Rule.RECOGNITION_CONSIDERED_WITHIN: "working_days",
    Rule.RECOGNITION_DECIDED_WITHIN: "working_days",
    Rule.AGE_AT_LEAST: "months",
    Rule.AGE_AT_MOST: "months",
    Rule.BRANCH_VOTE: "share",
    Rule.SOURCES_REVIEWED: "months",
}
"""What is computed by the law, in its unit: without one of these the assistant would be silent about a deadline."""


class Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class LawRow(Checked):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    since: date
    until: date | None = None
    confidence: Confidence
    counts_from: Start | None = None
    working_days: int | None = Field(default=None, ge=1, le=1000)
    days: int | None = Field(default=None, ge=1, le=3660)
    months: int | None = Field(default=None, ge=1, le=1200)
    members: int | None = Field(default=None, ge=1)
    share: Fraction | None = Field(default=None, gt=0, le=1)
    warn_months: tuple[int, ...] = ()
    warn_days: tuple[int, ...] = ()
    running_cases: RunningCases = RunningCases.STAY
    note: str = ""

    @model_validator(mode="after")
    def _is_one_rule(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("until lies before since")
        if sum(getattr(self, name) is not None for name in AMOUNTS) > 1:
            raise ValueError("only one of working_days, days, months, members and share can hold")
        return self

    @property
    def unit(self) -> str:
        return next((name for name in AMOUNTS if getattr(self, name) is not None), "no number")


def regulations(
    shipped: Sequence[LawRow], own: Sequence[LawRow], path: Path, *, law_path: Path
) -> tuple[Regulation, ...]:
    """The shipped rows with the office's own; the same code and start is the same row.

    An open row ends by itself where the next one of its rule begins. What leaves a day without a rule, or with two, is
    refused: nobody would notice before a deadline is wrong.
    """
    amiss = [*_needed(shipped), *_alone((), shipped), *_together(shipped, {row.code for row in shipped}, shipped)]
    if amiss:
        raise SettingsError("\n".join(f"{law_path}: {problem}" for problem in amiss))
    rows = {(row.code, row.since): row for row in (*shipped, *own)}
    wrong = [*_alone(shipped, own), *_together(rows.values(), {row.code for row in own}, own)]
    if wrong:
        raise SettingsError("\n".join(f"{path}: {problem}" for problem in wrong))
    return tuple(Regulation(**dict(rows[key])) for key in sorted(rows))


def _needed(rows: Sequence[LawRow]) -> Iterator[str]:
    """Every rule that is computed stands there, in the unit in which it is computed."""
    for code, unit in NEEDED.items():
        if all(row.code != code for row in rows):
            yield f"the rule {code} is missing; it is counted in {unit}"
    for number, row in enumerate(rows, start=1):
        unit = next((unit for code, unit in NEEDED.items() if code == row.code), row.unit)
        if row.unit != unit:
            yield f"law {number} ({row.code} since {row.since}): the rule is counted in {unit}, not in {row.unit}"


def _alone(shipped: Sequence[LawRow], own: Sequence[LawRow]) -> Iterator[str]:
    """A row of the office beside the shipped ones of the same rule."""
    units = {row.code: row.unit for row in shipped}
    seen: dict[tuple[str, date], int] = {}
    for number, row in enumerate(own, start=1):
        place = f"law {number} ({row.code} since {row.since})"
        if units and row.code not in units:
            yield f"{place}: no rule is called so; there are {', '.join(sorted(units))}"
        elif units and row.unit != units[row.code]:
            yield f"{place}: the rule is counted in {units[row.code]}, not in {row.unit}"
        if (row.code, row.since) in seen:
            yield f"{place}: overlaps law {seen[row.code, row.since]}, which begins on the same day"
        seen[row.code, row.since] = number


def _together(rows: Iterable[LawRow], codes: Iterable[str], own: Sequence[LawRow]) -> Iterator[str]:
    """The rows of each rule that the office touched, one after the other."""
    touched = sorted((row for row in rows if row.code in codes), key=lambda row: (row.code, row.since))
    for earlier, later in pairwise(touched):
        if earlier.code != later.code:
            continue
        if earlier.until is not None and earlier.until >= later.since:
            # The shipped rows are right among themselves, so one of the two is the office's.
            yield f"{_name(later, own)}: overlaps {_name(earlier, own)}, which holds until {earlier.until}"
        elif earlier.until is not None and earlier.until + timedelta(days=1) < later.since:
            yield f"{_name(later, own)}: no rule holds from {earlier.until + timedelta(days=1)} until it begins"
    last = {row.code: row for row in touched}
    for row in last.values():
        if row.until is not None:
            yield f"{_name(row, own)}: no rule holds after {row.until}; write the row that follows"


def _name(row: LawRow, own: Sequence[LawRow]) -> str:
    number = next((at for at, each in enumerate(own, start=1) if each is row), None)
    return f"law {number} ({row.code} since {row.since})" if number else f"the shipped {row.code} since {row.since}"
