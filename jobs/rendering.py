"""Makes a kept reply ready for a channel: names looked up now, choices numbered, attachments drawn."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.messages import (
    Attachment,
    CandidateName,
    Choice,
    File,
    HelperNames,
    Line,
    NumberedChoice,
    Outgoing,
    PersonName,
    Reply,
    Span,
    Text,
    plain,
)
from language import letter_wording
from storage.database import Database, Reading
from storage.read import candidates, people
from storage.read.questions import Question

Draw = Callable[[Attachment], Awaitable[bytes]]
"""Draws an attachment, in a thread where that takes its time."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a file can be opened from outside, until the end of a day."""

    url: str
    until: date


async def render(
    db: Database,
    reply: Reply,
    question: Question | None,
    *,
    menu: tuple[str, ...] = (),
    is_repeat: bool = False,
    is_letter: bool = False,
) -> Outgoing:
    """The reply without its attachment. Whoever has no name any longer is shown as such."""
    labels = tuple(_label(choice) for choice in reply.choices)
    named = await _with_names(db, (*reply.lines, *labels))
    lines, labelled = named[: len(reply.lines)], named[len(reply.lines) :]
    if is_repeat:
        lines = ((Text(letter_wording.SENT_AGAIN),), *lines)
    first = question.first_number if question else 1
    return Outgoing(
        lines=lines,
        choices=tuple(NumberedChoice(first + n, plain([label])) for n, label in enumerate(labelled)),
        question_id=question.id if question else None,
        menu=menu if reply.menu else (),
        is_letter=is_letter,
        if_cut=letter_wording.CUT,
    )


def merged(said: Sequence[Outgoing]) -> Outgoing:
    """Several replies of a chat as one message, where choices are typed: those of each stand below its own words."""
    if len(said) == 1:
        return said[0]
    *before, last = said
    lines = [row for one in before for row in (*one.lines, *map(_typed, one.choices), (Text(""),))]
    return replace(
        last, lines=(*lines, *last.lines), menu=last.menu or next((one.menu for one in before if one.menu), ())
    )


def _typed(choice: NumberedChoice) -> tuple[Text, ...]:
    return (Text(f"{choice.number}. {choice.label}"),)


def _label(choice: Choice) -> Line:
    label = (Text(choice.label),)
    if choice.candidate_id is not None:
        return (*label, CandidateName(choice.candidate_id))
    return label if choice.person_id is None else (*label, PersonName(choice.person_id))


def without_file(outgoing: Outgoing, attachment: Attachment, link: Link | None) -> Outgoing:
    """For a channel that carries no files: where it can be opened, or, where nobody can come in, how else to get it."""
    if link is None:
        said = letter_wording.file_elsewhere(attachment.filename)
    elif attachment.is_picture:
        return replace(outgoing, picture=link.url)
    else:
        said = letter_wording.file_at(attachment.filename, link.url, link.until)
    return replace(outgoing, lines=(*outgoing.lines, *((Text(row),) for row in said)))


async def drawn(attachment: Attachment, draw: Draw) -> File:
    """The file itself."""
    return File(attachment.filename, await draw(attachment))


async def _with_names(db: Database, lines: tuple[Line, ...]) -> tuple[tuple[Text, ...], ...]:
    spans = [span for row in lines for span in row]
    candidate_ids = {span.candidate_id for span in spans if isinstance(span, CandidateName)}
    person_ids = {span.person_id for span in spans if isinstance(span, PersonName)}
    helped_ids = {span.helped_id for span in spans if isinstance(span, HelperNames)}
    if not candidate_ids and not person_ids and not helped_ids:
        return tuple(tuple(span for span in row if isinstance(span, Text)) for row in lines)

    async def look_up(tx: Reading) -> _Names:
        return _Names(
            await candidates.names(tx, candidate_ids) if candidate_ids else {},
            await people.names(tx, person_ids) if person_ids else {},
            await candidates.helpers(tx, helped_ids) if helped_ids else {},
        )

    names = await db.read(look_up)
    return tuple(tuple(_named(span, names) for span in row) for row in lines)


@dataclass(frozen=True, slots=True)
class _Names:
    of_candidates: Mapping[int, str]
    of_people: Mapping[int, str]
    of_helpers: Mapping[int, tuple[str, ...]]


def _named(span: Span, names: _Names) -> Text:
    match span:
        case Text():
            return span
        case CandidateName(candidate_id=candidate_id):
            return Text(names.of_candidates.get(candidate_id) or letter_wording.NAMELESS)
        case PersonName(person_id=person_id):
            return Text(names.of_people.get(person_id) or letter_wording.NAMELESS)
        case HelperNames(helped_id=helped_id):
            return Text(", ".join(names.of_helpers.get(helped_id, ())) or letter_wording.NAMELESS)
