"""A black-box emulator of the Telegram Bot API, for tests and load runs on 127.0.0.1.

Run:    python telegram_emulator.py --port 8081 [--token 1000000001:EMULATOR] [--limits]
Bot:    base_url = http://127.0.0.1:8081/bot      base_file_url = http://127.0.0.1:8081/file/bot
Tests:  the control API under /_control/ (same port, or --control-port), see client.py

Error texts and the getUpdates / webhook rules follow tdlib/telegram-bot-api (read, not copied); lengths are
counted in Unicode code points and entity offsets in UTF-16 units, as the real service does. Needs aiohttp only
(uvloop is used when present). One bot, everything in memory, nothing persisted.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import math
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
MB = 1024 * 1024
DEFAULT_UPDATES = {  # what Telegram delivers when allowed_updates was never set
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "business_message",
}
MEDIA = ("photo", "document", "video", "audio", "voice", "animation", "sticker", "video_note")


class ApiError(Exception):
    """An error answer of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


# ----------------------------------------------------------------------------- text and entities
def u16(text: str) -> int:
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def _byte(text: str, pos: int) -> int:
    return len(text[:pos].encode())


TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
URL = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/|\?|#|$)|tg://|https?://localhost")
ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
ATTR = re.compile(r"""([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.\-]*))?""")


def _unescape(text: str) -> str:
    return ENTITY.sub(
        lambda m: (
            chr(int(m[1], 16))
            if m[1]
            else chr(int(m[2]))
            if m[2]
            else {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[m[3]]
        ),
        text,
    )


def parse_html(text: str) -> tuple[str, list[Json]]:
    out: list[str] = []
    length, pos = 0, 0
    stack: list[tuple[str, str, int]] = []
    entities: list[Json] = []

    def fail(what: str) -> ApiError:
        return bad(f"can't parse entities: {what}")

    while pos < len(text):
        nxt = text.find("<", pos)
        chunk = _unescape(text[pos : nxt if nxt >= 0 else len(text)])
        out.append(chunk)
        length += u16(chunk)
        if nxt < 0:
            break
        end, at = text.find(">", nxt), _byte(text, nxt)
        closing = text.startswith("</", nxt)
        if end < 0:
            raise fail(f"{'Unclosed end' if closing else 'Unclosed start'} tag at byte offset {at}")
        body, pos = text[nxt + (2 if closing else 1) : end], end + 1
        if not closing:
            name, _, rest = body.strip().partition(" ") if not body[:1].isspace() else ("", "", "")
            name = name.split("\n")[0].lower()
            if name not in TAGS:
                raise fail(f'Unsupported start tag "{name}" at byte offset {at}')
            attrs = {m[1].lower(): _unescape((m[2] or "").strip("\"'")) for m in ATTR.finditer(rest)}
            if name == "span" and attrs.get("class") != "tg-spoiler":
                raise fail(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
            arg = attrs.get("href", "") or attrs.get("emoji-id", "") or attrs.get("class", "").removeprefix("language-")
            stack.append((name, arg, length))
            continue
        if not stack:
            raise fail(f"Unexpected end tag at byte offset {at}")
        name, arg, start = stack.pop()
        found = body.strip().lower()
        if found and found != name:
            raise fail(f'Unmatched end tag at byte offset {at}, expected "</{name}>", found "</{found}>"')
        if length > start:
            ent: Json = {"type": TAGS[name], "offset": start, "length": length - start}
            if name == "a":
                url = arg or "".join(out)[-(length - start) :]
                if m := re.fullmatch(r"tg://user\?id=(\d+)", url):
                    ent |= {"type": "text_mention", "user": {"id": int(m[1]), "is_bot": False, "first_name": "User"}}
                elif re.match(r"(https?|tg|ton|tonsite|mailto|tel):|[\w-]+(\.[\w-]+)+", url):
                    ent["url"] = url
                else:
                    continue
            elif name == "tg-emoji":
                ent["custom_emoji_id"] = arg
            elif name == "code" and arg:
                ent["language"] = arg
            elif (
                name == "pre"
                and entities
                and entities[-1] == ent | {"type": "code", "language": entities[-1].get("language")}
            ):
                ent["language"] = entities.pop()["language"]  # <pre><code class="language-x">
            entities.append(ent)
    if stack:
        raise fail(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    for ent in entities:
        if ent["type"] == "code":
            ent.pop("language", None)
    return "".join(out), sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def formatted(p: Params, key: str, limit: int, what: str) -> tuple[str, list[Json]]:
    """Text plus entities after parsing, trimmed and checked for length as the real API does."""
    raw = p.text(key)
    if len(raw.encode()) > 1 << 15:
        raise bad("text is too long")
    mode = p.text("parse_mode").lower()
    entities: list[Json] = []
    text = raw
    if raw and mode not in ("", "none"):
        if mode == "html":
            text, entities = parse_html(raw)
        else:
            raise bad("unsupported parse_mode")
    elif p.has("entities" if key == "text" else "caption_entities"):
        entities = p.obj("entities" if key == "text" else "caption_entities") or []
    text = text.rstrip() if entities else text.strip()
    if len(text) > limit:
        raise bad(f"{what} is too long")
    end = u16(text)
    kept = [e | {"length": min(e["length"], end - e["offset"])} for e in entities if e["offset"] < end]
    return text, kept[:100]


def incoming_entities(text: str) -> list[Json]:
    return [
        {"type": "bot_command", "offset": u16(text[: m.start()]), "length": u16(m[0])}
        for m in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,64}(@[A-Za-z0-9_]+)?", text)
    ]


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; a stand-in size for other known image types; None for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data[:3] == b"\xff\xd8\xff":
        i = 2
        while i + 9 < len(data) and data[i] == 0xFF:
            if 0xC0 <= data[i + 1] <= 0xCF and data[i + 1] not in (0xC4, 0xC8, 0xCC):
                return int.from_bytes(data[i + 7 : i + 9], "big"), int.from_bytes(data[i + 5 : i + 7], "big")
            i += 2 + int.from_bytes(data[i + 2 : i + 4], "big")
        return 800, 600
    return (800, 600) if data[:4] in (b"GIF8", b"RIFF") or data[:2] == b"BM" else None


# ----------------------------------------------------------------------------- request parameters
@dataclass
class Upload:
    name: str
    mime: str
    data: bytes


@dataclass
class Params:
    values: Json
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        return self.values.get(key) not in (None, "")

    def text(self, key: str) -> str:
        v = self.values.get(key)
        return "" if v is None else v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)

    def num(self, key: str, default: int = 0) -> int:
        try:
            return int(float(self.text(key))) if self.has(key) else default
        except ValueError:
            return default

    def flag(self, key: str) -> bool:
        return self.text(key).lower() in ("true", "1", "yes")

    def obj(self, key: str) -> Any:
        v = self.values.get(key)
        if not isinstance(v, str):
            return v
        try:
            return json.loads(v) if v else None
        except ValueError:
            raise bad(f"can't parse {key.replace('_', ' ')} JSON object") from None


async def read_params(request: web.Request) -> Params:
    values: Json = dict(request.query)
    files: dict[str, Upload] = {}
    kind = request.content_type
    if request.method == "POST" and request.can_read_body:
        if kind == "application/json":
            body = await request.json()
            values |= body if isinstance(body, dict) else {}
        else:
            for key, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[key] = Upload(value.filename or "file", value.content_type, value.file.read())
                else:
                    values[key] = value.decode() if isinstance(value, bytes | bytearray) else value
    return Params(values, files)


# ----------------------------------------------------------------------------- state
@dataclass
class Config:
    token: str = "1000000001:EMULATOR"
    username: str = "emulated_bot"
    name: str = "Emulated bot"
    limits: bool = False  # flood limits on or off
    overall_rate: float = 30.0  # messages a second, all chats
    overall_burst: float = 30.0
    strict_window: bool = False  # overall limit as a sliding one-second window instead of a token bucket
    chat_rate: float = 1.0  # messages a second, one chat
    chat_burst: float = 5.0  # "short bursts that go over this limit" (Telegram's FAQ gives no number)
    group_per_minute: float = 20.0
    strict_chats: bool = True  # a bot cannot write first to a user who never wrote to it
    callback_ttl: float = 60.0  # seconds in which a callback query can be answered
    max_upload: int = 50 * MB
    max_photo: int = 10 * MB
    max_download: int = 20 * MB
    webhook_https_only: bool = False
    webhook_timeout: float = 60.0
    webhook_retry_base: float = 1.0  # doubled on each further failure, up to 60 s
    webhook_ordered: bool = True  # one update at a time per chat, as tdlib/telegram-bot-api queues them
    conflict_delay: float = 3.0  # second and later 409 within this time come late
    polling_pace: bool = False  # real server: same offset again within 3 s with timeout < 3 waits 3 s
    seed: int = 1


@dataclass
class Fault:
    method: str = "*"  # a Bot API method, "*", "webhook" or "update"
    # http | 429 | reset | reset_after | delay | delay_after | hang | garbage | error; for "update": duplicate
    kind: str = "http"
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    delay: float = 1.0
    retry_after: int = 1
    status: int = 502
    description: str = ""
    chat_id: int | None = None
    migrate_to: int | None = None
    hits: int = 0


class Bucket:
    """A token bucket; wait() returns the seconds until n messages may pass (0.0: now), take() uses them up."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst, self.level, self.at = rate, burst, burst, time.monotonic()

    def wait(self, n: float = 1.0) -> float:
        now = time.monotonic()
        self.level, self.at = min(self.burst, self.level + (now - self.at) * self.rate), now
        return max(0.0, (n - self.level) / self.rate)

    def take(self, n: float) -> None:
        self.level -= n


class Window(Bucket):
    """At most `rate` messages in any second, bursts not allowed beyond that."""

    def __init__(self, rate: float) -> None:
        super().__init__(rate, rate)
        self.times: deque[float] = deque()

    def wait(self, n: float = 1.0) -> float:
        now = time.monotonic()
        while self.times and self.times[0] <= now - 1.0:
            self.times.popleft()
        over = int(len(self.times) + n - self.rate)
        return max(0.0, self.times[min(over, len(self.times)) - 1] + 1.0 - now) if over > 0 and self.times else 0.0

    def take(self, n: float) -> None:
        self.times.extend([time.monotonic()] * int(n))


@dataclass
class Chat:
    id: int
    info: Json
    opened: bool = False
    blocked: bool = False
    messages: dict[int, Json] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    bucket: Bucket | None = None
    minute: Bucket | None = None
    waiting: deque[float] = field(default_factory=deque)


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    allowed: list[str] = field(default_factory=list)
    last_error_date: int = 0
    last_error_message: str = ""


class Emulator:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.session: aiohttp.ClientSession | None = None
        self.methods: dict[str, Callable[[Params], Awaitable[Any]]] = {
            n[3:].lower(): getattr(self, n) for n in dir(self) if n.startswith("do_")
        }
        self.names = {n[3:].lower(): n[3:] for n in dir(self) if n.startswith("do_")}
        for kind in ("photo", "document"):  # sendPhoto and sendDocument differ only in the field's name
            name = "send" + kind.title()
            self.names[name.lower()], self.methods[name.lower()] = name, partial(self.send_media, kind, name)
        self.tasks: set[asyncio.Task[None]] = set()
        self.drains: dict[int, asyncio.Task[None]] = {}
        self.poller: asyncio.Future[str] | None = None
        self.reset()

    def reset(self) -> None:
        for task in self.drains.values():
            task.cancel()
        if self.poller and not self.poller.done():
            self.poller.set_result("wake")
        c = self.config
        self.rng = random.Random(c.seed)
        self.bot: Json = {
            "id": int(c.token.split(":")[0]),
            "is_bot": True,
            "first_name": c.name,
            "username": c.username,
        }
        self.update_id, self.message_id, self.file_no, self.seq = 700000000 + self.rng.randrange(10**6), 0, 0, 0
        self.pending: dict[int, Json] = {}  # updates not yet confirmed, in order
        self.redeliver: list[Json] = []  # duplicates still to be handed out
        self.duplicate_ids: set[int] = set()
        self.injected_at: dict[int, float] = {}
        self.poller = None
        self.next_conflict = 0.0
        self.allowed: set[str] = set(DEFAULT_UPDATES)
        self.last_poll: tuple[int, float] = (-1, 0.0)
        self.webhook = Webhook()
        self.drains = {}
        self.queues: dict[int, deque[int]] = {}
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, Json] = {}
        self.callbacks: dict[str, Json] = {}
        self.files: dict[str, Json] = {}
        self.paths: dict[str, str] = {}
        self.profile: Json = {"commands": {}}
        self.faults: list[Fault] = []
        self.sent: list[Json] = []
        self.waiters: list[tuple[Callable[[Json], bool], asyncio.Future[Json]]] = []
        self.overall = self.overall_limit()
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.per_second: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.webhook_stats: Counter[str] = Counter()
        self.delivered = 0
        self.first_delivery = self.first_poll = self.last_send = 0.0
        self.latency: list[float] = []

    # ---------------------------------------------------------------- helpers
    def overall_limit(self) -> Bucket:
        c = self.config
        return Window(c.overall_rate) if c.strict_window else Bucket(c.overall_rate, c.overall_burst)

    def fault(self, method: str, *kinds: str, chat_id: int | None = None) -> Fault | None:
        for f in self.faults:
            if f.kind in kinds and f.method.lower() in ("*", method.lower()) and f.chat_id in (None, chat_id):
                if f.method == "*" and method.lower() == "getupdates":
                    continue  # "*" means every call but polling; name getUpdates to break polling
                if f.times == 0 or self.rng.random() >= f.probability:
                    continue
                if f.skip > 0:
                    f.skip -= 1
                    continue
                if f.times is not None:
                    f.times -= 1
                f.hits += 1
                return f
        return None

    def chat(self, chat_id: int, **info: Any) -> Chat:
        if chat_id not in self.chats:
            kind = "private" if chat_id > 0 else "supergroup" if str(chat_id).startswith("-100") else "group"
            base = {"id": chat_id, "type": kind} | ({} if chat_id > 0 else {"title": f"Group {-chat_id}"})
            self.chats[chat_id] = Chat(chat_id, base)
        if info:
            self.chats[chat_id].info |= info
        return self.chats[chat_id]

    def target(self, p: Params, count: int = 1) -> Chat:
        """The chat a bot writes to, after the checks for existence, blocking and flood limits."""
        raw = p.text("chat_id")
        if not raw:
            raise bad("chat_id is empty")
        if not re.fullmatch(r"-?\d+", raw):
            raise bad("chat not found")
        chat = self.chats.get(int(raw)) or (None if self.config.strict_chats else self.chat(int(raw)))
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise ApiError(
                403,
                "Forbidden: bot was blocked by the user"
                if chat.id > 0
                else "Forbidden: bot was kicked from the supergroup chat",
            )
        if not chat.opened and chat.id > 0 and self.config.strict_chats:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if self.config.limits and count:
            c = self.config
            chat.bucket = chat.bucket or Bucket(c.chat_rate, c.chat_burst)
            chat.minute = chat.minute or Bucket(c.group_per_minute / 60, c.group_per_minute)
            used = [self.overall, chat.bucket] + ([chat.minute] if chat.id < 0 else [])
            wait = max(b.wait(count) for b in used)
            if wait > 0:
                after = max(1, math.ceil(wait))
                raise ApiError(429, f"Too Many Requests: retry after {after}", retry_after=after)
            for b in used:
                b.take(count)
        return chat

    def markup(self, p: Params) -> Json | None:
        markup = p.obj("reply_markup")
        if markup is None:
            return None
        if not isinstance(markup, dict):
            raise bad("object expected as reply markup")
        rows = markup.get("inline_keyboard")
        if rows is None:
            if "keyboard" in markup and any(
                not (b if isinstance(b, str) else b.get("text")) for r in markup["keyboard"] for b in r
            ):
                raise bad("keyboard button text must be non-empty")
            return markup
        if sum(len(r) for r in rows) > 100:
            raise bad("reply markup is too long")
        for button in (b for r in rows for b in r):
            if not button.get("text"):
                raise bad('can\'t parse inline keyboard button: Field "text" is required')
            if data := button.get("callback_data"):
                if len(data.encode()) > 64:
                    raise bad("BUTTON_DATA_INVALID")
            elif url := button.get("url"):
                if not URL.match(url):
                    raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
            elif not set(button) & {
                "switch_inline_query",
                "switch_inline_query_current_chat",
                "web_app",
                "login_url",
                "copy_text",
                "pay",
                "callback_game",
                "switch_inline_query_chosen_chat",
            }:
                raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        return {"inline_keyboard": [r for r in rows if r]} if any(rows) else None

    def record(self, method: str, chat: Chat, message: Json | None = None, **extra: Any) -> None:
        """Log one thing the bot did that a user can see, and wake those who wait for it."""
        self.seq += 1
        now = time.time()
        item: Json = {"seq": self.seq, "ts": now, "method": method, "chat_id": chat.id}
        if message:
            item |= {
                "message_id": message["message_id"],
                "text": message.get("text", message.get("caption", "")),
                "message": json.loads(json.dumps(message)),
            }
        item |= extra
        self.sent.append(item)
        self.last_send = now
        while chat.waiting:
            self.latency.append(now - chat.waiting.popleft())
        for waiter in [w for w in self.waiters if not w[1].done() and w[0](item)]:
            waiter[1].set_result(item)
            self.waiters.remove(waiter)

    def store_file(self, kind: str, up: Upload) -> Json:
        self.file_no += 1
        file_id = f"EMU{kind[:4].upper()}{self.file_no:06d}" + base64.urlsafe_b64encode(self.rng.randbytes(24)).decode()
        ext = os.path.splitext(up.name)[1] or {"photo": ".jpg", "voice": ".oga"}.get(kind, "")
        path = f"{kind}s/file_{self.file_no}{ext}"
        self.files[file_id] = {
            "file_id": file_id,
            "file_unique_id": f"U{self.file_no:08d}",
            "path": path,
            "upload": up,
            "kind": kind,
        }
        self.paths[path] = file_id
        return self.files[file_id]

    def media(self, kind: str, f: Json) -> Any:
        up: Upload = f["upload"]
        base = {"file_id": f["file_id"], "file_unique_id": f["file_unique_id"], "file_size": len(up.data)}
        if kind == "photo":
            w, h = image_size(up.data) or (800, 600)
            return [base | {"width": w, "height": h}]
        if kind == "document":
            return base | {"file_name": up.name, "mime_type": up.mime}
        more: dict[str, Json] = {
            "video": {"width": 640, "height": 360, "duration": 1},
            "audio": {"duration": 1},
            "voice": {"duration": 1},
            "video_note": {"length": 240, "duration": 1},
            "animation": {"width": 320, "height": 240, "duration": 1},
            "sticker": {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"},
        }
        return base | more[kind]

    def input_file(self, kind: str, ref: str, p: Params, field_name: str) -> Json:
        up = p.files.get(ref.removeprefix("attach://")) if ref.startswith("attach://") else p.files.get(field_name)
        if up is None:
            if not ref:
                raise bad(f"there is no {kind} in the request")
            if ref in self.files:
                return self.files[ref]
            raise bad(
                "failed to get HTTP URL content"
                if ref.startswith("http")
                else "wrong file identifier/HTTP URL specified"
            )
        if not up.data:
            raise bad("file must be non-empty")
        if len(up.data) > (self.config.max_photo if kind == "photo" else self.config.max_upload):
            if kind == "photo":
                raise bad(
                    f"file of size {len(up.data)} bytes is too big for a photo; the maximum size is "
                    f"{self.config.max_photo} bytes"
                )
            raise ApiError(413, "Request Entity Too Large")
        if kind == "photo":
            size = image_size(up.data)
            if size is None:
                raise bad("IMAGE_PROCESS_FAILED")
            if sum(size) > 10000 or max(size) > 20 * max(1, min(size)):
                raise bad("PHOTO_INVALID_DIMENSIONS")
        return self.store_file(kind, up)

    def new_message(self, p: Params, method: str, content: Json, count: int = 1, edit_markup: bool = True) -> Json:
        chat = self.target(p, 0)
        markup = self.markup(p) if edit_markup else None
        reply = p.obj("reply_parameters") or (
            {
                "message_id": p.num("reply_to_message_id"),
                "allow_sending_without_reply": p.flag("allow_sending_without_reply"),
            }
            if p.has("reply_to_message_id")
            else None
        )
        if reply and reply["message_id"] not in chat.messages and not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        self.target(p, count)  # only now does it count against the limits
        self.message_id += 1
        message: Json = {
            "message_id": self.message_id,
            "from": self.bot,
            "chat": chat.info,
            "date": int(time.time()),
        } | content
        if reply and reply["message_id"] in chat.messages:
            message["reply_to_message"] = {
                k: v for k, v in chat.messages[reply["message_id"]].items() if k != "reply_to_message"
            }
        if p.flag("protect_content"):
            message["has_protected_content"] = True
        extra: Json = {}
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        elif markup is not None:
            extra["reply_markup"] = markup
            chat.reply_keyboard = markup if "keyboard" in markup else None
        chat.messages[self.message_id] = message
        if p.flag("disable_notification"):
            extra["silent"] = True
        self.record(method, chat, message, **extra)
        return message

    def editable(self, p: Params) -> tuple[Chat, Json]:
        if p.has("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        chat = self.target(p, 0)
        message = chat.messages.get(p.num("message_id"))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise bad("message can't be edited")
        return chat, message

    def apply_edit(self, p: Params, method: str, content: Json) -> Json:
        chat, message = self.editable(p)
        markup = self.markup(p)
        new = {k: v for k, v in message.items() if k not in content and k not in ("reply_markup", "edit_date")}
        new |= {k: v for k, v in content.items() if v is not None}
        if markup:
            new["reply_markup"] = markup
        if new == {k: v for k, v in message.items() if k != "edit_date"}:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self.target(p)
        new["edit_date"] = int(time.time())
        chat.messages[message["message_id"]] = new
        self.record(method, chat, new)
        return new

    # ---------------------------------------------------------------- updates
    def push(self, content: Json, queue: int) -> int:
        """Queue one update for the bot; returns its update_id."""
        self.update_id += 1
        kind = next(iter(content))
        update = {"update_id": self.update_id} | content
        if kind not in (self.allowed if not self.webhook.allowed else set(self.webhook.allowed)):
            return self.update_id  # filtered out, as allowed_updates does at arrival time
        self.injected_at[self.update_id] = time.time()
        if kind in ("message", "callback_query", "edited_message") and queue in self.chats:
            self.chats[queue].waiting.append(time.time())
        if self.fault("update", "duplicate"):
            self.duplicate_ids.add(self.update_id)
        self.pending[self.update_id] = update
        if self.webhook.url:
            self.enqueue(self.update_id, queue)
        elif self.poller and not self.poller.done():
            self.poller.set_result("wake")
        return self.update_id

    def enqueue(self, update_id: int, queue: int) -> None:
        key = queue if self.config.webhook_ordered else update_id
        self.queues.setdefault(key, deque()).append(update_id)
        if key not in self.drains:
            self.drains[key] = asyncio.create_task(self.drain(key))

    async def drain(self, key: int) -> None:
        """Deliver one chat's updates to the webhook in order, with retries."""
        queue, fails = self.queues[key], 0
        try:
            while queue and self.webhook.url:
                update = self.pending.get(queue[0])
                if update is None or await self.post_update(update):
                    if update and update["update_id"] in self.duplicate_ids:
                        self.duplicate_ids.discard(update["update_id"])
                        await self.post_update(update)
                    self.pending.pop(queue.popleft(), None)
                    fails = 0
                else:
                    await asyncio.sleep(0 if fails == 0 else min(60.0, self.config.webhook_retry_base * 2**fails))
                    fails += 1
        finally:
            if self.drains.get(key) is asyncio.current_task():
                del self.drains[key]
                self.queues.pop(key, None)

    async def post_update(self, update: Json) -> bool:
        assert self.session
        hook, error = self.webhook, ""
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        if f := self.fault("webhook", "delay"):
            await asyncio.sleep(f.delay)
        self.first_delivery = self.first_delivery or time.time()
        try:
            async with (
                self.slots,
                self.session.post(
                    hook.url,
                    json=update,
                    headers=headers,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(self.config.webhook_timeout),
                ) as response,
            ):
                body = await response.read()
                if not 200 <= response.status < 300:
                    error = f"Wrong response from the webhook: {response.status} {response.reason}"
                elif self.fault("webhook", "reset_after"):
                    error = "Connection reset by peer"  # the bot handled it, Telegram did not learn so
        except TimeoutError:
            error = "Read timeout expired"
        except aiohttp.ClientError as exc:
            refused = isinstance(exc, aiohttp.ClientConnectorError)
            error = "Connection refused" if refused else "Connection reset by peer"
        if error:
            hook.last_error_date, hook.last_error_message = int(time.time()), error
            self.webhook_stats["failed"] += 1
            return False
        self.webhook_stats["delivered"] += 1
        self.delivered += 1
        with contextlib.suppress(ValueError, ApiError, AttributeError):  # a method call in the webhook's answer
            call = json.loads(body)
            method = call.pop("method").lower()
            if method in self.methods and not method.startswith("get") and "webhook" not in method:
                self.calls[self.names[method]] += 1
                await self.methods[method](Params(call))
        return True

    async def do_getUpdates(self, p: Params) -> list[Json]:
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                "delete the webhook first",
            )
        offset, limit = p.num("offset"), min(100, max(1, p.num("limit", 100)))
        timeout = min(50, max(0, p.num("timeout")))
        if p.has("allowed_updates"):
            self.allowed = set(p.obj("allowed_updates") or DEFAULT_UPDATES)
        now = time.monotonic()
        self.first_poll = self.first_poll or time.time()
        if self.config.polling_pace and self.last_poll[0] == offset and timeout < 3 and now < self.last_poll[1] + 3:
            timeout = 3
        self.last_poll = (offset, now)
        if offset < 0:
            for update_id in list(self.pending)[:offset]:
                self.pending.pop(update_id)
        for update_id in [u for u in self.pending if u < offset]:
            update = self.pending.pop(update_id)
            if update_id in self.duplicate_ids:
                self.duplicate_ids.discard(update_id)
                self.redeliver.append(update)
        if not self.pending and not self.redeliver and timeout:
            if self.poller and not self.poller.done():
                self.poller.set_result(
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            mine = self.poller = asyncio.get_running_loop().create_future()
            try:
                reason = await asyncio.wait_for(mine, timeout)
            except TimeoutError:
                reason = "timeout"
            if self.poller is mine:
                self.poller = None
            if reason.startswith("Conflict"):
                if time.monotonic() < self.next_conflict:
                    await asyncio.sleep(self.config.conflict_delay)
                self.next_conflict = time.monotonic() + self.config.conflict_delay
                raise ApiError(409, reason)
        out, self.redeliver = self.redeliver[:limit], self.redeliver[limit:]
        for update in self.pending.values():
            if len(out) >= limit:
                break
            out.append(update)
        if out:
            self.first_delivery = self.first_delivery or time.time()
            self.delivered += len(out)
        return out

    async def do_setWebhook(self, p: Params) -> bool:
        url, secret = p.text("url"), p.text("secret_token")
        if not url:
            return await self.do_deleteWebhook(p)
        if not re.match(r"https://" if self.config.webhook_https_only else r"https?://", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        await self.do_deleteWebhook(p)
        if p.has("allowed_updates"):
            self.allowed = set(p.obj("allowed_updates") or DEFAULT_UPDATES)
        self.webhook = Webhook(
            url,
            secret,
            min(100, max(1, p.num("max_connections", 40))),
            sorted(self.allowed) if self.allowed != DEFAULT_UPDATES else [],
        )
        self.slots = asyncio.Semaphore(self.webhook.max_connections)
        if self.poller and not self.poller.done():
            self.poller.set_result("Conflict: terminated by setWebhook request")
        for update_id, update in self.pending.items():
            body = next(v for k, v in update.items() if k != "update_id")
            self.enqueue(update_id, (body.get("chat") or body.get("message", {}).get("chat") or body["from"])["id"])
        return True

    async def do_deleteWebhook(self, p: Params) -> bool:
        self.webhook = Webhook()
        for task in self.drains.values():
            task.cancel()
        self.drains, self.queues = {}, {}
        if p.flag("drop_pending_updates"):
            self.pending.clear()
        return True

    async def do_getWebhookInfo(self, p: Params) -> Json:
        w = self.webhook
        info: Json = {"url": w.url, "has_custom_certificate": False, "pending_update_count": len(self.pending)}
        if w.url:
            info |= {"max_connections": w.max_connections, "ip_address": "127.0.0.1"}
            info |= {"allowed_updates": w.allowed} if w.allowed else {}
            if w.last_error_date:
                info |= {"last_error_date": w.last_error_date, "last_error_message": w.last_error_message}
        return info

    # ---------------------------------------------------------------- methods
    async def do_getMe(self, p: Params) -> Json:
        return self.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def do_sendMessage(self, p: Params) -> Json:
        if not p.text("text"):
            raise bad("message text is empty")
        text, entities = formatted(p, "text", 4096, "message")
        if not text:
            raise bad("text must be non-empty")
        return self.new_message(p, "sendMessage", {"text": text} | ({"entities": entities} if entities else {}))

    async def send_media(self, kind: str, name: str, p: Params) -> Json:
        caption, entities = formatted(p, "caption", 1024, "message caption")
        self.target(p, 0)
        f = self.input_file(kind, p.text(kind), p, kind)
        content: Json = {kind: self.media(kind, f)} | ({"caption": caption} if caption else {})
        return self.new_message(p, name, content | ({"caption_entities": entities} if entities else {}))

    async def do_sendChatAction(self, p: Params) -> bool:
        chat = self.target(p, 0)
        if p.text("action") not in {
            "typing",
            "upload_photo",
            "record_video",
            "upload_video",
            "record_voice",
            "upload_voice",
            "upload_document",
            "choose_sticker",
            "find_location",
            "record_video_note",
            "upload_video_note",
        }:
            raise bad("wrong parameter action in request")
        self.record("sendChatAction", chat, action=p.text("action"))
        return True

    async def do_editMessageText(self, p: Params) -> Json:
        if not p.text("text"):
            raise bad("message text is empty")
        _, message = self.editable(p)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        text, entities = formatted(p, "text", 4096, "message")
        return self.apply_edit(p, "editMessageText", {"text": text, "entities": entities or None})

    async def do_editMessageReplyMarkup(self, p: Params) -> Json:
        return self.apply_edit(p, "editMessageReplyMarkup", {})

    async def do_deleteMessage(self, p: Params) -> bool:
        chat = self.target(p, 0)
        message = chat.messages.get(p.num("message_id"))
        if message is None:
            raise bad("message to delete not found")
        if time.time() - message["date"] > 48 * 3600 or (chat.id < 0 and message["from"]["id"] != self.bot["id"]):
            raise bad("message can't be deleted")
        del chat.messages[message["message_id"]]
        self.record("deleteMessage", chat, message_id=message["message_id"])
        return True

    async def do_answerCallbackQuery(self, p: Params) -> bool:
        query = self.callbacks.get(p.text("callback_query_id"))
        if query is None or query["answered"] or time.time() - query["ts"] > self.config.callback_ttl:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(p.text("text")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        query["answered"] = True
        self.record(
            "answerCallbackQuery",
            self.chat(query["chat_id"]),
            text=p.text("text"),
            show_alert=p.flag("show_alert"),
            callback_query_id=p.text("callback_query_id"),
        )
        return True

    async def do_getFile(self, p: Params) -> Json:
        f = self.files.get(p.text("file_id"))
        if f is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(f["upload"].data) > self.config.max_download:
            raise bad("file is too big")
        return {
            "file_id": f["file_id"],
            "file_unique_id": f["file_unique_id"],
            "file_size": len(f["upload"].data),
            "file_path": f["path"],
        }

    async def do_getChat(self, p: Params) -> Json:
        chat = self.chats.get(p.num("chat_id"))
        if chat is None:
            raise bad("chat not found")
        return chat.info | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
        }

    async def do_setMyCommands(self, p: Params) -> bool:
        commands = p.obj("commands") or []
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for c in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", c.get("command", "").removeprefix("/")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(c.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.profile["commands"][self.scope(p)] = commands
        return True

    def scope(self, p: Params) -> str:
        return json.dumps(p.obj("scope") or {"type": "default"}, sort_keys=True) + "|" + p.text("language_code")

    async def do_getMyCommands(self, p: Params) -> list[Json]:
        commands: list[Json] = self.profile["commands"].get(self.scope(p), [])
        return commands

    async def do_deleteMyCommands(self, p: Params) -> bool:
        self.profile["commands"].pop(self.scope(p), None)
        return True

    async def call(self, method: str, p: Params) -> Any:
        low = method.lower()
        if low in self.methods:
            return await self.methods[low](p)
        raise ApiError(404, "Not Found")

    # ---------------------------------------------------------------- the Bot API endpoint
    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            if not re.fullmatch(r"\d+:[\w-]+", token):
                raise ApiError(404, "Not Found")
            if token != self.config.token:
                raise ApiError(401, "Unauthorized")
            p = await read_params(request)
            name = self.names.get(method.lower(), method)
            self.calls[name] += 1
            self.per_second[int(time.time())][name] += 1
            chat_id = p.num("chat_id") or None
            if f := self.fault(name, "http", "429", "reset", "delay", "hang", "garbage", "error", chat_id=chat_id):
                if f.kind in ("delay", "hang"):
                    await asyncio.sleep(f.delay if f.kind == "delay" else 3600)
                elif f.kind == "429":
                    raise ApiError(429, f"Too Many Requests: retry after {f.retry_after}", retry_after=f.retry_after)
                elif f.kind == "error":
                    more = {"migrate_to_chat_id": f.migrate_to} if f.migrate_to else {}
                    raise ApiError(f.status, f.description or "Internal Server Error", **more)
                else:
                    self.errors[f"{name} fault:{f.kind}"] += 1
                    if f.kind == "reset":
                        return self.abort(request)
                    if f.kind == "garbage":
                        cut_short = json.dumps({"ok": True, "result": list(self.pending.values())}, ensure_ascii=False)[
                            :-2
                        ]
                        return web.Response(text=cut_short, content_type="application/json")
                    return web.Response(
                        status=f.status,
                        content_type="text/html",
                        text=f"<html><body><h1>{f.status} Bad Gateway</h1></body></html>",
                    )
            if method.lower() == "getupdates":
                result = await self.call(method, p)  # cancelled when the poller goes away
            else:
                result = await asyncio.shield(asyncio.ensure_future(self.call(method, p)))
            if f := self.fault(name, "reset_after", "delay_after", chat_id=chat_id):
                if f.kind == "reset_after":  # done, but the bot never learns it
                    self.errors[f"{name} fault:reset_after"] += 1
                    return self.abort(request)
                await asyncio.sleep(f.delay)
            return reply({"ok": True, "result": result})
        except ApiError as e:
            error = e
        except web.HTTPRequestEntityTooLarge:
            error = ApiError(413, "Request Entity Too Large")
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            error = bad(f"can't parse the request ({type(e).__name__}: {e})")
        self.errors[f"{method} {error.code}"] += 1
        if error.code == 429:
            self.per_second[int(time.time())]["429"] += 1
        body: Json = {"ok": False, "error_code": error.code, "description": error.description}
        return reply(body | ({"parameters": error.parameters} if error.parameters else {}), error.code)

    @staticmethod
    def abort(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def download(self, request: web.Request) -> web.StreamResponse:
        f = self.files.get(self.paths.get(request.match_info["path"], ""))
        if request.match_info["token"] != self.config.token or f is None:
            return reply({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.Response(body=f["upload"].data, content_type="application/octet-stream")

    # ---------------------------------------------------------------- the users' side
    def user(self, body: Json) -> Json:
        user_id = int(body["user"])
        name = body.get("name") or self.users.get(user_id, {}).get("first_name") or f"User {user_id}"
        user: Json = self.users.get(user_id, {}) | {
            "id": user_id,
            "is_bot": False,
            "first_name": name,
            "language_code": body.get("language", "vi"),
        }
        if body.get("username"):
            user["username"] = body["username"]
        self.users[user_id] = user
        return user

    def inject(self, body: Json) -> Json:
        """One action of a user; `kind` is message, document, photo, contact, location, callback, edit or raw."""
        kind = body.get("kind", "message")
        if kind == "raw":
            return {"update_id": self.push(body["update"], 0)}
        user = self.user(body)
        chat = self.chat(int(body.get("chat") or user["id"]))
        if chat.id > 0:
            chat.info |= {k: user[k] for k in ("first_name", "username") if k in user}
            if not chat.opened or chat.blocked:
                was, chat.opened, chat.blocked = chat.blocked, True, False
                if was:
                    self.member_change(chat, user, "kicked", "member")
        if kind == "callback":
            message = chat.messages.get(int(body["message_id"]))
            if message is None:
                raise ValueError(f"no message {body['message_id']} in chat {chat.id}")
            query = {
                "id": str(self.rng.randrange(10**17, 10**18)),
                "from": user,
                "message": message,
                "chat_instance": str(chat.id * 7919),
                "data": body["data"],
            }
            self.callbacks[query["id"]] = {"chat_id": chat.id, "ts": time.time(), "answered": False}
            return {
                "update_id": self.push({"callback_query": query}, chat.id),
                "callback_query_id": query["id"],
                "seq": self.seq,
            }
        if kind == "edit":
            message = chat.messages[int(body["message_id"])] | {"text": body["text"], "edit_date": int(time.time())}
            chat.messages[message["message_id"]] = message
            return {"update_id": self.push({"edited_message": message}, chat.id), "seq": self.seq}
        self.message_id += 1
        message = {"message_id": self.message_id, "from": user, "chat": chat.info, "date": int(time.time())}
        if reply_to := body.get("reply_to"):
            message["reply_to_message"] = chat.messages[int(reply_to)]
        if kind == "message":
            text = body["text"]
            message |= {"text": text} | ({"entities": e} if (e := incoming_entities(text)) else {})
        elif kind in MEDIA:
            data = base64.b64decode(body["data"]) if "data" in body else body.get("content", "x").encode()
            up = Upload(body.get("filename", f"{kind}.bin"), body.get("mime", "application/octet-stream"), data)
            message[kind] = self.media(kind, self.store_file(kind, up))
            if body.get("caption"):
                message["caption"] = body["caption"]
        elif kind == "contact":
            message["contact"] = {
                "phone_number": body["phone"],
                "user_id": int(body.get("contact_user") or user["id"]),
                "first_name": body.get("first_name", user["first_name"]),
            }
        elif kind == "location":
            message["location"] = {"latitude": body["latitude"], "longitude": body["longitude"]}
        else:
            raise ValueError(f"unknown kind {kind!r}")
        chat.messages[message["message_id"]] = message
        return {
            "update_id": self.push({"message": message}, chat.id),
            "message_id": message["message_id"],
            "seq": self.seq,
        }

    def member_change(self, chat: Chat, user: Json, old: str, new: str) -> int:
        def state(s: str) -> Json:
            return {"user": self.bot, "status": s} | ({"until_date": 0} if s == "kicked" else {})

        return self.push(
            {
                "my_chat_member": {
                    "chat": chat.info,
                    "from": user,
                    "date": int(time.time()),
                    "old_chat_member": state(old),
                    "new_chat_member": state(new),
                }
            },
            chat.id,
        )

    def tap(self, body: Json) -> Json:
        """Press a button by its text: newest message with such an inline button, else the reply keyboard."""
        user = self.user(body)
        chat = self.chat(int(body.get("chat") or user["id"]))
        want, seen = body["text"], []
        for message in sorted(chat.messages.values(), key=lambda m: -m["message_id"]):
            if body.get("message_id") not in (None, message["message_id"]):
                continue
            buttons = [b for r in message.get("reply_markup", {}).get("inline_keyboard", []) for b in r]
            seen += [b["text"] for b in buttons]
            exact = [b for b in buttons if b["text"] == want]
            near = [b for b in buttons if want in b["text"]] if body.get("loose", True) else []
            for hit in (exact or near)[:1]:
                if "callback_data" not in hit:
                    return {"button": hit, "message_id": message["message_id"], "seq": self.seq}
                return self.inject(
                    body | {"kind": "callback", "message_id": message["message_id"], "data": hit["callback_data"]}
                ) | {"button": hit}
        for button in (b for r in (chat.reply_keyboard or {}).get("keyboard", []) for b in r):
            b = {"text": button} if isinstance(button, str) else button
            seen.append(b["text"])
            if want == b["text"] or (body.get("loose", True) and want in b["text"]):
                if (chat.reply_keyboard or {}).get("one_time_keyboard"):
                    chat.reply_keyboard = None
                if b.get("request_contact"):
                    return self.inject(body | {"kind": "contact", "phone": body.get("phone", "+84900000000")})
                if b.get("request_location"):
                    return self.inject({"latitude": 21.03, "longitude": 105.85} | body | {"kind": "location"})
                return self.inject(body | {"kind": "message", "text": b["text"]})
        raise ValueError(f"no button {want!r} in chat {chat.id}; there are {seen[:40]}")

    async def bulk(self, body: Json) -> Json:
        """`count` text messages from `users` users round robin; at `rate` a second, or all at once."""
        count, users, rate = int(body["count"]), int(body.get("users", 1)), float(body.get("rate", 0))
        first, text, start = int(body.get("first_user", 1_000_000)), body.get("text", "hello {n}"), time.time()

        async def run() -> None:
            for n in range(count):
                if rate and (late := start + n / rate - time.time()) > 0:
                    await asyncio.sleep(late)
                self.inject({"user": first + n % users, "text": text.replace("{n}", str(n))})

        if rate:
            task = asyncio.create_task(run())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        else:
            await run()
        return {"count": count, "started": start, "last_update_id": self.update_id}

    def stats(self) -> Json:
        lat = sorted(self.latency)

        def at(q: float) -> float:
            return round(lat[min(len(lat) - 1, int(q * len(lat)))] * 1000, 2) if lat else 0.0

        sends = {
            s: sum(v for k, v in c.items() if k.startswith(("send", "edit", "copy", "forward")))
            for s, c in sorted(self.per_second.items())
        }
        return {
            "calls": dict(self.calls),
            "errors": dict(self.errors),
            "count_429": sum(v for k, v in self.errors.items() if k.endswith(" 429")),
            "per_second": {str(s): dict(c) for s, c in sorted(self.per_second.items())},
            "sends_per_second": {str(k): v for k, v in sends.items()},
            "sent": len(self.sent),
            "pending": len(self.pending),
            "delivered": self.delivered,
            "webhook": dict(self.webhook_stats),
            "first_poll": self.first_poll,
            "first_delivery": self.first_delivery,
            "last_send": self.last_send,
            "reply_latency_ms": {"n": len(lat), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1)},
            "faults": [asdict(f) for f in self.faults],
        }

    async def wait(self, query: Json) -> Json | None:
        """The first thing after `after` that the bot did in `chat` (optionally only one of `methods`)."""
        chat, after = query.get("chat"), int(query.get("after", 0))
        methods = set(filter(None, str(query.get("methods", "")).split(",")))

        def match(item: Json) -> bool:
            return (
                item["seq"] > after
                and (not chat or item["chat_id"] == int(chat))
                and (item["method"] in methods if methods else item["method"] != "sendChatAction")
            )

        start = 0 if not self.sent else max(0, after - self.sent[0]["seq"] + 1)
        found = next((s for s in self.sent[start:] if match(s)), None)
        if found:
            return found
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.waiters.append((match, future))
        try:
            return await asyncio.wait_for(future, min(120.0, float(query.get("timeout", 5))))
        except TimeoutError:
            self.waiters = [w for w in self.waiters if w[1] is not future]
            return None

    async def control(self, request: web.Request) -> web.StreamResponse:
        what = request.match_info["what"]
        body: Json = dict(request.query)
        if request.method == "POST" and request.can_read_body:
            body |= await request.json()
        try:
            match what:
                case "inject":
                    return reply(self.inject(body))
                case "tap":
                    return reply(self.tap(body))
                case "bulk":
                    return reply(await self.bulk(body))
                case "sent":
                    after, chat = int(body.get("after", 0)), body.get("chat")
                    return reply(
                        [
                            s
                            for s in self.sent[-int(body.get("last", 10**9)) :]
                            if s["seq"] > after
                            and (not chat or s["chat_id"] == int(chat))
                            and body.get("method", s["method"]) == s["method"]
                        ]
                    )
                case "wait":
                    return reply({"item": await self.wait(body)})
                case "wait_count":  # until so many things were sent, or the timeout
                    end = time.monotonic() + min(600.0, float(body.get("timeout", 30)))
                    while len(self.sent) < int(body["count"]) and time.monotonic() < end:
                        await asyncio.sleep(0.02)
                    return reply({"sent": len(self.sent), "last_send": self.last_send})
                case "user":  # declare a user; open=true: the chat counts as started
                    user, chat = self.user(body), self.chat(int(body["user"]))
                    chat.info |= {k: user[k] for k in ("first_name", "username") if k in user}
                    chat.opened = bool(body.get("open", chat.opened))
                    return reply(user)
                case "chat":
                    return reply(self.chat(int(body.pop("chat")), **body).info)
                case "block":  # the user blocks the bot (a group removes it)
                    chat = self.chat(int(body.get("chat") or body["user"]))
                    chat.blocked = bool(body.get("blocked", True))
                    pair = ("member", "kicked") if chat.blocked else ("kicked", "member")
                    return reply({"update_id": self.member_change(chat, self.user(body), *pair)})
                case "faults":
                    if request.method == "DELETE":
                        self.faults.clear()
                    elif request.method == "POST":
                        self.faults.append(Fault(**body))
                    return reply([asdict(f) for f in self.faults])
                case "config":
                    known = {f.name for f in fields(Config)}
                    for key, value in body.items():
                        if key not in known:
                            raise ValueError(f"unknown setting {key!r}")
                        setattr(self.config, key, value)
                    self.overall = self.overall_limit()
                    for chat in self.chats.values():
                        chat.bucket = chat.minute = None
                    return reply(asdict(self.config))
                case "reset":
                    self.reset()
                    return reply({"ok": True})
                case "stats":
                    return reply(self.stats())
                case "profile":
                    return reply(self.profile)
                case "pending":
                    return reply(list(self.pending.values()))
                case "file":
                    f = self.files[body["file_id"]]
                    return web.Response(
                        body=f["upload"].data,
                        headers={"X-File-Name": f["upload"].name.encode("ascii", "backslashreplace").decode()},
                    )
            raise ValueError(f"unknown control {what!r}")
        except (ValueError, KeyError, TypeError) as e:
            return reply({"error": f"{type(e).__name__}: {e}"}, 422)

    # ---------------------------------------------------------------- serving
    async def serve(self, host: str, port: int, control_port: int | None) -> tuple[list[web.AppRunner], int, int]:
        self.session = aiohttp.ClientSession()
        self.slots = asyncio.Semaphore(40)
        api = web.Application(client_max_size=self.config.max_upload + MB)
        api.router.add_route("*", "/bot{token}/{method}", self.endpoint)
        api.router.add_get("/file/bot{token}/{path:.+}", self.download)
        ctl = api if control_port is None else web.Application(client_max_size=self.config.max_upload * 2)
        ctl.router.add_route("*", "/_control/{what}", self.control)
        runners, ports = [], []
        for app, wanted in ((api, port),) if ctl is api else ((api, port), (ctl, control_port or 0)):
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
            await runner.setup()
            site = web.TCPSite(runner, host, wanted, backlog=1024)
            await site.start()
            runners.append(runner)
            ports.append(site._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]
        return runners, ports[0], ports[-1]


def reply(body: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        status=status,
        content_type="application/json",
    )


async def amain(args: argparse.Namespace) -> None:
    config = Config(
        token=args.token,
        limits=args.limits,
        strict_chats=not args.lenient_chats,
        callback_ttl=args.callback_ttl,
        seed=args.seed,
    )
    emulator = Emulator(config)
    runners, port, control = await emulator.serve(args.host, args.port, args.control_port)
    api = f"http://{args.host}:{port}"
    print(
        json.dumps(
            {
                "base_url": f"{api}/bot",
                "base_file_url": f"{api}/file/bot",
                "token": args.token,
                "control": f"http://{args.host}:{control}",
            }
        ),
        flush=True,
    )
    try:
        await asyncio.sleep(args.max_seconds or 86400 * 365)
    finally:
        for runner in runners:
            await runner.cleanup()
        if emulator.session:
            await emulator.session.close()


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--host", default="127.0.0.1")
    ap.add_argument("--port", type=int, default=8081, help="0 picks a free port; the first line printed tells it")
    ap.add_argument("--control-port", type=int, help="serve /_control/ on its own port (default: the API's)")
    ap.add_argument("--token", default=os.environ.get("EMU_TOKEN", Config.token))
    ap.add_argument("--limits", action="store_true", help="switch Telegram's flood limits on")
    ap.add_argument("--lenient-chats", action="store_true", help="let the bot write to chats it never met")
    ap.add_argument("--callback-ttl", type=float, default=Config.callback_ttl)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--max-seconds", type=float, default=0, help="stop by itself after this long")
    with contextlib.suppress(ImportError):
        import uvloop

        uvloop.install()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(amain(ap.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
