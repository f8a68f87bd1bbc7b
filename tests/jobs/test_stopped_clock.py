"""What becomes of letters when the machine stood still: sent, skipped, and why, as a table that one can read."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.calendar import ZONE
from domain.reminders import rung_of
from storage.database import Database
from storage.tables import outbox, people, units
from tests.cast import WITH_DEPUTY, stage
from tests.jobs.running import running

GOLDEN = Path(__file__).parent / "stopped_clock.txt"
STOPPED = datetime(2026, 12, 21, 7, 29, tzinfo=ZONE)
"""A Monday, a minute before the digest and the first letters to branches without a word."""
STOPS = {
    "1 hour": timedelta(hours=1),
    "20 hours": timedelta(hours=20),
    "3 days": timedelta(days=3),
    "40 days": timedelta(days=40),
}
EVERYBODY = ("lan", "hung", "mai", "minh", "oanh", "cuc", "hoa")
HEAD = """\
# The machine stopped on Monday 2026-12-21 at 07:29, a minute before the digest of the week and the first letters
# to branches without a word, and came back so much later. What the following 48 hours brought, from the rows of the
# outbox. Lan and Hoa are secretaries of B1, Hùng of B2, Cúc of C1; Mai sits on their committee, Minh is in charge.
"""


@pytest.mark.parametrize("name", list(STOPS))
async def test_what_is_in_time_is_made_good_and_the_rest_is_kept_as_skipped(database: Database, name: str) -> None:
    told = await after_a_stop(database, name)

    assert told == section(name)


def test_the_table_tells_of_every_stop() -> None:
    assert GOLDEN.read_text(encoding="utf-8").startswith(HEAD)
    assert all(section(name) for name in STOPS)


def section(name: str) -> list[str]:
    """The rows of the table for a stop."""
    text = GOLDEN.read_text(encoding="utf-8")
    return text.split(f"\n## stopped for {name}\n", maxsplit=1)[1].split("\n\n", maxsplit=1)[0].strip().splitlines()


async def after_a_stop(db: Database, name: str) -> list[str]:
    async with stage(db, plan=WITH_DEPUTY, joined=EVERYBODY) as here:
        office = running(here)
        await office.at(STOPPED)
        began = STOPPED + STOPS[name]
        async for _ in office.through(began, began + timedelta(hours=48)):
            pass
        return [f"came back {began:%a %Y-%m-%d %H:%M}", *await table(db)]


async def table(db: Database) -> list[str]:
    query = (
        select(outbox, people.c.key, units.c.code)
        .join_from(outbox, people, people.c.id == outbox.c.person_id)
        .join(units, units.c.id == outbox.c.unit_id, isouter=True)
        .where(outbox.c.kind == "letter", outbox.c.period >= "2026-12")
    )
    async with db.reading() as tx:
        rows = (await tx.execute(query)).all()
    shown: list[str] = []
    for row in rows:
        rung = rung_of(row.step).name.lower() if row.code else "-"
        when = f"{row.settled_at:%a %m-%d %H:%M}" if row.state == "sent" else f"{row.not_before:%a %m-%d %H:%M}"
        became = {"sent": "sent", "planned": "waits until"}.get(row.state, f"{row.state}: {row.reason}")
        became += f" {when}" if row.state in ("sent", "planned") else ""
        within = ", with others" if row.sent_with else ""
        shown.append(f"{row.rule:19} {row.period:8} {row.code or '-':2} {rung:6} {row.key:4} {became}{within}")
    return sorted(shown)


async def test_after_a_stop_the_ladder_climbs_from_the_first_letter_that_went(database: Database) -> None:
    async with stage(database, plan=WITH_DEPUTY, joined=EVERYBODY) as here:
        office = running(here)
        await office.at(STOPPED)
        back = STOPPED + STOPS["3 days"]
        async for _ in office.through(back, back + timedelta(days=8)):
            pass
        climbed = [row for row in await table(database) if " above " in row or " deputy " in row]
    assert climbed == [
        # Lan was asked on Thursday the 24th: Hoa's turn would be after the closing day.
        "monthly-nothing-new 2026-12  B1 above  mai  sent Thu 12-31 07:30",
        "monthly-nothing-new 2026-12  B1 deputy hoa  skipped: too late",
        # There is no deputy, and three days after the letter is a Sunday.
        "monthly-nothing-new 2026-12  B2 above  mai  sent Mon 12-28 07:30",
        "monthly-nothing-new 2026-12  B3 above  mai  sent Thu 12-24 07:30",
        "monthly-nothing-new 2026-12  C1 above  oanh sent Mon 12-28 07:30",
    ]
