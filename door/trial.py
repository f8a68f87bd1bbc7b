"""The trial page: a phone in the browser for each person of the trial, and the rehearsal clock."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from enum import StrEnum
from mimetypes import guess_type
from pathlib import Path
from secrets import token_urlsafe
from typing import Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, ValidationError, model_validator
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from channels.trial import NotListening, Said, Skin, TrialChannel, UnknownChat, chat_of, code_of
from domain.calendar import ZONE, add_months
from domain.messages import Kind
from domain.trial import Persona
from door.loopback import LoopbackOnly

STATIC = Path(__file__).parent / "static"
TEXT_LIMIT = 4096
BODY_LIMIT_BYTES = 64 * 1024
WAIT_SECONDS = 20.0
MORNING = time(7, 30)
LONGEST_JUMP = timedelta(days=5 * 366)

MoveClock = Callable[[datetime], Awaitable[None]]


class Step(StrEnum):
    """A jump of the rehearsal clock."""

    MONDAY = "monday"
    TOMORROW = "tomorrow"
    DAY = "day"
    MONTH = "month"


Form = TypeVar("Form", bound=BaseModel)


class Saying(BaseModel):
    """A message typed, a button tapped, or the bare fact that a picture or a voice message was sent."""

    model_config = ConfigDict(extra="forbid")

    chat: str = Field(max_length=80)
    text: str = Field(default="", max_length=TEXT_LIMIT)
    pressed: str = Field(default="", max_length=60, pattern=r"^([0-9]+:[0-9]+)?$")
    kind: Literal["", Kind.PHOTO, Kind.VOICE] = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Saying":
        if [bool(self.text.strip()), bool(self.pressed), bool(self.kind)].count(True) != 1:
            raise ValueError("a text, a button or a kind")
        # No phone sends these two, and a database cannot keep them.
        if "\0" in self.text or not _is_unicode(self.text):
            raise ValueError("not a text")
        return self


class Moving(BaseModel):
    """Where the rehearsal clock is to go: a step, or a moment as the office's wall clock shows it."""

    model_config = ConfigDict(extra="forbid")

    step: Step | None = None
    to: NaiveDatetime | None = None

    @model_validator(mode="after")
    def _goes_one_way(self) -> "Moving":
        if (self.step is None) == (self.to is None):
            raise ValueError("either a step or a moment")
        return self


def moment_after(now: datetime, step: Step) -> datetime:
    """Where a step leads from a moment."""
    here = now.astimezone(ZONE)
    match step:
        case Step.DAY:
            return here + timedelta(days=1)
        case Step.MONTH:
            return datetime.combine(add_months(here.date(), 1), here.timetz())
        case Step.TOMORROW:
            return datetime.combine(here.date() + timedelta(days=1), MORNING, ZONE)
        case Step.MONDAY:
            monday = datetime.combine(here.date() - timedelta(days=here.weekday()), MORNING, ZONE)
            return monday if monday > here else monday + timedelta(days=7)


class TrialPage:
    """Serves the page for a trial channel; `move_clock` moves office time and does what is due by then."""

    def __init__(
        self,
        channel: TrialChannel,
        *,
        personas: Sequence[Persona],
        commands: Sequence[tuple[str, str]],
        now: Callable[[], datetime],
        move_clock: MoveClock,
    ) -> None:
        self._channel = channel
        self._personas = tuple(personas)
        self._commands = tuple(commands)
        self._now = now
        self._move_clock = move_clock
        # A page that outlives the program sees by this that the talks began anew.
        self._run = token_urlsafe(6)

    def mount(self) -> Mount:
        """The page and what it asks for, open to this machine only."""
        return Mount(
            "/",
            routes=[
                Route("/", self._index, methods=["GET"]),
                Route("/trial/state", self._state, methods=["GET"]),
                Route("/trial/chat", self._chat, methods=["GET"]),
                Route("/trial/say", self._say, methods=["POST"]),
                Route("/trial/clock", self._clock, methods=["POST"]),
                Route("/trial/file/{file_id}", self._file, methods=["GET"]),
                Mount("/trial/static", StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(LoopbackOnly)],
        )

    def let_pages_go(self) -> None:
        """The door closes: no page is kept waiting."""
        self._channel.let_pages_go()

    async def _index(self, _: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def _state(self, _: Request) -> Response:
        return JSONResponse(
            {
                "personas": [
                    {
                        "key": persona.key,
                        "title": persona.title,
                        "name": persona.name,
                        "place": persona.place,
                        "tries": persona.tries,
                        "chats": {skin: chat_of(persona.key, skin) for skin in Skin},
                    }
                    for persona in self._personas
                ],
                "commands": [{"word": word, "does": does} for word, does in self._commands],
                **self._news(),
            }
        )

    async def _chat(self, request: Request) -> Response:
        """What is new on one phone; waits a while for anything beyond `known` to happen on any of them."""
        chat = request.query_params.get("chat", "")
        after, known = _number(request, "after"), _number(request, "known")
        if chat and chat not in self._channel.chats:
            return _refuse(404, "unknown_chat")
        if "known" in request.query_params and not (chat and self._channel.said(chat, after)):
            await self._channel.wait_for_news(known, WAIT_SECONDS)
        said = self._channel.said(chat, after) if chat else []
        menu = self._channel.menu(chat)
        return JSONResponse({"said": [_shown(one) for one in said], "menu": menu, **self._news()})

    async def _say(self, request: Request) -> Response:
        saying = await _body(request, Saying)
        if isinstance(saying, Response):
            return saying
        try:
            said = await self._channel.hear_from_page(
                saying.chat, text=saying.text, pressed=saying.pressed, kind=saying.kind or None
            )
        except UnknownChat:
            return _refuse(404, "unknown_chat")
        except NotListening:
            return _refuse(503, "not_listening")
        return JSONResponse({"number": said.number})

    async def _clock(self, request: Request) -> Response:
        moving = await _body(request, Moving)
        if isinstance(moving, Response):
            return moving
        now = self._now()
        moment = moment_after(now, moving.step) if moving.step else moving.to and moving.to.replace(tzinfo=ZONE)
        if moment is None or moment <= now:
            return _refuse(409, "clock_goes_forward")
        if moment - now > LONGEST_JUMP:
            return _refuse(409, "too_far")
        await self._move_clock(moment)
        return JSONResponse(self._news())

    async def _file(self, request: Request) -> Response:
        file = self._channel.file(request.path_params["file_id"])
        if file is None:
            return _refuse(404, "no_such_file")
        return Response(
            file.content,
            media_type=guess_type(file.filename)[0] or "application/octet-stream",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(file.filename, safe='')}"},
        )

    def _news(self) -> dict[str, object]:
        return {
            "now": self._now().astimezone(ZONE).isoformat(),
            "unread": self._channel.unread(),
            "last": self._channel.last_number,
            "run": self._run,
        }


def _shown(said: Said) -> dict[str, object]:
    """A message as the page draws it; the page writes every word as text, never as markup."""
    file = said.file
    return {
        "number": said.number,
        "at": said.at.astimezone(ZONE).isoformat(),
        "by_bot": said.by_bot,
        "lines": [[asdict(span) for span in row] for row in said.lines],
        "buttons": [{"label": choice.label, "code": code_of(said, choice)} for choice in said.choices],
        "pressed": said.pressed,
        "kind": said.kind,
        "is_letter": said.is_letter,
        "file": file
        and {
            "id": file.id,
            "name": file.file.filename,
            "bytes": len(file.file.content),
            "is_picture": file.file.filename.lower().endswith((".png", ".jpg", ".jpeg")),
        },
    }


async def _body(request: Request, form: type[Form]) -> Form | Response:
    """A posted form, read no further than its limit."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > BODY_LIMIT_BYTES:
            return _refuse(413, "too_long")
    try:
        return form.model_validate(json.loads(content))
    except ValidationError as error:
        is_too_long = any(problem["type"] == "string_too_long" for problem in error.errors())
        return _refuse(413, "too_long") if is_too_long else _refuse(400, "not_understood")
    except (ValueError, RecursionError):
        return _refuse(400, "not_understood")


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise HTTPException(400)
    return int(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(status: int, reason: str) -> Response:
    return JSONResponse({"refused": reason}, status_code=status)
