from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quotas import (
    Pace,
    Quota,
    Standing,
    Target,
    TargetShape,
    ceiling_of_rate,
    expected,
    figure,
    met,
    missing,
    over_by,
    pace,
    pace_between,
    percent,
    reconciles,
    rest_of,
    share,
    worst_first,
)

SIX_TO_EIGHT = Target(6, TargetShape.RANGE, 8)
ORDER = [Pace.BEHIND, Pace.ON_PACE, Pace.AHEAD, Pace.MET, Pace.OVER]

targets = st.one_of(
    st.builds(Target, st.integers(0, 3000)),
    st.builds(Target, st.integers(0, 3000), st.just(TargetShape.AT_LEAST)),
    st.integers(0, 3000).flatmap(
        lambda low: st.builds(Target, st.just(low), st.just(TargetShape.RANGE), st.integers(low, 3000))
    ),
)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def standing(done: int, target: Target | None, *, pending: int = 0, unit_id: int = 1) -> Standing:
    quota = None if target is None else Quota(unit_id=unit_id, period="2026", target=target)
    return Standing(unit_id=unit_id, year=2026, done=done, pending=pending, quota=quota)


def test_a1_a_quota_by_rate_is_rounded_up() -> None:
    assert ceiling_of_rate(1700, Decimal("0.025")) == 43
    assert ceiling_of_rate(1720, Decimal("0.025")) == 43
    assert ceiling_of_rate(1721, Decimal("0.025")) == 44


def test_a2_an_at_least_quota_is_met_at_its_figure() -> None:
    target = Target(852, TargetShape.AT_LEAST)
    assert not met(target, 851)
    assert met(target, 852)
    assert figure(852, target) == "852/≥852 (100%)"
    assert share(852, 27790, digits=2) == "852/27.790 (3,07%)"
    assert share(852, 27790) == "852/27.790 (3,1%)"


def test_a3_above_the_quota_is_over_it_and_the_share_shows_its_base() -> None:
    assert figure(14, Target(13)) == "14/13 (108%)"
    assert figure(14, Target(13, TargetShape.AT_LEAST)) == "14/≥13 (108%)"
    assert over_by(Target(13), 14) == 1
    assert share(14, 235) == "14/235 (6,0%)"


def test_a4_plan_stretch_and_part_of_the_plan_have_a_percent_each() -> None:
    assert percent(196, Target(169)) == 116
    assert percent(196, Target(248)) == 79
    assert percent(98, Target(70)) == 140


@pytest.mark.parametrize(
    ("done", "is_met", "over", "lacking", "shown"),
    [
        (5, False, 0, 1, "5/6–8"),
        (6, True, 0, 0, "6/6–8"),
        (8, True, 0, 0, "8/6–8"),
        (12, True, 4, 0, "12/6–8"),
    ],
)
def test_a5_a_range_is_met_at_its_lowest_and_over_above_its_highest(
    done: int, is_met: bool, over: int, lacking: int, shown: str
) -> None:
    assert met(SIX_TO_EIGHT, done) is is_met
    assert over_by(SIX_TO_EIGHT, done) == over
    assert missing(SIX_TO_EIGHT, done) == lacking
    assert figure(done, SIX_TO_EIGHT) == shown


def test_a6_the_rest_of_a_breakdown_is_computed() -> None:
    assert rest_of(12, (1, 2)) == 9


def test_a7_parts_that_do_not_make_up_the_total_are_noticed() -> None:
    assert reconciles(134, (117, 17))
    assert not reconciles(133, (117, 17))


def test_a8_half_a_term_quota_after_two_years_of_five_is_ahead() -> None:
    term = Target(800)
    since, until, today = date(2016, 1, 1), date(2020, 12, 31), date(2017, 12, 31)
    assert percent(400, term) == 50
    assert pace_between(term, done=400, pending=0, since=since, until=until, today=today) is Pace.AHEAD


def test_a21_percent_of_the_quota_and_of_the_members() -> None:
    assert figure(47, Target(45)) == "47/45 (104%)"
    assert share(47, 1239) == "47/1.239 (3,8%)"


def test_figures_without_a_quota_or_with_a_quota_of_nobody_have_no_percent() -> None:
    assert figure(2, None) == "2/–"
    assert figure(0, Target(0)) == "0/0"
    assert percent(3, SIX_TO_EIGHT) is None
    assert share(3, 0) == "3/–"


@pytest.mark.parametrize(("done", "of", "whole"), [(1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (1, 201, 0)])
def test_a_half_goes_up(done: int, of: int, whole: int) -> None:
    assert percent(done, Target(of)) == whole


@given(done=st.integers(0, 10**6), of=st.integers(1, 10**6))
def test_percent_is_the_nearest_whole_number_and_a_half_goes_up(done: int, of: int) -> None:
    whole = percent(done, Target(of))
    assert whole is not None
    assert whole - Fraction(1, 2) <= Fraction(100 * done, of) < whole + Fraction(1, 2)


@given(part=st.integers(0, 10**6), base=st.integers(1, 10**6), digits=st.integers(0, 3))
def test_a_share_is_rounded_to_its_digits_half_up(part: int, base: int, digits: int) -> None:
    printed = share(part, base, digits).split("(")[1].rstrip("%)").replace(",", ".")
    error = Fraction(100 * part, base) - Fraction(printed)
    half = Fraction(1, 2 * 10**digits)
    assert -half <= error < half


@pytest.mark.parametrize(
    ("done", "pending", "today", "where"),
    [
        (0, 0, date(2026, 1, 1), Pace.ON_PACE),
        (0, 0, date(2026, 4, 30), Pace.ON_PACE),
        (0, 0, date(2026, 5, 2), Pace.BEHIND),
        (2, 0, date(2026, 5, 1), Pace.AHEAD),
        (2, 0, date(2026, 11, 1), Pace.ON_PACE),
        (2, 0, date(2026, 11, 2), Pace.BEHIND),
        (2, 1, date(2026, 11, 2), Pace.ON_PACE),
        (2, 1, date(2026, 12, 31), Pace.BEHIND),
        (3, 0, date(2026, 1, 1), Pace.MET),
        (4, 0, date(2026, 12, 31), Pace.OVER),
        (2, 1, date(2027, 1, 15), Pace.BEHIND),
    ],
)
def test_pace_through_the_year_for_a_quota_of_three(done: int, pending: int, today: date, where: Pace) -> None:
    assert pace(standing(done, Target(3), pending=pending), today) is where


def test_no_quota_is_never_behind() -> None:
    assert pace(standing(0, None), date(2026, 12, 31)) is Pace.UNASSIGNED


@given(target=targets, today=days_of_2026)
def test_expected_grows_day_by_day_to_the_whole_quota(target: Target, today: date) -> None:
    so_far = expected(target, 2026, today)
    assert 0 <= so_far <= expected(target, 2026, today + timedelta(days=1)) <= target.low
    assert expected(target, 2026, date(2026, 12, 31)) == target.low
    assert expected(target, 2026, date(2025, 12, 31)) == 0


@given(target=targets, done=st.integers(0, 3000), pending=st.integers(0, 5), today=days_of_2026)
def test_one_more_admission_never_makes_the_pace_worse(target: Target, done: int, pending: int, today: date) -> None:
    now, then = (pace(standing(each, target, pending=pending), today) for each in (done, done + 1))
    assert ORDER.index(now) <= ORDER.index(then)


@given(target=targets, done=st.integers(0, 3000), pending=st.integers(0, 5), today=days_of_2026)
def test_a_day_without_an_admission_never_makes_the_pace_better(
    target: Target, done: int, pending: int, today: date
) -> None:
    one = standing(done, target, pending=pending)
    assert ORDER.index(pace(one, today)) >= ORDER.index(pace(one, today + timedelta(days=1)))


def test_the_worst_comes_first_and_who_has_no_quota_before_who_has_met_it() -> None:
    rows = [
        standing(4, Target(3), unit_id=1),
        standing(3, Target(3), unit_id=2),
        standing(0, None, unit_id=3),
        standing(3, Target(4), unit_id=4),
        standing(1, Target(3), unit_id=5),
        standing(0, Target(6), unit_id=6),
        standing(5, Target(6), unit_id=7),
    ]
    assert [each.unit_id for each in worst_first(rows, date(2026, 9, 30))] == [6, 5, 4, 7, 3, 2, 1]
