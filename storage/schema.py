"""The schema's version: which one a database has, which is the newest, and the way there."""

import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    Connection,
    inspect,
    make_url,
    text,
)

from storage.connecting import normal_url
from storage.errors import SchemaTooNew, named_absence, named_troubles
from storage.statements import insert_new
from storage.tables import meta

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to the schema; made if it is not there. Not to be called inside a running loop."""
    url = normal_url(url)
    place = make_url(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    with named_troubles(), named_absence():
        if place.get_backend_name() == "sqlite" and place.database:
            # What stands there is nobody else's business on a shared machine.
            Path(place.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            # All that Alembic itself can complain of here: the database stands at a step that we do not have.
            raise SchemaTooNew from error


def newest_revision() -> str | None:
    return _scripts().get_current_head()


def known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def seed_meta(connection: Connection) -> None:
    """What every database has from its first day."""
    for name, value in (("salt", secrets.token_hex(32)), ("audit_head", "")):
        connection.execute(insert_new(connection, meta).values(name=name, value=value).on_conflict_do_nothing())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))
