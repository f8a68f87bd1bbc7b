"""Addresses of files behind our door: signed, good for some days, and drawn again each time one is opened."""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from domain.calendar import office_time
from domain.messages import Attachment, File
from jobs.rendering import Draw, Link, drawn

LIVES = timedelta(days=3)
PATH = "/file"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an address says: the file, and until when it is given out."""

    attachment: Attachment
    until: datetime


_TICKET = TypeAdapter(Ticket)


class Links:
    """All processes of one database sign alike. Whoever has the address has the file: there is no other right to it."""

    def __init__(self, public_url: str, salt: Callable[[], bytes], now: Callable[[], datetime], draw: Draw) -> None:
        self._place = f"{public_url.rstrip('/')}{PATH}"
        self._salt = salt
        self._now = now
        self._draw = draw

    def to(self, attachment: Attachment) -> Link:
        """Where it can be opened for some days, to the end of the last of them."""
        until = office_time(self._now() + LIVES).replace(hour=23, minute=59, second=59, microsecond=0)
        body = base64.urlsafe_b64encode(_TICKET.dump_json(Ticket(attachment, until))).decode().rstrip("=")
        return Link(f"{self._place}/{body}.{self._signed(body)}", until.date())

    async def open(self, ticket: str) -> File | None:
        """The file, if the address is one of ours and still good."""
        body, _, signature = ticket.partition(".")
        # In the same time whatever was given, so that nobody learns how much of it was right.
        if not hmac.compare_digest(signature.encode(), self._signed(body).encode()):
            return None
        try:
            found = _TICKET.validate_json(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValidationError, ValueError):
            # Signed by a version that knew other files.
            return None
        return await drawn(found.attachment, self._draw) if self._now() <= found.until else None

    def _signed(self, body: str) -> str:
        return hmac.digest(self._salt(), b"file:" + body.encode(), "sha256").hex()
