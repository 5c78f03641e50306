"""Pauses as intervals, appeals, and how often a ticket waited or was returned."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("rejected_at", MOMENT, nullable=True),
        sa.Column("appeal_until", MOMENT, nullable=True),
        sa.Column("pauses", postgresql.ARRAY(MOMENT), server_default="{}", nullable=False),
        sa.Column("paused_for", sa.String(), nullable=True),
        sa.Column("waits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("appeals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("returns", sa.Integer(), server_default="0", nullable=False),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("ticket", column)
    op.create_table(
        "pause",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "seq"),
    )
    op.create_index(
        "pause_open", "pause", ["ticket_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("pause")
    for column in _columns():
        op.drop_column("ticket", column.name)
