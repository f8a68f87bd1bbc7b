"""Messages counted for each bot and month, places promised by invites, chats that take no letters for now."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "month", name=op.f("pk_usage")),
    )
    op.add_column("invites", sa.Column("bot", sa.String(), nullable=True))
    op.add_column("addresses", sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("addresses", "shut_at")
    op.drop_column("invites", "bot")
    op.drop_table("usage")
