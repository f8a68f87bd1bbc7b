"""Moves: how people go from stage to stage, who told it and in which message; who helps them, and what blocks them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# SQLite gives numbers by itself only to a column that is spelt INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("candidates", sa.Column("helpers", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "moves",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("candidate_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("skipped", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_all", sa.Integer(), nullable=True),
        sa.Column("person_id", ID, autoincrement=False, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_moves_candidate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_moves_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_moves_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_candidate_id"), "moves", ["candidate_id"], unique=False)
    op.create_table(
        "snags",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("candidate_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opened_by", ID, autoincrement=False, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("taken_by", ID, autoincrement=False, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, autoincrement=False, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_snags_candidate_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_snags_closed_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_snags_opened_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_snags_taken_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_snags_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snags")),
    )
    op.create_index(op.f("ix_snags_unit_id"), "snags", ["unit_id"], unique=False)
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_snags_open", "snags", ["candidate_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )


def downgrade() -> None:
    op.drop_table("snags")
    op.drop_table("moves")
    op.drop_column("candidates", "helpers")
