from collections.abc import Generator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.connecting import new_engine
from storage.database import Database
from storage.errors import SchemaTooNew, SchemaTooOld
from storage.schema import migrate
from storage.tables import metadata
from tests.conftest import Postgres

SQLITE_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
POSTGRES_SCHEMA = """
SELECT 'column', table_name || '.' || column_name,
       concat_ws(' ', ordinal_position, data_type, is_nullable, column_default, collation_name)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
 WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
"""


async def schema_of(url: str) -> set[tuple[Any, ...]]:
    engine = new_engine(url)
    query = SQLITE_SCHEMA if url.startswith("sqlite") else POSTGRES_SCHEMA
    async with engine.connect() as tx:
        rows = (await tx.execute(text(query))).all()
    await engine.dispose()
    return {tuple(_plain(str(value)) for value in row) for row in rows}


def _plain(words: str) -> str:
    """Without the order of a table's constraints and the layout of its text."""
    columns, *constraints = " ".join(words.split()).removesuffix(" )").split(", CONSTRAINT ")
    return ", ".join((columns, *sorted(constraints)))


@pytest.fixture
def created_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Any) -> Generator[str]:
    if database_url.startswith("sqlite"):
        yield f"sqlite+aiosqlite:///{tmp_path / 'created.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(empty=True)
    yield server.url(name)
    server.drop(name)


async def test_the_migrations_come_to_the_same_schema_as_the_tables(database_url: str, created_url: str) -> None:
    engine = new_engine(created_url)
    async with engine.begin() as tx:
        await tx.run_sync(metadata.create_all)
    await engine.dispose()
    migrated, created = await schema_of(database_url), await schema_of(created_url)
    assert migrated == created
    assert len(created) > 40


async def test_alembic_itself_finds_nothing_to_change(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    engine = new_engine(database_url)
    async with engine.connect() as tx:
        assert await tx.run_sync(differences) == []
    await engine.dispose()


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)


async def test_an_empty_database_is_refused_and_the_command_is_named(empty_url: str) -> None:
    database = await Database.open(empty_url)
    with pytest.raises(SchemaTooOld, match=r"python bot\.py migrate"):
        await database.check_schema()
    await database.close()


async def test_an_old_schema_is_refused_and_the_command_is_named(database: Database) -> None:
    await database.write(lambda tx: tx.execute(text("DELETE FROM alembic_version")))
    with pytest.raises(SchemaTooOld, match=r"python bot\.py migrate"):
        await database.check_schema()


async def test_a_schema_from_the_future_is_refused(database: Database) -> None:
    await database.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(SchemaTooNew, match="newer version"):
        await database.check_schema()


async def test_the_current_schema_is_accepted_and_has_a_secret_of_its_own(database: Database) -> None:
    await database.check_schema()
    assert len(database.salt) == 32
