"""Which entry a message is about, and which other entry stands for the same person."""

from datetime import date

from domain.admissions import next_distinguisher
from domain.calendar import last_day_of_month
from domain.people import Right, reaches
from domain.records import Candidate, Entry, Fact, Standing
from domain.refusals import NotAllowed
from domain.units import Unit
from handlers.scene import Scene
from language.plain import fold
from storage.read import candidates, entries, units


async def find(scene: Scene, right: Right, number: int | None) -> tuple[Entry, Unit]:
    """The newest version of the entry, or of the person's own last one. Raises NotAllowed for what is out of reach."""
    entry = (
        await entries.live_version(scene.tx, number)
        if number is not None
        else await entries.last_by(scene.tx, scene.speaker.id)
    )
    unit = await _unit_of(scene, right, entry) if entry is not None else None
    if entry is None or unit is None:
        raise NotAllowed
    return entry, unit


async def has_own(scene: Scene) -> bool:
    """Whether there is anything that "the last entry" may mean."""
    return await entries.last_by(scene.tx, scene.speaker.id) is not None


async def _unit_of(scene: Scene, right: Right, entry: Entry) -> Unit | None:
    """Where the entry belongs, if it is in reach: the tree of today says who answers for it.

    Of a branch that was closed since, only those above it may still put something right.
    """
    unit = await units.by_id(scene.tx, entry.unit_id, scene.today)
    if unit is not None:
        return unit if scene.may(right, unit) else None
    closed = await units.by_id(scene.tx, entry.unit_id, entry.made_at.date())
    if closed is None or not any(post.unit_id != closed.id and reaches(post, right, closed) for post in scene.posts):
        return None
    return closed


async def person_of(scene: Scene, entry: Entry) -> Candidate | None:
    """Whom the entry is about; None where it has numbers only."""
    if entry.candidate_id is None:
        return None
    return (await candidates.by_ids(scene.tx, [entry.candidate_id])).get(entry.candidate_id)


async def has_admission(scene: Scene, unit: Unit, month: date) -> bool:
    """Whether a ceremony or a decision of the branch lies in that calendar month, whenever it was entered."""
    for fact in (Fact.CEREMONY, Fact.DECISION):
        if await entries.of_units(scene.tx, [unit.id], month, last_day_of_month(month), fact):
            return True
    return False


def is_gone(person: Candidate | None) -> bool:
    """Erased with a batch: their entry cannot come back."""
    return person is not None and person.standing is Standing.ERASED


async def is_meant(scene: Scene, entry: Entry) -> bool:
    """Whether the last entry is of the person named, where one was: nobody else's is ever touched in its place."""
    named = scene.wish.record or (scene.wish.people[0].name if scene.wish.people else "")
    if scene.wish.number is not None or not named:
        return True
    person = await person_of(scene, entry)
    return person is not None and f" {person.folded}".endswith(f" {fold(named)}")


async def twin(scene: Scene, person: Candidate, day: date, *, was: Candidate) -> Entry | None:
    """The admission of that name on that day in the branch, of a row that nobody told apart from this one.

    Those who shared the name before (`was`) were told apart by their number then.
    """
    for other in await _others(scene, person):
        if other.distinguisher != person.distinguisher and person.folded == was.folded:
            continue
        entry = await entries.of_candidate(scene.tx, other.id)
        if entry is not None and (entry.ceremony_on or entry.decision_on) == day:
            return entry
    return None


async def told_apart(scene: Scene, person: Candidate, *, was: Candidate) -> int:
    """The person's number among those of the name in the branch: the one held, unless somebody else has it."""
    others = await _others(scene, person)
    is_taken = any(other.distinguisher == person.distinguisher for other in others)
    return next_distinguisher(others) if is_taken or person.folded != was.folded else person.distinguisher


async def _others(scene: Scene, person: Candidate) -> list[Candidate]:
    if not person.folded:
        return []
    namesakes = await candidates.namesakes(scene.tx, person.unit_id, person.folded)
    return [other for other in namesakes if other.id != person.id]
