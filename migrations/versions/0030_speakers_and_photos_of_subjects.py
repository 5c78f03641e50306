"""Who said an opinion, where they have no account; photos and group robots of subjects."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subject", sa.Column("contact_sealed", sa.LargeBinary()))
    op.add_column("subject", sa.Column("contact_masked", sa.String()))
    op.add_column("subject", sa.Column("on_behalf_name_sealed", sa.LargeBinary()))
    op.add_column("subject", sa.Column("told_at", UTCDateTime()))
    op.create_index(
        "subject_contact",
        "subject",
        ["ended_at"],
        postgresql_where=sa.text("contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL"),
    )
    op.add_column("photo", sa.Column("subject_id", sa.Uuid(), sa.ForeignKey("subject.id")))
    op.create_index(
        "photo_subject",
        "photo",
        ["subject_id", "seq"],
        postgresql_where=sa.text("subject_id IS NOT NULL"),
    )
    _index_photos("ticket_id IS NULL AND subject_id IS NULL")
    # What a message is of. A program of the release before writes those of tickets.
    op.add_column("robot_message", sa.Column("subject", sa.String(), server_default="ticket", nullable=False))


def _index_photos(loose: str) -> None:
    """Index anew the photos of nothing yet, and the others."""
    for name, condition in (("photo_loose", loose), ("photo_kept", f"NOT ({loose})")):
        op.drop_index(name, "photo")
        op.create_index(name, "photo", ["created_at"], postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.execute("DELETE FROM robot_message WHERE subject <> 'ticket'")
    op.drop_column("robot_message", "subject")
    _index_photos("ticket_id IS NULL")
    op.drop_index("photo_subject", "photo")
    op.drop_column("photo", "subject_id")
    op.drop_index("subject_contact", "subject")
    for column in ("told_at", "on_behalf_name_sealed", "contact_masked", "contact_sealed"):
        op.drop_column("subject", column)
