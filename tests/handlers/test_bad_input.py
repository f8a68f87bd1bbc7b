"""What people send by mistake or on purpose: each gets a clear answer, and nothing is written by halves."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.messages import Kind
from domain.office import PlannedUnit
from domain.records import Standing
from domain.units import UnitKind
from storage.database import Database
from storage.tables import candidates, entries, invites, outbox, questions
from storage.upkeep import forget
from tests import cast
from tests.records import count, everything

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("text", ["", "   ", "\n", "👍", "😀😀😀", "…", "\u200b"])
async def test_nothing_to_read_is_answered_and_nothing_is_written(database: Database, text: str) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("lan", text)
        assert answer
        assert await count(database, entries) == 0


async def test_four_thousand_characters_are_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        assert await played.says("lan", ("kết nạp Nguyễn Văn An 15/10 " * 200)[:4096])
        assert await count(database, entries) == 0


async def test_accents_from_another_phone_give_the_same_person(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", unicodedata.normalize("NFD", "kết nạp Nguyễn Thị Hoà 15/10"))
        assert "Đã ghi số 1: Nguyễn Thị Hoà" in await played.presses("lan", "Lưu")
        assert "đã có số 1" in await played.says("lan", "kết nạp Nguyễn Thị Hòa 15/10")


@pytest.mark.parametrize("name", ["Nguyễn <b>Văn</b> An", "Nguyễn_Văn*An* [x](http://y)", "Lê & Văn Tư"])
async def test_markup_in_a_name_does_no_harm(database: Database, name: str) -> None:
    async with cast.stage(database) as played:
        assert await played.says("lan", f"kết nạp {name} 15/10")
        assert await count(database, entries) == 0


async def test_a_given_name_alone_is_asked_for_the_rest(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "Cần đủ họ và tên" in await played.says("lan", "kết nạp Hòa 15/10")
        assert "Lê Thị Hòa, làm lễ 15/10/2026" in await played.says("lan", "Lê Thị Hòa")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kết nạp Nguyễn Văn An 15/10/1926", "quá một năm"),
        ("kết nạp Nguyễn Văn An 30/2", "Lịch không có ngày"),
        ("kết nạp Nguyễn Văn An 25/12/2026", "chưa tới"),
    ],
)
async def test_a_day_that_cannot_be_is_asked_again(database: Database, text: str, said: str) -> None:
    async with cast.stage(database) as played:
        assert said in await played.says("lan", text)
        await played.says("lan", "lưu")
        assert await count(database, entries) == 0


async def test_more_people_than_names_are_asked_for(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("lan", "kết nạp 3 đồng chí Nguyễn Văn An, Trần Thị Bình ngày 15/10")
        assert "Tin nói 3 người nhưng có 2 tên" in answer
        assert "Lưu chứ?" in await played.presses("lan", "Chỉ 2 người")
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")
        assert await count(database, entries) == 2


async def test_a_unit_name_that_exists_twice_is_asked(database: Database) -> None:
    twin = PlannedUnit("B5", "Chi bộ thôn 1", UnitKind.BRANCH, "XB")
    plan = replace(cast.PLAN, units=(*cast.PLAN.units, twin))
    async with cast.stage(database, plan=plan) as played:
        answer = await played.says("oanh", "/tiendo chi bộ thôn 1")
        assert answer.count("Chi bộ thôn 1") >= 2
        assert "hỏi đơn vị nào" in answer


async def test_a_button_pressed_twice_writes_once(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = played.phone.said[-1][1]
        await played.presses("lan", "Lưu")
        again = await played.says("lan", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        assert "đã xử lý xong" in again
        assert await count(database, entries) == 1


async def test_two_presses_at_once_write_once(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = played.phone.said[-1][1]
        for _ in range(2):
            await played.hear("lan", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        await played.work()
        assert await count(database, entries) == 1


async def test_a_button_of_somebody_else_does_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = played.phone.said[-1][1]
        answer = await played.says("hung", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        assert "Nút này" in answer
        assert await count(database, entries) == 0


@pytest.mark.parametrize("pressed", ["", ":", "x:y", "1:x", "99999999999999999999:1", "-1:1", "1:99", "²:1"])
async def test_a_forged_button_does_nothing(database: Database, pressed: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert await played.says("lan", kind=Kind.PRESS, pressed=pressed)
        assert await count(database, entries) == 0


@pytest.mark.parametrize("days", [2, 366])
async def test_a_button_of_long_ago_is_said_to_be_old(database: Database, days: int) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = played.phone.said[-1][1]
        played.clock[0] += timedelta(days=days)
        answer = await played.says("lan", kind=Kind.PRESS, pressed=f"{card.question_id}:{card.choices[0].number}")
        assert "Nút này đã cũ" in answer
        assert await count(database, entries) == 0


@pytest.mark.parametrize(
    ("who", "said", "then"),
    [
        ("lan", "kết nạp Nguyễn Văn An 15/10", "lưu"),
        ("lan", "kết nạp Nguyễn Văn An, Trần Thị Bình ngày 15/10", "Lưu không tên"),
        ("lan", "kết nạp Nguyễn Văn An", "15/10"),
        ("lan", "thêm nguồn Nguyễn Văn An 1990", "lưu"),
        ("lan", "thêm nguồn Nguyễn Văn An 1990", "Lưu không tên"),
        ("lan", "/bangiao cho Đỗ Văn Tâm", "lưu"),
    ],
)
async def test_a_card_whose_people_a_clock_wiped_is_said_to_be_too_old(
    database: Database, who: str, said: str, then: str
) -> None:
    async with cast.stage(database) as played:
        await played.says(who, said)
        # For a moment the clock stood a year ahead, and upkeep went by it.
        await forget(database, played.office.retention, cast.NOW + timedelta(days=366))
        before = await count(database, candidates)
        answer = await played.says(who, then)
        assert "Thẻ này đã quá lâu" in answer and "gõ lại" in answer
        assert "ai?" not in answer
        assert "không có việc nào chờ" in await played.says(who, "ok"), "the card is over"
        assert await count(database, entries) == 0
        assert await count(database, candidates) == before


async def test_a_new_wish_is_answered_though_the_open_card_is_too_old(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await forget(database, played.office.retention, cast.NOW + timedelta(days=366))
        assert "Chi bộ thôn 1" in await played.says("lan", "/tiendo")
        assert "Trần Văn Bình" in await played.says("lan", "kết nạp Trần Văn Bình 16/10")
        assert "Đã ghi số 1" in await played.presses("lan", "Lưu")


async def test_a_button_still_works_after_a_restart(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        card = played.phone.said[-1][1]
        played.engine = replace(played.engine, owner="another process")
        pressed = f"{card.question_id}:{card.choices[0].number}"
        assert "Đã ghi số 1" in await played.says("lan", kind=Kind.PRESS, pressed=pressed)


async def test_a_stranger_is_told_once_how_to_join_and_nothing_else(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "mã mời" in await played.says("tam", "chào bot")
        assert await played.says("tam", "/tiendo") == ""
        assert await played.says("tam", "kết nạp Nguyễn Văn An 15/10") == ""
        assert await count(database, entries) == 0


async def test_a_wrong_code_is_refused_and_guessing_is_slowed_down(database: Database) -> None:
    async with cast.stage(database) as played:
        for _ in range(5):
            assert "Mã này không dùng được" in await played.says("tam", "ABCD 2345")
        assert "thử sai nhiều lần" in await played.says("tam", "ABCD 2346")
        played.move(hours=2)
        assert "Mã này không dùng được" in await played.says("tam", "ABCD 2347")


async def invited(played: cast.Stage) -> str:
    answer = await played.says("mai", "/moi bí thư B3")
    return answer.split("Mã mời: ")[1][:9]


async def test_a_code_lets_one_person_in_once(database: Database) -> None:
    async with cast.stage(database) as played:
        code = await invited(played)
        assert "Chi bộ trường THCS" in await played.says("tam", code.lower())
        assert "đã vào rồi" in await played.says("tam", code)
        assert "Mã này không dùng được" in await played.says("ty", code)
        assert "Kết nạp" in await played.says("tam", "kết nạp Nguyễn Văn An 15/10")


async def test_an_expired_code_lets_nobody_in(database: Database) -> None:
    async with cast.stage(database) as played:
        code = await invited(played)
        played.move(days=8)
        assert "Mã này không dùng được" in await played.says("tam", code)


async def test_a_code_is_kept_nowhere_once_it_was_said(database: Database) -> None:
    async with cast.stage(database) as played:
        code = (await invited(played)).replace(" ", "")
        await played.says("tam", code)
        kept = await database.write(
            lambda tx: [
                *tx.execute(select(outbox.c.body)).scalars(),
                *tx.execute(select(invites.c.fingerprint)).scalars(),
            ]
        )
        assert all(code not in str(one) and code[:4] + " " + code[4:] not in str(one) for one in kept)


async def test_a_dropped_card_leaves_nobody_behind(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        assert await count(database, candidates, candidates.c.standing == Standing.DRAFT) == 1
        assert "Đã bỏ" in await played.presses("lan", "Bỏ")
        assert await count(database, candidates) == 0


async def test_names_stand_only_where_they_may(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn Hiếm 15/10")
        drafts = await database.write(lambda tx: tx.execute(select(questions.c.draft, questions.c.choices)).all())
        assert "Hiếm" not in str(drafts)
        bodies = await database.write(lambda tx: tx.execute(select(outbox.c.body)).all())
        assert "Hiếm" not in str(bodies)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.PHOTO, "không nhận ảnh"),
        (Kind.VIDEO, "không nhận phim"),
        (Kind.DOCUMENT, "không nhận tệp"),
        (Kind.VOICE, "micrô"),
        (Kind.STICKER, "chỉ đọc được chữ"),
        (Kind.CONTACT, "không giữ số điện thoại"),
        (Kind.LOCATION, "không dùng vị trí"),
        (Kind.OTHER, "chỉ đọc được chữ"),
        (Kind.UNREADABLE, "gửi lại"),
    ],
)
async def test_what_is_not_words_is_refused_kindly(database: Database, kind: Kind, said: str) -> None:
    async with cast.stage(database) as played:
        assert said in await played.says("lan", kind=kind)


async def test_personal_numbers_are_cut_and_said_so(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("lan", "kết nạp Trần Văn Hậu cccd 001099000000 sdt 0900000000 ngày 15/10")
        assert "số căn cước" in answer and "số điện thoại" in answer
        kept = await database.write(everything)
        assert "001099000000" not in kept and "0900000000" not in kept


async def test_two_secretaries_report_the_same_person_at_once(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Nguyễn Văn An 15/10")
        await played.says("mai", "kết nạp Nguyễn Văn An 15/10 ở Chi bộ thôn 1")
        cards = {chat: message for chat, message in played.phone.said if message.choices}
        for who in ("lan", "mai"):
            await played.hear(who, kind=Kind.PRESS, pressed=f"{cards[who].question_id}:{cards[who].choices[0].number}")
        await played.work()
        assert await count(database, entries) == 1
        said = {chat: cast.shown(message) for chat, message in played.phone.said[-2:]}
        first, second = sorted(said, key=lambda chat: "Đã ghi số 1" not in said[chat])
        assert "Đã ghi số 1" in said[first]
        assert "đã có số 1" in said[second]
        answer = await played.presses(second, "Cùng một người")
        assert "giữ nguyên" in answer
        assert await count(database, entries) == 1
        await played.work()
        assert any(chat == first and "cũng vừa báo" in cast.shown(message) for chat, message in played.phone.said) or (
            played.clock[0].weekday() >= 5
        )
