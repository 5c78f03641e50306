"""The oldest revision whose program may serve this schema, and which storage has the photos."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("setup", sa.Column("schema_floor", sa.String(), nullable=False, server_default="0033"))
    op.add_column("setup", sa.Column("storage", sa.String()))


def downgrade() -> None:
    op.drop_column("setup", "storage")
    op.drop_column("setup", "schema_floor")
