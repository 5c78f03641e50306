"""One small index of the codes that lists are filtered by, instead of one for each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REPLACED = {
    "category": None,
    "origin": "origin IN ('partner', 'open311')",
    "outcome": "outcome IN ('referred', 'listed', 'no_fault')",
}


def upgrade() -> None:
    op.create_index("ticket_facets", "ticket", ["status", "outcome", "verdict", "origin", "category"])
    for column, rare in REPLACED.items():
        op.drop_index(_name(column, rare), "ticket")


def downgrade() -> None:
    for column, rare in REPLACED.items():
        where = sa.text(rare) if rare else None
        op.create_index(_name(column, rare), "ticket", [column, "id"], postgresql_where=where)
    op.drop_index("ticket_facets", "ticket")


def _name(column: str, rare: str | None) -> str:
    return f"ticket_rare_{column}" if rare else f"ticket_{column}"
