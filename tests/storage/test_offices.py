import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from domain.changes import MarkNobodyLeft, SetQuota
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Quota, Target
from domain.refusals import Conflict
from domain.units import MemberCount, Unit, UnitKind
from storage.database import Database
from storage.office import UnknownUnit
from storage.read import people, quotas, units
from storage.tables import audit
from storage.tables import units as units_table
from tests.storage.small_office import PLAN, TODAY, SmallOffice, load, small_office


async def unit(office: SmallOffice, code: str, on: date = TODAY) -> Unit:
    async with office.db.reading() as tx:
        found = await units.by_code(tx, code, on)
    assert found
    return found


async def codes_below(office: SmallOffice, code: str, on: date = TODAY) -> list[str]:
    async with office.db.reading() as tx:
        return [one.code for one in await units.subtree(tx, office.unit[code], on)]


async def test_a_plan_is_loaded_whole(database: Database) -> None:
    report = await load(database, PLAN)
    assert (report.units_added, report.quotas_set, report.people_added, report.posts_added) == (8, 2, 2, 3)
    assert (report.aliases_added, report.members_set, report.unchanged) == (1, 1, 0)


async def test_the_same_plan_twice_changes_nothing(office: SmallOffice) -> None:
    async with office.db.reading() as tx:
        before = await tx.scalar(select(func.count()).select_from(audit))
    report = await load(office.db, PLAN, TODAY + timedelta(days=30))
    assert report.changed == 0
    async with office.db.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(audit)) == before


async def test_a_plan_that_names_an_unknown_unit_leaves_nothing_behind(database: Database) -> None:
    broken = replace(PLAN, quotas=(*PLAN.quotas, PlannedQuota("CB77", "2026", Target(1))))
    with pytest.raises(UnknownUnit, match="CB77"):
        await load(database, broken)
    circle = OfficePlan(
        (PlannedUnit("A", "A", UnitKind.COMMITTEE, "B"), PlannedUnit("B", "B", UnitKind.COMMITTEE, "A"))
    )
    with pytest.raises(UnknownUnit):
        await load(database, circle)
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(units_table)) == 0


async def test_units_stand_with_their_path_and_members(office: SmallOffice) -> None:
    branch = await unit(office, "CB10")
    assert branch.path == tuple(office.unit[code] for code in ("TU", "DU1", "DB1", "CB10"))
    assert (branch.parent_id, branch.nobody_left, branch.members) == (office.unit["DB1"], True, None)
    assert (await unit(office, "CB1")).members == MemberCount(12, date(2026, 1, 1))
    assert (await unit(office, "CB1", date(2025, 6, 1))).members is None


async def test_children_and_subtrees_go_by_code(office: SmallOffice) -> None:
    assert await codes_below(office, "DU1") == ["CB1", "CB2", "CB10", "DB1", "DU1"]
    async with office.db.reading() as tx:
        children = [one.code for one in await units.children(tx, office.unit["DU1"], TODAY)]
        branches = await units.subtree(tx, office.unit["DU1"], TODAY, {UnitKind.BRANCH})
    assert children == ["CB1", "CB2", "DB1"]
    assert [one.code for one in branches] == ["CB1", "CB2", "CB10"]


async def test_units_are_called_by_their_names_and_other_words(office: SmallOffice) -> None:
    async with office.db.reading() as tx:
        called = await units.called(tx, office.unit["DU1"], TODAY)
    words = {(word, one.code) for word, one in called}
    assert {("mầm non", "CB2"), ("chi bộ trường mầm non", "CB2"), ("đảng ủy xã một", "DU1")} <= words
    assert not any(one.code == "CB9" for _, one in called)


async def test_a_unit_with_a_longer_number_is_not_below_a_shorter_one(office: SmallOffice) -> None:
    more = OfficePlan(tuple(PlannedUnit(f"X{n}", f"X{n}", UnitKind.BRANCH, "DU2") for n in range(80)))
    await load(office.db, more)
    async with office.db.reading() as tx:
        one = await units.subtree(tx, office.unit["DU1"], TODAY)
        two = await units.subtree(tx, office.unit["DU2"], TODAY)
    assert (len(one), len(two)) == (5, 82)


async def test_a_moved_unit_stands_in_each_tree_on_its_days(office: SmallOffice) -> None:
    moved = replace(
        PLAN, units=tuple(replace(each, parent_code="DU2") if each.code == "DB1" else each for each in PLAN.units)
    )
    report = await load(office.db, moved)
    assert (report.units_moved, report.units_added) == (1, 0)
    before, after = TODAY - timedelta(days=1), TODAY
    assert await codes_below(office, "DU1", before) == ["CB1", "CB2", "CB10", "DB1", "DU1"]
    assert await codes_below(office, "DU1", after) == ["CB1", "CB2", "DU1"]
    assert await codes_below(office, "DU2", after) == ["CB9", "CB10", "DB1", "DU2"]
    assert (await unit(office, "CB10", before)).path[1] == office.unit["DU1"]
    assert (await unit(office, "CB10", after)).path == tuple(office.unit[code] for code in ("TU", "DU2", "DB1", "CB10"))
    assert (await load(office.db, moved)).changed == 0
    # Back again on the same day: it never stood anywhere else.
    await load(office.db, PLAN)
    assert await codes_below(office, "DU1", after) == ["CB1", "CB2", "CB10", "DB1", "DU1"]


async def test_a_changed_plan_changes_what_it_names_and_nothing_else(office: SmallOffice) -> None:
    changed = OfficePlan(
        (PlannedUnit("CB1", "Chi bộ Thôn Một", UnitKind.BRANCH, "DU1", members=MemberCount(13, date(2026, 1, 1))),),
        (PlannedQuota("CB1", "2026", Target(4)),),
        (PlannedPerson("cap-uy", "Trần Văn Cấp Uỷ", Role.MONITOR, "CB2"),),
    )
    report = await load(office.db, changed)
    assert (report.units_changed, report.members_set, report.quotas_set) == (1, 1, 1)
    assert (report.people_changed, report.posts_added, report.people_added) == (1, 1, 0)
    renamed = await unit(office, "CB1")
    assert (renamed.name, renamed.version, renamed.members) == ("Chi bộ Thôn Một", 1, MemberCount(13, date(2026, 1, 1)))
    async with office.db.reading() as tx:
        versions = await quotas.versions(tx, office.unit["CB1"], "2026")
        current = await quotas.current(tx, office.unit["CB1"], "2026")
        monitor = await people.person(tx, office.people["cap-uy"])
    assert [one.target.low for one in versions] == [3, 4]
    assert current == versions[1]
    assert monitor
    assert {post.unit_id for post in monitor.posts} == {office.unit["DU1"], office.unit["CB2"]}


async def test_one_person_may_hold_several_posts(office: SmallOffice) -> None:
    async with office.db.reading() as tx:
        secretary = await people.person(tx, office.people["bi-thu-1"])
        held = await people.holders(tx, [office.unit["CB2"]], [Role.SECRETARY], TODAY)
        none = await people.holders(tx, [office.unit["CB2"]], [Role.MONITOR], TODAY)
        monitors = await people.with_roles(tx, [Role.MONITOR, Role.COMMITTEE], TODAY)
        early = await people.with_roles(tx, [Role.MONITOR], TODAY - timedelta(days=1))
        named = await people.names(tx, office.people.values())
        both = await people.people(tx, office.people.values())
    assert secretary
    assert [(post.role, post.unit_id) for post in secretary.posts] == [
        (Role.SECRETARY, office.unit["CB1"]),
        (Role.SECRETARY, office.unit["CB2"]),
    ]
    assert held == [secretary] == [both[secretary.id]]
    assert (none, early) == ([], [])
    assert [one.id for one in monitors] == [office.people["cap-uy"]]
    assert named[office.people["cap-uy"]] == "Trần Văn Cấp Ủy"


async def test_a_quota_is_set_on_the_version_it_was_decided_on(office: SmallOffice) -> None:
    async with office.db.reading() as tx:
        current = await quotas.current(tx, office.unit["CB1"], "2026")
    assert current
    await office.apply(SetQuota(Quota(office.unit["CB1"], "2026", Target(5)), replaces=current.id))
    with pytest.raises(Conflict):
        await office.apply(SetQuota(Quota(office.unit["CB1"], "2026", Target(6)), replaces=current.id))
    with pytest.raises(Conflict):
        await office.apply(SetQuota(Quota(office.unit["CB1"], "2026", Target(6)), replaces=None))
    await office.apply(SetQuota(Quota(office.unit["CB1"], "2027", Target(6)), replaces=None))
    async with office.db.reading() as tx:
        found = await tx.run_sync(quotas.current_now, [office.unit["CB1"], office.unit["DU1"]], "2026")
    assert {quota.target.low for quota in found.values()} == {5, 6}


async def test_nobody_left_is_marked_on_the_unit_as_it_was_read(office: SmallOffice) -> None:
    branch = await unit(office, "CB1")
    await office.apply(MarkNobodyLeft(branch.id, branch.version, nobody_left=True))
    assert (await unit(office, "CB1")).nobody_left
    with pytest.raises(Conflict):
        await office.apply(MarkNobodyLeft(branch.id, branch.version, nobody_left=False))


async def test_the_root_is_found(office: SmallOffice) -> None:
    async with office.db.reading() as tx:
        root = await units.root(tx, TODAY)
    assert root
    assert root.code == "TU"


async def test_an_office_loaded_by_two_at_once_is_there_once(database: Database) -> None:
    results = await asyncio.gather(load(database, PLAN), load(database, PLAN), return_exceptions=True)
    # On PostgreSQL the second may meet the first one's codes: it is refused whole.
    assert all(not isinstance(each, BaseException) or isinstance(each, Conflict) for each in results)
    office = await small_office(database)
    assert len(office.unit) == 8
