"""What a message asks for, once understood: a wish with its fields. Handlers and storage know nothing of the words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.quotas import Target
from domain.records import DropReason, Fact, Stage


class Intent(StrEnum):
    """Every kind of wish. Names are those that `bot.py read` prints."""

    LOG_ADMISSION = "log_admission"
    PLAN_CEREMONY = "plan_ceremony"
    LOG_DECISION = "log_decision"
    LOG_OFFICIAL = "log_official"
    UPDATE_PROBATION = "update_probation"
    LOG_REMOVAL = "log_removal"
    REPORT_AGGREGATE = "report_aggregate"
    REPORT_NIL = "report_nil"
    ADD_CANDIDATE = "add_candidate"
    UPDATE_CANDIDATE = "update_candidate"
    ASSIGN_HELPER = "assign_helper"
    DROP_CANDIDATE = "drop_candidate"
    CORRECT_LAST = "correct_last"
    CORRECT_RECORD = "correct_record"
    UNDO_LAST = "undo_last"
    SET_QUOTA = "set_quota"
    QUERY_QUOTA = "query_quota"
    QUERY_CANDIDATES = "query_candidates"
    QUERY_DEADLINE = "query_deadline"
    QUERY_RULE = "query_rule"
    LOG_TRANSFER = "log_transfer"
    REQUEST_REPORT = "request_report"
    SEND_REMINDER = "send_reminder"
    REGISTER = "register"
    ROLE_CHANGE = "role_change"
    ORG_CHANGE = "org_change"
    REMINDER_SETTINGS = "reminder_settings"
    PRIVACY_REQUEST = "privacy_request"
    CONSENT_RECORD = "consent_record"
    SENSITIVE_CONTENT = "sensitive_content"
    CONFIRM_YES = "confirm_yes"
    CONFIRM_NO = "confirm_no"
    CANCEL = "cancel"
    CHOOSE_OPTION = "choose_option"
    GREETING = "greeting"
    HELP = "help"
    OUT_OF_SCOPE = "out_of_scope"
    # Commands and buttons that need no sentence; `bot.py read` prints them too, nobody judges them.
    JOIN = "join"
    MENU = "menu"
    INVITE = "invite"
    SHOW_RECORD = "show_record"
    UNDO_RECORD = "undo_record"
    UNDO_BATCH = "undo_batch"
    RESTORE_RECORD = "restore_record"
    SHOW_UNITS = "show_units"
    MY_DATA = "my_data"
    EDIT_CARD = "edit_card"
    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"
    SAVE_WITHOUT_NAME = "save_without_name"
    NOBODY_LEFT = "nobody_left"
    PUT_OFF = "put_off"
    WHY_LETTER = "why_letter"
    SHOW_PEOPLE = "show_people"
    SHOW_REQUEST = "show_request"
    LOCK_CHAT = "lock_chat"
    LINK_CHAT = "link_chat"
    ANNOUNCE = "announce"
    SHOW_ANNOUNCEMENT = "show_announcement"
    SHOW_SYSTEM = "show_system"
    SNAG = "snag"
    SHOW_SESSION = "show_session"
    OPEN_CLASS = "open_class"
    SHOW_CLASS = "show_class"
    JOIN_CLASS = "join_class"
    END_CLASS = "end_class"
    LOG_SESSION = "log_session"


class Need(StrEnum):
    """What must be asked before anything is saved."""

    NAME = "name"
    NAMES = "names"
    FULL_NAME = "full_name"
    DATE = "date"
    DECISION_DATE = "decision_date"
    CERTIFICATE_DATE = "certificate_date"
    NEW_NAME = "new_name"
    COUNT_MISMATCH = "count_mismatch"


@dataclass(frozen=True, slots=True)
class Month:
    """A month when no day is known."""

    year: int
    month: int


Day = date | Month


class DateTrouble(StrEnum):
    """Why a typed day was not taken as it stands."""

    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a message, with only what the message states."""

    name: str
    birth_year: int | None = None
    birth_month: int | None = None
    age: int | None = None
    gender: str | None = None
    ethnicity: str | None = None
    job: str | None = None
    group: str | None = None
    youth_union: bool | None = None
    date: Day | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A branch with its target, as typed: `Chi bộ 1: 2`."""

    branch: str
    target: Target


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish. `number` is an entry's (`/sua 31`), `argument` whatever else stood behind a command.

    `typed_date` keeps the day as typed where `trouble` says why it was not taken. `fact` says of a correction's day
    (`new`) whether it is the ceremony's or the decision's, if the words do.
    `is_command` tells `/ketnap` from a sentence; `is_doubtful` asks for a card even for light records.
    """

    intent: Intent
    people: tuple[Named, ...] = ()
    count: int | None = None
    branch: str = ""
    date: Day | None = None
    typed_date: str = ""
    trouble: DateTrouble | None = None
    decision_no: str = ""
    decision_date: Day | None = None
    certificate_date: Day | None = None
    dossier_date: Day | None = None
    planned_ceremony: Day | None = None
    stage: Stage | None = None
    reason_code: DropReason | None = None
    period: str = ""
    target: int | None = None
    target_min: int | None = None
    target_max: int | None = None
    items: tuple[Item, ...] = ()
    scope: str = ""
    metric: str = ""
    stage_at_least: Stage | None = None
    admitted: bool | None = None
    field: str = ""
    fact: Fact | None = None
    old: str = ""
    new: str = ""
    remove: str = ""
    record: str = ""
    choice: int | None = None
    number: int | None = None
    code: str = ""
    argument: str = ""
    redact: tuple[str, ...] = ()
    refuse: bool = False
    needs: tuple[Need, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    is_command: bool = False
    is_doubtful: bool = False
