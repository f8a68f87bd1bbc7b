"""What is said and changed for one thing heard: by its kind, by what it answers, by its words."""

from dataclasses import replace
from datetime import timedelta

from domain.changes import MarkOutageTold, Outcome
from domain.intents import Intent, Wish
from domain.messages import Kind, Reply
from domain.people import Right, holds
from handlers import choosing, edited, forwarded, groups, joining, odd, requesting
from handlers.dispatch import dispatch, guarded, show_again, with_words
from handlers.scene import Handler, Scene
from handlers.table import KINDS
from language import filling, wording
from language.understand import understand
from storage.read import traces

ABOUT_ENTRY = (
    Intent.CORRECT_LAST,
    Intent.CORRECT_RECORD,
    Intent.UNDO_LAST,
    Intent.UNDO_RECORD,
    Intent.RESTORE_RECORD,
    Intent.SHOW_RECORD,
)

A_DAY = timedelta(days=1)
STRANGERS_WORDS = 300
"""So much of a stranger's message is read: a long one takes long, and anybody may send one after the other."""


async def answer(scene: Scene) -> tuple[str, Outcome]:
    """The outcome for one item; the word before it is for the log."""
    about, outcome = await _answer(scene)
    said_at = scene.item.said_at
    if said_at is not None and scene.now - said_at >= A_DAY:
        outcome = with_words(outcome, lambda reply: wording.came_late(reply, said_at.date()))
    outage = scene.contact.outage
    if outage is None or outcome.reply is None or scene.item.incoming.is_group:
        return about, outcome
    # The first answer to each chat after a long stop says so: what was written meanwhile may be lost.
    told = MarkOutageTold(scene.contact.id, outage.until)
    outcome = with_words(outcome, lambda reply: wording.with_outage(reply, outage.since, outage.until))
    return about, replace(outcome, changes=(*outcome.changes, told))


async def _answer(scene: Scene) -> tuple[str, Outcome]:
    incoming = scene.item.incoming
    is_member = holds(scene.posts, Right.MEMBER, today=scene.today)
    outcome = odd.answer(scene)
    if outcome is not None and (is_member or outcome.reply is None):
        return incoming.kind, outcome
    if incoming.is_group:
        return "group", await groups.answer(scene)
    if incoming.code:
        return Intent.JOIN, await joining.join(scene)
    if not is_member:
        words = scene.text[:STRANGERS_WORDS]
        return "stranger", await requesting.stranger(scene, understand(words, today=scene.said_on))
    if (handler := KINDS.get(incoming.kind)) is not None:
        return incoming.kind, await _of_kind(scene, handler)
    about, outcome = await _words(scene)
    return about, with_words(
        outcome, lambda reply: wording.with_cut(reply, incoming.marks)
    ) if incoming.marks else outcome


async def _of_kind(scene: Scene, handler: Handler) -> Outcome:
    """To whom it is not given it is a file like any other, an album of them too."""
    if not holds(scene.posts, handler.needs, today=scene.today):
        return Outcome(None if scene.item.is_one_more else wording.no_files())
    outcome = await guarded(scene, handler.needs, lambda: handler.run(scene))
    assert outcome is not None
    return outcome


async def _words(scene: Scene) -> tuple[str, Outcome]:
    incoming = scene.item.incoming
    wishes = understand(scene.text, today=scene.said_on)
    if incoming.kind is Kind.EDITED:
        return await edited.answer(scene, wishes)
    if incoming.is_forwarded:
        about, outcome = await dispatch(replace(scene, question=None), wishes)
        if (card := forwarded.behind_card(scene, outcome)) is not None:
            return forwarded.FORM, card
        return about, with_words(outcome, wording.with_forwarded) if outcome.draft is not None else outcome
    chosen = await choosing.resolve(scene, wishes)
    if isinstance(chosen, Reply):
        return Intent.CHOOSE_OPTION, Outcome(chosen)
    if chosen.shows_again:
        shown, question = await show_again(chosen.scene), chosen.scene.question
        if question is not None and question.contact_id != scene.contact.id:
            shown = with_words(shown, wording.moved_here)
        return Intent.CHOOSE_OPTION, shown
    if chosen.about and (found := await _about_entry(chosen, wishes)) is not None:
        return found
    if chosen.scene.text != scene.text:
        wishes = understand(chosen.scene.text, today=scene.said_on)
    is_open = wishes[0].intent in (Intent.OUT_OF_SCOPE, Intent.QUERY_CANDIDATES) and not wishes[0].is_command
    if is_open and (place := filling.somebody_again(chosen.scene.text)) is not None:
        wishes = (replace(wishes[0], intent=Intent.NOBODY_LEFT, branch=place, remove="mark"),)
    if (told_in := filling.gone_on(chosen.scene.text)) is not None:
        return await _go_on(chosen.scene, told_in)
    if words := await forwarded.taken_up(chosen.scene, wishes):
        question = chosen.scene.question
        about, outcome = await dispatch(
            replace(chosen.scene, text=words, question=None), understand(words, today=scene.said_on)
        )
        return about, replace(outcome, settles=question.id if question is not None else None)
    return await dispatch(chosen.scene, wishes)


async def _go_on(scene: Scene, told_in: tuple[int, int]) -> tuple[str, Outcome]:
    """The next wish of a message with several, read again from where it is kept."""
    item, at = told_in
    words = await traces.text_of(scene.tx, item, scene.contact.id)
    wishes = understand(words, today=scene.said_on)[at:]
    if not words or not wishes:
        return "gone on", Outcome(wording.words_are_gone())
    return await dispatch(replace(scene, text=words, question=None), wishes, told_in=told_in)


async def _about_entry(chosen: choosing.Chosen, wishes: tuple[Wish, ...]) -> tuple[str, Outcome] | None:
    """An answer to the receipt of an entry, if it says something about it: else it is read like any message."""
    scene, wish = replace(chosen.scene, question=None), wishes[0]
    number, *others = chosen.about
    takes_away = filling.takes_away(scene.text)
    if (wish.intent is Intent.CONFIRM_NO and not takes_away) or (takes_away and others):
        return wish.intent, Outcome(wording.mend_or_cancel(chosen.about))
    if takes_away or wish.intent is Intent.EDIT_CARD:
        wish = Wish(Intent.UNDO_RECORD if takes_away else Intent.CORRECT_RECORD)
    if wish.intent not in ABOUT_ENTRY and not wish.is_command:
        short = filling.of_correction(scene.text, scene.said_on)
        wish = short if short is not None and wish.intent in (Intent.OUT_OF_SCOPE, Intent.LOG_ADMISSION) else wish
    if wish.intent not in ABOUT_ENTRY or wish.number is not None or len(wishes) > 1:
        return None
    if others:
        return wish.intent, Outcome(wording.which_entry(chosen.about))
    return await dispatch(scene, (replace(wish, number=number),))
