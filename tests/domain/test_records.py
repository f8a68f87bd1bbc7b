from datetime import UTC, datetime

from domain.records import OPEN_STAGES, Entry, EntryKind, Fact, Stage, facts_of, is_trained, progress


def test_stages_stand_in_the_order_of_the_way_and_setbacks_before_all_of_it() -> None:
    ordered = sorted(Stage, key=progress)
    assert ordered[-1] is Stage.OFFICIAL
    assert ordered[6] is Stage.LISTED
    assert set(ordered[:6]) == {
        Stage.BRANCH_REJECTED,
        Stage.RETURNED,
        Stage.PAUSED,
        Stage.DROPPED,
        Stage.REMOVED,
        Stage.MOVED,
    }
    assert len({progress(stage) for stage in Stage}) == len(Stage)


def test_whoever_is_past_the_class_is_trained_and_whoever_was_set_back_is_not_said_to_be() -> None:
    trained = {stage for stage in OPEN_STAGES if is_trained(stage)}
    assert {Stage.CLASS_DONE, Stage.DECIDED} <= trained
    assert not trained & {Stage.CLASS_REGISTERED, Stage.PAUSED, Stage.RETURNED, Stage.BRANCH_REJECTED}


def test_an_entry_tells_the_facts_that_are_dated() -> None:
    made = datetime(2026, 11, 1, tzinfo=UTC)
    entry = Entry(1, EntryKind.ADMISSION, 1, None, made, decision_on=made.date())
    assert facts_of(entry) == {Fact.DECISION}
    assert facts_of(Entry(2, EntryKind.NOTHING, 1, None, made, month=made.date())) == {Fact.NOTHING}
