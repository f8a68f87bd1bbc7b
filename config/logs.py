"""How the log is written: plain lines for a person at a screen, else one JSON object a line."""

import json
import logging
import re
import sys
from datetime import datetime

from config.settings import LogLevel
from domain.calendar import ZONE

TALKATIVE = ("alembic", "aiosqlite", "uvicorn")
REPEATING = ("apscheduler",)
"""A tick that is missed is told of by ourselves, once."""


_FACT = re.compile(r"(?<!\S)([a-z_]+)=(\S+)")


class JsonLines(logging.Formatter):
    """One JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds")
        row = {"at": at, "level": record.levelname, "from": record.name, "says": record.getMessage()}
        if record.exc_text:
            row["trace"] = record.exc_text
        # What is told of as `name=value` can be asked for by its name.
        row = {**{name: value.rstrip(":;,") for name, value in _FACT.findall(row["says"])}, **row}
        return json.dumps(row, ensure_ascii=False)


def start_log(level: LogLevel) -> None:
    """To the standard error, from this level on; libraries that talk much tell of trouble only."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(plain if sys.stderr.isatty() else JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.value)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in REPEATING:
        logging.getLogger(name).setLevel(logging.ERROR)
