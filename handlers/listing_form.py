"""The form behind the talks about candidates."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from domain.changes import Draft
from domain.intents import Day
from domain.records import Because, DropReason, Stage
from handlers.scene import Scene

ADD_FORM = "add_candidate"
MOVE_FORM = "move_candidate"
DROP_FORM = "drop_candidate"
CONSENT_FORM = "withdraw_consent"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is being done to whom; new people are draft rows.

    `ties` are those among whom somebody is still to be chosen, one after the other; `missing` counts those who were
    named and found nowhere. `newcomer` was named beside those on the card: in somebody's place, or as one more.
    `because` lifts doubts about the move, `is_sure` answers the card of a weighty one.
    `admitted_on` is of somebody admitted elsewhere, `helpers` are draft rows of those who shall help, and `withdraws`
    says which way a consent goes; `class_id` is the class in which people are registered.
    """

    unit_id: int | None = None
    people: tuple[int, ...] = ()
    ties: tuple[tuple[int, ...], ...] = ()
    missing: int = 0
    stage: Stage | None = None
    certificate_on: date | None = None
    on: date | None = None
    admitted_on: date | None = None
    votes_for: int | None = None
    votes_all: int | None = None
    because: tuple[Because, ...] = ()
    is_sure: bool = False
    withdraws: bool = False
    reason: DropReason | None = None
    helpers: tuple[int, ...] = ()
    asks: str = ""
    newcomer: int | None = None
    class_id: int | None = None

    def drafts(self) -> tuple[int, ...]:
        """The rows of people new to us."""
        return (*self.people, *((self.newcomer,) if self.newcomer is not None else ()))

    def draft(self, form: str) -> Draft:
        return Draft(form, LISTING.dump_python(self, mode="json"))


LISTING = TypeAdapter(Listing)


def read_listing(scene: Scene) -> Listing:
    assert scene.question is not None and scene.question.draft is not None
    return LISTING.validate_python(scene.question.draft.fields)


def settles(scene: Scene) -> int | None:
    return scene.question.id if scene.question else None


def full_day(day: Day | None) -> date | None:
    """A day that is known to the day."""
    return day if isinstance(day, date) else None
