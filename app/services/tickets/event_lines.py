"""Serialize one event of a ticket for one caller: a line of its timeline, or the latest one that the ticket carries."""

from typing import Any, Final
from uuid import UUID

from app import text, words
from app.enums import CheckKind, Role
from app.labels import (
    ANONYMOUS,
    CALL_NOT_ACKNOWLEDGED,
    ERASED,
    EVENT,
    FOLLOWER,
    REPORTER,
    SPLIT_OFF,
    UNASSIGNED,
)
from app.rules.access import Part
from app.rules.latest import happened_at
from app.services.content_checks import RESIDENT_PARTS
from app.services.tickets.view import TicketView, sees_internal
from app.services.tickets.visibility import sees_text, sees_unmasked, shows_text

_DEPARTMENT_EVENTS: Final = {"called_up", "released"}  # their data name departments
_HIDDEN_FIELDS: Final = {
    "said",
    "photos",
    "internal",
    "due",
}  # hashed with the event, serialized as other fields


def serialize_event(row: Any, view: TicketView) -> dict[str, Any]:
    """Return an event as EventOut, without photos. `row` has its columns, its text, and who acted: role, title, unit and its id, organisation."""
    event = {
        "seq": row["seq"],
        "type": row["type"],
        "label": _label(row, view),
        "at": row["at"],
        "actor": _actor(row, view),
        "data": {name: value for name, value in row["data"].items() if name not in _HIDDEN_FIELDS},
    }
    if row["has_text"] and shows_text(view, row) and is_shown(row, view):
        event["text"] = _text(row["text"], view)
    if row["internal"]:
        event["internal"] = True
    return event


def is_shown(row: Any, view: TicketView) -> bool:
    """Tell whether the caller may read an event's text: not a neighbour what another resident wrote, unless it passed."""
    return (
        row["part"] not in RESIDENT_PARTS
        or row.get("person_id") == view.actor.person_id
        or sees_text(view, CheckKind.TEXT, row["seq"])
    )


def serialize_latest(view: TicketView) -> dict[str, Any] | None:
    """Return the last event that changed the ticket's course, as EventOut; None since its submission."""
    latest = view.ticket["latest"]
    if latest is None:
        return None
    unit = view.catalogue.units.get(UUID(latest["unit"])) if latest["unit"] else None
    company = (
        view.catalogue.organisations.get(UUID(latest["organisation"])) if latest["organisation"] else None
    )
    row = {
        **latest,
        "at": happened_at(latest),
        "unit": unit and unit.label,
        "unit_id": unit and unit.id,
        "title": latest.get("title"),
        "organisation": company and company.name,
        "has_text": view.ticket["latest_text_seq"] is not None,
        "text": view.ticket.get("latest_text"),
        "internal": False,  # only comments are, and a comment changes no course
    }
    return serialize_event(row, view)


def _label(row: Any, view: TicketView) -> str:
    """Return an event's label, with the departments or the act it is about: 已吹哨：城管、消防."""
    event, organisations = row["type"].removeprefix("ticket."), view.catalogue.organisations
    if undone := row["data"].get("undoes"):
        return f"{words.say(EVENT[event])}：{words.say(EVENT[undone])}"
    if row["data"].get("split_from"):
        return words.say(SPLIT_OFF)
    of_call_clock = row["data"].get("clock") == "called"
    if event == "reassigned" and not row["data"].get("unit"):
        return words.say(UNASSIGNED)
    if event not in _DEPARTMENT_EVENTS and not of_call_clock:
        return words.say(EVENT[event]) + _proposal(row, view)
    department_ids = row["data"].get("organisations") or [row["data"]["organisation"]]
    names = words.join((organisations[UUID(one)].name for one in department_ids), "、")
    return f"{words.say(CALL_NOT_ACKNOWLEDGED if of_call_clock else EVENT[event])}：{names}"


def _proposal(row: Any, view: TicketView) -> str:
    """Return the organisation proposed when the ticket was handed back, for those who see internal comments."""
    proposed = row["data"].get("proposed")
    if proposed is None or not sees_internal(view):
        return ""
    return f"，建议派给{view.catalogue.organisations[UUID(proposed)].name}"


def _text(value: str | None, view: TicketView) -> str:
    if value is None:
        return words.say(ERASED)
    return value if sees_unmasked(view) else text.mask(value)


def _actor(row: Any, view: TicketView) -> dict[str, Any] | None:
    if row["part"] == Part.TIMER:
        return None
    if (
        row["part"] == Part.REPORTER and view.ticket["anonymous"]
    ):  # also if the reporter is staff or a company
        return {"post": Part.REPORTER, "label": words.say(ANONYMOUS)}
    if row["organisation"]:
        return {"post": Role.AGENT, "label": row["organisation"]}
    if row["role"]:
        name = view.catalogue.unit_role_name(Role(row["role"]), row["unit_id"], row["title"])
        label = f"{row['unit'] or ''} {name}"
        return {"post": row["role"], "label": words.translate(label)}
    return {"post": row["part"], "label": words.say(FOLLOWER if row["part"] == Part.FOLLOWER else REPORTER)}
