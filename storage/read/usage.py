"""How many messages and places of the bots are used up, where their platforms count."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.budget import BotMonth, Usage
from domain.calendar import month_of
from storage.tables import addresses, invites, usage


async def of_month(tx: AsyncConnection, month: date) -> list[Usage]:
    """All bots of which anything was counted in that month."""
    rows = await tx.execute(select(usage).where(usage.c.month == month).order_by(usage.c.channel, usage.c.account))
    return [Usage(BotMonth(row.channel, row.account, row.month), row.heard, row.said, row.told) for row in rows]


async def places_taken(tx: AsyncConnection, channels: Collection[str], now: datetime) -> Mapping[str, int]:
    """For each bot, by its key, how many wrote to it, and how many invites that nobody used yet sent people there.

    Whoever wrote once counts, a stranger too: the platform may count them so.
    """
    chats = (
        select(addresses.c.channel, addresses.c.account, func.count().label("chats"))
        .where(addresses.c.channel.in_(list(channels)), ~addresses.c.is_group, addresses.c.moved_to.is_(None))
        .group_by(addresses.c.channel, addresses.c.account)
    )
    taken = {f"{row.channel}:{row.account}": row.chats for row in await tx.execute(chats)}
    open_ones = invites.c.used_at.is_(None) & (invites.c.expires_at > now) & invites.c.bot.is_not(None)
    for bot, count in await tx.execute(select(invites.c.bot, func.count()).where(open_ones).group_by(invites.c.bot)):
        taken[bot or ""] = taken.get(bot or "", 0) + count
    return taken


async def bots(tx: AsyncConnection, channels: Collection[str], now: datetime) -> list[tuple[Usage, int]]:
    """Each bot of these channels that was ever written to: its messages of this month, and how many have a place."""
    if not channels:
        return []
    taken, month = await places_taken(tx, channels, now), month_of(now.date())
    used = {usage.of.key: usage for usage in await of_month(tx, month)}
    found: list[tuple[Usage, int]] = []
    for key, people in sorted(taken.items()):
        channel, _, account = key.partition(":")
        if channel in channels:
            found.append((used.get(key) or Usage(BotMonth(channel, account, month), 0, 0), people))
    return found
