"""Subscribe messages: what persons allow, and what is to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("template_id", sa.String(), primary_key=True),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("refused_at", MOMENT),
    )
    op.create_table(
        "wechat_message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sending_since", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("outcome", sa.String()),
        sa.Column("answer", sa.String()),
    )
    op.create_index(
        "wechat_message_due", "wechat_message", ["due_at"], postgresql_where=sa.text("settled_at IS NULL")
    )
    op.create_index("wechat_message_person", "wechat_message", ["person_id"])


def downgrade() -> None:
    op.drop_table("wechat_message")
    op.drop_table("subscription")
