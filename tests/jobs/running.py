"""An office that runs through time: planned and sent at each moment at which anything may happen."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from domain.calendar import letter_time
from domain.reminders import next_due
from jobs.delivery import Delivery
from jobs.planning import plan
from storage.tables import outbox
from tests.cast import Stage
from tests.jobs.recording import Recorder, sender


@dataclass(slots=True)
class Running:
    """`said` is who was told something and when."""

    here: Stage
    delivery: Delivery
    phone: Recorder
    said: list[tuple[datetime, str]]

    async def at(self, moment: datetime) -> None:
        """One tick, and all that may go is sent."""
        self.here.clock[0] = moment
        before = len(self.phone.said)
        await plan(self.here.db, self.here.office, moment)
        await self.delivery.drain()
        self.said += [(moment, chat) for chat, _ in self.phone.said[before:]]

    async def through(self, start: datetime, end: datetime) -> AsyncGenerator[datetime]:
        """From moment to moment at which something falls due or may go, instead of every 20 seconds."""
        moment = start
        while moment <= end:
            await self.at(moment)
            yield moment
            moment = await self.next_after(moment)

    async def next_after(self, moment: datetime) -> datetime:
        async with self.here.db.reading() as tx:
            query = select(func.min(outbox.c.not_before)).where(
                outbox.c.kind == "letter", outbox.c.state == "planned", outbox.c.not_before > moment
            )
            waiting = await tx.scalar(query)
        due = next_due(self.here.office, moment)
        morning = letter_time(self.here.office.calendar, due)
        return min(each for each in (due, morning, waiting) if each is not None)


def running(here: Stage) -> Running:
    # No claim may run out, however slow the machine is.
    here.office = replace(here.office, timing=replace(here.office.timing, lease_seconds=3600))
    delivery, phone = sender(here)
    return Running(here, delivery, phone, [])
