"""How much a resident may write in an hour."""

from datetime import datetime, timedelta
from typing import Final

from app import db, settings
from app.errors import TooMany
from app.rules.access import Actor
from app.rules.subjects import SubjectPart
from app.sql import Statement

_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 20
_LIMITED: Final = {SubjectPart.RESIDENT, SubjectPart.PARTY}


async def require_within_rate(actor: Actor, part: SubjectPart, now: datetime) -> None:
    """Raise TooMany for a resident who has written the most of an hour; staff write as much as they hear."""
    if part not in _LIMITED or settings.get().rate_limits == "off":
        return
    rows = await db.execute(_RECENT, person_id=actor.person_id, since=now - _AN_HOUR, limit=_MOST_AN_HOUR)
    if len(rows) >= _MOST_AN_HOUR:
        raise TooMany(
            f"一小时内最多提{_MOST_AN_HOUR}条，请稍后再提", retry_after=int(_AN_HOUR.total_seconds())
        )


_RECENT: Final = Statement("""
SELECT FROM subject WHERE author_id = :person_id AND created_at > :since ORDER BY id DESC LIMIT :limit
""")
