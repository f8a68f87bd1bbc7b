"""The one HTTP door: which pages are behind it, and how it is served."""

import os
import socket
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from uvicorn import Config, Server

from channels.channel import Hook
from door import files, health, webhooks
from door.trial import TrialPage
from jobs.health import Vitals
from jobs.links import Links

STOP_SECONDS = 1


class PlaceTaken(Exception):
    """Nobody can listen there, mostly because another program does."""


class Door:
    """What is served at a place that was taken for it."""

    def __init__(
        self,
        place: socket.socket,
        *,
        vitals: Vitals,
        hooks: Iterable[Hook] = (),
        links: Links | None = None,
        trial: TrialPage | None = None,
    ) -> None:
        self._place = place
        self._trial = trial
        self._server = make_server(make_app(vitals=vitals, hooks=hooks, links=links, trial=trial))

    async def serve(self) -> None:
        """Until closed."""
        await self._server.serve(sockets=[self._place])

    def close(self) -> None:
        """Pages that wait for news are let go, so that nothing of theirs has to be cut off."""
        self._server.should_exit = True
        if self._trial is not None:
            self._trial.let_pages_go()


def take_place(host: str, port: int) -> socket.socket:
    """Listen there from now on, so that a place that somebody else has is known before anything else is done."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PlaceTaken(f"Nobody can listen on {host}:{port}: {os.strerror(error.errno or 0)}.") from error


def make_app(
    *,
    vitals: Vitals | None = None,
    hooks: Iterable[Hook] = (),
    links: Links | None = None,
    trial: TrialPage | None = None,
) -> Starlette:
    """The whole door; the trial page, being mounted at the root, comes last."""
    routes: list[BaseRoute] = [webhooks.route(hook) for hook in hooks]
    if links is not None:
        routes.append(files.route(links))
    if vitals is not None:
        routes += health.routes(vitals)
    if trial is not None:
        routes.append(trial.mount())
    return Starlette(routes=routes)


def make_server(app: Starlette) -> Server:
    """A server that writes no access log: its lines would name chats."""
    return _Server(
        Config(
            app,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


class _Server(Server):
    """Signals are the business of whoever serves: the library would end the door before what is done behind it."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
