import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import pytest

from channels.channel import Channel, Unreachable
from channels.trial import KEPT_PER_CHAT, NotListening, Skin, TrialChannel, UnknownChat, chat_of
from domain.calendar import ZONE
from domain.messages import File, Incoming, NumberedChoice, Outgoing, Text

pytestmark = pytest.mark.anyio

SECRETARY = chat_of("secretary", Skin.TELEGRAM)


def now() -> datetime:
    return datetime(2026, 11, 20, 8, 12, tzinfo=ZONE)


def words(text: str) -> Outgoing:
    return Outgoing(((Text(text),),))


@pytest.fixture
def channel() -> TrialChannel:
    return TrialChannel(["secretary"], now=now)


async def test_the_trial_is_a_channel_like_any_other(channel: TrialChannel) -> None:
    real: Channel = channel
    assert (real.name, real.account) == ("trial", "demo")


async def test_each_person_has_both_phones(channel: TrialChannel) -> None:
    assert dict(channel.chats) == {"secretary-telegram": Skin.TELEGRAM, "secretary-zalo": Skin.ZALO}


async def test_a_phone_that_nobody_has_is_unreachable(channel: TrialChannel) -> None:
    with pytest.raises(Unreachable):
        await channel.send("mayor-telegram", words("chào"))
    with pytest.raises(UnknownChat):
        channel.said("mayor-telegram")


async def test_after_listening_ended_nothing_is_taken_or_shown(channel: TrialChannel) -> None:
    heard: list[Incoming] = []

    async def hear(batch: Sequence[Incoming]) -> None:
        heard.extend(batch)

    listening = asyncio.create_task(channel.listen(hear))
    await asyncio.sleep(0)
    await channel.hear_from_page(SECRETARY, text="một")
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    with pytest.raises(NotListening):
        await channel.hear_from_page(SECRETARY, text="hai")
    assert [one.text for one in heard] == ["một"]
    assert len(channel.said(SECRETARY)) == 1


async def test_a_long_talk_forgets_its_oldest_messages_with_their_files(channel: TrialChannel) -> None:
    await channel.send(SECRETARY, Outgoing((), file=File("một.xlsx", b"1")))
    first = channel.said(SECRETARY)[0].file
    assert first is not None
    assert channel.file(first.id) is not None
    for number in range(KEPT_PER_CHAT):
        await channel.send(SECRETARY, words(str(number)))
    assert len(channel.said(SECRETARY)) == KEPT_PER_CHAT
    assert channel.file(first.id) is None


async def test_choices_that_go_on_counting_keep_their_numbers_as_lines(channel: TrialChannel) -> None:
    message = Outgoing(((Text("Đã lưu.", bold=True),),), (NumberedChoice(4, "Hoàn tác"),), question_id=7)
    await channel.send("secretary-zalo", message)
    shown = channel.said("secretary-zalo")[0]
    assert shown.choices == ()
    assert shown.lines == ((Text("Đã lưu."),), (Text(""),), (Text("4. Hoàn tác"),))


async def test_waiting_ends_with_the_first_news_or_with_the_time(channel: TrialChannel) -> None:
    await channel.wait_for_news(0, 0.01)
    waiting = asyncio.create_task(channel.wait_for_news(0, 30))
    await asyncio.sleep(0)
    await channel.send(SECRETARY, words("chào"))
    await asyncio.wait_for(waiting, 25)
