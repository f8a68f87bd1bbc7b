"""The short way to the database for statements made once: their text, binds and columns are worked out once too.

SQLAlchemy works most of that out at every execution, which costs several times what the driver takes. A statement that
is seen for the first time goes SQLAlchemy's way, as does all that this module does not know; what comes back looks the
same.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Dialect, Float, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import await_only

Process = Callable[[Any], Any] | None
Params = Mapping[str, Any]
FLOAT8 = 701
"""PostgreSQL's number of the type, by which SQLAlchemy knows that nothing is to be done to such a value."""


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as the driver takes it. `many` are those of its values that are lists and stand in its text.

    On PostgreSQL none do: there a list is one value, and one text serves any length.
    """

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


Run = Callable[[Form, Sequence[Params]], Found | None]
"""Executes a statement with each of the values; None if that is better left to the library."""


class Quick:
    """A connection that takes the short way where it can, and is the library's connection for the rest."""

    def __init__(self, connection: Connection, run: Run) -> None:
        self._connection = connection
        self._run = run

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the library's connection has
        return getattr(self._connection, name)

    def execute(self, statement: Executable, params: Params | Sequence[Params] | None = None, **named: Any) -> Any:  # noqa: ANN401 - as the library's
        each = _each(params)
        form = None if named or not each else _form(statement, each[0], self._connection.dialect)
        found = None if form is None else self._run(form, each)
        return self._connection.execute(statement, params, **named) if found is None else found

    def scalar(self, statement: Executable, params: Params | None = None, **named: Any) -> Any:  # noqa: ANN401 - as the library's
        return self.execute(statement, params, **named).scalar()


class _OnSqlite:
    def __init__(self, connection: Connection) -> None:
        self._dialect = connection.dialect
        self._driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)

    def run(self, form: Form, each: Sequence[Params]) -> Found | None:
        if any(not one[name] for one in each for name in form.many):
            return None
        try:
            return self._found(form, each)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                form.sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
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


class _OnPostgres:
    """Each statement is prepared once for each connection, and is then one trip to the server."""

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection.driver_connection
        self._prepared: dict[str, Any] = connection.info.setdefault("prepared", {})

    def run(self, form: Form, each: Sequence[Params]) -> Found | None:
        return await_only(self.found(form, each))

    async def found(self, form: Form, each: Sequence[Params]) -> Found | None:
        if len(each) > 1 and form.row is not None:
            # The library makes one statement of them, where this would be a trip for each.
            return None
        prepared = self._prepared.get(form.sql)
        if prepared is None:
            prepared = self._prepared[form.sql] = await self._driver.prepare(form.sql)
        if len(each) > 1:
            await prepared.executemany([form.values(one) for one in each])
            return Found((), -1)
        rows = await prepared.fetch(*form.values(each[0]))
        count = int(prepared.get_statusmsg().rpartition(" ")[2])
        return Found(() if form.row is None else form.rows(rows), count)


class QuickView(AsyncConnection):
    """A view of PostgreSQL that takes the short way where it can."""

    def __init__(self, connection: AsyncConnection) -> None:
        plain = connection.sync_connection
        assert plain is not None
        super().__init__(connection.engine, plain)
        self._way = _OnPostgres(plain)
        self._quick = quick(plain)

    async def execute(self, statement: Any, parameters: Any = None, **named: Any) -> Any:  # noqa: ANN401 - as the library's overloads say
        each = _each(parameters)
        form = None if named or not each else _form(statement, each[0], self.dialect)
        found = None if form is None else await self._way.found(form, each)
        return await super().execute(statement, parameters, **named) if found is None else found

    async def scalar(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        return (await self.execute(*args, **named)).scalar()

    async def run_sync(self, fn: Callable[..., Any], *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        return await super().run_sync(lambda _: fn(self._quick, *args, **named))


def quick(connection: Connection) -> Connection:
    """The same connection by the short way."""
    on = _OnSqlite if connection.dialect.name == "sqlite" else _OnPostgres
    return cast(Connection, Quick(connection, on(connection).run))


def _each(params: Params | Sequence[Params] | None) -> Sequence[Params]:
    return (params or {},) if params is None or isinstance(params, Mapping) else params


def _form(statement: Executable, params: Params, dialect: Dialect) -> Form | None:
    known = _FORMS.get(statement)
    if known is None:
        # Most statements that are seen but once are made for one execution.
        _FORMS[statement] = {}
        return None
    names = tuple(params)
    if (key := (dialect.name, *names)) not in known:
        known[key] = _worked_out(statement, names, dialect)
    return known[key]


def _worked_out(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Form | None:
    if not isinstance(statement, Select | Insert | Update | Delete):
        return None
    is_select = isinstance(statement, Select)
    compiled = statement.compile(
        dialect=dialect,
        column_keys=None if is_select else list(names),
        # Else the library would have the key of a new row returned, whoever asked for it or not.
        for_executemany=not is_select and not statement.exported_columns,
    )
    assert isinstance(compiled, SQLCompiler)
    sql, order = str(compiled), list(compiled.positiontup or ())
    lists = tuple(name for name in order if compiled.binds[name].expanding)
    makes_values = compiled.insert_prefetch or compiled.update_prefetch
    if compiled.positiontup is None or makes_values or any(compiled.binds[name].callable for name in order):
        return None
    if dialect.name != "sqlite":
        sql, order = _with_arrays(sql, order, lists)
    binds: list[tuple[str, Any, Process]] = []
    for name in order:
        bind = compiled.binds[name]
        process = cast(Process, bind.type.dialect_impl(dialect).bind_processor(dialect))
        if name not in names and bind.required:
            return None
        if name in lists and dialect.name != "sqlite":
            process = _of_each(process)
        elif name in lists and name not in names:
            # A list that is part of the statement is so many single values.
            values = _of_each(process)(bind.value)
            sql = sql.replace(f"__[POSTCOMPILE_{name}]", ", ".join("?" * len(values)))
            binds += [("", one, None) for one in values]
            continue
        constant = process(bind.value) if process and name not in names else bind.value
        binds.append((name, constant, process))
    many = tuple(name for name in lists if name in names and dialect.name == "sqlite")
    columns = list(statement.exported_columns if is_select else compiled.effective_returning or ())
    processes: list[tuple[int, Callable[[Any], Any]]] = []
    for at, column in enumerate(columns):
        kind = column.type.dialect_impl(dialect)
        if (process := kind.result_processor(dialect, FLOAT8 if isinstance(kind, Float) else None)) is not None:
            processes.append((at, process))
    return Form(sql, tuple(binds), many, _row_of(columns), tuple(processes))


def _with_arrays(sql: str, order: Sequence[str], many: Sequence[str]) -> tuple[str, list[str]]:
    """The text with each list as one value, and the order of all values."""
    order = [*(name for name in order if name not in many), *many]
    for name in many:
        here, place = f"IN (__[POSTCOMPILE_{name}])", f"(${order.index(name) + 1})"
        sql = sql.replace(f"NOT {here}", f"<> ALL {place}").replace(here, f"= ANY {place}")
    return sql, order


def _of_each(process: Process) -> Callable[[Any], list[Any]]:
    return list if process is None else lambda values: [process(one) for one in values]


def _row_of(columns: Sequence[Any]) -> Callable[[Any], Any] | None:
    if not columns:
        return None
    kind = namedtuple("Row", [column.key or "" for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024 - its names are known only now
    return kind._make
