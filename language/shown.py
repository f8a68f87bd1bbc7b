"""Wishes as `bot.py read` prints them: one object a message, keys as the manual of the language names them."""

from datetime import date
from typing import Any

from domain.intents import Intent, Item, Month, Named, Wish
from domain.quotas import TargetShape

_NUMBERS = frozenset(
    {"candidates", "remaining", "vote_for", "vote_total", "limit", "day", "age", "count", "target", "target_year"}
)
_LISTS = frozenset({"helpers", "replaces", "groups", "group_by"})
_PERSON = ("name", "birth_year", "age", "gender", "ethnicity", "job", "group", "youth_union", "date")
_PLAIN = (
    "count", "branch", "date", "decision_no", "decision_date", "certificate_date", "dossier_date", "planned_ceremony",
    "stage", "reason_code", "period", "target", "target_min", "target_max", "scope", "metric", "field", "old", "new",
    "remove", "choice",
)  # fmt: skip


def as_json(wishes: tuple[Wish, ...]) -> dict[str, Any]:
    """One message as plain values, ready for `json.dumps`."""
    if len(wishes) == 1:
        return _wish(wishes[0])
    return {"intent": "multi", "actions": [_wish(wish) for wish in wishes]}


def _wish(wish: Wish) -> dict[str, Any]:
    if wish.intent is Intent.OUT_OF_SCOPE:
        return {"intent": str(wish.intent)}
    out: dict[str, Any] = {"intent": str(wish.intent)}
    if wish.people:
        out["people"] = [_person(person) for person in wish.people]
    for key in _PLAIN:
        value = getattr(wish, key)
        if value is not None and value != "":
            out[key] = _value(value)
    if wish.items:
        items = [_item(item) for item in wish.items]
        out.update({"items": items} if len(items) > 1 else items[0])
    if wish.stage_at_least is not None or wish.admitted is not None:
        kept = {"stage_at_least": wish.stage_at_least, "admitted": wish.admitted}
        out["filter"] = {key: _value(value) for key, value in kept.items() if value is not None}
    if wish.record:
        out["target"] = wish.record
    if wish.number is not None:
        out["number"] = wish.number
    if wish.redact:
        out["redact"] = list(wish.redact)
    if wish.refuse:
        out["refuse"] = True
    out.update(_extra(wish.extra))
    if wish.needs:
        out["needs"] = [str(need) for need in wish.needs]
    return out


def _person(person: Named) -> dict[str, Any]:
    values = {key: getattr(person, key) for key in _PERSON}
    return {key: _value(value) for key, value in values.items() if value is not None}


def _item(item: Item) -> dict[str, Any]:
    match item.target.shape:
        case TargetShape.NUMBER:
            return {"branch": item.branch, "target": item.target.low}
        case TargetShape.AT_LEAST:
            return {"branch": item.branch, "target_min": item.target.low}
        case TargetShape.RANGE:
            return {"branch": item.branch, "target_min": item.target.low, "target_max": item.target.high}


def _value(value: object) -> object:
    if isinstance(value, Month):
        return f"{value.year:04d}-{value.month:02d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int):
        return value
    return str(value)


def _extra(extra: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in extra:
        if key.startswith("breakdown:"):
            out.setdefault("breakdown", {})[key.removeprefix("breakdown:")] = int(value)
        elif key.startswith("items:"):
            out.setdefault("items", []).append({"period": key.removeprefix("items:"), "count": int(value)})
        elif key == "title":
            # The office's own word for a post; `role` beside it is the code.
            out["role"] = value
        elif key in _LISTS:
            out.setdefault(key, []).append(value)
        elif key in _NUMBERS and value.isdigit():
            out[key] = int(value)
        elif key in out:
            out[key] = f"{out[key]}, {value}"
        else:
            out[key] = value
    return out
