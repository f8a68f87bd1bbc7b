"""The Telegram channel: one bot account, heard by polling or webhook, spoken through python-telegram-bot's `Bot`."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError

from channels.channel import FetchFailed, Hear, Hook, Place, Refused, SendingFailed, Uncertain
from channels.parts import say_all
from channels.standing import State, Timing
from channels.telegram_account import Account
from channels.telegram_markup import LONGEST_CAPTION, LONGEST_TEXT, as_html, keyboard, split
from channels.telegram_polling import Polling
from channels.telegram_request import ErrorAnswer, TelegramRequest, as_file_trouble, as_sending_failure
from channels.telegram_updates import CHANNEL
from channels.telegram_webhook import Webhook
from domain.incidents import Ear
from domain.messages import File, FileTrouble, Outgoing

TOKEN = re.compile(r"(\d+):[\w-]+")
CONNECTIONS = 64
FETCH_SECONDS = 30.0
OFFSET_LIVES = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the platform; a long or mixed `Outgoing` is several."""

    text: str
    keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None
    file: File | None = None


class TelegramChannel:
    """`state` and `username` (known once Telegram was reached) are there to be shown.

    With a `place` it is heard by webhook, else by polling.
    """

    name = CHANNEL
    carries_files = True

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        proxy: str | None = None,
        *,
        commands: Sequence[tuple[str, str]] = (),
        timing: Timing | None = None,
        offset_lives: timedelta = OFFSET_LIVES,
        place: Place | None = None,
    ) -> None:
        shape = TOKEN.fullmatch(token)
        if shape is None:
            raise ValueError("a Telegram token reads NUMBER:LETTERS; the one that is set does not")
        self.account = shape[1]
        self._request = TelegramRequest(proxy=proxy, connections=CONNECTIONS)
        self._poll_request = TelegramRequest(proxy=proxy, connections=2)
        # Never `Bot.initialize`: its error spells the token out.
        bot = self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._poll_request,
        )
        self._of = Account(bot, number=self.account, commands=commands, timing=timing or Timing())
        self._webhook = Webhook(self._of, place) if place else None
        self._listening = self._webhook or Polling(self._of, self._poll_request, offset_lives)

    @property
    def state(self) -> State:
        return self._of.standing.state

    @property
    def last_contact(self) -> float | None:
        return self._of.standing.last_contact

    @property
    def username(self) -> str:
        return self._of.username

    @property
    def ear(self) -> Ear:
        return self._of.standing.ear

    def link(self, code: str) -> str:
        start = f"?start={code}" if code else ""
        return f"https://t.me/{self.username}{start}" if self.username else ""

    async def introduce(self) -> str:
        """The bot's username, for links, without listening; fails as sending does."""
        try:
            return await self._of.introduce()
        except TelegramError as error:
            failure = as_sending_failure(error)
        raise failure

    async def listen(self, hear: Hear) -> None:
        await self._listening.run(hear)

    def hook(self, hear: Hear) -> Hook | None:
        return self._webhook and self._webhook.hook(hear)

    async def send(self, chat: str, message: Outgoing) -> str:
        return await say_all(_posts(message), partial(self._send, chat))

    async def fetch(self, file: str, most_bytes: int) -> bytes:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                found = await self._bot.get_file(file)
                if found.file_path is None or (found.file_size or 0) > most_bytes:
                    trouble = FileTrouble.TOO_BIG
                else:
                    content = await self._request.retrieve(found.file_path)
                    if len(content) <= most_bytes:
                        return content
                    trouble = FileTrouble.TOO_BIG
        except ErrorAnswer as error:
            trouble = as_file_trouble(error)
        except (TelegramError, TimeoutError, AttributeError, KeyError, TypeError, ValueError):
            trouble = FileTrouble.AWAY
        # Raised out here so that the address, which holds the token, is not carried along as its context.
        raise FetchFailed(trouble)

    async def close(self) -> None:
        await self._of.close()
        await asyncio.gather(self._request.shutdown(), self._poll_request.shutdown())

    async def _send(self, chat: str, post: Post) -> str:
        failure: SendingFailed
        try:
            return str((await self._call(chat, post)).message_id)
        except TelegramError as error:
            failure = as_sending_failure(error)
        except (AttributeError, KeyError, TypeError, ValueError):
            failure = Uncertain("unreadable answer")
        # Raised out here so that nothing of the request is carried along as its context.
        raise failure

    async def _call(self, chat: str, post: Post) -> Message:
        if post.file is None:
            return await self._bot.send_message(
                chat,
                post.text,
                parse_mode=ParseMode.HTML,
                reply_markup=post.keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        return await self._bot.send_document(
            chat,
            InputFile(post.file.content, filename=post.file.filename),
            caption=post.text or None,
            parse_mode=ParseMode.HTML,
            reply_markup=post.keyboard,
        )


def _posts(message: Outgoing) -> list[Post]:
    """A short text is the caption of its file; a long one goes before it. The keyboard is under the last."""
    if message.choices and message.question_id is None:
        raise Refused("choices without a question")
    buttons = keyboard(message)
    parts = split(message.lines, LONGEST_TEXT)
    if message.file is None:
        if not parts:
            raise Refused("nothing to say")
        *before, last = map(as_html, parts)
        return [*map(Post, before), Post(last, buttons)]
    as_caption = split(message.lines, LONGEST_CAPTION)
    if len(as_caption) <= 1:
        return [Post("".join(map(as_html, as_caption)), buttons, message.file)]
    return [*(Post(as_html(part)) for part in parts), Post("", buttons, message.file)]
