"""Rooms: households as places below a building or unit, each made when it is first named."""

from typing import Final
from uuid import UUID

from app import db, ids
from app.sql import Statement


async def room_at(home_id: UUID, number: str) -> UUID | None:
    """Return the room of that number at a building or unit; None if the place is neither."""
    return await room_within(db.fetch, home_id, number)


async def room_within(fetch: db.Fetch, home_id: UUID, number: str) -> UUID | None:
    """Do what `room_at` does in a transaction, which locks nothing that others wait for."""
    values = {"home_id": home_id, "number": number}
    made = await fetch(_MAKE.text, *_MAKE.arguments(values | {"id": ids.new(), "scene": ids.code(12)}))
    rows = made or await fetch(_FIND.text, *_FIND.arguments(values))
    return rows[0]["id"] if rows else None


# Its code is what an office's file calls it, so that an import finds it: the unit's, a hyphen and the number.
_MAKE: Final = Statement("""
INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene)
SELECT :id, h.code || '-' || :number, h.id, 'room', :number, :number, h.label || :number, h.path || :id::uuid, :scene
FROM place h WHERE h.id = :home_id AND h.level IN ('building', 'unit') AND h.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM place r WHERE r.parent_id = h.id AND r.name = :number AND r.level = 'room')
ON CONFLICT DO NOTHING RETURNING id
""")
_FIND: Final = Statement(
    "SELECT id FROM place WHERE parent_id = :home_id AND name = :number AND level = 'room'"
)
