"""What Open311 shows to everybody: requests, without the words and the name of who reported them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, text
from app.errors import Invalid, NotFound
from app.models.open311 import WantedIn
from app.rules import gcj02
from app.rules.lifecycle import OPEN
from app.services import catalogue
from app.services.catalogue import Catalogue
from app.services.open311 import jurisdictions, offered
from app.words import OUTCOME, STATUS, Origin, Outcome, Status

SPAN: Final = timedelta(days=90)
STATES: Final = {
    "open": sorted(OPEN),
    "closed": sorted(status for status in Status if status not in OPEN),
}


async def requests(wanted: WantedIn) -> list[dict[str, Any]]:
    """Return requests, newest first: those named, or those of a span of time."""
    known, office = await catalogue.refresh(), await jurisdictions.find(wanted.jurisdiction_id)
    codes = [code for code, category in known.categories.items() if offered.is_public(category)]
    page = (wanted.page_size, (wanted.page - 1) * wanted.page_size)
    if wanted.service_request_id:
        asked = [one for one in map(_id, wanted.service_request_id) if one]
        return await _rows(known, _NAMED, codes, asked, office, *page)
    chosen = [offered.named(known, code).code for code in wanted.service_code] or codes
    states = [status for state in wanted.status or STATES for status in STATES[state]]
    return await _rows(known, _SPANNED, chosen, *_span(wanted), states, office, *page)


async def request(said: str) -> list[dict[str, Any]]:
    """Return one request, in a list as the standard has it; NotFound for one that is not public or not there."""
    asked, known = _id(said), await catalogue.refresh()
    codes = [code for code, category in known.categories.items() if offered.is_public(category)]
    found = await _rows(known, _NAMED, codes, [asked], None, 1, 0) if asked else []
    if not found:
        raise NotFound("service_request_id：没有这个编号，或它不公开")
    return found


async def token(said: str) -> list[dict[str, Any]]:
    """Return the request of a token: as every request has its id at once, its token is that id."""
    try:
        (found,) = await request(said)
    except NotFound:
        raise NotFound("token：没有这个编号，或它不公开") from None
    return [{"service_request_id": found["service_request_id"], "token": found["service_request_id"]}]


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _span(wanted: WantedIn) -> tuple[UUID, UUID, datetime, datetime]:
    """Return from when to when, as ids and as moments: 90 days at most, up to now unless said."""
    start, end, now = wanted.start_date, wanted.end_date, clock.now()
    try:
        start, end = start or (end or now) - SPAN, end or (start + SPAN if start else now)
    except OverflowError:
        raise Invalid.at("/start_date", "时间超出了范围") from None
    if end < start:
        raise Invalid.at("/end_date", "结束时间早于开始时间")
    if end - start > SPAN:
        raise Invalid.at("/end_date", "一次最多查90天，请缩短时间范围")
    start, end = (min(max(at, _EARLIEST), _LATEST) for at in (start, end))
    return ids.floor(start - _MINUTE), ids.floor(end + _MINUTE), start, end


_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)  # an id is made a moment beside the row's own time

# A place shows as its building: which unit it was may tell who. Where somebody stood is read only of requests from
# here, and where no building is near.
_SHOWN: Final = """
SELECT t.id, t.status, t.outcome, t.category, t.origin, t.description, t.created_at, t.updated_at, t.resolve_due,
       t.holder_id, t.organisation_id, b.id AS place_id, b.label,
       coalesce(CASE WHEN o.own THEN t.lat END, b.lat) AS lat, coalesce(CASE WHEN o.own THEN t.lng END, b.lng) AS lng
FROM ({found}) t
CROSS JOIN LATERAL (SELECT t.lat IS NOT NULL AND (t.place_id IS NULL OR t.origin = 'open311') AS own) o
LEFT JOIN place p ON p.id = t.place_id
LEFT JOIN LATERAL (SELECT id, label, lat, lng FROM place a WHERE a.id = ANY (p.path) AND a.level <> 'unit'
                   ORDER BY cardinality(a.path) DESC LIMIT 1) b ON true
ORDER BY t.id DESC
"""
_PUBLIC: Final = "SELECT * FROM ticket WHERE NOT anonymous AND category = ANY ($1::text[])"
_OFFICE: Final = "AND (${n}::uuid IS NULL OR community_id = ${n} OR street_id = ${n}) ORDER BY id DESC"
_NAMED: Final = _SHOWN.format(
    found=f"{_PUBLIC} AND id = ANY ($2::uuid[]) {_OFFICE.format(n=3)} LIMIT $4 OFFSET $5"
)
# Ids are made in the order of time: a span is a piece of their index.
_SPANNED: Final = _SHOWN.format(
    found=f"""{_PUBLIC} AND id >= $2 AND id < $3 AND created_at BETWEEN $4 AND $5 AND status = ANY ($6::text[])
    {_OFFICE.format(n=7)} LIMIT $8 OFFSET $9"""
)


_EXACT, _ROUGH = 6, 3  # decimals of a degree: a hand's breadth; a hundred metres, where a resident stood


async def _rows(known: Catalogue, sql: str, *args: Any) -> list[dict[str, Any]]:
    return [_shown(row, known) for row in await db.fetch(sql, *args)]


def _shown(row: Any, known: Catalogue) -> dict[str, Any]:
    point = gcj02.to_wgs84((row["lat"], row["lng"])) if row["lat"] is not None else None
    told = (
        row["origin"] == Origin.OPEN311
    )  # whose asker knows that it will be read; residents were promised otherwise
    digits = _EXACT if told or row["place_id"] else _ROUGH
    category = known.categories[row["category"]]
    return {
        "service_request_id": str(row["id"]),
        "status": "open" if row["status"] in OPEN else "closed",
        "status_notes": _notes(row),
        "service_name": category.zh,
        "service_code": category.code,
        "description": text.mask(row["description"]) if told and row["description"] else None,
        "agency_responsible": _agency(row, known),
        "service_notice": None,
        "requested_datetime": _w3(row["created_at"]),
        "updated_datetime": _w3(row["updated_at"]),
        "expected_datetime": _w3(row["resolve_due"]),
        "address": row["label"],
        "address_id": row["place_id"] and str(row["place_id"]),
        "zipcode": None,
        "lat": point and round(point[0], digits),
        "long": point and round(point[1], digits),
        "media_url": None,  # photos are for those who see the ticket
    }


def _notes(row: Mapping[str, Any]) -> str:
    """Say the state and the outcome in the office's words; what people wrote of it stays with them."""
    said = STATUS[Status(row["status"])]
    return f"{said}：{OUTCOME[Outcome(row['outcome'])]}" if row["outcome"] else said


def _agency(row: Mapping[str, Any], known: Catalogue) -> str | None:
    """Name the unit or organisation it is with, never a person."""
    company = known.organisations.get(row["organisation_id"])
    unit = known.units.get(row["holder_id"])
    return company.name if company else unit.label if unit else None


def _w3(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
