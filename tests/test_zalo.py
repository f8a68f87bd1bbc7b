"""The whole bot and Zalo: what the operator is told, and what happens when the token is taken away meanwhile."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, select

from channels.standing import Timing
from channels.zalo import ZaloChannel
from domain.calendar import ZONE
from domain.messages import plain
from handlers.hearing import hearing
from jobs.house import House
from jobs.watch import Watch
from storage.database import Database
from storage.tables import addresses, incidents, outbox, people, usage
from tests.cast import NOW, WITH_ADMIN, Stage, drawn_blank, stage
from tests.channels.conftest import eventually
from tests.desk import Desk
from tests.platforms.client import Emulator
from tests.records import rows

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUICK = Timing(poll_seconds=1, first_pause_seconds=0.05, longest_pause_seconds=0.2)
MONDAY = NOW.replace(day=23, hour=7, minute=30, tzinfo=ZONE)


@pytest.fixture
def zalo() -> Generator[Emulator]:
    with Emulator.start(platform="zalo") as running:
        yield running


@pytest.fixture
def on_zalo(desk: Desk, zalo: Emulator, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in zalo.settings.items():
        monkeypatch.setenv(name, value)
    return desk.with_office()


def test_an_invite_says_what_to_open_and_that_the_code_is_typed(on_zalo: Desk) -> None:
    said = on_zalo("invite", "--role", "secretary", "--unit", "B1")
    assert said.exit_code == 0
    code, where = said.output.strip().splitlines()
    assert len(code) == 9
    assert where == "On Zalo: look for “Bot Kết nạp” and type the code."


def test_the_doctor_asks_zalo_who_we_are_and_changes_nothing(on_zalo: Desk, zalo: Emulator) -> None:
    began = time.monotonic()
    said = on_zalo("doctor")
    assert "channel: zalo:2000000001 is called Bot Kết nạp" in said.output
    assert time.monotonic() - began < 15
    assert zalo.stats()["calls"] == {"getMe": 1}


def test_an_invite_tells_that_no_bot_has_a_free_place(on_zalo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (on_zalo.place / "own.toml").write_text("[zalo]\npeople = 1\n")
    monkeypatch.setenv("KETNAP_OFFICE_FILE", str(on_zalo.place / "own.toml"))
    invite = ("invite", "--role", "secretary", "--unit", "B1")
    assert "“Bot Kết nạp”" in on_zalo(*invite).output
    full = on_zalo(*invite)
    assert full.exit_code == 0
    _, told = full.output.strip().splitlines()
    assert told.startswith("No free place: zalo:2000000001 has 1 people.")


@pytest.mark.parametrize(("used", "level"), [(2399, "ok     "), (2400, "note   "), (2850, "WRONG  ")])
def test_the_doctor_tells_how_much_of_the_months_messages_is_used(on_zalo: Desk, used: int, level: str) -> None:
    engine = create_engine(f"sqlite:///{on_zalo.file}")
    same = {"channel": "zalo", "account": "2000000001"}
    chat = {"chat": "1", "heard_at": NOW, "is_group": False, "is_blocked": False, "blocked_reason": ""}
    with engine.begin() as tx:
        tx.execute(insert(addresses).values(same | chat | {"guesses": 0, "last_item_id": 0}))
        month = {"month": date(2026, 11, 1), "heard": used - 1000, "said": 1000, "told": 0}
        tx.execute(insert(usage).values(same | month))
    engine.dispose()
    said = on_zalo("doctor").output
    assert f"{level}messages of the month: zalo:2000000001: {used} of 3000 used (" in said
    assert "ok     people: zalo:2000000001: 1 of 50 places are taken or promised" in said


def test_the_doctor_tells_a_refused_token(on_zalo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNAP_ZALO_TOKEN", "2000000001:REVOKED")
    said = on_zalo("doctor")
    assert said.exit_code == 1
    assert "WRONG  channel: zalo:2000000001: token refused" in said.output
    assert "REVOKED" not in said.output


def test_without_any_token_it_does_not_run(desk: Desk) -> None:
    said = desk("run")
    assert said.exit_code == 1
    assert "KETNAP_TELEGRAM_TOKEN or KETNAP_ZALO_TOKEN" in said.output


@on_sqlite
async def test_a_token_revoked_in_the_middle_of_a_digest_is_told_once_and_what_waits_is_kept(
    database: Database, zalo: Emulator, tmp_path: Path
) -> None:
    async with stage(database, plan=WITH_ADMIN, joined=("quan",)) as here:
        await _join(database, {"mai": zalo.user(1).says("chào")["chat"], "minh": zalo.user(2).says("chào")["chat"]})
        async with running(here, zalo, tmp_path) as house:
            await eventually(lambda: house.channels[1].last_contact)
            here.clock[0] = MONDAY
            zalo.config(token="2000000001:ANOTHER")
            await house.tick.run()
            await eventually(lambda: zalo.stats()["errors"].get("sendMessage 401"))
            assert house.watch is not None
            while not any("từ chối mã" in plain(message.lines) for _, message in here.phone.said):
                # The refusal may still be on its way to whoever looks.
                await house.watch.look()
                await asyncio.sleep(0.1)
            await asyncio.sleep(1)
        told = [plain(message.lines) for chat, message in here.phone.said if chat == "quan"]
        assert len([text for text in told if "từ chối mã truy cập của zalo:2000000001" in text]) == 1
        assert [row.kind for row in await rows(database, incidents.select())] == ["channel-refused"]
        letters = await rows(database, select(outbox.c.state).where(outbox.c.rule == "weekly-digest"))
        assert {row.state for row in letters} == {"planned"}
        assert zalo.sent(method="sendMessage") == []


@on_sqlite
async def test_a_reply_on_zalo_whose_answer_was_lost_is_said_once_more_and_headed(
    database: Database, zalo: Emulator, tmp_path: Path
) -> None:
    async with stage(database, joined=()) as here:
        await _join(database, {"lan": zalo.user(1).says("kết nạp Nguyễn Văn An 15/10")["chat"]})
        zalo.fault("sendMessage", "reset_after", times=1)
        async with running(here, zalo, tmp_path):
            await eventually(lambda: len(zalo.sent(method="sendMessage")) == 2)
        first, again = zalo.sent(method="sendMessage")
        assert again.text == f"(gửi lại)\n{first.text}"


@on_sqlite
async def test_people_are_spread_over_two_bots_and_each_answers_its_own(database: Database, zalo: Emulator) -> None:
    with Emulator.start("--token", "2000000002:SECOND", platform="zalo") as second:
        second.config(display_name="Bot Kết nạp 2")
        async with stage(database, joined=()) as here:
            mai = zalo.user(1, "Mai")
            await _join(database, {"mai": mai.says("chào")["chat"]})
            channels = [ZaloChannel(each.token, each.api_url, timing=QUICK) for each in (zalo, second)]
            house = House(database, here.office, here.engine.now, channels, drawn_blank)
            here.engine.bots, here.engine.said = house.bots, house.wake_deliveries
            closed = asyncio.Event()

            async def serve() -> None:
                await closed.wait()

            hear = hearing(database, here.engine.keep)
            task = asyncio.create_task(house.run(hear, here.engine.work, serve, closed.set))
            try:
                await eventually(lambda: all(bot.name for bot in house.bots()))
                await asyncio.to_thread(mai.says, "/moi bí thư chi bộ thôn 2")
                invited = await asyncio.to_thread(mai.expect, "sendMessage", contains="Mã mời: ")
                assert "Trên Zalo: tìm “Bot Kết nạp 2”" in invited.text
                hung = second.user(2, "Hùng")
                await asyncio.to_thread(hung.says, invited.text.splitlines()[0].removeprefix("Mã mời: "))
                await asyncio.to_thread(hung.expect, "sendMessage", contains="Đã nhận: đồng chí là")
                await asyncio.to_thread(hung.says, "còn mấy chỉ tiêu")
                await asyncio.to_thread(hung.expect, "sendMessage", contains="0/2 (0%)")
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        found = {row.account: (row.heard, row.said) for row in await rows(database, usage.select())}
        assert found["2000000002"] == (2, 2)


@asynccontextmanager
async def running(here: Stage, zalo: Emulator, folder: Path) -> AsyncGenerator[House]:
    """The house with the test's phone and Zalo in it; it hears, works and sends while the block runs."""
    office = replace(here.office, timing=replace(here.office.timing, uncertain_seconds=1))

    def now() -> datetime:
        return here.clock[0]

    channel = ZaloChannel(zalo.token, zalo.api_url, timing=QUICK)
    house = House(here.db, office, now, [here.phone, channel], drawn_blank)
    house.watch = Watch(here.db, office, now, house.eyes(folder, None))
    hear = hearing(here.db, here.engine.keep)
    tasks = [asyncio.create_task(work) for work in (channel.listen(hear), here.engine.work())]
    tasks += [asyncio.create_task(each.work()) for each in house.deliveries]
    try:
        yield house
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await channel.close()


async def _join(database: Database, chats: dict[str, str]) -> None:
    same = {"channel": "zalo", "account": "2000000001", "heard_at": NOW, "is_group": False, "is_blocked": False}
    same |= {"blocked_reason": "", "guesses": 0, "last_item_id": 0}

    def connect(tx: Connection) -> None:
        ids = {row.key: row.id for row in tx.execute(select(people.c.key, people.c.id))}
        tx.execute(insert(addresses), [same | {"chat": chat, "person_id": ids[who]} for who, chat in chats.items()])

    await database.write(connect)
