"""The weekly digest of one person, composed when it is about to be sent."""

import secrets
from datetime import date, datetime, timedelta

from domain import digest as rules
from domain.messages import Figure, FigureSheet
from domain.office import Office
from domain.people import Person, Right, may
from domain.reminders import WEEKLY_DIGEST, windows
from domain.snags import Snag
from jobs.composing import Letter, Skip
from jobs.planning import in_charge_of
from language import digest_wording
from storage.database import Database, Reading
from storage.read import digest as reading
from storage.read import letters, people, snags, units

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
FIRST_LOOK_BACK = timedelta(days=7)


async def compose(
    db: Database, office: Office, person: Person, period: str, now: datetime, *, is_short: bool = False
) -> Letter | Skip:
    """What the person is told now, or why there is nothing to tell any more."""
    if now > windows(WEEKLY_DIGEST, office, period)[0].until:
        return Skip("too late")
    held = in_charge_of(person, now.date())
    if not held:
        return Skip("no longer in charge")

    async def look_up(tx: Reading) -> tuple[datetime | None, reading.Charge, dict[int, date], set[int], list[Snag]]:
        last = await letters.last_sent(tx, WEEKLY_DIGEST.code, person.id, now)
        # Whoever handed all of it on since this was planned still gets it: nobody else has this one.
        posts = in_charge_of(person, now.date(), await people.left_to_others(tx, now.date())) or held
        own = await units.by_ids(tx, {post.unit_id for post in posts if post.unit_id is not None}, now.date())
        allowed = [unit.id for unit in own.values() if may(posts, Right.SEE_FIGURES, unit, today=now.date())]
        charge = await reading.charge(tx, office, allowed, since=last or now - FIRST_LOOK_BACK, now=now)
        shown = [week.unit for week in charge.weeks]
        resting = await people.resting(tx, [unit.id for unit in shown], now.date())
        blocked = await snags.open_of(tx, charge.unit_ids)
        return last, charge, resting, await people.to_be_nudged(tx, shown, now.date(), by=person.id), blocked

    last, charge, resting, nudged, blocked = await db.read(look_up)
    if not charge.weeks:
        return Skip("no units")
    digest = rules.weekly_digest(
        charge.weeks,
        today=now.date(),
        since=last.date() if last else None,
        calendar=office.calendar,
        law=office.law,
        pathway=office.pathway,
        counts_by=office.counts_by,
    )
    sheet = _sheet(office, charge)
    said = digest_wording.weekly_digest(
        digest,
        whole=charge.whole,
        month=charge.month,
        sheet=sheet,
        same_period=charge.same_period,
        last_year=charge.last_year,
        resting=resting,
        nudged=nudged,
        is_short=is_short,
        blocked=blocked,
    )
    return Letter(said)


def _sheet(office: Office, charge: reading.Charge) -> FigureSheet:
    """Every figure of the digest under one code, so that each can be asked about."""
    shown = [*charge.whole, *((week.unit, week.standing) for week in charge.weeks)]
    return FigureSheet(
        code=_draw_code(),
        figures=tuple(
            Figure(digest_wording.figures_label(unit), unit.id, str(standing.year), office.counts_by, standing.done)
            for unit, standing in shown
        ),
    )


def _draw_code() -> str:
    """Four letters and digits that nobody confuses, with at least one of each."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(4))
        if any(letter.isdigit() for letter in code) and any(letter.isalpha() for letter in code):
            return code
