"""Property companies and departments, the places they serve, and their API keys."""

from app.services.organisations.api_keys import MAX_KEY_LIFETIME, add_key, issue_key, key_page, revoke_key
from app.services.organisations.organisations import (
    add_organisation,
    change_organisation,
    organisations_serving_ticket,
    places_served_below,
    read_organisation,
    require_may_change_organisation,
    require_visible_organisation,
    require_visible_place,
)

__all__ = [
    "MAX_KEY_LIFETIME",
    "add_key",
    "add_organisation",
    "change_organisation",
    "issue_key",
    "key_page",
    "organisations_serving_ticket",
    "places_served_below",
    "read_organisation",
    "require_may_change_organisation",
    "require_visible_organisation",
    "require_visible_place",
    "revoke_key",
]
