"""Letters before they are sent: planned once under their key, and given up once their time is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from domain.changes import PlanLetter, RestLetters
from storage.asking import outbox_row
from storage.bodies import reply_json
from storage.database import Database
from storage.read.letters import mark_of
from storage.statements import insert_new
from storage.tables import meta, outbox, people, planned
from storage.turns import Turn, must_change

KEYS_AT_ONCE = 500
PAUSED = "paused"
"""Why a reminder waits while its person wants none."""


async def plan_letters(db: Database, letters: Sequence[PlanLetter], now: datetime, *, skipped: str = "") -> int:
    """Rows for those whose key is new; how many they were. With `skipped` they are kept only to tell why not."""
    return await db.write(lambda tx: plan_now(tx, letters, now, skipped=skipped))


@dataclass(frozen=True, slots=True)
class Late:
    """A letter that waits and is not to be sent any more, with the reason."""

    id: int
    reason: str


async def keep_plan(
    db: Database,
    *,
    wanted: Sequence[PlanLetter],
    skipped: Sequence[tuple[PlanLetter, str]],
    late: Sequence[Late],
    marks: Mapping[str, str],
    now: datetime,
) -> None:
    """What the rules want, what they leave out and why, and what is given up, in one commit.

    `marks` say for a rule from which period on it has to be looked at again.
    """
    if not (wanted or skipped or late or marks):
        return

    def write(tx: Connection) -> None:
        plan_now(tx, wanted, now)
        for reason in sorted({reason for _, reason in skipped}):
            plan_now(tx, [letter for letter, why in skipped if why == reason], now, skipped=reason)
        give_up_now(tx, late, now)
        for rule, period in sorted(marks.items()):
            mark = insert_new(tx, meta).values(name=mark_of(rule), value=period)
            tx.execute(mark.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": period}))

    await db.write(write)


def give_up_now(tx: Connection, late: Sequence[Late], now: datetime) -> int:
    """Letters that wait end as skipped; how many did. What is claimed meanwhile is left to its sender."""
    given_up = 0
    ordered = sorted(late, key=lambda one: one.id)
    for reason in sorted({one.reason for one in ordered}):
        ids = [one.id for one in ordered if one.reason == reason]
        for start in range(0, len(ids), KEYS_AT_ONCE):
            over = outbox.c.id.in_(ids[start : start + KEYS_AT_ONCE]) & outbox.c.state.in_(("planned", "held"))
            given_up += tx.execute(
                update(outbox).where(over).values(state="skipped", reason=reason, settled_at=now, body=None)
            ).rowcount
    return given_up


def plan_now(tx: Connection, letters: Sequence[PlanLetter], now: datetime, *, skipped: str = "") -> int:
    """As `plan_letters`, within a transaction already open."""
    # Keys are claimed in one order everywhere, so that two planners never wait for each other in a ring.
    ordered = sorted({letter.key: letter for letter in letters}.values(), key=lambda letter: letter.key)
    return sum(
        _plan(tx, ordered[start : start + KEYS_AT_ONCE], now, skipped) for start in range(0, len(ordered), KEYS_AT_ONCE)
    )


def _plan(tx: Connection, letters: Sequence[PlanLetter], now: datetime, skipped: str) -> int:
    keys = [{"key": letter.key, "outbox_id": 0, "planned_at": now} for letter in letters]
    claim = insert_new(tx, planned).values(keys).on_conflict_do_nothing().returning(planned.c.key)
    taken = set(tx.execute(claim).scalars())
    new = [letter for letter in letters if letter.key in taken]
    for letter in new:
        row = outbox_row(kind="letter", person_id=letter.person_id, now=now) | {
            "body": reply_json(letter.reply) if letter.reply and not skipped else None,
            "rule": letter.rule,
            "unit_id": letter.unit_id,
            "period": letter.period,
            "step": letter.step,
            "state": "skipped" if skipped else "planned",
            "reason": skipped,
            "not_before": letter.not_before,
            "settled_at": now if skipped else None,
        }
        row_id = tx.execute(insert(outbox).values(row).returning(outbox.c.id)).scalar_one()
        tx.execute(update(planned).where(planned.c.key == letter.key).values(outbox_id=row_id))
    return len(new)


def rest_now(turn: Turn, change: RestLetters) -> None:
    """Reminders rest, or what waited because of that may go again."""
    own = people.c.id == turn.person_id
    must_change(turn.tx.execute(update(people).where(own).values(paused_until=change.until)).rowcount)
    if change.until is None:
        waiting = (outbox.c.person_id == turn.person_id) & (outbox.c.state == "planned") & (outbox.c.reason == PAUSED)
        turn.tx.execute(update(outbox).where(waiting).values(not_before=change.when or turn.now, reason=""))
    turn.trail.note("letters_rest" if change.until else "letters_again", until=str(change.until or ""))
