"""One announcement to all secretaries below, behind a card, and how many of its letters have arrived."""

from domain.calendar import letter_time
from domain.changes import Announce, Draft, Outcome
from domain.intents import Intent, Wish
from domain.people import Post, Right, Role
from domain.refusals import NotAllowed
from domain.units import Unit, UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from language.senses import posts as asked
from storage.read import people, requests, units

FORM = "announce"
LONGEST = 1500


async def announce(scene: Scene) -> Outcome:
    """`thông báo cho các bí thư: …`; the words stay in the message until the card is saved."""
    words = asked.announced_words(scene.text)
    if not words:
        return Outcome(wording.nothing_to_announce())
    if len(words) > LONGEST:
        return Outcome(wording.too_long_to_announce(LONGEST))
    found = await places.find(scene, Right.ANNOUNCE, scene.wish.branch)
    match found:
        case places.Unknown(named):
            return Outcome(wording.unknown_unit(named))
        case places.Unclear(options):
            return Outcome(wording.which_unit_to_announce(options[:8]))
        case Unit():
            return await _card(scene, found, scene.item.id, words)


async def _addressees(scene: Scene, unit: Unit) -> tuple[list[tuple[int, int]], int]:
    """Each secretary once, with a branch in which he or she answers; and how many of them cannot be reached now."""
    branches = [one.id for one in await units.subtree(scene.tx, unit.id, scene.today, [UnitKind.BRANCH])]
    readers = await people.readers(scene.tx, branches, [Role.SECRETARY], scene.today)
    to = [
        (one.id, next(post.unit_id or 0 for post in one.posts if _reads(scene, post, branches)))
        for one in readers
        if one.id != scene.speaker.id
    ]
    can_be_reached = await people.reachable(scene.tx, [person_id for person_id, _ in to])
    return to, len(to) - len(can_be_reached)


def _reads(scene: Scene, post: Post, branches: list[int]) -> bool:
    return post.role is Role.SECRETARY and post.holds_on(scene.today) and post.unit_id in branches


async def _card(scene: Scene, unit: Unit, item_id: int, words: str) -> Outcome:
    settles = scene.question.id if scene.question else None
    to, missing = await _addressees(scene, unit)
    if not to:
        return Outcome(wording.nobody_to_announce_to(unit), settles=settles)
    card = wording.announcement_card(unit, words, len(to), missing)
    return Outcome(card, settles=settles, draft=Draft(FORM, {"unit": unit.id, "item": item_id}))


async def carry_on(scene: Scene, wishes: tuple[Wish, ...]) -> Outcome | None:
    """Yes or no to the card of an announcement."""
    assert scene.question is not None and scene.question.draft is not None
    fields, settles = scene.question.draft.fields, scene.question.id
    unit = await units.by_id(scene.tx, int(fields["unit"]), scene.today)
    if unit is None or not scene.may(Right.ANNOUNCE, unit):
        raise NotAllowed
    words = asked.announced_words(await requests.text_of(scene.tx, int(fields["item"])))
    match wishes[0].intent if wishes else None:
        case Intent.CONFIRM_NO | Intent.CANCEL:
            return Outcome(wording.nothing_changed(), settles=settles)
        case None if words:
            return await _card(scene, unit, int(fields["item"]), words)
        case Intent.CONFIRM_YES if words:
            return await _send(scene, unit, int(fields["item"]), words)
        case Intent.CONFIRM_YES | None:
            return Outcome(wording.nothing_to_announce(), settles=settles)
        case _:
            return None


async def _send(scene: Scene, unit: Unit, item_id: int, words: str) -> Outcome:
    assert scene.question is not None
    to, missing = await _addressees(scene, unit)
    if not to:
        return Outcome(wording.nobody_to_announce_to(unit), settles=scene.question.id)
    when = letter_time(scene.office.calendar, scene.now)
    reply = wording.announcement(scene.speaker.id, unit, words)
    change = Announce(unit.id, item_id, tuple(to), when, reply)
    return Outcome(
        lambda written: wording.announced(written.made, len(to), missing, when, scene.now),
        changes=(change,),
        settles=scene.question.id,
    )


async def show(scene: Scene) -> Outcome:
    """`đã gửi bao nhiêu 3`: for its author, and for the level above."""
    number = scene.wish.number
    found = await requests.announcement(scene.tx, number) if number is not None else None
    unit = await units.by_id(scene.tx, found.unit_id, scene.today) if found else None
    if found is None or unit is None or not scene.may(Right.ANNOUNCE, unit):
        return Outcome(wording.no_announcement())
    states = found.states
    waiting, held = states["planned"] + states["claimed"], states["held"]
    missed = sum(states[state] for state in ("uncertain", "failed", "skipped", "cancelled"))
    day = found.made_at.date()
    return Outcome(wording.announcement_stands(found.id, day, states["sent"], waiting, held, missed))
