"""Entries: by number, by branch, by who made them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.calendar import ZONE, add_months
from domain.records import Entry, EntryKind, EntryState, Fact, Stage, facts_of
from storage.tables import audit, batch_rows, entries

IDS_AT_ONCE = 5000
LARGEST = 2**63 - 1
"""Above this a database takes no number; somebody may type one all the same."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_EVER = datetime.max.replace(tzinfo=UTC)
_LIVE = entries.c.state == EntryState.LIVE.value
_ADMISSION = entries.c.kind == EntryKind.ADMISSION.value


class Such:
    """Entries of some units that meet a condition: those that live, and those made by a moment."""

    def __init__(self, *conditions: ColumnElement[bool]) -> None:
        of_units = select(entries).where(entries.c.unit_id.in_(_ids), *conditions)
        self.live = of_units.where(_LIVE)
        self.made_by = of_units.where(entries.c.made_at <= bindparam("at"))


# Statements of every turn are made once: to make one costs several times what it costs to run it.
_ids = bindparam("ids", expanding=True, type_=BigInteger)
_OF_CANDIDATE = select(entries).where(entries.c.candidate_id == bindparam("candidate"), _LIVE, _ADMISSION)
_imported = select(batch_rows.c.entry).where(batch_rows.c.entry.is_not(None))
# Somebody told it, or it was imported and is dated on that day or later.
_said_of = or_(
    entries.c.number.not_in(_imported),
    entries.c.ceremony_on >= bindparam("of_day"),
    entries.c.decision_on >= bindparam("of_day"),
)
_SAID_SINCE = Such(entries.c.made_at >= bindparam("begin"), _said_of)
_SAID_LATER = Such(_ADMISSION, entries.c.made_at >= bindparam("begin"), _said_of)
_NOTHING_IN = Such(entries.c.kind == EntryKind.NOTHING.value, entries.c.month == bindparam("of_month"))
_ADMITTED = Such(_ADMISSION)
_PENDING = Such(_ADMISSION, entries.c.decision_on.is_not(None), entries.c.ceremony_on.is_(None))
_BETWEEN = {
    fact: Such(day.between(bindparam("since"), bindparam("until")))
    for fact, day in (
        (Fact.CEREMONY, entries.c.ceremony_on),
        (Fact.DECISION, entries.c.decision_on),
        (Fact.NOTHING, entries.c.month),
    )
}


async def by_number(tx: AsyncConnection, number: int) -> Entry | None:
    if not 0 < number <= LARGEST:
        return None
    found = (await tx.execute(select(entries).where(entries.c.number == number))).one_or_none()
    return entry_of(found) if found else None


async def live_version(tx: AsyncConnection, number: int) -> Entry | None:
    """The newest version of the entry with that number: live or undone, never one that was replaced."""
    found = await by_number(tx, number)
    while found is not None and found.replaced_by is not None:
        found = await by_number(tx, found.replaced_by)
    return found


async def chain(tx: AsyncConnection, number: int) -> list[Entry]:
    """All versions of an entry, the oldest first."""
    newest = await live_version(tx, number)
    versions: list[Entry] = []
    while newest is not None:
        versions.append(newest)
        newest = await by_number(tx, newest.replaces) if newest.replaces is not None else None
    return versions[::-1]


async def of_candidate(tx: AsyncConnection, candidate_id: int) -> Entry | None:
    """The live admission of a candidate."""
    found = (await tx.execute(_OF_CANDIDATE, {"candidate": candidate_id})).one_or_none()
    return entry_of(found) if found else None


async def in_place_of(tx: AsyncConnection, undone: Entry, nameless: Collection[int]) -> Entry | None:
    """A live admission without a name, of the same unit and day, made after that one was undone.

    A figure of which only the month is known may stand for any day of it. `nameless` are people without a name.
    """
    since = (await _undone_at(tx, [undone.number])).get(undone.number, _NEVER)
    for entry in await _live_of(tx, [undone.unit_id], _ADMITTED):
        has_no_name = entry.candidate_id is None or entry.candidate_id in nameless
        if has_no_name and entry.made_at >= since and _may_be_the_same(entry, undone):
            return entry
    return None


def _may_be_the_same(one: Entry, other: Entry) -> bool:
    days = [entry.ceremony_on or entry.decision_on for entry in (one, other)]
    if days[0] is None or days[1] is None:
        return False
    if one.month is None and other.month is None:
        return days[0] == days[1]
    return (days[0].year, days[0].month) == (days[1].year, days[1].month)


async def of_units(tx: AsyncConnection, unit_ids: Collection[int], since: date, until: date, fact: Fact) -> list[Entry]:
    """Live entries of these units whose fact lies in the days from `since` to `until`, both included."""
    found = await _live_of(tx, unit_ids, _BETWEEN[fact], {"since": since, "until": until})
    kind = EntryKind.NOTHING if fact is Fact.NOTHING else EntryKind.ADMISSION
    return [entry for entry in found if entry.kind is kind]


async def pending(tx: AsyncConnection, unit_ids: Collection[int]) -> list[Entry]:
    """Decided, and the ceremony still to come; the oldest decision first."""
    found = await _live_of(tx, unit_ids, _PENDING)
    return sorted(found, key=lambda entry: (entry.decision_on or date.max, entry.number))


async def made_since(
    tx: AsyncConnection,
    unit_ids: Collection[int],
    since: datetime,
    facts: Collection[Fact] = tuple(Fact),
    *,
    of: date | None = None,
) -> list[Entry]:
    """Live entries of these units that brought one of the facts at or after a moment.

    What was known before and only put right since is no news; a ceremony after its decision is. What was imported is
    news only if it is dated on the day `of` or later: that month's, where nothing else is said.
    """
    word = {"begin": since, "of_day": of or since.date().replace(day=1)}
    live = await _live_of(tx, unit_ids, _SAID_SINCE, word)
    told = await _told_at(tx, live)
    return [entry for entry in live if any(told[entry.number].get(fact, _NEVER) >= since for fact in facts)]


async def last_by(tx: AsyncConnection, person_id: int) -> Entry | None:
    """The newest entry that this person made and that was not replaced: live or undone."""
    query = (
        select(entries)
        .where(entries.c.author_id == person_id, entries.c.state != EntryState.REPLACED.value)
        .order_by(entries.c.number.desc())
        .limit(1)
    )
    found = (await tx.execute(query)).one_or_none()
    return entry_of(found) if found else None


async def reported(
    tx: AsyncConnection,
    unit_ids: Collection[int],
    month: date,
    *,
    since: date | None = None,
    at: datetime | None = None,
) -> tuple[set[int], set[int]]:
    """Which of the units entered an admission in that calendar month, and which said that there was nothing.

    With `since` the month begins on that day and an entry made after it counts too: a reporting month goes from closing
    day to closing day, and a late word is a word. With `at` it is answered as it would have been at that moment.
    An import of past years is no word of the branch about this month.
    """
    first = month.replace(day=1)
    begin = _midnight(since or first)
    end = _midnight(add_months(first, 1)) if since is None else _EVER
    # What was entered in the month may have been put right since: then its newest version is younger.
    word = {"begin": begin, "of_day": since or first}
    later = await _alive(tx, unit_ids, _SAID_LATER, at, word)
    told = await _told_at(tx, later)
    entered = [entry for entry in later if any(begin <= moment < end for moment in told[entry.number].values())]
    nothing = await _alive(tx, unit_ids, _NOTHING_IN, at, {"of_month": first})
    return {entry.unit_id for entry in entered}, {entry.unit_id for entry in nothing}


async def spoken(tx: AsyncConnection, unit_id: int, month: date, *, since: date, at: datetime) -> list[Entry]:
    """The entries by which a branch had spoken in a reporting month at a moment, the oldest first."""
    entered = await _alive(tx, [unit_id], _SAID_LATER, at, {"begin": _midnight(since), "of_day": since})
    told = await _told_at(tx, entered)
    news = [entry for entry in entered if any(moment >= _midnight(since) for moment in told[entry.number].values())]
    nothing = await _alive(tx, [unit_id], _NOTHING_IN, at, {"of_month": month.replace(day=1)})
    return sorted([*news, *nothing], key=lambda entry: entry.number)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


async def _alive(
    tx: AsyncConnection, unit_ids: Collection[int], such: Such, at: datetime | None, values: Mapping[str, Any]
) -> list[Entry]:
    """Entries that live now, or lived at a moment: made by then, and neither replaced nor undone by then."""
    if at is None:
        return await _live_of(tx, unit_ids, such, values)
    known = await _of(tx, unit_ids, such.made_by, {**values, "at": at})
    ended = [entry for entry in known if entry.state is not EntryState.LIVE]
    after = {entry.replaced_by for entry in ended if entry.replaced_by is not None}
    successors = {entry.number: entry.made_at for entry in await _numbered(tx, after)}
    undone = await _undone_at(tx, [entry.number for entry in ended if entry.state is EntryState.UNDONE])
    gone = {
        entry.number
        for entry in ended
        if (successors.get(entry.replaced_by or 0) or undone.get(entry.number) or entry.made_at) <= at
    }
    return [entry for entry in known if entry.number not in gone]


async def _undone_at(tx: AsyncConnection, numbers: Collection[int]) -> dict[int, datetime]:
    """When entries were undone for the last time; the audit knows."""
    if not numbers:
        return {}
    query = select(audit.c.entry, audit.c.changed_at).where(
        audit.c.entry.in_(set(numbers)), audit.c.what == "entry_undone"
    )
    rows = await tx.execute(query.order_by(audit.c.id))
    return {number: datetime.fromisoformat(moment) for number, moment in rows if number is not None}


async def _told_at(tx: AsyncConnection, live: Sequence[Entry]) -> dict[int, dict[Fact, datetime]]:
    """For each entry, since when each of its facts has been told without a break, by itself or the versions before."""
    told = {entry.number: dict.fromkeys(facts_of(entry), entry.made_at) for entry in live}
    newer = {entry.number: entry for entry in live}
    newest = {entry.number: entry.number for entry in live}
    while newer := {entry.replaces: entry for entry in newer.values() if entry.replaces is not None}:
        versions = {entry.number: entry for entry in await _numbered(tx, newer)}
        newest = {number: newest[newer[number].number] for number in versions}
        for number, entry in versions.items():
            since = told[newest[number]]
            after = newer[number]
            for fact in _unbroken(entry, after):
                # A fact that a version in between did not tell was told anew.
                if since.get(fact) == after.made_at:
                    since[fact] = entry.made_at
        newer = versions
    return told


def _unbroken(entry: Entry, after: Entry) -> frozenset[Fact]:
    """The facts that a version told as the one after it does; nothing in another month is another fact."""
    return facts_of(entry) & facts_of(after) if entry.month == after.month else frozenset()


async def _numbered(tx: AsyncConnection, numbers: Collection[int]) -> list[Entry]:
    found: list[Entry] = []
    ordered = sorted(numbers)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        some = entries.c.number.in_(ordered[start : start + IDS_AT_ONCE])
        found += [entry_of(row) for row in await tx.execute(select(entries).where(some))]
    return found


async def _live_of(
    tx: AsyncConnection, unit_ids: Collection[int], such: Such, values: Mapping[str, Any] | None = None
) -> list[Entry]:
    return await _of(tx, unit_ids, such.live, values or {})


async def _of(
    tx: AsyncConnection, unit_ids: Collection[int], query: Select[Any], values: Mapping[str, Any]
) -> list[Entry]:
    ids = sorted(set(unit_ids))
    found: list[Entry] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        wanted = {**values, "ids": ids[start : start + IDS_AT_ONCE]}
        found += [entry_of(row) for row in await tx.execute(query, wanted)]
    return sorted(found, key=lambda entry: entry.number)


def entry_of(row: Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        kind=EntryKind(row.kind),
        unit_id=row.unit_id,
        author_id=row.author_id,
        made_at=row.made_at,
        candidate_id=row.candidate_id,
        ceremony_on=row.ceremony_on,
        decision_on=row.decision_on,
        decision_no=row.decision_no,
        month=row.month,
        count=row.amount,
        state=EntryState(row.state),
        replaces=row.replaces,
        replaced_by=row.replaced_by,
        prior_stage=Stage(row.prior_stage) if row.prior_stage else None,
    )
