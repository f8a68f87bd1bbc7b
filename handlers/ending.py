"""The end of a class: all but those marked absent get their certificates, of one day, on one card."""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from domain.changes import Change, ChangeCandidate, Draft, EndClass, Looked, Outcome
from domain.classes import CAME_BACK, Roll, TrainingClass, judge_certificate
from domain.intents import Intent, Wish
from domain.people import Right
from domain.records import Candidate, Stage, progress
from domain.stages import Step, judge_move
from handlers import classes, stepping
from handlers.listing_form import settles
from handlers.scene import Scene
from language import filling, wording
from language.plain import fold
from storage.read import candidates, moves, units
from storage.read import classes as reading

FORM = "end_class"
PAGE = 8
"""So many people have each their own button."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known of the end so far; `absent` are people."""

    class_id: int
    absent: tuple[int, ...] = ()
    certificate_on: date | None = None
    page: int = 1
    asks: str = "absent"

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Ending)


@dataclass(frozen=True, slots=True)
class _Seated:
    """The class with those who have a seat."""

    roll: Roll
    people: tuple[Candidate, ...]

    @property
    def held(self) -> TrainingClass:
        return self.roll.of


async def end(scene: Scene) -> Outcome:
    """Who did not come is marked first; a class that is not held at all has a card of its own."""
    if scene.wish.scope == "cancelled":
        return await _cancel(scene, Ending(scene.wish.number or 0, asks="cancelled"), is_sure=False)
    found = await _seated(scene, scene.wish.number or 0)
    return found if isinstance(found, Outcome) else _ask_absent(scene, Ending(found.held.id), found)


async def _not_over(scene: Scene, class_id: int) -> TrainingClass | Outcome:
    """The class, if whoever speaks holds it and it is not over."""
    held = await classes.find(scene, class_id)
    unit = await units.by_id(scene.tx, held.unit_id, scene.today) if held is not None else None
    if held is None or unit is None or not scene.may(Right.HOLD_CLASS, unit):
        return Outcome(wording.no_such_class(), settles=settles(scene))
    if held.certificate_on is not None:
        return Outcome(wording.class_is_over(held), settles=settles(scene))
    return held


async def _cancel(scene: Scene, ending: Ending, *, is_sure: bool) -> Outcome:
    """Nobody gets a certificate; everybody registered waits for the next class."""
    held = await _not_over(scene, ending.class_id)
    if isinstance(held, Outcome):
        return held
    roll = (await reading.rolls(scene.tx, [held]))[0]
    count = len(roll.seated) + len(roll.waiting)
    if not is_sure:
        return Outcome(wording.cancelling_card(held, count), settles=settles(scene), draft=ending.draft())
    ends = EndClass(replace(held, certificate_on=scene.today), (), ())
    return Outcome(wording.class_cancelled(held, count), changes=(ends,), settles=settles(scene))


async def _seated(scene: Scene, class_id: int) -> _Seated | Outcome:
    """Those who have a seat, or why the class cannot end."""
    held = await _not_over(scene, class_id)
    if isinstance(held, Outcome):
        return held
    if held.begins_on > scene.today:
        return Outcome(wording.class_not_begun(held), settles=settles(scene))
    roll = (await reading.rolls(scene.tx, [held]))[0]
    known = await candidates.by_ids(scene.tx, [one.candidate_id for one in roll.seated])
    people = sorted(known.values(), key=lambda one: (one.unit_id, one.folded, one.id))
    if not people:
        return Outcome(wording.class_is_empty(held), settles=settles(scene))
    return _Seated(roll, tuple(people))


def _ask_absent(scene: Scene, ending: Ending, seated: _Seated) -> Outcome:
    pages = -(-len(seated.people) // PAGE)
    page = (ending.page - 1) % pages + 1
    shown = seated.people[(page - 1) * PAGE : page * PAGE]
    absent = [one for one in seated.people if one.id in ending.absent]
    reply = wording.who_was_absent(seated.held, len(seated.people), shown, absent, page=page, pages=pages)
    draft = replace(ending, page=page, asks="absent").draft()
    return Outcome(reply, changes=_looked([*shown, *absent]), settles=settles(scene), draft=draft)


def _looked(rows: list[Candidate]) -> tuple[Change, ...]:
    by_unit = {row.unit_id: {one.id for one in rows if one.unit_id == row.unit_id} for row in rows}
    return tuple(Looked("class", unit_id, len(ids)) for unit_id, ids in sorted(by_unit.items()))


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Taps on those who were absent, the day of the certificates, and yes or no."""
    assert scene.question is not None and scene.question.draft is not None
    ending = _FORM.validate_python(scene.question.draft.fields)
    wish = wishes[0] if wishes else None
    if wish is not None and wish.intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
    if ending.asks == "cancelled":
        is_answer = wish is None or wish.intent is Intent.CONFIRM_YES
        return await _cancel(scene, ending, is_sure=wish is not None) if is_answer else None
    found = await _seated(scene, ending.class_id)
    if isinstance(found, Outcome):
        return found
    if wish is None:
        return await _again(scene, ending, found)
    match ending.asks:
        case "absent":
            return _mark(scene, ending, found, wish)
        case "certificate":
            return await _certificate(scene, ending, found, wish)
        case _ if wish.intent is Intent.EDIT_CARD:
            return _ask_absent(scene, ending, found)
        case _ if wish.intent is Intent.CONFIRM_YES:
            return await _save(scene, ending, found)
        case _:
            return None


async def _again(scene: Scene, ending: Ending, seated: _Seated) -> Outcome:
    match ending.asks:
        case "absent":
            return _ask_absent(scene, ending, seated)
        case "certificate":
            return _ask_certificate(scene, ending, seated)
        case _:
            return _card(scene, ending, seated)


def _mark(scene: Scene, ending: Ending, seated: _Seated, wish: Wish) -> Outcome | None:
    """A second tap takes the mark back."""
    if filling.is_done(scene.text):
        return _ask_certificate(scene, ending, seated)
    if filling.is_next_page(scene.text):
        return _ask_absent(scene, replace(ending, page=ending.page + 1), seated)
    picked = filling.picked(scene.text)
    if picked is None and wish.intent is not Intent.OUT_OF_SCOPE:
        return None
    named = [fold(one.name) for one in wish.people or filling.of_list(scene.text, scene.today).people]
    tapped = [
        one.id
        for one in seated.people
        if one.id == picked or any(one.folded == name or one.folded.endswith(f" {name}") for name in named)
    ]
    if not tapped:
        return None
    kept = [one for one in ending.absent if one not in tapped]
    absent = (*kept, *(one for one in tapped if one not in ending.absent))
    return _ask_absent(scene, replace(ending, absent=absent), seated)


def _ask_certificate(scene: Scene, ending: Ending, seated: _Seated) -> Outcome:
    if all(one.id in ending.absent for one in seated.people):
        return Outcome(wording.nobody_came(seated.held), settles=settles(scene), draft=ending.draft())
    draft = replace(ending, asks="certificate").draft()
    reply = wording.certificates_when(seated.held, today=scene.today)
    return Outcome(reply, settles=settles(scene), draft=draft)


async def _certificate(scene: Scene, ending: Ending, seated: _Seated, wish: Wish) -> Outcome | None:
    if wish.intent is not Intent.OUT_OF_SCOPE:
        return None
    day, is_ahead = filling.day_gone(scene.text, scene.today)
    if day is None and not is_ahead:
        return None
    untimely = judge_certificate(seated.held, day or date.max, today=scene.today)
    if day is None or untimely is not None:
        draft = replace(ending, asks="certificate").draft()
        reply = wording.certificates_when(seated.held, today=scene.today, untimely=untimely)
        return Outcome(reply, settles=settles(scene), draft=draft)
    return _card(scene, replace(ending, certificate_on=day), seated)


def _card(scene: Scene, ending: Ending, seated: _Seated) -> Outcome:
    assert ending.certificate_on is not None
    absent = [one for one in seated.people if one.id in ending.absent]
    reply = wording.ending_card(
        seated.held, len(seated.people), absent, ending.certificate_on, waiting=len(seated.roll.waiting)
    )
    return Outcome(reply, changes=_looked(absent), settles=settles(scene), draft=replace(ending, asks="card").draft())


async def _save(scene: Scene, ending: Ending, seated: _Seated) -> Outcome:
    """Each move on its own. Whoever is further already keeps the stage and gets the certificate."""
    on = ending.certificate_on
    assert on is not None
    came = [one for one in seated.people if one.id not in ending.absent]
    step = Step(Stage.CLASS_DONE, on, certificate_on=on)
    changes: list[Change] = []
    for case in await moves.cases(scene.tx, came):
        against = judge_move(case, step, today=scene.today, law=scene.office.law, calendar=scene.office.calendar)
        if case.stage in CAME_BACK or progress(case.furthest) > progress(Stage.CLASS_DONE):
            changes.append(ChangeCandidate(replace(case.person, certificate_on=on)))
        elif against is None:
            changes.append(stepping.move_of(case, step))
    certified = tuple(one.id for one in seated.roll.seated if one.candidate_id not in ending.absent)
    absent = tuple(one.id for one in seated.roll.seated if one.candidate_id in ending.absent)
    held = replace(seated.held, certificate_on=on)
    reply = wording.class_ended(held, len(certified), len(absent), waiting=len(seated.roll.waiting))
    return Outcome(reply, changes=(*changes, EndClass(held, certified, absent)), settles=settles(scene))
