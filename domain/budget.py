"""What a platform's plan gives one bot, how much of a month is used up, and how the bot saves then."""

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


def percent(usage: Usage, plan: Plan) -> int:
    """Whole percent that are surely used."""
    return usage.used * 100 // plan.messages_a_month
