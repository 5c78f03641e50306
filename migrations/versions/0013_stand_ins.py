"""Who stands in for the head of a unit, and the notices that say so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stand_in",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["place.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("unit_id"),
    )
    op.add_column("notice", sa.Column("unit_id", sa.Uuid(), nullable=True))
    op.add_column("notice", sa.Column("data", postgresql.JSONB(), nullable=True))
    op.create_foreign_key("notice_unit_id_fkey", "notice", "place", ["unit_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE unit_id IS NOT NULL")
    op.drop_constraint("notice_unit_id_fkey", "notice", type_="foreignkey")
    op.drop_column("notice", "data")
    op.drop_column("notice", "unit_id")
    op.drop_table("stand_in")
