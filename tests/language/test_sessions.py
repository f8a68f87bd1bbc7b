"""What is said of a session: which month, whose, the file, and all results in one message."""

from datetime import date

import pytest

from domain.intents import DateTrouble, Intent
from domain.records import ReturnReason
from language.sessions import RETURN_REASONS, Asked, asked, decided, told, why
from language.understand import understand

TODAY = date(2026, 11, 21)
NA, THAN, PAO = 11, 12, 13
AGENDA = [(NA, "tran thi na"), (THAN, "lo van than"), (PAO, "giang a pao")]
OTHERS = [(20, "ly thi hoa")]
DECISION = ("45-QĐ/ĐU", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("words", "all_others", "approved", "returned", "held"),
    [
        ("Duyệt hết; quyết định 45-QĐ/ĐU ngày 20/11/2026", True, (), {}, ()),
        ("duyệt cả 3 hồ sơ, QĐ số 45-QĐ/ĐU ngày 20/11", True, (), {}, ()),
        (
            "Duyệt hết, trừ số 2 trả lại vì thiếu ý kiến nơi cư trú; quyết định 45-QĐ/ĐU ngày 20/11",
            True,
            (),
            {THAN: ReturnReason.OPINIONS},
            (),
        ),
        (
            "duyet het tru lo van than, giang a pao tra lai vi tham tra chua xong, qd 45-QĐ/ĐU ngay 20/11",
            True,
            (),
            {THAN: ReturnReason.VERIFICATION, PAO: ReturnReason.VERIFICATION},
            (),
        ),
        (
            "duyệt 1; trả lại 2 vì lý lịch, 3 vì thiếu chữ ký; quyết định 45-QĐ/ĐU ngày 20/11",
            False,
            (NA,),
            {THAN: ReturnReason.CV, PAO: ReturnReason.PAPERS},
            (),
        ),
        ("thông qua tất cả, để lại Giàng A Páo; quyết định 45-QĐ/ĐU ngày 20/11", True, (), {}, (PAO,)),
        ("duyệt hết, không duyệt số 3; quyết định 45-QĐ/ĐU ngày 20/11", True, (), {PAO: None}, ()),
        (
            "duyệt 1-2, trả lại 3 bổ sung giấy chứng nhận; quyết định 45-QĐ/ĐU ngày 20/11",
            False,
            (NA, THAN),
            {PAO: ReturnReason.CERTIFICATE},
            (),
        ),
    ],
)
def test_results_are_read_in_one_go(
    words: str,
    all_others: bool,
    approved: tuple[int, ...],
    returned: dict[int, ReturnReason | None],
    held: tuple[int, ...],
) -> None:
    found = told(words, on_agenda=AGENDA, others=OTHERS, today=TODAY)
    assert (found.all_others, found.approved, dict(found.returned), found.held) == (
        all_others,
        approved,
        returned,
        held,
    )
    assert (found.decision_no, found.decision_on) == DECISION
    assert not found.is_wrong


def test_whoever_is_not_on_the_agenda_is_found_out() -> None:
    found = told("duyệt hết trừ Lý Thị Hoa, Nguyễn Văn Xa, 9", on_agenda=AGENDA, others=OTHERS, today=TODAY)
    assert (found.elsewhere, found.strangers, found.numbers) == ((20,), 1, (9,))
    only = told("duyệt hết trừ Lý Thị Hoa trả lại vì lý lịch", on_agenda=AGENDA, others=OTHERS, today=TODAY)
    assert only.elsewhere == (20,) and not only.is_unclear


def test_two_results_of_one_person_are_found_out() -> None:
    assert told("duyệt 1, 2; trả lại 2 vì hồ sơ", on_agenda=AGENDA, others=(), today=TODAY).twice == (THAN,)


@pytest.mark.parametrize(
    "words",
    [
        "số 2 trả lại vì lý lịch, còn lại duyệt hết",
        "duyệt hết; số 2 trả lại vì lý lịch",
        "số 1, 3 duyệt; 2 trả lại vì lý lịch",
        "duyệt hết, trừ Na trả lại vì lý lịch",
        "Trần Thị Na chưa được, duyệt hết",
        "trả lại 2 vì lý lịch, 3 để lại, duyệt hết",
    ],
)
def test_a_result_of_which_it_is_not_clear_whose_it_is_approves_nobody(words: str) -> None:
    assert told(words, on_agenda=AGENDA, others=OTHERS, today=TODAY).is_wrong


def test_a_decision_told_in_between_hides_no_exception() -> None:
    words = "duyệt hết quyết định số 45-QĐ/ĐU ngày 20/11/2026, trừ số 2 trả lại vì lý lịch"
    found = told(words, on_agenda=AGENDA, others=OTHERS, today=TODAY)
    assert (found.returned, found.decision_no, found.decision_on) == ({THAN: ReturnReason.CV}, *DECISION)


def test_a_name_that_sounds_like_a_result_is_a_name() -> None:
    agenda = [(1, "nguyen van duyet"), (2, "le van tru"), (3, "lo thi na")]
    found = told(
        "duyệt hết, trừ đồng chí Nguyễn Văn Duyệt trả lại vì lý lịch", on_agenda=agenda, others=(), today=TODAY
    )
    assert (found.all_others, found.returned, found.is_wrong) == (True, {1: ReturnReason.CV}, False)


def test_of_two_people_of_one_name_the_number_is_wanted() -> None:
    agenda = [*AGENDA, (14, "tran thi na")]
    found = told("duyệt hết, trừ Trần Thị Na trả lại vì lý lịch", on_agenda=agenda, others=(), today=TODAY)
    assert found.namesakes == (NA, 14) and found.is_wrong
    assert told("duyệt hết, trừ số 1 trả lại vì lý lịch", on_agenda=agenda, others=(), today=TODAY).returned


@pytest.mark.parametrize("words", ["đồng ý kết nạp 2 đồng chí", "thông qua 3 hồ sơ", "duyệt 1 trường hợp"])
def test_how_many_are_approved_is_nobodys_number(words: str) -> None:
    found = told(words, on_agenda=AGENDA, others=OTHERS, today=TODAY)
    assert found.all_others and not found.approved


def test_words_of_something_else_tell_nothing() -> None:
    for words in ("hôm nay họp lúc mấy giờ", "ok", "20/11"):
        assert not told(words, on_agenda=AGENDA, others=OTHERS, today=TODAY).tells_of_people


def test_a_decision_is_its_number_and_its_day() -> None:
    assert decided("45-QĐ/ĐU ngày 20/11/2026", TODAY) == (*DECISION, None)
    assert decided("20/11", TODAY) == ("", DECISION[1], None)
    assert decided("45-QĐ/ĐU ngày 5/12/2026", TODAY) == ("45-QĐ/ĐU", None, DateTrouble.FUTURE)


def test_the_words_of_every_reason_say_it() -> None:
    assert {why(words) for words in RETURN_REASONS.values()} == set(ReturnReason)


@pytest.mark.parametrize(
    ("rest", "meant"),
    [
        ("", Asked()),
        ("XA", Asked("XA")),
        ("tệp", Asked(wants_file=True)),
        ("tháng 11/2026 tệp XA", Asked("XA", date(2026, 11, 1), wants_file=True)),
        ("tháng 11", Asked(month=date(2026, 11, 1))),
        ("tháng 11/2026 XA kết quả", Asked("XA", date(2026, 11, 1), is_result=True)),
        ("kết quả: duyệt hết", Asked(is_result=True, words="duyệt hết")),
        ("duyệt hết", Asked(is_result=True, words="duyệt hết")),
    ],
)
def test_what_stands_behind_the_command(rest: str, meant: Asked) -> None:
    assert asked(rest, today=TODAY) == meant


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("kỳ họp", Intent.SHOW_SESSION),
        ("ky hop thang 12", Intent.SHOW_SESSION),
        ("chương trình kỳ họp tới", Intent.SHOW_SESSION),
        ("kết quả kỳ họp: duyệt hết, quyết định 45-QĐ/ĐU ngày 20/11", Intent.LOG_SESSION),
        ("duyệt hết, trừ số 2 trả lại vì lý lịch; quyết định 45-QĐ/ĐU ngày 20/11", Intent.LOG_SESSION),
        ("/kyhop kết quả", Intent.LOG_SESSION),
    ],
)
def test_it_is_asked_for_by_a_sentence_too(text: str, intent: Intent) -> None:
    assert [wish.intent for wish in understand(text, today=TODAY)] == [intent]


@pytest.mark.parametrize(
    "text",
    [
        "cuối kỳ họp này làm gì tiếp",
        "kỳ họp chi bộ bàn chuyện khác",
        "duyệt 12/20 phiếu",
        "duyệt 1",
        "đồng ý tất cả",
        "thông qua hết",
    ],
)
def test_other_talk_of_sessions_is_left_alone(text: str) -> None:
    intents = {wish.intent for wish in understand(text, today=TODAY)}
    assert not intents & {Intent.SHOW_SESSION, Intent.LOG_SESSION}
