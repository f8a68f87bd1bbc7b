"""A person on the way: what has been told so far, and on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.records import Candidate, Entry, Move, Stage, progress


@dataclass(frozen=True, slots=True)
class Case:
    """The person as on the list, the moves that no entry tells (the oldest first), and the admission on record."""

    person: Candidate
    moves: tuple[Move, ...] = ()
    entry: Entry | None = None

    @property
    def stage(self) -> Stage:
        return self.person.stage

    def day_of(self, stage: Stage) -> date | None:
        """The day on which a stage was reached; None if it never was, or nobody said when."""
        match stage:
            case Stage.CLASS_DONE if self.person.certificate_on is not None:
                return self.person.certificate_on
            case Stage.DECIDED:
                return self.entry.decision_on if self.entry else None
            case Stage.ADMITTED if self.entry is not None and self.entry.ceremony_on is not None:
                return self.entry.ceremony_on
            case _:
                told = next((move.on for move in reversed(self.moves) if move.stage is stage), None)
                return told or (self.person.stage_on if self.stage is stage else None)

    @property
    def passed(self) -> frozenset[Stage]:
        """The stages that are behind the person: told, left out with a reason, or before the first word of any move."""
        first = self.moves[0].before if self.moves else self.stage
        assumed = {stage for stage in Stage if 0 <= progress(stage) <= progress(first)}
        told = {stage for move in self.moves for stage in (move.before, move.stage, *move.skipped)}
        certified = {Stage.CLASS_DONE} if self.person.certificate_on is not None else set[Stage]()
        return frozenset({*assumed, *told, *certified, self.stage})

    @property
    def furthest(self) -> Stage:
        """How far the person had come, whatever became of it since: a returned dossier is still a dossier."""
        return max(self.passed, key=progress) if progress(self.stage) < 0 else self.stage

    @property
    def heard_on(self) -> date | None:
        """The day of the last word of this person."""
        told: Iterable[date | None] = (
            *(move.made_at.date() for move in self.moves if move.made_at),
            self.entry.made_at.date() if self.entry else None,
            self.person.stage_on,
        )
        return max((day for day in told if day is not None), default=None)
