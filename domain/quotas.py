"""Quotas, how a unit stands against them, pace, and the grammar of figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from fractions import Fraction

LAST_DAYS = 60
"""So near the end of a year a unit below its quota with nothing decided is behind, whatever its pace was."""


class TargetShape(StrEnum):
    """How a quota is set: a number, at least so many, or a range."""

    NUMBER = "number"
    AT_LEAST = "at_least"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Target:
    """A number of people; `high` is given for a range only."""

    low: int
    shape: TargetShape = TargetShape.NUMBER
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A unit's target for a period (`2026`), as one version of it. `stretch` is the higher figure striven for."""

    unit_id: int
    period: str
    target: Target
    stretch: int | None = None
    decision_no: str = ""
    effective_on: date | None = None
    id: int = 0


class Pace(StrEnum):
    """Where a unit stands on its way through the year."""

    UNASSIGNED = "unassigned"
    BEHIND = "behind"
    ON_PACE = "on_pace"
    AHEAD = "ahead"
    MET = "met"
    OVER = "over"


WORST_FIRST: tuple[Pace, ...] = (Pace.BEHIND, Pace.ON_PACE, Pace.AHEAD, Pace.UNASSIGNED, Pace.MET, Pace.OVER)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands in a year: what counts, what is decided but waits for its ceremony, and the target."""

    unit_id: int
    year: int
    done: int
    pending: int
    quota: Quota | None = None


def highest(target: Target) -> int:
    """The figure above which a unit is over its quota; being over an at-least quota is no fault."""
    return target.low if target.high is None else target.high


def met(target: Target, done: int) -> bool:
    return done >= target.low


def missing(target: Target, done: int) -> int:
    """How many are still to come before the lowest figure is reached."""
    return max(0, target.low - done)


def over_by(target: Target, done: int) -> int:
    """By how many the highest figure is exceeded."""
    return max(0, done - highest(target))


def percent(done: int, target: Target) -> int | None:
    """Whole percent, half up; none for a range, which has no one figure, and for a quota of nobody."""
    if target.shape is TargetShape.RANGE or target.low <= 0:
        return None
    return (200 * done + target.low) // (2 * target.low)


def figure(done: int, target: Target | None) -> str:
    """`1/3 (33%)`, `14/≥13 (108%)`, `5/6–8`, and `2/–` without a quota."""
    if target is None:
        return f"{grouped(done)}/–"
    match target.shape:
        case TargetShape.NUMBER:
            text = f"{grouped(done)}/{grouped(target.low)}"
        case TargetShape.AT_LEAST:
            text = f"{grouped(done)}/≥{grouped(target.low)}"
        case TargetShape.RANGE:
            text = f"{grouped(done)}/{grouped(target.low)}–{grouped(highest(target))}"
    portion = percent(done, target)
    return text if portion is None else f"{text} ({portion}%)"


def share(part: int, base: int, digits: int = 1) -> str:
    """`852/27.790 (3,1%)`: a share is never printed without its base."""
    if base <= 0:
        return f"{grouped(part)}/–"
    exact = Fraction(100 * part * 10**digits, base)
    units = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    whole, rest = divmod(units, 10**digits)
    return f"{grouped(part)}/{grouped(base)} ({whole}{f',{rest:0{digits}d}' if digits else ''}%)"


def grouped(number: int) -> str:
    """`27.790`: thousands are parted by a point."""
    return f"{number:,}".replace(",", ".")


def ceiling_of_rate(base: int, rate: Decimal) -> int:
    """A quota by rule: the rate (0.025 for 2.5 percent) of a frozen base, always rounded up."""
    return int((base * rate).to_integral_value(rounding=ROUND_CEILING))


def rest_of(total: int, parts: Iterable[int]) -> int:
    """What the named parts leave of a total; below zero when they do not fit into it."""
    return total - sum(parts)


def reconciles(total: int, parts: Iterable[int]) -> bool:
    """Whether parts that should make up a total do."""
    return rest_of(total, parts) == 0


def expected(target: Target, year: int, today: date) -> Fraction:
    """How many should be in by the end of `today` to reach the lowest figure evenly through the year."""
    return expected_between(target, since=date(year, 1, 1), until=date(year, 12, 31), today=today)


def expected_between(target: Target, *, since: date, until: date, today: date) -> Fraction:
    """The same for any period, such as a term of five years."""
    days = (until - since).days + 1
    gone = min(max((today - since).days + 1, 0), days)
    return Fraction(target.low * gone, days)


def pace(standing: Standing, today: date) -> Pace:
    """Where the unit stands today against its quota of the year."""
    if standing.quota is None:
        return Pace.UNASSIGNED
    return pace_between(
        standing.quota.target,
        done=standing.done,
        pending=standing.pending,
        since=date(standing.year, 1, 1),
        until=date(standing.year, 12, 31),
        today=today,
    )


def pace_between(target: Target, *, done: int, pending: int, since: date, until: date, today: date) -> Pace:
    """The same for any period. A whole person is the least that makes a difference."""
    if over_by(target, done):
        return Pace.OVER
    if met(target, done):
        return Pace.MET
    gap = expected_between(target, since=since, until=until, today=today) - done
    is_late = (until - today).days < LAST_DAYS and pending == 0
    if gap >= 1 or is_late:
        return Pace.BEHIND
    return Pace.AHEAD if gap <= -1 else Pace.ON_PACE


def worst_first(standings: Iterable[Standing], today: date) -> list[Standing]:
    """Those behind first, the widest gap at the top; then by what is still missing; who is over comes last."""
    return sorted(standings, key=lambda standing: _badness(standing, today))


def _badness(standing: Standing, today: date) -> tuple[int, Fraction, int, int]:
    order = WORST_FIRST.index(pace(standing, today))
    if standing.quota is None:
        return order, Fraction(0), 0, standing.unit_id
    target = standing.quota.target
    gap = expected(target, standing.year, today) - standing.done
    return order, -gap, -missing(target, standing.done), standing.unit_id
