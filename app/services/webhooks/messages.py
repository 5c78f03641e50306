"""Messages to webhooks: which webhooks hear of an event, and what the message says."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app import ids
from app.enums import PUBLIC_EVENTS
from app.models.event import EventRow
from app.models.webhook import NewDelivery
from app.rules.subjects import is_staffs_own
from app.services.setup import Catalogue

# An identifier, a code or a timestamp, which cannot be text that a person wrote.
_CODE: Final = re.compile(r"[0-9a-zTZ_:.+-]{1,64}", re.ASCII)
# A CTE of the statement that follows up events.
insert_deliveries: Final = """
    INSERT INTO delivery (id, webhook_id, ticket_id, seq, type, body, created_at, due_at)
    SELECT d.id, d.webhook_id, d.ticket_id, d.seq, d.type, d.body, :now, least(d.at, :now)
    FROM unnest(:delivery_id::uuid[], :delivery_webhook_id::uuid[], :delivery_ticket_id::uuid[], :delivery_seq::int[],
                :delivery_type::text[], :delivery_body::text[], :delivery_at::timestamptz[])
         AS d(id, webhook_id, ticket_id, seq, type, body, at)
    ON CONFLICT (webhook_id, ticket_id, seq) DO NOTHING"""
_CHAIN_FIELDS: Final = {"said", "photos", "internal"}  # of an event's data: only there to be hashed


def build_deliveries(event: EventRow, catalogue: Catalogue) -> list[NewDelivery]:
    """Return one delivery for each webhook that belongs to somebody the event concerns and listens to its type."""
    state = event["ticket_state"] or _current_state(event)
    owner_ids = {*map(UUID, state["concerns"]), event["reporter_organisation_id"]}
    return _deliver(event, owner_ids, catalogue, lambda: _message_data(event, state))


def build_subject_deliveries(event: Mapping[str, Any], catalogue: Catalogue) -> list[NewDelivery]:
    """Return the deliveries of an event of a subject of the common life: of public ones, to its offices and the company."""
    if event["type"] not in PUBLIC_EVENTS or not event["released"] or is_staffs_own(event):
        return []
    owner_ids = {event["community_id"], event["street_id"], event["organisation_id"]}
    return _deliver(event, owner_ids, catalogue, lambda: _subject_data(event))


def delivery_values(deliveries: Sequence[NewDelivery]) -> dict[str, list[Any]]:
    """Return the parameters that `insert_deliveries` needs besides `now`."""
    return {f"delivery_{name}": [getattr(one, name) for one in deliveries] for name in NewDelivery._fields}


def _deliver(
    event: Mapping[str, Any],
    owner_ids: Iterable[UUID | None],
    catalogue: Catalogue,
    data: Callable[[], dict[str, Any]],
) -> list[NewDelivery]:
    listeners = [
        listener
        for owner_id in owner_ids
        if owner_id
        for listener in catalogue.listeners.get(owner_id, ())
        if listener.receives(event["type"])
    ]
    if not listeners:
        return []
    body = message_body(event["type"], event["at"], data())
    return [
        NewDelivery(
            id=ids.new(),
            webhook_id=listener.id,
            ticket_id=event["ticket_id"],
            seq=event["seq"],
            type=event["type"],
            body=body,
            at=event["at"],
        )
        for listener in listeners
    ]


def _current_state(event: EventRow) -> dict[str, Any]:
    """Return what is known of an event that was written when there was no webhook, and so without its ticket's state."""
    concerned = (event["organisation_id"], event["community_id"], event["street_id"])
    return {"level": event["level"], "concerns": [str(one) for one in concerned if one]}


def _message_data(event: EventRow, state: Mapping[str, Any]) -> dict[str, Any]:
    detail = {
        name: value for name, value in event["data"].items() if name not in _CHAIN_FIELDS and _is_code(value)
    }
    identifiers = {
        "id": str(event["ticket_id"]),
        "no": event["no"],
        "seq": event["seq"],
        "part": event["part"],
    }
    fields = {name: value for name, value in state.items() if name != "concerns"}
    return identifiers | fields | ({"detail": detail} if detail else {})


_SUBJECT_DETAIL: Final = {"topic", "survey", "households", "ends_at", "starts_at", "due", "headcount"}


def _subject_data(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a message says of a subject: as it was right after the event, by codes and ids."""
    names = ("seq", "status", "community_id", "place_id")
    detail = {name: value for name, value in event["data"].items() if name in _SUBJECT_DETAIL}
    data = {name: event[name] if name in {"seq", "status"} else str(event[name]) for name in names}
    return {"id": str(event["ticket_id"]), **data} | ({"detail": detail} if detail else {})


def _is_code(value: Any) -> bool:
    """Return whether a value may leave the system: whatever an act puts into its event, no text of a person does."""
    return (
        value is None or isinstance(value, int) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))
    )


def message_body(type_: str, at: datetime, data: dict[str, Any]) -> str:
    """Return a message's body in the form of Standard Webhooks: the exact text that is signed and sent."""
    timestamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": type_, "timestamp": timestamp, "data": data}, separators=(",", ":"))


def message_id(delivery_id: UUID) -> str:
    """Return the `webhook-id` header of a delivery, the same at every attempt."""
    return f"msg_{delivery_id.hex}"
