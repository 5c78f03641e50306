"""What has been kept long enough goes: contact data, photos, months of the audit trail. See rules.retention."""

from datetime import datetime
from typing import Final

from app import clock, db, log
from app.rules import retention
from app.services import ledger, photos, schema

logger = log.get("retention")
BATCH: Final = 500


async def sweep() -> int:
    """Let go of a batch of what is due; return how many tickets and photos that were. May be repeated."""
    now = clock.now()
    contacts = await db.fetch(ledger.ANONYMISE, now - retention.CONTACT, BATCH)
    shown = await db.fetch(ledger.UNSHOW, now - retention.PHOTOS, BATCH, now)
    await photos.clear()
    months = await schema.drop_months("audit", _month_before(now, retention.AUDIT_MONTHS))
    if contacts or shown or months:
        logger.info("kept_long_enough", contacts=len(contacts), photos=len(shown), audit_months=months)
    return len(contacts) + len(shown)


def _month_before(now: datetime, months: int) -> tuple[int, int]:
    """Return the month so many months ago; what lies before it is old enough whatever its day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return year, month + 1
