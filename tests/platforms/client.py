"""A small synchronous client of the emulators' control API (httpx), for tests that read like a conversation.

with Emulator.start() as emu:                       # or Emulator("http://127.0.0.1:8081")
        start_the_bot(api_url=emu.api_url, token=emu.token)
    user = emu.user(1001, "Lê Văn B")
    user.says("/start")
    reply = user.expect(contains="Xin chào")
    user.taps("Xác nhận")
    user.expect("editMessageText")
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

Json = dict[str, Any]


class Silence(AssertionError):
    """The bot did not do what was expected in time."""


class Sent:
    """One thing the bot did that a user can see: a message, an edit, a deletion, an answered callback."""

    def __init__(self, raw: Json, emu: Emulator) -> None:
        self.raw, self.emu = raw, emu
        self.seq: int = raw["seq"]
        self.ts: float = raw["ts"]
        self.method: str = raw["method"]
        self.chat_id: int = raw["chat_id"]
        self.text: str = raw.get("text") or ""
        self.message_id: int | None = raw.get("message_id")
        self.message: Json = raw.get("message") or {}

    @property
    def buttons(self) -> list[str]:
        """The texts of all buttons, inline ones first, row by row."""
        markup = self.message.get("reply_markup") or self.raw.get("reply_markup") or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [b if isinstance(b, str) else b["text"] for row in rows for b in row]

    @property
    def entities(self) -> list[Json]:
        return self.message.get("entities") or self.message.get("caption_entities") or []

    @property
    def file_bytes(self) -> bytes:
        """The bytes of the photo (largest size) or document that the bot sent."""
        for kind in ("document", "video", "audio", "voice", "animation"):
            if kind in self.message:
                return self.emu.file(self.message[kind]["file_id"])
        return self.emu.file(self.message["photo"][-1]["file_id"])

    def __repr__(self) -> str:
        return f"<Sent #{self.seq} {self.method} chat={self.chat_id} {self.text[:60]!r} buttons={self.buttons}>"


class User:
    """A user in a chat (a private one unless said otherwise); keeps its own place in what the bot sent."""

    def __init__(self, emu: Emulator, user_id: int, name: str, chat_id: int | None = None, **extra: Any) -> None:
        self.emu, self.id, self.name, self.chat_id = emu, user_id, name, chat_id or user_id
        self.extra = extra
        self.seq = emu.last_seq()
        self.last_update_id = 0

    def in_chat(self, chat_id: int) -> User:
        return User(self.emu, self.id, self.name, chat_id, **self.extra)

    def _inject(self, what: str = "inject", **body: Any) -> Json:
        who = {"user": self.id, "name": self.name, "chat": self.chat_id}
        answer: Json = self.emu.post(what, **(who | self.extra | body))
        self.last_update_id = answer.get("update_id", 0)
        return answer

    def says(self, text: str, **extra: Any) -> Json:
        return self._inject(kind="message", text=text, **extra)

    def taps(self, text: str, message_id: int | None = None) -> Json:
        """Press the newest button with this text (exact first, then containing it)."""
        return self._inject("tap", text=text, **({} if message_id is None else {"message_id": message_id}))

    def callback(self, data: str, message_id: int) -> Json:
        """A raw callback, for stale or forged data."""
        return self._inject(kind="callback", data=data, message_id=message_id)

    def sends_document(
        self, data: bytes, filename: str, mime: str = "application/octet-stream", caption: str = ""
    ) -> Json:
        return self._inject(
            kind="document", data=base64.b64encode(data).decode(), filename=filename, mime=mime, caption=caption
        )

    def sends_photo(self, data: bytes, caption: str = "") -> Json:
        return self._inject(
            kind="photo", data=base64.b64encode(data).decode(), filename="photo.jpg", mime="image/jpeg", caption=caption
        )

    def shares_contact(self, phone: str, contact_user: int | None = None) -> Json:
        return self._inject(kind="contact", phone=phone, contact_user=contact_user or self.id)

    def shares_location(self, latitude: float, longitude: float) -> Json:
        return self._inject(kind="location", latitude=latitude, longitude=longitude)

    def edits(self, message_id: int, text: str) -> Json:
        return self._inject(kind="edit", message_id=message_id, text=text)

    def blocks_bot(self, blocked: bool = True) -> Json:
        return self._inject("block", blocked=blocked)

    def expect(
        self, *methods: str, contains: str | None = None, button: str | None = None, timeout: float = 30.0
    ) -> Sent:
        """The next thing the bot does in this chat that fits; what it skips stays skipped."""
        end, skipped = time.monotonic() + timeout, []
        while (left := end - time.monotonic()) > 0:
            item = self.emu.get("wait", chat=self.chat_id, after=self.seq, timeout=left, methods=",".join(methods))[
                "item"
            ]
            if item is None:
                break
            sent = Sent(item, self.emu)
            self.seq = sent.seq
            if (contains or "") in sent.text and (button is None or any(button in b for b in sent.buttons)):
                return sent
            skipped.append(sent)
        raise Silence(
            f"{self.name}: no {methods or 'message'} with {contains or button!r} in {timeout} s; saw {skipped}"
        )

    def expect_nothing(self, seconds: float = 1.0) -> None:
        item = self.emu.get("wait", chat=self.chat_id, after=self.seq, timeout=seconds)["item"]
        if item is not None:
            raise AssertionError(f"{self.name}: unexpected {Sent(item, self.emu)}")

    def history(self) -> list[Sent]:
        return self.emu.sent(chat=self.chat_id)


class Emulator:
    """A running emulator: its addresses, its users, its faults and its figures."""

    def __init__(
        self,
        control: str,
        base_url: str = "",
        token: str = "1000000001:EMULATOR",
        process: subprocess.Popen[str] | None = None,
        platform: str = "telegram",
    ) -> None:
        self.control = control.rstrip("/")
        self.base_url = base_url or f"{self.control}/bot"
        self.api_url = self.base_url.removesuffix("/bot")
        self.token, self.process, self.platform = token, process, platform
        self.http = httpx.Client(timeout=150.0, trust_env=False)

    @classmethod
    def start(
        cls, *args: str, platform: str = "telegram", python: str = sys.executable, max_seconds: float = 3600
    ) -> Emulator:
        """Start one as a child process on a free port; it stops by itself after `max_seconds`."""
        script = Path(__file__).with_name(f"{platform}_emulator.py")
        process = subprocess.Popen(
            [python, str(script), "--port", "0", "--max-seconds", str(max_seconds), *args],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the emulator did not start (exit status {process.wait()})")
        told = json.loads(line)
        return cls(told["control"], told["base_url"], told["token"], process, platform)

    @property
    def account(self) -> str:
        """The bot's number, as our channels call it."""
        return self.token.split(":")[0]

    @property
    def settings(self) -> dict[str, str]:
        """What tells the bot to use this platform."""
        name = f"KETNAP_{self.platform.upper()}"
        return {f"{name}_TOKEN": self.token, f"{name}_API_URL": self.api_url}

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()

    def _checked(self, response: httpx.Response) -> Any:
        if response.status_code != 200:
            raise ValueError(f"control API: {response.text}")
        return response.json()

    def get(self, what: str, **query: Any) -> Any:
        return self._checked(self.http.get(f"{self.control}/_control/{what}", params=query))

    def post(self, what: str, **body: Any) -> Any:
        return self._checked(self.http.post(f"{self.control}/_control/{what}", json=body))

    def user(self, user_id: int, name: str = "", **extra: Any) -> User:
        return User(self, user_id, name or f"User {user_id}", **extra)

    def sent(self, **query: Any) -> list[Sent]:
        return [Sent(s, self) for s in self.get("sent", **query)]

    def last_seq(self) -> int:
        last = self.get("sent", last=1)
        return last[0]["seq"] if last else 0

    def file(self, file_id: str) -> bytes:
        response = self.http.get(f"{self.control}/_control/file", params={"file_id": file_id})
        response.raise_for_status()
        return response.content

    def fault(self, method: str, kind: str = "http", **options: Any) -> Any:
        """E.g. fault("sendMessage", "429", times=2, retry_after=3); kinds are listed in telegram_emulator.Fault."""
        return self.post("faults", method=method, kind=kind, **options)

    def clear_faults(self) -> None:
        self._checked(self.http.delete(f"{self.control}/_control/faults"))

    def config(self, **settings: Any) -> Any:
        return self.post("config", **settings)

    def stats(self) -> Any:
        return self.get("stats")

    def profile(self) -> Any:
        return self.get("profile")

    def bulk(self, count: int, **options: Any) -> Any:
        return self.post("bulk", count=count, **options)

    def wait_count(self, count: int, timeout: float = 120.0) -> Any:
        return self.get("wait_count", count=count, timeout=timeout)

    def wait_polled(self, timeout: float = 120.0) -> None:
        """Until the bot has called getUpdates or set a webhook."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            calls = self.stats()["calls"]
            if calls.get("getUpdates") or calls.get("setWebhook"):
                return
            time.sleep(0.05)
        raise Silence("the bot neither polled nor set a webhook")

    def reset(self) -> None:
        self.post("reset")
