"""Moving candidates from stage to stage, and taking them off the list."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.admissions import PROBATION_STAGES
from domain.changes import AddCandidate, Change, DropCandidate, ForgetDrafts, Looked, Outcome
from domain.intents import Intent, Named, Wish
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, Stage, Standing
from domain.refusals import NotAllowed
from domain.units import UnitKind
from handlers import consenting, enrolling, helping, stepping
from handlers.admission_form import new_row
from handlers.listing_form import CONSENT_FORM, DROP_FORM, MOVE_FORM, Listing, read_listing, settles
from handlers.scene import Scene, draw_id
from language import filling, wording
from language.plain import fold
from storage.read import candidates, units

OFFERED = 6


async def move(scene: Scene) -> Outcome:
    """A stage is light: written at once when it is clear who is meant, with a receipt."""
    wish = scene.wish
    listing = stepping.told(Listing(), wish)
    if (pressed := filling.stepped(scene.text)) is not None:
        candidate_id, stage = pressed
        return await _next(scene, replace(listing, people=(candidate_id,), stage=stage), MOVE_FORM)
    return await _pick(scene, listing, wish, MOVE_FORM)


async def enrol(scene: Scene) -> Outcome:
    """Into the class of that number: somebody by name, or all of a list who were in none, or those who wait."""
    wish = scene.wish
    listing = Listing(stage=Stage.CLASS_REGISTERED, class_id=wish.number)
    if not wish.scope:
        return await _pick(scene, listing, wish, MOVE_FORM)
    meant = await enrolling.all_meant(scene)
    if isinstance(meant, Outcome):
        return meant
    return await enrolling.enrol(scene, replace(listing, people=tuple(row.id for row in meant)), meant)


async def help_out(scene: Scene) -> Outcome:
    """Who helps whom: names new to us, so they stand as drafts until the card is saved."""
    wish = scene.wish
    named = [name for key, name in wish.extra if key == "helpers"]
    posts = scene.reaching(Right.ENTER)
    if not posts:
        raise NotAllowed
    drafts = [new_row(Named(name), scene.home(Right.ENTER), draw_id()) for name in dict.fromkeys(named)]
    listing = Listing(stage=Stage.HELPER_ASSIGNED, helpers=tuple(row.id for row in drafts))
    if not drafts:
        return Outcome(wording.who_helps())
    outcome = await _pick(scene, listing, wish, MOVE_FORM, drafts)
    return replace(outcome, changes=(*(AddCandidate(row) for row in drafts), *outcome.changes))


async def consent(scene: Scene) -> Outcome:
    """Somebody agrees to be named, or does not any more; whoever left the list may say so too."""
    withdraws = dict(scene.wish.extra).get("consent") == "withdrawn"
    return await _pick(scene, Listing(withdraws=withdraws), scene.wish, CONSENT_FORM)


async def carry_on_consenting(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Who is meant, then yes or no to taking the name away."""
    return await _carry_on(scene, wishes, CONSENT_FORM)


async def _pick(scene: Scene, listing: Listing, wish: Wish, form: str, fresh: Sequence[Candidate] = ()) -> Outcome:
    """Find who is meant on the lists in reach; ask when two may be, say so when nobody is.

    `fresh` are drafts of this very turn, which nobody can read yet.
    """
    posts = scene.reaching(Right.ENTER)
    if not posts:
        raise NotAllowed
    if not wish.people:
        return await _next(scene, replace(listing, asks="people"), form)
    reach: list[int] = []
    for post in posts:
        below = await units.subtree(scene.tx, post.unit_id or 0, scene.today, {UnitKind.BRANCH})
        reach += [unit.id for unit in below if scene.may(Right.ENTER, unit)]
    stages = tuple(Stage) if form == CONSENT_FORM else (*OPEN_STAGES, *PROBATION_STAGES, Stage.OFFICIAL)
    listed = await candidates.of_units(scene.tx, reach, stages)
    found = [_on_the_way(_meant(listed, named), listing, form) for named in wish.people]
    chosen = [meant[0] for meant in found if len(meant) == 1]
    listing = replace(
        listing,
        people=tuple(dict.fromkeys((*listing.people, *(one.id for one in chosen)))),
        ties=tuple(tuple(one.id for one in meant) for meant in found if len(meant) > 1),
        missing=max(0, listing.missing - len(found)) + sum(not meant for meant in found),
        asks="",
    )
    if not listing.people and not listing.ties:
        return Outcome(wording.not_on_list(), settles=settles(scene))
    outcome = await _next(scene, listing, form, fresh)
    return replace(outcome, changes=(*outcome.changes, *_looked(chosen)))


async def _next(scene: Scene, listing: Listing, form: str, fresh: Sequence[Candidate] = ()) -> Outcome:
    """Whoever is still unclear is asked for first; nobody who was named is left behind."""
    if listing.ties:
        return await _ask_which(scene, listing, form)
    if listing.missing:
        rows = await _in_reach(scene, listing.people, with_left=form == CONSENT_FORM)
        draft = replace(listing, asks="missing").draft(form)
        return Outcome(
            wording.some_not_on_list(list(rows.values()), listing.missing), settles=settles(scene), draft=draft
        )
    if listing.asks == "people":
        return Outcome(wording.who_is_meant(), settles=settles(scene), draft=listing.draft(form))
    if form == DROP_FORM:
        return await _decide_drop(scene, listing)
    rows = list((await _in_reach(scene, listing.people, with_left=form == CONSENT_FORM)).values())
    if form == CONSENT_FORM:
        return await consenting.change(scene, listing, rows)
    if listing.helpers:
        return await helping.assign(scene, listing, rows, fresh)
    if listing.stage is Stage.CLASS_REGISTERED:
        return await enrolling.enrol(scene, listing, rows)
    return await stepping.step(scene, listing, rows)


async def _ask_which(scene: Scene, listing: Listing, form: str) -> Outcome:
    rows = await _in_reach(scene, listing.ties[0], with_left=form == CONSENT_FORM)
    shown = [rows[one] for one in listing.ties[0] if one in rows][:OFFERED]
    places = await units.by_ids(scene.tx, {row.unit_id for row in rows.values()}, scene.today)
    reply = wording.which_of_these(shown, places, others=len(rows) - len(shown))
    draft = replace(listing, asks="options").draft(form)
    return Outcome(reply, changes=_looked(shown), settles=settles(scene), draft=draft)


async def _choose(scene: Scene, listing: Listing, form: str) -> Outcome | None:
    """The button of one of them, or what tells that one apart: the full name, the year of birth."""
    rows = await _in_reach(scene, listing.ties[0], with_left=form == CONSENT_FORM)
    options = [rows[one] for one in listing.ties[0] if one in rows]
    pressed, year = filling.picked(scene.text), filling.year(scene.text)
    named = filling.of_list(scene.text, scene.today).people
    if pressed is not None:
        meant = [one for one in options if one.id == pressed]
    elif named:
        meant = _meant(options, replace(named[0], birth_year=named[0].birth_year or year))
    elif year is not None:
        meant = [one for one in options if one.birth_year == year]
    else:
        return None
    if len(meant) == 1:
        people = tuple(dict.fromkeys((*listing.people, meant[0].id)))
        return await _next(scene, replace(listing, people=people, ties=listing.ties[1:], asks=""), form)
    return await _ask_which(scene, listing, form)


def _looked(rows: list[Candidate]) -> tuple[Change, ...]:
    """A given name alone is answered with the whole one, so that is a look at the list."""
    counts = Counter(row.unit_id for row in rows)
    return tuple(Looked("candidates", unit_id, count) for unit_id, count in sorted(counts.items()))


def _on_the_way(meant: list[Candidate], listing: Listing, form: str) -> list[Candidate]:
    """Of namesakes the one to whom this may happen: a candidate, or for steps after the ceremony a new member."""
    if listing.stage is Stage.MOVED or form == CONSENT_FORM:
        return meant
    is_after = form == MOVE_FORM and listing.stage in (*PROBATION_STAGES, Stage.OFFICIAL, Stage.REMOVED)
    likely = [one for one in meant if (one.stage not in OPEN_STAGES) is is_after]
    return meant if form == MOVE_FORM and not likely else likely


def _meant(listed: list[Candidate], named: Named) -> list[Candidate]:
    """Same full name first; otherwise everybody whose name ends in what was written."""
    folded = fold(named.name)
    same = [one for one in listed if one.folded == folded]
    found = same or [one for one in listed if one.folded.endswith(f" {folded}")]
    if named.birth_year is not None and len(found) > 1:
        found = [one for one in found if one.birth_year == named.birth_year] or found
    return found


async def _in_reach(scene: Scene, ids: Collection[int], *, with_left: bool = False) -> dict[int, Candidate]:
    """People of the talk, while their branch is still in reach and they did not leave its list."""
    found = await candidates.by_ids(scene.tx, ids)
    rows = {one: found[one] for one in ids if one in found}
    places = await units.by_ids(scene.tx, {row.unit_id for row in rows.values()}, scene.today)
    for row in rows.values():
        unit = places.get(row.unit_id)
        if unit is None or not scene.may(Right.ENTER, unit):
            raise NotAllowed
        has_left = row.stage in (Stage.DROPPED, Stage.REMOVED, Stage.MOVED) and not with_left
        if row.standing is not Standing.LIVE or has_left:
            raise NotAllowed
    return rows


async def carry_on_moving(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The name, the stage, the certificate's day, or the choice among namesakes."""
    return await _carry_on(scene, wishes, MOVE_FORM)


async def _carry_on(scene: Scene, wishes: tuple[Wish, ...], form: str) -> Outcome | None:
    listing = read_listing(scene)
    wish = wishes[0] if wishes else None
    if wish is not None and wish.intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        forget = (ForgetDrafts(listing.helpers),) if listing.helpers else ()
        return Outcome(wording.kept_as_it_was(), changes=forget, settles=settles(scene))
    if wish is None:
        return await _next(scene, listing, form)
    if listing.asks == "options":
        return await _choose(scene, listing, form) if wish.intent is Intent.OUT_OF_SCOPE else None
    if listing.asks == "missing" and filling.only_found(scene.text):
        return await _next(scene, replace(listing, missing=0, asks=""), form)
    if form == MOVE_FORM and (answered := stepping.answered(scene, listing, wish)) is not None:
        return await _next(scene, answered, form)
    if listing.asks in ("people", "missing") and wish.intent is Intent.OUT_OF_SCOPE:
        filled = filling.of_list(scene.text, scene.today)
        return await _pick(scene, listing, filled, form) if filled.people else None
    if form == DROP_FORM:
        return await _carry_on_dropping(scene, listing, wish)
    if form == CONSENT_FORM and listing.asks == "card" and wish.intent is Intent.CONFIRM_YES:
        return await _next(scene, replace(listing, is_sure=True, asks=""), form)
    return None


async def drop(scene: Scene) -> Outcome:
    """Off the list, with a reason code; behind a card."""
    return await _pick(scene, Listing(reason=scene.wish.reason_code), scene.wish, DROP_FORM)


async def carry_on_dropping(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The reason, then yes or no."""
    return await _carry_on(scene, wishes, DROP_FORM)


async def _decide_drop(scene: Scene, listing: Listing) -> Outcome:
    rows = [row for row in (await _in_reach(scene, listing.people)).values() if row.stage in OPEN_STAGES]
    if not rows:
        return Outcome(wording.not_on_list(), settles=settles(scene))
    if listing.reason is None:
        draft = replace(listing, asks="reason").draft(DROP_FORM)
        return Outcome(wording.why_drop(rows), settles=settles(scene), draft=draft)
    draft = replace(listing, asks="card").draft(DROP_FORM)
    return Outcome(wording.drop_card(rows, listing.reason), settles=settles(scene), draft=draft)


async def _carry_on_dropping(scene: Scene, listing: Listing, wish: Wish) -> Outcome | None:
    if listing.asks == "reason" and wish.reason_code is not None:
        return await _decide_drop(scene, replace(listing, reason=wish.reason_code))
    if listing.asks == "card" and wish.intent is Intent.EDIT_CARD:
        return await _decide_drop(scene, replace(listing, reason=None))
    if listing.asks != "card" or wish.intent is not Intent.CONFIRM_YES or listing.reason is None:
        return None
    rows = await _in_reach(scene, listing.people)
    changes = tuple(DropCandidate(row.id, row.version, listing.reason, scene.today) for row in rows.values())
    reply = wording.taken_off(list(rows.values()), listing.reason)
    return Outcome(reply, changes=changes, settles=settles(scene))
