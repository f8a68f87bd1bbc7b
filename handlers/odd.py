"""What is not a message in words: each kind has its one answer, and nothing of it is kept."""

from collections.abc import Callable
from datetime import timedelta

from domain.changes import MarkGreeted, MarkReach, Outcome
from domain.messages import IN_GROUP, Kind, Reply
from handlers.scene import Scene
from language import wording

GROUP_PAUSE = timedelta(minutes=1)

REFUSALS: dict[Kind, Callable[[], Reply]] = {
    Kind.PHOTO: wording.no_pictures,
    Kind.VIDEO: wording.no_films,
    Kind.DOCUMENT: wording.no_files,
    Kind.VOICE: wording.no_voice,
    Kind.CONTACT: wording.no_contacts,
    Kind.LOCATION: wording.no_places,
    Kind.UNREADABLE: wording.send_again,
}
"""Each in its own words; of stickers, polls, dice and whatever comes next only that they are no words."""


def answer(scene: Scene) -> Outcome | None:
    """The outcome for anything but words and presses in a private chat; None for those."""
    incoming = scene.item.incoming
    match incoming.kind:
        case Kind.BLOCKED:
            return Outcome(None, changes=(MarkReach(scene.contact.id, is_blocked=True),))
        case Kind.UNBLOCKED:
            return Outcome(None, changes=(MarkReach(scene.contact.id, is_blocked=False),))
        case _ if incoming.is_group:
            return _in_group(scene)
        case Kind.TEXT | Kind.EDITED | Kind.PRESS:
            return _words(scene)
        case Kind.WORKBOOK:
            return None
        case _ if scene.item.is_one_more:
            # An album is answered once.
            return Outcome(None)
        case _:
            return Outcome(REFUSALS.get(incoming.kind, wording.words_only)())


def _in_group(scene: Scene) -> Outcome:
    """A group is asked to write in private, at most once a minute; nothing is answered there by name."""
    if scene.item.incoming.kind is Kind.EDITED:
        return Outcome(None)
    told = scene.contact.greeted_at
    is_told = told is not None and scene.now - GROUP_PAUSE < told <= scene.now
    if is_told or not (scene.text.startswith("/") or IN_GROUP in scene.item.incoming.marks):
        return Outcome(None)
    return Outcome(wording.write_in_private(scene.link("")), changes=(MarkGreeted(scene.contact.id),))


def _words(scene: Scene) -> Outcome | None:
    if scene.item.is_overtaken:
        # Its edited words came first, and were answered.
        return Outcome(None)
    if scene.item.incoming.kind is not Kind.PRESS and not scene.text.strip():
        return Outcome(wording.words_only())
    return None
