"""Followers and their votes; tickets merged into others."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = "status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')"


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("merged_at", MOMENT, nullable=True),
        sa.Column("dissent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dissent_told", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("ticket", column)
    op.create_index(
        "ticket_similar",
        "ticket",
        ["place_id", "category", "id"],
        postgresql_where=sa.text(f"NOT anonymous AND {OPEN}"),
    )
    op.create_index(
        "ticket_merged", "ticket", ["merged_into_id"], postgresql_where=sa.text("merged_into_id IS NOT NULL")
    )
    op.create_table(
        "follower",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["origin_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", "origin_id"),
    )
    op.create_index("follower_person", "follower", ["person_id", "ticket_id"])
    op.create_table(
        "vote",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("still_there", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "person_id"),
    )
    op.create_index("vote_person", "vote", ["person_id"])


def downgrade() -> None:
    op.drop_table("vote")
    op.drop_table("follower")
    op.drop_index("ticket_merged", "ticket")
    op.drop_index("ticket_similar", "ticket")
    for column in _columns():
        op.drop_column("ticket", column.name)
