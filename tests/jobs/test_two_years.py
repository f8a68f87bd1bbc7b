"""Twelve people of three branches from the list to official membership, by chat, over two years under a fast clock.

Every letter about a deadline stands in `two_years.txt`, as its reader sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.calendar import ZONE, is_quiet, is_working_day
from jobs import deadlines
from storage.database import Database
from storage.tables import candidates, entries, moves, outbox, planned
from tests.cast import WITH_DEPUTY, Stage, shown, stage
from tests.jobs.recording import Recorder
from tests.jobs.running import running
from tests.test_conversations import fresh

GOLDEN = Path(__file__).parent / "two_years.txt"
FIRST, LAST = date(2026, 11, 22), date(2028, 11, 30)
NOON, MIDNIGHT, MORNING = time(12), time(0, 5), time(7, 30)

STEPS: dict[str, tuple[str, ...]] = {
    "listed": ("thêm nguồn: {name} 1997", "Lưu"),
    "class": ("{name} đã học xong lớp cảm tình, gcn cấp {day}",),
    "application": ("{name} đã nộp đơn xin vào đảng",),
    "dossier": ("{name} đang làm hồ sơ",),
    "cv": ("{name} đã khai xong lý lịch",),
    "verified": ("{name} đã thẩm tra xong lý lịch",),
    "opinions": ("đã có ý kiến nơi cư trú của {name}",),
    "vote": ("chi bộ họp xét kết nạp {name}, 14/20 phiếu tán thành",),
    "failed": ("chi bộ họp xét kết nạp {name}, 13/20 phiếu tán thành",),
    "renewed": ("chi bộ họp xét kết nạp {name}, 14/20 phiếu tán thành", "Đã bổ sung lại hồ sơ"),
    "review": ("đã nộp hồ sơ {name} lên đảng ủy",),
    "returned": ("hồ sơ của {name} bị trả lại",),
    "decision": ("Đảng ủy đã có quyết định kết nạp {name}, QĐ 88 ngày {day}, chưa làm lễ", "Lưu"),
    "ceremony": ("kết nạp {name} {day}", "Lưu"),
    "new class": ("{name} đã học xong lớp đảng viên mới",),
    "proposed": ("chi bộ đã họp đề nghị công nhận chính thức cho {name}",),
    "official": ("chuyển chính thức cho {name} {day}", "Lưu"),
    "away": ("rút {name} khỏi nguồn vì đi làm ăn xa", "Lưu"),
    "moved": ("đảng viên {name} chuyển sinh hoạt đi nơi khác ngày {day}", "Lưu"),
}
"""How each step is told: the sentence, then the buttons."""

PAPERS = "application 7, dossier 7, cv 14, verified 30, opinions 14"
TO_DECISION = f"class 30, {PAPERS}, vote 21, review 7, decision 40"
RETURNED = "returned 20, verified 10, opinions 5, vote 10, review 3"
ON_PROBATION = "new class 240, proposed 140, official 30"
STORY: tuple[tuple[str, str, date, str], ...] = (
    # Who tells it, of whom, from which day on, and after how many days each step follows.
    ("lan", "Trần Thị Na", date(2026, 11, 25), f"listed 0, {TO_DECISION}, ceremony 14, {ON_PROBATION}"),
    (
        "lan",
        "Lê Văn Ba",
        date(2026, 12, 1),
        f"listed 0, class 20, {PAPERS}, failed 10, vote 31, review 7, decision 35, ceremony 20, {ON_PROBATION}",
    ),
    # The certificate of January 2022 runs out; the class is taken again, and all goes on.
    ("lan", "Hà Thị Tú", date(2026, 11, 24), f"listed 0, class@15/1/2022 1, class 120, {PAPERS}, vote 20, decision 30"),
    ("lan", "Đỗ Thị Hạnh", date(2026, 12, 2), "listed 0, class 30, application 20, away 60"),
    # The ceremony is held long after its time.
    ("hung", "Bùi Văn Mười", date(2026, 11, 26), f"listed 0, {TO_DECISION}, ceremony 70, {ON_PROBATION}"),
    (
        "hung",
        "Vũ Thị Lành",
        date(2026, 12, 3),
        f"listed 0, class 20, {PAPERS}, vote 20, review 7, {RETURNED}, decision 20, ceremony 10, {ON_PROBATION}",
    ),
    # A dossier lies for over a year before the branch votes.
    ("hung", "Cao Văn Dũng", date(2026, 12, 4), f"listed 0, class 25, {PAPERS}, renewed 330, decision 40, ceremony 20"),
    ("hung", "Phan Thị Sen", date(2026, 12, 7), f"listed 0, {TO_DECISION}, ceremony 12, moved 60"),
    ("cuc", "Sùng A Páo", date(2026, 11, 27), f"listed 0, {TO_DECISION}, ceremony 10, {ON_PROBATION}"),
    ("cuc", "Chamaléa Thị Mến", date(2027, 1, 11), f"listed 0, {TO_DECISION}, ceremony 10, {ON_PROBATION}"),
    ("cuc", "Lò Văn Thận", date(2027, 2, 15), f"listed 0, {TO_DECISION}, ceremony 21, {ON_PROBATION}"),
    ("cuc", "Arất Thị Blưn", date(2027, 3, 1), f"listed 0, {TO_DECISION}, ceremony 15, new class 200, proposed 166"),
)


@dataclass(frozen=True, slots=True)
class Event:
    on: date
    who: str
    name: str
    step: str
    day: date

    def words(self) -> tuple[str, ...]:
        day = f"{self.day.day}/{self.day.month}/{self.day.year}"
        return tuple(each.format(name=self.name, day=day) for each in STEPS[self.step])


def events() -> Iterator[Event]:
    for who, name, begins, way in STORY:
        day = begins
        for told in way.split(", "):
            named, days = told.rsplit(" ", 1)
            step, _, dated = named.partition("@")
            day = day + timedelta(days=int(days))
            parts = [int(part) for part in dated.split("/")] if dated else []
            yield Event(day, who, name, step, date(parts[2], parts[1], parts[0]) if parts else day)


@pytest.mark.anyio
async def test_twelve_people_in_two_years_and_every_letter_on_its_day(sqlite_template: Path, tmp_path: Path) -> None:
    async with fresh(sqlite_template, tmp_path / "two_years.db") as db:
        async with stage(db, plan=WITH_DEPUTY, joined=("lan", "hoa", "hung", "cuc", "mai", "oanh")) as here:
            told = await _play(here)
        await _check_records(db)
    assert told == GOLDEN.read_text(encoding="utf-8").strip().split("\n\n")[1:], "the first part is the head"


async def _play(here: Stage) -> list[str]:
    """Day after day: what is planned at midnight, what goes out in the morning, what is told at noon."""
    office = running(here)
    by_day: dict[date, list[Event]] = {}
    for event in events():
        by_day.setdefault(event.on, []).append(event)
    told: list[str] = []
    day = FIRST
    while day <= LAST:
        for hour in (MIDNIGHT, MORNING):
            here.clock[0] = datetime.combine(day, hour, ZONE)
            before = len(office.phone.said)
            await deadlines.plan(here.db, here.office, here.clock[0])
            await office.delivery.drain()
            told += _letters(here, office.phone, before)
        here.clock[0] = datetime.combine(day, NOON, ZONE)
        for event in by_day.get(day, ()):
            await _tell(here, event)
        day += timedelta(days=1)
    return told


def _letters(here: Stage, phone: Recorder, before: int) -> list[str]:
    now, calendar = here.clock[0], here.office.calendar
    new = phone.said[before:]
    assert not new or (is_working_day(calendar, now.date()) and not is_quiet(calendar, now.time())), now
    assert len({who for who, _ in new}) == len(new), "all letters of a morning are one message"
    return sorted(f"## {now:%d/%m/%Y %H:%M} → {who}\n{shown(message)}" for who, message in new)


async def _tell(here: Stage, event: Event) -> None:
    first, *buttons = event.words()
    said = await here.says(event.who, first)
    for button in buttons:
        said = await here.presses(event.who, button)
    assert "Đã" in said, (event, said)


async def _check_records(db: Database) -> None:
    async with db.reading() as tx:
        stages = {row.name: row.stage for row in await tx.execute(select(candidates.c.name, candidates.c.stage))}
        admitted = await tx.scalar(
            select(func.count())
            .select_from(entries)
            .where(entries.c.state == "live", entries.c.ceremony_on.is_not(None))
        )
        keys = (await tx.execute(select(planned.c.key))).scalars().all()
        sent = (
            await tx.execute(
                select(outbox.c.unit_id, outbox.c.period, outbox.c.person_id, outbox.c.step).where(
                    outbox.c.rule == "deadlines"
                )
            )
        ).all()
        unsaid = await tx.scalar(select(func.count()).select_from(moves).where(moves.c.item_id.is_(None)))
    assert stages == {
        "Trần Thị Na": "official",
        "Lê Văn Ba": "official",
        "Hà Thị Tú": "decided",
        "Đỗ Thị Hạnh": "dropped",
        "Bùi Văn Mười": "official",
        "Vũ Thị Lành": "official",
        "Cao Văn Dũng": "admitted",
        "Phan Thị Sen": "moved",
        "Sùng A Páo": "official",
        "Chamaléa Thị Mến": "official",
        "Lò Văn Thận": "official",
        "Arất Thị Blưn": "official_proposed",
    }
    assert admitted == 10, "neither recognition nor transfer is counted"
    assert len(keys) == len(set(keys))
    assert len(sent) == len(set(sent)), "no step of a clock is told twice to anybody"
    assert unsaid == 0, "each move keeps its message"
