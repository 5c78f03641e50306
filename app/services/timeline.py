"""A ticket's timeline, read from the ledger: what happened, when, by which post."""

from typing import Any, Final
from uuid import UUID

from app import db, text
from app.rules.access import SEES_INTERNAL, Part
from app.services import views
from app.services.catalogue import post_label
from app.services.tickets import Seen
from app.words import ANONYMOUS, ERASED, EVENT, FOLLOWER, REPORTER, UNTAKEN, Role

_EVENTS: Final = """
SELECT e.seq, e.type, e.at, e.part, e.data, r.seq IS NOT NULL AS spoke, r.text, coalesce(r.internal, false) AS internal,
       p.role, u.label AS unit, o.name AS organisation,
       CASE WHEN e.data ->> 'photos' IS NOT NULL
            THEN ARRAY(SELECT id FROM photo WHERE photo.ticket_id = e.ticket_id AND photo.seq = e.seq) END AS there
FROM event e
LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
LEFT JOIN post p ON p.id = e.post_id LEFT JOIN place u ON u.id = p.place_id
LEFT JOIN organisation o ON o.id = e.organisation_id
WHERE e.ticket_id = $1 AND e.at >= $2 AND e.seq > $3 AND ($4 OR NOT coalesce(r.internal, false))
  AND ($6 OR e.data ->> 'still_there' IS NULL)
ORDER BY e.seq LIMIT $5
"""
_OF_CALLED: Final = {"called_up", "released"}  # events whose data name departments
_KEPT_BACK: Final = {"said", "photos", "internal"}  # bound into the chain, shown in fields of their own


async def page(seen: Seen, after: int, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """Return events oldest first, and the cursor of the next page."""
    ticket_id, created = seen.ticket["id"], seen.ticket["created_at"]
    inside = not SEES_INTERNAL.isdisjoint(seen.parts)
    rows = await db.fetch(_EVENTS, ticket_id, created, after, inside, limit + 1, views.sees_dissent(seen))
    shown = [_line(row, seen) for row in rows[:limit]]
    return shown, str(shown[-1]["seq"]) if len(rows) > limit else None


def _line(row: Any, seen: Seen) -> dict[str, Any]:
    line = {
        "seq": row["seq"],
        "type": row["type"],
        "label": _label(row, seen),
        "at": row["at"],
        "actor": _actor(row, seen),
        "data": {name: value for name, value in row["data"].items() if name not in _KEPT_BACK},
    }
    if row["spoke"]:
        line["text"] = _words(row["text"], seen)
    if row["internal"]:
        line["internal"] = True
    if row["there"]:  # those erased or kept long enough are not
        line["photos"] = views.photos([p for p in map(UUID, row["data"]["photos"]) if p in row["there"]])
    return line


def _label(row: Any, seen: Seen) -> str:
    """Return an event's Chinese, with the names of the departments it is about: 已吹哨：城管、消防."""
    event, known = row["type"].removeprefix("ticket."), seen.catalogue.organisations
    untaken = row["data"].get("clock") == "called"
    if event not in _OF_CALLED and not untaken:
        return EVENT[event] + _proposal(row, seen)
    called = row["data"].get("organisations") or [row["data"]["organisation"]]
    names = "、".join(known[UUID(one)].name for one in called)
    return f"{UNTAKEN if untaken else EVENT[event]}：{names}"


def _proposal(row: Any, seen: Seen) -> str:
    """Return whom a company proposed when it handed the ticket back, for those inside."""
    proposed = row["data"].get("proposed")
    if proposed is None or SEES_INTERNAL.isdisjoint(seen.parts):
        return ""
    return f"，建议派给{seen.catalogue.organisations[UUID(proposed)].name}"


def _words(said: str | None, seen: Seen) -> str:
    if said is None:
        return ERASED
    return said if views.sees_unmasked(seen) else text.mask(said)


def _actor(row: Any, seen: Seen) -> dict[str, Any] | None:
    if row["part"] == Part.TIMER:
        return None
    if row["part"] == Part.REPORTER and seen.ticket["anonymous"]:  # staff and companies too
        return {"post": Part.REPORTER, "label": ANONYMOUS}
    if row["organisation"]:
        return {"post": Role.AGENT, "label": row["organisation"]}
    if row["role"]:
        return {"post": row["role"], "label": post_label(Role(row["role"]), row["unit"] or "")}
    return {"post": row["part"], "label": FOLLOWER if row["part"] == Part.FOLLOWER else REPORTER}
