import time
from typing import Any

import pytest

from channels.telegram_updates import Heard, read_update
from domain.messages import Address, Incoming, Kind

PRIVATE: dict[str, Any] = {"id": 1001, "type": "private", "first_name": "Lê", "username": "le"}
GROUP: dict[str, Any] = {"id": -1009, "type": "supergroup", "title": "Chi bộ 3"}
SENDER: dict[str, Any] = {"id": 1001, "is_bot": False, "first_name": "Lê", "last_name": "B", "language_code": "vi"}


def read(**update: Any) -> Heard:
    return read_update({"update_id": 5} | update, account="77", username="Our_Bot")


def heard(**update: Any) -> Incoming:
    incoming = read(**update).incoming
    assert incoming is not None
    return incoming


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1, "chat": chat, "from": SENDER} | content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"text": "chào"}, Kind.TEXT),
        ({"photo": [{"file_id": "SECRET"}]}, Kind.PHOTO),
        ({"document": {"file_id": "SECRET", "file_name": "SECRET"}}, Kind.DOCUMENT),
        ({"animation": {"file_id": "SECRET"}, "document": {"file_id": "SECRET"}}, Kind.OTHER),
        ({"voice": {"file_id": "SECRET"}}, Kind.VOICE),
        ({"video_note": {"file_id": "SECRET"}}, Kind.VOICE),
        ({"sticker": {"file_id": "SECRET"}}, Kind.STICKER),
        ({"contact": {"phone_number": "SECRET", "vcard": "SECRET"}}, Kind.CONTACT),
        ({"location": {"latitude": "SECRET"}}, Kind.LOCATION),
        ({"video": {"file_id": "SECRET"}}, Kind.VIDEO),
        ({"document": {"file_id": "SECRET", "file_name": "SECRET.xlsx.exe"}}, Kind.DOCUMENT),
        ({"document": {"file_id": "SECRET"}}, Kind.DOCUMENT),
        ({"poll": {"question": "SECRET"}}, Kind.OTHER),
    ],
)
def test_each_kind_is_told_and_nothing_of_it_kept(content: dict[str, Any], kind: Kind) -> None:
    incoming = heard(message=message(**content))
    assert incoming.kind is kind
    assert "SECRET" not in repr(incoming)


def test_profiles_are_not_kept() -> None:
    kept = repr(heard(message=message(text="chào")))
    assert "Lê" not in kept
    assert "le" not in kept.split("'")


def test_a_caption_is_the_text() -> None:
    assert heard(message=message(photo=[], caption="kết nạp A")).text == "kết nạp A"


def test_an_edited_message_says_so() -> None:
    incoming = heard(edited_message=message(text="kết nạp B", edit_date=2))
    assert (incoming.kind, incoming.text, incoming.message_id) == (Kind.EDITED, "kết nạp B", "3")


@pytest.mark.parametrize("name", ["ket-qua.xlsx", "KET QUA.XLSX ", "Nguyễn Văn A.xlsx"])
def test_of_a_workbook_only_the_word_to_fetch_it_is_kept(name: str) -> None:
    document = {"file_id": "BQAC1", "file_unique_id": "SECRET", "file_name": name, "file_size": 5_000}
    incoming = heard(message=message(document=document))
    assert (incoming.kind, incoming.file, incoming.file_bytes) == (Kind.WORKBOOK, "BQAC1", 5_000)
    assert "SECRET" not in repr(incoming)
    assert name.strip()[:5] not in repr(incoming)


def test_a_workbook_in_a_group_is_any_document() -> None:
    incoming = heard(message=message(GROUP, document={"file_id": "BQAC1", "file_name": "a.xlsx"}))
    assert (incoming.kind, incoming.file) == (Kind.DOCUMENT, "")


@pytest.mark.parametrize("how", [{"forward_origin": {"type": "user"}}, {"forward_date": 1}])
def test_a_forwarded_message_says_so(how: dict[str, Any]) -> None:
    assert heard(message=message(text="kết nạp A", **how)).is_forwarded
    assert not heard(message=message(text="kết nạp A")).is_forwarded


@pytest.mark.parametrize(("author", "kept"), [(77, "9"), (1001, ""), (78, "")])
def test_only_our_own_message_can_be_answered(author: int, kept: str) -> None:
    replied = {"message_id": 9, "from": {"id": author, "is_bot": author != 1001}, "text": "SECRET"}
    incoming = heard(message=message(text="lưu", reply_to_message=replied))
    assert incoming.reply_to == kept
    assert "SECRET" not in repr(incoming)


def test_pictures_sent_together_have_their_album() -> None:
    assert heard(message=message(photo=[], media_group_id="134")).album == "134"


@pytest.mark.parametrize(("chat", "word"), [(-5, {"migrate_to_chat_id": -1005}), (-1005, {"migrate_from_chat_id": -5})])
def test_a_group_that_becomes_a_supergroup_says_the_same_from_both_sides(chat: int, word: dict[str, int]) -> None:
    incoming = heard(message=message({"id": chat, "type": "supergroup"}, **word))
    assert (incoming.kind, incoming.address.chat, incoming.moved_to) == (Kind.MOVED, "-5", "-1005")


def test_a_press_on_a_message_that_is_gone_still_says_which_button_it_was() -> None:
    gone = {"chat": PRIVATE, "message_id": 3, "date": 0}
    incoming = heard(callback_query={"id": "999", "from": SENDER, "message": gone, "data": "81:2"})
    assert (incoming.kind, incoming.pressed) == (Kind.PRESS, "81:2")


@pytest.mark.parametrize("notice", [{"pinned_message": {}}, {"new_chat_members": []}, {"group_chat_created": True}])
def test_the_platforms_notices_are_not_for_us(notice: dict[str, Any]) -> None:
    assert read(message=message(GROUP, **notice)) == Heard(5)


@pytest.mark.parametrize("other", ["channel_post", "poll", "inline_query", "pre_checkout_query"])
def test_updates_that_we_never_asked_for_are_not_for_us(other: str) -> None:
    assert read(**{other: {"id": "1"}}) == Heard(5)


@pytest.mark.parametrize(("data", "pressed"), [("81:2", "81:2"), ("81:", ""), ("DROP", ""), ("81:2:3", ""), ("", "")])
def test_only_our_own_button_data_is_taken(data: str, pressed: str) -> None:
    one = read(callback_query={"id": "999", "from": SENDER, "message": message(), "data": data})
    assert one.incoming is not None
    assert (one.incoming.kind, one.incoming.pressed, one.callback_id) == (Kind.PRESS, pressed, "999")


def test_a_press_without_a_message_is_acknowledged_and_no_more() -> None:
    assert read(callback_query={"id": "999", "from": SENDER, "data": "1:1"}) == Heard(5, None, "999")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [("member", "kicked", Kind.BLOCKED), ("kicked", "member", Kind.UNBLOCKED), ("left", "member", Kind.UNBLOCKED)],
)
def test_blocking_and_coming_back_are_heard(old: str, new: str, kind: Kind) -> None:
    change = {"chat": PRIVATE, "from": SENDER, "old_chat_member": {"status": old}, "new_chat_member": {"status": new}}
    assert heard(my_chat_member=change).kind is kind


def test_becoming_an_administrator_is_not_for_us() -> None:
    change = {"chat": GROUP, "from": SENDER, "old_chat_member": {"status": "member"}}
    assert read(my_chat_member=change | {"new_chat_member": {"status": "administrator"}}) == Heard(5)


def test_a_command_addressed_to_us_is_the_command() -> None:
    assert heard(message=message(GROUP, text="/tiendo@our_bot chi bộ 3")).text == "/tiendo chi bộ 3"
    assert heard(message=message(GROUP, text="/tiendo")).is_group


def test_a_command_to_another_bot_is_not_for_us() -> None:
    assert read(message=message(GROUP, text="/tiendo@other_bot")) == Heard(5)


def test_text_that_no_database_takes_is_mended() -> None:
    assert heard(message=message(text="a\ud800b\x00c")).text == "a?bc"


@pytest.mark.parametrize(
    "odd",
    [
        {"message": {"chat": {"id": 1001}, "text": "x"}},
        {"message": {"chat": {"id": 1001, "type": "private"}, "text": 5, "message_id": 1}},
        {"callback_query": {"id": "9", "message": {"chat": {"id": "1001"}}}},
    ],
)
def test_an_odd_update_is_unreadable_but_has_its_chat(odd: dict[str, Any]) -> None:
    incoming = heard(**odd)
    assert (incoming.kind, incoming.address, incoming.text) == (
        Kind.UNREADABLE,
        Address("telegram", "77", "1001"),
        "",
    )


def test_an_update_without_any_chat_is_passed_over() -> None:
    assert read(message="x") == Heard(5)


@pytest.mark.parametrize(("ago", "age"), [(5 * 3600, 5 * 3600), (60, 0), (-3600, 0)])
def test_how_old_a_message_is_is_told_where_that_is_long(ago: int, age: int) -> None:
    incoming = heard(message=message(text="một", date=int(time.time()) - ago))
    assert abs(incoming.age_seconds - age) <= 2
