"""The same message from another phone and another thumb is read the same, and never becomes another event."""

from random import Random

import pytest

from tests.language.measure import rows
from tests.language.variants import VARIANTS, robustness, tone_marks_moved

SHARE = 0.95
EVENTS = 0.005
"""As measured; the aims are 0.97 and none."""


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_differs_from_the_message_and_stays_the_same_each_time(variant: str) -> None:
    vary = VARIANTS[variant]

    assert vary("Chi bộ thôn 3: hôm qua kết nạp Hoà.") != "Chi bộ thôn 3: hôm qua kết nạp Hoà."
    assert vary("Hoà, 12/11") == vary("Hoà, 12/11")


def test_tone_marks_move_there_and_back() -> None:
    assert tone_marks_moved("Hòa, thuỷ, quý, khoẻ") == "Hoà, thủy, quý, khỏe"


def test_variants_of_some_messages_are_read_the_same() -> None:
    every = [*rows("development"), *rows("test")]
    found = robustness(Random(8).sample(every, 40))

    assert found.share >= SHARE
    assert sum(change.is_another_event for change in found.changes) <= EVENTS * found.tried.total()


@pytest.mark.campaign
@pytest.mark.parametrize("part", ["development", "test"])
def test_variants_of_all_messages_are_read_the_same(part: str) -> None:
    found = robustness(rows(part))
    for variant in VARIANTS:
        print(f"{part}, {variant}: {found.share_of(variant):.1%} read the same")

    assert found.share >= SHARE
    assert sum(change.is_another_event for change in found.changes) <= EVENTS * found.tried.total()
