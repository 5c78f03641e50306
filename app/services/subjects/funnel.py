"""The funnel of a place: what happened there, what was said, what became of it, what of that is done; as numbers and lists."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from app import db, words
from app.models.figure import PeriodQuery
from app.models.subject import FunnelOut, FunnelRowOut, SubjectPlaceOut
from app.rules.access import Actor
from app.rules.opinions import LIFE as OPINION
from app.services import figures
from app.services.subjects.lists import MOMENT, SOLVED, midnight
from app.services.subjects.series import ONE_A_SERIES
from app.sql import Statement

Filters = Sequence[tuple[str, str]]
_TOOK_PLACE: Final = [("status", status) for status in ("published", "started", "closed")]
# Each stage: its Chinese, the list of what it counts, and that list's filters. Fates follow opinions, in their order.
STAGES: Final[Mapping[str, tuple[str, str, Filters]]] = {
    "activities": ("活动", "activities", _TOOK_PLACE),
    "courses": ("课程", "activities", [*_TOOK_PLACE, ("kind", "course"), ("one_a_series", "true")]),
    "households": ("走访户数", "activities", _TOOK_PLACE),
    "people": ("到场人次", "activities", _TOOK_PLACE),
    "opinions": ("意见", "opinions", ()),
    **{status: (label, "opinions", [("status", status)]) for status, label in OPINION.statuses.items()},
    "pending": ("正在办", "opinions", [("solved", "false")]),
    "solved": ("已解决", "opinions", [("solved", "true")]),
}


async def read_funnel(actor: Actor, query: PeriodQuery) -> FunnelOut:
    """Return the funnel of a place and period. Raises NotFound outside the caller's scope, Invalid for a bad period."""
    place = await figures.figure_place(actor, query.place_id)
    first, last, _ = figures.period(query)
    row = await db.execute_one(
        _COUNT,
        place_id=place.id,
        since=midnight(first),
        until=midnight(last, after=1),
        fates=list(OPINION.statuses),
    )
    assert row is not None
    counts = dict(row) | dict(zip(OPINION.statuses, row["by_fate"], strict=True))
    return FunnelOut(
        place=SubjectPlaceOut(id=place.id, label=place.label),
        since=first,
        until=last,
        rows=[_stage(key, counts, place, first, last) for key in STAGES],
    )


def _stage(
    key: str, counts: Mapping[str, Any], place: figures.FigurePlace, first: date, last: date
) -> FunnelRowOut:
    label, path, filters = STAGES[key]
    within = [("place_id", str(place.id)), ("created_from", str(first)), ("created_to", str(last))]
    return FunnelRowOut(
        key=key, label=words.say(label), n=counts[key], link=f"/{path}?{urlencode([*within, *filters])}"
    )


# Of the same place, by the same moment and the same word of what is done as the lists that the numbers open.
_COUNT: Final = Statement(f"""
WITH counted AS MATERIALIZED (
    SELECT s.kind, s.status, s.sort, s.headcount, s.visited, {SOLVED} AS solved, {ONE_A_SERIES} AS is_first
    FROM subject s LEFT JOIN ticket t ON t.id = s.ticket_id LEFT JOIN subject o ON o.id = s.outcome_id
    WHERE s.kind IN ('activity', 'opinion') AND :place_id::uuid IN (s.place_id, s.grid_id, s.community_id, s.street_id)
      AND {MOMENT} >= :since AND {MOMENT} < :until
), activity AS (
    SELECT * FROM counted WHERE kind = 'activity' AND status IN ('published', 'started', 'closed')
), opinion AS (
    SELECT * FROM counted WHERE kind = 'opinion'
)
SELECT (SELECT count(*) FROM activity)::int AS activities,
       (SELECT count(*) FROM activity WHERE sort = 'course' AND is_first)::int AS courses,
       (SELECT coalesce(sum(visited), 0) FROM activity)::int AS households,
       (SELECT coalesce(sum(headcount), 0) FROM activity)::int AS people,
       (SELECT count(*) FROM opinion)::int AS opinions,
       ARRAY(SELECT (SELECT count(*) FROM opinion p WHERE p.status = f.fate)::int
             FROM unnest(:fates::text[]) WITH ORDINALITY AS f(fate, n) ORDER BY n) AS by_fate,
       (SELECT count(*) FROM opinion WHERE status IN ('ticket', 'topic', 'project') AND NOT solved)::int AS pending,
       (SELECT count(*) FROM opinion WHERE solved)::int AS solved
""")
