"""The session of the deciding committee: its agenda, its file, and all its results entered in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from domain.admissions import Future, OverAYearBack, judge_days
from domain.calendar import closing_day_of, letter_time
from domain.cases import Case
from domain.changes import Change, Draft, Looked, MoveCandidate, Outcome, PlanLetter, Record, Written
from domain.intents import DateTrouble, Intent, Wish
from domain.law import Rule, is_foreseen_only, last_day, rule_for
from domain.messages import Reply
from domain.people import Right, Role
from domain.records import EntryKind, Move, ReturnReason, Stage
from domain.sessions import Ready, next_closing
from domain.units import Unit
from handlers import places
from handlers.admission_saving import giving_way
from handlers.scene import Scene
from language import sessions, wording
from storage.read import candidates, people, units
from storage.read import sessions as read

FORM = "session"


@dataclass(frozen=True, slots=True)
class Results:
    """The results as far as they were told. `shown` are the people of the agenda in the order of their numbers."""

    unit_id: int
    closes_on: date
    shown: tuple[int, ...] = ()
    approved: tuple[int, ...] = ()
    returned: tuple[tuple[int, ReturnReason | None], ...] = ()
    held: tuple[int, ...] = ()
    decision_no: str = ""
    decision_on: date | None = None
    trouble: DateTrouble | None = None
    asks: str = ""

    def draft(self) -> Draft:
        return Draft(FORM, RESULTS.dump_python(self, mode="json"))


RESULTS = TypeAdapter(Results)


async def show(scene: Scene) -> Outcome:
    """`/kyhop`: who is ready, who lacks which paper, whose papers went back; `/kyhop tệp`: the same as a file."""
    asked = sessions.asked(scene.wish.argument, today=scene.today)
    unit = await _unit(scene, asked.unit)
    if isinstance(unit, Outcome):
        return unit
    closes_on = _closes_on(scene, asked.month)
    session = await read.of_unit(scene.tx, unit.id, closes_on, scene.office, today=scene.today)
    agenda = session.agenda
    looked = (Looked("session", unit.id, len(agenda.ready) + len(agenda.lacking) + len(agenda.returned)),)
    if asked.wants_file:
        return Outcome(wording.agenda_file(unit, agenda), changes=looked)
    return Outcome(wording.agenda_shown(unit, agenda, session.places, today=scene.today), changes=looked)


async def log(scene: Scene) -> Outcome:
    """`/kyhop kết quả …`: of everybody at once, behind a card."""
    asked = sessions.asked(scene.wish.argument, today=scene.today)
    unit = await _unit(scene, asked.unit)
    if isinstance(unit, Outcome):
        return unit
    form = Results(unit.id, _closes_on(scene, asked.month), asks="result")
    session = await _session(scene, form)
    if not session.agenda.ready:
        return Outcome(wording.nobody_ready(unit, session.agenda))
    form = replace(form, shown=tuple(one.case.person.id for one in session.agenda.ready))
    if asked.words:
        return await _take(scene, form, session, asked.words)
    return await _ask_results(scene, form, session)


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The results, what they lack, then yes or no."""
    assert scene.question is not None and scene.question.draft is not None
    form = RESULTS.validate_python(scene.question.draft.fields)
    top = await units.by_id(scene.tx, form.unit_id, scene.today)
    if top is None or not scene.may(Right.DECIDE, top):
        return Outcome(wording.not_allowed(), settles=scene.question.id)
    session = await _session(scene, form)
    wish = wishes[0] if wishes else None
    if wish is None:
        return await _ask_results(scene, form, session) if form.asks == "result" else await _next(scene, form, session)
    if wish.intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        return Outcome(wording.kept_as_it_was(), settles=scene.question.id)
    if wish.intent is Intent.SHOW_SESSION:
        return None
    if wish.intent is Intent.LOG_SESSION:
        words = sessions.asked(wish.argument, today=scene.today).words
        return await _take(scene, form, session, words) if words else await _ask_results(scene, form, session)
    match form.asks:
        case "result":
            told = await _told(scene, form, scene.text)
            is_answer = told.tells_of_people or told.is_wrong
            return await _take(scene, form, session, scene.text) if is_answer else None
        case "reason":
            return await _reasoned(scene, form, session)
        case "decision":
            no, on, trouble = sessions.decided(scene.text, scene.today)
            if on is None and trouble is None:
                return None
            return await _next(scene, _with_decision(form, no, on, trouble), session)
        case "card" if wish.intent is Intent.EDIT_CARD:
            return await _ask_results(scene, form, session)
        case "card" if wish.intent is Intent.CONFIRM_YES:
            return await _next(scene, form, session, is_sure=True)
        case _:
            return None


async def _unit(scene: Scene, named: str) -> Unit | Outcome:
    found = await places.find(scene, Right.DECIDE, named)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.session_of_which(found.options[:8]))
    return found


def _closes_on(scene: Scene, month: date | None) -> date:
    closing_day = scene.office.closing_day
    return closing_day_of(month, closing_day) if month is not None else next_closing(closing_day, scene.today)


async def _session(scene: Scene, form: Results) -> read.Session:
    return await read.of_unit(scene.tx, form.unit_id, form.closes_on, scene.office, today=scene.today)


def _settles(scene: Scene) -> int | None:
    return scene.question.id if scene.question else None


async def _ask_results(scene: Scene, form: Results, session: read.Session) -> Outcome:
    """With the agenda as it stands now, so that the numbers are those that are seen."""
    ready = session.agenda.ready
    if not ready:
        top = await units.by_id(scene.tx, form.unit_id, scene.today)
        assert top is not None
        return Outcome(wording.nobody_ready(top, session.agenda), settles=_settles(scene))
    blank = Results(form.unit_id, form.closes_on, tuple(one.case.person.id for one in ready), asks="result")
    looked = (Looked("session", form.unit_id, len(ready)),)
    reply = wording.session_results(session.agenda, session.places)
    return Outcome(reply, changes=looked, settles=_settles(scene), draft=blank.draft())


async def _told(scene: Scene, form: Results, words: str) -> sessions.Told:
    """The words read against the numbers that were shown and the names of everybody in reach."""
    below = [unit.id for unit in await units.subtree(scene.tx, form.unit_id, scene.today)]
    listed = {one.id: one.folded for one in await candidates.of_units(scene.tx, below)}
    on_agenda = [(one, listed.get(one, "")) for one in form.shown]
    others = [(one, name) for one, name in listed.items() if one not in form.shown]
    return sessions.told(words, on_agenda=on_agenda, others=others, today=scene.today)


async def _take(scene: Scene, form: Results, session: read.Session, words: str) -> Outcome:
    """All that is wrong with the results is said at once; nothing of them is kept then."""
    told = await _told(scene, form, words)
    if told.is_wrong or not told.tells_of_people:
        rows = await candidates.by_ids(scene.tx, (*told.elsewhere, *told.twice))
        draft = replace(form, asks="result").draft()
        reply = wording.results_wrong(told, rows, len(form.shown))
        changes = (Looked("session", form.unit_id, len(rows)),) if rows else ()
        return Outcome(reply, changes=changes, settles=_settles(scene), draft=draft)
    named = {*told.approved, *told.returned, *told.held}
    rest = [one for one in form.shown if one not in named]
    form = replace(
        form,
        approved=(*told.approved, *rest) if told.all_others else told.approved,
        returned=tuple(told.returned.items()),
        held=told.held if told.all_others else (*told.held, *rest),
    )
    return await _next(scene, _with_decision(form, told.decision_no, told.decision_on, told.trouble), session)


def _with_decision(form: Results, no: str, on: date | None, trouble: DateTrouble | None) -> Results:
    """What was told of it anew takes the place of what stood there."""
    on = on if on is not None or trouble is not None else form.decision_on
    return replace(form, decision_no=no or form.decision_no, decision_on=on, trouble=trouble)


async def _reasoned(scene: Scene, form: Results, session: read.Session) -> Outcome | None:
    """Why the papers of the first without a reason went back, or that the person waits for the next session."""
    whose = next(one for one, reason in form.returned if reason is None)
    if sessions.is_held(scene.text):
        returned = tuple(pair for pair in form.returned if pair[0] != whose)
        return await _next(scene, replace(form, returned=returned, held=(*form.held, whose)), session)
    reason = sessions.why(scene.text)
    if reason is None:
        return None
    returned = tuple((one, reason if one == whose else told) for one, told in form.returned)
    return await _next(scene, replace(form, returned=returned), session)


async def _next(scene: Scene, form: Results, session: read.Session, *, is_sure: bool = False) -> Outcome:
    """Whatever is missing or wrong first, then the card, then the record."""
    ready = {one.case.person.id: one for one in session.agenda.ready}
    meant = (*form.approved, *(one for one, _ in form.returned), *form.held)
    gone = [one for one in meant if one not in ready]
    if gone:
        rows = await candidates.by_ids(scene.tx, gone)
        return Outcome(wording.no_longer_ready(list(rows.values())), settles=_settles(scene))
    if (without := next((one for one, reason in form.returned if reason is None), None)) is not None:
        reply = wording.why_returned(ready[without].case.person)
        return Outcome(reply, settles=_settles(scene), draft=replace(form, asks="reason").draft())
    late = [one for one in form.approved if _is_after(ready[one], form.decision_on)]
    if form.approved and (trouble := _trouble(scene, form, late)) is not None:
        reply = wording.when_decided(trouble, [ready[one].case.person for one in late], form.decision_on)
        return Outcome(reply, settles=_settles(scene), draft=replace(form, asks="decision").draft())
    result = wording.SessionResult(
        approved=tuple(ready[one].case.person for one in form.approved if one not in late),
        returned=tuple((ready[one].case.person, reason or ReturnReason.OTHER) for one, reason in form.returned),
        held=tuple(ready[one].case.person for one in form.held),
        late=tuple(ready[one].case.person for one in late),
        decision_no=form.decision_no,
        decision_on=form.decision_on,
    )
    result = _with_ceremony(scene, result)
    if not is_sure:
        draft = replace(form, asks="card").draft()
        return Outcome(wording.session_card(result, session.places), settles=_settles(scene), draft=draft)
    return await _save(scene, form, result, {one: found.case for one, found in ready.items()})


def _is_after(ready: Ready, decision_on: date | None) -> bool:
    return ready.resolved_on is not None and decision_on is not None and ready.resolved_on > decision_on


def _trouble(scene: Scene, form: Results, late: Sequence[int]) -> wording.DecisionTrouble | None:
    if form.trouble is not None:
        is_several = form.trouble is DateTrouble.SEVERAL
        return wording.DecisionTrouble.SEVERAL if is_several else wording.DecisionTrouble.FUTURE
    if form.decision_on is None:
        return wording.DecisionTrouble.MISSING
    match judge_days(ceremony_on=None, decision_on=form.decision_on, today=scene.today)[:1]:
        case (Future(),):
            return wording.DecisionTrouble.FUTURE
        case (OverAYearBack(),):
            return wording.DecisionTrouble.LONG_AGO
        case _:
            return wording.DecisionTrouble.BEFORE_RESOLUTION if len(late) == len(form.approved) else None


def _with_ceremony(scene: Scene, result: wording.SessionResult) -> wording.SessionResult:
    """With the last day for the ceremony: the clock that a decision starts."""
    law, calendar, on = scene.office.law, scene.office.calendar, result.decision_on
    rule = rule_for(law, Rule.CEREMONY_WITHIN, began=on, today=scene.today) if on is not None else None
    last = last_day(rule, on, calendar) if rule is not None and on is not None else None
    if rule is None or last is None:
        return result
    return replace(result, ceremony_by=last, is_foreseen=is_foreseen_only(rule, last, calendar))


async def _save(scene: Scene, form: Results, result: wording.SessionResult, cases: Mapping[int, Case]) -> Outcome:
    """An entry for each decision, a move for each return; both carry who, when and this message."""
    changes: list[Change] = [
        Record(
            kind=EntryKind.ADMISSION,
            unit_id=person.unit_id,
            candidate=replace(person, stage=Stage.DECIDED, stage_on=form.decision_on),
            decision_on=form.decision_on,
            decision_no=form.decision_no,
        )
        for person in result.approved
    ]
    for person, reason in result.returned:
        resolved_on = cases[person.id].day_of(Stage.BRANCH_RESOLVED)
        on = max(form.decision_on or scene.today, resolved_on or date.min)
        move = Move(person.id, cases[person.id].stage, Stage.RETURNED, on, reason=reason)
        changes.append(MoveCandidate(replace(person, stage=Stage.RETURNED, stage_on=on), move))
    touched = {person.unit_id for person in (*result.approved, *(person for person, _ in result.returned))}
    branches = await units.by_ids(scene.tx, touched, scene.today)
    deciding = {person.unit_id for person in result.approved}
    for unit_id, branch in sorted(branches.items()):
        if unit_id in deciding:
            changes += (await giving_way(scene, branch, [form.decision_on]))[1]
        changes += await _tell(scene, result.of_branch(unit_id), branch)

    def reply(written: Written) -> Reply:
        return wording.session_saved(written.numbers[: len(result.approved)], result)

    return Outcome(reply, changes=tuple(changes), settles=_settles(scene))


async def _tell(scene: Scene, result: wording.SessionResult, branch: Unit) -> list[PlanLetter]:
    """The branch must hear of yes and no: one letter to each of its secretaries."""
    holders = await people.holders(scene.tx, [branch.id], [Role.SECRETARY], scene.today)
    return [
        PlanLetter(
            key=f"session-result|{branch.id}|{holder.id}|{scene.item.id}",
            rule="session-result",
            person_id=holder.id,
            not_before=letter_time(scene.office.calendar, scene.now),
            unit_id=branch.id,
            reply=wording.session_told(result, branch),
        )
        for holder in holders
        if holder.id != scene.speaker.id
    ]
