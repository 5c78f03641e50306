"""Erasures, files to remove, and the unsealing of anonymous reports; indexes that find what has been kept long enough."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CONTACT = (
    "(contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL) "
    "AND status IN ('closed', 'rejected', 'merged')"
)


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keeps", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("erasure_due", "erasure", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.create_table(
        "discard",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("photo_id"),
    )
    op.create_table(
        "unsealing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_post_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_post_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["requested_post_id"], ["post.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "unsealing_pending",
        "unsealing",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("unsealing_ticket", "unsealing", ["ticket_id", "id"])
    op.create_index("ticket_contact", "ticket", ["id"], postgresql_where=sa.text(CONTACT))
    op.create_index("photo_kept", "photo", ["created_at"], postgresql_where=sa.text("ticket_id IS NOT NULL"))
    op.create_index("event_follower", "event", ["person_id"], postgresql_where=sa.text("part = 'follower'"))


def downgrade() -> None:
    op.drop_index("event_follower", "event")
    op.drop_index("photo_kept", "photo")
    op.drop_index("ticket_contact", "ticket")
    op.drop_table("unsealing")
    op.drop_table("discard")
    op.drop_table("erasure")
