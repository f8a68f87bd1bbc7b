"""A small office for the tests of storage: a province, two communes, and branches; and the shortest ways to write."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from domain.calendar import ZONE
from domain.changes import AddCandidate, Change, Draft, Outcome, Record, Written
from domain.messages import Address, Choice, Incoming, Kind, Reply, line
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target, TargetShape
from domain.records import Candidate, EntryKind, Fact, Stage, Standing
from domain.units import MemberCount, Sector, UnitKind
from storage.apply import apply
from storage.database import Database
from storage.inbox import Lane, Room, accept, claim_lanes, next_item
from storage.office import LoadReport, load_plan
from storage.tables import people, units

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
CHAT = Address("telegram", "7001", "42")

PLAN = OfficePlan(
    units=(
        # Branches stand before what they belong to: the order of a workbook is its author's.
        PlannedUnit(
            "CB1", "Chi bộ Thôn 1", UnitKind.BRANCH, "DU1", Sector.RESIDENTIAL, MemberCount(12, date(2026, 1, 1))
        ),
        PlannedUnit("CB2", "Chi bộ Trường Mầm non", UnitKind.BRANCH, "DU1", Sector.SCHOOL, aliases=("mầm non",)),
        PlannedUnit("CB10", "Chi bộ Quân sự", UnitKind.BRANCH, "DB1", Sector.MILITARY, nobody_left=True),
        PlannedUnit("DB1", "Đảng bộ bộ phận", UnitKind.COMMITTEE, "DU1"),
        PlannedUnit("CB9", "Chi bộ xã bên", UnitKind.BRANCH, "DU2"),
        PlannedUnit("DU1", "Đảng ủy xã Một", UnitKind.GRASSROOTS, "TU"),
        PlannedUnit("DU2", "Đảng ủy xã Hai", UnitKind.GRASSROOTS, "TU"),
        PlannedUnit("TU", "Tỉnh ủy", UnitKind.SUPERIOR),
    ),
    quotas=(
        PlannedQuota("CB1", "2026", Target(3)),
        PlannedQuota("DU1", "2026", Target(6, TargetShape.RANGE, 8), stretch=9, decision_no="12-QĐ/ĐU"),
    ),
    people=(
        PlannedPerson("bi-thu-1", "Nguyễn Thị Bí Thư", Role.SECRETARY, "CB1"),
        PlannedPerson("bi-thu-1", "Nguyễn Thị Bí Thư", Role.SECRETARY, "CB2"),
        PlannedPerson("cap-uy", "Trần Văn Cấp Ủy", Role.MONITOR, "DU1"),
    ),
)


@dataclass(frozen=True)
class SmallOffice:
    """An open database with the office in it; `unit` gives the ids by code, `people` by the workbook's keys."""

    db: Database
    unit: dict[str, int]
    people: dict[str, int]

    async def apply(self, *changes: Change, by: str | None = "bi-thu-1", now: datetime = NOW) -> Written:
        """Changes without any message."""
        return await self.turn(Outcome(None, changes), by=by, now=now)

    async def turn(
        self,
        outcome: Outcome,
        *,
        item_id: int | None = None,
        contact_id: int | None = None,
        by: str | None = "bi-thu-1",
        now: datetime = NOW,
    ) -> Written:
        applied = await apply(
            self.db,
            outcome=outcome,
            item_id=item_id,
            contact_id=contact_id,
            person_id=self.people[by] if by else None,
            now=now,
            counts_by=Fact.CEREMONY,
        )
        return applied.written

    async def candidate(self, name: str, code: str = "CB1", *, stage: Stage = Stage.LISTED) -> Candidate:
        """Somebody on the branch's list, as read afterwards."""
        candidate = candidate_named(name, self.unit[code], stage=stage)
        await self.apply(AddCandidate(candidate))
        return candidate

    async def admit(self, candidate: Candidate, on: date, *, replaces: int | None = None) -> int:
        """An admission of a candidate as it was read; its number."""
        written = await self.apply(admission(candidate, on, replaces=replaces))
        return written.numbers[-1]

    async def hear(self, *texts: str, address: Address = CHAT, at: datetime = NOW) -> None:
        batch = [incoming(text, address=address) for text in texts]
        await accept(self.db, batch, at)

    async def contact(self, address: Address = CHAT) -> int:
        """The contact of a chat that has said something, with nothing left to do."""
        await self.hear("xin chào", address=address)
        for claim in await claim_lanes(self.db, Room("setup", 10, 60)):
            assert claim.item
            await self.turn(Outcome(None), item_id=claim.item.id, by=None)
            await next_item(self.db, Lane(claim.contact_id, "setup", 60))
            if claim.item.incoming.address == address:
                return claim.contact_id
        raise AssertionError(address)


async def small_office(db: Database) -> SmallOffice:
    await load(db, PLAN)
    async with db.reading() as tx:
        ids = dict((await tx.execute(select(units.c.code, units.c.id))).all())
        keys = dict((await tx.execute(select(people.c.key, people.c.id))).all())
    return SmallOffice(db, ids, {key: person_id for key, person_id in keys.items() if key})


async def load(
    db: Database,
    plan: OfficePlan,
    today: date = TODAY,
    *,
    dry_run: bool = False,
    within: Collection[int] | None = None,
) -> LoadReport:
    return await load_plan(db, plan, str.casefold, today, NOW, dry_run=dry_run, within=within)


def candidate_named(name: str, unit_id: int, *, stage: Stage = Stage.LISTED) -> Candidate:
    return Candidate(secrets.randbits(53), unit_id, name, name.casefold(), stage=stage)


def draft_named(name: str, unit_id: int) -> Candidate:
    return replace(candidate_named(name, unit_id), standing=Standing.DRAFT)


def admission(candidate: Candidate, on: date, *, replaces: int | None = None, decided: date | None = None) -> Record:
    after = replace(candidate, stage=Stage.ADMITTED, stage_on=on, standing=Standing.LIVE)
    return Record(
        EntryKind.ADMISSION, candidate.unit_id, candidate=after, ceremony_on=on, decision_on=decided, replaces=replaces
    )


def decision(candidate: Candidate, on: date) -> Record:
    after = replace(candidate, stage=Stage.DECIDED, stage_on=on)
    return Record(EntryKind.ADMISSION, candidate.unit_id, candidate=after, decision_on=on)


def incoming(text: str, *, address: Address = CHAT, key: str = "", kind: Kind = Kind.TEXT) -> Incoming:
    key = key or f"{address.channel}:{address.account}:{secrets.token_hex(8)}"
    return Incoming(key, address, sender="u42", kind=kind, text=text)


def reply(words: str, *choices: str) -> Reply:
    return Reply((line(words),), tuple(Choice(choice, choice) for choice in choices))


def card(words: str = "Ghi kết nạp?", *choices: str) -> Outcome:
    """A reply that asks something."""
    return Outcome(reply(words, *(choices or ("Lưu", "Sửa", "Bỏ"))), draft=Draft("admission", {"candidate": 7}))
