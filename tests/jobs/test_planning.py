import asyncio
import time
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from config.load import load_office
from domain.calendar import ZONE, is_quiet, is_working_day
from domain.reminders import WEEKLY_DIGEST, digest_window, next_due, periods, sending_time
from jobs.planning import weekly_digest
from storage.database import Database
from storage.tables import outbox, planned
from tests.cast import stage
from tests.jobs.running import running

OFFICE = load_office(None)
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


async def rows(db: Database) -> list[tuple[int, str, str, str]]:
    query = select(outbox.c.person_id, outbox.c.period, outbox.c.state, outbox.c.reason).order_by(outbox.c.id)
    async with db.reading() as tx:
        return [(row.person_id or 0, row.period, row.state, row.reason) for row in await tx.execute(query)]


async def test_a_digest_planned_a_hundred_times_is_one_letter_for_each_person(database: Database) -> None:
    async with stage(database) as here:
        for _ in range(100):
            await weekly_digest(database, here.office, MONDAY)
        found = await rows(database)

    assert len(found) == 2, "Mai of the committee, Minh in charge of two branches"
    assert len({person for person, *_ in found}) == 2
    assert {state for *_, state, _ in found} == {"planned"}


async def test_two_planners_at_once_plan_each_letter_once(database: Database) -> None:
    async with stage(database) as here:
        await asyncio.gather(*(weekly_digest(database, here.office, MONDAY) for _ in range(8)))
        async with database.reading() as tx:
            keys = await tx.scalar(select(func.count()).select_from(planned))
        assert keys == len(await rows(database)) == 2


async def test_a_dry_run_tells_who_would_get_what_and_writes_nothing(database: Database) -> None:
    async with stage(database) as here:
        told = await weekly_digest(database, here.office, MONDAY, dry_run=True)

        assert [len(each.posts) for each in told] == [1, 2]
        assert all(each.is_new and not each.skipped for each in told)
        assert await rows(database) == []


async def test_before_it_is_due_nothing_is_planned(database: Database) -> None:
    async with stage(database) as here:
        assert await weekly_digest(database, here.office, MONDAY - timedelta(minutes=1)) == []


async def test_who_takes_the_post_after_the_digest_fell_due_waits_for_the_next(database: Database) -> None:
    async with stage(database) as here:
        # The cast was imported on Saturday the 21st: for the week before nobody held a post yet.
        assert await weekly_digest(database, here.office, at(21, 9)) == []


@pytest.mark.parametrize(
    ("stopped_for", "expected"),
    [
        # Stopped on Monday at 07:29, a minute before the digest.
        (timedelta(hours=1), [("2026-W48", "planned", at(23, 8, 29))]),
        # In the night; the 24th is a holiday, so the next working morning is Wednesday's.
        (timedelta(hours=20), [("2026-W48", "planned", at(25, 7, 30))]),
        (timedelta(days=3), [("2026-W48", "skipped: too late", None)]),
        (timedelta(days=40), [(f"2026-W{week}", "skipped: too late", None) for week in range(48, 54)]),
    ],
    ids=["an hour", "twenty hours", "three days", "forty days"],
)
async def test_after_a_stop_what_is_in_time_is_made_good_and_the_rest_is_kept_as_skipped(
    database: Database, stopped_for: timedelta, expected: list[tuple[str, str, datetime | None]]
) -> None:
    async with stage(database) as here:
        began = at(23, 7, 29)
        before = await weekly_digest(database, here.office, began)
        before += await weekly_digest(database, here.office, began + stopped_for)
        query = select(outbox.c.period, outbox.c.state, outbox.c.reason, outbox.c.not_before).where(
            outbox.c.person_id == before[0].letter.person_id
        )
        async with database.reading() as tx:
            kept = list(await tx.execute(query.order_by(outbox.c.period)))

    told = [
        (row.period, f"{row.state}: {row.reason}" if row.reason else row.state, None if row.reason else row.not_before)
        for row in kept
    ]
    assert told == expected


async def test_weeks_missed_altogether_are_kept_as_skipped(database: Database) -> None:
    async with stage(database) as here:
        await weekly_digest(database, here.office, MONDAY)
        await weekly_digest(database, here.office, MONDAY + timedelta(days=40))
        found = await rows(database)

    weeks = [f"2026-W{week}" for week in range(48, 54)]
    assert sorted({period for _, period, _, _ in found}) == weeks
    assert {(state, reason) for *_, state, reason in found} == {("skipped", "too late")}, "the unsent one is late too"


def test_no_moment_of_the_year_leads_into_quiet_hours_weekends_or_holidays() -> None:
    calendar = OFFICE.calendar
    moment = at(1, 0, month=1)
    while moment.year == 2026:
        week = digest_window(OFFICE, moment.date())
        planned_for = sending_time(OFFICE, week, moment) if week.due <= moment else None
        if planned_for is not None:
            assert week.due <= planned_for <= week.until
            assert planned_for >= moment
            assert is_working_day(calendar, planned_for.date())
            assert not is_quiet(calendar, planned_for.time())
        moment += timedelta(minutes=37)


def test_a_monday_that_is_a_holiday_moves_its_digest_to_the_next_working_morning() -> None:
    week = digest_window(OFFICE, date(2026, 4, 27))

    assert not is_working_day(OFFICE.calendar, week.due.date()), "the 26th of April 2026 is a Sunday, so Monday is off"
    assert sending_time(OFFICE, week, week.due) == at(28, 7, 30, month=4)


def test_a_week_off_has_no_digest() -> None:
    week = digest_window(OFFICE, date(2026, 2, 17))

    assert sending_time(OFFICE, week, week.due) is None


@pytest.mark.parametrize(
    ("newest", "now", "names"),
    [
        (None, MONDAY, ["2026-W48"]),
        ("2026-W48", MONDAY + timedelta(days=6), ["2026-W48"]),
        ("2026-W52", at(4, 7, 30, month=1, year=2027), ["2026-W52", "2026-W53", "2027-W01"]),
    ],
)
def test_the_weeks_to_plan_run_from_the_last_one_planned_to_the_present(
    newest: str | None, now: datetime, names: list[str]
) -> None:
    assert periods(WEEKLY_DIGEST, newest, now) == names


def test_what_is_due_changes_at_the_very_minute() -> None:
    assert next_due(OFFICE, MONDAY - timedelta(seconds=1)) == MONDAY
    assert next_due(OFFICE, MONDAY) > MONDAY


@pytest.mark.parametrize("ahead", [timedelta(days=365), timedelta(days=-365)], ids=["a year ahead", "a year back"])
async def test_a_clock_that_jumps_a_year_and_comes_back_neither_repeats_nor_storms(
    database: Database, ahead: timedelta
) -> None:
    async with stage(database) as here:
        office = running(here)
        await office.at(MONDAY)
        before = len(office.said)
        await office.at(MONDAY + ahead)
        jumped = len(office.said)
        await office.at(MONDAY + timedelta(minutes=10))
        assert len(office.said) == jumped, "the week's digest is not sent again"
        async for _ in office.through(MONDAY + timedelta(minutes=20), MONDAY + timedelta(days=8)):
            pass
        found = await rows(database)

    assert jumped - before <= 2 + 3, "one digest for each reader, one letter for each secretary"
    assert len(office.said) == jumped + 2, "the next week goes on as if nothing had been"
    assert len({(chat, moment) for moment, chat in office.said}) == len(office.said)
    assert len(found) < 150


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati", "UTC"])
async def test_the_zone_of_the_machine_changes_nothing(
    database: Database, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        async with stage(database) as here:
            office = running(here)
            async for _ in office.through(MONDAY - timedelta(hours=1), MONDAY + timedelta(days=1)):
                pass
            async with database.reading() as tx:
                settled = (await tx.execute(select(outbox.c.settled_at, outbox.c.period))).all()
    finally:
        monkeypatch.undo()
        time.tzset()

    assert sorted(office.said) == [(MONDAY, "mai"), (MONDAY, "minh")]
    assert {(moment, period) for moment, period in settled} == {(MONDAY, "2026-W48")}
