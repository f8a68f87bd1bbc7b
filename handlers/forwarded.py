"""A forwarded message: somebody else's words. Nothing is written by them before a card was answered."""

from domain.changes import Change, Draft, Looked, Outcome
from domain.intents import Intent, Wish
from handlers.scene import Scene
from language import wording
from storage.read import traces

FORM = "forwarded"
YES = (Intent.CONFIRM_YES, Intent.SAVE_WITHOUT_NAME)


def behind_card(scene: Scene, outcome: Outcome) -> Outcome | None:
    """A card in place of an outcome that would write at once; the words stay in the inbox, the card knows only where.

    None for what asks or answers anyway.
    """
    if outcome.draft is not None or not any(_writes(change) for change in outcome.changes):
        return None
    return Outcome(wording.forwarded_card(), draft=Draft(FORM, {"item": scene.item.id}))


async def taken_up(scene: Scene, wishes: tuple[Wish, ...]) -> str:
    """The words of the forwarded message, once its card is answered with yes; otherwise nothing."""
    draft = scene.question.draft if scene.question is not None else None
    if draft is None or draft.form != FORM or wishes[0].intent not in YES:
        return ""
    return await traces.text_of(scene.tx, int(draft.fields["item"]), scene.contact.id)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """No, or the card again; yes is taken up before any form is asked."""
    assert scene.question is not None and scene.question.draft is not None
    if not wishes:
        return Outcome(wording.forwarded_card(), settles=scene.question.id, draft=scene.question.draft)
    if wishes[0].intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.dropped(), settles=scene.question.id)
    if wishes[0].intent in YES:
        return Outcome(wording.send_again(), settles=scene.question.id)
    return None


def _writes(change: Change) -> bool:
    return not isinstance(change, Looked)
