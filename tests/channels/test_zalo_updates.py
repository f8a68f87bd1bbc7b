import time
from collections.abc import Mapping
from typing import Any

import pytest

from channels.channel import NotUnderstood
from channels.zalo_updates import read_update, updates_in
from domain.messages import Address, Incoming, Kind

PERSON = "a1b2c3d4e5f60718293a"
SECRET = b"2000000001:EMULATOR"


def update(event: str = "message.text.received", sender: object = None, **message: Any) -> dict[str, Any]:
    """A private message; `None` leaves a field out."""
    whole = {
        "date": 1000000001000,
        "chat": {"chat_type": "PRIVATE", "id": PERSON},
        "message_id": "5566778899aabbccddee",
        "from": sender or {"id": PERSON, "is_bot": False, "display_name": "Lan"},
        "text": "kết nạp Nguyễn Văn A 15/10",
    } | message
    return {"event_name": event, "message": {name: value for name, value in whole.items() if value is not None}}


def read(raw: Mapping[str, Any], own_id: str = "1000000000000000001") -> Incoming | None:
    return read_update(raw, account="2000000001", own_id=own_id, secret=SECRET)


def test_a_text_is_read_with_its_key_and_address_and_without_its_senders_name() -> None:
    assert read(update()) == Incoming(
        key="zalo:2000000001:5566778899aabbccddee",
        address=Address("zalo", "2000000001", PERSON),
        sender=PERSON,
        kind=Kind.TEXT,
        text="kết nạp Nguyễn Văn A 15/10",
        message_id="5566778899aabbccddee",
    )
    assert "Lan" not in repr(read(update()))


@pytest.mark.parametrize(
    ("event", "more", "kind"),
    [
        ("message.image.received", {"photo_url": "https://p.zdn.vn/1.jpg", "caption": ""}, Kind.PHOTO),
        ("message.image.received", {"photo": "https://p.zdn.vn/1.jpg", "caption": "căn cước"}, Kind.PHOTO),
        ("message.sticker.received", {"sticker": "0a1b", "url": "https://z.zadn.vn/1"}, Kind.STICKER),
        ("message.voice.received", {"voice_url": "https://f2.zdn.vn/1.aac"}, Kind.VOICE),
        ("message.unsupported.received", {}, Kind.OTHER),
        ("message.location.received", {}, Kind.OTHER),
        ("user.follow", {}, Kind.OTHER),
    ],
)
def test_of_what_is_not_text_only_its_kind_is_read(event: str, more: dict[str, Any], kind: Kind) -> None:
    incoming = read(update(event, **({"text": None} | more)))
    assert incoming is not None
    assert (incoming.kind, incoming.text, incoming.file) == (kind, "", "")
    assert "http" not in repr(incoming) and "căn cước" not in repr(incoming)


def test_pictures_of_one_minute_are_answered_as_one() -> None:
    dates = (1000000001000, 1000000002000, 1000000090000)
    albums = [read(update("message.image.received", date=date)) for date in dates]
    first, second, later = (each.album for each in albums if each)
    assert first == second != later


@pytest.mark.parametrize(
    "raw",
    [
        update(chat={"chat_type": "GROUP", "id": "00ffeeddccbbaa998877"}, text="@Bot Kết nạp mấy giờ rồi?"),
        update(chat={"chat_type": "group", "id": PERSON}),
        update(chat={"id": "00ffeeddccbbaa998877"}),
        update(sender={"id": PERSON, "is_bot": True}),
        update(sender={"id": "1000000000000000001", "is_bot": False}),
        update(sender={"id": "2000000001"}),
        update(chat=None),
        update(chat="gone"),
        {"event_name": "user.unfollow"},
        {"event_name": "message.text.received", "message": []},
    ],
)
def test_groups_and_the_bots_own_echo_are_not_heard(raw: dict[str, Any]) -> None:
    assert read(raw) is None


def test_a_chat_without_its_kind_is_private_if_it_is_the_senders_own() -> None:
    assert read(update(chat={"id": PERSON})) is not None


def test_a_message_without_an_id_has_a_key_of_its_own_which_does_not_tell_what_stood_in_it() -> None:
    once, again, other, unlike = (
        read(update(message_id=None, text=text, date=date))
        for text, date in (("một", 1), ("một", 1), ("hai", 1), ("một", 2))
    )
    assert once and again and other and unlike
    assert once.key == again.key
    assert len({once.key, other.key, unlike.key}) == 3
    told = read_update(update(message_id=None, text="một", date=1), account="2000000001", own_id="", secret=b"another")
    assert told is not None and told.key != once.key


def test_a_text_that_is_none_is_unreadable_and_what_no_database_takes_is_taken_out() -> None:
    odd, half = read(update(text=["no", "text"])), read(update(text="a\x00b\ud83d"))
    assert odd is not None and (odd.kind, odd.text) == (Kind.UNREADABLE, "")
    assert half is not None and half.text == "ab?"


@pytest.mark.parametrize("body", [update(), {"ok": True, "result": update()}, {"result": [update()]}, [update(), 7]])
def test_one_update_comes_flat_wrapped_or_in_a_list(body: object) -> None:
    assert updates_in(body) == [update()]


def test_an_empty_list_has_no_updates() -> None:
    assert updates_in({"ok": True, "result": []}) == []


@pytest.mark.parametrize("body", [None, 7, "x", {}, {"result": None}, [1], {"event_name": 5}, {"ok": True}])
def test_what_has_no_update_is_told_apart(body: object) -> None:
    with pytest.raises(NotUnderstood):
        updates_in(body)


DAY = 86_400


@pytest.mark.parametrize(
    ("ago", "unit", "age"),
    [(3 * DAY, 1000, 3 * DAY), (3 * DAY, 1, 3 * DAY), (0, 1000, 0), (600, 1000, 0), (-DAY, 1000, 0), (200 * DAY, 1, 0)],
    ids=["ms", "seconds", "now", "a hitch", "ahead", "long ago"],
)
def test_how_old_it_is_is_told_where_that_is_long_and_possible(ago: int, unit: int, age: int) -> None:
    found = read(update(date=int((time.time() - ago) * unit)))
    assert found is not None and abs(found.age_seconds - age) <= 2


@pytest.mark.parametrize("date", [1, "hôm qua", True, None, 10**400, -1, float("inf"), float("nan"), [1]])
def test_a_date_that_is_none_says_nothing(date: object) -> None:
    found = read(update(date=date))
    assert found is not None and found.age_seconds == 0
