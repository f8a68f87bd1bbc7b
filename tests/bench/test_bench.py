"""The bench measures what it says: its platform keeps its limits, and its peers answer what ours answers."""

from collections import deque
from pathlib import Path

import httpx
import pytest

from bench import measures, office, reading, report
from bench.bots import Bot
from bench.measures import Work
from bench.telegram import TOKEN, Platform

TINY = Work(chats=4, rounds=1)


@pytest.mark.parametrize("bot", [Bot.ECHO, Bot.USUAL])
async def test_a_peer_answers_every_turn(bot: Bot, tmp_path: Path) -> None:
    measured = await measures.turns(bot, TINY, 0.0, tmp_path / "bot")

    assert measured.per_second > 0
    assert measured.memory_mib > 10


def test_every_chat_says_the_same_again_from_the_same_seed() -> None:
    assert office.script(1000, 3, seed=1) == office.script(1000, 3, seed=1)
    assert office.script(1000, 3, seed=1) != office.script(1001, 3, seed=1)
    assert deque(office.script(1000, 3, seed=1), maxlen=1) == deque([office.PRESS])


async def test_the_platform_refuses_what_is_above_its_limit() -> None:
    async with Platform(per_second=2) as platform, httpx.AsyncClient() as client:
        answers = [
            await client.post(f"{platform.url}/bot{TOKEN}/sendMessage", data={"chat_id": "1", "text": "x"})
            for _ in range(3)
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert platform.refused == 1


def test_the_tables_go_between_the_marks_of_the_document(tmp_path: Path) -> None:
    place = tmp_path / "performance.md"
    place.write_text(
        f"before\n{report.TURNS}\nold\n{report.END}\nafter\n{report.READING}\nkept\n{report.END}\n", encoding="utf-8"
    )
    report.write(["one", "two"], report.TURNS, place)

    assert place.read_text(encoding="utf-8") == (
        f"before\n{report.TURNS}\n\none\n\ntwo\n\n{report.END}\nafter\n{report.READING}\nkept\n{report.END}\n"
    )


def test_reading_is_measured_on_every_message_of_the_set() -> None:
    texts, names = reading.messages()

    assert len(texts) > 700
    assert len(set(names)) > 150
