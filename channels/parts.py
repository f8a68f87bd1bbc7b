"""A message that is too long for one is said in parts, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from channels.channel import Moved, TryLater, Uncertain

BETWEEN_SECONDS = 1.0
TRIES = 3
LONGEST_WAIT_SECONDS = 5.0

Part = TypeVar("Part")


async def say_all(parts: Sequence[Part], say: Callable[[Part], Awaitable[str]]) -> str:
    """Their ids with a blank between; the first fails as `say` does, a later one leaves the whole uncertain."""
    first, *rest = parts
    said = [await say(first)]
    said += [await _say_on(part, say, before=number) for number, part in enumerate(rest, 1)]
    return " ".join(said)


async def _say_on(part: Part, say: Callable[[Part], Awaitable[str]], *, before: int) -> str:
    """A later part. What came before is said already, so "surely not sent" is no longer true of the whole."""
    reason, perhaps = "sent in part", 0
    pause = BETWEEN_SECONDS
    for _ in range(TRIES):
        await asyncio.sleep(pause)
        try:
            return await say(part)
        except TryLater as failure:
            pause = failure.seconds
        except Uncertain as failure:
            reason, perhaps = failure.reason, failure.messages
            break
        except Moved:
            break
        if pause > LONGEST_WAIT_SECONDS:
            break
    # Raised out here so that nothing of a request is carried along as its context.
    raise Uncertain(reason, before + perhaps)
