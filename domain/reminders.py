"""The rules of letters that nobody asked for: when they fall due, for whom, and until when they are of any use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum

from domain.calendar import add_months, at, closing_day_of, in_week, iso_week, letter_time, month_of
from domain.office import Office
from domain.people import Person, Role

LAST_MOMENT = time(23, 59, 59)
SNOOZED = 10
"""A letter put off keeps its rung; each time it is put off adds this to its step."""


class RuleCode(StrEnum):
    """Rules by the names under which their jobs are run."""

    WEEKLY_DIGEST = "weekly-digest"
    MONTHLY_NOTHING_NEW = "monthly-nothing-new"
    DEADLINES = "deadlines"


class Every(StrEnum):
    WEEK = "week"
    MONTH = "month"


class Rung(IntEnum):
    """Steps of the ladder: who holds the post, the deputy, the level above."""

    HOLDER = 0
    DEPUTY = 1
    ABOVE = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """`roles` are those it writes to. What was missed longer ago than `look_back` leaves no trace."""

    code: RuleCode
    every: Every
    roles: tuple[Role, ...]
    look_back: timedelta


WEEKLY_DIGEST = Rule(RuleCode.WEEKLY_DIGEST, Every.WEEK, (Role.MONITOR, Role.COMMITTEE), timedelta(weeks=26))
MONTHLY_NOTHING_NEW = Rule(
    RuleCode.MONTHLY_NOTHING_NEW, Every.MONTH, (Role.SECRETARY, Role.COMMITTEE, Role.ORGANISER), timedelta(days=62)
)
RULES = {rule.code: rule for rule in (WEEKLY_DIGEST, MONTHLY_NOTHING_NEW)}


@dataclass(frozen=True, slots=True)
class Window:
    """A step of a rule in a period: due at a moment, and of no use any more after `until`."""

    period: str
    step: int
    due: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """A month that reports: from the day after the closing day of the one before up to its own."""

    name: str
    first: date
    since: date
    closes_on: date


def month_named(office: Office, name: str) -> Month:
    """The reporting month called `2026-11`."""
    year, number = name.split("-")
    first = date(int(year), int(number), 1)
    before = closing_day_of(add_months(first, -1), office.closing_day)
    return Month(name, first, before + timedelta(days=1), closing_day_of(first, office.closing_day))


def period_of(rule: Rule, day: date) -> str:
    """The rule's period in which a day lies; periods in order of time are in order of their names."""
    return iso_week(day) if rule.every is Every.WEEK else f"{day:%Y-%m}"


def periods(rule: Rule, since: str | None, now: datetime) -> list[str]:
    """The periods that may have to be planned, from the first that was not over yet to the present, the oldest first.

    Before the first time there is only the present one, and so it is when the clock ran ahead of itself.
    """
    present = period_of(rule, now.date())
    first = min(max(since, period_of(rule, (now - rule.look_back).date())), present) if since else present
    found = [first]
    while found[-1] < present:
        found.append(_next(rule, found[-1]))
    return found


def first_open(rule: Rule, office: Office, found: Sequence[str], now: datetime) -> str:
    """The first of these periods that has to be looked at again, because its time is not over."""
    return next((period for period in found if windows(rule, office, period)[-1].until >= now), found[-1])


def windows(
    rule: Rule, office: Office, period: str, *, has_deputy: bool = True, asked_at: datetime | None = None
) -> tuple[Window, ...]:
    """The steps of a period in their order. Where there is no deputy the ladder goes straight on.

    `asked_at` is when the first letter went: after a stop nobody is reported before having had the days to answer.
    """
    if rule.every is Every.WEEK:
        return (digest_window(office, _monday(period)),)
    month, timetable = month_named(office, period), office.timetable
    asks = max(month.closes_on - timedelta(days=timetable.nothing_new_days), month.first)
    # Counted from the morning on which the first letter could go, so that nobody is passed over in the holidays.
    first = letter_time(office.calendar, at(asks, office.calendar.morning))
    closing = at(month.closes_on, LAST_MOMENT)
    climb = timetable.above_days if has_deputy else timetable.deputy_days
    until = max(closing, first + timedelta(days=climb + timetable.above_days))
    began = first if asked_at is None else max(first, at(asked_at.date(), first.time()))
    steps = [Window(period, Rung.HOLDER, first, closing)]
    if has_deputy:
        steps.append(Window(period, Rung.DEPUTY, began + timedelta(days=timetable.deputy_days), closing))
    return (*steps, Window(period, Rung.ABOVE, began + timedelta(days=climb), until))


def digest_window(office: Office, day: date) -> Window:
    """The digest of the week in which a day lies."""
    timetable = office.timetable
    return Window(
        iso_week(day),
        0,
        in_week(day, timetable.digest_weekday, timetable.digest_at),
        in_week(day, timetable.digest_until_weekday, timetable.digest_until_at),
    )


def sending_time(office: Office, window: Window, now: datetime) -> datetime | None:
    """When the letter may go: as soon as it is due, when letters may go at all; None once that is too late."""
    moment = letter_time(office.calendar, max(window.due, now))
    return moment if moment <= window.until else None


def next_due(office: Office, now: datetime) -> datetime:
    """The next moment at which any rule may fall due; what was planned now is all until then."""
    today, month = now.date(), month_of(now.date())
    weeks = (iso_week(today), iso_week(today + timedelta(days=7)))
    months = [f"{add_months(month, n):%Y-%m}" for n in (-1, 0, 1)]
    moments = [windows(WEEKLY_DIGEST, office, week)[0].due for week in weeks]
    for name in months:
        for has_deputy in (True, False):
            moments += [each.due for each in windows(MONTHLY_NOTHING_NEW, office, name, has_deputy=has_deputy)]
    # After a stop a ladder climbs on other mornings than the timetable's.
    moments += [at(today + timedelta(days=days), office.calendar.morning) for days in (0, 1)]
    return min(moment for moment in moments if moment > now)


def periods_between(rule: Rule, first: date, last: date) -> list[str]:
    """The rule's periods that have days in a span."""
    found = [period_of(rule, first)]
    while found[-1] < period_of(rule, last):
        found.append(_next(rule, found[-1]))
    return found


def key_of(rule: Rule, period: str, step: int, unit_id: int, person_id: int) -> str:
    """What makes a letter about a unit one and the same."""
    return f"{rule.code}|{period}|{unit_id}|{person_id}|{step}"


def rung_of(step: int) -> Rung:
    """The rung of a step, put off or not."""
    return Rung(step % SNOOZED)


def put_off_times(step: int) -> int:
    """How often a letter of this step has been put off."""
    return step // SNOOZED


def is_over(
    rule: Rule,
    office: Office,
    period: str,
    step: int,
    now: datetime,
    *,
    has_deputy: bool,
    asked_at: datetime | None = None,
) -> bool:
    """Whether a letter that still waits has become useless: its time is over, or the ladder has gone on."""
    steps = windows(rule, office, period, has_deputy=has_deputy, asked_at=asked_at)
    own = next((each for each in steps if each.step == step % SNOOZED), None)
    if own is None or now > own.until:
        return True
    return step < SNOOZED and any(each.step > step and each.due <= now for each in steps)


def in_order(people: Sequence[Person], role: Role, unit_id: int, day: date) -> list[Person]:
    """Those who hold the role in a unit, the one who has had it longest first: the holder, then the deputies."""
    held = [
        (post.since, post.id, person)
        for person in people
        for post in person.posts
        if post.role is role and post.unit_id == unit_id and post.holds_on(day)
    ]
    held.sort(key=lambda one: one[:2])
    return list({person.id: person for _, _, person in held}.values())


def _monday(week: str) -> date:
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _next(rule: Rule, period: str) -> str:
    if rule.every is Every.WEEK:
        return iso_week(_monday(period) + timedelta(weeks=1))
    year, number = period.split("-")
    return f"{add_months(date(int(year), int(number), 1), 1):%Y-%m}"
