"""Steady running: what joining, letters, past years and operations keep beside the first schema."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# SQLite gives numbers by itself only to a column that is spelt INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SECONDS: sa.Double[float] = sa.Double()


def upgrade() -> None:
    _people()
    _batches()
    _incidents()
    _odd_messages()
    _letters()
    _misread()


def downgrade() -> None:
    _no_misread()
    _no_letters()
    _no_odd_messages()
    _no_incidents()
    _no_batches()
    _no_people()


def _misread() -> None:
    """Shapes of what was not understood."""
    op.create_table(
        "misread",
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shape", "day", name=op.f("pk_misread")),
    )


def _no_misread() -> None:
    op.drop_table("misread")


def _letters() -> None:
    """Letters that go out in one message, and people who want no reminders for a while."""
    op.add_column("outbox", sa.Column("sent_with", ID, nullable=True))
    op.add_column("people", sa.Column("paused_until", sa.Date(), nullable=True))


def _no_letters() -> None:
    op.drop_column("people", "paused_until")
    op.drop_column("outbox", "sent_with")


def _people() -> None:
    """Requests to join, posts handed over or held for a time, locked chats, announcements."""
    op.add_column("people", sa.Column("draft", ID, nullable=True))
    op.create_index("uq_people_draft", "people", ["draft"], unique=True)
    op.add_column("addresses", sa.Column("blocked_at", MOMENT, nullable=True))
    op.add_column("addresses", sa.Column("locked_at", MOMENT, nullable=True))
    op.add_column("addresses", sa.Column("locked_from", ID, nullable=True))
    op.add_column("addresses", sa.Column("asked", sa.Integer(), nullable=True))
    op.add_column("addresses", sa.Column("asked_since", MOMENT, nullable=True))
    op.add_column("posts", sa.Column("stands_in_for", ID, nullable=True))
    op.add_column("posts", sa.Column("handed_to", ID, nullable=True))
    op.add_column("invites", sa.Column("for_holder", sa.Boolean(), nullable=True))
    op.create_table(
        "requests",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=True),
        sa.Column("unit_said", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, autoincrement=False, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["addresses.id"], name=op.f("fk_requests_contact_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_requests_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_requests_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_requests_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_made_at"), "requests", ["made_at"], unique=False)
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_requests_waiting",
        "requests",
        ["contact_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "announcements",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("author_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("item_id", ID, autoincrement=False, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_announcements_author_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_announcements_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("item_id", name=op.f("uq_announcements_item_id")),
    )


def _no_people() -> None:
    op.drop_table("announcements")
    op.drop_table("requests")
    op.drop_column("invites", "for_holder")
    op.drop_column("posts", "handed_to")
    op.drop_column("posts", "stands_in_for")
    for column in ("asked_since", "asked", "locked_from", "locked_at", "blocked_at"):
        op.drop_column("addresses", column)
    op.drop_index("uq_people_draft", "people")
    op.drop_column("people", "draft")


def _batches() -> None:
    """Imports of past years, so that a wrong one can be undone as a whole."""
    op.create_table(
        "batches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", ID, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_batches_person_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["people.id"], name=op.f("fk_batches_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    is_whole = sa.text("undone_at IS NULL AND digest <> ''")
    op.create_index(
        "uq_batches_digest", "batches", ["digest"], unique=True, sqlite_where=is_whole, postgresql_where=is_whole
    )
    op.create_table(
        "batch_rows",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("batch_id", ID, autoincrement=False, nullable=False),
        sa.Column("entry", ID, autoincrement=False, nullable=True),
        sa.Column("candidate_id", ID, autoincrement=False, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_rows_batch_id")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_batch_rows_candidate_id")),
        sa.ForeignKeyConstraint(["entry"], ["entries.number"], name=op.f("fk_batch_rows_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_rows")),
    )
    op.create_index(op.f("ix_batch_rows_batch_id"), "batch_rows", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_rows_entry"), "batch_rows", ["entry"], unique=False)


def _no_batches() -> None:
    op.drop_table("batch_rows")
    op.drop_table("batches")


def _incidents() -> None:
    """What went wrong, and the last sign of life of each part."""
    op.create_table(
        "incidents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "uq_incidents_open",
        "incidents",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "signs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("value", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signs")),
    )


def _no_incidents() -> None:
    op.drop_table("signs")
    op.drop_table("incidents")


def _odd_messages() -> None:
    """Which message a thing heard answers, what came of it, and chats that go on under another id."""
    op.add_column("addresses", sa.Column("moved_to", ID, nullable=True))
    op.add_column("addresses", sa.Column("outage_told", MOMENT, nullable=True))
    op.add_column("questions", sa.Column("settled_by", ID, nullable=True))
    op.add_column("inbox", sa.Column("is_forwarded", sa.Boolean(), nullable=True))
    for name in ("reply_to", "album", "file"):
        op.add_column("inbox", sa.Column(name, sa.String(), nullable=True))
    op.add_column("inbox", sa.Column("file_bytes", sa.Integer(), nullable=True))
    op.create_index("ix_inbox_message", "inbox", ["contact_id", "message_id"])


def _no_odd_messages() -> None:
    op.drop_index("ix_inbox_message", "inbox")
    for name in ("file_bytes", "file", "album", "reply_to", "is_forwarded"):
        op.drop_column("inbox", name)
    op.drop_column("questions", "settled_by")
    for name in ("outage_told", "moved_to"):
        op.drop_column("addresses", name)
