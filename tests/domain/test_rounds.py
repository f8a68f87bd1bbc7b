"""Of whom nothing was told since the list was to be looked over."""

from dataclasses import replace
from datetime import date

from domain.cases import Case
from domain.records import Candidate, Stage
from domain.rounds import unheard
from tests.cast import shipped_office

OFFICE = shipped_office()
TODAY = date(2026, 11, 21)
NA = Candidate(7, 1, "Trần Thị Na", "tran thi na", Stage.CLASS_DONE, date(2026, 10, 20))


def of(*people: Candidate) -> list[int]:
    found = unheard([Case(one) for one in people], today=TODAY, law=OFFICE.law, calendar=OFFICE.calendar)
    assert found.rule is not None
    assert found.rule.code == "sources_reviewed"
    return [one.id for one in found.people]


def test_a_month_to_the_day_is_still_in_time() -> None:
    assert of(NA) == [7]
    assert of(replace(NA, stage_on=date(2026, 10, 21))) == []


def test_the_longest_silent_comes_first_and_who_rests_or_is_decided_is_not_asked() -> None:
    older = replace(NA, id=8, stage_on=date(2026, 3, 1))
    never = replace(NA, id=9, stage=Stage.LISTED, stage_on=None)
    paused, decided = replace(older, id=10, stage=Stage.PAUSED), replace(older, id=11, stage=Stage.DECIDED)
    member = replace(older, id=12, stage=Stage.ADMITTED)
    assert of(NA, older, never, paused, decided, member) == [9, 8, 7]
