"""The command line in a folder of its own, as an operator uses it; in this process, since starting takes seconds."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table, create_engine
from typer.testing import CliRunner, Result

import bot
from domain.office import OfficePlan
from files.template import write_office
from tests.cast import PLAN


@dataclass(frozen=True)
class Desk:
    """Say the words of a command; get what it printed and its exit status."""

    place: Path

    @property
    def file(self) -> Path:
        return self.place / "data" / "ketnap.db"

    def __call__(self, *words: str, said: str | bytes | None = None) -> Result:
        return CliRunner().invoke(bot.app, list(words), input=said)

    def with_office(self) -> "Desk":
        """The database made, the cast's office imported."""
        assert self("migrate").exit_code == 0
        assert self("import", self.workbook()).exit_code == 0
        return self

    def count(self, table: Table) -> int:
        engine = create_engine(f"sqlite:///{self.file}")
        with engine.connect() as connection:
            found = connection.execute(table.select()).all()
        engine.dispose()
        return len(found)

    def workbook(self, plan: OfficePlan = PLAN) -> str:
        path = self.place / "office.xlsx"
        path.write_bytes(write_office(plan))
        return str(path)
