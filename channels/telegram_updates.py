"""What is taken from a Telegram update: an allow-list. Numbers, profiles and file ids of pictures are never read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.channel import age_of, storable
from domain.messages import Address, Incoming, Kind

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

Json = Mapping[str, Any]

CONTENT: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "animation": Kind.OTHER,  # before document: an animation carries both
    "photo": Kind.PHOTO,
    "document": Kind.DOCUMENT,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "video_note": Kind.VOICE,
    "sticker": Kind.STICKER,
    "contact": Kind.CONTACT,
    "venue": Kind.LOCATION,
    "location": Kind.LOCATION,
    "video": Kind.VIDEO,
    "poll": Kind.OTHER,
    "dice": Kind.OTHER,
    "story": Kind.OTHER,
    "checklist": Kind.OTHER,
    "paid_media": Kind.OTHER,
}
"""The first of these that a message has is what it is. A message with none is the platform's own notice."""

GROUPS = ("group", "supergroup")
GONE = ("kicked", "left")
PRESSED = re.compile(r"\d{1,18}:\d{1,4}")
FORWARDED = ("forward_origin", "forward_date", "forward_from", "forward_from_chat")
WORKBOOK_ENDS = ".xlsx"
COMMAND_TO_SOMEBODY = re.compile(r"(/\w+)@(\w+)")


@dataclass(frozen=True, slots=True)
class Heard:
    """One update: what is handed on, if anything, and the press that waits to be acknowledged."""

    update_id: int
    incoming: Incoming | None = None
    callback_id: str = ""


def read_update(raw: Json, *, account: str, username: str) -> Heard:
    """Whatever shape an update has, its id is read, so that one odd update does not stop the others."""
    update_id = int(raw["update_id"])
    try:
        incoming = _incoming(raw, update_id, account, username)
    except (AttributeError, KeyError, TypeError, ValueError):
        incoming = _unreadable(raw, update_id, account)
    return Heard(update_id, incoming, _callback_id(raw))


def _incoming(raw: Json, update_id: int, account: str, username: str) -> Incoming | None:
    key = f"{CHANNEL}:{account}:{update_id}"
    if press := raw.get("callback_query"):
        message = press.get("message")
        if message is None:
            return None
        pressed = press.get("data", "")
        return Incoming(
            key,
            _address(message["chat"], account),
            sender=str(press["from"]["id"]),
            kind=Kind.PRESS,
            # Data of another form was never ours: the press is then of a button that means nothing.
            pressed=pressed if PRESSED.fullmatch(pressed) else "",
            message_id=str(message["message_id"]),
            is_group=message["chat"]["type"] in GROUPS,
        )
    if change := raw.get("my_chat_member"):
        kind = _membership(change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        if kind is None or change["chat"]["type"] == "channel":
            return None
        return Incoming(
            key,
            _address(change["chat"], account),
            sender=str(change["from"]["id"]),
            kind=kind,
            is_group=change["chat"]["type"] in GROUPS,
        )
    edited = raw.get("edited_message")
    message = edited or raw.get("message")
    if message is None:
        return None
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return _moved(message, key, account)
    content = next((kind for field, kind in CONTENT.items() if field in message), None)
    if content is None:
        return None
    is_group = message["chat"]["type"] in GROUPS
    text = _to_us(storable(message.get("text") or message.get("caption") or ""), username, is_group=is_group)
    if text is None:
        return None
    is_workbook = content is Kind.DOCUMENT and not is_group and not edited and _is_workbook(message["document"])
    return Incoming(
        key,
        _address(message["chat"], account),
        sender=str(message["from"]["id"]) if "from" in message else "",
        kind=Kind.EDITED if edited else Kind.WORKBOOK if is_workbook else content,
        text=text,
        message_id=str(message["message_id"]),
        is_group=is_group,
        is_forwarded=any(field in message for field in FORWARDED),
        reply_to=_bots_message(message.get("reply_to_message"), account),
        album=str(message.get("media_group_id", "")),
        file=str(message["document"]["file_id"]) if is_workbook else "",
        age_seconds=0 if edited else age_of(message.get("date")),
        file_bytes=int(message["document"].get("file_size", 0)) if is_workbook else 0,
    )


def _moved(message: Json, key: str, account: str) -> Incoming:
    """A group became a supergroup. Both chats tell it, each of the other; either alone is enough."""
    here = _address(message["chat"], account)
    if "migrate_to_chat_id" in message:
        old, new = here, str(int(message["migrate_to_chat_id"]))
    else:
        old, new = _address({"id": message["migrate_from_chat_id"]}, account), here.chat
    return Incoming(key, old, sender="", kind=Kind.MOVED, is_group=True, moved_to=new)


def _is_workbook(document: Json) -> bool:
    """By its name, which is not kept: it may be somebody's."""
    return str(document.get("file_name", "")).strip().lower().endswith(WORKBOOK_ENDS)


def _bots_message(replied: Json | None, account: str) -> str:
    """The message of ours that this one answers."""
    if not replied or str(replied.get("from", {}).get("id")) != account:
        return ""
    return str(replied["message_id"])


def _callback_id(raw: Json) -> str:
    try:
        return str(raw["callback_query"]["id"])
    except (KeyError, TypeError):
        return ""


def _address(chat: Json, account: str) -> Address:
    return Address(CHANNEL, account, str(int(chat["id"])))


def _membership(old: str, new: str) -> Kind | None:
    if new in GONE and old not in GONE:
        return Kind.BLOCKED
    return Kind.UNBLOCKED if old in GONE and new not in GONE else None


def _to_us(text: str, username: str, *, is_group: bool) -> str | None:
    """`/tiendo@our_bot` is `/tiendo`; in a group a command to another bot is none of our business."""
    command = COMMAND_TO_SOMEBODY.match(text)
    if command is None:
        return text
    if command[2].lower() == username.lower():
        return command[1] + text[command.end() :]
    return None if is_group else text


def _unreadable(raw: Json, update_id: int, account: str) -> Incoming | None:
    """An update of a shape that we do not know, if at least its chat can be told."""
    for name in WANTED:
        try:
            body = raw[name]
            chat = (body["message"] if name == "callback_query" else body)["chat"]
            address = _address(chat, account)
            is_group = str(chat.get("type")) in GROUPS
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        return Incoming(f"{CHANNEL}:{account}:{update_id}", address, sender="", kind=Kind.UNREADABLE, is_group=is_group)
    return None
