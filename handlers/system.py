"""The state of the bot itself, for admins: counts and ages, nobody's name and nobody's figures."""

from collections.abc import Mapping
from datetime import datetime

from domain.changes import Outcome
from domain.incidents import MIB, TICK
from handlers.scene import Scene
from language import wording
from storage.read.incidents import Sign, all_signs, oldest, open_incidents
from storage.read.usage import bots

HEARD, DISK, BACKUP = "hear:", "disk:", "backup"
STALE_SECONDS = 86_400
"""Of an account or a machine that gave no sign for so long nothing is said: it is probably no longer used."""


async def show(scene: Scene) -> Outcome:
    """`/chandoan`: what is open, when each part gave its last sign of life, and what waits."""
    signs = await all_signs(scene.tx)
    queues = await oldest(scene.tx, scene.now)
    accounts = _of(signs, HEARD)
    found = await bots(scene.tx, scene.office.plans, scene.now)
    state = wording.SystemState(
        accounts=[(name, _minutes(sign)) for name, sign in accounts],
        tick_minutes=_minutes(signs.get(TICK)),
        heard_minutes=_waits(queues.heard_at, scene.now, but=scene.item.heard_at),
        reply_minutes=_waits(queues.reply_at, scene.now),
        letter_minutes=_waits(queues.letter_at, scene.now),
        backup_hours=int(signs[BACKUP].ago // 3600) if BACKUP in signs else None,
        disks=[(name, int(sign.value) // MIB) for name, sign in _of(signs, DISK)],
        incidents=await open_incidents(scene.tx),
        bots=[wording.BotState(usage, scene.office.plans[usage.of.channel], people) for usage, people in found],
    )
    return Outcome(wording.system_state(state, scene.now))


def _of(signs: Mapping[str, Sign], kind: str) -> list[tuple[str, Sign]]:
    return [
        (name.removeprefix(kind), sign)
        for name, sign in sorted(signs.items())
        if name.startswith(kind) and sign.ago < STALE_SECONDS
    ]


def _minutes(sign: Sign | None) -> int | None:
    return None if sign is None else int(sign.ago // 60)


def _waits(since: datetime | None, now: datetime, *, but: datetime | None = None) -> int | None:
    """Minutes; the very question that is being answered does not count."""
    if since is None or since == but:
        return None
    return max(0, int((now - since).total_seconds() // 60))
