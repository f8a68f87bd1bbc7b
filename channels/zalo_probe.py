"""What nobody outside Zalo knows, asked of Zalo itself: step by step, with an operator who says yes to each sending."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import cast

from channels.channel import Hook, NotUnderstood, Place
from channels.zalo_request import Api, Json, ZaloError, as_object, read_body, without_content
from channels.zalo_updates import CHANNEL, updates_in
from channels.zalo_webhook import SECRET_HEADER

NOWHERE = "0" * 20
FLOOR_SECONDS = 1.0
POLL_SECONDS = 3
POLLS = 24
MESSAGE_SECONDS = 60.0
RETRY_SECONDS = 30.0
OLD_HOST = "https://bot-api.zapps.me"


class TokenRefused(Exception):
    """Zalo does not know this token, so there is nothing to learn."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A question of docs/zalo.md, and what Zalo did."""

    question: str
    answer: str

    def __str__(self) -> str:
        return f"| {self.question} | {self.answer} |"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who sits beside it: says yes or no, is told what to do on a phone and answers, and reads."""

    agrees: Callable[[str], bool]
    does: Callable[[str], str]
    reads: Callable[[str], None]


OpenDoor = Callable[[Hook], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of Zalo as it came; without a body it is something else's, without a status there was none."""

    status: int
    body: Json | None
    seconds: float

    @property
    def is_ok(self) -> bool:
        return self.body is not None and self.body.get("ok") is True

    @property
    def code(self) -> int:
        told = self.body.get("error_code") if self.body is not None else None
        return told if isinstance(told, int) and told > 0 else self.status

    @property
    def result(self) -> object:
        return self.body.get("result") if self.body is not None else None

    def __str__(self) -> str:
        """In words for the table: nothing of what was sent."""
        if self.status == 0:
            return "no answer"
        if self.body is None:
            return f"a page that is not Zalo's, status {self.status}"
        if self.is_ok:
            return "accepted"
        said = without_content(str(self.body.get("description") or ""))
        return f"refused: {self.code} “{said}”, status {self.status}"


@dataclass(slots=True)
class Probe:
    """Walks through the questions. `door` opens ours for a hook, where there is a `place` that Zalo reaches."""

    token: str
    api_url: str
    operator: Operator
    place: Place | None = None
    door: OpenDoor | None = None
    left_out: list[str] = field(default_factory=list[str])
    _api: Api = field(init=False)
    _sent: int = 0
    _heard: int = 0
    _chat: str = ""
    _webhook_is_set: bool = False

    def __post_init__(self) -> None:
        self._api = Api(self.token, self.api_url)

    async def run(self) -> AsyncIterator[Learned]:
        """What was learned, as it is learned; `TokenRefused` if the token is no good."""
        try:
            used = self._shown_as_used()
            for step in (self._account, self._errors, self._webhook, self._old_host, self._by_webhook, self._updates):
                async for learned in step():
                    yield learned
            async for learned in self._sending():
                yield learned
            after = None if used is None else self._shown_as_used()
            if used is not None and after is not None:
                yield self._counted(after - used)
            else:
                self.left_out.append("what counts in the month: no figure was told")
        finally:
            await self._api.close()

    async def _ask(self, method: str, parameters: Json | None = None, *, more_seconds: float = 0.0) -> Answer:
        began = time.monotonic()
        try:
            status, body = await self._api.answer(method, parameters, more_seconds=more_seconds)
        except ZaloError:
            return Answer(0, None, time.monotonic() - began)
        return Answer(status, as_object(read_body(body)), time.monotonic() - began)

    def _may(self, what: str) -> bool:
        if self.operator.agrees(f"May I {what}?"):
            return True
        self.left_out.append(what)
        return False

    async def _account(self) -> AsyncIterator[Learned]:
        told = await self._ask("getMe")
        if told.code == 401:
            raise TokenRefused
        account = as_object(told.result) or {}
        if not told.is_ok:
            yield Learned("getMe", str(told))
            return
        self.operator.reads(f"This is {account.get('display_name') or account.get('account_name')}.")
        has_name = "tells the name that people see" if account.get("display_name") else "tells no name that people see"
        yield Learned("getMe", f"{has_name}; account type {account.get('account_type')}")
        yield Learned("may the bot join groups", f"getMe says {account.get('can_join_groups')}")

    async def _errors(self) -> AsyncIterator[Learned]:
        unknown = await self._ask("getNothing")
        if unknown.body is None:
            yield Learned("status of errors: 200 or the code", str(unknown))
            return
        kind = "200, the code in the body only" if unknown.status == 200 else f"the code: {unknown.status}"
        yield Learned("status of errors: 200 or the code", f"{kind} (an unknown method is {unknown.code})")

    async def _webhook(self) -> AsyncIterator[Learned]:
        told = await self._ask("getWebhookInfo")
        self._webhook_is_set = bool((as_object(told.result) or {}).get("url"))
        if self._webhook_is_set:
            self.operator.reads("A webhook is set; I leave it as it is, and ask nothing that needs polling.")
            self.left_out.append("all about polling: a webhook is set")
            return
        yield Learned("getWebhookInfo while none is set", str(told))
        if self._may("end the webhook, of which there is none"):
            yield Learned("deleteWebhook while none is set", str(await self._ask("deleteWebhook")))
        if self._may("call testWebhook, which has a limit a day"):
            yield Learned("is testWebhook still there", str(await self._ask("testWebhook")))

    async def _old_host(self) -> AsyncIterator[Learned]:
        if self.api_url.rstrip("/") == OLD_HOST or "zaloplatforms.com" not in self.api_url:
            return
        if not self._may(f"show the token to {OLD_HOST}, to see whether the old host answers"):
            return
        api = Api(self.token, OLD_HOST)
        try:
            await api.call("getMe")
            yield Learned("does the old host answer", "yes")
        except ZaloError as error:
            yield Learned("does the old host answer", f"no: {error}")
        finally:
            await api.close()

    # ── By webhook ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _by_webhook(self) -> AsyncIterator[Learned]:
        if self._webhook_is_set or self.place is None or self.door is None:
            self.left_out.append("all about webhooks: they need a public address, and none set already")
            return
        if not self._may("set a webhook to our own door for two minutes, and end it afterwards"):
            return
        brought: list[tuple[float, object]] = []
        news = asyncio.Event()

        async def receive(body: object) -> None:
            brought.append((time.monotonic(), body))
            news.set()
            if len(brought) == 1:
                raise NotKeptOnPurpose

        account = self.token.split(":")[0]
        hook = Hook(f"/{CHANNEL}/{account}", SECRET_HEADER, self.place.secret, receive, is_probed=True)
        url = f"{self.place.public_url.rstrip('/')}{hook.path}"
        async with self.door(hook):
            try:
                set_up = await self._ask("setWebhook", {"url": url, "secret_token": self.place.secret})
                yield Learned("setWebhook tells whether it reached us", _verified(set_up))
                if set_up.is_ok:
                    self.operator.reads("Now write one message to the bot from a phone. I wait a minute.")
                    async for learned in self._brought(brought, news):
                        yield learned
            finally:
                await self._ask("deleteWebhook")

    async def _brought(self, brought: list[tuple[float, object]], news: asyncio.Event) -> AsyncIterator[Learned]:
        try:
            async with asyncio.timeout(MESSAGE_SECONDS):
                await news.wait()
        except TimeoutError:
            yield Learned("what a webhook brings", "nothing that had our secret, in a minute")
            return
        self._heard += 1
        at, body = brought[0]
        yield Learned("bodies of webhooks: flat or wrapped", _shape(body))
        await asyncio.sleep(RETRY_SECONDS)
        same = [when for when, other in brought[1:] if _ids(other) == _ids(body)]
        again = f"yes, {len(same)} times, first after {same[0] - at:.0f} s" if same else "no"
        yield Learned("tried again after a webhook failed", f"{again} (503; waited {RETRY_SECONDS:.0f} s)")

    # ── By polling ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _updates(self) -> AsyncIterator[Learned]:
        if self._webhook_is_set or not self._may("read what people write now, which the bot will then not hear"):
            return
        self.operator.does(
            "From a phone write to the bot: 1, then 2, then 3, each as a message of its own, then send one picture. "
            "Wait ten seconds; nobody polls meanwhile. Then press Enter"
        )
        got: list[Json] = []
        empty: Answer | None = None
        for _ in range(POLLS):
            answer = await self._ask("getUpdates", {"timeout": POLL_SECONDS}, more_seconds=POLL_SECONDS)
            got += _updates(answer.result)
            if not answer.is_ok:
                empty = answer
                break
            await asyncio.sleep(FLOOR_SECONDS)
        for learned in self._read(got):
            yield learned
        if empty is None:
            yield Learned("an empty poll", f"never came in {POLLS} polls")
            return
        yield Learned("an empty poll", _waited(empty))
        as_words = await self._ask("getUpdates", {"timeout": str(POLL_SECONDS)}, more_seconds=POLL_SECONDS)
        yield Learned("the time of a poll as a string", _waited(as_words))

    def _read(self, got: Sequence[Json]) -> list[Learned]:
        times = Counter(_id(each) for each in got)
        # Others may have written meanwhile: only who did as the operator was told is written to afterwards.
        ours = [each for each in got if str(_part(each).get("text")).strip() in ("1", "2", "3")]
        private = [each for each in ours if _part(each, "chat").get("id") == _part(each, "from").get("id")]
        texts = [text for each in got if isinstance(text := _part(each).get("text"), str)]
        order = list(dict.fromkeys(text.strip() for text in texts if text.strip() in ("1", "2", "3")))
        self._heard += len(times)
        again = max(times.values(), default=0)
        found = [
            Learned("given out once or again", f"again, up to {again} times" if again > 1 else "once")
            if got
            else Learned("given out once or again", "cannot be told: nothing came"),
            Learned("kept or lost while nobody polls", _kept(order)),
        ]
        if order and order != sorted(order):
            found.append(Learned("order of what waited", ", ".join(order)))
        if private:
            self._chat = str(_part(private[0], "chat").get("id"))
            digest = blake2b(self._chat.encode(), digest_size=4).hexdigest()
            found.append(
                Learned(
                    "whether a person's id is the same for two bots", f"{digest}: compare with a probe of another bot"
                )
            )
        fields = {name for each in got for name in ("photo_url", "photo") if name in _part(each)}
        if fields:
            found.append(Learned("where the address of a picture stands", ", ".join(sorted(fields))))
        dates = [date for each in got if isinstance(date := _part(each).get("date"), int)]
        if dates:
            found.append(Learned("dates", "milliseconds" if dates[0] > 10**12 else "seconds"))
        return found

    # ── Sending ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _sending(self) -> AsyncIterator[Learned]:
        if self._may("send one message to a chat that is none"):
            yield Learned("a chat that was never heard", str(await self._say("test", chat=NOWHERE)))
        if not self._chat:
            self.left_out.append("all about sending: nobody wrote while I listened")
            return
        if self._may("send that person messages of 2,000 and of 2,001 letters"):
            yield Learned("2,000 letters", str(await self._say("a" * 2000)))
            yield Learned("2,001 letters", str(await self._say("a" * 2001)))
        if self._may("send that person one message of 1,001 smileys"):
            pictures = await self._say("😀" * 1001)
            yield Learned("2,000 of what", f"{_unit(pictures)} ({pictures})")
        if self._may("send that person one message after you have blocked the bot"):
            self.operator.does("Block the bot on that phone, then press Enter")
            yield Learned("what comes when somebody has blocked the bot", str(await self._say("test")))
            self.operator.does("Let the bot through again, then press Enter")

    async def _say(self, text: str, *, chat: str = "") -> Answer:
        answer = await self._ask("sendMessage", {"chat_id": chat or self._chat, "text": text})
        self._sent += answer.is_ok
        return answer

    def _shown_as_used(self) -> int | None:
        said = self.operator.does("How many messages of this month does Zalo Bot Creator show as used? Enter if none")
        return int(said) if said.strip().isdecimal() else None

    def _counted(self, more: int) -> Learned:
        kinds = {self._sent: "those sent only", self._sent + self._heard: "those sent and those received"}
        said = kinds.get(more, "neither the one nor the other")
        question = "whether received messages count in the 3,000"
        return Learned(question, f"{said}: {more} more after {self._sent} sent and {self._heard} received")


class NotKeptOnPurpose(Exception):
    """Stands for a storage that is away: what comes of it is what was to be learned."""


def _updates(result: object) -> Sequence[Json]:
    try:
        return updates_in(result)
    except NotUnderstood:
        return ()


def _ids(body: object) -> list[str]:
    return [_id(each) for each in _updates(body)]


def _part(update: Json, name: str = "") -> Json:
    message = as_object(update.get("message")) or {}
    return (as_object(message.get(name)) or {}) if name else message


def _id(update: Json) -> str:
    return str(_part(update).get("message_id"))


def _kept(order: Sequence[str]) -> str:
    if len(order) == 3:
        return "kept"
    return f"kept in part: {', '.join(order)} of 1, 2, 3" if order else "lost"


def _waited(answer: Answer) -> str:
    if answer.is_ok:
        return "a message came"
    how = "at once" if answer.seconds < POLL_SECONDS / 2 else f"after {answer.seconds:.0f} s"
    return f"{how} of {POLL_SECONDS}, {answer}"


def _shape(body: object) -> str:
    answer = as_object(body)
    if answer is None or "result" not in answer:
        return "flat" if answer is not None else "a list"
    return "wrapped, as a list" if isinstance(answer["result"], list) else "wrapped"


def _unit(answer: Answer) -> str:
    if answer.is_ok:
        return "signs"
    return "UTF-16 units" if answer.code == 400 else "cannot be told"


def _verified(answer: Answer) -> str:
    told = as_object((as_object(answer.result) or {}).get("verification"))
    if not answer.is_ok or told is None:
        return str(answer) if not answer.is_ok else "no"
    return f"yes: {cast(str, told.get('outcome'))}, status {told.get('status_code')}"
