"""A black-box emulator of the Zalo Bot Platform, for tests on 127.0.0.1.

Run:    python zalo_emulator.py --port 8082 [--token 2000000001:EMULATOR]
Bot:    KETNAP_ZALO_API_URL = http://127.0.0.1:8082
Tests:  the control API under /_control/ (same port), the words of which are those of telegram_emulator.py: see client.py

What it does is what was measured or documented of the live platform (docs/zalo.md); where that is not known, a
setting says which way it goes. People are numbers in the control API and 20 hexadecimal digits on the wire. Needs
aiohttp only. One bot, everything in memory, nothing persisted, loopback only; it logs nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict, deque
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
MB = 1024 * 1024
KNOWN_FIELDS = {
    "getUpdates": {"timeout"},
    "setWebhook": {"url", "secret_token"},
    "sendMessage": {"chat_id", "text", "parse_mode", "text_styles"},
    "sendPhoto": {"chat_id", "photo", "caption"},
    "sendSticker": {"chat_id", "sticker"},
    "sendVoice": {"chat_id", "voice_url"},
    "sendChatAction": {"chat_id", "action"},
}
EVENTS = {
    "message": "message.text.received",
    "photo": "message.image.received",
    "sticker": "message.sticker.received",
    "voice": "message.voice.received",
    "unsupported": "message.unsupported.received",
}


class ApiError(Exception):
    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description


@dataclass
class Config:
    token: str = "2000000001:EMULATOR"
    bot_id: str = "1000000000000000001"
    display_name: str = "Bot Kết nạp"  # "" : getMe does not tell it
    error_http_status: str = "200"  # or "same_as_code"
    consume: str = "pop"  # or "replay": the same update again on each poll
    replay_times: int = 3  # so many times more
    replay_seconds: float = 0.0  # or, if set, for so long
    lost_while_offline: bool = False  # what comes while nobody polls is dropped
    quick_empty: bool = False  # an empty poll is answered at once
    body: str = "flat"  # of webhooks: flat, wrapped or list
    image_field: str = "photo_url"  # or "photo"
    time_unit: str = "ms"  # or "s"
    webhook_https_only: bool = False
    webhook_retries: int = 0  # on anything but 2xx; the live platform promises none
    webhook_timeout: float = 5.0
    webhook_secret: str = "right"  # or wrong, missing, empty
    webhook_concurrent: bool = False  # duplicates at the same moment
    webhook_reversed: bool = False  # what was written within 0.2 s comes in the wrong order
    quota: int = 0  # messages until 429 in JSON; 0: no end
    strict_chats: bool = True
    seed: int = 1


@dataclass
class Fault:
    """`method`: a method, "*" (all but getUpdates), "webhook" or "update"."""

    method: str = "*"
    # http | html | error | reset | reset_after | delay | delay_after | late_504 | late_408 | garbage | not_found
    # for "update": duplicate, lose (popped, and the answer is cut)
    kind: str = "http"
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    delay: float = 1.0
    status: int = 502
    description: str = ""
    hits: int = 0


def hexed(number: int) -> str:
    return hashlib.sha256(f"person {number}".encode()).hexdigest()[:20]


def buttons_in(text: str) -> list[str]:
    """What a person sees as choices: the numbered lines at the end."""
    rows = []
    for line in reversed(text.strip().split("\n")):
        found = re.fullmatch(r"(\d+)\. (.+)", line)
        if not found:
            break
        rows.append((int(found[1]), found[2]))
    return rows[::-1]


class Emulator:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.session: aiohttp.ClientSession | None = None
        self.tasks: set[asyncio.Task[Any]] = set()
        self.reset()

    def reset(self) -> None:
        self.rng = random.Random(self.config.seed)
        self.queue: deque[Json] = deque()
        self.replayed: tuple[Json, int, float] | None = None
        self.popped: list[Json] = []  # what was given out, when, and whether it was cut on the way
        self.lost: list[str] = []
        self.news = asyncio.Event()
        self.polling = 0
        self.polls: list[float] = []
        self.webhook: Json = {}
        self.webhook_stats: Counter[str] = Counter()
        self.lanes: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.undelivered = 0
        self.people: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.known_chats: set[str] = set()
        self.seq, self.message_no = 0, 0
        self.sent: list[Json] = []
        self.unknown_fields: list[str] = []
        self.fetched: dict[str, list[Json]] = defaultdict(list)
        self.waiters: list[tuple[Any, asyncio.Future[Json]]] = []
        self.faults: list[Fault] = []
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    # ---------------------------------------------------------------- helpers
    def fault(self, method: str, *kinds: str) -> Fault | None:
        for f in self.faults:
            if f.kind in kinds and f.method in ("*", method) and not (f.method == "*" and method == "getUpdates"):
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

    def chat_of(self, number: int) -> str:
        chat = hexed(number)
        self.people[chat] = number
        return chat

    def new_id(self) -> str:
        self.message_no += 1
        return hashlib.sha256(f"message {self.config.seed} {self.message_no}".encode()).hexdigest()[:20]

    def record(self, method: str, chat: str, text: str, message_id: str = "", **extra: Any) -> None:
        self.seq += 1
        labels = [[label for _, label in buttons_in(text)]]
        item: Json = {
            "seq": self.seq,
            "ts": time.time(),
            "method": method,
            "chat_id": self.people.get(chat, chat),
            "text": text,
            "message_id": message_id,
            "reply_markup": {"keyboard": labels},
        } | extra
        self.sent.append(item)
        for waiter in [w for w in self.waiters if not w[1].done() and w[0](item)]:
            waiter[1].set_result(item)
            self.waiters.remove(waiter)

    # ---------------------------------------------------------------- methods
    async def do_getMe(self, p: Json) -> Any:
        named = {"display_name": self.config.display_name} if self.config.display_name else {}
        return {
            "id": self.config.bot_id,
            "account_name": "bot.AbCdEf",
            "account_type": "BASIC",
            "can_join_groups": False,
        } | named

    async def do_getUpdates(self, p: Json) -> Any:
        self.polls.append(time.time())
        if self.webhook:
            raise ApiError(400, "You cannot use this API while a webhook is set. Please remove the webhook first")
        seconds = float(p.get("timeout") or 30)
        self.polling += 1
        try:
            end = time.monotonic() + (0 if self.config.quick_empty else seconds)
            while True:
                self.news.clear()
                update = self.take()
                if update is not None:
                    return update
                left = end - time.monotonic()
                if left <= 0:
                    raise ApiError(408, "Request timeout")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self.news.wait()
        finally:
            self.polling -= 1

    def take(self) -> Json | None:
        if self.replayed is not None:
            update, left, until = self.replayed
            if left > 0 or time.monotonic() < until:
                self.replayed = (update, left - 1, until)
                self.give(update)
                return update
            self.replayed = None
        if not self.queue:
            return None
        update = self.queue.popleft()
        if self.config.consume == "replay":
            seconds = self.config.replay_seconds
            self.replayed = (update, 0 if seconds else self.config.replay_times, time.monotonic() + seconds)
        elif self.fault("update", "duplicate"):
            self.replayed = (update, 1, 0.0)
        self.give(update)
        return update

    def give(self, update: Json) -> None:
        self.popped.append({"id": update["message"].get("message_id"), "at": time.time()})

    async def do_setWebhook(self, p: Json) -> Any:
        url, secret = str(p.get("url") or ""), str(p.get("secret_token") or "")
        if not re.match(r"https://" if self.config.webhook_https_only else r"https?://", url):
            raise ApiError(400, "Bad request: The url must start with https://")
        if not 8 <= len(secret) <= 256:
            raise ApiError(400, "Bad request: The secret_token must be 8-256 characters")
        self.webhook = {"url": url, "secret": secret, "updated_at": int(time.time() * 1000)}
        outcome, status = await self.post(b"", probe=True)
        for update in self.queue:
            self.deliver(update)
        self.queue.clear()
        verified = {"ok": outcome == "webhook.ok", "status_code": status, "outcome": outcome, "latency_ms": 1}
        return {"url": url, "updated_at": self.webhook["updated_at"], "verification": verified | {"hint": ""}}

    async def do_deleteWebhook(self, p: Json) -> Any:
        self.webhook = {}
        return {"url": "", "updated_at": int(time.time() * 1000)}

    async def do_getWebhookInfo(self, p: Json) -> Any:
        if not self.webhook:
            raise ApiError(404, "Not Found")
        return {"url": self.webhook["url"], "updated_at": self.webhook["updated_at"]}

    def target(self, p: Json) -> str:
        chat = str(p.get("chat_id") or "")
        if not chat:
            raise ApiError(400, "Bad request: The chat_id must not be empty")
        if self.config.strict_chats and chat not in self.known_chats:
            raise ApiError(400, "Bad request: The chat_id is invalid")
        if self.config.quota and len(self.sent) >= self.config.quota:
            raise ApiError(429, "Quota exceeded")
        return chat

    def said(self, method: str, chat: str, text: str, **extra: Any) -> Json:
        message_id = self.new_id()
        self.record(method, chat, text, message_id, **extra)
        return {"message_id": message_id, "date": int(time.time() * 1000)}

    async def do_sendMessage(self, p: Json) -> Any:
        chat, text = self.target(p), str(p.get("text") or "")
        if p.get("parse_mode") not in (None, "markdown", "html"):
            self.unknown_fields.append("sendMessage.parse_mode")
        if not text.strip():
            raise ApiError(400, "Bad request: The text must not be empty")
        if len(text.encode("utf-16-le")) // 2 > 2000:
            raise ApiError(400, "Bad request: The text must be 1-2000 characters")
        return self.said("sendMessage", chat, text)

    async def do_sendPhoto(self, p: Json) -> Any:
        chat, photo, caption = self.target(p), str(p.get("photo") or ""), str(p.get("caption") or "")
        if not photo:
            raise ApiError(400, "Bad request: The photo must not be empty")
        if not re.match(r"https?://", photo):
            raise ApiError(400, "Bad request: The photo must start with http:// or https://")
        if len(caption) > 2000:
            raise ApiError(400, "Bad request: The caption must be 1-2000 characters")
        for _ in range(2):  # Zalo fetches more than once
            if not await self.fetch(photo):
                raise ApiError(400, "Bad request: The photo URL is invalid")
            await asyncio.sleep(0.02)
        return self.said("sendPhoto", chat, caption, photo=photo) | {"message_type": "CHAT_PHOTO"}

    async def fetch(self, url: str) -> bool:
        assert self.session
        try:
            async with self.session.get(url, allow_redirects=False) as answer:
                body = await answer.read()
                self.fetched[url].append({"status": answer.status, "type": answer.content_type, "size": len(body)})
                return answer.status == 200 and answer.content_type.startswith("image/") and len(body) <= 5 * MB
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def do_sendSticker(self, p: Json) -> Any:
        return self.said("sendSticker", self.target(p), str(p.get("sticker") or ""))

    async def do_sendVoice(self, p: Json) -> Any:
        if not str(p.get("voice_url") or "").endswith(".aac"):
            raise ApiError(400, "Bad request: The voice_url is invalid")
        return self.said("sendVoice", self.target(p), "")

    async def do_sendChatAction(self, p: Json) -> Any:
        self.record("sendChatAction", self.target(p), "", action=p.get("action"))
        return None

    async def do_testWebhook(self, p: Json) -> Any:
        raise ApiError(426, "Limit reached")

    # ---------------------------------------------------------------- the endpoint
    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            if token != self.config.token:
                raise ApiError(401, "Invalid token")
            p: Json = dict(request.query)
            if request.method == "POST" and request.can_read_body:
                if request.content_type == "application/json":
                    p |= await request.json()
                else:
                    p |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
            self.calls[method] += 1
            do = getattr(self, f"do_{method}", None)
            if do is None:
                raise ApiError(404, "Not Found")
            self.unknown_fields += [f"{method}.{name}" for name in p if name not in KNOWN_FIELDS.get(method, set())]
            if f := self.fault(method, "http", "html", "error", "reset", "delay", "garbage"):
                match f.kind:
                    case "delay":
                        await asyncio.sleep(f.delay)
                    case "error":
                        raise ApiError(f.status, f.description or "Internal server error")
                    case "reset":
                        return self.abort(request)
                    case "garbage":
                        return web.Response(text='{"ok":true,"result":{', content_type="application/json")
                    case _:
                        return self.page(f.status)
            if method == "getUpdates":
                result = await do(p)  # cancelled when the poller goes away
                if f := self.fault("update", "lose"):
                    self.lost.append(result["message"].get("message_id"))
                    return self.abort(request)
            else:
                result = await asyncio.shield(asyncio.ensure_future(do(p)))
            if f := self.fault(method, "reset_after", "delay_after", "late_504", "late_408"):
                match f.kind:
                    case "reset_after":
                        return self.abort(request)
                    case "delay_after":
                        await asyncio.sleep(f.delay)
                    case "late_504":
                        return self.page(504)
                    case _:
                        raise ApiError(408, "Request timeout")
            body = {"ok": True, "error_code": 0} | ({} if result is None else {"result": result})
            return reply(body)
        except ApiError as e:
            error = e
        except (ValueError, KeyError, TypeError) as e:
            error = ApiError(400, f"Bad request: {type(e).__name__}")
        self.errors[f"{method} {error.code}"] += 1
        status = error.code if self.config.error_http_status == "same_as_code" else 200
        return reply({"ok": False, "description": error.description, "error_code": error.code}, status)

    @staticmethod
    def page(status: int) -> web.Response:
        """Something in front of Zalo: never JSON."""
        text = f"<html><head><title>{status}</title></head><body><center>nginx</center></body></html>"
        return web.Response(status=status, content_type="text/html", text=text)

    @staticmethod
    def abort(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()

    # ---------------------------------------------------------------- webhooks
    def body(self, update: Json) -> Any:
        match self.config.body:
            case "wrapped":
                return {"ok": True, "result": update}
            case "list":
                return {"ok": True, "result": [update]}
        return update

    def headers(self) -> dict[str, str]:
        match self.config.webhook_secret:
            case "missing":
                return {}
            case "empty":
                return {"X-Bot-Api-Secret-Token": ""}
            case "wrong":
                return {"X-Bot-Api-Secret-Token": "somebody-else"}
        return {"X-Bot-Api-Secret-Token": self.webhook["secret"]}

    async def post(self, body: bytes, *, probe: bool = False) -> tuple[str, int]:
        """What came of it, in the words of the platform."""
        assert self.session
        kind = {"Content-Type": "application/json"} if body else {}
        headers = {} if probe else self.headers()
        skip = None if body else ["Content-Type"]
        try:
            async with self.session.post(
                self.webhook["url"],
                data=body,
                headers=headers | kind,
                skip_auto_headers=skip,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(self.config.webhook_timeout),
            ) as answer:
                await answer.read()
                if answer.status < 300:
                    return "webhook.ok", answer.status
                named = str(answer.status) if answer.status in (403, 404) else "other"
                return f"webhook.http.{'5xx' if answer.status >= 500 else named}", answer.status
        except TimeoutError:
            return "webhook.err.timeout", 0
        except aiohttp.ClientConnectorError:
            return "webhook.err.conn", 0
        except aiohttp.ClientError:
            return "webhook.err.other", 0

    def deliver(self, update: Json) -> None:
        self.undelivered += 1
        task = asyncio.create_task(self.bring(update))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def bring(self, update: Json) -> None:
        try:
            chat = str(update.get("message", {}).get("chat", {}).get("id", ""))
            if self.config.webhook_reversed:
                await asyncio.sleep(max(0.0, 0.4 - (time.time() % 1000) % 0.4))
            async with self.lanes[chat]:
                await self.bring_once(update)
        finally:
            self.undelivered -= 1

    async def bring_once(self, update: Json) -> None:
        body = json.dumps(self.body(update), ensure_ascii=False).encode()
        for attempt in range(self.config.webhook_retries + 1):
            if attempt:
                await asyncio.sleep(min(2.0, 0.1 * 2**attempt))
            if not self.webhook:
                return
            if f := self.fault("webhook", "delay"):
                await asyncio.sleep(f.delay)
            again = self.fault("update", "duplicate")
            if again and self.config.webhook_concurrent:
                outcome, _ = (await asyncio.gather(self.post(body), self.post(body)))[0]
            else:
                outcome, _ = await self.post(body)
                if again:
                    await self.post(body)
            self.webhook_stats[outcome] += 1
            if outcome == "webhook.ok":
                self.give(update)
                return
        self.lost.append(update.get("message", {}).get("message_id"))

    # ---------------------------------------------------------------- the users' side
    def push(self, update: Json) -> None:
        if self.webhook:
            self.deliver(update)
        elif self.polling or not self.config.lost_while_offline:
            self.queue.append(update)
            self.news.set()
        else:
            self.lost.append(update.get("message", {}).get("message_id"))

    def inject(self, body: Json) -> Json:
        """One thing that a person does; `kind` is message, photo, sticker, voice, unsupported or raw.

        `chat` other than the person is a group; `missing` names fields that are left out, `event` another event.
        """
        kind = body.get("kind", "message")
        if kind == "raw":
            self.push(body["update"])
            return {"seq": self.seq}
        number = int(body["user"])
        person = self.chat_of(number)
        chat_number = int(body.get("chat") or number)
        is_group = chat_number != number
        chat = self.chat_of(chat_number) if is_group else person
        self.known_chats.add(chat)
        self.names[number] = body.get("name") or self.names.get(number) or f"User {number}"
        now = time.time() - float(body.get("seconds_ago", 0))
        message: Json = {
            "date": int(now * 1000) if self.config.time_unit == "ms" else int(now),
            "chat": {"chat_type": "GROUP" if is_group else "PRIVATE", "id": chat},
            "message_id": self.new_id(),
            "from": {"id": person, "is_bot": bool(body.get("is_bot")), "display_name": self.names[number]},
        }
        match kind:
            case "message":
                message["text"] = body["text"]
            case "photo":
                message |= {"message_type": "CHAT_PHOTO", "caption": body.get("caption", "")}
                message[self.config.image_field] = "https://photo-stal-1.zdn.vn/xx/yy.jpg"
            case "sticker":
                message |= {"message_type": "CHAT_STICKER", "sticker": "0a1b2c3d4e"}
                message["url"] = "https://zalo-api.zadn.vn/api/emoticon/oasticker?eid=123&size=130"
            case "voice":
                message |= {"message_type": "CHAT_VOICE", "voice_url": "https://f2-voice-aac-dl.zdn.vn/xx/yy.aac"}
        if body.get("is_echo"):
            message["from"] = {"id": self.config.bot_id, "display_name": self.config.display_name}
        for name in body.get("missing", ()):
            place, _, leaf = name.rpartition(".")
            (message[place] if place else message).pop(leaf, None)
        event = body.get("event") or EVENTS.get(kind, EVENTS["unsupported"])
        self.push({"event_name": event, "message": message})
        return {"message_id": message.get("message_id"), "chat": chat, "seq": self.seq}

    def tap(self, body: Json) -> Json:
        """Choose as one does on Zalo: type the number of the newest line that reads so."""
        number, want, seen = int(body.get("chat") or body["user"]), body["text"], []
        for item in reversed(self.sent):
            if item["chat_id"] != number:
                continue
            lines = buttons_in(item["text"])
            seen += [label for _, label in lines]
            exact = [n for n, label in lines if label == want] or [n for n, label in lines if want in label]
            if exact:
                return self.inject({"user": number, "text": str(exact[0])})
        raise ValueError(f"no line {want!r} in chat {number}; there are {seen[:40]}")

    async def wait(self, query: Json) -> Json | None:
        chat, after = query.get("chat"), int(query.get("after", 0))
        methods = set(filter(None, str(query.get("methods", "")).split(",")))

        def match(item: Json) -> bool:
            return (
                item["seq"] > after
                and (not chat or str(item["chat_id"]) == str(chat))
                and (item["method"] in methods if methods else item["method"] != "sendChatAction")
            )

        found = next((s for s in self.sent[max(0, after) :] if match(s)), None)
        if found:
            return found
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.waiters.append((match, future))
        try:
            return await asyncio.wait_for(future, min(120.0, float(query.get("timeout", 5))))
        except TimeoutError:
            self.waiters = [w for w in self.waiters if w[1] is not future]
            return None

    def pending(self) -> list[str]:
        """What the bot has not been given yet."""
        return [str(u.get("message", {}).get("message_id")) for u in self.queue] + ["on the way"] * self.undelivered

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
                case "sent":
                    after, chat = int(body.get("after", 0)), body.get("chat")
                    return reply(
                        [
                            s
                            for s in self.sent[-int(body.get("last", 10**9)) :]
                            if s["seq"] > after
                            and (not chat or str(s["chat_id"]) == str(chat))
                            and body.get("method", s["method"]) == s["method"]
                        ]
                    )
                case "wait":
                    return reply({"item": await self.wait(body)})
                case "post":  # straight to the webhook: any bytes
                    outcome, status = await self.post(body["body"].encode() * int(body.get("times", 1)))
                    return reply({"outcome": outcome, "status": status})
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
                    return reply(asdict(self.config))
                case "reset":
                    self.reset()
                    return reply({"ok": True})
                case "stats":
                    return reply(
                        {
                            "calls": dict(self.calls),
                            "errors": dict(self.errors),
                            "polls": self.polls,
                            "popped": self.popped,
                            "lost": self.lost,
                            "webhook": dict(self.webhook_stats),
                            "unknown_fields": self.unknown_fields,
                            "fetched": self.fetched,
                        }
                    )
                case "pending":
                    return reply(self.pending())
            raise ValueError(f"unknown control {what!r}")
        except (ValueError, KeyError, TypeError) as e:
            return reply({"error": f"{type(e).__name__}: {e}"}, 422)

    async def serve(self, port: int) -> tuple[web.AppRunner, int]:
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10))
        app = web.Application(client_max_size=4 * MB)
        app.router.add_route("*", "/bot{token}/{method}", self.endpoint)
        app.router.add_route("*", "/_control/{what}", self.control)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        return runner, site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]


def reply(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(body=text.encode("utf-8", "surrogatepass"), status=status, content_type="application/json")


async def amain(args: argparse.Namespace) -> None:
    emulator = Emulator(Config(token=args.token, seed=args.seed))
    runner, port = await emulator.serve(args.port)
    api = f"http://127.0.0.1:{port}"
    print(json.dumps({"base_url": f"{api}/bot", "token": args.token, "control": api}), flush=True)
    try:
        await asyncio.sleep(args.max_seconds or 86400 * 365)
    finally:
        await runner.cleanup()
        if emulator.session:
            await emulator.session.close()


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--port", type=int, default=8082, help="0 picks a free port; the first line printed tells it")
    ap.add_argument("--token", default=os.environ.get("EMU_ZALO_TOKEN", Config.token))
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--max-seconds", type=float, default=0, help="stop by itself after this long")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(amain(ap.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
