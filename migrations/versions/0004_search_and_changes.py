"""Tickets are found by their words, and listed by their last change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.rules import search

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 2000
THIS_TRANSACTION = "pg_current_xact_id()::text::bigint"


def upgrade() -> None:
    op.add_column("setup", sa.Column("feed", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE setup SET feed = 1 + (random() * 2147483646)::int")
    op.add_column(
        "ticket",
        sa.Column("changed_tx", sa.BigInteger(), server_default=sa.text(THIS_TRANSACTION), nullable=False),
    )
    op.create_index("ticket_changed", "ticket", ["changed_tx", "id"], unique=False)
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    _fill()
    op.create_index("ticket_words_found", "ticket_words", ["words"], unique=False, postgresql_using="gin")


def _fill() -> None:
    """Write the words of the tickets there are."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT t.id, t.no, t.description, p.label, c.zh FROM ticket t "
            "JOIN category c ON c.code = t.category LEFT JOIN place p ON p.id = t.place_id"
        )
    )
    write = sa.text(
        "INSERT INTO ticket_words (ticket_id, words) VALUES (:id, CAST(CAST(:words AS text) AS tsvector))"
    )
    for rows in found.partitions(BATCH):
        connection.execute(write, [{"id": row.id, "words": _words(row)} for row in rows])


def _words(row: sa.Row[tuple[object, ...]]) -> str:
    said = {"description": row.description, "place_id": row.label, "category": row.zh}
    parts = [search.vector(said[part], weight) for part, weight in search.WEIGHTS.items()]
    return " ".join([*parts, f"'{row.no}':1D"])


def downgrade() -> None:
    op.drop_table("ticket_words")
    op.drop_index("ticket_changed", "ticket")
    op.drop_column("ticket", "changed_tx")
    op.drop_column("setup", "feed")
