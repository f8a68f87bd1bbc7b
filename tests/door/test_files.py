"""Files for chats that carry none: whoever has the signed address gets the file, for some days, and nobody else."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import httpx
import pytest

from domain.messages import Attachment, Drawing
from door.app import make_app
from jobs.links import Links
from tests.cast import NOW

SHEET = Attachment(Drawing.TEMPLATE, 'mẫu "11".xlsx')
PICTURE = Attachment(Drawing.TEMPLATE, "tiến độ.png")


class Drawer:
    """Draws a new file each time, and keeps count."""

    def __init__(self) -> None:
        self.drawn = 0

    async def __call__(self, attachment: Attachment) -> bytes:
        self.drawn += 1
        return f"{attachment.filename} {self.drawn}".encode()


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def links(clock: list[datetime]) -> Links:
    return Links("https://ketnap.example.vn/", lambda: b"salt", lambda: clock[0], Drawer())


@pytest.fixture
async def client(links: Links) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make_app(links=links))
    async with httpx.AsyncClient(base_url="https://ketnap.example.vn", transport=transport) as opened:
        yield opened


async def test_a_file_is_drawn_again_each_time_it_is_opened(client: httpx.AsyncClient, links: Links) -> None:
    address = links.to(SHEET).url
    assert address.startswith("https://ketnap.example.vn/file/")
    first, second = await client.get(address), await client.get(address)
    assert [first.text, second.text] == ['mẫu "11".xlsx 1', 'mẫu "11".xlsx 2']
    assert first.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert first.headers["content-disposition"].startswith("attachment; filename*=UTF-8''m%E1%BA%ABu%20%2211%22")
    assert first.headers["content-length"] == str(len(first.content))
    assert first.headers["cache-control"] == "private, no-store"


async def test_a_picture_is_shown_as_one(client: httpx.AsyncClient, links: Links) -> None:
    told = await client.get(links.to(PICTURE).url)
    assert told.headers["content-type"] == "image/png"
    assert told.headers["content-disposition"].startswith("inline")


async def test_an_address_is_good_for_some_days_and_to_the_end_of_the_last(
    client: httpx.AsyncClient, links: Links, clock: list[datetime]
) -> None:
    link = links.to(SHEET)
    assert link.until == (NOW + timedelta(days=3)).date()
    clock[0] = NOW + timedelta(days=3, hours=14)
    assert (await client.get(link.url)).status_code == 200
    clock[0] = NOW + timedelta(days=4)
    assert (await client.get(link.url)).status_code == 404


async def test_an_address_that_was_touched_opens_nothing(client: httpx.AsyncClient, links: Links) -> None:
    address = links.to(SHEET).url
    other = links.to(PICTURE).url
    body, signature = address.rsplit(".", 1)
    forged = [body, f"{body}.", f"{body}.{'0' * 64}", f"{other.rsplit('.', 1)[0]}.{signature}", f"{address}0"]
    forged += ["https://ketnap.example.vn/file/", "https://ketnap.example.vn/file/%00.é", f"{body}é.{signature}"]
    answers = [await client.get(each) for each in forged]
    assert [answer.status_code for answer in answers] == [404] * len(forged)
    assert not any(answer.content and "mẫu" in answer.text for answer in answers)


async def test_an_address_of_another_office_opens_nothing(client: httpx.AsyncClient) -> None:
    theirs = Links("https://ketnap.example.vn", lambda: b"another salt", lambda: NOW, Drawer())
    assert (await client.get(theirs.to(SHEET).url)).status_code == 404


async def test_nothing_can_be_put_there(client: httpx.AsyncClient, links: Links) -> None:
    assert (await client.post(links.to(SHEET).url)).status_code == 405
    assert (await client.head(links.to(SHEET).url)).status_code == 200


async def test_without_a_public_address_there_is_no_such_place() -> None:
    transport = httpx.ASGITransport(make_app())
    async with httpx.AsyncClient(base_url="http://door", transport=transport) as client:
        assert (await client.get("/file/x.y")).status_code == 404
