"""Serialize a ticket for one caller. Fields the caller may not see are left out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from app import clock, text, words
from app.enums import CheckKind
from app.labels import STATUS
from app.rules import lifecycle
from app.rules.access import HOLDING_PARTS, SEES_DEPARTMENTS, SEES_INTERNAL, Part
from app.rules.deadlines import is_overdue
from app.rules.facts import Facts
from app.services.setup import Catalogue
from app.services.tickets import actions, departments
from app.services.tickets.event_lines import serialize_latest
from app.services.tickets.view import TicketView
from app.services.tickets.visibility import sees_dissent, sees_photo, sees_reporter, sees_text, sees_unmasked

PHOTOS: Final = "/api/v1/photos"
_COPIED_FIELDS: Final = (
    *("no", "status", "origin", "anonymous", "level", "outcome", "verdict", "rating"),
    *("followers", "version", "created_at", "updated_at"),
)
_CLOCKS: Final = (
    *("accept_due", "acknowledge_due", "resolve_due"),
    *("accepted_at", "resolved_at", "paused_until", "urged"),
)


def serialize_ticket(view: TicketView) -> dict[str, Any]:
    """Return the fields of TicketOut that the caller may see. Ids are strings: the driver's UUIDs serialize slowly."""
    fields, allowed = serialize_facts(view), actions.allowed_actions(view)
    fields |= {
        "hotline": _hotline(view),
        "latest": serialize_latest(view),
        "actions": allowed,
        "next_action": actions.next_action(view, allowed),
    }
    if "undo" in allowed:
        fields["undo_until"] = lifecycle.undo_until(view.ticket)
    return fields


def serialize_facts(view: TicketView) -> dict[str, Any]:
    """Return the fields without what the caller may do now, and the last event: what an export tells of a ticket."""
    t = cast(dict[str, Any], view.ticket)
    now = clock.now()
    fields: dict[str, Any] = {"id": str(t["id"])}
    fields |= {name: t[name] for name in _COPIED_FIELDS}
    unmasked = sees_unmasked(view)
    fields |= {
        "status_name": words.say(STATUS[t["status"]]),
        "category": view.catalogue.category_ref(t["category"]),
        "place": _place(view),
        "place_note": _shown(view, CheckKind.NOTE, 1, t["place_note"], unmasked=unmasked),
        "description": _shown(
            view, CheckKind.TEXT, t.get("description_seq"), t["description"], unmasked=unmasked
        ),
        "photos": serialize_photos([photo for photo in t["photo_ids"] if sees_photo(view, photo)]),
        "holder": _holder(view),
        "held": view.ticket["holder_id"] is not None and not HOLDING_PARTS.isdisjoint(view.parts),
        "organisation": _organisation(view),
        "sla": _sla(t, now),
        "resolution": _resolution(t, unmasked=unmasked),
    }
    if unmasked:
        fields["position"] = None if t["lat"] is None else {"lat": t["lat"], "lng": t["lng"]}
    if t["called"]:
        full = not SEES_DEPARTMENTS.isdisjoint(view.parts)
        fields["called"] = departments.serialize_calls(view.ticket, view.catalogue, now, full=full)
    if unmasked:
        fields["claim"] = t["claim"]
    if t["holder_id"] is None and not SEES_INTERNAL.isdisjoint(view.parts):
        fields["sent_back"] = _sent_back(view, unmasked=unmasked)
    if Part.FOLLOWER in view.parts:
        fields["following"] = True
    fields |= _other_tickets(t)
    if sees_dissent(view):
        fields["dissent"] = t["dissent"]
    if sees_reporter(view):
        fields["reporter"] = _reporter(t)
    return fields


def serialize_photos(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return photos as PhotoRef: ids and URLs."""
    return [{"id": str(i), "url": f"{PHOTOS}/{i}", "thumb_url": f"{PHOTOS}/{i}?size=thumb"} for i in ids]


def _other_tickets(t: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"id": t[f"{name}_id"], "no": t[f"{name}_no"]}
        for name in ("merged_into", "split_from")
        if t[f"{name}_id"]
    }


def _reporter(t: dict[str, Any]) -> dict[str, Any] | None:
    if t["reporter_id"] is None:
        return None
    phone = t["contact_masked"] or t["reporter_phone"]
    return {"id": str(t["reporter_id"]), "name": t["reporter_name"], "phone_masked": phone}


def _shown(
    view: TicketView, kind: CheckKind, seq: int | None, value: str | None, *, unmasked: bool
) -> str | None:
    """Return what a resident wrote, as the caller may read it; None while it is kept from them."""
    if unmasked or not sees_text(view, kind, seq):
        return value if unmasked else None
    return _mask(value)


def _mask(value: str | None) -> str | None:
    return value and text.mask(value)


def _place(view: TicketView) -> dict[str, Any] | None:
    place = view.place
    return {"id": str(place.id), "path": place.names, "label": place.label} if place else None


def _holder(view: TicketView) -> dict[str, Any] | None:
    unit = view.catalogue.units.get(view.ticket["holder_id"]) if view.ticket["holder_id"] else None
    if unit is None:
        return None
    post = view.catalogue.responsible_post(unit.id)
    holder: dict[str, Any] = {
        "post": post and post.role,
        "role_name": post and words.say(view.catalogue.unit_role_name(post.role, unit.id, post.title)),
        "label": unit.label,
        "name": post and post.name,
    }
    if not SEES_INTERNAL.isdisjoint(view.parts):
        holder["acting_for"] = _acting_for(view.ticket, view.catalogue)
    return holder


def _acting_for(ticket: Facts, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return for whom the holder's responsible person acts: a head who is away, or a grid where nobody is available."""
    # A community that was the first to hold it got it because nobody in the grid was available.
    from_grid = ticket["level"] == 2 and ticket["first_unit_id"] == ticket["holder_id"]
    found = catalogue.stand_in(ticket["grid_id"] if from_grid else ticket["holder_id"])
    if found is None or (found.post is None) is not from_grid:
        return None
    return {
        "role": found.role,
        "role_name": catalogue.unit_role_name(
            found.role, found.unit.id, found.absent.title if found.absent else None
        ),
        "unit": found.unit.label,
        "away": found.absent is not None,
        "until": found.until,
    }


def _sent_back(view: TicketView, *, unmasked: bool) -> dict[str, Any] | None:
    sent_back = view.ticket.get("sent_back")
    if sent_back is None:
        return None
    unit = view.catalogue.units.get(UUID(sent_back["unit_id"])) if sent_back["unit_id"] else None
    reason = sent_back["reason"]
    return {"by": unit and unit.label, "reason": reason if unmasked else _mask(reason)}


def _hotline(view: TicketView) -> dict[str, Any] | None:
    """Return whom to call: the unit that holds the ticket or, if it has no public number, the nearest one above."""
    t, catalogue = view.ticket, view.catalogue
    holder = catalogue.units.get(t["holder_id"]) if t["holder_id"] else None
    unit = catalogue.reachable_unit(holder.path if holder else (t["street_id"], t["community_id"]))
    return {"label": unit.label, "phone": unit.phone} if unit else None


def _organisation(view: TicketView) -> dict[str, Any] | None:
    company = (
        view.catalogue.organisations.get(view.ticket["organisation_id"])
        if view.ticket["organisation_id"]
        else None
    )
    if company is None:
        return None
    return {"id": company.id, "name": company.name, "acknowledged_at": view.ticket["acknowledged_at"]}


def _sla(t: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: t[name] for name in _CLOCKS} | {"overdue": is_overdue(cast(Facts, t), now)}


def _resolution(t: dict[str, Any], *, unmasked: bool) -> dict[str, Any] | None:
    if t["resolved_at"] is None:
        return None
    return {
        "text": t["resolution_text"] if unmasked else _mask(t["resolution_text"]),
        "photos": serialize_photos(t["resolution_photo_ids"]),
        "by": t["resolved_by"] and words.translate(t["resolved_by"]),
        "at": t["resolved_at"],
    }
