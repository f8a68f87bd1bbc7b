"""Adding people to a branch's list of candidates, behind a card: these are names new to us."""

from dataclasses import replace
from datetime import date

from domain.admissions import next_distinguisher
from domain.calendar import add_months
from domain.changes import (
    AddCandidate,
    Change,
    ChangeCandidate,
    ForgetDrafts,
    MarkNobodyLeft,
    MoveCandidate,
    Outcome,
)
from domain.intents import Intent, Named, Wish
from domain.messages import Reply
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, Move, Stage, Standing
from domain.refusals import NotAllowed
from domain.units import Unit, UnitKind
from handlers import moving, places
from handlers.admission_form import new_row
from handlers.listing_form import ADD_FORM, Listing, full_day, read_listing, settles
from handlers.scene import Scene, draw_code, draw_id
from language import filling, wording
from language.names import is_full
from language.plain import fold
from storage.read import candidates, units

BRANCHES_SHOWN = 8
PROBATION_MONTHS = 12
"""Admitted elsewhere so recently, somebody is on probation still."""


async def add(scene: Scene) -> Outcome:
    """`/nguon thêm …` or "bo sung nguon: tran thi na 97": a card, for these are names new to us."""
    return await _add(scene, Listing(), scene.wish)


async def receive(scene: Scene) -> Outcome:
    """A member who comes from elsewhere; one who leaves is moved like any other step."""
    wish = scene.wish
    told = dict(wish.extra)
    if told.get("direction") != "in":
        return await moving.move(scene)
    admitted_on = _whole_day(told.get("admitted_elsewhere", ""))
    is_recent = admitted_on is not None and add_months(admitted_on, PROBATION_MONTHS) > scene.today
    stage = Stage.ADMITTED if told.get("status") == "probationary" or is_recent else Stage.OFFICIAL
    return await _add(scene, Listing(stage=stage, on=full_day(wish.date), admitted_on=admitted_on), wish)


def _whole_day(said: str) -> date | None:
    """A day, or the first of a month of which no day is known."""
    if not said:
        return None
    return date.fromisoformat(said if len(said) > len("2026-01") else f"{said}-01")


async def _add(scene: Scene, listing: Listing, wish: Wish, *, is_beside: bool = False) -> Outcome:
    """Work the people named into the form, then ask for what is missing or show the card.

    `is_beside`: whoever is named stands beside those on the card, and nobody said whether as one more.
    """
    found = await _where(scene, listing, wish.branch)
    unit = found if isinstance(found, Unit) else None
    rows = await candidates.by_ids(scene.tx, listing.drafts())
    if len(rows) < len(listing.drafts()):
        return Outcome(wording.card_too_old(), settles=settles(scene))
    changes: list[Change] = []
    known: list[Candidate] = []
    for named in wish.people:
        living = await _living(scene, unit, fold(named.name)) if unit else []
        if living:
            known.append(living[0])
            continue
        row = new_row(named, unit.id if unit else scene.home(Right.ENTER), draw_id())
        changes.append(AddCandidate(row))
        same = next((rows[one] for one in listing.people if _is_same(rows[one], row)), None)
        rows[row.id] = row
        if same is not None:
            changes.append(ForgetDrafts((same.id,)))
            listing = replace(listing, people=tuple(row.id if one == same.id else one for one in listing.people))
        elif is_beside:
            listing = replace(listing, newcomer=row.id)
        else:
            listing = replace(listing, people=(*listing.people, row.id))
    if not isinstance(found, Unit):
        offered = await places.branches(scene, found)
        reply = wording.which_branch(offered[:BRANCHES_SHOWN], found.named, is_cut=len(offered) > BRANCHES_SHOWN)
        return _asked(scene, listing, "unit", reply, changes)
    listing = replace(listing, unit_id=found.id)
    new = [rows[one] for one in listing.people if one in rows]
    short = [row for row in new if not is_full(row.name)]
    if known and not new:
        return Outcome(wording.already_listed(known, found), settles=settles(scene))
    if not new:
        return _asked(scene, listing, "people", wording.whom_to_add(found), changes)
    if listing.newcomer is not None:
        return _asked(scene, listing, "place", wording.in_whose_place(rows[listing.newcomer], new), changes)
    if short:
        return _asked(scene, listing, "full_name", wording.full_names_please(short), changes)
    if listing.stage is not None:
        is_official = listing.stage is Stage.OFFICIAL
        card = wording.arrival_card(new, found, is_official=is_official, admitted_on=listing.admitted_on)
        return _asked(scene, listing, "card", card, changes)
    return _asked(scene, listing, "card", wording.add_card(new, known, found), changes)


def _is_same(one: Candidate, other: Candidate) -> bool:
    years = one.birth_year, other.birth_year
    return one.folded == other.folded and (None in years or years[0] == years[1])


def _asked(scene: Scene, listing: Listing, asks: str, reply: Reply, changes: list[Change]) -> Outcome:
    draft = replace(listing, asks=asks).draft(ADD_FORM)
    return Outcome(reply, changes=tuple(changes), settles=settles(scene), draft=draft)


async def _living(scene: Scene, unit: Unit, folded: str) -> list[Candidate]:
    """Those of that name in the branch who did not leave its list."""
    namesakes = await candidates.namesakes(scene.tx, unit.id, folded)
    return [one for one in namesakes if one.stage not in (Stage.DROPPED, Stage.REMOVED, Stage.MOVED)]


async def _where(scene: Scene, listing: Listing, named: str) -> Unit | places.Unclear | places.Unknown:
    if not named and listing.unit_id is not None:
        unit = await units.by_id(scene.tx, listing.unit_id, scene.today)
        if unit is None or not scene.may(Right.ENTER, unit):
            raise NotAllowed
        return unit
    return await places.find(scene, Right.ENTER, named, kinds={UnitKind.BRANCH})


async def carry_on_adding(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes, no, or the names that were asked for."""
    listing = read_listing(scene)
    wish = wishes[0] if wishes else Wish(Intent.ADD_CANDIDATE)
    if listing.newcomer is not None and wishes and wish.intent not in (Intent.CONFIRM_NO, Intent.CANCEL):
        return await _placed(scene, listing, listing.newcomer)
    if listing.asks == "card" and (more := _one_more(scene, wish)) is not None:
        return await _add(scene, listing, more)
    match wish.intent:
        case Intent.CONFIRM_YES | Intent.SAVE_WITHOUT_NAME if listing.asks == "card":
            return await _save_added(scene, listing, nameless=wish.intent is Intent.SAVE_WITHOUT_NAME)
        case Intent.CONFIRM_NO | Intent.CANCEL:
            forget: tuple[Change, ...] = (ForgetDrafts(listing.drafts()),) if listing.people else ()
            return Outcome(wording.dropped(), changes=forget, settles=settles(scene))
        case Intent.EDIT_CARD | Intent.CORRECT_LAST:
            forget = (ForgetDrafts(listing.people),) if listing.people else ()
            emptied = replace(listing, people=(), asks="people")
            if wish.intent is Intent.CORRECT_LAST and wish.field == "name" and wish.new and len(listing.people) == 1:
                again = await _add(scene, emptied, Wish(Intent.ADD_CANDIDATE, people=(Named(wish.new),)))
                return replace(again, changes=(*again.changes, *forget))
            return Outcome(wording.names_again(), changes=forget, settles=settles(scene), draft=emptied.draft(ADD_FORM))
        case Intent.ADD_CANDIDATE if not wishes:
            return await _add(scene, listing, wish)
        case _ if listing.asks == "unit" and not wish.people:
            return await _add(scene, listing, Wish(Intent.ADD_CANDIDATE, branch=wish.branch or scene.text))
        case Intent.OUT_OF_SCOPE:
            filled = filling.of_list(scene.text, scene.today)
            if not filled.people:
                return None
            if listing.asks == "full_name":
                return await _add_full_names(scene, listing, filled)
            return await _add(scene, listing, filled, is_beside=listing.asks == "card" and len(filled.people) == 1)
        case _:
            return None


def _one_more(scene: Scene, wish: Wish) -> Wish | None:
    """Somebody who is said to be one more on the card."""
    if wish.is_command or wish.intent not in (Intent.OUT_OF_SCOPE, Intent.ADD_CANDIDATE):
        return None
    more = filling.one_more(scene.text)
    filled = filling.of_list(more, scene.today) if more else None
    return filled if filled is not None and filled.people else None


async def _placed(scene: Scene, listing: Listing, newcomer: int) -> Outcome | None:
    """In whose place the one named last comes, or that it is one more."""
    gone = tuple(one for one in listing.people if one == filling.picked(scene.text))
    if not gone and not filling.is_one_more(scene.text):
        return None
    kept = tuple(one for one in listing.people if one not in gone)
    outcome = await _add(scene, replace(listing, people=(*kept, newcomer), newcomer=None), Wish(Intent.ADD_CANDIDATE))
    forget = (ForgetDrafts(gone),) if gone else ()
    return replace(outcome, changes=(*outcome.changes, *forget))


def _arrival(scene: Scene, listing: Listing, saved: Candidate) -> MoveCandidate:
    """Whoever comes on probation has the day of the ceremony elsewhere; there is no entry, so nothing is counted."""
    assert listing.stage is not None
    told = listing.admitted_on if listing.stage is Stage.ADMITTED else listing.on
    move = Move(saved.id, Stage.LISTED, listing.stage, told or listing.on or scene.today)
    return MoveCandidate(replace(saved, stage=listing.stage, stage_on=told), move)


async def _add_full_names(scene: Scene, listing: Listing, filled: Wish) -> Outcome:
    """The full names take the place of the given ones; everybody else on the form stays."""
    rows = await candidates.by_ids(scene.tx, listing.people)
    short = [rows[one] for one in listing.people if one in rows and not is_full(rows[one].name)]
    replaced: dict[int, Named] = {}
    for named in filled.people:
        fitting = [row for row in short if row.id not in replaced and fold(named.name).endswith(f" {row.folded}")]
        if fitting:
            replaced[fitting[0].id] = replace(named, birth_year=named.birth_year or fitting[0].birth_year)
    if not replaced and len(filled.people) >= len(short):
        # None of them is called so: typed anew, all of them.
        replaced = {row.id: named for row, named in zip(short, filled.people, strict=False)}
    said = {fold(named.name): named for named in replaced.values()}
    people = tuple(said.get(fold(named.name), named) for named in filled.people)
    kept = replace(listing, people=tuple(one for one in listing.people if one not in replaced))
    outcome = await _add(scene, kept, replace(filled, people=people))
    forget: tuple[Change, ...] = (ForgetDrafts(tuple(replaced)),) if replaced else ()
    return replace(outcome, changes=(*outcome.changes, *forget))


async def _save_added(scene: Scene, listing: Listing, *, nameless: bool) -> Outcome:
    assert listing.unit_id is not None
    unit = await units.by_id(scene.tx, listing.unit_id, scene.today)
    if unit is None or not scene.may(Right.ENTER, unit):
        raise NotAllowed
    rows = await candidates.by_ids(scene.tx, listing.people)
    if len(rows) < len(listing.people):
        return Outcome(wording.card_too_old(), settles=settles(scene))
    changes: list[Change] = []
    for row in rows.values():
        living = [] if nameless else await _living(scene, unit, row.folded)
        if living:
            forget = (ForgetDrafts(listing.people),)
            return Outcome(wording.already_listed(living, unit), changes=forget, settles=settles(scene))
        saved = await _saved(scene, row, unit, nameless=nameless)
        changes.append(ChangeCandidate(saved) if listing.stage is None else _arrival(scene, listing, saved))
    if listing.stage is not None:
        return Outcome(wording.arrived(list(rows.values()), unit), changes=tuple(changes), settles=settles(scene))
    count = len(await candidates.of_units(scene.tx, [unit.id], OPEN_STAGES)) + len(changes)
    people = [change.candidate for change in changes if isinstance(change, ChangeCandidate)]
    said = wording.added(people, unit, count)
    if unit.nobody_left:
        # Whoever is put on the list shows that there is somebody again.
        changes.append(MarkNobodyLeft(unit.id, unit.version, False))
        said = wording.with_somebody_again(said, unit)
    return Outcome(said, changes=tuple(changes), settles=settles(scene))


async def _saved(scene: Scene, row: Candidate, unit: Unit, *, nameless: bool) -> Candidate:
    person = replace(row, standing=Standing.LIVE, stage_on=scene.today, unit_id=unit.id)
    if nameless:
        return replace(
            person,
            name="",
            folded="",
            label=wording.candidate_label(draw_code(4)),
            distinguisher=row.id % 1_000_000_000,
        )
    namesakes = await candidates.namesakes(scene.tx, unit.id, row.folded)
    return replace(
        person,
        consent_by=scene.speaker.id,
        consent_at=scene.now,
        consent_wording=wording.CONSENT_VERSION,
        distinguisher=next_distinguisher(namesakes),
    )
