"""Buttons and bare numbers: which question they answer, and the sentence that the choice says."""

from dataclasses import dataclass, replace

from domain.intents import Intent, Wish
from domain.messages import Kind, Reply
from handlers.scene import Scene
from language import filling, wording
from language.plain import fold
from storage.read import questions, traces
from storage.read.questions import Question

YES = (Intent.CONFIRM_YES, Intent.SAVE_WITHOUT_NAME)
ANSWERS = (
    *YES,
    Intent.CONFIRM_NO,
    Intent.CANCEL,
    Intent.CHOOSE_OPTION,
    Intent.SAME_PERSON,
    Intent.OTHER_PERSON,
)
"""Words that decide on a card and say nothing of which."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The scene with its question and sentence; `shows_again` when the person may not have seen the newest card.

    `about`: the entries that the words are about, where they answer the bot's message on them.
    """

    scene: Scene
    shows_again: bool = False
    about: tuple[int, ...] = ()


async def resolve(scene: Scene, wishes: tuple[Wish, ...]) -> Chosen | Reply:
    """A press or a number becomes the sentence of its choice; other words keep the newest open question beside them."""
    if scene.item.incoming.kind is Kind.PRESS:
        return await _pressed(scene)
    if (replied := await _replied(scene, wishes)) is not None:
        return replied
    chosen = await _beside(scene, wishes)
    if scene.item.incoming.reply_to and isinstance(chosen, Chosen) and (asking := chosen.scene.question) is not None:
        # Hung on another message, it was not said to this card: that is shown again first.
        is_answer = wishes[0].intent in ANSWERS or chosen.scene.text != scene.text
        return Chosen(replace(scene, question=asking), shows_again=True) if is_answer else chosen
    return chosen


async def _beside(scene: Scene, wishes: tuple[Wish, ...]) -> Chosen | Reply:
    """Words that name no message: they may answer the newest question of the chat, or an older one by its number."""
    opened = await questions.open_of(scene.tx, scene.contact.id, scene.now)
    if (said_at := scene.item.said_at) is not None:
        # What came late answers nothing that was asked after it was said.
        opened = [question for question in opened if question.asked_at <= said_at]
    if (said := _label(scene, wishes, opened)) is not None:
        return said
    if (nothing := await _nothing(scene, wishes)) is not None:
        return nothing
    number = _number(scene, wishes)
    if number is None or (number == 0 and not opened):
        asking = next((question for question in opened if question.draft is not None), None)
        if asking is None and (moved := await _elsewhere(scene, wishes)) is not None:
            return moved
        if asking is None or wishes[0].intent not in YES:
            return Chosen(replace(scene, question=asking))
        # A bare "ok" may not be meant for a card further up, or for one not seen yet: that is shown again first.
        is_before_them = await questions.is_before_them(scene.tx, scene.contact.id, asking.id)
        return Chosen(replace(scene, question=asking), shows_again=not is_before_them)
    unsent = [question.id for question in opened if not question.is_sent]
    leaving = await questions.being_sent(scene.tx, unsent)
    sent = [question for question in opened if question.is_sent or question.is_uncertain or question.id in leaving]
    if not sent:
        return await _elsewhere(scene, wishes) or Chosen(scene)
    if sent[0].is_uncertain and sent[0].draft is not None:
        return Chosen(replace(scene, question=sent[0]), shows_again=True)
    for question in (sent[0], *(older for older in sent[1:] if older.draft is not None)):
        if 0 <= number - question.first_number < len(question.choices):
            return _says(scene, question, number)
    if sent[0].draft is not None:
        return Chosen(replace(scene, question=sent[0]))
    return Chosen(scene) if number == 0 else wording.no_such_number(len(sent[0].choices))


async def _elsewhere(scene: Scene, wishes: tuple[Wish, ...]) -> Chosen | None:
    """A yes, no or number where nothing is asked may be meant for a card in another chat of the same person.

    Numbers belong to their chat: nothing is decided, the card moves over here and is shown.
    """
    if scene.person is None or scene.item.incoming.is_group or wishes[0].intent not in ANSWERS:
        return None
    asked = await questions.open_elsewhere(scene.tx, scene.person.id, scene.contact.id, scene.now)
    return Chosen(replace(scene, question=asked), shows_again=True) if asked is not None else None


async def _replied(scene: Scene, wishes: tuple[Wish, ...]) -> Chosen | Reply | None:
    """An answer to one particular message of the bot: its card, whatever was asked since, or the entry it told of."""
    to = scene.item.incoming.reply_to
    said = await traces.said(scene.tx, scene.contact.id, to) if to else None
    if said is None:
        return None
    question = await questions.by_id(scene.tx, said.question_id) if said.question_id is not None else None
    item_id = said.item_id
    if question is not None:
        chosen = _label(scene, wishes, [question])
        number = _number(scene, wishes)
        if chosen is None and number:
            is_there = 0 <= number - question.first_number < len(question.choices)
            missing = wording.no_such_number(len(question.choices))
            chosen = _says(scene, question, number) if is_there else missing
        if question.draft is not None and question.settled_at is not None:
            if chosen is not None or wishes[0].intent in YES:
                return await _settled(scene, question)
            item_id = await traces.settled_by(scene.tx, question.id)
        elif question.draft is not None and question.expires_at > scene.now:
            return chosen or Chosen(replace(scene, question=question))
        elif chosen is not None:
            return wording.old_button() if question.draft is not None else chosen
    if item_id is None or scene.person is None:
        return None
    made = await traces.of_items(scene.tx, scene.contact.id, scene.speaker.id, [item_id], scene.now)
    return Chosen(scene, about=made.numbers) if made.numbers else None


async def _settled(scene: Scene, question: Question) -> Chosen | Reply:
    """What is said to a card that was answered: one that was only shown again is still open, further down.

    One that moved to another chat of the person, and was not answered there either, comes back.
    """
    item_id = await traces.settled_by(scene.tx, question.id)
    if item_id is None or question.draft is None:
        return wording.already_answered()
    person_id = scene.person.id if scene.person is not None else 0
    made = await traces.of_items(scene.tx, scene.contact.id, person_id, [item_id], scene.now)
    open_draft = made.waiting.draft if made.waiting is not None and not made.numbers else None
    is_same = open_draft is not None and open_draft.form == question.draft.form
    if not made.numbers and not is_same and scene.person is not None:
        moved = await questions.open_elsewhere(scene.tx, scene.person.id, scene.contact.id, scene.now)
        if moved is not None and moved.draft is not None and moved.draft.form == question.draft.form:
            return Chosen(replace(scene, question=moved), shows_again=True)
    return wording.newer_card() if is_same else wording.already_answered()


def _label(scene: Scene, wishes: tuple[Wish, ...], opened: list[Question]) -> Chosen | None:
    """The words on a button of the newest question, typed instead of pressed."""
    if not opened:
        return None
    typed, newest = fold(scene.text), opened[0]
    labels = [fold(choice.label) for choice in newest.choices]
    number, words = filling.line_typed(scene.text)
    line = number - newest.first_number
    if 0 <= line < len(labels) and words == labels[line]:
        return _says(scene, newest, number)
    if labels.count(typed) == 1:
        return _says(scene, newest, newest.first_number + labels.index(typed))
    if not typed or wishes[0].intent is not Intent.OUT_OF_SCOPE:
        return None
    ends = [index for index, label in enumerate(labels) if label.endswith(f" {typed}")]
    if len(ends) == 1:
        return _says(scene, newest, newest.first_number + ends[0])
    return _says(scene, newest, number) if 0 <= line < len(labels) and not words else None


async def _nothing(scene: Scene, wishes: tuple[Wish, ...]) -> Chosen | None:
    """ "Không có ai cả" to a letter that asks for news is what its button says, while it is the newest thing said."""
    may_answer = len(wishes) == 1 and wishes[0].intent in (Intent.OUT_OF_SCOPE, Intent.CONFIRM_NO)
    if not may_answer or not filling.is_nothing(scene.text):
        return None
    asked = await questions.last_said(scene.tx, scene.contact.id)
    if asked is None or asked.draft is not None or asked.person_id != (scene.person.id if scene.person else None):
        return None
    says = [choice.says for choice in asked.choices if filling.reports_nothing(choice.says)]
    if not says:
        return None
    # Asked about several branches, it is not said of which: the month alone is kept.
    text = says[0] if len(says) == 1 else filling.month_of_nothing(says[0])
    return Chosen(replace(scene, text=text, question=None))


def _number(scene: Scene, wishes: tuple[Wish, ...]) -> int | None:
    if len(wishes) == 1 and wishes[0].intent is Intent.CHOOSE_OPTION:
        return wishes[0].choice
    return 0 if len(wishes) == 1 and wishes[0].intent is Intent.MENU and scene.text.strip() == "0" else None


async def _pressed(scene: Scene) -> Chosen | Reply:
    question_id, _, number = scene.item.incoming.pressed.partition(":")
    if not (question_id.isascii() and question_id.isdigit() and number.isascii() and number.isdigit()):
        return wording.old_button()
    question = await questions.by_id(scene.tx, int(question_id)) if len(question_id) < 19 else None
    if question is None or question.contact_id != scene.contact.id:
        return wording.old_button()
    if question.person_id != (scene.person.id if scene.person else None):
        return wording.not_your_button()
    if not 0 <= int(number) - question.first_number < len(question.choices):
        return wording.old_button()
    if question.draft is not None and question.settled_at is not None:
        return await _settled(scene, question)
    if question.draft is not None and question.expires_at <= scene.now:
        return wording.old_button()
    return _says(scene, question, int(number))


def _says(scene: Scene, question: Question, number: int) -> Chosen:
    choice = question.choices[number - question.first_number]
    return Chosen(replace(scene, text=choice.says, question=question if question.draft is not None else None))
