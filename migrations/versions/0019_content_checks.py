"""Content checks, their verdicts, and the deliveries of WeChat's message push."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "content_check",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("photo_id", sa.Uuid()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trace_id", sa.String()),
        sa.Column("suggest", sa.String()),
        sa.Column("label", sa.Integer()),
        sa.Column("checked_at", MOMENT),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("decided_at", MOMENT),
    )
    op.create_index("content_check_ticket", "content_check", ["ticket_id"])
    for name, column, where in (
        ("pending", "created_at", "state = 'pending'"),
        ("held", "id", "state IN ('review', 'risky')"),
        ("trace", "trace_id", "trace_id IS NOT NULL"),
    ):
        op.create_index(f"content_check_{name}", "content_check", [column], postgresql_where=sa.text(where))
    op.create_table(
        "content_verdict",
        sa.Column("trace_id", sa.String(), primary_key=True),
        sa.Column("suggest", sa.String(), primary_key=True),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    op.create_table(
        "wechat_push",
        sa.Column("nonce", sa.String(), primary_key=True),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    _pass_what_neighbours_could_see()


def _pass_what_neighbours_could_see() -> None:
    """Let what neighbours could read before there were checks stay readable: nobody could be asked about it now."""
    for source in (
        "SELECT e.ticket_id, e.seq, e.at, 'text', NULL::uuid FROM event e JOIN remark r USING (ticket_id, seq)",
        "SELECT id, 1, created_at, 'note', NULL::uuid FROM ticket WHERE place_note IS NOT NULL",
        "SELECT e.ticket_id, e.seq, e.at, 'photo', p.id FROM event e JOIN photo p USING (ticket_id, seq)",
    ):
        op.execute(
            "INSERT INTO content_check (id, ticket_id, seq, kind, photo_id, state, created_at) "
            "SELECT gen_random_uuid(), s.ticket_id, s.seq, s.kind, s.photo_id, 'pass', s.at "
            f"FROM ({source}) s(ticket_id, seq, at, kind, photo_id) JOIN ticket t ON t.id = s.ticket_id "
            "WHERE t.followers > 0 OR t.origin = 'open311'"
        )


def downgrade() -> None:
    op.drop_table("wechat_push")
    op.drop_table("content_verdict")
    op.drop_table("content_check")
