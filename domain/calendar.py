"""The office's calendar: working days, hours in which letters may go, months and weeks."""

from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and quiet hours. `working_saturdays` are weekend days worked in exchange for a day off in the week.

    Quiet hours run from `quiet_from` until `quiet_until`, over midnight if need be; none when the two are equal.
    The holidays of years after `announced_until` are foreseen, not announced.
    """

    holidays: frozenset[date] = frozenset()
    working_saturdays: frozenset[date] = frozenset()
    quiet_from: time = time(20)
    quiet_until: time = time(7)
    morning: time = time(7, 30)
    announced_until: int = MAXYEAR


def is_working_day(calendar: Calendar, day: date) -> bool:
    if day in calendar.working_saturdays:
        return True
    return day.weekday() < SATURDAY and day not in calendar.holidays


def add_working_days(calendar: Calendar, day: date, n: int) -> date:
    """The n-th working day after `day`; counting starts the day after, whatever `day` itself is."""
    if n < 0:
        raise ValueError("working days are counted forward only")
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(calendar, day)
    return day


def working_days_between(calendar: Calendar, day: date, until: date) -> int:
    """How many working days lie after `day` up to and including `until`; negative when `until` is before `day`."""
    if until < day:
        return -working_days_between(calendar, until, day)
    days = (day + timedelta(days=step) for step in range(1, (until - day).days + 1))
    return sum(is_working_day(calendar, each) for each in days)


def is_quiet(calendar: Calendar, moment: time) -> bool:
    """Whether the hour of the day is one in which nothing is sent unasked."""
    if calendar.quiet_from <= calendar.quiet_until:
        return calendar.quiet_from <= moment < calendar.quiet_until
    return moment >= calendar.quiet_from or moment < calendar.quiet_until


def letter_time(calendar: Calendar, when: datetime) -> datetime:
    """`when` itself if a letter may go then, else the next working morning."""
    local = office_time(when)
    if is_working_day(calendar, local.date()) and not is_quiet(calendar, local.time()):
        return local
    day = local.date()
    while not is_working_day(calendar, day) or at(day, calendar.morning) <= local:
        day += timedelta(days=1)
    return at(day, calendar.morning)


def office_time(when: datetime) -> datetime:
    """The same moment by the office's clock. A naive time would silently be the machine's own, hence refused."""
    if when.tzinfo is None:
        raise ValueError("a time needs its zone")
    return when.astimezone(ZONE)


def at(day: date, moment: time) -> datetime:
    """That hour of that day in the office."""
    return datetime.combine(day, moment, tzinfo=ZONE)


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def last_day_of_month(day: date) -> date:
    return add_months(month_of(day), 1) - timedelta(days=1)


def add_months(day: date, n: int) -> date:
    """The same day n months later (or earlier), or the last day of a month that is too short for it."""
    months = day.year * 12 + day.month - 1 + n
    first = date(months // 12, months % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def closing_day_of(month: date, closing_day: int) -> date:
    """The day on which a reporting month ends; the last day of a month that has no such day."""
    return month.replace(day=min(closing_day, last_day_of_month(month).day))


def iso_week(day: date) -> str:
    """The week as `2026-W47`; around New Year the year is that of the week, not of the day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def in_week(day: date, weekday: int, moment: time) -> datetime:
    """A weekday (0 is Monday) and hour in the Monday-to-Sunday week of `day`."""
    return at(day + timedelta(days=weekday - day.weekday()), moment)
