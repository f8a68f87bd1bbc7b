"""Past years on their way in: each row of a workbook against the records, then all of them, or every problem told."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from domain.office import Problem
from domain.past import PlannedAdmission, PlannedCandidate
from storage.past.admitting import admit
from storage.past.checking import Checking, PastReport
from storage.past.correcting import correct
from storage.past.giving_way import undo_nothing
from storage.past.listing import list_people
from storage.turns import Turn


def load_past(
    turn: Turn,
    candidates_planned: Sequence[PlannedCandidate],
    admissions_planned: Sequence[PlannedAdmission],
    *,
    folded: Callable[[str], str],
    today: date,
    reach: Collection[int] | None,
) -> tuple[PastReport, list[Problem]]:
    """Everything that can be written is; with a problem the caller takes all of it back."""
    checking = Checking(turn, folded, today, reach)
    correct(checking, [each for each in admissions_planned if each.number is not None])
    list_people(checking, candidates_planned)
    admit(checking, [each for each in admissions_planned if each.number is None])
    if not checking.problems:
        undo_nothing(checking)
    return checking.report, checking.problems
