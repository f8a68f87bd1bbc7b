from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from domain.calendar import ZONE
from domain.changes import AddCandidate, Change, MarkNobodyLeft, Outcome, Record
from domain.messages import plain
from domain.records import Candidate, EntryKind, Stage
from jobs.planning import weekly_digest
from storage.apply import apply
from storage.database import Database
from storage.read import questions, units
from storage.tables import outbox, people, posts, sheets
from tests.cast import PLAN, stage
from tests.cast import Stage as Scene
from tests.jobs.recording import Recorder, sender

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
NOVEMBER = date(2026, 11, 1)


async def unit_id(here: Scene, code: str) -> int:
    async with here.db.reading() as tx:
        unit = await units.by_code(tx, code, here.clock[0].date())
    assert unit is not None
    return unit.id


async def write(here: Scene, *changes: Change, at: datetime) -> None:
    await apply(
        here.db,
        outcome=Outcome(None, changes),
        item_id=None,
        contact_id=None,
        person_id=None,
        now=at,
        counts_by=here.office.counts_by,
    )


async def admitted(here: Scene, code: str, on: date, *, at: datetime) -> None:
    await write(here, Record(EntryKind.ADMISSION, await unit_id(here, code), ceremony_on=on), at=at)


async def digest(here: Scene, at: datetime = MONDAY) -> Recorder:
    here.clock[0] = at
    await weekly_digest(here.db, here.office, at)
    delivery, phone = sender(here)
    await delivery.drain()
    return phone


async def stands_in(here: Scene, key: str, away: str) -> None:
    """For a committee's member, until the end of the month."""
    xa = await unit_id(here, "XA")
    async with here.db.reading() as tx:
        ids = {row.key: row.id for row in await tx.execute(select(people.c.key, people.c.id))}
    post = {"person_id": ids[key], "role": "committee", "unit_id": xa, "stands_in_for": ids[away]}
    term = {"since": here.clock[0].date(), "until": date(2026, 11, 30)}
    await here.db.write(lambda tx: tx.execute(insert(posts).values(**post, **term)))


async def test_the_digest_of_somebody_away_goes_to_whoever_stands_in_and_back_afterwards(database: Database) -> None:
    async with stage(database) as here:
        await stands_in(here, "oanh", "mai")
        during = await digest(here)
        assert "Đảng bộ xã Bình Minh" in during.to("oanh")[0]
        assert during.to("mai") == []
        assert "có đồng chí khác đang làm thay và nhận thư" in await here.says("mai", "/visao")
        after = await digest(here, MONDAY + timedelta(days=14))
        assert after.to("mai") and after.to("oanh") == []


async def test_somebody_away_gets_the_digest_while_nobody_else_can_be_reached(database: Database) -> None:
    async with stage(database, joined=("mai", "minh")) as here:
        await stands_in(here, "oanh", "mai")
        assert (await digest(here)).to("mai")


async def test_the_digest_of_a_commune(database: Database) -> None:
    async with stage(database) as here:
        before = MONDAY - timedelta(days=30)
        await admitted(here, "B1", date(2026, 10, 15), at=before)
        await admitted(here, "B1", date(2026, 11, 19), at=MONDAY - timedelta(days=3))
        await write(here, Record(EntryKind.NOTHING, await unit_id(here, "B2"), month=NOVEMBER), at=before)
        decided = Record(
            EntryKind.ADMISSION, await unit_id(here, "B2"), decision_on=date(2026, 10, 1), decision_no="12"
        )
        await write(here, decided, at=before)
        phone = await digest(here)

        said, code = phone.to("mai")[0], ""
        async with database.reading() as tx:
            codes = (await tx.execute(select(sheets.c.code).order_by(sheets.c.made_at))).scalars().all()
            code = next(each for each in codes if each in said)
            kept = await questions.sheet(tx, code)

    assert said == "\n".join(
        [
            "Tình hình kết nạp tuần này, 23/11/2026",
            "Đảng bộ xã Bình Minh: 2/13 (15%), 1 chờ làm lễ",
            "",
            "7 ngày qua: thêm 1",
            "+1 Chi bộ thôn 1",
            "",
            "Từng đơn vị, chậm nhất trước",
            "• Chi bộ thôn 2: 0/2 (0%), chậm tiến độ, còn thiếu 2, 1 chờ làm lễ",
            "• Chi bộ thôn 1: 2/3 (67%), chậm tiến độ, còn thiếu 1",
            "• Chi bộ trường THCS: 0/–, chưa giao chỉ tiêu",
            "",
            "(?) Chưa có tin tháng 11: Chi bộ trường THCS",
            "(0) Báo không phát sinh: Chi bộ thôn 2",
            "(–) Không còn quần chúng: Chi bộ Trạm Y tế",
            "",
            "Có quyết định, chưa làm lễ: 1 người",
            "Chi bộ thôn 2 (số 4): quyết định 01/10/2026, quá hạn từ 12/11/2026",
            "",
            "Gợi ý: nhắc làm lễ cho việc số 4, đã quá hạn 12/11/2026.",
            "",
            f"Số liệu: {code}, tính đến 23/11/2026",
        ]
    )
    assert kept is not None
    assert [(figure.label, figure.value) for figure in kept.sheet.figures][:2] == [
        ("Đảng bộ xã Bình Minh: đã kết nạp", 2),
        ("Chi bộ thôn 1: đã kết nạp", 2),
    ]


async def test_its_choices_open_a_unit_and_nudge_a_secretary(database: Database) -> None:
    async with stage(database) as here:
        phone = await digest(here)
        message = next(message for chat, message in phone.said if chat == "minh")
        async with database.reading() as tx:
            question = await questions.by_id(tx, message.question_id or 0)

    assert message.is_letter
    assert [choice.label for choice in message.choices] == [
        "Xem Chi bộ thôn 1",
        "Xem Chi bộ thôn 2",
        "Nhắc Chi bộ thôn 1",
        "Nhắc Chi bộ thôn 2",
    ]
    assert question is not None
    assert [choice.says for choice in question.choices] == ["/tiendo B1", "/tiendo B2", "/nhac B1", "/nhac B2"]
    assert question.is_sent


async def test_silence_and_nothing_are_two_marks(database: Database) -> None:
    async with stage(database) as here:
        await write(here, Record(EntryKind.NOTHING, await unit_id(here, "B1"), month=NOVEMBER), at=MONDAY)
        phone = await digest(here)

    assert "(?) Chưa có tin tháng 11: Chi bộ thôn 2" in phone.to("minh")[0]
    assert "(0) Báo không phát sinh: Chi bộ thôn 1" in phone.to("minh")[0]


async def test_a_young_month_speaks_of_the_silence_of_the_one_before(database: Database) -> None:
    early = datetime(2026, 12, 7, 7, 30, tzinfo=ZONE)
    async with stage(database) as here:
        await write(here, Record(EntryKind.NOTHING, await unit_id(here, "B1"), month=NOVEMBER), at=MONDAY)
        phone = await digest(here, early)

    assert "(?) Chưa có tin tháng 11: Chi bộ thôn 2" in phone.to("minh")[0]
    assert "(0) Báo không phát sinh: Chi bộ thôn 1" in phone.to("minh")[0]


async def test_nobody_is_called_silent_for_a_month_before_the_office_began(database: Database) -> None:
    async with stage(database) as here:
        phone = await digest(here, datetime(2026, 12, 7, 7, 30, tzinfo=ZONE))

    assert "Chưa có tin" not in phone.to("minh")[0]


async def test_a_unit_with_nobody_left_is_never_to_be_nudged(database: Database) -> None:
    async with stage(database) as here:
        await write(here, MarkNobodyLeft(await unit_id(here, "B1"), 0, nobody_left=True), at=MONDAY)
        phone = await digest(here)
        message = next(message for chat, message in phone.said if chat == "minh")

    assert "(–) Không còn quần chúng: Chi bộ thôn 1" in plain(message.lines)
    assert [choice.label for choice in message.choices] == ["Xem Chi bộ thôn 2", "Nhắc Chi bộ thôn 2"]


async def test_it_begins_with_what_changed_since_the_last_one(database: Database) -> None:
    next_monday = MONDAY + timedelta(days=7)
    async with stage(database) as here:
        await admitted(here, "B2", date(2026, 11, 18), at=MONDAY - timedelta(days=2))
        await digest(here)
        await admitted(here, "B1", date(2026, 11, 20), at=MONDAY + timedelta(days=1))
        phone = await digest(here, next_monday)

    said = phone.to("minh")[0]
    assert "Từ 23/11/2026 đến nay: thêm 1\n+1 Chi bộ thôn 1" in said
    assert "+1 Chi bộ thôn 2" not in said


async def test_people_ready_are_the_suggestion_for_a_unit_behind(database: Database) -> None:
    async with stage(database) as here:
        b1 = await unit_id(here, "B1")
        ready = Candidate(7, b1, "Lò Văn Thận", "lo van than", stage=Stage.CLASS_DONE, stage_on=date(2026, 8, 12))
        await write(here, AddCandidate(ready), at=MONDAY - timedelta(days=60))
        phone = await digest(here)

    said = phone.to("minh")[0]
    assert "Gợi ý: Chi bộ thôn 1 còn thiếu 3, đã có 1 người học xong lớp" in said
    assert "Thận" not in said, "a letter needs no names"


async def test_a_level_above_sees_its_communes_and_not_every_branch(database: Database) -> None:
    people = tuple(replace(person, unit_code="T") if person.key == "mai" else person for person in PLAN.people)
    async with stage(database, plan=replace(PLAN, people=people)) as here:
        await admitted(here, "C1", date(2026, 11, 19), at=MONDAY - timedelta(days=1))
        phone = await digest(here)

    said = phone.to("mai")[0]
    assert "Đảng bộ tỉnh Thử: 1/–" in said
    assert "• Đảng bộ xã Bình Minh: 0/13 (0%), chậm tiến độ, còn thiếu 13" in said
    assert "+1 Đảng bộ xã Hòa Bình" in said
    assert "thôn" not in said


async def test_who_answers_for_two_communes_is_told_in_which_a_branch_lies(database: Database) -> None:
    mai = next(person for person in PLAN.people if person.key == "mai")
    people = (*PLAN.people, replace(mai, unit_code="XB"))
    async with stage(database, plan=replace(PLAN, people=people)) as here:
        phone = await digest(here)

    said = phone.to("mai")[0]
    assert "Đảng bộ xã Bình Minh: 0/13 (0%)\nĐảng bộ xã Hòa Bình: 0/–" in said
    assert "Chi bộ thôn Hạ (xã Hòa Bình): 0/1 (0%)" in said
    assert "Chi bộ thôn 1 (xã Bình Minh): 0/3 (0%)" in said


async def test_the_digest_is_kept_without_its_words_once_it_is_sent(database: Database) -> None:
    async with stage(database) as here:
        await digest(here)
        async with database.reading() as tx:
            bodies = (await tx.execute(select(outbox.c.body))).scalars().all()

    assert bodies == [None, None]
