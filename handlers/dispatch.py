"""From wishes to the handler that decides: the open question first, then what is wished anew."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from domain.changes import Draft, Looked, NoteMisread, Outcome, Written
from domain.intents import Intent, Wish
from domain.messages import Reply
from domain.people import Right, holds
from domain.refusals import NotAllowed
from handlers.scene import Scene
from handlers.table import FORMS, HANDLERS
from language import wording
from language.shapes import shape
from storage.read import entries

NO_NEW_WISH = (
    Intent.OUT_OF_SCOPE,
    Intent.CONFIRM_YES,
    Intent.CONFIRM_NO,
    Intent.CHOOSE_OPTION,
    Intent.SAME_PERSON,
    Intent.OTHER_PERSON,
    Intent.EDIT_CARD,
)
"""Words that begin nothing: while something is asked they are answered with the question again."""


async def show_again(scene: Scene) -> Outcome:
    """The open question once more."""
    assert scene.question is not None and scene.question.draft is not None
    form = FORMS[scene.question.draft.form]
    outcome = await guarded(scene, form.needs, lambda: form.run(scene, ()), settles=scene.question.id)
    return _with_rest(outcome, _remembered(scene.question.draft)) if outcome else Outcome(wording.old_button())


REST = "rest"
"""Under this a draft remembers the message with the other wishes: its item, and which comes next of how many."""


async def dispatch(
    scene: Scene, wishes: tuple[Wish, ...], *, told_in: tuple[int, int] | None = None
) -> tuple[str, Outcome]:
    """The open question first, if the words answer it; otherwise the first wish of the message.

    `told_in` says of wishes that are gone on with in which item they were told, and which of them is the first.
    """
    item, at = told_in or (scene.item.id, 0)
    count = len(wishes)
    rest = (item, at + 1, at + count) if count > 1 else None
    if scene.question is not None and scene.question.draft is not None:
        if await _means_card(scene, wishes[0]):
            wishes = (replace(wishes[0], intent=Intent.CANCEL), *wishes[1:])
        form = FORMS[scene.question.draft.form]
        continued = await guarded(scene, form.needs, lambda: form.run(scene, wishes), settles=scene.question.id)
        if continued is not None:
            return scene.question.draft.form, _with_rest(continued, rest or _remembered(scene.question.draft))
        if wishes[0].intent in NO_NEW_WISH:
            again = _noted(scene, wishes, await show_again(scene))
            return scene.question.draft.form, with_words(again, wording.asked_again)
    # A new wish leaves the card further up as it is: its buttons still work.
    scene = replace(scene, wish=wishes[0], question=None)
    handler = HANDLERS.get(scene.wish.intent)
    if handler is None:
        return scene.wish.intent, Outcome(wording.not_yet(scene.wish.intent))
    outcome = await guarded(scene, handler.needs, lambda: handler.run(scene))
    assert outcome is not None
    return scene.wish.intent, _noted(scene, wishes, _with_rest(outcome, rest))


async def _means_card(scene: Scene, wish: Wish) -> bool:
    """ "Bỏ cái vừa rồi" while something unsaved is asked, and nothing was entered since, is the card: no entry."""
    is_about_last = wish.intent is Intent.UNDO_LAST and wish.number is None and not wish.is_command
    if not is_about_last or wish.record or wish.people or scene.question is None or scene.person is None:
        return False
    last = await entries.last_by(scene.tx, scene.speaker.id)
    return last is None or last.made_at <= scene.question.asked_at


def _noted(scene: Scene, wishes: tuple[Wish, ...], outcome: Outcome) -> Outcome:
    """What was not understood is counted by its shape, for those who mend the reader; nothing said in a group is."""
    is_misread = wishes[0].intent is Intent.OUT_OF_SCOPE and wishes[0].is_doubtful
    if not is_misread or scene.item.incoming.is_group:
        return outcome
    return replace(outcome, changes=(*outcome.changes, NoteMisread(shape(scene.text))))


def _remembered(draft: Draft) -> tuple[int, int, int] | None:
    rest = draft.fields.get(REST)
    return (int(rest[0]), int(rest[1]), int(rest[2])) if rest else None


def _with_rest(outcome: Outcome, rest: tuple[int, int, int] | None) -> Outcome:
    """Of several wishes one was worked on; the next is asked for when this one is settled, and none is swallowed."""
    if rest is None:
        return outcome
    item, at, count = rest
    draft = outcome.draft
    if draft is not None:
        outcome = replace(outcome, draft=replace(draft, fields={**draft.fields, REST: list(rest)}))
    return with_words(
        outcome, lambda reply: wording.with_rest(reply, count - at, item=item, at=at, is_open=draft is not None)
    )


def with_words(outcome: Outcome, add: Callable[[Reply], Reply]) -> Outcome:
    """The outcome with something added to its reply, whenever that is made."""
    said = outcome.reply
    if said is None:
        return outcome
    if isinstance(said, Reply):
        return replace(outcome, reply=add(said))

    def with_it(written: Written) -> Reply:
        return add(said(written))

    return replace(outcome, reply=with_it)


async def guarded(
    scene: Scene, needs: Right, run: Callable[[], Awaitable[Outcome | None]], *, settles: int | None = None
) -> Outcome | None:
    """A refusal becomes its sentence, and is kept in the audit. A form that refuses is over: nobody is stuck in it."""
    try:
        if not holds(scene.posts, needs, today=scene.today):
            raise NotAllowed
        return await run()
    except NotAllowed:
        own = next((post.unit_id for post in scene.posts if post.unit_id is not None), None)
        draft = scene.question.draft if scene.question is not None and settles is not None else None
        refused = Looked(draft.form if draft else scene.wish.intent, own, 0, allowed=False)
        return Outcome(wording.not_allowed(), changes=(refused,), settles=settles)
