"""Shifts of the roster; subscribe messages of subjects; and which places an office imported: a room that somebody only named is not kept when nobody lives there."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("skill", sa.String()),
        sa.Column("swap_post_id", sa.Uuid(), sa.ForeignKey("post.id")),
        sa.Column("swap_for_id", sa.Uuid()),
    )
    op.create_index("shift_unit", "shift", ["unit_id", "ends_at"])
    op.create_index("shift_post", "shift", ["post_id", "ends_at"])
    op.alter_column("wechat_message", "ticket_id", nullable=True)
    op.add_column("wechat_message", sa.Column("subject_id", sa.Uuid()))
    op.add_column("place", sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE place SET imported = true WHERE level <> 'room' OR area IS NOT NULL")
    op.create_index(
        "place_named", "place", ["id"], postgresql_where=sa.text("level = 'room' AND NOT imported")
    )


def downgrade() -> None:
    op.drop_index("place_named", "place")
    op.drop_column("place", "imported")
    op.drop_table("shift")
    op.execute("DELETE FROM wechat_message WHERE ticket_id IS NULL")
    op.drop_column("wechat_message", "subject_id")
    op.alter_column("wechat_message", "ticket_id", nullable=False)
