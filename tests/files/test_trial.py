"""The trial's offices: invented, complete, the same for the same day, and of the sizes of the five reports."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import Role
from domain.quotas import Target, TargetShape
from domain.trial import TrialOffice
from domain.units import Sector, UnitKind
from files.trial import branch_code, commune_code, trial_office
from files.trial_figures import shared
from files.workbook import read_office, write_office

TODAY = date(2026, 11, 21)
DAYS = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 2), date(2028, 2, 29), TODAY, date(2026, 12, 31)]


@pytest.fixture(scope="module")
def trial() -> TrialOffice:
    return trial_office(TODAY)


def totals(trial: TrialOffice) -> tuple[Counter[str], Counter[str]]:
    """Ceremonies and pending decisions of each unit, with all below it."""
    above = {unit.code: unit.parent_code for unit in trial.plan.units}
    done: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    for admission in trial.admissions:
        code = admission.unit_code
        while code:
            (done if admission.ceremony_on else pending)[code] += admission.count
            code = above[code]
    return done, pending


@pytest.mark.parametrize("today", DAYS)
def test_the_offices_are_a_sound_workbook_on_any_day(today: date) -> None:
    trial = trial_office(today)
    assert read_office(write_office(trial.plan)) == (trial.plan, ())
    assert trial == trial_office(today)


@pytest.mark.parametrize("today", DAYS)
def test_nothing_lies_in_the_future_and_everything_counted_in_this_year(today: date) -> None:
    trial = trial_office(today)
    for admission in trial.admissions:
        if admission.ceremony_on:
            assert date(today.year, 1, 1) <= admission.ceremony_on <= today
        assert admission.decision_on is not None
        assert admission.decision_on <= (admission.ceremony_on or today)
    for candidate in trial.candidates:
        assert candidate.stage_on <= today
        assert candidate.certificate_on is None or candidate.certificate_on <= candidate.stage_on


def test_everything_stands_in_a_unit_of_the_plan(trial: TrialOffice) -> None:
    codes = {unit.code for unit in trial.plan.units}
    rows = (*trial.admissions, *trial.candidates, *trial.nothing)
    assert {row.unit_code for row in rows} <= codes
    keys = {(person.key, person.role) for person in trial.plan.people}
    for persona in trial.personas:
        assert persona.role is None or (persona.person_key, persona.role) in keys
    assert {persona.role for persona in trial.personas} >= {
        Role.SECRETARY,
        Role.COMMITTEE,
        Role.MONITOR,
        Role.ORGANISER,
        None,
    }


def test_sizes_are_those_of_the_reports(trial: TrialOffice) -> None:
    below: Counter[str] = Counter(unit.parent_code for unit in trial.plan.units)
    assert {code: below[code] for code in ("TL", "MH", "DX", "PH", "HV")} == {
        "TL": 100,
        "MH": 38,
        "DX": 32,
        "PH": 68,
        "HV": 73,
    }
    members: Counter[str] = Counter()
    for unit in trial.plan.units:
        members[unit.parent_code] += unit.members.count if unit.members else 0
    assert members["TL"] == 27_790
    assert members["TL-01"] == 1_700
    assert members["MH"] == 4_354
    assert members["MH-01"] == 235
    assert members["PH"] == 7_650
    assert members["HV"] == 5_756
    kinds = Counter(unit.kind for unit in trial.plan.units if unit.parent_code == "MH")
    assert kinds == {UnitKind.GRASSROOTS: 24, UnitKind.BRANCH: 14}


def test_quotas_and_results_are_those_of_the_reports(trial: TrialOffice) -> None:
    quotas = {quota.unit_code: quota for quota in trial.plan.quotas}
    done, pending = totals(trial)
    assert quotas["TL"].target == Target(852, TargetShape.AT_LEAST)
    assert sum(quotas[unit.code].target.low for unit in trial.plan.units if unit.parent_code == "TL") == 852
    assert quotas["TL-01"].target == Target(43)
    assert (done["MH"], quotas["MH"].target.low, quotas["MH"].stretch) == (196, 169, 248)
    assert (done["MH-01"], quotas["MH-01"].target.low) == (14, 13)
    assert (done["DX"], quotas["DX"].target.low) == (134, 100)
    assert (done["DX-01"], quotas["DX-01"].target) == (12, Target(6, TargetShape.RANGE, 8))
    assert (done["DX-02"], quotas["DX-02"].target.low) == (11, 8)
    assert done["PH"] > 130
    assert done["HV"] + pending["HV"] == 205
    assert pending["HV-01"] == 3


def test_the_commune_of_twelve_has_one_military_two_at_schools_and_nine_in_villages(trial: TrialOffice) -> None:
    done, _ = totals(trial)
    sectors: Counter[Sector] = Counter()
    for unit in trial.plan.units:
        if unit.parent_code == commune_code("DX"):
            sectors[unit.sector] += done[unit.code]
    assert sectors == {Sector.MILITARY: 1, Sector.SCHOOL: 2, Sector.RESIDENTIAL: 9}
    assert done[branch_code("DX", 2)] == 2


def test_names_are_given_in_branches_that_can_be_played_and_nowhere_else(trial: TrialOffice) -> None:
    for admission in trial.admissions:
        is_played = admission.unit_code.count("-") == 2
        assert bool(admission.name) == is_played
        assert admission.count == 1 or not is_played
    names = [row.name for row in (*trial.admissions, *trial.candidates) if row.name]
    assert len(names) == len(set(names))


def test_silence_nothing_and_nobody_left_are_all_there(trial: TrialOffice) -> None:
    month = TODAY.replace(day=1)
    reported = {row.unit_code for row in trial.admissions if (row.ceremony_on or row.decision_on or month) >= month}
    said = {row.unit_code for row in trial.nothing}
    left = {unit.code for unit in trial.plan.units if unit.nobody_left}
    branches = {unit.code for unit in trial.plan.units if unit.parent_code == "HV-01"}
    assert branches & said
    assert branches & left
    assert branches & reported
    assert branches - said - left - reported, "silent"


def test_early_in_the_year_figures_are_their_share(trial: TrialOffice) -> None:
    early, _ = totals(trial_office(date(2026, 2, 1)))
    late, _ = totals(trial)
    assert 0 < early["MH"] < 40 < late["MH"]


@given(st.integers(0, 5000), st.lists(st.integers(1, 400), min_size=1, max_size=60), st.integers(0, 5))
def test_shares_add_up_exactly(whole: int, weights: list[int], least: int) -> None:
    whole += least * len(weights)
    parts = shared(whole, weights, least=least)
    assert sum(parts) == whole
    assert min(parts) >= least


def test_days_are_spread_over_the_year(trial: TrialOffice) -> None:
    days = {row.ceremony_on for row in trial.admissions if row.ceremony_on}
    assert len(days) > 60
    assert max(days) > TODAY - timedelta(days=21)
