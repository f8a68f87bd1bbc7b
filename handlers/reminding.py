"""One's own reminders: put off to another day, resting for a while, wanted again."""

from datetime import date, datetime, timedelta

from domain.calendar import at, letter_time
from domain.changes import Outcome, PlanLetter, RestLetters
from domain.people import Right
from domain.reminders import MONTHLY_NOTHING_NEW, SNOOZED, Rung, key_of, month_named, put_off_times, rung_of
from domain.units import Unit
from handlers import places
from handlers.scene import Scene
from language import wording
from storage.read import letters, silence, units
from storage.read.letters import Letter

LOOK_BACK = timedelta(days=40)


async def put_off(scene: Scene) -> Outcome:
    """`để mai`: the newest reminder comes again on another day, a few times at most and never past the closing day."""
    last = await _newest(scene)
    if not last:
        return Outcome(wording.nothing_to_put_off())
    month = month_named(scene.office, last[0].period)
    found = await units.by_ids(scene.tx, {one.unit_id for one in last if one.unit_id is not None}, scene.today)
    quiet = await silence.of_units(scene.tx, list(found), month, at=scene.now)
    owed = [one for one in last if one.unit_id in quiet and scene.may(Right.ENTER, found[one.unit_id])]
    if not owed:
        return Outcome(wording.nothing_to_put_off())
    calendar = scene.office.calendar
    day = scene.wish.date if isinstance(scene.wish.date, date) else scene.today + timedelta(days=1)
    when = letter_time(calendar, at(max(day, scene.today + timedelta(days=1)), calendar.morning))
    if when.date() > month.closes_on:
        return Outcome(wording.put_off_too_far(month))
    known = await letters.of_person(scene.tx, scene.speaker.id, scene.now - LOOK_BACK)
    changes = [change for one in owed if (change := _again(scene, one, known, when)) is not None]
    if not changes:
        return Outcome(wording.put_off_too_often(scene.office.timetable.put_off_times, month))
    return Outcome(wording.put_off([found[one.unit_id or 0] for one in changes], when), changes=tuple(changes))


def _again(scene: Scene, last: Letter, known: list[Letter], when: datetime) -> PlanLetter | None:
    """The same letter once more, as a step of its own; None when it was put off too often."""
    same = [one for one in known if (one.rule, one.unit_id, one.period) == (last.rule, last.unit_id, last.period)]
    step = SNOOZED * (1 + max(put_off_times(one.step) for one in same)) + rung_of(last.step)
    if put_off_times(step) > scene.office.timetable.put_off_times:
        return None

    key = key_of(MONTHLY_NOTHING_NEW, last.period, step, last.unit_id or 0, scene.speaker.id)
    return PlanLetter(key, last.rule, scene.speaker.id, when, last.unit_id, last.period, step)


async def _newest(scene: Scene) -> list[Letter]:
    """The reminders of the last message that had any, about the unit named if one is."""
    sent = [
        one
        for one in await letters.of_person(scene.tx, scene.speaker.id, scene.now - LOOK_BACK)
        if one.rule == MONTHLY_NOTHING_NEW.code
        and one.state in ("sent", "uncertain")
        and rung_of(one.step) is not Rung.ABOVE
    ]
    if scene.wish.branch:
        unit = await places.find(scene, Right.ENTER, scene.wish.branch)
        sent = [one for one in sent if isinstance(unit, Unit) and one.unit_id == unit.id]
    if not sent:
        return []
    newest = max(one.settled_at or one.made_at for one in sent)
    return list({one.unit_id: one for one in sent if (one.settled_at or one.made_at) == newest}.values())


async def settings(scene: Scene) -> Outcome:
    """`tạm dừng nhắc đến hết tuần sau`, `nhắc lại đi`; other wishes about reminders are told what is fixed."""
    extra = dict(scene.wish.extra)
    match extra.get("allow"):
        case "yes":
            return _wanted_again(scene)
        case "no":
            return _rest(scene, extra.get("pause_until", ""))
        case _:
            return Outcome(wording.reminders_are_fixed(scene.office))


def _rest(scene: Scene, until: str) -> Outcome:
    """Without a day until the end of the next week; never longer than the office allows."""
    sunday = scene.today + timedelta(days=13 - scene.today.weekday())
    wanted = date.fromisoformat(until) if until else sunday
    longest = scene.today + timedelta(weeks=scene.office.timetable.pause_weeks)
    last = min(max(wanted, scene.today), longest)
    reply = wording.letters_rest(last, scene.office.timetable.pause_weeks if wanted > longest else None)
    return Outcome(reply, changes=(RestLetters(last),))


def _wanted_again(scene: Scene) -> Outcome:
    paused = scene.speaker.paused_until
    if paused is None or paused < scene.today:
        return Outcome(wording.letters_do_not_rest())
    when = letter_time(scene.office.calendar, scene.now)
    return Outcome(wording.letters_again(), changes=(RestLetters(None, when),))
