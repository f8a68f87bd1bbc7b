from typing import Any

import pytest

from domain.incidents import MIB, Ear, Hearing, IncidentKind, Limits, Observed, judge

WELL = Observed(
    watched_seconds=1000,
    signs={"tick": 20, "hear:telegram:7001": 25},
    ears=(Ear("telegram:7001", Hearing.WELL, 25),),
    machine="one",
    free_bytes=9000 * MIB,
)


def there(seen: Observed) -> set[IncidentKind]:
    return {each.trouble.kind for each in judge(seen, Limits()) if each.is_there}


def unsure(seen: Observed) -> set[IncidentKind]:
    return {each.trouble.kind for each in judge(seen, Limits()) if each.is_there is None}


def changed(**values: Any) -> Observed:
    return Observed(**{**{name: getattr(WELL, name) for name in Observed.__slots__}, **values})


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (WELL, set[IncidentKind]()),
        (changed(signs={"tick": 59, "hear:telegram:7001": 149}), set[IncidentKind]()),
        (changed(signs={"tick": 61, "hear:telegram:7001": 25}), {IncidentKind.TICK_MISSED}),
        (changed(signs={"tick": 20, "hear:telegram:7001": 151}), {IncidentKind.POLLER_SILENT}),
        (changed(signs={"tick": 20}), {IncidentKind.POLLER_SILENT}),
        (changed(signs={}, ears=()), {IncidentKind.TICK_MISSED}),
        (changed(ears=(Ear("telegram:7001", Hearing.REFUSED),)), {IncidentKind.CHANNEL_REFUSED}),
        (changed(ears=(Ear("telegram:7001", Hearing.CONFLICT),)), {IncidentKind.CHANNEL_CONFLICT}),
        (changed(ears=(Ear("telegram:7001", Hearing.NOT_REACHED),)), {IncidentKind.WEBHOOK_FAILING}),
        (changed(inbox_age=301), {IncidentKind.INBOX_OLD}),
        (changed(outbox_age=601), {IncidentKind.OUTBOX_OLD}),
        (changed(letter_age=3601), {IncidentKind.LETTERS_OLD}),
        (changed(free_bytes=499 * MIB), {IncidentKind.DISK_LOW}),
    ],
)
def test_what_is_more_than_a_hitch_is_an_incident(seen: Observed, told: set[IncidentKind]) -> None:
    assert there(seen) == told


def test_whoever_is_refused_is_silent_too_and_that_is_told_once() -> None:
    seen = changed(signs={"tick": 1}, ears=(Ear("telegram:7001", Hearing.REFUSED),))
    assert there(seen) == {IncidentKind.CHANNEL_REFUSED}


def test_right_after_a_start_old_signs_say_nothing_yet() -> None:
    after_three_days = changed(watched_seconds=5, signs={"tick": 260_000, "hear:telegram:7001": 260_000})
    assert there(after_three_days) == set()
    assert unsure(after_three_days) == {IncidentKind.TICK_MISSED, IncidentKind.POLLER_SILENT}


def test_a_process_that_only_stands_by_neither_opens_nor_closes_what_concerns_the_account() -> None:
    seen = changed(ears=(Ear("telegram:7001", Hearing.UNSURE),))
    assert there(seen) == set()
    assert unsure(seen) == {
        IncidentKind.CHANNEL_REFUSED,
        IncidentKind.CHANNEL_CONFLICT,
        IncidentKind.WEBHOOK_FAILING,
    }


def test_a_disk_just_above_the_limit_does_not_come_and_go() -> None:
    assert unsure(changed(free_bytes=501 * MIB)) == {IncidentKind.DISK_LOW}
