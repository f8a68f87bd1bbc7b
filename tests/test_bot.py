import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from language import sensitive
from storage.schema import migrate
from storage.tables import invites, outbox, units
from tests.cast import PLAN, free_port
from tests.desk import Desk

ROOT = Path(__file__).parent.parent
CANARY = "123456789:AAcanaryCanaryCanaryCanaryCanaryCan"
MONDAY = "2026-11-23T07:30"


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The cast's office, imported."""
    return desk.with_office()


@pytest.mark.parametrize(
    "words",
    [
        ("unknown",),
        ("job", "unknown"),
        ("job", "weekly-digest", "--at", "monday"),
        ("job", "delivery", "--dry-run"),
        ("invite",),
        ("invite", "--role", "secretary"),
        ("import",),
        ("read", "--today", "yesterday"),
    ],
)
def test_misuse_ends_with_status_2(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk(*words).exit_code == 2


@pytest.mark.parametrize("command", ["run", "demo", "migrate", "invite", "import", "job", "read"])
def test_every_command_has_its_help(desk: Desk, command: str) -> None:
    done = desk(command, "--help")

    assert done.exit_code == 0
    assert "Usage" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("invite", "--role", "admin"),
        ("job", "weekly-digest"),
        ("job", "upkeep"),
        ("job", "delivery"),
    ],
)
def test_without_the_current_schema_every_command_names_the_remedy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("KETNAP_TELEGRAM_TOKEN", CANARY)
    monkeypatch.setenv("KETNAP_TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("KETNAP_HTTP_PORT", str(free_port()))
    (desk.place / "data").mkdir()
    done = desk(*words)

    assert done.exit_code == 1
    assert "python bot.py migrate" in done.output


def test_run_without_a_channel_points_to_the_trial(desk: Desk) -> None:
    done = desk("run")

    assert done.exit_code == 1
    assert "python bot.py demo" in done.output


def test_a_setting_that_is_wrong_is_named_and_ends_with_status_1(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNAP_HTTP_PORT", "eighty")
    done = desk("migrate")

    assert done.exit_code == 1
    assert "KETNAP_HTTP_PORT" in done.output


def test_the_trial_refuses_to_be_reached_from_outside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNAP_HTTP_HOST", "0.0.0.0")  # noqa: S104 - what it refuses
    done = desk("demo")

    assert done.exit_code == 1
    assert "not loopback" in done.output


def test_an_invite_is_printed_once_and_kept_as_a_fingerprint_only(office: Desk) -> None:
    done = office("invite", "--role", "secretary", "--unit", "B3", "--name", "Lý Thị Sen")
    code = sensitive.invite_code(done.output.splitlines()[0])

    assert done.exit_code == 0
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{8}", code)
    assert code.encode() not in office.file.read_bytes()
    assert office.count(invites) == 1


@pytest.mark.parametrize(
    ("role", "unit"), [("secretary", "XA"), ("committee", "B1"), ("organiser", "B1"), ("admin", "T")]
)
def test_an_invite_for_a_role_that_is_not_held_there_is_refused(office: Desk, role: str, unit: str) -> None:
    done = office("invite", "--role", role, "--unit", unit)
    assert done.exit_code == 1
    assert f"a {role} is not held there" in done.output
    assert office.count(invites) == 0


def test_capitals_of_a_units_code_do_not_count(office: Desk) -> None:
    assert office("invite", "--role", "secretary", "--unit", "b1").exit_code == 0


def test_before_there_is_a_database_the_command_that_makes_it_is_named(desk: Desk) -> None:
    for command in (("invite", "--role", "admin"), ("job", "upkeep"), ("verify",)):
        done = desk(*command)
        assert done.exit_code == 1
        assert "python bot.py migrate" in done.output and "cannot be reached" not in done.output
    assert "server" not in desk("doctor").output


def test_an_invite_for_a_unit_that_is_not_there_is_refused(office: Desk) -> None:
    done = office("invite", "--role", "secretary", "--unit", "Z9")

    assert done.exit_code == 1
    assert office.count(invites) == 0


def test_a_check_of_a_workbook_writes_nothing_and_the_import_does(desk: Desk) -> None:
    desk("migrate")
    checked = desk("import", desk.workbook(), "--check")
    assert checked.exit_code == 0
    assert desk.count(units) == 0

    assert desk("import", desk.workbook()).exit_code == 0
    assert desk.count(units) == len(PLAN.units)
    again = desk("import", desk.workbook())
    assert again.exit_code == 0
    assert "units added" not in again.output


def test_a_workbook_that_is_none_is_refused_in_vietnamese(desk: Desk) -> None:
    desk("migrate")
    path = desk.place / "office.xlsx"
    path.write_text("not a workbook")
    done = desk("import", str(path))

    assert done.exit_code == 1
    assert done.output.strip()
    assert desk.count(units) == 0


def test_a_template_is_written_without_any_database(desk: Desk) -> None:
    done = desk("import", "--template", "mau.xlsx")

    assert done.exit_code == 0
    assert (desk.place / "mau.xlsx").stat().st_size > 1000


def test_a_dry_run_of_the_digest_says_who_and_why_and_writes_nothing(office: Desk) -> None:
    done = office("job", "weekly-digest", "--at", MONDAY, "--dry-run")

    assert done.exit_code == 0
    assert "committee of XA" in done.output
    assert "monitor of B1, monitor of B2" in done.output
    assert "2 letters would be planned" in done.output
    assert "Mai" not in done.output
    assert office.count(outbox) == 0


def test_the_digest_job_plans_once_however_often_it_is_run(office: Desk) -> None:
    for _ in range(3):
        assert office("job", "weekly-digest", "--at", MONDAY).exit_code == 0

    assert office.count(outbox) == 2
    assert "(planned already)" in office("job", "weekly-digest", "--at", MONDAY).output


def test_upkeep_can_be_run_by_hand(office: Desk) -> None:
    assert office("job", "upkeep").output == "0 rows forgotten, 0 counters differ\n"


def test_read_prints_one_json_object_a_line_and_needs_no_database(desk: Desk) -> None:
    done = desk("read", "--today", "2026-11-21", said="kết nạp Nguyễn Văn An 15/10\ntháng này\\nkhông phát sinh\n\n")
    rows = [json.loads(row) for row in done.output.splitlines()]

    assert done.exit_code == 0
    assert len(rows) == 3
    assert rows[0]["intent"] == "log_admission"
    assert not (desk.place / "data").exists()


def test_read_says_why_and_matches_names_below_a_unit(desk: Desk) -> None:
    why = desk("read", "--why", "--today", "2026-11-21", said="kết nạp Nguyễn Văn An 15/10\n")

    assert json.loads(why.output)["whole"]["rule"] == "admission.read"
    desk("migrate")
    assert desk("read", "--unit", "NOWHERE", said="còn mấy chỉ tiêu\n").exit_code == 1


@pytest.mark.parametrize("command", ["run", "demo"])
def test_told_to_stop_it_stops_in_good_order_and_its_logs_are_json_without_the_token(
    tmp_path: Path, command: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KETNAP_")}
    environment |= {
        "KETNAP_DATA_DIR": str(tmp_path),
        "KETNAP_TELEGRAM_TOKEN": CANARY,
        "KETNAP_TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}",
        "KETNAP_ZALO_TOKEN": CANARY,
        "KETNAP_ZALO_API_URL": f"http://127.0.0.1:{free_port()}",
        "KETNAP_HTTP_PORT": str(port := free_port()),
        "KETNAP_LOG_LEVEL": "DEBUG",
    }
    migrate(f"sqlite+aiosqlite:///{tmp_path / 'ketnap.db'}")

    bot_py = [sys.executable, str(ROOT / "bot.py"), command]
    with subprocess.Popen(
        bot_py, cwd=tmp_path, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        assert running.stderr is not None
        seen = until(running.stderr.readline, "lease taken name=send")
        with open_page(port) if command == "demo" else nullcontext():
            running.send_signal(signal.SIGTERM)
            seen += running.stderr.readlines()

    # Each line is one: a library's traceback would be none.
    rows = [json.loads(row) for row in seen]
    assert running.returncode == 0
    assert rows[-1]["says"].startswith("stopped")
    # That no platform answers is an error of its channel, and all that went wrong.
    assert {row["from"] for row in rows if row["level"] == "ERROR"} <= {"channels.standing"}
    assert CANARY.partition(":")[2] not in json.dumps(rows)


@contextmanager
def open_page(port: int) -> Generator[None]:
    """A page of the trial that has asked for news and waits for the answer, which comes as the trial ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as page:
        page.sendall(f"GET /trial/chat?known=999 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        time.sleep(0.3)
        yield
        assert page.recv(100).startswith(b"HTTP/1.1 200")


def until(line: Callable[[], str], words: str) -> list[str]:
    seen: list[str] = []
    while not seen or words not in seen[-1]:
        row = line()
        assert row, f"it ended before it said {words!r}: {seen}"
        seen.append(row)
    return seen
