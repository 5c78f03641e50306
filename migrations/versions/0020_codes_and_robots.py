"""Stairwell codes: WeChat's images of them, and the ones that were replaced. Group robots and their queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wechat_code",
        sa.Column("appid", sa.String(), primary_key=True),
        sa.Column("scene", sa.String(), primary_key=True),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "former_scene",
        sa.Column("scene", sa.String(), primary_key=True),
        sa.Column("place_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
    )
    op.create_table(
        "robot",
        sa.Column("owner_id", sa.Uuid(), primary_key=True),
        sa.Column("place_id", sa.Uuid(), sa.ForeignKey("place.id")),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisation.id")),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("sent_at", postgresql.ARRAY(MOMENT), server_default="{}", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("busy_until", MOMENT),
    )
    op.create_table(
        "robot_message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey("robot.owner_id", ondelete="CASCADE"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("outcome", sa.String()),
    )
    op.create_index("robot_message_once", "robot_message", ["owner_id", "ticket_id", "seq"], unique=True)
    op.create_index(
        "robot_message_due",
        "robot_message",
        ["owner_id", "due_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("robot_message")
    op.drop_table("robot")
    op.drop_table("former_scene")
    op.drop_table("wechat_code")
