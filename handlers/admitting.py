"""Working a message into an admission form, and what comes next: a question, the card, or the record."""

from dataclasses import replace
from datetime import date

from domain.changes import AddCandidate, ForgetDrafts, Outcome
from domain.intents import Day, Intent, Named, Wish
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate
from domain.refusals import NotAllowed
from domain.units import Unit, UnitKind
from handlers import places
from handlers.admission_check import Filling, check, is_short, same_day
from handlers.admission_form import AdmissionForm, Admittee, new_row
from handlers.admission_saving import save
from handlers.scene import Scene, draw_id
from language import matching, wording
from language.plain import fold
from storage.read import candidates, units

CHOICES_SHOWN = 8
ASKED_WHERE = ("card", "edit", "date", "same")
"""While one of these is asked, a name beside those on the card is never simply one more."""


async def advance(
    scene: Scene, form: AdmissionForm, wish: Wish | None = None, *, saving: Intent | None = None, adds: bool = False
) -> Outcome:
    """Work the wish into the form, then ask for the first thing missing, show the card, or save."""
    settles = scene.question.id if scene.question else None
    found = await _unit(scene, form, wish)
    unit = None
    if isinstance(found, Unit):
        if form.unit_id not in (None, found.id):
            # Who is somebody else in one branch may be a namesake in another.
            form = replace(form, people=tuple(replace(one, is_other=False) for one in form.people))
        unit, form = found, replace(form, unit_id=found.id)
    filling = Filling(form, adds=adds)
    newcomer = (form.newcomer,) if form.newcomer is not None else ()
    filling.rows = await candidates.by_ids(scene.tx, [one.candidate_id for one in (*form.people, *newcomer)])
    if any(one.is_new and one.candidate_id not in filling.rows for one in (*form.people, *newcomer)):
        return Outcome(wording.card_too_old(), settles=settles)
    filling.keep_own(unit)
    if wish is not None:
        _days(filling, wish)
        await _people(scene, filling, wish, unit)
    if not isinstance(found, Unit):
        return await _ask_unit(scene, filling, found, settles)
    if filling.form.newcomer is not None:
        return _ask_place(filling, settles)
    question = await check(scene, filling, found)
    if question is None and saving is not None and form.asks == "card":
        nameless = saving is Intent.SAVE_WITHOUT_NAME
        question = await same_day(scene, filling, found) if nameless and not form.is_apart else None
        if question is None:
            return await save(scene, filling, found, nameless=nameless)
    if question is None:
        question = "card", wording.admission_card(filling.people(), filling.form, found, filling.completes)
    asks, reply = question
    draft = replace(filling.form, asks=asks).draft()
    return Outcome(reply, changes=tuple(filling.changes), settles=settles, draft=draft)


async def _unit(scene: Scene, form: AdmissionForm, wish: Wish | None) -> Unit | places.Unclear | places.Unknown:
    if wish is not None and wish.branch:
        return await places.find(scene, Right.ENTER, wish.branch, kinds={UnitKind.BRANCH})
    if form.unit_id is not None:
        unit = await units.by_id(scene.tx, form.unit_id, scene.today)
        if unit is None or not scene.may(Right.ENTER, unit):
            # The post ended or the branch was closed since: what was begun there goes nowhere else.
            raise NotAllowed
        return unit
    return await places.find(scene, Right.ENTER, kinds={UnitKind.BRANCH})


async def _ask_unit(
    scene: Scene, filling: Filling, found: places.Unclear | places.Unknown, settles: int | None
) -> Outcome:
    """Which branch: the near ties, or those right below the person's own unit."""
    named = found.named if isinstance(found, places.Unknown) else ""
    offered = await places.branches(scene, found)
    draft = replace(filling.form, asks="unit").draft()
    reply = wording.which_branch(offered[:CHOICES_SHOWN], named, is_cut=len(offered) > CHOICES_SHOWN)
    return Outcome(reply, changes=tuple(filling.changes), settles=settles, draft=draft)


def _ask_place(filling: Filling, settles: int | None) -> Outcome:
    """Somebody was named beside those on the card: in whose place, or as one more."""
    newcomer = filling.form.newcomer
    assert newcomer is not None
    reply = wording.in_whose_place(filling.rows[newcomer.candidate_id], [row for _, row in filling.people()])
    draft = replace(filling.form, asks="place").draft()
    return Outcome(reply, changes=tuple(filling.changes), settles=settles, draft=draft)


def _days(filling: Filling, wish: Wish) -> None:
    """Days and the decision's number; a day typed anew takes the place of what stood there."""
    form = filling.form
    day = _full(wish.date)
    decided = _full(wish.decision_date)
    if form.is_decision_only:
        day, decided = None, decided or day
    elif day is None and decided is None and wish.typed_date == "":
        day = _full(wish.planned_ceremony)
    if day is not None:
        people = tuple(replace(one, ceremony_on=None) for one in form.people)
        form = replace(form, ceremony_on=day, people=people)
    if wish.count is not None:
        form = replace(form, count=wish.count)
    if day or decided or wish.typed_date:
        form = replace(form, trouble=None if day or decided else wish.trouble, typed_date=wish.typed_date)
    filling.form = replace(
        form, decision_on=decided or form.decision_on, decision_no=wish.decision_no or form.decision_no
    )


def _full(day: Day | None) -> date | None:
    return day if isinstance(day, date) else None


async def _people(scene: Scene, filling: Filling, wish: Wish, unit: Unit | None) -> None:
    """Everybody named: found on the branch's list, or a new row that stands as a draft until it is saved."""
    home = unit.id if unit is not None else scene.home(Right.ENTER)
    listed = await candidates.of_units(scene.tx, [unit.id], OPEN_STAGES) if unit is not None else []
    for named in wish.people:
        if (own := _on_form(filling, named)) is not None:
            dated = replace(own, ceremony_on=_full(named.date) or own.ceremony_on)
            people = tuple(dated if one is own else one for one in filling.form.people)
            filling.form = replace(filling.form, people=people)
            continue
        met = _on_list(listed, fold(named.name))
        row = met or new_row(named, home, draw_id())
        same = next(((one, other) for one, other in filling.people() if other.folded == row.folded), None)
        if same is not None and (met is not None or not same[0].is_new or same[1].name == row.name):
            continue
        # The same name with its accents takes the place of the one without.
        renamed = same[0] if same is not None else _renamed(filling, named)
        filling.rows[row.id] = row
        if met is None:
            filling.changes.append(AddCandidate(row))
        if renamed is not None and renamed.is_new:
            filling.changes.append(ForgetDrafts((renamed.candidate_id,)))
        one = Admittee(row.id, is_new=met is None, ceremony_on=_full(named.date))
        is_beside = renamed is None and bool(filling.form.people) and filling.form.asks in ASKED_WHERE
        if is_beside and len(wish.people) == 1 and not filling.adds:
            filling.form = replace(filling.form, newcomer=one)
            continue
        kept = tuple(other for other in filling.form.people if other is not renamed)
        filling.form = replace(filling.form, people=(*kept, one))


def _on_form(filling: Filling, named: Named) -> Admittee | None:
    """Somebody already on the form, called by the given name alone."""
    given = fold(named.name)
    if " " in given or filling.form.asks == "full_name":
        return None
    called = [one for one, row in filling.people() if row.folded != given and row.folded.split()[-1:] == [given]]
    return called[0] if len(called) == 1 else None


def _renamed(filling: Filling, named: Named) -> Admittee | None:
    """Who on the card is meant by a name typed to put it right: the only one, or the one that reads alike."""
    if filling.form.asks == "full_name":
        return next((one for one, row in filling.people() if is_short(one, row)), None)
    if filling.form.asks != "edit":
        return None
    if len(filling.form.people) == 1:
        return filling.form.people[0]
    alike = matching.best(fold(named.name), [(row.folded, one) for one, row in filling.people()])
    return alike[0] if len(alike) == 1 else None


async def short_one(scene: Scene, form: AdmissionForm) -> Admittee | None:
    """The first of the form whose full name is still to be said."""
    rows = await candidates.by_ids(scene.tx, [one.candidate_id for one in form.people])
    met = ((one, rows[one.candidate_id]) for one in form.people if one.candidate_id in rows)
    return next((one for one, row in met if is_short(one, row)), None)


def _on_list(listed: list[Candidate], folded: str) -> Candidate | None:
    """The one candidate of that full name, or of that given name when only that was written."""
    same = [one for one in listed if one.folded == folded]
    if not same and " " not in folded:
        same = [one for one in listed if one.folded.split()[-1:] == [folded]]
    return same[0] if len(same) == 1 else None
