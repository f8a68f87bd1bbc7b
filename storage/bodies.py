"""Replies, drafts and figures as the JSON that stands in the outbox, in questions and in sheets."""

from typing import Any, cast

from pydantic import TypeAdapter

from domain.changes import Draft
from domain.messages import Choice, Figure, Reply

_REPLY = TypeAdapter(Reply)
_DRAFT = TypeAdapter(Draft)
_CHOICES = TypeAdapter(tuple[Choice, ...])
_FIGURES = TypeAdapter(tuple[Figure, ...])

Json = dict[str, Any]


def reply_json(reply: Reply) -> Json:
    return cast(Json, _REPLY.dump_python(reply, mode="json"))


def reply_from(body: Json) -> Reply:
    return _REPLY.validate_python(body)


def draft_json(draft: Draft | None) -> Json | None:
    return cast(Json, _DRAFT.dump_python(draft, mode="json")) if draft else None


def draft_from(body: Json | None) -> Draft | None:
    return _DRAFT.validate_python(body) if body is not None else None


def choices_json(choices: tuple[Choice, ...]) -> list[Json]:
    return cast(list[Json], _CHOICES.dump_python(choices, mode="json"))


def choices_from(body: list[Json]) -> tuple[Choice, ...]:
    return _CHOICES.validate_python(body)


def figures_json(figures: tuple[Figure, ...]) -> list[Json]:
    return cast(list[Json], _FIGURES.dump_python(figures, mode="json"))


def figures_from(body: list[Json]) -> tuple[Figure, ...]:
    return _FIGURES.validate_python(body)
