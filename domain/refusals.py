"""Refusals of the domain: facts, never sentences; `language.wording` makes the words.

Refusal
├── NotAllowed         the person has no such right there, or the thing does not exist for them
├── ImpossibleDate     a day that the calendar does not have
├── FutureDate         a past event dated after today
├── LongAgo            dated over a year back
└── Conflict           somebody else changed it since it was read
"""

from dataclasses import dataclass
from datetime import date


class Refusal(Exception):
    """A rule says no; becomes a sentence to the person."""


class NotAllowed(Refusal):
    """No right to it, or it does not exist: one and the same answer."""


@dataclass
class FutureDate(Refusal):
    """A past event is dated after today."""

    on: date


@dataclass
class LongAgo(Refusal):
    """An event is dated over a year back."""

    on: date


class Conflict(Exception):
    """What a change was decided on has changed meanwhile; decide again on fresh reads."""
