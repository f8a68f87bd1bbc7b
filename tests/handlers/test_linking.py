"""One person in several chats: linked by a code, acting in either, told in one, and taken apart again."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.messages import Kind
from domain.records import EntryState
from handlers.joining import GUESSES_AN_HOUR
from handlers.turn import Engine
from language.filling import pick
from storage.database import Database
from storage.tables import addresses, entries, inbox, invites, outbox, people, posts, questions
from storage.verify import flaws
from tests import cast
from tests.records import everything, rows

pytestmark = pytest.mark.anyio

SAID = "kết nạp Nguyễn Văn Bình 15/11/2026"


def code_in(said: str) -> str:
    found = re.search(r"Mã liên kết: (\w{4} \w{4})", said)
    assert found, said
    return found[1]


async def link(played: cast.Stage, who: str, chat: str) -> str:
    return await played.says(chat, code_in(await played.says(who, "/lienket")))


async def owners(database: Database) -> dict[str, str | None]:
    """Whose each chat is."""
    query = select(addresses.c.chat, people.c.key).join_from(
        addresses, people, people.c.id == addresses.c.person_id, isouter=True
    )
    return {row.chat: row.key for row in await rows(database, query)}


async def number_of(database: Database, chat: str) -> int:
    """The number under which the newest question offers a chat."""
    chat_id = (await rows(database, select(addresses.c.id).where(addresses.c.chat == chat)))[0].id
    asked = (await rows(database, select(questions).order_by(questions.c.id.desc())))[0]
    says = [choice["says"] for choice in asked.choices]
    return asked.first_number + says.index(pick(chat_id))


async def live_entries(database: Database) -> int:
    live = select(entries.c.number).where(entries.c.state == EntryState.LIVE.value)
    return len(await rows(database, live))


# ── The code ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["/lienket", "liên kết Zalo", "tôi muốn dùng thêm zalo", "noi them may khac"])
async def test_a_code_made_on_one_phone_and_typed_on_the_other_makes_them_one_person(
    database: Database, words: str
) -> None:
    async with cast.stage(database) as played:
        said = await played.says("lan", words)
        assert "đến 10:00" in said
        linked = await played.says("lan 2", code_in(said).lower())
        assert "Đã nhận: máy này" in linked and "Nguyễn Thị Lan" not in linked.split("của đồng chí")[0]
        assert (await owners(database))["lan 2"] == "lan"
        assert "Chi bộ thôn 1" in await played.says("lan 2", "/tiendo")
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "lan"]
        assert "Vừa nối thêm một máy" in told[-1] and "/khoa" in told[-1]
        assert await flaws(database) == []


async def test_the_code_stands_nowhere_but_in_its_message(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("lan", "/lienket"))
        await played.says("lan 2", f"mã của em là {code}")
        kept = await database.write(everything)
        assert code not in kept and code.replace(" ", "") not in kept
        assert "[mã mời]" in (await rows(database, select(inbox.c.text).order_by(inbox.c.id.desc())))[0].text


async def test_a_code_is_good_once_and_for_an_hour_and_the_newer_ends_the_older(database: Database) -> None:
    async with cast.stage(database) as played:
        first = code_in(await played.says("lan", "/lienket"))
        second = code_in(await played.says("lan", "/lienket"))
        assert "không dùng được" in await played.says("x", first)
        assert "Đã nhận: máy này" in await played.says("y", second)
        assert "không dùng được" in await played.says("z", second)
        late = code_in(await played.says("lan", "/lienket"))
        played.move(minutes=61)
        assert "không dùng được" in await played.says("z", late)
        assert {chat for chat, key in (await owners(database)).items() if key == "lan"} == {"lan", "y"}


async def test_of_two_chats_that_type_the_code_at_once_one_is_linked(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("lan", "/lienket"))
        for chat in ("x", "y"):
            await played.hear(chat, code)
        other = Engine(database, played.office, played.engine.now, "another process")
        await asyncio.gather(played.engine.drain(), other.drain())
        await played.work()
        assert [(await owners(database))[chat] for chat in ("x", "y")].count("lan") == 1


async def test_guesses_of_link_codes_are_counted_with_those_of_invites(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("lan", "/lienket"))
        for number in range(GUESSES_AN_HOUR):
            await played.says("x", f"ABCD 2{number + 2}34")
        assert "thử sai nhiều lần" in await played.says("x", code)
        assert (await owners(database))["x"] is None


async def test_typed_where_it_was_made_or_in_a_linked_chat_it_is_not_spent(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        code = code_in(await played.says("lan", "/lienket"))
        for chat in ("lan", "lan 2"):
            assert "để gõ ở máy chưa nối" in await played.says(chat, code)
        assert "Đã nhận: máy này" in await played.says("lan 3", code)


async def test_who_holds_nothing_any_more_links_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("lan", "/lienket"))
        who = select(people.c.id).where(people.c.key == "lan").scalar_subquery()
        ended = update(posts).where(posts.c.person_id == who).values(until=played.clock[0].date() - timedelta(days=1))
        await database.write(lambda tx: tx.execute(ended))
        assert "không dùng được" in await played.says("lan 2", code)
        assert (await owners(database))["lan 2"] is None


# ── Somebody else's chat ────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_elses_chat_is_asked_first_and_left_as_it_was(database: Database) -> None:
    async with cast.stage(database) as played:
        asked = await link(played, "lan", "hung")
        assert "Máy này đang là của đồng chí Trần Văn Hùng" in asked and "Lan" not in asked
        assert "sẽ không còn máy nào" in asked
        assert "mọi việc giữ nguyên" in await played.presses("hung", "Bỏ")
        assert (await owners(database))["hung"] == "hung"


async def test_a_chat_taken_over_brings_nothing_of_whose_it_was(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "hung", "hung 2")
        await played.says("hung", SAID)
        await link(played, "lan", "hung")
        assert "Đã nhận: máy này" in await played.presses("hung", "Chuyển")
        assert (await owners(database)) | {"hung": "lan", "hung 2": "hung"} == await owners(database)
        assert "Chi bộ thôn 2" not in await played.says("hung", "/tiendo")
        told = [cast.shown(message) for chat, message in played.phone.said if chat == "hung 2"]
        assert "vừa chuyển cho người khác" in told[-1]
        open_ones = select(questions).join(addresses, addresses.c.id == questions.c.contact_id)
        left = await rows(database, open_ones.where(addresses.c.chat == "hung", questions.c.settled_at.is_(None)))
        assert not [row for row in left if row.draft is not None]
        assert await flaws(database) == []


async def test_the_card_of_a_code_that_was_used_meanwhile_takes_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        code = code_in(await played.says("lan", "/lienket"))
        await played.says("hung", code)
        await played.says("lan 2", code)
        assert "thay đổi trong lúc chờ" in await played.presses("hung", "Chuyển")
        assert (await owners(database))["hung"] == "hung"


async def test_the_card_is_about_its_own_chat_wherever_it_is_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "hung", "hung 2")
        await link(played, "lan", "hung")
        await played.says("hung 2", "đồng ý")
        await played.says("hung 2", "đồng ý")
        assert (await owners(database))["hung 2"] == "hung"


async def test_who_joined_twice_for_the_same_post_is_told_how_to_be_one_person(database: Database) -> None:
    async with cast.stage(database) as played:
        invited = await played.says("mai", "/moi bí thư chi bộ B1 Nguyễn Thị Lan")
        code = re.search(r"Mã mời: (\w{4} \w{4})", invited)
        assert code
        assert "/lienket" in await played.says("zalo", code[1])
        assert (await owners(database))["zalo"] is None, "a person of their own, without a key of the workbook"
        await link(played, "lan", "zalo")
        await played.presses("zalo", "Chuyển")
        assert (await owners(database))["zalo"] == "lan"
        today = played.clock[0].date()
        held = select(posts.c.person_id).where(posts.c.role == "secretary", posts.c.until.is_(None))
        of_b1 = [row.person_id for row in await rows(database, held)]
        assert len(of_b1) == 3, f"Lan, Hùng and Cúc on {today}, nobody twice"


async def test_an_invite_for_somebody_who_is_in_says_how_to_link(database: Database) -> None:
    async with cast.stage(database, joined=("mai",)) as played:
        codes = [
            re.findall(r"Mã mời: (\w{4} \w{4})", await played.says("mai", "/moi bí thư chi bộ B1 Nguyễn Thị Lan"))[0]
            for _ in range(2)
        ]
        assert "Đã nhận" in await played.says("lan", codes[0])
        assert "/lienket" in await played.says("lan 2", codes[1])
        assert (await owners(database))["lan 2"] is None


# ── Two chats, one person ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_fact_from_both_is_one_entry(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan", SAID)
        await played.presses("lan", "Lưu")
        again = await played.says("lan 2", SAID)
        assert "Cùng một người" in again
        await played.presses("lan 2", "Cùng một người")
        await played.says("lan", "tháng này không có gì mới")
        assert "đã" in await played.says("lan 2", "tháng này không có gì mới")
        assert await live_entries(database) == 1
        assert await flaws(database) == []


async def test_what_was_logged_in_one_is_undone_in_the_other(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan", SAID)
        await played.presses("lan", "Lưu")
        assert "Đã hủy số 1" in await played.says("lan 2", "bỏ cái vừa rồi")
        assert await live_entries(database) == 0


@pytest.mark.parametrize("answer", ["1", "lưu", "ok"])
async def test_a_card_answered_in_the_other_chat_moves_there_and_is_decided_there(
    database: Database, answer: str
) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan", SAID)
        moved = await played.says("lan 2", answer)
        assert "đang làm dở ở máy khác, chưa ghi gì" in moved and "Nguyễn Văn Bình" in moved
        assert await live_entries(database) == 0
        await played.presses("lan 2", "Lưu", by_number=True)
        assert await live_entries(database) == 1
        assert "xử lý xong rồi" in await played.presses("lan", "Lưu")
        assert await live_entries(database) == 1


async def test_a_card_that_moved_away_and_is_pressed_all_the_same_comes_back(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan", SAID)
        await played.says("lan 2", "1")
        back = await played.presses("lan", "Lưu")
        assert "chưa ghi gì" in back and "Nguyễn Văn Bình" in back
        assert await live_entries(database) == 0
        await played.presses("lan", "Lưu")
        assert await live_entries(database) == 1


async def test_the_second_wish_of_a_message_is_gone_on_with_where_its_card_went(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        said = await played.says("lan", "kết nạp Nguyễn Văn Bình 15/11, bổ sung nguồn Lê Thị Na 1997")
        assert "còn" in said
        await played.says("lan 2", "lưu")
        await played.presses("lan 2", "Lưu")
        goes_on = await played.presses("lan 2", "Làm việc tiếp")
        assert "Lê Thị Na" in goes_on


async def test_numbers_of_two_chats_mean_two_things(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan", SAID)
        await played.says("lan 2", "kết nạp Trần Văn Cường 14/11/2026")
        await played.says("lan 2", "1")
        saved = await rows(database, select(entries.c.ceremony_on).where(entries.c.state == "live"))
        assert [row.ceremony_on.day for row in saved] == [14]
        await played.says("lan", "1")
        assert await live_entries(database) == 2


async def test_a_card_in_the_chat_of_somebody_else_is_never_shown(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", SAID)
        assert "Bình" not in await played.says("hung", "1")


# ── Where letters go ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_letters_are_wanted_where_it_was_said_or_where_one_was_last(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        assert "Từ nay nhắc việc" in await played.says("lan", "/lienket nhắc ở đây")
        await played.says("lan 2", "menu")
        assert await _goes_to(database, played) == "lan"
        await played.says("lan 2", "nhắc tôi ở đây nhé")
        await played.says("lan", "menu")
        assert await _goes_to(database, played) == "lan 2"
        await played.says("lan", "/lienket nhắc nơi dùng gần nhất")
        assert await _goes_to(database, played) == "lan"


async def _goes_to(database: Database, played: cast.Stage) -> str:
    """In which chat a letter to Lan comes."""
    played.clock[0] = max(played.clock[0], cast.NOW.replace(day=23, hour=9)) + timedelta(minutes=1)
    await played.says("mai", "thông báo cho các bí thư ở B1: mai họp")
    before = len(played.phone.said)
    await played.presses("mai", "Lưu")
    return next(chat for chat, _ in reversed(played.phone.said[before:]) if chat != "mai")


async def test_a_channel_that_is_not_linked_is_no_place_for_letters(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "chưa nối Zalo" in await played.says("lan", "nhắc tôi qua Zalo")


# ── Taken apart ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("at", "gone"), [("lan", "lan 2"), ("lan 2", "lan 2"), ("lan 2", "lan")])
async def test_either_chat_takes_either_off(database: Database, at: str, gone: str) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says(gone, SAID)
        await played.says("lan" if gone == "lan 2" else "lan 2", "menu")
        if at == gone:
            card = await played.says(at, "gỡ máy này")
        else:
            await played.says(at, "/lienket gỡ")
            card = await played.says(at, str(await number_of(database, gone)))
        assert "Gỡ máy" in card
        assert "Đã gỡ" in await played.presses(at, "Gỡ")
        left = "lan" if gone == "lan 2" else "lan 2"
        assert await owners(database) | {gone: None, left: "lan"} == await owners(database)
        assert "mã mời" in await played.says(gone, "lưu")
        assert await live_entries(database) == 0
        assert await flaws(database) == []


async def test_the_last_chat_is_not_taken_off(database: Database) -> None:
    async with cast.stage(database) as played:
        assert "không gỡ được" in await played.says("lan", "/lienket gỡ")


async def test_both_taken_off_at_once_leave_one(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        for chat in ("lan", "lan 2"):
            await played.says(chat, "gỡ máy này")
        for chat in ("lan", "lan 2"):
            await played.hear(chat, "đồng ý")
        other = Engine(database, played.office, played.engine.now, "another process")
        await asyncio.gather(played.engine.drain(), other.drain())
        await played.work()
        assert list((await owners(database)).values()).count("lan") == 1


async def test_a_locked_phone_locks_one_chat_and_the_codes_made_there(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        code = code_in(await played.says("lan 2", "/lienket"))
        await played.says("lan", "/khoa")
        await played.presses("lan", "Lưu")
        assert await owners(database) | {"lan": "lan", "lan 2": None} == await owners(database)
        assert "không dùng được" in await played.says("thief", code)
        assert "Máy này đã bị khóa" in await played.says("lan 2", "/tiendo")
        assert "Chi bộ thôn 1" in await played.says("lan", "/tiendo")


async def test_what_is_held_of_me_counts_both(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        for chat in ("lan", "lan 2"):
            assert "đã nối: 2" in await played.says(chat, "/quyen")


async def test_the_list_says_where_one_is_and_codes_of_links_are_no_invites(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        said = await played.says("lan 2", "/lienket")
        assert said.count("nhắn lần cuối") == 2 and said.count("(máy này)") == 1
        assert "đã mời" not in await played.says("mai", "/moi danh sách B1")
        assert len(await rows(database, select(invites.c.id).where(invites.c.for_holder.is_(True)))) == 2


async def test_a_press_in_a_chat_that_was_unlinked_decides_nothing(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("lan 2", SAID)
        question = (await rows(database, select(questions.c.id).order_by(questions.c.id.desc())))[0].id
        await played.says("lan 2", "gỡ máy này")
        await played.presses("lan 2", "Gỡ")
        await played.says("lan 2", kind=Kind.PRESS, pressed=f"{question}:1")
        assert await live_entries(database) == 0


async def test_letters_of_an_unlinked_chat_wait_for_the_other(database: Database) -> None:
    async with cast.stage(database) as played:
        await link(played, "lan", "lan 2")
        await played.says("mai", "/nhac B1")
        waiting = await rows(database, select(outbox.c.state).where(outbox.c.kind == "letter"))
        assert [row.state for row in waiting] == ["planned"], "it is Saturday"
        await played.says("lan 2", "gỡ máy này")
        await played.presses("lan 2", "Gỡ")
        played.clock[0] = cast.NOW.replace(day=23, hour=9)
        await played.work()
        assert [chat for chat, _ in played.phone.said][-1] == "lan"
