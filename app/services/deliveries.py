"""Messages to webhooks: what an event says to whom, and the log of what became of it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, NotFound
from app.models.webhook import DeliveryOut
from app.services.catalogue import Catalogue
from app.services.notices import before
from app.words import DELIVERED, Delivered

KEPT: Final = timedelta(days=30)
TEST: Final = "webhook.test"
_SWEPT: Final = 5000  # at once
_CODE: Final = re.compile(
    r"[0-9a-zTZ_:.+-]{1,64}", re.ASCII
)  # an identifier, a code, a moment; never somebody's words

Message = tuple[UUID, UUID, UUID, int, str, str, datetime]


def messages(event: Any, known: Catalogue) -> list[Message]:
    """Return an event's messages: id, webhook, ticket, seq, type, body, moment. Each webhook it concerns gets one."""
    standing = event["standing"] or _standing_now(event)
    told = {*map(UUID, standing["concerns"]), event["reporting_id"]}
    hearing = [one for owner in told for one in known.listeners.get(owner, ()) if one.hears(event["type"])]
    if not hearing:
        return []
    text = body(event["type"], event["at"], _data(event, standing))
    named = (event["ticket_id"], event["seq"], event["type"], text, event["at"])
    return [(ids.new(), one.id, *named) for one in hearing]


def _standing_now(event: Any) -> dict[str, Any]:
    """Return what can still be told where an event was written before there was a webhook to hear of it."""
    concerned = (event["organisation_id"], event["community_id"], event["street_id"])
    return {"level": event["level"], "concerns": [str(one) for one in concerned if one]}


def _data(event: Any, standing: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in event["data"].items() if name not in _BOUND and _is_code(value)}
    named = {"id": str(event["ticket_id"]), "no": event["no"], "seq": event["seq"], "part": event["part"]}
    shown = {name: value for name, value in standing.items() if name != "concerns"}
    return named | shown | ({"detail": said} if said else {})


_BOUND: Final = {"said", "photos", "internal"}  # bound into the chain, of no use outside


def _is_code(value: Any) -> bool:
    """Tell whether a value can be nobody's words: nothing a person wrote goes out, whatever an act puts into its event."""
    return (
        value is None or isinstance(value, int) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))
    )


def body(type_: str, at: datetime, data: dict[str, Any]) -> str:
    """Return a message as Standard Webhooks has it; to the letter what is signed and sent."""
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": type_, "timestamp": moment, "data": data}, separators=(",", ":"))


def header(delivery_id: UUID) -> str:
    """Return a message's `webhook-id`: the same at every attempt."""
    return f"msg_{delivery_id.hex}"


async def page(webhook_id: UUID, limit: int, cursor: str | None) -> tuple[list[DeliveryOut], str | None]:
    """Return what was sent in the last thirty days, newest first."""
    rows = await db.fetch(_PAGE, webhook_id, before(cursor), limit + 1, ids.floor(clock.now() - KEPT))
    items = [_shown(row) for row in rows[:limit]]
    return items, str(items[-1].id) if len(rows) > limit else None


_PAGE: Final = (
    "SELECT * FROM delivery WHERE webhook_id = $1 AND id < $2 AND id >= $4 ORDER BY id DESC LIMIT $3"
)


def _shown(row: Any) -> DeliveryOut:
    settled = Delivered.DELIVERED if row["delivered"] else Delivered.FAILED
    state = settled if row["settled_at"] else Delivered.WAITING
    same = (
        "id",
        "type",
        "ticket_id",
        "seq",
        "attempts",
        "status",
        "error",
        "took_ms",
        "created_at",
        "settled_at",
    )
    return DeliveryOut(
        **{name: row[name] for name in same},
        webhook_id_header=header(row["id"]),
        state=state,
        state_name=DELIVERED[state],
        next_at=None if row["settled_at"] else row["due_at"],
        body=json.loads(row["body"]),
    )


async def test(webhook_id: UUID) -> DeliveryOut:
    """Leave a test message to one webhook, whatever it listens to; Conflict while it is off."""
    now, delivery_id = clock.now(), ids.new()
    text = body(TEST, now, {"id": str(webhook_id)})
    row = await db.fetchrow(_TEST, delivery_id, webhook_id, TEST, text, now)
    if row is None:
        raise Conflict(_OFF)
    return _shown(row)


_OFF: Final = "这个推送地址已停用，请先启用"
_TEST: Final = """
INSERT INTO delivery (id, webhook_id, type, body, created_at, due_at)
SELECT $1, id, $3, $4, $5, $5 FROM webhook WHERE id = $2 AND disabled_at IS NULL AND ended_at IS NULL RETURNING *
"""


async def again(webhook_id: UUID, delivery_id: UUID) -> DeliveryOut:
    """Send a message once more, under its own id, with all its attempts before it; Conflict while the webhook is off."""
    row = await db.fetchrow(_READ, webhook_id, delivery_id)
    if row is None:
        raise NotFound
    row = await db.fetchrow(_AGAIN, webhook_id, delivery_id, clock.now())
    if row is None:
        raise Conflict(_OFF)
    return _shown(row)


_READ: Final = "SELECT FROM delivery WHERE webhook_id = $1 AND id = $2"
_AGAIN: Final = """
UPDATE delivery d SET settled_at = NULL, delivered = false, attempts = 0, due_at = $3, gap = 0
FROM webhook w WHERE d.webhook_id = $1 AND d.id = $2 AND w.id = $1 AND w.disabled_at IS NULL RETURNING d.*
"""


async def pull_in() -> None:
    """Bring back messages a clock that jumped has put farther away than they were meant to wait."""
    await db.fetch(
        "UPDATE delivery SET due_at = $1, gap = 0 WHERE settled_at IS NULL AND due_at > $1::timestamptz + gap * interval '1 second'",
        clock.now(),
    )


async def sweep() -> int:
    """Forget what is older than thirty days, and what was for a webhook that is no more."""
    rows = await db.fetch(_SWEEP, ids.floor(clock.now() - KEPT), _SWEPT)
    return len(rows)


_SWEEP: Final = """
DELETE FROM delivery WHERE id IN (
    (SELECT id FROM delivery WHERE id < $1 LIMIT $2)
    UNION ALL
    (SELECT d.id FROM webhook w JOIN delivery d ON d.webhook_id = w.id WHERE w.ended_at IS NOT NULL LIMIT $2)
) RETURNING 1
"""
