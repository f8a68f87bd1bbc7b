"""A chat that goes on under another id: its address moves there, and nothing of it is left behind."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from domain.messages import Address
from storage.database import Database
from storage.tables import addresses, inbox, outbox, questions

_OWN = (inbox, outbox, questions)
"""What belongs to a chat, whatever its id."""


async def move_chat(db: Database, old: Address, chat: str, at: datetime) -> None:
    """As `move_now`, in a transaction of its own."""
    await db.write(lambda tx: move_now(tx, old, chat, at))


def move_now(tx: Connection, old: Address, chat: str, at: datetime) -> None:
    """The chat goes on as `chat`. Told twice, or by either of the two, it moves once; both may have been heard before.

    The old id stays known as pointing to the new one, for what was sent there and comes late.
    """
    here = (addresses.c.channel == old.channel) & (addresses.c.account == old.account)
    both = here & addresses.c.chat.in_((old.chat, chat))
    found = tx.execute(select(addresses).where(both).order_by(addresses.c.id).with_for_update())
    rows = {row.chat: row for row in found}
    was, new = rows.get(old.chat), rows.get(chat)
    if chat == old.chat or (was is not None and was.moved_to is not None):
        return
    if was is None:
        goes_on = new.id if new is not None else _add(tx, old, chat, at)
        _add(tx, old, old.chat, at, moved_to=goes_on)
        return
    if new is not None:
        for table in _OWN:
            tx.execute(update(table).where(table.c.contact_id == new.id).values(contact_id=was.id))
        tx.execute(update(addresses).where(addresses.c.id == new.id).values(chat=f"{chat} {new.id}"))
    last_item_id = max(was.last_item_id, new.last_item_id if new is not None else 0)
    bound_to = was.bound_to if new is None or new.bound_to is None else new.bound_to
    tx.execute(
        update(addresses)
        .where(addresses.c.id == was.id)
        .values(
            chat=chat,
            is_group=True,
            is_blocked=False,
            blocked_reason="",
            last_item_id=last_item_id,
            bound_to=bound_to,
        )
    )
    if new is not None:
        # Whoever holds that row just now still finds it.
        tx.execute(
            update(addresses).where(addresses.c.id == new.id).values(chat=old.chat, moved_to=was.id, bound_to=None)
        )
        return
    _add(tx, old, old.chat, at, moved_to=was.id)


def _add(tx: Connection, old: Address, chat: str, at: datetime, *, moved_to: int | None = None) -> int:
    row = insert(addresses).values(
        channel=old.channel,
        account=old.account,
        chat=chat,
        is_group=True,
        is_blocked=False,
        blocked_reason="",
        guesses=0,
        heard_at=at,
        last_item_id=0,
        moved_to=moved_to,
    )
    return tx.execute(row.returning(addresses.c.id)).scalar_one()
