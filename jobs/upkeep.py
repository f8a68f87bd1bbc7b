"""The nightly upkeep: what the office does not keep is forgotten, the records are checked, a backup is written."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.incidents import IncidentKind, Trouble
from domain.office import Office
from jobs.backup import Backups, back_up
from jobs.lease import while_held
from jobs.watch import tell
from storage.database import Database
from storage.errors import StorageTrouble
from storage.incidents import give_signs
from storage.read.incidents import all_signs
from storage.troubles import Troubles, note_fault
from storage.upkeep import forget
from storage.verify import broken_trail, wrong_counters

EVERY_SECONDS = 60
NIGHT = "upkeep"

log = logging.getLogger("ketnap.upkeep")


@dataclass(frozen=True, slots=True)
class Done:
    """What a night came to. `wrong_counters` and `broken_row` are only told, never mended."""

    forgotten: int
    wrong_counters: int
    broken_row: int | None
    backed_up: bool | None


async def run(db: Database, office: Office, now: datetime, backups: Backups | None = None) -> Done:
    """All of it, and an incident for whatever is not as it should be; what is well again is closed."""
    forgotten = await forget(db, office.retention, now)
    wrong, broken = await wrong_counters(db), await broken_trail(db)
    found = [
        (Trouble(IncidentKind.COUNTERS_DIFFER, amount=wrong), wrong > 0),
        (Trouble(IncidentKind.AUDIT_BROKEN, amount=broken or 0), broken is not None),
    ]
    backed_up = None
    if backups is not None:
        backed_up = await _back_up(db, backups, now)
        found.append((Trouble(IncidentKind.BACKUP_FAILED), not backed_up))
    there = [trouble for trouble, is_there in found if is_there]
    over = [(trouble.kind, trouble.key) for trouble, is_there in found if not is_there]
    await tell(db, office, now, there=there, over=over)
    return Done(forgotten, wrong, broken, backed_up)


async def _back_up(db: Database, backups: Backups, now: datetime) -> bool:
    try:
        await back_up(db, backups, now)
    except (StorageTrouble, OSError) as error:
        note_fault(log, "backup", error)
        return False
    return True


class Nightly:
    """Once a night for all processes together, or as soon as there is one after a night without any."""

    def __init__(
        self, db: Database, office: Office, now: Callable[[], datetime], owner: str, backups: Backups | None
    ) -> None:
        self._db = db
        self._office = office
        self._now = now
        self._owner = owner
        self._backups = backups
        self._done_on: int | None = None
        self._troubles = Troubles(log, "upkeep")

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.run_if_due()
            except Exception as error:  # noqa: BLE001 - whatever keeps the lease from us: asked for again in a minute
                self._troubles.meet(error)
            await asyncio.sleep(EVERY_SECONDS)

    async def run_if_due(self) -> None:
        now = self._now()
        if now.time() >= self._office.timetable.upkeep_at and self._done_on != now.toordinal():
            await while_held(self._db, NIGHT, self._owner, self._office.timing.lease_seconds, self._until_done)

    async def _until_done(self) -> None:
        while True:
            try:
                await self._once()
            except Exception as error:  # noqa: BLE001 - a bug or a locked database: tried again in a minute
                self._troubles.meet(error)
            else:
                self._troubles.end()
                return
            await asyncio.sleep(EVERY_SECONDS)

    async def _once(self) -> None:
        now = self._now()
        day = now.toordinal()
        async with self._db.reading() as tx:
            last = (await all_signs(tx)).get(NIGHT)
        if last is None or last.value != day:
            done = await run(self._db, self._office, now, self._backups)
            await give_signs(self._db, {NIGHT: (0.0, float(day))})
            log.info(
                "upkeep forgotten=%d wrong_counters=%d broken_row=%s backed_up=%s",
                done.forgotten,
                done.wrong_counters,
                done.broken_row,
                done.backed_up,
            )
        self._done_on = day
