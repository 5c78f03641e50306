"""Reading requests over Open311, which everybody may do."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import Status
from app.errors import Invalid, NotFound
from app.models.open311 import RequestFilter
from app.rules.statuses import OPEN
from app.services import content_checks, setup
from app.services.open311 import services
from app.services.open311.jurisdictions import find_jurisdiction
from app.services.open311.serializers import RequestRow, serialize_request
from app.services.setup import Catalogue
from app.sql import Statement

MAX_SPAN: Final = timedelta(days=90)
STATUSES: Final = {  # the program's statuses by Open311's
    "open": sorted(OPEN),
    "closed": sorted(status for status in Status if status not in OPEN),
}


async def public_requests(query: RequestFilter) -> list[dict[str, Any]]:
    """Return a page of requests, newest first: those with the given ids, or those of a span of time."""
    catalogue, place_id = await setup.current_catalogue(), await find_jurisdiction(query.jurisdiction_id)
    common: dict[str, Any] = {
        **_made_private(catalogue),
        "jurisdiction": place_id,
        "limit": query.page_size,
        "offset": (query.page - 1) * query.page_size,
    }
    public = services.public_categories(catalogue)
    if query.service_request_id:
        request_ids = [request_id for request_id in map(_parse_id, query.service_request_id) if request_id]
        rows = await db.execute(_SELECT_BY_ID, categories=public, ids=request_ids, **common)
    else:
        chosen = [services.public_category(catalogue, code).code for code in query.service_code]
        statuses = [status for state in query.status or STATUSES for status in STATUSES[state]]
        rows = await db.execute(
            _SELECT_BY_TIME, categories=chosen or public, statuses=statuses, **_span(query), **common
        )
    return [serialize_request(RequestRow(**row), catalogue) for row in rows]


async def public_request(service_request_id: str) -> list[dict[str, Any]]:
    """Return one request, in a list as the standard asks. Raises NotFound if it does not exist or is not public."""
    request_id, catalogue = _parse_id(service_request_id), await setup.current_catalogue()
    row = request_id and await db.execute_one(
        _SELECT_BY_ID,
        categories=services.public_categories(catalogue),
        ids=[request_id],
        **_made_private(catalogue),
        jurisdiction=None,
        limit=1,
        offset=0,
    )
    if not row:
        raise NotFound("service_request_id：没有这个编号，或它不公开")
    return [serialize_request(RequestRow(**row), catalogue)]


async def request_token(token: str) -> list[dict[str, Any]]:
    """Return the request of a token. Every request has its id at once, so its token is that id."""
    try:
        (request,) = await public_request(token)
    except NotFound:
        raise NotFound("token：没有这个编号，或它不公开") from None
    return [{"service_request_id": request["service_request_id"], "token": request["service_request_id"]}]


def _made_private(catalogue: Catalogue) -> dict[str, Any]:
    """Return, as pairs, the offices and the categories they made private."""
    pairs = [
        (place, code) for place, codes in catalogue.private_categories().items() if place for code in codes
    ]
    return {"private_places": [place for place, _ in pairs], "private_codes": [code for _, code in pairs]}


def _parse_id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _span(query: RequestFilter) -> dict[str, Any]:
    """Return the span of time as ids and as datetimes: 90 days at most, up to now by default. Raises Invalid."""
    start, end, now = query.start_date, query.end_date, clock.now()
    try:
        start, end = start or (end or now) - MAX_SPAN, end or (start + MAX_SPAN if start else now)
    except OverflowError:
        raise Invalid.at("/start_date", "时间超出了范围") from None
    if end < start:
        raise Invalid.at("/end_date", "结束时间早于开始时间")
    if end - start > MAX_SPAN:
        raise Invalid.at("/end_date", "一次最多查90天，请缩短时间范围")
    start, end = (min(max(at, _EARLIEST), _LATEST) for at in (start, end))
    first_id, last_id = ids.floor(start - _CLOCK_SKEW), ids.floor(end + _CLOCK_SKEW)
    return {"first_id": first_id, "last_id": last_id, "start": start, "end": end}


_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_CLOCK_SKEW: Final = timedelta(minutes=1)  # an id is created a moment before or after its row's created_at

# A place is shown as its building: the unit could tell who reported. The reporter's own position is shown only for
# requests that came over Open311, and where no building is near.
_SELECT: Final = (
    """
SELECT t.id, t.status, t.outcome, t.category, t.origin, t.created_at, t.updated_at, t.resolve_due,
       t.holder_id, t.organisation_id, b.id AS place_id, b.label,
       coalesce(CASE WHEN o.own THEN t.lat END, b.lat) AS lat, coalesce(CASE WHEN o.own THEN t.lng END, b.lng) AS lng,
       CASE WHEN t.origin = 'open311' AND """
    + content_checks.description_passed("t")
    + """ THEN t.description END AS description
FROM (
    SELECT * FROM ticket WHERE NOT anonymous AND category = ANY (:categories::text[]) AND {condition}
      AND NOT EXISTS (SELECT FROM unnest(:private_places::uuid[], :private_codes::text[]) private(place_id, code)
                      WHERE code = category AND private.place_id IN (community_id, street_id))
      AND (:jurisdiction::uuid IS NULL OR community_id = :jurisdiction OR street_id = :jurisdiction)
    ORDER BY id DESC LIMIT :limit OFFSET :offset
) t
CROSS JOIN LATERAL (SELECT t.lat IS NOT NULL AND (t.place_id IS NULL OR t.origin = 'open311') AS own) o
LEFT JOIN place p ON p.id = t.place_id
LEFT JOIN LATERAL (SELECT id, label, lat, lng FROM place a WHERE a.id = ANY (p.path) AND a.level <> 'unit'
                   ORDER BY cardinality(a.path) DESC LIMIT 1) b ON true
ORDER BY t.id DESC
"""
)
_SELECT_BY_ID: Final = Statement(_SELECT.format(condition="id = ANY (:ids::uuid[])"))
# Ids are created in the order of time, so a span of time is a range of the primary key.
_SELECT_BY_TIME: Final = Statement(
    _SELECT.format(
        condition="id >= :first_id AND id < :last_id AND created_at BETWEEN :start AND :end "
        "AND status = ANY (:statuses::text[])"
    )
)
