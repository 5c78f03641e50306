"""Which places an office imported: a room that somebody only named is not kept when nobody lives there."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE place SET imported = true WHERE level <> 'room' OR area IS NOT NULL")
    op.create_index(
        "place_named", "place", ["id"], postgresql_where=sa.text("level = 'room' AND NOT imported")
    )


def downgrade() -> None:
    op.drop_index("place_named", "place")
    op.drop_column("place", "imported")
