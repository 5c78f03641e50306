"""The last event that changed a ticket's course, stored with the ticket; public numbers of units."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# As rules.latest has it, from the events of the tickets there are. Their feed need not hear of it: nothing has changed.
FILL = """
UPDATE ticket t SET latest = json_build_object(
    'seq', e.seq, 'at', e.at, 'type', e.type, 'part', e.part, 'role', p.role, 'unit', p.place_id,
    'organisation', e.organisation_id, 'data', e.data::jsonb - '{said,photos,internal}'::text[]),
    latest_text_seq = (SELECT r.seq FROM remark r WHERE r.ticket_id = e.ticket_id AND r.seq = e.seq)
FROM (
    SELECT DISTINCT ON (ticket_id) * FROM event
    WHERE type NOT IN ('ticket.submitted', 'ticket.edited', 'ticket.commented', 'ticket.urged',
                       'ticket.reminded', 'ticket.overdue')
    ORDER BY ticket_id, seq DESC
) e LEFT JOIN post p ON p.id = e.post_id
WHERE e.ticket_id = t.id
"""


def upgrade() -> None:
    op.add_column("ticket", sa.Column("latest", sa.JSON(), nullable=True))
    op.add_column("ticket", sa.Column("latest_text_seq", sa.Integer(), nullable=True))
    op.add_column("place", sa.Column("phone", sa.String(), nullable=True))
    op.execute(FILL)


def downgrade() -> None:
    op.drop_column("place", "phone")
    op.drop_column("ticket", "latest_text_seq")
    op.drop_column("ticket", "latest")
