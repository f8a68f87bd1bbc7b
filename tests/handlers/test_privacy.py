"""Somebody who tries to see, move or keep what is not theirs: ids by hand, lost rights, groups, invites, floods."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from domain.messages import Address, Incoming, Kind
from domain.office import PlannedPerson, PlannedUnit
from domain.past import PlannedAdmission
from domain.people import Role
from domain.records import Standing
from domain.units import UnitKind
from handlers.hearing import CODES_AT_ONCE, CodeBudget, cut, hearing
from handlers.turn import ITEMS_AT_ONCE
from jobs import upkeep
from storage.database import Database
from storage.inbox import Room, claim_lanes
from storage.tables import (
    addresses,
    audit,
    candidates,
    entries,
    inbox,
    invites,
    outbox,
    people,
    posts,
    questions,
    unit_places,
    units,
)
from tests import cast
from tests.files import sheets
from tests.records import everything, rows

pytestmark = pytest.mark.anyio

SECRET = "Kín Thị Danh"
NOT_YOURS = "Không có trong phạm vi của đồng chí"


async def hidden(played: cast.Stage) -> int:
    """A candidate of the other commune."""
    await played.says("cuc", f"thêm nguồn {SECRET} 1990")
    await played.presses("cuc", "Lưu")
    return (await rows(played.db, select(candidates.c.id).where(candidates.c.name == SECRET)))[0].id


async def dismiss(played: cast.Stage, key: str) -> None:
    """The posts of a person ended yesterday."""
    who = select(people.c.id).where(people.c.key == key).scalar_subquery()
    ended = update(posts).where(posts.c.person_id == who).values(until=played.clock[0].date() - timedelta(days=1))
    await played.db.write(lambda tx: tx.execute(ended))


async def appoint(played: cast.Stage, key: str, role: Role, code: str) -> None:
    def write(tx: Connection) -> None:
        person_id = tx.scalar(select(people.c.id).where(people.c.key == key))
        unit_id = tx.scalar(select(units.c.id).where(units.c.code == code))
        today = played.clock[0].date()
        tx.execute(insert(posts).values(person_id=person_id, role=role.value, unit_id=unit_id, since=today))

    await played.db.write(write)


async def close(played: cast.Stage, code: str) -> None:
    unit_id = select(units.c.id).where(units.c.code == code).scalar_subquery()
    today = played.clock[0].date()
    await played.db.write(
        lambda tx: tx.execute(update(unit_places).where(unit_places.c.unit_id == unit_id).values(valid_to=today))
    )


async def audited(database: Database, what: str) -> list[str]:
    return [row.facts for row in await rows(database, select(audit.c.facts).where(audit.c.what == what))]


# ── Ids by hand ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("opening", ["/ketnap", "kết nạp 15/10", "/ketnap Lê Văn Mười"])
async def test_an_id_typed_by_hand_reaches_nobody_elsewhere(database: Database, opening: str) -> None:
    async with cast.stage(database) as played:
        someone = await hidden(played)
        said = [await played.says("lan", opening), await played.says("lan", f"người {someone}")]
        said += [await played.says("lan", "15/10"), await played.says("lan", "lưu")]
        assert SECRET not in "\n".join(said)
        moved = (await rows(database, select(candidates).where(candidates.c.id == someone)))[0]
        assert (moved.stage, moved.version) == ("listed", 1)
        assert not await rows(database, select(entries).where(entries.c.candidate_id == someone))


async def test_a_draft_of_somebody_else_is_not_picked(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("hung", f"kết nạp {SECRET} 15/10")
        draft = (await rows(database, select(candidates.c.id)))[0].id
        await played.says("lan", "/ketnap")
        said = [await played.says("lan", f"người {draft}"), await played.says("lan", "15/10")]
        assert SECRET not in "\n".join([*said, await played.says("lan", "lưu")])
        assert not await rows(database, select(entries))


async def test_an_id_of_somebody_else_is_no_answer_to_which_of_these(database: Database) -> None:
    async with cast.stage(database) as played:
        someone = await hidden(played)
        for name in ("Nguyễn Thị Hòa", "Trần Thị Hòa"):
            await played.says("lan", f"thêm nguồn {name} 1997")
            await played.presses("lan", "Lưu")
        await played.says("lan", "Hòa nộp đơn rồi")
        assert SECRET not in await played.says("lan", f"người {someone}")
        assert (await rows(database, select(candidates.c.stage).where(candidates.c.id == someone)))[0].stage == "listed"


async def test_a_card_moved_to_another_branch_takes_nobody_of_the_first_along(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", f"thêm nguồn {SECRET} 1997")
        await played.presses("lan", "Lưu")
        await played.says("mai", f"kết nạp {SECRET} 15/10 ở Chi bộ thôn 1")
        await played.presses("mai", "Sửa")
        await played.says("mai", "ở Chi bộ thôn 2")
        await played.says("mai", "lưu")
        home = select(units.c.code).join_from(candidates, units, units.c.id == candidates.c.unit_id)
        assert [row.code for row in await rows(database, home.where(candidates.c.standing == "live"))] == ["B1"]


# ── Rights lost between the card and the press ──────────────────────────────────────────────────────────────────────

CARDS = {
    "admission": (f"kết nạp {SECRET} 15/10", "Lưu"),
    "list": (f"thêm nguồn {SECRET} 1997", "Lưu"),
    "drop": ("Hòa thôi theo dõi, đi làm ăn xa", "Lưu"),
    "move": ("Hòa học xong lớp cảm tình", "Bỏ"),
    "correction": ("/sua 1 ngày 16/10", "Lưu"),
    "undo": ("/huy 1", "Hủy bản ghi"),
}


async def card(played: cast.Stage, which: str) -> str:
    """A card of Lan's about her branch; the button that says yes."""
    await played.says("lan", "thêm nguồn Nguyễn Thị Hòa 1997")
    await played.presses("lan", "Lưu")
    await played.says("mai", "kết nạp Phạm Văn Bốn 15/10 ở Chi bộ thôn 1")
    await played.presses("mai", "Lưu")
    text, button = CARDS[which]
    await played.says("lan", text)
    assert played.phone.said[-1][1].choices, cast.shown(played.phone.said[-1][1])
    return button


async def facts(database: Database) -> list[Any]:
    live = select(candidates.c.id, candidates.c.unit_id, candidates.c.stage).where(candidates.c.standing == "live")
    return await rows(database, live) + await rows(database, select(entries.c.number, entries.c.state))


@pytest.mark.parametrize("which", [name for name in CARDS if name != "move"])
@pytest.mark.parametrize("loss", ["nothing left", "another branch", "closed"])
async def test_a_press_after_the_right_is_lost_is_refused(database: Database, which: str, loss: str) -> None:
    async with cast.stage(database) as played:
        button = await card(played, which)
        before = await facts(database)
        match loss:
            case "closed":
                await close(played, "B1")
            case "another branch":
                await dismiss(played, "lan")
                await appoint(played, "lan", Role.SECRETARY, "B2")
            case _:
                await dismiss(played, "lan")
        answer = await played.presses("lan", button)
        assert SECRET not in answer and "Hòa" not in answer
        assert NOT_YOURS in answer or "không còn giữ nhiệm vụ" in answer
        assert await facts(database) == before


FROM_ABOVE = {
    "hand over": ("mai", "/bangiao B1 cho Đỗ Văn Tâm", "Lưu"),
    "take back": ("mai", "/bangiao hoàn tác B2", "Lưu"),
    "lock": ("mai", "/khoa B3", "Lưu"),
    "announce": ("mai", "thông báo cho các bí thư: mai họp", "Lưu"),
    "assign": ("mai", "giao chỉ tiêu 2026: chi bộ thôn 1: 5", "Lưu"),
    "request": ("mai", "/moi đề nghị 1", "Đồng ý"),
    "undo a batch": ("oanh", "/huy lô 1", "Hủy cả lô"),
    "import": ("oanh", "", "Lưu"),
}
TALK = ("inbox", "heard", "lanes", "outbox", "questions", "addresses", "audit", "sheets", "meta")


async def standing(database: Database) -> str:
    """All that a card could change."""
    holders = await rows(database, select(addresses.c.chat, addresses.c.person_id).order_by(addresses.c.id))
    return f"{holders}{await database.write(lambda tx: everything(tx, but=TALK))}"


async def pressed(played: cast.Stage, who: str, label: str) -> str:
    """What pressing the newest button with this label is heard as."""
    message = next(message for chat, message in reversed(played.phone.said) if chat == who)
    number = next(choice.number for choice in message.choices if choice.label == label)
    return f"{message.question_id}:{number}"


async def test_cards_from_above_do_nothing_once_another_unit_is_in_charge(database: Database) -> None:
    """The right itself is still there, but elsewhere."""
    people_of_plan = (*cast.PLAN.people, PlannedPerson("ha", "Lò Thị Hà", Role.SECRETARY, "B3"))
    joined = ("lan", "hung", "mai", "minh", "oanh", "cuc", "ha")
    async with cast.stage(database, plan=replace(cast.PLAN, people=people_of_plan), joined=joined) as played:
        await played.says("hung", "/bangiao cho Đỗ Văn Tám")
        await played.presses("hung", "Lưu")
        for text in ("xin tham gia", "Sùng A Xin", "bí thư chi bộ", "chi bộ trường THCS xã Bình Minh"):
            await played.says("tam", text)
        await played.presses("tam", "Gửi")
        past = cast.OfficePlan(admissions=(PlannedAdmission("B1", SECRET, cast.COUNTED_ON, cast.COUNTED_ON),))
        await cast.load_plan(database, past, cast.fold, cast.NOW.date(), cast.NOW)
        played.phone.files["f"] = sheets.office(
            (("T", "Đảng bộ tỉnh Thử", "Đảng bộ cấp trên"), ("Z", "Chi bộ Z", "Chi bộ", "T"))
        )
        cards: list[tuple[str, str, str]] = []
        for which, (who, text, button) in FROM_ABOVE.items():
            more: dict[str, Any] = {} if text else {"kind": Kind.WORKBOOK, "file": "f"}
            await played.says(who, text, **more)
            cards.append((which, who, await pressed(played, who, button)))
        for who, role in (("mai", Role.COMMITTEE), ("oanh", Role.ORGANISER)):
            await dismiss(played, who)
            await appoint(played, who, role, "XB")
        before = await standing(database)
        for which, who, press in cards:
            answer = await played.says(who, kind=Kind.PRESS, pressed=press)
            assert answer and SECRET not in answer and "Sùng" not in answer, which
            assert await standing(database) == before, (which, answer)


async def test_nobody_is_stuck_in_a_form_that_refuses(database: Database) -> None:
    async with cast.stage(database) as played:
        await card(played, "correction")
        await dismiss(played, "lan")
        await appoint(played, "lan", Role.MONITOR, "B2")
        assert NOT_YOURS in await played.says("lan", "ngày 17/10")
        assert "Chi bộ thôn 2" in await played.says("lan", "/tiendo")
        assert any('"correction"' in row for row in await audited(database, "look_refused"))


async def test_names_are_not_offered_once_the_branch_is_somebody_elses(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", f"thêm nguồn {SECRET} 1997")
        await played.presses("lan", "Lưu")
        await played.says("lan", "Danh nộp đơn")
        await dismiss(played, "lan")
        await appoint(played, "lan", Role.SECRETARY, "B2")
        assert SECRET not in await played.says("lan", "/nguon")
        assert SECRET not in await played.says("lan", "Danh nộp đơn")


# ── Entries and sheets of others ────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_out_of_reach_answers_like_what_does_not_exist(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "kết nạp Lê Văn Mười 15/10")
        await played.presses("lan", "Lưu")
        await played.says("cuc", f"kết nạp {SECRET} 15/10")
        await played.presses("cuc", "Lưu")
        numbers = ["2", "999", "0", "-1", str(2**31), str(2**63), str(10**30)]
        for command in ("/xem {}", "/sua {} ngày 16/10", "/huy {}", "/khoiphuc {}"):
            answers = {await played.says("lan", command.format(number)) for number in numbers}
            assert len(answers) == 1, answers
            assert NOT_YOURS in answers.pop()
        assert [row.state for row in await rows(database, select(entries.c.state))] == ["live", "live"]
        assert len(await audited(database, "look_refused")) == 4 * len(numbers)


async def test_figures_under_a_code_are_for_whom_they_were_said_to(database: Database) -> None:
    async with cast.stage(database) as played:
        answer = await played.says("cuc", "/tiendo")
        code = answer.split("Số liệu: ")[1][:4]
        assert "Chi bộ thôn Hạ" in await played.says("cuc", f"/xem {code}")
        refused = await played.says("lan", f"/xem {code}")
        assert refused == await played.says("lan", "/xem Z9Z9")
        assert NOT_YOURS in refused
        await dismiss(played, "cuc")
        await appoint(played, "cuc", Role.SECRETARY, "B1")
        assert NOT_YOURS in await played.says("cuc", f"/xem {code}")


@pytest.mark.parametrize("pressed", [f"{10**17}:1", "1:9999", "0:0", "٣:١", "1:1:1"])
async def test_a_made_up_button_says_that_it_is_old(database: Database, pressed: str) -> None:
    async with cast.stage(database) as played:
        assert "Nút này" in await played.says("lan", kind=Kind.PRESS, pressed=pressed)


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def group_hears(played: cast.Stage, text: str = "", **what: Any) -> str:
    """Something said in a group, on the way of all that is heard."""
    played.phone.heard += 1
    said = Incoming(
        f"group:{played.phone.heard}", Address("test", "bot", "-100"), "lan", Kind.TEXT, text, is_group=True
    )
    before = len(played.phone.said)
    await hearing(played.db, played.engine.keep)([replace(said, **what)])
    await played.work()
    played.move(minutes=2)
    return "\n".join(cast.shown(message) for chat, message in played.phone.said[before:] if chat == "-100")


@pytest.mark.parametrize(
    "text", [f"kết nạp {SECRET} 15/10", f"/ketnap {SECRET} 15/10", f"thêm nguồn {SECRET} 1990", f"/nguon {SECRET}"]
)
async def test_an_entry_in_a_group_is_sent_to_private_and_not_kept(database: Database, text: str) -> None:
    async with cast.stage(database) as played:
        assert "Mời đồng chí nhắn riêng" in await group_hears(played, text)
        kept = await database.write(everything)
        assert "Kín" not in kept and "15/10" not in kept and "1990" not in kept
        assert not await rows(database, select(candidates))


async def test_talk_and_presses_in_a_group_are_left_alone_and_not_kept(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", f"kết nạp {SECRET} 15/10")
        question = played.phone.said[-1][1].question_id
        assert await group_hears(played, "Hôm nay trời đẹp quá các đồng chí ạ") == ""
        assert await group_hears(played, kind=Kind.PRESS, pressed=f"{question}:1") == ""
        assert await group_hears(played, "Ảnh lễ kết nạp", kind=Kind.PHOTO) == ""
        assert not await rows(database, select(entries))
        assert "trời đẹp" not in await database.write(everything)
        assert {row.sender for row in await rows(database, select(inbox.c.sender).where(inbox.c.is_group))} == {""}


async def test_an_invite_code_in_a_group_lets_nobody_in(database: Database) -> None:
    async with cast.stage(database) as played:
        code = (await played.says("mai", "/moi bí thư B3")).split("Mã mời: ")[1][:9]
        await group_hears(played, f"/start {code}")
        await group_hears(played, code)
        assert not [row for row in await rows(database, select(invites.c.used_at)) if row.used_at]
        assert code not in await database.write(everything)


# ── What is kept ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_typed_words_are_kept_in_the_inbox_alone(database: Database) -> None:
    async with cast.stage(database) as played:
        for who, text in {
            "mai": f"tháng 11 không có gì mới, đồng chí {SECRET} đi vắng",
            "oanh": f"thêm nguồn {SECRET} 1990",
            "lan": f"{SECRET} nộp đơn rồi",
            "hung": f"kết nạp {SECRET} 32/13",
        }.items():
            await played.hear(who, text)
        await played.engine.drain()
        kept = await database.write(lambda tx: everything(tx, but=("candidates", "inbox")))
        assert "Kín" not in kept
        await played.work()
        settled = await rows(database, select(outbox.c.body).where(outbox.c.state == "sent"))
        assert settled and all(row.body is None for row in settled)


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.VIDEO, Kind.DOCUMENT, Kind.WORKBOOK])
def test_words_of_what_is_not_a_message_are_not_kept(kind: Kind) -> None:
    heard = Incoming("k", Address("test", "bot", "lan"), "lan", kind, f"kết nạp {SECRET} 15/10")
    assert cut(heard, b"salt").text == ""


def test_an_edited_message_is_cut_like_any_other() -> None:
    heard = Incoming("k", Address("test", "bot", "lan"), "lan", Kind.EDITED, "An, sđt 0900000000")
    assert "0900000000" not in cut(heard, b"salt").text
    assert cut(replace(heard, is_group=True), b"salt").text == ""


async def test_upkeep_leaves_nothing_of_cards_nobody_answered(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", f"kết nạp {SECRET} 15/10")
        await played.says("lan", "/tiendo")
        played.move(days=8)
        await upkeep.run(database, played.office, played.clock[0])
        assert not await rows(database, select(candidates).where(candidates.c.standing == Standing.DRAFT.value))
        assert "Kín" not in await database.write(everything)
        assert await rows(database, select(questions.c.id))


# ── Invitations ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("lan", "/moi bí thư B1"),
        ("minh", "/moi bí thư B1"),
        ("mai", "/moi ban tổ chức XA"),
        ("mai", "/moi đảng ủy XA"),
        ("mai", "/moi quản trị XA"),
        ("mai", "/moi bí thư C1"),
        ("mai", "/moi bí thư XA"),
        ("oanh", "/moi quản trị T"),
        ("oanh", "/moi đảng ủy B1"),
        ("oanh", "/moi ban tổ chức B1"),
    ],
)
async def test_nobody_invites_above_or_beside_themselves(database: Database, who: str, text: str) -> None:
    async with cast.stage(database) as played:
        assert "Mã mời" not in await played.says(who, text)
        assert not await rows(database, select(invites))


async def test_two_posts_are_not_added_up_into_a_higher_role(database: Database) -> None:
    """Committee here and organiser there: an organiser may be invited there alone."""
    other = PlannedUnit("T2", "Đảng bộ tỉnh Khác", UnitKind.SUPERIOR)
    both = PlannedPerson("mai", "Lê Thị Mai", Role.ORGANISER, "T2")
    plan = replace(cast.PLAN, units=(*cast.PLAN.units, other), people=(*cast.PLAN.people, both))
    async with cast.stage(database, plan=plan) as played:
        assert "Mã mời" not in await played.says("mai", "/moi ban tổ chức XA")
        assert "Mã mời" in await played.says("mai", "/moi ban tổ chức T2")


async def test_a_code_for_a_branch_closed_since_gives_no_post(database: Database) -> None:
    async with cast.stage(database) as played:
        code = (await played.says("mai", "/moi bí thư B3")).split("Mã mời: ")[1][:9]
        await close(played, "B3")
        assert "Mã này không dùng được" in await played.says("tam", code)


def test_a_flood_of_codes_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def fingerprint(code: str, salt: bytes) -> str:
        looked.append(code)
        return salt.hex()

    monkeypatch.setattr("handlers.hearing.fingerprint", fingerprint)
    budget = CodeBudget()
    for number in range(200):
        heard = Incoming(str(number), Address("test", "bot", "tam"), "tam", Kind.TEXT, "ABCD 2345")
        kept = cut(heard, b"salt", budget)
        assert kept.code and "ABCD" not in kept.text
    assert len(looked) == CODES_AT_ONCE


# ── Looking is written down ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["/nguon", "/xem 1", "/sua 1", "/ketnap", "Danh nộp đơn rồi", "/viec"])
async def test_each_look_at_names_is_in_the_audit(database: Database, text: str) -> None:
    async with cast.stage(database) as played:
        await played.says("lan", "QĐ kết nạp số 88 ngày 16/10 cho Lê Văn Mười, chưa làm lễ")
        await played.presses("lan", "Lưu")
        await played.says("lan", f"thêm nguồn {SECRET} 1990")
        await played.presses("lan", "Lưu")
        before = len(await audited(database, "looked"))
        answer = await played.says("lan", text)
        assert "Danh" in answer or "Mười" in answer
        assert len(await audited(database, "looked")) == before + 1


# ── Floods ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_stranger_who_floods_is_answered_once(database: Database) -> None:
    async with cast.stage(database) as played:
        kinds = [Kind.PHOTO, Kind.TEXT, Kind.STICKER, Kind.VOICE, Kind.EDITED, Kind.PRESS]
        for kind in kinds * 4:
            await played.hear("tam", "xin chào" if kind is Kind.TEXT else "", kind=kind)
        await played.work()
        assert len([chat for chat, _ in played.phone.said if chat == "tam"]) == 1


async def test_thousands_of_messages_of_one_chat_leave_the_others_their_turn(database: Database) -> None:
    async with cast.stage(database) as played:
        await played.hear("tam", "xin chào")
        await played.work()
        for _ in range(3 * ITEMS_AT_ONCE):
            await played.hear("tam", "xin chào")
        first = await claim_lanes(database, Room("test", 1, 15))
        await played.hear("lan", "còn mấy chỉ tiêu")
        await played.engine._lane(first[0])
        waiting = await rows(database, select(inbox.c.id).where(inbox.c.state == "waiting"))
        assert len(waiting) == 2 * ITEMS_AT_ONCE + 1
        (after,) = await claim_lanes(database, Room("test", 1, 15))
        chat = select(addresses.c.chat).where(addresses.c.id == after.contact_id)
        assert (await rows(database, chat))[0].chat == "lan"
