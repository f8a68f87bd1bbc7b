"""Draws the files that go along with a reply, from what stands on record when they are wanted."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from domain.messages import Attachment, Drawing
from domain.office import Office
from files.agenda import write_agenda
from files.workbook import write_template
from jobs.rendering import Draw
from storage.database import Database
from storage.read import sessions


def drawer(db: Database, office: Office, now: Callable[[], datetime]) -> Draw:
    """Reads what a file needs, then writes it in a thread, so that other chats go on meanwhile."""

    async def draw(attachment: Attachment) -> bytes:
        if attachment.drawing is Drawing.TEMPLATE:
            return await asyncio.to_thread(write_template)
        unit_id, closes_on = attachment.unit_id, attachment.on
        assert unit_id is not None and closes_on is not None
        moment = now()
        found = await db.read(lambda tx: sessions.of_unit(tx, unit_id, closes_on, office, today=moment.date()))
        return await asyncio.to_thread(write_agenda, found.unit_name, found.agenda, found.places, moment)

    return draw
