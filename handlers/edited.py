"""An edited message: what its earlier words led to is put right, made anew, or, where it was nothing, read as new."""

from dataclasses import replace

from domain.changes import Outcome
from domain.intents import Intent, Wish
from domain.messages import Kind
from domain.people import Right
from domain.records import Entry, EntryKind, EntryState
from handlers import corrections, on_record
from handlers.dispatch import dispatch, guarded, show_again, with_words
from handlers.scene import Scene
from handlers.table import FORMS
from language import wording
from language.plain import fold
from storage.read import candidates, traces
from storage.read.questions import Question

DROPS = (Intent.CONFIRM_NO, Intent.CANCEL)
FITS_NOTHING = (Intent.OUT_OF_SCOPE, Intent.CONFIRM_YES, Intent.CHOOSE_OPTION, Intent.EDIT_CARD)
TELLS = (Intent.LOG_ADMISSION, Intent.LOG_DECISION)
CORRECTS = (Intent.CORRECT_LAST, Intent.CORRECT_RECORD)


async def answer(scene: Scene, wishes: tuple[Wish, ...]) -> tuple[str, Outcome]:
    """Silence where nothing is different: platforms tell of edits that nobody sees, too."""
    about = f"{Kind.EDITED}"
    earlier = await traces.versions(scene.tx, scene.contact.id, scene.item.incoming.message_id, before=scene.item.id)
    if any(one.kind not in (Kind.TEXT, Kind.EDITED) for one in earlier) or (earlier and earlier[-1].text == scene.text):
        return about, Outcome(None)
    trace = await traces.of_items(
        scene.tx, scene.contact.id, scene.speaker.id, [one.item_id for one in earlier], scene.now
    )
    if trace.numbers:
        return about, await _about_entries(scene, wishes, trace.numbers, trace.waiting)
    if trace.waiting is None:
        return await dispatch(replace(scene, question=None), wishes)
    if trace.is_answer:
        return about, await _answered_anew(scene, wishes, trace.waiting)
    return about, await _made_anew(scene, wishes, trace.waiting)


async def _made_anew(scene: Scene, wishes: tuple[Wish, ...], question: Question) -> Outcome:
    """The card goes, with its drafts, and the new words make another; what was answered on it is asked again."""
    if wishes[0].intent in FITS_NOTHING:
        again = await show_again(replace(scene, question=question))
        return with_words(again, wording.edit_not_understood)
    dropped = await _dropped(scene, question)
    if wishes[0].intent in DROPS:
        return dropped
    _, anew = await dispatch(replace(scene, question=None), wishes)
    anew = replace(anew, changes=(*dropped.changes, *anew.changes), settles=question.id)
    return with_words(anew, wording.with_edit)


async def _dropped(scene: Scene, question: Question) -> Outcome:
    """What pressing `Bỏ` on the card would do."""
    assert question.draft is not None
    form = FORMS[question.draft.form]
    asked = replace(scene, question=question)
    dropped = await guarded(asked, form.needs, lambda: form.run(asked, (Wish(Intent.CANCEL),)), settles=question.id)
    return dropped or Outcome(wording.kept_as_it_was(), settles=question.id)


async def _answered_anew(scene: Scene, wishes: tuple[Wish, ...], question: Question) -> Outcome:
    """The message was an answer within a talk: the card is edited by what it says now."""
    assert question.draft is not None
    form = FORMS[question.draft.form]
    asked = replace(scene, question=question)
    edit = await guarded(asked, form.needs, lambda: form.run(asked, (Wish(Intent.EDIT_CARD),)), settles=question.id)
    if edit is not None and edit.draft is not None:
        asked = replace(scene, question=replace(question, draft=edit.draft))
    outcome = await guarded(asked, form.needs, lambda: form.run(asked, wishes), settles=question.id)
    if outcome is None:
        return with_words(await show_again(replace(scene, question=question)), wording.edit_not_understood)
    return with_words(outcome, wording.with_edit)


async def _about_entries(
    scene: Scene, wishes: tuple[Wish, ...], numbers: tuple[int, ...], waiting: Question | None
) -> Outcome:
    """The message made entries: a card with before and after, never a second entry."""
    wish = wishes[0]
    scene = replace(scene, wish=wish, question=None)
    outcome = await guarded(scene, Right.ENTER, lambda: _mended(scene, wish, numbers))
    assert outcome is not None
    if waiting is None:
        return outcome
    # An earlier edit left a card of its own open; this one takes its place.
    dropped = await _dropped(scene, waiting)
    return replace(outcome, changes=(*dropped.changes, *outcome.changes), settles=waiting.id)


async def _mended(scene: Scene, wish: Wish, of_message: tuple[int, ...]) -> Outcome:
    """Somebody else may answer for the entries meanwhile: then they are like any others out of reach."""
    found = [await on_record.find(scene, Right.ENTER, number) for number in of_message]
    made = list({entry.number: entry for entry, _ in found}.values())
    numbers = [entry.number for entry in made]
    if len(made) == 1 and (made[0].kind is not EntryKind.ADMISSION or made[0].state is not EntryState.LIVE):
        return await corrections.by_edit(scene, made[0].number, wish)
    if wish.intent in CORRECTS and len(made) == 1:
        return await corrections.by_edit(scene, numbers[0], wish)
    if wish.intent not in TELLS:
        return Outcome(wording.edit_changes_no_entry(numbers))
    if len(made) == 1 and len(wish.people) < 2:
        return await corrections.by_edit(scene, numbers[0], wish)
    return await _mended_one(scene, wish, made)


async def _mended_one(scene: Scene, wish: Wish, made: list[Entry]) -> Outcome:
    """Of several people the one about whom something is different; if it is more than one, each is put right alone."""
    numbers = [entry.number for entry in made]
    rows = await candidates.by_ids(scene.tx, [one.candidate_id for one in made if one.candidate_id is not None])
    left = list(made)
    different: list[tuple[int, Wish]] = []
    unknown: list[Wish] = []
    for named in wish.people:
        said = replace(wish, people=(named,), date=named.date or wish.date)
        folded = fold(named.name)
        met = (
            next((one for one in left if f" {rows[one.candidate_id or 0].folded}".endswith(f" {folded}")), None)
            if rows
            else None
        )
        if met is None:
            unknown.append(said)
            continue
        left.remove(met)
        if corrections.is_different(met, said):
            different.append((met.number, said))
    if len(unknown) == 1 and len(left) == 1:
        different.append((left[0].number, unknown[0]))
        unknown = []
    if len(different) == 1 and not unknown:
        return await corrections.by_edit(scene, *different[0])
    if not different and not unknown:
        return Outcome(
            wording.edit_says_the_same(numbers[0]) if len(numbers) == 1 else wording.edit_changes_no_entry(numbers)
        )
    return Outcome(wording.edit_of_several(numbers, has_new=bool(unknown)))
