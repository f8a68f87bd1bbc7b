"""Past years from a workbook: each row against the records, all or nothing, undone as one batch."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.changes import Record, UndoBatch
from domain.intents import Month
from domain.office import OfficePlan
from domain.past import Place, PlannedAdmission, PlannedCandidate
from domain.problems import ProblemCode
from domain.records import Candidate, EntryKind, EntryState, Fact, Stage, Standing
from domain.refusals import Conflict
from storage.audit import first_broken
from storage.counters import differences
from storage.office import LoadReport, PlanRefused
from storage.read import batches, candidates, entries, quotas
from storage.tables import audit, batch_rows
from storage.tables import batches as batches_table
from storage.tables import candidates as candidates_table
from storage.tables import entries as entries_table
from tests.storage.small_office import TODAY, SmallOffice, admission, decision, load

pytestmark = pytest.mark.anyio

AGREED = date(2026, 10, 1)
OCTOBER = date(2025, 10, 15)


def admitted(name: str = "Lò Thị Dụ", on: date | Month | None = OCTOBER, **more: object) -> PlannedAdmission:
    row = PlannedAdmission("CB1", name, consent_on=AGREED, ceremony_on=on, label="đảng viên mới")
    return replace(row, **more)


LAST_OCTOBER = Month(2025, 10)


def figure(count: int, month: Month = LAST_OCTOBER, code: str = "CB1") -> PlannedAdmission:
    return PlannedAdmission(code, ceremony_on=month, count=count)


async def past(
    office: SmallOffice,
    *rows: PlannedAdmission,
    people: Sequence[PlannedCandidate] = (),
    digest: str = "",
    reach: Sequence[str] | None = None,
) -> LoadReport:
    """Load these rows, numbered from 2 on as in a sheet."""
    placed = [replace(row, at=Place("Kết nạp", number)) for number, row in enumerate(rows, start=2)]
    listed = [replace(row, at=Place("Nguồn", number)) for number, row in enumerate(people, start=2)]
    plan = OfficePlan(candidates=tuple(listed), admissions=tuple(placed), digest=digest)
    return await load(office.db, plan, within=[office.unit[code] for code in reach] if reach is not None else None)


async def codes(office: SmallOffice, *rows: PlannedAdmission, **more: Any) -> list[tuple[int, str]]:
    """Row and code of each problem; then nothing was written."""
    before = await count(office)
    with pytest.raises(PlanRefused) as refused:
        await past(office, *rows, **more)
    assert await count(office) == before
    return [(each.row, each.code) for each in refused.value.problems]


async def count(office: SmallOffice) -> tuple[int, ...]:
    async with office.db.reading() as tx:
        tables = (entries_table, candidates_table, batches_table, audit)
        return tuple([await tx.scalar(select(func.count()).select_from(table)) or 0 for table in tables])


async def people_of(office: SmallOffice, code: str = "CB1") -> list[Candidate]:
    async with office.db.reading() as tx:
        return await candidates.of_units(tx, [office.unit[code]])


async def done(office: SmallOffice, code: str = "DU1", year: int = 2025) -> int:
    async with office.db.reading() as tx:
        found = await quotas.standings(tx, [office.unit[code]], year, Fact.CEREMONY, TODAY)
        assert await tx.run_sync(differences) == {}
        assert await tx.run_sync(first_broken) is None
    return found[office.unit[code]].done


async def test_an_admission_of_last_year_becomes_an_entry_that_counts_there(office: SmallOffice) -> None:
    report = await past(office, admitted(decision_on=date(2025, 9, 20), decision_no="12-QĐ/ĐU", birth_year=1998))
    assert (report.entries_added, report.without_name, report.batch) == (1, 0, 1)
    assert await done(office) == 1
    assert await done(office, year=2026) == 0
    (person,) = await people_of(office)
    assert (person.name, person.stage, person.birth_year) == ("Lò Thị Dụ", Stage.ADMITTED, 1998)
    assert person.consent_at is not None and person.consent_at.date() == AGREED
    assert person.consent_wording == "workbook-2026-11"


async def test_without_a_day_of_consent_no_name_is_kept(office: SmallOffice) -> None:
    report = await past(office, admitted(consent_on=None), people=[PlannedCandidate("CB1", "Giàng A Sử", label="x")])
    assert (report.entries_added, report.candidates_added, report.without_name) == (1, 1, 2)
    assert {(one.name, one.folded) for one in await people_of(office)} == {("", "")}
    assert await done(office) == 1


async def test_figures_of_a_month_count_without_people(office: SmallOffice) -> None:
    await past(office, figure(5), figure(2, Month(2025, 11), code="DU1"))
    assert await done(office, "CB1") == 5
    assert await done(office, "DU1") == 7
    async with office.db.reading() as tx:
        (entry,) = await entries.of_units(tx, [office.unit["CB1"]], date(2025, 1, 1), date(2025, 12, 31), Fact.CEREMONY)
    assert (entry.count, entry.ceremony_on, entry.month) == (5, date(2025, 10, 31), date(2025, 10, 1))


@pytest.mark.parametrize("digest", ["", "abc"])
async def test_the_same_rows_twice_create_nothing(office: SmallOffice, digest: str) -> None:
    rows = [
        admitted(),
        admitted("Vàng A Pó", consent_on=None),
        admitted("", date(2025, 3, 3)),
        admitted("", date(2025, 3, 3)),
        figure(3, Month(2025, 5)),
        admitted("Tẩn Mẩy Lai", Month(2025, 7)),
    ]
    people = [PlannedCandidate("CB2", "Sùng Thị Chía", AGREED), PlannedCandidate("CB2", "Lý Văn Ba", birth_year=1999)]
    await past(office, *rows, people=people, digest=digest)
    before = await count(office)
    again = await past(office, *rows, people=people, digest=digest)
    assert (again.changed, again.batch, again.unchanged) == (0, None, 8)
    assert again.same_as == (1 if digest else None)
    assert await count(office) == before


async def test_a_row_more_adds_that_row_only(office: SmallOffice) -> None:
    rows = [admitted(), admitted("", date(2025, 3, 3))]
    await past(office, *rows, digest="first")
    report = await past(office, *rows, admitted("", date(2025, 3, 3)), admitted("Vàng A Pó"), digest="second")
    assert (report.entries_added, report.unchanged, report.batch) == (2, 2, 2)
    assert await done(office) == 4


async def test_the_second_of_a_name_is_reported_in_the_file_and_against_the_records(office: SmallOffice) -> None:
    assert await codes(office, admitted(), admitted()) == [(3, ProblemCode.ROW_TWICE)]
    assert await codes(office, admitted(), admitted(on=date(2025, 10, 16))) == [(3, ProblemCode.ROW_TWICE)]
    await past(office, admitted())
    assert await codes(office, admitted(on=date(2025, 10, 16))) == [(2, ProblemCode.ON_RECORD)]
    await past(office, admitted(), admitted(is_other=True))
    await past(office, admitted(), admitted(is_other=True))
    assert await done(office) == 2
    assert sorted(one.distinguisher for one in await people_of(office)) == [0, 1]


async def test_whoever_stands_there_without_a_name_is_asked_about(office: SmallOffice) -> None:
    await past(office, admitted(consent_on=None))
    assert await codes(office, admitted()) == [(2, ProblemCode.NAMELESS_ON_RECORD)]
    report = await past(office, admitted(number=1))
    assert report.entries_corrected == 1
    assert [one.name for one in await people_of(office)] == ["Lò Thị Dụ"]
    assert await done(office) == 1


async def test_somebody_on_the_list_is_admitted_and_a_decision_is_completed(office: SmallOffice) -> None:
    listed = await office.candidate("Lò Thị Dụ")
    decided = await office.candidate("Vàng A Pó")
    await office.apply(decision(decided, date(2026, 9, 1)))
    report = await past(
        office,
        admitted(listed.name, date(2026, 10, 15), birth_year=1997),
        admitted(decided.name, date(2026, 10, 15), decision_on=date(2026, 9, 1)),
        people=[PlannedCandidate("CB1", "Lò Thị Dụ", AGREED)],
    )
    assert (report.entries_added, report.entries_completed, report.unchanged) == (1, 1, 1)
    assert await done(office, year=2026) == 2
    assert {(one.name, one.stage) for one in await people_of(office)} == {
        ("Lò Thị Dụ", Stage.ADMITTED),
        ("Vàng A Pó", Stage.ADMITTED),
    }


async def test_every_problem_of_the_rules_is_told_and_nothing_is_written(office: SmallOffice) -> None:
    assert await codes(
        office,
        admitted("A B", date(2026, 12, 1)),
        admitted("A C", decision_on=date(2025, 11, 1)),
        admitted("A D", birth_year=2008),
        admitted("A E", None),
        admitted("A F", unit_code="CB77"),
        admitted("A G", unit_code="DU1"),
        replace(figure(3), unit_code="TU"),
        figure(3, Month(2025, 1)),
        figure(3, Month(2025, 1)),
        people=[PlannedCandidate("CB1", "A H", consent_on=date(2026, 12, 1))],
    ) == [
        (2, ProblemCode.FUTURE_DAY),
        (3, ProblemCode.BEFORE_DECISION),
        (4, ProblemCode.TOO_YOUNG),
        (5, ProblemCode.NO_DAY),
        (6, ProblemCode.UNIT_UNKNOWN),
        (7, ProblemCode.PEOPLE_NEED_BRANCH),
        (8, ProblemCode.FIGURE_OF_SUPERIOR),
        (10, ProblemCode.FIGURE_TWICE),
        (2, ProblemCode.FUTURE_DAY),
    ]


async def test_a_figure_and_people_of_one_month_are_never_counted_twice(office: SmallOffice) -> None:
    assert await codes(office, admitted(), figure(3, code="DU1")) == [(3, ProblemCode.COUNTED_BY_ROW)]
    await past(office, figure(3, code="DU1"))
    assert await codes(office, admitted()) == [(2, ProblemCode.COUNTED_BY_ENTRY)]
    assert await codes(office, figure(4, code="DU1")) == [(2, ProblemCode.FIGURE_ON_RECORD)]
    await past(office, admitted(on=date(2025, 9, 1)))
    assert await codes(office, figure(3, Month(2025, 9))) == [(2, ProblemCode.COUNTED_BY_ENTRY)]
    assert await done(office) == 4


async def test_out_of_reach_is_unknown(office: SmallOffice) -> None:
    await past(office, admitted())
    assert await codes(office, admitted("Vàng A Pó"), admitted(number=1), reach=["CB2"]) == [
        (2, ProblemCode.UNIT_UNKNOWN),
        (3, ProblemCode.ENTRY_UNKNOWN),
    ]


async def test_a_row_with_a_number_puts_that_entry_right_and_leaves_what_is_blank(office: SmallOffice) -> None:
    await past(
        office, admitted(decision_no="12-QĐ/ĐU", birth_year=1998), admitted("Vàng A Pó"), figure(3, Month(2025, 5))
    )
    blank = PlannedAdmission("", number=2)
    report = await past(
        office,
        replace(blank, number=1, ceremony_on=date(2025, 11, 2)),
        blank,
        PlannedAdmission("CB1", number=3, count=4),
    )
    assert (report.entries_corrected, report.unchanged, report.batch) == (2, 1, 2)
    assert report.examples[0] == (1, "ceremony_on", "15/10/2025", "02/11/2025")
    assert await done(office) == 6
    async with office.db.reading() as tx:
        newest = await entries.live_version(tx, 1)
    assert newest is not None
    assert (newest.replaces, newest.ceremony_on, newest.decision_no) == (1, date(2025, 11, 2), "12-QĐ/ĐU")
    again = await past(office, replace(blank, number=1, ceremony_on=date(2025, 11, 2)))
    assert (again.changed, again.unchanged) == (0, 1)


async def test_a_correction_of_what_changed_since_or_is_not_there_is_refused(office: SmallOffice) -> None:
    await past(office, admitted(), figure(2, Month(2025, 5)), admitted("Vàng A Pó", consent_on=None))
    await past(office, PlannedAdmission("", number=1, ceremony_on=date(2025, 11, 2)))
    assert await codes(
        office,
        PlannedAdmission("", number=1, ceremony_on=date(2025, 11, 3)),
        PlannedAdmission("", number=77),
        PlannedAdmission("CB2", number=2),
        PlannedAdmission("", "Ai Đó", number=2),
        PlannedAdmission("", "Vàng A Pó", number=3),
        PlannedAdmission("", ceremony_on=date(2027, 1, 1), number=4),
    ) == [
        (2, ProblemCode.ENTRY_OVERTAKEN),
        (3, ProblemCode.ENTRY_UNKNOWN),
        (4, ProblemCode.ENTRY_OF_OTHER_UNIT),
        (5, ProblemCode.ENTRY_TWICE),
        (6, ProblemCode.NAME_NEEDS_CONSENT),
        (7, ProblemCode.FUTURE_DAY),
    ]


async def test_a_batch_is_undone_as_a_whole_and_its_people_are_erased(office: SmallOffice) -> None:
    listed = await office.candidate("Sùng Thị Chía", "CB2")
    await past(
        office,
        admitted(),
        figure(2, Month(2025, 5)),
        replace(admitted(listed.name, date(2026, 10, 15)), unit_code="CB2"),
        people=[PlannedCandidate("CB1", "Vàng A Pó", AGREED)],
    )
    undone = await office.apply(UndoBatch(1))
    assert sorted(undone.numbers) == [1, 2, 3]
    assert await done(office) == 0
    assert await done(office, year=2026) == 0
    assert await people_of(office) == []
    assert [(one.name, one.stage) for one in await people_of(office, "CB2")] == [("Sùng Thị Chía", Stage.LISTED)]
    async with office.db.reading() as tx:
        kept = await tx.execute(select(candidates_table.c.name).where(candidates_table.c.standing == Standing.ERASED))
        assert set(kept.scalars()) == {""}
    with pytest.raises(Conflict):
        await office.apply(UndoBatch(1))
    again = await past(office, admitted(), digest="again")
    assert (again.entries_added, again.batch) == (1, 2)


async def test_what_was_touched_since_is_left_and_named(office: SmallOffice) -> None:
    await past(office, admitted(), admitted("Vàng A Pó"), people=[PlannedCandidate("CB1", "Tẩn Mẩy Lai", AGREED)])
    person = next(one for one in await people_of(office) if one.name == "Vàng A Pó")
    await office.apply(admission(person, date(2025, 10, 17), replaces=2))
    async with office.db.reading() as tx:
        batch = await batches.by_number(tx, 1)
    assert batch is not None
    assert (batch.entries, batch.left, len(batch.people)) == ((1,), (2,), 2)
    await office.apply(UndoBatch(1))
    assert [one.name for one in await people_of(office)] == ["Vàng A Pó"]
    assert await done(office) == 1


async def test_corrections_of_a_batch_step_back(office: SmallOffice) -> None:
    await past(office, admitted(), figure(3, Month(2025, 5)))
    await past(
        office,
        replace(admitted(number=1, on=date(2026, 1, 5)), consent_on=None),
        PlannedAdmission("", number=2, count=5),
    )
    assert await done(office) == 5
    await office.apply(UndoBatch(2))
    assert await done(office) == 4
    assert await done(office, year=2026) == 0
    async with office.db.reading() as tx:
        newest = await entries.live_version(tx, 2)
    assert newest is not None
    assert (newest.count, newest.month, newest.state) == (3, date(2025, 5, 1), EntryState.LIVE)


@pytest.mark.parametrize("is_alone", [True, False], ids=["alone in its file", "among others"])
async def test_a_wrong_day_steps_back_though_its_row_changed_the_person_too(
    office: SmallOffice, is_alone: bool
) -> None:
    await past(office, admitted(on=date(2025, 3, 10)), admitted("Vàng A Pó", birth_year=1998))
    wrong = replace(admitted("Nguyễn Văn Anh", date(2024, 3, 12), number=1), unit_code="")
    only_name = PlannedAdmission("", "Vàng A Páo", AGREED, number=2)
    traits = PlannedAdmission("", ceremony_on=date(2024, 5, 5), birth_year=1999, number=2)
    await past(office, wrong, *(() if is_alone else (traits,)))
    assert await done(office, year=2024) == (1 if is_alone else 2)
    async with office.db.reading() as tx:
        batch = await batches.by_number(tx, 2)
    assert batch is not None
    assert (len(batch.entries), batch.described) == ((1, 1) if is_alone else (2, 2))
    await office.apply(UndoBatch(2))
    assert (await done(office, year=2024), await done(office)) == (0, 2)
    async with office.db.reading() as tx:
        newest = await entries.live_version(tx, 1)
    assert newest is not None and newest.ceremony_on == date(2025, 3, 10)
    assert "Nguyễn Văn Anh" in {one.name for one in await people_of(office)}, "what a name was before is not kept"
    if is_alone:
        await past(office, only_name)
        async with office.db.reading() as tx:
            batch = await batches.by_number(tx, 3)
        assert batch is not None and (batch.entries, batch.described) == ((), 1)


async def test_a_dry_run_tells_and_writes_nothing(office: SmallOffice) -> None:
    before = await count(office)
    plan = OfficePlan(admissions=(admitted(), figure(2, Month(2025, 5))))
    report = await load(office.db, plan, dry_run=True)
    assert report.entries_added == 2
    assert await count(office) == before


async def test_an_entry_by_chat_and_one_by_file_are_the_same_kind(office: SmallOffice) -> None:
    written = await office.apply(Record(EntryKind.ADMISSION, office.unit["CB1"], ceremony_on=date(2025, 10, 16)))
    report = await past(office, admitted())
    assert report.batch == 1
    async with office.db.reading() as tx:
        assert await entries.by_number(tx, written.numbers[0]) is not None
        rows = (await tx.execute(select(batch_rows))).all()
    assert [(row.batch_id, row.entry, row.version, row.kind) for row in rows] == [(1, 2, 0, "new")]


async def test_the_same_file_from_two_sides_at_once_is_one_batch(office: SmallOffice) -> None:
    rows = (figure(2, Month(2025, 5)), admitted(consent_on=None), admitted("Vàng A Pó"))
    reports = await asyncio.gather(*(past(office, *rows, digest="same") for _ in range(3)))
    assert sorted(report.entries_added for report in reports) == [0, 0, 3]
    assert await done(office) == 4


async def live(office: SmallOffice) -> list[tuple[str, str, date | None]]:
    """Kind, unit and month of what stands; a month only of what was reported for a whole one."""
    by_id = {unit_id: code for code, unit_id in office.unit.items()}
    async with office.db.reading() as tx:
        found = await tx.execute(select(entries_table).where(entries_table.c.state == "live"))
        return sorted((row.kind, by_id[row.unit_id], row.month) for row in found)


@pytest.mark.parametrize(
    "row",
    [
        admitted(),
        admitted(on=None, decision_on=OCTOBER),
        admitted(on=date(2025, 11, 3), decision_on=OCTOBER),
        figure(2),
        admitted(consent_on=None),
    ],
    ids=["ceremony", "decision", "decided that month", "figure", "without a name"],
)
async def test_an_admission_takes_the_place_of_nothing_reported_for_its_month(
    office: SmallOffice, row: PlannedAdmission
) -> None:
    october, september = date(2025, 10, 1), date(2025, 9, 1)
    for unit, month in (("CB1", october), ("CB1", september), ("CB2", october)):
        await office.apply(Record(EntryKind.NOTHING, office.unit[unit], month=month))
    report = await past(office, row)
    assert report.nothing_undone == 1
    standing = [each for each in await live(office) if each[0] == "nothing"]
    assert standing == [("nothing", "CB1", september), ("nothing", "CB2", october)]
    async with office.db.reading() as tx:
        assert await tx.run_sync(first_broken) is None
    assert not await office.db.write(differences)


async def test_an_entry_put_right_takes_the_place_of_nothing_in_its_new_month(office: SmallOffice) -> None:
    await past(office, admitted())
    await office.apply(Record(EntryKind.NOTHING, office.unit["CB1"], month=date(2025, 9, 1)))
    report = await past(office, admitted(name="", on=date(2025, 9, 20), number=1, consent_on=None))
    assert (report.entries_corrected, report.nothing_undone) == (1, 1)
    assert [each[0] for each in await live(office)] == ["admission"]
