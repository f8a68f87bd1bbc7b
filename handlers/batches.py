"""A wrong import undone as a whole: its card says what ends, what stays, and what somebody touched since."""

from domain.calendar import letter_time
from domain.changes import Change, Draft, Outcome, PlanLetter, UndoBatch
from domain.intents import Intent, Wish
from domain.past import Batch
from domain.people import Right, reaches
from domain.refusals import NotAllowed
from handlers.scene import Scene
from language import wording
from storage.read import batches, units

FORM = "undo_batch"


async def undo(scene: Scene) -> Outcome:
    """`/huy lô 3`: always behind a card, for it is many entries at once."""
    return _card(scene, await _find(scene, scene.wish.number))


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to undoing it."""
    assert scene.question is not None and scene.question.draft is not None
    fields = scene.question.draft.fields
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
        case Intent.CONFIRM_YES:
            batch = await _find(scene, int(fields["number"]))
            is_as_shown = [len(batch.entries), len(batch.people)] == fields["shown"]
            return _done(scene, batch) if is_as_shown and batch.undone_at is None else _card(scene, batch)
        case None:
            return _card(scene, await _find(scene, int(fields["number"])))
        case _:
            return None


async def _find(scene: Scene, number: int | None) -> Batch:
    """The batch, if everything that it wrote is in reach."""
    batch = await batches.by_number(scene.tx, number) if number is not None else None
    if batch is None:
        raise NotAllowed
    places = await units.by_ids(scene.tx, batch.unit_ids, scene.today)
    places = await units.by_ids(scene.tx, batch.unit_ids, batch.made_at.date()) | places
    for unit_id in batch.unit_ids:
        unit = places.get(unit_id)
        if unit is None or not any(reaches(post, Right.IMPORT, unit) for post in scene.posts):
            raise NotAllowed
    return batch


def _card(scene: Scene, batch: Batch) -> Outcome:
    settles = _settles(scene, batch)
    if batch.undone_at is not None:
        return Outcome(wording.batch_undone_already(batch), settles=settles)
    if not batch.entries and not batch.people:
        return Outcome(wording.nothing_of_batch_left(batch), settles=settles)
    draft = Draft(FORM, {"number": batch.number, "shown": [len(batch.entries), len(batch.people)]})
    return Outcome(wording.batch_card(batch), settles=settles, draft=draft)


def _done(scene: Scene, batch: Batch) -> Outcome:
    changes = (UndoBatch(batch.number), *_tell_importer(scene, batch))
    return Outcome(wording.batch_undone(batch), changes=changes, settles=_settles(scene, batch))


def _tell_importer(scene: Scene, batch: Batch) -> tuple[Change, ...]:
    """Whoever imported it hears that a colleague took it back."""
    if batch.person_id in (None, scene.speaker.id):
        return ()
    return (
        PlanLetter(
            key=f"batch-undone|{batch.number}|{batch.person_id}",
            rule="batch-undone",
            person_id=batch.person_id,
            not_before=letter_time(scene.office.calendar, scene.now),
            reply=wording.batch_undone_by(batch.number, scene.speaker.id),
        ),
    )


def _settles(scene: Scene, batch: Batch) -> int | None:
    """The open question, if it is about this batch: any other card stays open."""
    question = scene.question
    if question is None or question.draft is None or question.draft.form != FORM:
        return None
    return question.id if question.draft.fields.get("number") == batch.number else None
