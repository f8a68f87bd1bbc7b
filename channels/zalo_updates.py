"""What is taken from a Zalo update: an allow-list of ids, kind and text. Names, pictures and voice are never read."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import cast

from channels.channel import NotUnderstood, age_of, storable
from channels.zalo_request import Json, as_object
from domain.messages import Address, Incoming, Kind

CHANNEL = "zalo"
LONGEST_ID = 128
MINUTE = 60_000
MILLISECONDS_FROM = 10**12

KINDS: Mapping[object, Kind] = {
    "message.text.received": Kind.TEXT,
    "message.image.received": Kind.PHOTO,
    "message.sticker.received": Kind.STICKER,
    "message.voice.received": Kind.VOICE,
}
"""Whatever else there is, files, contacts and answers hung on a message among it, comes without its content."""


def updates_in(body: object) -> Sequence[Json]:
    """The updates of a body: one as it is, one in an envelope, or several; `NotUnderstood` if it has none."""
    answer = as_object(body)
    found = answer["result"] if answer is not None and "result" in answer else body
    several = cast(list[object], found) if isinstance(found, list) else [found]
    objects = [one for each in several if (one := as_object(each)) is not None]
    updates = [one for one in objects if isinstance(one.get("event_name"), str)]
    if not updates and several:
        raise NotUnderstood
    return updates


def read_update(raw: Json, *, account: str, own_id: str, secret: bytes) -> Incoming | None:
    """What a person wrote in private; None for groups, where we are silent, for the bot's own echo and other bots."""
    message = as_object(raw.get("message")) or {}
    chat, sender = as_object(message.get("chat")) or {}, as_object(message.get("from")) or {}
    chat_id, sender_id = _id(chat.get("id")), _id(sender.get("id"))
    if not chat_id or not _is_private(chat, is_alone=chat_id == sender_id):
        return None
    if sender.get("is_bot") is True or (sender_id and sender_id in (own_id, account)):
        return None
    kind = KINDS.get(raw.get("event_name"), Kind.OTHER)
    text, date = message.get("text") if kind is Kind.TEXT else "", message.get("date")
    message_id = _id(message.get("message_id"))
    return Incoming(
        key=f"{CHANNEL}:{account}:{message_id or _made_up(raw, secret)}",
        address=Address(CHANNEL, account, chat_id),
        sender=sender_id,
        kind=kind if isinstance(text, str) else Kind.UNREADABLE,
        text=storable(text) if isinstance(text, str) else "",
        message_id=message_id,
        # Several pictures come one by one: those of a minute are answered once.
        age_seconds=_age(date),
        album=str(date // MINUTE) if kind is not Kind.TEXT and isinstance(date, int) else "",
    )


def _age(date: object) -> int:
    """Dates are milliseconds, and were seconds once."""
    return age_of(date // 1000 if isinstance(date, int) and date > MILLISECONDS_FROM else date)


def _is_private(chat: Json, *, is_alone: bool) -> bool:
    kind = chat.get("chat_type")
    return kind.upper() == "PRIVATE" if isinstance(kind, str) else is_alone


def _id(value: object) -> str:
    """Ids are opaque: never a number of ours, and never longer than one could be."""
    return storable(str(value))[:LONGEST_ID] if isinstance(value, str | int) else ""


def _made_up(raw: Json, secret: bytes) -> str:
    """The same for the same update, and telling nobody without the token what stood in it."""
    return "-" + blake2b(repr(raw).encode("utf-8", "replace"), key=secret[:64], digest_size=16).hexdigest()
