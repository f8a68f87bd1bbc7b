"""Messages of bots whose platforms count them, by month: added up in the very commits that hear and settle."""

from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Insert, Integer, bindparam, update

from domain.budget import BotMonth
from domain.messages import Reply
from storage.database import Database
from storage.keepers import tell_keepers
from storage.statements import insert_into
from storage.tables import usage

RULE = "budget"
"""Letters to organisers that a month's messages run out."""


@cache
def _add(dialect: str) -> Insert:
    more = bindparam("more_heard", type_=Integer), bindparam("more_said", type_=Integer)
    new = insert_into(dialect, usage).values(heard=more[0], said=more[1], told=0)
    return new.on_conflict_do_update(
        index_elements=list(usage.primary_key.columns),
        set_={"heard": usage.c.heard + more[0], "said": usage.c.said + more[1]},
    )


def add_usage(tx: Connection, of: BotMonth, *, heard: int = 0, said: int = 0) -> None:
    """So many more; nothing is written for none."""
    if heard or said:
        here = {"channel": of.channel, "account": of.account, "month": of.month}
        tx.execute(_add(tx.dialect.name), here | {"more_heard": heard, "more_said": said})


async def tell_usage(db: Database, of: BotMonth, mark: int, reply: Reply, now: datetime, letters_at: datetime) -> bool:
    """Whoever answers for the bot is told of the mark, once for each month; False if somebody has done so already."""

    def write(tx: Connection) -> bool:
        here = (usage.c.channel == of.channel) & (usage.c.account == of.account) & (usage.c.month == of.month)
        if tx.execute(update(usage).where(here, usage.c.told < mark).values(told=mark)).rowcount != 1:
            return False
        tell_keepers(tx, reply, RULE, f"{of.key} {of.month:%Y-%m}", mark, letters_at, now)
        return True

    return await db.write(write)
