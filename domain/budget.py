"""What a platform's plan gives one bot, how much of a month is used up, and how the bot saves then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Plan:
    """For one bot: messages a month, heard and said together, and people who write to it."""

    messages_a_month: int = 3000
    people: int = 50


class Thrift(IntEnum):
    """How the bot saves, from that percentage of the month's messages on."""

    NONE = 0
    SAVING = 80
    ANSWERS_ONLY = 95


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot account, as its platform calls it; `name` is what people see, "" while that is not known."""

    channel: str
    account: str
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.account}"


@dataclass(frozen=True, slots=True)
class Opening:
    """How one begins to talk with a bot: by a link, or by looking for the bot's name and typing the code there.

    `full_at`: all bots that one looks for on that channel have so many people, which is all that it allows.
    """

    link: str = ""
    channel: str = ""
    bot: Bot | None = None
    full_at: int | None = None

    @property
    def is_here(self) -> bool:
        """Whoever is new may type the code to any of our bots."""
        return self.bot is None and self.full_at is None


@dataclass(frozen=True, slots=True)
class BotMonth:
    """A bot's messages of one month. They are counted only where there is a plan."""

    channel: str
    account: str
    month: date

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.account}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages heard and said; `told` is the highest mark that the admins were told of."""

    of: BotMonth
    heard: int
    said: int
    told: int = 0

    @property
    def used(self) -> int:
        return self.heard + self.said


def thrift(usage: Usage, plan: Plan) -> Thrift:
    """A mark is reached at its very message, never a rounding before."""
    return max(each for each in Thrift if usage.used * 100 >= plan.messages_a_month * each)


def roomiest(bots: Sequence[Bot], plans: Mapping[str, Plan], taken: Mapping[str, int]) -> Bot | None:
    """The bot with the most free places; None if all are full."""
    free = {bot: plans[bot.channel].people - taken.get(bot.key, 0) for bot in bots if bot.channel in plans}
    best = max(free, key=lambda bot: free[bot], default=None)
    return best if best is not None and free[best] > 0 else None


def percent(usage: Usage, plan: Plan) -> int:
    """Whole percent that are surely used."""
    return usage.used * 100 // plan.messages_a_month
