"""Classes within a turn: opened, joined, ended. Whoever changes one has read it as it stands."""

from sqlalchemy import bindparam, insert, update

from domain.changes import EndClass, JoinClass, OpenClass
from domain.classes import Result, TrainingClass
from storage.tables import classes, learners
from storage.turns import Turn, must_change

IDS_AT_ONCE = 5000


def open_class(turn: Turn, change: OpenClass) -> None:
    held = change.held
    values = {
        "unit_id": held.unit_id,
        "place": held.place,
        "begins_on": held.begins_on,
        "ends_on": held.ends_on,
        "seats": held.seats,
        "version": 0,
        "person_id": turn.person_id,
        "made_at": turn.now,
    }
    turn.made = turn.tx.execute(insert(classes).values(values).returning(classes.c.id)).scalar_one()
    turn.trail.note("class_opened", unit_id=held.unit_id, class_id=turn.made, seats=held.seats)


def join_class(turn: Turn, change: JoinClass) -> None:
    _as_read(turn, change.held)
    ids = [candidate_id for candidate_id, _ in change.people]
    for start in range(0, len(ids), IDS_AT_ONCE):
        open_ones = learners.c.candidate_id.in_(ids[start : start + IDS_AT_ONCE]) & learners.c.result.is_(None)
        turn.tx.execute(update(learners).where(open_ones).values(result=Result.MOVED.value))
    same = {"class_id": change.held.id, "person_id": turn.person_id, "made_at": turn.now}
    rows = [same | {"candidate_id": candidate_id, "unit_id": unit_id} for candidate_id, unit_id in change.people]
    turn.tx.execute(insert(learners), rows)
    turn.trail.note("class_joined", unit_id=change.held.unit_id, class_id=change.held.id, count=len(rows))


def end_class(turn: Turn, change: EndClass) -> None:
    held = change.held
    _as_read(turn, held)
    turn.tx.execute(update(classes).where(classes.c.id == held.id).values(certificate_on=held.certificate_on))
    told = [(one, Result.CERTIFIED) for one in change.certified] + [(one, Result.ABSENT) for one in change.absent]
    of_one = update(learners).where(learners.c.id == bindparam("learner")).values(result=bindparam("came"))
    if told:
        turn.tx.execute(of_one, [{"learner": learner_id, "came": result.value} for learner_id, result in told])
    turn.trail.note(
        "class_ended",
        unit_id=held.unit_id,
        class_id=held.id,
        certified=len(change.certified),
        absent=len(change.absent),
    )


def _as_read(turn: Turn, held: TrainingClass) -> None:
    """Two branches may want the last seat at once: the second is decided anew."""
    as_read = (classes.c.id == held.id) & (classes.c.version == held.version)
    must_change(turn.tx.execute(update(classes).where(as_read).values(version=held.version + 1)).rowcount)
