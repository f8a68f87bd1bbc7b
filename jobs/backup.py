"""Backups in their folder: one file for each moment, the newest so many kept."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.calendar import office_time
from storage.database import Database
from storage.dump import Contents, write_dump
from storage.incidents import give_signs

BACKUP = "backup"
NAME = re.compile(r"ketnap-\d{4}-\d\d-\d\d-\d{6}\.dump")


@dataclass(frozen=True, slots=True)
class Backups:
    """Where they stand, what seals them, and how many are kept."""

    folder: Path
    key: str
    keep: int


async def back_up(db: Database, backups: Backups, now: datetime) -> tuple[Path, Contents]:
    """Another one, and the oldest gone once it is whole."""
    file = backups.folder / f"ketnap-{office_time(now):%Y-%m-%d-%H%M%S}.dump"
    contents = await write_dump(db, file, backups.key, now)
    await asyncio.to_thread(_forget_oldest, backups)
    await give_signs(db, {BACKUP: (0.0, float(contents.count))})
    return file, contents


def newest(backups: Backups) -> Path | None:
    """The last one in the folder, if there is any."""
    return next(reversed(_all(backups)), None) if backups.folder.is_dir() else None


def _forget_oldest(backups: Backups) -> None:
    for path in _all(backups)[: -backups.keep]:
        path.unlink(missing_ok=True)


def _all(backups: Backups) -> list[Path]:
    """The backups of the folder, the oldest first."""
    return sorted(path for path in backups.folder.iterdir() if NAME.fullmatch(path.name))
