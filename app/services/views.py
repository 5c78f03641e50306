"""A ticket as somebody may see it: fields they may not see are absent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from app import clock, text
from app.rules import retention
from app.rules.access import SEES_CALLED, SEES_DISSENT, SEES_REPORTER, SEES_UNMASKED, SITS, Part
from app.rules.lifecycle import UNDER_WAY
from app.services import calling, tickets
from app.services.tickets import Seen
from app.words import STATUS, Status

PHOTOS: Final = "/api/v1/photos"
_AS_IT_IS: Final = (
    *("no", "status", "origin", "anonymous", "level", "outcome", "verdict", "rating"),
    *("followers", "version", "created_at", "updated_at"),
)
_CLOCKS: Final = (
    *("accept_due", "acknowledge_due", "resolve_due"),
    *("accepted_at", "resolved_at", "paused_until", "urged"),
)


def ticket(seen: Seen) -> dict[str, Any]:
    """Return the fields of TicketOut this caller may see. Ids are text: the database's own UUIDs are slow to write."""
    t = cast(dict[str, Any], seen.ticket)
    now = clock.now()
    shown: dict[str, Any] = {"id": str(t["id"])}
    shown |= {name: t[name] for name in _AS_IT_IS}
    clear = sees_unmasked(seen)
    shown |= {
        "status_name": STATUS[t["status"]],
        "category": seen.catalogue.category_refs[t["category"]],
        "place": _place(seen),
        "place_note": t["place_note"] if clear else _masked(t["place_note"]),
        "description": t["description"] if clear else _masked(t["description"]),
        "photos": photos(t["photo_ids"]),
        "holder": _holder(seen),
        "held": seen.ticket["holder_id"] is not None and not SITS.isdisjoint(seen.parts),
        "organisation": _organisation(seen),
        "sla": _sla(t, now),
        "resolution": _resolution(t, clear=clear),
        "actions": tickets.allowed(seen),
    }
    if clear and t["lat"] is not None:
        shown["position"] = {"lat": t["lat"], "lng": t["lng"]}
    if t["called"]:
        wholly = not SEES_CALLED.isdisjoint(seen.parts)
        shown["called"] = calling.shown(seen.ticket, seen.catalogue, now, wholly=wholly)
    if clear and t["claim"] is not None:
        shown["claim"] = t["claim"]
    if Part.FOLLOWER in seen.parts:
        shown["following"] = True
    if t["merged_into_id"]:
        shown["merged_into"] = {"id": t["merged_into_id"], "no": t["merged_into_no"]}
    if sees_dissent(seen):
        shown["dissent"] = t["dissent"]
    if sees_reporter(seen):
        shown["reporter"] = {
            "id": str(t["reporter_id"]),
            "name": t["reporter_name"],
            "phone_masked": t["contact_masked"] or t["reporter_phone"],
        }
    return shown


def sees_reporter(seen: Seen) -> bool:
    """Tell whether the caller may know who reported: the reporter always, nobody else of an anonymous report."""
    if seen.ticket["reporter_id"] is None:
        return False
    if Part.REPORTER in seen.parts:
        return True
    if seen.ticket["anonymous"] or SEES_REPORTER.isdisjoint(seen.parts):
        return False
    return not _is_over(seen)


def sees_dissent(seen: Seen) -> bool:
    """Tell whether the caller may know how many followers say that it is still there."""
    return not SEES_DISSENT.isdisjoint(seen.parts)


def sees_unmasked(seen: Seen) -> bool:
    """Tell whether the caller reads numbers inside free text."""
    return not SEES_UNMASKED.isdisjoint(seen.parts) and not _is_over(seen)


def _is_over(seen: Seen) -> bool:
    """Tell whether the ticket ended so long ago that name and phone are the reporter's alone again."""
    ended = retention.ended(seen.ticket)
    if ended is None or Part.REPORTER in seen.parts:
        return False
    only_partner = set(seen.parts) & SEES_REPORTER == {Part.PARTNER}
    lasts = retention.PARTNER_CONTACT if only_partner else retention.CONTACT
    return clock.now() > ended + lasts


def photos(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return where to fetch photos."""
    return [{"id": str(i), "url": f"{PHOTOS}/{i}", "thumb_url": f"{PHOTOS}/{i}?size=thumb"} for i in ids]


def _masked(words: str | None) -> str | None:
    return words and text.mask(words)


def _place(seen: Seen) -> dict[str, Any] | None:
    spot = seen.catalogue.spot(seen.ticket)
    return {"id": str(spot.id), "path": spot.names, "label": spot.label} if spot else None


def _holder(seen: Seen) -> dict[str, Any] | None:
    unit = seen.catalogue.units.get(seen.ticket["holder_id"]) if seen.ticket["holder_id"] else None
    if unit is None:
        return None
    post = seen.catalogue.answering(unit.id)
    return {"post": post and post.role, "label": unit.label, "name": post and post.name}


def _organisation(seen: Seen) -> dict[str, Any] | None:
    company = (
        seen.catalogue.organisations.get(seen.ticket["organisation_id"])
        if seen.ticket["organisation_id"]
        else None
    )
    if company is None:
        return None
    return {"id": company.id, "name": company.name, "acknowledged_at": seen.ticket["acknowledged_at"]}


def _sla(t: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: t[name] for name in _CLOCKS} | {"overdue": is_overdue(t, now)}


def is_overdue(t: dict[str, Any], now: datetime) -> bool:
    """Tell whether a running limit has passed, or work ended after its limit."""
    if t["resolved_at"]:
        return bool(t["resolved_at"] > t["resolve_due"])
    if t["status"] not in UNDER_WAY:
        return False
    return bool(now > t["resolve_due"] or (t["status"] == Status.NEW and now > t["accept_due"]))


def _resolution(t: dict[str, Any], *, clear: bool) -> dict[str, Any] | None:
    if t["resolved_at"] is None:
        return None
    return {
        "text": t["resolution_text"] if clear else _masked(t["resolution_text"]),
        "photos": photos(t["resolution_photo_ids"]),
        "by": t["resolved_by"],
        "at": t["resolved_at"],
    }
