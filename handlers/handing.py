"""Handing a post over for good or for a time, behind a card, and taking a handover back."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import TypeAdapter

from domain.budget import Opening
from domain.calendar import letter_time
from domain.changes import (
    Change,
    Draft,
    ForgetPerson,
    HandOver,
    NamePerson,
    Outcome,
    PlanLetter,
    TakeBack,
    Written,
)
from domain.intents import Intent, Wish
from domain.messages import Reply
from domain.people import MAY_INVITE, Held, Person, Post, Right, Role, may_give
from domain.refusals import NotAllowed
from domain.units import Unit
from handlers import holders, places
from handlers.joining import INVITE_DAYS
from handlers.openings import opening
from handlers.scene import CODE_LENGTH, Scene, draw_code, draw_id
from language import filling, wording
from language.senses import posts as asked
from storage.read import people, units

FORM = "hand_over"
BACK_FORM = "take_back"
LONGEST_TERM = timedelta(days=366)
UNDO_DAYS = timedelta(days=30)
TOLD = (Role.COMMITTEE, Role.ORGANISER)
POST_LETTER = "post-changed"
"""The letter to whoever gives, gets or loses a post; sent to somebody who holds none any more, too."""


@dataclass(frozen=True, slots=True)
class Handing:
    """What is known so far. `posts` are those that may be meant; `name` is the draft of somebody new in `people`."""

    posts: tuple[int, ...]
    for_a_time: bool = False
    until: date | None = None
    successor: int | None = None
    name: int | None = None
    offered: tuple[int, ...] = ()

    def draft(self) -> Draft:
        return Draft(FORM, _FORM.dump_python(self, mode="json"))


_FORM = TypeAdapter(Handing)


async def hand_over(scene: Scene) -> Outcome:
    """`/bangiao`: which post, to whom, until when; whatever the message says already is not asked."""
    wish = scene.wish
    if wish.scope == "take_back":
        return await _propose_taking_back(scene)
    posts = await _meant(scene, wish.branch)
    if isinstance(posts, Outcome):
        return posts
    if not posts:
        return Outcome(wording.no_post_to_hand_over())
    handing = Handing(tuple(post.id for post in posts), for_a_time=wish.scope == "for_a_time", until=_day(scene, wish))
    name = dict(wish.extra).get("new_holder", "")
    posts = _of_role(posts, dict(wish.extra).get("role", ""), is_named=bool(name))
    handing = replace(handing, posts=tuple(post.id for post in posts))
    if name and len(posts) == 1:
        return await _named(scene, handing, posts[0], name)
    return await _ask_on(scene, handing)


def _of_role(posts: list[Post], said: str, *, is_named: bool) -> list[Post]:
    """Those of the role said; where only the new holder is, whoever leads the unit is handed over from."""
    wanted = {said} if said else {Role.SECRETARY.value, Role.COMMITTEE.value} if is_named else set[str]()
    return [post for post in posts if post.role.value in wanted] or posts


def _day(scene: Scene, wish: Wish) -> date | None:
    on = wish.date if isinstance(wish.date, date) else None
    return on if on is not None and scene.today <= on <= scene.today + LONGEST_TERM else None


async def _meant(scene: Scene, named: str) -> list[Post] | Outcome:
    """The posts in question that the speaker may hand over: one's own, or those one may give in the unit named."""
    if not named:
        return [post for post in scene.posts if post.stands_in_for is None and post.until is None]
    found = await places.find(scene, Right.HAND_OVER, named)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_hand_over(found.options[:8]))
    there = await people.holders(scene.tx, [found.id], list(Role), scene.today)
    posts = [post for person in there for post in person.posts if post.unit_id == found.id]
    return [post for post in posts if _may(scene, post, found)]


def _may(scene: Scene, post: Post, unit: Unit | None) -> bool:
    """A post for good, held today, of one's own or one that one may give there."""
    if post.until is not None or not post.holds_on(scene.today) or post.stands_in_for is not None:
        return False
    if post.person_id == scene.speaker.id:
        return True
    return unit is not None and may_give(scene.posts, MAY_INVITE, post.role, unit, today=scene.today)


async def _post(scene: Scene, post_id: int) -> tuple[Post, Unit | None] | None:
    """The post as it stands now, if the speaker may still hand it over."""
    post = await people.post(scene.tx, post_id)
    if post is None:
        return None
    unit = await units.by_id(scene.tx, post.unit_id, scene.today) if post.unit_id else None
    return (post, unit) if _may(scene, post, unit) else None


async def _only_post(scene: Scene, handing: Handing) -> tuple[Post, Unit | None] | None:
    return await _post(scene, next(iter(handing.posts)))


async def _ask_on(scene: Scene, handing: Handing) -> Outcome:
    """The next thing that is missing, or the card."""
    settles = scene.question.id if scene.question else None
    if len(handing.posts) > 1:
        offered: list[tuple[int, Role, Unit, int]] = []
        for post_id in handing.posts[:8]:
            found = await _post(scene, post_id)
            if found is not None and found[1] is not None:
                offered.append((post_id, found[0].role, found[1], found[0].person_id))
        return Outcome(wording.which_post(offered), settles=settles, draft=handing.draft())
    found = await _only_post(scene, handing)
    if found is None:
        return Outcome(wording.changed_meanwhile(), settles=settles)
    post, unit = found
    successor = await _successor(scene, handing)
    if successor is None and handing.name is not None:
        return Outcome(wording.card_too_old(), settles=settles)
    if successor is None:
        asking = replace(handing, successor=None, name=None)
        said = wording.to_whom(post.role, unit, for_a_time=handing.for_a_time)
        return Outcome(said, settles=settles, draft=asking.draft())
    if handing.for_a_time and handing.until is None:
        return Outcome(wording.until_when(), settles=settles, draft=handing.draft())
    is_new = successor.id not in await people.with_chat(scene.tx, [successor.id])
    card = wording.hand_over_card(post.person_id, successor.id, post.role, unit, handing.until, is_new=is_new)
    return Outcome(card, settles=settles, draft=handing.draft())


async def _successor(scene: Scene, handing: Handing) -> Person | None:
    if handing.successor is not None:
        return await people.person(scene.tx, handing.successor)
    return await people.drafted(scene.tx, handing.name) if handing.name is not None else None


async def _named(scene: Scene, handing: Handing, post: Post, name: str) -> Outcome:
    """Somebody known by that name near by; else a new person, who then needs the full name."""
    settles = scene.question.id if scene.question else None
    unit = await units.by_id(scene.tx, post.unit_id, scene.today) if post.unit_id else None
    among = await holders.around(scene, unit) if unit is not None else []
    is_above = unit is not None and scene.may(Right.INVITE, unit)
    found = holders.called(among, name, in_full=not is_above)
    others = [one for one in found if not _holds_it(scene, one, post)]
    if found and not others:
        return Outcome(wording.holds_it_already(), settles=settles, draft=handing.draft())
    fitting = [one for one in others if await _may_get_it(scene, one)]
    if len(fitting) == 1:
        return await _ask_on(scene, replace(handing, successor=fitting[0].id))
    if fitting:
        offered = replace(handing, offered=tuple(one.id for one in fitting[:8]))
        shown = [(one.id, await holders.places_of(scene, one)) for one in fitting[:8]]
        return Outcome(wording.which_successor(shown), settles=settles, draft=offered.draft())
    full = asked.own_name(name)
    if not full:
        said = wording.to_whom(post.role, unit, for_a_time=handing.for_a_time)
        return Outcome(said, settles=settles, draft=handing.draft())
    new = replace(handing, name=draw_id())
    assert new.name is not None

    def card(written: Written) -> Reply:
        if new.for_a_time and new.until is None:
            return wording.until_when()
        return wording.hand_over_card(post.person_id, written.made, post.role, unit, new.until, is_new=True)

    return Outcome(card, changes=(NamePerson(new.name, full),), settles=settles, draft=new.draft())


async def _may_get_it(scene: Scene, person: Person) -> bool:
    """Whoever has no chat yet is given a code, which opens all their posts: then the speaker could give these too.

    Somebody else of that name is taken for new, and is one with them once they have joined by codes of both.
    """
    if person.id in await people.with_chat(scene.tx, [person.id]):
        return True
    return await holders.could_be_given(scene, person, scene.posts)


def _holds_it(scene: Scene, person: Person, post: Post) -> bool:
    return any(
        one.role is post.role and one.unit_id == post.unit_id and one.holds_on(scene.today) for one in person.posts
    )


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """The answer to what was asked last."""
    assert scene.question is not None and scene.question.draft is not None
    handing, settles = _FORM.validate_python(scene.question.draft.fields), scene.question.id
    intent = wishes[0].intent if wishes else None
    if intent is None:
        return await _ask_on(scene, handing)
    if intent in (Intent.CONFIRM_NO, Intent.CANCEL):
        forget = (ForgetPerson(handing.name),) if handing.name is not None else ()
        return Outcome(wording.nothing_changed(), changes=forget, settles=settles)
    picked = filling.picked(scene.text)
    if picked is not None and len(handing.posts) > 1:
        return await _ask_on(scene, replace(handing, posts=(picked,))) if picked in handing.posts else None
    if picked is not None:
        return await _ask_on(scene, replace(handing, successor=picked)) if picked in handing.offered else None
    if len(handing.posts) > 1:
        return None
    if await _successor(scene, handing) is None and handing.name is None:
        found = await _only_post(scene, handing)
        if found is None:
            return Outcome(wording.changed_meanwhile(), settles=settles)
        name = asked.own_name(scene.text) or (wishes[0].people[0].name if wishes[0].people else "")
        is_name = intent is Intent.OUT_OF_SCOPE or bool(asked.own_name(scene.text) and not wishes[0].is_command)
        return await _named(scene, handing, found[0], name) if is_name else None
    if handing.for_a_time and handing.until is None:
        on, trouble = asked.day_ahead(scene.text, today=scene.today)
        if on is None and trouble is None and intent is not Intent.OUT_OF_SCOPE:
            return None
        until = _day(scene, Wish(Intent.ROLE_CHANGE, date=on))
        return await _ask_on(scene, replace(handing, until=until))
    return await _save(scene, handing) if intent is Intent.CONFIRM_YES else None


async def _save(scene: Scene, handing: Handing) -> Outcome:
    """Written only if the post is still held by whom the card named, and still the speaker's to hand over."""
    assert scene.question is not None
    settles, found, successor = (
        scene.question.id,
        await _post(scene, handing.posts[0]),
        await _successor(scene, handing),
    )
    if successor is None:
        return Outcome(wording.card_too_old(), settles=settles)
    if found is None or _holds_it(scene, successor, found[0]) or not await _may_get_it(scene, successor):
        return Outcome(wording.changed_meanwhile(), settles=settles)
    post, unit = found
    until = _day(scene, Wish(Intent.ROLE_CHANGE, date=handing.until)) if handing.for_a_time else None
    if handing.for_a_time and until is None:
        return await _ask_on(scene, replace(handing, until=None))
    has_chat = successor.id in await people.with_chat(scene.tx, [successor.id])
    code = "" if has_chat else draw_code(CODE_LENGTH)
    expires = scene.now + timedelta(days=INVITE_DAYS)
    way = await opening(scene, code) if code else Opening()
    print_, bot = scene.fingerprint(code) if code else "", way.bot.key if way.bot else ""
    change = HandOver(post.id, post.person_id, successor.id, until, print_, expires, bot)
    letters = await _letters(scene, post, unit, successor, until)
    said = wording.handed_over(successor.id, post.role, unit, until, code, way, expires.date())
    return Outcome(said, changes=(change, *letters), settles=settles)


async def _letters(scene: Scene, post: Post, unit: Unit | None, successor: Person, until: date | None) -> list[Change]:
    """To whoever gets the post, to whoever loses it by another's hand, else to the level above."""
    gets_it = Held(successor.id, post.role, post.unit_id)
    given = wording.post_given(scene.speaker.id, post.role, unit, until)
    told: list[Change] = [_letter(scene, successor.id, given, gets_it)]
    if post.person_id != scene.speaker.id:
        if until is None:
            ended = wording.post_ended(scene.speaker.id, successor.id, post.role, unit)
            told.append(
                _letter(scene, post.person_id, ended, Held(post.person_id, post.role, post.unit_id, is_held=False))
            )
        return told
    if unit is None:
        return told
    but = [post.person_id, successor.id]
    above = await people.nearest_above(scene.tx, unit.path[:-1], TOLD, scene.today, but=but)
    said = wording.post_handed_over(post.person_id, successor.id, post.role, unit, until)
    return [*told, *(_letter(scene, one.id, said, gets_it) for one in above[:1])]


def _letter(scene: Scene, person_id: int, reply: Reply, says: Held) -> PlanLetter:
    """Sent only if what it says is still so when its hour comes."""
    when = letter_time(scene.office.calendar, scene.now)
    key = f"{POST_LETTER}|{scene.question.id if scene.question else scene.item.id}|{person_id}"
    return PlanLetter(key, POST_LETTER, person_id, not_before=when, period=says.name(), reply=reply)


async def _propose_taking_back(scene: Scene) -> Outcome:
    """`/bangiao hoàn tác đơn vị`: for the level above, while the new holder still holds the post."""
    found = await places.find(scene, Right.INVITE, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_hand_over(found.options[:8]))
    return await _taking_back_card(scene, found)


async def _last(scene: Scene, unit: Unit) -> people.Handover | None:
    roles = [role for role in Role if may_give(scene.posts, MAY_INVITE, role, unit, today=scene.today)]
    found = await people.last_handover(scene.tx, unit.id, roles, scene.today)
    is_recent = found is not None and found.new.since >= scene.today - UNDO_DAYS
    return found if found is not None and is_recent else None


async def _taking_back_card(scene: Scene, unit: Unit) -> Outcome:
    settles, handover = scene.question.id if scene.question else None, await _last(scene, unit)
    if handover is None:
        return Outcome(wording.nothing_to_take_back(unit), settles=settles)
    old, new = handover.old, handover.new
    draft = Draft(BACK_FORM, {"unit": unit.id, "old": old.id, "new": new.id})
    card = wording.take_back_card(old.person_id, new.person_id, old.role, unit)
    return Outcome(card, settles=settles, draft=draft)


async def carry_on_taking_back(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to taking a handover back."""
    assert scene.question is not None and scene.question.draft is not None
    fields, settles = scene.question.draft.fields, scene.question.id
    unit = await units.by_id(scene.tx, int(fields["unit"]), scene.today)
    if unit is None:
        raise NotAllowed
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.nothing_changed(), settles=settles)
        case None:
            return await _taking_back_card(scene, unit)
        case Intent.CONFIRM_YES:
            pass
        case _:
            return None
    handover = await _last(scene, unit)
    if handover is None or (handover.old.id, handover.new.id) != (fields["old"], fields["new"]):
        return Outcome(wording.changed_meanwhile(), settles=settles)
    old, new = handover.old, handover.new
    told = [
        _letter(
            scene,
            person_id,
            wording.post_taken_back(scene.speaker.id, old.role, unit, is_back=is_back),
            Held(person_id, old.role, old.unit_id, is_held=is_back),
        )
        for person_id, is_back in ((old.person_id, True), (new.person_id, False))
        if person_id != scene.speaker.id
    ]
    said = wording.taken_back(old.person_id, old.role, unit)
    return Outcome(said, changes=(TakeBack(old.id, new.id), *told), settles=settles)
