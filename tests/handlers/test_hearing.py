from datetime import datetime

import pytest

from domain.calendar import ZONE
from domain.messages import Address, Incoming, Kind
from handlers.hearing import cut, hearing
from language import sensitive
from storage.database import Database
from storage.fingerprints import fingerprint
from storage.inbox import accept


def heard(text: str) -> Incoming:
    return Incoming("test:1", Address("test", "bot", "lan"), "lan", Kind.TEXT, text)


def test_what_is_heard_is_cut_before_it_is_kept() -> None:
    kept = cut(heard("kết nạp chị Lan, cccd 012345678901"), b"salt")

    assert "012345678901" not in kept.text
    assert kept.marks


def test_an_invite_code_is_kept_as_its_fingerprint() -> None:
    kept = cut(heard("/start ABCD2345"), b"salt")

    assert kept.code == fingerprint("ABCD2345", b"salt")
    assert "ABCD2345" not in kept.text


def test_if_cutting_fails_only_the_ids_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> sensitive.Cut:
        raise RecursionError

    monkeypatch.setattr(sensitive, "cut", fail)
    kept = cut(heard("cccd 012345678901"), b"salt")

    assert kept == Incoming("test:1", Address("test", "bot", "lan"), "lan", Kind.UNREADABLE)


async def test_what_is_heard_twice_is_kept_once(database: Database) -> None:
    hear = hearing(database, lambda kept: accept(database, kept, datetime(2026, 11, 21, 9, tzinfo=ZONE)))
    await hear([heard("xin chào"), heard("xin chào")])
    await hear([heard("xin chào")])

    async with database.reading() as tx:
        texts = (await tx.exec_driver_sql("select text from inbox")).scalars().all()
    assert texts == ["xin chào"]
