"""Grids that are no more, invitations meant for one phone, notices that wait for office hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("place", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("post", sa.Column("phone_index", sa.LargeBinary(), nullable=True))
    op.add_column(
        "person",
        sa.Column("muted", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column(
        "person", sa.Column("quiet_nights", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("notice", sa.Column("visible_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notice SET visible_at = created_at")
    op.alter_column("notice", "visible_at", server_default=sa.func.now(), nullable=False)
    op.drop_index("notice_unread", "notice", postgresql_where=sa.text("read_at IS NULL"))
    _unread("person_id", "visible_at")


def _unread(*columns: str) -> None:
    op.create_index(
        "notice_unread", "notice", columns, unique=False, postgresql_where=sa.text("read_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("notice_unread", "notice", postgresql_where=sa.text("read_at IS NULL"))
    _unread("person_id")
    op.drop_column("notice", "visible_at")
    op.drop_column("person", "quiet_nights")
    op.drop_column("person", "muted")
    op.drop_column("post", "phone_index")
    op.drop_column("place", "ended_at")
    op.drop_column("place", "version")
