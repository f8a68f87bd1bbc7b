"""Reads the shipped law and the office's file, checks both once, and builds the domain's `Office`."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import holidays
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from config.law import Checked, LawRow, regulations
from config.settings import NOT_READABLE, SHIPPED_OFFICE_FILE, SettingsError
from domain.budget import Plan
from domain.calendar import SATURDAY, Calendar, is_quiet
from domain.office import Office, Retention, Timetable, Timing
from domain.people import Role
from domain.records import Fact
from domain.runway import STEPS, Pathway

LAW_FILE = Path(__file__).parent / "law.toml"
YEARS = range(2020, 2046)
"""The years for which the public holidays are worked out; the lunar calendar is computed, not known."""


Model = TypeVar("Model", bound=BaseModel)


class _Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        return list(_Weekday).index(self)


class _HolidayRow(Checked):
    """A holiday on a fixed day of every year."""

    title: str
    citation: str
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    since: date

    @model_validator(mode="after")
    def _comes_every_year(self) -> Self:
        try:
            date(2001, self.month, self.day)
        except ValueError:
            raise ValueError(f"{self.day}/{self.month} does not come every year") from None
        return self

    def days(self) -> list[date]:
        return [day for year in YEARS if (day := date(year, self.month, self.day)) >= self.since]


class _Law(Checked):
    law: tuple[LawRow, ...]
    holidays: tuple[_HolidayRow, ...] = ()


class _QuietHours(Checked):
    from_: time = Field(alias="from")
    until: time
    morning: time


class _Calendar(Checked):
    holidays: tuple[date, ...]
    working_saturdays: tuple[date, ...]
    working_days: tuple[date, ...]

    @model_validator(mode="after")
    def _weekends_are_weekends(self) -> Self:
        for day in self.working_saturdays:
            if day.weekday() < SATURDAY:
                raise ValueError(f"working_saturdays: {day} is no weekend day; did you mean working_days?")
        return self

    @model_validator(mode="after")
    def _no_day_is_both(self) -> Self:
        for name, worked in (("working_days", self.working_days), ("working_saturdays", self.working_saturdays)):
            for row, day in enumerate(worked, start=1):
                if day in self.holidays:
                    twin = self.holidays.index(day) + 1
                    raise ValueError(f"{name} {row}: {day} is a holiday too (holidays {twin}); one of them is wrong")
        return self


class _Timetable(Checked):
    digest_weekday: _Weekday
    digest_at: time
    digest_until_weekday: _Weekday
    digest_until_at: time
    upkeep_at: time
    nothing_new_days: int = Field(ge=1, le=20)
    deputy_days: int = Field(ge=1, le=20)
    above_days: int = Field(ge=1, le=27)
    put_off_times: int = Field(ge=0, le=10)
    pause_weeks: int = Field(ge=1, le=26)

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if self.above_days <= self.deputy_days:
            raise ValueError("above_days must be more than deputy_days: the ladder goes to the deputy, then above")
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        begins = (self.digest_weekday.number, self.digest_at)
        if (self.digest_until_weekday.number, self.digest_until_at) <= begins:
            raise ValueError("digest_until must lie later in the week than the digest itself")
        return self


class _Retention(Checked):
    text_days: int = Field(ge=1, le=60)
    key_days: int = Field(ge=7, le=3650)
    question_hours: int = Field(ge=1, le=240)
    draft_days: int = Field(ge=1, le=60)
    letter_days: int = Field(ge=30, le=3650)
    misread_days: int = Field(ge=1, le=90)
    backups: int = Field(ge=1, le=1000)


class _Timing(Checked):
    # Storage takes a lease that seems to run for longer than ten minutes for one given before the clock was set back.
    lease_seconds: float = Field(gt=0, le=60)
    uncertain_seconds: float = Field(gt=0, le=300)
    per_second: float = Field(gt=0)
    per_chat_per_second: float = Field(gt=0)
    chat_burst: int = Field(ge=1)
    group_per_minute: int = Field(ge=1)


class _Plan(Checked):
    messages_a_month: int = Field(ge=100)
    people: int = Field(ge=1)


class _Runway(Checked):
    # In working days; what takes no time of its own has 0.
    class_done: int = Field(ge=0, le=250)
    application: int = Field(ge=0, le=250)
    dossier_open: int = Field(ge=0, le=250)
    cv_declared: int = Field(ge=0, le=250)
    cv_verified: int = Field(ge=0, le=250)
    opinions: int = Field(ge=0, le=250)
    branch_resolved: int = Field(ge=0, le=250)
    decided: int = Field(ge=0, le=250)
    admitted: int = Field(ge=0, le=250)
    trained_share: Fraction = Field(gt=0, le=1)


class _OfficeFile(Checked):
    name: str = Field(min_length=1)
    controller: str = Field(min_length=1)
    counts_by: Fact
    closing_day: int = Field(ge=1, le=31)
    titles: dict[Role, str]
    quiet_hours: _QuietHours
    calendar: _Calendar
    timetable: _Timetable
    retention: _Retention
    timing: _Timing
    zalo: _Plan
    runway: _Runway
    law: tuple[LawRow, ...] = ()

    @model_validator(mode="after")
    def _is_sensible(self) -> Self:
        if self.counts_by is Fact.NOTHING:
            raise ValueError("counts_by: must be ceremony or decision")
        quiet = Calendar(quiet_from=self.quiet_hours.from_, quiet_until=self.quiet_hours.until)
        if is_quiet(quiet, self.quiet_hours.morning):
            raise ValueError("quiet_hours: the morning lies in the quiet hours, so nothing could ever be sent")
        return self


def load_office(path: Path | None = None, *, law_path: Path = LAW_FILE) -> Office:
    """The office as its file says; what the file leaves out stands as shipped."""
    shipped = _read(SHIPPED_OFFICE_FILE)
    raw = shipped if path is None or path == SHIPPED_OFFICE_FILE else _over(shipped, _read(path))
    law = _checked(_Law, _read(law_path), law_path)
    office = _checked(_OfficeFile, raw, path or SHIPPED_OFFICE_FILE)
    return Office(
        name=office.name,
        controller=office.controller,
        titles=office.titles,
        counts_by=office.counts_by,
        closing_day=office.closing_day,
        calendar=_calendar(office, law.holidays),
        timetable=Timetable(
            digest_weekday=office.timetable.digest_weekday.number,
            digest_at=office.timetable.digest_at,
            digest_until_weekday=office.timetable.digest_until_weekday.number,
            digest_until_at=office.timetable.digest_until_at,
            upkeep_at=office.timetable.upkeep_at,
            nothing_new_days=office.timetable.nothing_new_days,
            deputy_days=office.timetable.deputy_days,
            above_days=office.timetable.above_days,
            put_off_times=office.timetable.put_off_times,
            pause_weeks=office.timetable.pause_weeks,
        ),
        retention=Retention(**dict(office.retention)),
        timing=Timing(**dict(office.timing)),
        plans={"zalo": Plan(**dict(office.zalo))},
        pathway=Pathway(
            {step: getattr(office.runway, step) for step in STEPS}, trained_share=office.runway.trained_share
        ),
        law=regulations(law.law, office.law, path or SHIPPED_OFFICE_FILE, law_path=law_path),
    )


def differences(path: Path) -> list[str]:
    """What the office's file says otherwise than the shipped one, a line each."""
    shipped, own = _read(SHIPPED_OFFICE_FILE), _read(path)
    lines = [
        f"{name} = {value!r} (shipped: {_flat(shipped).get(name, 'nothing')!r})"
        for name, value in _flat(own).items()
        if _flat(shipped).get(name) != value
    ]
    known = {(row["code"], row["since"]) for row in _read(LAW_FILE)["law"]}
    rows: list[dict[str, Any]] = own.get("law", [])
    for row in rows:
        verb = "replaces the shipped row" if (row.get("code"), row.get("since")) in known else "is added"
        lines.append(f"law: {row.get('code')} since {row.get('since')} {verb} ({row.get('citation')})")
    return lines


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by their table and name; the law's rows are told apart."""
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{below}": each for below, each in cast(Mapping[str, Any], value).items()}
        elif name != "law":
            flat[name] = value
    return flat


_DAY = TypeAdapter(date)


def own_years(path: Path) -> frozenset[int]:
    """The years of whose days the office wrote something itself."""
    # A day in quotes is one too, as it is to whoever reads the settings.
    days = (_DAY.validate_python(day) for listed in _read(path).get("calendar", {}).values() for day in listed)
    return frozenset(day.year for day in days)


def announced_until() -> int:
    """The last year whose swapped days are known as they were announced; later ones are computed only."""
    _, worked = _public_calendar()
    return max(day.year for day in worked)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file") from error
    except PermissionError as error:
        raise SettingsError(f"{path}: {NOT_READABLE}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read; it must be text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from error


def _over(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The office's own values over the shipped ones, table by table."""
    merged = dict(shipped)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _checked(model: type[Model], raw: Mapping[str, Any], path: Path) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = [f"{path}: {_sentence(each)}" for each in error.errors(include_url=False)]
        raise SettingsError("\n".join(problems)) from error


def _sentence(problem: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, with a context of any shape
    """Rows are counted from 1, as one finds them in the file."""
    places = [str(part + 1) if isinstance(part, int) else str(part) for part in problem["loc"]]
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        message = "is not known here"
    return f"{' '.join(places)}: {message}" if places else message


def _calendar(office: _OfficeFile, fixed: Iterable[_HolidayRow]) -> Calendar:
    public, worked = _public_calendar()
    days_off = public | _fixed_holidays(fixed, known=public) | set(office.calendar.holidays)
    return Calendar(
        holidays=frozenset(days_off - set(office.calendar.working_days)),
        working_saturdays=frozenset({*worked, *office.calendar.working_saturdays}),
        quiet_from=office.quiet_hours.from_,
        quiet_until=office.quiet_hours.until,
        morning=office.quiet_hours.morning,
        announced_until=_announced(office),
    )


def _announced(office: _OfficeFile) -> int:
    """The last year whose days off are certain: announced, or written down by the office itself, year after year."""
    listed = office.calendar
    own = {day.year for day in (*listed.holidays, *listed.working_saturdays, *listed.working_days)}
    year = announced_until()
    while year + 1 in own:
        year += 1
    return year


@cache
def _public_calendar() -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the worked weekend days of Viet Nam; working out so many lunar years takes half a second."""
    public = holidays.country_holidays("VN", years=YEARS)
    return frozenset(public), frozenset(public.weekend_workdays)


def _fixed_holidays(rows: Iterable[_HolidayRow], *, known: frozenset[date]) -> set[date]:
    """The holidays by law that the library lacks, with the day in lieu of one on a weekend (Labour Code, 111.3)."""
    added: set[date] = set()
    for day in (day for row in rows for day in row.days() if day not in known):
        added.add(day)
        in_lieu = day
        while in_lieu.weekday() >= SATURDAY or (in_lieu is not day and in_lieu in known):
            in_lieu += timedelta(days=1)
        added.add(in_lieu)
    return added
