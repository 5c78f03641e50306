"""Subjects of the common life: opinions, topics, projects and activities, with events of their own in the one ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEWEST_FIRST = {
    "subject_community": ["kind", "community_id", "id"],
    "subject_grid": ["kind", "grid_id", "id"],
    "subject_street": ["kind", "street_id", "id"],
    "subject_author": ["author_id", "id"],
}
WHERE_SET = {
    "subject_person": ["person_id", "id"],
    "subject_source": ["source_id", "id"],
    "subject_outcome": ["outcome_id"],
    "subject_ticket": ["ticket_id"],
}


def upgrade() -> None:
    # What an event is of. Every event before is of a ticket, and so is one that a program of the release before writes.
    op.execute("ALTER TABLE event ADD COLUMN subject varchar NOT NULL DEFAULT 'ticket'")
    op.create_table(
        "subject",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("place_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("grid_id", sa.Uuid()),
        sa.Column("community_id", sa.Uuid()),
        sa.Column("street_id", sa.Uuid()),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id")),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("title", sa.String()),
        sa.Column("text", sa.String()),
        sa.Column("result", sa.String()),
        sa.Column("source_id", sa.Uuid(), sa.ForeignKey("subject.id")),
        sa.Column("outcome_id", sa.Uuid(), sa.ForeignKey("subject.id")),
        sa.Column("ticket_id", sa.Uuid(), sa.ForeignKey("ticket.id")),
        sa.Column("released", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("threshold", sa.Integer()),
        sa.Column("supporters", sa.Integer(), server_default="0", nullable=False),
        sa.Column("starts_at", MOMENT),
        sa.Column("ends_at", MOMENT),
        sa.Column("venue", sa.String()),
        sa.Column("capacity", sa.Integer()),
        sa.Column("signed_up", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("headcount", sa.Integer()),
        sa.Column("sort", sa.String()),
        sa.Column("due_at", MOMENT),
        sa.Column("reminded_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("seq", sa.Integer(), server_default="1", nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR signed_up <= capacity", name="subject_capacity"),
        sa.CheckConstraint("least(supporters, signed_up, waiting) >= 0", name="subject_counts"),
    )
    for name, columns in NEWEST_FIRST.items():
        op.create_index(name, "subject", columns)
    for name, columns in WHERE_SET.items():
        op.create_index(name, "subject", columns, postgresql_where=sa.text(f"{columns[0]} IS NOT NULL"))
    op.create_index(
        "subject_due",
        "subject",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_index(
        "subject_venue",
        "subject",
        ["community_id", "venue", "starts_at"],
        postgresql_where=sa.text("venue IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "supporter",
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey("subject.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("supporter_person", "supporter", ["person_id"])
    op.create_table(
        "attendance",
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey("subject.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("came_at", MOMENT),
        sa.Column("hours", sa.Numeric(4, 1)),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id")),
    )
    op.create_index("attendance_person", "attendance", ["person_id"])
    op.add_column("notice", sa.Column("subject_id", sa.Uuid(), sa.ForeignKey("subject.id")))
    op.create_index("notice_of_subject", "notice", ["person_id", "subject_id", "seq"], unique=True)


def downgrade() -> None:
    op.drop_index("notice_of_subject", "notice")
    op.drop_column("notice", "subject_id")
    op.drop_table("attendance")
    op.drop_table("supporter")
    op.drop_table("subject")
    op.execute("ALTER TABLE event DROP COLUMN subject")
