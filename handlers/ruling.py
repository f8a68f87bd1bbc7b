"""The law behind a deadline or a refusal, with its document."""

from domain.changes import Outcome
from domain.law import TOPICS, Regulation, Rule, RunningCases, in_force
from handlers.scene import Scene
from language import wording
from language.subjects import rules_asked

MONTHS_A_YEAR = 12


async def rule(scene: Scene) -> Outcome:
    """`/cancu lễ kết nạp`, "61 tuổi có được kết nạp không": the rule in force today, and the one before it."""
    wish = scene.wish
    asked = dict(wish.extra)
    codes = TOPICS.get(asked.get("topic", ""), ()) or rules_asked(wish.argument)
    found = [(now, _before(scene, now)) for code in codes if (now := in_force(scene.office.law, code, on=scene.today))]
    if not found:
        return Outcome(wording.which_rule(is_unknown=bool(wish.argument)))
    first = _of_age(scene, int(asked["age"])) if "age" in asked else ""
    return Outcome(wording.rules_shown(found, today=scene.today, first=first))


def _before(scene: Scene, now: Regulation) -> Regulation | None:
    """The row under which cases that began before still run."""
    older = [row for row in scene.office.law if row.code == now.code and row.since < now.since]
    if now.running_cases is RunningCases.MOVE or now.counts_from is None:
        return None
    return max(older, key=lambda row: row.since, default=None)


def _of_age(scene: Scene, age: int) -> str:
    youngest, oldest = (
        in_force(scene.office.law, code, on=scene.today) for code in (Rule.AGE_AT_LEAST, Rule.AGE_AT_MOST)
    )
    return wording.age_answer(
        age,
        is_too_young=bool(youngest and youngest.months and age * MONTHS_A_YEAR < youngest.months),
        is_too_old=bool(oldest and oldest.months and age * MONTHS_A_YEAR > oldest.months),
    )
