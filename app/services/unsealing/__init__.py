"""Unsealing an anonymous report: one person requests it, a second one consents."""

from app.services.unsealing.reading import (
    UnsealingRow,
    load_unsealing,
    read_unsealing,
    require_requester,
    unsealing_page,
)
from app.services.unsealing.requests import (
    consent_to_unsealing,
    decline_unsealing,
    request_unsealing,
    require_decider,
)

__all__ = [
    "UnsealingRow",
    "consent_to_unsealing",
    "decline_unsealing",
    "load_unsealing",
    "read_unsealing",
    "request_unsealing",
    "require_decider",
    "require_requester",
    "unsealing_page",
]
