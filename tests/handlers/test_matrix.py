"""Every handler for every role against its own, a child, a sibling and a parent unit: nothing outside the tree."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.intents import Intent
from domain.office import PlannedPerson
from domain.people import Right, Role, may
from domain.units import Unit, UnitKind
from handlers.table import FORMS, HANDLERS, KINDS
from storage.database import Database
from storage.read import people, units
from tests import cast

SECRET = "Kín Thị Danh"
"""The name of a candidate in every branch; whoever is refused must not read it."""

OF_A_UNIT: dict[Intent, str] = {
    Intent.LOG_ADMISSION: "/ketnap Lê Văn Mười 15/10 ở {name}",
    Intent.LOG_DECISION: "QĐ kết nạp số 88 ngày 16/10 cho Lê Văn Mười ở {name}, chưa làm lễ",
    Intent.LOG_TRANSFER: "tiếp nhận đảng viên Trần Thị Tám chuyển sinh hoạt về {name} 15/10",
    Intent.ADD_CANDIDATE: "thêm nguồn Trần Thị Chín 1997 ở {name}",
    Intent.QUERY_CANDIDATES: "/nguon {code}",
    Intent.QUERY_QUOTA: "/tiendo {code}",
    Intent.SET_QUOTA: "giao chỉ tiêu 2026: {name}: 2",
    Intent.REPORT_NIL: "tháng 11 không có gì mới ở {name}",
    Intent.REPORT_AGGREGATE: "9 tháng {name} kết nạp 3 đảng viên",
    Intent.SEND_REMINDER: "/nhac {code}",
    Intent.WHY_LETTER: "/visao {code}",
    Intent.SHOW_UNITS: "/donvi {code}",
    Intent.SHOW_CLASS: "/lop tỷ lệ {code}",
    Intent.INVITE: "/moi cấp ủy viên phụ trách {code}",
    Intent.SHOW_SESSION: "/kyhop {code}",
    Intent.LOG_SESSION: "/kyhop {code} kết quả",
    Intent.SHOW_PEOPLE: "/moi danh sách {code}",
    Intent.ROLE_CHANGE: "/bangiao {code}",
    Intent.ANNOUNCE: "thông báo cho các bí thư ở {code}: Mời họp",
}
OF_AN_ENTRY: dict[Intent, str] = {
    Intent.CORRECT_RECORD: "/sua {number}",
    Intent.UNDO_RECORD: "/huy {number}",
    Intent.RESTORE_RECORD: "khôi phục số {number}",
    Intent.SHOW_RECORD: "/xem {number}",
}
OF_ONESELF = {
    Intent.UPDATE_CANDIDATE,
    Intent.UPDATE_PROBATION,
    Intent.ASSIGN_HELPER,
    Intent.SNAG,
    Intent.CONSENT_RECORD,
    Intent.LOG_OFFICIAL,
    Intent.LOG_REMOVAL,
    Intent.QUERY_RULE,
    Intent.DROP_CANDIDATE,
    Intent.CORRECT_LAST,
    Intent.UNDO_BATCH,
    Intent.UNDO_LAST,
    Intent.QUERY_DEADLINE,
    Intent.REQUEST_REPORT,
    Intent.PUT_OFF,
    Intent.REMINDER_SETTINGS,
    Intent.NOBODY_LEFT,
    Intent.REGISTER,
    Intent.SHOW_REQUEST,
    Intent.SHOW_ANNOUNCEMENT,
    Intent.LOCK_CHAT,
    Intent.LINK_CHAT,
    Intent.MENU,
    Intent.JOIN,
    Intent.GREETING,
    Intent.HELP,
    Intent.MY_DATA,
    Intent.PRIVACY_REQUEST,
    Intent.SENSITIVE_CONTENT,
    Intent.CONFIRM_YES,
    Intent.CONFIRM_NO,
    Intent.CANCEL,
    Intent.CHOOSE_OPTION,
    Intent.OUT_OF_SCOPE,
    Intent.SHOW_SYSTEM,
    Intent.OPEN_CLASS,
    Intent.JOIN_CLASS,
    Intent.END_CLASS,
}
"""Names no unit and no number: answered from what the speaker may reach, see the other tests of handlers."""

RIGHT_OF = {intent: HANDLERS[intent].needs for intent in (*OF_A_UNIT, *OF_AN_ENTRY)} | {
    Intent.SET_QUOTA: Right.SET_QUOTA,
    Intent.SHOW_RECORD: Right.SEE_NAMES,
    Intent.WHY_LETTER: Right.SEE_FIGURES,
}
POSTED_AT = {Role.SECRETARY: "B1"} | dict.fromkeys((Role.COMMITTEE, Role.MONITOR, Role.ORGANISER), "XA")


def test_every_handler_stands_in_the_matrix() -> None:
    assert set(HANDLERS) == set(OF_A_UNIT) | set(OF_AN_ENTRY) | OF_ONESELF


def test_every_handler_and_form_declares_what_it_needs() -> None:
    for declared in (*HANDLERS.values(), *KINDS.values(), *FORMS.values()):
        assert declared.needs in Right
        assert declared.needs is not Right.ANYBODY


@pytest.mark.anyio
@pytest.mark.parametrize("role", list(POSTED_AT))
async def test_a_handler_answers_inside_the_tree_and_nowhere_else(database: Database, role: Role) -> None:
    plan = replace(cast.PLAN, people=(*cast.PLAN.people, PlannedPerson("who", "Người Thử", role, POSTED_AT[role])))
    async with cast.stage(database, plan=plan, joined=("who", "lan", "cuc", "oanh")) as played:
        numbers = {}
        for branch in ("B1", "C1"):
            who = {"B1": "lan", "C1": "cuc"}[branch]
            await played.says(who, f"kết nạp {SECRET} 1/10")
            answer = await played.presses(who, "Lưu")
            numbers[branch] = int(answer.split("số ")[1].split(":")[0])
        async with database.reading() as tx:
            tree = {unit.code: unit for unit in await _all(tx)}
            person = next(
                one for one in await people.with_roles(tx, [role], cast.NOW.date()) if one.name == "Người Thử"
            )
        for intent, sentence in (*OF_A_UNIT.items(), *OF_AN_ENTRY.items()):
            for code, unit in tree.items():
                if intent in OF_AN_ENTRY and code not in numbers:
                    continue
                if RIGHT_OF[intent] is Right.ENTER and unit.kind is not UnitKind.BRANCH:
                    continue  # Nothing is ever entered for anything but a branch.
                text = sentence.format(name=unit.name, code=code, number=numbers.get(code))
                answer = await played.says("who", text)
                allowed = may(person.posts, RIGHT_OF[intent], unit, today=cast.NOW.date())
                assert was_refused(answer) is not allowed, f"{role} {text!r}: {answer}"
                if not allowed:
                    assert SECRET not in answer
                    if played.phone.said[-1][1].question_id is not None:
                        await played.says("who", "bỏ")


async def _all(tx: AsyncConnection) -> list[Unit]:
    root = await units.by_code(tx, "T", cast.NOW.date())
    assert root is not None
    return await units.subtree(tx, root.id, cast.NOW.date())


def was_refused(answer: str) -> bool:
    return any(
        text in answer
        for text in ("Không có trong phạm vi của đồng chí", "Trong phạm vi của đồng chí không có", "Không có đơn vị “")
    )
