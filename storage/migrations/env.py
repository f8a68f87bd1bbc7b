"""Alembic's entry: runs the migrations for `storage.schema.migrate` and for the `alembic` command."""

import asyncio
import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from storage.connecting import new_engine
from storage.tables import Moment, metadata


def _render(kind: str, shown: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's own signature
    # Migrations stand for themselves: they name plain types, not ours, which may change later.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(shown, Moment) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_run() -> None:
    url = (
        context.config.attributes.get("url")
        or os.environ.get("KETNAP_DATABASE_URL")
        or context.config.get_main_option("sqlalchemy.url")
    )
    engine = new_engine(str(url))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
            await connection.commit()
    finally:
        await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database itself: run without --sql.")
asyncio.run(_connect_and_run())
