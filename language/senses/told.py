"""A sentence whose kind is known without any sense having claimed it: what it holds, read as a wish of that kind."""

import re
from collections.abc import Callable
from dataclasses import replace

from domain.intents import Intent, Wish
from domain.records import Stage
from language.kinds import Kind
from language.senses import admission, amend, candidate, member, office, quota, talk, totals
from language.sentence import Sentence

_SHORT = frozenset(
    {Intent.CONFIRM_YES, Intent.CONFIRM_NO, Intent.CANCEL, Intent.GREETING, Intent.HELP, Intent.UNDO_LAST}
)
_AT_LENGTH = frozenset({Intent.HELP, Intent.UNDO_LAST})
"""What people also say in a whole sentence."""
_STAGES = frozenset(stage.value for stage in Stage)
_MOST_WORDS = 8
"""A short answer is no longer than this, and holds no number."""
_MOST_AT_LENGTH = 20
_SURE_AT_LENGTH = 0.85

_READ: dict[Intent, Callable[[Sentence], Wish | None]] = {
    Intent.LOG_ADMISSION: admission.admitted,
    Intent.LOG_DECISION: admission.decided,
    Intent.PLAN_CEREMONY: admission.planned,
    Intent.ADD_CANDIDATE: candidate.added,
    Intent.DROP_CANDIDATE: candidate.dropped,
    Intent.ASSIGN_HELPER: candidate.helped,
    Intent.LOG_OFFICIAL: member.official,
    Intent.LOG_REMOVAL: member.removed,
    Intent.LOG_TRANSFER: member.transferred,
    Intent.REPORT_AGGREGATE: totals.told,
    Intent.REPORT_NIL: totals.nothing_told,
    Intent.QUERY_QUOTA: quota.asked,
    Intent.QUERY_CANDIDATES: quota.candidates_asked,
    Intent.SET_QUOTA: quota.assigned,
    Intent.REQUEST_REPORT: office.requested,
    Intent.SEND_REMINDER: office.nudged,
    Intent.REGISTER: office.registering,
    Intent.ROLE_CHANGE: office.handed_over,
    Intent.REMINDER_SETTINGS: office.settled,
    Intent.CHOOSE_OPTION: talk.chosen,
    Intent.CORRECT_LAST: amend.corrected,
    Intent.CORRECT_RECORD: amend.corrected,
}


def as_kind(sentence: Sentence, kind: Kind) -> Wish | None:
    """The sentence as a wish of that kind; None where it does not hold what such a wish needs."""
    intent = kind.as_intent
    if intent is None:
        return None
    if intent in _SHORT:
        most = _MOST_AT_LENGTH if intent in _AT_LENGTH and kind.sure >= _SURE_AT_LENGTH else _MOST_WORDS
        is_short = len(sentence.flat.split()) <= most and not re.search(r"\d", sentence.flat)
        is_reason = candidate.reason_of(sentence.said) is not None
        return Wish(intent) if is_short and not sentence.names and not is_reason else None
    wish = _wish(sentence, intent, kind.detail)
    return replace(wish, is_doubtful=True) if wish is not None and wish.intent is intent else None


def _wish(sentence: Sentence, intent: Intent, detail: str) -> Wish | None:
    match intent:
        case Intent.OUT_OF_SCOPE:
            return Wish(intent, people=sentence.people())
        case Intent.UPDATE_CANDIDATE if detail in _STAGES:
            return candidate.reached(sentence, Stage(detail))
        case Intent.UPDATE_PROBATION:
            return member.on_probation(sentence, Stage(detail) if detail in _STAGES else Stage.PROBATION)
        case Intent.QUERY_RULE:
            return quota.ruled(sentence, detail)
        case Intent.QUERY_DEADLINE:
            return quota.deadlines_asked(sentence, detail)
        case Intent.SENSITIVE_CONTENT if detail:
            redact, refuse = (detail,), detail == "state_secret"
            return Wish(intent, people=sentence.people()[:1], redact=redact, refuse=refuse)
        case Intent.CONSENT_RECORD if detail:
            return Wish(intent, people=sentence.people(), extra=(("consent", detail),))
        case Intent.PRIVACY_REQUEST if detail:
            return Wish(intent, extra=(("type", detail),))
        case Intent.ORG_CHANGE if detail:
            return office.reorganised(sentence, detail)
        case _:
            read = _READ.get(intent)
            return read(sentence) if read is not None else None
