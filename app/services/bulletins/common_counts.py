"""What a quarter's common life comes to, as numbers: events of the ledger, so that a moment's numbers stay what they were."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import db
from app.enums import OfferSort
from app.models.bulletin import HeadlineOut
from app.rules.bulletins import quarter_before, quarter_days, tell
from app.sql import Statement

# What is counted: the event, and of which sorts; every sort, if none is named. What stands for one person each is folded if few.
_HELD: Final = "activity.closed"
_TAKEN: Final = "reservation.handed_out"
_COUNTED: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "办活动（场）": (_HELD, frozenset({"meeting", "event", "course", "service"})),
    "议定议题（项）": ("topic.decided", frozenset()),
    "办完项目（项）": ("project.finished", frozenset()),
    "借出（件）": (_TAKEN, frozenset({OfferSort.LOAN})),
    "领取物资（件）": (_TAKEN, frozenset({OfferSort.GOODS, OfferSort.CONSUMABLE})),
    "共建服务（次）": (_TAKEN, frozenset({OfferSort.SERVICE})),
}


async def common_counts(place_id: UUID, quarter: str, as_of: datetime) -> list[HeadlineOut]:
    """Return how often each took place at a community, in the quarter and in the one before, as known at a moment."""
    now, before = [await _counts(place_id, one, as_of) for one in (quarter, quarter_before(quarter))]
    return [
        HeadlineOut(label=label, count=_told(event, now[n]), before=_told(event, before[n]))
        for n, (label, (event, _)) in enumerate(_COUNTED.items())
    ]


def _told(event: str, count: int) -> int | None:
    return tell(count) if event == _TAKEN else count


async def _counts(place_id: UUID, quarter: str, as_of: datetime) -> list[int]:
    first, last = quarter_days(quarter)
    rows = await db.execute(
        _SELECT, place_id=place_id, first=first, after=last + timedelta(days=1), as_of=as_of
    )
    return [
        sum(row["n"] for row in rows if row["type"] == event and (not sorts or row["sort"] in sorts))
        for event, sorts in _COUNTED.values()
    ]


_SELECT: Final = Statement("""
SELECT regexp_replace(e.type, '_by_name$', '') AS type, s.sort, count(*)::int AS n FROM subject s JOIN event e ON e.ticket_id = s.id
    AND e.at >= :first::date::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND e.at < least(:after::date::timestamp AT TIME ZONE 'Asia/Shanghai', :as_of::timestamptz)
WHERE s.community_id = :place_id AND s.kind IN ('activity', 'topic', 'project', 'reservation')
  AND e.type IN ('activity.closed', 'topic.decided', 'project.finished', 'reservation.handed_out', 'reservation.handed_out_by_name')
GROUP BY 1, 2
""")
