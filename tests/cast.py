"""The cast of the tests: one commune with four branches beside another, and who answers for what.

Lan is secretary of Chi bộ thôn 1, Hùng of Chi bộ thôn 2, Mai sits on the commune's committee, Minh is in charge of
both branches, Oanh keeps the figures of the province, Cúc is secretary in the other commune, Tâm is a stranger.
"""

import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from channels.channel import FetchFailed
from channels.pace import Pace
from config.load import load_office
from domain.calendar import ZONE
from domain.incidents import Ear, Hearing
from domain.messages import Address, Attachment, FileTrouble, Incoming, Kind, Outgoing, plain
from domain.office import Office, OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import MemberCount, Sector, UnitKind
from handlers.turn import Engine
from handlers.workbooks import LARGEST_BYTES
from jobs.delivery import Delivery
from jobs.drawing import drawer
from jobs.letters import Letters
from language import sensitive
from language.plain import fold
from storage.database import Database
from storage.fingerprints import fingerprint
from storage.office import load_plan
from storage.tables import addresses, audit, meta, metadata, people

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
COUNTED_ON = date(2026, 1, 1)

PLAN = OfficePlan(
    units=(
        PlannedUnit("T", "Đảng bộ tỉnh Thử", UnitKind.SUPERIOR),
        PlannedUnit("XA", "Đảng bộ xã Bình Minh", UnitKind.GRASSROOTS, "T", members=MemberCount(235, COUNTED_ON)),
        PlannedUnit("XB", "Đảng bộ xã Hòa Bình", UnitKind.GRASSROOTS, "T"),
        PlannedUnit("B1", "Chi bộ thôn 1", UnitKind.BRANCH, "XA", Sector.RESIDENTIAL, aliases=("thôn Đông",)),
        PlannedUnit("B2", "Chi bộ thôn 2", UnitKind.BRANCH, "XA", Sector.RESIDENTIAL),
        PlannedUnit("B3", "Chi bộ trường THCS", UnitKind.BRANCH, "XA", Sector.SCHOOL),
        PlannedUnit("B4", "Chi bộ Trạm Y tế", UnitKind.BRANCH, "XA", Sector.HEALTH, nobody_left=True),
        PlannedUnit("C1", "Chi bộ thôn Hạ", UnitKind.BRANCH, "XB", Sector.RESIDENTIAL),
    ),
    quotas=(
        PlannedQuota("XA", "2026", Target(13)),
        PlannedQuota("B1", "2026", Target(3)),
        PlannedQuota("B2", "2026", Target(2)),
        PlannedQuota("C1", "2026", Target(1)),
    ),
    people=(
        PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B1"),
        PlannedPerson("hung", "Trần Văn Hùng", Role.SECRETARY, "B2"),
        PlannedPerson("mai", "Lê Thị Mai", Role.COMMITTEE, "XA"),
        PlannedPerson("minh", "Phạm Văn Minh", Role.MONITOR, "B1"),
        PlannedPerson("minh", "Phạm Văn Minh", Role.MONITOR, "B2"),
        PlannedPerson("oanh", "Vũ Thị Oanh", Role.ORGANISER, "T"),
        PlannedPerson("cuc", "Đinh Thị Cúc", Role.SECRETARY, "C1"),
    ),
)


WITH_ADMIN = replace(PLAN, people=(*PLAN.people, PlannedPerson("quan", "Hà Văn Quân", Role.ADMIN, "T")))
WITH_DEPUTY = replace(PLAN, people=(*PLAN.people, PlannedPerson("hoa", "Lý Thị Hoa", Role.SECRETARY, "B1")))
"""Hoa stands beside Lan."""


@dataclass(slots=True)
class Phone:
    """A channel that keeps what the bot says, and from which the cast speaks. Messages may go in `parts`."""

    name: str = "test"
    account: str = "bot"
    carries_files: bool = True
    last_contact: float | None = None
    said: list[tuple[str, Outgoing]] = field(default_factory=list[tuple[str, Outgoing]])
    heard: int = 0
    parts: int = 1
    files: dict[str, bytes | FileTrouble] = field(default_factory=dict[str, bytes | FileTrouble])

    async def send(self, chat: str, message: Outgoing) -> str:
        self.said.append((chat, message))
        number = len(self.said)
        return " ".join([*(f"{number}.{part}" for part in range(1, self.parts)), str(number)])

    @property
    def ear(self) -> Ear:
        return Ear("test:bot", Hearing.WELL)

    async def introduce(self) -> str:
        return "bot"

    def link(self, code: str) -> str:
        return ""

    async def listen(self, hear: object) -> None:
        raise NotImplementedError

    def hook(self, hear: object) -> None:
        return None

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        found = self.files.get(file, FileTrouble.GONE)
        if isinstance(found, FileTrouble):
            raise FetchFailed(found)
        return found

    async def close(self) -> None:
        return None


@dataclass(slots=True)
class Stage:
    """The whole bot on a real database, without a network: what somebody says, and what is said to them."""

    db: Database
    office: Office
    engine: Engine
    delivery: Delivery
    phone: Phone
    clock: list[datetime]

    async def hear(
        self, who: str, text: str = "", *, kind: Kind = Kind.TEXT, pressed: str = "", key: str = "", **more: Any
    ) -> None:
        """Put something into the inbox as `handlers/hearing.py` does: cut first, then kept. `more` as in `Incoming`."""
        self.phone.heard += 1
        cut = sensitive.cut(text)
        incoming = Incoming(
            key=key or f"test:bot:{self.phone.heard}",
            address=Address("test", "bot", who),
            sender=who,
            kind=kind,
            text=cut.text,
            pressed=pressed,
            code=fingerprint(cut.code, self.db.salt) if cut.code else "",
            marks=cut.marks,
            message_id=f"{who}{self.phone.heard}",
        )
        incoming = replace(incoming, **more)
        await self.engine.keep([incoming])

    async def says(self, who: str, text: str = "", *, kind: Kind = Kind.TEXT, pressed: str = "", **more: Any) -> str:
        """Say something and return all that was answered in that chat."""
        before = len(self.phone.said)
        await self.hear(who, text, kind=kind, pressed=pressed, **more)
        await self.work()
        return "\n\n".join(shown(message) for chat, message in self.phone.said[before:] if chat == who)

    async def presses(self, who: str, label: str, *, by_number: bool = False) -> str:
        """Press the newest button with this label, or type its number."""
        for chat, message in reversed(self.phone.said):
            if chat != who:
                continue
            for choice in message.choices:
                if choice.label == label:
                    if by_number:
                        return await self.says(who, str(choice.number))
                    return await self.says(who, kind=Kind.PRESS, pressed=f"{message.question_id}:{choice.number}")
        raise AssertionError(f"{who} has no button {label!r}")

    async def work(self) -> None:
        await self.engine.drain()
        await self.delivery.drain()

    def move(self, **by: float) -> None:
        self.clock[0] += timedelta(**by)


def shown(message: Outgoing) -> str:
    """A message as a phone without buttons shows it."""
    return "\n".join([plain(message.lines), *(f"{choice.number}. {choice.label}" for choice in message.choices)])


@asynccontextmanager
async def stage(
    db: Database, *, plan: OfficePlan = PLAN, joined: Sequence[str] = ("lan", "hung", "mai", "minh", "oanh", "cuc")
) -> AsyncGenerator[Stage]:
    """The cast on a fresh database: everybody in `joined` has a chat named like them."""
    office = shipped_office()
    office = replace(office, timing=replace(office.timing, per_chat_per_second=1e6, per_second=1e6, chat_burst=10**6))
    clock = [NOW]
    await _load(db, plan)
    await db.write(lambda tx: _connect(tx, joined))
    phone = Phone()

    def now() -> datetime:
        return clock[0]

    async def fetch(address: Address, file: str) -> bytes | FileTrouble:
        try:
            return await phone.fetch(file, LARGEST_BYTES)
        except FetchFailed as error:
            return error.trouble

    engine = Engine(db, office, now, "test", fingerprint=lambda code: fingerprint(code, db.salt), fetch=fetch)
    timing = office.timing
    pace = Pace(timing.per_second, timing.per_chat_per_second, timing.chat_burst, timing.group_per_minute)
    letters = Letters(db, office, now)
    delivery = Delivery(db, phone, pace, office, now, "test", letters.compose, drawer(db, office, now))
    engine.saying = lambda address, is_group: delivery.saying(address.chat, is_group)
    yield Stage(db, office, engine, delivery, phone, clock)


@cache
def shipped_office() -> Office:
    """Read once: it never changes."""
    return load_office(None)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All that loading a plan writes into a fresh database."""

    rows: dict[Table, list[dict[str, Any]]]
    audit_head: str


_LOADED: dict[tuple[bytes, OfficePlan], _Loaded] = {}
"""All copies of a migrated template share their salt. To copy these rows takes a tenth of loading the plan anew."""


async def _load(db: Database, plan: OfficePlan) -> None:
    is_fresh, loaded = await db.write(_is_fresh), _LOADED.get((db.salt, plan))
    if is_fresh and loaded is not None:
        await db.write(lambda tx: _put(tx, loaded))
        return
    await load_plan(db, plan, fold, NOW.date(), NOW)
    if is_fresh:
        _LOADED[db.salt, plan] = await db.write(_taken)


def _is_fresh(tx: Connection) -> bool:
    return tx.scalar(select(audit.c.id).limit(1)) is None


def _taken(tx: Connection) -> _Loaded:
    rows = {
        table: [dict(row) for row in tx.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
        if table is not meta
    }
    head = tx.scalar(select(meta.c.value).where(meta.c.name == "audit_head"))
    return _Loaded({table: found for table, found in rows.items() if found}, head or "")


def _put(tx: Connection, loaded: _Loaded) -> None:
    for table, rows in loaded.rows.items():
        tx.execute(insert(table), rows)
    tx.execute(update(meta).where(meta.c.name == "audit_head").values(value=loaded.audit_head))
    if tx.dialect.name == "postgresql":
        last = {table.name: select(func.max(table.c.id)).scalar_subquery() for table in loaded.rows if "id" in table.c}
        tx.execute(select(*(func.setval(func.pg_get_serial_sequence(name, "id"), id_) for name, id_ in last.items())))


async def drawn_blank(_: Attachment) -> bytes:
    """What is drawn where nobody looks at the file."""
    return b""


def _connect(tx: Connection, joined: Sequence[str]) -> None:
    ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
    same = {"channel": "test", "account": "bot", "heard_at": NOW, "is_group": False, "is_blocked": False}
    same |= {"blocked_reason": "", "guesses": 0, "last_item_id": 0}
    if joined:
        tx.execute(insert(addresses), [same | {"chat": key, "person_id": ids[key]} for key in joined])


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CONVERSATIONS = Path(__file__).parent / "conversations"
