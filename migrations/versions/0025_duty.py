"""What a post is called, what it can be asked about, and what residents may see of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("title", sa.String(), nullable=True))
    op.add_column(
        "post", sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    op.add_column("post", sa.Column("phone", sa.String(), nullable=True))
    op.add_column("post", sa.Column("hours", sa.String(), nullable=True))
    for name in ("shows_name", "shows_own_phone"):
        op.add_column("post", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.execute("DELETE FROM setting WHERE noun = 'titles'")
    op.execute(
        "DELETE FROM post WHERE role = 'steward'"
    )  # an older program has no name for it; they never act
    for name in ("shows_own_phone", "shows_name", "hours", "phone", "skills", "title"):
        op.drop_column("post", name)
