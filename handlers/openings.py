"""Where somebody new begins to talk with the bot: by a link, or with a bot that has a free place."""

from domain.budget import Opening, roomiest
from handlers.scene import Scene
from storage.read.usage import places_taken


async def opening(scene: Scene, code: str) -> Opening:
    """What whoever gets the code may open. Bots whose platforms allow only so many people are not overcrowded."""
    link, bots = scene.link(code), scene.bots()
    if not bots:
        return Opening(link)
    plans = scene.office.plans
    bot = roomiest(bots, plans, await places_taken(scene.tx, plans, scene.now))
    channel = bots[0].channel
    return Opening(link, channel, bot, plans[channel].people if bot is None else None)
