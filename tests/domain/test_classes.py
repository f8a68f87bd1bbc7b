"""Seats and waiting lists, what speaks against a class or a certificate, and how many of the trained were admitted."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classes import (
    LONGEST_DAYS,
    MOST_SEATS,
    Learner,
    Result,
    TrainingClass,
    Unfit,
    Untimely,
    Yield,
    judge_certificate,
    judge_class,
    may_begin,
    next_open,
    roll_of,
    yield_of,
)
from domain.records import Candidate, Stage, Standing

TODAY = date(2026, 11, 21)
HELD = TrainingClass(1, 1, "Trung tâm chính trị", TODAY, TODAY + timedelta(days=2), 3)


def person(number: int, stage: Stage = Stage.CLASS_REGISTERED) -> Candidate:
    return Candidate(number, 1, f"Người {number}", f"nguoi {number}", stage)


def learners(count: int) -> list[Learner]:
    return [Learner(number, 1, number, 1) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("begins", "days", "seats", "unfit"),
    [
        (TODAY, 0, 1, None),
        (TODAY - timedelta(days=1), 3, 60, Unfit.PAST),
        (TODAY, -1, 60, Unfit.BACKWARDS),
        (TODAY, LONGEST_DAYS - 1, 60, None),
        (TODAY, LONGEST_DAYS, 60, Unfit.TOO_LONG),
        (TODAY, 2, 0, Unfit.SEATS),
        (TODAY, 2, MOST_SEATS, None),
        (TODAY, 2, MOST_SEATS + 1, Unfit.SEATS),
    ],
)
def test_a_class_lies_ahead_and_has_seats(begins: date, days: int, seats: int, unfit: Unfit | None) -> None:
    assert judge_class(begins, begins + timedelta(days=days), seats, today=TODAY) is unfit


@pytest.mark.parametrize(
    ("on", "today", "untimely"),
    [
        (HELD.ends_on, HELD.ends_on, None),
        (HELD.ends_on + timedelta(days=1), HELD.ends_on, Untimely.FUTURE),
        (HELD.ends_on - timedelta(days=1), HELD.ends_on, Untimely.TOO_EARLY),
    ],
)
def test_certificates_are_of_the_last_day_or_later_and_not_of_the_future(
    on: date, today: date, untimely: Untimely | None
) -> None:
    assert judge_certificate(HELD, on, today=today) is untimely


def test_seats_go_in_the_order_of_registration_and_the_rest_wait() -> None:
    roll = roll_of(HELD, learners(5), {number: person(number) for number in range(1, 6)})
    assert [one.id for one in roll.seated] == [1, 2, 3]
    assert [one.id for one in roll.waiting] == [4, 5]
    assert roll.free == 0


@pytest.mark.parametrize(
    "gone",
    [
        person(2, Stage.DROPPED),
        person(2, Stage.OFFICIAL),
        person(2, Stage.ADMITTED),
        replace(person(2), standing=Standing.ERASED),
    ],
)
def test_whoever_drops_out_makes_room_for_the_next(gone: Candidate) -> None:
    roll = roll_of(HELD, learners(4), {number: person(number) for number in (1, 3, 4)} | {2: gone})
    assert [one.id for one in roll.seated] == [1, 3, 4]
    assert roll.waiting == ()


def test_when_a_class_is_over_nobody_who_waited_moves_up() -> None:
    over = replace(HELD, certificate_on=HELD.ends_on)
    told = [replace(one, result=Result.CERTIFIED) if one.id < 4 else one for one in learners(5)]
    roll = roll_of(over, told, {number: person(number) for number in range(1, 6)})
    assert (roll.seated, [one.id for one in roll.waiting]) == ((), [4, 5])


@given(seats=st.integers(1, 40), count=st.integers(0, 80), left=st.sets(st.integers(1, 80)))
def test_nobody_is_lost_and_no_seat_stays_empty_while_somebody_waits(seats: int, count: int, left: set[int]) -> None:
    people = {n: person(n, Stage.DROPPED if n in left else Stage.CLASS_REGISTERED) for n in range(1, count + 1)}
    roll = roll_of(replace(HELD, seats=seats), learners(count), people)
    assert [one.id for one in (*roll.seated, *roll.waiting)] == [n for n in range(1, count + 1) if n not in left]
    assert len(roll.seated) <= seats
    assert not (roll.free and roll.waiting)


def test_without_a_number_the_next_class_with_a_seat_is_meant() -> None:
    full = roll_of(replace(HELD, seats=1), learners(1), {1: person(1)})
    free = roll_of(replace(HELD, id=2, begins_on=TODAY + timedelta(days=9)), [], {})
    begun = roll_of(replace(HELD, id=3, begins_on=TODAY - timedelta(days=1)), [], {})
    assert next_open([free, begun, full], today=TODAY) == free
    assert next_open([begun, full], today=TODAY) == full
    assert next_open([begun], today=TODAY) is None


def test_a_whole_list_means_those_who_are_not_trained_yet() -> None:
    assert may_begin(person(1, Stage.LISTED))
    assert may_begin(person(1, Stage.CLASS_REGISTERED))
    assert not may_begin(replace(person(1, Stage.LISTED), certificate_on=TODAY))
    assert not may_begin(person(1, Stage.PAUSED))
    assert not may_begin(person(1, Stage.RETURNED))
    assert not may_begin(person(1, Stage.CLASS_DONE))
    assert not may_begin(person(1, Stage.OFFICIAL))


def test_seven_in_ten_of_the_trained_are_wanted_by_the_exact_fraction() -> None:
    trained = [replace(person(n, Stage.APPLICATION), certificate_on=TODAY) for n in range(1, 4)]
    admitted = [replace(person(n, stage), certificate_on=TODAY) for n in (4, 5) for stage in (Stage.ADMITTED,)]
    official = [replace(person(n, Stage.OFFICIAL), certificate_on=TODAY) for n in range(6, 11)]
    came_of = yield_of([*trained, *admitted, *official, person(11, Stage.OFFICIAL)])
    assert came_of == Yield(7, 10)
    assert came_of.meets(Fraction(7, 10))
    assert not Yield(69, 99).meets(Fraction(7, 10))
    assert Yield().meets(Fraction(7, 10))
