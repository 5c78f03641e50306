"""A ticket as an Open311 request: without what residents wrote and who they are."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import text
from app.enums import Origin, Outcome, Status
from app.labels import OUTCOME, STATUS
from app.rules import gcj02
from app.rules.statuses import OPEN
from app.services.setup import Catalogue

# Decimals of a degree: about 10 cm; about 100 m, for a resident's position.
_EXACT_DECIMALS: Final = 6
_ROUGH_DECIMALS: Final = 3


class RequestRow(NamedTuple):
    """A ticket as Open311 reads it. `place_id`, `label`, `lat` and `lng` are its building's, see requests._SELECT."""

    id: UUID
    status: str
    outcome: str | None
    category: str
    origin: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    resolve_due: datetime
    holder_id: UUID | None
    organisation_id: UUID | None
    place_id: UUID | None
    label: str | None
    lat: float | None
    lng: float | None


def serialize_request(row: RequestRow, catalogue: Catalogue) -> dict[str, Any]:
    """Return a request as everybody may see it."""
    # A sender over Open311 knows that the text is published; residents were promised that theirs is not.
    published = row.origin == Origin.OPEN311
    point = gcj02.to_wgs84((row.lat, row.lng)) if row.lat is not None and row.lng is not None else None
    decimals = _EXACT_DECIMALS if published or row.place_id else _ROUGH_DECIMALS
    category = catalogue.categories[row.category]
    return {
        "service_request_id": str(row.id),
        "status": "open" if row.status in OPEN else "closed",
        "status_notes": _status_notes(row),
        "service_name": category.zh,
        "service_code": category.code,
        "description": text.mask(row.description) if published and row.description else None,
        "agency_responsible": _agency(row, catalogue),
        "service_notice": None,
        "requested_datetime": _w3c_datetime(row.created_at),
        "updated_datetime": _w3c_datetime(row.updated_at),
        "expected_datetime": _w3c_datetime(row.resolve_due),
        "address": row.label,
        "address_id": row.place_id and str(row.place_id),
        "zipcode": None,
        "lat": point and round(point[0], decimals),
        "long": point and round(point[1], decimals),
        "media_url": None,  # only people who may see the ticket see its photos
    }


def _status_notes(row: RequestRow) -> str:
    """Return the status and the outcome by their labels, never what people wrote about them."""
    status = STATUS[Status(row.status)]
    return f"{status}：{OUTCOME[Outcome(row.outcome)]}" if row.outcome else status


def _agency(row: RequestRow, catalogue: Catalogue) -> str | None:
    """Return the name of the organisation or unit that has the ticket, never a person's."""
    company = catalogue.organisations.get(row.organisation_id) if row.organisation_id else None
    unit = catalogue.units.get(row.holder_id) if row.holder_id else None
    return company.name if company else unit.label if unit else None


def _w3c_datetime(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
