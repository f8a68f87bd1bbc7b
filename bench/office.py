"""The office that is measured, and what its secretaries say: the same for every bot, drawn from one seed."""

import random
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path

from sqlalchemy import Connection, insert, select

from domain.calendar import ZONE
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import UnitKind
from language.plain import fold
from storage.database import Database
from storage.office import load_plan
from storage.tables import addresses, people

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
FIRST_CHAT = 1000
COMMUNES = 5
PRESS = "Lưu"
"""A step that is the press of this button; whoever shows none hears the word."""

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thu", "Quang", "Thanh")
GIVEN = ("An", "Bình", "Cường", "Dung", "Giang", "Hải", "Hương", "Khánh", "Linh", "Nam", "Phúc", "Trang", "Tuấn", "Yến")

UNPACED = """
[timing]
per_second = 100000
per_chat_per_second = 1000
chat_burst = 1000
"""
"""The platform of the bench sets no limits where turns are measured."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many branches, each with a secretary who writes, and readers who get letters."""

    branches: int
    readers: int = 0


def branch_codes(size: Size) -> list[str]:
    return [f"B{n:03}" for n in range(size.branches)]


def script(chat: int, rounds: int, seed: int) -> list[str]:
    """What one secretary says: nothing in a month, then somebody admitted in the next, on a card that is saved."""
    chance = random.Random(seed * 100_003 + chat)
    steps: list[str] = []
    for turn in range(rounds):
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        steps += [
            f"tháng {2 * turn + 1} không có gì mới",
            f"kết nạp {name} {chance.randint(2, 27)}/{2 * turn + 2}",
            PRESS,
        ]
    return steps


async def furnish(url: str, size: Size, account: str) -> None:
    """Units, quotas, people and their chats into a database of ours."""
    branches = branch_codes(size)
    above = {code: f"X{n % COMMUNES}" for n, code in enumerate(branches)}
    readers = [f"R{n:03}" for n in range(size.readers)]
    plan = OfficePlan(
        units=(
            *(PlannedUnit(f"X{n}", f"Đảng bộ xã {n}", UnitKind.GRASSROOTS) for n in range(COMMUNES)),
            *(PlannedUnit(code, f"Chi bộ thôn {code}", UnitKind.BRANCH, above[code]) for code in branches),
        ),
        quotas=tuple(PlannedQuota(code, "2026", Target(3)) for code in branches),
        people=(
            *(PlannedPerson(code, f"Người {code}", Role.SECRETARY, code) for code in branches),
            *(PlannedPerson(key, f"Người {key}", Role.MONITOR, code) for key, code in zip(readers, cycle(branches))),
        ),
    )  # fmt: skip

    def connect(tx: Connection) -> None:
        ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
        blank = {"channel": "telegram", "account": account, "is_group": False, "is_blocked": False}
        blank |= {"blocked_reason": "", "guesses": 0, "heard_at": NOW, "last_item_id": 0}
        chats = [
            {**blank, "chat": str(FIRST_CHAT + n), "person_id": ids[key]} for n, key in enumerate([*branches, *readers])
        ]
        tx.execute(insert(addresses), chats)

    db = await Database.open(url)
    await load_plan(db, plan, fold, NOW.date(), NOW)
    await db.write(connect)
    await db.close()


def write_settings(folder: Path, *, paced: bool) -> Path:
    """The office's own settings: with the pace as shipped, or none."""
    path = folder / "office.toml"
    path.write_text("" if paced else UNPACED, encoding="utf-8")
    return path
