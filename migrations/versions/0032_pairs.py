"""Courses of several runs, certificates of confirmed hours, sides of relationships, and words that are encrypted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SUBJECT = "subject.id"
SIDES = ("person", "post", "place", "organisation")


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
    op.add_column("subject", sa.Column("cadence_days", sa.Integer()))
    op.add_column("subject", sa.Column("visited_at", UTCDateTime()))
    op.add_column("subject", sa.Column("called_at", UTCDateTime()))
    op.add_column(
        "subject", sa.Column("acts", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.create_table(
        "side",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey(SUBJECT), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        *(sa.Column(f"{name}_id", sa.Uuid(), sa.ForeignKey(f"{name}.id")) for name in SIDES),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("agreed_at", UTCDateTime()),
        sa.Column("left_at", UTCDateTime()),
    )
    op.create_index("side_subject", "side", ["subject_id"])
    for name in SIDES:
        column = f"{name}_id"
        op.create_index(
            f"side_{name}", "side", [column, "subject_id"], postgresql_where=sa.text(f"{column} IS NOT NULL")
        )
    op.create_table(
        "encrypted_text",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey(SUBJECT), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("encrypted_text_event", "encrypted_text", ["subject_id", "seq"], unique=True)


def downgrade() -> None:
    # A program of the release before knows no such subjects and notices.
    op.execute("DELETE FROM notice WHERE type LIKE 'relationship.%' OR type LIKE 'dispute.%'")
    op.drop_table("encrypted_text")
    op.drop_table("side")
    for column in ("acts", "called_at", "visited_at", "cadence_days"):
        op.drop_column("subject", column)
    op.drop_table("certificate")
    op.drop_index("subject_series", "subject")
    op.drop_column("subject", "series")
