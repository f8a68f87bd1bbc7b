"""The form of an admission: what is filled, what is still missing, and what speaks against it."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from domain.changes import Draft
from domain.intents import DateTrouble, Named
from domain.records import Candidate, Standing
from language.plain import fold
from language.spelling import proper

FORM = "admission"


@dataclass(frozen=True, slots=True)
class Admittee:
    """One person of the form; `is_new` stands as a draft so far, `is_other` is not the namesake in the records."""

    candidate_id: int
    is_new: bool
    ceremony_on: date | None = None
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class AdmissionForm:
    """Ids and days only: names stand in `candidates`.

    `asks` says what the last question was about, `asked` about whom, `namesake` is the one on record. `newcomer` was
    named beside those on the card: in somebody's place, or as one more. `is_apart`: others of the day are other people.
    """

    people: tuple[Admittee, ...] = ()
    unit_id: int | None = None
    ceremony_on: date | None = None
    decision_on: date | None = None
    decision_no: str = ""
    is_decision_only: bool = False
    count: int | None = None
    asks: str = ""
    asked: int | None = None
    namesake: int | None = None
    newcomer: Admittee | None = None
    is_apart: bool = False
    trouble: DateTrouble | None = None
    typed_date: str = ""

    def ceremony_of(self, one: Admittee) -> date | None:
        return None if self.is_decision_only else one.ceremony_on or self.ceremony_on

    def has_all_ceremonies(self) -> bool:
        return all(self.ceremony_of(one) for one in self.people) and bool(self.people or self.ceremony_on)

    def draft(self) -> Draft:
        fields: dict[str, object] = _FORM.dump_python(self, mode="json")
        return Draft(FORM, fields)


_FORM = TypeAdapter(AdmissionForm)


def read_form(draft: Draft) -> AdmissionForm:
    return _FORM.validate_python(draft.fields)


def new_row(named: Named, unit_id: int, candidate_id: int) -> Candidate:
    """Somebody new to us, as a draft until the card is saved."""
    name = proper(named.name)
    return Candidate(
        id=candidate_id,
        unit_id=unit_id,
        name=name,
        folded=fold(name),
        birth_year=named.birth_year,
        birth_month=named.birth_month,
        gender=named.gender,
        ethnicity=named.ethnicity,
        youth_union=named.youth_union,
        standing=Standing.DRAFT,
    )
