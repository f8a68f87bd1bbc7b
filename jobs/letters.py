"""Letters when they are claimed: condition, addressee and right are asked anew, whatever was true when planned."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from domain.calendar import at, letter_time
from domain.office import Office
from domain.people import Person, Right, held_named, holds, may
from domain.reminders import RuleCode, rung_of
from jobs import deadlines, digest, nothing_new, reaching, requests
from jobs.composing import Letter, Message, Skip
from language import reminder_wording
from storage.asking import OutboxRow
from storage.database import Database, Reading
from storage.letters import PAUSED
from storage.outbox import Settlement
from storage.read import entries, people, units
from storage.requesting import REQUEST_RULE
from storage.troubles import note_fault

NUDGE = "nudge"
REMINDERS = (RuleCode.WEEKLY_DIGEST, RuleCode.MONTHLY_NOTHING_NEW, RuleCode.DEADLINES, NUDGE)
"""What rests while somebody wants no reminders."""

RIGHTS = {
    "namesake": Right.SEE_NAMES,
    "entry-changed": Right.ENTER,
    "told-twice": Right.ENTER,
    "session-result": Right.SEE_NAMES,
    NUDGE: Right.ENTER,
}
"""What the addressee must still be allowed in the letter's unit."""
POST_CHANGED = "post-changed"
TO_ANYBODY = (POST_CHANGED,)
"""Sent to somebody who holds no post any more: it says so."""

TRIES_AFTER_FAULTS = 3
AFTER_FAULT = timedelta(seconds=1)

log = logging.getLogger("ketnap.letters")


class Letters:
    """Composes the letters of every rule: all that are due for one person at a time are one message."""

    def __init__(self, db: Database, office: Office, now: Callable[[], datetime]) -> None:
        self._db = db
        self._office = office
        self._now = now

    async def compose(self, rows: Sequence[OutboxRow], *, is_short: bool = False) -> Message:
        """What is said now to the one person whom these letters are for."""
        person = await self._addressee(rows[0])
        if person is None:
            return Message(apart=tuple(Settlement(row.id, "skipped", "no longer holds a post") for row in rows))
        apart: list[Settlement] = []
        if not holds(person.posts, Right.MEMBER, today=self._now().date()):
            gone = [row for row in rows if row.rule not in TO_ANYBODY]
            apart += [Settlement(row.id, "skipped", "no longer holds a post") for row in gone]
            rows = [row for row in rows if row.rule in TO_ANYBODY]
        parts: list[tuple[tuple[int, ...], Letter]] = []
        for alike in _alike(rows):
            try:
                said, left = await self._part(person, alike, is_short=is_short)
            except Exception as error:  # noqa: BLE001 - one letter with a bug in it must not stop the others
                apart += self._after_fault(alike, error)
                continue
            apart += left
            if said is not None:
                ids = {row.id for row in alike} - {settlement.id for settlement in left}
                parts.append((tuple(sorted(ids)), said))
        return self._together(parts, apart)

    def _together(self, parts: Sequence[tuple[tuple[int, ...], Letter]], apart: list[Settlement]) -> Message:
        """As many parts as can share a message; the others wait for the next."""
        taken: list[tuple[tuple[int, ...], Letter]] = []
        for ids, letter in parts:
            has_sheet = any(other.reply.sheet for _, other in taken) and letter.reply.sheet
            if not taken or not (letter.goes_alone or taken[0][1].goes_alone or has_sheet):
                taken.append((ids, letter))
            else:
                apart += [Settlement(one, "planned", "goes alone", not_before=self._now()) for one in ids]
        if not taken:
            return Message(apart=tuple(apart))
        said = tuple(one for ids, _ in taken for one in ids)
        letters = [letter for _, letter in taken]
        whole = letters[0] if len(letters) == 1 else Letter(reminder_wording.together([one.reply for one in letters]))
        return Message(said, whole, tuple(apart))

    async def _part(
        self, person: Person, rows: Sequence[OutboxRow], *, is_short: bool
    ) -> tuple[Letter | None, list[Settlement]]:
        """What letters of one kind say, and what becomes of those that are not to be sent."""
        now, first = self._now(), rows[0]
        if first.rule in REMINDERS and person.paused_until is not None and now.date() <= person.paused_until:
            calendar = self._office.calendar
            then = letter_time(calendar, at(person.paused_until + timedelta(days=1), calendar.morning))
            return None, [Settlement(row.id, "planned", PAUSED, not_before=then) for row in rows]
        if first.rule == RuleCode.MONTHLY_NOTHING_NEW:
            skipped = await nothing_new.reasons_against(self._db, self._office, person, rows, now)
            left = [row for row in rows if row.id not in skipped]
            letter = await nothing_new.compose(self._db, self._office, left, now) if left else None
            return letter, [Settlement(row_id, "skipped", skip.reason) for row_id, skip in skipped.items()]
        if first.rule == RuleCode.DEADLINES:
            letter, skipped = await deadlines.compose(self._db, self._office, person, rows, now)
            return letter, [Settlement(row_id, "skipped", reason) for row_id, reason in skipped.items()]
        composed = await self._alone(person, first, is_short=is_short)
        if isinstance(composed, Skip):
            return None, [Settlement(first.id, "skipped", composed.reason)]
        return composed, []

    async def _alone(self, person: Person, row: OutboxRow, *, is_short: bool) -> Letter | Skip:
        if row.rule == RuleCode.WEEKLY_DIGEST:
            return await digest.compose(self._db, self._office, person, row.period, self._now(), is_short=is_short)
        if row.rule == REQUEST_RULE:
            return await requests.compose(self._db, person, row.period, self._now())
        reason = await self._ended(row, person)
        if reason:
            return Skip(reason)
        return Letter(row.reply) if row.reply is not None else Skip("nothing to say")

    def _after_fault(self, rows: Sequence[OutboxRow], error: Exception) -> list[Settlement]:
        reference = note_fault(log, f"letters rows={','.join(str(row.id) for row in rows)}", error)
        return [
            Settlement(row.id, "failed", f"fault {reference}")
            if row.attempts >= TRIES_AFTER_FAULTS
            else Settlement(row.id, "planned", f"fault {reference}", not_before=self._now() + AFTER_FAULT)
            for row in rows
        ]

    async def _addressee(self, row: OutboxRow) -> Person | None:
        person_id = row.person_id
        return None if person_id is None else await self._db.read(lambda tx: people.person(tx, person_id))

    async def _ended(self, row: OutboxRow, person: Person) -> str:
        """Why the letter is not for this person any more; empty while it is."""
        unit_id = row.unit_id
        if row.rule == POST_CHANGED and (said := held_named(row.period)) is not None:
            holder = await self._db.read(lambda tx: people.person(tx, said.person_id))
            stands = said.still_stands(holder.posts if holder else (), today=self._now().date())
            return "" if stands else "the post changed again"
        return "" if unit_id is None else await self._db.read(lambda tx: self._ended_in(tx, unit_id, row, person))

    async def _ended_in(self, tx: Reading, unit_id: int, row: OutboxRow, person: Person) -> str:
        today = self._now().date()
        unit = await units.by_id(tx, unit_id, today)
        if unit is None or not may(person.posts, RIGHTS.get(row.rule, Right.SEE_NAMES), unit, today=today):
            return "no longer answers for the unit"
        if row.rule == reaching.UNREACHABLE and await reaching.is_over(tx, int(row.period)):
            return "reachable again"
        if row.rule != NUDGE:
            return ""
        if unit.nobody_left:
            return "nobody left to admit"
        return "reported meanwhile" if await entries.made_since(tx, [unit.id], row.made_at) else ""


def _alike(rows: Sequence[OutboxRow]) -> list[list[OutboxRow]]:
    """Letters that make one part: all deadlines, reminders of the same month about several branches; others alone.

    What is asked of the person comes first, the digest last.
    """
    groups: dict[tuple[int, str, str, int, int], list[OutboxRow]] = {}
    for row in rows:
        is_monthly = row.rule == RuleCode.MONTHLY_NOTHING_NEW
        if row.rule == RuleCode.DEADLINES:
            groups.setdefault((0, row.rule, "", 0, 0), []).append(row)
            continue
        order = 0 if is_monthly else 2 if row.rule == RuleCode.WEEKLY_DIGEST else 1
        rung, own = (rung_of(row.step), 0) if is_monthly else (0, row.id)
        groups.setdefault((order, row.rule, row.period, rung, own), []).append(row)
    return [groups[key] for key in sorted(groups)]
