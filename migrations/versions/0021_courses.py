"""Courses of tickets, folded from their events; the worker folds the tickets there are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IDS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("ticket_id", sa.Uuid(), primary_key=True),
        sa.Column("valid_from", MOMENT, primary_key=True),
        sa.Column("valid_until", MOMENT, primary_key=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("channel", sa.String()),
        *(
            sa.Column(f"{level}_id", sa.Uuid())
            for level in ("street", "community", "grid", "estate", "building", "place")
        ),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_hour", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("accept_due", MOMENT),
        sa.Column("contacted_at", MOMENT),
        sa.Column("contacted_in_time", sa.Boolean()),
        sa.Column("contact_minutes", sa.Integer()),
        sa.Column("resolve_due", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolved_in_time", sa.Boolean()),
        sa.Column("solve_minutes", sa.Integer()),
        sa.Column("outcome", sa.String()),
        sa.Column("verdict", sa.String()),
        sa.Column("answered_at", MOMENT),
        sa.Column("rating", sa.Integer()),
        sa.Column("reject_reason", sa.String()),
        sa.Column("ended_at", MOMENT),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("dispatched_at", MOMENT),
        sa.Column("dispatched_to", IDS, server_default="{}", nullable=False),
        sa.Column("handed_back_by", IDS, server_default="{}", nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        postgresql_partition_by="RANGE (valid_until)",
    )
    op.create_index("course_street", "course", ["street_id", "submitted_at"])
    op.create_index("course_community", "course", ["community_id", "submitted_at"])
    op.create_index("course_until", "course", ["valid_until"])
    op.execute("CREATE TABLE course_past PARTITION OF course FOR VALUES FROM (MINVALUE) TO ('infinity')")
    op.execute("CREATE TABLE course_now PARTITION OF course FOR VALUES FROM ('infinity') TO (MAXVALUE)")
    op.create_table(
        "course_fold",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("feed", sa.Integer(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("course_fold")
    op.drop_table("course")
