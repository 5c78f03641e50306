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


def downgrade() -> None:
    op.drop_index("subject_contact", "subject")
    for column in ("told_at", "on_behalf_name_sealed", "contact_masked", "contact_sealed"):
        op.drop_column("subject", column)
