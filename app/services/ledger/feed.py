"""The order of the feed of changes: the number of the transaction that last changed a ticket."""

from typing import Final

from app import db
from app.sql import Statement


async def repair_feed() -> None:
    """Renumber tickets that were restored from another cluster and have transaction numbers this one has not reached.

    If there are any, the feed gets a new number, so that clients read it from the start.
    """
    await db.execute(_REPAIR)


_REPAIR: Final = Statement("""
WITH update_ticket AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint
    WHERE changed_tx >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint RETURNING 1
)
UPDATE setup SET feed = 1 + (random() * 2147483646)::int WHERE EXISTS (SELECT FROM update_ticket)
""")
