"""What a ticket remembers of an act that may be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("undo", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("ticket", "undo")
