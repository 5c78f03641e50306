"""The Open311 GeoReport v2 interface to the same tickets."""

from app.services.open311.formats import (
    MEDIA_TYPES,
    write_definition,
    write_errors,
    write_list,
)
from app.services.open311.requests import public_request, public_requests, request_token
from app.services.open311.services import list_services, receipt, service_definition
from app.services.open311.submission import submit_request

__all__ = [
    "MEDIA_TYPES",
    "list_services",
    "public_request",
    "public_requests",
    "receipt",
    "request_token",
    "service_definition",
    "submit_request",
    "write_definition",
    "write_errors",
    "write_list",
]
