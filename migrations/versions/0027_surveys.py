"""Surveys and votes: rooms as households, who has answered, and what was answered, kept apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SUBJECT = "subject.id"


def upgrade() -> None:
    op.add_column("subject", sa.Column("visited", sa.Integer()))
    op.add_column("place", sa.Column("area", sa.Numeric(9, 2)))
    op.create_index(
        "place_room", "place", ["parent_id", "name"], unique=True, postgresql_where=sa.text("level = 'room'")
    )
    op.add_column("person", sa.Column("household_id", sa.Uuid(), sa.ForeignKey("place.id")))
    for column in ("home_id", "household_id"):
        op.create_index(f"ix_person_{column}", "person", [column])
    op.create_table(
        "survey",
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey(SUBJECT), primary_key=True),
        sa.Column("questions", postgresql.JSONB(), nullable=False),
        sa.Column("group_by", sa.Integer()),
        sa.Column("rule", postgresql.JSONB()),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisation.id")),
        sa.Column("households", sa.Integer()),
        sa.Column("area", sa.BigInteger()),
    )
    op.create_index(
        "survey_organisation",
        "survey",
        ["organisation_id"],
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_table(
        "turnout",
        sa.Column("survey_id", sa.Uuid(), sa.ForeignKey(SUBJECT), primary_key=True),
        sa.Column("household_id", sa.Uuid(), sa.ForeignKey("place.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("turnout_person", "turnout", ["person_id", "survey_id"], unique=True)
    op.create_table(
        "ballot_box",
        sa.Column("survey_id", sa.Uuid(), sa.ForeignKey(SUBJECT), primary_key=True),
        sa.Column("answered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paper", sa.Integer(), server_default="0", nullable=False),
        sa.Column("heads", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    # A program of the release before knows no such subjects, notices and rooms.
    op.execute("DELETE FROM notice WHERE type LIKE 'survey.%'")
    for name in ("ballot_box", "turnout", "survey"):
        op.drop_table(name)
    for column in ("home_id", "household_id"):
        op.drop_index(f"ix_person_{column}", "person")
    op.drop_column("person", "household_id")
    op.drop_index("place_room", "place")
    op.drop_column("place", "area")
    op.drop_column("subject", "visited")
