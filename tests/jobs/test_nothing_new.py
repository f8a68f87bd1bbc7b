import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from channels.channel import TryLater, Uncertain
from domain.calendar import ZONE
from domain.changes import AddCandidate, MarkNobodyLeft, PlanLetter, Record, Undo
from domain.messages import Reply, line, plain
from domain.office import PlannedPerson
from domain.people import Role
from domain.records import Candidate, EntryKind, Stage
from domain.reminders import MONTHLY_NOTHING_NEW, WEEKLY_DIGEST, Rule, windows
from jobs.planning import plan, told
from storage.database import Database
from storage.letters import plan_letters
from storage.read import units
from storage.tables import outbox
from tests.cast import PLAN, WITH_DEPUTY, stage
from tests.cast import Stage as Scene
from tests.jobs.recording import person_of, sender
from tests.jobs.test_digest import admitted, unit_id, write
from tests.jobs.test_planning import OFFICE

JANUARY = datetime(2027, 1, 20, 7, 30, tzinfo=ZONE)
"""Five days before the closing day, a Wednesday; the cast was imported in November."""
DEPUTY_DAY = datetime(2027, 1, 25, 7, 30, tzinfo=ZONE)
"""Three days after the 20th is a Saturday, so the letter goes on Monday, the closing day itself."""
MONTH = date(2027, 1, 1)
EVERYBODY = ("lan", "hung", "mai", "minh", "oanh", "cuc", "hoa")


async def morning(here: Scene, at: datetime, rules: tuple[Rule, ...] = (MONTHLY_NOTHING_NEW,)) -> dict[str, list[str]]:
    """Everything is planned and sent at a moment; what each was told."""
    here.clock[0] = at
    await plan(here.db, here.office, at, rules=rules)
    delivery, phone = sender(here)
    await delivery.drain()
    return {chat: phone.to(chat) for chat in dict.fromkeys(phone.tried)}


async def rows(here: Scene) -> list[tuple[str, int, str, str]]:
    query = select(outbox.c.unit_id, outbox.c.step, outbox.c.state, outbox.c.reason).where(
        outbox.c.rule == MONTHLY_NOTHING_NEW.code
    )
    codes = {await unit_id(here, code): code for code in ("B1", "B2", "B3", "B4", "C1")}
    async with here.db.reading() as tx:
        found = [(codes[unit or 0], step, state, reason) for unit, step, state, reason in await tx.execute(query)]
    return sorted(found)


async def nothing(here: Scene, code: str, at: datetime, month: date = MONTH) -> None:
    await write(here, Record(EntryKind.NOTHING, await unit_id(here, code), month=month), at=at)


async def test_branches_without_a_word_are_asked_five_days_before_the_closing_day(database: Database) -> None:
    async with stage(database) as here:
        await admitted(here, "B2", date(2026, 12, 27), at=datetime(2026, 12, 28, 9, tzinfo=ZONE))
        assert await morning(here, JANUARY - timedelta(minutes=1)) == {}
        said = await morning(here, JANUARY)

        assert sorted(said) == ["cuc", "lan"], "Hùng has entered something since the last closing day"
        assert said["lan"][0].splitlines() == [
            "Chi bộ thôn 1 chưa có tin kết nạp của tháng 1 (từ 26/12/2026), chốt ngày 25/01/2027.",
            "Đồng chí chọn một câu, hoặc gõ tin mới, ví dụ: kết nạp Nguyễn Văn A 15/10",
        ]


async def test_the_reminder_is_the_form(database: Database) -> None:
    async with stage(database) as here:
        b1 = await unit_id(here, "B1")
        for number, stage_ in enumerate((Stage.BRANCH_RESOLVED, Stage.DECIDED, Stage.LISTED), start=1):
            await write(
                here,
                AddCandidate(Candidate(number, b1, f"Lò Văn {number}", f"lo van {number}", stage=stage_)),
                at=here.clock[0],
            )
        here.clock[0] = JANUARY
        await plan(database, here.office, JANUARY)
        await here.delivery.drain()
        asked = next(message for chat, message in here.phone.said if chat == "lan")
        assert [choice.label for choice in asked.choices] == [
            "Chưa có gì mới",
            "Đã kết nạp Lò Văn 2",
            "Đã kết nạp Lò Văn 1",
            "Để mai",
        ]
        assert "Làm lễ kết nạp ngày nào" in await here.presses("lan", "Đã kết nạp Lò Văn 2")
        assert "không phát sinh tháng 1/2027" in await here.presses("lan", "Chưa có gì mới")


async def test_who_has_nobody_left_is_never_asked(database: Database) -> None:
    async with stage(database) as here:
        await write(here, MarkNobodyLeft(await unit_id(here, "B1"), 0, nobody_left=True), at=here.clock[0])
        assert "lan" not in await morning(here, JANUARY)


async def test_the_ladder_goes_to_the_deputy_and_then_above(database: Database) -> None:
    async with stage(database, plan=WITH_DEPUTY, joined=EVERYBODY) as here:
        await nothing(here, "B2", JANUARY)
        await nothing(here, "B3", JANUARY)
        await nothing(here, "C1", JANUARY)
        assert list(await morning(here, JANUARY)) == ["lan"]
        assert await morning(here, JANUARY + timedelta(hours=1)) == {}
        deputy = await morning(here, DEPUTY_DAY)
        assert "Chi bộ thôn 1 chưa có tin" in deputy["hoa"][0]
        assert "lan" not in deputy
        above = await morning(here, JANUARY + timedelta(days=7))
        assert list(above) == ["mai"]
        assert above["mai"][0].splitlines() == [
            "Chưa có tin kết nạp tháng 1 (từ 26/12/2026):",
            "• Chi bộ thôn 1: đã nhắc đồng chí Nguyễn Thị Lan ngày 20/01/2027, Lý Thị Hoa ngày 25/01/2027",
        ]


async def test_without_a_deputy_the_ladder_goes_straight_on(database: Database) -> None:
    async with stage(database) as here:
        await nothing(here, "B2", JANUARY)
        await nothing(here, "C1", JANUARY)
        await morning(here, JANUARY)
        said = await morning(here, DEPUTY_DAY, (WEEKLY_DIGEST, MONTHLY_NOTHING_NEW))

        assert "• Chi bộ thôn 1: đã nhắc đồng chí Nguyễn Thị Lan ngày 20/01/2027" in said["mai"][0]
        assert "• Chi bộ trường THCS: chưa có người phụ trách" in said["mai"][0]
        assert said["mai"][0].count("Chưa có tin kết nạp") == 1, "one part about both branches, with the digest"
        assert "Tình hình kết nạp tuần này" in said["mai"][0]
        assert len(said["mai"]) == 1


async def test_an_answer_stops_the_ladder(database: Database) -> None:
    async with stage(database) as here:
        await morning(here, JANUARY)
        for code in ("B1", "B2", "B3", "C1"):
            await nothing(here, code, JANUARY + timedelta(hours=1))
        await morning(here, JANUARY + timedelta(days=7))

        assert {step for _, step, _, _ in await rows(here)} == {0}


async def test_an_answer_between_plan_and_claim_silences_the_letter(database: Database) -> None:
    async with stage(database) as here:
        here.clock[0] = JANUARY
        await plan(database, here.office, JANUARY)
        delivery, phone = sender(here)
        await asyncio.gather(nothing(here, "B1", JANUARY), plan(database, here.office, JANUARY))
        await delivery.drain()

        assert "lan" not in phone.tried
        assert ("B1", 0, "skipped", "reported meanwhile") in await rows(here)
        assert ("B2", 0, "sent", "") in await rows(here)


async def test_an_answer_taken_back_brings_the_letter(database: Database) -> None:
    async with stage(database) as here:
        await nothing(here, "B1", JANUARY - timedelta(days=2))
        assert "lan" not in await morning(here, JANUARY)
        await write(here, Undo(1), at=JANUARY + timedelta(minutes=5))
        assert "lan" in await morning(here, JANUARY + timedelta(minutes=10))


async def test_a_branch_new_to_us_waits_for_the_next_month(database: Database) -> None:
    async with stage(database) as here:
        await morning(here, datetime(2026, 11, 23, 9, tzinfo=ZONE))
        assert await rows(here) == [], "the cast came on the 21st, the letters fell due on the 20th"


async def test_all_letters_of_a_morning_are_one_message_with_choices_numbered_on(database: Database) -> None:
    people = (*PLAN.people, PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B3"))
    async with stage(database, plan=replace(PLAN, people=people)) as here:
        here.clock[0] = JANUARY
        lan = await person_of(here, "lan")
        note = PlanLetter("note", "note", lan, JANUARY, reply=Reply((line("Thông báo họp."),)))
        await plan_letters(database, [note], JANUARY)
        await plan(database, here.office, JANUARY)
        delivery, phone = sender(here)
        await delivery.drain()

        [told_lan] = [message for chat, message in phone.said if chat == "lan"]
        assert [(choice.number, choice.label) for choice in told_lan.choices] == [
            (1, "Chưa có gì mới · Chi bộ thôn 1"),
            (2, "Chưa có gì mới · Chi bộ trường THCS"),
            (3, "Để mai · Chi bộ thôn 1"),
            (4, "Để mai · Chi bộ trường THCS"),
        ]
        assert plain(told_lan.lines).endswith("\n\nThông báo họp.")
        async with database.reading() as tx:
            query = select(outbox.c.id, outbox.c.state, outbox.c.sent_with).where(outbox.c.person_id == lan)
            kept = (await tx.execute(query.order_by(outbox.c.id))).all()
        assert {row.state for row in kept} == {"sent"}
        assert len([row for row in kept if row.sent_with is None]) == 1


async def test_an_uncertain_message_leaves_all_its_letters_uncertain(database: Database) -> None:
    people = (*PLAN.people, PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B3"))
    async with stage(database, plan=replace(PLAN, people=people)) as here:
        here.clock[0] = JANUARY
        await plan(database, here.office, JANUARY)
        delivery, phone = sender(here)
        phone.troubles["lan"].append(Uncertain("no answer"))
        await delivery.drain()
        await delivery.drain()

        assert phone.tried.count("lan") == 1
        assert ("B1", 0, "uncertain", "no answer") in await rows(here)
        assert ("B3", 0, "uncertain", "no answer") in await rows(here)


async def test_a_refusal_for_a_while_sends_them_together_later(database: Database) -> None:
    people = (*PLAN.people, PlannedPerson("lan", "Nguyễn Thị Lan", Role.SECRETARY, "B3"))
    async with stage(database, plan=replace(PLAN, people=people)) as here:
        here.clock[0] = JANUARY
        await plan(database, here.office, JANUARY)
        delivery, phone = sender(here)
        phone.troubles["lan"].append(TryLater(1, reason="too many"))
        await delivery.drain()
        here.move(seconds=2)
        delivery, phone = sender(here)
        await delivery.drain()

        assert len(phone.to("lan")) == 1
        assert "Chi bộ trường THCS" in phone.to("lan")[0]


async def test_a_dry_run_says_who_would_get_what_and_why(database: Database) -> None:
    async with stage(database) as here:
        planned = await plan(database, here.office, JANUARY, rules=(MONTHLY_NOTHING_NEW,), dry_run=True)
        async with database.reading() as tx:
            places = {unit.id: unit for unit in await units.branches(tx, JANUARY.date())}

        assert [row.split(" ", 4)[4] for row in told(planned, places)] == [
            "about B1, no entry since the last closing day, holder: secretary of B1; not before 2027-01-20 07:30",
            "about B2, no entry since the last closing day, holder: secretary of B2; not before 2027-01-20 07:30",
            "about C1, no entry since the last closing day, holder: secretary of C1; not before 2027-01-20 07:30",
        ]
        assert await rows(here) == []


@pytest.mark.parametrize(
    ("month", "first"),
    [
        ("2027-01", "2027-01-20 07:30"),
        ("2027-02", "2027-02-22 07:30"),
        ("2026-12", "2026-12-21 07:30"),
        ("2026-02", "2026-02-23 07:30"),
    ],
)
def test_the_first_letter_waits_for_a_working_morning(month: str, first: str) -> None:
    assert f"{windows(MONTHLY_NOTHING_NEW, OFFICE, month)[0].due:%Y-%m-%d %H:%M}" == first
