"""What blocks somebody's way: reported by a tap, seen above, answered or taken over there."""

from domain.calendar import letter_time
from domain.changes import Looked, OpenSnag, Outcome, PlanLetter, SettleSnag
from domain.people import Right
from domain.records import OPEN_STAGES, Candidate, Standing
from domain.refusals import NotAllowed
from domain.snags import Settling, Snag, SnagKind
from domain.units import Unit
from handlers.scene import Scene
from language import filling, wording
from language.plain import fold
from language.snags import snag_kind
from storage.read import candidates, snags, units

TAKEN_RULE = "snag-taken"


async def tell(scene: Scene) -> Outcome:
    """`/nguon vướng`: the open ones; with somebody's name, or by a button, a new one, or what becomes of one."""
    if (settled := filling.snag_settled(scene.text)) is not None:
        return await _settle(scene, *settled)
    if (pressed := filling.snagged(scene.text)) is not None:
        found = (await candidates.by_ids(scene.tx, [pressed[0]])).get(pressed[0])
        return await _open(scene, found, pressed[1])
    if scene.wish.people:
        return await _named(scene)
    return await _list(scene)


async def _named(scene: Scene) -> Outcome:
    reach = await _reach(scene, Right.ENTER)
    listed = await candidates.of_units(scene.tx, list(reach), OPEN_STAGES)
    folded = fold(scene.wish.people[0].name)
    meant = [one for one in listed if one.folded == folded or one.folded.endswith(f" {folded}")]
    if len(meant) != 1:
        return Outcome(wording.not_on_list() if not meant else wording.how_to_tell_snag())
    words = fold(scene.text).replace(folded, " ")
    return await _open(scene, meant[0], snag_kind(words.replace("vuong mac", " ")))


async def _open(scene: Scene, person: Candidate | None, kind: SnagKind | None) -> Outcome:
    unit = await units.by_id(scene.tx, person.unit_id, scene.today) if person is not None else None
    if person is None or unit is None or not scene.may(Right.ENTER, unit):
        raise NotAllowed
    if person.standing is not Standing.LIVE or person.stage not in OPEN_STAGES:
        return Outcome(wording.old_button())
    known = [snag for snag in await snags.open_of(scene.tx, [unit.id]) if snag.candidate_id == person.id]
    if known:
        return Outcome(wording.snag_already(person, known[0]))
    if kind is None:
        return Outcome(wording.which_snag(person))
    return Outcome(wording.snag_told(person, kind), changes=(OpenSnag(person.id, unit.id, kind),))


async def _settle(scene: Scene, snag_id: int, settling: Settling) -> Outcome:
    snag = await snags.by_id(scene.tx, snag_id)
    if snag is None:
        return Outcome(wording.snag_gone())
    unit = await units.by_id(scene.tx, snag.unit_id, scene.today)
    right = Right.NUDGE if settling is Settling.TAKEN else Right.ENTER
    if unit is None or not scene.may(right, unit):
        raise NotAllowed
    told = _letter(scene, snag) if settling is Settling.TAKEN else ()
    return Outcome(wording.snag_settled(snag, settling), changes=(SettleSnag(snag_id, settling), *told))


def _letter(scene: Scene, snag: Snag) -> tuple[PlanLetter, ...]:
    """Whoever reported it hears that it was taken over."""
    if snag.opened_by is None or snag.opened_by == scene.speaker.id:
        return ()
    letter = PlanLetter(
        key=f"{TAKEN_RULE}|{snag.id}|{snag.opened_by}",
        rule=TAKEN_RULE,
        person_id=snag.opened_by,
        not_before=letter_time(scene.office.calendar, scene.now),
        unit_id=snag.unit_id,
        reply=wording.snag_taken(scene.speaker.id, snag),
    )
    return (letter,)


async def _list(scene: Scene) -> Outcome:
    reach = await _reach(scene, Right.SEE_NAMES)
    found = await snags.open_of(scene.tx, list(reach))
    may_take = bool(scene.reaching(Right.NUDGE))
    reply = wording.snags_listed(found, reach, may_take=may_take, reader=scene.speaker.id, today=scene.today)
    return Outcome(
        reply, changes=tuple(Looked("snags", unit_id, 1) for unit_id in sorted({one.unit_id for one in found}))
    )


async def _reach(scene: Scene, right: Right) -> dict[int, Unit]:
    found: dict[int, Unit] = {}
    for post in scene.reaching(right):
        below = await units.subtree(scene.tx, post.unit_id or 0, scene.today)
        found |= {unit.id: unit for unit in below if scene.may(right, unit)}
    return found
