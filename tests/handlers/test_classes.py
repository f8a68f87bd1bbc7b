"""Classes by chat: the company with 400 people, whole classes at once, and whatever must not get in."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, func, insert, select, update

from domain.changes import JoinClass, Outcome
from domain.office import OfficePlan, PlannedPerson, PlannedUnit
from domain.people import Role
from domain.records import Fact
from domain.refusals import Conflict
from domain.units import Sector, UnitKind
from language.plain import fold
from storage.apply import apply
from storage.database import Database
from storage.read import classes as reading
from storage.tables import audit, candidates, classes, learners, moves, people, units
from tests import cast
from tests.cast import Stage, stage

NAMES = {1: "Lò Thị Hoa", 2: "Lò Thị Mận", 3: "Lò Văn Sơn", 30: "Lò Văn Tùng"}
OPENED = "mở lớp cảm tình tại Hội trường xã từ 25/11 đến 27/11, {seats} chỗ"


async def opened(here: Stage, seats: int, *, who: str = "mai") -> None:
    await here.says(who, OPENED.format(seats=seats))
    assert "Đã mở lớp" in await here.presses(who, "Lưu")


async def listed(here: Stage, count: int, *, unit: str = "B1", stage_: str = "listed", first: int = 1) -> None:
    """So many people on a branch's list, as an import leaves them."""

    def put(tx: Connection) -> None:
        unit_id = tx.scalar(select(units.c.id).where(units.c.code == unit))
        rows = [
            {
                "id": number,
                "unit_id": unit_id,
                "name": NAMES.get(number, f"Lò Thị {number}"),
                "folded": fold(NAMES.get(number, f"Lò Thị {number}")),
                "stage": stage_,
                "label": "",
                "standing": "live",
                "distinguisher": 0,
                "consent_wording": "",
                "version": 0,
                "made_at": cast.NOW,
            }
            for number in range(first, first + count)
        ]
        tx.execute(insert(candidates), rows)

    await here.db.write(put)


async def counted(db: Database, **by: object) -> int:
    query = select(func.count()).select_from(learners)
    for name, value in by.items():
        query = query.where(learners.c[name] == value)
    return await db.write(lambda tx: tx.scalar(query) or 0)


@pytest.mark.anyio
async def test_a_company_with_four_hundred_people_fills_class_after_class(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 400)
        await opened(here, 150)
        card = await here.says("lan", "/lop 1 đăng ký cả danh sách")
        assert "Đăng ký 400 người vào lớp 1: 150 người có chỗ, 250 người vào danh sách chờ." in card
        said = await here.presses("lan", "Lưu")
        assert "Đã đăng ký 150 người vào lớp 1" in said and "250 người vào danh sách chờ, thứ 1 đến 250." in said
        assert await counted(database, class_id=1) == 400

        await here.says("mai", "mở lớp cảm tình tại Nhà ăn công ty từ 28/11 đến 29/11, 200 chỗ")
        assert "Còn 250 người đang chờ" in await here.presses("mai", "Lưu")
        assert "Đăng ký 200 người vào lớp 2: 200 người có chỗ." in await here.presses("mai", "Nhận người chờ")
        await here.presses("mai", "Lưu")
        assert "150/150 chỗ, 50 người chờ" in await here.says("mai", "/lop")

        here.move(days=6)
        await here.says("mai", "kết thúc lớp 1")
        await here.presses("mai", "Xong")
        await here.presses("mai", "27/11/2026")
        assert "150 người có giấy chứng nhận" in await here.presses("mai", "Lưu")
        assert "/200 chỗ" in await here.says("mai", "/lop 2")
    assert await counted(database, class_id=1, result="certified") == 150
    assert await counted(database, class_id=1, result="moved") == 200
    told = await database.write(
        lambda tx: tx.execute(
            select(moves.c.before, moves.c.stage, func.count()).group_by(moves.c.before, moves.c.stage)
        ).all()
    )
    assert sorted(tuple(row) for row in told) == [
        ("class_registered", "class_done", 150),
        ("listed", "class_registered", 400),
    ]


@pytest.mark.anyio
async def test_each_certificate_is_a_move_of_its_own_with_who_and_the_message(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 2)
        await listed(here, 1, stage_="application", first=3)
        await listed(here, 1, stage_="returned", first=30)
        await opened(here, 4)
        await here.says("lan", "đăng ký Lò Thị Hoa, Lò Thị Mận, Lò Văn Sơn, Lò Văn Tùng học lớp 1")
        here.move(days=8)
        await here.says("mai", "/lop 1 kết thúc")
        await here.presses("mai", "Vắng Lò Thị Mận")
        await here.presses("mai", "✗ Lò Thị Mận")
        await here.presses("mai", "Vắng Lò Thị Hoa")
        await here.presses("mai", "Xong")
        await here.says("mai", "hôm nay")
        await here.presses("mai", "Lưu")

    def look(tx: Connection) -> None:
        mai = tx.scalar(select(people.c.id).where(people.c.key == "mai"))
        done = tx.execute(select(moves).where(moves.c.stage == "class_done")).all()
        assert [(row.candidate_id, row.on, row.person_id) for row in done] == [(2, date(2026, 11, 29), mai)]
        assert all(row.item_id for row in done)
        stands = tx.execute(select(candidates.c.stage, candidates.c.certificate_on).order_by(candidates.c.id)).all()
        assert [tuple(row) for row in stands] == [
            ("class_registered", None),
            ("class_done", date(2026, 11, 29)),
            ("application", date(2026, 11, 29)),
            ("returned", date(2026, 11, 29)),
        ]
        kinds = tx.execute(select(audit.c.what).where(audit.c.what.like("class%"))).scalars().all()
        assert kinds == ["class_opened", "class_joined", "class_ended"]

    await database.write(look)


@pytest.mark.anyio
async def test_somebody_official_or_twice_or_unknown_gets_no_seat(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await listed(here, 1, stage_="official", first=2)
        await opened(here, 5)
        assert "không còn ở các bước trước kết nạp" in await here.says("lan", "đăng ký Lò Thị Mận học lớp 1")
        assert "không có trong nguồn" in await here.says("lan", "đăng ký Lò Thị Hoa, Hà Văn Không học lớp 1")
        await here.says("lan", "bỏ")
        assert await counted(database) == 0
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp 1")
        assert "rồi, không ghi thêm" in await here.says("lan", "đăng ký Lò Thị Hoa học lớp cảm tình")
        assert "không có lớp nào" in await here.says("lan", "đăng ký Lò Thị Hoa học lớp 99")
        assert await counted(database) == 1


@pytest.mark.anyio
async def test_the_last_seat_goes_to_one_of_two_who_ask_at_once(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await listed(here, 1, unit="B2", first=2)
        await opened(here, 1)
        await here.hear("lan", "đăng ký Lò Thị Hoa học lớp 1")
        await here.hear("hung", "đăng ký Lò Thị Mận học lớp 1")
        await here.work()
        assert "1/1 chỗ, 1 người chờ" in await here.says("mai", "/lop 1")


@pytest.mark.anyio
async def test_secretaries_open_and_end_no_class_and_see_none_of_another_commune(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await listed(here, 1, unit="C1", first=2)
        assert "Không có trong phạm vi" in await here.says("lan", OPENED.format(seats=3))
        await opened(here, 3)
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp 1")
        here.move(days=1)
        assert "Không có trong phạm vi" in await here.says("lan", "kết thúc lớp 1")
        assert "không có lớp nào" in await here.says("cuc", "đăng ký Lò Thị Mận học lớp 1")
        assert "Hội trường" not in await here.says("cuc", "/lop")
        assert "đã đăng ký lớp nhận thức." in await here.says("cuc", "đăng ký Lò Thị Mận học lớp cảm tình")
        answer = await here.says("cuc", "/lop chưa kết nạp B1")
        assert "Lò Thị" not in answer
        assert "Không có đơn vị “" in answer or "phạm vi" in answer
    assert await counted(database) == 1


@pytest.mark.anyio
async def test_a_class_of_the_province_is_for_both_communes(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await listed(here, 1, unit="C1", first=2)
        await opened(here, 2, who="oanh")
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp cảm tình")
        await here.says("cuc", "đăng ký Lò Thị Mận học lớp cảm tình")
        seen = await here.says("mai", "/lop 1")
        assert "2/2 chỗ" in seen and "Chi bộ thôn 1: 1" in seen and "Chi bộ thôn Hạ" not in seen
        here.move(days=8)
        assert "không có lớp nào" not in await here.says("oanh", "kết thúc lớp 1")
        await here.says("oanh", "bỏ")


@pytest.mark.anyio
async def test_a_class_changed_since_its_card_was_shown_is_ended_once(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await opened(here, 2)
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp 1")
        here.move(days=8)
        for who in ("mai", "oanh"):
            await here.says(who, "kết thúc lớp 1")
            await here.presses(who, "Xong")
            await here.presses(who, "27/11/2026")
        await here.presses("mai", "Lưu")
        assert "đã kết thúc" in await here.presses("oanh", "Lưu")
    assert await counted(database, result="certified") == 1


@pytest.mark.anyio
async def test_nobody_came_is_no_end(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await opened(here, 2)
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp 1")
        here.move(days=8)
        await here.says("mai", "kết thúc lớp 1")
        await here.says("mai", "Lò Thị Hoa")
        assert "không có giấy chứng nhận nào để ghi" in await here.presses("mai", "Xong")
        assert "Không học đủ" not in await here.says("mai", "Lò Thị Hoa")
        await here.presses("mai", "Bỏ")
    assert await database.write(lambda tx: tx.scalar(select(classes.c.certificate_on))) is None


@pytest.mark.anyio
async def test_the_list_of_the_trained_goes_by_branch_page_by_page_with_the_last_days(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 25, stage_="class_done")
        await listed(here, 1, unit="B2", stage_="application", first=30)
        issued = {1: date(2021, 1, 15), 30: date(2026, 8, 12)}
        for number, day in issued.items():
            await database.write(
                lambda tx, number=number, day=day: tx.execute(
                    update(candidates).where(candidates.c.id == number).values(certificate_on=day)
                )
            )
        first = await here.says("mai", "/lop chưa kết nạp")
        assert "26 người" in first and "Chi bộ thôn 1: 25" in first and "trang 1/2" in first
        assert "• Lò Thị Hoa, giấy chứng nhận đã hết hạn 15/01/2026" in first
        second = await here.presses("mai", "Xem tiếp")
        assert "Chi bộ thôn 2: 1\n• Lò Văn Tùng, giấy chứng nhận còn đến 12/08/2031" in second
        own = await here.says("hung", "/lop chưa kết nạp")
        assert "1 người" in own and "Tùng" in own


@pytest.mark.anyio
async def test_a_turn_that_is_not_about_classes_never_reads_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(database) as here:
        await opened(here, 3)

        async def read(*_: object) -> None:
            raise AssertionError

        for name in ("by_id", "not_over", "last_over", "learners_of", "rolls", "waiting"):
            monkeypatch.setattr(f"storage.read.classes.{name}", read)
        await here.says("lan", "bo sung nguon: Trần Thị Na 97")
        await here.presses("lan", "Lưu")
        assert "Đã ghi" in await here.says("lan", "Trần Thị Na đã nộp đơn xin vào đảng")
        await here.says("lan", "/nguon")
        await here.says("mai", "/tiendo")


@pytest.mark.anyio
async def test_who_waits_in_another_commune_is_not_counted(database: Database) -> None:
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, PlannedPerson("nga", "Lý Thị Nga", Role.COMMITTEE, "XB")))
    async with stage(database, plan=plan, joined=("lan", "mai", "cuc", "nga")) as here:
        await listed(here, 2)
        await opened(here, 1)
        await here.says("lan", "/lop 1 đăng ký cả danh sách")
        await here.says("nga", OPENED.format(seats=5))
        assert "chờ" not in await here.presses("nga", "Lưu")
        assert "chờ" not in await here.says("nga", "/lop 2")
        assert "Không còn ai" in await here.says("nga", "nhận người chờ vào lớp 2")


@pytest.mark.anyio
async def test_a_class_nobody_ended_holds_nobody_back(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 1)
        await opened(here, 1)
        await here.says("lan", "đăng ký Lò Thị Hoa học lớp 1")
        here.move(days=20)
        await here.says("mai", "mở lớp cảm tình tại Hội trường xã ngày 20/12/2026, 2 chỗ")
        await here.presses("mai", "Lưu")
        assert "Đã đăng ký Lò Thị Hoa vào lớp 2" in await here.says("lan", "đăng ký Lò Thị Hoa học lớp cảm tình")
    assert await counted(database, class_id=1, result="moved") == 1


@pytest.mark.anyio
async def test_a_registration_decided_on_a_class_that_changed_meanwhile_is_decided_anew(database: Database) -> None:
    async with stage(database) as here:
        await listed(here, 2)
        await opened(here, 1)
        async with database.reading() as tx:
            held = await reading.by_id(tx, 1)
            unit_id = await tx.scalar(select(candidates.c.unit_id))
        assert held is not None and unit_id is not None
        for number, fails in ((1, False), (2, True)):
            outcome = Outcome(None, changes=(JoinClass(held, ((number, unit_id),)),))
            writing = apply(
                database,
                outcome=outcome,
                item_id=None,
                contact_id=None,
                person_id=None,
                now=cast.NOW,
                counts_by=Fact.CEREMONY,
            )
            if fails:
                with pytest.raises(Conflict):
                    await writing
            else:
                await writing
    assert await counted(database) == 1


COMPANY = PlannedUnit("CT", "Chi bộ Công ty may Bình Minh", UnitKind.BRANCH, "XA", Sector.COMPANY)
WITH_COMPANY: OfficePlan = replace(cast.PLAN, units=(*cast.PLAN.units, COMPANY))


@pytest.mark.anyio
async def test_a_committee_registers_the_list_of_the_branch_it_names(database: Database) -> None:
    async with stage(database, plan=WITH_COMPANY) as here:
        await listed(here, 3, unit="CT")
        await listed(here, 2, first=10)
        await opened(here, 4)
        said = await here.says("mai", "đăng ký cả danh sách Chi bộ Công ty may Bình Minh vào lớp 1")
        assert "Lò Thị Hoa, Lò Thị Mận và Lò Văn Sơn vào lớp 1" in said
        assert await counted(database) == 3
