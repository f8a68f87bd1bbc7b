"""Commands, buttons and bare answers."""

from datetime import date

import pytest

from domain.intents import Intent, Item, Need
from domain.quotas import Target, TargetShape
from domain.records import DropReason, Fact, Stage
from language.stages import STAGES
from language.understand import understand
from language.wording.people import STAGES_OFFERED
from language.wording.terms import REASONS

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/ketnap", Intent.LOG_ADMISSION),
        ("/ketnap@sobot Lò Văn Thận 14/11", Intent.LOG_ADMISSION),
        ("/nguon", Intent.QUERY_CANDIDATES),
        ("/tiendo", Intent.QUERY_QUOTA),
        ("/chitieu", Intent.QUERY_QUOTA),
        ("/donvi", Intent.SHOW_UNITS),
        ("/moi", Intent.INVITE),
        ("/sua", Intent.CORRECT_LAST),
        ("/huy", Intent.UNDO_LAST),
        ("/huy lô 3", Intent.UNDO_BATCH),
        ("/huy lo so 3", Intent.UNDO_BATCH),
        ("hủy cả lô 3", Intent.UNDO_BATCH),
        ("/huy 3", Intent.UNDO_RECORD),
        ("/xem 31", Intent.SHOW_RECORD),
        ("/trogiup", Intent.HELP),
        ("/quyen", Intent.MY_DATA),
        ("/start", Intent.JOIN),
        ("/start [mã mời]", Intent.JOIN),
        ("[mã mời]", Intent.JOIN),
        ("/menu", Intent.MENU),
        ("/khongco", Intent.HELP),
    ],
)
def test_a_command_is_known_by_its_name(text: str, intent: Intent) -> None:
    wish = understand(text, today=TODAY)[0]

    assert wish.intent is intent
    assert wish.is_command or intent is Intent.JOIN


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Lưu", Intent.CONFIRM_YES),
        ("Sửa", Intent.EDIT_CARD),
        ("Bỏ", Intent.CONFIRM_NO),
        ("Hoàn tác", Intent.UNDO_LAST),
        ("Lưu không tên", Intent.SAVE_WITHOUT_NAME),
        ("Cùng một người", Intent.SAME_PERSON),
        ("Người khác", Intent.OTHER_PERSON),
        ("menu", Intent.MENU),
        ("0", Intent.MENU),
        ("Kết nạp", Intent.LOG_ADMISSION),
        ("Nguồn", Intent.QUERY_CANDIDATES),
        ("Tiến độ", Intent.QUERY_QUOTA),
        ("Việc", Intent.QUERY_DEADLINE),
    ],
)
def test_a_button_says_exactly_one_thing(text: str, intent: Intent) -> None:
    assert [wish.intent for wish in understand(text, today=TODAY)] == [intent]


@pytest.mark.parametrize(
    ("text", "choice"), [("1", 1), (" 2 ", 2), ("số 1", 1), ("cái đầu", 1), ("12", 12), ("chọn số hai", 2)]
)
def test_a_number_alone_chooses(text: str, choice: int) -> None:
    assert understand(text, today=TODAY)[0].choice == choice


@pytest.mark.parametrize("text", ["Nam", "Bảy", "Tám", "Thứ", "Sáu"])
def test_a_name_that_is_also_a_number_does_not_choose(text: str) -> None:
    assert understand(text, today=TODAY)[0].intent is not Intent.CHOOSE_OPTION


def test_an_entry_is_corrected_by_its_number() -> None:
    wish = understand("/sua 31 ngày 16/10", today=TODAY)[0]

    assert (wish.intent, wish.number, wish.field, wish.new) == (Intent.CORRECT_RECORD, 31, "date", "2026-10-16")


def test_an_entry_is_taken_back_by_its_number() -> None:
    assert understand("/huy 31", today=TODAY)[0].number == 31
    assert understand("hoàn tác 31", today=TODAY)[0].number == 31


def test_what_was_done_last_to_an_entry_is_taken_back_by_its_number() -> None:
    for said in ("/hoantac 31", "hoàn tác 31", "hoàn tác số 31"):
        wish = understand(said, today=TODAY)[0]
        assert (wish.intent, wish.number) == (Intent.UNDO_LAST, 31)


def test_a_correction_says_whose_day_it_is() -> None:
    decided = understand("/sua 31 quyết định ngày 20/10", today=TODAY)[0]
    held = understand("/sua 31 làm lễ ngày 20/10", today=TODAY)[0]
    both = understand("/sua 31 QĐ 99 ngày 20/10, làm lễ 25/10", today=TODAY)[0]

    assert (decided.fact, decided.new, held.fact) == (Fact.DECISION, "2026-10-20", Fact.CEREMONY)
    assert (both.new, both.decision_date, both.decision_no) == ("2026-10-25", date(2026, 10, 20), "99")
    assert understand("/sua 31 ngày 20/10", today=TODAY)[0].fact is None
    assert understand("/sua 31 số quyết định 99-QĐ/ĐU", today=TODAY)[0].decision_no == "99-QĐ/ĐU"


def test_a_sheet_of_figures_is_asked_for_by_its_code() -> None:
    wish = understand("/xem k7q2", today=TODAY)[0]

    assert (wish.code, wish.number) == ("K7Q2", None)


def test_an_invitation_names_the_role_the_unit_and_perhaps_the_person() -> None:
    wish = understand("/moi bí thư chi bộ thôn 3 Nguyễn Văn An", today=TODAY)[0]

    assert wish.branch == "thôn 3"
    assert dict(wish.extra) == {"role": "secretary", "name": "Nguyễn Văn An"}


def test_people_are_added_behind_the_command() -> None:
    person = understand("/nguon them Tran Thi Na 97 giao vien", today=TODAY)[0].people[0]

    assert (person.name, person.birth_year, person.job) == ("Tran Thi Na", 1997, "giao vien")


def test_targets_are_set_behind_the_command_as_a_number_or_a_range() -> None:
    wish = understand("/chitieu Chi bộ 1: 2, Chi bộ 2: 6-8", today=TODAY)[0]

    assert wish.items == (Item("Chi bộ 1", Target(2)), Item("Chi bộ 2", Target(6, TargetShape.RANGE, 8)))


def test_an_admission_by_command_without_a_name_asks_for_it() -> None:
    wish = understand("/ketnap 15/10", today=TODAY)[0]

    assert wish.date == date(2026, 10, 15)
    assert wish.needs == (Need.NAME,)


@pytest.mark.parametrize("text", ["/ketnap chưa có ai", "/ketnap 5 đoàn viên"])
def test_a_command_does_not_turn_something_else_into_an_admission_of_somebody(text: str) -> None:
    wish = understand(text, today=TODAY)[0]

    assert wish.intent is not Intent.LOG_ADMISSION or wish.needs


def test_what_is_not_understood_goes_along_with_what_it_holds() -> None:
    wish = understand("Lê Văn Thận 15/10", today=TODAY)[0]

    assert wish.intent is Intent.OUT_OF_SCOPE
    assert wish.is_doubtful
    assert wish.people[0].name == "Lê Văn Thận"
    assert wish.date == date(2026, 10, 15)


@pytest.mark.parametrize("stage", STAGES_OFFERED)
def test_the_button_of_a_stage_says_that_stage(stage: Stage) -> None:
    assert understand(STAGES[stage], today=TODAY)[0].stage is stage


@pytest.mark.parametrize("reason", REASONS)
def test_the_button_of_a_reason_says_that_reason(reason: DropReason) -> None:
    assert understand(f"lý do {REASONS[reason]}", today=TODAY)[0].reason_code is reason
    assert understand(REASONS[reason], today=TODAY)[0].reason_code is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("đi làm ăn xa", DropReason.AWAY),
        ("di lam cong ty", DropReason.AWAY),
        ("lay chong xa", DropReason.AWAY),
        ("qua tuoi roi", DropReason.AGE),
        ("no khong muon nua", DropReason.NO_WISH),
        ("sinh con thu 3", DropReason.VIOLATION),
    ],
)
def test_a_reason_alone_is_an_answer(text: str, reason: DropReason) -> None:
    assert understand(text, today=TODAY)[0].reason_code is reason


def test_a_report_without_a_statement_is_not_taken_for_nothing() -> None:
    assert understand("/baocao", today=TODAY)[0].intent is Intent.REQUEST_REPORT


@pytest.mark.parametrize(
    "text",
    [
        "tiến độ",
        "tiến độ của tôi",
        "tiến độ xã mình",
        "tien do xa ta den dau roi",
        "tiến độ kết nạp năm nay",
        "tình hình mưa lũ",
    ],
)
def test_words_that_name_no_unit_are_not_taken_for_one(text: str) -> None:
    assert understand(text, today=TODAY)[0].branch == ""


def test_two_people_in_one_message_are_not_taken_for_one_another() -> None:
    wishes = understand("na hoc lop hom 5/6, ba lam don", today=TODAY)

    assert [(wish.stage, [person.name for person in wish.people]) for wish in wishes] == [(Stage.APPLICATION, ["Ba"])]


def test_a_day_is_shown_back_as_it_was_typed() -> None:
    assert understand("kết nạp Nguyễn Văn An 31/11", today=TODAY)[0].typed_date == "31/11"
    assert understand("kết nạp Nguyễn Văn An sáng chủ nhật tuần này", today=TODAY)[0].typed_date.startswith("sáng chủ")


@pytest.mark.parametrize(
    ("said", "scope", "place"),
    [
        ("/lienket", "", ""),
        ("liên kết zalo", "", ""),
        ("tôi muốn dùng cả Zalo", "", ""),
        ("cho em nối thêm một máy nữa", "", ""),
        ("dùng thêm máy khác được không?", "", ""),
        ("/lienket gỡ", "unlink", "-"),
        ("/lienket gỡ Zalo", "unlink", "zalo"),
        ("hủy liên kết Telegram", "unlink", "telegram"),
        ("gỡ máy này", "unlink", "here"),
        ("/lienket nhắc Zalo", "prefer", "zalo"),
        ("/lienket nhắc ở đây", "prefer", "here"),
        ("/lienket nhắc nơi dùng gần nhất", "prefer", "last"),
        ("nhắc tôi qua Zalo nhé", "prefer", "zalo"),
        ("/lienket nhắc", "prefer", "-"),
        ("gửi nhắc việc cho em ở tele", "prefer", "telegram"),
        ("nhắn tôi ở đây", "prefer", "here"),
    ],
)
def test_another_phone_and_where_letters_go_are_asked_for_in_words(said: str, scope: str, place: str) -> None:
    (wish,) = understand(said, today=TODAY)
    assert (wish.intent, wish.scope, wish.argument if scope else "") == (Intent.LINK_CHAT, scope, place)


@pytest.mark.parametrize(
    "said",
    ["nhắc chi bộ thôn 3", "gỡ Nguyễn Văn An khỏi nguồn", "bỏ qua", "thêm nguồn Lê Thị Nối", "báo ở đây có 2 ca"],
)
def test_what_only_sounds_like_it_is_not_taken_for_another_phone(said: str) -> None:
    assert Intent.LINK_CHAT not in {wish.intent for wish in understand(said, today=TODAY)}
