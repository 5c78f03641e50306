"""Looks at a reporter's data are found by their ticket; with which key the blind index of a post was made."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "audit_look",
        "audit",
        ["subject_id", "id"],
        postgresql_where=sa.text("type IN ('phone_seen', 'unsealed_seen')"),
    )
    op.add_column("post", sa.Column("phone_key", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("post", "phone_key")
    op.drop_index("audit_look", "audit")
