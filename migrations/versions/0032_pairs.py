"""Courses of several runs, and certificates of confirmed hours."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None

SUBJECT = "subject.id"


def upgrade() -> None:
    op.add_column("subject", sa.Column("series", sa.Uuid(), sa.ForeignKey(SUBJECT)))
    op.create_index("subject_series", "subject", ["series"], postgresql_where=sa.text("series IS NOT NULL"))
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    op.create_index("certificate_person", "certificate", ["person_id", "id"])


def downgrade() -> None:
    op.drop_table("certificate")
    op.drop_index("subject_series", "subject")
    op.drop_column("subject", "series")
