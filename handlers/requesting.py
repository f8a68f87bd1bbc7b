"""Asking for a post without a code, one question after the other, and deciding on what was asked."""

from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import TypeAdapter

from domain.calendar import letter_time
from domain.changes import (
    CountAsked,
    DecideRequest,
    Draft,
    ForgetPerson,
    Looked,
    MarkGreeted,
    NamePerson,
    Outcome,
    RequestPost,
    Written,
)
from domain.intents import Intent, Wish
from domain.messages import Kind, Reply
from domain.people import KINDS_OF, MAY_APPROVE, Right, Role, may_approve
from domain.units import Unit, UnitKind
from handlers import choosing, places
from handlers.joining import greet_stranger, is_recent
from handlers.scene import Scene, draw_id
from language import understand, wording
from language.plain import fold
from language.senses import posts as asked
from storage.read import people, requests, units
from storage.read.requests import Request

FORM = "request_post"
DECIDE_FORM = "decide_request"
REQUEST_DAYS = 7
ASKED_A_DAY = 30
"""What one stranger is asked in a day."""
REQUESTS_A_DAY = 2
REQUESTS_A_DAY_IN_ALL = 200
DAY = timedelta(days=1)
LONGEST_UNIT = 80


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known so far. `name` is the draft under which the name stands in `people`; a member needs none."""

    name: int | None = None
    role: Role | None = None
    unit: str = ""

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Asking)


async def stranger(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome:
    """Somebody without any post: may ask for one; is otherwise told once how to join."""
    chosen = await choosing.resolve(scene, wishes)
    if isinstance(chosen, Reply):
        return Outcome(chosen) if scene.person is not None else await greet_stranger(scene)
    said = chosen.scene
    if said.text != scene.text:
        wishes = understand.understand(said.text, today=scene.today)
    draft = said.question.draft if said.question is not None else None
    if draft is not None and draft.form != FORM and said.question is not None:
        # A card of somebody who has lost the post since: nothing is saved, and it is over.
        return Outcome(wording.no_longer_holds(), settles=said.question.id)
    if scene.contact.locked_at is not None:
        return await greet_stranger(scene)
    if draft is not None:
        outcome = None if _is_worn_out(scene) else await carry_on(said, () if chosen.shows_again else wishes)
        return _counted(scene, outcome) if outcome is not None else Outcome(None)
    if wishes[0].intent is not Intent.REGISTER:
        is_press = scene.item.incoming.kind is Kind.PRESS
        return Outcome(wording.old_button()) if is_press else await greet_stranger(scene)
    if _is_worn_out(scene):
        return Outcome(None)
    return _counted(scene, await _begin(replace(said, question=None)))


def _is_worn_out(scene: Scene) -> bool:
    since = scene.contact.asked_since
    return since is not None and scene.now - DAY < since <= scene.now and scene.contact.asked >= ASKED_A_DAY


def _counted(scene: Scene, outcome: Outcome) -> Outcome:
    return replace(outcome, changes=(*outcome.changes, CountAsked(scene.contact.id)))


async def register(scene: Scene) -> Outcome:
    """Somebody who holds a post asks for another."""
    return await _begin(scene)


async def _begin(scene: Scene) -> Outcome:
    last = await requests.last_from(scene.tx, scene.contact.id)
    if last is not None and last.waits(scene.now):
        greeted = scene.contact.greeted_at
        if scene.person is None and greeted is not None and is_recent(greeted, scene.now) and greeted > last.made_at:
            return Outcome(None)
        return Outcome(wording.request_waits(), changes=(MarkGreeted(scene.contact.id),))
    from_here = await requests.made_since(scene.tx, scene.now - DAY, scene.contact.id)
    in_all = await requests.made_since(scene.tx, scene.now - DAY)
    if from_here >= REQUESTS_A_DAY or in_all >= REQUESTS_A_DAY_IN_ALL:
        return Outcome(wording.too_many_requests())
    role = asked.role_asked(scene.text)
    known = Role(role) if role and Role(role) is not Role.ADMIN else None
    return await _ask_on(scene, Asking(role=known, unit=_unit(asked.unit_asked(scene.text))))


async def _ask_on(scene: Scene, asking: Asking) -> Outcome:
    """The next thing that is missing, or what will be sent."""
    settles = scene.question.id if scene.question else None
    if asking.name is None and scene.person is None:
        return Outcome(wording.your_name(), settles=settles, draft=asking.draft())
    if asking.role is None:
        return Outcome(wording.your_role(), settles=settles, draft=asking.draft())
    if not asking.unit:
        return Outcome(wording.your_unit(), settles=settles, draft=asking.draft())
    person_id = await _who(scene, asking)
    if person_id is None:
        return Outcome(wording.your_name(), settles=settles, draft=replace(asking, name=None).draft())
    return Outcome(wording.request_to_send(person_id, asking.role, asking.unit), settles=settles, draft=asking.draft())


async def _who(scene: Scene, asking: Asking) -> int | None:
    if scene.person is not None:
        return scene.person.id
    found = await people.drafted(scene.tx, asking.name) if asking.name is not None else None
    return found.id if found else None


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The answer to the question that was asked last."""
    assert scene.question is not None and scene.question.draft is not None
    asking = _FORM.validate_python(scene.question.draft.fields)
    match wishes[0].intent if wishes else None:
        case None:
            return await _ask_on(scene, asking)
        case Intent.CONFIRM_NO | Intent.CANCEL:
            forget = (ForgetPerson(asking.name),) if asking.name is not None else ()
            return Outcome(wording.request_dropped(), changes=forget, settles=scene.question.id)
        case Intent.EDIT_CARD:
            forget = (ForgetPerson(asking.name),) if asking.name is not None else ()
            outcome = await _ask_on(scene, Asking())
            return replace(outcome, changes=(*forget, *outcome.changes))
        case _:
            return await _answered(scene, asking, wishes[0])


async def _answered(scene: Scene, asking: Asking, wish: Wish) -> Outcome | None:
    assert scene.question is not None
    if asking.name is None and scene.person is None:
        return _named(scene, asking)
    if asking.role is None:
        role = asked.role_asked(scene.text)
        known = Role(role) if role and Role(role) is not Role.ADMIN else None
        if known is None and scene.person is not None and wish.intent is not Intent.OUT_OF_SCOPE:
            return None
        return await _ask_on(scene, replace(asking, role=known))
    if not asking.unit:
        if scene.person is not None and wish.is_command:
            return None
        return await _ask_on(scene, replace(asking, unit=_unit(scene.text)))
    if wish.intent is Intent.CONFIRM_YES:
        return await _send(scene, asking)
    return None if scene.person is not None else await _ask_on(scene, asking)


def _unit(said: str) -> str:
    return asked.unit_words(said)[:LONGEST_UNIT].strip()


def _named(scene: Scene, asking: Asking) -> Outcome:
    """The name stands in `people` and nowhere else; the question keeps only the draft's number."""
    assert scene.question is not None
    name = asked.own_name(scene.text)
    if not name:
        return Outcome(wording.full_name_please(), settles=scene.question.id, draft=asking.draft())
    known = replace(asking, name=draw_id())
    assert known.name is not None
    role, unit = known.role, known.unit

    def next_one(written: Written) -> Reply:
        if role is None:
            return wording.your_role()
        return wording.request_to_send(written.made, role, unit) if unit else wording.your_unit()

    change = NamePerson(known.name, name)
    return Outcome(next_one, changes=(change,), settles=scene.question.id, draft=known.draft())


async def _send(scene: Scene, asking: Asking) -> Outcome:
    assert scene.question is not None and asking.role is not None
    settles = scene.question.id
    in_all = await requests.made_since(scene.tx, scene.now - DAY)
    from_here = await requests.made_since(scene.tx, scene.now - DAY, scene.contact.id)
    if from_here >= REQUESTS_A_DAY or in_all >= REQUESTS_A_DAY_IN_ALL:
        return Outcome(wording.too_many_requests(), settles=settles)
    last = await requests.last_from(scene.tx, scene.contact.id)
    if last is not None and last.waits(scene.now):
        return Outcome(wording.request_waits(), settles=settles)
    person_id = await _who(scene, asking)
    if person_id is None:
        return await _ask_on(scene, replace(asking, name=None))
    unit = await _meant(scene, asking.role, asking.unit)
    deciders = await _deciders(scene, asking.role, unit, person_id)
    change = RequestPost(
        contact_id=scene.contact.id,
        person_id=person_id,
        role=asking.role,
        unit_id=unit.id if unit else None,
        unit_said=asking.unit,
        expires_at=scene.now + timedelta(days=REQUEST_DAYS),
        deciders=deciders,
        not_before=letter_time(scene.office.calendar, scene.now),
    )
    return Outcome(wording.request_sent(), changes=(change,), settles=settles)


GENERIC = frozenset(
    ["chi", "bo", "dang", "uy", "cb", "xa", "phuong", "thi", "tran", "huyen", "tinh", "o", "tai", "thuoc", "cua"]
)


async def _meant(scene: Scene, role: Role, said: str) -> Unit | None:
    """The one unit that the words name in full, with nothing left over; whoever asked never learns whether there is."""
    words = fold(said)
    within = await units.within(scene.tx, words, scene.today)
    found = {unit.id: unit for _, unit in within}
    left = set(words.split()) - GENERIC - {word for name, _ in within for word in name.split()}
    fitting = [unit for unit in found.values() if unit.kind in KINDS_OF[role]]
    if left or not fitting:
        return None
    if (
        role is not Role.SECRETARY
        and any(unit.kind is not UnitKind.BRANCH for unit in fitting)
        and "chi bo" not in words
    ):
        fitting = [unit for unit in fitting if unit.kind is not UnitKind.BRANCH]
    depth = {unit.id: sum(one in found for one in unit.path) for unit in fitting}
    best = [unit for unit in fitting if depth[unit.id] == max(depth.values())]
    return best[0] if len(best) == 1 else None


async def _deciders(scene: Scene, role: Role, unit: Unit | None, asker: int) -> tuple[int, ...]:
    """Those entitled to decide in the nearest unit above that has any who can be reached; else whoever oversees all."""
    if unit is not None:
        roles = [giver for giver, given in MAY_APPROVE.items() if role in given and giver is not Role.ADMIN]
        path = unit.path[:-1] if unit.kind is UnitKind.BRANCH else unit.path
        found = await people.nearest_above(scene.tx, path, roles, scene.today, but=[asker])
        if found:
            return tuple(one.id for one in found[:3])
    root = await units.root(scene.tx, scene.today)
    top = await people.nearest_above(scene.tx, [root.id], [Role.ORGANISER], scene.today, but=[asker]) if root else []
    if not top:
        admins = await people.with_roles(scene.tx, [Role.ADMIN], scene.today)
        can_be_reached = await people.reachable(scene.tx, [one.id for one in admins])
        top = [one for one in admins if one.id in can_be_reached and one.id != asker]
    return tuple(one.id for one in top[:3])


async def show(scene: Scene) -> Outcome:
    """`/moi đề nghị`: those that wait and are the speaker's to decide; with a number, the card of one."""
    if scene.wish.number is None:
        waiting = await requests.waiting(scene.tx, scene.now)
        rows = [one for one in waiting if await _may_decide(scene, one)]
        looked = Looked("requests", None, len(rows))
        listed = [(one.id, one.person_id or 0, one.role, one.made_at.date()) for one in rows]
        return Outcome(wording.requests_listed(listed), changes=(looked,) if rows else ())
    found = await requests.by_id(scene.tx, scene.wish.number)
    if found is None or not await _may_decide(scene, found):
        return Outcome(wording.no_request())
    return await _card(scene, found, found.unit_id)


async def count_waiting(scene: Scene) -> int:
    """How many requests wait that are the speaker's to decide."""
    return sum([await _may_decide(scene, one) for one in await requests.waiting(scene.tx, scene.now)])


async def _may_decide(scene: Scene, request: Request, unit_id: int | None = None) -> bool:
    """Nobody decides on their own request."""
    if request.person_id == scene.speaker.id:
        return False
    unit_id = unit_id or request.unit_id
    unit = await units.by_id(scene.tx, unit_id, scene.today) if unit_id is not None else None
    root = await units.root(scene.tx, scene.today)
    return may_approve(scene.posts, request.role, unit, root, today=scene.today)


async def _card(scene: Scene, request: Request, unit_id: int | None, *, not_found: str = "") -> Outcome:
    settles = scene.question.id if scene.question else None
    if not request.waits(scene.now) or request.person_id is None:
        return Outcome(wording.request_over(request.decided_by), settles=settles)
    unit = await units.by_id(scene.tx, unit_id, scene.today) if unit_id else None
    person = await people.person(scene.tx, request.person_id)
    is_known = person is not None and any(post.holds_on(scene.today) for post in person.posts)
    card = wording.request_card(request.id, request.person_id, request.role, unit, request.unit_said, is_known=is_known)
    card = wording.after_unknown_unit(card, not_found) if not_found else card
    draft = Draft(DECIDE_FORM, {"request": request.id, "unit": unit.id if unit else None})
    return Outcome(card, changes=(Looked("request", unit_id, 1),), settles=settles, draft=draft)


async def carry_on_deciding(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes, no, or the unit that is meant."""
    assert scene.question is not None and scene.question.draft is not None
    fields = scene.question.draft.fields
    request, settles = await requests.by_id(scene.tx, int(fields["request"])), scene.question.id
    unit_id: int | None = fields["unit"]
    if request is None or not request.waits(scene.now):
        return Outcome(wording.request_over(request.decided_by if request else None), settles=settles)
    if not await _may_decide(scene, request, unit_id):
        return Outcome(wording.no_request(), settles=settles)
    match wishes[0].intent if wishes else None:
        case None:
            return await _card(scene, request, unit_id)
        case Intent.CONFIRM_YES if unit_id is not None:
            return await _approve(scene, request, unit_id)
        case Intent.CANCEL:
            # "Để hỏi đã" refuses nobody.
            return await _card(scene, request, unit_id)
        case Intent.CONFIRM_NO:
            refused = DecideRequest(request.id, None, wording.your_request_refused())
            return Outcome(wording.request_refused(), changes=(refused,), settles=settles)
        case Intent.CONFIRM_YES:
            return await _card(scene, request, None)
        case Intent.OUT_OF_SCOPE | Intent.REGISTER:
            return await _place(scene, request)
        case _:
            return None


async def _approve(scene: Scene, request: Request, unit_id: int) -> Outcome:
    assert scene.question is not None and request.person_id is not None
    unit = await units.by_id(scene.tx, unit_id, scene.today)
    if unit is None or unit.kind not in KINDS_OF[request.role]:
        return await _card(scene, request, None)
    told = wording.welcome(scene.office, request.role, unit, is_first=True)
    return Outcome(
        wording.request_approved(request.person_id, request.role, unit),
        changes=(DecideRequest(request.id, unit.id, told),),
        settles=scene.question.id,
    )


async def _place(scene: Scene, request: Request) -> Outcome | None:
    """The unit typed by whoever decides; the card comes again with it."""
    assert scene.question is not None
    settles, draft = scene.question.id, scene.question.draft
    found = await places.find(scene, Right.INVITE, " ".join(scene.text.split()))
    match found:
        case places.Unknown() if draft is not None and draft.fields["unit"] is not None:
            # The card asks for yes or no; words that name no unit were not meant for one.
            return None
        case places.Unknown(named):
            return await _card(scene, request, None, not_found=named)
        case places.Unclear(options):
            return Outcome(wording.which_unit_of_request(options[:8]), settles=settles, draft=draft)
        case Unit():
            pass
    if found.kind not in KINDS_OF[request.role] or not await _may_decide(scene, request, found.id):
        return Outcome(wording.wrong_kind_of_unit(request.role, found), settles=settles, draft=draft)
    return await _card(scene, request, found.id)
