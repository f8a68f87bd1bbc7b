"""Who has not reported, and nudging them: one branch or all, at most once a day from one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calendar import letter_time
from domain.changes import Outcome, PlanLetter
from domain.people import Right, Role
from domain.reminders import Month, month_named
from domain.units import Unit, UnitKind
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import letters, people, silence, units


@dataclass(frozen=True, slots=True)
class Nudges:
    """What nudging a unit comes to: those new today, whoever had one already, and why there is nobody."""

    unit: Unit
    new: tuple[PlanLetter, ...] = ()
    others: tuple[int, ...] = ()
    is_reachable: bool = True


async def nudge(scene: Scene) -> Outcome:
    """`/nhac đơn vị`: a letter to the secretaries of a branch, at most one a day from one person."""
    if dict(scene.wish.extra).get("target") == "not_reported":
        return await (_nudge_all(scene) if scene.wish.scope == "all" else not_reported(scene))
    found = await places.find(scene, Right.NUDGE, scene.wish.branch)
    if isinstance(found, places.Unknown):
        return Outcome(wording.unknown_unit(found.named))
    if isinstance(found, places.Unclear):
        return Outcome(wording.which_unit_to_nudge(found.options[:8]))
    if found.nobody_left:
        return Outcome(wording.nobody_left_there(found))
    when = letter_time(scene.office.calendar, scene.now)
    nudges = await _nudges(scene, found, when)
    if not nudges.is_reachable:
        return Outcome(wording.nobody_to_nudge(found, may_invite=scene.may(Right.INVITE, found)))
    if not nudges.others:
        return Outcome(wording.only_you_to_nudge(found))
    if not nudges.new:
        return Outcome(wording.nudged_already(found, nudges.others))
    reply = wording.nudge_planned(found, [nudge.person_id for nudge in nudges.new], when, scene.now)
    return Outcome(reply, changes=nudges.new)


async def not_reported(scene: Scene) -> Outcome:
    """`/chuabao`: the branches below without a word in the reporting month, and a button for each and for all."""
    month = month_named(scene.office, f"{scene.today:%Y-%m}")
    asked, silent = await _silent(scene, month)
    nudged = await people.to_be_nudged(scene.tx, silent, scene.today, by=scene.speaker.id)
    return Outcome(wording.not_reported(silent, len(asked), month, today=scene.today, nudged=nudged))


async def _nudge_all(scene: Scene) -> Outcome:
    month = month_named(scene.office, f"{scene.today:%Y-%m}")
    _, silent = await _silent(scene, month)
    when = letter_time(scene.office.calendar, scene.now)
    found = [await _nudges(scene, unit, when) for unit in silent]
    changes = tuple(letter for nudges in found for letter in nudges.new)
    told = [nudges.unit for nudges in found if nudges.new]
    already = [nudges.unit for nudges in found if nudges.others and not nudges.new]
    nobody = [nudges.unit for nudges in found if not nudges.others]
    return Outcome(wording.all_nudged(told, already, nobody, when, scene.now), changes=changes)


async def _silent(scene: Scene, month: Month) -> tuple[list[Unit], list[Unit]]:
    """The branches in reach that can be asked at all, and those of them without a word."""
    reach: dict[int, Unit] = {}
    for post in scene.reaching(Right.NUDGE):
        for unit in await units.subtree(scene.tx, post.unit_id or 0, scene.today, {UnitKind.BRANCH}):
            if scene.may(Right.NUDGE, unit) and not unit.nobody_left:
                reach[unit.id] = unit
    quiet = await silence.of_units(scene.tx, list(reach), month, at=scene.now)
    return list(reach.values()), [unit for unit in reach.values() if unit.id in quiet]


async def _nudges(scene: Scene, unit: Unit, when: datetime) -> Nudges:
    role = Role.SECRETARY if unit.kind is UnitKind.BRANCH else Role.COMMITTEE
    # Whoever stands in gets it; where he never joined, whoever holds the post.
    readers = await people.readers(scene.tx, [unit.id], [role], scene.today)
    holders = await people.holders(scene.tx, [unit.id], [role], scene.today)
    joined = await people.with_chat(scene.tx, [one.id for one in holders])
    reachable = [one for one in readers if one.id in joined] or [one for one in holders if one.id in joined]
    others = [one.id for one in reachable if one.id != scene.speaker.id]
    planned = [
        PlanLetter(
            key=f"nudge|{unit.id}|{one}|{scene.speaker.id}|{scene.today:%Y-%m-%d}",
            rule="nudge",
            person_id=one,
            not_before=when,
            unit_id=unit.id,
            period=str(scene.speaker.id),
            reply=wording.nudged(scene.speaker.id, unit, when.date()),
        )
        for one in others
    ]
    return Nudges(unit, await _new(scene, planned), tuple(others), bool(reachable))


async def _new(scene: Scene, planned: Sequence[PlanLetter]) -> tuple[PlanLetter, ...]:
    known = await letters.known_keys(scene.tx, [letter.key for letter in planned])
    return tuple(letter for letter in planned if letter.key not in known)
