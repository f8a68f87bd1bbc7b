"""One step of a candidate or new member: what is still asked, what speaks against it, and the move as it is kept."""

from dataclasses import replace
from datetime import date

from domain.admissions import needs_entry
from domain.cases import Case
from domain.changes import Change, MoveCandidate, Outcome
from domain.clocks import party_age_from, probation_ends
from domain.intents import Intent, Wish
from domain.messages import Reply
from domain.records import Because, Candidate, DropReason, Move, Stage
from domain.stages import (
    LIFTS,
    NEXT,
    Doubt,
    Step,
    carried_stage,
    judge_move,
    lacking,
    unheard,
    vote_share,
    votes_needed,
)
from handlers.listing_form import MOVE_FORM, Listing, full_day, settles
from handlers.scene import Scene
from language import filling, wording
from language.wording import Recognition
from storage.read import moves

WEIGHTY = (Stage.OFFICIAL, Stage.REMOVED, Stage.MOVED)
"""Behind a card, with their day."""

BROUGHT_BY: dict[Intent, Stage] = {
    Intent.LOG_OFFICIAL: Stage.OFFICIAL,
    Intent.LOG_REMOVAL: Stage.REMOVED,
    Intent.LOG_TRANSFER: Stage.MOVED,
}


def told(listing: Listing, wish: Wish) -> Listing:
    """The step as far as the message tells it."""
    said = dict(wish.extra)
    votes = (int(said["vote_for"]), int(said["vote_total"])) if "vote_for" in said and "vote_total" in said else None
    day = full_day(wish.date) or full_day(wish.decision_date) or full_day(wish.dossier_date) or listing.on
    if day is None and wish.dossier_date is not None and not isinstance(wish.dossier_date, date):
        day = date(wish.dossier_date.year, wish.dossier_date.month, 1)
    return replace(
        listing,
        stage=BROUGHT_BY.get(wish.intent) or wish.stage or listing.stage,
        reason=wish.reason_code or listing.reason,
        on=day,
        certificate_on=full_day(wish.certificate_date) or listing.certificate_on,
        votes_for=votes[0] if votes else listing.votes_for,
        votes_all=votes[1] if votes else listing.votes_all,
    )


def answered(scene: Scene, listing: Listing, wish: Wish) -> Listing | None:
    """The form with what the message answers of it; None where it answers nothing."""
    is_words = wish.intent in (Intent.OUT_OF_SCOPE, Intent.CHOOSE_OPTION, Intent.CONFIRM_YES)
    match listing.asks:
        case "stage" if wish.stage is not None:
            return replace(told(listing, wish), asks="")
        case "certificate" if wish.intent is Intent.OUT_OF_SCOPE:
            filled = filling.of_admission(scene.text, scene.today)
            day = full_day(filled.date)
            is_answer = filling.is_an_answer(scene.text, filled, scene.today) and bool(day or filled.typed_date)
            return replace(listing, certificate_on=day) if is_answer else None
        case "on" if wish.intent is Intent.OUT_OF_SCOPE:
            day = full_day(filling.of_admission(scene.text, scene.today).date)
            return replace(listing, on=day, asks="") if day is not None else None
        case "card" if wish.intent is Intent.CONFIRM_YES:
            return replace(listing, is_sure=True, asks="")
        case "votes" if (votes := filling.votes(scene.text)) is not None:
            return replace(listing, votes_for=votes[0], votes_all=votes[1], asks="")
        case "votes" | "doubt" if is_words and (because := filling.because(scene.text)) is not None:
            return replace(listing, because=(*listing.because, because), asks="")
        case _:
            return None


async def step(scene: Scene, listing: Listing, rows: list[Candidate]) -> Outcome:
    """Written at once with a receipt, unless something is missing or speaks against it."""
    asked = _asked(scene, listing, rows)
    if asked is not None:
        return asked
    assert listing.stage is not None
    step_ = Step(
        listing.stage,
        listing.on or scene.today,
        listing.certificate_on,
        listing.votes_for,
        listing.votes_all,
        listing.because,
    )
    law, calendar = scene.office.law, scene.office.calendar
    step_ = replace(step_, to=carried_stage(step_, law))
    changes: list[Change] = []
    cases = await moves.cases(scene.tx, rows)
    for case in cases:
        against = judge_move(case, step_, today=scene.today, law=law, calendar=calendar)
        if isinstance(against, Doubt):
            asks = "votes" if Because.VOTES_UNKNOWN in LIFTS[type(against)] else "doubt"
            draft = replace(listing, asks=asks).draft(MOVE_FORM)
            reply = wording.doubted(case.person, step_.to, against)
            return Outcome(reply, settles=settles(scene), draft=draft)
        if against is not None:
            return Outcome(wording.step_refused(case.person, step_.to, step_.on, against), settles=settles(scene))
        changes.append(move_of(case, step_, listing.reason))
    if step_.to in WEIGHTY and not listing.is_sure:
        draft = replace(listing, asks="card").draft(MOVE_FORM)
        return Outcome(_card(scene, cases, step_), settles=settles(scene), draft=draft)
    needed = votes_needed(step_.votes_all, vote_share(law, step_.on)) if step_.votes_all else 0
    offered = NEXT.get(step_.to, ()) if len(rows) == 1 else ()
    gaps = unheard(cases[0], step_.to) if len(cases) == 1 and not step_.because else ()
    reply = wording.moved(rows, step_, needed=needed, gaps=gaps, offered=offered)
    return Outcome(reply, changes=tuple(changes), settles=settles(scene))


def _ends(scene: Scene, case: Case) -> date | None:
    return probation_ends(case, today=scene.today, law=scene.office.law, calendar=scene.office.calendar)


def _asked(scene: Scene, listing: Listing, rows: list[Candidate]) -> Outcome | None:
    """The stage, or the certificate's day, if it was not told."""
    if listing.stage is None:
        draft = replace(listing, asks="stage").draft(MOVE_FORM)
        offered = NEXT.get(rows[0].stage, ()) if len(rows) == 1 else ()
        return Outcome(wording.which_stage(rows, offered), settles=settles(scene), draft=draft)
    if needs_entry(listing.stage):
        return Outcome(wording.may_not_move(rows, listing.stage), settles=settles(scene))
    if listing.stage in WEIGHTY and listing.on is None:
        draft = replace(listing, asks="on").draft(MOVE_FORM)
        return Outcome(wording.weighty_when(rows, listing.stage), settles=settles(scene), draft=draft)
    is_future = listing.certificate_on is not None and listing.certificate_on > scene.today
    if is_future or (listing.stage is Stage.CLASS_DONE and listing.certificate_on is None):
        draft = replace(listing, certificate_on=None, asks="certificate").draft(MOVE_FORM)
        return Outcome(wording.certificate_day(rows, is_future=is_future), settles=settles(scene), draft=draft)
    return None


def _card(scene: Scene, cases: list[Case], step_: Step) -> Reply:
    if step_.to is not Stage.OFFICIAL:
        return wording.leaving_card([case.person for case in cases], step_.to, step_.on)
    facts = [Recognition(case.person, _ends(scene, case), party_age_from(case)) for case in cases]
    return wording.recognition_card(facts, step_.on)


def move_of(case: Case, step_: Step, reason: DropReason | None = None) -> MoveCandidate:
    """The person as he or she shall stand, and the move as it is kept."""
    on = step_.certificate_on if step_.to is Stage.CLASS_DONE and step_.certificate_on else step_.on
    person = replace(
        case.person,
        stage=step_.to,
        stage_on=on,
        certificate_on=step_.certificate_on or case.person.certificate_on,
    )
    left_out = lacking(case, step_.to)
    move = Move(
        case.person.id,
        case.stage,
        step_.to,
        on,
        skipped=left_out,
        because=step_.because,
        reason=reason if step_.to is Stage.REMOVED else None,
        votes_for=step_.votes_for,
        votes_all=step_.votes_all,
    )
    return MoveCandidate(person, move)
