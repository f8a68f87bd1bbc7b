"""What whoever runs the bot meets: wrong settings, a place that is taken, a disk that is full, a database gone away.

Each has one clear answer for whoever can act, nothing is half-written, and nothing that was heard is lost.
"""

import asyncio
import resource
import socket
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, make_url, select, text
from typer.testing import Result

from domain.messages import Address, Incoming, Kind
from storage import connecting
from storage.connecting import new_engine
from storage.database import Database
from storage.errors import DiskFull, StorageTrouble
from storage.inbox import accept
from storage.tables import inbox, people, units
from tests.cast import NOW, Stage, free_port, stage
from tests.conftest import Postgres
from tests.desk import Desk

CANARY = "canary-of-a-password"


def is_refused(done: Result, *words: str) -> None:
    """One answer in words, none of them a secret, and status 1."""
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert "Traceback" not in done.output and CANARY not in done.output
    for word in words:
        assert word in done.output, done.output


# ── Before it runs ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [("migrate",), ("job", "upkeep"), ("invite", "--role", "admin")])
def test_a_postgresql_that_does_not_answer_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"postgresql+asyncpg://ketnap:{CANARY}@127.0.0.1:9/ketnap")

    is_refused(desk(*command), "cannot be reached")


@pytest.fixture(params=["no such database", "no such role", "no rights", "closed"])
def refusing(request: pytest.FixtureRequest, postgres: Postgres) -> Generator[str]:
    """The address of a PostgreSQL that is there, and does not let us in or do as we wish."""
    name = postgres.create(empty=True)
    url, role = make_url(postgres.url(name)), f"guest_{name}"
    match request.param:
        case "no such database":
            url = url.set(database="nowhere")
        case "no such role":
            url = url.set(username="nobody")
        case "no rights":
            postgres.server.psql(f"CREATE ROLE {role} LOGIN;")
            url = url.set(username=role)
        case _:
            postgres.server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
    yield url.render_as_string(hide_password=False)
    postgres.drop(name)
    postgres.server.psql(f"DROP ROLE IF EXISTS {role};")


def test_a_postgresql_that_refuses_us_is_named_with_its_remedy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, refusing: str
) -> None:
    office = desk.workbook()
    assert desk("migrate").exit_code == 0
    moved = desk("move", "--to", refusing)
    is_refused(moved, "database")
    monkeypatch.setenv("KETNAP_DATABASE_URL", refusing)
    monkeypatch.setenv("KETNAP_TELEGRAM_TOKEN", "1:x")
    monkeypatch.setenv("KETNAP_TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("KETNAP_HTTP_PORT", str(free_port()))

    for words in (("migrate",), ("run",), ("import", office), ("invite", "--role", "admin"), ("verify",)):
        done = desk(*words)
        is_refused(done, "database")
        said = [row for row in done.output.splitlines() if not row.startswith("{")]
        assert len(said) == 1 and "A fault" not in done.output, done.output
    examined = desk("doctor")
    assert examined.exit_code == 1 and "A fault" not in examined.output
    (wrong,) = [row for row in examined.output.split("WRONG") if row.strip().startswith("database:")]
    assert "Run: " in wrong or "Look at " in wrong, wrong


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(desk: Desk) -> None:
    desk.file.parent.mkdir()
    desk.file.write_text("kept by somebody else")

    is_refused(desk("migrate"), "not a database")
    assert desk.file.read_text() == "kept by somebody else"


def test_a_data_folder_that_cannot_be_made_is_named(desk: Desk) -> None:
    (desk.place / "data").write_text("a file stands in its place")

    is_refused(desk("migrate"), "cannot be reached", "data")


@pytest.mark.parametrize(
    "address",
    ["sqlite+aiosqlite://", "sqlite+aiosqlite:///", "postgresql+asyncpg://host", "postgresql+asyncpg://host:port/db"],
)
def test_an_address_that_names_no_database_is_a_setting_to_mend(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", address)

    is_refused(desk("migrate"), "KETNAP_DATABASE_URL", "must name a database")


def test_a_socks_proxy_is_refused_before_anything_is_asked_through_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETNAP_TELEGRAM_PROXY", f"socks5://somebody:{CANARY}@127.0.0.1:1080")

    is_refused(desk("run"), "KETNAP_TELEGRAM_PROXY", "SOCKS", "http://host:port")


def test_a_database_of_a_newer_program_is_not_touched(desk: Desk) -> None:
    assert desk("migrate").exit_code == 0
    with sqlite3.connect(desk.file) as there:
        there.execute("UPDATE alembic_version SET version_num = 'ffff'")
    there.close()

    is_refused(desk("job", "upkeep"), "newer version")
    is_refused(desk("migrate"), "newer version")


def test_a_template_that_cannot_be_written_is_named(desk: Desk) -> None:
    is_refused(desk("import", "--template", "nowhere/mau.xlsx"), "nowhere/mau.xlsx", "No such file")


def test_a_port_that_is_taken_is_named_and_the_trial_that_has_it_keeps_its_data(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = desk.place / "data" / "demo" / "ketnap.db"
    running.parent.mkdir(parents=True)
    running.write_text("of the trial that runs already")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("KETNAP_HTTP_PORT", port)

        is_refused(desk("demo"), port, "KETNAP_HTTP_PORT")
    assert running.read_text() == "of the trial that runs already"


def test_whatever_bytes_are_piped_in_each_line_is_read(desk: Desk) -> None:
    done = desk("read", "--today", "2026-11-21", said="kết nạp Nguyễn Văn An 15/10\n".encode() + b"\xff\xfe\x00\n\n")

    assert done.exit_code == 0
    assert len(done.output.splitlines()) == 3


# ── While it runs ───────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def at_work(db: Database) -> AsyncGenerator[tuple[Stage, list[asyncio.Task[None]]]]:
    """The engine and the sender of the cast's bot, as `run` has them."""
    async with stage(db) as here:
        here.engine.said = here.delivery.wake
        tasks = [asyncio.create_task(here.engine.work()), asyncio.create_task(here.delivery.work())]
        try:
            yield here, tasks
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), "trouble must not end the work"


async def answers(here: Stage, count: int) -> list[str]:
    async with asyncio.timeout(60):
        while len(here.phone.said) < count:  # noqa: ASYNC110  # the phone of the cast has no event for it
            await asyncio.sleep(0.02)
    return [chat for chat, _ in here.phone.said]


def greeting(who: str) -> Incoming:
    return Incoming(f"test:bot:{who}", Address("test", "bot", who), who, Kind.TEXT, "còn mấy chỉ tiêu")


async def test_while_somebody_else_holds_the_database_the_bot_waits_and_then_answers(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)
    db = await Database.open(database_url)
    try:
        async with at_work(db) as (here, _):
            other = new_engine(database_url)
            async with other.begin() as tx:
                if db.is_sqlite:
                    await tx.execute(text("PRAGMA busy_timeout = 60000"))
                await tx.execute(text("UPDATE meta SET value = value WHERE name = 'audit_head'"))
                if not db.is_sqlite:
                    await tx.execute(text("LOCK TABLE inbox, outbox, lanes IN EXCLUSIVE MODE"))
                with pytest.raises(StorageTrouble):
                    await accept(db, [greeting("lan")], NOW)
                await asyncio.sleep(0.5)
            await other.dispose()
            await here.engine.keep([greeting("lan")])
            assert await answers(here, 1) == ["lan"]
    finally:
        await db.close()


async def test_a_postgresql_that_goes_away_is_waited_for(database: Database, request: pytest.FixtureRequest) -> None:
    if database.is_sqlite:
        pytest.skip("a file does not go away")
    server = request.getfixturevalue("postgres").server
    name = make_url(database.url).database
    async with at_work(database) as (here, _):
        await here.engine.keep([greeting("lan")])
        await answers(here, 1)

        server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
        server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test%';")
        with pytest.raises(StorageTrouble):
            await accept(database, [greeting("hung")], NOW)
        await asyncio.sleep(0.3)
        server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true;")

        # The channel offers again what was not confirmed.
        await here.engine.keep([greeting("hung")])
        assert await answers(here, 2) == ["lan", "hung"]


@contextmanager
def full_disk(limit: int) -> Generator[None]:
    """No file of this process grows beyond so many bytes, which is what a full disk is to it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_what_is_heard_on_a_full_disk_is_not_confirmed_and_is_answered_once_there_is_room(
    database: Database, tmp_path: Path
) -> None:
    if not database.is_sqlite:
        pytest.skip("tests/storage has a full disk under PostgreSQL")
    heard = [
        Incoming(f"test:bot:{n}", Address("test", "bot", f"chat{n}"), "lan", Kind.TEXT, "x" * 3000) for n in range(400)
    ]
    async with at_work(database) as (here, _):
        kept: list[Incoming] = []

        async def hear_all() -> None:
            for each in heard:
                await accept(database, [each], NOW)
                kept.append(each)

        with full_disk((tmp_path / "ketnap.db").stat().st_size + 100_000):
            with pytest.raises(DiskFull):
                await hear_all()
            await asyncio.sleep(0.2)
        assert await database.write(rows_of_inbox) == len(kept)

        await here.engine.keep([greeting("lan")])
        async with asyncio.timeout(60):
            while "lan" not in [chat for chat, _ in here.phone.said]:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)
        assert await database.write(rows_of_inbox) == len(kept) + 1
        assert await database.write(lambda tx: tx.scalar(text("PRAGMA integrity_check"))) == "ok"


def rows_of_inbox(tx: Connection) -> int:
    return tx.scalar(select(func.count()).select_from(inbox)) or 0


def test_an_import_that_the_disk_has_no_room_for_leaves_nothing_half_written(desk: Desk) -> None:
    assert desk("migrate").exit_code == 0
    workbook = desk.workbook()
    with full_disk(4096):
        is_refused(desk("import", workbook), "disk")

    assert desk.count(units) == desk.count(people) == 0
    assert desk("import", workbook).exit_code == 0
