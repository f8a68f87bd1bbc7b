from datetime import UTC, date, datetime

from domain.calendar import Calendar
from domain.digest import (
    AskSilent,
    Digest,
    FindSources,
    HoldCeremony,
    Mark,
    UnitWeek,
    UseReady,
    mark_of,
    may_be_nudged,
    pending_ceremony,
    weekly_digest,
)
from domain.quotas import Pace, Quota, Standing, Target
from domain.records import Entry, EntryKind
from domain.units import Unit, UnitKind

TODAY = date(2026, 11, 23)
CALENDAR = Calendar(holidays=frozenset({date(2026, 11, 24)}))


def branch(unit_id: int, *, nobody_left: bool = False, kind: UnitKind = UnitKind.BRANCH) -> Unit:
    code = f"cb{unit_id}"
    return Unit(id=unit_id, code=code, name=code, kind=kind, path=(1, unit_id), nobody_left=nobody_left)


def decided(unit_id: int, on: date, number: int = 40) -> Entry:
    made_at = datetime(2026, 11, 17, tzinfo=UTC)
    return Entry(number, EntryKind.ADMISSION, unit_id, author_id=1, made_at=made_at, candidate_id=5, decision_on=on)


def week(
    unit: Unit,
    done: int,
    target: int | None = 3,
    *,
    mark: Mark = Mark.REPORTED,
    new: int = 0,
    ready: int = 0,
    candidates: int = 0,
    pending: tuple[Entry, ...] = (),
) -> UnitWeek:
    quota = None if target is None else Quota(unit.id, "2026", Target(target))
    standing = Standing(unit.id, 2026, done, len(pending), quota)
    return UnitWeek(unit, standing, mark, new=new, ready=ready, candidates=candidates, pending=pending)


def digest(*weeks: UnitWeek) -> Digest:
    return weekly_digest(weeks, today=TODAY, since=date(2026, 11, 16), calendar=CALENDAR)


def test_a15_a_branch_with_nobody_left_is_never_nagged_and_counted_apart() -> None:
    empty = branch(2, nobody_left=True)
    assert mark_of(empty, reported=(), nothing=()) is Mark.NOT_ASKED
    assert not may_be_nudged(empty)
    told = digest(week(empty, 0, 2, mark=Mark.SILENT))
    assert told.rows == ()
    assert told.silent == ()
    assert told.suggestion is None
    assert told.nobody_left == (empty,)


def test_a22_silence_and_a_report_of_nothing_are_two_marks() -> None:
    quiet, nil, busy = branch(2), branch(3), branch(4)
    marks = [mark_of(each, reported={4}, nothing={3, 4}) for each in (quiet, nil, busy)]
    assert marks == [Mark.SILENT, Mark.NOTHING, Mark.REPORTED]
    told = digest(*(week(unit, 3, mark=mark) for unit, mark in zip((quiet, nil, busy), marks, strict=True)))
    assert told.silent == (quiet,)
    assert told.nothing == (nil,)


def test_only_branches_are_asked_for_a_monthly_word() -> None:
    assert mark_of(branch(2, kind=UnitKind.GRASSROOTS), reported=(), nothing=()) is Mark.NOT_ASKED


def test_the_worst_unit_comes_first_and_every_unit_once() -> None:
    weeks = [week(branch(2), 3), week(branch(3), 0), week(branch(4), 2, None), week(branch(5, nobody_left=True), 1)]
    told = digest(*weeks)
    assert [row.unit.id for row in told.rows] == [3, 4, 2]
    assert [row.pace for row in told.rows] == [Pace.BEHIND, Pace.UNASSIGNED, Pace.MET]
    assert [unit.id for unit in told.nobody_left] == [5]
    assert told.done == 6


def test_it_begins_with_what_changed_most() -> None:
    told = digest(week(branch(2), 1, new=1), week(branch(3), 0), week(branch(4), 2, new=2))
    assert [each.unit.id for each in told.changed] == [4, 2]
    assert told.new == 3
    assert (told.as_of, told.since) == (TODAY, date(2026, 11, 16))


def test_a10_a_ceremony_is_overdue_from_the_day_after_its_last_day() -> None:
    entry = decided(2, date(2026, 11, 16))
    last = pending_ceremony(entry, today=date(2026, 12, 29), calendar=CALENDAR)
    after = pending_ceremony(entry, today=date(2026, 12, 30), calendar=CALENDAR)
    assert last is not None
    assert after is not None
    assert last.due_on == date(2026, 12, 29)
    assert (last.is_overdue, after.is_overdue) == (False, True)


def test_pending_ceremonies_stand_by_their_last_day_those_of_a_unit_with_nobody_left_too() -> None:
    first = decided(3, date(2026, 10, 1), number=41)
    second = decided(2, date(2026, 11, 16), number=40)
    told = digest(week(branch(2), 3, pending=(second,)), week(branch(3, nobody_left=True), 0, pending=(first,)))
    assert [each.entry.number for each in told.pending] == [41, 40]
    assert told.suggestion == HoldCeremony(told.pending[0])


SEND_BY = date(2026, 12, 3)
"""Later sent, neither decision nor ceremony fits into the year."""


def test_one_suggestion_first_a_pressing_ceremony_then_people_who_are_ready() -> None:
    behind = week(branch(2), 0, ready=2, candidates=4)
    pressing = week(branch(3), 3, pending=(decided(3, date(2026, 10, 20)),))
    distant = week(branch(3), 3, pending=(decided(3, date(2026, 11, 20)),))
    assert isinstance(digest(behind, pressing).suggestion, HoldCeremony)
    assert digest(behind, distant).suggestion == UseReady(branch(2), ready=2, missing=3, send_by=SEND_BY)


def test_then_word_from_the_silent_then_new_sources_then_none() -> None:
    dry = week(branch(2), 1, candidates=1)
    silent = week(branch(3), 3, mark=Mark.SILENT)
    assert digest(dry, silent).suggestion == AskSilent((branch(3),))
    assert digest(dry).suggestion == FindSources(branch(2), candidates=1, missing=2, is_out_of_reach=True)
    assert digest(week(branch(2), 3)).suggestion is None
    assert digest().suggestion is None
