"""The pace of an account, on a clock of its own: time passes only when everybody waits, or when the process stands."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from channels.pace import Pace

SPEAKERS = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.floats(0, 3)), min_size=1, max_size=60)


class Clock(selectors.SelectSelector):
    """Never sleeps: what would be slept is added to the time at once."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time is the clock's."""

    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def on_the_clock(talk: Callable[[Clock], Coroutine[Any, Any, None]]) -> None:
    loop = Loop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(talk(loop.clock))


async def times_of(pace: Pace, clock: Clock, chats: int) -> list[float]:
    """When each chat got its turn."""
    times: list[float] = []

    async def speak(chat: str) -> None:
        await pace.wait(chat)
        times.append(clock.now)

    await asyncio.gather(*(speak(str(chat)) for chat in range(chats)))
    return times


def rounded(times: list[float]) -> list[float]:
    return [round(moment - times[0], 6) for moment in times]


def test_the_account_speaks_evenly() -> None:
    async def talk(clock: Clock) -> None:
        assert rounded(await times_of(Pace(per_second=50), clock, 26)) == [round(turn / 50, 6) for turn in range(26)]

    on_the_clock(talk)


def test_turns_missed_in_a_stall_do_not_come_all_at_once() -> None:
    async def talk(clock: Clock) -> None:
        speaking = asyncio.create_task(times_of(Pace(per_second=20), clock, 65))
        await asyncio.sleep(0.1)
        clock.now += 1.2  # the whole process stands still
        times = await speaking
        assert times[-1] - times[0] < 65 / 20 + 1.3, "what was missed is not lost for ever"
        assert all(later - earlier >= 1 - 1e-6 for earlier, later in zip(times, times[20:], strict=False))

    on_the_clock(talk)


@given(SPEAKERS, st.lists(st.tuples(st.floats(0, 3), st.floats(0, 2)), max_size=4))
def test_no_second_has_more_than_the_account_may_say_and_no_minute_more_than_a_group_may_hear(
    speakers: list[tuple[int, bool, float]], stalls: list[tuple[float, float]]
) -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=7, per_chat_per_second=2, chat_burst=3, group_per_minute=5)
        said: list[tuple[float, str]] = []

        async def speak(number: int, is_group: bool, after: float) -> None:
            chat = f"{'-' if is_group else ''}{number}"
            await asyncio.sleep(after)
            await pace.wait(chat, is_group)
            said.append((clock.now, chat))

        async def stand_still(after: float, seconds: float) -> None:
            await asyncio.sleep(after)
            clock.now += seconds

        await asyncio.gather(*(speak(*each) for each in speakers), *(stand_still(*each) for each in stalls))
        assert len(said) == len(speakers), "everybody has their turn"
        assert all(later[0] - earlier[0] >= 1 - 1e-6 for earlier, later in zip(said, said[7:], strict=False))
        for group in {chat for _, chat in said if chat.startswith("-")}:
            heard = [moment for moment, chat in said if chat == group]
            assert all(later - earlier >= 60 - 1e-6 for earlier, later in zip(heard, heard[5:], strict=False))

    on_the_clock(talk)


def test_a_chat_has_a_small_burst_and_then_its_own_pace() -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=1000, per_chat_per_second=4, chat_burst=5)
        times: list[float] = []
        for _ in range(8):
            await pace.wait("a")
            times.append(clock.now)
        # What the burst took of the account's turns is paid back with it.
        assert rounded(times) == [0, 0.001, 0.002, 0.003, 0.004, 0.25, 0.5, 0.75]

    on_the_clock(talk)


def test_a_waiting_chat_holds_up_no_other() -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=1000, per_chat_per_second=2, chat_burst=1)
        await pace.wait("slow")
        slow = asyncio.create_task(pace.wait("slow"))
        await asyncio.sleep(0)
        since = clock.now
        for chat in range(20):
            await pace.wait(str(chat))
        assert clock.now - since < 0.03
        assert not slow.done()
        await slow
        assert clock.now - since > 0.4

    on_the_clock(talk)


def test_a_held_chat_waits_as_long_as_it_was_told() -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=1000)
        since = clock.now
        pace.hold("a", 0.3)
        await pace.wait("b")
        assert clock.now == since
        await pace.wait("a")
        assert round(clock.now - since, 6) == 0.3

    on_the_clock(talk)


def test_a_held_account_waits_even_with_its_turn_taken() -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=5)
        await pace.wait("a")
        waiting = asyncio.create_task(pace.wait("b"))
        await asyncio.sleep(0.05)
        since = clock.now
        pace.hold_all(0.4)
        await waiting
        assert round(clock.now - since, 6) == 0.4

    on_the_clock(talk)


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    async def talk(_: Clock) -> None:
        pace = Pace()
        pace.hold_all(60)
        pace.hold_all(1)
        assert round(pace.delay("a"), 6) == 60

    on_the_clock(talk)


def test_a_group_hears_no_more_than_its_share_of_a_minute() -> None:
    async def talk(clock: Clock) -> None:
        pace = Pace(per_second=1000, per_chat_per_second=1000, chat_burst=100, group_per_minute=20)
        since = clock.now
        for _ in range(20):
            await pace.wait("-1", is_group=True)
        assert round(since + 60 - clock.now - pace.delay("-1", is_group=True), 6) == 0
        assert pace.delay("1001") <= 0.001 + 1e-6

    on_the_clock(talk)


def test_chats_at_rest_are_forgotten() -> None:
    async def talk(_: Clock) -> None:
        pace = Pace(per_second=1_000_000, per_chat_per_second=100_000)
        pace.hold("held", 60)
        for chat in range(12_000):
            await pace.wait(str(chat))
        assert len(pace._chats) <= 6_000
        assert pace.delay("held") > 30

    on_the_clock(talk)
