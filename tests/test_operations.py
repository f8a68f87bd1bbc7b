"""What an operator does beside running: backups, a new machine, another database, and whether all is well."""

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings
from jobs.doctor import is_private
from storage import sealed
from storage.tables import people, units
from tests.desk import Desk
from tests.test_operator import is_refused

KEY = "canary-of-a-password, and a long one"


@pytest.fixture
def office(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A database with the cast's office in it, and a key."""
    monkeypatch.setitem(sealed.COST, "n", 2)
    monkeypatch.setenv("KETNAP_OFFICE_KEY", KEY)
    return desk.with_office()


def backups(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.place / "data" / "backups").iterdir())


def test_a_backup_brings_the_office_back_where_nothing_is_left_of_it(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office("backup")
    assert done.exit_code == 0, done.output
    [name] = backups(office)
    assert name.startswith("ketnap-2026-11-21-0900") and name in done.output
    file = office.place / "data" / "backups" / name
    is_refused(office("restore", str(file)), "not empty")
    counts = office.count(people), office.count(units)
    for path in office.file.parent.glob("ketnap.db*"):
        path.unlink()

    monkeypatch.setenv("KETNAP_OFFICE_KEY", "another")
    is_refused(office("restore", str(file)), "office key does not open")
    assert not office.file.exists()
    monkeypatch.setenv("KETNAP_OFFICE_KEY", KEY)
    back = office("restore", str(file))

    assert back.exit_code == 0, back.output
    assert "2026-11-21 09:00" in back.output and "Verified" in back.output
    assert (office.count(people), office.count(units)) == counts


def test_nothing_is_ever_written_out_in_clear(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KETNAP_OFFICE_KEY")

    is_refused(office("backup"), "KETNAP_OFFICE_KEY")
    is_refused(office("restore", "some.dump"), "KETNAP_OFFICE_KEY")
    monkeypatch.setenv("KETNAP_OFFICE_KEY_FILE", str(office.place / "none"))
    is_refused(office("backup"), "KETNAP_OFFICE_KEY_FILE")
    assert not (office.place / "data" / "backups").exists()


def test_only_the_newest_backups_are_kept_and_nothing_else_in_their_folder_is_touched(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = office.place / "office.toml"
    own.write_text("[retention]\nbackups = 2\n", encoding="utf-8")
    monkeypatch.setenv("KETNAP_OFFICE_FILE", str(own))
    elsewhere = office.place / "disk"
    elsewhere.mkdir()
    (elsewhere / "letter.txt").write_text("of somebody else")
    for hour in (9, 10, 11):
        monkeypatch.setenv("KETNAP_NOW", f"2026-11-21T{hour:02}:00")
        assert office("backup", "--to", str(elsewhere)).exit_code == 0

    kept = sorted(path.name[:20] for path in elsewhere.iterdir())
    assert kept == ["ketnap-2026-11-21-10", "ketnap-2026-11-21-11", "letter.txt"]


def test_an_office_moves_to_another_database(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    new = office.place / "new.db"
    done = office("move", "--to", f"sqlite+aiosqlite:///{new}")

    assert done.exit_code == 0, done.output
    assert "KETNAP_DATABASE_URL" in done.output and "Verified" in done.output
    assert office("move", "--to", "mysql://somewhere").exit_code == 2
    is_refused(office("move", "--to", f"sqlite+aiosqlite:///{new}"), "not empty")
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite+aiosqlite:///{new}")
    assert office("verify").exit_code == 0


def test_verify_names_what_is_wrong(office: Desk) -> None:
    done = office("verify")
    assert (done.exit_code, "Verified" in done.output) == (0, True)
    with sqlite3.connect(office.file) as there:
        there.execute("UPDATE meta SET value = '' WHERE name = 'audit_head'")
        there.execute("INSERT INTO counters VALUES (1, '2026-11-01', 'ceremony', '', 5)")
    there.close()

    is_refused(office("verify"), "audit: row", "counters: unit 1 2026-11 ceremony is 5; its entries: 0", "2 things")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no dump", sealed.MAGIC])
def test_what_is_no_backup_is_named_and_nothing_is_made_of_it(
    office: Desk, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("some.dump")
    file.write_bytes(content)
    monkeypatch.setenv("KETNAP_DATABASE_URL", "sqlite+aiosqlite:///data/other.db")

    is_refused(office("restore", str(file)), "no backup" if not content.startswith(sealed.MAGIC) else "damaged")
    assert not Path("data/other.db").exists()


# ── The doctor ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_doctor_finds_nothing_wrong_with_a_sound_office(office: Desk) -> None:
    assert office("backup").exit_code == 0
    done = office("doctor")

    assert done.exit_code == 0, done.output
    assert "All is well." in done.output and "WRONG" not in done.output
    for about in ("database: reached", "counters: as", "audit: unbroken", "backup: 0 hours", "disk:"):
        assert f"ok     {about}" in done.output
    assert "note   calendar: the days off of 2027" in done.output
    assert "note   KETNAP_HEARTBEAT_URL" in done.output
    assert KEY not in done.output


def test_the_doctor_names_each_thing_with_its_remedy_and_the_secrets_never(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = office.place / "office.toml"
    own.write_text("closing_day = 20\n[calendar]\nholidays = [2027-02-11]\n", encoding="utf-8")
    monkeypatch.setenv("KETNAP_OFFICE_FILE", str(own))
    monkeypatch.setenv("KETNAP_TELEGRAM_TOKEN", "7001:canary-of-a-password")
    monkeypatch.setenv("KETNAP_TELEGRAM_API_URL", "http://127.0.0.1:9")
    (office.place / ".env").write_text("")
    (office.place / ".env").chmod(0o644)
    with sqlite3.connect(office.file) as there:
        there.execute("INSERT INTO counters VALUES (1, '2026-11-01', 'ceremony', '', 5)")
        there.execute("INSERT INTO incidents VALUES (1, 'disk-low', 'one', 90, '2026-11-20 02:00:00', NULL)")
    there.close()

    done = office("doctor")

    is_refused(
        done,
        "note   office.toml: closing_day = 20 (shipped: 25)",
        "WRONG  permissions: others on this machine can read .env",
        "chmod 600 .env",
        "WRONG  incident: disk-low (one) since 2026-11-20 09:00",
        "WRONG  counters: 1 differ",
        "python bot.py verify",
        "WRONG  backup: none was written here",
        "WRONG  channel: telegram:7001",
        "KETNAP_TELEGRAM_PROXY",
        "5 things are wrong",
    )
    assert "days off of 2027" not in done.output


def test_the_doctor_says_of_an_old_or_missing_database_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.place / "data").mkdir(mode=0o755)
    is_refused(desk("doctor"), "WRONG  database", "python bot.py migrate", "chmod 700 data", "note   KETNAP_OFFICE_KEY")
    monkeypatch.setenv("KETNAP_DATABASE_URL", "postgresql+asyncpg://ketnap:canary-of-a-password@127.0.0.1:9/ketnap")
    is_refused(desk("doctor"), "WRONG  database: The database cannot be reached", "KETNAP_DATABASE_URL")


def test_a_data_folder_that_we_make_is_for_its_owner_alone(office: Desk) -> None:
    assert (office.place / "data").stat().st_mode & 0o077 == 0


def test_a_database_elsewhere_is_for_its_owner_alone_and_the_doctor_looks_at_it(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = office.place / "elsewhere.db"
    assert office("move", "--to", f"sqlite+aiosqlite:///{elsewhere}").exit_code == 0
    assert elsewhere.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite+aiosqlite:///{elsewhere}")
    assert "permissions" not in office("doctor").output
    elsewhere.chmod(0o644)

    is_refused(office("doctor"), f"WRONG  permissions: others on this machine can read {elsewhere}", "chmod 600")


def test_a_database_made_elsewhere_is_for_its_owner_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite+aiosqlite:///{desk.place}/made.db")

    assert desk("migrate").exit_code == 0
    assert (desk.place / "made.db").stat().st_mode & 0o077 == 0
    assert (desk.place / "data").stat().st_mode & 0o077 == 0, "backups stand there, wherever the database is"


def test_the_doctor_tries_the_key_on_the_newest_backup(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office("backup").exit_code == 0
    assert "ok     backup: the key opens ketnap-2026-11-21-0900" in office("doctor").output
    monkeypatch.setenv("KETNAP_OFFICE_KEY", "canary-of-a-password, and another one")

    is_refused(office("doctor"), "WRONG  backup: ketnap-2026-11-21-0900", "key does not open", "python bot.py backup")


@pytest.mark.parametrize(
    ("mode", "owner", "group", "is_sound"),
    [
        (0o100600, 1000, 1000, True),
        (0o100640, 0, 1000, True),
        (0o100440, 0, 1000, True),
        (0o100640, 0, 77, False),
        (0o100640, 1000, 1000, False),
        (0o100660, 0, 1000, False),
        (0o100644, 0, 1000, False),
        (0o040750, 0, 1000, False),
    ],
)
def test_a_file_of_root_may_be_read_by_the_group_of_the_bot(mode: int, owner: int, group: int, is_sound: bool) -> None:
    status = os.stat_result((mode, 0, 0, 1, owner, group, 0, 0, 0, 0))

    assert is_private(status, {1000}) is is_sound


def test_settings_that_may_not_be_read_are_named_with_the_remedy() -> None:
    # A folder that others may enter, for root reads whatever it likes and has to be somebody else for a moment.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        env = Path(folder) / ".env"
        env.write_text("KETNAP_HTTP_PORT=8080\n", encoding="utf-8")
        env.chmod(0)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(SettingsError, match=r"permission denied.*chmod 640"):
                load_settings(env)
        finally:
            os.seteuid(was)
