"""The first schema."""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# SQLite gives numbers by itself only to a column that is spelt INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PATH = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SECONDS: sa.Double[float] = sa.Double()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


# In the order in which they are made: each after those that it points at.
TABLES = (
    "audit",
    "heard",
    "leases",
    "meta",
    "people",
    "planned",
    "units",
    "addresses",
    "aliases",
    "candidates",
    "counters",
    "members",
    "posts",
    "quotas",
    "sheets",
    "unit_places",
    "entries",
    "inbox",
    "invites",
    "lanes",
    "questions",
    "outbox",
)


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("candidate_id", ID, nullable=True),
        sa.Column("entry", ID, nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "heard",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_heard")),
    )
    op.create_index(op.f("ix_heard_heard_at"), "heard", ["heard_at"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("key", name=op.f("uq_people_key")),
    )
    op.create_table(
        "planned",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_planned")),
    )
    op.create_table(
        "units",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("nobody_left", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_table(
        "addresses",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.Column("blocked_reason", sa.String(), nullable=False),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("guesses_since", MOMENT, nullable=True),
        sa.Column("greeted_at", MOMENT, nullable=True),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("last_item_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addresses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
    )
    op.create_index(op.f("ix_addresses_person_id"), "addresses", ["person_id"], unique=False)
    op.create_index("uq_addresses_chat", "addresses", ["channel", "account", "chat"], unique=True)
    op.create_table(
        "aliases",
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_aliases_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "folded", name=op.f("pk_aliases")),
    )
    op.create_table(
        "candidates",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=True),
        sa.Column("certificate_on", sa.Date(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("birth_month", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("ethnicity", sa.String(), nullable=True),
        sa.Column("job", sa.String(), nullable=True),
        sa.Column("youth_union", sa.Boolean(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("drop_reason", sa.String(), nullable=True),
        sa.Column("consent_by", ID, autoincrement=False, nullable=True),
        sa.Column("consent_at", MOMENT, nullable=True),
        sa.Column("consent_wording", sa.String(), nullable=False),
        sa.Column("distinguisher", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["consent_by"], ["people.id"], name=op.f("fk_candidates_consent_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_candidates_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
    )
    op.create_index(op.f("ix_candidates_folded"), "candidates", ["folded"], unique=False)
    op.create_index("ix_candidates_namesakes", "candidates", ["unit_id", "folded"], unique=False)
    op.create_table(
        "counters",
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_counters_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "month", "fact", "code", name=op.f("pk_counters")),
    )
    op.create_table(
        "members",
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_members_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_members")),
    )
    op.create_table(
        "posts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_posts_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_posts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_person_id"), "posts", ["person_id"], unique=False)
    op.create_index(op.f("ix_posts_unit_id"), "posts", ["unit_id"], unique=False)
    op.create_index("uq_posts_open", "posts", ["person_id", "role", "unit_id"], unique=True, **_where("until IS NULL"))
    op.create_table(
        "quotas",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("stretch", sa.Integer(), nullable=True),
        sa.Column("decision_no", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("set_by", ID, autoincrement=False, nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_quotas_set_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_quotas_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
    )
    op.create_index("uq_quotas_current", "quotas", ["unit_id", "period"], unique=True, **_where("is_current"))
    op.create_table(
        "sheets",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sheets_person_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sheets")),
    )
    op.create_table(
        "unit_places",
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("parent_id", ID, autoincrement=False, nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_unit_places_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_places_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "valid_from", name=op.f("pk_unit_places")),
    )
    op.create_index(op.f("ix_unit_places_parent_id"), "unit_places", ["parent_id"], unique=False)
    op.create_index(op.f("ix_unit_places_path"), "unit_places", ["path"], unique=False)
    op.create_table(
        "entries",
        sa.Column("number", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("author_id", ID, autoincrement=False, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("candidate_id", ID, autoincrement=False, nullable=True),
        sa.Column("ceremony_on", sa.Date(), nullable=True),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("decision_no", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("replaces", ID, autoincrement=False, nullable=True),
        sa.Column("replaced_by", ID, autoincrement=False, nullable=True),
        sa.Column("prior_stage", sa.String(), nullable=True),
        sa.Column("prior_stage_on", sa.Date(), nullable=True),
        sa.Column("later_stage", sa.String(), nullable=True),
        sa.Column("later_stage_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_entries_author_id")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_entries_candidate_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["entries.number"], name=op.f("fk_entries_replaced_by")),
        sa.ForeignKeyConstraint(["replaces"], ["entries.number"], name=op.f("fk_entries_replaces")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_entries_unit_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_author", "entries", ["author_id", "number"], unique=False)
    op.create_index(op.f("ix_entries_candidate_id"), "entries", ["candidate_id"], unique=False)
    op.create_index("ix_entries_ceremony", "entries", ["unit_id", "ceremony_on"], unique=False)
    op.create_index("ix_entries_decision", "entries", ["unit_id", "decision_on"], unique=False)
    op.create_index(op.f("ix_entries_made_at"), "entries", ["made_at"], unique=False)
    op.create_index(
        "uq_entries_candidate",
        "entries",
        ["candidate_id"],
        unique=True,
        **_where("state = 'live' AND kind = 'admission'"),
    )
    op.create_index("uq_entries_digest", "entries", ["digest"], unique=True, **_where("state = 'live'"))
    op.create_index(
        "uq_entries_nothing",
        "entries",
        ["unit_id", "month"],
        unique=True,
        **_where("state = 'live' AND kind = 'nothing'"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("pressed", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["addresses.id"], name=op.f("fk_inbox_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_done_at"), "inbox", ["done_at"], unique=False)
    op.create_index("ix_inbox_waiting", "inbox", ["contact_id", "id"], unique=False, **_where("state = 'waiting'"))
    op.create_table(
        "invites",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=True),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("inviter_id", ID, autoincrement=False, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", ID, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["inviter_id"], ["people.id"], name=op.f("fk_invites_inviter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invites_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_invites_unit_id")),
        sa.ForeignKeyConstraint(["used_by"], ["addresses.id"], name=op.f("fk_invites_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_invites_fingerprint")),
    )
    op.create_table(
        "lanes",
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", SECONDS, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["addresses.id"], name=op.f("fk_lanes_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_lanes")),
    )
    op.create_table(
        "questions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("is_uncertain", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["addresses.id"], name=op.f("fk_questions_contact_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_questions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(
        "ix_questions_open", "questions", ["contact_id", "id"], unique=False, **_where("settled_at IS NULL")
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=True),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("question_id", ID, autoincrement=False, nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", SECONDS, nullable=False),
        sa.Column("heard_before", ID, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["addresses.id"], name=op.f("fk_outbox_contact_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_outbox_question_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_outbox_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_chat", "outbox", ["contact_id", "id"], unique=False)
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["kind", "id"],
        unique=False,
        **_where("state IN ('planned', 'held', 'claimed', 'uncertain')"),
    )
    op.create_index("ix_outbox_person", "outbox", ["person_id", "rule"], unique=False)
    op.create_index("ix_outbox_question", "outbox", ["question_id"], unique=False)
    meta = sa.table("meta", sa.column("name", sa.String()), sa.column("value", sa.String()))
    first = [{"name": "salt", "value": secrets.token_hex(32)}, {"name": "audit_head", "value": ""}]
    op.bulk_insert(meta, first)


def downgrade() -> None:
    for table in TABLES[::-1]:
        op.drop_table(table)
