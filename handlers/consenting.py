"""Consent of a person on the lists: attested again, or withdrawn, which takes the name away and keeps the counts."""

from dataclasses import replace

from domain.changes import ChangeCandidate, Outcome
from domain.records import Candidate
from handlers.listing_form import CONSENT_FORM, Listing, settles
from handlers.scene import Scene, draw_code
from language import wording


async def change(scene: Scene, listing: Listing, rows: list[Candidate]) -> Outcome:
    """Given is light; withdrawn is behind a card, for a name taken away does not come back by itself."""
    if not listing.withdraws:
        told = [
            replace(row, consent_by=scene.speaker.id, consent_at=scene.now, consent_wording=wording.CONSENT_VERSION)
            for row in rows
        ]
        return Outcome(wording.consent_noted(rows), changes=_all(told), settles=settles(scene))
    if not listing.is_sure:
        draft = replace(listing, asks="card").draft(CONSENT_FORM)
        return Outcome(wording.consent_card(rows), settles=settles(scene), draft=draft)
    nameless = [
        replace(
            row,
            name="",
            folded="",
            label=wording.candidate_label(draw_code(4)),
            distinguisher=row.id % 1_000_000_000,
            consent_by=None,
            consent_at=None,
            consent_wording="",
        )
        for row in rows
    ]
    return Outcome(wording.name_taken_away(nameless), changes=_all(nameless), settles=settles(scene))


def _all(rows: list[Candidate]) -> tuple[ChangeCandidate, ...]:
    return tuple(ChangeCandidate(row) for row in rows)
