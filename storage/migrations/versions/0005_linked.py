"""One person in several chats: in which of them letters are wanted; and when something was said that came late."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("addresses", sa.Column("is_preferred", sa.Boolean(), nullable=True))
    op.add_column("inbox", sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("inbox", "said_at")
    op.drop_column("addresses", "is_preferred")
