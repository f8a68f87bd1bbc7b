"""Hearing: what a channel heard is cut first, then kept, and only then is anything done about it."""

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from channels.channel import Hear
from domain.calendar import ZONE
from domain.intents import Intent
from domain.messages import IN_GROUP, Address, Incoming, Kind
from language import sensitive
from language.understand import understand
from storage.database import Database
from storage.fingerprints import fingerprint
from storage.inbox import accept
from storage.incidents import give_signs
from storage.outages import HEARD

CODES_AT_ONCE = 20
SIGN_SECONDS = 60.0
CODE_SECONDS = 3600.0
NOT_LOOKED_AT = "not looked at"
"""Stands where a fingerprint would: a code that fits nothing."""
LONGEST_IN_GROUP = 500
"""So much of what is said in a group is looked at, to tell whether it was for us: anybody there may write at length."""

SMALL_TALK = (
    *(Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.CONFIRM_YES, Intent.CONFIRM_NO, Intent.CANCEL),
    *(Intent.CHOOSE_OPTION, Intent.JOIN, Intent.MENU, Intent.HELP),
)
"""In a group these are not for the bot unless a command asks for them."""

log = logging.getLogger("ketnap.hearing")


def hearing(
    db: Database, wake: Callable[[], None], now: Callable[[], datetime], *, counted: Collection[str] = ()
) -> Hear:
    """What a channel hands its messages to: cut first, then kept, and only then is anything done about them.

    Those of channels that are `counted` go into the month's count of their bots.
    """
    codes = CodeBudget()
    noted: dict[str, float] = {}

    async def hear(heard: Sequence[Incoming]) -> None:
        # Before anything is answered: how long it was since the account was last heard of.
        for sign in {f"{HEARD}{each.address.channel}:{each.address.account}" for each in heard}:
            if time.monotonic() - noted.get(sign, -SIGN_SECONDS) >= SIGN_SECONDS:
                await give_signs(db, {sign: (0.0, 0.0)})
                noted[sign] = time.monotonic()
        # Fingerprints are slow on purpose, so they are made off the loop.
        kept = await asyncio.to_thread(lambda: [cut(each, db.salt, codes) for each in heard])
        await accept(db, kept, now(), counted=counted)
        wake()

    return hear


class CodeBudget:
    """How many invite codes of one chat are looked at: a fingerprint takes long, and a flood would hold up others."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._counts: Counter[Address] = Counter()

    def allows(self, address: Address) -> bool:
        if time.monotonic() - self._since > CODE_SECONDS:
            self._since = time.monotonic()
            self._counts.clear()
        self._counts[address] += 1
        return self._counts[address] <= CODES_AT_ONCE


def cut(heard: Incoming, salt: bytes, codes: CodeBudget | None = None) -> Incoming:
    """The message as it may be stored. If cutting fails nothing of its words is kept.

    Of a group, and of what is not a plain message, no words are kept in any case.
    """
    try:
        if heard.is_group:
            return _of_group(heard)
        if heard.kind not in (Kind.TEXT, Kind.EDITED):
            return replace(heard, text="", marks=(), code="", file=heard.file if heard.kind is Kind.WORKBOOK else "")
        kept = sensitive.cut(heard.text)
        may_look = kept.code and (codes is None or codes.allows(heard.address))
        code = fingerprint(kept.code, salt) if may_look else NOT_LOOKED_AT if kept.code else ""
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the words must not reach the database
        log.error("cutting failed error=%s", type(error).__name__)
        return Incoming(
            heard.key,
            heard.address,
            heard.sender,
            Kind.UNREADABLE,
            message_id=heard.message_id,
            is_group=heard.is_group,
        )
    return replace(heard, text=kept.text, marks=kept.marks, code=code)


def _of_group(heard: Incoming) -> Incoming:
    """A command's word, or that the message was for us; who wrote it and what it said are not kept."""
    command = re.match(r"/[a-z]{1,20}\b", heard.text)
    wishes = (
        understand(heard.text[:LONGEST_IN_GROUP], today=datetime.now(ZONE).date()) if heard.kind is Kind.TEXT else ()
    )
    is_ours = any(wish.people or wish.intent not in SMALL_TALK for wish in wishes)
    marks = (IN_GROUP,) if is_ours and heard.kind is Kind.TEXT else ()
    return replace(heard, sender="", text=command[0] if command else "", marks=marks, code="")
