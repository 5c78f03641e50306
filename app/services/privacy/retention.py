"""Delete what is older than `rules.retention` allows: contact data, photos, months of the audit trail."""

from datetime import datetime
from typing import Final

from app import clock, db, log
from app.rules import retention
from app.services import ledger, photos, schema

logger = log.get("retention")
BATCH: Final = 500


async def sweep_retention() -> int:
    """Delete a batch of what is due; return the number of tickets and photos. Call again until it returns 0."""
    now = clock.now()
    tickets = await db.execute(ledger.ANONYMISE, ended_before=now - retention.CONTACT, limit=BATCH)
    removed = await db.execute(
        ledger.DETACH_PHOTOS, ended_before=now - retention.PHOTOS, limit=BATCH, now=now
    )
    await photos.clear_discarded()
    months = await schema.drop_months("audit", _month_before(now, retention.AUDIT_MONTHS))
    if tickets or removed or months:
        logger.info("kept_long_enough", contacts=len(tickets), photos=len(removed), audit_months=months)
    return len(tickets) + len(removed)


def _month_before(now: datetime, months: int) -> tuple[int, int]:
    """Return year and month, `months` months before `now`. Everything before that month is old enough."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return year, month + 1
