"""How a bug in a job is written down: where and of what kind, never with its words, which may hold a name or a text."""

import secrets
import traceback
from logging import Logger
from pathlib import Path


def note_fault(log: Logger, what: str, error: BaseException) -> str:
    """Log it under a short reference and return that."""
    reference = secrets.token_hex(2)
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    log.error("%s failed reference=%s error=%s at=%s", what, reference, type(error).__name__, places)
    return reference
