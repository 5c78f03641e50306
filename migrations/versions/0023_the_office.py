"""What an office's desk needs: indexes of the list's filters, a ticket split from another, saved views, canned replies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')")
ENDED = sa.text("status IN ('closed', 'rejected', 'merged')")
RARE_ORIGIN = sa.text("origin IN ('partner', 'open311')")
RARE_OUTCOME = sa.text("outcome IN ('referred', 'listed', 'no_fault')")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("split_from_id", sa.Uuid(), nullable=True))
    op.create_index("ticket_community_open", "ticket", ["community_id", "id"], postgresql_where=OPEN)
    op.create_index("ticket_street_open", "ticket", ["street_id", "id"], postgresql_where=OPEN)
    op.create_index("ticket_place", "ticket", ["place_id", "id"])
    op.create_index("ticket_category", "ticket", ["category", "id"])
    op.create_index("ticket_rare_origin", "ticket", ["origin", "id"], postgresql_where=RARE_ORIGIN)
    op.create_index("ticket_rare_outcome", "ticket", ["outcome", "id"], postgresql_where=RARE_OUTCOME)
    op.create_index(
        "ticket_ended",
        "ticket",
        [sa.text("coalesce(closed_at, rejected_at, merged_at)")],
        postgresql_where=ENDED,
    )
    op.create_index(
        "ticket_split", "ticket", ["split_from_id"], postgresql_where=sa.text("split_from_id IS NOT NULL")
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("columns", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("changed_at", TIME, nullable=False),
    )
    op.create_index("saved_view_person", "saved_view", ["person_id", "id"])
    op.create_index(
        "saved_view_unit", "saved_view", ["unit_id", "id"], postgresql_where=sa.text("unit_id IS NOT NULL")
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("category", sa.String(), sa.ForeignKey("category.code"), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("changed_at", TIME, nullable=False),
    )
    op.create_index("reply_unit", "reply", ["unit_id", "id"])


def downgrade() -> None:
    op.drop_table("reply")
    op.drop_table("saved_view")
    for index in (
        *(
            "split",
            "ended",
            "rare_outcome",
            "rare_origin",
            "category",
            "place",
            "street_open",
            "community_open",
        ),
    ):
        op.drop_index(f"ticket_{index}", "ticket")
    op.drop_column("ticket", "split_from_id")
