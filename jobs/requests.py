"""Requests for a post: the letter to somebody who may decide on one, and a word to whoever was not answered."""

from datetime import datetime

from domain.calendar import letter_time
from domain.changes import Draft
from domain.office import Office
from domain.people import Person, may_approve
from jobs.composing import Letter, Skip
from language import wording
from storage import requesting
from storage.database import Database
from storage.read import people, requests, units

DECIDE_FORM = "decide_request"


async def compose(db: Database, decider: Person, number: str, now: datetime) -> Letter | Skip:
    """The card of the request as it stands now, for who may decide on it now; that is asked again on the answer."""
    today = now.date()
    async with db.reading() as tx:
        request = await requests.by_id(tx, int(number))
        if request is None or not request.waits(now) or request.person_id in (None, decider.id):
            return Skip("the request is decided")
        unit = await units.by_id(tx, request.unit_id, today) if request.unit_id else None
        root = await units.root(tx, today)
        if not may_approve(decider.posts, request.role, unit, root, today=today):
            return Skip("no longer decides on it")
        asker = await people.person(tx, request.person_id or 0)
    is_known = asker is not None and any(post.holds_on(today) for post in asker.posts)
    card = wording.request_card(
        request.id, request.person_id or 0, request.role, unit, request.unit_said, is_known=is_known
    )
    return Letter(card, Draft(DECIDE_FORM, {"request": request.id, "unit": unit.id if unit else None}))


async def tell_expired(db: Database, office: Office, now: datetime) -> int:
    """Whoever asked and was not answered in time is told so, at an hour for letters; how many were."""
    if letter_time(office.calendar, now) > now:
        return 0
    return await requesting.tell_expired(db, now, wording.your_request_expired())
