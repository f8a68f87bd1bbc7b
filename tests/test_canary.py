"""A canary token, names, texts and numbers go through the whole bot, in success and failure; then they are sought.

With SQLite the bot polls; with PostgreSQL it is brought messages by webhook.
"""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, insert, make_url, select, text, update

from domain.calendar import ZONE
from language.plain import fold
from storage.database import Database
from storage.office import load_plan
from storage.tables import addresses, metadata, people, questions
from tests.cast import PLAN, free_port
from tests.desk import Desk
from tests.platforms.client import Emulator, User

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
TOKEN = "1000000001:AAE-canaryBird_canaryBird_canaryBird"
SECRET = "webhook-canaryBird_canaryBird_canaryBird"
SAVED, DROPPED, LOST, BROKEN = "Chim Hoàng Yến", "Quạ Thị Khoang", "Cú Thị Mèo", "Vẹt Thị Xanh"
WORDS = "tu hú kêu ngoài vườn vải"
NUMBERS = ("001099123456", "0912345678")
OFFICER = "Phượng Văn Hoàng"
QUICK = (
    "[timing]\nlease_seconds = 4\nuncertain_seconds = 3\nper_second = 400\nper_chat_per_second = 50\nchat_burst = 50\n"
)


@pytest.fixture
def emulator() -> Generator[Emulator]:
    with Emulator.start("--token", TOKEN) as running:
        yield running


@pytest.fixture
def port(desk: Desk, emulator: Emulator, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The settings are made; this is the port of the door."""
    (tmp_path / "office.toml").write_text(QUICK, encoding="utf-8")
    port = free_port()
    webhook = {"KETNAP_PUBLIC_URL": f"http://127.0.0.1:{port}", "KETNAP_WEBHOOK_SECRET": SECRET}
    emulator.config(webhook_retry_base=0.2)
    settings = (webhook if database_url.startswith("postgresql") else {}) | {
        "KETNAP_OFFICE_FILE": str(tmp_path / "office.toml"),
        "KETNAP_DATA_DIR": str(tmp_path / "data"),
        "KETNAP_DATABASE_URL": database_url,
        "KETNAP_TELEGRAM_TOKEN": TOKEN,
        "KETNAP_TELEGRAM_API_URL": emulator.api_url,
        "KETNAP_HTTP_PORT": str(port),
        "KETNAP_LOG_LEVEL": "DEBUG",
        "KETNAP_NOW": NOW.isoformat(),
        "PYTHONASYNCIODEBUG": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return port


def test_what_must_not_be_told_is_nowhere(
    desk: Desk, emulator: Emulator, port: int, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_office(database_url, TOKEN.split(":", maxsplit=1)[0]))
    done = _told(desk, "invite", "--role", "secretary", "--unit", "B3", "--name", OFFICER)
    code = next(line for line in done.splitlines() if len(line) == 9).replace(" ", "")
    process = subprocess.Popen(
        [sys.executable, "bot.py", "run"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        emulator.wait_polled(120)
        lan = emulator.user(1, "Lan")
        _success(emulator, lan, code)
        _failure(emulator, lan)
        _handler_bug(database_url, lan)
        _locked(database_url, lan)
        pages = _pages(port)
    finally:
        process.terminate()
        output = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0, output
    assert "turn failed" in output, "the broken card was no failure: is this still a test?"
    assert "reference=" in output

    calls = emulator.stats()["calls"]
    assert bool(calls.get("setWebhook")) != bool(calls.get("getUpdates")), "it was to listen in one way"
    spoken = (SAVED, DROPPED, LOST, BROKEN, WORDS, OFFICER, *NUMBERS, code, f"{code[:4]} {code[4:]}")
    _nowhere(output + pages, TOKEN, TOKEN.partition(":")[2], SECRET, *spoken)
    tables = asyncio.run(_dump(database_url))
    for name, dumped in tables.items():
        allowed = {"people": {OFFICER}, "candidates": {SAVED, DROPPED, LOST, BROKEN}, "inbox": set(spoken)}
        _nowhere(dumped, TOKEN, SECRET, *NUMBERS, code, *(word for word in spoken if word not in allowed.get(name, ())))
    _nowhere(tables["inbox"], *NUMBERS, code)
    assert SAVED in tables["candidates"] and OFFICER in tables["people"]

    monkeypatch.setenv("KETNAP_NOW", "2026-12-01T03:00:00+07:00")
    _nowhere(_told(desk, "job", "upkeep"), TOKEN, *spoken)
    for name, dumped in asyncio.run(_dump(database_url)).items():
        _nowhere(dumped, DROPPED, LOST, WORDS, *(() if name == "candidates" else (SAVED,)))
    files = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in (TOKEN, DROPPED, LOST, BROKEN, WORDS, *NUMBERS, code):
        assert word.encode() not in files, word


def _success(emulator: Emulator, lan: User, code: str) -> None:
    lan.says(f"kết nạp {SAVED} 15/10 cccd {NUMBERS[0]}, sđt {NUMBERS[1]}")
    lan.expect("sendMessage", button="Lưu", timeout=60)
    lan.taps("Lưu")
    lan.expect("sendMessage", contains="Đã ghi số", timeout=60)
    lan.says(f"thêm nguồn {DROPPED} 1990")
    lan.expect("sendMessage", button="Bỏ", timeout=60)
    lan.taps("Bỏ")
    lan.expect("sendMessage", contains="Đã bỏ", timeout=60)
    lan.says(WORDS)
    lan.expect("sendMessage", contains="chưa hiểu", timeout=60)
    lan.says(f"{DROPPED} nộp đơn rồi")
    lan.expect("sendMessage", contains="không có ai", timeout=60)
    lan.sends_photo(b"\xff\xd8", caption=f"Ảnh {DROPPED}")
    lan.expect("sendMessage", contains="không nhận ảnh", timeout=60)
    joining = emulator.user(2, "Ai đó")
    joining.says(f"/start {code}")
    joining.expect("sendMessage", contains="Chi bộ trường THCS", timeout=60)
    group = emulator.user(1, "Lan").in_chat(-1001)
    group.extra = {"chat_type": "supergroup"}
    group.says(f"/ketnap {LOST} 15/10")


def _failure(emulator: Emulator, lan: User) -> None:
    """The platform fails in every way while a card with a name is on its way."""
    faults: list[dict[str, Any]] = [
        {"kind": "reset_after"},
        {"kind": "http", "status": 500},
        {"kind": "garbage"},
        {"kind": "429", "retry_after": 1},
        {"kind": "error", "status": 400, "description": f'Bad Request: wrong "{LOST}"'},
    ]
    for fault in faults:
        emulator.fault("sendMessage", times=1, **fault)
        lan.says(f"kết nạp {LOST} 16/10")
        lan.says("bỏ")
        # A card that was refused for good was never seen: then nothing may be open that could be dropped.
        lan.expect("sendMessage", contains="" if fault["kind"] == "error" else "Đã bỏ", timeout=60)
    emulator.fault("getUpdates", "garbage", times=2)
    lan.says(f"kết nạp {LOST} 16/10")
    lan.expect("sendMessage", button="Lưu", timeout=60)
    lan.says("bỏ")
    lan.expect("sendMessage", contains="Đã bỏ", timeout=60)
    gone = emulator.user(3, "Hùng")
    gone.blocks_bot()
    emulator.fault(
        "sendMessage", "error", times=1, status=403, description="Forbidden: bot was blocked by the user", chat_id=3
    )
    gone.blocks_bot(False)
    gone.says(f"kết nạp {LOST} 16/10")
    time.sleep(1)
    emulator.clear_faults()


def _handler_bug(url: str, lan: User) -> None:
    """A card whose row was broken: the error that comes of it quotes the row."""
    lan.says(f"kết nạp {BROKEN} 17/10")
    lan.expect("sendMessage", button="Lưu", timeout=60)
    broken = {"form": "admission", "fields": {"people": f"kết nạp {BROKEN}", "unit_id": "x"}}

    def write(tx: Connection) -> None:
        newest = tx.scalar(select(questions.c.id).order_by(questions.c.id.desc()).limit(1))
        tx.execute(update(questions).where(questions.c.id == newest).values(draft=broken))

    asyncio.run(_writing(url, write))
    lan.says(f"{BROKEN} ngày 18/10")
    lan.expect("sendMessage", contains="Có lỗi, mã", timeout=60)
    # Nothing broken is left behind: what is sought afterwards was the bot's to keep.
    asyncio.run(_writing(url, lambda tx: tx.execute(update(questions).values(draft=None))))


def _locked(url: str, lan: User) -> None:
    """Somebody holds the database for longer than the bot waits for it."""
    if url.startswith("sqlite"):
        holder = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        lan.says(f"thêm nguồn {LOST} 1991")
        time.sleep(7)
        holder.execute("ROLLBACK")
        holder.close()
    else:

        def hold(tx: Connection) -> None:
            tx.execute(text("LOCK TABLE lanes, inbox, outbox IN ACCESS EXCLUSIVE MODE"))
            lan.says(f"thêm nguồn {LOST} 1991")
            time.sleep(7)

        asyncio.run(_writing(url, hold))
    lan.expect("sendMessage", button="Lưu", timeout=60)
    lan.says("bỏ")
    lan.expect("sendMessage", contains="Đã bỏ", timeout=60)


def _pages(port: int) -> str:
    """What those see who watch over the bot."""
    told = [httpx.get(f"http://127.0.0.1:{port}/{page}", trust_env=False) for page in ("healthz", "metrics")]
    assert [page.status_code for page in told] == [200, 200], told[0].text
    return "".join(page.text for page in told)


def _nowhere(found: str, *words: str) -> None:
    for word in words:
        for form in {word, fold(word), json.dumps(word)[1:-1], repr(word.encode())[2:-1]}:
            at = found.find(form)
            assert at < 0, f"{word!r} stands in: …{found[max(0, at - 200) : at + 100]}…"


def _told(desk: Desk, *words: str) -> str:
    """All that a command prints and logs."""
    done = desk(*words)
    assert done.exit_code == 0, done.output
    _nowhere(done.output, TOKEN)
    return done.output


async def _office(url: str, account: str) -> None:
    db = await Database.open(url)
    plan = replace(PLAN, people=tuple(one for one in PLAN.people if one.key in ("lan", "hung", "oanh")))
    await load_plan(db, plan, fold, NOW.date(), NOW)

    def connect(tx: Connection) -> None:
        for key, chat in (("lan", "1"), ("hung", "3")):
            person_id = tx.scalar(select(people.c.id).where(people.c.key == key))
            here = {"channel": "telegram", "account": account, "chat": chat, "person_id": person_id, "heard_at": NOW}
            told = {"is_group": False, "is_blocked": False, "blocked_reason": "", "guesses": 0, "last_item_id": 0}
            tx.execute(insert(addresses).values(**here, **told))

    await db.write(connect)
    await db.close()


async def _writing(url: str, change: Callable[[Connection], object]) -> None:
    db = await Database.open(url)
    await db.write(change)
    await db.close()


async def _dump(url: str) -> dict[str, str]:
    db = await Database.open(url)
    dumped = await db.write(
        lambda tx: {
            table.name: str([tuple(row) for row in tx.execute(select(table))]) for table in metadata.sorted_tables
        }
    )
    await db.close()
    return dumped
