"""The office's clock: the real one, or a rehearsed one that starts elsewhere and runs on."""

from datetime import datetime, timedelta

from domain.calendar import ZONE, office_time


class Clock:
    """Tells office time. Hand `clock.now` to whoever needs the time, never the clock itself."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta()
        self._is_rehearsal = False
        if start is not None:
            self.move_to(start)

    @property
    def is_rehearsal(self) -> bool:
        return self._is_rehearsal

    def now(self) -> datetime:
        return datetime.now(ZONE) + self._ahead

    def move_to(self, moment: datetime) -> None:
        """From now on it is that moment, and it runs on from there."""
        self._ahead = office_time(moment) - datetime.now(ZONE)
        self._is_rehearsal = True
