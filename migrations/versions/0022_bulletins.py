"""Quarterly bulletins: drafted, edited, and frozen when they are published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("place_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("words", postgresql.JSONB()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("as_of", MOMENT),
        sa.Column("query", postgresql.JSONB()),
        sa.Column("numbers", postgresql.JSONB()),
        sa.Column("digest", sa.String()),
    )
    op.create_index("bulletin_quarter", "bulletin", ["place_id", "quarter"], unique=True)


def downgrade() -> None:
    op.drop_table("bulletin")
