"""How a trouble of what goes on by itself is logged: when it begins and when it is over, however often it is met.

Of a bug it is said where and of what kind it is, never its words, which may hold a name or a text.
"""

import secrets
import time
import traceback
from logging import Logger
from pathlib import Path

from storage.errors import StorageTrouble

CALM_SECONDS: float = 60
"""So long all must be well until a trouble is over: on a full disk one write in ten finds room."""


class Troubles:
    """One line for each trouble of one thing that goes on, and one when it is well again."""

    def __init__(self, log: Logger, what: str, about: str = "") -> None:
        self._log = log
        self._what = what
        self._about = f" {about}" if about else ""
        self._met: set[str] = set()
        self._met_at = 0.0

    def meet(self, error: Exception) -> None:
        self._met_at = time.monotonic()
        kind, is_storage = type(error).__name__, isinstance(error, StorageTrouble)
        known = f"{kind} {error if is_storage else places_of(error)}"
        if known in self._met:
            return
        self._met.add(known)
        if is_storage:
            self._log.error("%s waits for the database%s error=%s: %s", self._what, self._about, kind, error)
        else:
            note_fault(self._log, f"{self._what}{self._about}", error)

    def is_well(self) -> None:
        """Nothing is wrong just now; said again and again."""
        if self._met and time.monotonic() - self._met_at >= CALM_SECONDS:
            self.end()

    def end(self) -> None:
        """All is well for certain."""
        if self._met:
            self._met.clear()
            self._log.info("%s goes on%s", self._what, self._about)


def note_fault(log: Logger, what: str, error: BaseException) -> str:
    """Log it under a short reference and return that."""
    reference = secrets.token_hex(2)
    log.error("%s failed reference=%s error=%s at=%s", what, reference, type(error).__name__, places_of(error))
    return reference


def places_of(error: BaseException) -> str:
    """Where it happened, from the inside out."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
