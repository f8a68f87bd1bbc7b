"""How a message was read: what was made of its text, what was found in it, which rule claimed it and which came next."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.intents import Wish
from language import commands, telex
from language.kinds import kind_of
from language.senses import talk
from language.sensitive import cut
from language.sentence import Sentence
from language.shown import as_json
from language.understand import SENSES, clauses, tidy, understand


def explain(text: str, *, today: date) -> dict[str, Any]:
    """The reading of a message, with each step that led to it; for whoever mends a misreading."""
    safe = cut(tidy(text))
    out: dict[str, Any] = {"read": as_json(understand(text, today=today)), "text": safe.text}
    if safe.marks:
        out["cut"] = list(safe.marks)
    if safe.code or commands.is_invite_mark(safe.text) or safe.text.startswith("/"):
        return {**out, "rule": "commands.read"}
    if (short := talk.read(safe.text)) is not None:
        return {**out, "rule": "talk.read", "wish": as_json((short,))}
    decoded = telex.undo(safe.text)
    if decoded != safe.text:
        out["telex"] = decoded
    spans = clauses(decoded)
    parts = [decoded[start:end] for start, end in spans] if len(spans) > 1 else []
    out["whole"] = _clause(decoded, today)
    if parts:
        out["clauses"] = [_clause(part, today) for part in parts]
    return out


def _clause(text: str, today: date) -> dict[str, Any]:
    sentence = Sentence(text, today=today)
    kind = kind_of(sentence) if sentence.text else None
    claimed = _claims(sentence)
    first, second = next(claimed, None), next(claimed, None)
    return {
        "bare": sentence.flat,
        "found": _found(sentence),
        "kind": {"intent": kind.intent, "detail": kind.detail, "sure": round(kind.sure, 2)} if kind else None,
        "rule": first[0] if first else "none: out of scope",
        "wish": as_json((first[1],)) if first else {},
        "runner_up": {"rule": second[0], "wish": as_json((second[1],))} if second else None,
    }


def _claims(sentence: Sentence) -> Iterator[tuple[str, Wish]]:
    for sense in SENSES:
        if (wish := sense(sentence)) is not None:
            yield f"{sense.__module__.rpartition('.')[2]}.{sense.__name__}", wish


def _found(sentence: Sentence) -> list[dict[str, Any]]:
    """Every span that was marked, by kind, as typed and where."""
    found: list[tuple[int, int, str]] = []
    found += [(day.start, day.end, f"day of {role or 'the event'}") for day, role in zip(sentence.days, sentence.roles, strict=True)]  # fmt: skip
    found += [
        (name.start, name.end, "name" if name.is_sure else "name, not sure where it ends") for name in sentence.names
    ]
    found += [(span.start, span.end, f"marked as a person, sure to {span.sure:.0%}") for span in sentence.marks.people]
    found += [
        (span.start, span.end, f"marked as a branch, sure to {span.sure:.0%}") for span in sentence.marks.branches
    ]
    found += [(place.start, place.end, "branch") for place in sentence.branches]
    found += [(start, end, "no day: birth, vote, decision or mark") for start, end in sentence.taken]
    if sentence.period is not None:
        found.append((sentence.period.start, sentence.period.end, f"period {sentence.period.value}"))
    return [
        {"at": [start, end], "kind": kind, "typed": sentence.original(start, end)} for start, end, kind in sorted(found)
    ]
