"""Departments called to a ticket."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = "status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("called", postgresql.JSONB(), server_default="[]", nullable=False))
    for name in ("called_ids", "awaited_ids"):
        op.add_column(
            "ticket", sa.Column(name, postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
        )
    op.create_index(
        "ticket_called",
        "ticket",
        ["called_ids"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},  # an inbox never reads a list of what is not sorted in yet
        postgresql_where=sa.text(f"called_ids <> '{{}}' AND {OPEN}"),
    )


def downgrade() -> None:
    op.drop_index("ticket_called", "ticket")
    for name in ("awaited_ids", "called_ids", "called"):
        op.drop_column("ticket", name)
