"""The talk about an admission or a decision: one sentence or step by step, then a card, then the record."""

from dataclasses import replace

from domain.changes import Change, ForgetDrafts, Outcome
from domain.intents import Intent, Named, Wish
from domain.messages import Reply
from domain.people import Right
from domain.records import OPEN_STAGES, Standing
from domain.refusals import NotAllowed
from handlers.admission_form import AdmissionForm, Admittee, read_form
from handlers.admission_saving import told_twice
from handlers.admitting import advance, short_one
from handlers.scene import Scene
from language import filling, wording
from storage.read import candidates, entries, units

_ON_TWIN = (Intent.SAME_PERSON, Intent.OTHER_PERSON, Intent.CONFIRM_YES, Intent.CONFIRM_NO)


async def log(scene: Scene) -> Outcome:
    """An admission or a decision in one sentence, or the beginning of the talk about it."""
    form = AdmissionForm(is_decision_only=scene.wish.intent is Intent.LOG_DECISION)
    if (likely := filling.admitted(scene.text)) is not None:
        return await _likely(scene, form, likely)
    return await advance(scene, form, scene.wish)


async def _likely(scene: Scene, form: AdmissionForm, candidate_id: int) -> Outcome:
    """Somebody offered by a reminder, if still on the list of a branch that the speaker answers for."""
    row = (await candidates.by_ids(scene.tx, [candidate_id])).get(candidate_id)
    unit = await units.by_id(scene.tx, row.unit_id, scene.today) if row is not None else None
    if row is None or unit is None or not scene.may(Right.ENTER, unit):
        raise NotAllowed
    if row.standing is not Standing.LIVE or row.stage not in OPEN_STAGES:
        return Outcome(wording.old_button())
    return await advance(scene, replace(form, unit_id=unit.id, people=(Admittee(row.id, is_new=False),)))


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The next words in the talk; None when they begin something new."""
    assert scene.question is not None and scene.question.draft is not None
    form = read_form(scene.question.draft)
    if not wishes:
        return await advance(scene, form)
    wish = wishes[0]
    if form.asks == "place":
        return await _placed(scene, form, wish)
    if form.asks in ("same", "same_day") and wish.intent in _ON_TWIN:
        return await _on_twin(scene, form, wish)
    if (more := _one_more(scene, form, wish)) is not None:
        return await advance(scene, form, more, adds=True)
    match wish.intent:
        case Intent.CONFIRM_YES if form.asks == "count":
            return await advance(scene, replace(form, count=None))
        case Intent.CONFIRM_YES | Intent.SAVE_WITHOUT_NAME if form.asks == "card":
            return await advance(scene, form, saving=wish.intent)
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return _drop(scene, form, wording.dropped())
        case Intent.EDIT_CARD | Intent.CORRECT_LAST if not (wish.new or wish.date):
            return Outcome(wording.what_to_edit(), settles=scene.question.id, draft=replace(form, asks="edit").draft())
        case Intent.CORRECT_LAST:
            return await advance(scene, replace(form, asks="edit"), _as_filling(scene, wish))
        case Intent.LOG_ADMISSION | Intent.LOG_DECISION:
            return await _told(scene, form, wish)
        case Intent.OUT_OF_SCOPE | Intent.CHOOSE_OPTION | Intent.GREETING:
            return await _fill(scene, form)
        case _:
            return None


async def _told(scene: Scene, form: AdmissionForm, wish: Wish) -> Outcome | None:
    """A sentence about an admission goes into a form that still lacks people; otherwise it begins its own."""
    is_other_kind = form.is_decision_only is not (wish.intent is Intent.LOG_DECISION)
    if form.people or wish.is_command or is_other_kind:
        return None
    # A sentence with a name is whole in itself: how many an earlier one spoke of is no longer asked.
    return await advance(scene, replace(form, count=None) if wish.people else form, wish)


async def _on_twin(scene: Scene, form: AdmissionForm, wish: Wish) -> Outcome:
    """The answer whether somebody on record is the same person."""
    if filling.drops(scene.text):
        return _drop(scene, form, wording.dropped())
    is_same = wish.intent in (Intent.SAME_PERSON, Intent.CONFIRM_YES)
    if form.asks == "same":
        return await _settle_namesake(scene, form, is_same=is_same)
    if is_same:
        return _drop(scene, form, wording.kept_as_it_was())
    apart = replace(form, asks="card", is_apart=True)
    return await advance(scene, apart, saving=Intent.SAVE_WITHOUT_NAME)


def _one_more(scene: Scene, form: AdmissionForm, wish: Wish) -> Wish | None:
    """Somebody who is said to be one more on the card."""
    if not form.people or wish.is_command or wish.intent not in (Intent.OUT_OF_SCOPE, Intent.ADD_CANDIDATE):
        return None
    more = filling.one_more(scene.text)
    filled = filling.of_admission(more, scene.today) if more else None
    return filled if filled is not None and filled.people else None


def _as_filling(scene: Scene, wish: Wish) -> Wish:
    """A correction of what is on the card, read as what fills it."""
    if wish.field == "name" and wish.new:
        return Wish(Intent.LOG_ADMISSION, people=(Named(wish.new),))
    if wish.date is not None:
        return wish
    return filling.of_admission(wish.new, scene.today)


async def _fill(scene: Scene, form: AdmissionForm) -> Outcome | None:
    """Words that are no wish of their own: a picked person, a name, a day, a branch."""
    if (picked := filling.picked(scene.text)) is not None:
        return await _picked(scene, form, picked)
    filled = filling.of_admission(scene.text, scene.today)
    if form.asks == "unit" and not filled.branch:
        filled = replace(filled, branch=scene.text, people=())
    elif not filling.is_an_answer(scene.text, filled, scene.today):
        return None
    if not (filled.people or filled.date or filled.branch or filled.typed_date or filled.decision_no):
        return None
    return await advance(scene, form, filled)


async def _picked(scene: Scene, form: AdmissionForm, candidate_id: int) -> Outcome:
    """Somebody from the list joins the form, in the place of the one whose full name was asked."""
    short = await short_one(scene, form) if form.asks == "full_name" else None
    people = tuple(one for one in form.people if one is not short and one.candidate_id != candidate_id)
    form = replace(form, people=(*people, Admittee(candidate_id, is_new=False)))
    outcome = await advance(scene, form)
    forget = (ForgetDrafts((short.candidate_id,)),) if short is not None else ()
    return replace(outcome, changes=(*outcome.changes, *forget))


async def _placed(scene: Scene, form: AdmissionForm, wish: Wish) -> Outcome | None:
    """In whose place the one named last comes, or that it is one more."""
    newcomer, picked = form.newcomer, filling.picked(scene.text)
    if wish.intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return _drop(scene, form, wording.dropped())
    if newcomer is None or not (filling.is_one_more(scene.text) or picked is not None):
        return None
    gone = next((one for one in form.people if one.candidate_id == picked), None)
    people = tuple(newcomer if one is gone else one for one in form.people)
    if gone is None:
        people = (*form.people, newcomer)
    outcome = await advance(scene, replace(form, people=people, newcomer=None, asks="", count=None))
    forget = (ForgetDrafts((gone.candidate_id,)),) if gone is not None and gone.is_new else ()
    return replace(outcome, changes=(*outcome.changes, *forget))


def _drop(scene: Scene, form: AdmissionForm, said: Reply) -> Outcome:
    assert scene.question is not None
    everybody = (*form.people, *((form.newcomer,) if form.newcomer is not None else ()))
    drafts = tuple(one.candidate_id for one in everybody if one.is_new)
    changes: tuple[Change, ...] = (ForgetDrafts(drafts),) if drafts else ()
    return Outcome(said, changes=changes, settles=scene.question.id)


async def _settle_namesake(scene: Scene, form: AdmissionForm, *, is_same: bool) -> Outcome:
    """Somebody else goes on with the form; the same person with an admission on record leaves it."""
    assert scene.question is not None
    asked = next((one for one in form.people if one.candidate_id == form.asked), None)
    if asked is None or form.namesake is None:
        return await advance(scene, form)
    if not is_same:
        people = tuple(replace(one, is_other=True) if one is asked else one for one in form.people)
        return await advance(scene, replace(form, people=people, asked=None, namesake=None))
    forget: tuple[Change, ...] = (ForgetDrafts((asked.candidate_id,)),) if asked.is_new else ()
    unit = await units.by_id(scene.tx, form.unit_id or 0, scene.today)
    if unit is None or not scene.may(Right.ENTER, unit):
        raise NotAllowed
    rows = await candidates.by_ids(scene.tx, [form.namesake])
    entry = await entries.of_candidate(scene.tx, form.namesake)
    if entry is None and form.namesake in rows and rows[form.namesake].stage in OPEN_STAGES:
        known = Admittee(form.namesake, is_new=False, ceremony_on=asked.ceremony_on)
        people = tuple(known if one is asked else one for one in form.people)
        outcome = await advance(scene, replace(form, people=people, asked=None, namesake=None))
        return replace(outcome, changes=(*outcome.changes, *forget))
    changes = (*forget, *await told_twice(scene, form.namesake))
    left = tuple(one for one in form.people if one is not asked)
    if not left:
        return Outcome(wording.kept_as_it_was(), changes=changes, settles=scene.question.id)
    outcome = await advance(scene, replace(form, people=left, count=None, asked=None, namesake=None))
    return replace(outcome, changes=(*outcome.changes, *changes))
