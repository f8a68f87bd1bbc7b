"""The Zalo channel: one bot account of the Zalo Bot Platform, heard by polling or webhook, spoken over HTTP."""

import re
from dataclasses import dataclass
from functools import partial

from channels.channel import FetchFailed, Hear, Hook, Place, Refused
from channels.parts import say_all
from channels.standing import State, Timing
from channels.zalo_account import Account
from channels.zalo_polling import Polling
from channels.zalo_request import Api, ErrorAnswer, ZaloError, as_object, as_sending_failure
from channels.zalo_text import parts_of
from channels.zalo_updates import CHANNEL
from channels.zalo_webhook import Webhook
from domain.incidents import Ear
from domain.messages import FileTrouble, Outgoing

TOKEN = re.compile(r"(\d+):[\w-]+")
TIMING = Timing(first_pause_seconds=2.0, longest_pause_seconds=60.0)


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the platform: words, or the address of a picture with words under it."""

    text: str
    picture: str = ""


class ZaloChannel:
    """`state` is there to be shown. With a `place` it is heard by webhook, else by polling.

    `public_url` is where our door is reached, so that a webhook of our own is known as such also by who polls.
    """

    name = CHANNEL
    carries_files = False

    def __init__(
        self,
        token: str,
        api_url: str = "https://bot-api.zaloplatforms.com",
        *,
        timing: Timing = TIMING,
        place: Place | None = None,
        public_url: str = "",
    ) -> None:
        shape = TOKEN.fullmatch(token)
        if shape is None:
            raise ValueError("a Zalo token reads NUMBER:LETTERS; the one that is set does not")
        self.account = shape[1]
        self._api = Api(token, api_url)
        self._of = Account(self._api, number=self.account, secret=token, timing=timing)
        self._webhook = Webhook(self._of, place) if place else None
        self._listening = self._webhook or Polling(self._of, public_url)

    @property
    def state(self) -> State:
        return self._of.standing.state

    @property
    def last_contact(self) -> float | None:
        return self._of.standing.last_contact

    @property
    def ear(self) -> Ear:
        return self._of.standing.ear

    def link(self, code: str) -> str:
        """Zalo has no address that opens the talk with a bot: one looks for its name and types the code."""
        return ""

    async def introduce(self) -> str:
        """The bot's name as people see it; fails as sending does."""
        try:
            return await self._of.introduce()
        except ZaloError as error:
            failure = as_sending_failure(error)
        raise failure

    async def listen(self, hear: Hear) -> None:
        await self._listening.run(hear)

    def hook(self, hear: Hear) -> Hook | None:
        return self._webhook and self._webhook.hook(hear)

    async def send(self, chat: str, message: Outgoing) -> str:
        return await say_all(_posts(message), partial(self._send, chat))

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        """No file ever comes over Zalo."""
        raise FetchFailed(FileTrouble.GONE)

    async def close(self) -> None:
        self._of.standing.state = State.CLOSED
        await self._api.close()

    async def _send(self, chat: str, post: Post) -> str:
        try:
            return await self._say(chat, post)
        except ZaloError as error:
            failure = as_sending_failure(error)
        # Raised out here so that nothing of the request is carried along as its context.
        raise failure

    async def _say(self, chat: str, post: Post) -> str:
        if post.picture:
            photo = {"chat_id": chat, "photo": post.picture} | ({"caption": post.text} if post.text else {})
            try:
                return _id(await self._api.call("sendPhoto", photo))
            except ErrorAnswer as error:
                if error.code not in (400, 404):
                    raise
            # Zalo could not fetch the picture, and surely sent nothing: the person may open it.
            post = Post("\n\n".join(filter(None, (post.text, post.picture))))
        return _id(await self._api.call("sendMessage", {"chat_id": chat, "text": post.text}))


def _id(result: object) -> str:
    """That Zalo took it is said already; some answers have nothing more."""
    return str((as_object(result) or {}).get("message_id") or "")


def _posts(message: Outgoing) -> list[Post]:
    """A short text stands under its picture; a long one goes before it."""
    if message.file is not None:
        raise Refused("a file that Zalo cannot carry")
    parts = parts_of(message)
    if message.picture:
        *before, last = parts if len(parts) == 1 else [*parts, ""]
        return [*map(Post, before), Post(last, message.picture)]
    if not parts:
        raise Refused("nothing to say")
    return [*map(Post, parts)]
