"""A workbook sent by chat: checked, counted on a card, loaded whole or not at all, and only by whom it is given to."""

import asyncio
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from domain.messages import Address, FileTrouble, Kind
from domain.office import OfficePlan, PlannedPerson, PlannedQuota, PlannedUnit
from domain.people import Role
from domain.quotas import Target
from domain.units import MemberCount, Sector, UnitKind
from handlers.workbooks import LARGEST_BYTES
from language.plain import fold
from storage.database import Database
from storage.office import UnknownUnit, load_plan
from storage.tables import audit, candidates, entries, inbox, outbox, people, posts, questions, quotas, units
from tests import cast
from tests.cast import Stage
from tests.files import sheets
from tests.records import count

pytestmark = pytest.mark.anyio

ROOT = ("T", "Đảng bộ tỉnh Thử", "Đảng bộ cấp trên")
COMMUNE = ("XA", "Đảng bộ xã Bình Minh", "Đảng bộ cơ sở", "T", None, 235, date(2026, 1, 1))
NEW = ("B9", "Chi bộ thôn 9", "Chi bộ", "XA", "Khu dân cư")
GOOD = sheets.office((ROOT, COMMUNE, NEW), quotas=(("B9", 2026, 2),))


async def sends(played: Stage, content: bytes | FileTrouble, who: str = "oanh", file: str = "f1", **more: Any) -> str:
    played.phone.files[file] = content
    return await played.says(who, kind=Kind.WORKBOOK, file=file, file_bytes=1000, **more)


async def test_a_workbook_is_counted_on_a_card_and_saved_whole(database: Database) -> None:
    async with cast.stage(database) as played:
        before = await count(database, units)
        card = await sends(played, GOOD)
        assert "Đơn vị thêm mới: 1" in card
        assert "Chỉ tiêu được giao: 1" in card
        assert await count(database, units) == before
        assert "Đã ghi cả tệp" in await played.presses("oanh", "Lưu")
        assert await count(database, units) == before + 1
        assert "2" in await played.says("oanh", "/tiendo B9")


async def test_saving_is_told_to_the_audit_by_whom(database: Database) -> None:
    async with cast.stage(database) as played:
        await sends(played, GOOD)
        await played.presses("oanh", "Lưu")
        rows = select(audit.c.person_id).where(audit.c.what == "unit_added").order_by(audit.c.id.desc()).limit(1)
        assert await database.write(lambda tx: tx.scalar(rows)) is not None


async def test_nothing_of_the_rows_stands_in_questions_or_outbox(database: Database) -> None:
    async with cast.stage(database) as played:
        people = (("Kín Thị Danh", "Bí thư chi bộ", "B9"),)
        await sends(played, sheets.office((ROOT, COMMUNE, NEW), people=people))
        kept = await database.write(
            lambda tx: [
                *tx.execute(select(questions.c.draft, questions.c.choices)),
                *tx.execute(select(outbox.c.body)),
                *tx.execute(select(inbox)),
            ]
        )
        assert "Danh" not in str(kept)


async def test_what_is_wrong_is_told_without_names_and_personal_numbers(database: Database) -> None:
    number, phone = "001099012345", "0912345678"
    people_rows = (
        *(("Kín Thị Danh", "Bí thư chi bộ", "B9", "1"), ("Kín Thị Danh", "Đảng ủy", "XA")),
        *(("Sùng A Khác", phone, "XA", "1"), ("Lý Thị Nữa", "Đảng ủy", number)),
    )
    async with cast.stage(database) as played:
        answer = await sends(
            played, sheets.office((ROOT, COMMUNE, (*NEW, number)), quotas=((number, number, 2),), people=people_rows)
        )
        answer += await sends(played, sheets.past(admissions=((None, phone, "Kín Thị Danh", number),)), file="f2")
        answer += await sends(played, sheets.past(admissions=((None, phone, "Kín Thị Danh"),)), file="f3")
        assert "“…” đã có ở dòng 2" in answer and "mã người “1” đã dùng cho “…” (dòng 2)" in answer
        assert "[số căn cước]" in answer and "[số điện thoại]" in answer
        for kept in ("Danh", number, phone):
            assert kept not in answer


async def test_a_card_can_be_dropped(database: Database) -> None:
    async with cast.stage(database) as played:
        before = await count(database, units)
        await sends(played, GOOD)
        assert "Đã bỏ" in await played.presses("oanh", "Bỏ")
        assert await count(database, units) == before


async def test_the_same_file_twice_changes_nothing_and_says_so(database: Database) -> None:
    async with cast.stage(database) as played:
        await sends(played, GOOD)
        await played.presses("oanh", "Lưu")
        before = await count(database, audit)
        assert "không có gì mới" in await sends(played, GOOD, file="f2")
        assert await count(database, audit) == before


async def test_all_problems_are_told_and_a_long_list_is_cut(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await sends(played, sheets.office((ROOT, COMMUNE, ("B9", "Chi bộ thôn 9", "Nhóm", "XA"))))
        assert "Tệp có 1 chỗ cần sửa" in answer
        assert "dòng 4" in answer
        bad = tuple((f"Q{n}", f"Chi bộ thôn Q{n}", "Nhóm", "XA") for n in range(27))
        answer = await sends(played, sheets.office((ROOT, COMMUNE, *bad)), file="f2")
        assert "Tệp có 27 chỗ cần sửa" in answer
        assert "và còn 7 lỗi" in answer
        assert "Lưu" not in [choice.label for choice in played.phone.said[-1][1].choices]


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20))
    return packed.getvalue()


def wide() -> bytes:
    return sheets.office((ROOT, COMMUNE, (*NEW, *[None] * 5, *["x"] * 1000)))


TWO_TREES = replace(
    cast.PLAN,
    people=(
        *cast.PLAN.people,
        PlannedPerson("who", "Người Thử", Role.ORGANISER, "XA"),
        PlannedPerson("ho van vinh", "Hồ Văn Vinh", Role.SECRETARY, "C1"),
        PlannedPerson("both", "Lý Thị Đôi", Role.MONITOR, "B3"),
        PlannedPerson("both", "Lý Thị Đôi", Role.MONITOR, "XB"),
    ),
)
"""Somebody imports for the commune of Lan and Hùng alone; Cúc and Vinh are of the other one."""

HAMLET_THERE = ("C1", "Chi bộ thôn Hạ", "Chi bộ", "XB", "Khu dân cư")
FORMULA = sheets.office((ROOT, COMMUNE, ("B9", '=HYPERLINK("http://x")', "Chi bộ", "XA")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"%PDF-1.4", "không phải tệp Excel"),
        (b"PK\x03\x04 broken", "hỏng"),
        (bomb(), "quá lớn"),
        (wide(), "quá giới hạn"),
        (FileTrouble.GONE, "Không lấy lại được tệp"),
        (FileTrouble.AWAY, "mạng trục trặc"),
        (FileTrouble.TOO_BIG, "chỉ nhận đến 5 MB"),
    ],
    ids=["empty", "pdf", "broken", "bomb", "wide", "gone", "away", "too big"],
)
async def test_what_cannot_be_read_is_said_in_words(
    database: Database, content: bytes | FileTrouble, said: str
) -> None:
    async with cast.stage(database) as played:
        assert said in await sends(played, content)
        assert "Đã ghi" not in await played.says("oanh", "lưu")


async def test_words_that_look_like_a_formula_are_words(database: Database) -> None:
    async with cast.stage(database) as played:
        await sends(played, FORMULA)
        await played.presses("oanh", "Lưu")
        name = await database.write(lambda tx: tx.scalar(select(units.c.name).where(units.c.code == "B9")))
        assert name is None or name.startswith("=")


async def test_a_file_of_20_mb_is_not_even_fetched(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("oanh", kind=Kind.WORKBOOK, file="never", file_bytes=20 * 2**20)
        assert "chỉ nhận đến 5 MB" in answer


@pytest.mark.parametrize("who", ["lan", "mai", "minh", "tam"])
async def test_whoever_may_not_import_has_nothing_fetched(database: Database, who: str) -> None:
    async with cast.stage(database) as played:
        asked: list[str] = []

        async def fetch(address: Address, file: str) -> bytes:
            asked.append(file)
            return GOOD

        played.engine.fetch = fetch
        answer = await sends(played, GOOD, who=who)
        assert ("mã mời" if who == "tam" else "không nhận tệp") in answer
        assert asked == []


async def test_saving_after_the_file_is_gone_writes_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        before = await count(database, units)
        await sends(played, GOOD)
        played.phone.files["f1"] = FileTrouble.AWAY
        assert "nên chưa ghi gì" in await played.presses("oanh", "Lưu")
        played.phone.files["f1"] = FileTrouble.GONE
        assert "Không lấy lại được tệp" in await played.presses("oanh", "Lưu")
        assert await count(database, units) == before


async def test_another_file_in_its_place_is_not_saved(database: Database) -> None:
    async with cast.stage(database) as played:
        before = await count(database, units)
        await sends(played, GOOD)
        played.phone.files["f1"] = sheets.office((ROOT, COMMUNE, ("B8", "Chi bộ thôn 8", "Chi bộ", "XA")))
        assert "không còn như lúc" in await played.presses("oanh", "Lưu")
        assert await count(database, units) == before


async def test_saving_after_the_records_changed_shows_the_card_anew(database: Database) -> None:
    async with cast.stage(database) as played:
        await sends(played, GOOD)
        await played.says("oanh", "giao chỉ tiêu 2026: chi bộ thôn 1: 5")
        await sends(played, sheets.office((ROOT, COMMUNE, NEW)), file="f2")
        await played.presses("oanh", "Lưu")
        first = next(message for _, message in played.phone.said if message.choices)
        answer = await played.says("oanh", kind=Kind.PRESS, pressed=f"{first.question_id}:{first.choices[0].number}")
        assert "đã khác lúc đồng chí xem" in answer
        assert "Đơn vị thêm mới" not in answer
        assert await count(database, select(quotas.c.id).where(quotas.c.period == "2026").subquery()) == 4
        assert "Đã ghi cả tệp" in await played.presses("oanh", "Lưu")


async def test_pressed_twice_it_is_saved_once(database: Database) -> None:
    async with cast.stage(database) as played:
        await sends(played, GOOD)
        card = played.phone.said[-1][1]
        for _ in range(2):
            await played.hear("oanh", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        await played.work()
        said = [cast.shown(message) for _, message in played.phone.said[-2:]]
        assert sum("Đã ghi cả tệp" in one for one in said) == 1


async def test_a_card_of_yesterday_saves_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        before = await count(database, units)
        await sends(played, GOOD)
        played.move(hours=25)
        assert "Đã ghi" not in await played.presses("oanh", "Lưu")
        assert await count(database, units) == before


async def test_nobody_reaches_beyond_the_own_tree(database: Database) -> None:
    other = ("XB", "Đảng bộ xã Hòa Bình", "Đảng bộ cơ sở", "T")
    person = ("Nguyễn Văn Lạ", "Bí thư chi bộ", "C1")
    async with cast.stage(database, plan=TWO_TREES, joined=("who",)) as played:
        before = await count(database, units)
        tries: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
            "new below another": (
                (ROOT, COMMUNE, other, ("C9", "Chi bộ thôn Thượng", "Chi bộ", "XB")),
                {},
                "“C9”, “XB”",
            ),
            "taken from another": ((ROOT, COMMUNE, ("C1", "Chi bộ thôn Hạ", "Chi bộ", "XA")), {}, "“C1”"),
            "renamed above": (((*ROOT[:1], "Đảng bộ tỉnh Khác", *ROOT[2:]), COMMUNE, NEW), {}, "“T”"),
            "moved away": ((ROOT, other, ("B1", "Chi bộ thôn 1", "Chi bộ", "XB")), {}, "“B1”, “XB”"),
            "counted above": (((*ROOT, None, None, 5, date(2026, 1, 1)), COMMUNE, NEW), {}, "“T”"),
            "called otherwise above": (((*ROOT, None, None, None, None, "tỉnh mình"), COMMUNE, NEW), {}, "“T”"),
            "quota elsewhere": ((ROOT, COMMUNE, other, HAMLET_THERE), {"quotas": (("C1", 2026, 9),)}, "“C1”, “XB”"),
            "called otherwise elsewhere": (
                (ROOT, COMMUNE, other, (*HAMLET_THERE, None, None, "thôn của tôi")),
                {},
                "“C1”, “XB”",
            ),
            "quota above": ((ROOT, COMMUNE, NEW), {"quotas": (("T", 2026, 100),)}, "“T”"),
            "post elsewhere": (
                (ROOT, COMMUNE, other, ("C1", "Chi bộ thôn Hạ", "Chi bộ", "XB", "Khu dân cư")),
                {"people": (person,)},
                "“C1”, “XB”",
            ),
        }
        for name, (rows, more, code) in tries.items():
            answer = await sends(played, sheets.office(rows, **more), who="who", file=name)
            assert f"không có đơn vị mang mã {code}." in answer, (name, answer)
        assert await count(database, units) == before
        assert "Đơn vị thêm mới: 1" in await sends(played, GOOD, who="who", file="good")


async def test_a_slow_file_holds_up_no_other_chat(database: Database) -> None:
    async with cast.stage(database) as played:
        may_go = asyncio.Event()

        async def fetch(address: Address, file: str) -> bytes:
            await may_go.wait()
            return GOOD

        played.engine.fetch = fetch
        await played.hear("oanh", kind=Kind.WORKBOOK, file="slow")
        working = asyncio.create_task(played.engine.drain())
        await asyncio.sleep(0)
        await played.hear("lan", "còn mấy chỉ tiêu")
        async with asyncio.timeout(30):
            while not any(chat == "lan" for chat, _ in played.phone.said):
                await asyncio.sleep(0.01)
                await played.delivery.drain()
        assert not any(chat == "oanh" for chat, _ in played.phone.said)
        may_go.set()
        await working
        await played.work()
        assert any(chat == "oanh" and "Đơn vị thêm mới" in cast.shown(one) for chat, one in played.phone.said)


async def test_a_file_larger_than_it_said_is_refused(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "chỉ nhận đến 5 MB" in await sends(played, b"PK" + bytes(LARGEST_BYTES))


async def posts_of(database: Database, name: str) -> list[tuple[int, str | None, list[tuple[str, str]]]]:
    """Everybody of that name: id, key and posts, by unit."""
    held = select(people.c.id, people.c.key, posts.c.role, units.c.code).where(people.c.name == name)
    held = held.join_from(people, posts, posts.c.person_id == people.c.id).join(units, units.c.id == posts.c.unit_id)
    rows = await database.write(lambda tx: tx.execute(held.order_by(people.c.id, posts.c.id)).all())
    ids = dict.fromkeys((row.id, row.key) for row in rows)
    return [(one, key, [(row.role, row.code) for row in rows if row.id == one]) for one, key in ids]


SCHOOL = ("B3", "Chi bộ trường THCS", "Chi bộ", "XA", "Trường học")
HAMLET = ("B2", "Chi bộ thôn 2", "Chi bộ", "XA", "Khu dân cư")


@pytest.mark.parametrize(
    ("person", "theirs"),
    [
        (("Kẻ Mạo Danh", "Bí thư chi bộ", "B3", "cuc"), "Đinh Thị Cúc"),
        (("Đinh Thị Cúc", "Bí thư chi bộ", "B3", "cuc"), "Đinh Thị Cúc"),
        (("Hồ Văn Vinh", "Bí thư chi bộ", "B3"), "Hồ Văn Vinh"),
    ],
    ids=["another's key", "another's key and name", "another's name"],
)
async def test_a_person_of_another_tree_is_neither_met_nor_touched(
    database: Database, person: tuple[str, ...], theirs: str
) -> None:
    async with cast.stage(database, plan=TWO_TREES, joined=("who",)) as played:
        before = (await posts_of(database, theirs))[0]
        nobody = ("Sùng A Chưa Ai", *person[1:3], "sung a")
        of_nobody = await sends(played, sheets.office((ROOT, COMMUNE, SCHOOL), people=(nobody,)), "who", "f0")
        card = await sends(played, sheets.office((ROOT, COMMUNE, SCHOOL), people=(person,)), "who")
        assert card.split("Lưu tất cả")[0] == of_nobody.split("Lưu tất cả")[0]
        assert "Đã ghi cả tệp" in await played.presses("who", "Lưu")
        assert (await posts_of(database, theirs))[0] == before
        (made,) = [one for one in await posts_of(database, person[0]) if one[0] != before[0]]
        assert made[1:] == (None, [("secretary", "B3")])
        # The same again is nothing new, and more of it is about the one who was made.
        assert "không có gì mới" in await sends(
            played, sheets.office((ROOT, COMMUNE, SCHOOL), people=(person,)), "who", "f2"
        )
        more = ((person[0], "Phụ trách", "B2; B3", "cuc"), (person[0], "Bí thư chi bộ", "B3", "cuc"))
        if person[3:]:
            await sends(played, sheets.office((ROOT, COMMUNE, SCHOOL, HAMLET), people=more), "who", "f3")
            await played.presses("who", "Lưu")
            held = next(one for one in await posts_of(database, person[0]) if one[0] == made[0])
            assert held[2] == [("secretary", "B3"), ("monitor", "B2"), ("monitor", "B3")]


async def test_whoever_serves_in_two_trees_keeps_the_name(database: Database) -> None:
    async with cast.stage(database, plan=TWO_TREES, joined=("who",)) as played:
        people_rows = (("Tên Khác Hẳn", "Bí thư chi bộ", "B3", "both"),)
        await sends(played, sheets.office((ROOT, COMMUNE, SCHOOL), people=people_rows), "who")
        await played.presses("who", "Lưu")
        ((_, key, held),) = await posts_of(database, "Lý Thị Đôi")
        assert (key, held) == ("both", [("monitor", "B3"), ("monitor", "XB"), ("secretary", "B3")])


@pytest.mark.parametrize("key", [(), ("1",)], ids=["no key", "the same number"])
async def test_namesakes_in_two_communes_stay_two_even_for_whoever_may_import_both(
    database: Database, key: tuple[str, ...]
) -> None:
    hamlet = ("C1", "Chi bộ thôn Hạ", "Chi bộ", "XB", "Khu dân cư")
    other = ("XB", "Đảng bộ xã Hòa Bình", "Đảng bộ cơ sở", "T")
    first = sheets.office((ROOT, COMMUNE, SCHOOL), people=(("Nông Văn Trùng", "Bí thư chi bộ", "B3", *key),))
    second = sheets.office((ROOT, other, hamlet), people=(("Nông Văn Trùng", "Bí thư chi bộ", "C1", *key),))
    async with cast.stage(database) as played:
        for file, book in (("f1", first), ("f2", second)):
            await sends(played, book, file=file)
            await played.presses("oanh", "Lưu")
        held = [one[2] for one in await posts_of(database, "Nông Văn Trùng")]
        assert held == [[("secretary", "B3")], [("secretary", "C1")]]
        for file, book in (("f3", first), ("f4", second)):
            assert "không có gì mới" in await sends(played, book, file=file)


async def test_units_elsewhere_do_not_say_whether_they_are_as_guessed(database: Database) -> None:
    right = ("C1", "Chi bộ thôn Hạ", "Chi bộ", "XB", "Khu dân cư")
    other = ("XB", "Đảng bộ xã Hòa Bình", "Đảng bộ cơ sở", "T")
    async with cast.stage(database, plan=TWO_TREES, joined=("who",)) as played:
        answers = {
            await sends(played, sheets.office((ROOT, COMMUNE, NEW, other, row)), "who", f"f{at}")
            for at, row in enumerate((right, ("C1", "Chi bộ thôn Thượng", "Chi bộ", "XB")))
        }
        assert len(answers) == 1
        assert "“C1”, “XB”" in answers.pop()


async def test_entries_elsewhere_are_like_none(database: Database) -> None:
    async with cast.stage(database, plan=TWO_TREES, joined=("who", "cuc")) as played:
        await played.says("cuc", "kết nạp Lò Thị Dụ 15/10/2026")
        assert "Đã ghi số 1" in await played.presses("cuc", "Lưu")
        answers = [
            await sends(played, sheets.past(admissions=((number, "B1", None, None, date(2026, 9, 1)),)), "who", file)
            for number, file in ((1, "f1"), (2, "f2"))
        ]
        assert answers[0].replace("số 1", "số 2") == answers[1]
        assert "không có bản ghi kết nạp nào số 1" in answers[0]


async def test_a_row_that_puts_an_entry_right_needs_no_unit(database: Database) -> None:
    async with cast.stage(database, plan=TWO_TREES, joined=("who", "lan", "cuc", "oanh")) as played:
        for who in ("lan", "cuc"):
            await played.says(who, "kết nạp Lò Thị Dụ 15/10/2026")
            await played.presses(who, "Lưu")
        corrects = {number: sheets.past(admissions=((number, *[None] * 4, date(2026, 10, 1)),)) for number in (1, 2, 3)}
        elsewhere = await sends(played, corrects[2], "who", "f2")
        assert elsewhere == (await sends(played, corrects[3], "who", "f3")).replace("số 3", "số 2")
        assert "1" in await sends(played, corrects[1], "who", "f1")
        assert "Đã ghi cả tệp" in await played.presses("who", "Lưu")
        await sends(played, corrects[2], "oanh", "f2")
        assert "Lô số" in await played.presses("oanh", "Lưu")
        # The very file of somebody else says no more than any other would.
        assert await sends(played, corrects[2], "who", "f4") == elsewhere
        days = select(entries.c.decision_on).where(entries.c.state == "live")
        assert await database.write(lambda tx: tx.execute(days).scalars().all()) == [date(2026, 10, 1)] * 2


async def test_a_code_that_reads_like_anothers_is_still_ones_own(database: Database) -> None:
    first, *others = cast.PLAN.units
    units_of_plan = (
        *(first, others[0], PlannedUnit("c1", "Chi bộ thôn Mới", UnitKind.BRANCH, "XA")),
        *others[1:],
    )
    plan = replace(TWO_TREES, units=units_of_plan)
    row = (None, "c1", "Lò Thị Dụ", date(2026, 1, 1), date(2026, 1, 15))
    async with cast.stage(database, plan=plan, joined=("who", "cuc")) as played:
        await sends(played, sheets.past(admissions=(row,)), "who")
        assert "Đã ghi cả tệp" in await played.presses("who", "Lưu")
        code = select(units.c.code).join_from(entries, units, units.c.id == entries.c.unit_id)
        assert await database.write(lambda tx: tx.execute(code).scalars().all()) == ["c1"]


async def test_what_has_left_the_reach_meanwhile_is_not_written(database: Database) -> None:
    """The tree moves between the look and the writing."""
    async with cast.stage(database, plan=TWO_TREES, joined=("who",)):
        within = await database.write(lambda tx: tx.scalar(select(units.c.id).where(units.c.code == "XA")))
        plans = (
            OfficePlan(quotas=(PlannedQuota("C1", "2026", Target(9)),)),
            OfficePlan(units=(PlannedUnit("C1", "Tên khác", UnitKind.BRANCH, "XB", Sector.RESIDENTIAL),)),
            OfficePlan(units=(PlannedUnit("C1", "Chi bộ thôn Hạ", UnitKind.BRANCH, "XA", Sector.RESIDENTIAL),)),
            OfficePlan(units=(PlannedUnit("C9", "Mới", UnitKind.BRANCH, "XB"),)),
            OfficePlan(people=(PlannedPerson("x", "Ai Đó", Role.SECRETARY, "C1"),)),
        )
        for plan in plans:
            with pytest.raises(UnknownUnit):
                await load_plan(database, plan, fold, cast.NOW.date(), cast.NOW, within=[within or 0])
        alias = replace(cast.PLAN.units[-1], aliases=("thôn của tôi",), members=MemberCount(1, date(2026, 1, 1)))
        report = await load_plan(
            database, OfficePlan(units=(alias,)), fold, cast.NOW.date(), cast.NOW, within=[within or 0]
        )
        assert report.changed == 0


async def test_people_and_admissions_of_another_tree_are_no_ones_namesakes(database: Database) -> None:
    """Whoever is on a list or on record elsewhere is not met by name, and cannot be written about by their branch."""
    agreed, day = date(2026, 1, 1), date(2026, 10, 15)
    async with cast.stage(database, plan=TWO_TREES, joined=("who", "cuc")) as played:
        for said in ("thêm nguồn Lò Thị Dụ 1990", "kết nạp Giàng A Sử 15/10/2026"):
            await played.says("cuc", said)
            await played.presses("cuc", "Lưu")
        theirs = select(candidates, entries.c.number, entries.c.state, units.c.code)
        theirs = theirs.join_from(candidates, units, units.c.id == candidates.c.unit_id).where(units.c.code == "C1")
        theirs = theirs.join(entries, entries.c.candidate_id == candidates.c.id, isouter=True)
        before = await database.write(lambda tx: tx.execute(theirs.order_by(candidates.c.id)).all())
        cards = [
            await sends(
                played,
                sheets.past(admissions=((None, "B1", admitted, agreed, day),), candidates=(("B1", listed, agreed),)),
                "who",
                file,
            )
            for file, listed, admitted in (("f1", "Tô Thị Ai", "Tô Văn Nào"), ("f2", "Lò Thị Dụ", "Giàng A Sử"))
        ]
        assert cards[0].split("Lưu tất cả")[0] == cards[1].split("Lưu tất cả")[0]
        assert "Đã ghi cả tệp" in await played.presses("who", "Lưu")
        for at, known in enumerate(("C1", "c1", "Chi bộ thôn Hạ")):
            answers: list[str] = []
            for code in (known, "K9"):
                admissions = ((None, code, "Giàng A Sử", agreed, day), (None, code, None, None, day, None, None, 3))
                book = sheets.past(admissions=admissions, candidates=((code, "Lò Thị Dụ", agreed),))
                answers.append(await sends(played, book, "who", f"{at}{code}"))
            assert answers[0].replace(f"“{known}”", "“K9”") == answers[1]
            assert answers[1].count("không có đơn vị nào mang mã “K9”") == 3
        assert "không có gì mới" in await sends(played, sheets.past(candidates=(("b1", "Lò Thị Dụ", agreed),)), "who")
        assert await database.write(lambda tx: tx.execute(theirs.order_by(candidates.c.id)).all()) == before
