"""What is not a message in words: each kind has its one answer, and nothing of it is kept."""

from collections.abc import Callable

from domain.changes import MarkReach, Outcome
from domain.messages import Kind, Reply
from handlers.scene import Scene
from language import wording

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
    """The outcome for anything but words and presses in a private chat; None for those, and for a group."""
    incoming = scene.item.incoming
    match incoming.kind:
        case Kind.BLOCKED:
            return Outcome(None, changes=(MarkReach(scene.contact.id, is_blocked=True),))
        case Kind.UNBLOCKED:
            return Outcome(None, changes=(MarkReach(scene.contact.id, is_blocked=False),))
        case _ if incoming.is_group:
            return None
        case Kind.TEXT | Kind.EDITED | Kind.PRESS:
            return _words(scene)
        case Kind.WORKBOOK:
            return None
        case _ if scene.item.is_one_more:
            # An album is answered once.
            return Outcome(None)
        case _:
            return Outcome(REFUSALS.get(incoming.kind, wording.words_only)())


def _words(scene: Scene) -> Outcome | None:
    if scene.item.is_overtaken:
        # Its edited words came first, and were answered.
        return Outcome(None)
    if scene.item.incoming.kind is not Kind.PRESS and not scene.text.strip():
        return Outcome(wording.words_only())
    return None
