"""Files for chats that carry none: whoever has the signed address gets what it names, drawn anew."""

from mimetypes import guess_type
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobs.links import PATH, Links

HEADERS = {"cache-control": "private, no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}


def route(links: Links) -> Route:
    """No rights are asked here: who may have a file is decided where its address is given out."""

    async def opened(request: Request) -> Response:
        """What is no longer good answers like what never was."""
        file = await links.open(request.path_params["ticket"])
        if file is None:
            return Response(status_code=404, headers=HEADERS)
        kind = guess_type(file.filename)[0] or "application/octet-stream"
        shown = "inline" if kind.startswith("image/") else "attachment"
        disposition = f"{shown}; filename*=UTF-8''{quote(file.filename, safe='')}"
        return Response(file.content, media_type=kind, headers=HEADERS | {"content-disposition": disposition})

    return Route(PATH + "/{ticket}", opened, methods=["GET"])
