import asyncio
import shutil
import sqlite3
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from domain.changes import Looked
from storage import sealed
from storage.audit import first_broken
from storage.database import Database
from storage.dump import write_dump
from storage.errors import DatabaseAway, SchemaTooNew
from storage.leases import take_lease
from storage.restoring import NotEmpty, move_database, read_contents, restore_dump
from storage.schema import migrate
from storage.sealed import Damaged, DumpTrouble, WrongKey
from storage.tables import entries, leases, metadata, outbox, questions
from storage.verify import flaws
from tests.storage.small_office import NOW, TODAY, SmallOffice, card, small_office

KEY = "khóa của văn phòng"
GOLDEN = Path(__file__).parent / "golden"
KEPT = ("entries", "counters", "audit")


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealed.COST, "n", 2)


@pytest.fixture
async def here(sqlite_template: Path, tmp_path: Path) -> AsyncGenerator[SmallOffice]:
    """The small office on SQLite, where it makes no difference."""
    shutil.copy(sqlite_template, tmp_path / "here.db")
    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'here.db'}") as db:
        yield await small_office(db)


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}"


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    db = await Database.open(url)
    try:
        await db.check_schema()
        yield db
    finally:
        await db.close()


async def all_rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with db.snapshot() as tx:
        return {
            table.name: [tuple(row) for row in await tx.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in ("leases", "signs")
        }


async def work(office: SmallOffice, *names: str) -> None:
    """Entries, open cards and looks, as an office at work leaves them."""
    contact = await office.contact()
    for name in names:
        await office.admit(await office.candidate(name), TODAY)
        await office.turn(card(f"Ghi {name}?"), contact_id=contact)


# ── There and back ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_busy_database_is_dumped_as_of_one_moment_and_comes_back_whole_on_either_kind(
    office: SmallOffice, empty_url: str, tmp_path: Path
) -> None:
    await work(office, "Lê Văn A", "Lê Văn B")
    candidate = await office.candidate("Lê Văn C")
    number = await office.admit(candidate, TODAY)
    await office.admit(replace(candidate, version=candidate.version + 1), TODAY - timedelta(days=1), replaces=number)
    done = asyncio.Event()

    async def keep_writing() -> int:
        count = 0
        while not done.is_set():
            await office.admit(await office.candidate(f"Người {count}"), TODAY - timedelta(days=count))
            count += 1
        return count

    writing = asyncio.create_task(keep_writing())
    await asyncio.sleep(0)
    dumps = [tmp_path / f"{n}.dump" for n in range(2)]
    for file in dumps:
        await write_dump(office.db, file, KEY, NOW)
    done.set()
    assert await writing > 0

    contents = await restore_dump(empty_url, dumps[1], KEY, None)
    now_there = await all_rows(office.db)
    async with opened(empty_url) as back:
        rows = await all_rows(back)
        assert {name: len(found) for name, found in rows.items()} == {name: contents.rows[name] for name in rows}
        for name in ("entries", "audit"):
            assert rows[name] == now_there[name][: len(rows[name])] and len(rows[name]) >= 4
        assert back.salt == office.db.salt
        # Counters are of the same moment as the entries, and the chain ends where its head says.
        assert await flaws(back) == []

        # It goes on from there: no number is given twice.
        there = SmallOffice(back, office.unit, office.people)
        assert await there.admit(await there.candidate("Người mới"), TODAY) > rows["entries"][-1][0]
        await work(there, "Người nữa")
        assert await flaws(back) == []


async def test_numbers_given_to_rows_that_are_gone_are_not_given_again_on_postgresql(
    office: SmallOffice, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if office.db.is_sqlite:
        pytest.skip("SQLite counts on from the rows that are there")
    contact = await office.contact()
    await office.turn(card(), contact_id=contact)
    await office.turn(card(), contact_id=contact)
    async with office.db.reading() as tx:
        last = max((await tx.execute(select(questions.c.id))).scalars())
    await office.db.write(lambda tx: tx.execute(text("DELETE FROM outbox")))
    await office.db.write(lambda tx: tx.execute(text("DELETE FROM questions")))
    await write_dump(office.db, tmp_path / "d", KEY, NOW)
    server = request.getfixturevalue("postgres")
    name = server.create(empty=True)
    await restore_dump(server.url(name), tmp_path / "d", KEY, None)
    async with opened(server.url(name)) as back:
        await SmallOffice(back, office.unit, office.people).turn(card(), contact_id=contact)
        async with back.reading() as tx:
            assert (await tx.execute(select(questions.c.id))).scalars().all() == [last + 1]
    server.drop(name)


async def test_what_waited_to_be_said_when_it_was_dumped_is_not_said_after_a_loss(
    here: SmallOffice, elsewhere: str, tmp_path: Path
) -> None:
    contact = await here.contact()
    await here.turn(card(), contact_id=contact)
    await write_dump(here.db, tmp_path / "d", KEY, NOW)
    await restore_dump(elsewhere, tmp_path / "d", KEY, NOW + timedelta(hours=3))
    async with opened(elsewhere) as back, back.reading() as tx:
        rows = (await tx.execute(select(outbox.c.state, outbox.c.reason, outbox.c.body))).all()
    assert [tuple(row) for row in rows] == [("cancelled", "restored", None)]


async def test_a_database_moves_to_another_unless_the_bot_is_at_work_on_it(
    here: SmallOffice, elsewhere: str, tmp_path: Path
) -> None:
    await work(here, "Lê Văn A")
    await take_lease(here.db, "hear:telegram:7001", "somebody", 60)
    with pytest.raises(DumpTrouble, match="running"):
        await move_database(here.db, elsewhere, tmp_path, NOW)
    await here.db.write(lambda tx: tx.execute(update(leases).values(lease_until=0.0)))

    await move_database(here.db, elsewhere, tmp_path, NOW)

    async with opened(elsewhere) as back:
        assert await all_rows(back) == await all_rows(here.db)
    assert [path.name for path in tmp_path.iterdir() if "move" in path.name] == []


# ── The golden databases ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("revision", sorted(path.stem for path in GOLDEN.glob("*.sql")))
async def test_a_database_of_each_released_schema_is_brought_up_and_loses_nothing(
    revision: str, empty_url: str, tmp_path: Path
) -> None:
    old = tmp_path / "golden.db"
    there = sqlite3.connect(old)
    there.executescript((GOLDEN / f"{revision}.sql").read_text(encoding="utf-8"))
    kept = {name: there.execute(f"SELECT * FROM {name}").fetchall() for name in KEPT}  # noqa: S608 - our own
    there.close()
    # On PostgreSQL it arrives as a dump, which is the same file that an office has.
    source = await Database.open(f"sqlite+aiosqlite:///{old}")
    contents = await write_dump(source, tmp_path / "d", KEY, NOW)
    await source.close()
    assert contents.revision == revision
    await restore_dump(empty_url, tmp_path / "d", KEY, None)
    if empty_url.startswith("sqlite"):
        await asyncio.to_thread(migrate, f"sqlite+aiosqlite:///{old}")
    for url in {empty_url, f"sqlite+aiosqlite:///{old}"} if empty_url.startswith("sqlite") else {empty_url}:
        async with opened(url) as back:
            assert await flaws(back) == []
            rows = await all_rows(back)
            assert {name: len(rows[name]) for name in kept} == {name: len(found) for name, found in kept.items()}
            assert [row[0] for row in rows["entries"]] == [row[0] for row in kept["entries"]]
            assert [row[-1] for row in rows["audit"]] == [row[-1] for row in kept["audit"]]


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dump_goes_nowhere_but_into_an_empty_place(here: SmallOffice, tmp_path: Path) -> None:
    await write_dump(here.db, tmp_path / "d", KEY, NOW)
    with pytest.raises(NotEmpty):
        await restore_dump(here.db.url, tmp_path / "d", KEY, None)
    await here.db.check_schema()


async def test_a_wrong_key_and_every_kind_of_damage_are_named_and_nothing_is_left_behind(
    here: SmallOffice, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "d"
    await write_dump(here.db, file, KEY, NOW)
    whole = file.read_bytes()
    assert KEY.encode() not in whole and b"Nguy" not in whole and b"secretary" not in whole
    with pytest.raises(WrongKey):
        await restore_dump(elsewhere, file, "another key", None)
    broken = {
        "cut short": whole[:-1],
        "cut at the end of a piece": whole[: len(whole) // 2],
        "something behind it": whole + b"x",
        "a bit in the middle": whole[: len(whole) // 2]
        + bytes([whole[len(whole) // 2] ^ 1])
        + whole[len(whole) // 2 + 1 :],
        "only its head": whole[: len(sealed.MAGIC)],
        "its head says more": whole.replace(b'"n": 2', b'"n": 4', 1),
        "its head wants all memory": whole.replace(b'"n": 2,', b'"n": 9e9', 1),
        "no dump": b"PK\x03\x04",
        "nothing": b"",
    }
    for what, content in broken.items():
        file.write_bytes(content)
        with pytest.raises(DumpTrouble):
            pytest.fail(f"{what} was read: {await restore_dump(elsewhere, file, KEY, None)}")
    file.unlink()
    with pytest.raises(DatabaseAway, match="No such file"):
        await restore_dump(elsewhere, file, KEY, None)
    file.write_bytes(whole)
    assert (await read_contents(file, KEY)).count > 0
    await restore_dump(elsewhere, file, KEY, None)


def test_pieces_that_change_places_or_are_left_out_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "sealed"
    with file.open("wb") as out:
        writer = sealed.SealedWriter(out, KEY)
        writer.write(bytes(3 * sealed.PIECE_BYTES))
        writer.write(b"end")
        writer.close()
    content = file.read_bytes()
    size = sealed.PIECE_BYTES + sealed.TAG_BYTES
    head = len(content) - 3 * size - len(b"end") - sealed.TAG_BYTES
    pieces = [content[head + n * size : head + (n + 1) * size] for n in range(4)]
    for order in ([1, 0, 2, 3], [0, 2, 3], [0, 1, 2], [0, 1, 2, 3, 3], [3]):
        file.write_bytes(content[:head] + b"".join(pieces[n] for n in order))
        with file.open("rb") as there, pytest.raises(Damaged):
            sealed.SealedReader(there, KEY).read()
    file.write_bytes(content)
    with file.open("rb") as there:
        assert sealed.SealedReader(there, KEY).read() == bytes(3 * sealed.PIECE_BYTES) + b"end"


@pytest.mark.parametrize(
    "head",
    [
        b'{"n": "32768", "r": 8, "p": 1, "salt": "00"}',
        b'{"n": Infinity, "r": 8, "p": 1, "salt": "00"}',
        b'{"n": 32768.5, "r": 8, "p": 1, "salt": "00"}',
        b'{"n": true, "r": 8, "p": 1, "salt": "00"}',
        b'{"n": 32767, "r": 8, "p": 1, "salt": "00"}',
        b'{"n": 2, "r": 1, "p": 8000000, "salt": "00"}',
        b'{"n": 1, "r": 1, "p": 1, "salt": 5}',
        b'{"n": ' + b"9" * 900 + b', "r": 8, "p": 1, "salt": ""}',
        b"[" * 1000,
        b"[]",
        b"\xff",
    ],
)
def test_a_head_made_by_hand_is_damage_and_costs_nothing(tmp_path: Path, head: bytes) -> None:
    file = tmp_path / "sealed"
    file.write_bytes(sealed.MAGIC + len(head).to_bytes(4, "big") + head + bytes(100))
    with file.open("rb") as there, pytest.raises(DumpTrouble):
        sealed.SealedReader(there, KEY)


async def test_a_dump_of_a_newer_program_is_refused(here: SmallOffice, elsewhere: str, tmp_path: Path) -> None:
    await here.db.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await write_dump(here.db, tmp_path / "d", KEY, NOW)
    with pytest.raises(SchemaTooNew, match="newer version"):
        await restore_dump(elsewhere, tmp_path / "d", KEY, None)


async def test_the_file_appears_whole_and_is_for_its_owner_alone(here: SmallOffice, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "down"
    await write_dump(here.db, place / "d", KEY, NOW)
    assert [path.name for path in place.iterdir()] == ["d"]
    assert stat.S_IMODE((place / "d").stat().st_mode) == 0o600
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseAway):
        await write_dump(here.db, tmp_path / "file" / "d", KEY, NOW)


# ── What is wrong is found ──────────────────────────────────────────────────────────────────────────────────────────


async def test_an_office_at_work_has_no_flaws_and_each_flaw_is_named(office: SmallOffice) -> None:
    await work(office, "Lê Văn A", "Lê Văn B")
    await office.apply(Looked("list", office.unit["CB1"], 2))
    assert await flaws(office.db) == []

    wounds = {
        "counters: unit": "UPDATE counters SET amount = amount + 1 WHERE fact = 'ceremony'",
        "audit: row 3": "UPDATE audit SET what = 'other' WHERE id = 3",
        "yet another took its place": "UPDATE entries SET replaced_by = number",
        "yet by no entry": "UPDATE entries SET state = 'replaced'",
        "counted elsewhere": "UPDATE entries SET path = '/1/'",
    }
    for found, wound in wounds.items():

        def wounded(tx: Any, wound: str = wound) -> None:
            tx.execute(text(wound))

        before = await all_rows(office.db)
        await office.db.write(wounded)
        assert any(found in line for line in await flaws(office.db)), found
        await put_back(office.db, before)
    async with office.db.reading() as tx:
        assert await tx.run_sync(first_broken) is None


async def put_back(db: Database, before: dict[str, list[tuple[Any, ...]]]) -> None:
    def write(tx: Any) -> None:
        for table in (metadata.tables["counters"], metadata.tables["audit"], entries):
            for row in before[table.name]:
                values = dict(zip(table.columns.keys(), row, strict=True))
                key = [column == values[column.name] for column in table.primary_key.columns]
                tx.execute(update(table).where(*key).values(values))

    await db.write(write)


async def test_a_row_that_points_at_nothing_is_found_in_a_file_others_worked_on(
    here: SmallOffice, tmp_path: Path
) -> None:
    there = sqlite3.connect(tmp_path / "here.db")
    there.execute("UPDATE quotas SET unit_id = 999 WHERE id = 1")
    there.commit()
    there.close()
    assert await flaws(here.db) == ["keys: quotas.unit_id points at nothing in 1 rows"]
