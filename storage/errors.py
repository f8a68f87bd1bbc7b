"""What goes wrong with a database, in our words, whichever driver complains.

StorageTrouble
├── DatabaseBusy      locked by somebody else for longer than we wait, or a deadlock
├── DiskFull          nothing more can be written
├── DatabaseAway      no connection to it
└── WrongSchema
    ├── SchemaTooOld  names the command that mends it
    ├── NotMadeYet    the same
    └── SchemaTooNew
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has no types
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.refusals import Conflict


class StorageTrouble(Exception):
    """The database did not do it; nothing was written."""


class DatabaseBusy(StorageTrouble):
    """Somebody else held the database for longer than we wait. Nothing was written; try again."""


class Deadlock(DatabaseBusy):
    """Two transactions waited for each other, and this one was ended."""


class DiskFull(StorageTrouble):
    """The disk is full. Nothing was written."""


class DatabaseAway(StorageTrouble):
    """The database cannot be reached. Nothing was written."""


class WrongSchema(StorageTrouble):
    """The schema is not the one that this program knows."""


class SchemaTooOld(WrongSchema):
    """The schema is older than the program."""

    def __init__(self) -> None:
        super().__init__("The database has an old schema, or none. Run: python bot.py migrate")


class NotMadeYet(WrongSchema):
    """The place of an SQLite database is not there: nobody has made one."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"There is no database yet: the folder {folder} is missing. Run: python bot.py migrate")


class SchemaTooNew(WrongSchema):
    """The schema was made by a newer program."""

    def __init__(self) -> None:
        super().__init__("The database was made by a newer version of this program. Run that version.")


@contextmanager
def named_absence() -> Generator[None]:
    """Before there is a connection the drivers speak in words of their own."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy("All connections to the database are in use.") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseAway(f"The database cannot be reached: {error}") from error


@contextmanager
def named_troubles() -> Generator[None]:
    """What a driver complains of, in our words."""
    try:
        yield
    except IntegrityError as error:
        if _is_unique_violation(error.orig):
            raise Conflict from error
        raise
    except DBAPIError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error
    except asyncpg.UniqueViolationError as error:
        raise Conflict from error
    except (ConnectionError, TimeoutError, *_ASYNCPG_ERRORS) as error:
        if (trouble := _trouble_of_state(getattr(error, "sqlstate", None) or "")) is not None:
            raise trouble from error
        if isinstance(
            error, asyncpg.IntegrityConstraintViolationError | asyncpg.SyntaxOrAccessError | asyncpg.DataError
        ):
            raise
        # A connection that breaks is not always told of in SQLAlchemy's words.
        raise DatabaseAway("The connection to the database broke.") from error


_ASYNCPG_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def _is_unique_violation(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(error, "sqlstate", None) == "23505"


_BY_SQLSTATE: tuple[tuple[tuple[str, ...], type[StorageTrouble], str], ...] = (
    (("40P01", "40001"), Deadlock, "The database is locked by somebody else."),
    (("55P03",), DatabaseBusy, "The database is locked by somebody else."),
    (("57014",), DatabaseBusy, "The database took too long."),
    (("53100",), DiskFull, "The disk of the database is full."),
    (("53300",), DatabaseAway, "The database has no connection left for us."),
    (("53",), DatabaseAway, "The database has no room left for us."),
    (("25006",), DatabaseAway, "The database may not be written to."),
    (("3D000",), DatabaseAway, "The server has no database of that name."),
    (("28",), DatabaseAway, "The database does not let that role in: its name, its password, or pg_hba.conf is wrong."),
    (("42501",), DatabaseAway, "The role may not do that in the database: it needs rights on it and on its schema."),
    (("55000",), DatabaseAway, "The database lets nobody in."),
    (("08", "57P", "25P03"), DatabaseAway, "The database cannot be reached."),
)


def _trouble_of_state(state: str) -> StorageTrouble | None:
    return next((kind(words) for states, kind, words in _BY_SQLSTATE if state.startswith(states)), None)


def _trouble(error: DBAPIError) -> StorageTrouble | None:
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    if (trouble := _trouble_of_state(getattr(error.orig, "sqlstate", "") or "")) is not None:
        return trouble
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy("The database is locked by somebody else.")
    if name == "SQLITE_FULL":
        return DiskFull("The disk of the database is full.")
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return DatabaseAway("The file of the database is not a database, or is damaged.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return DatabaseAway("The database may not be written to.")
    if name.startswith("SQLITE_CANTOPEN") or error.connection_invalidated:
        return DatabaseAway("The database cannot be reached.")
    # A full disk also shows as a failed write of the log.
    if isinstance(error, OperationalError) and name.startswith("SQLITE_IOERR"):
        return DiskFull("The disk of the database could not be written.")
    return None
