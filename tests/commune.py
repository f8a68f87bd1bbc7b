"""A commune on Zalo through its first month: everybody joins, reports, asks and is reminded; each message is counted.

What people do is drawn by chance from a seed; what the bot says is said by the whole of it, to the emulator of Zalo.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from channels.pace import Pace
from channels.zalo import ZaloChannel
from domain.budget import Bot, Plan
from domain.calendar import at, is_working_day
from domain.messages import Incoming
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import UnitKind
from handlers.hearing import hearing
from handlers.joining import new_invite
from jobs import desk
from jobs.budget import Budgets
from jobs.delivery import Delivery
from jobs.letters import Letters
from jobs.planning import plan
from storage.database import Database
from storage.fingerprints import fingerprint
from storage.schema import migrate
from storage.tables import inbox, outbox
from tests.cast import Stage, drawn_blank, stage
from tests.language.document import page
from tests.platforms.client import Emulator, User
from tests.records import rows

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
"""A month without holidays."""

SEED = 20270301
FREE = Plan()
PAGE = Path(__file__).parents[1] / "docs" / "zalo.md"
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Lò", "Vàng", "Giàng", "Lý", "Triệu")
MIDDLE = ("Văn", "Thị", "Đức", "Thu", "Minh", "Ngọc", "Xuân", "Hữu")
GIVEN = ("An", "Bình", "Chiến", "Dung", "Giang", "Hà", "Khoa", "Lan", "Mai", "Nam", "Phúc", "Quý", "Sơn", "Tú", "Yến")

KINDS = {
    "join": "joining: invites, codes, welcome",
    "admission": "admissions and decisions",
    "candidate": "candidates and their stages",
    "nothing": "nothing this month",
    "progress": "progress, tasks, lists",
    "correction": "corrections and undoing",
    "nudge": "nudging others",
    "talk": "greetings, menu, help, what is not understood",
    "weekly-digest": "letters: weekly digest",
    "monthly-nothing-new": "letters: branches without a word are asked, then deputies, then the level above",
    "letter": "other letters",
}
"""In the order of the table."""


@dataclass(frozen=True)
class Size:
    branches: int
    deputies: int
    monitors: int
    committee: int

    @property
    def people(self) -> int:
        return self.branches + self.deputies + self.monitors + self.committee + 1


COMMUNE = Size(branches=30, deputies=9, monitors=6, committee=4)
SMALL = Size(branches=6, deputies=2, monitors=2, committee=1)


def office_plan(size: Size) -> OfficePlan:
    """One commune: a secretary for each branch, some with a deputy, monitors with some branches each, a committee."""
    places = [
        PlannedUnit("H", "Đảng bộ tỉnh Thử", UnitKind.SUPERIOR),
        PlannedUnit("XA", "Đảng bộ xã Nà Tấu", UnitKind.GRASSROOTS, "H"),
    ]
    quotas = [PlannedQuota("XA", "2027", Target(size.branches))]
    staff = [PlannedPerson("to-chuc", "Vũ Thị Oanh", Role.ORGANISER, "H")]
    staff += [
        PlannedPerson(f"dang-uy-{n}", f"Đặng Thị {GIVEN[n]}", Role.COMMITTEE, "XA") for n in range(size.committee)
    ]
    for number in range(size.branches):
        code = f"B{number + 1}"
        places.append(PlannedUnit(code, f"Chi bộ thôn {number + 1}", UnitKind.BRANCH, "XA"))
        quotas.append(PlannedQuota(code, "2027", Target(1)))
        staff.append(PlannedPerson(f"bi-thu-{number}", f"Bùi Văn {GIVEN[number % 15]}", Role.SECRETARY, code))
        if number < size.deputies:
            staff.append(PlannedPerson(f"pho-{number}", f"Đinh Thị {GIVEN[number % 15]}", Role.SECRETARY, code))
        monitor = number * size.monitors // size.branches
        staff.append(PlannedPerson(f"phu-trach-{monitor}", f"Hà Văn {GIVEN[monitor]}", Role.MONITOR, code))
    return OfficePlan(tuple(places), tuple(quotas), tuple(staff))


@dataclass
class Commune:
    """`heard` counts by kind what people wrote; `kinds` says of which kind each of their messages was, by its id.

    With more `zeal` people do everything that much more often.
    """

    here: Stage
    emulator: Emulator
    delivery: Delivery
    queue: "asyncio.Queue[Incoming]"
    chance: random.Random
    size: Size
    zeal: float = 1.0
    users: dict[str, User] = field(default_factory=dict[str, User])
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    heard: Counter[str] = field(default_factory=Counter[str])
    listed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    async def says(self, who: str, text: str, kind: str) -> str:
        """What is answered there, and nothing else."""
        user = self.users.setdefault(who, self.emulator.user(1001 + len(self.users), who))
        answer = await asyncio.to_thread(user.says, text)
        return await self._answered(user, str(answer["message_id"]), int(answer["seq"]), kind)

    async def chooses(self, who: str, label: str, kind: str) -> str:
        """By its number, as one does on Zalo; the newest line with those words."""
        user = self.users[who]
        answer = await asyncio.to_thread(user.taps, label)
        return await self._answered(user, str(answer["message_id"]), int(answer["seq"]), kind)

    async def _answered(self, user: User, message_id: str, after: int, kind: str) -> str:
        self.kinds[message_id] = kind
        self.heard[kind] += 1
        self.here.move(seconds=20)
        async with asyncio.timeout(30):
            await self.queue.get()
        await self.here.engine.drain()
        await self.delivery.drain()
        sent = await asyncio.to_thread(self.emulator.sent, chat=user.id, after=after)
        assert sent, f"{user.name} was not answered"
        return "\n".join(one.text for one in sent)

    async def tick(self, moment: datetime) -> None:
        self.here.clock[0] = moment
        await plan(self.here.db, self.here.office, moment)
        await Budgets(self.here.db, self.here.office, lambda: moment).look()
        await self.delivery.drain()

    def name(self) -> str:
        return f"{self.chance.choice(FAMILY)} {self.chance.choice(MIDDLE)} {self.chance.choice(GIVEN)}"

    # ── What people do ──────────────────────────────────────────────────────────────────────────────────────────────

    async def everybody_joins(self) -> None:
        """The operator invites the organiser, who invites the committee, who invite everybody else."""
        here, now = self.here, self.here.clock[0]
        top = await desk.unit_coded(here.db, "H", now.date())
        code, change = new_invite(lambda code: fingerprint(code, here.db.salt), Role.ORGANISER, top, "", now)
        await desk.write(here.db, here.office, now, change)
        await self._joins("to-chuc", code)
        for number in range(self.size.committee):
            await self._invited("to-chuc", f"dang-uy-{number}", f"đảng ủy XA Đặng Thị {GIVEN[number]}")
        for number in range(self.size.branches):
            host = f"dang-uy-{number % self.size.committee}"
            given = GIVEN[number % 15]
            await self._invited(host, f"bi-thu-{number}", f"bí thư B{number + 1} Bùi Văn {given}")
            if number < self.size.deputies:
                await self._invited(host, f"pho-{number}", f"bí thư B{number + 1} Đinh Thị {given}")
        for number in range(self.size.monitors):
            first = next(n for n in range(self.size.branches) if n * self.size.monitors // self.size.branches == number)
            whom = f"cấp ủy viên phụ trách B{first + 1} Hà Văn {GIVEN[number]}"
            await self._invited("to-chuc", f"phu-trach-{number}", whom)

    async def _invited(self, host: str, guest: str, whom: str) -> None:
        said = await self.says(host, f"/moi {whom}", "join")
        assert "Trên Zalo: tìm “Bot Kết nạp”" in said, said
        await self._joins(guest, said.split("Mã mời: ")[1].splitlines()[0])

    async def _joins(self, who: str, code: str) -> None:
        await self.says(who, "xin chào", "join")
        said = await self.says(who, code, "join")
        assert "Đã nhận: đồng chí là" in said, said

    async def admits(self, number: int) -> None:
        """Somebody of the list or new to us; one in three has something to put right, one in six takes it back."""
        who, listed = f"bi-thu-{number}", self.listed.get(f"bi-thu-{number}", [])
        name = listed.pop() if listed else self.name()
        day = self.here.clock[0].date() - timedelta(days=self.chance.randrange(4))
        said = await self.says(who, f"kết nạp {name} {day.day}/{day.month}", "admission")
        if "Lưu chứ?" not in said:
            return
        await self.chooses(who, "Lưu", "admission")
        if self.chance.random() < 1 / 3:
            again = day - timedelta(days=1)
            if "Lưu chứ?" in await self.says(who, f"sửa lại ngày là {again.day}/{again.month}", "correction"):
                await self.chooses(who, "Lưu", "correction")
        elif self.chance.random() < 1 / 6:
            await self.says(who, "hoàn tác", "correction")

    async def lists(self, number: int) -> None:
        who, name = f"bi-thu-{number}", self.name()
        said = await self.says(who, f"bổ sung nguồn: {name} {self.chance.randrange(1985, 2008)}", "candidate")
        if "Lưu chứ?" in said:
            await self.chooses(who, "Lưu", "candidate")
            self.listed.setdefault(who, []).append(name)

    async def goes_on(self, who: str, number: int) -> None:
        """News of somebody on the list, or a look at it."""
        listed = self.listed.get(f"bi-thu-{number}", [])
        if listed:
            await self.says(who, f"{self.chance.choice(listed)} đã học xong lớp nhận thức", "candidate")
        else:
            await self.says(who, "/nguon", "candidate")

    async def asks(self, who: str) -> None:
        said = await self.says(who, self.chance.choice(("còn mấy chỉ tiêu", "tiến độ", "/tiendo", "/viec")), "progress")
        if "Xem tiếp" in said and self.chance.random() < 0.5:
            await self.chooses(who, "Xem tiếp", "progress")

    async def talks(self, who: str) -> None:
        words = ("chào", "0", "menu", "/trogiup", "cảm ơn nhé", "mai họp lúc mấy giờ", "ok", "tôi gửi rồi đấy")
        await self.says(who, self.chance.choice(words), "talk")

    async def reports_nothing(self, who: str) -> None:
        """As the reminder offers it."""
        with suppress(ValueError):
            await self.chooses(who, "Chưa có gì mới", "nothing")

    async def nudges(self, who: str) -> None:
        said = await self.says(who, "/chuabao", "progress")
        if "Nhắc cả" in said:
            await self.chooses(who, "Nhắc cả", "nudge")

    async def lives(self, day: date) -> None:
        """A day's letters in the morning, and what people do in the hours after."""
        await self.tick(at(day, time(7, 30)))
        chance, size = self.chance, self.size
        secretaries, deputies = range(size.branches), range(size.deputies)
        readers = [f"phu-trach-{n}" for n in range(size.monitors)] + [f"dang-uy-{n}" for n in range(size.committee)]
        if day.weekday() == 0:
            for who in readers:
                if chance.random() < 0.6:
                    with suppress(ValueError):
                        await self.chooses(who, "Xem ", "progress")
        for number in secretaries:
            await self._perhaps(0.025, self.admits, number)
            await self._perhaps(0.06, self.lists, number)
            await self._perhaps(0.10, self.goes_on, f"bi-thu-{number}", number)
            await self._perhaps(0.12, self.asks, f"bi-thu-{number}")
            await self._perhaps(0.06, self.talks, f"bi-thu-{number}")
            if day.day >= 20:
                await self._perhaps(0.35, self.reports_nothing, f"bi-thu-{number}")
        for number in deputies:
            await self._perhaps(0.06, self.goes_on, f"pho-{number}", number)
            await self._perhaps(0.12, self.asks, f"pho-{number}")
            await self._perhaps(0.04, self.talks, f"pho-{number}")
        for who in (*readers, "to-chuc"):
            await self._perhaps(0.25, self.asks, who)
            await self._perhaps(0.05, self.talks, who)
        if day.day >= 22:
            await self._perhaps(0.4, self.nudges, "dang-uy-0")
        await self.tick(at(day, time(16, 30)))

    async def _perhaps(self, share: float, do: Callable[..., Awaitable[None]], *what: Any) -> None:
        if self.chance.random() < share * self.zeal:
            await do(*what)

    # ── What it came to ─────────────────────────────────────────────────────────────────────────────────────────────

    async def said(self) -> Counter[str]:
        """The platform's messages by kind: of an answer by what was asked, of a letter by its rule."""
        query = (
            select(outbox.c.kind, outbox.c.rule, outbox.c.message_id, inbox.c.message_id.label("heard"))
            .join_from(outbox, inbox, inbox.c.id == outbox.c.item_id, isouter=True)
            .where(outbox.c.state == "sent", outbox.c.sent_with.is_(None))
        )
        counted: Counter[str] = Counter()
        for row in await rows(self.here.db, query):
            kind = self.kinds.get(row.heard or "", "talk") if row.kind == "reply" else row.rule
            counted[kind if kind in KINDS else "letter"] += row.message_id.count(" ") + 1
        return counted


def table(heard: Counter[str], said: Counter[str]) -> str:
    """By kind of message, and in all."""
    found = [(name, heard[kind], said[kind]) for kind, name in KINDS.items() if heard[kind] or said[kind]]
    found.append(("**all**", heard.total(), said.total()))
    lines = ["| what about | in | out | together |", "|---|---|---|---|"]
    lines += [f"| {name} | {came or '–'} | {went or '–'} | {came + went:,} |" for name, came, went in found]
    return "\n".join(lines)


def on_page(part: str, page: Path) -> str:
    """What the document has of a part that is measured."""
    return page.read_text(encoding="utf-8").partition(f"<!-- {part} -->")[2].partition(f"<!-- /{part} -->")[0]


@asynccontextmanager
async def commune(
    database: Database, emulator: Emulator, size: Size, *, zeal: float = 1.0, zalo_plan: Plan = FREE
) -> AsyncGenerator[Commune]:
    """The office as its workbook says, a bot of its own on Zalo, and nobody in it yet."""
    async with stage(database, plan=office_plan(size), joined=()) as here:
        timing = replace(here.office.timing, lease_seconds=3600)
        here.office = here.engine.office = replace(here.office, timing=timing, plans={"zalo": zalo_plan})
        here.clock[0] = at(FIRST, time(8, 0))
        emulator.reset()
        channel = ZaloChannel(emulator.token, emulator.api_url)
        here.engine.bots = lambda: [Bot(channel.name, channel.account, "Bot Kết nạp")]
        pace = Pace(per_second=1e6, per_chat_per_second=1e6, chat_burst=10**6)
        letters = Letters(database, here.office, here.engine.now)
        sending = Delivery(database, channel, pace, here.office, here.engine.now, "zalo", letters.compose, drawn_blank)
        queue: asyncio.Queue[Incoming] = asyncio.Queue()
        keep = hearing(database, here.engine.keep)

        async def hear(batch: Sequence[Incoming]) -> None:
            await keep(batch)
            for incoming in batch:
                queue.put_nowait(incoming)

        listening = asyncio.create_task(channel.listen(hear))
        try:
            yield Commune(here, emulator, sending, queue, random.Random(SEED), size, zeal)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await channel.close()


async def month_of(lived: Commune) -> tuple[Counter[str], Counter[str]]:
    """The whole month; what was heard and said in it, by kind."""
    await lived.everybody_joins()
    day = FIRST
    while day <= LAST:
        if is_working_day(lived.here.office.calendar, day) and day > FIRST:
            await lived.lives(day)
        day += timedelta(days=1)
    return lived.heard, await lived.said()


async def measured(size: Size) -> str:
    """The table of a month in a place of its own."""
    with TemporaryDirectory() as place, Emulator.start(platform="zalo") as zalo:
        url = f"sqlite+aiosqlite:///{place}/commune.db"
        await asyncio.to_thread(migrate, url)
        database = await Database.open(url)
        async with commune(database, zalo, size) as lived:
            found = table(*await month_of(lived))
        await database.close()
    return found


def main() -> None:
    for part, size in (("month", COMMUNE), ("small month", SMALL)):
        before = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page(part, asyncio.run(measured(size)), before), encoding="utf-8")


if __name__ == "__main__":
    main()
