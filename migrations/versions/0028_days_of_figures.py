"""What happened to courses, added up day by day, so that a figure of a city does not read a row a ticket."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IDS = postgresql.ARRAY(sa.Uuid())
PROFILE = {
    "category": sa.String(),
    "origin": sa.String(),
    "part": sa.Uuid(),
    "estate_id": sa.Uuid(),
    "building_id": sa.Uuid(),
    "place_id": sa.Uuid(),
    "submitted_on": sa.Date(),
    "submitted_hour": sa.Integer(),
    "status": sa.String(),
    "turn": sa.String(),
    "contacted_in_time": sa.Boolean(),
    "contact_minutes": sa.Integer(),
    "resolved_in_time": sa.Boolean(),
    "solve_minutes": sa.Integer(),
    "outcome": sa.String(),
    "verdict": sa.String(),
    "rating": sa.Integer(),
    "reject_reason": sa.String(),
    "reopened": sa.Boolean(),
    "dispatched_to": IDS,
    "handed_back_by": IDS,
    "organisation_id": sa.Uuid(),
}
INDEXES = {
    "course_from": ["valid_from"],
    "course_accept_due": ["accept_due"],
    "course_resolve_due": ["resolve_due"],
}
# As rules.figures.minutes: times are kept in steps from now on.
ROUNDED = """CASE WHEN {0} <= 120 THEN {0} WHEN {0} <= 1440 THEN ({0} + 4) / 5 * 5
    WHEN {0} <= 10080 THEN ({0} + 29) / 30 * 30 ELSE ({0} + 119) / 120 * 120 END"""


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("of_id", sa.Uuid(), primary_key=True),
        sa.Column("tally", sa.BigInteger(), primary_key=True),
        sa.Column("counted_on", sa.Date(), primary_key=True),
        sa.Column("changed_on", sa.Date(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
        *(sa.Column(name, kind) for name, kind in PROFILE.items()),
    )
    op.create_table(
        "day_fold",
        sa.Column("tally", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("counted_until", sa.Date(), nullable=False),
    )
    both = {name: ROUNDED.format(name) for name in ("contact_minutes", "solve_minutes")}
    changes = ", ".join(f"{name} = {steps}" for name, steps in both.items())
    op.execute(f"UPDATE course SET {changes} WHERE greatest(contact_minutes, solve_minutes) > 120")
    for name, columns in INDEXES.items():
        op.create_index(name, "course", columns)
    closed = sa.text("status = 'closed'")
    op.create_index("course_closed", "course", ["place_id", "category", "ended_at"], postgresql_where=closed)


def downgrade() -> None:
    for name in (*INDEXES, "course_closed"):
        op.drop_index(name, "course")
    op.drop_table("day_fold")
    op.drop_table("day_count")
