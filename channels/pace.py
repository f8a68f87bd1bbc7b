"""How fast one account may speak: evenly over all chats, gently in each, and not at all while it was told to wait."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

KEPT_CHATS = 5_000


@dataclass(slots=True)
class ChatPace:
    """What one chat has used up, in seconds of the event loop's clock."""

    paid_until: float = 0.0
    held_until: float = 0.0
    last_minute: deque[float] = field(default_factory=deque[float])


class Pace:
    """One turn per 1/`per_second` for the account; `chat_burst` at once in a chat, then `per_chat_per_second`.

    A group hears at most `group_per_minute` in any minute. A chat that has to wait holds up no other chat. After a
    stall, turns that were missed do not all come at once: any second has at most `per_second` of them.
    """

    def __init__(
        self,
        per_second: float = 28,
        per_chat_per_second: float = 1,
        chat_burst: int = 5,
        group_per_minute: int = 20,
    ) -> None:
        self._between = 1 / per_second
        self._chat_cost = 1 / per_chat_per_second
        self._chat_credit = (chat_burst - 1) * self._chat_cost
        self._group_per_minute = group_per_minute
        self._next_turn = 0.0
        self._last_second: deque[float] = deque(maxlen=max(1, int(per_second)))
        self._held_until = 0.0
        self._chats: dict[str, ChatPace] = {}

    async def wait(self, chat: str, is_group: bool = False) -> None:
        """Return when this chat may be written to; the turn is then used up."""
        await _until(lambda: self._chat_free_at(chat, is_group))
        turn = max(self._next_turn, _now())
        self._next_turn = turn + self._between
        self._pay(chat, is_group, turn)
        # The turn is ours whatever happens, but a hold may come while we wait for it.
        await _until(lambda: max(turn, self._full_until(), self._held_until, self._of(chat).held_until))
        self._last_second.append(_now())
        if is_group:
            self._came_late(chat, turn)

    def hold(self, chat: str, seconds: float) -> None:
        """Nothing to this chat for so long, as the platform told us."""
        pace = self._of(chat)
        pace.held_until = max(pace.held_until, _now() + seconds)

    def hold_all(self, seconds: float) -> None:
        """Nothing to anybody for so long."""
        self._held_until = max(self._held_until, _now() + seconds)

    def delay(self, chat: str, is_group: bool = False) -> float:
        """Seconds until this chat may be written to; below zero if at once."""
        return max(self._chat_free_at(chat, is_group), self._next_turn) - _now()

    def _full_until(self) -> float:
        """When the second that is running has room for one more."""
        turns = self._last_second
        return turns[0] + 1 if len(turns) == turns.maxlen else 0.0

    def _chat_free_at(self, chat: str, is_group: bool) -> float:
        pace = self._of(chat)
        free_at = max(self._held_until, pace.held_until, pace.paid_until - self._chat_credit)
        if is_group and len(pace.last_minute) >= self._group_per_minute:
            return max(free_at, pace.last_minute[0] + 60)
        return free_at

    def _pay(self, chat: str, is_group: bool, turn: float) -> None:
        pace = self._of(chat)
        pace.paid_until = max(turn, pace.paid_until) + self._chat_cost
        if is_group:
            pace.last_minute.append(turn)
            if len(pace.last_minute) > self._group_per_minute:
                pace.last_minute.popleft()

    def _came_late(self, chat: str, turn: float) -> None:
        """A stall or a hold moved the turn: the group's minute counts from when it really was."""
        minute = self._of(chat).last_minute
        if turn in minute:
            minute.remove(turn)
            minute.append(_now())

    def _of(self, chat: str) -> ChatPace:
        if chat not in self._chats and len(self._chats) >= KEPT_CHATS:
            self._forget_rested()
        return self._chats.setdefault(chat, ChatPace())

    def _forget_rested(self) -> None:
        now = _now()
        self._chats = {
            chat: pace
            for chat, pace in self._chats.items()
            if max(pace.paid_until, pace.held_until) > now or (pace.last_minute and pace.last_minute[-1] > now - 60)
        }


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _until(free_at: Callable[[], float]) -> None:
    """Sleep until then; it may have moved meanwhile."""
    while True:
        seconds = free_at() - _now()
        if seconds <= 0:
            return
        await asyncio.sleep(seconds)
