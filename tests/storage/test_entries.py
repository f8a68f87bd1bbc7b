import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.changes import AddCandidate, ChangeCandidate, DropCandidate, ForgetDrafts, Record, Restore, Undo
from domain.quotas import Standing
from domain.records import Candidate, DropReason, EntryKind, EntryState, Fact, Stage
from domain.records import Standing as RowStanding
from domain.refusals import Conflict
from storage.counters import differences
from storage.read import candidates, entries, quotas, units
from storage.tables import counters
from storage.tables import entries as entries_table
from tests.storage.small_office import NOW, TODAY, SmallOffice, admission, candidate_named, decision, draft_named

DAY = date(2026, 11, 15)


async def read(office: SmallOffice, candidate: Candidate) -> Candidate:
    async with office.db.reading() as tx:
        return (await candidates.by_ids(tx, [candidate.id]))[candidate.id]


async def standing(office: SmallOffice, code: str, year: int = 2026, by: Fact = Fact.CEREMONY) -> Standing:
    unit_id = office.unit[code]
    async with office.db.reading() as tx:
        return (await quotas.standings(tx, [unit_id], year, by, TODAY))[unit_id]


async def done(office: SmallOffice, *codes: str) -> list[int]:
    return [(await standing(office, code)).done for code in codes]


async def recount_agrees(office: SmallOffice) -> bool:
    async with office.db.reading() as tx:
        return await tx.run_sync(differences) == {}


async def test_an_admission_counts_in_its_branch_and_in_everything_above(office: SmallOffice) -> None:
    await office.admit(await office.candidate("Lê Văn A"), DAY)
    await office.admit(await office.candidate("Lê Văn B", "CB10"), DAY)
    assert await done(office, "CB1", "CB10", "DB1", "DU1", "TU", "DU2") == [1, 1, 1, 2, 2, 0]
    assert await recount_agrees(office)


async def test_counters_stop_at_the_commune(office: SmallOffice) -> None:
    await office.admit(await office.candidate("Lê Văn A"), DAY)
    async with office.db.reading() as tx:
        kept = set((await tx.execute(select(counters.c.unit_id))).scalars())
    assert kept == {office.unit["CB1"], office.unit["DU1"]}


async def test_a_standing_carries_its_quota(office: SmallOffice) -> None:
    found = await standing(office, "DU1")
    assert found.quota
    assert (found.quota.target.low, found.quota.target.high, found.quota.stretch) == (6, 8, 9)
    assert (await standing(office, "CB2")).quota is None


async def test_a_decision_waits_beside_what_is_done_until_its_ceremony(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    written = await office.apply(decision(candidate, DAY))
    found = await standing(office, "DU1")
    assert (found.done, found.pending) == (0, 1)
    assert (await standing(office, "DU1", by=Fact.DECISION)).done == 1

    held = admission(await read(office, candidate), DAY + timedelta(days=3), decided=DAY, replaces=written.numbers[0])
    await office.apply(held)
    found = await standing(office, "DU1")
    assert (found.done, found.pending) == (1, 0)
    assert await recount_agrees(office)


async def test_a_decision_of_december_still_waits_in_january(office: SmallOffice) -> None:
    await office.apply(decision(await office.candidate("Lê Văn A"), date(2025, 12, 28)))
    assert (await standing(office, "CB1", 2026)).pending == 1
    assert (await standing(office, "CB1", 2025)).pending == 1


async def test_people_without_names_count_as_many_as_they_are(office: SmallOffice) -> None:
    await office.apply(Record(EntryKind.ADMISSION, office.unit["CB1"], ceremony_on=DAY, count=4))
    await office.apply(Record(EntryKind.ADMISSION, office.unit["CB1"], ceremony_on=DAY, count=4))
    assert await done(office, "CB1", "DU1") == [8, 8]


async def test_the_same_person_on_the_same_day_is_taken_once(office: SmallOffice) -> None:
    first, second = await office.candidate("Lê Văn A"), await office.candidate("Lê Văn A")
    await office.admit(first, DAY)
    with pytest.raises(Conflict):
        await office.admit(second, DAY)
    assert await done(office, "CB1") == [1]
    assert (await read(office, second)).stage is Stage.LISTED, "nothing of the refused turn was written"


async def test_another_person_of_the_same_name_is_told_apart_by_a_number(office: SmallOffice) -> None:
    await office.admit(await office.candidate("Lê Văn A"), DAY)
    await office.admit(replace(await office.candidate("Lê Văn A"), distinguisher=1), DAY)
    assert await done(office, "CB1") == [2]


async def test_two_secretaries_admitting_one_person_at_once_end_with_one_entry(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    both = await asyncio.gather(
        office.apply(admission(candidate, DAY)),
        office.apply(admission(candidate, DAY + timedelta(days=1)), by="cap-uy"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Written"]
    assert await done(office, "CB1", "DU1") == [1, 1]
    assert await recount_agrees(office)


async def test_two_drafts_of_one_person_saved_at_once_end_with_one_entry(office: SmallOffice) -> None:
    drafts = [draft_named("Lê Văn A", office.unit["CB1"]) for _ in range(2)]
    await office.apply(*(AddCandidate(draft) for draft in drafts))
    both = await asyncio.gather(*(office.apply(admission(draft, DAY)) for draft in drafts), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Written"]
    async with office.db.reading() as tx:
        assert len(await candidates.namesakes(tx, office.unit["CB1"], "lê văn a")) == 1


async def test_a_candidate_has_one_live_admission(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    await office.admit(candidate, DAY)
    with pytest.raises(Conflict):
        await office.admit(await read(office, candidate), DAY + timedelta(days=9))


async def test_a_stale_version_is_a_conflict(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    await office.apply(ChangeCandidate(replace(candidate, stage=Stage.CLASS_DONE)))
    with pytest.raises(Conflict):
        await office.apply(ChangeCandidate(replace(candidate, stage=Stage.APPLICATION)))
    assert (await read(office, candidate)).stage is Stage.CLASS_DONE


async def test_a_correction_moves_the_figure_to_its_new_month_and_branch(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    first = await office.admit(candidate, date(2025, 12, 30))
    second = await office.admit(await read(office, candidate), date(2026, 1, 3), replaces=first)
    assert (await standing(office, "CB1", 2025)).done == 0
    assert (await standing(office, "CB1", 2026)).done == 1
    elsewhere = replace(await read(office, candidate), unit_id=office.unit["CB9"])
    third = await office.admit(elsewhere, date(2026, 1, 3), replaces=second)
    assert await done(office, "CB1", "DU1", "CB9", "DU2", "TU") == [0, 0, 1, 1, 1]
    async with office.db.reading() as tx:
        versions = await entries.chain(tx, first)
        newest = await entries.live_version(tx, first)
    assert [(one.number, one.state) for one in versions] == [
        (first, EntryState.REPLACED),
        (second, EntryState.REPLACED),
        (third, EntryState.LIVE),
    ]
    assert newest
    assert newest.number == third
    assert await recount_agrees(office)


async def test_an_entry_is_corrected_once_from_one_state(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    first = await office.admit(candidate, DAY)
    now = await read(office, candidate)
    await office.admit(now, DAY - timedelta(days=1), replaces=first)
    with pytest.raises(Conflict):
        await office.admit(await read(office, candidate), DAY - timedelta(days=2), replaces=first)


async def test_a_correction_to_another_person_lets_the_first_be_a_candidate_again(office: SmallOffice) -> None:
    wrong, right = await office.candidate("Lê Văn A", stage=Stage.CLASS_DONE), await office.candidate("Lê Văn B")
    number = await office.admit(wrong, DAY)
    await office.admit(right, DAY, replaces=number)
    assert (await read(office, wrong)).stage is Stage.CLASS_DONE
    assert (await read(office, right)).stage is Stage.ADMITTED
    assert await done(office, "CB1") == [1]


async def test_undo_takes_the_figure_back_and_the_person_to_the_stage_before(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A", stage=Stage.CLASS_DONE)
    number = await office.admit(candidate, DAY)
    await office.apply(Undo(number))
    assert await done(office, "CB1", "DU1") == [0, 0]
    assert (await read(office, candidate)).stage is Stage.CLASS_DONE
    async with office.db.reading() as tx:
        undone = await entries.by_number(tx, number)
        last = await entries.last_by(tx, office.people["bi-thu-1"])
    assert undone
    assert undone.state is EntryState.UNDONE
    assert last == undone


async def test_an_undone_entry_can_be_restored_as_it_was(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    number = await office.admit(candidate, DAY)
    await office.apply(ChangeCandidate(replace(await read(office, candidate), stage=Stage.PROBATION)))
    await office.apply(Undo(number))
    await office.apply(Restore(number))
    assert await done(office, "CB1", "DU1") == [1, 1]
    assert (await read(office, candidate)).stage is Stage.PROBATION
    assert await recount_agrees(office)


@pytest.mark.parametrize("twice", [Undo, Restore])
async def test_the_second_undo_and_the_second_restore_are_conflicts(
    office: SmallOffice, twice: type[Undo] | type[Restore]
) -> None:
    number = await office.admit(await office.candidate("Lê Văn A"), DAY)
    await office.apply(Undo(number))
    if twice is Restore:
        await office.apply(Restore(number))
    with pytest.raises(Conflict):
        await office.apply(twice(number))
    assert await recount_agrees(office)


async def test_what_was_entered_again_meanwhile_cannot_be_restored_beside_it(office: SmallOffice) -> None:
    first = await office.candidate("Lê Văn A")
    number = await office.admit(first, DAY)
    await office.apply(Undo(number))
    await office.admit(await office.candidate("Lê Văn A"), DAY)
    with pytest.raises(Conflict):
        await office.apply(Restore(number))
    assert await done(office, "CB1") == [1]


async def test_undoing_somebody_new_to_the_list_leaves_a_candidate(office: SmallOffice) -> None:
    draft = draft_named("Lê Văn A", office.unit["CB1"])
    written = await office.apply(AddCandidate(draft), admission(draft, DAY))
    await office.apply(Undo(written.numbers[0]))
    now = await read(office, draft)
    assert (now.stage, now.standing) == (Stage.LISTED, RowStanding.LIVE)


async def test_a_renamed_person_is_still_the_same_and_only_once(office: SmallOffice) -> None:
    candidate = await office.candidate("Le Van A")
    await office.admit(candidate, DAY)
    renamed = replace(await read(office, candidate), name="Lê Văn A", folded="lê văn a")
    await office.apply(ChangeCandidate(renamed))
    with pytest.raises(Conflict):
        await office.admit(await office.candidate("Lê Văn A"), DAY)
    await office.admit(await office.candidate("Le Van A"), DAY)


async def test_nothing_is_said_once_a_month_by_a_branch(office: SmallOffice) -> None:
    nothing = Record(EntryKind.NOTHING, office.unit["CB1"], month=date(2026, 11, 1))
    await office.apply(nothing)
    with pytest.raises(Conflict):
        await office.apply(replace(nothing, month=date(2026, 11, 20)))
    await office.apply(replace(nothing, month=date(2026, 10, 1)))


async def test_silence_and_nothing_are_two_marks(office: SmallOffice) -> None:
    await office.admit(await office.candidate("Lê Văn A", "CB1"), date(2026, 10, 30))
    await office.apply(Record(EntryKind.NOTHING, office.unit["CB2"], month=date(2026, 11, 1)))
    below = [office.unit[code] for code in ("CB1", "CB2", "CB10")]
    async with office.db.reading() as tx:
        entered, nothing = await entries.reported(tx, below, date(2026, 11, 20))
    assert (entered, nothing) == ({office.unit["CB1"]}, {office.unit["CB2"]})


async def test_a_month_begins_and_ends_at_midnight_of_the_office(office: SmallOffice) -> None:
    late = NOW.replace(month=10, day=31, hour=23, minute=59)
    await office.apply(admission(await office.candidate("Lê Văn A"), DAY), now=late)
    async with office.db.reading() as tx:
        october = await entries.reported(tx, [office.unit["CB1"]], date(2026, 10, 1))
        november = await entries.reported(tx, [office.unit["CB1"]], date(2026, 11, 1))
    assert (october[0], november[0]) == ({office.unit["CB1"]}, set())


async def test_entries_are_found_by_fact_and_day_and_by_when_they_were_made(office: SmallOffice) -> None:
    number = await office.admit(await office.candidate("Lê Văn A"), DAY)
    waiting = (await office.apply(decision(await office.candidate("Lê Văn B"), DAY))).numbers[0]
    branch = [office.unit["CB1"]]
    async with office.db.reading() as tx:
        held = await entries.of_units(tx, branch, DAY, DAY, Fact.CEREMONY)
        before = await entries.of_units(tx, branch, DAY - timedelta(days=5), DAY - timedelta(days=1), Fact.CEREMONY)
        decided = await entries.of_units(tx, branch, DAY, DAY, Fact.DECISION)
        pending = await entries.pending(tx, branch)
        fresh = await entries.made_since(tx, branch, NOW)
        later = await entries.made_since(tx, branch, NOW + timedelta(seconds=1))
    assert [one.number for one in held] == [number]
    assert before == []
    assert [one.number for one in decided] == [one.number for one in pending] == [waiting]
    assert [one.number for one in fresh] == [number, waiting]
    assert later == []
    assert held[0].made_at == NOW
    assert held[0].made_at.date() == TODAY


async def test_a_correction_is_no_news_and_a_new_fact_is(office: SmallOffice) -> None:
    """October's admission put right in November twice, and a decision of October whose ceremony came in November."""
    october, branch = NOW - timedelta(days=30), [office.unit["CB1"]]
    first = await office.candidate("Lê Văn A")
    number = (await office.apply(admission(first, DAY), now=october)).numbers[0]
    waiting = await office.candidate("Lê Văn B")
    decided = (await office.apply(decision(waiting, DAY), now=october)).numbers[0]
    for _ in range(2):
        number = await office.admit(await read(office, first), DAY, replaces=number)
    async with office.db.reading() as tx:
        assert await entries.made_since(tx, branch, NOW) == []
        assert (await entries.reported(tx, branch, date(2026, 11, 1)))[0] == set()
        assert (await entries.reported(tx, branch, date(2026, 10, 1)))[0] == set(branch)
    held = admission(await read(office, waiting), DAY, replaces=decided, decided=DAY)
    await office.apply(held)
    async with office.db.reading() as tx:
        assert len(await entries.made_since(tx, branch, NOW)) == 1
        assert len(await entries.made_since(tx, branch, NOW, {Fact.CEREMONY})) == 1
        assert await entries.made_since(tx, branch, NOW, {Fact.DECISION}) == []
        assert (await entries.reported(tx, branch, date(2026, 11, 1)))[0] == set(branch)


async def test_a_dropped_candidate_keeps_the_reason_and_leaves_the_open_list(office: SmallOffice) -> None:
    candidate = await office.candidate("Lê Văn A")
    await office.apply(DropCandidate(candidate.id, candidate.version, DropReason.AWAY, DAY))
    now = await read(office, candidate)
    assert (now.stage, now.stage_on, now.drop_reason) == (Stage.DROPPED, DAY, DropReason.AWAY)
    with pytest.raises(Conflict):
        await office.apply(DropCandidate(candidate.id, candidate.version, DropReason.AGE, DAY))


async def test_drafts_are_on_no_list_and_can_be_forgotten(office: SmallOffice) -> None:
    draft, kept = draft_named("Lê Văn A", office.unit["CB1"]), await office.candidate("Lê Văn B")
    await office.apply(AddCandidate(draft))
    async with office.db.reading() as tx:
        assert [one.id for one in await candidates.of_units(tx, [office.unit["CB1"]])] == [kept.id]
        assert await candidates.namesakes(tx, office.unit["CB1"], draft.folded) == []
    await office.apply(ForgetDrafts((draft.id, kept.id)))
    async with office.db.reading() as tx:
        assert set(await candidates.by_ids(tx, [draft.id, kept.id])) == {kept.id}


async def test_a_name_elsewhere_is_known_by_its_branch_and_what_is_above_it_alone(office: SmallOffice) -> None:
    await office.candidate("Lê Văn A", "CB9")
    async with office.db.reading() as tx:

        async def elsewhere(not_unit: str, *stages: Stage) -> set[int]:
            return await candidates.named_elsewhere(
                tx, "lê văn a", not_unit=office.unit[not_unit], stages=stages or (Stage.LISTED,), on=TODAY
            )

        there = await units.by_id(tx, office.unit["CB9"], TODAY)
        assert there
        assert await elsewhere("CB1") == set(there.path)
        assert await elsewhere("CB9") == set()
        assert await elsewhere("CB1", Stage.ADMITTED) == set()


async def test_somebody_without_a_name_is_called_by_the_label(office: SmallOffice) -> None:
    candidate = replace(candidate_named("", office.unit["CB1"]), label="Quần chúng số 3")
    await office.apply(AddCandidate(candidate))
    async with office.db.reading() as tx:
        assert await candidates.names(tx, [candidate.id]) == {candidate.id: "Quần chúng số 3"}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["admit", "decide", "hold", "correct", "undo", "restore", "nothing"]),
        st.sampled_from(["CB1", "CB2", "CB9", "CB10"]),
        st.dates(date(2025, 11, 1), date(2026, 11, 20)),
        st.integers(0, 5),
    ),
    max_size=12,
)


@settings(
    # Each example is up to a dozen transactions, on either database.
    max_examples=12 if settings().derandomize else 200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
async def test_counters_are_what_a_recount_of_the_entries_gives(
    office: SmallOffice, acts: list[tuple[str, str, date, int]]
) -> None:
    numbers: list[int] = []
    for act, code, day, choice in acts:
        number = numbers[choice % len(numbers)] if numbers else 0
        change: Record | Undo | Restore
        match act:
            case "undo":
                change = Undo(number)
            case "restore":
                change = Restore(number)
            case "nothing":
                change = Record(EntryKind.NOTHING, office.unit[code], month=day)
            case "correct":
                change = Record(EntryKind.ADMISSION, office.unit[code], ceremony_on=day, count=2, replaces=number)
            case "hold":
                change = Record(EntryKind.ADMISSION, office.unit[code], ceremony_on=day, decision_on=day)
            case "decide":
                change = Record(EntryKind.ADMISSION, office.unit[code], decision_on=day)
            case _:
                change = Record(EntryKind.ADMISSION, office.unit[code], ceremony_on=day, count=choice + 1)
        try:
            numbers += (await office.apply(change)).numbers
        except Conflict:
            continue
    assert await recount_agrees(office)
    async with office.db.reading() as tx:
        live = select(func.coalesce(func.sum(entries_table.c.amount), 0)).where(
            entries_table.c.state == "live", entries_table.c.ceremony_on >= date(2026, 1, 1)
        )
        assert (await standing(office, "TU")).done == await tx.scalar(live)
