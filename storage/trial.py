"""Fills a fresh database with the trial's invented offices, as if they had worked with the bot all year."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, insert, select

from domain.calendar import ZONE
from domain.changes import AddCandidate, Change, Outcome, Record
from domain.messages import Address
from domain.records import Candidate, EntryKind, Fact, Stage, Standing
from domain.trial import TrialAdmission, TrialCandidate, TrialOffice
from storage.apply import apply
from storage.database import Database
from storage.office import load_plan
from storage.tables import addresses, lanes, people, units

AFTERNOON = time(15)


async def fill(
    db: Database,
    trial: TrialOffice,
    *,
    folded: Callable[[str], str],
    phones: Mapping[str, Sequence[Address]],
    counts_by: Fact,
    now: datetime,
) -> None:
    """`phones` are the addresses of a person by the key of the plan, the one used last at the end."""
    await load_plan(db, trial.plan, folded, now.date(), now)
    async with db.reading() as tx:
        ids = {code: unit_id for code, unit_id in await tx.execute(select(units.c.code, units.c.id))}  # noqa: C416 - a row is no pair to the type checker
    by_day: defaultdict[date, list[Change]] = defaultdict(list)
    for each in trial.candidates:
        candidate = _candidate(each, ids[each.unit_code], folded)
        by_day[candidate.stage_on or now.date()].append(AddCandidate(candidate))
    for each in trial.admissions:
        day = each.ceremony_on or each.decision_on or now.date()
        by_day[day] += _admission(each, ids[each.unit_code], folded)
    for each in trial.nothing:
        record = Record(EntryKind.NOTHING, ids[each.unit_code], month=each.month)
        by_day[each.month + timedelta(days=19)].append(record)
    for day, changes in sorted(by_day.items()):
        made_at = min(datetime.combine(day, AFTERNOON, ZONE), now)
        await apply(
            db,
            outcome=Outcome(None, tuple(changes)),
            item_id=None,
            contact_id=None,
            person_id=None,
            now=made_at,
            counts_by=counts_by,
        )
    await db.write(lambda tx: _give_phones(tx, phones, now))


def _candidate(each: TrialCandidate, unit_id: int, folded: Callable[[str], str]) -> Candidate:
    return Candidate(
        id=secrets.randbits(53),
        unit_id=unit_id,
        name=each.name,
        folded=folded(each.name),
        stage=each.stage,
        stage_on=each.stage_on,
        certificate_on=each.certificate_on,
        birth_year=each.birth_year,
        birth_month=each.birth_month,
        gender=each.gender,
        ethnicity=each.ethnicity,
        job=each.job,
        youth_union=each.youth_union,
    )


def _admission(each: TrialAdmission, unit_id: int, folded: Callable[[str], str]) -> list[Change]:
    record = Record(
        EntryKind.ADMISSION,
        unit_id,
        ceremony_on=each.ceremony_on,
        decision_on=each.decision_on,
        decision_no=each.decision_no,
        count=each.count,
    )
    if not each.name:
        return [record]
    draft = Candidate(secrets.randbits(53), unit_id, each.name, folded(each.name), standing=Standing.DRAFT)
    admitted = replace(
        draft,
        standing=Standing.LIVE,
        stage=Stage.ADMITTED if each.ceremony_on else Stage.DECIDED,
        stage_on=each.ceremony_on or each.decision_on,
    )
    return [AddCandidate(draft), replace(record, candidate=admitted)]


def _give_phones(tx: Connection, phones: Mapping[str, Sequence[Address]], now: datetime) -> None:
    known = {key: person_id for key, person_id in tx.execute(select(people.c.key, people.c.id))}  # noqa: C416 - a row is no pair to the type checker
    rows = [
        {
            "channel": address.channel,
            "account": address.account,
            "chat": address.chat,
            "person_id": known[key],
            "is_group": False,
            "is_blocked": False,
            "blocked_reason": "",
            "guesses": 0,
            "heard_at": now - timedelta(seconds=len(owned) - n),
            "last_item_id": 0,
        }
        for key, owned in phones.items()
        for n, address in enumerate(owned)
    ]
    for row in rows:
        contact_id = tx.execute(insert(addresses).values(row).returning(addresses.c.id)).scalar_one()
        tx.execute(insert(lanes).values(contact_id=contact_id, lease_until=0.0))
