"""The short way to SQLite for statements that are made once: their text, binds and columns are worked out once too.

SQLAlchemy works most of that out at every execution, which costs several times what SQLite takes. A statement seen for
the first time goes SQLAlchemy's way, and so does all that this module does not know; what comes back looks the same.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as SQLite takes it. `many` are those of its values that are lists of any length."""

    sql: str
    binds: tuple[tuple[str, Any, Process], ...]
    many: tuple[str, ...]
    row: Callable[[Any], Any] | None
    processes: tuple[tuple[int, Callable[[Any], Any]], ...]

    def text(self, params: Params) -> str:
        sql = self.sql
        for name in self.many:
            sql = sql.replace(f"__[POSTCOMPILE_{name}]", ", ".join("?" * len(params[name])))
        return sql

    def values(self, params: Params) -> list[Any]:
        found: list[Any] = []
        for name, constant, process in self.binds:
            if name in self.many:
                found += [process(one) for one in params[name]] if process else params[name]
            elif name in params:
                found.append(process(params[name]) if process else params[name])
            else:
                found.append(constant)
        return found

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        make = self.row
        assert make is not None
        if not self.processes:
            return [make(row) for row in found]
        rows: list[Any] = []
        for row in found:
            values = list(row)
            for at, process in self.processes:
                values[at] = process(values[at])
            rows.append(make(values))
        return rows


class Found:
    """What a statement brought, all of it at once, under the names that SQLAlchemy has for it."""

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        return self._rows

    def scalars(self) -> "Found":
        return Found([row[0] for row in self._rows], self.rowcount)

    def first(self) -> Any:  # noqa: ANN401 - as the library's
        return self._rows[0] if self._rows else None

    def one(self) -> Any:  # noqa: ANN401 - as the library's
        (row,) = self._rows
        return row

    def one_or_none(self) -> Any:  # noqa: ANN401 - as the library's
        return self.one() if self._rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - as the library's
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:  # noqa: ANN401 - as the library's
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:  # noqa: ANN401 - as the library's
        return self.one()[0] if self._rows else None


# What a statement that lives on was worked out to be, by the names of what is given to it; None: the library's way.
_FORMS: WeakKeyDictionary[Executable, dict[tuple[str, ...], Form | None]] = WeakKeyDictionary()


class Quick:
    """A connection to SQLite that takes the short way where it can, and is the library's connection for the rest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the library's connection has
        return getattr(self._connection, name)

    def execute(self, statement: Executable, params: Params | Sequence[Params] | None = None, **named: Any) -> Any:  # noqa: ANN401 - as the library's
        each: Sequence[Params] = (params or {},) if params is None or isinstance(params, Mapping) else params
        form = None if named or not each else _form(statement, each[0], self._connection.dialect)
        if form is None or any(not one[name] for one in each for name in form.many):
            return self._connection.execute(statement, params, **named)
        try:
            return self._found(form, each)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                form.sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._connection.dialect
            ) from error

    def _found(self, form: Form, each: Sequence[Params]) -> Found:
        if len(each) > 1 and form.row is None and not form.many:
            return Found((), self._driver.executemany(form.sql, [form.values(one) for one in each]).rowcount)
        rows: list[Any] = []
        count = 0
        for one in each:
            cursor = self._driver.execute(form.text(one), form.values(one))
            if form.row is not None:
                rows += form.rows(cursor.fetchall())
            count += cursor.rowcount
        return Found(rows, count)

    def scalar(self, statement: Executable, params: Params | None = None, **named: Any) -> Any:  # noqa: ANN401 - as the library's
        return self.execute(statement, params, **named).scalar()


def quick(connection: Connection) -> Connection:
    """The same connection by the short way."""
    return cast(Connection, Quick(connection))


def _form(statement: Executable, params: Params, dialect: Dialect) -> Form | None:
    known = _FORMS.get(statement)
    if known is None:
        # Most statements that are seen but once are made for one execution.
        _FORMS[statement] = {}
        return None
    names = tuple(params)
    if names not in known:
        known[names] = _worked_out(statement, names, dialect)
    return known[names]


def _worked_out(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Form | None:
    if not isinstance(statement, Select | Insert | Update | Delete):
        return None
    of_names = None if isinstance(statement, Select) else list(names)
    compiled = statement.compile(dialect=dialect, column_keys=of_names)
    assert isinstance(compiled, SQLCompiler)
    many = tuple(name for name, bind in compiled.binds.items() if bind.expanding)
    is_known = compiled.positiontup is not None and all(name in names for name in many)
    makes_values = compiled.insert_prefetch or compiled.update_prefetch
    if not is_known or makes_values or any(compiled.binds[name].callable for name in compiled.positiontup or ()):
        return None
    binds: list[tuple[str, Any, Process]] = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        process = cast(Process, bind.type.dialect_impl(dialect).bind_processor(dialect))
        constant = process(bind.value) if process and name not in names else bind.value
        if name not in names and bind.required:
            return None
        binds.append((name, constant, process))
    columns = list(statement.exported_columns if isinstance(statement, Select) else compiled.effective_returning or ())
    processes = [
        (at, process)
        for at, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]
    return Form(str(compiled), tuple(binds), many, _row_of(columns), tuple(processes))


def _row_of(columns: Sequence[Any]) -> Callable[[Any], Any] | None:
    if not columns:
        return None
    kind = namedtuple("Row", [column.key or "" for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024 - its names are known only now
    return kind._make
