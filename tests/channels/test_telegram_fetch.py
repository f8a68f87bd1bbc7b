"""Files that people send, fetched over HTTP from the platform."""

from collections.abc import Callable

import pytest

from channels.channel import FetchFailed
from channels.telegram import TelegramChannel
from domain.messages import FileTrouble, Kind
from tests.channels.conftest import Ear, listening
from tests.platforms.client import Emulator

MOST = 5 * 2**20


async def test_a_workbook_that_was_sent_is_fetched(emulator: Emulator, channel: TelegramChannel) -> None:
    ear = Ear()
    async with listening(channel, ear.hear):
        emulator.user(1001).sends_document(b"PK what was sent", "Danh sach.xlsx")
        [incoming] = await ear.until(1)
    assert (incoming.kind, incoming.file_bytes) == (Kind.WORKBOOK, 16)
    assert await channel.fetch(incoming.file, MOST) == b"PK what was sent"
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch(incoming.file, 15)
    assert failed.value.trouble is FileTrouble.TOO_BIG


async def test_a_file_that_the_platform_has_no_more_is_gone(channel: TelegramChannel) -> None:
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch("never sent", MOST)
    assert failed.value.trouble is FileTrouble.GONE


@pytest.mark.parametrize("kind", ["429", "http", "garbage", "reset"])
async def test_a_platform_in_trouble_may_give_it_later(emulator: Emulator, channel: TelegramChannel, kind: str) -> None:
    emulator.fault("getFile", kind, times=1)
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch("any", MOST)
    assert failed.value.trouble is FileTrouble.AWAY


async def test_without_a_connection_a_file_is_away_and_the_token_is_not_told(
    make_channel: Callable[..., TelegramChannel],
) -> None:
    token = "1000000001:AAcanary-token-that-must-not-be-told"
    channel = make_channel(token, "http://127.0.0.1:9")
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch("any", MOST)
    assert failed.value.trouble is FileTrouble.AWAY
    assert failed.value.__context__ is None
    assert "canary" not in repr(failed.value)
