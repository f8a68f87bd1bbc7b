"""A made office through its year, and its runway as the tables of docs/runway.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.quotas import Quota, Standing, Target
from domain.records import Candidate, Stage
from domain.runway import Runway, runway
from language.days import show
from tests.cast import shipped_office

YEAR = 2026
DAYS = (date(YEAR, 3, 1), date(YEAR, 6, 1), date(YEAR, 9, 1), date(YEAR, 11, 1))
TOLD_OF = "Chi bộ thôn 1"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up: the days on which each stage was reached, and when the certificate was given."""

    way: tuple[tuple[Stage, date], ...]
    certificate_on: date | None = None

    def stage(self, day: date) -> Stage | None:
        reached = [stage for stage, on in self.way if on <= day]
        return reached[-1] if reached else None


@dataclass(frozen=True, slots=True)
class Branch:
    name: str
    target: int
    people: tuple[Person, ...]


def person(way: str, *, certificate: str = "") -> Person:
    """`listed 1/1, class_done 20/3`: stages with their days of the year."""
    steps: list[tuple[Stage, date]] = []
    for told in way.split(", "):
        stage, on = told.split()
        steps.append((Stage(stage), _day(on)))
    return Person(tuple(steps), _day(certificate) if certificate else None)


def _day(on: str) -> date:
    parts = [int(part) for part in on.split("/")]
    return date(parts[2] if len(parts) > 2 else YEAR, parts[1], parts[0])


OFFICE = (
    Branch(
        "Chi bộ thôn 1",
        3,
        (
            person(
                "class_done 1/1, opinions 10/2, branch_resolved 5/3, decided 20/4, admitted 15/5",
                certificate="10/10/2025",
            ),
            person("listed 1/2, class_done 20/5, application 25/7, opinions 20/10", certificate="20/5"),
            person("listed 15/8, class_done 28/10", certificate="28/10"),
        ),
    ),
    Branch("Chi bộ thôn 2", 2, (person("listed 1/2, class_registered 1/6, paused 1/8"),)),
    Branch(
        "Chi bộ thôn 3",
        2,
        (
            person("class_done 1/1, opinions 1/6, branch_resolved 20/8, decided 20/10", certificate="15/3/2021"),
            person("class_done 1/1, dossier_open 10/8", certificate="20/9/2021"),
        ),
    ),
    Branch("Chi bộ trường THCS", 1, (person("listed 1/9"),)),
    Branch("Chi bộ Trạm Y tế", 1, (person("class_done 1/2, opinions 25/5, returned 28/8", certificate="1/2"),)),
)


def ahead_of(branch: Branch, day: date) -> Runway:
    office = shipped_office()
    people = [
        Candidate(number, 1, "", "", stage, certificate_on=_held(one, day))
        for number, one in enumerate(branch.people, start=1)
        if (stage := one.stage(day)) is not None
    ]
    standing = Standing(
        unit_id=1,
        year=YEAR,
        done=sum(one.stage is Stage.ADMITTED for one in people),
        pending=sum(one.stage is Stage.DECIDED for one in people),
        quota=Quota(1, str(YEAR), Target(branch.target)),
    )
    found = runway(standing, people, today=day, calendar=office.calendar, pathway=office.pathway, law=office.law)
    assert found is not None
    return found


def _held(one: Person, day: date) -> date | None:
    return one.certificate_on if one.certificate_on is not None and one.certificate_on <= day else None


def table(day: date) -> str:
    """One day's table: a row for each branch, then the sum of what is left to find."""
    rows = [(branch.name, ahead_of(branch, day)) for branch in OFFICE]
    head = (
        f"### {show(day)}\n\n"
        "| branch | target | admitted | ceremony waits | in time | to find | dossier sent by | new person by | "
        "trained |\n"
        "|---|--:|--:|--:|--:|--:|---|---|--:|"
    )
    return "\n".join([head, *(_row(name, ahead) for name, ahead in rows)])


def _row(name: str, ahead: Runway) -> str:
    by = [show(each) if each else "too late" for each in (ahead.send_by, ahead.begin_by)]
    to_find = f"**{ahead.to_find}, out of reach**" if ahead.is_out_of_reach else str(ahead.to_find)
    trained = f"{ahead.trained}/{ahead.trained_needed}"
    figures = (ahead.target, ahead.done, ahead.decided, len(ahead.in_time), to_find, *by, trained)
    return f"| {name} | {' | '.join(str(each) for each in figures)} |"


def arithmetic(branch: Branch, day: date) -> str:
    """How one branch's row comes about, person by person."""
    shortest = shipped_office().pathway.shortest
    ahead = ahead_of(branch, day)
    lines = [f"{branch.name} on {show(day)}: {ahead.days_left} working days are left until 31/12/{YEAR}.", ""]
    for way in (*ahead.in_time, *ahead.late):
        sums = " + ".join(f"{step} {shortest[step]}" for step in way.steps)
        verdict = "in time" if way.why_not is None else f"not in time ({way.why_not})"
        sums += f" = {way.days} working days, at the earliest {show(way.ready_on)}: {verdict}"
        lines.append(f"- somebody at `{way.person.stage}`: {sums}")
    begin = f"by {show(ahead.begin_by)} at the latest" if ahead.begin_by else "earlier than today"
    send = f"by {show(ahead.send_by)}" if ahead.send_by else "earlier than today"
    counted = f"Admitted {ahead.done} + ceremony waits {ahead.decided} + in time {len(ahead.in_time)} of {ahead.target}"
    told = (
        f"{counted}: {ahead.to_find} to find. A new person takes {ahead.newcomer_days} working days at the least and "
        f"would have to begin {begin}; a dossier must be sent {send}. Trained people needed: {ahead.left} ÷ 0.7, "
        f"rounded up: {ahead.trained_needed}; there are {ahead.trained}."
    )
    return "\n".join([*lines, "", told])


def document() -> str:
    """All that docs/runway.md prints of the made office."""
    told = next(branch for branch in OFFICE if branch.name == TOLD_OF)
    parts: Sequence[str] = [*(table(day) for day in DAYS), f"### The arithmetic of {TOLD_OF}"]
    return "\n\n".join([*parts, *(arithmetic(told, day) for day in DAYS)]) + "\n"


if __name__ == "__main__":
    print(document(), end="")
