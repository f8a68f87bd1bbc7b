"""Keeps tokens out of the logs: the libraries speak only of trouble, and every line is masked before it is written."""

import logging
import re
import traceback
from collections.abc import Iterable

MASK = "[hidden]"
TALKATIVE = ("aiohttp", "httpcore", "httpx", "telegram")
CAUSES_SHOWN = 5
SHAPE = r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"


class Redaction(logging.Filter):
    """Belongs on a handler. Masks the secrets it was given, and whatever looks like a bot's token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), SHAPE]))

    def mask(self, text: str) -> str:
        return self._pattern.sub(MASK, text)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.mask(_message(record)), None
        if record.exc_info:
            record.exc_text = _traceback(record.exc_info[1])
            # The exception itself goes no further: another formatter would print it as it is.
            record.exc_info = None
        for name, value in list(vars(record).items()):
            if name not in ("name", "levelname") and isinstance(value, str):
                setattr(record, name, self.mask(value))
        return True


def quiet_logs(secrets: Iterable[str]) -> None:
    """Call once the root logger has its handlers: talkative libraries are quietened, each handler masks."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    redaction = Redaction(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # A log call whose arguments do not fit its words must still not take the process down, nor leak.
        return f"{record.msg} {record.args}"


def _traceback(error: BaseException | None) -> str:
    """Where and of what kind, along all causes; never the words, which may quote a name or a message."""
    told: list[str] = []
    while error is not None and len(told) < CAUSES_SHOWN:
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"Traceback (most recent call last):\n{frames}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nbecause of:\n".join(told)


def _forms(secret: str) -> set[str]:
    """A token as it stands, as it stands in an address, and its secret half alone."""
    half = secret.partition(":")[2]
    return {secret, secret.replace(":", "%3A")} | ({half} if len(half) >= 8 else set())
