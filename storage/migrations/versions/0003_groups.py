"""Groups: to which unit one is bound."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# SQLite gives numbers by itself only to a column that is spelt INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("addresses", sa.Column("bound_to", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("addresses", "bound_to")
