import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.channel import Hear
from domain.incidents import Ear, Hearing
from domain.messages import Incoming
from jobs.house import House
from jobs.watch import Watch
from storage.database import Database
from storage.tables import incidents
from tests.cast import drawn_blank, stage
from tests.jobs.recording import Recorder
from tests.records import rows


@dataclass(slots=True)
class Refused(Recorder):
    """An account that the platform does not know any more."""

    async def listen(self, hear: Hear) -> None:
        return

    @property
    def ear(self) -> Ear:
        return Ear("test:bot", Hearing.REFUSED)


async def react_to_nothing() -> None:
    await asyncio.Event().wait()


async def hear_nothing(heard: Sequence[Incoming]) -> None:
    raise NotImplementedError


async def test_when_every_account_is_refused_the_bot_ends_and_says_why(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(database) as here:
        house = House(database, here.office, lambda: here.clock[0], [Refused()], drawn_blank)
        house.watch = Watch(database, here.office, lambda: here.clock[0], house.eyes(tmp_path, None))
        closed = asyncio.Event()

        async def serve() -> None:
            await closed.wait()

        assert await house.run(hear_nothing, react_to_nothing, serve, closed.set) == 1
        assert [row.kind for row in await rows(database, incidents.select())] == ["channel-refused"]
        last = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"][-1]
        assert last == "nobody can be heard any more: channels=test:bot; python bot.py doctor says why"
