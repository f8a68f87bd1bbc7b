"""What both kinds of database are told in one spelling: inserts that may meet rows, and the clock of leases."""

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Table,
    or_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

LONGEST_LEASE_SECONDS: float = 600
"""No lease runs for longer; one that seems to was given before somebody set the clock back."""


class _LeaseClock(FunctionElement[float]):
    """The same words in every statement, so that statements can be made once."""

    name = "lease_clock"
    type = Double[float]()
    inherit_cache = True


@compiles(_LeaseClock, "sqlite")
def _sqlite_clock(*_: object, **__: object) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(_LeaseClock, "postgresql")
def _postgres_clock(*_: object, **__: object) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"


LEASE_CLOCK = _LeaseClock()
"""Lease time within a statement that is made once."""


def lease_clock(_connection: Connection | AsyncConnection) -> ColumnElement[float]:
    """Lease time in seconds: the database's own clock, which on SQLite is this machine's. Never rehearsed."""
    return LEASE_CLOCK


def lease_over(until: ColumnElement[float], clock: ColumnElement[float]) -> ColumnElement[bool]:
    """Whether a lease, or a wait in lease time, has come to its end."""
    return or_(until <= clock, until > clock + LONGEST_LEASE_SECONDS)


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may say what to do about rows already there."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """As `insert_new`, for a statement that is made once for each kind of database."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
