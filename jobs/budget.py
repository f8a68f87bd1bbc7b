"""The month's messages of bots whose platforms count them: how each has to save, and who is told of it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from domain.budget import BotMonth, Plan, Thrift, Usage, thrift
from domain.calendar import letter_time, month_of
from domain.office import Office
from language import wording
from storage.database import Database
from storage.read.usage import of_month
from storage.usage import tell_usage

log = logging.getLogger("ketnap.budget")


class Budgets:
    """What all senders of a process know of it. `saving` are the keys of bots that save, as of the last look."""

    def __init__(self, db: Database, office: Office, now: Callable[[], datetime]) -> None:
        self.saving: frozenset[str] = frozenset()
        self._db = db
        self._office = office
        self._now = now

    def of(self, channel: str, account: str) -> BotMonth | None:
        """Where this bot's messages are counted now; None if nobody counts them."""
        return BotMonth(channel, account, month_of(self._now().date())) if channel in self._office.plans else None

    async def look(self) -> Mapping[str, Thrift]:
        """How the bots save, by their keys; a statement, so not for who has no plan."""
        if not self._office.plans:
            return {}
        month = month_of(self._now().date())
        found = await self._db.read(lambda tx: of_month(tx, month))
        planned = [(usage, plan) for usage in found if (plan := self._office.plans.get(usage.of.channel))]
        states = {usage.of.key: thrift(usage, plan) for usage, plan in planned}
        self.saving = frozenset(key for key, state in states.items() if state is not Thrift.NONE)
        for usage, plan in planned:
            if usage.told < states[usage.of.key]:
                await self._tell(usage, plan, states[usage.of.key])
        return states

    async def _tell(self, usage: Usage, plan: Plan, mark: Thrift) -> None:
        now = self._now()
        letters_at = letter_time(self._office.calendar, now)
        if await tell_usage(self._db, usage.of, mark, wording.messages_run_out(usage, plan), now, letters_at):
            log.warning("budget bot=%s used=%d of=%d", usage.of.key, usage.used, plan.messages_a_month)
