"""Judges what was read of a message against what the papers say, as `docs/language.md` tells; run, it prints.

The set in `set/` was written before any of it was read, from templates of its own, and is parted by template: whoever
works on the reader looks at the development part only.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from language.plain import fold
from language.shown import as_json
from language.understand import understand

PLACE = Path(__file__).parent / "set"

FREE = frozenset({"job", "group", "issue", "introduced_by", "send_to", "reason", "date_lunar", "allow"})
UNLISTED = frozenset({"number", "age", "refuse", "argument"})
"""Keys that the manual does not list for a wish, or says only of some messages: a reading may have them or not."""

_SAVING = frozenset(
    {
        "log_admission", "plan_ceremony", "log_decision", "log_official", "update_probation", "log_removal",
        "report_nil", "add_candidate", "update_candidate", "assign_helper", "drop_candidate", "correct_last",
        "correct_record", "undo_last", "undo_record", "set_quota", "log_transfer", "role_change", "org_change",
        "consent_record",
    }
)  # fmt: skip
"""What writes something. Totals that somebody states are compared with the records, never added."""

_OTHER_DAYS = (
    "decision_date", "received_date", "planned_ceremony", "certificate_date", "dossier_date", "probation_end",
    "admitted_elsewhere",
)  # fmt: skip
"""Days beside the event's own: a wrong one is a failure, a missed one only a field."""

Reading = dict[str, Any]
Read = Callable[[str, date], Reading]


@dataclass(frozen=True, slots=True)
class Row:
    """A message with what is to be understood, and the template that it was written from."""

    text: str
    today: date
    expected: Reading
    template: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one message was read."""

    row: Row
    read: Reading
    intent: bool
    right_or_asked: bool
    wrong_saved: bool
    all_fields: bool

    @property
    def is_clean(self) -> bool:
        return self.intent and self.right_or_asked and self.all_fields


def rows(part: str) -> list[Row]:
    lines = (PLACE / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_row(json.loads(line)) for line in lines]


def _row(line: Reading) -> Row:
    return Row(line["text"], date.fromisoformat(line["today"]), line["expected"], line["template"])


def reader(text: str, today: date) -> Reading:
    """What `bot.py read` prints."""
    return as_json(understand(text, today=today))


def judge(row: Row, read: Reading) -> Verdict:
    wanted, got = actions(row.expected), actions(read)
    intent = [one["intent"] for one in wanted] == [one["intent"] for one in got]
    core = intent and all(map(_agrees, wanted, got))
    wrong = [one for one in got if is_saving(one) and not any(_agrees(other, one) for other in wanted)]
    wrong_saved = any(not _asks(one, wanted) for one in wrong)
    asked = not wrong_saved and (_is_unknown(read) or bool(wrong))
    same = comparable(row.expected) == comparable(read)
    return Verdict(row, read, intent, core or asked or not _saves(wanted, got), wrong_saved, same)


def verdicts(of: Iterable[Row], read: Read = reader) -> list[Verdict]:
    return [judge(row, read(row.text, row.today)) for row in of]


def is_saving(one: Reading) -> bool:
    return one["intent"] in _SAVING


def actions(reading: Reading) -> list[Reading]:
    return reading["actions"] if reading["intent"] == "multi" else [reading]


def _saves(wanted: list[Reading], got: list[Reading]) -> bool:
    return any(is_saving(one) for one in (*wanted, *got))


def _is_unknown(read: Reading) -> bool:
    """Nothing is saved, and the sender is told what could have been meant."""
    return read["intent"] == "out_of_scope"


def _asks(read: Reading, wanted: list[Reading]) -> bool:
    """Whether something that speaks of the person or the day is asked before this is saved."""
    needs = set(read.get("needs", ()))
    same_kind = [one for one in wanted if one["intent"] == read["intent"]]
    if not same_kind:
        return bool(needs)
    if any(_people(one) == _people(read) for one in same_kind):
        return bool(needs & {"date", "decision_date", "certificate_date"})
    return bool(needs & {"name", "names", "full_name", "count_mismatch", "new_name"})


def _agrees(wanted: Reading, got: Reading) -> bool:
    """Whether the kind of event, whom it is about, and its days are right."""
    if wanted["intent"] != got["intent"] or _people(wanted) != _people(got) or _own_day(wanted) != _own_day(got):
        return False
    return all(got.get(key) is None or got[key] == wanted.get(key) for key in _OTHER_DAYS)


def _people(one: Reading) -> tuple[object, ...]:
    people = tuple(fold(person["name"]) for person in one.get("people", ()))
    helpers = tuple(tuple(map(fold, one.get(key, ()))) for key in ("helpers", "replaces"))
    record = one.get("target")
    corrected = fold(str(one.get("new", ""))) if one.get("field") == "name" else ""
    left_out = fold(str(one.get("remove", "")))
    return people, helpers, fold(record) if isinstance(record, str) else "", corrected, left_out


def _own_day(one: Reading) -> tuple[object, ...]:
    """The day that is recorded with it; a decision's is that of the decision, of a class that of the certificate."""
    key = {"log_decision": "decision_date"}.get(one["intent"], "date")
    key = "certificate_date" if one.get("stage") == "class_done" else key
    each = tuple(person.get("date") for person in one.get("people", ()))
    corrected = one.get("new") if one.get("field") == "date" else None
    period = one.get("period") if one["intent"] == "report_nil" else None
    return one.get(key), each, corrected, period


def comparable(value: Any) -> Any:
    """What of a reading is judged, made comparable."""
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if key not in FREE and key not in UNLISTED}
        return {fold(key): comparable(_as_typed(key, part)) for key, part in kept.items()}
    if isinstance(value, list):
        return [comparable(part) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    return fold(str(value)).replace(" - ", "-").replace("-", " ")


def _as_typed(key: str, value: Any) -> Any:
    """A post "as typed" may or may not take the words "chi bộ" along; what is needed stands in no order."""
    if key == "role":
        return fold(str(value)).removesuffix(" chi bo")
    if isinstance(value, list) and key in ("needs", "redact", "group_by", "groups"):
        return sorted(value)
    return value


@dataclass(frozen=True, slots=True)
class Shares:
    """The four figures of a set of messages, in parts of one; the wrong ones counted."""

    messages: int
    intent: float
    right_or_asked: float
    wrong_saved: int
    all_fields: float


def shares(found: Sequence[Verdict]) -> Shares:
    count = len(found)
    return Shares(
        count,
        sum(one.intent for one in found) / count,
        sum(one.right_or_asked for one in found) / count,
        sum(one.wrong_saved for one in found),
        sum(one.all_fields for one in found) / count,
    )


def tables(found: Sequence[Verdict]) -> str:
    """The measured part of `docs/language.md`."""
    return "\n\n".join(
        [
            "### Beside the aims",
            table(["", "measured", "aim"], _aims(shares(found))),
            "### By intent",
            table(["intent", "messages", "intent right", "all fields right", "wrong without asking"], _kinds(found)),
            "### Taken for another",
            table(["meant", "read as", "messages"], _confusion(found)) if _confusion(found) else "None.",
            "### What still fails",
            _failures(found) or "Nothing of this part.",
        ]
    )


def _aims(of: Shares) -> list[list[str]]:
    return [
        ["messages", str(of.messages), ""],
        ["intent right", _percent(of.intent), "≥ 97 %"],
        ["kind of event, person and date right, or asked", _percent(of.right_or_asked), "≥ 99 %"],
        ["a wrong one saved without asking", str(of.wrong_saved), "0"],
        ["all fields right", _percent(of.all_fields), "≥ 90 %"],
    ]


def _kinds(found: Sequence[Verdict]) -> list[list[str]]:
    kinds = sorted({one.row.expected["intent"] for one in found})
    out: list[list[str]] = []
    for kind in kinds:
        of = shares([one for one in found if one.row.expected["intent"] == kind])
        out.append([kind, str(of.messages), _percent(of.intent), _percent(of.all_fields), str(of.wrong_saved or "–")])
    return out


def _confusion(found: Sequence[Verdict]) -> list[list[str]]:
    pairs = Counter((_label(one.row.expected), _label(one.read)) for one in found if not one.intent)
    return [[meant, read, str(count)] for (meant, read), count in sorted(pairs.items())]


def _label(reading: Reading) -> str:
    kinds = [one["intent"] for one in actions(reading)]
    return " + ".join(kinds)


def _failures(found: Sequence[Verdict]) -> str:
    lines: list[str] = []
    for one in sorted((one for one in found if not one.is_clean or one.wrong_saved), key=_gravity):
        text = one.row.text.replace("\n", " ⏎ ").replace("|", "¦").replace("`", "'")
        lines.append(f"- {_GRAVITIES[_gravity(one)]}: `{text}` {told(one)}")
    return "\n".join(lines)


_GRAVITIES = ("**wrong, not asked**", "wrong kind", "wrong person or day", "a field")


def _gravity(one: Verdict) -> int:
    if one.wrong_saved:
        return 0
    if not one.intent:
        return 1
    return 3 if one.right_or_asked else 2


def told(one: Verdict) -> str:
    """In what a reading differs, as short as it can be said."""
    wanted, got = actions(one.row.expected), actions(one.read)
    if not one.intent:
        return f"is {_label(one.row.expected)}, read as {_label(one.read)}"
    parts: list[str] = []
    for left, right in zip(wanted, got, strict=True):
        keys = sorted((set(left) | set(right)) - FREE - UNLISTED)
        differing = [key for key in keys if comparable({key: left.get(key)}) != comparable({key: right.get(key)})]
        parts += [f"{key} is {_short(left.get(key))}, read as {_short(right.get(key))}" for key in differing]
    return "; ".join(parts)


def _short(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _percent(part: float) -> str:
    return f"{part * 100:.1f} %"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *lines])


def main() -> None:
    print(tables(verdicts(rows(sys.argv[1] if len(sys.argv) > 1 else "development"))))


if __name__ == "__main__":
    main()
