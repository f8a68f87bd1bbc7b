import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from domain.calendar import ZONE
from domain.incidents import MIB, Ear, Hearing, IncidentKind
from jobs.backup import Backups
from jobs.tick import Tick
from jobs.upkeep import Nightly
from jobs.upkeep import run as keep_up
from jobs.watch import Eyes, Watch
from storage import sealed
from storage.database import Database
from storage.read.incidents import open_incidents
from storage.tables import incidents, outbox, signs
from tests.cast import NOW, WITH_ADMIN, Stage, stage
from tests.test_operator import full_disk

ACCOUNT = "telegram:7001"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)
CAST = ("lan", "oanh", "quan")


@dataclass
class Machine:
    """A process as its watch sees it; its parts can be frozen."""

    here: Stage
    tick: Tick
    frozen_for: float = 0.0
    silent_for: float = 0.0
    hearing: Hearing = Hearing.WELL
    free: int = 9000 * MIB
    beats: list[float] = field(default_factory=list[float])
    is_heard: bool = True
    since: float = field(default_factory=time.monotonic)

    def watch(self) -> Watch:
        eyes = Eyes("one", self.ears, lambda: self.frozen_for, lambda: self.free, self.beat)
        # It has watched for an hour.
        watch = Watch(self.here.db, self.here.office, lambda: self.here.clock[0], eyes, clock=self.clock)
        self.since -= 3600
        return watch

    def clock(self) -> float:
        return time.monotonic() - self.since

    def ears(self) -> list[Ear]:
        return [Ear(ACCOUNT, self.hearing, self.silent_for)]

    async def beat(self) -> bool:
        self.beats.append(self.clock())
        return self.is_heard

    async def pass_by(self, seconds: float) -> None:
        """What was given as a sign of life until now is so much older."""
        await self.here.db.write(lambda tx: tx.execute(update(signs).values(at=signs.c.at - seconds)))


@asynccontextmanager
async def machine(database: Database) -> AsyncGenerator[Machine]:
    async with stage(database, plan=WITH_ADMIN, joined=CAST) as here:
        yield Machine(here, Tick(database, here.office, lambda: here.clock[0], lambda: None))


async def kinds(db: Database) -> list[str]:
    async with db.reading() as tx:
        return [incident.kind.value for incident in await open_incidents(tx)]


async def of_all_time(db: Database) -> list[tuple[str, bool]]:
    async with db.reading() as tx:
        rows = (await tx.execute(select(incidents).order_by(incidents.c.id))).all()
    return [(row.kind, row.closed_at is None) for row in rows]


def heard_by(here: Stage, who: str) -> list[str]:
    return ["".join(span.text for row in said.lines for span in row) for chat, said in here.phone.said if chat == who]


@pytest.mark.parametrize("part", ["scheduler", "poller", "disk"])
async def test_a_part_that_freezes_is_one_incident_told_once_and_closed_by_itself(
    database: Database, part: str
) -> None:
    async with machine(database) as one:
        watch = one.watch()
        await watch.look()
        assert await kinds(database) == [] and len(one.beats) == 1

        frozen = {"scheduler": ("frozen_for", 90.0), "poller": ("silent_for", 200.0), "disk": ("free", 90 * MIB)}
        name, value = frozen[part]
        before = getattr(one, name)
        setattr(one, name, value)
        if part != "disk":
            await one.pass_by(value)
        one.since -= 400
        for _ in range(3):
            await watch.look()
            await one.here.delivery.drain()
        kind = {"scheduler": "tick-missed", "poller": "poller-silent", "disk": "disk-low"}[part]
        others = {"scheduler": ["poller-silent"], "poller": ["tick-missed"], "disk": []}[part]
        opened = await kinds(database)
        assert kind in opened and set(opened) <= {kind, *others}
        # It is Saturday: the admin is told at once, the organiser on Monday if it is not over by then.
        assert len([said for said in heard_by(one.here, "quan") if said.startswith("Sự cố của máy")]) == len(opened)
        assert heard_by(one.here, "oanh") == heard_by(one.here, "lan") == []
        assert len(one.beats) == 1

        setattr(one, name, before)
        one.here.move(minutes=10)
        for _ in range(3):
            await watch.look()
            await one.here.delivery.drain()
        assert [each for each in await of_all_time(database) if each[0] == kind] == [(kind, False)]
        assert await kinds(database) == []
        told = heard_by(one.here, "quan")
        assert len([said for said in told if said.startswith("Đã hết sự cố")]) == len(opened)
        assert "từ 09:00 ngày 21/11/2026 đến 09:10 ngày 21/11/2026" in told[-1]
        assert len(one.beats) == 2


async def test_of_several_who_watch_one_opens_it_and_a_second_time_is_a_second_incident(database: Database) -> None:
    async with machine(database) as one:
        one.free = 10 * MIB
        watches = [one.watch() for _ in range(3)]
        for _ in range(2):
            one.free = 10 * MIB
            await asyncio.gather(*(each.look() for each in watches))
            one.free = 9000 * MIB
            await asyncio.gather(*(each.look() for each in watches))
        assert await of_all_time(database) == [("disk-low", False), ("disk-low", False)]
        await one.here.delivery.drain()
        assert len(heard_by(one.here, "quan")) == 4


async def test_an_organiser_is_told_in_the_morning_of_what_lasts_and_then_that_it_is_over(database: Database) -> None:
    async with machine(database) as one:
        watch = one.watch()
        one.free = 10 * MIB
        await watch.look()
        await one.here.delivery.drain()
        assert heard_by(one.here, "oanh") == []
        one.here.clock[0] = MONDAY
        await one.here.delivery.drain()
        assert "10 MB" in heard_by(one.here, "oanh")[0]
        one.free = 9000 * MIB
        await watch.look()
        await one.here.delivery.drain()
        assert len(heard_by(one.here, "oanh")) == 2

        one.here.clock[0] = MONDAY + timedelta(hours=12)
        one.free = 10 * MIB
        await watch.look()
        one.free = 9000 * MIB
        await watch.look()
        one.here.clock[0] = MONDAY + timedelta(days=1)
        await one.here.delivery.drain()
        # What came and went at night is no letter at all.
        assert len(heard_by(one.here, "oanh")) == 2
        async with database.reading() as tx:
            query = select(outbox.c.state, outbox.c.reason).where(outbox.c.rule == "incident").order_by(outbox.c.id)
            assert (await tx.execute(query)).all()[-1] == ("skipped", "over already")


async def test_what_waits_too_long_is_an_incident_and_a_letter_over_the_weekend_is_not(database: Database) -> None:
    async with machine(database) as one:
        watch = one.watch()
        await one.here.hear("lan", "còn mấy chỉ tiêu")
        one.here.move(minutes=6)
        await watch.look()
        assert await kinds(database) == ["inbox-old"]
        await one.here.work()
        await watch.look()
        assert await kinds(database) == []

        one.here.clock[0] = datetime(2026, 11, 20, 19, 59, tzinfo=ZONE)
        friday = one.here.clock[0]
        late = update(outbox).values(kind="letter", state="planned", not_before=friday)
        await database.write(lambda tx: tx.execute(late))
        for hour, expected in ((6, []), (7, []), (8, ["letters-old"])):
            one.here.clock[0] = MONDAY.replace(hour=hour, minute=1)
            await watch.look()
            assert await kinds(database) == expected


async def test_a_disk_that_was_full_is_told_of_once_there_is_room(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("it is the same watch")
    async with machine(database) as one:
        watch = one.watch()
        await watch.look()
        with full_disk(4096):
            for _ in range(4):
                await watch.look()
        assert await of_all_time(database) == []
        one.here.move(minutes=3)
        await watch.look()
        await one.here.delivery.drain()

        assert await of_all_time(database) == [("database-trouble", False)]
        assert "từ 09:00 ngày 21/11/2026 đến 09:03" in heard_by(one.here, "quan")[-1]
        assert len(heard_by(one.here, "quan")) == 1


async def test_an_account_that_is_no_longer_set_takes_its_incidents_with_it(database: Database) -> None:
    async with machine(database) as one:
        one.hearing = Hearing.REFUSED
        await one.watch().look()
        assert await kinds(database) == ["channel-refused"]
        one.ears = list
        await one.watch().look()
        assert await kinds(database) == []


async def test_a_watcher_outside_that_did_not_hear_is_called_again_at_the_next_look(database: Database) -> None:
    async with machine(database) as one:
        watch = one.watch()
        one.is_heard = False
        await watch.look()
        one.is_heard = True
        await watch.look()
        await watch.look()
        assert len(one.beats) == 2


# ── At night ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_counters_that_differ_are_told_and_never_silently_mended(database: Database) -> None:
    async with machine(database) as one:
        await one.here.says("lan", "kết nạp Lò Thị Mận 15/10")
        await one.here.presses("lan", "Lưu")
        await database.write(lambda tx: tx.execute(text("UPDATE counters SET amount = amount + 1")))
        wrong = (await keep_up(database, one.here.office, NOW)).wrong_counters
        assert wrong > 0
        assert (await keep_up(database, one.here.office, NOW)).wrong_counters == wrong
        await one.here.delivery.drain()
        assert [f"{wrong} số liệu" in said for said in heard_by(one.here, "quan")] == [True]
        assert await kinds(database) == [IncidentKind.COUNTERS_DIFFER.value]

        await database.write(lambda tx: tx.execute(text("UPDATE counters SET amount = amount - 1")))
        await keep_up(database, one.here.office, NOW)
        assert await kinds(database) == []


async def test_the_upkeep_is_done_once_a_night_by_whoever_is_first_and_writes_a_backup(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sealed.COST, "n", 2)
    async with machine(database) as one:
        backups = Backups(tmp_path / "backups", "a key", 2)
        nights = [
            Nightly(database, one.here.office, lambda: one.here.clock[0], f"process {n}", backups) for n in range(2)
        ]
        one.here.clock[0] = MONDAY.replace(hour=1, minute=59)
        await asyncio.gather(*(each.run_if_due() for each in nights))
        assert not backups.folder.exists()
        one.here.clock[0] = MONDAY.replace(hour=2, minute=0)
        for _ in range(2):
            await asyncio.gather(*(each.run_if_due() for each in nights))
        assert len(list(backups.folder.iterdir())) == 1
        one.here.move(days=1)
        await nights[1].run_if_due()
        assert len(list(backups.folder.iterdir())) == 2


async def test_a_backup_that_fails_is_told_and_the_next_that_does_not_ends_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sealed.COST, "n", 2)
    async with machine(database) as one:
        (tmp_path / "place").write_text("a file is in the way")
        backups = Backups(tmp_path / "place", "a key", 2)
        assert (await keep_up(database, one.here.office, NOW, backups)).backed_up is False
        assert await kinds(database) == ["backup-failed"]
        (tmp_path / "place").unlink()
        assert (await keep_up(database, one.here.office, NOW, backups)).backed_up is True
        assert await kinds(database) == []
