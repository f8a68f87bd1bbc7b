"""The words of the office's workbook fit together and fit into Excel."""

from collections.abc import Collection, Mapping
from enum import StrEnum

import pytest

from domain.people import Role
from domain.units import Sector, UnitKind
from language.headings import ADMIN_WORDS, EXAMPLES, HEADINGS, KIND_WORDS, NO_WORDS, ROLE_WORDS, SECTOR_WORDS, YES_WORDS
from language.plain import fold

LISTS: dict[str, Collection[Collection[str]]] = {
    "kinds": KIND_WORDS.values(),
    "sectors": SECTOR_WORDS.values(),
    "roles": (*ROLE_WORDS.values(), ADMIN_WORDS),
    "yes and no": (YES_WORDS, NO_WORDS),
}


@pytest.mark.parametrize("name", LISTS)
def test_no_word_stands_for_two_things(name: str) -> None:
    words = [fold(word) for words in LISTS[name] for word in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [(KIND_WORDS, set(UnitKind)), (SECTOR_WORDS, set(Sector)), (ROLE_WORDS, set(Role) - {Role.ADMIN})],
    ids=["kinds", "sectors", "roles"],
)
def test_everything_that_may_be_chosen_has_a_word(
    words: Mapping[StrEnum, tuple[str, ...]], wanted: set[StrEnum]
) -> None:
    assert set(words) == wanted


def test_titles_differ_within_a_sheet_and_hints_fit_into_excel() -> None:
    for headings in HEADINGS.values():
        titles = {fold(heading.title) for heading in headings}
        assert len(titles) == len(headings)
        assert all(len(heading.title) <= 32 and len(heading.hint) <= 255 for heading in headings)


def test_examples_fill_in_columns_of_their_sheet() -> None:
    for sheet, rows in EXAMPLES.items():
        columns = {heading.column for heading in HEADINGS[sheet]}
        assert all(set(row) <= columns for row in rows)
